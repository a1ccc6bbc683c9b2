"""What is drawn of a graph."""

from __future__ import annotations

from collections.abc import Sequence

from symdiff.draw.diagram import Drawn
from symdiff.graph import Graph


def drawn_form(graph: Graph, roots: Sequence[int]) -> Drawn:
    """A graph of scalars itself, the diagram of one with arrays."""
    if graph.infer is None or not graph.has_arrays(roots):
        return graph
    from symdiff.draw.array_diagram import ArrayDiagram  # import late: graphs of scalars do without

    return ArrayDiagram(graph, roots)
