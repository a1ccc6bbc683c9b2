"""The one spelling of a contraction among those that mean the same: factors by index, labels by first appearance."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence

from symdiff.arrays.symmetry import is_symmetric
from symdiff.graph import Graph
from symdiff.labels import Labels, letter
from symdiff.shapes import Size

Factor = tuple[int, tuple[int, ...]]  # a node, a label for each of its axes

_ALIKE = 3  # equal factors whose orders are all tried; more stay as given, which costs sharing, never correctness
_TRIED = 64


def spelled(
    graph: Graph, factors: Sequence[Factor], result: Sequence[int], sizes: Mapping[int, Size]
) -> tuple[Labels, list[int]]:
    """The labels and the operands of a contraction in normal form: the least of the spellings that differ in ties."""
    best: tuple[tuple[str, tuple[str, ...]], Labels, list[int]] | None = None
    for order in itertools.islice(_orders(graph, factors), _TRIED):
        names: dict[int, str] = {}
        letters = ["".join([names.setdefault(k, letter(len(names))) for k in labels]) for _, labels in order]
        out = "".join([names.setdefault(k, letter(len(names))) for k in result])
        rank = (out, tuple(letters))
        if best is None or rank < best[0]:
            held = {k for _, labels in order for k in labels}
            free = tuple([(names[k], sizes[k]) for k in dict.fromkeys(result) if k not in held])
            best = rank, Labels(tuple(letters), out, free), [i for i, _ in order]
    assert best is not None
    return best[1], best[2]


def _orders(graph: Graph, factors: Sequence[Factor]) -> Iterator[Sequence[Factor]]:
    """The factors by index; equal ones in every order, and symmetric ones either way, where there are few."""
    ranked = sorted(factors, key=lambda f: f[0])
    groups = [list(group) for _, group in itertools.groupby(ranked, key=lambda f: f[0])]
    choices = [itertools.permutations(g) if 1 < len(g) <= _ALIKE else [tuple(g)] for g in groups]
    for chosen in itertools.product(*choices):
        order = [factor for group in chosen for factor in group]
        flips = [
            [(i, k), (i, k[::-1])] if len(k) == 2 and k[0] != k[1] and is_symmetric(graph, i) else [(i, k)]
            for i, k in order
        ]
        yield from itertools.product(*flips)
