"""The one spelling of a contraction among those that mean the same: factors by rank, labels by first appearance."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from symdiff.arrays.order import rank
from symdiff.arrays.reading import INV
from symdiff.graph import VAR, Graph
from symdiff.index_labels import Labels, letter
from symdiff.shapes import Size

Label: TypeAlias = Any  # hashable: an int or a letter
Factor = tuple[int, tuple[Label, ...]]  # a node, a label for each of its axes

_ALIKE = 3  # equal factors whose orders are all tried; more stay as given, which costs sharing, never correctness
_TRIED = 64
_ROUNDS = 3  # of colouring: as far as labels tell of each other


def spelled(
    graph: Graph, factors: Sequence[Factor], result: Sequence[Label], sizes: Mapping[Label, Size],
    turns: Callable[[Graph, int], bool] | None = None,
) -> tuple[Labels, list[int]]:  # fmt: skip
    """The labels and the operands of a contraction in normal form: the least of the spellings that differ in ties.

    `turns` says of which matrices the two labels have no order: those that are symmetric.
    """
    best: tuple[tuple[str, tuple[str, ...]], Labels, list[int]] | None = None
    for order in itertools.islice(_orders(graph, factors, result, turns or is_symmetric_variable), _TRIED):
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


def _orders(
    graph: Graph, factors: Sequence[Factor], result: Sequence[Label], turns: Callable[[Graph, int], bool]
) -> Iterator[Sequence[Factor]]:
    """The factors by rank; equal ones in every order, and symmetric ones either way, where there are few."""
    groups = _groups(graph, factors, result, turns)
    choices = [itertools.permutations(g) if 1 < len(g) <= _ALIKE else [tuple(g)] for g in groups]
    for chosen in itertools.product(*choices):
        order = [factor for group in chosen for factor in group]
        flips = [
            [(i, k), (i, k[::-1])] if len(k) == 2 and k[0] != k[1] and turns(graph, i) else [(i, k)] for i, k in order
        ]
        yield from itertools.product(*flips)


def _groups(
    graph: Graph, factors: Sequence[Factor], result: Sequence[Label], turns: Callable[[Graph, int], bool]
) -> list[list[Factor]]:
    """The factors by rank, equal ones by where they stand in the product; those in a group can't be told apart."""
    ranked = sorted(factors, key=lambda f: rank(graph, f[0])) if len(factors) > 1 else list(factors)
    groups = [list(group) for _, group in itertools.groupby(ranked, key=lambda f: f[0])]
    if all(len(group) == 1 for group in groups):
        return groups
    symmetric = {f[0] for f in factors if len(f[1]) == 2 and turns(graph, f[0])}
    colours = _colours(groups, result, symmetric)
    told: list[list[Factor]] = []
    for group in groups:
        ordered = sorted(group, key=lambda f: colours[f])
        told += [list(alike) for _, alike in itertools.groupby(ordered, key=lambda f: colours[f])]
    return told


def _colours(
    groups: Sequence[Sequence[Factor]], result: Sequence[Label], symmetric: Container[int]
) -> dict[Factor, int]:
    """Factors coloured by their labels, labels by their factors, in turns (Weisfeiler and Leman, 1968)."""
    factors = [(f, k) for k, group in enumerate(groups) for f in group]
    met = dict.fromkeys([label for (_, names), _ in factors for label in names])
    labels = _numbered({label: [j for j, r in enumerate(result) if r == label] for label in met})
    colours: dict[Factor, int] = {}
    for _ in range(_ROUNDS):
        seen: dict[Factor, Any] = {}
        for (i, names), k in factors:
            around = [labels[label] for label in names]
            seen[i, names] = (k, sorted(around) if i in symmetric else around)
        colours = _numbered(seen)
        places: dict[Label, list[tuple[int, int]]] = {label: [] for label in met}
        for (i, names), _k in factors:
            for axis, label in enumerate(names):
                places[label].append((colours[i, names], 0 if i in symmetric else axis))
        labels = _numbered({label: (labels[label], sorted(where)) for label, where in places.items()})
    return colours


def _numbered(values: dict[Any, Any]) -> dict[Any, int]:
    """Values as their numbers in order."""
    order = {repr(v): k for k, v in enumerate(sorted(values.values(), key=repr))}
    return {key: order[repr(v)] for key, v in values.items()}


def is_symmetric_variable(graph: Graph, i: int) -> bool:
    """Whether a factor is a symmetric variable, or the inverse of one, whose labels have no order."""
    node = graph.nodes[i]
    if node[0] == INV:
        i, node = node[1], graph.nodes[node[1]]
    return bool(node[0] == VAR and graph.leaves[i].kind == "symmetric")
