"""A formula and all its partial derivatives up to an order, each of them once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from symdiff.algebra.notation.latex_names import name_latex
from symdiff.command.formulas import CommandError
from symdiff.derive.jacobian import jacobian
from symdiff.expr import Expr, Var

MOST = 100_000  # count limit of derivatives
_GROUPS = ("value", "gradient", "Hessian")
_GROUPS_OF_ARRAYS = ("value", "Jacobian", "order 2")
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


class Quantity(NamedTuple):
    """A partial derivative: by which variables, as positions among all that are asked for, and what it is."""

    key: tuple[int, ...]
    variables: tuple[Expr, ...]
    expr: Expr

    @property
    def group(self) -> str:
        """What it is part of: value, gradient, Hessian, order 3; of an array the Jacobian."""
        order = len(self.key)
        if order and rank(self.expr) > sum(map(rank, self.variables)):
            return _GROUPS_OF_ARRAYS[order] if order < len(_GROUPS_OF_ARRAYS) else group(order)
        return group(order)

    @property
    def name(self) -> str:
        """Such as f, ∂f/∂x, ∂²f/∂x∂y."""
        if not self.key:
            return "f"
        by = [f"∂{name_of(v)}{_power(n)}" for v, n in self._counts()]
        return f"∂{_power(len(self.key))}f/{''.join(by)}"

    @property
    def latex_name(self) -> str:
        """The name in LaTeX."""
        if not self.key:
            return "f"
        by = [rf"\partial {name_latex(name_of(v))}{f'^{{{n}}}' if n > 1 else ''}" for v, n in self._counts()]
        above = f"^{{{len(self.key)}}}" if len(self.key) > 1 else ""
        return rf"\frac{{\partial{above} f}}{{{' '.join(by)}}}"

    def _counts(self) -> list[tuple[Expr, int]]:
        return [(v, self.variables.count(v)) for v in dict.fromkeys(self.variables)]


def name_of(variable: Expr) -> str:
    """The name of a variable, or of an entry of an array: `w[0]`."""
    return variable.name if isinstance(variable, Var) else str(variable)


def rank(expr: Expr) -> int:
    """The number of axes of an expression."""
    return len(getattr(expr, "shape", ()))


def group(order: int) -> str:
    """The name of all derivatives of an order."""
    return _GROUPS[order] if order < len(_GROUPS) else f"order {order}"


def _power(n: int) -> str:
    return "" if n == 1 else str(n).translate(_SUPERSCRIPTS)


def derivatives(f: Expr, wrt: Sequence[Expr], order: int) -> list[Quantity]:
    """The formula, then its partial derivatives of order 1, 2, …, with variables in the order given.

    Each order differentiates the one before, by the variables from the last on,
    so that every mixed derivative is made once.

    Raises
    ------
    CommandError
        Where there would be more than 100,000.

    >>> import symdiff as sd
    >>> x, y = sd.variables("x y")
    >>> [(q.name, q.expr) for q in derivatives(x**2*y, [x, y], 2)]
    [('f', x**2*y), ('∂f/∂x', 2*x*y), ('∂f/∂y', x**2), ('∂²f/∂x²', 2*y), ('∂²f/∂x∂y', 2*x), ('∂²f/∂y²', 0)]
    """
    total = math.comb(len(wrt) + order, order) if wrt else 1
    if total > MOST:
        raise CommandError(
            f"there are {total:,} derivatives by {len(wrt)} variables up to order {order}: choose some with --wrt"
        )
    latest = [Quantity((), (), f)]
    found = list(latest)
    for _ in range(order if wrt else 0):
        following = []
        for key, _, expr in latest:
            first = key[-1] if key else 0
            for k, slope in enumerate(_slopes(expr, list(wrt[first:])), first):
                following.append(Quantity((*key, k), tuple([wrt[j] for j in (*key, k)]), slope))
        found += following
        latest = following
    return found


def _slopes(f: Expr, wrt: list[Expr]) -> Sequence[Expr]:
    """The derivatives by some variables; where arrays take part, of the shape of the function, then of the variable."""
    arrays = f._holds_array() or any(v._holds_array() or not isinstance(v, Var) for v in wrt)
    found: Sequence[Expr] = jacobian([f], wrt)[0] if arrays else f.gradient(wrt)
    return found


def arranged(quantities: Sequence[Quantity], values: Sequence[Any], size: int) -> dict[str, Any]:
    """The values as a number, a vector and a matrix: value, gradient (of an array jacobian) and hessian, as far as they
    go; where variables are arrays, a block for each.
    """
    by_key = {q.key: value for q, value in zip(quantities, values, strict=True)}
    found: dict[str, Any] = {"value": by_key[()]}
    order = max(len(key) for key in by_key)
    if order >= 1:
        found["jacobian" if rank(quantities[0].expr) else "gradient"] = [by_key[(j,)] for j in range(size)]
    if order >= 2:
        found["hessian"] = [[by_key[(min(j, k), max(j, k))] for k in range(size)] for j in range(size)]
    return found
