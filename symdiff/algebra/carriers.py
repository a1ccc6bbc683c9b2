"""Object arrays of carriers (dual numbers, Taylor series), on which NumPy's functions are the operations.

On a plain object array NumPy compares elements to find a maximum, which takes
one side of a tie, and has no `logaddexp` at all.
"""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from symdiff import arithmetic, records
from symdiff.algebra import extremes
from symdiff.arithmetic import no_meaning
from symdiff.errors import SymdiffTypeError

_MASKS = (np.isnan, np.isfinite, np.isinf, np.equal, np.not_equal)  # ufuncs whose results choose elements


class Carriers(np.ndarray[Any, Any]):
    """What a Python function gets in place of an array that is differentiated."""

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        plain = [_plain(a) for a in inputs]
        if "out" in kwargs:
            kwargs["out"] = tuple(_plain(a) for a in kwargs["out"])
        if kwargs.get("where", True) is not True and method == "reduce" and ufunc.identity is not None:
            kwargs.setdefault("initial", ufunc.identity)  # which NumPy knows of floats
        function = arithmetic.ufunc_named(ufunc.__name__)
        ours = function is not None and not getattr(function, "boolean", False)  # but comparisons: they give masks
        if ours and method == "__call__" and not kwargs:
            result = records.elementwise(function, plain)
        elif ours and method == "reduce" and getattr(function, "folds", False):
            extreme = ufunc in (np.maximum, np.minimum) and len(plain) == 1
            result = _extreme(function, *plain, **kwargs) if extreme else _folded(function, *plain, **kwargs)
        else:
            try:
                result = getattr(ufunc, method)(*plain, **kwargs)
            except SymdiffTypeError:
                raise
            except (AttributeError, TypeError) as error:
                raise no_meaning(ufunc.__name__, inputs) from error
        if ufunc in _MASKS and method == "__call__":
            return np.asarray(result).astype(bool)
        return result.view(Carriers) if isinstance(result, np.ndarray) and result.dtype == object else result

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
        return as_carriers(arithmetic.numpy_function(func, args, kwargs))

    @property  # type: ignore[misc]
    def real(self) -> Any:
        """That of every element."""
        return of_elements("real", self)

    @property  # type: ignore[misc]
    def imag(self) -> Any:
        """That of every element."""
        return of_elements("imag", self)

    def __hash__(self) -> int:  # type: ignore[override]
        raise no_key()

    def sort(self, axis: int = -1, **options: Any) -> None:  # type: ignore[override]
        """Sort in place, by value."""
        self[...] = np.sort(self, axis, **options)

    def argsort(self, axis: int | None = -1, **options: Any) -> Any:  # type: ignore[override]
        """The places in order of the values."""
        return np.argsort(self, axis, **options)

    def argmax(self, *args: Any, **options: Any) -> Any:
        """The place of the largest value."""
        return np.argmax(self, *args, **options)

    def argmin(self, *args: Any, **options: Any) -> Any:
        """The place of the smallest value."""
        return np.argmin(self, *args, **options)


def no_key() -> SymdiffTypeError:
    """The error for a key made of numbers that carry derivatives."""
    return SymdiffTypeError(
        "a number that carries derivatives can't be a key of a dictionary or of a cache such as "
        "functools.lru_cache, which would answer with the derivatives of an earlier call: "
        "differentiate the function without the cache"
    )


def of_elements(name: str, value: Any) -> Any:
    """The attribute of a number, or of every element of an object array: NumPy's `real` and `imag` do not ask these."""
    if not isinstance(value, np.ndarray) or value.dtype != object:
        return getattr(value, name)
    parts = np.empty(value.shape, dtype=object)
    np.frompyfunc(operator.attrgetter(name), 1, 1)(_plain(value), out=parts)
    return parts.view(type(value))


def as_carriers(result: Any) -> Any:
    """What a function of NumPy's made of carriers: `np.stack` joins them to an array that is asked again."""
    return result.view(Carriers) if type(result) is np.ndarray and result.dtype == object else result


def _folded(op: records.Operation, *args: Any, **options: Any) -> Any:
    return np.frompyfunc(op, 2, 1).reduce(*args, **options)


def _extreme(op: records.Operation, array: Any, axis: Any = 0, keepdims: bool = False, **options: Any) -> Any:
    """The largest or the smallest numbers along axes; NumPy's other options, but for a number to begin with, fold."""
    given = {name: value for name, value in options.items() if not (value is None or value is True)}
    initial = given.pop("initial", None)
    if given or not array.size:
        return _folded(op, array, axis=axis, keepdims=keepdims, **options)
    axes = tuple(range(array.ndim)) if axis is None else np.lib.array_utils.normalize_axis_tuple(axis, array.ndim)
    found = extremes.along(op, array, axes)
    found = found if initial is None else records.elementwise(op, [found, initial])
    return np.expand_dims(found, axes) if keepdims else found


def _plain(value: Any) -> Any:
    return value.view(np.ndarray) if isinstance(value, Carriers) else value
