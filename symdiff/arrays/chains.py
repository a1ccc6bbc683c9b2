"""Products of square matrices as chains: matrices one after the other, each as it is or transposed."""

from __future__ import annotations

from collections.abc import Sequence

from symdiff.arrays.contraction import contract, fresh
from symdiff.arrays.reading import EINSUM, pieces, shape_of
from symdiff.graph import Graph

Chain = list[tuple[int, bool]]  # matrices, with whether each is transposed

_LONGEST = 8


def matrix_chain(graph: Graph, i: int) -> Chain:
    """The matrices whose product a square matrix is, with whether each is transposed; itself where it is none."""
    found = [(i, False)]
    at = 0
    while at < len(found) and len(found) < _LONGEST:
        inner = _pair(graph, *found[at])
        if inner is None:
            at += 1
        else:
            found[at : at + 1] = inner
    return found


def _pair(graph: Graph, i: int, turned: bool) -> Chain | None:
    """A transpose, or a product of square matrices, in parts; None for what is neither."""
    if graph.nodes[i][0] != EINSUM:
        return None
    coefficient, factors, result = pieces(graph, i)
    square = all(len(names) == 2 and len(set(shape_of(graph, f))) == 1 for f, names in factors)
    if coefficient != 1 or not factors or not square or len(set(result)) != 2:
        return None
    chain = _ordered(factors, result)
    if chain is None:
        return None
    return [(f, not t) for f, t in reversed(chain)] if turned else chain


def _ordered(factors: Sequence[tuple[int, str]], result: str) -> Chain | None:
    """The factors in the order in which they lead from the first label of the result to the second."""
    left = list(factors)
    label, chain = result[0], []
    while left:
        here = [(f, names) for f, names in left if label in names]
        if len(here) != 1 or len(set(here[0][1])) != 2:
            return None
        f, names = here[0]
        left.remove(here[0])
        chain.append((f, names[1] == label))
        label = names[0] if names[1] == label else names[1]
    return chain if label == result[1] else None


def oriented(graph: Graph, i: int, turned: bool) -> Chain:
    """The chain of a matrix, or of its transpose."""
    chain = matrix_chain(graph, i)
    return [(f, not t) for f, t in reversed(chain)] if turned else chain


def chained(graph: Graph, chain: Chain) -> int:
    """The product of a chain, taken two at a time from the left, as `@` does."""
    result = _matrix(graph, *chain[0])
    for i, turned in chain[1:]:
        a, b, c = fresh(3)
        result = contract(graph, [(result, (a, b)), (i, (c, b) if turned else (b, c))], (a, c))
    return result


def _matrix(graph: Graph, i: int, turned: bool) -> int:
    a, b = fresh(2)
    return contract(graph, [(i, (a, b))], (b, a)) if turned else i
