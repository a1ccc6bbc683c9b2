"""Dual numbers: a value and its tangent, the algebra of forward mode.

`(a + bε)` with `ε² = 0`: an operation maps values and multiplies tangents by its
partial derivatives. Griewank and Walther, *Evaluating Derivatives*, section 3.1.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from symdiff import ops, records
from symdiff.algebra.evaluate import algebra_for
from symdiff.algebra.perturbation import Perturbation, level_of
from symdiff.arithmetic import is_operand
from symdiff.errors import SymdiffTypeError
from symdiff.records import Operation
from symdiff.rules import evaluate_partial, partials_at


class DualNumber(Perturbation):
    """A number `value + eps·ε` that carries its derivative.

    Comparisons, `==` among them, are by value.

    Parameters
    ----------
    value : number or array
    eps : number or array, default 0
        The tangent. An array of tangents carries several derivatives at once,
        such as a whole gradient; beside an array value its axes lead.
    level : int, optional
        Which of nested derivatives it belongs to; by default one more than
        what it is made of.

    >>> import symdiff as sd
    >>> sd.DualNumber(3, 4) * sd.DualNumber(5, 7)
    15 + 41ε
    >>> sd.sin(sd.DualNumber(0.0, 1.0))
    0.0 + 1.0ε
    """

    __slots__ = ("eps", "value")

    def __init__(self, value: Any, eps: Any = 0, level: int | None = None) -> None:
        for part in (value, eps):
            if not is_operand(part):
                raise SymdiffTypeError(f"a dual number is made of numbers, not {part!r}")
        self.value = value
        self.eps = eps
        self.level = 1 + max(level_of(value), level_of(eps)) if level is None else level

    @property
    def main(self) -> Any:
        """The value."""
        return self.value

    def _parts(self) -> list[Any]:
        return [self.value, self.eps]

    def _with_parts(self, parts: Sequence[Any]) -> DualNumber:
        value, eps = parts
        return DualNumber(value, eps, self.level)

    def _at_level(self, op: Operation, args: Sequence[Any]) -> Any:
        level = self.level
        ours = [level_of(a) == level for a in args]
        values = [a.value if own else a for a, own in zip(args, ours, strict=True)]
        tangents = [a.eps if own else 0 for a, own in zip(args, ours, strict=True)]
        result = op(*values)
        if op.boolean:
            return result
        dual = object.__new__(DualNumber)
        dual.value, dual.eps, dual.level = result, _tangent(op, result, values, tangents), level
        return dual

    def __repr__(self) -> str:
        value, eps = str(self.value), str(self.eps)
        value = f"({value})" if isinstance(self.value, Perturbation) else value
        if isinstance(self.eps, Perturbation):
            return f"{value} + ({eps})ε"
        return f"{value} - {eps[1:]}ε" if eps.startswith("-") else f"{value} + {eps}ε"

    def __reduce__(self) -> tuple[Any, ...]:
        return DualNumber, (self.value, self.eps, self.level)


def _tangent(op: Operation, result: Any, values: Sequence[Any], tangents: Sequence[Any]) -> Any:
    """The tangent of a result: the operation itself where it is linear, else sum of partial times tangent."""
    if op.linear:
        return op(*[tangents[k] if k in op.linear else v for k, v in enumerate(values)])
    parts = (result, *values)
    slots = range(len(parts))
    total: Any = 0
    table: Any = None
    for k, (partial, tangent) in enumerate(zip(partials_at(op, values), tangents, strict=True)):
        if type(tangent) is int and tangent == 0:
            continue
        if partial is None:
            if k in op.whole:
                raise SymdiffTypeError(f"{op.name} has no derivative by its {op.operands[k]}, a whole number")
            continue
        if not (partial.is_number and partial.scale == 1):
            if table is None:
                table, lift = algebra_for(values)
            slope = evaluate_partial(partial, slots, parts.__getitem__, table.apply, lift)
            tangent = _times(slope, tangent)
        total = tangent if type(total) is int and total == 0 else ops.add(total, tangent)
    return total


def _times(slope: Any, tangent: Any) -> Any:
    """A slope times a tangent. In a vector of tangents a zero is a variable that takes no part, whatever the slope."""
    if isinstance(tangent, np.ndarray) and isinstance(slope, Perturbation) and not slope._holds_array():
        return records.elementwise(ops.mul, (slope, tangent))  # keep axes apart: the slope's tangents are another
    product = ops.mul(slope, tangent)
    vector = isinstance(tangent, np.ndarray) and isinstance(product, np.ndarray) and np.ndim(slope) < tangent.ndim
    return np.where(tangent == 0, 0.0, product) if vector and product.dtype != object else product


records.register_algebra(Perturbation, records.Rank.CARRIER, Perturbation._apply)
records.register_algebra(DualNumber, records.Rank.CARRIER, Perturbation._apply)
