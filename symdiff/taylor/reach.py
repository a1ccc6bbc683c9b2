"""What a high order reaches, before it is computed: functions whose own orders are limited say so at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from symdiff.graph import Graph
from symdiff.taylor.system import EQUATION, System


def check_reach(graph: Graph, root: int, moving: Sequence[int], order: int, **kind: Any) -> None:
    """Refuse an order at which some function is not known: `gamma(x)` leads to a polygamma of nearly the same order.

    It is found aside, in as many steps as there are functions, without any coefficients. `kind` is what a
    `System` takes by name.

    Raises
    ------
    SymdiffValueError
        As the operation does.
    """
    there = Graph(graph.simplify)
    (copy,) = there.adopt(graph, [root])
    held = [there.find(graph.nodes[i]) for i in moving if i >= 0]
    system = System(there, [i for i in held if i is not None], order, **kind)
    found = {system.include(copy)}
    frontier = list(found)
    for _ in range(order):
        below = []
        for place in frontier:  # grows by operands, which are needed at the same order
            fresh = [a for a in system.args[place] if system.degree[a] and a not in found]
            found.update(fresh)
            frontier += fresh
            if system.kind[place] == EQUATION:
                below += [slope for _, _, slope in system.equation(place).flows if slope is not None]
        frontier = [place for place in dict.fromkeys(below) if place not in found]
        found.update(frontier)
        if not frontier:
            return
