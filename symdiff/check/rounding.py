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
SAFETY = 32  # safety factor on what was found there, beside the rounding of one run


def condition(case: Case, key: Key) -> float:
    """Eps times the sum of |adjoint · value| over all nodes of a derivative.

    Higham, *Accuracy and Stability of Numerical Algorithms*, 2nd ed., section 3.3.
    """
    expr, point = case.derivatives[key], case.at(case.point)
    values, adjoints = node_values(expr, point), node_adjoints(expr, point)
    with np.errstate(all="ignore"):
        total = sum(float(np.sum(abs(adjoint * values[node]))) for node, adjoint in adjoints.items())
    return 8 * EPS * total if math.isfinite(total) else 0.0


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
        with mpmath.mp.workprec(bits):
            found = method(case._replace(point=tuple(moved)))
        for key, value in found.items():
            if finite(wanted[key].value) and not isinstance(value, str) and finite(value):
                error = distance(value, wanted[key].value) * mpmath.ldexp(SAFETY, bits - 53)
                largest[key] = max(largest.get(key, 0), error)
    return largest
