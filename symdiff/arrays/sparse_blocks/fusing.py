"""Axes of a block as another shape of the array has them: labels that stand along one new axis become one."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from symdiff.arrays.contraction import transposed
from symdiff.arrays.indexing import reshape
from symdiff.arrays.reading import shape_of
from symdiff.arrays.sparse_blocks.coordinates import Along, Label, Unknown, all_of, numbers, through, told
from symdiff.graph import Graph
from symdiff.shapes import Shape


def fused(graph: Graph, values: int, axes: Sequence[Along], shape: Shape, new: Shape) -> tuple[int, tuple[Along, ...]]:
    """A block of an array of one shape as one of the same entries in another.

    Raises
    ------
    Unknown
        Where axes whose sizes have names are split or joined.
    """
    found: list[Along] = []
    for old_axes, new_axes in _groups(shape, new):
        sizes = [new[k] for k in new_axes]
        if [shape[k] for k in old_axes if shape[k] != 1] == [n for n in sizes if n != 1]:
            own = iter([axes[k] for k in old_axes if shape[k] != 1])
            found += [Along(None, 0) if n == 1 else next(own) for n in sizes]
            continue
        one_by_one = [n for n in sizes if isinstance(n, int)]
        old = [n for n in (shape[k] for k in old_axes) if isinstance(n, int)]
        if len(one_by_one) < len(sizes) or len(old) < len(old_axes):
            raise Unknown
        values, axes, found = _fused_labels(graph, values, axes, old_axes, found)
        found += _split([axes[k] for k in old_axes], old, one_by_one)
    return values, tuple(found)


def _groups(shape: Shape, new: Shape) -> Iterator[tuple[list[int], list[int]]]:
    """The least runs of axes of two shapes that hold as many entries."""
    a = b = 0
    while a < len(shape) or b < len(new):
        old_axes, new_axes = [], []
        if a < len(shape):
            old_axes.append(a)
            a += 1
        if b < len(new):
            new_axes.append(b)
            b += 1
        while True:
            left, right = _count([shape[k] for k in old_axes]), _count([new[k] for k in new_axes])
            if left == right:
                break
            if a < len(shape) and (b == len(new) or left[0] < right[0] or (left[0] == right[0] and left[1] < right[1])):
                old_axes.append(a)
                a += 1
            elif b < len(new):
                new_axes.append(b)
                b += 1
            elif a < len(shape):
                old_axes.append(a)
                a += 1
            else:
                raise Unknown
        yield old_axes, new_axes


def _count(sizes: Sequence[int | str]) -> tuple[list[str], int]:
    return sorted(n for n in sizes if isinstance(n, str)), math.prod([n for n in sizes if isinstance(n, int)])


def _fused_labels(
    graph: Graph, values: int, axes: Sequence[Along], group: Sequence[int], found: Sequence[Along]
) -> tuple[int, list[Along], list[Along]]:
    """The block with one label in the place of all that axes of a group are along."""
    labels = list(dict.fromkeys([axes[k].label for k in group if axes[k].label is not None]))
    if len(labels) < 2:
        return values, list(axes), list(found)
    shape = shape_of(graph, values)
    rest = [k for k in range(len(shape)) if k not in labels]
    sizes = [n for n in (shape[k] for k in labels) if isinstance(n, int)]
    if len(sizes) < len(labels):
        raise Unknown
    flat = (math.prod(sizes), *[shape[k] for k in rest])
    values = reshape(graph, transposed(graph, values, [*labels, *rest]), flat)
    places = np.unravel_index(np.arange(flat[0]), sizes) if flat[0] else [np.zeros(0, np.intp)] * len(sizes)
    at: dict[Label, Along] = {k: Along(0, told(p)) for k, p in zip(labels, places, strict=True)}
    at |= {k: all_of(n + 1, shape[k]) for n, k in enumerate(rest)}
    moved = [[_along(a, at) for a in given] for given in (axes, found)]
    return values, moved[0], moved[1]


def _along(axis: Along, at: dict[Label, Along]) -> Along:
    if axis.label is None:
        return axis
    new = at[axis.label]
    place = through(axis.at, new.at)
    return Along(None, place) if isinstance(place, int) else Along(new.label, place)


def _split(axes: Sequence[Along], shape: Sequence[int], new: Sequence[int]) -> list[Along]:
    """Places of axes along one label at most as those of other axes of as many entries."""
    label = next((a.label for a in axes if a.label is not None), None)
    each = tuple([a.at if a.label is None else numbers(a.at) for a in axes])
    flat = np.ravel_multi_index(np.broadcast_arrays(*each), tuple(shape)) if each else np.intp(0)
    if label is None:
        return [Along(None, int(p)) for p in np.unravel_index(flat, tuple(new))]
    found = []
    for p in np.unravel_index(flat, tuple(new)):
        place = told(p.astype(np.intp))
        constant = len(p) and bool(np.all(p == p[0]))
        found.append(Along(None, int(p[0])) if constant else Along(label, place))
    return found
