"""Sums of products that have factors in common as one product with a sum: `X.T @ P - X.T @ Y` is `X.T @ (P - Y)`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from symdiff import ops
from symdiff.arrays.reading import ADD, EINSUM, pieces
from symdiff.compile.array_programs.array_lines import entries
from symdiff.compile.array_programs.array_nodes import Factor, interned
from symdiff.graph import VAR, Graph

SUB = ops.sub.opcode
TRIED = 4  # how many of the products that hold a factor a product is held against, the last ones: a sum may be long
GAIN = 4  # multiplications that a product takes for each entry of a factor, at least, to be worth a sum of factors


class Term(NamedTuple):
    """A product in a sum: its coefficient, factors and labels of the result."""

    coefficient: Any
    factors: tuple[Factor, ...]
    result: str


class Common(NamedTuple):
    """The factors that products have in common, and the others of each, as arrays along some labels."""

    factors: tuple[Factor, ...]
    labels: str
    others: list[tuple[Any, tuple[Factor, ...]]]


def factored_out(graph: Graph, outputs: Sequence[int]) -> list[int]:
    """Nodes of the same values, whose sums have no products with factors in common, where that saves most of them."""

    def found(i: int, uses: Counter[int], made: dict[int, int]) -> int | None:
        node = graph.nodes[i]
        is_sum = i in graph.shapes and (node[0] == ADD or (node[0] == SUB and len(node) == 3))
        return _sum(graph, i, uses, made) if is_sum else None

    return _remade(graph, outputs, found)


def multiplied_out(graph: Graph, outputs: Sequence[int]) -> list[int]:
    """Nodes of the same values without sums of a matrix and its transpose that only a small product reads.

    `(A + A.T) @ x`, the gradient of a form, takes 275 us for 500 by 500, and `A @ x + A.T @ x` 67. Sums of different
    matrices stay: they may cancel as nothing does that is rounded before.
    """

    def found(i: int, uses: Counter[int], made: dict[int, int]) -> int | None:
        node = graph.nodes[i]
        place = _sum_at_hand(graph, i, uses)
        if not place:
            return None
        code, *terms = graph.nodes[node[place]]
        parts = [
            graph.intern((EINSUM, node[1], *[made[t if k == place else j] for k, j in enumerate(node) if k > 1]))
            for t in terms
        ]
        return graph.intern((code, *parts))

    return _remade(graph, outputs, found)


def _remade(
    graph: Graph, outputs: Sequence[int], instead: Callable[[int, Counter[int], dict[int, int]], int | None]
) -> list[int]:
    """The nodes made anew; `instead` says of an operation, the uses of all and what is made what stands in its place.

    None for the operation itself.
    """
    cone = graph.cone(outputs)
    uses = Counter(outputs)
    for i in cone:
        if graph.nodes[i][0] > VAR:
            uses.update(graph.nodes[i][1:])
    made: dict[int, int] = {}
    for i in cone:
        node = graph.nodes[i]
        if node[0] <= VAR:
            made[i] = i
            continue
        found = instead(i, uses, made)
        made[i] = graph.intern((node[0], *[made[j] for j in node[1:]])) if found is None else found
    return [made[i] for i in outputs]


def _sum_at_hand(graph: Graph, i: int, uses: Counter[int]) -> int:
    """The place in a product of a sum that is better multiplied out, 0 for none."""
    node = graph.nodes[i]
    if node[0] != EINSUM or i not in graph.shapes:
        return 0
    labels = graph.leaves[node[1]]
    if labels.free or not labels.summed or len(set(labels.result)) < len(labels.result):
        return 0
    for place, (j, own) in enumerate(zip(node[2:], labels.factors, strict=True), start=2):
        terms = graph.nodes[j]
        is_sum = terms[0] == ADD and len(terms) == 3 and len(set(own)) == len(own) == 2 and uses[j] == 1
        if is_sum and _are_transposes(graph, *terms[1:]):
            sizes = {
                k: n
                for f, names in zip(node[2:], labels.factors, strict=True)
                for k, n in zip(names, graph.shapes.get(f, ()), strict=True)
            }
            if entries(list(sizes.values())) < GAIN * entries([sizes[k] for k in own]):
                return place
    return 0


def _are_transposes(graph: Graph, i: int, j: int) -> bool:
    """Whether a node is the transpose of another one, a constant or a variable."""
    if graph.nodes[i][0] == EINSUM:
        i, j = j, i
    if graph.nodes[i][0] > VAR or graph.nodes[j][0] != EINSUM:
        return False
    coefficient, factors, result = pieces(graph, j)
    return coefficient == 1 and len(factors) == 1 and factors[0] == (i, result[::-1])


def _sum(graph: Graph, i: int, uses: Counter[int], made: dict[int, int]) -> int:
    """A sum, or a difference, of products of which those that have factors in common are one."""
    node = graph.nodes[i]
    left: list[int] = []
    groups: list[tuple[int, Term, Common | None]] = []  # the first product of each, and what others have in common
    holders: dict[int, list[int]] = {}  # the groups that hold each factor
    for place, j in enumerate(node[1:]):
        term = _term(graph, j, -1 if place and node[0] == SUB else 1, made) if uses[j] == 1 else None
        if term is None:
            left.append(j)
            continue
        alike = {k for factor, _ in term.factors for k in holders.get(factor, ())[-TRIED:]}
        for k in sorted(alike):
            first, one, common = groups[k]
            found = _joined(graph, one, common, term)
            if found is not None:
                groups[k] = first, one, found
                break
        else:
            for factor in dict(term.factors):
                holders.setdefault(factor, []).append(len(groups))
            groups.append((j, term, None))
    if all(common is None for _, _, common in groups):
        return graph.intern((node[0], *[made[j] for j in node[1:]]))
    terms = [made[j] for j in left]
    for j, one, common in groups:
        terms.append(made[j] if common is None else _product(graph, one, common))
    return terms[0] if len(terms) == 1 else graph.intern((ADD, *terms))


def _term(graph: Graph, i: int, sign: int, made: dict[int, int]) -> Term | None:
    """A product that sums something up and has a result with axes, each once; None for others."""
    if graph.nodes[i][0] != EINSUM:
        return None
    labels = graph.leaves[graph.nodes[i][1]]
    coefficient, factors, result = pieces(graph, i)
    once = all(names and len(set(names)) == len(names) for names in [*[names for _, names in factors], result])
    if not once or len(factors) < 2 or not labels.summed or labels.free:
        return None
    return Term(sign * coefficient, tuple([(made[j], names) for j, names in factors]), result)


def _joined(graph: Graph, first: Term, common: Common | None, term: Term) -> Common | None:
    """What a product and another one have in common, and those that had it before; None where that is too little."""
    names = dict(zip(term.result, first.result, strict=True))
    left, shared = list(term.factors), []
    for j, labels in sorted(common.factors if common else first.factors, key=lambda f: -len(f[1])):
        for other in left:
            renamed = {**names, **dict(zip(other[1], labels, strict=True))} if other[0] == j else {}
            if renamed and _extends(renamed, names):
                names = renamed
                left.remove(other)
                shared.append((j, labels))
                break
    if not shared or not left or (common and len(shared) < len(common.factors)):
        return None
    if any(k not in names for _, labels in left for k in labels):
        return None
    others = tuple([(j, "".join([names[k] for k in labels])) for j, labels in left])
    if common:
        fits = _spans(others, common.labels)
        return common._replace(others=[*common.others, (term.coefficient, others)]) if fits else None
    own = list(first.factors)
    for factor in shared:
        own.remove(factor)
    along = max([labels for _, labels in own], key=len, default="")
    if not _spans(own, along) or not _spans(others, along) or not _is_worth(graph, first, shared, along):
        return None
    return Common(tuple(shared), along, [(first.coefficient, tuple(own)), (term.coefficient, others)])


def _extends(renamed: dict[str, str], names: dict[str, str]) -> bool:
    """Whether labels stand for others one by one, and those for which they stood before."""
    return all(renamed[k] == name for k, name in names.items()) and len(set(renamed.values())) == len(renamed)


def _spans(factors: Sequence[Factor], along: str) -> bool:
    """Whether some factors multiply entry by entry to an array along some labels."""
    sets = [set(labels) for _, labels in factors]
    return bool(along) and set(along) in sets and all(one <= set(along) for one in sets)


def _is_worth(graph: Graph, first: Term, shared: Sequence[Factor], along: str) -> bool:
    sizes = {k: n for j, labels in first.factors for k, n in zip(labels, graph.shapes[j], strict=True)}
    every = {*first.result, *along, *[k for _, labels in shared for k in labels]}
    own = entries([sizes[k] for k in along])
    return entries([sizes[k] for k in every]) >= GAIN * own and entries([sizes[k] for k in first.result]) > 1


def _product(graph: Graph, first: Term, common: Common) -> int:
    """The product of common factors and the sum of the others."""
    sizes = {abs(coefficient) for coefficient, _ in common.others}
    outer = sizes.pop() if len(sizes) == 1 else 1
    terms = []
    for coefficient, factors in common.others:
        inner = (1 if coefficient > 0 else -1) if outer != 1 else coefficient
        (one, labels), *rest = factors
        if inner == 1 and not rest and labels == common.labels:
            terms.append(one)
        else:
            numbers = [(graph.const(inner), "")] if inner != 1 else []
            terms.append(interned(graph, [*numbers, *factors], common.labels))
    whole = graph.intern((ADD, *terms))
    numbers = [(graph.const(outer), "")] if outer != 1 else []
    return interned(graph, [*numbers, *common.factors, (whole, common.labels)], first.result)
