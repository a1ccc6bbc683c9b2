"""Functions that are made of the operations: further trigonometry, sums, products, norms.

Each takes what the operations take: expressions, numbers, arrays, dual numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from symdiff import ops
from symdiff.errors import SymdiffValueError


def _function(name: str, formula: Callable[[Any], Any], text: str) -> Callable[[Any], Any]:
    def function(x: Any) -> Any:
        return formula(x)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"{name}(x) = {text}, with mpmath's branches."
    return function


def _inverse(x: Any) -> Any:
    return ops.div(1, x)


sec = _function("sec", lambda x: _inverse(ops.cos(x)), "1/cos(x)")
csc = _function("csc", lambda x: _inverse(ops.sin(x)), "1/sin(x)")
cot = _function("cot", lambda x: _inverse(ops.tan(x)), "1/tan(x)")
asec = _function("asec", lambda x: ops.acos(_inverse(x)), "acos(1/x)")
acsc = _function("acsc", lambda x: ops.asin(_inverse(x)), "asin(1/x)")
acot = _function("acot", lambda x: ops.atan(_inverse(x)), "atan(1/x)")
sech = _function("sech", lambda x: _inverse(ops.cosh(x)), "1/cosh(x)")
csch = _function("csch", lambda x: _inverse(ops.sinh(x)), "1/sinh(x)")
coth = _function("coth", lambda x: _inverse(ops.tanh(x)), "1/tanh(x)")
asech = _function("asech", lambda x: ops.acosh(_inverse(x)), "acosh(1/x)")
acsch = _function("acsch", lambda x: ops.asinh(_inverse(x)), "asinh(1/x)")
acoth = _function("acoth", lambda x: ops.atanh(_inverse(x)), "atanh(1/x)")


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


def prod(*values: Any) -> Any:
    """The product of numbers, of a sequence or an array of them.

    >>> import symdiff as sd
    >>> sd.prod(sd.variables("x", 3))
    x[0]*x[1]*x[2]
    """
    return _pairwise(ops.mul, _items(values, "prod"))


def dot(a: Any, b: Any) -> Any:
    """The sum of products of two sequences of one length.

    >>> import symdiff as sd
    >>> x, y = sd.variables("x y")
    >>> sd.dot([x, y], [3, 4])
    x*3 + y*4
    """
    left, right = _items((a,), "dot"), _items((b,), "dot")
    if len(left) != len(right):
        raise SymdiffValueError(f"dot takes sequences of one length, not {len(left)} and {len(right)}")
    return _sum([ops.mul(x, y) for x, y in zip(left, right, strict=True)])


def _sum(items: list[Any]) -> Any:
    total = items[0]
    for item in items[1:]:
        total = ops.add(total, item)
    return total


def norm(*values: Any) -> Any:
    """The Euclidean norm of numbers, of a sequence or an array of them: one operation.

    Nothing over- or underflows inside, and its slope where all of them are 0 is 0.

    >>> import symdiff as sd
    >>> x, y = sd.variables("x y")
    >>> sd.norm([x, y]).gradient(x)
    x/norm(x, y)
    >>> sd.norm(3e200, 4e200)
    5e+200
    """
    items = _items(values, "norm")
    return ops.norm(*items) if len(items) > 1 else ops.norm(*items, 0)


def logsumexp(*values: Any) -> Any:
    """`log(exp(a) + exp(b) + …)` without overflow.

    >>> import symdiff as sd
    >>> sd.logsumexp(1000.0, 1000.0)
    1000.6931471805599
    """
    return _pairwise(ops.logaddexp, _items(values, "logsumexp"))


def log_softmax(values: Any) -> Any:
    """`x - logsumexp(x)` for every element: the logarithm of `softmax` without underflow."""
    items = _items((values,), "log_softmax")
    total = logsumexp(items)
    result = [ops.sub(x, total) for x in items]
    return _like(values, result)


def softmax(values: Any) -> Any:
    """`exp(x)/sum(exp(x))` for every element, without overflow.

    >>> import numpy as np, symdiff as sd
    >>> sd.softmax(np.array([1000.0, 1000.0]))
    array([0.5, 0.5])
    """
    items = _items((log_softmax(values),), "softmax")
    return _like(values, [ops.exp(x) for x in items])


def _like(values: Any, items: list[Any]) -> Any:
    shape = np.shape(values) if isinstance(values, np.ndarray) else (len(items),)
    numeric = isinstance(values, np.ndarray) and values.dtype != object
    result = np.empty(len(items), dtype=float if numeric else object)
    result[:] = items
    return result.reshape(shape)


__all__ = [
    "acot", "acoth", "acsc", "acsch", "asec", "asech", "cot", "coth", "csc", "csch", "dot", "log_softmax", "logsumexp",
    "norm", "prod", "sec", "sech", "softmax",
]  # fmt: skip
