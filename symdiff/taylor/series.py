"""Truncated Taylor series as numbers: the algebra of high orders in one direction.

Every operation is a system of its own (see `system.py`), made once for each order and run
over the coefficients of its operands.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from symdiff import ops, records
from symdiff.algebra.evaluate import algebra_for
from symdiff.algebra.perturbation import Perturbation, checked_level, level_above, level_of
from symdiff.arithmetic import Arithmetic
from symdiff.build import build
from symdiff.constants import constant_key
from symdiff.errors import SymdiffValueError
from symdiff.graph import Graph, Variable
from symdiff.handle import variable_in
from symdiff.modes import budgets
from symdiff.quoting import number_repr
from symdiff.records import Operation
from symdiff.rules import rule_constant
from symdiff.taylor.dependencies import schedule
from symdiff.taylor.multi_indices import MultiIndices, check_pairs
from symdiff.taylor.number_coefficients import NumberCoefficients
from symdiff.taylor.reach import check_reach
from symdiff.taylor.recurrences import Coefficient
from symdiff.taylor.system import FIXED, GIVEN, LINEAR, SCALED, System

_SHOWN = 50  # count of coefficients that `repr` shows


class TaylorSeries(Perturbation):
    """A number that carries its Taylor coefficients `c[0] + c[1] t + … + c[n] tⁿ`.

    Parameters
    ----------
    coefficients : sequence of numbers
    level : int, optional, by name
        As for `DualNumber`.

    >>> import symdiff as sd
    >>> sd.exp(sd.TaylorSeries([0.0, 1.0, 0.0, 0.0])).coefficients[2]
    0.5
    """

    __slots__ = ("coefficients",)

    if TYPE_CHECKING:

        def _answer(self) -> TaylorSeries: ...
        def _absorb(self) -> TaylorSeries: ...
        def _total(self) -> TaylorSeries: ...

    def __init__(self, coefficients: Sequence[Any], *, level: int | None = None) -> None:
        self.coefficients = list(coefficients)
        if not self.coefficients:
            raise SymdiffValueError("a Taylor series has at least one coefficient")
        self.level = level_above(self.coefficients) if level is None else checked_level(level)

    @property
    def main(self) -> Any:
        """The coefficient of order 0."""
        return self.coefficients[0]

    def _parts(self) -> list[Any]:
        return self.coefficients

    def _of_parts(self, parts: list[Any]) -> Any:
        return TaylorSeries(parts, level=self.level)

    def _at_level(self, op: Operation, args: Sequence[Any]) -> Any:
        level = self.level
        if op.boolean:
            return op(*[a.main if level_of(a) == level else a for a in args])
        order = min(len(a.coefficients) for a in args if level_of(a) == level) - 1
        static = [rule_constant(a) if k in op.static else None for k, a in enumerate(args)]
        moving = [level_of(a) == level for a in args]
        singular = op is ops.pow and static[1] is not None and _touches_zero(args[0])
        plan = _plan(op, static, moving, order, singular)
        inputs = {
            p: a.coefficients if moves else [a]
            for p, a, moves in zip(plan.operands, args, moving, strict=True)
            if p is not None
        }
        found = NumberCoefficients(plan.system, plan.indices, *algebra_for(args), inputs)
        found.propagate(plan.schedule)
        return TaylorSeries([values.get(plan.root, 0) for values in found.of], level=level)

    def __repr__(self) -> str:
        if len(self.coefficients) <= _SHOWN:
            return f"TaylorSeries([{', '.join(map(number_repr, self.coefficients))}])"
        first = ", ".join(map(number_repr, self.coefficients[:_SHOWN]))
        return f"TaylorSeries([{first}, …]) of order {len(self.coefficients) - 1:,}"

    def __reduce__(self) -> tuple[Any, ...]:
        return partial(TaylorSeries, level=self.level), (self.coefficients,)


class _Plan(NamedTuple):
    """The system of one operation, and what is computed in it."""

    system: System
    indices: MultiIndices
    schedule: list[Coefficient]
    root: int
    operands: list[int | None]  # places of operands; None for one that the system holds as a constant


_PLANS: dict[tuple[Any, ...], _Plan] = {}
_PLANS_KEPT = 200


def _touches_zero(series: Any) -> bool:
    main = series.main
    return not isinstance(main, Arithmetic) and bool(np.any(main == 0))


def _plan(op: Operation, static: Sequence[Any], moving: Sequence[bool], order: int, singular: bool) -> _Plan:
    """How an operation on series goes: its static operands, which of the others are series."""
    key = (op.opcode, order, singular, *moving, *[None if s is None else constant_key(s) for s in static])
    found = _PLANS.get(key)
    if found is None:
        if len(_PLANS) >= _PLANS_KEPT:
            _PLANS.clear()
        found = _PLANS[key] = _planned(op, static, moving, order, singular)
    return found


def _planned(op: Operation, static: Sequence[Any], moving: Sequence[bool], order: int, singular: bool) -> _Plan:
    graph = Graph()
    slots = [
        variable_in(graph, Variable(f"slot{k}"))._index if s is None else graph.const(s) for k, s in enumerate(static)
    ]
    root = build(graph, op.opcode, tuple(slots))
    system = System(
        graph, [i for i, moves in zip(slots, moving, strict=True) if moves], order, series=True, singular=singular
    )
    operands = [None if s is not None else system.include(i) for i, s in zip(slots, static, strict=True)]
    place = system.include(root)
    if system.kind[place] not in (FIXED, GIVEN, LINEAR, SCALED):
        check_pairs(order)
        if order > budgets.HIGHER_LOW:
            check_reach(graph, root, list(system.moving), order, series=True, singular=singular)
    indices = MultiIndices([(order,)])
    wanted = [(place, a) for a in range(1, order + 1)]
    return _Plan(system, indices, schedule(system, indices, wanted), place, operands)


records.register_algebra(TaylorSeries, records.Rank.CARRIER, Perturbation._apply)
