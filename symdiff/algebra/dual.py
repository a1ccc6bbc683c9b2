"""Dual numbers: a value and its tangent, the algebra of forward mode.

`(a + bε)` with `ε² = 0`: an operation maps values and multiplies tangents by its
partial derivatives. Griewank and Walther, *Evaluating Derivatives*, section 3.1.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from symdiff import ops, records
from symdiff.algebra import plain_duals
from symdiff.algebra.evaluate import algebra_for
from symdiff.algebra.perturbation import Perturbation, checked_level, level_above, level_of
from symdiff.algebra.plain_duals import OTHER, VECTOR
from symdiff.arithmetic import Arithmetic, is_operand
from symdiff.errors import SymdiffTypeError
from symdiff.quoting import number_text
from symdiff.records import Operation
from symdiff.rules import evaluate_partial, evaluate_quotient, partials_at


class DualNumber(Perturbation):
    """A number `value + eps·ε` that carries its derivative.

    Comparisons, `==` among them, are by value.

    Parameters
    ----------
    value : number or array
    eps : number or array, default 0
        The tangent. An array of tangents carries several derivatives at once,
        such as a whole gradient; beside an array value its axes lead.
    level : int, optional, by name
        Which of nested derivatives it belongs to; by default one more than
        what it is made of.

    Attributes
    ----------
    support : bool or array
        Which of its tangents are there at all; the others are zero by structure, which absorbs whatever
        it is multiplied by. At first that is the int 0, and zeros in a vector of tangents: variables
        that take no part.

    Raises
    ------
    SymdiffTypeError, SymdiffValueError
        For parts that are no numbers, and a level that is no positive int.

    >>> import symdiff as sd
    >>> sd.DualNumber(3, 4) * sd.DualNumber(5, 7)
    15 + 41ε
    >>> sd.sin(sd.DualNumber(0.0, 1.0))
    0.0 + 1.0ε
    """

    __slots__ = ("eps", "kind", "support", "value")

    if TYPE_CHECKING:

        def _answer(self) -> DualNumber: ...
        def _absorb(self) -> DualNumber: ...
        def _total(self) -> DualNumber: ...

    def __init__(self, value: Any, eps: Any = 0, *, level: int | None = None) -> None:
        for part in (value, eps):
            if type(part) is not float and not is_operand(part):
                raise SymdiffTypeError(f"a dual number is made of numbers, not {part!r}")
        self.value = value
        self.eps = eps
        self.support = _support(value, eps)
        self.kind = plain_duals.kind_of(value, eps, DualNumber)
        self.level = level_above((value, eps)) if level is None else checked_level(level)

    @property
    def main(self) -> Any:
        """The value."""
        return self.value

    def _parts(self) -> list[Any]:
        return [self.value, self.eps]

    def _of_parts(self, parts: list[Any]) -> Any:
        return DualNumber(*parts, level=self.level)

    def _at_level(self, op: Operation, args: Sequence[Any]) -> Any:
        level = self.level
        ours = [level_of(a) == level for a in args]
        values = [a.value if own else a for a, own in zip(args, ours, strict=True)]
        tangents = [(a.eps, a.support) if own else NONE for a, own in zip(args, ours, strict=True)]
        result = op(*values)
        if op.boolean:
            return result
        dual = object.__new__(DualNumber)
        dual.value, dual.level = result, level
        dual.eps, dual.support = _linear(op, values, tangents) if op.linear else _tangent(op, result, values, tangents)
        if any(own and a.kind == VECTOR for a, own in zip(args, ours, strict=True)):
            floats = type(result) is float and type(dual.eps) is np.ndarray and dual.eps.dtype == np.float64
            dual.kind = VECTOR if floats else OTHER
        else:
            dual.kind = plain_duals.kind_of(result, dual.eps, DualNumber)
        return dual

    def __neg__(self) -> Any:
        return _apply(ops.neg, (self,))

    def __repr__(self) -> str:
        value, eps = (number_text(part) for part in (self.value, self.eps))
        value = f"({value})" if isinstance(self.value, Perturbation) else value
        if isinstance(self.eps, Perturbation):
            return f"{value} + ({eps})ε"
        return f"{value} - {eps[1:]}ε" if eps.startswith("-") else f"{value} + {eps}ε"

    def __reduce__(self) -> tuple[Any, ...]:
        made = functools.partial(DualNumber, level=self.level)
        return made, (self.value, self.eps), (None, {"support": self.support})


def with_tangents(value: Any, vector: Any, level: int) -> DualNumber:
    """A number with a vector of tangents, for a sweep that silences NumPy's warnings."""
    dual = DualNumber(value, vector, level=level)
    if type(value) is float and vector.dtype == np.float64:
        dual.kind = VECTOR
    return dual


Tangent = tuple[Any, Any]  # tangent, and its support
NONE: Tangent = (0, False)


def _support(value: Any, eps: Any) -> Any:
    if isinstance(eps, np.ndarray) and eps.ndim > np.ndim(value):
        return eps != 0
    return not (type(eps) is int and eps == 0)


def _linear(op: Operation, values: Sequence[Any], tangents: Sequence[Tangent]) -> Tangent:
    """The tangent of a result that is linear: the operation itself on the tangents."""
    chosen = [k for k in op.linear if tangents[k][1] is not False]
    if not chosen:
        return NONE
    condition = values[0]
    if op.branches and not isinstance(condition, (np.ndarray, Arithmetic)):  # a number, where it is of an array
        return tangents[1 if condition else 2]
    eps = op(*[tangents[k][0] if k in op.linear else v for k, v in enumerate(values)])
    supports = [support for _, support in tangents]
    if op.branches and isinstance(condition, np.ndarray):
        return eps, np.where(condition, *supports[1:])
    return eps, functools.reduce(_either, [supports[k] for k in chosen])


def _tangent(op: Operation, result: Any, values: Sequence[Any], tangents: Sequence[Tangent]) -> Tangent:
    """The tangent of a result: the sum of partial times tangent."""
    parts = (result, *values)
    slots = range(len(parts))
    total: Any = 0
    whole: Any = False
    last: Any = None  # what the total is still to be divided by: quotients of one denominator meet above it
    table: Any = None
    for k, (partial, (tangent, support)) in enumerate(zip(partials_at(op, values), tangents, strict=True)):
        if support is False:
            continue
        if partial is None:
            if k in op.whole:
                raise SymdiffTypeError(f"{op.name} has no derivative by its {op.operands[k]}, a whole number")
            continue
        below: Any = None
        condition = True
        if not (partial.is_number and partial.scale == 1):
            if table is None:
                table, lift = algebra_for(values)
            if partial.gate is not None:
                condition = evaluate_partial(partial.gate, slots, parts.__getitem__, table.apply, lift)
                if isinstance(condition, (bool, np.bool_)) and not condition:
                    continue
                partial = partial.behind
            above, below = evaluate_quotient(partial, slots, parts.__getitem__, table.apply, lift)
            tangent = _scaled(ops.mul, tangent, above, support)
            if not isinstance(condition, (bool, np.bool_)):
                tangent, below = ops.where(condition, _over(tangent, below, support), 0.0), None
                support = np.logical_and(support, condition) if isinstance(condition, np.ndarray) else support
        if whole is False:
            total, last = tangent, below
        elif below is last:
            total = ops.add(total, tangent)
        else:
            total, last = ops.add(_over(total, last, whole), _over(tangent, below, support)), None
        whole = _either(whole, support)
    return _over(total, last, whole), whole


def _over(value: Any, below: Any, support: Any) -> Any:
    if below is None:
        return value
    return _scaled(ops.div, value, below, support) if isinstance(value, np.ndarray) else ops.div(value, below)


def _scaled(op: Operation, tangent: Any, factor: Any, support: Any) -> Any:
    """A tangent times or over a part of a slope; what is no part of the support stays zero whatever that is."""
    if not isinstance(tangent, np.ndarray):
        return op(factor, tangent) if op is ops.mul else op(tangent, factor)
    if isinstance(factor, Perturbation) and not factor._holds_array():  # keep axes apart: its tangents are another
        result = np.zeros(tangent.shape, dtype=object)
        result[support] = records.elementwise(op, (tangent[support], factor))
        return result
    result = op(tangent, factor)
    return result if support is True or _is_finite(factor) else np.where(support, result, 0.0)


def _is_finite(factor: Any) -> bool:
    if isinstance(factor, np.ndarray):
        return factor.dtype != object and bool((np.isfinite(factor) & (factor != 0)).all())
    return type(factor) in (int, float) and math.isfinite(factor) and factor != 0


def _either(support: Any, other: Any) -> Any:
    """The support of a sum."""
    if support is other or other is False:
        return support
    if support is False:
        return other
    return True if support is True or other is True else np.logical_or(support, other)


# -- what dual numbers of floats do in one step ------------------------------------

_quick: dict[int, Callable[..., Any]] = {}  # functions of `plain_duals`, by code of the operation


def _quick_function(op: Operation) -> Callable[..., Any]:
    function: Callable[..., Any] = plain_duals.no_function
    if not (op.boolean or op.branches or op.variadic or op.arity > 2):
        function = plain_duals.unary(op, DualNumber) if op.arity == 1 else plain_duals.binary(op, DualNumber)[0]
    _quick[op.opcode] = function
    return function


def _apply(op: Operation, args: tuple[Any, ...]) -> Any:
    result = (_quick.get(op.opcode) or _quick_function(op))(*args)
    return Perturbation._apply(op, args) if result is None else result


def _add_operators(name: str, op: Operation) -> None:
    _quick[op.opcode], first, second = plain_duals.binary(op, DualNumber)

    def operation(self: DualNumber, other: Any) -> Any:
        result = first(self, other)
        return self._binary(op, self, other) if result is None else result

    def reflected(self: DualNumber, other: Any) -> Any:
        result = second(other, self)
        return self._binary(op, other, self) if result is None else result

    setattr(DualNumber, f"__{name}__", operation)
    setattr(DualNumber, f"__r{name}__", reflected)


for _name, _op in {"add": ops.add, "sub": ops.sub, "mul": ops.mul, "truediv": ops.div, "pow": ops.pow}.items():
    _add_operators(_name, _op)

records.register_algebra(Perturbation, records.Rank.CARRIER, Perturbation._apply)
records.register_algebra(DualNumber, records.Rank.CARRIER, _apply)
