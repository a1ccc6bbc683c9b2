"""symdiff: derivatives of expression graphs that can be looked at, trusted and run fast.

>>> import symdiff as sd
>>> x, y = sd.variables("x y")
>>> f = x**2*y + y + 2
>>> f.gradient([x, y])
array([2*x*y, x**2 + 1], dtype=object)
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from symdiff.constructors import (
    Add, Sub, Mul, Div, Neg, Pow, Sqrt, Cbrt, Exp, Expm1, Log, Log1p, Log2, Log10, Sin, Cos, Tan, Asin, Acos, Atan,
    Atan2, Sinh, Cosh, Tanh, Asinh, Acosh, Atanh, Hypot, Abs, Sign, Heaviside, Floor, Ceil, Minimum, Maximum, Relu,
    Less, LessEqual, Greater, GreaterEqual, Equal, LogicalAnd, LogicalOr, LogicalNot, Where, Erf, Erfc, Gamma,
    Loggamma, Digamma, Polygamma, Sinc, SphericalJn, Lambertw, Sigmoid, Softplus, Logaddexp,
)  # fmt: skip
from symdiff.errors import MissingValueError, RenderError, SymdiffError, SymdiffTypeError, SymdiffValueError
from symdiff.expr import Const, Expr, Var, class_of, e, pi, variables
from symdiff.functions import (
    acot, acoth, acsc, acsch, asec, asech, cot, coth, csc, csch, dot, log_softmax, logsumexp, norm, prod, sec, sech,
    softmax,
)  # fmt: skip
from symdiff.graph import Graph
from symdiff.ops import (
    Operation, abs, acos, acosh, asin, asinh, atan, atan2, atanh, cbrt, ceil, cos, cosh, digamma, equal, erf, erfc,
    exp, expm1, floor, gamma, heaviside, hypot, lambertw, log, log1p, log2, log10, logaddexp, logical_and,
    logical_not, logical_or, loggamma, maximum, minimum, operation, polygamma, relu, sigmoid, sign, sin, sinc, sinh,
    softplus, spherical_jn, sqrt, tan, tanh, where,
)  # fmt: skip

if TYPE_CHECKING:
    from symdiff.derive.taylor import taylor
    from symdiff.derive.jacobian import gradient, hvp, jacobian, jvp, vjp
    from symdiff.derive.hessian import hessian
    from symdiff.derive.callables import derivative
    from symdiff.derive.backpropagate import backpropagate
    from symdiff.algebra.taylor import TaylorSeries
    from symdiff.algebra.evaluate import evaluate
    from symdiff.algebra.dual import DualNumber
    from symdiff.bridge.networkx import to_networkx
    from symdiff.bridge.sympy import from_sympy, to_sympy
    from symdiff.crosscheck import crosscheck
    from symdiff.derive.differences import differences
    from symdiff.draw.graph import to_graphviz
    from symdiff.draw.render import render

__version__ = "0.1.0"

_LATER = {  # loaded when first used, so that importing symdiff costs little more than importing NumPy
    "DualNumber": "symdiff.algebra.dual",
    "TaylorSeries": "symdiff.algebra.taylor",
    "backpropagate": "symdiff.derive.backpropagate",
    "crosscheck": "symdiff.crosscheck",
    "derivative": "symdiff.derive.callables",
    "differences": "symdiff.derive.differences",
    "evaluate": "symdiff.algebra.evaluate",
    "from_sympy": "symdiff.bridge.sympy",
    "gradient": "symdiff.derive.jacobian",
    "hessian": "symdiff.derive.hessian",
    "hvp": "symdiff.derive.jacobian",
    "jacobian": "symdiff.derive.jacobian",
    "jvp": "symdiff.derive.jacobian",
    "render": "symdiff.draw.render",
    "taylor": "symdiff.derive.taylor",
    "to_graphviz": "symdiff.draw.graph",
    "to_networkx": "symdiff.bridge.networkx",
    "to_sympy": "symdiff.bridge.sympy",
    "vjp": "symdiff.derive.jacobian",
}


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module 'symdiff' has no attribute {name!r}")
    value = getattr(importlib.import_module(_LATER[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_LATER})


__all__ = [
    "Abs", "Acos", "Acosh", "Add", "Asin", "Asinh", "Atan", "Atan2", "Atanh", "Cbrt", "Ceil", "Const", "Cos",
    "Cosh", "Digamma", "Div", "DualNumber", "Equal", "Erf", "Erfc", "Exp", "Expm1", "Expr", "Floor", "Gamma",
    "Graph", "Greater", "GreaterEqual", "Heaviside", "Hypot", "Lambertw", "Less", "LessEqual", "Log", "Log10",
    "Log1p", "Log2", "Logaddexp", "Loggamma", "LogicalAnd", "LogicalNot", "LogicalOr", "Maximum", "Minimum",
    "MissingValueError", "Mul", "Neg", "Operation", "Polygamma", "Pow", "Relu", "RenderError", "Sigmoid", "Sign",
    "Sin", "Sinc", "Sinh", "Softplus", "SphericalJn", "Sqrt", "Sub", "SymdiffError", "SymdiffTypeError",
    "SymdiffValueError", "Tan", "Tanh", "TaylorSeries", "Var", "Where", "acos", "acosh", "acot", "acoth", "acsc",
    "acsch", "asec", "asech", "asin", "asinh", "atan", "atan2", "atanh", "backpropagate", "cbrt", "ceil",
    "class_of", "cos", "cosh", "cot", "coth", "crosscheck", "csc", "csch", "derivative", "differences", "digamma",
    "dot", "e", "equal", "erf", "erfc", "evaluate", "exp", "expm1", "floor", "from_sympy", "gamma", "gradient",
    "heaviside", "hessian", "hvp", "hypot", "jacobian", "jvp", "lambertw", "log", "log10", "log1p", "log2",
    "log_softmax", "logaddexp", "loggamma", "logical_and", "logical_not", "logical_or", "logsumexp", "maximum",
    "minimum", "norm", "operation", "pi", "polygamma", "prod", "relu", "render", "sec", "sech", "sigmoid", "sign",
    "sin", "sinc", "sinh", "softmax", "softplus", "spherical_jn", "sqrt", "tan", "tanh", "taylor", "to_graphviz",
    "to_networkx", "to_sympy", "variables", "vjp", "where",
]  # fmt: skip
