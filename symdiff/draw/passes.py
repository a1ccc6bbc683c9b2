"""What a picture shows of the two passes: values, adjoints, local partials."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from symdiff.algebra.evaluate import bind, point_by_key, run, values_of
from symdiff.algebra.symbolic import Symbolic
from symdiff.constants import constant
from symdiff.draw.annotations import NOTHING, Edge, Passes
from symdiff.draw.diagram import Diagram, Drawn
from symdiff.errors import SymdiffValueError
from symdiff.graph import VAR, Graph
from symdiff.handle import Handle, handle
from symdiff.modes.activity import active_nodes
from symdiff.modes.backpropagation import edge_partials, node_adjoints
from symdiff.modes.reverse import reverse
from symdiff.rules import Rules

_PARTIALS = ("auto", "symbolic", "numeric")


def passes(
    graph: Drawn, roots: Sequence[int], at: Any, backward: bool, seed: Any = 1.0, partials: str = "auto"
) -> Passes:
    """Both passes over the cone of `roots`, as far as there are values for them.

    Without a point, `backward` takes the variables' `.value` where all are set,
    and expressions otherwise; "symbolic" partials are expressions in any case.

    Raises
    ------
    SymdiffValueError
        For another word for the partials.
    """
    if partials not in _PARTIALS:
        raise SymdiffValueError(f"partials are {', '.join(map(repr, _PARTIALS))}, not {partials!r}")
    if isinstance(graph, Diagram):
        from symdiff.draw.array_passes import array_passes  # import late: graphs of scalars do without

        return array_passes(graph, roots, at, backward, seeds_of(seed, len(roots)), partials)
    found = _passes(graph, roots, at, backward, seed, partials)
    if backward and partials == "symbolic":
        return found._replace(partials=local_partials(graph, graph.cone(roots), found.edges))
    return found


def _passes(graph: Graph, roots: Sequence[int], at: Any, backward: bool, seed: Any, kind: str) -> Passes:
    cone = graph.cone(roots)
    variables = [i for i in cone if graph.nodes[i][0] == VAR]
    if at is None and not backward:
        return NOTHING
    edges = local_edges(graph, cone, roots, variables) if backward else []
    if at is None:
        at = {handle(graph, i): graph.leaves[i].value for i in variables}
        if any(value is None for value in at.values()) and kind != "numeric":
            return _symbolic(graph, cone, roots, variables, seeds_of(seed, len(roots)), edges)
        at = {variable: value for variable, value in at.items() if value is not None}
    given = values_of({i: graph.leaves[i] for i in variables}, point_by_key(at, {}))
    unknown = [i for i in variables if i not in given]
    beyond = active_nodes(graph, cone, unknown)
    known = [handle(graph, i) for i in cone if i not in beyond]
    values: dict[int, Any] = {}
    if known:
        bound = bind(known, at, {})
        values = dict(zip(bound.program.origin, run(bound), strict=True))
    missing = [graph.leaves[i].name for i in unknown]
    if not backward:
        return Passes(values, {}, {}, (), missing)
    partials = edge_partials(known, at) if known else {}
    if missing:
        return Passes(values, {}, partials, edges, missing)
    found = node_adjoints([handle(graph, i) for i in roots], at, seeds_of(seed, len(roots)))
    adjoints = {node._index: adjoint for node, adjoint in found.items()}
    return Passes(values, adjoints, partials, [edge for edge in edges if edge[0] in adjoints], missing)


def seeds_of(seed: Any, count: int) -> list[Any]:
    """One seed an output."""
    if not isinstance(seed, (list, tuple, np.ndarray)) or np.ndim(seed) == 0:
        return [seed] * count
    seeds = [seed] if count == 1 and len(seed) != 1 else list(seed)
    if len(seeds) != count:
        raise SymdiffValueError(f"{len(seeds)} seeds for {count} outputs")
    return seeds


def local_edges(graph: Graph, cone: Sequence[int], roots: Iterable[int], variables: Iterable[int]) -> list[Edge]:
    """The edges that adjoints pass on their way from the roots to the variables."""
    active = active_nodes(graph, cone, variables)
    reached = set(roots)
    rules = Rules(graph.nodes, graph.leaves)
    edges = []
    for i in reversed(cone):
        node = graph.nodes[i]
        if node[0] <= VAR or i not in reached:
            continue
        for position, partial in enumerate(rules.of(node)):
            j = node[position + 1]
            if partial is not None and j in active:
                reached.add(j)
                edges.append((i, position))
    return edges


def _symbolic(
    graph: Graph,
    cone: Sequence[int],
    roots: Iterable[int],
    variables: Iterable[int],
    seeds: Iterable[Any],
    edges: Sequence[Edge],
) -> Passes:
    """Adjoints and partials as expressions, in a graph of their own: a picture adds nothing to yours."""
    copy = Graph()
    there = dict(zip(cone, copy.adopt(graph, cone), strict=True))
    algebra = Symbolic(copy)
    starts = [copy.const(constant(_whole(seed))) for seed in seeds]
    found = reverse(copy, [there[i] for i in roots], starts, [there[i] for i in variables], every=True)
    adjoints = {i: handle(copy, algebra.lower(found[there[i]])) for i in cone if there[i] in found}
    return Passes({}, adjoints, local_partials(graph, cone, edges), edges, ())


def local_partials(graph: Graph, cone: Sequence[int], edges: Iterable[Edge]) -> dict[Edge, Any]:
    """The partials on edges as expressions, in a graph of their own."""
    copy = Graph(simplify=graph.simplify)
    there = dict(zip(cone, copy.adopt(graph, cone), strict=True))
    algebra = Symbolic(copy)
    rules = Rules(copy.nodes, copy.leaves)
    partials = {}
    for i, position in edges:
        slots = [there[j] for j in (i, *graph.nodes[i][1:])]
        rule = rules.of(copy.nodes[slots[0]])[position]
        if rule is not None:
            partials[i, position] = handle(copy, algebra.lower(algebra.partial(rule, slots)))
    return partials


def weighed(graph: Drawn, shown: Passes) -> Passes:
    """On each edge what the operand gets: the local partial times the adjoint of the user. Arrays have that anyway."""
    if isinstance(graph, Diagram):
        return shown
    found = {}
    with np.errstate(all="ignore"):
        for (i, position), partial in shown.partials.items():
            if i in shown.adjoints:
                total = shown.adjoints.get(graph.nodes[i][1 + position])
                found[i, position] = _passed_on(shown.adjoints[i], partial, total)
    return shown._replace(partials=found, weighed=True, told="what operands get, adjoint times local partial")


def _passed_on(adjoint: Any, partial: Any, total: Any) -> Any:
    """What an operand gets: nothing of a branch that is not taken, whose nan is not in the adjoint of the operand."""
    if isinstance(adjoint, Handle) and isinstance(partial, Handle):
        graph = Graph()
        factors = [graph.adopt(f._graph, [f._index])[0] for f in (adjoint, partial)]
        algebra = Symbolic(graph)
        return handle(graph, algebra.lower(algebra.mul(*map(algebra.lift, factors))))
    product = adjoint * partial
    if np.all(np.equal(product, product)) or not np.all(np.equal(total, total)):
        return product
    return np.where(np.equal(product, product), product, 0.0)


def _whole(seed: Any) -> Any:
    """The seed 1.0 as the exact 1, which leaves no trace in expressions."""
    return int(seed) if isinstance(seed, float) and seed.is_integer() else seed
