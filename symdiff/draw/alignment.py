"""What stands in one line in a picture: variables where that makes edges little longer, results in their order."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from symdiff.draw.view import View, levels, operands
from symdiff.graph import VAR

_LONGER = 1.5  # limit of what all edges together may grow by, so that variables stand in one line
_RESULTS = 24  # limit of results in one line, in results


def variables_in_line(view: View) -> list[int]:
    """The variables, where they can all be in the first rank: none is far from its users."""
    leaves = [i for i in view.nodes if view.graph.nodes[i][0] == VAR]
    if view.boxes or len(leaves) < 2:
        return []
    rank, first = levels(view.graph, view.cone), dict.fromkeys(leaves, view.size)
    length = moved = 0
    for i in view.nodes:
        for j in operands(view.graph, i):
            if j in first:
                first[j] = min(first[j], rank[i])
                moved += rank[i]
            elif j in rank:
                length += rank[i] - rank[j]
    near = sum([rank[i] - first[j] + 1 for i in view.nodes for j in operands(view.graph, i) if j in first])
    return leaves if length + moved <= _LONGER * (length + near) else []


def results_in_line(view: View, results: Sequence[int]) -> list[int]:
    """The results in their order, where none is part of another."""
    drawn = set(view.nodes)
    found = [i for i in dict.fromkeys(results) if i in drawn and view.graph.nodes[i][0] > VAR]
    if not 1 < len(found) <= _RESULTS or len(found) < len(set(results)) or not _are_ends(view, set(found)):
        return []
    return found


def _are_ends(view: View, found: Collection[int]) -> bool:
    return not any(j in found for i in view.cone for j in operands(view.graph, i))
