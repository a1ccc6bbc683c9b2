"""What expressions cost: operations over the shared graph, each node counted once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from symdiff.graph import VAR, Graph
from symdiff.handle import as_handle, gather
from symdiff.neighbours import takes_sympy
from symdiff.nesting import flatten
from symdiff.records import record


def operations(graph: Graph, roots: Iterable[int]) -> int:
    """The number of operations in the shared graph of some nodes."""
    nodes = graph.nodes
    return sum([nodes[i][0] > VAR for i in graph.cone(roots)])


class OperationCounts(dict[str, int]):
    """How often each operation is done, by its name; notebooks show a table."""

    def _repr_html_(self) -> str:
        from symdiff.algebra.notation.html_table import html_table

        return html_table([(name, f"{n:,}") for name, n in self.items()], after=f"together {sum(self.values()):,}")


@takes_sympy
def count_ops(exprs: Any) -> OperationCounts:
    """How often each operation is done to compute all of the expressions, the most frequent first.

    Shared parts count once; constants and variables do not count.

    Parameters
    ----------
    exprs : expression, or any nesting of lists, tuples, dictionaries, arrays and sparse matrices of them

    >>> import symdiff as sd
    >>> x, y = sd.variables("x y")
    >>> f = x**2*y + y + 2
    >>> sd.count_ops([f, f.gradient([x, y])])
    {'add': 3, 'mul': 3, 'pow': 1}
    """
    return counted(*gather([as_handle(e) for e in flatten(exprs)]))


def counted(graph: Graph, roots: Iterable[int]) -> OperationCounts:
    """How often each operation is done to compute some nodes, the most frequent first."""
    counts: dict[int, int] = {}
    nodes = graph.nodes
    for i in graph.cone(roots):
        code = nodes[i][0]
        if code > VAR:
            counts[code] = counts.get(code, 0) + 1
    by_name = {record(code).name: n for code, n in counts.items()}
    return OperationCounts(sorted(by_name.items(), key=lambda item: (-item[1], item[0])))


@takes_sympy
def depth(exprs: Any) -> int:
    """The number of operations on the longest path from a variable or constant to a result.

    >>> import symdiff as sd
    >>> x = sd.Var("x")
    >>> sd.depth(sd.sin(x*x) + x)
    3
    """
    graph, roots = gather([as_handle(e) for e in flatten(exprs)])
    depths: dict[int, int] = {}
    nodes = graph.nodes
    for i in graph.cone(roots):
        node = nodes[i]
        depths[i] = 1 + max([depths[j] for j in node[1:]]) if node[0] > VAR else 0
    return max([depths[i] for i in roots], default=0)
