"""SymPy's matrix expressions written out entry by entry, by SymPy itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy
from sympy.matrices.expressions.matexpr import MatrixElement

_DIAGONALS = (sympy.DiagonalOf, sympy.DiagonalMatrix)


def explicit(expr: Any, matrices: Mapping[Any, Any], sizes: Mapping[Any, int]) -> Any:
    """A matrix expression with explicit matrices in the place of symbols, by their names, and numbers for sizes.

    What SymPy leaves as it is, a trace or a determinant of a product, say, is taken of the explicit matrix.

    >>> x = sympy.MatrixSymbol("x", 2, 1)
    >>> explicit(sympy.Trace(x.T*x), {"x": sympy.Matrix([3, 4])}, {})
    25
    """
    expr = expr.xreplace({symbol: sympy.Integer(n) for symbol, n in sizes.items()})
    expr = expr.replace(lambda e: isinstance(e, _DIAGONALS), lambda e: e.as_explicit())  # of a symbol: later it fails
    expr = expr.xreplace({s: sympy.ImmutableMatrix(matrices[s.name]) for s in expr.atoms(sympy.MatrixSymbol)})
    for kind, taken in _NUMBERS.items():
        expr = expr.replace(lambda e, kind=kind: isinstance(e, kind), taken)
    expr = expr.doit()
    return expr.as_explicit().doit() if isinstance(expr, sympy.MatrixExpr) else expr


def _written(expr: Any) -> Any:
    return expr.doit().as_explicit()


_NUMBERS: dict[type, Any] = {
    sympy.Trace: lambda e: _written(e.arg).trace(),
    sympy.Determinant: lambda e: _written(e.arg).det(),
    MatrixElement: lambda e: _written(e.parent)[int(e.i), int(e.j)],
}
