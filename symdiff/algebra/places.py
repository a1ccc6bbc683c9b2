"""Places that index arrays name: whole numbers within an axis, counted from its end where they are negative.

They are looked at before anything is read or written there; what they do then is NumPy's `take`, `bincount` and, for
blocks, a product with the sparse matrix that has a one for each place.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from symdiff.errors import SymdiffIndexError, SymdiffTypeError, SymdiffValueError


def whole_numbers(name: str, value: Any) -> Any:
    """The value of a variable of ints, as an array of NumPy's or one int.

    Raises
    ------
    SymdiffTypeError
        For floats, and for what is no number.
    SymdiffValueError
        For an array with a number beyond 64 bits with a sign, which would come back as another one.
    """
    if type(value) is int:
        return value
    try:
        found = np.asarray(value)
    except ValueError as error:
        raise SymdiffTypeError(f"the value of {name} has rows of different length") from error
    if found.size == 0 and not isinstance(value, np.ndarray):
        found = found.astype(np.intp)
    if found.dtype == np.uint64 or (found.dtype == object and all(type(v) is int for v in found.flat)):
        _refuse_beyond(name, found)
        found = found.astype(np.intp)
    if found.dtype.kind not in "iu":
        what = f"an array of {found.dtype}" if found.ndim else repr(value)
        raise SymdiffTypeError(
            f"{name} is a variable of ints, and its value is {what:.60}: give ints, as np.asarray(…).astype(int) has "
            "them"
        )
    return found.astype(np.intp, copy=False) if found.ndim else int(found)


def _refuse_beyond(name: str, found: Any) -> None:
    limits = np.iinfo(np.intp)
    if not found.size:
        return
    for value in (int(found.min()), int(found.max())):
        if not limits.min <= value <= limits.max:
            raise SymdiffValueError(f"{name} is a variable of ints of 64 bits, and {value} is beyond them")


def places(value: Any, size: int, name: str) -> Any:
    """Places of an axis of some size, from its start.

    Raises
    ------
    SymdiffIndexError
        For a place that it does not have, naming what gives it.
    """
    found = np.asarray(value)
    if found.dtype.kind not in "iu":
        found = np.array([int(v) for v in found.flat] if found.dtype == object else np.rint(found), dtype=np.intp)
        found = found.reshape(np.shape(value))
    if not found.size:
        return found.astype(np.intp)
    low, high = int(found.min()), int(found.max())
    if low < -size or high >= size:
        raise SymdiffIndexError(f"{name} has the place {high if high >= size else low} on an axis of size {size}")
    return np.where(found < 0, found + size, found) if low < 0 else found


def taken(array: Any, at: Sequence[Any]) -> Any:
    """What an array has at places of its first axes, which are within them."""
    if len(at) == 1:
        return np.take(array, at[0], axis=0, mode="clip")
    return array[tuple(at)]


def added(block: Any, at: Sequence[Any], sizes: Sequence[int]) -> Any:
    """Zeros of some sizes with a block added at places of the first axes, which are within them."""
    own = at[0].shape
    rest = block.shape[len(own) :]
    flat = np.ravel_multi_index(tuple(at), tuple(sizes)) if len(at) > 1 else at[0]
    flat, count = np.ravel(flat), math.prod(sizes)
    rows = np.broadcast_to(block, own + rest).reshape(len(flat), math.prod(rest))
    if block.dtype == object or not len(flat):
        found = np.zeros((count, rows.shape[1]), dtype=block.dtype)
        np.add.at(found, flat, rows)
    elif rows.shape[1] == 1 and block.dtype == np.float64:
        found = np.bincount(flat, rows[:, 0], count)
    else:
        found = _by_matrix(flat, count, rows)
    return found.reshape(tuple(sizes) + rest)


def _by_matrix(flat: Any, count: int, rows: Any) -> Any:
    from scipy.sparse import csc_array  # import late: SciPy takes longer than all the rest

    ones = np.ones(len(flat), rows.dtype)
    return csc_array((ones, flat, np.arange(len(flat) + 1)), shape=(count, len(flat))) @ rows
