"""What matplotlib draws: shown in notebooks, as text in a terminal."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable
from typing import Any

from symdiff.draw.bundles import bundle
from symdiff.draw.files import checked_path, write
from symdiff.errors import RenderError

_SUFFIXES = (".png", ".svg", ".pdf")
_DPI = 110


class Shown:
    """Something with a text and a figure. Subclasses have `__str__` and `_draw(axes)`."""

    _size = (5.0, 5.0)  # size in inches

    def _draw(self, axes: Any) -> None:
        raise NotImplementedError

    def plot(self, ax: Any = None) -> Any:
        """Draw into matplotlib axes, into new ones of pyplot without `ax`; returns the axes.

        Raises
        ------
        RenderError
            Where matplotlib is missing.
        """
        if ax is None:
            _required()
            from matplotlib import pyplot

            _, ax = pyplot.subplots(figsize=self._size, layout="tight")
        self._draw(ax)
        return ax

    def save(self, path: str | os.PathLike[str]) -> str:
        """Write the figure to a .png, .svg or .pdf file, and return its path.

        Raises
        ------
        SymdiffValueError, RenderError
            For another suffix, a place where nothing can be written, without matplotlib.
        """
        target = checked_path(path, _SUFFIXES)
        write(target, self._bytes(os.path.splitext(target)[1][1:].lower()))
        return target

    def _bytes(self, suffix: str) -> bytes:
        _required()
        from matplotlib.figure import Figure

        figure = Figure(figsize=self._size, layout="tight")
        self._draw(figure.add_subplot())
        stream = io.BytesIO()
        figure.savefig(stream, format=suffix, dpi=_DPI)
        return stream.getvalue()

    def __repr__(self) -> str:
        return str(self)

    def _repr_mimebundle_(
        self, include: Iterable[str] | None = None, exclude: Iterable[str] | None = None, **_: Any
    ) -> dict[str, Any]:
        makers = {"image/png": lambda: self._bytes("png"), "text/plain": self.__str__}
        return bundle(makers, include, exclude)


def _required() -> None:
    try:
        import matplotlib.figure  # noqa: F401
    except ImportError as error:
        raise RenderError(
            'this figure needs matplotlib: run `pip install "symdiff-graph[draw]"`, from a checkout '
            '`pip install ".[draw]"`; print() shows it as text'
        ) from error
