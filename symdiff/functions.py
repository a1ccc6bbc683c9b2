"""Functions that are made of the operations: further trigonometry, sums, products, norms.

Each takes what the operations take: expressions, numbers, arrays, dual numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from symdiff import ops
from symdiff.errors import SymdiffValueError


def sec(x: Any) -> Any:
    """sec(x) = 1/cos(x)."""
    return ops.div(1, ops.cos(x))


def csc(x: Any) -> Any:
    """csc(x) = 1/sin(x)."""
    return ops.div(1, ops.sin(x))


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
    """The Euclidean norm of numbers, of a sequence or an array of them.

    >>> import symdiff as sd
    >>> sd.norm(sd.variables("x y"))
    sqrt(x**2 + y**2)
    """
    return ops.sqrt(_sum([ops.pow(x, 2) for x in _items(values, "norm")]))


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


__all__ = ["csc", "dot", "log_softmax", "logsumexp", "norm", "prod", "sec", "softmax"]
