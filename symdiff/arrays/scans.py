"""Scans: one node for all steps of a recurrence, whose value has a row for the start and one for each step.

A row holds the entries of the carries and then of what else a step gives, zeros at the start. Operands are the first
carries, the sequences, whose axis of steps comes first, and what is the same in every step; axes in front of theirs
broadcast, as those of a batch do.
"""

from __future__ import annotations

from collections.abc import Sequence

from symdiff.arrays import filters, indexing
from symdiff.arrays.reading import ADD, PUT, shape_of
from symdiff.arrays.sums import add
from symdiff.errors import SymdiffValueError
from symdiff.graph import Graph
from symdiff.keys import Key, Place, Range, Where, taken_shape
from symdiff.loop_body import Body, Loop, offsets, width
from symdiff.ops import arrays
from symdiff.shapes import Shape, Size, broadcast, shown

SCAN = arrays.scan.opcode


def iterated(graph: Graph, loop: Loop, operands: Sequence[int]) -> int:
    """The node of a scan.

    Raises
    ------
    SymdiffValueError
        For operands whose axes in front do not broadcast.
    """
    width(loop.body.output_shapes())
    leads = [
        shape_of(graph, i)[: len(shape_of(graph, i)) - n] for i, n in zip(operands, loop.body.ranks(), strict=True)
    ]
    if broadcast(leads) is None:
        raise SymdiffValueError(f"axes in front of a scan's operands do not fit: {' and '.join(map(shown, leads))}")
    return graph.intern((SCAN, graph.static(loop.key, loop), *operands))


class Rows:
    """The rows of a scan, or of an adjoint of one: what of them is which output, as arrays of all steps."""

    def __init__(self, graph: Graph, rows: int, body: Body, length: Size) -> None:
        self.graph, self.rows = graph, rows
        self.shapes, self.starts, self.length = body.output_shapes(), offsets(body.output_shapes()), length
        self.front = shape_of(graph, rows)[:-2]

    def after(self, k: int, backwards: bool = False) -> int:
        """An output of each step."""
        return self._steps(k, Range(1, self.length), backwards)

    def before(self, k: int, backwards: bool = False) -> int:
        """A carry before each step."""
        return self._steps(k, Range(0, self.length), backwards)

    def last(self, k: int) -> int:
        """An output of the last step: the first carry where there is no step."""
        if isinstance(self.length, int):
            return self._cut(self.rows, k, self.length)
        turned = filters.backwards(self.graph, self.rows, len(self.front))
        return self._cut(turned, k, 0)

    def _steps(self, k: int, place: Range, backwards: bool) -> int:
        found = self._cut(self.rows, k, place)
        return filters.backwards(self.graph, found, len(self.front)) if backwards else found

    def _cut(self, rows: int, k: int, place: Place) -> int:
        """An output of some steps in its shape."""
        graph, shape = self.graph, self.shapes[k]
        columns: Place = Range(self.starts[k], width([shape])) if shape else self.starts[k]
        front = tuple([Range(0, n) for n in self.front])
        found = _taken(graph, rows, (*front, place, columns))
        time: Shape = () if isinstance(place, int) else (self.length,)
        return indexing.reshape(graph, found, (*self.front, *time, *shape)) if len(shape) > 1 else found


def _taken(graph: Graph, i: int, key: Key) -> int:
    """A block: of a sum of blocks the sum of those parts of them that are in it, so that what is zero stays so."""
    node = graph.nodes[i]
    if node[0] == PUT:
        return indexing.take(graph, _forwards(graph, i), key)
    if node[0] != ADD or i not in graph.shapes or not any(graph.nodes[t][0] == PUT for t in node[1:]):
        return indexing.take(graph, i, key)
    parts = [indexing.take(graph, _forwards(graph, t), key) for t in node[1:]]
    return add(graph, parts, taken_shape(key, graph.shapes[i]))


def _forwards(graph: Graph, i: int) -> int:
    """Blocks put into zeros, those that are put backwards turned round first."""
    node = graph.nodes[i]
    if node[0] != PUT:
        return i
    where: Where = graph.leaves[node[1]]
    blocks, keys = [], []
    for block, key in zip(node[2:], where.keys, strict=True):
        left, axis = list(key), 0
        for k, place in enumerate(key):
            if isinstance(place, Range) and place.step == -1 and isinstance(place.count, int) and place.count:
                block = filters.backwards(graph, block, axis)
                left[k] = Range(place.start - place.count + 1, place.count)
            axis += not isinstance(place, int)
        blocks.append(block)
        keys.append(tuple(left))
    return i if tuple(keys) == where.keys else indexing.put_blocks(graph, blocks, tuple(keys), where.shape)
