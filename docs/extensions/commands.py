"""`{command}`: a command line of symdiff, and what it prints while the manual is built."""

from __future__ import annotations

import contextlib
import io
import shlex
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from symdiff.cli import main


class Command(SphinxDirective):
    """One command."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        line = " ".join(part.strip().removesuffix("\\") for part in self.content)
        program, *arguments = shlex.split(line)
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            status = _status(arguments)
        if program != "symdiff" or status:
            raise self.error(f"{line!r} ended with {status}: {printed.getvalue()}")
        text = f"$ {line}\n{printed.getvalue().rstrip()}"
        return [nodes.literal_block(text, text, language="console")]


def _status(arguments: list[str]) -> Any:
    try:
        return main(arguments)
    except SystemExit as end:  # --help
        return end.code


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_directive("command", Command)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
