"""The terms of a sum, and what they are made of: parts of a graph that may be alike.

What a term alone is made of is one part, what the same few terms share is another; see `alike_blocks.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from symdiff.build import ADD, DIV, MUL, NEG, SUB
from symdiff.graph import CONST, VAR, Graph, Node
from symdiff.modes import budgets
from symdiff.modes.alike_blocks import Part

Owner = int | frozenset[int]  # a term, or a few that share what is below them

_SUMS = frozenset((ADD, SUB, NEG))
_SHARED = -1  # owner of what many terms share

Parts = list[Part]


def parts_of_terms(graph: Graph, root: int, cone: Sequence[int]) -> Parts:
    """The parts of a long sum."""
    spine, terms = _sum(graph.nodes, root, cone)
    if len(terms) < budgets.ALIKE_TERMS or len(cone) < budgets.ALIKE_MEAN * len(terms):
        return []
    return parts_below(graph.nodes, cone, spine, terms)


def _sum(nodes: list[Node], root: int, cone: Sequence[int]) -> tuple[set[int], set[int]]:
    """The sums and multiples that a node consists of, and what these add up: operations, and sums of a few."""
    few = budgets.ALIKE_FEW
    counts: dict[int, int] = {}  # operations that a sum, or a multiple of one, adds up
    for i in cone:
        node = nodes[i]
        kind = node[0]
        if kind in _SUMS or (kind in (MUL, DIV) and CONST in (nodes[node[1]][0], nodes[node[2]][0])):
            count = 0
            for j in node[1:]:
                count += counts.get(j, nodes[j][0] > VAR)
            counts[i] = count if count <= few else few + 1  # bound what doubles from sum to sum
    spine, terms = {root} & counts.keys(), set()
    stack = list(spine)
    while stack:
        for j in nodes[stack.pop()][1:]:
            if counts.get(j, 1) <= few:
                if nodes[j][0] > VAR:
                    terms.add(j)
            elif j not in spine:
                spine.add(j)
                stack.append(j)
    return spine, terms


def parts_below(nodes: list[Node], cone: Sequence[int], spine: set[int], terms: set[int]) -> Parts:
    """What each term alone is made of, and what each few of them share; `spine` is what adds them up."""
    owner: dict[int, Owner] = dict.fromkeys(spine, _SHARED)
    owner.update((i, i) for i in terms)
    parts: dict[Owner, list[int]] = {i: [] for i in terms}
    for i in reversed(cone):
        term = owner.get(i)
        if term is None or i in spine or nodes[i][0] <= VAR:
            continue
        if term != _SHARED:
            held = parts.get(term)
            if held is None:
                parts[term] = [i]
            else:
                held.append(i)
        for j in nodes[i][1:]:
            held_by = owner.setdefault(j, term)
            if held_by != term:
                owner[j] = _united(held_by, term) if nodes[j][0] > VAR else _SHARED
    if len(parts) == len(terms):  # nothing is shared by few
        return [(part[::-1], [i]) for i, part in parts.items() if isinstance(i, int) and owner[i] == i]
    return _parts_of_groups(nodes, cone, owner, _groups(parts, sorted(terms)), set(terms))


def _groups(parts: dict[Owner, list[int]], terms: list[int]) -> dict[int, int]:
    """Terms that are one part together, as they share more than others do: the first of its group for each.

    The defects of a simulation in one interval have a rate in common, those of two intervals only what is known at the
    point between. So terms next to each other stay together where clearly more is shared across than at places nearby.
    """
    place = {i: k for k, i in enumerate(terms)}
    steps = [0] * (len(terms) + 1)
    for owners, part in parts.items():
        if isinstance(owners, frozenset):
            steps[place[min(owners)] + 1] += len(part)
            steps[place[max(owners)] + 1] -= len(part)
    widths = list(accumulate(steps))  # at each place, what terms before and from there on share
    few = budgets.ALIKE_FEW
    groups, first = {}, terms[0]
    for k, i in enumerate(terms):
        least = max(min(widths[max(0, k - few) : k + 1]), min(widths[k : k + few + 1]))
        if widths[k] <= budgets.ALIKE_TOGETHER * least:
            first = i
        groups[i] = first
    return groups


def _parts_of_groups(
    nodes: list[Node], cone: Sequence[int], owner: dict[int, Owner], groups: dict[int, int], results: set[int]
) -> Parts:
    """The same as parts of groups of terms, and of what few groups share."""
    known: dict[Owner, Owner] = {_SHARED: _SHARED}

    def group(of: Owner) -> Owner:
        found = known.get(of)
        if found is None:
            several = frozenset([groups[i] for i in _terms(of)])
            found = known[of] = several if len(several) > 1 else next(iter(several))
        return found

    parts: dict[Owner, list[int]] = {}
    for i in cone:
        if i not in owner or nodes[i][0] <= VAR:
            continue
        own = group(owner[i])
        if own != _SHARED:
            parts.setdefault(own, []).append(i)
        results.update([j for j in nodes[i][1:] if group(owner.get(j, _SHARED)) != own])  # leaves have no owner
    return [(part, [i for i in part if i in results]) for part in parts.values()]


def _united(a: Owner, b: Owner) -> Owner:
    if a == _SHARED or b == _SHARED:
        return _SHARED
    both = _terms(a) | _terms(b)
    return both if len(both) <= budgets.ALIKE_SHARED else _SHARED


def _terms(owner: Owner) -> frozenset[int]:
    return frozenset((owner,)) if isinstance(owner, int) else owner
