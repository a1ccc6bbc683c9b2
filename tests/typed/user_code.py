"""Typical code of users, with the types that editors show: `test_typing.py` runs type checkers over it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from typing_extensions import assert_type

import symdiff as sd
from symdiff.array_expr import ArrayExpr

x = sd.variables("x")
y = sd.Var("y")
alpha, beta = sd.variables("alpha beta")
w = sd.variables("w", 3)
X = sd.Var("X", shape=(3, 2))
v = sd.Var("v", shape=2)

assert_type(x, sd.Var)
assert_type(alpha, sd.Var)
assert_type(w, "np.ndarray[Any, Any]")

# -- operators -------------------------------------------------------------------------------

f = x**2 * y + y + 2
assert_type(f, sd.Expr)
assert_type(2 * x - 1 / y, sd.Expr)
assert_type(-x + 2**y, sd.Expr)
assert_type(x % 2 + x // 3, sd.Expr)
assert_type(x * Fraction(1, 3) + 1j, sd.Expr)
assert_type(np.float64(2) * x + x * np.float64(2), sd.Expr)
assert_type(abs(x) + sd.pi * sd.e, sd.Expr)
assert_type((x > 0) & ~(y <= x), sd.Expr)
assert_type(2.5 >= x, sd.Expr)  # noqa: SIM300
assert_type(x == y, bool)
assert_type(x * X, ArrayExpr)
assert_type(X * x + 1, ArrayExpr)
assert_type(x * np.ones(3), "np.ndarray[Any, Any]")
total: sd.Expr = sum((x * k for k in range(3)), start=sd.Const(0))

# -- functions and constructors ---------------------------------------------------------------

assert_type(sd.sin(x) * sd.exp(-x), sd.Expr)
assert_type(sd.atan2(1, x), sd.Expr)
assert_type(sd.maximum(x, 0), sd.Expr)
assert_type(sd.maximum(x, y, 3.0), sd.Expr)
assert_type(sd.sin(1.0), float)
assert_type(sd.hypot(3.0, 4.0), float)
assert_type(sd.sin(X), ArrayExpr)
assert_type(sd.maximum(0, X), ArrayExpr)
assert_type(sd.maximum(x, X), ArrayExpr)
assert_type(sd.sin(sd.DualNumber(1.0, 1.0)), sd.DualNumber)
assert_type(sd.where(x > 0, x, 0), sd.Expr)
assert_type(sd.where(x > 0, 1, 0), sd.Expr)
assert_type(sd.where(X > 0, X, 0), ArrayExpr)
assert_type(sd.sec(x) + sd.sin(np.sin(x)), Any)
g = sd.Add(sd.Mul(sd.Mul(x, x), y), sd.Add(y, sd.Const(2)))
assert_type(g.left, sd.Expr)
assert_type(sd.Sin(x).operand, sd.Expr)
assert_type(sd.Pow(x, 3).exponent.gradient(x), sd.Expr)


def degree(expression: sd.Expr) -> int:
    match expression:
        case sd.Const():
            return 0
        case sd.Var():
            return 1
        case sd.Add(a, b):
            return max(degree(a), degree(b))
        case sd.Mul(a, b):
            return degree(a) + degree(b)
    raise ValueError(expression)


# -- derivatives ----------------------------------------------------------------------------------

assert_type(f.gradient(x), sd.Expr)
assert_type(f.gradient([x, y]), "np.ndarray[Any, Any]")
assert_type(f.gradient((x, y)), "np.ndarray[Any, Any]")
assert_type(f.gradient(X), ArrayExpr)
assert_type(f.gradient(), Any)
assert_type(f.hessian(x), sd.Expr)
assert_type(f.hessian([x, y]), "np.ndarray[Any, Any]")
assert_type(f.hessian([x, y], sparse=True), sd.SparseMatrix)
assert_type(f.hessian(X), ArrayExpr)
assert_type(f.diff(x, 2, y), sd.Expr)
assert_type(f.gradient(x).gradient(y).diff(x), sd.Expr)
assert_type(sd.gradient(f, x), sd.Expr)
assert_type(sd.gradient(f, [x, y]), "np.ndarray[Any, Any]")
assert_type(sd.gradient(f, X), ArrayExpr)
assert_type(sd.gradient(lambda a, b: a * b, 3.0, 4.0), Any)
assert_type(sd.hessian(f, [x, y]), "np.ndarray[Any, Any]")
assert_type(sd.jacobian(f, x), sd.Expr)
assert_type(sd.jacobian(f, [x, y], mode="forward"), "np.ndarray[Any, Any]")
assert_type(sd.jacobian(X @ v, v), Any)
assert_type(sd.jacobian(X * 2, v), ArrayExpr)
assert_type(sd.jacobian([f, g], [x, y]), Any)

# -- values -------------------------------------------------------------------------------------------

assert_type(f.evaluate({x: 3, y: 4}), float)
assert_type(f.evaluate(x=3.0, y=4), float)
assert_type(f.evaluate({x: np.ones(3), y: 4}), Any)
assert_type(f.evaluate({x: sd.DualNumber(3.0, 1.0), y: 4.0}).eps, Any)
assert_type(X.evaluate(X=np.ones((3, 2))), Any)
assert_type(f.backpropagate({x: 3, y: 4}), dict[sd.Var, Any])
assert_type(f.replace({x: y + 1}), sd.Expr)
assert_type(f.variables, tuple[sd.Var, ...])
x.value = 3
y.value = 4
assert_type(f.evaluate(), Any)
f.backpropagate(1.0)
slope: float = x.grad

F = sd.compile([f, f.gradient([x, y])], [x, y])
assert_type(F, sd.Function)
value, gradient = F(3.0, 4.0)


def descend(loss: sd.Expr, unknowns: Sequence[sd.Var], start: Sequence[float], rate: float = 0.1) -> list[float]:
    slopes = sd.compile(loss.gradient(unknowns), unknowns)
    point = list(start)
    for _ in range(10):
        point = [p - rate * s for p, s in zip(point, slopes(*point), strict=True)]
    return point


descend((alpha - 1) ** 2 + beta**2, sd.variables("alpha beta"), [0.0, 1.0])
descend((x - 1) ** 2 + y**2, [x, y], [0.0, 1.0])

# -- sums, products and norms --------------------------------------------------------------------------

assert_type(sd.norm(x, y, 3.0), sd.Expr)
assert_type(sd.norm(3.0, x), sd.Expr)
assert_type(sd.norm([x, y]), sd.Expr)
assert_type(sd.norm(3.0, 4.0), float)
assert_type(sd.norm(X), sd.Expr)
assert_type(sd.prod(x, y), sd.Expr)
assert_type(sd.prod([x, y, x]), sd.Expr)
assert_type(sd.prod(X), sd.Expr)
assert_type(sd.dot([x, y], [3, 4]), sd.Expr)
assert_type(sd.dot([3, 4], [x, y]), sd.Expr)
assert_type(sd.logsumexp(x, y), sd.Expr)
assert_type(sd.logsumexp([x, y]), sd.Expr)
assert_type(sd.logsumexp(v), sd.Expr)
assert_type(sd.logsumexp(X, axis=1), Any)
assert_type(sd.softmax(X, axis=1), ArrayExpr)
assert_type(sd.softmax([x, y]), "np.ndarray[Any, Any]")
assert_type(sd.log_softmax(v), ArrayExpr)
assert_type(sd.norm(w), Any)
assert_type(sd.norm(sd.DualNumber(1.0, 1.0), 2.0), sd.DualNumber)
assert_type(f.value, Any)
assert_type((X * 2).sum(), sd.Expr)
assert_type(X.mean(axis=0), Any)
assert_type(((X - 1) ** 2).mean().gradient(X), ArrayExpr)
assert_type(v.max() - v.min() * v.prod(), sd.Expr)
