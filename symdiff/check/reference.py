"""The reference of a cross-check: derivatives by differences of the value at high precision.

Steps of 2**-170 and so many digits that nothing is lost by them: 50 digits are
left. It shares no rule with the library, and it knows kinks and the edges of
the domain without knowing the operations: there the sides disagree.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import product
from typing import Any, NamedTuple

from symdiff.algebra.evaluate import evaluate, node_values
from symdiff.check.methods import DIGITS, Case, Key
from symdiff.modes.backpropagation import node_adjoints

STEP_BITS = 170
_RESULT_BITS = 240
_SCALE_BITS = 2000  # precision limit that very large and very small numbers in a point may add, in bits
NOT_FINITE = "the value is not finite"

Offsets = tuple[tuple[int, int], ...]  # offsets: how many steps in which variable


class Reference(NamedTuple):
    """A derivative at high precision, and why it is not one where the function has none."""

    value: Any
    reason: str = ""


def weights(key: Key) -> list[tuple[Offsets, int]]:
    """The forward difference of a key: the steps at which the function is needed, and its weight there."""
    counts = [(k, key.count(k)) for k in dict.fromkeys(key)]
    found = []
    for steps in product(*[range(n + 1) for _, n in counts]):
        sign = (-1) ** (len(key) - sum(steps))
        weight = math.prod(math.comb(n, m) for (_, n), m in zip(counts, steps, strict=True))
        found.append((tuple((k, m) for (k, _), m in zip(counts, steps, strict=True) if m), sign * weight))
    return found


class Steps:
    """The points a few tiny steps away from a point, at a precision that bears them."""

    def __init__(self, case: Case, order: int) -> None:
        import mpmath

        self.case = case
        mags = [int(mpmath.mag(x)) if x else 0 for x in case.point]
        far = min(max(map(abs, mags), default=0), _SCALE_BITS)
        self.precision = _RESULT_BITS + max(order, 1) * (STEP_BITS + 10 + far)
        self.sizes = [mpmath.ldexp(1, min(mag, 0) - STEP_BITS) for mag in mags]

    def point(self, offsets: Offsets, shrink: int = 0) -> dict[Any, Any]:
        """The point with so many steps in some variables, each halved `shrink` times."""
        import mpmath

        values = [mpmath.mpf(x) for x in self.case.point]
        for k, steps in offsets:
            values[k] += mpmath.ldexp(steps * self.sizes[k], -shrink)
        return self.case.at(values)

    def width(self, key: Key, signs: Sequence[int], shrink: int = 0) -> Any:
        """What a difference is divided by."""
        import mpmath

        return mpmath.ldexp(mpmath.fprod(signs[k] * self.sizes[k] for k in key), -shrink * len(key))


class _Grid(Steps):
    """The values of a function there, each computed once."""

    def __init__(self, case: Case) -> None:
        super().__init__(case, case.order)
        self.known: dict[tuple[Offsets, int], Any] = {}

    def value(self, offsets: Offsets, shrink: int = 0) -> Any:
        place = (offsets, shrink)
        if place not in self.known:
            self.known[place] = evaluate(self.case.f, self.point(offsets, shrink))
        return self.known[place]

    def difference(self, key: Key, signs: Sequence[int], shrink: int = 0) -> Any:
        total = 0
        for offsets, weight in weights(key):
            total += weight * self.value(tuple((k, signs[k] * m) for k, m in offsets), shrink)
        return total / self.width(key, signs, shrink)


def fifty_digits(case: Case) -> dict[Key, Reference]:
    """The derivatives by differences, trusted where those to the right, to the left and askew agree."""
    import mpmath

    grid = _Grid(case)
    found: dict[Key, Reference] = {}
    with mpmath.mp.workprec(grid.precision):
        value = grid.value(())
        for key in case.keys:
            found[key] = _derivative(grid, key, value, found) if key else Reference(value)
    with mpmath.mp.workdps(DIGITS):
        return {key: Reference(v if isinstance(v, bool) else +v, reason) for key, (v, reason) in found.items()}


def _derivative(grid: _Grid, key: Key, value: Any, lower: dict[Key, Reference]) -> Reference:
    import mpmath

    if isinstance(value, bool) or not mpmath.isfinite(value):
        return Reference(mpmath.nan, NOT_FINITE)
    count = len(grid.case.point)
    askew = {k: (-1) ** n for n, k in enumerate(dict.fromkeys(key))}
    sides = [[1] * count, [-1] * count]
    if len(askew) > 1:
        sides.append([askew.get(k, 1) for k in range(count)])
    found = [grid.difference(key, signs) for signs in sides]
    right, left = found[0], found[1]
    noise = mpmath.mpf(10) ** (-DIGITS // 2) * max(1, abs(value))
    allowed = noise + abs(right) * mpmath.mpf(10) ** -25
    exists = all(mpmath.isfinite(d) and abs(d - right) <= allowed for d in found)
    if exists and abs(right) > max(1, abs(value)) * 10**15:  # suspect a jump, divided by the step
        exists = abs(grid.difference(key, sides[0], 20) - right) <= allowed
    if not exists:
        text = f"{mpmath.nstr(left, 5)} from the left, {mpmath.nstr(right, 5)} from the right"
        return Reference((left + right) / 2, f"no derivative here: {text}")
    if any(lower[part].reason for part in _parts(key) if part in lower):
        return Reference(right, "no derivative here: one of lower order is missing")
    return Reference(mpmath.mpf(0) if abs(right) < noise else right)


def _parts(key: Key) -> list[Key]:
    """The keys of one order less."""
    return [key[:k] + key[k + 1 :] for k in range(len(key))]


# -- what judgement needs besides -----------------------------------------------------------


def at_border(case: Case) -> bool:
    """Whether a comparison within has equal sides, so that the branch taken decides."""
    values = node_values(case.f, case.at(case.point))
    pairs = [[values[a] for a in node.args] for node in values if node.op is not None and node.op.boolean]
    return any(len(pair) == 2 and not isinstance(pair[0], bool) and pair[0] == pair[1] for pair in pairs)


def rounding(case: Case) -> dict[Key, float]:
    """How far floats may be off by rounding alone: eps times the sum of |adjoint · value| of all nodes.

    Higham, *Accuracy and Stability of Numerical Algorithms*, 2nd ed., section 3.3.
    """
    found = {}
    point = case.at(case.point)
    for key, expr in case.derivatives.items():
        values = node_values(expr, point)
        adjoints = node_adjoints(expr, point)
        total = sum(abs(adjoint * values[node]) for node, adjoint in adjoints.items())
        found[key] = 8 * 2.0**-52 * total if math.isfinite(total) else 0.0
    return found


def is_complex(case: Case) -> bool:
    """Whether values on the way to the result are complex at high precision."""
    return any(bool(getattr(value, "imag", 0)) for value in _precise_values(case, ()))


def kink_at_complex(case: Case) -> str:
    """The first operation with a kink whose operand is complex, where its rule for real numbers says nothing."""
    import mpmath

    try:
        with mpmath.mp.workdps(DIGITS):
            values = node_values(case.f, case.at([mpmath.mpf(x) for x in case.point]))
    except (AttributeError, NotImplementedError, TypeError, ValueError):
        return ""
    for node in values:
        if node.op is not None and node.op.kinks and any(getattr(values[a], "imag", 0) for a in node.args):
            return node.op.name
    return ""


def leaves_float_range(case: Case, key: Key) -> bool:
    """Whether a number on the way to the value or to a derivative is too large or too small for a float."""
    import mpmath

    tiny, huge = mpmath.mpf(2) ** -1022, mpmath.mpf(2) ** 1024
    for value in _precise_values(case, ()) + (_precise_values(case, key) if key else []):
        size = abs(value) if not isinstance(value, bool) and mpmath.isfinite(value) else 1
        if size >= huge or 0 < size < tiny:
            return True
    return False


def _precise_values(case: Case, key: Key) -> list[Any]:
    import mpmath

    try:
        with mpmath.mp.workdps(DIGITS):
            return list(node_values(case.derivatives[key], case.at([mpmath.mpf(x) for x in case.point])).values())
    except (AttributeError, NotImplementedError, TypeError, ValueError):
        return []
