"""Derivatives of operations from outside: the rules that users give, as nodes.

A rule is of one call. Where operands have axes of a batch in front, it is applied to variables in their place, and what
it gives is made the program of all rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from symdiff.array_functions import entered
from symdiff.arrays.batching import batch
from symdiff.arrays.contraction import broadcast_to, contract, fresh, zeros
from symdiff.arrays.external import external, leads_of, repeated
from symdiff.arrays.reading import is_zero, shape_of
from symdiff.constants import constant
from symdiff.errors import SymdiffTypeError, SymdiffValueError
from symdiff.graph import Graph, Variable
from symdiff.handle import Handle, handle, is_array
from symdiff.ops.external_operation import ExternalOperation
from symdiff.records import record
from symdiff.shapes import Shape, broadcast, shown


class Call:
    """One call of an operation: its operands, with variables for those that have axes of a batch in front.

    Attributes
    ----------
    lead : shape
        The axes of the batch of all operands, which derivatives get in front.
    shape : shape
        That of the result of one call.
    """

    def __init__(self, graph: Graph, i: int) -> None:
        node = graph.nodes[i]
        op = record(node[0])
        assert isinstance(op, ExternalOperation)
        self.graph, self.op, self.i = graph, op, i
        self.leads, self.lead = leads_of(graph, i)
        self.shape = shape_of(graph, i)[len(self.lead) :]
        self.operands: list[int] = list(node[2:])
        self.rows: dict[int, int] = {}
        for k, (j, rank) in enumerate(zip(node[2:], graph.leaves[node[1]], strict=True)):
            if self.leads[k]:
                core = shape_of(graph, j)[len(self.leads[k]) :]
                self.operands[k] = self._stand_in(f"operand {k}", core)
                self.rows[self.operands[k]] = repeated(graph, j, rank, self.lead)

    def _stand_in(self, what: str, shape: Shape) -> int:
        key = (self.op.name, shape, f"{what} of call {self.i}")  # own: rules may hold calls themselves
        return self.graph.var(Variable(f"{what} of {self.op.name}", key, shape=shape))

    def _results(self) -> list[int]:
        """The results of one call: those of all parts."""
        if not self.rows and len(self.op.parts) == 1:
            return [self.i]
        return [external(self.graph, part, self.operands) for part in self.op.parts]

    def jacobians(self) -> list[int | None]:
        """The derivative by each operand, of shape lead + out + in; None for what is zero.

        Raises
        ------
        SymdiffTypeError, SymdiffValueError
            Where the operation has no rule, and for rules that give what does not fit.
        """
        if self.op.kind == "pullback":
            seed = identity(self.graph, self.shape)
            found = self._pulled(seed, self.shape)
            if not self.lead:
                return found
            front, lead = fresh(len(self.shape)), fresh(len(self.lead))
            return [None if d is None else self._lead_first(d, front, lead) for d in found]
        given = self._ruled(self._results())
        wanted = [self.shape + shape_of(self.graph, j) for j in self.operands]
        parts = [
            self._entered(d, shape, f"the partial derivative by operand {k}", "that of the result, then of the operand")
            for k, (d, shape) in enumerate(zip(given, wanted, strict=True))
        ]
        return self._for_all(parts, self.rows, self.lead)

    def _lead_first(self, d: int, front: Sequence[int], lead: Sequence[int]) -> int:
        """Axes of the result behind those of the batch."""
        own = fresh(len(shape_of(self.graph, d)) - len(front) - len(lead))
        return contract(self.graph, [(d, (*front, *lead, *own))], (*lead, *front, *own))

    def adjoints(self, adjoint: int, front: Shape) -> list[int | None]:
        """The adjoints of operands of each row, of shape front + lead + in, by a pullback."""
        return self._pulled(adjoint, front)

    def _pulled(self, adjoint: int, front: Shape) -> list[int | None]:
        """`adjoint` is of shape front + lead + out, or of front + out for each row."""
        graph = self.graph
        several = bool(front or self.lead)
        seed = self._stand_in("adjoint", self.shape) if several else adjoint
        seeds = [
            seed if part is self.op else _zeros(graph, shape_of(graph, i))
            for part, i in zip(self.op.parts, self._results(), strict=True)
        ]
        given = self._ruled(self._results(), seeds)
        parts = [
            self._entered(d, shape_of(graph, j), f"the adjoint of operand {k}", "that of the operand")
            for k, (d, j) in enumerate(zip(given, self.operands, strict=True))
        ]
        if not several:
            return parts
        if not self.lead:
            return self._for_all(parts, {seed: adjoint}, front)
        whole = _spread(graph, adjoint, len(front), front + self.lead + self.shape)
        own = self._stand_in("adjoint of all rows", self.lead + self.shape) if front else whole
        parts = self._for_all(parts, {**self.rows, seed: own}, self.lead)
        return self._for_all(parts, {own: whole}, front)

    def _for_all(self, parts: Sequence[int | None], rows: dict[int, int], lead: Shape) -> list[int | None]:
        """Nodes of one row as those of all."""
        there = [d for d in parts if d is not None]
        made = iter(batch(self.graph, there, rows, lead) if lead else there)
        return [None if d is None else next(made) for d in parts]

    def _ruled(self, results: Sequence[int], seeds: Sequence[int] = ()) -> list[Any]:
        """What the rule gives for each operand."""
        op, graph = self.op, self.graph
        if op.rule is None:
            raise SymdiffTypeError(
                f"{op.name} has no derivatives: register it with partials, a pullback or 'differences'"
            )
        several = len(op.parts) > 1
        first = [[handle(graph, i) for i in nodes] for nodes in (seeds, results) if nodes]
        own = [handle(graph, j) for j in self.operands]
        given = op.rule(*[nodes if several else nodes[0] for nodes in first], *own)
        if several and not seeds:
            if not isinstance(given, (tuple, list)) or len(given) != len(op.parts):
                raise SymdiffValueError(f"{op.outside.name}: partials gave no derivatives for each of its results")
            given = given[op.place]
        found = list(given) if isinstance(given, (tuple, list)) else [given]
        if len(found) != len(self.operands):
            what = "adjoints" if seeds else "derivatives"
            raise SymdiffValueError(
                f"{op.outside.name}: {op.kind} gave {len(found)} {what} for {len(self.operands)} operands"
            )
        return found

    def _entered(self, value: Any, shape: Shape, what: str, of: str) -> int | None:
        """What a rule gave as a node of a shape; None where it is zero."""
        graph = self.graph
        if value is None:
            return None
        value = entered(value)
        if isinstance(value, Handle):
            own = value._graph is graph
            i = value._index if own else graph.adopt(value._graph, [value._index])[0]
        else:
            i = graph.array(value) if is_array(value) else graph.const(constant(value))
        if is_zero(graph, i):
            return None
        held = shape_of(graph, i)
        if held != shape and (held or broadcast([held, shape]) != shape):
            hint = ": write sd.diag(…) of slopes entry by entry" if self._is_diagonal(held, shape) else ""
            raise SymdiffValueError(
                f"{self.op.outside.name}: {what} has shape {shown(held)} where {shown(shape)}, {of}, is needed{hint}"
            )
        return broadcast_to(graph, i, shape) if held != shape else i

    def _is_diagonal(self, held: Shape, shape: Shape) -> bool:
        return self.op.kind == "partials" and held + held == shape


def _zeros(graph: Graph, shape: Shape) -> int:
    return zeros(graph, shape) if shape else graph.const(0)


def identity(graph: Graph, shape: Shape) -> int:
    """The derivative of an array by itself."""
    if not shape:
        return graph.const(1)
    labels = fresh(len(shape))
    return contract(graph, [], labels + labels, dict(zip(labels, shape, strict=True)))


def _spread(graph: Graph, adjoint: int, front: int, full: Shape) -> int:
    """An adjoint without axes of the batch, repeated along them."""
    held = shape_of(graph, adjoint)
    if len(held) == len(full):
        return adjoint
    labels = fresh(len(full))
    missing = len(full) - len(held)
    own = (*labels[:front], *labels[front + missing :])
    return contract(graph, [(adjoint, own)], labels, dict(zip(labels, full, strict=True)))
