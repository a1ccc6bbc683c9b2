"""symdiff: derivatives of expression graphs that can be looked at, trusted and run fast.

>>> import symdiff as sd
>>> x, y = sd.variables("x y")
>>> f = x**2*y + y + 2
>>> f.gradient([x, y])
array([2*x*y, x**2 + 1], dtype=object)
"""

from __future__ import annotations

import importlib
import sys as _sys
from typing import TYPE_CHECKING, Any

from symdiff import notebook as _notebook
from symdiff import pickling as _pickling  # noqa: F401  # registers how graphs pickle
from symdiff.algebra import numbers as _numbers  # noqa: F401  # registers the algebra of numbers
from symdiff.constructors import class_of
from symdiff.errors import (
    MissingSolverError,
    MissingValueError,
    ParseError,
    RenderError,
    SymdiffError,
    SymdiffIndexError,
    SymdiffTypeError,
    SymdiffValueError,
)
from symdiff.expr import Const, Expr, Var
from symdiff.functions import csc, dot, log_softmax, logsumexp, norm, prod, sec, softmax, where
from symdiff.graph import Graph
from symdiff.leaves import e, pi, variables
from symdiff.ops import (
    abs as abs,
)  # fmt: skip
from symdiff.ops import (
    acos,
    acosh,
    acot,
    acoth,
    acsc,
    acsch,
    asec,
    asech,
    asin,
    asinh,
    atan,
    atan2,
    atanh,
    beta,
    beta_derivative,
    binomial,
    binomial_derivative,
    cbrt,
    ceil,
    cos,
    cosh,
    cot,
    coth,
    csch,
    digamma,
    direction_cosine,
    direction_sine,
    equal,
    erf,
    erfc,
    exp,
    expm1,
    floor,
    fmod,
    gamma,
    heaviside,
    hypot,
    lambertw,
    lambertw1p,
    log,
    log1p,
    log2,
    log10,
    logaddexp,
    loggamma,
    logical_and,
    logical_not,
    logical_or,
    maximum,
    minimum,
    norm_cosine,
    norm_divisor,
    norm_sine,
    one_minus_square,
    polygamma,
    pow_by_base,
    pow_by_exponent,
    relu,
    rint,
    sech,
    sigmoid,
    sigmoid_slope,
    sign,
    sin,
    sinc,
    sinh,
    softplus,
    spherical_jn,
    sqrt,
    tan,
    tanh,
    trunc,
)
from symdiff.records import Operation, operation

if TYPE_CHECKING:
    import symdiff.array_expr as _array_expr
    from symdiff import linalg
    from symdiff.algebra.dual import DualNumber
    from symdiff.algebra.nested_values import evaluate
    from symdiff.algebra.notation.latex import latex
    from symdiff.algebra.operation_counts import count_ops, depth
    from symdiff.block_matrix import SparseBlockMatrix
    from symdiff.bridge.networkx import to_networkx
    from symdiff.bridge.scipy import to_scipy
    from symdiff.bridge.sympy import from_sympy, to_sympy
    from symdiff.check.crosscheck import crosscheck
    from symdiff.compile.function import Function
    from symdiff.compile.make import compile as compile
    from symdiff.compile.uncompiled import function
    from symdiff.constructors import (
        Abs,
        Acos,
        Acosh,
        Acot,
        Acoth,
        Acsc,
        Acsch,
        Add,
        Asec,
        Asech,
        Asin,
        Asinh,
        Atan,
        Atan2,
        Atanh,
        Beta,
        BetaDerivative,
        Binomial,
        BinomialDerivative,
        Cbrt,
        Ceil,
        Cos,
        Cosh,
        Cot,
        Coth,
        Csch,
        Digamma,
        DirectionCosine,
        DirectionSine,
        Div,
        Equal,
        Erf,
        Erfc,
        Exp,
        Expm1,
        Floor,
        FloorDivide,
        Fmod,
        Gamma,
        Greater,
        GreaterEqual,
        Heaviside,
        Hypot,
        Lambertw,
        Lambertw1p,
        Less,
        LessEqual,
        Log,
        Log1p,
        Log2,
        Log10,
        Logaddexp,
        Loggamma,
        LogicalAnd,
        LogicalNot,
        LogicalOr,
        Maximum,
        Minimum,
        Mod,
        Mul,
        Neg,
        Norm,
        NormCosine,
        NormDivisor,
        NormQuotient,
        NormSine,
        OneMinusSquare,
        Polygamma,
        Pow,
        PowByBase,
        PowByExponent,
        Relu,
        Rint,
        Sech,
        Sigmoid,
        SigmoidSlope,
        Sign,
        Sin,
        Sinc,
        Sinh,
        Softplus,
        SphericalJn,
        Sqrt,
        Sub,
        Tan,
        Tanh,
        Trunc,
        Where,
    )  # fmt: skip
    from symdiff.derive.accumulation_cost import cost
    from symdiff.derive.callables import derivative
    from symdiff.derive.differences import differences
    from symdiff.derive.expansion import taylor
    from symdiff.derive.hessian import hessian
    from symdiff.derive.higher_derivatives import derivatives
    from symdiff.derive.jacobian import gradient, hvp, jacobian, jvp, vjp
    from symdiff.derive.jacobian_chain import chain_cost
    from symdiff.derive.scan import scan as scan
    from symdiff.derive.sparsity import hessian_sparsity, jacobian_sparsity
    from symdiff.derive.vmap import vmap as vmap
    from symdiff.draw.animate import animate
    from symdiff.draw.chart import plot_ops
    from symdiff.draw.explain import explain
    from symdiff.draw.explore import explore
    from symdiff.draw.graphviz import to_graphviz
    from symdiff.draw.render import render
    from symdiff.draw.spy import spy
    from symdiff.languages.generated import code, to_jax, to_torch
    from symdiff.modes.backpropagation import backpropagate
    from symdiff.parts import named
    from symdiff.rewrite.simplify import simplify
    from symdiff.serialization import from_json, to_json
    from symdiff.solve.problem import problem
    from symdiff.sparse import SparseMatrix
    from symdiff.taylor.series import TaylorSeries

    def parse(
        text: str,
        shapes: dict[str, Any] | None = None,
        symmetric: list[str] | tuple[str, ...] = (),
        integers: list[str] | tuple[str, ...] = (),
    ) -> Expr: ...

    def broadcast_to(x: Any, shape: Any) -> _array_expr.ArrayExpr: ...
    def concatenate(values: Any, axis: int | None = 0) -> _array_expr.ArrayExpr: ...
    def convolve(a: Any, b: Any, mode: str = "full") -> _array_expr.ArrayExpr: ...
    def cumsum(x: Any, axis: Any = None) -> _array_expr.ArrayExpr: ...
    def diag(x: Any) -> _array_expr.ArrayExpr: ...
    def einsum(spec: str, *values: Any) -> Any: ...
    def eye(n: Any) -> _array_expr.ArrayExpr: ...
    def kron(a: Any, b: Any) -> _array_expr.ArrayExpr: ...
    def ones(shape: Any) -> _array_expr.ArrayExpr: ...
    def outer(a: Any, b: Any) -> _array_expr.ArrayExpr: ...
    def stack(values: Any, axis: int = 0) -> _array_expr.ArrayExpr: ...
    def trace(x: Any) -> Expr: ...
    def zeros(shape: Any) -> _array_expr.ArrayExpr: ...


if "IPython" in _sys.modules:  # register matrices of expressions where this may be a notebook
    _notebook.register()

__version__ = "0.1.0"

_LATER = {  # lazy names: importing symdiff costs little more than importing NumPy
    "DualNumber": "symdiff.algebra.dual",
    "Function": "symdiff.compile.function",
    "SparseBlockMatrix": "symdiff.block_matrix",
    "SparseMatrix": "symdiff.sparse",
    "TaylorSeries": "symdiff.taylor.series",
    "animate": "symdiff.draw.animate",
    "backpropagate": "symdiff.modes.backpropagation",
    "broadcast_to": "symdiff.array_functions",
    "chain_cost": "symdiff.derive.jacobian_chain",
    "code": "symdiff.languages.generated",
    "compile": "symdiff.compile.make",
    "concatenate": "symdiff.array_functions",
    "convolve": "symdiff.array_functions",
    "cost": "symdiff.derive.accumulation_cost",
    "cumsum": "symdiff.array_functions",
    "count_ops": "symdiff.algebra.operation_counts",
    "crosscheck": "symdiff.check.crosscheck",
    "depth": "symdiff.algebra.operation_counts",
    "derivative": "symdiff.derive.callables",
    "derivatives": "symdiff.derive.higher_derivatives",
    "diag": "symdiff.array_functions",
    "differences": "symdiff.derive.differences",
    "einsum": "symdiff.array_functions",
    "evaluate": "symdiff.algebra.nested_values",
    "explain": "symdiff.draw.explain",
    "explore": "symdiff.draw.explore",
    "eye": "symdiff.array_functions",
    "from_json": "symdiff.serialization",
    "function": "symdiff.compile.uncompiled",
    "from_sympy": "symdiff.bridge.sympy",
    "gradient": "symdiff.derive.jacobian",
    "hessian": "symdiff.derive.hessian",
    "hessian_sparsity": "symdiff.derive.sparsity",
    "hvp": "symdiff.derive.jacobian",
    "jacobian": "symdiff.derive.jacobian",
    "jacobian_sparsity": "symdiff.derive.sparsity",
    "jvp": "symdiff.derive.jacobian",
    "kron": "symdiff.array_functions",
    "latex": "symdiff.algebra.notation.latex",
    "linalg": "symdiff",  # a module
    "named": "symdiff.parts",
    "ones": "symdiff.array_functions",
    "outer": "symdiff.array_functions",
    "parse": "symdiff.parser",
    "plot_ops": "symdiff.draw.chart",
    "problem": "symdiff.solve.problem",
    "render": "symdiff.draw.render",
    "scan": "symdiff.derive.scan",
    "simplify": "symdiff.rewrite.simplify",
    "spy": "symdiff.draw.spy",
    "stack": "symdiff.array_functions",
    "taylor": "symdiff.derive.expansion",
    "to_graphviz": "symdiff.draw.graphviz",
    "to_jax": "symdiff.languages.generated",
    "to_json": "symdiff.serialization",
    "to_networkx": "symdiff.bridge.networkx",
    "to_scipy": "symdiff.bridge.scipy",
    "to_sympy": "symdiff.bridge.sympy",
    "to_torch": "symdiff.languages.generated",
    "trace": "symdiff.array_functions",
    "vjp": "symdiff.derive.jacobian",
    "vmap": "symdiff.derive.vmap",
    "zeros": "symdiff.array_functions",
}

for _folder in ("compile", "taylor"):  # import now: the first import puts the folder where the function belongs
    importlib.import_module(f"symdiff.{_folder}")
    globals().pop(_folder, None)


if not TYPE_CHECKING:  # editors know every name, and a misspelt one is an error

    def __getattr__(name: str) -> Any:
        home = _LATER.get(name) or ("symdiff.constructors" if name in __all__ else None)
        if home is None:
            from symdiff import hints

            if name in hints.ALIASES:
                return getattr(_sys.modules[__name__], hints.ALIASES[name])
            raise hints.missing(name)
        value = (
            importlib.import_module(f"{home}.{name}")
            if home == __name__
            else getattr(importlib.import_module(home), name)
        )
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted([*__all__, "abs", "compile"])  # add what `import *` leaves to Python


__all__ = [
    "Abs",
    "Acos",
    "Acosh",
    "Acot",
    "Acoth",
    "Acsc",
    "Acsch",
    "Add",
    "Asec",
    "Asech",
    "Asin",
    "Asinh",
    "Atan",
    "Atan2",
    "Atanh",
    "Beta",
    "BetaDerivative",
    "Binomial",
    "BinomialDerivative",
    "Cbrt",
    "Ceil",
    "Const",
    "Cos",
    "Cosh",
    "Cot",
    "Coth",
    "Csch",
    "Digamma",
    "DirectionCosine",
    "DirectionSine",
    "Div",
    "DualNumber",
    "Equal",
    "Erf",
    "Erfc",
    "Exp",
    "Expm1",
    "Expr",
    "Floor",
    "FloorDivide",
    "Fmod",
    "Function",
    "Gamma",
    "Graph",
    "Greater",
    "GreaterEqual",
    "Heaviside",
    "Hypot",
    "Lambertw",
    "Lambertw1p",
    "Less",
    "LessEqual",
    "Log",
    "Log1p",
    "Log2",
    "Log10",
    "Logaddexp",
    "Loggamma",
    "LogicalAnd",
    "LogicalNot",
    "LogicalOr",
    "Maximum",
    "Minimum",
    "MissingSolverError",
    "MissingValueError",
    "Mod",
    "Mul",
    "Neg",
    "Norm",
    "NormCosine",
    "NormDivisor",
    "NormQuotient",
    "NormSine",
    "OneMinusSquare",
    "Operation",
    "ParseError",
    "Polygamma",
    "Pow",
    "PowByBase",
    "PowByExponent",
    "Relu",
    "RenderError",
    "Rint",
    "Sech",
    "Sigmoid",
    "SigmoidSlope",
    "Sign",
    "Sin",
    "Sinc",
    "Sinh",
    "Softplus",
    "SparseBlockMatrix",
    "SparseMatrix",
    "SphericalJn",
    "Sqrt",
    "Sub",
    "SymdiffError",
    "SymdiffIndexError",
    "SymdiffTypeError",
    "SymdiffValueError",
    "Tan",
    "Tanh",
    "TaylorSeries",
    "Trunc",
    "Var",
    "Where",
    "acos",
    "acosh",
    "acot",
    "acoth",
    "acsc",
    "acsch",
    "animate",
    "asec",
    "asech",
    "asin",
    "asinh",
    "atan",
    "atan2",
    "atanh",
    "backpropagate",
    "beta",
    "beta_derivative",
    "binomial",
    "binomial_derivative",
    "broadcast_to",
    "cbrt",
    "ceil",
    "chain_cost",
    "class_of",
    "code",
    "concatenate",
    "convolve",
    "cos",
    "cosh",
    "cost",
    "cot",
    "coth",
    "count_ops",
    "crosscheck",
    "csc",
    "csch",
    "cumsum",
    "depth",
    "derivative",
    "derivatives",
    "diag",
    "differences",
    "digamma",
    "direction_cosine",
    "direction_sine",
    "dot",
    "e",
    "einsum",
    "equal",
    "erf",
    "erfc",
    "evaluate",
    "exp",
    "explain",
    "explore",
    "expm1",
    "eye",
    "floor",
    "fmod",
    "from_json",
    "from_sympy",
    "function",
    "gamma",
    "gradient",
    "heaviside",
    "hessian",
    "hessian_sparsity",
    "hvp",
    "hypot",
    "jacobian",
    "jacobian_sparsity",
    "jvp",
    "kron",
    "lambertw",
    "lambertw1p",
    "latex",
    "linalg",
    "log",
    "log1p",
    "log2",
    "log10",
    "log_softmax",
    "logaddexp",
    "loggamma",
    "logical_and",
    "logical_not",
    "logical_or",
    "logsumexp",
    "maximum",
    "minimum",
    "named",
    "norm",
    "norm_cosine",
    "norm_divisor",
    "norm_sine",
    "one_minus_square",
    "ones",
    "operation",
    "outer",
    "parse",
    "pi",
    "plot_ops",
    "polygamma",
    "pow_by_base",
    "pow_by_exponent",
    "problem",
    "prod",
    "relu",
    "render",
    "rint",
    "scan",
    "sec",
    "sech",
    "sigmoid",
    "sigmoid_slope",
    "sign",
    "simplify",
    "sin",
    "sinc",
    "sinh",
    "softmax",
    "softplus",
    "spherical_jn",
    "spy",
    "sqrt",
    "stack",
    "tan",
    "tanh",
    "taylor",
    "to_graphviz",
    "to_jax",
    "to_json",
    "to_networkx",
    "to_scipy",
    "to_sympy",
    "to_torch",
    "trace",
    "trunc",
    "variables",
    "vjp",
    "vmap",
    "where",
    "zeros",
]  # fmt: skip
