"""Names of what a function makes that is called with expressions, and the frames that pictures draw around it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from weakref import WeakKeyDictionary

from symdiff.graph import VAR, Frame, Graph


class Names:
    """The names of one call: those of a further call in a graph have its number behind them.

    Parameters
    ----------
    name : str
        That of the function, empty for none: then it has no frame.
    counts : mapping
        How many calls gave names, by graph.
    """

    def __init__(self, name: str, counts: WeakKeyDictionary[Graph, int]) -> None:
        self.name, self.counts = name, counts
        self._number = 0

    def give(self, graph: Graph, i: int, name: str) -> None:
        """Name a node, unless it has a name already or is a leaf."""
        if graph.nodes[i][0] <= VAR or i in graph.notes:
            return
        if not self._number:
            self._number = self.counts[graph] = self.counts.get(graph, 0) + 1
        graph.note(i, name if self._number == 1 else f"{name}_{self._number}")

    def frame(self, graph: Graph, results: Iterable[int], inputs: Sequence[int]) -> None:
        """Remember what the call made, for pictures."""
        if not self.name:
            return
        given = set(inputs)
        made = tuple(dict.fromkeys([i for i in results if graph.nodes[i][0] > VAR and i not in given]))
        if made:
            graph.calls.setdefault(made, Frame(self.name, tuple(dict.fromkeys(inputs))))
