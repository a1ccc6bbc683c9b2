"""Where methods first disagree: the lowest node of the graph at which they do.

Operands come before users in the list of nodes, so the first node whose value
or derivative is not that of 50 digits is where the mistake is made; all others
only pass it on. Each walk is a few sweeps over the graph. Numbers of 80 digits
take the place of floats, so that rounding is not taken for a mistake.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from symdiff import records
from symdiff.algebra.dual import DualNumber
from symdiff.algebra.evaluate import node_values
from symdiff.check import bounds, methods
from symdiff.check.judge import Judge, attempt, quantity
from symdiff.check.methods import Case, Key
from symdiff.check.reference import ZERO_BITS, Steps, fifty_digits, weights
from symdiff.check.report import REFERENCE, Fault
from symdiff.check.survey import survey
from symdiff.graph import Graph, Variable
from symdiff.handle import Handle, variable_in
from symdiff.taylor.series import TaylorSeries

PRECISE = 1e-20  # tolerance, relative, between numbers of 80 digits
ROUNDED = 1e-3  # tolerance, relative, between floats and differences of floats


def locate(case: Case, wrong: Sequence[tuple[str, Key]], tolerance: float) -> Fault | None:
    """The first node at which a method disagrees, None where no node does on its own.

    Parameters
    ----------
    case : the function and the point
    wrong : the methods and quantities that disagree
    """
    budget = bounds.Budget(bounds.SECONDS, "the search for the node")
    try:
        with budget.spend():
            found = _search(case, wrong, tolerance)
    except bounds.BoundError:
        return None
    return None if found is None else _numbered(case, found)


def _search(case: Case, wrong: Sequence[tuple[str, Key]], tolerance: float) -> Fault | None:
    keys = sorted({key for _, key in wrong}, key=lambda key: (len(key), key))
    found = None if keys[0] else _by_values(case, tolerance)
    for key in keys[:3]:
        for walk in (_by_duals, _by_series):
            found = found or (walk(case, key) if key else None)
    return found or _by_methods(case, max(map(len, keys)), {method for method, _ in wrong}, tolerance)


def _numbered(case: Case, fault: Fault) -> Fault:
    graph = case.f.graph
    cone = graph.cone([case.f._index])
    return replace(fault, position=(cone.index(fault.node._index) + 1, len(cone)))


def _point(case: Case) -> dict[str, float]:
    return {v._cell.name: x for v, x in zip(case.variables, case.point, strict=True)}


# -- values ---------------------------------------------------------------------------


def _by_values(case: Case, tolerance: float) -> Fault | None:
    """The first operation whose value for floats is not that for the same numbers with 80 digits."""
    import mpmath

    try:
        with mpmath.mp.workdps(methods.DIGITS):
            values = node_values(case.f, case.at([mpmath.mpf(x) for x in case.point]))
            for node in values:
                if node.op is None:
                    continue
                operands = [v if isinstance(v, bool) else _float(v) for v in (values[a] for a in node.args)]
                if any(v is None for v in operands):
                    continue
                exact = records.dispatch(node.op, tuple(map(_precise, operands)))
                value = records.dispatch(node.op, tuple(operands))
                if not _near(value, exact, max(tolerance, 1e-12)):
                    return Fault(node, "floats", "value", value, exact, _point(case))
    except (AttributeError, NotImplementedError, TypeError, ValueError):
        pass  # skip an operation without mpmath
    return None


def _precise(value: Any) -> Any:
    import mpmath

    return value if isinstance(value, bool) else mpmath.mpf(value)


def _float(value: Any) -> float | None:
    """A real number as a float."""
    if getattr(value, "imag", 0):
        return None
    number = float(value.real)
    return number if math.isfinite(number) else None


# -- derivatives, at every node in one sweep ----------------------------------------------


def _by_duals(case: Case, key: Key) -> Fault | None:
    """The first node whose derivative by nested dual numbers is not that by differences."""

    def seeded(number: Any) -> dict[Any, Any]:
        values = [number(x) for x in case.point]
        for level, k in enumerate(key, 1):
            values[k] = DualNumber(values[k], number(1), level=level)
        return case.at(values)

    def part(value: Any) -> Any:
        for level in range(len(key), 0, -1):
            value = value.eps if getattr(value, "level", 0) == level else 0
        return value

    return _walk(case, key, "dual", seeded, part)


def _by_series(case: Case, key: Key) -> Fault | None:
    """The same by Taylor series, of the derivatives by one variable."""
    if len(set(key)) != 1:
        return None

    def seeded(number: Any) -> dict[Any, Any]:
        values = [number(x) for x in case.point]
        values[key[0]] = TaylorSeries([values[key[0]], number(1)] + [number(0)] * (len(key) - 1))
        return case.at(values)

    def part(value: Any) -> Any:
        return value.coefficients[len(key)] * math.factorial(len(key)) if isinstance(value, TaylorSeries) else 0

    return _walk(case, key, "taylor", seeded, part)


def _walk(case: Case, key: Key, method: str, seeded: Any, part: Any) -> Fault | None:
    """Compare a derivative at every node, operands before users."""
    import mpmath

    steps = Steps(case.point, len(key), case.spread)
    try:
        with mpmath.mp.workprec(steps.precision):
            swept = node_values(case.f, seeded(mpmath.mpf))
            sides = [_differences(case, key, steps, sign) for sign in (1, -1)]
            return _first(case, key, method, swept, part, sides, PRECISE)
    except (AttributeError, NotImplementedError, TypeError, ValueError):  # skip an operation without mpmath
        try:
            swept = node_values(case.f, seeded(float))
            sides = [_float_differences(case, key, factor) for factor in (1.0, 0.5)]
            return _first(case, key, method, swept, part, sides, ROUNDED)
        except (AttributeError, NotImplementedError, TypeError, ValueError):
            return None


def _first(
    case: Case, key: Key, method: str, swept: dict[Handle, Any], part: Any, sides: list[dict[Handle, Any]], far: float
) -> Fault | None:
    for node, value in swept.items():
        right, left = sides[0][node], sides[1][node]
        if node.op is None or node.op.boolean or not _near(left, right, far):
            continue  # skip where there is no derivative
        found = part(value)
        if not _near(found, right, far):
            name = quantity(case, key).replace("f/", "/")
            by = "differences" if far == ROUNDED else REFERENCE
            return Fault(node, method, f"derivative {name}", found, right, _point(case), by)
    return None


def _differences(case: Case, key: Key, steps: Steps, sign: int) -> dict[Handle, Any]:
    """The derivative of every node by differences at high precision."""
    total: dict[Handle, Any] = {}
    for offsets, weight in weights(key):
        values = node_values(case.f, case.at(steps.point(tuple((k, sign * m) for k, m in offsets))))
        for node, value in values.items():
            total[node] = total.get(node, 0) + weight * value
    width = steps.width(key, [sign] * len(case.point))
    return {node: value / width for node, value in total.items()}


def _float_differences(case: Case, key: Key, factor: float) -> dict[Handle, Any]:
    """The same by central differences of floats, for operations that know no other numbers."""
    h = factor * 2.0 ** round(math.log2((2.0**-52) ** (1 / (len(key) + 2))))
    total: dict[Handle, Any] = {}
    for offsets, weight in weights(key):
        shifts = dict(offsets)
        values = [x + h * (shifts.get(k, 0) - key.count(k) / 2) for k, x in enumerate(case.point)]
        for node, value in node_values(case.f, case.at(values)).items():
            total[node] = total.get(node, 0) + weight * value
    return {node: value / h ** len(key) for node, value in total.items()}


def _near(a: Any, b: Any, far: float) -> bool:
    """Whether two numbers are one, to a relative distance; nan and infinities are one with what can't be compared.

    So are two of high precision that are both below the smallest float, which differences of 0 leave.
    """
    import mpmath

    if isinstance(a, bool) or isinstance(b, bool):
        return bool(a == b)
    if not (mpmath.isfinite(a) and mpmath.isfinite(b)):
        return True
    size = max(abs(a), abs(b))
    if far == PRECISE and size < mpmath.ldexp(1, ZERO_BITS):
        return True
    return bool(abs(a - b) <= far * (size if far < 1e-10 else max(size, far)))


# -- nodes on their own ------------------------------------------------------------------


def _by_methods(case: Case, order: int, suspects: set[str], tolerance: float) -> Fault | None:
    """The first operation that a method gets wrong on its own, at the values its operands have here."""
    seen = set()
    values = node_values(case.f, case.at(case.point))
    for node in values:
        operands = [values[a] for a in node.args]
        if node.op is None or node.op.boolean or not all(type(v) in (int, float, bool) for v in operands):
            continue
        if (node.op, *operands) in seen or not all(map(math.isfinite, operands)):
            continue
        seen.add((node.op, *operands))
        fault = _one(node, operands, order, suspects, tolerance)
        if fault is not None:
            return fault
    return None


def _one(node: Handle, operands: Sequence[Any], order: int, suspects: set[str], tolerance: float) -> Fault | None:
    op = node.op
    assert op is not None
    with Graph() as graph:
        fixed = {*op.whole, *op.conditions}
        free = {
            k: variable_in(graph, Variable(name)) for k, name in enumerate(op.operands[: op.arity]) if k not in fixed
        }
        try:
            f = op(*[free.get(k, value) for k, value in enumerate(operands)])
            if not f.variables:
                return None
            case = methods.case_of(f, {v: float(operands[k]) for k, v in free.items()}, order)
            seen = survey(case)
            wanted = fifty_digits(case, seen.spread)
        except (AttributeError, NotImplementedError, bounds.BoundError, TypeError, ValueError):
            return None
        names = ["symbolic", *[name for name in methods.METHODS if name in suspects - {*methods.OUTSIDE, "symbolic"}]]
        found = {name: attempt(methods.METHODS[name], case) for name in names}
        judge = Judge(case, wanted, found, tolerance, seen, bounds.Budget(bounds.SECONDS, "the search for the node"))
        for method in suspects & found.keys():
            for key, value in found[method].items():
                row = judge.row(method, key, value)
                if not row.ok:
                    return Fault(node, method, row.quantity, row.value, row.reference, _point(case))
    return None
