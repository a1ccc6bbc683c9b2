"""How far floats may be off by rounding alone, in a formula whose parts cancel; asked for only where they are off."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from symdiff.algebra.evaluate import node_values
from symdiff.check.distance import distance, finite
from symdiff.check.methods import Case, Key, Method
from symdiff.check.reference import Reference
from symdiff.modes.backpropagation import node_adjoints

EPS = 2.0**-52
BITS = (35, 37, 40, 42, 45, 47)  # precisions in bits that round more than floats do: in one alone errors may cancel
FINER = range(80, 1300, 120)  # precisions in bits that round less: one is fine enough for what floats lose whole
SEEN = 1e-45  # least relative error that the reference sees
SURE = 2560  # precision in bits at which a rule that is right leaves no error
LEFT = 1e-20  # tolerance there, relative
SAFETY = 32  # safety factor on what was found there, beside the rounding of one run


def condition(case: Case, key: Key) -> Any:
    """Eps times the sum of |adjoint · value| over all nodes of a derivative.

    Higham, *Accuracy and Stability of Numerical Algorithms*, 2nd ed., section 3.3.
    """
    total = _condition(case, key, case.point)
    if not math.isfinite(total):  # count by mpmath's numbers, of which none is too large
        import mpmath

        with mpmath.mp.workprec(53):
            total = _condition(case, key, tuple(map(mpmath.mpf, case.point)))
    return 8 * EPS * total if finite(total) else 0.0


def _condition(case: Case, key: Key, point: tuple[Any, ...]) -> Any:
    expr, at = case.derivatives[key], case.at(point)
    values, adjoints = node_values(expr, at), node_adjoints(expr, at)
    with np.errstate(all="ignore"):
        return sum(np.sum(abs(adjoint * values[node])) for node, adjoint in adjoints.items())


def sampled(case: Case, method: Method, wanted: Mapping[Key, Reference]) -> dict[Key, Any]:
    """The errors of a method in arithmetic of fewer bits, from operands off by as much, scaled to floats.

    That arithmetic has no range to leave, so what leaves the range of floats is not taken for rounding; and
    what a wrong rule adds does not grow with fewer bits, so it is not either.
    """
    import mpmath

    largest: dict[Key, Any] = {}
    for number, bits in enumerate(BITS):
        with mpmath.mp.workprec(2 * bits):
            moved = [mpmath.mpf(x) * (1 + (-1) ** number * mpmath.ldexp(1, -bits)) for x in case.point]
        _widen(largest, _errors(case._replace(point=tuple(moved)), method, wanted, bits), bits)
    return largest


def lost(case: Case, method: Method, wanted: Mapping[Key, Reference]) -> dict[Key, Any]:
    """The errors of a method in arithmetic of more bits, scaled to floats, where its rules are right.

    What floats lose whole, as 1e-30 beside 1, fewer bits lose too: their error does not grow. A rule is right
    that leaves none in very many bits.
    """
    import mpmath

    exact = case._replace(point=tuple(map(mpmath.mpf, case.point)))
    sure = _errors(exact, method, wanted, SURE)
    right = {key: wanted[key] for key, error in sure.items() if error <= LEFT * abs(wanted[key].value)}
    largest: dict[Key, Any] = {}
    for bits in FINER if right else ():
        found = _errors(exact, method, right, bits)
        _widen(largest, {key: error for key, error in found.items() if error > SEEN * abs(wanted[key].value)}, bits)
    return largest


def _errors(case: Case, method: Method, wanted: Mapping[Key, Reference], bits: int) -> dict[Key, Any]:
    """How far a method is off in arithmetic of so many bits, where there are numbers to compare."""
    import mpmath

    with mpmath.mp.workprec(bits):
        found = method(case)
    numbers = {key: v for key, v in found.items() if key in wanted and not isinstance(v, str) and finite(v)}
    return {key: distance(v, wanted[key].value) for key, v in numbers.items() if finite(wanted[key].value)}


def _widen(largest: dict[Key, Any], errors: Mapping[Key, Any], bits: int) -> None:
    """Take in errors of so many bits, as they are for floats."""
    import mpmath

    for key, error in errors.items():
        largest[key] = max(largest.get(key, 0), error * mpmath.ldexp(SAFETY, bits - 53))
