"""Real spherical harmonics as polynomials in x, y, z, of degrees below a limit, with their Jacobian.

Written by the usual recurrences (Sloan, *Efficient Spherical Harmonic Evaluation*, 2013): the harmonic of degree l
and order m is a number times the m-th derivative of Legendre's polynomial at z times the real or imaginary part of
(x + iy)^m.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.polynomial import Legendre

from benchmarks.case import Case, formula

AT = np.array([0.48, 0.6, 0.64])  # point on the sphere


def scale(degree: int, order: int) -> float:
    """What makes the harmonic of norm 1."""
    ratio = math.factorial(degree - order) / math.factorial(degree + order)
    return math.sqrt((2 - (order == 0)) * (2 * degree + 1) / (4 * math.pi) * ratio)


def writer(limit: int) -> Any:
    def write(ns: Any, xs: Any) -> list[Any]:
        x, y, z = xs
        found: dict[tuple[int, int], Any] = {}
        real, imaginary = 1.0, 0.0
        start = 1.0
        for m in range(limit):
            if m == 1:
                real, imaginary = x, y
            elif m > 1:
                real, imaginary = x * real - y * imaginary, x * imaginary + y * real
            if m:
                start *= 2 * m - 1
            before: Any = 0.0
            legendre: Any = start
            for degree in range(m, limit):
                if degree == m + 1:
                    before, legendre = legendre, (2 * m + 1) * start * z
                elif degree > m + 1:
                    up, down = (2 * degree - 1) / (degree - m), (degree + m - 1) / (degree - m)
                    before, legendre = legendre, up * z * legendre - down * before
                weighed = scale(degree, m) * legendre
                found[degree, m] = weighed * real
                if m:
                    found[degree, -m] = weighed * imaginary
        return [found[degree, m] for degree in range(limit) for m in range(-degree, degree + 1)]

    return write


def values(limit: int, derived: bool) -> Any:
    """The harmonics, and with `derived` their slopes too, from Legendre's polynomials and complex powers."""
    x, y, z = AT
    w = complex(x, y)
    heights, slopes = [], []
    for degree in range(limit):
        for order in range(-degree, degree + 1):
            m = abs(order)
            legendre = Legendre.basis(degree).deriv(m) if m else Legendre.basis(degree)
            p, q = scale(degree, m) * legendre(z), scale(degree, m) * legendre.deriv()(z)
            by_x = m * w ** (m - 1) if m else 0j
            parts = [w**m, by_x, 1j * by_x]  # value, derivatives by x and by y
            v, vx, vy = [part.imag if order < 0 else part.real for part in parts]
            heights.append(p * v)
            slopes += [p * vx, p * vy, q * v]
    return np.array(heights + slopes if derived else slopes)


def cases(quick: bool) -> list[Case]:
    limit = 6 if quick else 20
    build = formula(writer(limit), 3)
    return [
        Case("harmonics", f"Jacobian {limit**2} × 3", "derivatives", build, lambda: AT,
             lambda: values(limit, False), derive="jacobian", rivals=("symdiff", "casadi", "symengine", "sympy"),
             targets={"derive": 0.025, "operations": 3900}, tolerance=1e-8),
        Case("harmonics", "one evaluation", "evaluation", build, lambda: AT, lambda: values(limit, True),
             derive="jacobian",
             rivals=("symdiff", "symdiff llvm", "symdiff numpy", "casadi", "casadi C", "symengine"),
             targets={"µs a call": 5, "ready": 0.4}, tolerance=1e-8),
    ]  # fmt: skip
