"""Values of whole arrays of variables: at a point, `w=array` gives `w[0]`, `w[1]`, … their values.

Axes in front of those of an index are those of a batch, as in compiled functions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from symdiff.errors import SymdiffValueError
from symdiff.graph import Variable
from symdiff.names import element, element_name


def by_element(cells: Mapping[Any, Variable], by_key: Mapping[Any, Any]) -> dict[Any, Any]:
    """The values that a point gives to variables as elements of whole arrays.

    Raises
    ------
    SymdiffValueError
        For an array that has no such element.
    """
    arrays: dict[str, Any] = {}
    found = {}
    for k, cell in cells.items():
        at = element(cell.name)
        if at is None or at[0] not in by_key:
            continue
        base, index = at
        if base not in arrays:
            arrays[base] = as_array(by_key[base])
        array = arrays[base]
        shape = array.shape[array.ndim - len(index) :] if array.ndim >= len(index) else None
        if shape is None or any(place >= size for place, size in zip(index, shape, strict=True)):
            raise SymdiffValueError(f"the value of {base} has the shape {array.shape}, without a place for {cell.name}")
        found[k] = item(array, index)
    return found


def as_array(value: Any) -> Any:
    """The value of a whole array; what is no array of numbers stays exact."""
    if isinstance(value, np.ndarray):
        return value.astype(np.float64) if value.dtype.kind in "biu" else value
    return np.array(value, dtype=object)


def item(array: Any, index: tuple[int, ...]) -> Any:
    """One element: a number, or the array of a batch."""
    value = array[(..., *index)]
    return value if value.ndim else value[()]


def elements(base: str, array: Any, axes: int) -> Iterator[tuple[str, Any]]:
    """All elements of a whole array with so many axes of its own: their names and values."""
    for index in np.ndindex(*array.shape[array.ndim - axes :]):
        yield element_name(base, index), item(array, index)


def check_once(keys: Iterable[Any], names: Iterable[str]) -> None:
    """Refuse a point that gives an array as a whole and an element of it too; `names` are those of variables.

    Raises
    ------
    SymdiffValueError
        Naming both.
    """
    found = {at[0]: key for key in keys if (at := element(key)) is not None}
    if not found:
        return
    for base in sorted((found.keys() & set(keys)) - set(names)):
        raise SymdiffValueError(f"the point gives {base} as a whole, and {found[base]} too: give one of them")
