"""Factors of products of blocks at the places where they meet: entries are gathered, constants multiplied at once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import reduce
from typing import Any

import numpy as np

from symdiff.array_constants import is_sparse
from symdiff.arrays.canonical import Factor
from symdiff.arrays.contraction import transposed
from symdiff.arrays.indexing import reshape, take
from symdiff.arrays.reading import shape_of
from symdiff.arrays.sparse_blocks.coordinates import Along, Label, Unknown, as_place, labels_of, numbers
from symdiff.graph import CONST, Graph


def _is_numbers(graph: Graph, f: int) -> bool:
    return graph.nodes[f][0] == CONST and f in graph.shapes and not is_sparse(graph.leaves[f])


def _is_small(value: Any) -> bool:
    """Whether two such arrays may be multiplied in their own dtype."""
    return value.dtype.kind in "fc" or (value.dtype.kind in "iu" and bool(np.all(np.abs(value) < 1 << 31)))


def multiplied(graph: Graph, factors: Sequence[Factor]) -> list[Factor]:
    """The factors, with constant arrays of the same labels as one."""
    found: list[Factor] = []
    constants: dict[tuple[Label, ...], list[Any]] = {}
    for f, labels in factors:
        if _is_numbers(graph, f) and len(set(labels)) == len(labels) and _is_small(graph.leaves[f]):
            constants.setdefault(labels, []).append(graph.leaves[f])
        else:
            found.append((f, labels))
    return [*[(graph.array(reduce(np.multiply, each)), labels) for labels, each in constants.items()], *found]


def gathered(graph: Graph, f: int, axes: Sequence[Along]) -> tuple[int, tuple[Label, ...]]:
    """A factor at the numbers of its labels that are left, with a label for each axis that it still has."""
    tables = {a.label for a in axes if isinstance(a.at, np.ndarray)}
    if tables and _is_numbers(graph, f):
        return _gathered_numbers(graph, f, axes)
    for label in tables:
        if sum(a.label == label for a in axes) > 1:
            f, axes = _in_one_table(graph, f, axes, label)
    found = take(graph, f, tuple([as_place(a.at) for a in axes])) if axes else f
    return found, tuple([a.label for a in axes if a.label is not None])


def _gathered_numbers(graph: Graph, f: int, axes: Sequence[Along]) -> tuple[int, tuple[Label, ...]]:
    left = labels_of(axes)
    index = []
    for a in axes:
        at = [1] * len(left)
        if a.label is not None:
            at[left.index(a.label)] = -1
        index.append(a.at if a.label is None else numbers(a.at).reshape(at))
    return graph.array(graph.leaves[f][tuple(index)]), tuple(left)


def _in_one_table(graph: Graph, f: int, axes: Sequence[Along], label: Label) -> tuple[int, list[Along]]:
    """Several axes along one label as one axis in front: entries are taken, not rows and columns."""
    shape = shape_of(graph, f)
    own = [k for k, a in enumerate(axes) if a.label == label]
    rest = [k for k in range(len(axes)) if k not in own]
    sizes = [n for n in (shape[k] for k in own) if isinstance(n, int)]
    if len(sizes) < len(own):
        raise Unknown
    turned = transposed(graph, f, [*own, *rest])
    flat = reshape(graph, turned, (math.prod(sizes), *[shape[k] for k in rest]))
    at = np.ravel_multi_index(tuple([numbers(axes[k].at) for k in own]), sizes)
    return flat, [Along(label, at), *[axes[k] for k in rest]]
