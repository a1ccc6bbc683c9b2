"""Taylor coefficients of an expression in one variable, as numbers or as expressions."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from symdiff.algebra.evaluate import evaluate, point_by_key, values_of
from symdiff.algebra.scalars_only import holds_arrays
from symdiff.algebra.scaled import ONE
from symdiff.algebra.symbolic import Symbolic
from symdiff.arithmetic import Arithmetic
from symdiff.arrays.indexing import put
from symdiff.arrays.sums import add
from symdiff.build import SUB, build
from symdiff.derive.array_orders import check_scalar, coefficients
from symdiff.derive.higher_derivatives import derivatives
from symdiff.derive.polynomial_degree import degree
from symdiff.derive.replace import replace
from symdiff.errors import SymdiffTypeError, SymdiffValueError
from symdiff.graph import VAR
from symdiff.handle import Handle, as_handle, gather, handle
from symdiff.modes import budgets
from symdiff.neighbours import answers_in_kind
from symdiff.taylor.multi_indices import check_entries
from symdiff.taylor.series import TaylorSeries
from symdiff.wrt import entry_asked, variable_nodes


@answers_in_kind
def taylor(f: Any, x: Any, at: Any = None, order: int = 1) -> list[Any]:
    """The coefficients `c[k] = f^(k)(at) / k!` of an expression, k from 0 to `order`.

    Parameters
    ----------
    f : expression
    x : variable or name
    at : number, expression, or mapping from variables to them
        Where: a value for `x`, or a point. Variables without a value stay
        symbols; the coefficients are numbers where no variable is left, else
        expressions. By default everything stays symbolic.
    order : int

    Raises
    ------
    SymdiffTypeError, SymdiffValueError
        For an order that is negative or no int, more than a million coefficients, and more than 2,000 of what is
        no polynomial.

    >>> import symdiff as sd
    >>> x, y = sd.variables("x y")
    >>> sd.taylor(sd.exp(x), x, 0.0, 3)
    [1.0, 1.0, 0.5, 0.16666666666666666]
    >>> sd.taylor(x**2*y, x, order=2)
    [x**2*y, 2*x*y, y]
    """
    if isinstance(order, bool) or not isinstance(order, int):
        raise SymdiffTypeError(f"the order of a Taylor series is an int, not {order!r}")
    if order < 0:
        raise SymdiffValueError(f"the order of a Taylor series is not negative, as {order} is")
    check_entries("coefficients", order + 1, order)
    f = as_handle(f)
    entry = entry_asked(f.graph, x)
    if entry is not None:  # of an array variable
        return _along_entry(f, entry, at, order)
    key = _key(f, x)
    point = _point(f, at) if isinstance(at, Mapping) else {} if at is None else {key: at}
    values = {v._cell.key: point.get(v._cell.key, v) for v in f.variables}
    last = order if order <= budgets.HIGHER_LOW else int(min(order, degree(f.graph, f._index, _nodes(f, key))))
    if at is not None and not any(isinstance(value, Handle) for value in values.values()):
        found = _numeric(f, key, values, last, at if isinstance(at, Mapping) else {x: at})
        return found + [0] * (order - last)
    return _symbolic(f, key, values, last) + [as_handle(0)] * (order - last)


def _along_entry(f: Handle, entry: Handle, at: Any, order: int) -> list[Any]:
    """As `taylor` along an entry of an array variable, the others of which stay what they are."""
    found = coefficients(f, entry, order, {})
    if at is None:
        return found
    if isinstance(at, Mapping):
        whole = {v._cell.key: v._cell for v in f.variables}
        is_full = len(values_of(whole, point_by_key(at, {}))) == len(whole)
        return [evaluate(c, at) if is_full else replace(c, at) for c in found]
    graph, (i, moved) = gather([entry, at])
    _, static, variable = graph.nodes[i]
    place = graph.leaves[static]
    places = {place, place[::-1]} if graph.leaves[variable].kind == "symmetric" else {place}
    shape = graph.shapes[variable]
    shift = build(graph, SUB, (moved, i))
    shifted = add(graph, [variable, *[put(graph, shift, p, shape) for p in sorted(places)]], shape)
    changes = {entry: handle(graph, moved), handle(graph, variable): handle(graph, shifted)}
    series = [replace(c, changes) for c in found]
    return series if any(c.variables for c in series) else [evaluate(c, {}) for c in series]


def _nodes(f: Handle, key: Any) -> list[int]:
    """The node of the variable that moves, where its graph has it."""
    found = f.graph.find((VAR, key))
    return [] if found is None else [found]


def _key(f: Handle, x: Any) -> Any:
    (node,) = variable_nodes(f.graph, [x])  # refuse what is no variable
    if node >= 0 and node in f.graph.shapes:
        check_scalar(f, handle(f.graph, node))
    return f.graph.nodes[node][1] if node >= 0 else getattr(x, "key", x)


def _point(f: Handle, at: Mapping[Any, Any]) -> dict[Any, Any]:
    """A point by variable key, whether given by variables, names or SymPy's symbols."""
    given = point_by_key(at, {})
    return given | values_of({v._cell.key: v._cell for v in f.variables}, given)


def _numeric(f: Handle, key: Any, values: Mapping[Any, Any], order: int, at: Mapping[Any, Any]) -> list[Any]:
    if key not in values:
        return [evaluate(f, at), *[0] * order]
    value = values[key]
    seeds = [value, 1, *[0] * (order - 1)][: order + 1]
    result = evaluate(f, _by_var(f, {**values, key: TaylorSeries(seeds)}))
    if not isinstance(result, TaylorSeries):
        return [result] + [0] * order
    return result.coefficients


def _by_var(f: Handle, values: Mapping[Any, Any]) -> dict[Any, Any]:
    return {v: values[v._cell.key] for v in f.variables}


def _symbolic(f: Handle, moving: Any, values: Mapping[Any, Any], order: int) -> list[Any]:
    if any(isinstance(v, Arithmetic) and not isinstance(v, Handle) for v in values.values()):
        raise SymdiffTypeError("a Taylor series with symbols left takes numbers and expressions as values")
    variable = next((v for v in f.variables if v._cell.key == moving), None)
    changes = {v: values[v._cell.key] for v in f.variables if values[v._cell.key] is not v}
    if holds_arrays(f) and variable is not None:
        return coefficients(f, variable, order, changes)
    found = [f] + [as_handle(0)] * order if variable is None else derivatives(f, variable, order)
    graph, indices = gather(found)
    algebra = Symbolic(graph)
    scaled = [algebra.mul((Fraction(1, math.factorial(k)), ONE), algebra.lift(i)) for k, i in enumerate(indices)]
    series = [f, *[handle(graph, algebra.lower(c)) for c in scaled[1:]]]
    return [replace(c, changes) for c in series] if changes else series
