"""A class for the expressions of each operation: `Add(x, y)` makes one, `isinstance` and `match` tell it."""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING, Any

from symdiff import records
from symdiff.expr import Expr
from symdiff.functions import check_condition
from symdiff.graph import VAR
from symdiff.handle import CLASSES, Handle, apply_any
from symdiff.records import Operation


def _make(cls: type[Expr], *args: Any) -> Handle:
    assert cls.op is not None
    if cls.op.branches and cls.op.conditions and len(args) == cls.op.arity:
        check_condition(*args)
    result = cls.op(*args)
    return result if isinstance(result, Handle) else apply_any(cls.op, args)


def _help() -> ModuleType:
    """What writes docstrings, loaded when one is asked for."""
    from symdiff import operation_help

    return operation_help


records.described_by(_help)


def _whole_arrays() -> ModuleType:
    """What registers operations on whole arrays."""
    from symdiff import external_operations

    return external_operations


records.whole_arrays_registered_by(_whole_arrays)


class _OfClass:
    """What `help` and `inspect` ask of a class, written when asked."""

    def __init__(self, write: str, op: Operation) -> None:
        self.write, self.op = write, op

    def __get__(self, expr: Expr | None, kind: Any = None) -> Any:
        return getattr(_help(), self.write)(self.op)


def _operand(k: int, name: str) -> property:
    return property(lambda self: self.args[k], doc=f"The {name.replace('_', ' ')}.")


def _constructor(op: Operation) -> type[Expr]:
    body: dict[str, Any] = {"__slots__": (), "__match_args__": op.operands, "op": op, "__module__": __name__}
    body["__doc__"], body["__signature__"] = _OfClass("describe_class", op), _OfClass("signature", op)
    body["__new__"] = _make
    body.update({name: _operand(k, name) for k, name in enumerate(op.operands)})
    return type(op.class_name, (Expr,), body)


def _class_of_code(code: int) -> type[Handle]:
    return _constructor(records.record(code))


CLASSES.make = _class_of_code


def class_of(op: Operation) -> type[Expr]:
    """The class of the expressions of an operation."""
    return CLASSES[op.opcode]  # type: ignore[return-value]


def __getattr__(name: str) -> type[Expr]:
    op = _OPERATIONS.get(name)
    if op is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = class_of(op)
    return found


_OPERATIONS = {op.class_name: op for op in records.OPERATIONS[VAR + 1 :]}  # those of the library

if TYPE_CHECKING:  # for editors: each class is made when it is first asked for

    class _Operand(Expr):
        __match_args__ = ("operand",)
        operand: Expr

        def __init__(self, operand: Any) -> None: ...

    class _LeftRight(Expr):
        __match_args__ = ("left", "right")
        left: Expr
        right: Expr

        def __init__(self, left: Any, right: Any, *more: Any) -> None: ...

    class _BaseExponent(Expr):
        __match_args__ = ("base", "exponent")
        base: Expr
        exponent: Expr

        def __init__(self, base: Any, exponent: Any) -> None: ...

    class _YX(Expr):
        __match_args__ = ("y", "x")
        y: Expr
        x: Expr

        def __init__(self, y: Any, x: Any) -> None: ...

    class _DividendDivisor(Expr):
        __match_args__ = ("dividend", "divisor")
        dividend: Expr
        divisor: Expr

        def __init__(self, dividend: Any, divisor: Any) -> None: ...

    class _ConditionIfTrueIfFalse(Expr):
        __match_args__ = ("condition", "if_true", "if_false")
        condition: Expr
        if_true: Expr
        if_false: Expr

        def __init__(self, condition: Any, if_true: Any, if_false: Any) -> None: ...

    class _OrderOperand(Expr):
        __match_args__ = ("order", "operand")
        order: Expr
        operand: Expr

        def __init__(self, order: Any, operand: Any) -> None: ...

    class _NK(Expr):
        __match_args__ = ("n", "k")
        n: Expr
        k: Expr

        def __init__(self, n: Any, k: Any) -> None: ...

    class _AB(Expr):
        __match_args__ = ("a", "b")
        a: Expr
        b: Expr

        def __init__(self, a: Any, b: Any) -> None: ...

    class _Several(Expr):
        def __init__(self, *operands: Any) -> None: ...

    class Add(_LeftRight): ...

    class Sub(_LeftRight): ...

    class Mul(_LeftRight): ...

    class Div(_LeftRight): ...

    class Neg(_Operand): ...

    class Pow(_BaseExponent): ...

    class PowByBase(_BaseExponent): ...

    class PowByExponent(_BaseExponent): ...

    class Sqrt(_Operand): ...

    class Cbrt(_Operand): ...

    class Exp(_Operand): ...

    class Expm1(_Operand): ...

    class Log(_Operand): ...

    class Log1p(_Operand): ...

    class Log2(_Operand): ...

    class Log10(_Operand): ...

    class Sin(_Operand): ...

    class Cos(_Operand): ...

    class Tan(_Operand): ...

    class Asin(_Operand): ...

    class Acos(_Operand): ...

    class Atan(_Operand): ...

    class Atan2(_YX): ...

    class Sinh(_Operand): ...

    class Cosh(_Operand): ...

    class Tanh(_Operand): ...

    class Asinh(_Operand): ...

    class Acosh(_Operand): ...

    class Atanh(_Operand): ...

    class OneMinusSquare(_Operand): ...

    class Hypot(_LeftRight): ...

    class Norm(_LeftRight): ...

    class NormQuotient(_LeftRight): ...

    class NormDivisor(_Operand): ...

    class DirectionCosine(_LeftRight): ...

    class DirectionSine(_LeftRight): ...

    class NormCosine(_LeftRight): ...

    class NormSine(_LeftRight): ...

    class Cot(_Operand): ...

    class Coth(_Operand): ...

    class Sech(_Operand): ...

    class Csch(_Operand): ...

    class Asec(_Operand): ...

    class Acsc(_Operand): ...

    class Acot(_Operand): ...

    class Acoth(_Operand): ...

    class Acsch(_Operand): ...

    class Asech(_Operand): ...

    class Abs(_Operand): ...

    class Sign(_Operand): ...

    class Heaviside(_Operand): ...

    class Floor(_Operand): ...

    class Ceil(_Operand): ...

    class Trunc(_Operand): ...

    class Rint(_Operand): ...

    class Mod(_DividendDivisor): ...

    class FloorDivide(_DividendDivisor): ...

    class Fmod(_DividendDivisor): ...

    class Minimum(_LeftRight): ...

    class Maximum(_LeftRight): ...

    class Relu(_Operand): ...

    class Less(_LeftRight): ...

    class LessEqual(_LeftRight): ...

    class Greater(_LeftRight): ...

    class GreaterEqual(_LeftRight): ...

    class Equal(_LeftRight): ...

    class LogicalAnd(_LeftRight): ...

    class LogicalOr(_LeftRight): ...

    class LogicalNot(_Operand): ...

    class Where(_ConditionIfTrueIfFalse): ...

    class Erf(_Operand): ...

    class Erfc(_Operand): ...

    class Gamma(_Operand): ...

    class Loggamma(_Operand): ...

    class Digamma(_Operand): ...

    class Polygamma(_OrderOperand): ...

    class Binomial(_NK): ...

    class BinomialDerivative(_Several): ...

    class Beta(_AB): ...

    class BetaDerivative(_Several): ...

    class Sinc(_Operand): ...

    class SphericalJn(_OrderOperand): ...

    class Lambertw(_Operand): ...

    class Lambertw1p(_Operand): ...

    class Sigmoid(_Operand): ...

    class SigmoidSlope(_Operand): ...

    class Softplus(_Operand): ...

    class Logaddexp(_LeftRight): ...
