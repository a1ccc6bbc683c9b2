"""A class for the expressions of each operation: `Add(x, y)` makes one, `isinstance` and `match` tell it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from symdiff import ops, records
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


def _operand(k: int, name: str) -> property:
    return property(lambda self: self.args[k], doc=f"The {name.replace('_', ' ')}.")


def _constructor(op: Operation) -> type[Expr]:
    body: dict[str, Any] = {"__slots__": (), "__match_args__": op.operands, "op": op, "__module__": __name__}
    body["__doc__"] = f"An expression whose topmost operation is `{op.name}`; called, it makes one."
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
    Add = class_of(ops.add)
    Sub = class_of(ops.sub)
    Mul = class_of(ops.mul)
    Div = class_of(ops.div)
    Neg = class_of(ops.neg)
    Pow = class_of(ops.pow)
    PowByBase = class_of(ops.pow_by_base)
    PowByExponent = class_of(ops.pow_by_exponent)
    Sqrt = class_of(ops.sqrt)
    Cbrt = class_of(ops.cbrt)
    Exp = class_of(ops.exp)
    Expm1 = class_of(ops.expm1)
    Log = class_of(ops.log)
    Log1p = class_of(ops.log1p)
    Log2 = class_of(ops.log2)
    Log10 = class_of(ops.log10)
    Sin = class_of(ops.sin)
    Cos = class_of(ops.cos)
    Tan = class_of(ops.tan)
    Asin = class_of(ops.asin)
    Acos = class_of(ops.acos)
    Atan = class_of(ops.atan)
    Atan2 = class_of(ops.atan2)
    Sinh = class_of(ops.sinh)
    Cosh = class_of(ops.cosh)
    Tanh = class_of(ops.tanh)
    Asinh = class_of(ops.asinh)
    Acosh = class_of(ops.acosh)
    Atanh = class_of(ops.atanh)
    OneMinusSquare = class_of(ops.one_minus_square)
    Hypot = class_of(ops.hypot)
    Norm = class_of(ops.norm)
    NormQuotient = class_of(ops.norm_quotient)
    DirectionCosine = class_of(ops.direction_cosine)
    DirectionSine = class_of(ops.direction_sine)
    NormCosine = class_of(ops.norm_cosine)
    NormSine = class_of(ops.norm_sine)
    Cot = class_of(ops.cot)
    Coth = class_of(ops.coth)
    Sech = class_of(ops.sech)
    Csch = class_of(ops.csch)
    Asec = class_of(ops.asec)
    Acsc = class_of(ops.acsc)
    Acot = class_of(ops.acot)
    Acoth = class_of(ops.acoth)
    Acsch = class_of(ops.acsch)
    Asech = class_of(ops.asech)
    Abs = class_of(ops.abs)
    Sign = class_of(ops.sign)
    Heaviside = class_of(ops.heaviside)
    Floor = class_of(ops.floor)
    Ceil = class_of(ops.ceil)
    Trunc = class_of(ops.trunc)
    Rint = class_of(ops.rint)
    Mod = class_of(ops.mod)
    FloorDivide = class_of(ops.floor_divide)
    Fmod = class_of(ops.fmod)
    Minimum = class_of(ops.minimum)
    Maximum = class_of(ops.maximum)
    Relu = class_of(ops.relu)
    Less = class_of(ops.less)
    LessEqual = class_of(ops.less_equal)
    Greater = class_of(ops.greater)
    GreaterEqual = class_of(ops.greater_equal)
    Equal = class_of(ops.equal)
    LogicalAnd = class_of(ops.logical_and)
    LogicalOr = class_of(ops.logical_or)
    LogicalNot = class_of(ops.logical_not)
    Where = class_of(ops.where)
    Erf = class_of(ops.erf)
    Erfc = class_of(ops.erfc)
    Gamma = class_of(ops.gamma)
    Loggamma = class_of(ops.loggamma)
    Digamma = class_of(ops.digamma)
    Polygamma = class_of(ops.polygamma)
    Binomial = class_of(ops.binomial)
    BinomialDerivative = class_of(ops.binomial_derivative)
    Beta = class_of(ops.beta)
    BetaDerivative = class_of(ops.beta_derivative)
    Sinc = class_of(ops.sinc)
    SphericalJn = class_of(ops.spherical_jn)
    Lambertw = class_of(ops.lambertw)
    Lambertw1p = class_of(ops.lambertw1p)
    Sigmoid = class_of(ops.sigmoid)
    SigmoidSlope = class_of(ops.sigmoid_slope)
    Softplus = class_of(ops.softplus)
    Logaddexp = class_of(ops.logaddexp)
