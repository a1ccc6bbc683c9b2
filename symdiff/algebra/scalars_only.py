"""The error for arrays where a pass is of scalar variables: it says what to write."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from symdiff.errors import SymdiffTypeError
from symdiff.handle import Handle
from symdiff.records import FIRST_ARRAY_CODE


def holds_arrays(expr: Any) -> bool:
    """Whether an expression is an array or is made of some, or of a size of some."""
    if not isinstance(expr, Handle) or expr._graph.infer is None:
        return False
    graph = expr._graph
    return any(i in graph.shapes or graph.nodes[i][0] >= FIRST_ARRAY_CODE for i in graph.cone([expr._index]))


def scalars_only(what: str, exprs: Iterable[Any]) -> None:
    """Refuse arrays.

    Raises
    ------
    SymdiffTypeError
        For an expression that is or holds an array.
    """
    for expr in exprs:
        if holds_arrays(expr):
            from symdiff.algebra.notation.text import short

            raise SymdiffTypeError(
                f"{what} is of scalar variables, and {short(expr)} holds arrays: f.expand() is the same over "
                "scalar variables, X.elements() are the entries of an array"
            )
