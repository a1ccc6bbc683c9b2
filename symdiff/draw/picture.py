"""A picture: Graphviz source that notebooks show, whatever program there is."""

from __future__ import annotations

import html
import os
import shutil
from collections.abc import Iterable
from typing import Any

import graphviz

from symdiff.draw import binary
from symdiff.draw.bundles import bundle, in_a_cell, small
from symdiff.draw.details import Details, with_tooltips
from symdiff.draw.files import write
from symdiff.errors import RenderError


class Picture(graphviz.Digraph):  # type: ignore[misc]
    """A `graphviz.Digraph` that notebooks show by whatever program there is, and never raises.

    `nodes_drawn` counts its nodes, `missing` names the variables that had no value, `details()` says more of each node.
    """

    nodes_drawn = 0
    missing: tuple[str, ...] = ()
    details: Details = dict

    def _repr_mimebundle_(
        self, include: Iterable[str] | None = None, exclude: Iterable[str] | None = None, **_: Any
    ) -> dict[str, Any]:
        """SVG and PNG, or text that says why there is none."""
        makers = {
            "image/svg+xml": lambda: in_a_cell(self.svg()),
            "image/png": lambda: small(self.drawn("png")),
            "text/plain": lambda: repr(self),
        }
        return bundle(makers, include, exclude, self.source)

    def _repr_image_svg_xml(self) -> str:
        try:
            return in_a_cell(self.svg())
        except Exception as error:  # catch all: a display hook that raises spoils the notebook
            return (
                '<svg xmlns="http://www.w3.org/2000/svg" width="1000" height="30">'
                f'<text x="5" y="20" font-size="12">{html.escape(str(error))}</text></svg>'
            )

    def svg(self, timeout: float = binary.TIMEOUT) -> str:
        """The picture as SVG.

        Raises
        ------
        RenderError
            Where it can't be drawn within `timeout` seconds.
        """
        return self.drawn("svg", timeout).decode()

    def drawn(self, suffix: str, timeout: float = binary.TIMEOUT, dpi: int | None = None) -> bytes:
        """The bytes of a file of that format: by Graphviz, by matplotlib where there is no program."""
        if binary.present():
            data = binary.run(self.source, suffix, timeout, dpi)
            return data if suffix != "svg" else with_tooltips(data.decode(), self.details()).encode()
        from symdiff.draw.fallback import drawn

        return drawn(self, suffix)

    def render(
        self,
        filename: str | os.PathLike[str] | None = None,
        directory: str | os.PathLike[str] | None = None,
        view: bool = False,
        cleanup: bool = False,
        format: str | None = None,
        *,
        outfile: str | os.PathLike[str] | None = None,
        **options: Any,
    ) -> str:
        """As `graphviz.Digraph.render`, and where its program is missing by whatever program there is.

        Where nobody asked for the PDF that is its default, and no program writes one, that is an SVG.

        Raises
        ------
        RenderError
            Where none of them draws that format.
        """
        if shutil.which("dot") and not os.environ.get("SYMDIFF_DOT"):
            given = {"directory": directory, "view": view, "cleanup": cleanup, "format": format, "outfile": outfile}
            return super().render(filename, **given, **options)  # type: ignore[no-any-return]
        suffix = os.path.splitext(outfile)[1][1:] if outfile is not None and format is None else format or self.format
        if outfile is not None and filename is None:
            filename = os.path.splitext(outfile)[0] + ".gv"
        suffix, data = self._drawn_as(suffix, outfile is None and format is None)
        source = self.save(filename, directory=directory)
        rendered = os.fspath(outfile) if outfile is not None else f"{source}.{suffix}"
        write(rendered, data)
        if cleanup:
            os.remove(source)
        if view:
            self._view(rendered, format=suffix, quiet=bool(options.get("quiet_view")))
        return rendered

    def _drawn_as(self, suffix: str, by_default: bool) -> tuple[str, bytes]:
        """The format and the bytes of a file."""
        try:
            return suffix, self.drawn(suffix)
        except RenderError:
            if suffix != "pdf" or not by_default:
                raise
            return "svg", self.drawn("svg")

    def pipe(self, format: str | None = None, *args: Any, encoding: str | None = None, **options: Any) -> bytes | str:
        """The picture as bytes, or as text where an encoding is given, by whatever program there is."""
        data = self.drawn(format or "svg")
        return data if encoding is None else data.decode(encoding)

    def __repr__(self) -> str:
        return f"<picture of {self.nodes_drawn} nodes>"
