"""Hessians: edge pushing, or the gradient's own derivatives where those need fewer operations; one triangle only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import inf
from typing import Any

from symdiff.algebra.scaled import ZERO, Scaled
from symdiff.algebra.symbolic import Symbolic
from symdiff.derive import callables
from symdiff.derive.jacobian import reshaped, shaped, sparse_matrix, variable_nodes
from symdiff.derive.jacobian_modes import copied, operations
from symdiff.errors import SymdiffTypeError
from symdiff.graph import Graph
from symdiff.handle import Handle, as_handle, gather, handle
from symdiff.modes.edge_pushing import edge_push
from symdiff.modes.elimination_orders import greedy_order
from symdiff.modes.linearised_graph import linearised
from symdiff.modes.reverse import reverse
from symdiff.modes.vertex_elimination import accumulate, eliminate
from symdiff.neighbours import answers_in_kind, check_partial

_TRIED = 50_000  # nodes times variables up to which every way is tried, and counted exactly
_DENSE = 20  # nodes a variable up to which they are tried for some hundred variables, too
_MANY = 200
_SWEPT = 300_000  # nodes in all sweeps over the gradient from which these are given up
_HOPELESS = 1.5  # times the operations of the best way so far from which another is given up
_SMALL = 100  # nodes up to which forward accumulation is tried, too
_LIVE = 8  # edges a node and variable from which edge pushing is given up

Triangle = dict[tuple[int, int], Scaled]  # by pair of variables, the later first
Way = Callable[[Graph, int, Sequence[int], float], Triangle | None]  # None beyond a limit of operations


@answers_in_kind
def hessian(f: Any, *args: Any, sparse: bool = False) -> Any:
    """The second derivatives of an expression, or of a Python function at a point.

    `hessian(f, wrt)` is `f.hessian(wrt)`; `hessian(func, *args)` uses dual
    numbers of dual numbers, by all entries of the arguments.

    >>> import symdiff as sd
    >>> sd.hessian(lambda x, y: x**2*y + y + 2, 3.0, 4.0)
    array([[8., 6.],
           [6., 0.]])
    """
    if callable(f):
        if sparse:
            raise SymdiffTypeError("sparse Hessians are of expressions: apply the function to variables")
        return callables.hessian(f, *args)
    return expression_hessian(as_handle(f), sparse, *args)


def expression_hessian(f: Handle, sparse: bool, wrt: Any = None) -> Any:
    """The second derivatives of an expression; see `Expr.hessian`."""
    items, shape = shaped(list(f.variables) if wrt is None else wrt)
    graph, (root,) = gather([f])
    nodes = variable_nodes(graph, items)
    check_partial(graph, [root], nodes)
    entries = hessian_entries(graph, root, sorted({i for i in nodes if i >= 0}))
    if sparse:
        return sparse_matrix(graph, entries, nodes, nodes, symmetric=True)
    zero = graph.const(0)
    flat = [handle(graph, entries.get((i, j) if i >= j else (j, i), zero)) for i in nodes for j in nodes]
    return reshaped(flat, None if shape is None else shape * 2)


def hessian_entries(graph: Graph, root: int, wrt: Sequence[int]) -> dict[tuple[int, int], int]:
    """The entries of one triangle as nodes; what is zero for structural reasons is missing."""
    if len(wrt) * (len(wrt) + 10) <= _TRIED:
        size = len(graph.cone([root]))
        if size * (len(wrt) + 10) <= _TRIED or (len(wrt) <= _MANY and size <= _DENSE * len(wrt)):
            return _least(graph, root, wrt)
    found = _by_edges(graph, root, wrt)
    if found is None:
        found = _by_rows(graph, root, wrt)
    return _lowered(graph, found or {})


def _lowered(graph: Graph, triangle: Triangle) -> dict[tuple[int, int], int]:
    algebra = Symbolic(graph)
    return {pair: algebra.lower(value) for pair, value in triangle.items() if value[0] != 0}


def _least(graph: Graph, root: int, wrt: Sequence[int]) -> dict[tuple[int, int], int]:
    """The Hessian in the way that needs fewest operations; never more than differentiating the gradient does.

    Each way is tried in a graph of its own, and counted with the value and without.
    """
    best: tuple[int, int] = (0, 0)
    kept: tuple[Graph, dict[tuple[int, int], int]] | None = None
    ways: list[Way] = [_by_edges, _by_rows, _by_elimination]
    if len(graph.cone([root])) <= _SMALL:
        ways.append(_by_columns)
    for way in ways:
        there, place = copied(graph, [root])
        back = {k: i for i, k in place.items()}
        limit = inf if kept is None else _HOPELESS * best[1] + 50
        triangle = way(there, place[root], [place[i] for i in wrt if i in place], limit)
        if triangle is None:
            continue
        entries = {(back[i], back[j]): k for (i, j), k in _lowered(there, triangle).items()}
        counts = operations(there, [place[root], *entries.values()]), operations(there, entries.values())
        if kept is None or counts < best:
            best, kept = counts, (there, entries)
    assert kept is not None  # rows have no limit where edges were given up
    there, entries = kept
    return dict(zip(entries, graph.adopt(there, entries.values()), strict=True))


def _by_edges(graph: Graph, root: int, wrt: Sequence[int], limit: float = inf) -> Triangle | None:
    """Edge pushing, unless so many nodes interact that the edges between them would be too many."""
    return edge_push(graph, root, wrt, _LIVE)


def _gradient(graph: Graph, root: int, wrt: Sequence[int]) -> dict[int, int]:
    algebra = Symbolic(graph)
    return {i: algebra.lower(slope) for i, slope in reverse(graph, [root], [algebra.one], wrt).items()}


def _by_rows(graph: Graph, root: int, wrt: Sequence[int], limit: float = inf) -> Triangle | None:
    """Reverse accumulation over each entry of the gradient."""
    one = Symbolic(graph).one
    found = {}
    swept = 0
    for i, slope in _gradient(graph, root, wrt).items():
        swept += len(graph.cone([slope]))
        if swept > _SWEPT and limit < inf:
            return None
        row = reverse(graph, [slope], [one], [j for j in wrt if j <= i])
        found.update({(i, j): value for j, value in row.items()})
        if len(graph) > limit:
            return None
    return found


def _by_elimination(graph: Graph, root: int, wrt: Sequence[int], limit: float = inf) -> Triangle | None:
    """Vertex elimination over the gradient."""
    slopes = _gradient(graph, root, wrt)
    algebra = Symbolic(graph)
    linear = linearised(graph, list(slopes.values()), wrt, algebra)
    order = greedy_order(linear, limit)
    if order is None:
        return None
    rows = accumulate(algebra, linear, order.vertices)
    return {(i, j): rows.get(k, {}).get(j, ZERO) for i, k in slopes.items() for j in wrt if j <= i}


def _by_columns(graph: Graph, root: int, wrt: Sequence[int], limit: float = inf) -> Triangle | None:
    """Forward accumulation over the gradient."""
    slopes = _gradient(graph, root, wrt)
    rows = eliminate(graph, list(slopes.values()), wrt, "forward")
    return {(i, j): rows.get(k, {}).get(j, ZERO) for i, k in slopes.items() for j in wrt if j <= i}
