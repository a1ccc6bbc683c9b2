"""Matrix notation as SymPy's matrix expressions: one more way to spell the terms that text and LaTeX write.

A vector is a column: of shape n it is a matrix of n rows and one column, and a number stands at every entry of a
matrix as its multiple of `OneMatrix`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import sympy

from symdiff.algebra.notation.terms import (
    CALL,
    DIVIDED,
    INDEX,
    MATMUL,
    METHOD,
    MINUS,
    NUMBER,
    PRODUCT,
    QUOTIENT,
    SCALED,
    TRANSPOSE,
    Operand,
    Term,
    axes_of_call,
)
from symdiff.bridge.sympy_writer import number
from symdiff.errors import SymdiffTypeError
from symdiff.shapes import Shape, Size, broadcast, named, shape_of


class Written(NamedTuple):
    """An expression of SymPy, and the shape of what it stands for."""

    expr: Any
    shape: Shape = ()


def no_matrix(what: str) -> SymdiffTypeError:
    """The error for what SymPy's matrix expressions have no counterpart of."""
    return SymdiffTypeError(
        f"{what} has no counterpart among SymPy's matrix expressions: f.expand() is the same over scalar variables, "
        "and goes to SymPy entry by entry"
    )


# -- shapes ------------------------------------------------------------------------------


def size(n: Size) -> Any:
    """A size as SymPy writes it: a named one is a positive whole symbol."""
    if isinstance(n, int):
        return sympy.Integer(n)
    name, offset = named(n)
    return sympy.Symbol(name, integer=True, positive=True) + offset


def sides(shape: Shape) -> tuple[Any, Any]:
    """The rows and columns of an array of at most two axes."""
    rows, columns = [*map(size, shape), *[sympy.Integer(1)] * (2 - len(shape))]
    return rows, columns


def spread(written: Written, shape: Shape) -> Any:
    """An array repeated along the axes of a shape that it lacks or has of size 1, as NumPy broadcasts."""
    if written.shape == shape:
        return written.expr
    rows, columns = sides(shape)
    if not written.shape:
        return times(written.expr, sympy.OneMatrix(rows, columns))
    expr, held = written.expr, written.shape
    if len(held) < len(shape):
        expr, held = transpose(expr), (1, *held)
    if held[0] != shape[0]:
        expr = times(sympy.OneMatrix(rows, 1), expr)
    return expr if len(held) < 2 or held[1] == shape[1] else times(expr, sympy.OneMatrix(1, columns))


def together(written: Sequence[Written]) -> Shape:
    """The shape that arrays have together."""
    shape = broadcast([w.shape for w in written])
    if shape is None or len(shape) > 2:
        raise no_matrix("an array of more than two axes")
    return shape


# -- products and sums -------------------------------------------------------------------


def times(*factors: Any) -> Any:
    """A product of numbers and matrices."""
    return sympy.MatMul(*factors, evaluate=True)


def plus(terms: Sequence[Any]) -> Any:
    """A sum of matrices."""
    return sympy.MatAdd(*terms, evaluate=True)


def transpose(expr: Any) -> Any:
    """A transpose; of one what is inside."""
    if isinstance(expr, (sympy.Transpose, sympy.MatrixBase, sympy.MatrixSymbol)):
        return expr.T
    return sympy.Transpose(expr)


def entrywise(written: Sequence[Written]) -> Written:
    """A product entry by entry; numbers stand in front."""
    scalars = [w.expr for w in written if not w.shape]
    arrays = [w for w in written if w.shape]
    if not arrays:
        return Written(sympy.Mul(*scalars))
    shape = together(arrays)
    full = [spread(w, shape) for w in arrays]
    body = full[0] if len(full) == 1 else sympy.HadamardProduct(*full)
    front = sympy.Mul(*scalars)
    return Written(body if front == 1 else times(front, body), shape)


def reciprocal(written: Written) -> Written:
    """One over a number, or over every entry."""
    return Written(power(written.expr, -1) if written.shape else 1 / written.expr, written.shape)


def power(expr: Any, exponent: Any) -> Any:
    """Every entry to a power."""
    return sympy.HadamardPower(expr, exponent)


def total(written: Written) -> Any:
    """The sum of all entries; of squares the trace of `r.T*r`."""
    expr, (rows, columns) = written.expr, sides(written.shape)
    if isinstance(expr, sympy.HadamardPower) and expr.exp == 2:
        return sympy.Trace(times(transpose(expr.base), expr.base))
    if isinstance(expr, sympy.HadamardProduct) and len(expr.args) == 2:
        return sympy.Trace(times(transpose(expr.args[0]), expr.args[1]))
    ones = [sympy.OneMatrix(1, rows)] * (rows != 1), [sympy.OneMatrix(columns, 1)] * (columns != 1)
    return sympy.Trace(times(*ones[0], expr, *ones[1]))


def summed(written: Written, axes: Sequence[int]) -> Written:
    """The sum along axes."""
    if len(axes) == len(written.shape):
        return Written(total(written))
    rows, columns = sides(written.shape)
    if axes == (0,):
        return Written(times(transpose(written.expr), sympy.OneMatrix(rows, 1)), written.shape[1:])
    return Written(times(written.expr, sympy.OneMatrix(columns, 1)), written.shape[:1])


def matmul(written: Sequence[Written]) -> Written:
    """A product of matrices with a vector at either end, perhaps."""
    first, last = written[0], written[-1]
    row = len(first.shape) == 1
    product = times(transpose(first.expr) if row else first.expr, *[w.expr for w in written[1:]])
    if row and len(last.shape) == 1:
        return Written(sympy.Trace(product))
    if row:
        return Written(transpose(product), last.shape[1:])
    return Written(product, first.shape[:1] + last.shape[1:])


# -- terms -------------------------------------------------------------------------------


class MatrixSpelling:
    """Terms as SymPy's matrix expressions, by those of the nodes that stand in them."""

    def __init__(self, nodes: Mapping[int, Written], digits: int) -> None:
        self.nodes, self.digits = nodes, digits

    def of(self, operand: Operand) -> Written:
        """A term or a node."""
        return self.nodes[operand] if isinstance(operand, int) else _WRITERS[operand.kind](self, operand)

    def _all(self, term: Term) -> list[Written]:
        return [self.of(x) for x in term.operands]

    def _number(self, term: Term) -> Written:
        return Written(number(term.data, self.digits))

    def _minus(self, term: Term) -> Written:
        return entrywise([Written(sympy.S.NegativeOne), self.of(term.operands[0])])

    def _product(self, term: Term) -> Written:
        return entrywise(self._all(term))

    def _quotient(self, term: Term) -> Written:
        above, below = self._all(term)
        return entrywise([above, reciprocal(below)])

    def _matmul(self, term: Term) -> Written:
        return matmul(self._all(term))

    def _transpose(self, term: Term) -> Written:
        (inner,) = self._all(term)
        return Written(transpose(inner.expr), inner.shape[::-1]) if len(inner.shape) == 2 else inner

    def _method(self, term: Term) -> Written:
        (inner,), call = self._all(term), term.data
        if call.name == "transpose" and len(inner.shape) == 2:
            turned = call.after == ("1", "0")
            return Written(transpose(inner.expr), inner.shape[::-1]) if turned else inner
        if call.name not in ("sum", "mean"):
            raise no_matrix(f"{call.name} of an array")
        found = summed(inner, axes_of_call(call.after, len(inner.shape)))
        if call.name != "mean":
            return found
        return entrywise([Written(1 / sympy.Mul(*map(size, call.over))), found])

    def _index(self, term: Term) -> Written:
        (inner,) = self._all(term)
        parts = term.data.split(", ")
        if len(inner.shape) > 1:
            raise no_matrix("an array of more than two axes")
        before = parts[0] == "None"
        shape = (1, *inner.shape) if before else (*inner.shape, 1)
        return Written(transpose(inner.expr) if before else inner.expr, shape)

    def _call(self, term: Term) -> Written:
        writer = _CALLS.get(term.data.name)
        if writer is None:
            raise no_matrix(f"{term.data.name}({', '.join(term.data.before)})")
        return writer(self, term)

    def _trace(self, term: Term) -> Written:
        return Written(sympy.Trace(self.of(term.operands[0]).expr))

    def _diag(self, term: Term) -> Written:
        (inner,) = self._all(term)
        if len(inner.shape) == 1:
            return Written(sympy.DiagMatrix(inner.expr), inner.shape * 2)
        own = sympy.HadamardProduct(sympy.Identity(size(inner.shape[0])), inner.expr)
        return Written(times(own, sympy.OneMatrix(size(inner.shape[0]), 1)), inner.shape[:1])  # DiagonalOf has no doit

    def _outer(self, term: Term) -> Written:
        a, b = self._all(term)
        return Written(times(a.expr, transpose(b.expr)), a.shape + b.shape)

    def _kron(self, term: Term) -> Written:
        a, b = self._all(term)
        shape = tuple([int(n) * int(m) for n, m in zip(a.shape, b.shape, strict=True)])
        return Written(sympy.KroneckerProduct(a.expr, b.expr), shape)

    def _eye(self, term: Term) -> Written:
        shape = _shape(term.data.before[0]) * 2
        return Written(sympy.Identity(size(shape[0])), shape)

    def _filled(self, term: Term) -> Written:
        shape = _shape(term.data.before[0])
        if len(shape) > 2:
            raise no_matrix("an array of more than two axes")
        fill = sympy.OneMatrix if term.data.name == "ones" else sympy.ZeroMatrix
        return Written(fill(*sides(shape)), shape)

    def _broadcast(self, term: Term) -> Written:
        shape = _shape(term.data.after[0])
        inner = self.of(term.operands[0])
        return Written(spread(inner, together([inner, Written(None, shape)])), shape)


def _shape(text: str) -> Shape:
    """A shape from its text: `3`, `(n, 2)`."""
    sizes = [n.strip() for n in text.strip("()").split(",") if n.strip()]
    return shape_of([int(n) if n.isdigit() else n for n in sizes])


_WRITERS: dict[str, Callable[[MatrixSpelling, Term], Written]] = {
    NUMBER: MatrixSpelling._number, MINUS: MatrixSpelling._minus, PRODUCT: MatrixSpelling._product,
    SCALED: MatrixSpelling._product, QUOTIENT: MatrixSpelling._quotient, DIVIDED: MatrixSpelling._quotient,
    MATMUL: MatrixSpelling._matmul, TRANSPOSE: MatrixSpelling._transpose, METHOD: MatrixSpelling._method,
    INDEX: MatrixSpelling._index, CALL: MatrixSpelling._call,
}  # fmt: skip
_CALLS: dict[str, Callable[[MatrixSpelling, Term], Written]] = {
    "trace": MatrixSpelling._trace, "diag": MatrixSpelling._diag, "outer": MatrixSpelling._outer,
    "eye": MatrixSpelling._eye, "ones": MatrixSpelling._filled, "zeros": MatrixSpelling._filled,
    "broadcast_to": MatrixSpelling._broadcast, "kron": MatrixSpelling._kron,
}  # fmt: skip
