"""Blocks along the same diagonals as one block: without it, blocks of blocks of stencils grow without end."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from symdiff.arrays.indexing import put
from symdiff.arrays.reading import shape_of
from symdiff.arrays.sparse_blocks.coordinates import Along, Block, Unknown, lesser
from symdiff.arrays.sums import add
from symdiff.graph import Graph
from symdiff.keys import Range
from symdiff.shapes import Shape, Size, plus


class Span(NamedTuple):
    """For each label where it starts on the first axis that it is along, and where it ends."""

    starts: tuple[int, ...]
    ends: tuple[Size, ...]

    @property
    def shape(self) -> Shape:
        """How many numbers the labels stand for."""
        return tuple([plus(end, -start) for start, end in zip(self.starts, self.ends, strict=True)])

    def join(self, other: Span) -> Span:
        """The least span that holds both.

        Raises
        ------
        Unknown
            Where that depends on what names of sizes stand for.
        """
        starts = tuple(map(min, self.starts, other.starts))
        return Span(starts, tuple([a if lesser(a, b) == b else b for a, b in zip(self.ends, other.ends, strict=True)]))


def along_diagonals(graph: Graph, read: Sequence[Block]) -> list[Block]:
    """The blocks, those that overlap on one diagonal as one, with zeros where one has no values."""
    found: list[Block] = []
    groups: dict[Any, list[tuple[Span, list[tuple[Block, Span]]]]] = {}
    for block in read:
        told = _diagonal(block.axes, shape_of(graph, block.values))
        if told is None:
            found.append(block)
            continue
        name, span = told
        group = groups.setdefault(name, [])
        for k, (held, members) in enumerate(group):
            both = _together(held, span)
            if both is not None:
                group[k] = both, [*members, (block, span)]
                break
        else:
            group.append((span, [(block, span)]))
    return found + [_joined(graph, span, members) for group in groups.values() for span, members in group]


def _joined(graph: Graph, span: Span, members: Sequence[tuple[Block, Span]]) -> Block:
    """Blocks on one diagonal as one block of a span that holds them."""
    (block, own), *rest = members
    if not rest:
        return block
    values = _extended(graph, [(b.values, s) for b, s in members], span)
    return Block(values, _moved(block.axes, own, span))


def _diagonal(axes: Sequence[Along], shape: Shape) -> tuple[Any, Span] | None:
    """The diagonal that a block is along, and its span there; None for steps and tables."""
    starts: dict[int, int] = {}
    offsets: list[Any] = []
    for label, at in axes:
        if label is None:
            offsets.append(at)
        elif isinstance(at, Range) and at.step == 1:
            offsets.append((label, at.start - starts.setdefault(label, at.start)))
        else:
            return None
    if len(starts) < len(shape):
        return None
    first = tuple([starts[k] for k in range(len(shape))])
    return tuple(offsets), Span(first, tuple([plus(n, s) for n, s in zip(shape, first, strict=True)]))


def _together(a: Span, b: Span) -> Span | None:
    """The span of two blocks as one, None where that has more entries than they have."""
    try:
        both = a.join(b)
    except Unknown:
        return None
    counts = [[n for n in span.shape if isinstance(n, int)] for span in (a, b, both)]
    if all(len(numbers) == len(a.starts) for numbers in counts):
        return both if math.prod(counts[2]) <= math.prod(counts[0]) + math.prod(counts[1]) else None
    return both if both in (a, b) or _touch(a, b) else None


def _touch(a: Span, b: Span) -> bool:
    """Whether two spans differ in one label at most, without a gap there."""
    differ = [k for k in range(len(a.starts)) if (a.starts[k], a.ends[k]) != (b.starts[k], b.ends[k])]
    if len(differ) > 1:
        return False
    return all(isinstance(n, str) for k in differ for n in (a.shape[k], b.shape[k]))


def _extended(graph: Graph, values: Sequence[tuple[int, Span]], span: Span) -> int:
    """The values of blocks on one diagonal as those of one block, with zeros where one has none."""
    placed = []
    for i, own in values:
        starts = [s - first for s, first in zip(own.starts, span.starts, strict=True)]
        placed.append(put(graph, i, tuple([Range(s, n) for s, n in zip(starts, own.shape, strict=True)]), span.shape))
    return add(graph, placed, span.shape)


def _moved(axes: Sequence[Along], old: Span, new: Span) -> tuple[Along, ...]:
    """The axes of a block with another span on the same diagonal."""
    found = []
    for axis in axes:
        if axis.label is not None:
            shift = new.starts[axis.label] - old.starts[axis.label]
            axis = Along(axis.label, Range(axis.at.start + shift, new.shape[axis.label]))
        found.append(axis)
    return tuple(found)
