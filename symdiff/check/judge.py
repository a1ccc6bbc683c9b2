"""Results held against the reference: what is right, what is wrong, and what can't be compared and why."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from symdiff.check import methods, reference
from symdiff.check.methods import Case, Difference, Key
from symdiff.check.reference import Reference
from symdiff.check.report import Row


def attempt(run: Callable[[Case], dict[Key, Any]], case: Case) -> dict[Key, Any]:
    """What a method finds; that it fails is a finding too."""
    try:
        return run(case)
    except Exception as error:
        return dict.fromkeys(case.keys, error)


class Judge:
    """Judges results at one point."""

    def __init__(self, case: Case, wanted: dict[Key, Reference], ours: dict[Key, Any], tolerance: float) -> None:
        self.case = case
        self.wanted = wanted
        self.ours = ours  # convention that our methods are held against where there is no derivative
        self.tolerance = tolerance
        found = attempt(reference.rounding, case)
        self.rounding = {key: size for key, size in found.items() if isinstance(size, float)}
        self.complex = reference.is_complex(case)
        self.border = reference.at_border(case)
        self._sizes = _largest_below(wanted)

    def own_row(self, name: str, key: Key, point: int = 0) -> Row:
        """The row of the reference itself."""
        value, reason = self.wanted[key]
        value = _bare(value)
        return Row(name, self.quantity(key), value, value, None if reason else 0.0, True, reason, point)

    def row(self, method: str, key: Key, value: Any, point: int = 0) -> Row:
        """The row of a method."""
        error, ok, note = self._verdict(method, key, value)
        failed = isinstance(value, (str, Exception))
        return Row(
            method, self.quantity(key), None if failed else _bare(value), self._against(method, key), error, ok, note,
            point,
        )  # fmt: skip

    def _follows_convention(self, method: str, key: Key) -> bool:
        """Whether a result is held against ours: no derivative here, or one that hangs on the branch taken."""
        inside = method not in methods.OUTSIDE
        return inside and bool(self.wanted[key].reason or (self.border and key))

    def _against(self, method: str, key: Key) -> Any:
        ours = self._follows_convention(method, key) and self.wanted[key].reason != reference.NOT_FINITE
        return self.ours.get(key) if ours else _bare(self.wanted[key].value)

    def _verdict(self, method: str, key: Key, value: Any) -> tuple[float | None, bool, str]:
        if isinstance(value, str):
            return None, True, value
        if isinstance(value, Exception):
            return None, False, f"raises {type(value).__name__}: {value}"
        reason, outside = self.wanted[key].reason, method in methods.OUTSIDE
        if reason == reference.NOT_FINITE or (reason and outside):
            return None, True, self._kink_note(method, reason)
        wanted = self._against(method, key)
        if isinstance(wanted, Exception):
            return None, False, f"the symbolic derivative raises {type(wanted).__name__}: {wanted}"
        allowed = self._allowed(key, value)
        value = _bare(value)
        if outside and not (_finite(wanted) and _finite(value)):
            return None, True, "no finite value here"
        if not outside and value != value and (self.complex or bool(getattr(wanted, "imag", 0))):
            return None, True, "floats are nan where values become complex"
        if reason and not (_finite(value) or _finite(wanted)):
            return 0.0, True, ""
        distance, size = _distance(value, wanted), _size(wanted)
        error = distance / size if size > 0 else distance
        if distance == 0 or distance <= max(allowed, self.tolerance if size == 0 else 0.0, 1e-300):
            return error, True, ""
        excuse = self._excuse(method, key, value)
        return (None, True, excuse) if excuse else (error, False, "")

    def _allowed(self, key: Key, value: Any) -> float:
        """How far a result may be off."""
        wanted = self.wanted[key].value
        cancellation = 8 * 2.0**-52 * self._sizes[len(key)]
        allowed = self.tolerance * _size(wanted) + self.rounding.get(key, 0.0) + cancellation
        for estimate in (wanted, value):
            if isinstance(estimate, Difference):
                allowed += 4 * estimate.error + 1e-5 * _size(estimate.value)
        return allowed

    def _excuse(self, method: str, key: Key, value: Any) -> str:
        """Why a result that is off is not wrong."""
        outside = method in methods.OUTSIDE
        if method == "differences" and methods.is_coarse(self.case, key, value):
            return "the step is too coarse here"
        if outside and self.border:
            return "a comparison has equal sides: the branch counts"
        kinked = reference.kink_at_complex(self.case) if self.complex and key else ""
        if kinked:
            return f"{kinked} of a complex number has no derivative"
        if not outside and not _finite(value) and reference.leaves_float_range(self.case, key):
            return "numbers on the way leave the range of floats"
        return ""

    @staticmethod
    def _kink_note(method: str, reason: str) -> str:
        if method == "SymPy" and reason != reference.NOT_FINITE:
            return f"{reason}; SymPy has a convention of its own"
        return reason

    def quantity(self, key: Key) -> str:
        """f, ∂f/∂x, ∂²f/∂x∂y, ∂²f/∂x²."""
        return quantity(self.case, key)


def quantity(case: Case, key: Key) -> str:
    """The name of a derivative."""
    if not key:
        return "f"
    names = [f"∂{case.variables[k]._cell.name}{_power(key.count(k))}" for k in dict.fromkeys(key)]
    return f"∂{_power(len(key))}f/{''.join(names)}"


def _power(n: int) -> str:
    return "" if n == 1 else "⁰¹²³⁴"[n]


def _largest_below(wanted: dict[Key, Reference]) -> dict[int, float]:
    """For each order the largest derivative of lower order: parts of that size cancel in it."""
    highest = max(map(len, wanted), default=0)
    largest = [0.0] * (highest + 1)
    for key, found in wanted.items():
        if not found.reason:
            largest[len(key)] = max(largest[len(key)], _size(found.value))
    return {order: max(largest[:order], default=0.0) for order in range(highest + 1)}


def _bare(value: Any) -> Any:
    return value.value if isinstance(value, Difference) else value


def _size(value: Any) -> float:
    """The magnitude by which errors are divided; 0 for what has none."""
    value = _bare(value)
    return 0.0 if value is None or not _finite(value) else float(abs(value))


def _finite(value: Any) -> bool:
    import mpmath

    return value is not None and bool(mpmath.isfinite(value))


def _distance(a: Any, b: Any) -> float:
    """How far two numbers are apart; 0 where they are the same float, also inf and nan."""
    import mpmath

    x, y = _as_float(a), _as_float(b)
    if x == y or (x != x and y != y):
        return 0.0
    if not (_finite(a) and _finite(b)):
        return math.inf
    with mpmath.mp.workdps(methods.DIGITS):
        far = abs(mpmath.mpmathify(a) - mpmath.mpmathify(b))
    return float(far)


def _as_float(value: Any) -> Any:
    return complex(value) if getattr(value, "imag", 0) else float(value.real)
