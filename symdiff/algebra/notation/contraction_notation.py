"""Contractions in matrix notation: which labels mean `@`, `*`, `.T`, `.sum()`, `diag`, `trace`, `outer`.

Factors are seen as a graph whose vertices are the labels: a matrix is an edge, a vector a weight at a vertex. What
is summed over alone is a `.sum`, paths are products of matrices, cycles traces. What is nothing of that kind is an
`einsum` of its connected parts.
"""

from __future__ import annotations

import math
import operator
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from typing import Any

from symdiff.algebra.batched_products import batched_product
from symdiff.algebra.notation.terms import (
    CALL,
    INDEX,
    MATMUL,
    NUMBER,
    QUOTIENT,
    SCALED,
    TRANSPOSE,
    Operand,
    Term,
    call,
    divided,
    is_mean,
    mean,
    method,
    number,
    product,
    scaled,
    transposed,
)
from symdiff.arrays.reading import DIV, EINSUM, pieces, shape_of
from symdiff.arrays.reading import number as number_of
from symdiff.arrays.symmetry import is_symmetric
from symdiff.build import NEG
from symdiff.graph import Graph
from symdiff.index_labels import letter
from symdiff.ops import arrays
from symdiff.shapes import Shape, Size, shown

SIZE = arrays.size.opcode
Labelled = tuple[int, str]


class _NoMatrixError(Exception):
    """There is no matrix notation for a product."""


def contraction_term(graph: Graph, i: int, named: Collection[int], narrow: bool = False) -> tuple[int, Operand]:
    """A contraction as a sign and a term.

    `named` are nodes that have names, into which nobody looks; with `narrow` what is repeated along an axis is written
    once, for where broadcasting repeats it.
    """
    coefficient, factors, result = pieces(graph, i)
    sizes = _sizes_of_labels(graph, i)
    sign, front, below, inner = _scalars_apart(graph, coefficient, factors, named)
    if coefficient == 0:
        return 1, call("zeros", before=(_shape_text(tuple([sizes[k] for k in result])),))
    made = _Product(graph, named, inner, result, sizes, narrow)
    body = made.body()
    for k, value in enumerate(below):
        if is_mean(body, amount(graph, value)):
            assert isinstance(body, Term)
            body = mean(body)
            del below[k]
            break
    return sign, divided(scaled([*front, *made.scalars], body), below)


def kronecker_term(graph: Graph, i: int, named: Collection[int], shape: Shape) -> tuple[int, Operand] | None:
    """What a contraction is once it is reshaped: a Kronecker product, or a diagonal matrix of all entries of an array.

    None where it is neither.
    """
    coefficient, factors, result = pieces(graph, i)
    held = [n for n in shape_of(graph, i) if isinstance(n, int)]
    half = len(held) // 2
    if coefficient == 0 or 2 * half < len(result) or len(shape) > 2:
        return None
    sign, front, below, inner = _scalars_apart(graph, coefficient, factors, named)
    sizes = _sizes_of_labels(graph, i)
    found = None
    if half == len(shape) and shape == tuple(map(operator.mul, held[::2], held[1::2])):
        found = _Product(graph, named, inner, result, sizes).kronecker()
    if found is None and result[:half] == result[half:] and shape == (math.prod(held[:half]),) * 2:
        made = _Product(graph, named, inner, result[:half], sizes)
        body = made.body()
        found = (made.scalars, call("diag", method("ravel", body))) if body is not None else None
    return None if found is None else (sign, divided(scaled([*front, *found[0]], found[1]), below))


def _sizes_of_labels(graph: Graph, i: int) -> dict[str, Size]:
    sizes: dict[str, Size] = dict(graph.leaves[graph.nodes[i][1]].free)
    for f, names in pieces(graph, i)[1]:
        sizes.update(zip(names, shape_of(graph, f), strict=True))
    return sizes


def _scalars_apart(
    graph: Graph, coefficient: Any, factors: Sequence[Labelled], named: Collection[int]
) -> tuple[int, list[Operand], list[Operand], list[Labelled]]:
    """The sign of a contraction, its scalars in front and below the line, and its other factors."""
    sign, front, below = _coefficient(coefficient)
    inner: list[Labelled] = []
    for f, names in factors:
        while graph.nodes[f][0] == NEG and f not in graph.shapes and f not in named:
            sign, f = -sign, graph.nodes[f][1]
        upper, reciprocal = _reciprocal(graph, f, named)
        if names:
            inner.append((f, names))
        else:
            (below if reciprocal else front).append(upper)
    return sign, front, below, inner


def amount(graph: Graph, operand: Operand) -> Any:
    """The number or the size that a scalar is, None for another."""
    if isinstance(operand, Term):
        return operand.data if operand.kind == NUMBER else None
    node = graph.nodes[operand]
    return graph.leaves[node[1]] if node[0] == SIZE else number_of(graph, operand)


def _coefficient(value: Any) -> tuple[int, list[Operand], list[Operand]]:
    """A coefficient as its sign, numbers in front and numbers below the line."""
    sign = -1 if value < 0 else 1
    value *= sign
    if type(value) is Fraction:
        return sign, [number(value.numerator)] if value.numerator != 1 else [], [number(value.denominator)]
    return sign, [number(value)] if type(value) is not int or value != 1 else [], []


def _reciprocal(graph: Graph, f: int, named: Collection[int]) -> tuple[int, bool]:
    """A factor, or what it is the reciprocal of and that it is one."""
    node = graph.nodes[f]
    if node[0] == DIV and f not in named:
        above = number_of(graph, node[1])
        if type(above) is int and above == 1:
            return node[2], True
    return f, False


def _shape_text(shape: Sequence[Size]) -> str:
    return str(shape[0]) if len(shape) == 1 else shown(shape)


class _Piece:
    """Factors of the same labels, entry by entry: some above the line, some below."""

    def __init__(self, labels: str, above: list[Operand], below: list[Operand], symmetric: bool = False) -> None:
        self.labels, self.above, self.below, self.symmetric = labels, above, below, symmetric

    def join(self, other: _Piece) -> None:
        """Multiply by a piece of the same labels."""
        self.above += other.above
        self.below += other.below
        self.symmetric = self.symmetric and other.symmetric

    def term(self) -> Operand:
        """The factors as one term."""
        found = product(self.above) if self.above else number(1)
        for b in self.below:
            found = Term(QUOTIENT, (found, b))
        return found

    def flipped(self) -> _Piece:
        """A matrix with its labels the other way round."""
        labels = self.labels[::-1]
        if self.symmetric:
            return _Piece(labels, self.above, self.below, True)
        above, below = [[transposed(x) for x in part] for part in (self.above, self.below)]
        if _turns(above + below) > 1:
            return _Piece(labels, [transposed(self.term())], [])
        return _Piece(labels, above, below)

    def starting(self, label: str) -> _Piece:
        """A matrix with this label first."""
        return self if self.labels[0] == label else self.flipped()


class _Product:
    """A product of arrays with labels, that is being written: pieces become fewer, scalars are put aside."""

    def __init__(
        self, graph: Graph, named: Collection[int], factors: Sequence[Labelled], result: str, sizes: Mapping[str, Size],
        narrow: bool = False,
    ) -> None:  # fmt: skip
        self.graph, self.named, self.factors, self.result, self.sizes = graph, named, factors, result, sizes
        self.narrow = narrow
        self.scalars: list[Operand] = []
        self.pieces: list[_Piece] = []

    def body(self) -> Operand | None:
        """The product without its scalar factors, None where there are no others."""
        try:
            return self.matrices()
        except _NoMatrixError:
            return self._batched() or self._einsum()

    def matrices(self) -> Operand | None:
        """The product in matrix notation."""
        self.scalars = []
        self.pieces = [p for f, names in self.factors for p in self._piece(f, names)]
        self._merge()
        while self._sum_alone():
            self._merge()
        self._follow_paths()
        self._merge()
        while self._sum_alone():
            self._merge()
        return self._result()

    # -- pieces ----------------------------------------------------------------

    def _piece(self, f: int, names: str) -> list[_Piece]:
        operand, reciprocal = _reciprocal(self.graph, f, self.named)
        symmetric = len(names) == 2 and is_symmetric(self.graph, operand)
        found: Operand = operand
        if len(set(names)) < len(names):
            if len(names) > 2:
                raise _NoMatrixError
            others = sum(names[0] in other for _, other in self.factors) > 1
            if not (others or names[0] in self.result or reciprocal):
                self.scalars.append(call("trace", found))
                return []
            names, found = names[0], call("diag", found)
        return [_Piece(names, [], [found], symmetric) if reciprocal else _Piece(names, [found], [], symmetric)]

    def _merge(self) -> None:
        """Multiply pieces of the same labels."""
        merged: dict[str, _Piece] = {}
        for piece in self.pieces:
            turned = merged.get(piece.labels[::-1])
            if piece.labels in merged:
                merged[piece.labels].join(piece)
            elif turned is not None and len(piece.labels) == 2:
                turned.join(piece.flipped())
            else:
                merged[piece.labels] = piece
        self.pieces = list(merged.values())

    def _sum_alone(self) -> bool:
        """Sum pieces over labels that no other has."""
        count = Counter(k for piece in self.pieces for k in piece.labels)
        left: list[_Piece] = []
        for piece in self.pieces:
            axes = [k for k, label in enumerate(piece.labels) if count[label] == 1 and label not in self.result]
            waits = len(piece.labels) == 2 and any(count[k] > 1 and k not in self.result for k in piece.labels)
            if not axes or waits:  # multiply before the sum
                left.append(piece)
            elif len(axes) == len(piece.labels):
                self.scalars.append(self._total(piece))
            else:
                axis = f"axis={axes[0] if len(axes) == 1 else tuple(axes)}"
                rest = "".join([label for k, label in enumerate(piece.labels) if k not in axes])
                over = tuple([self.sizes[piece.labels[k]] for k in axes])
                left.append(_Piece(rest, [method("sum", piece.term(), axis, over=over)], []))
        found = len(left) < len(self.pieces) or any(a is not b for a, b in zip(left, self.pieces, strict=True))
        self.pieces = left
        return found

    def _total(self, piece: _Piece) -> Operand:
        """The sum of all entries: `x @ y`, `x @ A @ (y*z)`, `trace(A @ B)` or `.sum()`."""
        row = self._row(piece) if len(piece.labels) == 1 else None
        if row is not None:
            return self._inner_product(row)
        if len(piece.above) == 2 and not piece.below:
            a, b = piece.above
            turned = [_turns([a]), _turns([b])]
            if len(piece.labels) == 2 and any(turned):
                first, second = (a, transposed(b)) if turned[1] else (transposed(a), b)
                return call("trace", Term(MATMUL, (first, second)))
        return method("sum", piece.term(), over=tuple([self.sizes[k] for k in piece.labels]))

    def _row(self, piece: _Piece) -> list[Operand] | None:
        """Vectors whose inner product the sum of a product of vectors is: two, or a matrix product and the rest."""
        if len(piece.above) == 2 and not piece.below:
            return piece.above
        chain = next((x for x in piece.above if self._opened(x)), None)
        if chain is None or len(piece.above) == 1:
            return None
        rest = [x for x in piece.above if x is not chain]
        return [chain, _Piece(piece.labels, rest, piece.below).term()]

    # -- paths -----------------------------------------------------------------

    def _follow_paths(self) -> None:
        """Make products of matrices of what is summed over between two of them."""
        summed = {k for piece in self.pieces for k in piece.labels if k not in self.result}
        edges = [piece for piece in self.pieces if summed & set(piece.labels) and len(piece.labels) > 1]
        count = Counter(k for piece in edges for k in piece.labels)
        if any(len(piece.labels) > 2 for piece in edges) or any(count[k] > 2 for k in summed):
            raise _NoMatrixError
        weights = {piece.labels: piece for piece in self.pieces if len(piece.labels) == 1}
        kept = {*self.result, *[k for k in summed if count[k] == 1 and k not in weights]}
        done = [piece for piece in self.pieces if not summed & set(piece.labels) and len(piece.labels) > 1]
        while edges:
            ends = [(e, k) for e in edges for k in e.labels if k in kept or count[k] == 1]
            first, start = min(ends, key=lambda end: self._rank(end[1])) if ends else (edges[0], edges[0].labels[0])
            path = [first.starting(start)]
            edges.remove(first)
            while path[-1].labels[1] not in kept:
                here = path[-1].labels[1]
                following = next((e for e in edges if here in e.labels), None)
                if following is None:
                    break
                edges.remove(following)
                if here in weights:
                    path.append(_diagonal(here, weights))
                path.append(following.starting(here))
            done += self._path(path, weights, kept)
        self.pieces = [*weights.values(), *done]

    def _rank(self, label: str) -> int:
        place = self.result.find(label)
        return place if place >= 0 else len(self.result)

    def _path(self, path: list[_Piece], weights: dict[str, _Piece], kept: Collection[str]) -> list[_Piece]:
        """A product of matrices in a row: with both ends, one end, or none left."""
        left, right = path[0].labels[0], path[-1].labels[1]
        if left not in kept and left == right:
            if left in weights:
                path = [*path, _diagonal(left, weights)]
            self.scalars.append(call("trace", _chain(path)))
            return []
        ends = [k for k in (left, right) if k in kept]
        if len(ends) == 1:
            path = path if left == ends[0] else _flipped(path)
        elif not all(k in self.result for k in (left, right)):
            path = _fewer_transposes(path)
        left, right = path[0].labels[0], path[-1].labels[1]
        if len(ends) == 2:
            if left == right:
                return [_Piece(left, [call("diag", _chain(path))], [])]
            front, back = [[_diagonal(k, weights)] if k in weights else [] for k in (left, right)]
            return [_Piece(left + right, [_chain([*front, *path, *back])], [])]
        vectors = [weights.pop(k) for k in (left, right) if k not in kept]
        chain = [*vectors[:-1], *path, vectors[-1]]
        if ends:
            return [_Piece(ends[0], [_chain(chain)], [])]
        self.scalars.append(self._inner_product([piece.term() for piece in chain]))
        return []

    def _inner_product(self, row: list[Operand]) -> Operand:
        """`x @ A @ y`, with a factor that is such a product itself opened, in the direction with fewer transposes."""
        opened = [self._opened(row[0]), self._opened(row[-1])]
        if opened[0] and not opened[1]:
            row, opened = self._reversed(row), opened[::-1]
        if opened[1] and not opened[0]:
            row = [*row[:-1], *opened[1]]
        best = min([row, self._reversed(row)], key=_rank_of_row)
        return Term(MATMUL, tuple(best))

    def _opened(self, operand: Operand) -> list[Operand]:
        """The factors of a vector that is a matrix product, none where it is no such."""
        graph = self.graph
        if not isinstance(operand, int) or operand in self.named or graph.nodes[operand][0] != EINSUM:
            return []
        sign, term = contraction_term(graph, operand, self.named)
        if sign < 0 or not isinstance(term, Term) or term.kind != MATMUL:
            return []
        return [] if isinstance(term.operands[0], Term) and term.operands[0].kind == SCALED else list(term.operands)

    def _reversed(self, row: list[Operand]) -> list[Operand]:
        return [row[-1], *[self._turned(x) for x in row[-2:0:-1]], row[0]]

    def _turned(self, operand: Operand) -> Operand:
        if isinstance(operand, int):
            return operand if is_symmetric(self.graph, operand) else transposed(operand)
        return operand if operand.kind == CALL and operand.data.name == "diag" else transposed(operand)

    # -- the result ------------------------------------------------------------

    def _result(self) -> Operand | None:
        """What is left, without sums, as an array of the labels of the result."""
        distinct = "".join(dict.fromkeys(self.result))
        held = "".join([k for k in distinct if any(k in piece.labels for piece in self.pieces)])
        body = self._entrywise(held) if held else None
        if len(distinct) < len(self.result):
            if len(distinct) > 1 or len(self.result) > 2:
                raise _NoMatrixError
            return call("eye", before=(str(self.sizes[distinct]),)) if body is None else call("diag", body)
        return self._repeated(body, held) if len(held) < len(distinct) else body

    def _entrywise(self, held: str) -> Operand:
        """The product of the pieces entry by entry, or the outer product of two vectors."""
        whole = [piece for piece in self.pieces if len(piece.labels) == len(held)]
        if not whole:
            if len(held) != 2 or len(self.pieces) != 2:
                raise _NoMatrixError
            first, second = sorted(self.pieces, key=lambda piece: held.index(piece.labels))
            return call("outer", first.term(), second.term())
        if len(held) == 2 and any(piece.labels == held[0] and not piece.below for piece in self.pieces):
            return self._between_diagonals(whole[0], held)
        joined = _Piece(held, [], [])
        for piece in self.pieces:
            piece = piece.flipped() if piece.labels == held[::-1] and len(held) == 2 else piece
            joined.above += [_beside(x, piece.labels, held) for x in piece.above]
            joined.below += [_beside(x, piece.labels, held) for x in piece.below]
        return joined.term()

    def _between_diagonals(self, matrix: _Piece, held: str) -> Operand:
        """A matrix whose rows are weighed, and its columns perhaps."""
        weights = {piece.labels: piece for piece in self.pieces if len(piece.labels) == 1}
        back = [_diagonal(held[1], weights)] if held[1] in weights else []
        return _chain([_diagonal(held[0], weights), matrix.starting(held[0]), *back])

    def _repeated(self, body: Operand | None, held: str) -> Operand | None:
        """A term that is the same along the axes that it lacks, None for a scalar where that is written once."""
        shape = tuple([self.sizes[k] for k in self.result])
        if body is None:
            return None if self.narrow else call("ones", before=(_shape_text(shape),))
        if all(self.sizes[k] == 1 for k in self.result if k not in held):
            return Term(INDEX, (body,), _new_axes(held, self.result))
        body = _beside(body, held, self.result)
        if self.narrow:
            return body
        return call("broadcast_to", body, after=(shown(shape),))

    # -- Kronecker products ----------------------------------------------------

    def kronecker(self) -> tuple[list[Operand], Operand] | None:
        """The scalars and the Kronecker product that this is once pairs of axes are joined, None where it is none."""
        halves = (self.result[::2], self.result[1::2])
        groups: tuple[list[Labelled], list[Labelled]] = ([], [])
        for group in self._connected():
            held = {k for _, names in group for k in names} & set(self.result)
            if not held <= set(halves[0]) and not held <= set(halves[1]):
                return None
            groups[not held <= set(halves[0])].extend(group)
        if set(halves[0]) & set(halves[1]):
            return None
        scalars: list[Operand] = []
        found: list[Operand] = []
        for inner, labels in zip(groups, halves, strict=True):
            part = _Product(self.graph, self.named, inner, labels, self.sizes)
            try:
                body = part.matrices()
            except _NoMatrixError:
                return None
            if body is None:
                return None
            scalars += part.scalars
            found.append(body)
        return scalars, call("kron", *found)

    def _batched(self) -> Operand | None:
        """The product as one of stacks of matrices, None where it is no such; factors of the same labels are one."""
        self.scalars = []
        merged: dict[str, _Piece] = {}
        for f, names in self.factors:
            operand, reciprocal = _reciprocal(self.graph, f, self.named)
            piece = merged.setdefault(names, _Piece(names, [], []))
            (piece.below if reciprocal else piece.above).append(operand)
        return batched_product([(names, piece.term()) for names, piece in merged.items()], self.result)

    # -- einsum ----------------------------------------------------------------

    def _einsum(self) -> Operand | None:
        """An `einsum` of the parts that share no labels, each in matrix notation where it has one."""
        self.scalars = []
        operands: list[Operand] = []
        labels: list[str] = []
        for group in self._connected():
            for operand, names in self._part(group):
                operands.append(operand)
                labels.append(names)
        result = ""
        for place, k in enumerate(self.result):
            new = chr(0x10000 + place)
            if k in result:
                operands.append(call("eye", before=(str(self.sizes[k]),)))
                labels.append(k + new)
            elif not any(k in names for names in labels) and self.result.count(k) == 1:
                operands.append(call("ones", before=(str(self.sizes[k]),)))
                labels.append(k)
            result += new if k in result else k
        letters: dict[str, str] = {}
        spelled = ["".join([letters.setdefault(k, letter(len(letters))) for k in part]) for part in [*labels, result]]
        spec = f'"{",".join(spelled[:-1])}->{spelled[-1]}"'
        return call("einsum", *operands, before=(spec,)) if operands else None

    def _connected(self) -> list[list[Labelled]]:
        groups: list[list[Labelled]] = []
        for factor in self.factors:
            touching = [g for g in groups if any(set(names) & set(factor[1]) for _, names in g)]
            groups = [g for g in groups if not any(g is t for t in touching)]
            groups.append([*[f for g in touching for f in g], factor])
        return groups

    def _part(self, group: list[Labelled]) -> list[tuple[Operand, str]]:
        """A connected part as one operand with its labels, or its factors as they are."""
        held = "".join([k for k in dict.fromkeys(self.result) if any(k in names for _, names in group)])
        part = _Product(self.graph, self.named, group, held, self.sizes)
        try:
            body = part.matrices() if len(held) < 3 else None
        except _NoMatrixError:
            body = None
        if body is None and (held or not part.scalars):
            return [(f, names) for f, names in group]
        self.scalars += part.scalars
        return [] if body is None else [(body, held)]


def _diagonal(label: str, weights: dict[str, _Piece]) -> _Piece:
    """The weights at a vertex as a diagonal matrix."""
    return _Piece(label * 2, [call("diag", weights.pop(label).term())], [], True)


def _chain(path: Sequence[_Piece]) -> Operand:
    return Term(MATMUL, tuple([piece.term() for piece in path]))


def _flipped(path: Sequence[_Piece]) -> list[_Piece]:
    return [piece.flipped() for piece in reversed(path)]


def _fewer_transposes(path: list[_Piece]) -> list[_Piece]:
    turned = _flipped(path)
    return turned if _transposes(turned) < _transposes(path) else path


def _transposes(path: Sequence[_Piece]) -> int:
    return sum(_turns(piece.above + piece.below) for piece in path)


def _turns(operands: Sequence[Operand]) -> int:
    return sum(isinstance(x, Term) and x.kind == TRANSPOSE for x in operands)


def _rank_of_row(row: list[Operand]) -> tuple[int, int]:
    return _turns(row), row[0] if isinstance(row[0], int) else -1


def _beside(operand: Operand, labels: str, held: str) -> Operand:
    """An operand of some labels so that it broadcasts to an array of all labels."""
    order = [k for k in held if k in labels]
    if "".join(order) != labels:
        if len(labels) == 2:
            operand = transposed(operand)
        else:
            operand = method("transpose", operand, *[str(labels.index(k)) for k in order])
    wide = held[held.index(order[0]) :]
    if len(wide) == len(order):
        return operand
    return Term(INDEX, (operand,), _new_axes(labels, wide))


def _new_axes(labels: str, held: str) -> str:
    """The index that puts in axes of size 1 for labels that an operand lacks."""
    parts = [":" if k in labels else "None" for k in held]
    while parts[-1] == ":":
        parts.pop()
    return ", ".join(parts)
