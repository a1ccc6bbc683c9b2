"""Which entries of a Jacobian are not zero for structural reasons, without the Jacobian.

Every node gets the set of variables below it, or of results above it: the two
do unequal work, so each is given up in favour of the other when it has done
more than its share. Sets that do not change along a path are one object.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import inf
from typing import TYPE_CHECKING, Any

import numpy as np

from symdiff.derive.jacobian import all_variables, expressions, positions, shaped, variable_nodes
from symdiff.handle import as_handle, gather
from symdiff.modes.hessian_pattern import pairs, union
from symdiff.modes.linearised_graph import LinearGraph, linearised
from symdiff.neighbours import takes_sympy

if TYPE_CHECKING:
    import scipy.sparse

Pairs = Iterable[tuple[int, int]]


@takes_sympy
def jacobian_sparsity(fs: Any, wrt: Any = None) -> scipy.sparse.csr_array:
    """The structure of `jacobian(fs, wrt)`: a sparse array of bools, `fs.size` by `wrt.size`.

    What a branch of `where`, a step or a condition cuts off is no entry. An
    entry may still turn out to be zero where terms cancel.

    Raises
    ------
    SymdiffTypeError, SymdiffValueError
        As `jacobian`.

    >>> import symdiff as sd
    >>> x, y = sd.variables("x y")
    >>> sd.jacobian_sparsity([x*y, sd.sin(y)], [x, y]).toarray()
    array([[ True,  True],
           [False,  True]])
    """
    functions, _ = shaped(fs)
    graph, outputs = expressions(functions)
    items, _ = shaped(all_variables(graph, outputs) if wrt is None else wrt)
    nodes = variable_nodes(graph, items)
    linear = linearised(graph, outputs, [i for i in nodes if i >= 0], None)
    return _pattern(_reached(linear), outputs, nodes)


@takes_sympy
def hessian_sparsity(f: Any, wrt: Any = None) -> scipy.sparse.csr_array:
    """The structure of `f.hessian(wrt)`: a symmetric sparse array of bools.

    >>> import symdiff as sd
    >>> x, y, z = sd.variables("x y z")
    >>> sd.hessian_sparsity(x**2 + y*z, [x, y, z]).toarray()
    array([[ True, False, False],
           [False, False,  True],
           [False,  True, False]])
    """
    f = as_handle(f)
    items, _ = shaped(list(f.variables) if wrt is None else wrt)
    graph, (root,) = gather([f])
    nodes = variable_nodes(graph, items)
    return _pattern(pairs(graph, root, [i for i in nodes if i >= 0]), nodes, nodes)


def _pattern(found: Pairs, outputs: Sequence[int], wrt: Sequence[int]) -> scipy.sparse.csr_array:
    from scipy.sparse import csr_array

    rows, cols = positions(outputs), positions(wrt)
    places = [(r, c) for i, j in found for r in rows[i] for c in cols[j]]
    where = np.array(sorted(places), dtype=np.intp).reshape(-1, 2).T
    return csr_array((np.ones(len(places), dtype=bool), (where[0], where[1])), shape=(len(outputs), len(wrt)))


def _reached(linear: LinearGraph) -> list[tuple[int, int]]:
    """The pairs of a result and a variable below it."""
    work = 1000 + 10 * sum([len(edges) for edges in linear.into.values()])
    while True:
        for search in (_upwards, _downwards):
            found = search(linear, work)
            if found is not None:
                return found
        work *= 4


def _upwards(linear: LinearGraph, work: float = inf) -> list[tuple[int, int]] | None:
    """By the variables below each node."""
    left = {i: len(users) for i, users in linear.out.items()}
    below = {i: frozenset((i,)) for i in linear.out if i not in linear.into}
    for i in linear.inner:
        held: frozenset[int] = frozenset()
        for j in linear.into[i]:
            work -= min(len(held), len(below[j]))
            held = union(held, below[j])
            left[j] -= 1
            if not left[j]:  # nothing will ask again
                del below[j]
        work -= len(held)
        if work < 0:
            return None
        below[i] = held
    return [(output, j) for output in linear.sinks for j in below[output]]


def _downwards(linear: LinearGraph, work: float = inf) -> list[tuple[int, int]] | None:
    """By the results above each node."""
    above = {output: frozenset((output,)) for output in linear.sinks}
    found: list[tuple[int, int]] = []
    for i in reversed(linear.out):
        held = above.pop(i, frozenset())
        if i not in linear.into:
            found.extend([(output, i) for output in held])
            continue
        for j in linear.into[i]:
            before = above.get(j, frozenset())
            work -= min(len(before), len(held)) + 1
            above[j] = union(before, held)
        if work < 0:
            return None
    return found
