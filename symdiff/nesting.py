"""Results come in any nesting: what is inside, in order, whatever it is.

Lists, tuples, dictionaries, NumPy arrays and sparse matrices of expressions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from symdiff.sparse import SparseMatrix


def flatten(values: Any) -> list[Any]:
    """What a nesting holds, in order; a value alone is a nesting of one.

    >>> import symdiff as sd
    >>> x, y = sd.variables("x y")
    >>> flatten([x, {"g": (y, x + y)}])
    [x, y, x + y]
    """
    found: list[Any] = []
    stack = [values]
    while stack:
        item = stack.pop()
        inside = contents(item)
        if inside is None:
            found.append(item)
        else:
            stack.extend(reversed(inside))
    return found


def contents(item: Any) -> Sequence[Any] | None:
    """What one level of a nesting holds; None for what is no nesting."""
    if isinstance(item, (list, tuple)):
        return item
    if isinstance(item, Mapping):
        return list(item.values())
    if isinstance(item, np.ndarray):
        return item.ravel().tolist() if item.ndim else [item.item()]
    if isinstance(item, SparseMatrix):
        return item.parts()
    return None


def rebuilt(item: Any, inside: list[Any]) -> Any:
    """An array or a sparse matrix like another, of other things."""
    if isinstance(item, SparseMatrix):
        return item.of_parts(inside)
    array = np.empty(item.shape, dtype=object)
    array.ravel()[:] = inside
    return array


def refilled(values: Any, found: Sequence[Any], rebuild: Callable[[Any, list[Any]], Any] = rebuilt) -> Any:
    """The same nesting, with other things in it, given in order; `rebuild` makes its arrays and sparse matrices.

    >>> refilled([1, {"g": (2, 3)}], "abc")
    ['a', {'g': ('b', 'c')}]
    """
    rest = iter(found)

    def fill(item: Any) -> Any:  # recursion as deep as a person nests
        if isinstance(item, tuple):
            inside = [fill(one) for one in item]
            return type(item)(*inside) if hasattr(item, "_fields") else tuple(inside)
        if isinstance(item, list):
            return [fill(one) for one in item]
        if isinstance(item, Mapping):
            return {key: fill(one) for key, one in item.items()}
        if isinstance(item, np.ndarray):
            return rebuild(item, [fill(one) for one in item.ravel()])
        if isinstance(item, SparseMatrix):
            return rebuild(item, [next(rest) for _ in item.parts()])
        return next(rest)

    return fill(values)
