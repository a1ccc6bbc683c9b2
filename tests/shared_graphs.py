"""Random graphs of several variables and results, whose nodes are used several times, on paths of different lengths."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

import symdiff as sd

steady = settings(
    derandomize=True, database=None, max_examples=60, deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)  # fmt: skip

FORMULAS = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "neg": lambda a: -a,
    "scaled": lambda a: Fraction(3, 2) * a,
    "square": lambda a: a**2,
    "cube": lambda a: a**3,
    "abs": sd.abs,
    "relu": sd.relu,
    "maximum": sd.maximum,
    "where": lambda a, b, c, d: sd.where(a < b, c, d),
    "guarded": lambda a, b: sd.where(a > 0, b * a, b - a),
    "exp_times": lambda a, b: sd.exp(sd.sin(a) - sd.sin(b)) * a,
    "sin": sd.sin,
    "tanh": sd.tanh,
    "exp": lambda a: sd.exp(sd.cos(a)),
    "quotient": lambda a, b: a / (b**2 + 1),
    "atan2": lambda a, b: sd.atan2(a, sd.cosh(b)),
    "power": lambda a, b: (sd.sin(a) + 2) ** sd.cos(b),
    "hypot": lambda a: sd.hypot(a + 1, a + 1),
    "logaddexp": sd.logaddexp,
}
ARITY = {"abs": 1, "relu": 1, "maximum": 2, "sin": 1, "tanh": 1, "logaddexp": 2}
EXACT = ("add", "sub", "mul", "neg", "scaled", "square", "cube", "abs", "relu", "maximum", "where", "guarded")
SMOOTH = tuple(name for name in FORMULAS if name not in ("abs", "relu", "maximum", "where", "guarded"))


class Recipe(NamedTuple):
    """What to build: the same results can be built in several graphs."""

    inputs: int
    steps: tuple[tuple[str, tuple[int, ...]], ...]
    outputs: int

    def build(self) -> tuple[list[Any], list[Any]]:
        """The results, the last nodes made, and the variables."""
        xs = [sd.Var(name) for name in "xyzuv"[: self.inputs]]
        return self.applied(xs)[-self.outputs :], xs

    def applied(self, inputs: Sequence[Any]) -> list[Any]:
        """Some inputs, and the operations on them."""
        nodes = list(inputs)
        for name, operands in self.steps:
            nodes.append(FORMULAS[name](*[nodes[k] for k in operands]))
        return nodes

    def along(self, xs: Sequence[Any], count: int) -> list[list[Any]]:
        """The same applied to as many windows of a row of variables."""
        return [self.applied(xs[k : k + self.inputs]) for k in range(count)]


def recipes(names: tuple[str, ...], most: int = 10, outputs: int = 3) -> Any:
    """Operations on earlier nodes, mostly late ones, so that they are shared."""
    return st.composite(_recipe)(names, most, outputs)


def _recipe(draw: Any, names: tuple[str, ...], most: int, outputs: int) -> Recipe:
    inputs = draw(st.integers(1, 4))
    steps: list[tuple[str, tuple[int, ...]]] = []
    for _ in range(draw(st.integers(2, most))):
        name = draw(st.sampled_from(names))
        arity = ARITY[name] if name in ARITY else FORMULAS[name].__code__.co_argcount
        size = inputs + len(steps)
        near = st.integers(max(0, size - 4), size - 1)
        steps.append((name, tuple(draw(st.one_of(near, st.integers(0, size - 1))) for _ in range(arity))))
    return Recipe(inputs, tuple(steps), draw(st.integers(1, outputs)))


fractions = st.sampled_from([0, 1, -1, 2, 3, Fraction(1, 2), Fraction(-1, 2), Fraction(3, 4), Fraction(-5, 3)])
points = st.tuples(*[fractions] * 5)
POINT = (0.3, -0.7, 1.1, 0.55, -1.3)


def small_numbers(fs: list[Any], point: dict[Any, Any], bits: int = 300) -> bool:
    """Whether no Fraction on the way is huge."""
    values = [v for f in fs for v in f.node_values(point).values() if not isinstance(v, bool)]
    return max(v.denominator.bit_length() + v.numerator.bit_length() for v in values) < bits
