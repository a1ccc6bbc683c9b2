"""What programs of arrays cost: multiplications, additions and function values of single numbers.

A contraction is counted in the order in which evaluation takes it, pair by pair; systems of equations by the leading
terms of Golub and Van Loan, Matrix Computations, 4th ed., sections 3.1, 3.2 and 4.2, eigenvalues and singular values
by those of 8.3 and 8.6. Where sizes are names, counts are polynomials in them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from symdiff import ops
from symdiff.algebra.size_polynomials import Amount, Polynomial, about, amount, formula
from symdiff.arrays.contraction_paths import contraction_path
from symdiff.graph import VAR, Graph
from symdiff.handle import operands_of
from symdiff.index_labels import Labels
from symdiff.ops import arrays
from symdiff.ops.external_operation import ExternalOperation
from symdiff.records import ArrayOperation, record
from symdiff.shapes import Shape, Size, bound, named

Amounts = Sequence[Any]  # of a shape: ints, and polynomials where sizes are names
Count = Callable[[Any, "list[Amounts]"], Amount]


class OperationCounts(NamedTuple):
    """Operations on numbers: each an int, or an expression in the names of sizes."""

    total: Any
    by_name: dict[str, Any]  # the most frequent first


def scalar_operations(graph: Graph, roots: Iterable[int], sizes: Mapping[str, int] | None = None) -> OperationCounts:
    """The operations on numbers that the shared graph of some nodes takes; `sizes` are numbers for names of sizes."""
    counts, names = _counted(graph, roots, sizes or {})
    found = {
        name: formula(counts[name], names) for name in sorted(counts, key=lambda name: (-about(counts[name]), name))
    }
    return OperationCounts(formula(sum(counts.values()), names), {name: n for name, n in found.items() if n != 0})


def _counted(graph: Graph, roots: Iterable[int], sizes: Mapping[str, int]) -> tuple[dict[str, Amount], dict[str, None]]:
    """The operations by name, and the names of sizes."""
    counts: dict[str, Amount] = {}
    names: dict[str, None] = {}
    for i in graph.cone(roots):
        node = graph.nodes[i]
        shape = _known(graph.shapes.get(i, ()), sizes)
        names.update(dict.fromkeys([named(n)[0] for n in shape if isinstance(n, str)]))
        if node[0] > VAR:
            shapes = [_known(graph.shapes.get(j, ()), sizes) for j in operands_of(graph, node)]
            parameters = graph.leaves[node[1]] if len(shapes) < len(node) - 1 else None
            for name, count in operations_of(node[0], parameters, shape, shapes).items():
                counts[name] = counts.get(name, 0) + count
    return counts, names


def _known(shape: Shape, sizes: Mapping[str, int]) -> Shape:
    """A shape with numbers in the place of names that have them."""
    return tuple([sum(bound([n], sizes)) if isinstance(n, str) and named(n)[0] in sizes else n for n in shape])


def operations_of(code: int, parameters: Any, shape: Shape, shapes: list[Shape]) -> dict[str, Amount]:
    """The operations on numbers of one operation on operands of some shapes, by name."""
    op = record(code)
    if op is arrays.einsum:
        return _contraction(parameters, shapes)
    if op is arrays.scan:
        times = math.prod(map(amount, shape[:-2])) * amount(shape[-2]) - math.prod(map(amount, shape[:-2]))
        inner, _ = _counted(parameters.body.graph, parameters.body.outputs, {})
        return {name: times * count for name, count in inner.items()}
    if isinstance(op, ExternalOperation):  # count calls
        return {op.name: math.prod(map(amount, shape[: len(shapes[0]) - parameters[0]]))}
    if not isinstance(op, ArrayOperation):
        return {op.name: math.prod(map(amount, shape)) * max(1, len(shapes) - op.arity + 1)}
    return {op.name: _COUNTS[op](parameters, [list(map(amount, held)) for held in shapes])}


def _contraction(labels: Labels, shapes: Sequence[Shape]) -> dict[str, Amount]:
    """Multiplications and additions: of what one factor alone has first, then pair by pair, with scalars at last."""
    sizes: dict[str, Size] = {}
    for names, shape in zip(labels.factors, shapes, strict=True):
        sizes.update(zip(names, shape, strict=True))
    kept = set(labels.result) & sizes.keys()
    left = {k: set(names) for k, names in enumerate(labels.factors) if names}
    multiplications: Amount = 0
    additions: Amount = 0
    for k, own in left.items():
        left[k] = own & kept.union(*[names for m, names in left.items() if m != k])
        additions += _fewer(_entries_of(own, sizes), _entries_of(left[k], sizes))
    steps = contraction_path(labels.factors, labels.result, sizes)
    for made, step in enumerate(steps, start=len(labels.factors)):
        work = _entries_of(left.pop(step.left) | left.pop(step.right), sizes)
        multiplications += work
        additions += _fewer(work, _entries_of(step.labels, sizes))
        left[made] = set(step.labels)
    scalars = labels.factors.count("")
    if scalars:
        multiplications += scalars - 1 + (_entries_of(kept, sizes) if left else 0)
    return {ops.mul.name: multiplications, ops.add.name: additions}


def _entries_of(labels: Iterable[str], sizes: Mapping[str, Size]) -> Amount:
    return math.prod([amount(sizes[k]) for k in labels])


def _fewer(a: Amount, b: Amount) -> Amount:
    """The additions that sum a numbers to b: none where there are no numbers."""
    found = a - b
    return found if isinstance(found, Polynomial) else max(found, 0)


def _entries(times: int) -> Count:
    return lambda parameters, shapes: times * math.prod(shapes[0])


def _cubic(thirds: int) -> Count:
    return lambda parameters, shapes: Fraction(thirds, 3) * shapes[0][-1] ** 3 * math.prod(shapes[0][:-2])


def _system(parameters: Any, shapes: list[Amounts]) -> Amount:
    n: Amount = shapes[0][-1]
    return Fraction(2, 3) * n**3 * math.prod(shapes[0][:-2]) + 2 * n * math.prod(shapes[1])


def _substitution(parameters: Any, shapes: list[Amounts]) -> Amount:
    n: Amount = shapes[0][-1]
    return n * math.prod(shapes[1])


def _convolution(parameters: Any, shapes: list[Amounts]) -> Amount:
    second: Amount = shapes[1][-1]
    return 2 * math.prod(shapes[0]) * second


def _singular(product: int, cube: int) -> Count:
    """Of a matrix with at least as many rows as columns, or of its transpose."""

    def count(parameters: Any, shapes: list[Amounts]) -> Amount:
        m: Amount
        n: Amount
        *stack, m, n = shapes[0]
        if not isinstance(m, Polynomial) and not isinstance(n, Polynomial):
            n, m = sorted((m, n))
        return (product * m * n**2 + Fraction(cube, 3) * n**3) * math.prod(stack)

    return count


def _free(parameters: Any, shapes: list[Amounts]) -> Amount:
    return 0


_COUNTS: dict[ArrayOperation, Count] = {
    arrays.solve: _system,
    **dict.fromkeys([arrays.take, arrays.put, arrays.reshape, arrays.size, arrays.gather], _free),
    **dict.fromkeys([arrays.amax, arrays.amin, arrays.product], _entries(1)),
    arrays.scatter: _entries(1), arrays.array_norm: _entries(2), arrays.logsumexp: _entries(3),
    arrays.cumsum: _entries(1), arrays.convolve: _convolution, arrays.solve_triangular: _substitution,
    arrays.eigvalsh: _cubic(4), arrays.eigenvectors: _cubic(27), arrays.svdvals: _singular(4, -4),
    **dict.fromkeys([arrays.left_singular_vectors, arrays.right_singular_vectors], _singular(14, 24)),
    arrays.inv: _cubic(6), arrays.det: _cubic(2), arrays.logdet: _cubic(2), arrays.det_sign: _cubic(2),
    arrays.log_abs_det: _cubic(2), arrays.cholesky: _cubic(1),
}  # fmt: skip
