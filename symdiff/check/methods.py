"""The ways to one derivative that `crosscheck` compares, from here and from outside.

A quantity is a key: the variables it is differentiated by, as sorted positions;
`()` is the value, `(0, 1)` the mixed second derivative. Each method gives what
it can, a dictionary from keys to numbers; a string in place of a number says
why there is none.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from itertools import combinations_with_replacement, product
from typing import Any, NamedTuple

import numpy as np

from symdiff.algebra.evaluate import evaluate
from symdiff.derive.hessian import expression_hessian
from symdiff.derive.jacobian import expression_gradient
from symdiff.handle import Handle
from symdiff.modes.backpropagation import backpropagate

Key = tuple[int, ...]

DIGITS = 80  # working digits of the reference, of which 50 are counted on
SYMPY_NODES = 1000  # size limit for SymPy, whose derivatives take too long, in nodes
SYMPY_SECONDS = 10.0  # time limit for SymPy at all points together; what was begun is ended
QUANTITIES = 500  # count limit of quantities that are compared; more are reported
WORK = 150_000  # work limit in nodes times quantities; first derivatives are always compared
SCALARS = 6  # count of variables above which dual numbers take all tangents at once


class Case(NamedTuple):
    """One function at one point."""

    f: Handle
    variables: tuple[Handle, ...]
    point: tuple[float, ...]
    order: int
    keys: tuple[Key, ...]
    derivatives: dict[Key, Handle]  # symbolic derivatives of our own
    memory: dict[str, Any]  # store of what a method keeps from one point to the next

    def at(self, values: Sequence[Any]) -> dict[Handle, Any]:
        """The point as `evaluate` takes it, with these values."""
        return dict(zip(self.variables, values, strict=True))


Method = Callable[[Case], dict[Key, Any]]


def case_of(f: Handle, point: dict[Handle, float], order: int) -> Case:
    """Everything that the methods work on; for another point of the same function, `_replace` the point."""
    variables = tuple(point)
    every = [k for n in range(order + 1) for k in combinations_with_replacement(range(len(variables)), n)]
    size = len(f.graph.cone([f._index]))
    most = max(1 + len(variables), min(QUANTITIES, WORK // size))
    keys = tuple(every[:most])
    return Case(f, variables, tuple(point.values()), order, keys, _derivatives(f, variables, keys), {})


def _derivatives(f: Handle, variables: Sequence[Handle], keys: Sequence[Key]) -> dict[Key, Handle]:
    """Gradient and Hessian as users get them, higher orders from these."""
    found: dict[Key, Handle] = {(): f}
    if max(map(len, keys)) >= 1:
        found.update({(k,): d for k, d in enumerate(expression_gradient(f, list(variables)))})
    pairs = [key for key in keys if len(key) == 2]
    if 2 * len(pairs) >= len(variables) * (len(variables) + 1) > 0:
        hessian = expression_hessian(f, False, list(variables))
        found.update({key: hessian[key] for key in pairs})
    for key in keys:
        if key not in found:
            found[key] = expression_gradient(found[key[:-1]], variables[key[-1]])
    return {key: found[key] for key in keys}


# -- ours ------------------------------------------------------------------------------


def symbolic(case: Case) -> dict[Key, Any]:
    """The derivative expressions, evaluated with floats."""
    from symdiff.algebra.evaluate import evaluate

    values = evaluate(list(case.derivatives.values()), case.at(case.point))
    return dict(zip(case.derivatives, values, strict=True))


def compiled(case: Case) -> dict[Key, Any]:
    """The same as one compiled function."""
    from symdiff.compile.function import compile

    if _has_complex_constant(case):
        return dict.fromkeys(case.keys, "compiled functions are real")
    function = case.memory.get("compiled")
    if function is None:
        function = case.memory["compiled"] = compile(list(case.derivatives.values()), list(case.variables))
    return dict(zip(case.derivatives, function(*case.point), strict=True))


def _has_complex_constant(case: Case) -> bool:
    leaves = case.f.graph.leaves
    return any(isinstance(leaves.get(i), complex) for i in case.f.graph.cone([case.f._index]))


def symbolic_precise(case: Case) -> dict[Key, Any]:
    """The same with mpmath: what is left of an error here is not rounding."""
    import mpmath

    from symdiff.algebra.evaluate import evaluate

    with mpmath.mp.workdps(DIGITS):
        values = evaluate(list(case.derivatives.values()), case.at([mpmath.mpf(x) for x in case.point]))
    return dict(zip(case.derivatives, values, strict=True))


def _seeded(case: Case, key: Key) -> dict[Handle, Any]:
    """The point with one perturbation for each variable of a key, nested."""
    from symdiff.algebra.dual import DualNumber

    values: list[Any] = list(case.point)
    for level, k in enumerate(key, 1):
        values[k] = DualNumber(values[k], 1.0, level)
    return case.at(values)


def _mixed(result: Any, depth: int) -> Any:
    """The derivative by all perturbations of a nested dual number."""
    for level in range(depth, 0, -1):
        result = _tangent(result, level)
    return result


def _tangent(result: Any, level: int) -> Any:
    return result.eps if getattr(result, "level", 0) == level else 0.0


def dual(case: Case) -> dict[Key, Any]:
    """Forward mode on numbers; of many variables with a vector of tangents innermost."""
    if len(case.variables) > SCALARS:
        return _dual_vectors(case)
    return {key: _mixed(evaluate(case.f, _seeded(case, key)), len(key)) for key in case.keys}


def _dual_vectors(case: Case) -> dict[Key, Any]:
    from symdiff.algebra.dual import DualNumber

    found: dict[Key, Any] = {(): evaluate(case.f, case.at(case.point))}
    tangents = np.eye(len(case.point))
    for tail in dict.fromkeys(key[1:] for key in case.keys if key):
        values: list[Any] = [DualNumber(x, tangents[k], 1) for k, x in enumerate(case.point)]
        for level, k in enumerate(tail, 2):
            values[k] = DualNumber(values[k], 1.0, level)
        result = evaluate(case.f, case.at(values))
        for level in range(len(tail) + 1, 1, -1):
            result = _tangent(result, level)
        vector = np.broadcast_to(_tangent(result, 1), (len(case.point),))
        found.update({key: float(vector[key[0]]) for key in case.keys if key and key[1:] == tail})
    return found


def backpropagation(case: Case) -> dict[Key, Any]:
    """Reverse mode on numbers; over dual numbers for the orders above one."""
    found: dict[Key, Any] = {}
    for tail in dict.fromkeys(key[1:] for key in case.keys if key):
        adjoints = backpropagate(case.f, _seeded(case, tail))
        for key in case.keys:
            if key and key[1:] == tail:
                found[key] = _mixed(adjoints.get(case.variables[key[0]], 0.0), len(tail))
    return found


def taylor(case: Case) -> dict[Key, Any]:
    """Taylor series in one variable: its derivatives of every order."""
    from symdiff.derive.expansion import taylor as coefficients

    found: dict[Key, Any] = {}
    for k, variable in enumerate(case.variables):
        series = coefficients(case.f, variable, case.at(case.point), case.order)
        for n, c in enumerate(series):
            if (k,) * n in case.keys:
                found[(k,) * n] = c * math.factorial(n)
    return found


# -- from outside -----------------------------------------------------------------------


class Difference(NamedTuple):
    """A central difference and what its error may be."""

    value: Any
    error: float


def differences(case: Case) -> dict[Key, Any]:
    """Central differences of the value, with an error estimate from half the step."""
    if _has_complex_constant(case):
        return dict.fromkeys(case.keys, "differences are of real functions")
    found: dict[Key, Any] = {}
    for key in case.keys:
        if key:
            coarse, fine = _stencil(case, key, 1.0), _stencil(case, key, 0.5)
            error = abs(fine.value - coarse.value) + fine.error
            usable = math.isfinite(fine.value) and math.isfinite(error)
            found[key] = Difference(fine.value, error) if usable else "a step leaves the domain"
    return found


def _stencil(case: Case, key: Key, factor: float, number: Callable[[float], Any] = float) -> Difference:
    """Nested central differences, and the rounding error of the sum."""
    eps = 2.0**-52
    steps = [2.0 ** round(math.log2(eps ** (1 / (len(key) + 2)) * max(1.0, abs(case.point[k])))) * factor for k in key]
    total, size, width = number(0.0), 0.0, math.prod([2 * h for h in steps])
    for signs in product((1, -1), repeat=len(key)):
        values = [number(x) for x in case.point]
        for k, sign, h in zip(key, signs, steps, strict=True):
            values[k] += sign * h
        value = evaluate(case.f, case.at(values))
        total += math.prod(signs) * value
        size += abs(float(value))
    return Difference(total / width, 8 * eps * size / width)


def is_coarse(case: Case, key: Key, value: float) -> bool:
    """Whether differences at high precision give the same: what is wrong with them is the step."""
    import mpmath

    with mpmath.mp.workdps(DIGITS):
        exact = _stencil(case, key, 0.5, mpmath.mpf)
    return bool(abs(exact.value - value) <= 4 * exact.error + 1e-6 * abs(exact.value))


def sympy(case: Case) -> dict[Key, Any]:
    """SymPy's own derivatives, evaluated to 50 digits."""
    from symdiff.bridge.sympy import is_deep, symbol_of, to_sympy

    if case.memory.setdefault("too large", len(case.f.graph.cone([case.f._index])) > SYMPY_NODES or is_deep(case.f)):
        return dict.fromkeys(case.keys, "the graph is too large or too deep for SymPy")
    symbols = [symbol_of(v._cell) for v in case.variables]
    made: dict[Key, Any] = case.memory.setdefault("SymPy", {})
    found: dict[Key, Any] = {}
    spent = case.memory.setdefault("SymPy's seconds", [0.0])
    for key in case.keys:
        if spent[0] > SYMPY_SECONDS:
            found[key] = "SymPy took too long"
            continue
        start = time.process_time()
        try:
            if key not in made:
                made[key] = made[key[:-1]].diff(symbols[key[-1]]) if key else to_sympy(case.f, DIGITS)
            found[key] = _evalf(made[key], dict(zip(symbols, case.point, strict=True)))
        except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
            made.setdefault(key, None)
            found[key] = f"SymPy raises {type(error).__name__}"
        spent[0] += time.process_time() - start
    return found


def _evalf(expr: Any, point: dict[Any, float]) -> Any:
    """A SymPy expression as an mpmath number, or why it is none."""
    import mpmath
    from sympy import Float

    if expr is None:
        return "SymPy has no derivative of lower order"
    if isinstance(expr, bool) or not hasattr(expr, "evalf"):
        return bool(expr)
    exact = {s: Float(x, DIGITS) for s, x in point.items()}
    value = expr.evalf(50, subs=exact)
    if not _is_number(value):
        value = expr.subs(exact).doit().evalf(50)
    if not _is_number(value):
        return "SymPy leaves it unevaluated"
    with mpmath.mp.workdps(DIGITS):
        real, imaginary = value.as_real_imag()
        re, im = mpmath.mpf(real._to_mpmath(200)), mpmath.mpf(imaginary._to_mpmath(200))
        return mpmath.mpc(re, im) if im else re


def _is_number(value: Any) -> bool:
    return bool(value.is_number and all(part.is_Float or part.is_Integer for part in value.as_real_imag()))


# The table of methods: a line here is all that a further method needs.
METHODS: dict[str, Method] = {
    "symbolic": symbolic,
    "symbolic, mpmath": symbolic_precise,
    "compiled": compiled,
    "dual": dual,
    "backpropagation": backpropagation,
    "taylor": taylor,
    "differences": differences,
    "SymPy": sympy,
}
OUTSIDE = ("differences", "SymPy")  # methods that may follow another convention at a kink
