"""Numbers: ints, Fractions, floats, complex, mpmath and NumPy arrays.

The values that come in decide the kind of an evaluation, and each kind has its
table of functions by operation code. No function of a table raises at a pole or
outside a domain: where Python's `math` does, NumPy's answer stands (IEEE 754).
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from symdiff.constants import NamedConstant, constant
from symdiff.errors import SymdiffTypeError
from symdiff.exact import to_float
from symdiff.records import OPERATIONS, Operation, Rank, elementwise, register_algebra

EXACT, RATIONAL, FLOAT, COMPLEX, MP, ARRAY, OBJECT = range(7)  # kinds: ints, Fractions among them, …

Function = Callable[..., Any]


class Table(dict[int, Function]):
    """The functions of one kind by operation code, each made at first use."""

    def __init__(self, make: Callable[[Operation], Function]) -> None:
        self.make = make

    def __missing__(self, code: int) -> Function:
        function = self[code] = self.make(OPERATIONS[code])
        return function

    def apply(self, code: int, operands: Sequence[Any]) -> Any:
        """An operation, by code, on operands."""
        return self[code](*operands)


def resolve(spelling: Any) -> Any:
    """The function that a record spells, imported where it is a string."""
    if not isinstance(spelling, str):
        return spelling
    module, name = spelling.split(":")
    return getattr(importlib.import_module(module), name)


# -- one scalar function from the record's spellings ------------------------------


def _by_array(op: Operation) -> Function:
    """The array function on scalars, with Python numbers as result."""
    function = resolve(op.array)

    def call(*args: Any) -> Any:
        with np.errstate(all="ignore"):
            result = function(*[np.asarray(to_scalar(a)) for a in args])
        return result.item() if hasattr(result, "item") else result

    return call


def to_scalar(value: Any) -> Any:
    """A number as NumPy takes it."""
    return value if isinstance(value, (complex, bool)) else to_float(value)


def _guarded(op: Operation, fast: Function | None) -> Function:
    slow = _by_array(op)
    if fast is None:
        return slow

    def call(*args: Any) -> Any:
        try:
            return fast(*args)
        except (ValueError, ArithmeticError):
            return slow(*args)

    return call


def _float_function(op: Operation) -> Function:
    if op.total or op.boolean:
        return resolve(op.real)  # type: ignore[no-any-return]  # unguarded: these never raise
    own = op.real is not None and op.real is op.array  # users may give one function for both
    return _guarded(op, _number(op.real) if own else resolve(op.real))


def _number(values: Function) -> Function:
    """A function at numbers: of what NumPy and SciPy give without axes, such as splines do, the number."""

    def at(*operands: Any) -> Any:
        found = values(*operands)
        return found.item() if isinstance(found, (np.ndarray, np.generic)) and not found.ndim else found

    return at


def _exact_function(op: Operation, quotient: Function | None = None) -> Function:
    inexact = _float_function(op)
    exact = _guarded(op, quotient or resolve(op.exact or op.real))

    def call(*args: Any) -> Any:
        for a in args:
            if type(a) is float:
                return inexact(*[a if type(a) is float else to_float(a) for a in args])
        result = exact(*args)
        return result.numerator if type(result) is Fraction and result.denominator == 1 else result

    return call


def _rational_function(op: Operation) -> Function:
    """As for ints, but quotients stay exact: a Fraction came in, whole or not."""
    return _exact_function(op, op.rational)


def _complex_function(op: Operation) -> Function:
    if op.complex is not None:
        return _guarded(op, op.complex)
    if not _in_mpmath(op):
        return _by_array(op)
    by_mp = _mp_function(op)

    def call(*args: Any) -> Any:
        import mpmath

        result = by_mp(*[mpmath.mpmathify(a) for a in args])
        return complex(result) if isinstance(result, (mpmath.mpf, mpmath.mpc)) else result

    return call


def _in_mpmath(op: Operation) -> bool:
    return op.mp is not None or hasattr(_mpmath(), op.name)


def _mp_function(op: Operation) -> Function:
    spelling = op.mp or op.name
    by_array = _by_array(op)
    known = _in_mpmath(op)

    def call(*args: Any) -> Any:
        ctx = next((a.context for a in args if hasattr(a, "context")), None) or _mpmath()
        try:
            if not known:  # try the formula of a user's operation
                result = op.real(*args)
                if isinstance(result, (float, np.ndarray)):
                    raise TypeError("it rounds to a float")
                return result
            return spelling(ctx, *args) if callable(spelling) else getattr(ctx, spelling)(*args)
        except (ValueError, ArithmeticError):  # take NumPy's answer at a pole
            return ctx.mpmathify(by_array(*[_narrow(a) for a in args]))
        except (AttributeError, TypeError) as error:
            hint = "has no value for complex operands" if known else "takes no mpmath numbers: give its record `mp`"
            raise SymdiffTypeError(f"{op.name} {hint}") from error

    return call


def _mpmath() -> Any:
    from mpmath import mp

    return mp


def _narrow(value: Any) -> Any:
    """An mpmath number as a float or a complex."""
    return value if type(value) is bool else complex(value) if value.imag else float(value.real)


def _is_bool(value: Any) -> bool:
    return isinstance(value, (np.ndarray, np.bool_)) and value.dtype == np.bool_


_DIVIDED = (float, complex)


def _array_function(op: Operation) -> Function:
    function = resolve(op.array)
    conditions = range(op.arity) if op.boolean else op.conditions

    def call(*args: Any) -> Any:
        if any(map(_is_bool, [a for k, a in enumerate(args) if k not in conditions] if conditions else args)):
            # convert a condition that is computed with: it counts as a number
            args = tuple(
                [a if k in conditions or not _is_bool(a) else np.asarray(a, float) for k, a in enumerate(args)]
            )
        elif np.ndarray not in map(type, args):  # divide numbers alone by 0 as arrays do
            args = tuple([np.asarray(a) if type(a) in _DIVIDED else a for a in args])
        result = function(*args)
        if type(result) is np.float64 or (type(result) is np.ndarray and result.ndim == 0):
            return result.item()  # unwrap: a scalar of NumPy's would widen arrays of float32
        return result

    return call


TABLES: tuple[Table, ...] = (
    Table(_exact_function),
    Table(_rational_function),
    Table(_float_function),
    Table(_complex_function),
    Table(_mp_function),
    Table(_array_function),
    Table(lambda op: lambda *args: elementwise(op, args)),
)

# -- kinds: what the values that come in are ---------------------------------------

_KINDS: dict[type, int] = {
    int: EXACT, bool: EXACT, Fraction: RATIONAL, NamedConstant: EXACT, float: FLOAT, complex: COMPLEX,
}  # fmt: skip


def kind_of(value: Any) -> int:
    """The kind of a number or an array, -1 for anything else."""
    kind = _KINDS.get(type(value))
    if kind is not None:
        return kind
    if isinstance(value, (np.ndarray, np.generic)):
        if value.dtype == object:
            return OBJECT
        return ARRAY if value.dtype.kind in "fciub" else -1
    if hasattr(value, "_mpf_") or hasattr(value, "_mpc_"):
        return MP
    return -1


def clean(value: Any) -> Any:
    """A number in the form in which evaluation takes it: NumPy's scalars as Python's, integer arrays as float64.

    Raises
    ------
    SymdiffTypeError
        For anything that is no number and no array of numbers.
    """
    if type(value) is float:
        return value
    if isinstance(value, np.ndarray):
        if kind_of(value) < 0:
            raise SymdiffTypeError(f"an array of {value.dtype} holds no numbers")
        return value.astype(np.float64) if value.dtype.kind in "iub" else value
    if isinstance(value, (np.float64, np.complex128, np.integer, np.bool_)):
        return value.item()
    if kind_of(value) < 0:
        return constant(value)
    return value


def _lift_rational(value: Any) -> Any:
    whole = type(value) is Fraction and value.denominator == 1
    return value.numerator if whole else _lift_exact(value)


def _lift_exact(value: Any) -> Any:
    return float(value) if isinstance(value, NamedConstant) else value


def _lift_float(value: Any) -> Any:
    return value if type(value) is float else _narrow(value) if hasattr(value, "context") else to_float(value)


def _lift_complex(value: Any) -> Any:
    if type(value) is bool or isinstance(value, complex):
        return value
    return complex(_lift_float(value))


def _lift_mp(value: Any) -> Any:
    mp = _mpmath()
    if type(value) is bool or hasattr(value, "context"):
        return value
    if isinstance(value, NamedConstant):
        return +getattr(mp, value.name)
    return mp.mpf(value.numerator) / value.denominator if type(value) is Fraction else mp.mpmathify(value)


def _lift_array(value: Any) -> Any:
    if isinstance(value, (np.ndarray, np.generic)):
        return value
    return _lift_complex(value) if isinstance(value, complex) else _lift_float(value)


LIFTS: tuple[Function, ...] = (
    _lift_exact, _lift_rational, _lift_float, _lift_complex, _lift_mp, _lift_array, lambda value: value,
)  # fmt: skip


def common_kind(values: Sequence[Any]) -> int:
    """The kind in which numbers meet, -1 where something is no number."""
    kinds = {kind_of(value) for value in values}
    if -1 in kinds:
        return -1
    kind = max(kinds, default=EXACT)
    if kind == ARRAY and MP in kinds:
        return OBJECT
    return kind


def apply(op: Operation, args: Sequence[Any]) -> Any:
    """An operation on numbers and arrays, as every evaluation gives it.

    Raises
    ------
    SymdiffTypeError
        For an operand that is no number.
    """
    if len(args) == 1 and type(args[0]) is float:
        return TABLES[FLOAT][op.opcode](args[0])
    values = [clean(a) for a in args]
    kind = common_kind(values)
    lift = LIFTS[kind]
    try:
        with np.errstate(all="ignore"):
            return TABLES[kind][op.opcode](*[lift(v) for v in values])
    except TypeError as error:
        raise type_error(op, values, error) from error


def type_error(op: Operation, values: Sequence[Any], error: TypeError) -> SymdiffTypeError:
    """The error for operands that an operation has no value for."""
    if isinstance(error, SymdiffTypeError):
        return error
    kinds = ", ".join(type(v).__name__ for v in values)
    return SymdiffTypeError(f"{op.name} has no value for operands of type {kinds}: {error}")


register_algebra(object, Rank.NUMBER, apply)
