"""What a loop does in a step: a closed program over variables of its own, the parameter of a scan.

Its inputs are the carries, a row of each sequence, and what is the same in every step; its outputs the carries after
the step, then what else a step gives. Bodies are equal where they compute the same, whatever their variables are
called.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from symdiff.errors import SymdiffValueError
from symdiff.graph import VAR, Graph
from symdiff.records import record
from symdiff.shapes import Shape, Size, plus, shown


class Body:
    """A program of one step."""

    __slots__ = ("carries", "graph", "inputs", "key", "outputs", "sequences")

    def __init__(
        self, graph: Graph, inputs: Sequence[int], outputs: Sequence[int], carries: int, sequences: int
    ) -> None:
        self.graph = graph
        self.inputs, self.outputs = tuple(inputs), tuple(outputs)
        self.carries, self.sequences = carries, sequences  # counts; inputs behind them are the same in every step
        self.key = _digest(self)

    def input_shapes(self) -> list[Shape]:
        """The shapes of the inputs."""
        return [self.graph.shapes.get(i, ()) for i in self.inputs]

    def output_shapes(self) -> list[Shape]:
        """The shapes of the outputs."""
        return [self.graph.shapes.get(i, ()) for i in self.outputs]

    def ranks(self) -> list[int]:
        """How many axes each operand of a loop has at the end that are its own: sequences have one for the steps."""
        first, last = self.carries, self.carries + self.sequences
        return [len(shape) + (first <= k < last) for k, shape in enumerate(self.input_shapes())]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Body) and other.key == self.key

    def __hash__(self) -> int:
        return hash(self.key)


class Loop(NamedTuple):
    """The parameter of a scan: its body, the number of steps, and whether its adjoint keeps no more than carries."""

    body: Body
    length: Size
    checkpoint: bool = False

    @property
    def key(self) -> str:
        """What tells it from others."""
        return f"loop {self.body.key} {self.length}{' checkpoint' * self.checkpoint}"


def width(shapes: Sequence[Shape]) -> Size:
    """The number of entries that outputs have in a row.

    Raises
    ------
    SymdiffValueError
        For named sizes of which that is no number, and not the one size there is.
    """
    if len(shapes) == 1 and len(shapes[0]) == 1:
        return shapes[0][0]
    return sum([_count(shape) for shape in shapes])


def offsets(shapes: Sequence[Shape]) -> list[int]:
    """Where in a row each output begins."""
    found = [0]
    for shape in shapes[:-1]:
        found.append(found[-1] + _count(shape))
    return found


def _count(shape: Shape) -> int:
    if any(isinstance(n, str) for n in shape):
        raise SymdiffValueError(
            f"a scan whose steps give several results, or arrays of several axes, needs numbers for their sizes, not "
            f"those of shape {shown(shape)}"
        )
    return math.prod([int(n) for n in shape])


def steps(length: Size) -> Size:
    """The number of rows: the start, and one for each step."""
    return plus(length, 1)


def _digest(body: Body) -> str:
    """What tells a body from others: a hash of its nodes by the names of their operations."""
    graph = body.graph
    place = {i: k for k, i in enumerate(body.inputs)}
    found: dict[int, bytes] = {}
    for i in graph.cone([*body.inputs, *body.outputs]):
        node = graph.nodes[i]
        if i in place:
            what: list[Any] = [f"input {place[i]} {graph.shapes.get(i, ())} {graph.leaves[i].kind}".encode()]
        elif node[0] <= VAR:
            what = [repr(node).encode()]
        else:
            what = [record(node[0]).name.encode(), *[found[j] for j in node[1:]]]
        found[i] = hashlib.blake2b(b"|".join(what), digest_size=16).digest()
    ends = [f"{body.carries} {body.sequences} {len(body.inputs)}".encode(), *[found[i] for i in body.outputs]]
    shapes = repr([(graph.leaves[i].shape, graph.leaves[i].kind) for i in body.inputs]).encode()
    return hashlib.blake2b(b"|".join([shapes, *ends]), digest_size=16).hexdigest()
