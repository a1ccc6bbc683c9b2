"""A picture: Graphviz source that notebooks show, whatever program there is."""

from __future__ import annotations

import html
from collections.abc import Iterable
from typing import Any

import graphviz

from symdiff.draw import binary
from symdiff.draw.bundles import bundle, in_a_cell, small
from symdiff.draw.details import Details, with_tooltips


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

    def pipe(self, format: str | None = None, *args: Any, encoding: str | None = None, **options: Any) -> bytes | str:
        """The picture as bytes, or as text where an encoding is given, by whatever program there is."""
        data = self.drawn(format or "svg")
        return data if encoding is None else data.decode(encoding)

    def __repr__(self) -> str:
        return f"<picture of {self.nodes_drawn} nodes>"
