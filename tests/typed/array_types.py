"""What editors and mypy see of variables and array expressions: `test_typing.py` runs mypy over it."""

from __future__ import annotations

from typing import Any

from typing_extensions import assert_type

import symdiff as sd
from symdiff.array_expr import ArrayExpr, ArrayVar

x = sd.Var("x")
X = sd.Var("X", shape=(2, 3))
S = sd.Var("S", shape=("n", "n"), symmetric=True)

assert_type(x, sd.Var)
as_expression: sd.Expr = x
array: ArrayVar = X
variable: sd.Var = X
symmetric: ArrayVar = S

assert_type(X + 1, ArrayExpr)
assert_type(2 * X - X / 3, ArrayExpr)
assert_type(-X, ArrayExpr)
assert_type(X < X / 2, ArrayExpr)
assert_type(X.T, ArrayExpr)
assert_type((X + 1).T.reshape(-1), ArrayExpr)
assert_type(X.ravel().shape, "tuple[int | str, ...]")
assert_type(X @ X.T, Any)
assert_type(X * [[1, 2, 3]], ArrayExpr)
assert_type(X.repeat(2, axis=1).mT, ArrayExpr)

assert_type(sd.outer(X[0], [1, 2]), ArrayExpr)
assert_type(sd.kron(X, X) + sd.ones((4, 9)), ArrayExpr)
assert_type(sd.concatenate([X, X]).T, ArrayExpr)
assert_type(sd.trace(X @ X.T), sd.Expr)
assert_type(sd.einsum("ij->", X), Any)  # a scalar or an array, as its labels say

f: sd.Expr = sd.trace(X @ X.T)
assert_type(f.gradient(X), ArrayExpr)
assert_type(f.hessian(X), ArrayExpr)
assert_type(f.gradient(x), sd.Expr)
assert_type(f.gradient([x, X]), Any)
assert_type(f.hessian(X, sparse=True), Any)


def name_of(v: sd.Expr) -> str:
    return v.name if isinstance(v, sd.Var) else ""


def shape_of(v: sd.Var) -> Any:
    return v.shape
