"""What programs of arrays cost: multiplications, additions and function values of single numbers.

A contraction is counted in the order in which evaluation takes it, pair by pair; systems of equations by the leading
terms of Golub and Van Loan, Matrix Computations, 4th ed., sections 3.1, 3.2 and 4.2, eigenvalues and singular values
by those of 8.3 and 8.6.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from symdiff.errors import SymdiffTypeError
from symdiff.graph import VAR, Graph
from symdiff.handle import handle, operands_of
from symdiff.index_labels import Labels
from symdiff.ops import arrays
from symdiff.records import FIRST_ARRAY_CODE, ArrayOperation, record
from symdiff.shapes import Shape, bound, named, shown

Count = Callable[[Any, "tuple[int, ...]", "list[tuple[int, ...]]"], int]


def scalar_operations(graph: Graph, roots: Iterable[int], sizes: Mapping[str, int] | None = None) -> int:
    """The operations on numbers that the shared graph of some nodes takes.

    Raises
    ------
    SymdiffTypeError
        For a named size without a number.
    """
    total = 0
    numbers = dict(sizes or {})
    for i in graph.cone(roots):
        node = graph.nodes[i]
        if node[0] > VAR:
            shapes = [_numbers(graph, j, numbers) for j in operands_of(graph, node)]
            parameters = graph.leaves[node[1]] if len(shapes) < len(node) - 1 else None
            total += operations_of(node[0], parameters, _numbers(graph, i, numbers), shapes)
    return total


def _numbers(graph: Graph, i: int, sizes: dict[str, int]) -> tuple[int, ...]:
    shape: Shape = graph.shapes.get(i, ())
    missing = [named(n)[0] for n in shape if isinstance(n, str) and named(n)[0] not in sizes]
    if missing:
        raise SymdiffTypeError(
            f"{handle(graph, i)!r:.60} of shape {shown(shape)} has no number of entries yet: write "
            f'cost(f, x, sizes={{"{missing[0]}": 100}})'
        )
    return bound(shape, sizes)


def operations_of(code: int, parameters: Any, shape: tuple[int, ...], shapes: list[tuple[int, ...]]) -> int:
    """The operations on numbers of one operation on operands of some shapes."""
    op = record(code)
    if code < FIRST_ARRAY_CODE:
        return math.prod(shape) * max(1, len(shapes) - op.arity + 1)
    assert isinstance(op, ArrayOperation)
    return _COUNTS[op](parameters, shape, shapes)


def _contraction(labels: Labels, shape: tuple[int, ...], shapes: list[tuple[int, ...]]) -> int:
    sizes: dict[str, int] = {}
    for names, held in zip(labels.factors, shapes, strict=True):
        sizes.update(zip(names, held, strict=True))
    result = set(labels.result) & sizes.keys()
    entries = math.prod([sizes[label] for label in result])
    factors = [names for names in labels.factors if names]
    total = entries * (len(labels.factors) - len(factors))  # scalars, which multiply what is left
    while len(factors) > 1:
        pair = _next_pair(factors, sizes, result)
        first, second = (factors.pop(k) for k in sorted(pair, reverse=True))
        rest = result.union(*factors)
        joined = "".join(dict.fromkeys(first + second))
        kept = "".join(k for k in joined if k in rest)
        work, left = (math.prod([sizes[k] for k in names]) for names in (joined, kept))
        total += work + (work - left)
        factors.append(kept)
    last = math.prod([sizes[k] for k in set(factors[0])]) if factors else entries
    return total + max(last - entries, 0)


def _next_pair(factors: Sequence[str], sizes: Mapping[str, int], result: set[str]) -> tuple[int, int]:
    """The factors that NumPy multiplies first."""
    letters = {k: chr(97 + n) if n < 26 else chr(39 + n) for n, k in enumerate(sizes)}
    spec = ",".join("".join(letters[k] for k in names) for names in factors)
    spec += "->" + "".join(sorted(letters[k] for k in result))
    stand_ins = [np.broadcast_to(0.0, [sizes[k] for k in names]) for names in factors]
    pair = np.einsum_path(spec, *stand_ins, optimize="greedy")[0][1]
    return pair if len(pair) == 2 else (0, 1)


def _entries(times: int) -> Count:
    return lambda parameters, shape, shapes: times * math.prod(shapes[0])


def _cubic(share: int) -> Count:
    return lambda parameters, shape, shapes: -(-share * shapes[0][0] ** 3 // 3)


def _system(parameters: Any, shape: tuple[int, ...], shapes: list[tuple[int, ...]]) -> int:
    return -(-2 * shapes[0][0] ** 3 // 3) + 2 * shapes[0][0] * math.prod(shapes[1])


def _substitution(parameters: Any, shape: tuple[int, ...], shapes: list[tuple[int, ...]]) -> int:
    return shapes[0][0] * math.prod(shapes[1])


def _convolution(parameters: Any, shape: tuple[int, ...], shapes: list[tuple[int, ...]]) -> int:
    return 2 * shapes[1][0] * (shapes[0][0] if parameters == "full" else shape[0])


def _singular(product: int, cube: int) -> Count:
    def count(parameters: Any, shape: tuple[int, ...], shapes: list[tuple[int, ...]]) -> int:
        n, m = sorted(shapes[0])
        return product * m * n**2 + -(-cube * n**3 // 3)

    return count


def _free(parameters: Any, shape: tuple[int, ...], shapes: list[tuple[int, ...]]) -> int:
    return 0


_COUNTS: dict[ArrayOperation, Count] = {
    arrays.einsum: _contraction, arrays.solve: _system,
    **dict.fromkeys([arrays.take, arrays.put, arrays.reshape, arrays.size], _free),
    **dict.fromkeys([arrays.amax, arrays.amin, arrays.product], _entries(1)),
    arrays.array_norm: _entries(2), arrays.logsumexp: _entries(3),
    arrays.cumsum: _entries(1), arrays.convolve: _convolution, arrays.solve_triangular: _substitution,
    arrays.eigvalsh: _cubic(4), arrays.eigenvectors: _cubic(27), arrays.svdvals: _singular(4, -4),
    **dict.fromkeys([arrays.left_singular_vectors, arrays.right_singular_vectors], _singular(14, 24)),
    arrays.inv: _cubic(6), arrays.det: _cubic(2), arrays.logdet: _cubic(2), arrays.cholesky: _cubic(1),
}  # fmt: skip
