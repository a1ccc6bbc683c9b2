"""Python's operators and NumPy's hooks for everything that is computed with like a number.

Expressions, dual numbers and Taylor series inherit them; each says in
`_apply(op, operands)` what an operation on it means.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from symdiff import ops, records
from symdiff.constants import PI, constant
from symdiff.errors import SymdiffTypeError
from symdiff.records import Operation


def is_operand(value: Any) -> bool:
    """Whether Python's operators take the value beside one of ours."""
    if isinstance(value, (int, float, Arithmetic, np.ndarray)):
        return True
    try:
        constant(value)
    except SymdiffTypeError:
        return False
    return True


class Arithmetic:
    """Operators, NumPy's ufuncs, and the methods that NumPy calls on object arrays."""

    __slots__ = ()
    __array_priority__ = 1000.0

    def _holds_array(self) -> bool:
        return False  # override with True where array parts make one number, which an array operand joins whole

    def _parts(self) -> list[Any]:
        return []  # override with the numbers that a number is made of

    @staticmethod
    def _apply(op: Operation, args: tuple[Any, ...]) -> Any:
        raise SymdiffTypeError("only its subclasses compute")

    @classmethod
    def _binary(cls, op: Operation, left: Any, right: Any) -> Any:
        other = right if isinstance(left, cls) else left
        if not is_operand(other):
            return NotImplemented
        if isinstance(other, np.ndarray) and not _holds_array(left if other is right else right):
            return records.elementwise(op, (left, right))
        return records.dispatch(op, (left, right))

    def __add__(self, other: Any) -> Any:
        return self._binary(ops.add, self, other)

    def __radd__(self, other: Any) -> Any:
        return self._binary(ops.add, other, self)

    def __sub__(self, other: Any) -> Any:
        return self._binary(ops.sub, self, other)

    def __rsub__(self, other: Any) -> Any:
        return self._binary(ops.sub, other, self)

    def __mul__(self, other: Any) -> Any:
        return self._binary(ops.mul, self, other)

    def __rmul__(self, other: Any) -> Any:
        return self._binary(ops.mul, other, self)

    def __truediv__(self, other: Any) -> Any:
        return self._binary(ops.div, self, other)

    def __rtruediv__(self, other: Any) -> Any:
        return self._binary(ops.div, other, self)

    def __pow__(self, other: Any) -> Any:
        return self._binary(ops.pow, self, other)

    def __rpow__(self, other: Any) -> Any:
        return self._binary(ops.pow, other, self)

    def __floordiv__(self, other: Any) -> Any:
        return self._binary(ops.floor_divide, self, other)

    def __rfloordiv__(self, other: Any) -> Any:
        return self._binary(ops.floor_divide, other, self)

    def __mod__(self, other: Any) -> Any:
        return self._binary(ops.mod, self, other)

    def __rmod__(self, other: Any) -> Any:
        return self._binary(ops.mod, other, self)

    def __divmod__(self, other: Any) -> Any:
        return self // other, self % other

    def __rdivmod__(self, other: Any) -> Any:
        return other // self, other % self

    def __neg__(self) -> Any:
        return ops.neg(self)

    def __pos__(self) -> Any:
        return self

    def __abs__(self) -> Any:
        return ops.abs(self)

    def __floor__(self) -> Any:
        return ops.floor(self)

    def __ceil__(self) -> Any:
        return ops.ceil(self)

    def __trunc__(self) -> Any:
        return ops.trunc(self)

    def __round__(self, decimals: int | None = None) -> Any:
        return rounded(self, decimals or 0)

    def round(self, decimals: int = 0, out: None = None) -> Any:
        """NumPy's `round` of this number."""
        return rounded(self, decimals)

    def __lt__(self, other: Any) -> Any:
        return self._binary(ops.less, self, other)

    def __le__(self, other: Any) -> Any:
        return self._binary(ops.less_equal, self, other)

    def __gt__(self, other: Any) -> Any:
        return self._binary(ops.greater, self, other)

    def __ge__(self, other: Any) -> Any:
        return self._binary(ops.greater_equal, self, other)

    def conjugate(self) -> Any:
        """The number itself, where it is real. NumPy asks for it."""
        return self

    @property
    def real(self) -> Any:
        """The number itself, where it is real."""
        return self

    @property
    def imag(self) -> Any:
        """0, where it is real."""
        return 0

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        function = ufunc_named(ufunc.__name__)
        out = kwargs.pop("out", ())
        if method == "reduce" and not isinstance(inputs[0], np.ndarray):
            return inputs[0]  # answer np.sum of one number
        if any(not isinstance(a, (Arithmetic, np.ndarray)) and hasattr(a, "__array_ufunc__") for a in inputs) and (
            function is None
        ):
            return NotImplemented  # leave it to arrays of others
        if function is None and method == "__call__":
            raise no_meaning(ufunc.__name__, inputs)
        if method != "__call__" or kwargs or function is None or len(out) > 1:
            return NotImplemented
        if any(isinstance(a, np.ndarray) for a in inputs) and not any(map(_holds_array, inputs)):
            result = records.elementwise(function, inputs)
            if function in (operator.eq, operator.ne):
                result = result.astype(bool) if isinstance(result, np.ndarray) else bool(result)
        else:
            result = function(*inputs)
        if not out:
            return result
        out[0][...] = result
        return out[0]

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
        """NumPy's functions of arrays, as for object arrays; a clear error where they can't take such."""
        if not all(issubclass(kind, (Arithmetic, np.ndarray)) for kind in types):
            return NotImplemented
        return numpy_function(func, args, kwargs)


def numpy_function(func: Any, args: Any, kwargs: Any) -> Any:
    """What a function of NumPy's gives of numbers of ours.

    Raises
    ------
    SymdiffTypeError
        Where NumPy's own code stumbles over them, which may be deep inside.
    """
    own = _own_functions[-1]().get(func.__name__)
    try:
        if own is not None:
            return own(*args, **kwargs)
        return np.ndarray.__array_function__(_ANY, func, (np.ndarray,), args, kwargs)
    except SymdiffTypeError:
        raise
    except (AttributeError, TypeError) as error:
        raise SymdiffTypeError(f"{_refusal(func.__name__, args)}: {error}") from error


_own_functions: list[Callable[[], Mapping[str, Callable[..., Any]]]] = []


def functions_from(load: Callable[[], Mapping[str, Callable[..., Any]]]) -> None:
    """Let `load()` give, once one is called, the functions of NumPy's that have another way here, by name."""
    _own_functions.append(load)


_ANY = np.empty(0, dtype=object)


def no_meaning(name: str, operands: Any) -> SymdiffTypeError:
    """The error for a function of NumPy's that has no meaning for numbers of ours."""
    return SymdiffTypeError(_refusal(name, operands))


def _refusal(name: str, operands: Any) -> str:
    inside = [a.flat[0] if isinstance(a, np.ndarray) and a.size else a for a in operands]
    kind = next((type(a).__name__ for a in inside if isinstance(a, Arithmetic)), "such numbers")
    return f"np.{name} has no meaning for {kind}; use symdiff's functions and sd.where"


def _holds_array(value: Any) -> bool:
    return isinstance(value, Arithmetic) and value._holds_array()


def rounded(x: Any, decimals: Any = 0) -> Any:
    """The nearest whole number, halves to the even one, as Python's `round` without decimals.

    Raises
    ------
    SymdiffTypeError
        For decimals, where Python rounds the digits of a float. (NumPy then tries the formula that the error names.)
    """
    if isinstance(decimals, Arithmetic) or decimals != 0:
        raise SymdiffTypeError(
            f"round gives whole numbers here: for decimals write rint(x*10**{decimals})/10**{decimals}"
        )
    return ops.rint(x)


def heaviside(x: Any, at_zero: Any = None) -> Any:
    """The step with its value at 0, as NumPy and SymPy take it; 1/2 by default."""
    if at_zero is None or (not isinstance(at_zero, Arithmetic) and at_zero == 0.5):
        return ops.heaviside(x)
    return ops.where(ops.equal(x, 0), at_zero, ops.heaviside(x))


def _first_number(op: Operation, a: Any, b: Any) -> Any:
    """The operation where both are numbers, else the one that is: nan is none."""
    return ops.where(ops.equal(a, a), ops.where(ops.equal(b, b), op(a, b), a), b)


_UFUNCS: dict[str, Any] = {  # ufuncs that are no operation
    "positive": lambda x: x,
    "conjugate": lambda x: x.conjugate(),
    "square": lambda x: x * x,
    "reciprocal": lambda x: 1 / x,
    "fabs": ops.abs,
    "float_power": ops.pow,
    "exp2": lambda x: 2**x,
    "deg2rad": lambda x: x * PI / 180,
    "radians": lambda x: x * PI / 180,
    "rad2deg": lambda x: x * 180 / PI,
    "degrees": lambda x: x * 180 / PI,
    "fmin": lambda a, b: _first_number(ops.minimum, a, b),
    "fmax": lambda a, b: _first_number(ops.maximum, a, b),
    "isnan": lambda x: ops.logical_not(ops.equal(x, x)),
    "isfinite": lambda x: ops.less(ops.abs(x), math.inf),
    "isinf": lambda x: ops.equal(ops.abs(x), math.inf),
    "clip": lambda x, low, high: ops.minimum(ops.maximum(x, low), high),
    "equal": operator.eq,  # compare as == does, by structure; sd.equal makes a condition
    "not_equal": operator.ne,
    "heaviside": heaviside,
    "bitwise_and": ops.logical_and,
    "bitwise_or": ops.logical_or,
    "invert": ops.logical_not,
}


def _x_log(x: Any, y: Any, log: Operation, pole: int) -> Any:
    """`x*log(y)`, 0 where x is 0 at the pole of the logarithm and beyond."""
    return ops.where(ops.logical_and(ops.equal(x, 0), ops.less_equal(y, pole)), 0, x * log(y))


_SCIPY: dict[str, Any] = {  # ufuncs of scipy.special that have another name here, or are short formulas
    "expit": ops.sigmoid,
    "log_expit": lambda x: -ops.softplus(-x),
    "logit": lambda x: ops.where(ops.less(ops.abs(x - 0.5), 0.25), 2 * ops.atanh(2 * x - 1), ops.log(x / (1 - x))),
    "psi": ops.digamma,
    "binom": ops.binomial,
    "ndtr": lambda x: ops.erfc(x * -math.sqrt(0.5)) / 2,
    "xlogy": lambda x, y: _x_log(x, y, ops.log, 0),
    "xlog1py": lambda x, y: _x_log(x, y, ops.log1p, -1),
}


def ufunc_named(name: str) -> Any:
    """The function that a ufunc of that name of NumPy's or SciPy's means here, None where there is none."""
    return _UFUNCS.get(name) or records.by_ufunc(name) or _SCIPY.get(name)


def _add_method(name: str, function: Callable[..., Any]) -> None:
    """NumPy calls `x.sin()` on the elements of object arrays."""
    if hasattr(Arithmetic, name):
        return

    def method(self: Any, *others: Any, out: Any = None) -> Any:
        result = function(self, *others)
        if out is None:
            return result
        out[...] = result
        return out

    method.__name__ = name
    method.__doc__ = f"NumPy's `{name}` of this number, which NumPy calls on object arrays."
    setattr(Arithmetic, name, method)


def _add_operation(op: Operation) -> None:
    if hasattr(np, op.ufunc) and not op.symbol and not op.boolean:
        _add_method(op.ufunc, op)


for _name, _ufunc in _UFUNCS.items():
    _add_method(_name, _ufunc)
records.on_register(_add_operation)
