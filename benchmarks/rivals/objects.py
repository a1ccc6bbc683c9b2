"""A graph of Python objects that carry their values, as small teaching engines have it: the floor to stand on."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from benchmarks.case import Problem
from benchmarks.rivals.base import Rival


class Value:
    """A number that knows what it was made of, and how to pass its slope on."""

    def __init__(self, data: float, sources: tuple[Value, ...] = ()) -> None:
        self.data = data
        self.slope = 0.0
        self.sources = sources
        self.pass_on: Callable[[], None] = lambda: None

    def __add__(self, other: Any) -> Value:
        other = _value(other)
        result = Value(self.data + other.data, (self, other))

        def pass_on() -> None:
            self.slope += result.slope
            other.slope += result.slope

        result.pass_on = pass_on
        return result

    def __mul__(self, other: Any) -> Value:
        other = _value(other)
        result = Value(self.data * other.data, (self, other))

        def pass_on() -> None:
            self.slope += other.data * result.slope
            other.slope += self.data * result.slope

        result.pass_on = pass_on
        return result

    def __sub__(self, other: Any) -> Value:
        return self + _value(other) * -1.0

    __radd__, __rmul__ = __add__, __mul__

    def __rsub__(self, other: Any) -> Value:
        return self * -1.0 + other


def _value(x: Any) -> Value:
    return x if isinstance(x, Value) else Value(x)


class Objects(Rival):
    """Sums, products and tanh: enough for a network."""

    @staticmethod
    def tanh(x: Value) -> Value:
        result = Value(math.tanh(x.data), (x,))

        def pass_on() -> None:
            x.slope += (1 - result.data**2) * result.slope

        result.pass_on = pass_on
        return result

    def build(self, write: Any, count: int) -> Problem:
        return self._at(write, [0.0] * count)

    def _at(self, write: Any, point: Any) -> Problem:
        xs = [Value(float(value)) for value in point]
        return Problem([*write(self, xs), write], xs)

    def backpropagation(self, problem: Problem, point: Any) -> Callable[[], Any]:
        """Graphs of this kind hold values, so that the one at the point is built here; a step is the way back."""
        here = self._at(problem.outputs[-1], point)
        output, inputs = here.outputs[0], here.inputs

        def step() -> Any:
            _backward(output)
            return [x.slope for x in inputs]

        return step


def _backward(output: Value) -> None:
    order: list[Value] = []
    seen: set[int] = set()
    stack = [(output, False)]
    while stack:
        node, done = stack.pop()
        if done:
            order.append(node)
        elif id(node) not in seen:
            seen.add(id(node))
            node.slope = 0.0
            stack.append((node, True))
            stack.extend((source, False) for source in node.sources)
    output.slope = 1.0
    for node in reversed(order):
        node.pass_on()
