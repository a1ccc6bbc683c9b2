"""The reference of a cross-check: derivatives by differences of the value at high precision.

It shares no rule with the library, and it knows kinks and the edges of the domain without knowing the
operations: there the sides disagree. Steps are relative to the point and have guard digits beyond them; a
number counts where two step sizes at two precisions, one to the right and one to the left, agree. Nothing
counts as zero but what is below the smallest float where rounding is too, and does not grow as steps shrink.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from itertools import product
from typing import Any, NamedTuple

from symdiff import ops
from symdiff.algebra.evaluate import evaluate
from symdiff.check.bounds import PRECISION
from symdiff.check.methods import DIGITS, Case, Key
from symdiff.check.number_text import number_text

AGREE_BITS = 120  # agreement of two steps, relative: the finer one is then right to 50 digits
APART = 64  # distance in bits between the two steps of a level
ZERO_BITS = -1080  # exponent below that of the smallest float
NOT_FINITE = "the value is not finite"
CONDITION = "a condition has no derivative"
NOT_SETTLED = "two precisions do not agree"

Offsets = tuple[tuple[int, int], ...]  # offsets: how many steps in which variable
Function = Callable[[Sequence[Any]], Any]


class Reference(NamedTuple):
    """A derivative at high precision, and why it is not one where the function has none.

    `by` is the method it comes from. `missing`: that there is no number is the reference's own fault.
    """

    value: Any
    reason: str = ""
    by: str = "50 digits"
    missing: bool = False


class Level(NamedTuple):
    """The sizes of steps and precision of one attempt, in bits."""

    step: int  # exponent of the coarser step; the finer one has APART more
    guard: int  # guard bits beyond what the steps take; with fewer than -ZERO_BITS rounding hides zeros
    absolute: bool  # flag: steps of large numbers are so small beside 1


LEVELS = (
    Level(170, 240, False),  # level of most numbers
    Level(170, 1300, False),  # level of zeros, and of what is tiny beside the value
    Level(1200, 1300, True),  # level of zeros at which a slope changes its sign, of poles, of sin(x) at 1e100
    Level(2600, 1300, True),  # level of zeros at a vertical tangent of the slope
)


STAIRS = frozenset((ops.floor, ops.ceil, ops.trunc, ops.rint, ops.mod, ops.fmod, ops.floor_divide))
WAVES = frozenset(("sin", "cos", "tan", "cot", "sinc", "spherical_jn"))  # names of records, or of mpmath's functions
_FLAT = 100  # bits above 1 from which on a step that is relative to the point may pass over many stairs or waves


def levels_of(operations: Iterable[Any], point: Sequence[Any], spread: int) -> Sequence[Level]:
    """The levels to try: the finer ones alone where a step may pass over so much that what is left looks like a slope.

    That of many stairs, or of a line beside which many waves, or a rise about 0, are nothing.
    """
    import mpmath

    wide = spread > _FLAT
    if not (wide or any(x and mpmath.mag(x) > _FLAT for x in point)):
        return LEVELS
    used = frozenset(operations)
    if not STAIRS.isdisjoint(used):
        return LEVELS[3:]
    waves = any(op.name in WAVES or (isinstance(op.mp, str) and op.mp in WAVES) for op in used)
    return LEVELS[2:] if waves or (wide and 0 in point) else LEVELS


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

    def __init__(self, point: Sequence[float], order: int, spread: int, level: Level = LEVELS[0]) -> None:
        import mpmath

        magnitudes = [int(mpmath.mag(x)) if x else 0 for x in point]
        large = max([0, *magnitudes]) if level.absolute else 0
        small = -min([0, *magnitudes])  # bits by which steps are below those of a point about 1
        self.start = point
        self.order = max(order, 1)
        self.spread = spread
        wanted = level.guard + self.order * (level.step + APART + 10 + large + small + spread)
        self.precision = min(wanted, PRECISION)
        self.sizes = [mpmath.ldexp(1, (min(m, 0) if level.absolute else m) - level.step) for m in magnitudes]

    def point(self, offsets: Offsets, shrink: int = 0) -> list[Any]:
        """The point with so many steps in some variables, each halved `shrink` times."""
        import mpmath

        values = [mpmath.mpf(x) for x in self.start]
        for k, steps in offsets:
            values[k] += mpmath.ldexp(steps * self.sizes[k], -shrink)
        return values

    def width(self, key: Key, signs: Sequence[int], shrink: int = 0) -> Any:
        """What a difference is divided by."""
        import mpmath

        return mpmath.ldexp(mpmath.fprod(signs[k] * self.sizes[k] for k in key), -shrink * len(key))


class _Grid(Steps):
    """The values of a function there, each computed once."""

    def __init__(self, function: Function, point: Sequence[float], order: int, spread: int, level: Level) -> None:
        super().__init__(point, order, spread, level)
        self.function = function
        self.level = level
        self.known: dict[tuple[Offsets, int], Any] = {}

    def value(self, offsets: Offsets, shrink: int = 0) -> Any:
        """The value so many steps away."""
        import mpmath

        place = (offsets, shrink)
        if place not in self.known:
            with mpmath.mp.workprec(self._bits(shrink)):
                self.known[place] = self.function(self.point(offsets, shrink))
        return self.known[place]

    def _bits(self, shrink: int) -> int:
        """The precision of steps that are halved so often: higher than they need.

        Else rounding, which is a few units of the last bit, would be the same after division by either step.
        """
        return self.precision + (self.order * shrink + APART if shrink else 0)

    def difference(self, key: Key, signs: Sequence[int], shrink: int = 0) -> Any:
        import mpmath

        with mpmath.mp.workprec(self._bits(shrink)):
            total = 0
            for offsets, weight in weights(key):
                total += weight * self.value(tuple((k, signs[k] * m) for k, m in offsets), shrink)
            return total / self.width(key, signs, shrink)

    def rounding(self, key: Key) -> Any:
        """How far rounding may take a difference, at the coarser step."""
        import mpmath

        largest = max(abs(value) for (_, shrink), value in self.known.items() if not shrink)
        width = abs(self.width(key, [1] * len(self.start)))
        return mpmath.ldexp(largest or 1, self.spread - self.precision) / width


class Differences:
    """The derivatives of a function of mpmath numbers at a point; levels are begun where they are needed."""

    def __init__(
        self, function: Function, point: Sequence[float], order: int, spread: int, levels: Sequence[Level] = LEVELS
    ) -> None:
        self._grids = [lambda level=level: _Grid(function, point, order, spread, level) for level in levels]
        self._count = len(point)
        self._made: dict[int, _Grid] = {}
        self._found: dict[Key, Reference] = {}

    def _grid(self, number: int) -> _Grid:
        if number not in self._made:
            self._made[number] = self._grids[number]()
        return self._made[number]

    def of(self, key: Key) -> Reference:
        """The value for (), else a derivative."""
        import mpmath

        if key not in self._found:
            found = self._derivative(key) if key else self._value()
            with mpmath.mp.workdps(DIGITS):
                self._found[key] = found._replace(value=found.value if isinstance(found.value, bool) else +found.value)
        return self._found[key]

    def _value(self) -> Reference:
        import mpmath

        for number in range(len(self._grids)):
            grid = self._grid(number)
            one, other = grid.value(()), grid.value((), APART)
            if isinstance(one, bool) or not mpmath.isfinite(one) or _agree(one, other):
                return Reference(other)
            if _is_zero(grid.rounding(())) and _is_zero(one) and _is_zero(other):
                return Reference(mpmath.mpf(0))
        return Reference(other, NOT_SETTLED, missing=True)

    def _derivative(self, key: Key) -> Reference:
        import mpmath

        value = self.of(()).value
        if isinstance(value, bool) or not mpmath.isfinite(value):
            return Reference(mpmath.nan, CONDITION if isinstance(value, bool) else NOT_FINITE)
        found = Reference(mpmath.nan, NOT_SETTLED, missing=True)
        for number in range(len(self._grids)):
            found = self._at_level(key, number)
            if not found.missing:
                break
        if not found.reason and any(self._found[part].reason for part in _parts(key) if part in self._found):
            return Reference(found.value, "no derivative here: one of lower order is missing")
        return found

    def _at_level(self, key: Key, number: int) -> Reference:
        """What the sides say at one level; `missing` where finer steps may say more."""
        import mpmath

        grid = self._grid(number)
        right, left = [1] * self._count, [-1] * self._count
        found = [grid.difference(key, right), grid.difference(key, left, APART)]
        if len(set(key)) > 1:
            askew = {k: (-1) ** n for n, k in enumerate(dict.fromkeys(key))}
            found.append(grid.difference(key, [askew.get(k, 1) for k in range(self._count)]))
        if all(map(mpmath.isfinite, found)):
            if any(found) and all(_agree(d, found[1]) for d in found):
                return Reference(found[1])
            if not any(found):  # doubt zeros of few digits
                sure = _is_zero(grid.rounding(key))
                return Reference(mpmath.mpf(0)) if sure else Reference(found[0], NOT_SETTLED, missing=True)
        sides = [(found[0], grid.difference(key, right, APART)), (grid.difference(key, left), found[1])]
        with mpmath.mp.workprec(grid.precision):
            if _vanish(sides, found[2:], grid.rounding(key)):
                return Reference(mpmath.mpf(0))
            settled = [_agree(*side) for side in sides]
            last = [side[1] for side in sides]
            apart = all(settled) and not _agree(*last)
            if apart or (grid.level.absolute and any(_diverges(*side) for side in sides)):
                text = f"{number_text(last[1], 5)} from the left, {number_text(last[0], 5)} from the right"
                return Reference((last[0] + last[1]) / 2, f"no derivative here: {text}")
        return Reference(found[0], NOT_SETTLED, missing=True)


def _agree(a: Any, b: Any) -> bool:
    import mpmath

    size = max(abs(a), abs(b))
    return bool(mpmath.isfinite(size) and abs(a - b) <= mpmath.ldexp(size, -AGREE_BITS))


def _is_zero(value: Any) -> bool:
    import mpmath

    return bool(mpmath.isfinite(value) and abs(value) < mpmath.ldexp(1, ZERO_BITS))


def _vanish(sides: Sequence[tuple[Any, Any]], askew: Sequence[Any], rounding: Any) -> bool:
    """Whether differences are those of a derivative that is 0, as they are or in the limit of smaller steps.

    Those of a function that the steps are too coarse for grow as steps shrink, however small they are.
    """
    import mpmath

    ends = [end for side in sides for end in side]
    if not (_is_zero(rounding) and all(map(mpmath.isfinite, ends))):
        return False
    if any(abs(fine) > 2 * max(abs(coarse), rounding) for coarse, fine in sides):
        return False
    return all(map(_is_zero, [*ends, *askew])) or all(_is_zero(_extrapolated(*side)) for side in sides)


def _extrapolated(coarse: Any, fine: Any) -> Any:
    """The limit of differences whose error is linear in the step (Richardson)."""
    import mpmath

    return fine + (fine - coarse) / (mpmath.ldexp(1, APART) - 1)


def _diverges(coarse: Any, fine: Any) -> bool:
    """Whether smaller steps make a difference larger without end: a jump, a vertical tangent, a pole."""
    import mpmath

    if not (mpmath.isfinite(coarse) and mpmath.isfinite(fine)):
        return True
    return bool(abs(fine) > 1000 * abs(coarse))


def _parts(key: Key) -> list[Key]:
    """The keys of one order less."""
    return [key[:k] + key[k + 1 :] for k in range(len(key))]


def fifty_digits(case: Case, spread: int) -> dict[Key, Reference]:
    """The derivatives of a case by differences, trusted where those to the right, to the left and askew agree.

    Parameters
    ----------
    case : the function and the point
    spread : how many bits apart the numbers on the way are
    """
    levels = levels_of([node.op for node in case.f.nodes() if node.op is not None], case.point, spread)
    found = Differences(lambda values: evaluate(case.f, case.at(values)), case.point, case.order, spread, levels)
    return {key: found.of(key) for key in case.keys}
