"""What may stand where a symmetric matrix stood: a matrix that is known to be its own transpose.

A product with a symmetric factor has one node for `S @ S` and `S @ S.T`. With a matrix in its place that is not
symmetric nobody could tell any more which of them was written.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np

from symdiff.array_constants import is_sparse
from symdiff.arrays.contraction import transposed
from symdiff.arrays.entries import entry
from symdiff.arrays.reading import ADD, EINSUM, INV, PUT, RESHAPE, TAKE, pieces, shape_of
from symdiff.arrays.symmetry import is_symmetric, opened_product
from symdiff.errors import SymdiffValueError
from symdiff.graph import CONST, VAR, Graph
from symdiff.keys import Key, compose
from symdiff.records import FIRST_ARRAY_CODE, record

_SMALL = 32  # size up to which entries are looked at one by one


def is_known_symmetric(graph: Graph, i: int) -> bool:
    """Whether a matrix, or each of a stack of them, is symmetric by its structure, or by its entries.

    All that it is made of is looked at, in one loop, where `is_symmetric` takes a short look.
    """
    if _is_one(graph, i) or is_symmetric(graph, i):
        return True
    known: dict[int, bool] = {}
    for k in graph.cone([i]):
        if _is_square(graph, k):
            known[k] = _is_one(graph, k) or _of_its_operands(graph, k, known)
    return known.get(i, False) or _is_symmetric_by_entries(graph, i)


def check_symmetric(graph: Graph, i: int, place: str, text: Callable[[int], str]) -> None:
    """Refuse what is not known to be symmetric in the place of a symmetric matrix; `text` is what a node reads.

    Raises
    ------
    SymdiffValueError
    """
    if is_known_symmetric(graph, i):
        return
    given = text(i)
    if graph.nodes[i][0] == CONST:
        raise SymdiffValueError(f"{place} is symmetric, and {given} in its place is not: give (A + A.T)/2 of it")
    advice = "write (A + A.T)/2 of it, or make it of symmetric variables"
    if graph.nodes[i][0] == VAR and len(shape_of(graph, i)) == 2 and given.isidentifier():
        advice = f"write ({given} + {given}.T)/2, or make {given} with symmetric=True"
    raise SymdiffValueError(f"{place} is symmetric, and {given} in its place is not known to be: {advice}")


def _is_symmetric_by_entries(graph: Graph, i: int) -> bool:
    """Whether entries on both sides of the diagonal of a small matrix are the same expressions."""
    shape = shape_of(graph, i)
    if len(shape) != 2 or shape[0] != shape[1] or not isinstance(shape[0], int) or shape[0] > _SMALL:
        return False
    pairs = combinations(range(shape[0]), 2)
    return all(_entry(graph, i, j, k) == _entry(graph, i, k, j) for j, k in pairs)


def _entry(graph: Graph, i: int, row: int, column: int) -> int:
    """An entry of a matrix, of a list of them in rows too."""
    node, columns = graph.nodes[i], shape_of(graph, i)[1]
    if node[0] == RESHAPE and len(shape_of(graph, node[2])) == 1 and isinstance(columns, int):
        return entry(graph, node[2], (row * columns + column,))
    return entry(graph, i, (row, column))


def _is_square(graph: Graph, i: int) -> bool:
    shape = shape_of(graph, i)
    return len(shape) >= 2 and shape[-1] == shape[-2]


def _is_one(graph: Graph, i: int) -> bool:
    """Whether a matrix has one entry at most, or the same one everywhere."""
    shape = shape_of(graph, i)
    return not shape or shape[-2:] in ((0, 0), (1, 1))


def _of_its_operands(graph: Graph, i: int, known: dict[int, bool]) -> bool:
    node = graph.nodes[i]
    code = node[0]
    if code == VAR:
        return bool(graph.leaves[i].kind == "symmetric")
    if code == CONST:
        return _equals_its_transpose(graph.leaves[i])
    if code == EINSUM:
        return _is_symmetric_product(graph, i, known)
    if code == ADD or (code < FIRST_ARRAY_CODE and record(code).commutative):
        return _pair_up(graph, [t for t in node[1:] if t in graph.shapes], known)
    if code < FIRST_ARRAY_CODE:
        return all(known.get(t, False) for t in node[1:] if t in graph.shapes)
    if code == INV:
        return known[node[1]]
    if code == TAKE:
        *_, rows, columns = graph.leaves[node[1]]
        return known.get(node[2], False) and rows == columns
    return code == PUT and _is_symmetric_in_blocks(graph, i, known)


def _equals_its_transpose(value: Any) -> bool:
    value = value.toarray() if is_sparse(value) else value
    turned = np.swapaxes(value, -1, -2)
    return bool(np.all((value == turned) | ((value != value) & (turned != turned))))


def _turned(graph: Graph, i: int) -> int:
    """A node with its last two axes exchanged."""
    *lead, a, b = range(len(shape_of(graph, i)))
    return transposed(graph, i, (*lead, b, a))


def _is_symmetric_product(graph: Graph, i: int, known: dict[int, bool]) -> bool:
    if _turned(graph, i) == i:
        return True
    _, factors, result = pieces(graph, i)
    a, b = result[-2], result[-1]
    if all((a in names) == (b in names) for _, names in factors):  # a factor of both labels, or of none
        return all(known.get(f, False) and names[-2:] in (a + b, b + a) for f, names in factors if a in names)
    if len(result) > 2:
        return False
    ways = [opened_product(graph, i, turned, lambda _, f: known.get(f, False)) for turned in (False, True)]
    return ways[0] == ways[1]


def _pair_up(graph: Graph, terms: list[int], known: dict[int, bool]) -> bool:
    """Whether operands in any order are symmetric, or the transpose of another one each."""
    left = [t for t in terms if not known.get(t, False)]
    return sorted(left) == sorted([_turned(graph, t) for t in left if _is_square(graph, t)])


def _is_symmetric_in_blocks(graph: Graph, i: int, known: dict[int, bool]) -> bool:
    """Whether a matrix made of blocks is: each is on the diagonal and symmetric, or is another one transposed."""
    placed = _placed(graph, i)
    if any(len(key) != 2 or isinstance(p, int) for key in placed for p in key):
        return False
    for (rows, columns), block in placed.items():
        other = placed.get((columns, rows))
        if other is None or not (known.get(block, False) if rows == columns else _turned(graph, block) == other):
            return False
    return True


def _placed(graph: Graph, i: int) -> dict[Key, int]:
    """The blocks of a matrix by their keys, those of its blocks among them."""
    found: dict[Key, int] = {}
    todo: list[tuple[Key | None, int]] = [(None, i)]
    while todo:
        key, i = todo.pop()
        node = graph.nodes[i]
        inner = graph.leaves[node[1]].keys if node[0] == PUT else ()
        keys = [k if key is None else compose(key, k) for k in inner]
        if keys and None not in keys:
            todo += zip(keys, node[2:], strict=True)
        elif key is not None:
            found[key] = i
    return found
