"""An adjoint on its way through one node: what the pullback of every operation works with."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from symdiff.arrays.contraction import fresh, zeros
from symdiff.arrays.products import product
from symdiff.arrays.reading import shape_of
from symdiff.graph import Graph
from symdiff.keys import Key, Range
from symdiff.rules import Rules
from symdiff.shapes import Shape, Size

Label = Any
Contribution = tuple[int, int]  # an operand and what its adjoint gets
Contributions = Iterator[Contribution]
Wanted = Callable[[int], bool]

Sweep = Callable[[Graph, int, int, Shape, Sequence[int]], "list[int | None]"]


class Pullback:
    """An adjoint on its way through one node."""

    def __init__(self, graph: Graph, rules: Rules, node: int, adjoint: int, front: Shape, sweep: Sweep) -> None:
        self.sweep = sweep
        self.graph = graph
        self.rules = rules
        self.i = node
        self.node = graph.nodes[node]
        self.adjoint = adjoint
        self.lead = fresh(len(front))  # labels of the axes in front
        self.own = fresh(len(shape_of(graph, node)))  # labels of the node's axes
        self.front = front
        self.sizes: dict[Label, Size] = dict(zip(self.lead, front, strict=True))
        self.sizes.update(zip(self.own, shape_of(graph, node), strict=True))

    def contract(self, factors: Sequence[Any], result: Sequence[Label], coefficient: Any = 1) -> int:
        """A contraction with the axes in front."""
        return product(self.graph, factors, (*self.lead, *result), self.sizes, coefficient)

    def through(self, other: int, operand: int) -> int:
        """What the adjoint gives to an operand of a node that has the same value."""
        found = self.sweep(self.graph, other, self.adjoint, self.front, [operand])[0]
        full = self.front + shape_of(self.graph, operand)
        return zeros(self.graph, full) if found is None else found

    def whole_key(self) -> Key:
        """The key of the axes in front: all of each."""
        return tuple([Range(0, n) for n in self.front])
