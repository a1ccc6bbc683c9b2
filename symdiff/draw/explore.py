"""A picture to explore: one page that needs nothing else, in a browser or a notebook."""

from __future__ import annotations

import html
import os
from collections.abc import Iterable, Mapping
from typing import Any

from symdiff.draw import binary
from symdiff.draw.bundles import bundle, small
from symdiff.draw.explorer_page import page
from symdiff.draw.files import PAGE, checked_path, write
from symdiff.draw.graphviz import to_graphviz
from symdiff.draw.picture import Picture
from symdiff.handle import Handle

_HEIGHT = 520  # height of a notebook's frame, in pixels


def explore(
    exprs: Any,
    at: Mapping[Any, Any] | None = None,
    backward: bool | None = None,
    *,
    timeout: float = binary.TIMEOUT,
    **options: Any,
) -> Explorer:
    """A page on which the graph below one expression or several can be moved, searched, folded and stepped through.

    It is one file without anything from outside, light or dark as the reader has it. Pointing at a node lights up what
    it is made of, and tells its formula, value, adjoint and local partials; a click folds what only it uses; keys step
    through the values and then the adjoints, in the order of computation. In a notebook the result shows itself.

    Parameters
    ----------
    exprs : expression, sequence or array of them, or mapping from names to them
    at : mapping, optional
        A point, as for `evaluate`.
    backward : bool, optional
        Show adjoints too: by default where there is a point.
    timeout : float
        Seconds that Graphviz has for the layout.
    **options
        As for `to_graphviz`, which folds what is large.

    Raises
    ------
    RenderError
        Where there is no Graphviz program, or it takes longer than that.

    >>> import symdiff as sd
    >>> x, y = sd.variables("x y")
    >>> page = sd.explore(x**2*y + y + 2, at={x: 3, y: 4})
    >>> page
    <page of 7 nodes>
    >>> "x**2*y" in page.html() and "https://" not in page.html()
    True
    """
    backward = at is not None if backward is None else backward
    picture = to_graphviz(exprs, at=at, backward=backward, **options)
    return Explorer(picture, _heading(exprs, options.get("title")), timeout)


def _heading(exprs: Any, title: str | None) -> str:
    if title is not None:
        return title
    return repr(exprs) if isinstance(exprs, Handle) else "symdiff"


class Explorer:
    """A page with a picture to explore; notebooks show it in a frame."""

    def __init__(self, picture: Picture, heading: str, timeout: float) -> None:
        self.picture, self.heading = picture, heading
        self._timeout = timeout
        self._page = ""

    def __repr__(self) -> str:
        return f"<page of {self.picture.nodes_drawn} nodes>"

    def html(self) -> str:
        """The page.

        Raises
        ------
        RenderError
            Where there is no Graphviz program, or it fails.
        """
        if not self._page:
            self._page = page(self.picture, self.heading, self._timeout)
        return self._page

    def save(self, path: str | os.PathLike[str]) -> str:
        """Write the page into a file that ends in .html, and return its path.

        Raises
        ------
        SymdiffValueError, RenderError
            As `render`.
        """
        target = checked_path(path, (PAGE,))
        write(target, self.html().encode())
        return target

    def _repr_mimebundle_(
        self, include: Iterable[str] | None = None, exclude: Iterable[str] | None = None, **_: Any
    ) -> dict[str, Any]:
        makers = {
            "text/html": self._frame,
            "image/png": lambda: small(self.picture.drawn("png", self._timeout)),
            "text/plain": self.__repr__,
        }
        return bundle(makers, include, exclude, self.picture.source)

    def _repr_html_(self) -> str | None:
        return self._repr_mimebundle_(["text/html"]).get("text/html")

    def _frame(self) -> str:
        source = html.escape(self.html())
        return f'<iframe srcdoc="{source}" style="width: 100%; height: {_HEIGHT}px; border: 0"></iframe>'
