"""Products of stacks of matrices in matrix notation: which contractions of two arrays NumPy's `@` means."""

from __future__ import annotations

from collections.abc import Sequence

from symdiff.algebra.notation.terms import MATMUL, METHOD, TRANSPOSE, Operand, Term, method, transposed

Labelled = tuple[str, Operand]


def batched_product(pieces: Sequence[Labelled], result: str) -> Operand | None:
    """Two arrays with their labels as `a @ b`, whose axes in front are those of the stacks; None where it is no such.

    >>> batched_product([("abc", 0), ("acd", 1)], "abd")
    Term(kind='matmul', operands=(0, 1), data=None)
    >>> batched_product([("abc", 0), ("acd", 1)], "bd") is None
    True
    """
    if len(pieces) != 2 or any(len(set(labels)) < len(labels) for labels, _ in pieces):
        return None
    (first, _), (second, _) = pieces
    summed = set(first + second) - set(result)
    if len(summed) != 1 or not summed <= set(first) & set(second) or set(first + second) - summed != set(result):
        return None
    (k,) = summed
    ways = [_as_written(left, right, result, k) for left, right in (pieces, pieces[::-1])]
    found = [way for way in ways if way is not None]
    return Term(MATMUL, min(found, key=_turned)) if found else None


def _turned(operands: Sequence[Operand]) -> int:
    """How many operands have their axes in another order."""
    return sum(isinstance(x, Term) and (x.kind == TRANSPOSE or x.kind == METHOD) for x in operands)


def _as_written(left: Labelled, right: Labelled, result: str, k: str) -> tuple[Operand, Operand] | None:
    """The operands of `left @ right`, with their axes in order, where that has the axes of the result in order."""
    rows = "" if left[0] == k else result[-1:] if right[0] == k else result[-2:-1]
    columns = "" if right[0] == k else result[-1:]
    lead = result[: len(result) - len(rows + columns)]
    found = []
    for (labels, operand), last in ((left, rows + k), (right, k + columns)):
        front = "".join([label for label in lead if label in labels])
        apart = set(labels) != set(front + last) or labels[:-2] != (front + last)[:-2]
        if labels != k and (apart or not lead.endswith(front)):
            return None
        found.append(operand if labels == k else _in_order(operand, labels, front + last))
    return found[0], found[1]


def _in_order(operand: Operand, labels: str, wanted: str) -> Operand:
    if labels == wanted:
        return operand
    if labels == wanted[::-1]:
        return transposed(operand)
    return method("transpose", operand, *[str(labels.index(label)) for label in wanted])
