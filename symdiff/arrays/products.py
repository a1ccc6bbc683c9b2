"""Products that keep structure: distributed over sums of which a term is diagonal, cut to blocks, inverses cancelled.

`contract` makes one node; what is here looks at the factors of that node and finds a better one where a dense
matrix would be made of a sparse one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from symdiff.arrays import indexing
from symdiff.arrays.canonical import Factor, Label
from symdiff.arrays.chains import Chain, chained, matrix_chain, oriented
from symdiff.arrays.contraction import broadcast_to, contract, without_coefficient, zeros
from symdiff.arrays.gated_products import gated
from symdiff.arrays.linear_algebra import inv
from symdiff.arrays.openings import is_finite
from symdiff.arrays.reading import ADD, EINSUM, INV, PUT, is_thin, pieces, shape_of
from symdiff.arrays.scalars import powers, without_number
from symdiff.arrays.sums import add
from symdiff.graph import Graph
from symdiff.keys import Paired, Place, Range, count, whole
from symdiff.ops import arrays
from symdiff.shapes import Size

# axes along which the product of a matrix with itself is the identity
_ORTHONORMAL = {
    arrays.eigenvectors.opcode: (0, 1), arrays.left_singular_vectors.opcode: (0,),
    arrays.right_singular_vectors.opcode: (1,),
}  # fmt: skip
_TERMS = 6  # of a sum that a product is distributed over
_SUMS = 16  # within one another that it is distributed over: without a limit a recurrence takes its steps squared


def product(
    graph: Graph, factors: Sequence[Factor], result: Sequence[Label], sizes: Mapping[Label, Size] | None = None,
    coefficient: Any = 1, within: int = 0,
) -> int:  # fmt: skip
    """As `contract`, for derived results: sums with a diagonal term go term by term, `inv(A) @ A` is the identity.

    `within` counts the sums with diagonal terms that it is part of a term of.
    """
    node = contract(graph, factors, result, sizes, coefficient, cancel=True)
    _, rest = (1, node) if result else without_number(graph, node)
    if rest != node and graph.nodes[rest][0] == EINSUM and _cancels(graph, *pieces(graph, rest)[1:], {}):
        return graph.const(0)
    return _structured(graph, node, within)


def _structured(graph: Graph, i: int, within: int) -> int:
    if graph.nodes[i][0] != EINSUM:
        return gated(graph, i)
    coefficient, factors, result = pieces(graph, i)
    if coefficient == 0:
        return i
    sizes = dict(zip(result, shape_of(graph, i), strict=True))
    cancelled = _without_inverse(graph, factors, result) or _without_rotation(graph, factors, result)
    if cancelled is not None:
        left, renamed = cancelled
        return product(graph, left, renamed, sizes, coefficient, within)
    if sum(f in graph.shapes for f, _ in factors) < 2:
        shape = shape_of(graph, i)
        if _cancels(graph, factors, result, sizes):
            return zeros(graph, shape) if shape else graph.const(0)
        return gated(graph, _sum_of_block(graph, i, coefficient, factors, result, sizes))
    for k, (f, labels) in enumerate(factors):
        rest = [(g, tuple(names)) for m, (g, names) in enumerate(factors) if m != k]
        node = graph.nodes[f]
        if (
            node[0] == ADD
            and f in graph.shapes
            and ((within < _SUMS and _has_thin_terms(graph, node)) or _meets_blocks(graph, node[1:], rest))
        ):
            terms = [broadcast_to(graph, t, graph.shapes[f]) for t in node[1:]]
            parts = [product(graph, [(t, tuple(labels)), *rest], result, sizes, coefficient, within + 1) for t in terms]
            return add(graph, parts, shape_of(graph, i))
        if node[0] == PUT and len(node) > 3 and _meets_blocks(graph, [f], rest):
            keys = graph.leaves[node[1]].keys
            blocks = [indexing.put(graph, b, key, graph.shapes[f]) for b, key in zip(node[2:], keys, strict=True)]
            parts = [product(graph, [(b, tuple(labels)), *rest], result, sizes, coefficient) for b in blocks]
            return add(graph, parts, shape_of(graph, i))
        if node[0] == PUT and len(node) == 3 and _may_be_cut(graph, node, labels, rest, result):
            return _through_put(graph, f, labels, rest, result, sizes, coefficient)
    return gated(graph, i)


def _cancels(graph: Graph, factors: Sequence[tuple[int, str]], result: str, sizes: Mapping[Label, Size]) -> bool:
    """Whether the only array cancels term by term where it is summed up, as deviations from a mean do."""
    whole = [(f, labels) for f, labels in factors if f in graph.shapes]
    if len(whole) != 1 or graph.nodes[whole[0][0]][0] != ADD or len(graph.nodes[whole[0][0]]) > _TERMS + 1:
        return False
    ((f, labels),) = whole
    if set(labels) <= set(result):
        return False
    full = {**dict(zip(labels, graph.shapes[f], strict=True)), **sizes}
    totals: dict[Any, Any] = {}
    for t in graph.nodes[f][1:]:
        term = broadcast_to(graph, t, graph.shapes[f])
        part = contract(graph, [(term, tuple(labels))], result, full, cancel=True)
        own, rest = _counted(graph, part, result)
        totals[rest] = totals.get(rest, 0) + own
    return not any(totals.values())


def _counted(graph: Graph, i: int, result: str) -> tuple[Any, Any]:
    """A total as its coefficient and what tells the rest apart, where sizes cancel that it is divided by."""
    if i in graph.shapes:
        return without_coefficient(graph, contract(graph, [(i, tuple(result))], result, cancel=True))
    coefficient, found = powers(graph, i)
    exponents: dict[int, int] = {}
    for base, exponent in found:
        exponents[base] = exponents.get(base, 0) + exponent
    return coefficient, frozenset([(base, exponent) for base, exponent in exponents.items() if exponent])


def _without_inverse(
    graph: Graph, factors: Sequence[tuple[int, str]], result: str
) -> tuple[list[Factor], list[Label]] | None:
    """The factors without a matrix and its inverse next to each other, whose product is a delta.

    Of the inverse of a product of square matrices the rest is left: `inv(A @ B) @ A` is `inv(B)`.
    """
    for k, (f, names) in enumerate(factors):
        if graph.nodes[f][0] != INV or len(names) > 2:
            continue
        chain = matrix_chain(graph, graph.nodes[f][1])
        for m, (g, others) in enumerate(factors):
            if m == k:
                continue
            rest = [(h, tuple(ns)) for p, (h, ns) in enumerate(factors) if p not in (k, m)]
            for side in (0, -1):
                ends = _joined_ends(names, others, factors, result, side)
                left = (
                    None if ends is None else _shortened(chain, oriented(graph, g, _turned(names, others, side)), side)
                )
                if ends is not None and left is not None:
                    return _reduced(graph, left, side, ends, rest, result)
    return None


def _without_rotation(
    graph: Graph, factors: Sequence[tuple[int, str]], result: str
) -> tuple[list[Factor], list[Label]] | None:
    """The factors without a matrix of orthonormal vectors and its transpose, whose product is a delta."""
    for k, (f, names) in enumerate(factors):
        for axis in _ORTHONORMAL.get(graph.nodes[f][0], ()) if len(names) == 2 else ():
            shared, a = names[axis], names[1 - axis]
            met = [m for m, (_, labels) in enumerate(factors) if shared in labels]
            if len(met) != 2 or met[0] != k or shared in (*result, a) or factors[met[1]][0] != f:
                continue
            others = factors[met[1]][1]
            if others[axis] == shared and others[1 - axis] not in (shared, a):
                rest = [(h, tuple(ns)) for p, (h, ns) in enumerate(factors) if p not in met]
                return _reduced(graph, [], 0, (a, others[1 - axis]), rest, result)
    return None


def _shortened(chain: Chain, part: Chain, side: int) -> Chain | None:
    """A chain without what it starts with (0) or ends with (-1), None where it does not."""
    n = len(part)
    if side == 0:
        return chain[n:] if chain[:n] == part else None
    return chain[: len(chain) - n] if chain[len(chain) - n :] == part else None


def _turned(names: str, others: str, side: int) -> bool:
    """Whether the matrix beside an inverse stands there transposed: `inv(P) @ g` joins the rows of g."""
    joined = names[1] if side == 0 else names[0]
    return others.index(joined) != (0 if side == 0 else 1)


def _reduced(
    graph: Graph, left: Chain, side: int, ends: tuple[str, str], rest: list[Factor], result: str
) -> tuple[list[Factor], list[Label]]:
    """The other factors and the inverse of what is left of the chain: a delta where nothing is."""
    if left:
        inverse = inv(graph, chained(graph, left))
        return [(inverse, ends if side == 0 else ends[::-1]), *rest], list(result)
    a, b = ends
    renamed = [(h, tuple([a if n == b else n for n in names])) for h, names in rest]
    return renamed, [a if n == b else n for n in result]


def _joined_ends(
    names: str, others: str, factors: Sequence[tuple[int, str]], result: str, side: int
) -> tuple[str, str] | None:
    """The outer labels of an inverse and a matrix that meet at its right (0) or left (-1) alone, its own first."""
    k, outer = (names[1], names[0]) if side == 0 else (names[0], names[1])
    if len(others) != 2 or others.count(k) != 1 or k == outer or k in result or sum(k in ns for _, ns in factors) != 2:
        return None
    other = others[1 - others.index(k)]
    return None if other in (k, outer) else (outer, other)


def _has_thin_terms(graph: Graph, node: tuple[Any, ...]) -> bool:
    return len(node) <= _TERMS + 1 and any(is_thin(graph, t) for t in node[1:])


def _meets_blocks(graph: Graph, terms: Sequence[int], rest: Sequence[Factor]) -> bool:
    """Whether blocks put into zeros are multiplied by what may be infinite, where they are zero by structure."""
    return any(graph.nodes[t][0] == PUT for t in terms) and not all(is_finite(graph, g) for g, _ in rest)


def _may_be_cut(graph: Graph, node: tuple[Any, ...], labels: str, rest: Sequence[Factor], result: str) -> bool:
    (key,) = graph.leaves[node[1]].keys
    if any(isinstance(p, Paired) for p in key):
        return False  # places that go together leave one axis, no block of the others
    plain = all(isinstance(p, (int, Range)) for p in key) or not all(is_finite(graph, g) for g, _ in rest)
    return plain and len(set(labels)) == len(labels) and all(result.count(k) < 2 for k in labels)


def _sum_of_block(
    graph: Graph, i: int, coefficient: Any, factors: Sequence[tuple[int, str]], result: str, sizes: Mapping[Label, Size]
) -> int:
    """The sum of one block that is put into zeros, over axes along which it is put: that of the block alone."""
    for k, (f, labels) in enumerate(factors):
        node = graph.nodes[f]
        rest = [(g, tuple(names)) for m, (g, names) in enumerate(factors) if m != k]
        block = node[0] == PUT and len(node) == 3 and not set(labels) <= set(result)
        if block and _may_be_cut(graph, node, labels, rest, result):
            return _through_put(graph, f, labels, rest, result, sizes, coefficient)
    return i


def _through_put(
    graph: Graph,
    f: int,
    labels: str,
    rest: Sequence[Factor],
    result: str,
    sizes: Mapping[Label, Size],
    coefficient: Any,
) -> int:
    """A factor that is zero outside of a block: the others are cut to it, and the product is put there."""
    where = graph.leaves[graph.nodes[f][1]]
    cut: dict[Label, Place] = {
        k: p for k, p, n in zip(labels, where.keys[0], where.shape, strict=True) if not whole(p, n)
    }
    others = [_block(graph, g, names, cut) for g, names in rest]
    left: dict[Label, Size] = {}
    for k, n in sizes.items():
        kept = count(cut[k]) if k in cut else n
        if kept is not None:
            left[k] = kept
    inner = (graph.nodes[f][2], _kept(labels, cut))
    made = product(graph, [inner, *others], _kept(result, cut), left, coefficient)
    full = tuple([sizes[k] for k in result])
    key = tuple([cut.get(k, Range(0, n)) for k, n in zip(result, full, strict=True)])
    return indexing.put(graph, made, key, full) if full else made


def _kept(labels: Sequence[Label], cut: Mapping[Label, Place]) -> tuple[Label, ...]:
    return tuple([k for k in labels if not isinstance(cut.get(k), int)])


def _block(graph: Graph, g: int, names: Sequence[Label], cut: Mapping[Label, Place]) -> Factor:
    if not any(k in cut for k in names):
        return g, tuple(names)
    key = tuple([cut.get(k, Range(0, n)) for k, n in zip(names, shape_of(graph, g), strict=True)])
    return indexing.take(graph, g, key), _kept(names, cut)
