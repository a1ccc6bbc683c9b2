"""Derivatives of ordinary Python functions, by dual numbers and Taylor series.

The function gets numbers that carry derivatives, and object arrays of them in
place of arrays; whatever it computes with operators, NumPy's or symdiff's
functions comes out differentiated.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, overload

import numpy as np

from symdiff import functions
from symdiff.algebra.carriers import Carriers
from symdiff.algebra.dual import DualNumber, with_tangents
from symdiff.algebra.perturbation import Perturbation, derivative_part, sweep
from symdiff.algebra.traced import PartOfComplexError, Trace, TracedNumber
from symdiff.arithmetic import is_operand
from symdiff.errors import SymdiffError, SymdiffTypeError, SymdiffValueError
from symdiff.handle import Handle
from symdiff.modes import budgets
from symdiff.modes.backpropagation import adjoints_of
from symdiff.quoting import counted
from symdiff.records import find
from symdiff.taylor.multi_indices import check_pairs
from symdiff.taylor.series import TaylorSeries

Function = Callable[..., Any]

_MOST_FLOAT = 170  # largest number whose factorial is a float


@overload
def derivative(func: Function, *, order: int = 1) -> Function: ...


@overload
def derivative(func: Function, x: Any, order: int = 1) -> Any: ...


def derivative(func: Function, x: Any = None, order: int = 1) -> Any:
    """The derivative of a function of one number, elementwise over an array; without a point, as a function.

    Parameters
    ----------
    func : callable
        Maps a number to a number or an array of numbers.
    x : number or array
    order : int, default 1

    Returns
    -------
    number or array
        Of the shape that `func` returns.

    Raises
    ------
    SymdiffTypeError, SymdiffValueError
        For no function, an order that is negative or no int, one beyond 170 at floats or 2,000 at other numbers, and
        for a function that makes one number of a whole array, as `np.sum` does.

    >>> import numpy as np, symdiff as sd
    >>> sd.derivative(lambda x: x**3, 2.0, order=2)
    12.0
    >>> sd.derivative(np.sin, np.array([0.0, np.pi]))
    array([ 1., -1.])
    >>> slope = sd.derivative(np.sin)
    >>> slope(0.0)
    1.0
    """
    if not callable(func) or isinstance(func, Handle):
        raise SymdiffTypeError(f"derivative takes a Python function, not {func!r}; use f.diff for expressions")
    if x is None:
        return partial(derivative, func, order=order)
    if isinstance(order, bool) or not isinstance(order, (int, np.integer)):
        raise SymdiffTypeError(f"the order of a derivative is an int, not {order!r}")
    if order < 0:
        raise SymdiffValueError(f"the order of a derivative is not negative, as {counted(order)} is")
    if order == 0:
        return _mapped(_called(func, [_filled(x, lambda _, value: value)]), _number)
    check_pairs(order)
    with sweep() as level:

        def carrier(_: int, value: Any) -> Perturbation:
            if order == 1:
                return DualNumber(value, 1.0 if _is_of_floats(value) else 1, level=level)
            return TaylorSeries([value, 1, *[0] * (order - 1)], level=level)

        result = _called(func, [_filled(x, carrier)])
        if np.size(x) > 1 and isinstance(result, Perturbation):
            raise SymdiffTypeError(
                f"the function returned one number for an array of shape {np.shape(x)}, and has a slope by each entry: "
                "write sd.gradient(func, x), sd.hessian(func, x)"
            )
        return _mapped(result, lambda r: _order(r, level, int(order)))


def _number(result: Any) -> Any:
    """What a function returned, which has to be a number."""
    if not is_operand(result):
        raise SymdiffTypeError(f"the function returned {result!r}, where a number is expected")
    return result


def _order(result: Any, level: int, order: int) -> Any:
    _number(result)
    if order == 1:
        return derivative_part(result, level, _eps)
    c = derivative_part(result, level, lambda series: series.coefficients[order])
    if type(c) is int and c == 0:
        return c
    if order > _MOST_FLOAT and (isinstance(c, (float, complex)) or _is_float_array(c)):
        raise SymdiffValueError(
            f"the derivative of order {order} is {order}! times a coefficient, which no float holds beyond order "
            f"{_MOST_FLOAT}: give an mpmath number, an int or a Fraction, or evaluate expr.diff(x, {order})"
        )
    return c * math.factorial(order)


def _is_float_array(value: Any) -> bool:
    return isinstance(value, (np.ndarray, np.generic)) and value.dtype.kind != "O"


def gradient(func: Function, *args: Any) -> tuple[Any, ...]:
    """The derivatives of a number-valued function, one an argument, in one sweep.

    Each is a number or an array, as the argument is. The operations of the call
    are kept, and adjoints go back along them: reverse mode, which takes a few times
    as long as the call, however many arguments there are.

    >>> import numpy as np, symdiff as sd
    >>> sd.gradient(lambda x, y: x**2*y + y + 2, 3.0, 4.0)
    (24.0, 10.0)
    >>> A = np.array([[1.0, 2.0], [3.0, 4.0]])
    >>> sd.gradient(lambda w: np.sum(A @ w), np.array([1.0, 1.0]))
    (array([4., 6.]),)
    """
    _check_call(func, args)
    return tuple(_split(_gradient(func, args), args))


def _gradient(func: Function, args: Sequence[Any]) -> Any:
    """The derivatives of a number-valued function by all entries of its arguments, as one vector.

    Forward mode is for functions that take parts of complex numbers on their way.
    """
    try:
        return _by_trace(func, args)
    except PartOfComplexError:
        with sweep() as level:
            result = _called(func, _lifted(args, level, np.eye(_size(args))))
            return np.array(_tangents(_number(result), level, _size(args)))


def _by_trace(func: Function, args: Sequence[Any]) -> Any:
    """The same in reverse mode."""
    size = _size(args)
    with sweep() as level:
        trace = Trace(level)
        result = _called(func, [_filled(arg, lambda _, value: trace.variable(value)) for arg in args])
        if isinstance(result, np.ndarray) and result.ndim:
            raise SymdiffValueError(
                f"gradient takes a function that returns a number, not shape {result.shape}; use jacobian"
            )
        found = derivative_part(_number(result), level, lambda last: _adjoints(last, size))
    return np.zeros(size) if type(found) is int else found


def _adjoints(last: TracedNumber, size: int) -> Any:
    """The adjoints of the variables that a trace begins with, as a vector."""
    adjoints = adjoints_of(last)[:size]
    found = np.zeros(size, dtype=object)
    found[: len(adjoints)] = [0.0 if adjoint is None else adjoint for adjoint in adjoints]
    return found


def jacobian(func: Function, *args: Any) -> Any:
    """The derivatives of a function by all entries of its arguments.

    Returns
    -------
    array
        Shape of the result, then the shape of the argument; for several
        arguments a last axis over all their entries.

    >>> import numpy as np, symdiff as sd
    >>> sd.jacobian(lambda v: v**2, np.array([1.0, 2.0]))
    array([[2., 0.],
           [0., 4.]])
    """
    _check_call(func, args)
    _check_tangents(_size(args))
    with sweep() as level:
        result = _called(func, _lifted(args, level, np.eye(_size(args))))
        shape = np.shape(result)
        rows = [_tangents(entry, level, _size(args)) for entry in np.ravel(_boxed(result))]
    return _numeric(np.array(rows).reshape(shape + _inner(args)))


def hessian(func: Function, *args: Any) -> Any:
    """The second derivatives of a number-valued function by all entries of its arguments.

    The gradient in reverse mode, over numbers that carry a vector of tangents: forward over reverse mode. The function
    is called once for every 64 entries.

    >>> import symdiff as sd
    >>> sd.hessian(lambda x, y: x**2*y + y + 2, 3.0, 4.0)
    array([[8., 6.],
           [6., 0.]])
    """
    _check_call(func, args)
    size = _size(args)
    _check_tangents(size)
    columns = []
    for start in range(0, size, budgets.HESSIAN_TANGENTS):
        with sweep() as level:
            seeds = np.eye(size)[:, start : start + budgets.HESSIAN_TANGENTS]
            slopes = _gradient(func, _lifted(args, level, seeds))
            columns.append(np.array([_tangents(slope, level, seeds.shape[1]) for slope in slopes]))
    return _numeric(np.concatenate(columns, axis=1).reshape(_inner(args) * 2))


# -- arguments and results ----------------------------------------------------------


def _called(func: Function, args: Sequence[Any]) -> Any:
    with np.errstate(all="ignore"):
        try:
            result = func(*args)
        except PartOfComplexError:
            raise  # to the mode that knows another way
        except SystemError as error:  # of C code that did not look whether a conversion succeeded
            if isinstance(error.__cause__, SymdiffError):
                raise error.__cause__ from None
            raise
        except (TypeError, AttributeError, ValueError, RuntimeError) as error:
            foreign = isinstance(error, (ValueError, RuntimeError)) and not _NO_OBJECTS.search(str(error))
            stumbled = None if foreign else _stumbled(error)
            if stumbled is None:
                raise
            raise SymdiffTypeError(stumbled) from error
    if isinstance(result, (list, tuple)):
        return _boxed(result)
    return result.item() if isinstance(result, np.ndarray) and result.ndim == 0 else result


def _stumbled(error: BaseException) -> str | None:
    """What to say of an error from inside NumPy or SciPy; None for others, and for functions that these called."""
    names = []
    library = ""
    trace = error.__traceback__
    while trace is not None:
        package = trace.tb_frame.f_globals.get("__name__", "").partition(".")[0]
        if package in ("numpy", "scipy"):
            library = library or package
            names.append(trace.tb_frame.f_code.co_name)
        elif package != "symdiff":
            names.clear()
            library = ""
        trace = trace.tb_next
    refused = _REFUSED.match(str(error)) if isinstance(error, TypeError) and not names else None
    if refused is None and not names:
        return None
    if library == "scipy":
        named = [name for name in names if not name.startswith("_")]
        ours = next((name for name in named if hasattr(functions, name) or find(name) is not None), None)
        told = [name for name in names if name.isidentifier() and not name.startswith("_") and "wrapper" not in name]
        name = ours or (told or names)[0]
        instead = f"use sd.{name}" if ours else "write it with NumPy's or symdiff's functions"
        return f"scipy's {name} takes no numbers that carry derivatives: {instead}"
    name = refused[1] if refused is not None else names[0]
    return (
        f"np.{name} fails on these numbers that carry derivatives ({error}): join them by np.stack, "
        "as a list of them or what np.array makes of it says nothing of them to NumPy, or use symdiff's functions"
    )


_NO_OBJECTS = re.compile(r"\bdtype\b|data type|object arrays")  # what functions of SciPy's and NumPy's say of objects
_REFUSED = re.compile(r"ufunc '(\w+)' not supported for the input types")


def _filled(arg: Any, carrier: Callable[[int, Any], Any]) -> Any:
    """An argument whose entries are made by `carrier(number of the entry, value)`."""
    if np.ndim(arg) == 0:
        return carrier(0, _plain(arg))
    array = _boxed(arg)
    result = np.empty(array.size, dtype=object)
    for k, value in enumerate(array.ravel()):
        result[k] = carrier(k, _plain(value))
    return result.reshape(array.shape).view(Carriers)


def _plain(value: Any) -> Any:
    if not is_operand(value):
        raise SymdiffTypeError(f"a function is differentiated at numbers and arrays of them, not at {value!r}")
    return value.item() if isinstance(value, (np.generic, np.ndarray)) else value


def _boxed(values: Any) -> Any:
    """An object array of the entries, whatever they are."""
    if isinstance(values, np.ndarray):
        return values.astype(object)
    if isinstance(values, (list, tuple)):
        inner = [_boxed(v) for v in values]
        result = np.empty((len(inner), *np.shape(inner[0] if inner else 0)), dtype=object)
        for k, one in enumerate(inner):
            result[k] = one[()]  # take the entry itself where it is a single one
        return result
    box = np.empty((), dtype=object)
    box[()] = values
    return box if isinstance(values, Perturbation) or np.ndim(values) == 0 else np.asarray(values, dtype=object)


def _check_call(func: Function, args: Sequence[Any]) -> None:
    if not callable(func) or isinstance(func, Handle):
        raise SymdiffTypeError(f"a Python function or an expression is differentiated, not {func!r}")
    if not args:
        raise SymdiffValueError("give the arguments at which to differentiate the function")


def _check_tangents(size: int) -> None:
    if size**2 > budgets.DENSE_ENTRIES:
        raise SymdiffValueError(
            f"{size:,} numbers carry as many tangents each, {size**2:,} in all; {budgets.DENSE_ENTRIES:,} are made at "
            "most: apply the function to variables and differentiate the expression, or backpropagate"
        )


def _lifted(args: Sequence[Any], level: int, seeds: Any) -> list[Any]:
    """Arguments whose entries carry vectors of tangents; those that have none are constants."""
    lifted = []
    start = 0
    for arg in args:
        vectors = seeds[start : start + int(np.size(arg))]
        lifted.append(_filled(arg, partial(_carrier, vectors, level)))
        start += len(vectors)
    return lifted


def _carrier(vectors: Any, level: int, k: int, value: Any) -> Any:
    return with_tangents(value, vectors[k], level) if vectors[k].any() else value


def _is_of_floats(value: Any) -> bool:
    """Whether a number is a float or made of such; others are exact or have a precision of their own."""
    return type(value) is float or (type(value) is DualNumber and bool(value.kind))


def _size(args: Sequence[Any]) -> int:
    return sum(int(np.size(arg)) for arg in args)


def _inner(args: Sequence[Any]) -> tuple[int, ...]:
    return np.shape(args[0]) if len(args) == 1 else (_size(args),)


def _eps(dual: Any) -> Any:
    return dual.eps


def _tangents(result: Any, level: int, size: int) -> Any:
    """The vector of tangents that a result carries."""
    return np.broadcast_to(derivative_part(_number(result), level, _vector), (size,))


def _vector(dual: Any) -> Any:
    return 0.0 if dual.support is False else dual.eps


def _split(flat: Any, args: Sequence[Any]) -> list[Any]:
    parts = []
    start = 0
    for arg in args:
        count = int(np.size(arg))
        part = flat[start : start + count]
        parts.append(_numeric(part.reshape(np.shape(arg))) if np.ndim(arg) else _plain(part[0]))
        start += count
    return parts


def _mapped(result: Any, function: Callable[[Any], Any]) -> Any:
    if isinstance(result, np.ndarray) and result.ndim:
        values = np.empty(result.size, dtype=object)
        values[:] = [function(r) for r in result.ravel()]
        return _numeric(values.reshape(result.shape))
    return function(result)


def _numeric(array: Any) -> Any:
    """An array of floats where all its entries are."""
    if array.dtype == object and all(isinstance(v, (int, float, np.floating)) for v in array.ravel()):
        return array.astype(float)
    return array
