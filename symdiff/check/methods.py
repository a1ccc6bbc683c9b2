"""The ways to one derivative that `crosscheck` compares, from here and from outside.

A quantity is a key: the variables it is differentiated by, as sorted positions;
`()` is the value, `(0, 1)` the mixed second derivative. Each method gives what
it can, a dictionary from keys to numbers; a string in place of a number says
why there is none.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import combinations_with_replacement, islice, product
from typing import Any, NamedTuple

import numpy as np

from symdiff.algebra.evaluate import evaluate
from symdiff.algebra.scalars_only import holds_arrays
from symdiff.check import bounds
from symdiff.derive.hessian import expression_hessian
from symdiff.derive.jacobian import expression_gradient
from symdiff.handle import Handle
from symdiff.modes.backpropagation import backpropagate

Key = tuple[int, ...]

DIGITS = 80  # working digits of the reference, of which 50 are counted on
SYMPY_DIGITS = 1000  # digit limit of SymPy where parts cancel
SYMPY_BITS = 160  # least precision of 50 digits
SCALARS = 6  # count of variables above which dual numbers take all tangents at once
TOO_OFTEN = "it goes over the graph once for each variable, which takes too long"
NO_SCALARS = "the expression has no formula in scalars"
PRECISE = 1e-25  # tolerance between two precisions that agree, relative


class Case(NamedTuple):
    """One function at one point."""

    f: Handle
    variables: tuple[Handle, ...]
    point: tuple[float, ...]
    order: int
    keys: tuple[Key, ...]
    derivatives: dict[Key, Handle]  # symbolic derivatives of our own
    memory: dict[str, Any]  # store of what a method keeps from one point to the next
    spread: int = 0  # bits between the largest and the smallest number on the way to the value
    further: dict[str, Any] = {}  # noqa: RUF012  # methods of this case alone, by name; read only

    @property
    def methods(self) -> dict[str, Method]:
        """All methods by name."""
        return METHODS | self.further

    def at(self, values: Sequence[Any]) -> dict[Handle, Any]:
        """The point as `evaluate` takes it, with these values."""
        return dict(zip(self.variables, values, strict=True))


Method = Callable[[Case], dict[Key, Any]]


def case_of(f: Handle, point: dict[Handle, float], order: int) -> Case:
    """Everything that the methods work on; for another point of the same function, `_replace` the point."""
    variables = tuple(point)
    every = (k for n in range(order + 1) for k in combinations_with_replacement(range(len(variables)), n))
    size = len(f.graph.cone([f._index]))
    most = max(1 + len(variables), min(bounds.QUANTITIES, bounds.WORK // size))
    keys = tuple(islice(every, most))
    return Case(f, variables, tuple(point.values()), order, keys, _derivatives(f, variables, keys), {})


def _derivatives(f: Handle, variables: Sequence[Handle], keys: Sequence[Key]) -> dict[Key, Handle]:
    """Gradient and Hessian as users get them, higher orders from these."""
    found: dict[Key, Handle] = {(): f}
    if max(map(len, keys)) >= 1:
        found.update({(k,): d for k, d in enumerate(expression_gradient(f, list(variables)))})
    pairs = [key for key in keys if len(key) == 2]
    if 2 * len(pairs) >= len(variables) * (len(variables) + 1) > 0:
        hessian = np.asarray(expression_hessian(f, False, list(variables)), dtype=object)
        found.update({key: hessian[key] for key in pairs})
    for key in keys:
        if key not in found:
            found[key] = expression_gradient(found[key[:-1]], variables[key[-1]])
    return {key: found[key] for key in keys}


# -- ours ------------------------------------------------------------------------------


def symbolic(case: Case) -> dict[Key, Any]:
    """The derivative expressions, evaluated with floats."""
    values = evaluate(list(case.derivatives.values()), case.at(case.point))
    return dict(zip(case.derivatives, values, strict=True))


def compiled(case: Case) -> dict[Key, Any]:
    """The same as one compiled function."""
    from symdiff.compile.make import compile

    if _has_complex_constant(case):
        return dict.fromkeys(case.keys, "compiled functions are real")
    if holds_arrays(case.f):
        return dict.fromkeys(case.keys, NO_SCALARS)
    function = case.memory.get("compiled")
    if function is None:
        function = case.memory["compiled"] = compile(list(case.derivatives.values()), list(case.variables))
    return dict(zip(case.derivatives, function(*case.point), strict=True))


def _has_complex_constant(case: Case) -> bool:
    leaves = case.f.graph.leaves
    return any(isinstance(leaves.get(i), complex) for i in case.f.graph.cone([case.f._index]))


def symbolic_precise(case: Case) -> dict[Key, Any]:
    """The same with mpmath, with guard digits until two precisions agree: what is left of an error is not rounding.

    The second is twice the first: a term that is lost beside others is lost in a few bits more too.
    """
    found: dict[Key, Any] = {}
    for bits in (270, 1500, 4000):
        left = [key for key in case.keys if key not in found]
        exprs = [case.derivatives[key] for key in left]
        coarse, fine = (_evaluated(case, exprs, factor * (bits + case.spread)) for factor in (1, 2))
        pairs = zip(left, coarse, fine, strict=True)
        found |= {key: b for key, a, b in pairs if _settled(a, b) or bits == 4000}
        if len(found) == len(case.keys):
            break
    return {key: found[key] for key in case.keys}


def _evaluated(case: Case, exprs: Sequence[Handle], bits: int) -> Any:
    import mpmath

    with mpmath.mp.workprec(min(bits, bounds.PRECISION)):
        return evaluate(exprs, case.at([mpmath.mpf(x) for x in case.point]))


def _settled(a: Any, b: Any) -> bool:
    """Whether two precisions gave one number; 0 may be one that they are too few for."""
    import mpmath

    return isinstance(b, bool) or not mpmath.isfinite(b) or bool(b and abs(a - b) <= PRECISE * abs(b))


def _seeded(case: Case, key: Key) -> dict[Handle, Any]:
    """The point with one perturbation for each variable of a key, nested."""
    from symdiff.algebra.dual import DualNumber

    values: list[Any] = list(case.point)
    for level, k in enumerate(key, 1):
        values[k] = DualNumber(values[k], 1.0, level=level)
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
        values: list[Any] = [DualNumber(x, tangents[k], level=1) for k, x in enumerate(case.point)]
        for level, k in enumerate(tail, 2):
            values[k] = DualNumber(values[k], 1.0, level=level)
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

    if _swept_too_often(case):
        return {key: TOO_OFTEN for key in case.keys if len(set(key)) <= 1}
    found: dict[Key, Any] = {}
    for k, variable in enumerate(case.variables):
        series = coefficients(case.f, variable, case.at(case.point), case.order)
        for n, c in enumerate(series):
            if (k,) * n in case.keys:
                found[(k,) * n] = c * math.factorial(n)
    return found


def _swept_too_often(case: Case) -> bool:
    """Whether a sweep for each variable would take too long."""
    return len(case.variables) * len(case.f.graph.cone([case.f._index])) > bounds.SWEPT


# -- from outside -----------------------------------------------------------------------


class Difference(NamedTuple):
    """A central difference and what its error may be."""

    value: Any
    truncation: float
    rounding: float

    @property
    def error(self) -> float:
        """Of both kinds."""
        return self.truncation + self.rounding

    @property
    def usable(self) -> bool:
        """Whether its error is so small that others can be held against it."""
        return bool(self.error <= 1e-3 * abs(self.value))

    @property
    def sees(self) -> bool:
        """Whether it tells the derivative from zero."""
        return bool(self.error <= abs(self.value) / 2)

    @property
    def weakness(self) -> str:
        """Why it does not see the derivative."""
        return "rounding hides it" if self.rounding > self.truncation else "the step is too coarse here"

    def allows(self, value: Any, tolerance: float) -> bool:
        """Whether a number may be the derivative."""
        return bool(abs(value - self.value) <= 4 * self.error + (1e-5 + tolerance) * abs(self.value))


Function = Callable[[Sequence[float]], Any]


def differences(case: Case) -> dict[Key, Any]:
    """Central differences of the value, with an error estimate from half the step."""
    if _has_complex_constant(case):
        return dict.fromkeys(case.keys, "differences are of real functions")
    if _swept_too_often(case):
        return {key: TOO_OFTEN for key in case.keys if key}
    return {key: central(function_of(case), case.point, key) for key in case.keys if key}


def function_of(case: Case) -> Function:
    """The value of a case as a function of the point."""
    return lambda values: evaluate(case.f, case.at(values))


def central(function: Function, point: Sequence[float], key: Key) -> Difference | str:
    """A derivative of a function of floats, by steps relative to the larger of 1 and the point."""
    return _central(function, point, key, [max(1.0, abs(x)) for x in point], (1.0, 0.5))


def reliable(function: Function, point: Sequence[float], key: Key) -> Difference | None:
    """A difference that other methods may be held against, None where there is none.

    A third step, which is no multiple of the others, finds out functions whose period is one; where the point
    is small, steps relative to it are tried too.
    """
    sizes = [[max(1.0, abs(x)) for x in point], [abs(x) or 1.0 for x in point]]
    found = [_central(function, point, key, size, (1.0, 0.5, 0.3127)) for size in sizes]
    usable = [d for d in found if isinstance(d, Difference) and d.usable]
    return min(usable, key=lambda d: d.error, default=None)


def has_sides(function: Function, point: Sequence[float], key: Key) -> bool:
    """Whether floats see other slopes to the left than to the right, in one of the variables: half the step does not
    bring them nearer.
    """
    eps = 2.0**-52
    middle = float(function(point))
    for k in set(key):
        gaps, rounding = [], 0.0
        for factor in (1.0, 0.5):
            h = 2.0 ** round(math.log2(eps ** (1 / 3) * max(1.0, abs(point[k])))) * factor
            right, left = (float(function([x + sign * h * (i == k) for i, x in enumerate(point)])) for sign in (1, -1))
            gaps.append(abs(right - 2 * middle + left) / h)
            rounding = 8 * eps * (abs(right) + 2 * abs(middle) + abs(left)) / h
        if gaps[1] > 0.75 * gaps[0] and gaps[1] > rounding:
            return True
    return False


def _central(
    function: Function, point: Sequence[float], key: Key, size: Sequence[float], factors: Sequence[float]
) -> Difference | str:
    """Of several steps the second, and how far the others are from it."""
    found = [_stencil(function, point, key, size, factor) for factor in factors]
    value, rounding = found[1]
    far = max(abs(other - value) for other, _ in found)
    usable = all(math.isfinite(other) for other, _ in found) and math.isfinite(rounding)
    return Difference(value, far, rounding) if usable else "a step leaves the domain"


def _stencil(
    function: Function, point: Sequence[float], key: Key, size: Sequence[float], factor: float
) -> tuple[float, float]:
    """Nested central differences, and the rounding error of the sum."""
    eps = 2.0**-52
    steps = [2.0 ** round(math.log2(eps ** (1 / (len(key) + 2)) * size[k])) * factor for k in key]
    total, largest, width = 0.0, 0.0, math.prod([2 * h for h in steps])
    if not 0 < width < math.inf:
        return math.nan, math.nan
    for signs in product((1, -1), repeat=len(key)):
        values = list(point)
        for k, sign, h in zip(key, signs, steps, strict=True):
            values[k] += sign * h
        value = function(values)
        total += math.prod(signs) * value
        largest += abs(float(value))
    return total / width, 8 * eps * largest / width


def sympy(case: Case) -> dict[Key, Any]:
    """SymPy's own derivatives, evaluated to 50 digits."""
    from symdiff.bridge.sympy import to_sympy

    return by_sympy(case, "SymPy", lambda: to_sympy(case.f, DIGITS))


def by_sympy(case: Case, name: str, write: Callable[[], Any]) -> dict[Key, Any]:
    """SymPy's derivatives of an expression of its own in the variables of a case; those of one name are kept."""
    from symdiff.bridge.sympy import is_deep, symbol_of

    if holds_arrays(case.f):
        return dict.fromkeys(case.keys, NO_SCALARS)
    size = len(case.f.graph.cone([case.f._index]))
    if case.memory.setdefault("too large", size > bounds.SYMPY_NODES or is_deep(case.f)):
        return dict.fromkeys(case.keys, "the graph is too large or too deep for SymPy")
    symbols = [symbol_of(v._cell) for v in case.variables]
    made: dict[Key, Any] = case.memory.setdefault(name, {})
    budget = case.memory.setdefault("SymPy's time", bounds.Budget(bounds.SYMPY_SECONDS, "SymPy"))
    values = dict(zip(symbols, case.point, strict=True))
    found: dict[Key, Any] = dict.fromkeys(case.keys, "SymPy took too long")
    try:
        for key in case.keys:
            with budget.spend(bounds.SYMPY_QUANTITY_SECONDS):
                found[key] = _by_sympy(write, key, symbols, values, made)
    except bounds.BoundError:
        pass
    return found


def sympy_stands(case: Case, name: str, key: Key, value: Any) -> bool:
    """Whether SymPy finds its own number again with many more digits; where it takes 1 + 1e-300 for 1 it does not."""
    from symdiff.bridge.sympy import symbol_of

    values = dict(zip([symbol_of(v._cell) for v in case.variables], case.point, strict=True))
    try:
        with case.memory["SymPy's time"].spend(bounds.SYMPY_QUANTITY_SECONDS):
            again = _number(case.memory[name][key], values, SYMPY_DIGITS)
    except (bounds.BoundError, ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError):
        return True
    return again is None or bool(abs(again - value) <= PRECISE * abs(again))


def _by_sympy(
    write: Callable[[], Any], key: Key, symbols: Sequence[Any], values: dict[Any, float], made: dict[Key, Any]
) -> Any:
    """One derivative; the expressions are kept in `made`."""
    try:
        if key not in made:
            made[key] = made[key[:-1]].diff(symbols[key[-1]]) if key else write()
        return _evalf(made[key], values)
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        made.setdefault(key, None)
        return f"SymPy raises {type(error).__name__}"


def _evalf(expr: Any, point: dict[Any, float]) -> Any:
    """A SymPy expression as an mpmath number, or why it is none.

    Where parts cancel SymPy takes more digits; what it can't tell from 0 then is no finding.
    """
    from sympy import Derivative, Expr, Float
    from sympy.core.evalf import PrecisionExhausted
    from sympy.logic.boolalg import Boolean

    if expr is None:
        return "SymPy has no derivative of lower order"
    exact = {s: Float(x, DIGITS) for s, x in point.items()}
    if isinstance(expr, (bool, Boolean)) and not isinstance(expr, Expr):  # exclude symbols, which are Boolean too
        truth = expr if isinstance(expr, bool) else expr.subs(exact)
        return bool(truth) if truth in (True, False) else "SymPy leaves it unevaluated"
    if expr.has(Derivative):  # give up on what doit() would not end soon
        return "SymPy leaves it unevaluated"
    value = expr.evalf(50, subs=exact)
    if not _is_number(value):
        value = expr.subs(exact).evalf(50)
    if not _is_number(value):
        return "SymPy leaves it unevaluated"
    if value and abs(value) > 1e-40 and _is_accurate(value):
        return _as_mpmath(value)
    try:
        value = expr.evalf(50, subs=exact, maxn=SYMPY_DIGITS, strict=True)
    except PrecisionExhausted:
        return "SymPy can't tell it from 0"
    return _as_mpmath(value) if _is_number(value) else "SymPy leaves it unevaluated"


def _number(expr: Any, point: dict[Any, float], digits: int) -> Any:
    """An expression with so many digits, None where it is no number."""
    from sympy import Float

    value = expr.evalf(digits, subs={s: Float(x, DIGITS) for s, x in point.items()})
    return _as_mpmath(value) if _is_number(value) else None


def _as_mpmath(value: Any) -> Any:
    import mpmath

    with mpmath.mp.workdps(DIGITS):
        real, imaginary = value.as_real_imag()
        re, im = mpmath.mpf(real._to_mpmath(200)), mpmath.mpf(imaginary._to_mpmath(200))
        return mpmath.mpc(re, im) if im else re


def _is_accurate(value: Any) -> bool:
    """Whether SymPy found the digits that it was asked for; where parts cancel it may return what rounding left."""
    return all(part.is_Integer or part._prec >= SYMPY_BITS for part in value.as_real_imag())


def _is_number(value: Any) -> bool:
    return bool(value.is_number and all(part.is_Float or part.is_Integer for part in value.as_real_imag()))


# The table of methods: a line here is all that a further method needs.
PRECISE_ROW = "symbolic, mpmath"
METHODS: dict[str, Method] = {
    "symbolic": symbolic,
    PRECISE_ROW: symbolic_precise,
    "compiled": compiled,
    "dual": dual,
    "backpropagation": backpropagation,
    "taylor": taylor,
    "differences": differences,
    "SymPy": sympy,
}
SYMPY = ("SymPy", "SymPy, matrices")  # methods that are SymPy's, the second of arrays only
OUTSIDE = ("differences", *SYMPY)  # methods that may follow another convention at a kink
