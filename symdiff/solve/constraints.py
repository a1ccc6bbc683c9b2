"""Constraints as they are given: expressions that are 0, or at most 0, in any nesting."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Literal

import numpy as np

from symdiff.algebra.notation.text import short
from symdiff.errors import SymdiffTypeError, SymdiffValueError
from symdiff.graph import VAR
from symdiff.handle import Handle, as_handle
from symdiff.names import number_hints

Kind = Literal["equal", "upper"]

_HINTS = {
    "equal": "an equation is an expression that is to be 0, a pair (expression, value), or sd.equal(a, b)",
    "upper": "a bound is an expression that is to be at most 0, a pair (expression, bound), or a <= b",
}
_SIGNS = {"less": 1, "less_equal": 1, "greater": -1, "greater_equal": -1}


class Constraints:
    """The expressions of constraints of one kind, and the nesting that they were given in, of their numbers."""

    def __init__(self, given: Any, kind: Kind) -> None:
        self.kind = kind
        self.expressions: list[Any] = []
        self.nesting = [] if given is None else self._numbered(given)

    def _numbered(self, given: Any) -> Any:  # recursion as deep as a person nests
        if isinstance(given, Mapping):
            return {name: self._numbered(one) for name, one in given.items()}
        if isinstance(given, list):
            return [self._numbered(one) for one in given]
        if isinstance(given, np.ndarray) and given.dtype == object and given.ndim:
            numbers = np.empty(given.shape, dtype=object)
            numbers.ravel()[:] = [self._numbered(one) for one in given.ravel()]
            return numbers
        self.expressions.append(self._below_zero(given))
        return len(self.expressions) - 1

    def _below_zero(self, given: Any) -> Handle:
        """The expression that is to be 0, or at most 0."""
        if isinstance(given, tuple):
            if len(given) != 2:
                raise SymdiffTypeError(
                    f"a tuple of {len(given)} is no constraint: {_HINTS[self.kind]}; lists hold several"
                )
            value, bound = given
            if not isinstance(value, Handle) and not isinstance(bound, Handle):
                raise SymdiffTypeError(f"{given!r:.60} holds no expression: {_HINTS[self.kind]}")
            return as_handle(value - np.asarray(bound) if isinstance(bound, (list, tuple)) else value - bound)
        if not isinstance(given, Handle):
            compared = " (`==` compares expressions: write sd.equal)" if isinstance(given, (bool, np.bool_)) else ""
            raise SymdiffTypeError(f"{given!r:.60} is no constraint{compared}: {_HINTS[self.kind]}")
        name = given.op.name if given.op is not None else ""
        if name == "equal" or name in _SIGNS:
            if (name == "equal") != (self.kind == "equal"):
                other = "upper" if self.kind == "equal" else "equal"
                raise SymdiffTypeError(f"{short(given)} is no constraint of `{self.kind}`: give it to `{other}`")
            low, high = given.args[:: _SIGNS.get(name, 1)]
            return as_handle(low - high)
        if name.startswith("logical"):
            raise SymdiffTypeError(f"{short(given)} is a condition made of others: give these one by one, in a list")
        return given

    def check(self, unknowns: Collection[Any], known: Collection[Any]) -> None:
        """Refuse expressions that hold none of the unknowns, and those of variables that are not known.

        Raises
        ------
        SymdiffValueError
            Naming the constraint and the variables.
        """
        for e in self.expressions:
            graph = e._graph
            cells = [graph.leaves[i] for i in graph.cone([e._index]) if graph.nodes[i][0] == VAR]
            missing = [cell.name for cell in cells if cell.key not in known]
            if missing:
                raise SymdiffValueError(
                    f"the constraint {short(e)} depends on {', '.join(missing[:10])}: "
                    f"add them to xs or params{number_hints(missing)}"
                )
            if not any(cell.key in unknowns for cell in cells):
                raise SymdiffValueError(
                    f"the constraint {short(e)} holds none of the unknowns: no choice of them helps"
                )
