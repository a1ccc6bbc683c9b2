"""Values of unknowns and parameters as a user gives them: a start, data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symdiff.bridge.unknowns import Unknowns
from symdiff.errors import MissingValueError, SymdiffTypeError, SymdiffValueError
from symdiff.shapes import Shape, bind, bound, shown


def per_item(given: Any, unknowns: Unknowns, what: str) -> list[Any]:
    """The value of each variable, by its name or variable in a dictionary or in the nesting of the variables.

    Raises
    ------
    MissingValueError, SymdiffTypeError, SymdiffValueError
        For another nesting, and variables without a value.
    """
    found: list[Any] = [None] * len(unknowns.items)
    if given is not None:
        _fill(given, unknowns.nesting, unknowns, found, what)
    for k, item in enumerate(unknowns.items):
        if found[k] is None:  # fall back on `.value`, as points do
            found[k] = item._cell.value if not isinstance(item, np.ndarray) else _values(item)
        if found[k] is None:
            raise MissingValueError(f"no value for {unknowns.names[k]}: give it in {what}, or set its .value")
    return found


def _values(items: NDArray[Any]) -> Any:
    values = [v._cell.value for v in items.ravel()]
    return None if any(v is None for v in values) else np.array(values).reshape(items.shape)


def _fill(given: Any, nesting: Any, unknowns: Unknowns, found: list[Any], what: str) -> None:
    """Note the values of a nesting."""
    if isinstance(nesting, int) and not isinstance(given, Mapping):
        found[nesting] = given
        return
    if isinstance(given, Mapping):
        for key, value in given.items():
            if isinstance(nesting, Mapping) and key in nesting:
                _fill(value, nesting[key], unknowns, found, what)
            else:
                found[unknowns.number_of(key)] = value
        return
    if isinstance(nesting, Mapping) or not isinstance(given, (Sequence, np.ndarray)) or isinstance(given, str):
        raise SymdiffTypeError(f"{what} is nested as the variables are, not {given!r:.60}")
    if len(given) != len(nesting):
        raise SymdiffValueError(f"{what} has {len(given)} values for {len(nesting)} variables")
    for value, inside in zip(given, nesting, strict=True):
        _fill(value, inside, unknowns, found, what)


def as_numbers(value: Any, name: str) -> NDArray[np.float64]:
    """A value as an array of floats.

    Raises
    ------
    SymdiffTypeError
        For what is none.
    """
    try:
        array = np.asarray(value)
        if array.dtype.kind not in "biuf" and array.dtype != object:
            raise TypeError(f"it is of {array.dtype}")
        return array.astype(float)
    except (TypeError, ValueError) as error:
        raise SymdiffTypeError(
            f"the value of {name} is {value!r:.60}, which is no array of numbers: {error}"
        ) from error


def bind_sizes(names: Sequence[str], shapes: Sequence[Shape], arrays: Sequence[Any], sizes: dict[str, int]) -> None:
    """Note the numbers that arrays bring for named sizes; those of other shapes are an error."""
    for name, shape, array in zip(names, shapes, arrays, strict=True):
        bind(name, shape, np.shape(array), sizes)
        if np.ndim(array) != len(shape):
            raise SymdiffValueError(f"{name} has shape {shown(shape)}; the array given has shape {np.shape(array)}")


def start_vector(given: Any, unknowns: Unknowns, sizes: dict[str, int]) -> NDArray[np.float64]:
    """Where a solver starts: a flat vector, or a value for each unknown; numbers stand for all entries of an array.

    Raises
    ------
    MissingValueError, SymdiffTypeError, SymdiffValueError
        For what is none, another shape, nan and infinity.
    """
    flat = _as_flat(given, unknowns)
    if flat is not None and unknowns.has_names:
        sizes.update(unknowns.completed(sizes, len(flat)))
    if flat is not None and len(flat) == unknowns.count(sizes):
        x = as_numbers(flat, "x0")
    else:
        arrays = [as_numbers(v, name) for v, name in zip(per_item(given, unknowns, "x0"), unknowns.names, strict=True)]
        if unknowns.has_names:
            bind_sizes(unknowns.names, unknowns.shapes, arrays, sizes)
        parts = []
        for name, shape, array in zip(unknowns.names, unknowns.shapes, arrays, strict=True):
            full = bound(shape, sizes)
            if array.shape != full and array.ndim:
                raise SymdiffValueError(f"{name} has shape {full}, its start has {array.shape}")
            parts.append(np.broadcast_to(array, full).ravel())
        x = np.concatenate(parts)
    if not np.isfinite(x).all():
        k = int(np.flatnonzero(~np.isfinite(x))[0])
        places = zip(unknowns.names, unknowns.places(sizes), strict=True)
        name = next(name for name, place in places if place.start <= k < place.stop)
        raise SymdiffValueError(f"the start holds {x[k]} in {name}: a solver needs numbers to begin with")
    return x


def _as_flat(given: Any, unknowns: Unknowns) -> NDArray[Any] | None:
    """A value that may be one vector of all entries, None for others."""
    if isinstance(given, np.ndarray):
        return given if given.ndim == 1 else None
    if not isinstance(given, (list, tuple)) or any(np.ndim(v) for v in given):
        return None
    return None if unknowns.has_names and len(unknowns.items) > 1 else np.asarray(given)
