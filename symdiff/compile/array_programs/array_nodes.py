"""Products as nodes of a graph that is being made ready."""

from __future__ import annotations

from collections.abc import Sequence

from symdiff.arrays.reading import EINSUM
from symdiff.graph import Graph
from symdiff.index_labels import Labels, letter
from symdiff.shapes import Size

Factor = tuple[int, str]


def interned(graph: Graph, factors: Sequence[Factor], result: str, free: tuple[tuple[str, Size], ...] = ()) -> int:
    """A contraction of some factors as a node."""
    names: dict[str, str] = {}
    for k in "".join([labels for _, labels in factors]) + result:
        names.setdefault(k, letter(len(names)))
    spelled = [("".join([names[k] for k in labels])) for labels in [*[labels for _, labels in factors], result]]
    labels = Labels(tuple(spelled[:-1]), spelled[-1], tuple([(names[k], size) for k, size in free]))
    return graph.intern((EINSUM, graph.static(str(labels), labels), *[j for j, _ in factors]))
