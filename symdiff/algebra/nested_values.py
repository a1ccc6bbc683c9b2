"""Values of expressions in any nesting."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from symdiff.algebra import evaluate as values
from symdiff.errors import SymdiffTypeError
from symdiff.handle import Handle
from symdiff.neighbours import takes_sympy
from symdiff.nesting import contents, flatten, rebuilt, refilled
from symdiff.sparse import SparseMatrix


@takes_sympy
def evaluate(expr: Any, point: Mapping[Any, Any] | None = None, /, **named: Any) -> Any:
    """The value of an expression, or of each in a nesting of lists, tuples, dictionaries, arrays, sparse matrices.

    Arrays keep their shape, sparse matrices become SciPy's. What expressions have in common is computed once.

    Raises
    ------
    MissingValueError, SymdiffTypeError
        For a variable without a value, and for sets, which have no order.

    >>> import symdiff as sd
    >>> x, y = sd.variables("x y")
    >>> f = x**2*y
    >>> sd.evaluate([x + y, x*y], {x: 3, y: 4})
    [7, 12]
    >>> sd.evaluate({"f": f, "gradient": f.gradient([x, y])}, x=3, y=4)
    {'f': 36, 'gradient': array([24,  9])}
    """
    if isinstance(expr, (set, frozenset)):
        raise SymdiffTypeError(f"expressions are given in a list or an array, not in a {type(expr).__name__}")
    if isinstance(expr, SparseMatrix):
        return expr.evaluate(point, **named)
    if isinstance(expr, Handle) or not _is_nested(expr):
        return values.evaluate(expr, point, **named)
    return refilled(expr, values.evaluate(flatten(expr), point, **named), _of_values)


def _is_nested(expr: Any) -> bool:
    return isinstance(expr, Mapping) or (isinstance(expr, (list, tuple)) and any(contents(e) is not None for e in expr))


def _of_values(item: Any, inside: list[Any]) -> Any:
    """The array or sparse matrix of values that stands where one of expressions was."""
    if isinstance(item, SparseMatrix):
        return rebuilt(item, inside).evaluate({})
    return values.stacked(inside, item.shape)
