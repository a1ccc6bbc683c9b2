"""Derivatives of high order."""

from __future__ import annotations

from typing import Any

import numpy as np

from symdiff.derive.jacobian import expression_gradient, variable_nodes
from symdiff.errors import SymdiffValueError
from symdiff.expr import Expr


def diff(f: Expr, *wrt_and_orders: Any) -> Expr:
    """The derivative of any order; see `Expr.diff`."""
    steps: list[list[Any]] = []
    for item in wrt_and_orders:
        if isinstance(item, (int, np.integer)) and not isinstance(item, bool):
            if not steps or steps[-1][1] is not None:
                raise SymdiffValueError(f"diff takes a variable before the order {item}")
            if item < 0:
                raise SymdiffValueError(f"the order of a derivative is not negative, as {item} is")
            steps[-1][1] = int(item)
        else:
            steps.append([item, None])
    if not steps:
        raise SymdiffValueError("diff takes at least one variable: f.diff(x), f.diff(x, 2, y)")
    for variable, order in steps:
        variable_nodes(f.graph, [variable])
        for _ in range(1 if order is None else order):
            f = expression_gradient(f, variable)
    return f
