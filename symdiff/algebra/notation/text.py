"""Strings: expressions as Python and a mathematician read them.

Where the tree is much larger than the graph, shared parts get names and the text
stays linear: `z1 = …; z2 = …; …`.
"""

from __future__ import annotations

from collections.abc import Sequence

from symdiff.algebra.notation.constant_text import constant_text
from symdiff.algebra.notation.text_writer import Writer
from symdiff.graph import CONST, VAR, Graph
from symdiff.handle import Handle, gather
from symdiff.records import record

SHORT = 60
_PAGE = 2_000  # length limit of a `repr`, in letters
_HUGE = 2_000  # size limit of an expression whose text is made for a `repr`, in nodes


def text(exprs: Sequence[Handle], whole: bool = True) -> str:
    """The text of one expression, or of several with `; ` between, which `parse` reads back.

    Large arrays of numbers are written in full, unless `whole` is false.
    """
    graph, roots = gather(exprs)
    if graph.infer is not None and graph.has_arrays(roots):
        from symdiff.algebra.notation.array_writer import text_of_arrays  # import late: few expressions hold arrays

        return text_of_arrays(graph, roots, whole)
    return Writer(graph, roots).text()


def bounded(expr: Handle) -> str:
    """The text of an expression as `repr` shows it: of one that fills pages the start, of a huge one its size."""
    if not expr._graph.small_cone(expr._index):
        size = len(expr._graph.cone([expr._index]))
        if size > _HUGE:
            return f"<an expression of {size:,} nodes>"
    found = text([expr], whole=False)
    return found if len(found) <= _PAGE else f"{found[:_PAGE]}… ({len(found):,} letters; str() has all)"


def short(expr: Handle, limit: int = SHORT) -> str:
    """The text of an expression for a message: cut, and not even made where it is huge."""
    size = len(expr.graph.cone([expr._index])) if expr.graph.small_cone(expr._index) else len(expr.graph)
    if size > 1000:
        return f"an expression in a graph of {size:,} nodes"
    found = text([expr], whole=False)
    return found if len(found) <= limit else found[: limit - 1] + "…"


def label(graph: Graph, i: int) -> str:
    """The text of a node whose operands are left out: a constant, a name, an operation."""
    node = graph.nodes[i]
    if node[0] == CONST:
        return constant_text(graph.leaves[i])
    if node[0] == VAR:
        return str(graph.leaves[i].name)
    op = record(node[0])
    return op.symbol or op.name
