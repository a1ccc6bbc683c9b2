"""Problems with constraints, written from their mathematical definitions, and their known optima.

W. Hock, K. Schittkowski, *Test Examples for Nonlinear Programming Codes* (1981), where the optima stand too; those
that have a closed form are written in it. Each is a function of an array of unknowns, of expressions of whatever
library, and of that library's functions; it gives the objective, what is to be 0 and what is to be at least 0.
"""

from math import sqrt
from typing import Any, NamedTuple


class Known(NamedTuple):
    """A problem, where to start, bounds, and the optimum."""

    formula: Any
    start: tuple[float, ...]
    optimum: float
    low: Any = None
    high: Any = None


PROBLEMS = {}


def known(start, optimum, low=None, high=None):
    """Register a formula under its name."""

    def register(function):
        PROBLEMS[function.__name__] = Known(function, start, optimum, low, high)
        return function

    return register


@known((-1.2, 1), 0.0)
def hs6(x, lib):
    return (1 - x[0]) ** 2, [10 * (x[1] - x[0] ** 2)], []


@known((2, 2), -sqrt(3))
def hs7(x, lib):
    return lib.log(1 + x[0] ** 2) - x[1], [(1 + x[0] ** 2) ** 2 + x[1] ** 2 - 4], []


@known((2, 2), 9 - 2.875 * sqrt(7))
def hs14(x, lib):
    return (x[0] - 2) ** 2 + (x[1] - 1) ** 2, [x[0] - 2 * x[1] + 1], [1 - x[0] ** 2 / 4 - x[1] ** 2]


@known((2, 2, 2, 2), -1.0)
def hs39(x, lib):
    return -x[0], [x[1] - x[0] ** 3 - x[2] ** 2, x[0] ** 2 - x[1] - x[3] ** 2], []


@known((0.8, 0.8, 0.8, 0.8), -0.25)
def hs40(x, lib):
    return -x[0] * x[1] * x[2] * x[3], [x[0] ** 3 + x[1] ** 2 - 1, x[0] ** 2 * x[3] - x[2], x[3] ** 2 - x[1]], []


@known((0, 0, 0, 0), -44.0)
def hs43(x, lib):
    a, b, c, d = x[0], x[1], x[2], x[3]
    f = a**2 + b**2 + 2 * c**2 + d**2 - 5 * a - 5 * b - 21 * c + 7 * d
    return f, [], [
        8 - a**2 - b**2 - c**2 - d**2 - a + b - c + d,
        10 - a**2 - 2 * b**2 - c**2 - 2 * d**2 + a + d,
        5 - 2 * a**2 - b**2 - c**2 - 2 * a + b + d,
    ]  # fmt: skip


@known((-5, 5, 0), 0.9535288567, (-4.5, -4.5, -5), (4.5, 4.5, 5))
def hs65(x, lib):
    f = (x[0] - x[1]) ** 2 + ((x[0] + x[1] - 10) / 3) ** 2 + (x[2] - 5) ** 2
    return f, [], [48 - x[0] ** 2 - x[1] ** 2 - x[2] ** 2]


@known((1, 5, 5, 1), 17.0140172892, (1,) * 4, (5,) * 4)
def hs71(x, lib):
    f = x[0] * x[3] * (x[0] + x[1] + x[2]) + x[2]
    return f, [x[0] ** 2 + x[1] ** 2 + x[2] ** 2 + x[3] ** 2 - 40], [x[0] * x[1] * x[2] * x[3] - 25]


@known((0.5, 0.5, 0.5, 0.5), -103 / 22, (0,) * 4)
def hs76(x, lib):
    a, b, c, d = x[0], x[1], x[2], x[3]
    f = a**2 + b**2 / 2 + c**2 + d**2 / 2 - a * c + c * d - a - 3 * b + c - d
    return f, [], [5 - a - 2 * b - c - d, 4 - 3 * a - b - 2 * c + d, b + 4 * c - 1.5]


@known((2, 2, 2, 2, 2), 0.24150512879)
def hs77(x, lib):
    f = (x[0] - 1) ** 2 + (x[0] - x[1]) ** 2 + (x[2] - 1) ** 2 + (x[3] - 1) ** 4 + (x[4] - 1) ** 6
    equal = [x[0] ** 2 * x[3] + lib.sin(x[3] - x[4]) - 2 * sqrt(2), x[1] + x[2] ** 4 * x[3] ** 2 - 8 - sqrt(2)]
    return f, equal, []


def sphere(x):
    squares = x[0] ** 2 + x[1] ** 2 + x[2] ** 2 + x[3] ** 2 + x[4] ** 2
    return [squares - 10, x[1] * x[2] - 5 * x[3] * x[4], x[0] ** 3 + x[1] ** 3 + 1]


@known((-2, 1.5, 2, -1, -1), -2.91970041)
def hs78(x, lib):
    return x[0] * x[1] * x[2] * x[3] * x[4], sphere(x), []


@known((-2, 2, 2, -1, -1), 0.0539498478, (-2.3, -2.3, -3.2, -3.2, -3.2), (2.3, 2.3, 3.2, 3.2, 3.2))
def hs80(x, lib):
    return lib.exp(x[0] * x[1] * x[2] * x[3] * x[4]), sphere(x), []


@known((1, 2, 0, 4, 0, 1, 1), 680.6300573)
def hs100(x, lib):
    a, b, c, d, e, f, g = [x[k] for k in range(7)]
    objective = (
        (a - 10) ** 2 + 5 * (b - 12) ** 2 + c**4 + 3 * (d - 11) ** 2 + 10 * e**6 + 7 * f**2 + g**4
        - 4 * f * g - 10 * f - 8 * g
    )  # fmt: skip
    return objective, [], [
        127 - 2 * a**2 - 3 * b**4 - c - 4 * d**2 - 5 * e,
        282 - 7 * a - 3 * b - 10 * c**2 - d + e,
        196 - 23 * a - b**2 - 6 * f**2 + 8 * g,
        -4 * a**2 - b**2 + 3 * a * b - 2 * c**2 - 5 * f + 11 * g,
    ]  # fmt: skip
