"""The order in which a product of many factors is contracted, pair by pair, for the fewest multiplications.

Up to seven factors the least of all orders is found, by the dynamic programming of Pfeifer, Haegeman and Verstraete
(Physical Review E 90, 033315, 2014); the order of more is greedy. Both searches are those of opt_einsum (Smith and
Gray, Journal of Open Source Software 3, 753, 2018).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from symdiff.shapes import Size, named

SEARCHED = 7  # factors of which every order is weighed: 3 ms; nine would take 50 ms
REPRESENTATIVE = 1000  # entries along an axis whose size is a name: a count of observations, more often than not


Pairs: TypeAlias = "tuple[tuple[int, ...], ...]"


class Step(NamedTuple):
    """Two factors to multiply, and the labels that their product keeps; all others are summed over.

    Factors are numbered through: the first step makes the number after those that were given.
    """

    left: int
    right: int
    labels: str


def contraction_path(factors: Sequence[str], result: str, sizes: Mapping[str, Size]) -> tuple[Step, ...]:
    """The steps from factors to their product, the last of which keeps labels in the order of the result.

    Parameters
    ----------
    factors : sequence of labels
        Those without any are numbers, and in no step.
    result : labels
        Ones that no factor has are in no step either.
    sizes : mapping from labels to sizes
        A named size counts as 1,000. An axis of size 0 counts as 1.

    >>> sizes = dict.fromkeys("ijk", 100)
    >>> contraction_path(["ij", "jk", "k"], "i", sizes)
    (Step(left=1, right=2, labels='j'), Step(left=0, right=3, labels='i'))
    >>> contraction_path(["ij", "", "ij"], "j", {"i": "n", "j": 3})
    (Step(left=0, right=2, labels='j'),)
    """
    places = [k for k, labels in enumerate(factors) if labels]
    letters = list(dict.fromkeys("".join(factors)))
    number = {label: k for k, label in enumerate(letters)}
    kept = "".join([k for k in dict.fromkeys(result) if k in number])
    structure = tuple([tuple([number[k] for k in factors[p]]) for p in places])
    pairs = _pairs(structure, tuple([number[k] for k in kept]), tuple([_entries(sizes[k]) for k in letters]))
    held = {p: factors[p] for p in places}
    steps = []
    for made, (a, b) in enumerate(pairs, start=len(factors)):
        left, right = (places[k] if k < len(places) else len(factors) + k - len(places) for k in (a, b))
        both = held.pop(left) + held.pop(right)
        rest = {*kept, *"".join(held.values())}
        held[made] = "".join([k for k in dict.fromkeys(both) if k in rest]) if held else kept
        steps.append(Step(left, right, held[made]))
    return tuple(steps)


def positions(steps: Sequence[Step], factors: int) -> list[tuple[int, ...]]:
    """The steps as NumPy's `einsum` takes them: places in a list that loses two factors and gets their product, last.

    What is in no step is multiplied at the end.

    >>> positions(contraction_path(["ij", "jk", "k"], "i", dict.fromkeys("ijk", 100)), 3)
    [(1, 2), (0, 1)]
    """
    left = list(range(factors))
    found: list[tuple[int, ...]] = []
    for made, step in enumerate(steps, start=factors):
        found.append((left.index(step.left), left.index(step.right)))
        left = [k for k in left if k not in (step.left, step.right)] + [made]
    return [*found, tuple(range(len(left)))] if len(left) > 1 else found


def _entries(size: Size) -> int:
    return max(size if isinstance(size, int) else REPRESENTATIVE + named(size)[1], 1)


@lru_cache(maxsize=4096)
def _pairs(factors: tuple[tuple[int, ...], ...], result: tuple[int, ...], sizes: tuple[int, ...]) -> Pairs:
    """The pairs to multiply, products numbered after the factors."""
    inputs = _inputs(factors, result)
    found = _searched(inputs, frozenset(result), sizes)
    if 3 < len(factors) <= SEARCHED:
        in_order = _in_order(inputs, result, sizes)
        if in_order is not None and _cost(in_order, inputs, result, sizes) <= _cost(found, inputs, result, sizes):
            return in_order
    return found


def _inputs(factors: Sequence[tuple[int, ...]], result: tuple[int, ...]) -> list[frozenset[int]]:
    """The labels of factors; a factor's own are summed first. Sets of letters have another order in every process."""
    return [
        frozenset([k for k in labels if k in result or any(k in other for other in factors if other is not labels)])
        for labels in factors
    ]


def _searched(inputs: Sequence[frozenset[int]], output: frozenset[int], sizes: tuple[int, ...]) -> Pairs:
    """The pairs that opt_einsum finds."""
    if len(inputs) < 3:
        return ((0, 1),) * (len(inputs) - 1)
    from opt_einsum import paths  # 10 ms

    search = paths.DynamicProgramming(search_outer=True) if len(inputs) <= SEARCHED else paths.greedy
    found = search(list(inputs), output, dict(enumerate(sizes)))
    return tuple([tuple(sorted(pair)) for pair in paths.linear_to_ssa(found)])


def _in_order(inputs: Sequence[frozenset[int]], result: tuple[int, ...], sizes: tuple[int, ...]) -> Pairs | None:
    """The pairs of which the last is a product of two matrices whose result needs no transposition, None for none.

    The first labels of the result are those of one, the others those of the other.
    """
    for cut in sorted(range(1, len(result)), key=lambda k: abs(2 * k - len(result))):
        first = frozenset(result[:cut])
        kept = frozenset(result)
        sides = [[k for k, own in enumerate(inputs) if (own & kept <= first) == side] for side in (True, False)]
        if not all(sides) or any(inputs[k] & first for k in sides[1]):
            continue
        pairs: list[tuple[int, ...]] = []
        last = []
        for side, other in (sides, sides[::-1]):
            rest = kept.union(*[inputs[k] for k in other])
            labels = frozenset().union(*[inputs[k] for k in side])
            own = _searched([inputs[k] for k in side], rest & labels, sizes)
            place = [*side, *[len(inputs) + len(pairs) + k for k in range(len(own))]]
            pairs += [tuple(sorted((place[a], place[b]))) for a, b in own]
            last.append(place[-1])
        return (*pairs, tuple(sorted(last)))
    return None


def _cost(pairs: Pairs, inputs: Sequence[frozenset[int]], result: tuple[int, ...], sizes: tuple[int, ...]) -> int:
    """The multiplications that pairs take."""
    held = dict(enumerate(inputs))
    total = 0
    for made, (a, b) in enumerate(pairs, start=len(inputs)):
        both = held.pop(a) | held.pop(b)
        total += math.prod([sizes[k] for k in both])
        held[made] = both & frozenset(result).union(*held.values())
    return total
