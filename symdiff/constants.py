"""Constants in the form in which graphs keep them: exact where they are exact, told apart by kind."""

from __future__ import annotations

import numbers
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from symdiff.errors import SymdiffTypeError


class NamedConstant:
    """A number known by name and exact until a float is asked for: pi, e."""

    __slots__ = ("name", "number")

    def __init__(self, name: str, number: float) -> None:
        self.name = name
        self.number = number

    def __float__(self) -> float:
        return self.number

    def __repr__(self) -> str:
        return self.name

    def __reduce__(self) -> tuple[Any, ...]:
        return named_constant, (self.name,)


PI = NamedConstant("pi", 3.141592653589793)
E = NamedConstant("e", 2.718281828459045)


def named_constant(name: str) -> NamedConstant:
    """The named constant of that name."""
    return {"pi": PI, "e": E}[name]


def constant(value: Any) -> Any:
    """A number in the form in which graphs keep it: exact where it is exact.

    Raises
    ------
    SymdiffTypeError
        For anything that is no number.
    """
    kind = type(value)
    if kind is int or kind is float or kind is bool or kind is complex or kind is NamedConstant:
        return value
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value.item()
    if isinstance(value, np.generic):
        value = value.item()
        if isinstance(value, np.generic):  # convert longdouble, which has no Python equal
            value = complex(value) if isinstance(value, np.complexfloating) else float(value)
    if isinstance(value, (bool, NamedConstant)):
        return value
    if isinstance(value, (numbers.Rational, Decimal)):
        return _exact(value)
    if isinstance(value, numbers.Complex) or hasattr(value, "_mpf_") or hasattr(value, "_mpc_"):
        return _inexact(value)
    if type(value).__module__.startswith("scipy.sparse"):
        raise SymdiffTypeError(
            "sparse matrices are factors of products, A @ x and A * X: give A.toarray() to functions of numbers"
        )
    read = "; sd.parse reads text, sd.Var names a variable" if isinstance(value, str) else ""
    raise SymdiffTypeError(f"a constant is a number, not {value!r} of type {type(value).__name__}{read}")


def _exact(value: Any) -> Any:
    if isinstance(value, Decimal) and not value.is_finite():
        return float(value)
    fraction = Fraction(value)
    return fraction.numerator if fraction.denominator == 1 else fraction


def _inexact(value: Any) -> Any:
    if hasattr(value, "_mpf_") or hasattr(value, "_mpc_"):
        context: Any = getattr(value, "context", None)
        if hasattr(value, "func"):  # one of mpmath's constants, whose digits follow the precision
            return PI if value is context.pi else E if value is context.e else +value
        return value if context is not None else _of_mpmath(value)
    try:
        return float(value) if isinstance(value, numbers.Real) else complex(value)
    except (TypeError, ValueError) as error:  # refuse an interval, say
        raise SymdiffTypeError(f"a constant is one number, not {value!r}") from error


def _of_mpmath(value: Any) -> Any:
    """SymPy's Float as mpmath's own number."""
    from mpmath import mp

    return mp.make_mpf(value._mpf_) if hasattr(value, "_mpf_") else mp.make_mpc(value._mpc_)


def constant_key(value: Any) -> tuple[Any, ...]:
    """What tells constants apart: 1, 1.0 and True, 0.0 and -0.0 differ; nan equals nan."""
    if type(value) is int:
        return ("int", value)
    if type(value) is float:
        return ("float", value.hex())
    if type(value) is Fraction:
        return ("fraction", value.numerator, value.denominator)
    if type(value) is bool:
        return ("bool", value)
    return (type(value).__name__, repr(getattr(value, "_mpf_", None) or getattr(value, "_mpc_", value)))


def is_exact(value: Any) -> bool:
    """Whether a constant is an int or a Fraction: what may be folded without rounding."""
    return type(value) is int or type(value) is Fraction
