"""Products of matrices are made in the order of axes in which loops read them.

`a @ b * C.T` in a loop reads C along its columns, each entry in a line of the cache of its own: 2.7 ns for an entry of
256 by 64. Where only products read it, `(b.T @ a.T) * C` is the same, turned: the loop takes 0.5 ns, and BLAS as long
as before. What no BLAS is involved in stays as it is, for its bits are those that it has in a batch.
"""

from __future__ import annotations

from collections.abc import Sequence

from symdiff.arrays.reading import EINSUM, pieces, sums
from symdiff.compile.array_programs.array_lines import LARGE, entries
from symdiff.compile.array_programs.array_merging import is_entrywise_product
from symdiff.compile.array_programs.array_nodes import interned
from symdiff.graph import VAR, Graph


def turned(graph: Graph, outputs: Sequence[int]) -> list[int]:
    """Nodes of the same values, some products among those that they are made of transposed."""
    cone = graph.cone(outputs)
    free = _free(graph, cone, outputs)
    entrywise = [i for i in cone if graph.nodes[i][0] == EINSUM and is_entrywise_product(graph, i)]
    turns: set[int] = set()
    for i in entrywise:
        if i in free and _reads_turned(graph, i, free, turns):
            turns.add(i)
    for j, crosswise in _readings(graph, entrywise, turns).items():
        if j in free and all(crosswise) and sums(graph, j):
            turns.add(j)
    return _rebuilt(graph, cone, outputs, turns) if turns else list(outputs)


def _free(graph: Graph, cone: Sequence[int], outputs: Sequence[int]) -> set[int]:
    """Large matrices that are products, of products by BLAS somewhere, and that products alone read."""
    fixed = set(outputs)
    blas: set[int] = set()
    for i in cone:
        node = graph.nodes[i]
        if node[0] <= VAR:
            continue
        if node[0] != EINSUM:
            fixed.update(node[1:])
        if any(j in blas for j in node[1:]) or (node[0] == EINSUM and sums(graph, i) and len(node) > 3):
            blas.add(i)
    return {i for i in blas - fixed if _is_matrix_product(graph, i)}


def _is_matrix_product(graph: Graph, i: int) -> bool:
    node = graph.nodes[i]
    if node[0] != EINSUM or entries(graph.shapes.get(i, ())) < LARGE:
        return False
    labels = graph.leaves[node[1]]
    return len(set(labels.result)) == len(labels.result) == 2 and not labels.free


def _reads_turned(graph: Graph, i: int, free: set[int], turns: set[int]) -> bool:
    """Whether a product entry by entry reads all matrices whose order is settled along their columns."""
    _, factors, result = pieces(graph, i)
    settled = [
        (labels == result) == (j in turns)
        for j, labels in factors
        if len(labels) == 2 and not (j in free and sums(graph, j))
    ]
    return bool(settled) and all(settled)


def _readings(graph: Graph, entrywise: Sequence[int], turns: set[int]) -> dict[int, list[bool]]:
    """For each matrix that products entry by entry read, whether each of them reads it along its columns."""
    found: dict[int, list[bool]] = {}
    for i in entrywise:
        _, factors, result = pieces(graph, i)
        for j, labels in factors:
            if len(labels) == 2:
                found.setdefault(j, []).append((labels == result) == (i in turns))
    return found


def _rebuilt(graph: Graph, cone: Sequence[int], outputs: Sequence[int], turns: set[int]) -> list[int]:
    made: dict[int, int] = {}
    for i in cone:
        node = graph.nodes[i]
        if node[0] <= VAR:
            made[i] = i
        elif node[0] == EINSUM:
            labels = graph.leaves[node[1]]
            pairs = zip(node[2:], labels.factors, strict=True)
            factors = [(made[j], names[::-1] if j in turns else names) for j, names in pairs]
            made[i] = interned(graph, factors, labels.result[::-1] if i in turns else labels.result, labels.free)
        else:
            made[i] = graph.intern((node[0], *[made[j] for j in node[1:]]))
    return [made[i] for i in outputs]
