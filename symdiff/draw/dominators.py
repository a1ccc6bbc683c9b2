"""Which nodes are used by one node alone, whatever way they are used: the dominator tree.

A node dominates another where every path from that one to a result passes it.
What a node dominates is a subgraph with one way out, so it can be folded into a
box. The tree is found in one pass from the results downwards: a node's dominator
is the nearest common ancestor of its users (Aho, Hopcroft and Ullman, 1972, for
acyclic graphs), found in logarithmic time by jump pointers (Myers, 1983).
"""

from __future__ import annotations

from collections.abc import Sequence

from symdiff.draw.diagram import Drawn
from symdiff.draw.view import operands

TOP = -1  # root above all results


class Dominators:
    """The tree: `parent` and `children` by node, TOP above the results; `enter` and `leave` number it.

    A node is below another where its `enter` lies between that one's `enter` and `leave`.
    """

    def __init__(self, graph: Drawn, cone: Sequence[int], roots: Sequence[int]) -> None:
        self.parent = dict.fromkeys(roots, TOP)
        self._depth = {TOP: 0}
        self._jump = {TOP: TOP}
        for i in reversed(cone):
            self._place(i)
            for j in operands(graph, i):
                self.parent[j] = self._common(self.parent[j], i) if j in self.parent else i
        self.children: dict[int, list[int]] = {TOP: []}
        for i in reversed(cone):
            self.children.setdefault(self.parent[i], []).append(i)
        self.enter: dict[int, int] = {}
        self.leave: dict[int, int] = {}
        self._number()

    def _place(self, i: int) -> None:
        above = self.parent[i]
        depth, jump = self._depth, self._jump
        far = jump[above]
        even = depth[above] - depth[far] == depth[far] - depth[jump[far]]
        depth[i], jump[i] = depth[above] + 1, jump[far] if even else above

    def _common(self, a: int, b: int) -> int:
        """The nearest common ancestor."""
        depth, jump, parent = self._depth, self._jump, self.parent
        if depth[a] < depth[b]:
            a, b = b, a
        while depth[a] > depth[b]:
            a = jump[a] if depth[jump[a]] >= depth[b] else parent[a]
        while a != b:
            if jump[a] != jump[b]:
                a, b = jump[a], jump[b]
            else:
                a, b = parent[a], parent[b]
        return a

    def _number(self) -> None:
        clock = 0
        stack = [TOP]
        while stack:
            i = stack.pop()
            if i < TOP:
                self.leave[TOP - 1 - i] = clock
                continue
            if i != TOP:
                self.enter[i] = clock
                clock += 1
                stack.append(TOP - 1 - i)  # mark the way back
            stack.extend(self.children.get(i, ()))

    def below(self, i: int) -> list[int]:
        """A node and all that it dominates."""
        found = [i]
        for j in found:  # visit what the loop appends too
            found.extend(self.children.get(j, ()))
        return found

    def size(self, i: int) -> int:
        """How many nodes `below` has."""
        return self.leave[i] - self.enter[i]
