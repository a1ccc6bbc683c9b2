"""What each of SymPy's matrix classes is here: which parts are read first, and how its node is built of theirs.

A side of size 1 has no axis while an expression is read: columns and rows are vectors, what has one entry is a number.
So every product, sum, trace and transpose is one contraction over the sides that are left.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np
import sympy
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.matexpr import MatrixElement

from symdiff import ops
from symdiff.arrays import indexing, linear_algebra, sums
from symdiff.arrays.contraction import contract, filled, fresh, identity
from symdiff.arrays.reading import INV, number
from symdiff.bridge.sympy_classes import raised
from symdiff.bridge.sympy_nodes import NodeMaker, Sides, no_counterpart
from symdiff.derive.replace import renewed
from symdiff.keys import Place, Range
from symdiff.shapes import Size, plus

Parts: TypeAlias = Sequence[Any]
Built: TypeAlias = "tuple[int, Sides | None]"  # node, and the sides of a matrix, None of a number
Builder: TypeAlias = Callable[[NodeMaker, Any, Parts, list[int]], Built]


def parts_of(reader: NodeMaker, obj: Any) -> Parts:
    """The parts of a matrix expression that are read before it."""
    if isinstance(obj, sympy.MatrixBase):
        return list(obj.flat())
    if isinstance(obj, sympy.BlockMatrix):
        return list(obj.blocks.flat())
    if isinstance(obj, ElementwiseApplyFunction):
        entry = reader.entries[id(obj)] = sympy.Dummy("x", real=True)
        return [obj.expr, obj.function(entry)]
    if isinstance(obj, (sympy.MatrixSlice, MatrixElement, sympy.MatPow)):
        return [obj.args[0]]
    if isinstance(obj, (sympy.MatrixSymbol, sympy.Identity, sympy.OneMatrix, sympy.ZeroMatrix)):
        return ()
    return list(obj.args)


def _labelled(node: int, sides: Sides, labels: Sequence[Any]) -> tuple[int, tuple[Any, ...]]:
    return node, tuple([label for label, n in zip(labels, sides, strict=True) if n != 1])


def _axes(sides: Sides) -> tuple[Size, ...]:
    """The shape that a matrix of these sides has while it is read."""
    return tuple([n for n in sides if n != 1])


def _contracted(reader: NodeMaker, factors: Any, sides: Sides, labels: Sequence[Any]) -> Built:
    """A contraction with a result of these sides."""
    sizes = dict(zip(labels, sides, strict=True))
    return contract(reader.graph, factors, _labelled(0, sides, labels)[1], sizes), sides


def _sides(reader: NodeMaker, part: Any) -> Sides:
    return reader.sides[id(part)]


# -- leaves ------------------------------------------------------------------------------


def _symbol(reader: NodeMaker, obj: Any, below: Parts, args: list[int]) -> Built:
    sides = reader.sides_of(obj.shape)
    node = reader.array_variable(obj, sides)
    shape = reader.graph.shapes[node]
    key = tuple([0 if n == 1 else Range(0, n) for n in shape])
    return indexing.take(reader.graph, node, key), sides


def _identity(reader: NodeMaker, obj: Any, below: Parts, args: list[int]) -> Built:
    n, _ = sides = reader.sides_of(obj.shape)
    return (reader.const(1) if n == 1 else identity(reader.graph, n)), sides


def _filled(value: int) -> Builder:
    def build_it(reader: NodeMaker, obj: Any, below: Parts, args: list[int]) -> Built:
        sides = reader.sides_of(obj.shape)
        return _everywhere(reader, reader.const(value), sides), sides

    return build_it


def _everywhere(reader: NodeMaker, i: int, sides: Sides) -> int:
    shape = _axes(sides)
    return filled(reader.graph, i, shape) if shape else i


def _explicit(reader: NodeMaker, obj: Any, below: Parts, args: list[int]) -> Built:
    """A matrix that is written out: numbers are one constant, others one block an entry, where they are not 0."""
    graph, sides = reader.graph, reader.sides_of(obj.shape)
    shape = tuple([int(n) for n in _axes(sides)])
    if not shape:
        return args[0], sides
    values = [number(graph, i) for i in args]
    if None not in values:
        return graph.array(np.array(values).reshape(shape)), sides
    places = list(np.ndindex(*shape))
    held = [k for k, value in enumerate(values) if value != 0]
    if len(held) == len(args):
        return indexing.reshape(graph, indexing.stack(graph, args, (len(args),)), shape), sides
    return indexing.put_blocks(graph, [args[k] for k in held], tuple([places[k] for k in held]), shape), sides


# -- products and sums -------------------------------------------------------------------


def _matmul(reader: NodeMaker, obj: Any, below: Parts, args: list[int]) -> Built:
    chain = [(i, reader.sides[id(part)]) for part, i in zip(below, args, strict=True) if id(part) in reader.sides]
    front = [(i, ()) for part, i in zip(below, args, strict=True) if id(part) not in reader.sides]
    for k in range(len(chain) - 2, -1, -1):
        i, sides = chain[k]
        if reader.graph.nodes[i][0] == INV:  # solve, rather than multiply by the inverse
            tail, (_, columns) = _chained(reader, [], chain[k + 1 :])
            solved = linear_algebra.solve(reader.graph, reader.graph.nodes[i][1], tail)
            chain[k:] = [(solved, (sides[0], columns))]
    return _chained(reader, front, chain)


def _chained(reader: NodeMaker, front: Any, chain: Sequence[tuple[int, Sides]]) -> tuple[int, Sides]:
    """A product of numbers and matrices in a row."""
    labels = fresh(len(chain) + 1)
    factors = [_labelled(i, sides, labels[k : k + 2]) for k, (i, sides) in enumerate(chain)]
    sides = (chain[0][1][0], chain[-1][1][1])
    return _contracted(reader, [*front, *factors], sides, (labels[0], labels[-1]))  # type: ignore[return-value]


def _matadd(reader: NodeMaker, obj: Any, below: Parts, args: list[int]) -> Built:
    sides = _sides(reader, below[0])
    return sums.add(reader.graph, args, _axes(sides)), sides


def _hadamard(reader: NodeMaker, obj: Any, below: Parts, args: list[int]) -> Built:
    sides, labels = _sides(reader, below[0]), fresh(2)
    return _contracted(reader, [_labelled(i, sides, labels) for i in args], sides, labels)


def _hadamard_power(reader: NodeMaker, obj: Any, below: Parts, args: list[int]) -> Built:
    sides = next(reader.sides[id(part)] for part in below if id(part) in reader.sides)
    return raised(reader, args[0], args[1], below[1]), sides


def _power(reader: NodeMaker, obj: Any, below: Parts, args: list[int]) -> Built:
    """A whole power by squaring."""
    sides, exponent = _sides(reader, below[0]), obj.exp
    if not exponent.is_Integer:
        raise no_counterpart(obj, "whole powers of matrices")
    graph, left, base = reader.graph, abs(int(exponent)), args[0]
    if sides[0] == 1:
        return raised(reader, base, reader.const(int(exponent)), exponent), sides
    found = None
    while left:
        if left % 2:
            found = base if found is None else linear_algebra.product(graph, found, base)
        left //= 2
        base = linear_algebra.product(graph, base, base) if left else base
    if found is None:
        return identity(graph, sides[0]), sides
    return (found if exponent > 0 else linear_algebra.inv(graph, found)), sides


def _transpose(reader: NodeMaker, obj: Any, below: Parts, args: list[int]) -> Built:
    sides, labels = _sides(reader, below[0]), fresh(2)
    return _contracted(reader, [_labelled(args[0], sides, labels)], sides[::-1], labels[::-1])


def _kronecker(reader: NodeMaker, obj: Any, below: Parts, args: list[int]) -> Built:
    node, sides = args[0], _sides(reader, below[0])
    for part, i in zip(below[1:], args[1:], strict=True):
        node, sides = _pair(reader, node, sides, i, _sides(reader, part), obj)
    return node, sides


def _pair(reader: NodeMaker, a: int, left: Sides, b: int, right: Sides, obj: Any) -> tuple[int, Sides]:
    """The Kronecker product of two matrices: their outer product, with axes joined."""
    (i, j), (k, m) = fresh(2), fresh(2)
    factors = [_labelled(a, left, (i, j)), _labelled(b, right, (k, m))]
    held = {label: n for label, n in zip((i, k, j, m), (left[0], right[0], left[1], right[1]), strict=True) if n != 1}
    found = contract(reader.graph, factors, tuple(held))
    sides = tuple([_multiple(p, q, obj) for p, q in zip(left, right, strict=True)])
    return indexing.reshape(reader.graph, found, _axes(sides)), sides  # type: ignore[arg-type, return-value]


def _multiple(a: Size, b: Size, obj: Any) -> Size:
    if a == 1 or b == 1:
        return b if a == 1 else a
    if not (isinstance(a, int) and isinstance(b, int)):
        raise no_counterpart(obj, "those of sizes that are numbers")
    return a * b


# -- numbers of matrices -----------------------------------------------------------------


def _trace(reader: NodeMaker, obj: Any, below: Parts, args: list[int]) -> Built:
    (k,) = fresh(1)
    factor = _labelled(args[0], _sides(reader, below[0]), (k, k))
    return contract(reader.graph, [factor], ()), None


def _determinant(reader: NodeMaker, obj: Any, below: Parts, args: list[int]) -> Built:
    one = _sides(reader, below[0]) == (1, 1)
    return (args[0] if one else linear_algebra.det(reader.graph, args[0])), None


def _dot(reader: NodeMaker, obj: Any, below: Parts, args: list[int]) -> Built:
    (k,) = fresh(1)
    factors = [_labelled(i, _sides(reader, part), (k, k)) for part, i in zip(below, args, strict=True)]
    return contract(reader.graph, factors, ()), None


def _inverse(reader: NodeMaker, obj: Any, below: Parts, args: list[int]) -> Built:
    sides = _sides(reader, below[0])
    one = reader.const(1)
    if sides == (1, 1):
        return reader.make(ops.div, one, args[0]), sides
    return linear_algebra.inv(reader.graph, args[0]), sides


# -- diagonals, functions of entries -------------------------------------------------------


def _diagonal(result: str) -> Builder:
    """The diagonal of a matrix, or the matrix that has a vector or no more than its own diagonal."""

    def build_it(reader: NodeMaker, obj: Any, below: Parts, args: list[int]) -> Built:
        sides = _sides(reader, below[0])
        if sides[0] != sides[1] and 1 not in sides:
            raise no_counterpart(obj, "diagonals of square matrices")
        n = sides[1] if sides[0] == 1 else sides[0]
        (k,) = fresh(1)
        whole = (n, n) if result == "matrix" else (n, 1)
        return _contracted(reader, [_labelled(args[0], sides, (k, k))], whole, (k, k))

    return build_it


def _applied(reader: NodeMaker, obj: Any, below: Parts, args: list[int]) -> Built:
    """A function of an entry with the whole matrix in its place."""
    sides = _sides(reader, below[0])
    entry = reader.variable(reader.entries.pop(id(obj)))
    (found,) = renewed(reader.graph, [args[1]], {entry: args[0]})
    return (found if found in reader.graph.shapes else _everywhere(reader, found, sides)), sides


# -- blocks ------------------------------------------------------------------------------


def _blocks(reader: NodeMaker, obj: Any, below: Parts, args: list[int]) -> Built:
    """Blocks put into zeros where they stand, those that are zero left out."""
    rows, columns = obj.blocks.shape
    held = [_sides(reader, part) for part in below]
    down = _starts([held[k * columns][0] for k in range(rows)], obj)
    across = _starts([held[k][1] for k in range(columns)], obj)
    sides = (down[-1], across[-1])
    nodes, keys = [], []
    for k, (part, i) in enumerate(zip(below, args, strict=True)):
        if not isinstance(part, sympy.ZeroMatrix):
            nodes.append(i)
            at = [(n, start) for n, start, side in
                  zip(held[k], (down[k // columns], across[k % columns]), sides, strict=True) if side != 1]  # fmt: skip
            keys.append(tuple([_stretch(start, n, obj) for n, start in at]))
    graph, shape = reader.graph, _axes(sides)
    if not nodes:
        return _everywhere(reader, reader.const(0), sides), sides
    if len(nodes) == 1 or not shape:
        return indexing.put(graph, nodes[0], keys[0], shape), sides
    return indexing.put_blocks(graph, nodes, tuple(keys), shape), sides


def _starts(sizes: Sequence[Size], obj: Any) -> list[Size]:
    """Where blocks of these sizes start, and where the last ends."""
    starts: list[Size] = [0]
    for n in sizes:
        last = starts[-1]
        if isinstance(n, str) and isinstance(last, str):
            raise no_counterpart(obj, "blocks of which one at most has a named size")
        starts.append(plus(n, last) if isinstance(last, int) else plus(last, n))  # type: ignore[arg-type]
    return starts


def _stretch(start: Size, n: Size, obj: Any) -> Place:
    """So many places from one on; one place has no axis."""
    if not isinstance(start, int):
        raise no_counterpart(obj, "blocks that start at places with numbers")
    return start if n == 1 else Range(start, n)


def _slice(reader: NodeMaker, obj: Any, below: Parts, args: list[int]) -> Built:
    parent = _sides(reader, below[0])
    key: list[Place] = []
    sides: list[Size] = []
    for n, part in zip(parent, obj.args[1:], strict=True):
        start, stop, step = (reader.size_of(item) for item in part)
        if not isinstance(start, int) or not isinstance(step, int) or (step != 1 and not isinstance(stop, int)):
            raise no_counterpart(obj, "slices that start at places with numbers")
        length = plus(stop, -start) if step == 1 else (int(stop) - start) // step  # as SymPy counts
        sides.append(length)
        if n != 1:
            key.append(start if length == 1 else Range(start, length, step))
    return indexing.take(reader.graph, args[0], tuple(key)), (sides[0], sides[1])


def _element(reader: NodeMaker, obj: Any, below: Parts, args: list[int]) -> Built:
    places = [reader.size_of(k) for k in obj.args[1:]]
    if not all(isinstance(k, int) for k in places):
        raise no_counterpart(obj, "entries at places with numbers")
    key = [k for k, n in zip(places, _sides(reader, below[0]), strict=True) if n != 1]
    return (indexing.take(reader.graph, args[0], tuple(key)) if key else args[0]), None  # type: ignore[arg-type]


_BUILDERS: dict[type, Builder] = {
    sympy.MatrixSymbol: _symbol, sympy.Identity: _identity, sympy.OneMatrix: _filled(1), sympy.ZeroMatrix: _filled(0),
    sympy.MatMul: _matmul, sympy.MatAdd: _matadd, sympy.MatPow: _power, sympy.Inverse: _inverse,
    sympy.HadamardProduct: _hadamard, sympy.HadamardPower: _hadamard_power, sympy.Transpose: _transpose,
    sympy.Adjoint: _transpose, sympy.KroneckerProduct: _kronecker, sympy.Trace: _trace,
    sympy.Determinant: _determinant, sympy.DotProduct: _dot, sympy.DiagMatrix: _diagonal("matrix"),
    sympy.DiagonalMatrix: _diagonal("matrix"), sympy.DiagonalOf: _diagonal("vector"),
    ElementwiseApplyFunction: _applied, sympy.BlockMatrix: _blocks, sympy.BlockDiagMatrix: _blocks,
    sympy.MatrixSlice: _slice, MatrixElement: _element,
}  # fmt: skip


def matrix_builder(obj: Any) -> Builder | None:
    """The builder of a matrix expression, or of a number made of one; an entry of a symbol is a variable."""
    if isinstance(obj, sympy.MatrixBase):
        return _explicit
    found = _BUILDERS.get(type(obj))
    return None if found is _element and isinstance(obj.parent, sympy.MatrixSymbol) else found
