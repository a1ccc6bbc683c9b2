"""Both passes over a graph with arrays: on each edge what an operand gets of its user's adjoint, such as `A.T @ R`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from symdiff.algebra.array_points import gathered
from symdiff.algebra.evaluate import Bound, bind, point_by_key, run, values_of
from symdiff.arrays.contraction import broadcast_to
from symdiff.arrays.reading import ADD, is_zero, shape_of
from symdiff.arrays.sums import add
from symdiff.draw.annotations import NOTHING, Edge, Passes
from symdiff.draw.array_spelling import Spelling
from symdiff.draw.diagram import Diagram
from symdiff.draw.labels import WIDTH
from symdiff.graph import VAR, Graph, Variable
from symdiff.handle import Handle, handle
from symdiff.modes.activity import active_nodes
from symdiff.modes.array_reverse import adjoints as swept
from symdiff.modes.backpropagation import node_adjoints
from symdiff.ops import arrays

_READABLE = 60  # size limit of a formula that is spelled, in nodes
_NAMES = ("R", "G", "Q", "adj")  # names for the adjoint that comes, the first that no variable has
_OWN = "out"  # name for the value of the user, where formulas get too long without
LOGSUMEXP = arrays.logsumexp.opcode


class Contribution(NamedTuple):
    """What an operand gets of the adjoint of its user: a node of a graph aside, in which operands are variables."""

    graph: Graph
    node: int
    operands: Mapping[int, int]  # variables, by the nodes that they stand for
    adjoint: int  # variable that is the adjoint of the user, or the constant 1
    user: int

    def text(self) -> str:
        """The formula, cut; shorter where it tells of the user's own value."""
        return _fitting(self.graph, self.node, self.user)

    def value(self, values: Mapping[int, Any], adjoint: Any, sizes: Mapping[str, int]) -> Any:
        """Its value, given those of the operands and the adjoint."""
        point = {handle(self.graph, there): values[j] for j, there in self.operands.items() if j in values}
        if self.graph.nodes[self.adjoint][0] == VAR:
            point[handle(self.graph, self.adjoint)] = adjoint
        bound = bind([handle(self.graph, self.node)], point, {})._replace(sizes=dict(sizes))
        return gathered(run(bound)[bound.program.outputs[0]])


def array_passes(
    diagram: Diagram, roots: Sequence[int], at: Any, backward: bool, seeds: Sequence[Any], kind: str
) -> Passes:
    """Both passes over a diagram, as far as there are values for them; `kind` is that of `to_graphviz(partials=…)`.

    What operands get is a formula of the adjoint, unless `kind` is "numeric".
    """
    graph, drawn = diagram.graph, diagram.cone(roots)
    cone = graph.cone(roots)
    variables = [i for i in cone if graph.nodes[i][0] == VAR]
    if at is None and not backward:
        return NOTHING
    ways = contributions(diagram, roots, variables, seeds) if backward else {}
    if at is None:
        state = {handle(graph, i): graph.leaves[i].value for i in variables}
        at = {v: value for v, value in state.items() if value is not None}
        if len(at) < len(state) and kind != "numeric":
            texts = {edge: way.text() for edge, way in ways.items()}
            adjoints = _formulas(diagram, roots, seeds, drawn)
            return Passes({}, adjoints, texts, list(ways), (), _told(diagram, [*texts.values(), *adjoints.values()]))
    given = values_of({i: graph.leaves[i] for i in variables}, point_by_key(at, {}))
    unknown = [i for i in variables if i not in given]
    beyond = active_nodes(graph, cone, unknown)
    known = [i for i in drawn if i not in beyond]
    values, sizes = known_values(graph, known, at)
    missing = [graph.leaves[i].name for i in unknown]
    adjoints = {} if missing or not backward else _numbers(diagram, roots, at, seeds, drawn)
    edges = [edge for edge in ways if missing or edge[0] in adjoints]
    if kind == "numeric" and not missing:
        partials = {edge: ways[edge].value(values, adjoints[edge[0]], sizes) for edge in edges}
    else:
        partials = {edge: ways[edge].text() for edge in edges}
    return Passes(values, adjoints, partials, edges, missing, _told(diagram, partials.values()))


def _told(diagram: Diagram, shown: Iterable[Any]) -> str:
    """What stands on the edges back, in words."""
    texts = [text for text in shown if isinstance(text, str)]
    if not texts:
        return "what operands get of it"
    own = f", whose value is {_OWN}," if any(re.search(rf"\b{_OWN}\b", text) for text in texts) else ""
    return f"what operands get of the adjoint {adjoint_name(diagram)} of a node{own}".rstrip(",")


def adjoint_name(diagram: Diagram) -> str:
    """What the adjoint of a node is called in what its operands get: a name that no variable has."""
    taken = {diagram.leaves[i].name for i, node in diagram.nodes.items() if node[0] == VAR}
    return next((name for name in _NAMES if name not in taken), "adjoint")


def spelled(graph: Graph, i: int, names: Mapping[int, str]) -> str:
    """The formula of a node, some of which have names; dots for a large one."""
    if len(graph.cone([i])) > _READABLE:
        return "…"
    return Spelling(graph, names).formula(i).text.replace("((·))", "(·)")


def _fitting(graph: Graph, i: int, own: int) -> str:
    """The formula of a node, cut; shorter where it tells of the value of the node that it is for."""
    found = spelled(graph, i, {})
    if len(found) <= WIDTH or graph.nodes[own][0] <= VAR:
        return _cut(found)
    return _cut(spelled(graph, i, {own: _OWN}))


def _cut(text: str) -> str:
    return text if len(text) <= WIDTH else text[: WIDTH - 1] + "…"


def known_values(graph: Graph, known: Sequence[int], at: Any) -> tuple[dict[int, Any], dict[str, int]]:
    """The values of nodes, and the numbers that names of sizes stand for."""
    if not known:
        return {}, {}
    bound: Bound = bind([handle(graph, i) for i in known], at, {})
    found = run(bound)
    sizes = dict(bound.sizes)
    return {i: gathered(found[k]) for i, k in zip(known, bound.program.outputs, strict=True)}, sizes


def _numbers(
    diagram: Diagram, roots: Sequence[int], at: Any, seeds: Sequence[Any], drawn: Sequence[int]
) -> dict[int, Any]:
    found = node_adjoints([handle(diagram.graph, i) for i in roots], at, list(seeds))
    by_index = {node._index: adjoint for node, adjoint in found.items()}
    for i, x in _spread(diagram):
        if i in by_index:
            by_index[x] = by_index.get(x, 0) + by_index[i]
    return {i: by_index[i] for i in drawn if i in by_index}


def _spread(diagram: Diagram) -> list[tuple[int, int]]:
    """Each `log_softmax` of a sum whose terms it holds, with that sum, which it is drawn to be of; users first."""
    idioms = sorted(diagram.idioms.items(), reverse=True)
    return [(i, x) for i, x in idioms if x not in diagram.graph.nodes[i][1:]]


def _formulas(diagram: Diagram, roots: Sequence[int], seeds: Sequence[Any], drawn: Sequence[int]) -> dict[int, str]:
    """The adjoints as formulas, made in a graph of their own: a picture adds nothing to yours."""
    graph, copy = diagram.graph, Graph()
    cone = graph.cone(roots)
    there = dict(zip(cone, copy.adopt(graph, cone), strict=True))
    terms: dict[int, list[int]] = {}
    for root, seed in zip(roots, seeds, strict=True):
        start = broadcast_to(copy, _entered(copy, seed), shape_of(graph, root))
        for i, adjoint in swept(copy, there[root], start, (), None).items():
            terms.setdefault(i, []).append(adjoint)
    for i, x in _spread(diagram):
        terms.setdefault(there[x], []).extend(terms.get(there[i], ()))
    totals = {i: add(copy, terms[there[i]], shape_of(graph, i)) for i in drawn if terms.get(there[i])}
    return {i: _fitting(copy, total, there[i]) for i, total in totals.items()}


def _entered(graph: Graph, seed: Any) -> int:
    """A seed as a node; 1.0 as the exact 1, which leaves no trace in formulas."""
    if isinstance(seed, Handle):
        return graph.adopt(seed._graph, [seed._index])[0]
    if isinstance(seed, float) and seed.is_integer():
        return graph.const(int(seed))
    return graph.array(seed) if np.ndim(seed) else graph.const(seed)


# -- what operands get -------------------------------------------------------------------------


def contributions(
    diagram: Diagram, roots: Sequence[int], variables: Sequence[int], seeds: Sequence[Any]
) -> dict[Edge, Contribution]:
    """What goes back along each edge that adjoints pass, users first."""
    graph, cone = diagram.graph, diagram.cone(roots)
    active = active_nodes(graph, graph.cone(roots), variables)
    used = {j for i in cone if graph.nodes[i][0] > VAR for j in diagram.nodes[i][1:]}
    ones = {
        i for i, seed in zip(roots, seeds, strict=True) if i not in used and i not in diagram.shapes and _is_one(seed)
    }
    name = adjoint_name(diagram)
    reached = set(roots)
    found: dict[Edge, Contribution] = {}
    for i in reversed(cone):
        if i not in reached or graph.nodes[i][0] <= VAR:
            continue
        for position, way in _of_node(diagram, i, active, "" if i in ones and list(roots).count(i) == 1 else name):
            reached.add(diagram.nodes[i][1 + position])
            found[i, position] = way
    return found


def _is_one(seed: Any) -> bool:
    return isinstance(seed, (int, float)) and seed == 1


def _of_node(diagram: Diagram, i: int, active: set[int], name: str) -> list[tuple[int, Contribution]]:
    """What the operands of a node get, by their positions; without a name its adjoint is 1."""
    graph, aside = diagram.graph, Graph()
    assert graph.infer is not None
    aside.hold_arrays(graph.infer)
    operands = diagram.nodes[i][1:]
    there: dict[int, int] = {}
    for j, called in zip(operands, diagram.names[i], strict=True):
        kind = graph.leaves[j].kind if graph.nodes[j][0] == VAR else ""
        shape = shape_of(graph, j)
        there[j] = aside.var(Variable(called, ("operand", j, shape, kind), shape=shape, kind=kind))
    wrt = {j: there[j] for j in operands if j in active}
    root = _copied(diagram, i, aside, there)
    shape = shape_of(graph, i)
    adjoint = aside.var(Variable(name, ("adjoint", shape), shape=shape)) if name else aside.const(1)
    found = swept(aside, root, adjoint, (), list(wrt.values()))
    ways = [(k, found.get(wrt[j])) for k, j in enumerate(operands) if j in wrt]
    held = {j: there[j] for j in operands}
    return [
        (k, Contribution(aside, d, held, adjoint, root)) for k, d in ways if d is not None and not is_zero(aside, d)
    ]


def _copied(diagram: Diagram, i: int, aside: Graph, there: dict[int, int]) -> int:
    """The formula of a node in a graph aside, where its operands are variables."""
    stack = [i]
    while stack:
        j = stack[-1]
        missing = [] if j in there else [k for k in _below(diagram, j) if k not in there]
        if missing:
            stack += missing
            continue
        stack.pop()
        if j not in there:
            there[j] = _copy(diagram, j, aside, there)
    return there[i]


def _below(diagram: Diagram, j: int) -> Sequence[int]:
    if j in diagram.idioms:
        return (diagram.idioms[j],)
    node = diagram.graph.nodes[j]
    return node[1:] if node[0] > VAR else ()


def _copy(diagram: Diagram, j: int, aside: Graph, there: Mapping[int, int]) -> int:
    graph = diagram.graph
    node = graph.nodes[j]
    if node[0] <= VAR:
        return aside.adopt(graph, [j])[0]
    if j not in diagram.idioms:
        return aside.intern((node[0], *[there[k] for k in node[1:]]))
    x = there[diagram.idioms[j]]  # write log softmax of what is drawn: the sum holds the terms of that
    less = graph.nodes[node[-1]]
    below = {}
    for k in less[1:]:
        inner = graph.nodes[k]
        parameters = aside.adopt(graph, [inner[1]]) if inner[0] == LOGSUMEXP else ()
        below[k] = aside.intern((LOGSUMEXP, *parameters, x)) if parameters else aside.adopt(graph, [k])[0]
    minus = aside.intern((less[0], *[below[k] for k in less[1:]]))
    return aside.intern((ADD, x, minus))
