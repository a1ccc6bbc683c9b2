"""Derivatives of any order where arrays take part: along scalar variables, of whatever shape the expression has."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from symdiff.algebra.notation.text import short
from symdiff.derive.array_derivatives import jacobian
from symdiff.errors import SymdiffTypeError, SymdiffValueError
from symdiff.handle import Handle, as_handle, handle, is_variable, variable_named
from symdiff.modes.budgets import ARRAY_DEGREE, LOOP_ORDER
from symdiff.ops.arrays import scan
from symdiff.quoting import counted
from symdiff.taylor.multi_indices import MultiIndex, check_pairs


def nth(f: Handle, variable: Any, order: int) -> Handle:
    """The derivative of one order along a scalar variable.

    Raises
    ------
    SymdiffValueError
        Where the order is beyond those that are done, and what is derived no polynomial of low degree.
    """
    check_scalar(f, variable)
    _check_loops(f, order)
    for k in range(order):
        if k == ARRAY_DEGREE:
            check_pairs(order)
        derived = jacobian(f, variable)
        if derived == f:  # 0, or an exponential function
            break
        f = derived
    return f


def orders(f: Handle, variables: Sequence[Any], wanted: Sequence[MultiIndex]) -> list[Handle]:
    """The derivatives of some multi-indices, each from the one of one order less in its last variable."""
    for variable in variables:
        check_scalar(f, variable)
    _check_loops(f, max(map(sum, wanted)))
    found: dict[MultiIndex, Handle] = {(0,) * len(variables): f}
    for index in wanted:
        if index not in found:
            last = max(d for d, n in enumerate(index) if n)
            lower = (*index[:last], index[last] - 1, *index[last + 1 :])
            found[index] = jacobian(found[lower], variables[last])
    return [found[index] for index in wanted]


def coefficients(f: Handle, variable: Any, order: int, changes: Mapping[Any, Any]) -> list[Handle]:
    """The Taylor coefficients along a scalar variable, where some variables have values."""
    found = orders(f, [variable], [(k,) for k in range(order + 1)])
    series = [d / math.factorial(k) if k > 1 else d for k, d in enumerate(found)]
    return [_replaced(c, changes) for c in series] if changes else series


def _replaced(f: Handle, changes: Mapping[Any, Any]) -> Handle:
    from symdiff.derive.replace import replace

    return replace(f, changes)


def _check_loops(f: Handle, order: int) -> None:
    """Refuse orders of a loop at which it would be too large."""
    graph = f.graph
    if order > LOOP_ORDER and any(graph.nodes[i][0] == scan.opcode for i in graph.cone([f._index])):
        raise SymdiffValueError(
            f"each derivative of a loop has three times its nodes: {LOOP_ORDER} are taken, not {counted(order)}; "
            "f.expand() writes its steps out, of which any order is"
        )


def check_scalar(f: Handle, variable: Any) -> None:
    """Refuse an array variable: a derivative along it has another shape.

    Raises
    ------
    SymdiffTypeError
        Naming what to write.
    """
    if isinstance(variable, str):
        place = variable_named(f.graph, variable)
        variable = variable if place is None else handle(f.graph, place)
    if is_variable(variable) and variable._holds_array():
        name = variable._cell.name
        raise SymdiffTypeError(
            f"derivatives of any order are along scalar variables, and {name} is an array: write f.gradient({name}), "
            f"f.hessian({name}) or sd.jacobian(f, {name}) of {short(as_handle(f))}"
        )
