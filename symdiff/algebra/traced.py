"""Numbers that remember how they were computed: what reverse mode of a Python function goes back along.

A call leaves a trace, every operation of its level in the order in which it was done (Griewank and Walther, *Evaluating
Derivatives*, section 4.1, call it the tape). Comparisons are by value, so control flow is that of the call.
"""

from __future__ import annotations

import itertools
import operator
from collections.abc import Sequence
from typing import Any

import numpy as np

from symdiff import ops, records
from symdiff.algebra.dual import DualNumber
from symdiff.algebra.evaluate import ANY, Bound, algebra_for
from symdiff.algebra.numbers import FLOAT, LIFTS, TABLES, clean
from symdiff.algebra.perturbation import Perturbation, is_real, level_of
from symdiff.arithmetic import Arithmetic
from symdiff.errors import SymdiffTypeError
from symdiff.exact import to_float
from symdiff.graph import CONST, VAR, Graph, Node, Program
from symdiff.records import Operation
from symdiff.rules import static_value


class Trace:
    """What was done at one level: nodes of a program and their values, by place.

    An operand has a smaller place than what it goes into. A place is given out in a single step and filled in another,
    so threads may share a trace.
    """

    __slots__ = ("leaves", "level", "next_place", "nodes", "values")

    def __init__(self, level: int) -> None:
        self.level = level
        self.nodes: dict[int, Node] = {}
        self.values: dict[int, Any] = {}
        self.leaves: dict[int, Any] = {}  # constants that rules take in
        self.next_place = itertools.count().__next__

    def variable(self, value: Any) -> TracedNumber:
        """A number that is given."""
        return self.number(value, _VARIABLE)

    def number(self, value: Any, node: Node) -> TracedNumber:
        """A number that an operation gave."""
        number = object.__new__(TracedNumber)
        number.value = value
        number.level = self.level
        number.trace = self
        number.place = place = self.next_place()
        self.values[place] = value
        self.nodes[place] = node
        return number

    def constant(self, value: Any, op: Operation) -> int:
        """The place of a constant that goes into an operation."""
        place = self.next_place()
        self.values[place] = value
        if isinstance(value, Perturbation):  # leave it out of rules: it is no number
            self.nodes[place] = _VARIABLE
            return place
        self.nodes[place] = _CONSTANT
        if op.static:
            exact = static_value(value)
            self.leaves[place] = value if exact is None else exact
        return place


_VARIABLE: Node = (VAR, 0)
_CONSTANT: Node = (CONST, 0)


class PartOfComplexError(SymdiffTypeError):
    """Raised where a part of a complex number is taken: numbers that carry tangents have parts, adjoints have not."""


class TracedNumber(Perturbation):
    """A number of a trace."""

    __slots__ = ("place", "trace", "value")
    value: Any
    trace: Trace
    place: int

    @property
    def main(self) -> Any:
        """The value."""
        return self.value

    def _parts(self) -> list[Any]:
        return [self.value]

    def _of_parts(self, parts: list[Any]) -> Any:
        raise SymdiffTypeError("a number of a trace is made by operations alone")

    def conjugate(self) -> Any:
        """The number itself, where it is real."""
        if not is_real(self.value):
            raise PartOfComplexError("conj, real and imag have no derivative at complex numbers")
        return self

    @property
    def real(self) -> Any:
        """The number itself, where it is real."""
        return self.conjugate()

    @property
    def imag(self) -> Any:
        """0, where it is real."""
        return 0 * self.conjugate()

    def __copy__(self) -> TracedNumber:
        return self

    def __deepcopy__(self, memo: dict[Any, Any]) -> TracedNumber:
        return self

    def __reduce__(self) -> Any:
        raise SymdiffTypeError("a number of a running derivative can't be pickled: differentiate within one process")

    def _at_level(self, op: Operation, args: Sequence[Any]) -> Any:
        ours = [level_of(a) == self.level for a in args]
        values = [
            a.value if own else a if isinstance(a, Arithmetic) else clean(a) for a, own in zip(args, ours, strict=True)
        ]
        result = op(*values)
        if op.boolean:
            return result
        for k in op.whole:
            if ours[k]:
                raise SymdiffTypeError(f"{op.name} has no derivative by its {op.operands[k]}, a whole number")
        if op.branches and isinstance(values[0], bool):
            return args[1 if values[0] else 2]
        trace = self.trace
        operands = zip(args, ours, values, strict=True)
        places = [a.place if own else trace.constant(v, op) for a, own, v in operands]
        return trace.number(result, (op.opcode, *places))

    def __repr__(self) -> str:
        return f"TracedNumber({self.value!r})"


def program_of(last: TracedNumber) -> tuple[Bound, list[Any], bool]:
    """A trace up to a number as a program, its values, and whether `pullback_of` has functions for them."""
    trace, places = last.trace, range(last.place + 1)
    nodes = [trace.nodes.get(place, _VARIABLE) for place in places]
    values = [trace.values.get(place, 0.0) for place in places]  # 0.0: a thread is to fill it
    kinds = set(map(type, values))
    if kinds == {float}:
        table, lift, plain = TABLES[FLOAT], LIFTS[FLOAT], True
    else:
        table, lift = algebra_for([v for v, node in zip(values, nodes, strict=True) if node[0] <= VAR])
        duals = kinds <= {float, int, DualNumber} and all(v.kind for v in values if type(v) is DualNumber)
        plain = duals and table is ANY
    program = Program(nodes, trace.leaves, (last.place,), range(len(nodes)), ())
    return Bound(Graph(), program, {}, table, lift), values, plain


# -- what most operations of a call are, in one step ---------------------------------


def _on(op: Operation, operator: Any) -> Any:
    """An operation on two values of which one may be a dual number, as `operator` says; None for the general way."""
    on_floats = TABLES[FLOAT][op.opcode]

    def value(left: Any, right: Any) -> Any:
        if type(left) is float and type(right) is float:
            return on_floats(left, right)
        return operator(left, right) if type(left) is DualNumber or type(right) is DualNumber else None

    return value


def _constant_beside(value: Any, constant: Any) -> Any:
    """A constant as a float, where the number that it meets is made of such; else as it is."""
    if type(constant) is not int and type(constant) is not np.float64:
        return constant
    return to_float(constant) if type(value) is float or (type(value) is DualNumber and value.kind) else constant


_QUICK: dict[int, Any] = {}  # functions of two operands by code, None where the general way is to be taken


def _add_operators(name: str, op: Operation) -> None:
    on_values = _on(op, getattr(operator, name))

    code = op.opcode

    def first(a: TracedNumber, b: Any) -> TracedNumber | None:
        if type(b) is TracedNumber and b.level == a.level:
            value = on_values(a.value, b.value)
            return None if value is None else a.trace.number(value, (code, a.place, b.place))
        if type(b) is not float:
            b = _constant_beside(a.value, b)
        value = on_values(a.value, b) if type(b) is float else None
        return None if value is None else a.trace.number(value, (code, a.place, a.trace.constant(b, op)))

    def second(a: Any, b: TracedNumber) -> TracedNumber | None:
        if type(a) is not float:
            a = _constant_beside(b.value, a)
        value = on_values(a, b.value) if type(a) is float else None
        return None if value is None else b.trace.number(value, (code, b.trace.constant(a, op), b.place))

    def operation(self: TracedNumber, other: Any) -> Any:
        result = first(self, other)
        return self._binary(op, self, other) if result is None else result

    def reflected(self: TracedNumber, other: Any) -> Any:
        result = second(other, self)
        return self._binary(op, other, self) if result is None else result

    setattr(TracedNumber, f"__{name}__", operation)
    setattr(TracedNumber, f"__r{name}__", reflected)
    _QUICK[op.opcode] = lambda a, b: first(a, b) if type(a) is TracedNumber else second(a, b)


for _name, _op in {"add": ops.add, "sub": ops.sub, "mul": ops.mul, "truediv": ops.div, "pow": ops.pow}.items():
    _add_operators(_name, _op)


def _apply(op: Operation, args: tuple[Any, ...]) -> Any:
    if len(args) == 1 and not op.boolean:
        (arg,) = args
        value = arg.value
        result = TABLES[FLOAT][op.opcode](value) if type(value) is float else op(value)
        return arg.trace.number(result, (op.opcode, arg.place))
    quick = _QUICK.get(op.opcode)
    result = None if quick is None else quick(*args)
    return Perturbation._apply(op, args) if result is None else result


records.register_algebra(TracedNumber, records.Rank.CARRIER, _apply)
