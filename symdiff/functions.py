"""Functions that are made of the operations: further trigonometry, sums, products, norms.

Each takes what the operations take: expressions, numbers, arrays, dual numbers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any, overload

import numpy as np

from symdiff import ops
from symdiff.errors import SymdiffTypeError, SymdiffValueError
from symdiff.handle import Handle
from symdiff.protocols import Absorbs, Answers, Array, Result, Totals


@overload
def sec(x: Answers[Result]) -> Result: ...


@overload
def sec(x: Any) -> Any: ...


def sec(x: Any) -> Any:
    """sec(x) = 1/cos(x)."""
    return ops.div(1, ops.cos(x))


@overload
def csc(x: Answers[Result]) -> Result: ...


@overload
def csc(x: Any) -> Any: ...


def csc(x: Any) -> Any:
    """csc(x) = 1/sin(x)."""
    return ops.div(1, ops.sin(x))


_ARRAYS: list[Callable[[], Any]] = []  # what gives the functions of array expressions, set from above


def arrays_answered_by(load: Callable[[], Any]) -> None:
    """Let array expressions be handed to the functions of those names that `load` returns, when first needed."""
    _ARRAYS[:] = [load]


def _of_array(name: str, values: Sequence[Any]) -> Callable[..., Any] | None:
    """The function of array expressions of that name, None where the operands are scalars."""
    if not any(isinstance(value, Handle) and value._holds_array() for value in values):
        return None
    found: Callable[..., Any] = getattr(_ARRAYS[0](), name)
    return found


def _items(values: tuple[Any, ...], name: str) -> list[Any]:
    """The numbers given as arguments, or as one array or sequence."""
    if len(values) == 1 and isinstance(values[0], (np.ndarray, Iterable)):
        only = values[0]
        items = list(only.ravel()) if isinstance(only, np.ndarray) else list(only)
    else:
        items = list(values)
    if not items:
        raise SymdiffValueError(f"{name} takes at least one number")
    return items


def _pairwise(combine: Callable[[Any, Any], Any], items: list[Any]) -> Any:
    """Combine neighbours until one is left: shallow, and rounding grows like the logarithm."""
    while len(items) > 1:
        paired = [combine(a, b) for a, b in zip(items[::2], items[1::2], strict=False)]
        items = paired + items[len(paired) * 2 :]
    return items[0]


@overload
def prod(value: Totals[Result], /, *more: Totals[Any] | complex) -> Result: ...


@overload
def prod(value: complex, other: Totals[Result], /, *more: Totals[Any] | complex) -> Result: ...


@overload
def prod(value: Sequence[Totals[Result]], /) -> Result: ...


@overload
def prod(*values: float) -> float: ...


@overload
def prod(*values: Any) -> Any: ...


def prod(*values: Any) -> Any:
    """The product of numbers, of a sequence or an array of them.

    >>> import symdiff as sd
    >>> sd.prod(sd.variables("x", 3))
    x[0]*x[1]*x[2]
    """
    of_array = _of_array("prod", values)
    if of_array is not None:
        return of_array(*values)
    return _pairwise(ops.mul, _items(values, "prod"))


@overload
def dot(a: Sequence[Totals[Result]], b: Sequence[Any] | Array) -> Result: ...


@overload
def dot(a: Sequence[complex] | Array, b: Sequence[Totals[Result]]) -> Result: ...


@overload
def dot(a: Any, b: Any) -> Any: ...


def dot(a: Any, b: Any) -> Any:
    """The sum of products of two sequences of one length.

    >>> import symdiff as sd
    >>> x, y = sd.variables("x y")
    >>> sd.dot([x, y], [3, 4])
    x*3 + y*4
    """
    of_array = _of_array("dot", (a, b))
    if of_array is not None:
        return of_array(a, b)
    left, right = _items((a,), "dot"), _items((b,), "dot")
    if len(left) != len(right):
        raise SymdiffValueError(f"dot takes sequences of one length, not {len(left)} and {len(right)}")
    return _sum([ops.mul(x, y) for x, y in zip(left, right, strict=True)])


def _sum(items: list[Any]) -> Any:
    total = items[0]
    for item in items[1:]:
        total = ops.add(total, item)
    return total


@overload
def norm(value: Totals[Result], /, *more: Totals[Any] | complex) -> Result: ...


@overload
def norm(value: complex, other: Totals[Result], /, *more: Totals[Any] | complex) -> Result: ...


@overload
def norm(value: Sequence[Totals[Result]], /) -> Result: ...


@overload
def norm(*values: float) -> float: ...


@overload
def norm(*values: Any) -> Any: ...


def norm(*values: Any) -> Any:
    """The Euclidean norm of numbers, of a sequence or an array of them: one operation.

    Nothing over- or underflows inside, and its slope where all of them are 0 is 0.

    >>> import symdiff as sd
    >>> x, y = sd.variables("x y")
    >>> sd.norm([x, y]).gradient(x)
    x/norm(x, y)
    >>> sd.norm(3e-200, 0.0)
    3e-200
    """
    of_array = _of_array("norm", values)
    if of_array is not None:
        return of_array(*values)
    items = _items(values, "norm")
    return ops.norm(*items) if len(items) > 1 else ops.norm(*items, 0)


@overload
def logsumexp(value: Totals[Result], /, *more: Totals[Any] | complex, axis: None = None) -> Result: ...


@overload
def logsumexp(value: complex, other: Totals[Result], /, *more: Totals[Any] | complex, axis: None = None) -> Result: ...


@overload
def logsumexp(value: Sequence[Totals[Result]], /, *, axis: None = None) -> Result: ...


@overload
def logsumexp(*values: float, axis: None = None) -> float: ...


@overload
def logsumexp(*values: Any, axis: int | Sequence[int] | None = None) -> Any: ...


def logsumexp(*values: Any, axis: int | Sequence[int] | None = None) -> Any:
    """`log(exp(a) + exp(b) + …)` without overflow.

    Parameters
    ----------
    *values
        Numbers, or one sequence or array of them.
    axis : int or tuple of ints, optional
        The axes of an array that are summed over; one of more than one dimension needs it.

    Raises
    ------
    SymdiffTypeError, SymdiffValueError
        For an array of more than one dimension without an axis, and an axis that it does not have.

    >>> import numpy as np, symdiff as sd
    >>> sd.logsumexp(1000.0, 1000.0)
    1000.6931471805599
    >>> sd.logsumexp(np.array([[0.0, 0.0], [1000.0, 1000.0]]), axis=1)
    array([6.93147181e-01, 1.00069315e+03])
    """
    of_array = _of_array("logsumexp", values)
    if of_array is not None:
        return of_array(*values, axis=axis)
    if axis is None and len(values) > 1:
        return _pairwise(ops.logaddexp, list(values))
    array, axes = _array_and_axes("logsumexp", values, axis)
    return _along(array, axes, lambda items: [_pairwise(ops.logaddexp, items)], keep=False)


@overload
def log_softmax(values: Absorbs[Result], axis: int | Sequence[int] | None = None) -> Result: ...


@overload
def log_softmax(values: Sequence[Any] | Array, axis: int | Sequence[int] | None = None) -> Array: ...


@overload
def log_softmax(values: Any, axis: int | Sequence[int] | None = None) -> Any: ...


def log_softmax(values: Any, axis: int | Sequence[int] | None = None) -> Any:
    """`x - logsumexp(x)` for every element, the logarithm of `softmax` without underflow; `axis` as there."""
    of_array = _of_array("log_softmax", (values,))
    if of_array is not None:
        return of_array(values, axis)
    array, axes = _array_and_axes("log_softmax", (values,), axis)
    return _along(array, axes, _log_softmax)


@overload
def softmax(values: Absorbs[Result], axis: int | Sequence[int] | None = None) -> Result: ...


@overload
def softmax(values: Sequence[Any] | Array, axis: int | Sequence[int] | None = None) -> Array: ...


@overload
def softmax(values: Any, axis: int | Sequence[int] | None = None) -> Any: ...


def softmax(values: Any, axis: int | Sequence[int] | None = None) -> Any:
    """`exp(x)/sum(exp(x))` for every element, without overflow.

    Parameters
    ----------
    values : sequence or array of numbers
    axis : int or tuple of ints, optional
        The axes along which the results add up to 1; an array of more than one dimension needs it.

    Raises
    ------
    SymdiffTypeError, SymdiffValueError
        As for `logsumexp`.

    >>> import numpy as np, symdiff as sd
    >>> sd.softmax(np.array([1000.0, 1000.0]))
    array([0.5, 0.5])
    """
    of_array = _of_array("softmax", (values,))
    if of_array is not None:
        return of_array(values, axis)
    array, axes = _array_and_axes("softmax", (values,), axis)
    return _along(array, axes, _softmax)


def _softmax(items: list[Any]) -> list[Any]:
    """Of two by their difference, whose slopes do not cancel."""
    if len(items) == 2:
        a, b = items
        return [ops.sigmoid(ops.sub(a, b)), ops.sigmoid(ops.sub(b, a))]
    return [ops.exp(x) for x in _log_softmax(items)]


def _log_softmax(items: list[Any]) -> list[Any]:
    """As `_softmax`: log(sigmoid(a - b)) is -softplus(b - a)."""
    if len(items) == 2:
        a, b = items
        return [ops.neg(ops.softplus(ops.sub(b, a))), ops.neg(ops.softplus(ops.sub(a, b)))]
    total = _pairwise(ops.logaddexp, items)
    return [ops.sub(x, total) for x in items]


def _array_and_axes(name: str, values: tuple[Any, ...], axis: Any) -> tuple[Any, tuple[int, ...]]:
    """The numbers given as an array, and the axes along which a function takes them together."""
    array: Any = values[0] if len(values) == 1 else values
    if isinstance(array, (list, tuple)) and any(isinstance(item, (list, tuple, np.ndarray)) for item in array):
        array = np.array(array)  # a matrix in lists
    if not isinstance(array, np.ndarray):
        items = _items(values, name)
        array = np.empty(len(items), dtype=object)
        array[:] = items
    if axis is None:
        if array.ndim > 1:
            raise SymdiffValueError(
                f"{name} of an array of shape {array.shape} needs an axis: axis=1 for each row, "
                f"axis={tuple(range(array.ndim))} for all of it"
            )
        return array.reshape(-1), (0,)
    axes = tuple(axis) if isinstance(axis, (tuple, list)) else (axis,)
    if not all(isinstance(k, (int, np.integer)) and not isinstance(k, bool) for k in axes):
        raise SymdiffTypeError(f"the axis of {name} is an int or a tuple of ints, not {axis!r}")
    if not all(-array.ndim <= k < array.ndim for k in axes) or len({k % array.ndim for k in axes}) < len(axes):
        raise SymdiffValueError(f"an array of shape {array.shape} has no axis {axis!r} for {name}")
    return array, tuple([int(k) % array.ndim for k in axes])


def _along(array: Any, axes: tuple[int, ...], function: Callable[[list[Any]], list[Any]], keep: bool = True) -> Any:
    """A function of lists along axes of an array: of as many results, or of one where they are not kept."""
    others = [k for k in range(array.ndim) if k not in axes]
    if array.size == 0:
        raise SymdiffValueError(f"an array of shape {array.shape} has no numbers to take together")
    moved = array.transpose(*others, *axes)
    outer, inner = moved.shape[: len(others)], moved.shape[len(others) :]
    rows = [function(list(row)) for row in moved.reshape(-1, math.prod(inner))]
    if not keep and not others:
        return rows[0][0]
    result = np.empty(len(rows) * len(rows[0]), dtype=object if array.dtype == object else float)
    result[:] = [item for row in rows for item in row]
    if not keep:
        return result.reshape(outer)
    return result.reshape(outer + inner).transpose(*np.argsort([*others, *axes]))


@overload
def where(condition: Absorbs[Result], a: Any, b: Any) -> Result: ...


@overload
def where(condition: Any, a: Absorbs[Result], b: Any) -> Result: ...


@overload
def where(condition: Any, a: Any, b: Absorbs[Result]) -> Result: ...


@overload
def where(condition: Answers[Result], a: Answers[Result] | complex, b: Answers[Result] | complex) -> Result: ...


@overload
def where(condition: Any, a: Any, b: Any) -> Any: ...


def where(condition: Any, a: Any, b: Any) -> Any:
    """One of two numbers by a condition, elementwise over arrays; the other never spoils value or derivative.

    Parameters
    ----------
    condition : condition, bool or array of bools
        Comparisons of expressions, joined by `& | ~`. `==` compares by structure, at once:
        `sd.equal(x, 3)` is the condition.
    a, b : number, expression or array

    Raises
    ------
    SymdiffTypeError
        For a bool of Python's where `a` or `b` is an expression: the choice is made before there are values.

    >>> import symdiff as sd
    >>> x = sd.Var("x")
    >>> sd.where(sd.equal(x, 3), x, 2).evaluate(x=3.0)
    3.0
    """
    check_condition(condition, a, b)
    return ops.where(condition, a, b)


def check_condition(condition: Any, *branches: Any) -> None:
    """Refuse a choice among expressions by a bool, which came of `==` in place of a condition."""
    negated = type(condition) is int and condition in (-1, -2)  # ~ of a bool
    if (isinstance(condition, bool) or negated) and any(_holds_expression(branch) for branch in branches):
        raise SymdiffTypeError(
            f"the condition of where is {condition}, which chooses for all values alike: == compares expressions by "
            "structure, write sd.equal(x, 3) for x == 3; where a bool is meant, `a if condition else b`"
        )


def _holds_expression(value: Any) -> bool:
    if isinstance(value, np.ndarray) and value.dtype == object:
        return any(isinstance(item, Handle) for item in value.flat)
    return isinstance(value, Handle)


__all__ = ["csc", "dot", "log_softmax", "logsumexp", "norm", "prod", "sec", "softmax", "where"]
