"""Single entries of derived arrays, taken of what these are made of: `(2*x + exp(x))[1]` as `2*x[1] + exp(x[1])`.

What users write keeps its form; a derivative by one entry of a variable needs nothing else of a gradient.
"""

from __future__ import annotations

from functools import reduce

import numpy as np

from symdiff.array_constants import is_sparse
from symdiff.arrays.contraction import contract, scaled
from symdiff.arrays.indexing import count_arrays, take, take_of_product
from symdiff.arrays.reading import ADD, EINSUM, PUT, pieces, sums
from symdiff.build import build
from symdiff.graph import CONST, VAR, Graph
from symdiff.keys import Range
from symdiff.records import FIRST_ARRAY_CODE

Entry = tuple[int, tuple[int, ...]]  # a node and a place on each of its axes

_ENTRIES = 40  # of which an entry is made; one of more is taken whole: many entries share what they have in common


def entry(graph: Graph, i: int, at: tuple[int, ...]) -> int:
    """The entry of a node at a place, which has an int for each axis."""
    root = (i, at)
    parts = _taken_apart(graph, root)
    if parts is None:
        return take(graph, i, at) if at else i
    found: dict[Entry, int] = {}
    for asked in sorted(parts, key=lambda e: e[0]):  # operands before users, as in the graph
        below = parts[asked]
        found[asked] = _leaf(graph, *asked) if below is None else _made(graph, *asked, [found[p] for p in below])
    return found[root]


def _taken_apart(graph: Graph, root: Entry) -> dict[Entry, list[Entry] | None] | None:
    """The entries that an entry is made of, with what each is made of in turn; None where they are many."""
    parts: dict[Entry, list[Entry] | None] = {}
    todo = [root]
    while todo:
        asked = todo.pop()
        if asked not in parts:
            below = parts[asked] = _parts(graph, *asked)
            todo += below or ()
            if len(parts) + len(todo) > _ENTRIES:
                return None
    return parts


def _parts(graph: Graph, i: int, at: tuple[int, ...]) -> list[Entry] | None:
    """The entries that an entry is made of, None where it is taken as it is."""
    node = graph.nodes[i]
    if i not in graph.shapes or node[0] <= VAR:
        return None
    if node[0] < FIRST_ARRAY_CODE:
        return [(j, at if j in graph.shapes else ()) for j in node[1:]]
    if node[0] == EINSUM and not sums(graph, i):
        _, factors, result = pieces(graph, i)
        places = dict(zip(result, at, strict=True))
        return [(f, tuple([places[k] for k in labels])) for f, labels in factors] if _is_on(result, at) else []
    if node[0] == PUT:
        return _seen(graph, i, at)
    return None


def _is_on(result: str, at: tuple[int, ...]) -> bool:
    """Whether a place is on the diagonal that labels that repeat mean."""
    return len(set(zip(result, at, strict=True))) == len(set(result))


def _seen(graph: Graph, i: int, at: tuple[int, ...]) -> list[Entry] | None:
    """The entries of blocks that are put at a place."""
    _, static, *blocks = graph.nodes[i]
    found: list[Entry] = []
    for key, block in zip(graph.leaves[static].keys, blocks, strict=True):
        inner = []
        for p, k in zip(key, at, strict=True):
            if isinstance(p, Range) and p.step == 1 and isinstance(p.count, int) and p.start >= 0:
                inner.append(k - p.start if 0 <= k - p.start < p.count else -1)
            elif isinstance(p, int):
                inner += [-1] if p != k else []
            else:
                return None
        if -1 not in inner:
            found.append((block, tuple(inner)))
    return found


def _leaf(graph: Graph, i: int, at: tuple[int, ...]) -> int:
    if not at:
        return i
    if graph.nodes[i][0] == CONST:
        array = graph.leaves[i]
        value = (array.toarray() if is_sparse(array) else array)[at]
        return graph.const(value.item() if isinstance(value, np.generic) else value)
    found = take_of_product(graph, i, at) if graph.nodes[i][0] == EINSUM and count_arrays(graph, i) == 1 else None
    return take(graph, i, at) if found is None else found


def _made(graph: Graph, i: int, at: tuple[int, ...], parts: list[int]) -> int:
    code = graph.nodes[i][0]
    if code == EINSUM:
        coefficient, _, result = pieces(graph, i)
        kept = coefficient if _is_on(result, at) else 0
        return scaled(graph, kept, contract(graph, [(part, ()) for part in parts], ())) if kept else graph.const(0)
    if code in (ADD, PUT):
        return reduce(lambda a, b: build(graph, ADD, (a, b)), parts) if parts else graph.const(0)
    return build(graph, code, tuple(parts))
