"""The graph as a Graphviz picture, with values and adjoints where there are any."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from symdiff.algebra.notation.text import short
from symdiff.draw import fold as folding
from symdiff.draw.annotations import Passes
from symdiff.draw.clusters import clusters as frames
from symdiff.draw.diagram import Drawn
from symdiff.draw.drawing import Drawing, Extras
from symdiff.draw.drawn_form import drawn_form
from symdiff.draw.labels import cut
from symdiff.draw.passes import passes, weighed
from symdiff.draw.picture import Picture
from symdiff.draw.steps import in_steps
from symdiff.draw.style import BESIDE, EDGES, NODES, caption_attributes, checked_direction, graph_attributes
from symdiff.draw.tangents import direction_told, tangents_at
from symdiff.draw.view import View, index_in, operands
from symdiff.errors import RenderError, SymdiffValueError
from symdiff.graph import VAR
from symdiff.handle import Handle, as_handle, gather
from symdiff.nesting import flatten

LARGEST = 3000  # size limit in nodes: dot takes minutes beyond
FOLDED = 300  # folding size in nodes, unless told otherwise
_ACROSS, _DOWN = 64, 40  # line widths of a caption in letters: no wider than a small picture
_MISSING = 6  # count of missing variables that a caption names


def to_graphviz(
    exprs: Any,
    at: Mapping[Any, Any] | None = None,
    backward: bool = False,
    seed: Any = 1.0,
    *,
    partials: str = "auto",
    contributions: bool = False,
    tangents: Any = None,
    direction: str = "LR",
    clusters: Any = None,
    title: str | None = None,
    fold: bool | str = "auto",
    depth: int | None = None,
    around: Any = None,
    radius: int = 2,
    name_shared: bool = False,
    force: bool = False,
    rankdir: str | None = None,
) -> Picture:
    """A picture of the graph below one expression or several: a `graphviz.Digraph` that notebooks show.

    Variables are ellipses, operations rounded boxes, constants square ones;
    results have a double outline, what is used more than once a heavy one.
    Above 300 nodes subgraphs are folded into boxes, told apart by what they
    dominate, repeated structure with its count.

    Parameters
    ----------
    exprs : expression, sequence or array of them, or mapping from names to them
        The names stand on the results.
    at : mapping, optional
        A point, as for `evaluate`: every node shows its value. What depends on
        variables that are missing stays without, and a caption names them.
    backward : bool
        Show adjoints on the nodes, and red edges back to the operands with
        their local partials. Without a point these are numbers where every
        variable has a `.value`, and expressions otherwise.
    seed : number or array, or a sequence of one for each expression
        The adjoints of the results.
    partials : {"auto", "symbolic", "numeric"}
        Local partials as formulas or as numbers; "auto": numbers where there are values.
    contributions : bool
        On the red edges what the operand gets, the local partial times the adjoint of its user: they add up to its
        adjoint. With arrays they always have that.
    tangents : variable, name, or mapping from such to numbers, optional
        Show tangents beside the values, derivatives by the variable or along the direction, as forward mode finds them.
    direction : {"LR", "TB", "RL", "BT"}
        Left to right, top to bottom, or the other way round; `rankdir` is the same.
    clusters : "outputs", or a mapping from labels to expressions, optional
        Frames around what belongs to one result only, or to the expressions named. By default there is one around each
        call of a function that has a name, see `sd.function`; `clusters={}` draws none.
    title : str, optional
        Written above.
    fold : {"auto", True, False}
        Fold subgraphs into boxes: where there are more than 300 nodes, always, never.
    depth : int, optional
        Fold what is more than so many operations below a result.
    around, radius : expression or several, int
        Draw only what is at most `radius` edges away from them.
    name_shared : bool
        Shared subexpressions are drawn once, and as named leaves where they are used.
    force : bool
        Draw every node of a graph of more than 3,000, whatever time that takes.

    Raises
    ------
    RenderError
        For a picture of more than 3,000 nodes, where `fold=False`, `depth` or `around` ask for them without `force`.
    SymdiffValueError, SymdiffTypeError
        For options of no meaning, a node `around` that is not in the graph, a wrong point.

    >>> import symdiff as sd
    >>> x, y = sd.variables("x y")
    >>> picture = sd.to_graphviz(x*y, at={x: 3, y: 4})
    >>> [line.strip() for line in picture.body if "->" in line]
    ['n0 -> n2', 'n1 -> n2']
    >>> "= 12" in picture.source
    True
    """
    direction = checked_direction(direction, rankdir)
    names, given = named(exprs)
    held, roots = gather(given)
    graph = drawn_form(held, roots)
    cone = graph.cone(roots)
    view = _view(graph, roots, cone, _Choice(fold, depth, around, radius, force))
    shown = passes(graph, roots, at, backward, seed, partials)
    if contributions:
        shown = weighed(graph, shown)
    if tangents is not None:
        shown = shown._replace(tangents=tangents_at(held, roots, at, tangents), along=direction_told(tangents))
    shown = in_steps(graph, roots, shown, seed)
    outputs = output_names(names, roots)
    extras = Extras(outputs, _shared_names(view, outputs) if name_shared else {})
    return picture_of(view, shown, extras, title, direction, frames(graph, cone, outputs, clusters), backward)


class _Choice:
    """The options that say how much is drawn, checked."""

    def __init__(self, fold: Any, depth: Any, around: Any, radius: Any, force: bool) -> None:
        if fold not in ("auto", True, False, None):
            raise SymdiffValueError(f'fold is "auto", True or False, not {fold!r}')
        for name, value in (("depth", depth), ("radius", radius)):
            if value is not None and (isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < 0):
                raise SymdiffValueError(f"{name} is a whole number from 0, not {value!r}")
        self.fold, self.depth, self.around, self.radius, self.force = fold, depth, around, int(radius), force


def _view(graph: Drawn, roots: Sequence[int], cone: Sequence[int], choice: _Choice) -> View:
    """What is drawn of the cone."""
    if choice.around is not None:
        centres = _centres(graph, cone, choice.around)
        view = folding.neighbourhood(graph, cone, centres, choice.radius)
    elif choice.depth is not None:
        view = folding.by_depth(graph, roots, cone, choice.depth)
    elif choice.fold is True or (choice.fold == "auto" and len(cone) > FOLDED and not choice.force):
        found = folding.folded(graph, roots, cone)
        return found if choice.fold is True or folding.is_simpler(found) else View(graph, cone, cone)
    else:
        view = View(graph, cone, cone)
    if view.size > LARGEST and not choice.force:
        raise RenderError(
            f"a picture of {view.size:,} nodes would take minutes and show nothing: fold=True draws it in boxes, "
            f"depth=3 what is near the results, around=node, radius=2 a part, and force=True every node "
            f"(without it {LARGEST:,} are drawn at most)"
        )
    return view


def _centres(graph: Drawn, cone: Sequence[int], around: Any) -> list[int]:
    given = [as_handle(e) for e in flatten(around)]
    held = set(cone)
    found = []
    for expr in given:
        here = index_in(graph, expr)
        if here is None or here not in held:
            raise SymdiffValueError(f"{short(expr)} is no part of what is drawn: around= takes one of its nodes")
        found.append(here)
    if not found:
        raise SymdiffValueError("around= names no expression")
    return found


def named(exprs: Any) -> tuple[list[str], list[Any]]:
    """Expressions and what to call them; one alone needs no name."""
    if isinstance(exprs, Mapping):
        pairs = [(str(name), list(flatten(value))) for name, value in exprs.items()]
        names = [f"{name} {k}" if len(each) > 1 else name for name, each in pairs for k in range(len(each))]
        given = [e for _, each in pairs for e in each]
    elif isinstance(exprs, Handle):
        given, names = [exprs], [""]
    else:
        given = flatten(exprs)
        names = [f"output {k}" for k in range(len(given))] if len(given) > 1 else [""] * len(given)
    if not given:
        raise SymdiffValueError("there is no expression to draw")
    return names, given


def output_names(names: Sequence[str], roots: Sequence[int]) -> dict[int, str]:
    """What stands on each result; two of them may be one node."""
    result: dict[int, str] = {}
    for name, i in zip(names, roots, strict=True):
        result[i] = f"{result[i]}, {name}" if i in result else name
    return result


def _shared_names(view: View, outputs: Mapping[int, str]) -> dict[int, str]:
    """z1, z2, … for operations drawn that are used more than once."""
    graph = view.graph
    uses: dict[int, int] = {}
    for i in view.cone:
        for j in operands(graph, i):
            uses[j] = uses.get(j, 0) + 1
    taken = {graph.leaves[i].name for i in view.cone if graph.nodes[i][0] == VAR} | set(outputs.values())
    prefix = "z"
    while any(name.startswith(prefix) for name in taken):
        prefix += "z"
    shared = [i for i in view.nodes if graph.nodes[i][0] > VAR and uses.get(i, 0) > 1]
    return {i: f"{prefix}{k + 1}" for k, i in enumerate(shared)}


def picture_of(
    view: View, shown: Passes, extras: Extras, title: str | None, direction: str, parts: Any, backward: bool
) -> Picture:
    """The picture of a view."""
    span = view.span
    picture = Picture(graph_attr=graph_attributes(direction, view.size, span), node_attr=NODES, edge_attr=EDGES)
    picture.missing = tuple(shown.missing)
    labelled = Drawing(picture, view, shown, extras, parts, span > BESIDE).draw()
    width = _ACROSS if direction in ("LR", "RL") else _DOWN
    lines = _caption(title, shown, backward, len(extras.outputs) > 1, labelled)
    caption = [part for line in lines for part in textwrap.wrap(line, width)]
    picture.graph_attr.update(caption_attributes(caption, title is not None))
    return picture


def _caption(title: str | None, shown: Passes, backward: bool, several: bool, labelled: bool) -> list[str]:
    """The title, and what the numbers in the picture are: of red edges only where they have any."""
    lines = [] if title is None else str(title).splitlines()
    if shown.missing:
        names = [cut(name) for name in shown.missing[:_MISSING]]
        more = f" and {len(shown.missing) - len(names):,} more" if len(shown.missing) > len(names) else ""
        without = "no adjoints, and no values" if backward else "no values"
        it = "it" if len(shown.missing) == 1 else "them"
        lines.append(f"no value given for {', '.join(names)}{more}: {without} for what depends on {it}")
    elif backward:
        result = "results, weighed by their seeds," if several else "result"
        adjoint = "v̄₁, v̄₂, …" if shown.names else "adj"
        lines.append(f"{adjoint}: adjoint, the derivative of the {result} by the node")
        lines += [f"red: {shown.told}"] if labelled else []
    if shown.tangents:
        lines.append(f"tangent: the derivative of the node {shown.along}")
    return lines
