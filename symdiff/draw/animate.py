"""Both passes, step by step: films of the graph."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any

from symdiff.draw import binary, filmfiles
from symdiff.draw.annotations import NOTHING, Passes
from symdiff.draw.bundles import bundle, small
from symdiff.draw.diagram import Diagram, Drawn
from symdiff.draw.drawn_form import drawn_form
from symdiff.draw.files import checked_path, write
from symdiff.draw.film import Layout
from symdiff.draw.frames import Film, Frame
from symdiff.draw.graphviz import named, output_names
from symdiff.draw.passes import passes
from symdiff.draw.style import checked_direction
from symdiff.draw.tangents import duals, named_values
from symdiff.errors import RenderError, SymdiffValueError
from symdiff.graph import VAR
from symdiff.handle import gather, handle

LARGEST = 300  # size limit of a film's graph, in nodes
_MODES = ("forward", "reverse", "dual")
_SUFFIXES = (".gif", ".html", ".svg", ".png")


def animate(
    exprs: Any,
    at: Mapping[Any, Any] | None = None,
    mode: str = "reverse",
    seed: Any = 1.0,
    *,
    wrt: Any = None,
    direction: str = "LR",
    title: str | None = None,
    timeout: float = binary.TIMEOUT,
) -> Animation:
    """The passes over the graph below one expression or several, one picture a step.

    Steps follow the order of computation; the layout is the same in all pictures.
    Notebooks show them with a slider.

    Parameters
    ----------
    exprs : expression, sequence or array of them, or mapping from names to them
    at : mapping, optional
        A point, as for `evaluate`. Without one the variables' `.value` serve
        where all are set, and formulas are shown otherwise.
    mode : {"forward", "reverse", "dual"}
        Values; values and then adjoints; values and tangents together.
    seed : number or array, or a sequence of one for each expression
        The adjoints of the results.
    wrt : variable, name, or mapping from such to numbers, optional
        For "dual": by what to differentiate, or a direction; by default the first variable.
    direction : {"LR", "TB", "RL", "BT"}
    title : str, optional
        Written above.
    timeout : float
        Seconds that Graphviz has for each layout and drawing.

    Raises
    ------
    SymdiffValueError
        For another mode.
    MissingValueError
        For a point without some of the variables.
    RenderError
        For more than 300 nodes, and where there is no Graphviz program.

    >>> import symdiff as sd
    >>> x, y = sd.variables("x y")
    >>> film = sd.animate(x*y + x, at={x: 3.0, y: 4.0})
    >>> len(film)
    7
    >>> film.captions[4]
    'reverse: × gets 1.0 × 1.0; x gets 1.0 × 1.0'
    """
    if mode not in _MODES:
        raise SymdiffValueError(f"mode is {', '.join(map(repr, _MODES))}, not {mode!r}")
    names, given = named(exprs)
    held, roots = gather(given)
    graph = drawn_form(held, roots)
    cone = graph.cone(roots)
    if len(cone) > LARGEST:
        raise RenderError(f"a film of {len(cone):,} nodes shows nothing ({LARGEST} at most): animate a part of it")
    variables = [i for i in cone if graph.nodes[i][0] == VAR]
    at = named_values(held, variables, at)
    if mode == "dual":
        shown = NOTHING._replace(values=duals(held, roots, variables, at, wrt))
    else:
        shown = _shown(graph, roots, at, mode == "reverse", seed)
    film = Film(graph, cone, roots, shown)
    film.forward("dual" if mode == "dual" else "forward")
    if mode == "reverse":
        film.reverse()
    outputs = output_names(names, roots)
    layout = Layout(graph, cone, outputs, shown, film.frames, checked_direction(direction, None), title)
    return Animation(film.frames, layout, timeout)


def _shown(graph: Drawn, roots: tuple[int, ...], at: Any, backward: bool, seed: Any) -> Passes:
    if at is not None:
        return passes(graph, roots, at, backward, seed)
    shown = passes(graph, roots, None, backward, seed, "symbolic") if backward else NOTHING
    if isinstance(graph, Diagram):
        return shown
    return shown._replace(values={i: handle(graph, i) for i in graph.cone(roots) if graph.nodes[i][0] > VAR})


class Animation:
    """A film: pictures of one layout, one a step, with a caption each."""

    def __init__(self, frames: list[Frame], layout: Layout, timeout: float) -> None:
        self.frames = frames
        self._layout = layout
        self._timeout = timeout
        self._svgs: list[str] = []
        self._sources: list[str] = []

    @property
    def captions(self) -> list[str]:
        """What happens in each picture, in words."""
        return [frame.caption for frame in self.frames]

    def __len__(self) -> int:
        return len(self.frames)

    def __repr__(self) -> str:
        return f"<film of {len(self)} pictures>"

    def sources(self) -> list[str]:
        """Graphviz source of each picture, with positions.

        Raises
        ------
        RenderError
            Where there is no Graphviz program, or it fails.
        """
        if not self._sources:
            self._layout.place(self._timeout)
            self._sources = [self._layout.source(frame) for frame in self.frames]
        return self._sources

    def svgs(self) -> list[str]:
        """Every picture as SVG."""
        if not self._svgs:
            self._svgs = filmfiles.svgs(self.sources(), self._timeout)
        return self._svgs

    def svg(self, k: int = -1) -> str:
        """One picture as SVG, the last by default."""
        return self.svgs()[k]

    def html(self) -> str:
        """A page of its own with a slider, for a file or a notebook."""
        return filmfiles.html(self.svgs(), self.captions)

    def save(self, path: str | os.PathLike[str], seconds: float = 1.0) -> str | list[str]:
        """Write the film by its suffix: an animated .gif, .html with a slider, .svg that plays, numbered .png files.

        Parameters
        ----------
        path : str or path
            "f.png" makes f-00.png, f-01.png, …
        seconds : float
            How long each picture stays, in a .gif and an .svg.

        Returns
        -------
        The path, or for .png the list of paths.

        Raises
        ------
        SymdiffValueError
            For another suffix.
        RenderError
            Where a picture can't be drawn or written, or Pillow is missing for a .gif.
        """
        target = checked_path(path, _SUFFIXES)
        if isinstance(seconds, bool) or not isinstance(seconds, (int, float)) or not 0 < seconds < 3600:
            raise SymdiffValueError(f"seconds is how long a picture stays, not {seconds!r}")
        stem, suffix = os.path.splitext(target)
        if suffix.lower() == ".png":
            return self._numbered(stem, suffix)
        if suffix.lower() == ".gif":
            data = filmfiles.gif(self.sources(), seconds, self._timeout)
        elif suffix.lower() == ".svg":
            data = filmfiles.playing(self.svgs(), seconds).encode()
        else:
            data = filmfiles.page(self.html()).encode()
        write(target, data)
        return target

    def _numbered(self, stem: str, suffix: str) -> list[str]:
        digits = max(2, len(str(len(self) - 1)))
        paths = [f"{stem}-{k:0{digits}}{suffix}" for k in range(len(self))]
        pictures = filmfiles.pngs(self.sources(), self._timeout)
        for path, data in zip(paths, pictures, strict=True):
            write(path, data)
        return paths

    def _repr_mimebundle_(
        self, include: Iterable[str] | None = None, exclude: Iterable[str] | None = None, **_: Any
    ) -> dict[str, Any]:
        """The slider, the last picture for where scripts do not run, and the captions."""
        makers = {
            "text/html": self.html,
            "image/png": lambda: small(filmfiles.pngs(self.sources()[-1:], self._timeout)[0]),
            "text/plain": lambda: "\n".join([repr(self), *self.captions]),
        }
        return bundle(makers, include, exclude, "\n".join(self.captions))

    def _repr_html_(self) -> str | None:
        return self._repr_mimebundle_(["text/html"]).get("text/html")
