"""The one spelling of a contraction among those that mean the same: factors by index, labels by first appearance."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from symdiff.arrays.reading import INV
from symdiff.graph import VAR, Graph
from symdiff.index_labels import Labels, letter
from symdiff.shapes import Size

Label: TypeAlias = Any  # hashable: an int or a letter
Factor = tuple[int, tuple[Label, ...]]  # a node, a label for each of its axes

_ALIKE = 3  # equal factors whose orders are all tried; more stay as given, which costs sharing, never correctness
_TRIED = 64


def spelled(
    graph: Graph, factors: Sequence[Factor], result: Sequence[Label], sizes: Mapping[Label, Size],
    turns: Callable[[Graph, int], bool] | None = None,
) -> tuple[Labels, list[int]]:  # fmt: skip
    """The labels and the operands of a contraction in normal form: the least of the spellings that differ in ties.

    `turns` says of which matrices the two labels have no order: those that are symmetric.
    """
    best: tuple[tuple[str, tuple[str, ...]], Labels, list[int]] | None = None
    for order in itertools.islice(_orders(graph, factors, turns or is_symmetric_variable), _TRIED):
        names: dict[Label, str] = {}
        letters = ["".join([names.setdefault(k, letter(len(names))) for k in labels]) for _, labels in order]
        out = "".join([names.setdefault(k, letter(len(names))) for k in result])
        rank = (out, tuple(letters))
        if best is None or rank < best[0]:
            held = {k for _, labels in order for k in labels}
            free = tuple([(names[k], sizes[k]) for k in dict.fromkeys(result) if k not in held])
            best = rank, Labels(tuple(letters), out, free), [i for i, _ in order]
    assert best is not None
    return best[1], best[2]


def _orders(graph: Graph, factors: Sequence[Factor], turns: Callable[[Graph, int], bool]) -> Iterator[Sequence[Factor]]:
    """The factors by index; equal ones in every order, and symmetric ones either way, where there are few."""
    ranked = sorted(factors, key=lambda f: f[0])
    groups = [list(group) for _, group in itertools.groupby(ranked, key=lambda f: f[0])]
    choices = [itertools.permutations(g) if 1 < len(g) <= _ALIKE else [tuple(g)] for g in groups]
    for chosen in itertools.product(*choices):
        order = [factor for group in chosen for factor in group]
        flips = [
            [(i, k), (i, k[::-1])] if len(k) == 2 and k[0] != k[1] and turns(graph, i) else [(i, k)] for i, k in order
        ]
        yield from itertools.product(*flips)


def is_symmetric_variable(graph: Graph, i: int) -> bool:
    """Whether a factor is a symmetric variable, or the inverse of one, whose labels have no order."""
    node = graph.nodes[i]
    if node[0] == INV:
        i, node = node[1], graph.nodes[node[1]]
    return bool(node[0] == VAR and graph.leaves[i].kind == "symmetric")
