"""Source code of a formula and its derivatives, printed or written into files."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from symdiff.command.formulas import CommandError
from symdiff.expr import Expr
from symdiff.languages.generated import LANGUAGES, code

_HIGHEST = 2  # order of derivatives in code


def source_code(f: Expr, wrt: Sequence[Expr], options: argparse.Namespace) -> list[str]:
    """The lines to print: the code, or what was written.

    Raises
    ------
    CommandError
        For a file without a language or of another one, derivatives of an order that is too high, and named sizes.
    """
    if not options.code:
        raise CommandError("-o says where code goes: --code says in which language, as in --code c")
    if options.order > _HIGHEST:
        raise CommandError(f"--code writes derivatives up to order {_HIGHEST}, not {options.order}")
    path = Path(options.output) if options.output else None
    name = path.stem if path is not None else "f"
    _check_ending(path, options.code)
    inputs = list(dict.fromkeys([*f.variables, *wrt]))
    _check_sizes(inputs)
    found = code(_outputs(f, wrt or f.variables, options.order), inputs, language=options.code, name=name)
    if path is None:
        return found.source.rstrip("\n").split("\n")
    return [
        f"{one}: {found.language}, {one.read_text(encoding='utf-8').count(chr(10))} lines"
        for one in found.write_as(path)
    ]


def _check_ending(path: Path | None, language: str) -> None:
    """Refuse a file whose name says another language."""
    ending = path.suffix.lstrip(".") if path is not None else ""
    of_ending = [name for name, (_, suffix) in LANGUAGES.items() if suffix == ending]
    if of_ending and language.lower() in LANGUAGES and language.lower() not in of_ending:
        raise CommandError(
            f"{path} is a file of {of_ending[0]}, and --code says {language}: write --code {of_ending[0]}"
        )


def _check_sizes(inputs: Sequence[Expr]) -> None:
    """Refuse arrays whose sizes are names."""
    for v in inputs:
        if any(isinstance(size, str) for size in v.shape):
            numbers = ",".join(["100" if isinstance(size, str) else str(size) for size in v.shape])
            raise CommandError(f"the size of {v} is a name, and code needs numbers: write --shape {v}={numbers}")


def _outputs(f: Expr, wrt: Sequence[Expr], order: int) -> list[Any]:
    """The value, the gradient and the Hessian; of arrays a derivative by each variable."""
    from symdiff.derive.jacobian import jacobian

    if not any(one._holds_array() for one in (f, *wrt)):
        found: list[Any] = [f]
        if order and wrt:
            found.append(f.gradient(list(wrt)))
        if order > 1 and wrt:
            found.append(f.hessian(list(wrt)))
        return found
    first = [jacobian(f, v) for v in wrt] if order else []
    return [f, *first, *[jacobian(g, v) for g in first for v in (wrt if order > 1 else ())]]
