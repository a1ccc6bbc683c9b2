"""To SymPy: arrays as matrix expressions, `X*w - y`, `X.T*X`, `X.applyfunc(sin)`; numbers among them as ever.

What SymPy has no matrix expression for is an error that says what to write. An entry-by-entry function of one array
is `applyfunc` of one Lambda, however many operations it is made of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import sympy
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.matexpr import MatrixElement

from symdiff import ops
from symdiff.algebra.notation.array_notation import Notation
from symdiff.algebra.notation.terms import CALL, METHOD, Operand, Term
from symdiff.algebra.notation.text import short
from symdiff.array_constants import is_sparse
from symdiff.bridge.sympy_matrices import (
    MatrixSpelling,
    Written,
    entrywise,
    matmul,
    no_matrix,
    plus,
    power,
    reciprocal,
    sides,
    size,
    spread,
    summed,
    times,
    transpose,
)
from symdiff.bridge.sympy_writer import DIV, SUMS, Writer, number
from symdiff.errors import SymdiffTypeError, SymdiffValueError
from symdiff.graph import CONST, VAR, Graph, Node, Variable
from symdiff.handle import handle, operands_of
from symdiff.keys import Key, Paired, Places, Range, Where
from symdiff.ops import arrays
from symdiff.ops.external_operation import ExternalOperation
from symdiff.records import FIRST_ARRAY_CODE, OPERATIONS, record
from symdiff.shapes import Shape, Size, shown
from symdiff.shapes import plus as size_plus

POW, WHERE = ops.pow.opcode, ops.where.opcode
EXTREMES = {ops.maximum.opcode: (sympy.Max, sympy.Ge), ops.minimum.opcode: (sympy.Min, sympy.Le)}
ENTRY = sympy.Dummy("x", real=True)  # variable of all Lambdas: what is written twice is equal


class ArrayWriter(Writer):
    """One conversion of expressions that hold arrays."""

    def __init__(self, graph: Graph, roots: Sequence[int], digits: int) -> None:
        super().__init__(graph, roots, digits)
        if self.deep:
            raise SymdiffValueError(
                "the expression is too deep, or as a tree too large, for SymPy's matrix expressions, which find their "
                "shapes by recursion: f.expand() is the same over scalar variables"
            )
        self.notation = Notation(graph, ())
        self.nodes: dict[int, Written] = {}
        self.spelling = MatrixSpelling(self.nodes, digits)
        self.functions_of: dict[int, tuple[int, Any]] = {}  # arrays that functions are of entry by entry, and these
        self.origins: dict[Any, Any] = {}  # symbols of the user's, with other assumptions, by those written
        self.cone = self._needed(roots)

    def run(self) -> dict[int, Any]:
        """The SymPy expressions of the nodes."""
        made = super().run()
        return {i: expr.xreplace(self.origins) for i, expr in made.items()} if self.origins else made

    def _needed(self, roots: Sequence[int]) -> list[int]:
        """The nodes that are written: a term may look into others, which then need no expression of their own."""
        wanted = set(roots)
        for i in reversed(self.cone):
            if i in wanted:
                wanted.update(self._read(i))
        return [i for i in self.cone if i in wanted]

    def _read(self, i: int) -> Iterator[int] | Sequence[int]:
        node = self.graph.nodes[i]
        if node[0] in _BY_TERM:
            term = self.notation.term(i)
            assert term is not None
            return _nodes_in(term)
        return operands_of(self.graph, node) if node[0] > VAR else ()

    def written(self, i: int, node: Node, made: Mapping[int, Any]) -> Any:
        """The SymPy expression of a node."""
        shape = self.graph.shapes.get(i, ())
        if len(shape) > 2:
            what = short(handle(self.graph, i))
            raise no_matrix(f"{what}, of shape {shown(shape)} with more than two axes,")
        if 0 in shape:
            expr = sympy.ZeroMatrix(*sides(shape))
        elif node[0] >= FIRST_ARRAY_CODE:
            expr = self._of_arrays(i, node, shape)
        elif shape:
            expr = self._shaped(i, node, shape)
        else:
            expr = super().written(i, node, made)
        self.nodes[i] = Written(expr, shape)
        return expr

    def function(self, code: int) -> Callable[..., Any]:
        """The function of SymPy expressions that an operation is."""
        return self._extreme(EXTREMES[code]) if code in EXTREMES else super().function(code)

    def _extreme(self, found: tuple[Any, Any]) -> Callable[[Any, Any], Any]:
        """Max or Min, by cases where SymPy can't compare the operands: it fails on a multiple of an entry of a sum."""
        extreme, compare = found

        def make(a: Any, b: Any) -> Any:
            try:
                return extreme(a, b)
            except TypeError:  # take cases: left as it is, SymPy would fail as soon as anything is put into it
                return self.function(WHERE)(compare(a, b), a, b)

        return make

    # -- operations on numbers, over arrays -----------------------------------------------

    def _shaped(self, i: int, node: Node, shape: Shape) -> Any:
        if node[0] == CONST:
            return self._constant(self.graph.leaves[i])
        if node[0] == VAR:
            return self._symbol(self.graph.leaves[i])
        if node[0] in SUMS:
            terms = [(spread(self.nodes[j], shape), flip) for j, flip in self.parts(i, node)]
            return plus([times(sympy.S.NegativeOne, term) if flip else term for term, flip in terms])
        return self._entry_by_entry(i, node, shape)

    def _symbol(self, cell: Variable) -> Any:
        """The symbol of an array variable; where it came from another, that takes its place in the end."""
        found = sympy.MatrixSymbol(cell.name, *sides(cell.shape))
        origin = cell.origin
        if isinstance(origin, sympy.MatrixSymbol) and origin != found:
            self.origins[found] = origin
            for ours, theirs in zip(found.shape, origin.shape, strict=True):
                self.origins.update(zip(ours.free_symbols, theirs.free_symbols, strict=False))
        return found

    def _constant(self, array: Any) -> Any:
        array = array.astype(int) if array.dtype == bool else array
        if is_sparse(array):
            found = array.tocoo()
            places = zip(found.row.tolist(), found.col.tolist(), found.data.tolist(), strict=True)
            entries = {(row, column): number(value, self.digits) for row, column, value in places}
            return sympy.ImmutableSparseMatrix(*found.shape, entries)
        rows, columns = (*array.shape, 1)[:2]
        return sympy.ImmutableDenseMatrix(rows, columns, [number(v, self.digits) for v in array.ravel().tolist()])

    def _entry_by_entry(self, i: int, node: Node, shape: Shape) -> Any:
        """A function of the entries of one array, or a power or a quotient of two."""
        shaped = [j for j in node[1:] if j in self.graph.shapes]
        inner = {j: self.functions_of.get(j, (j, ENTRY)) for j in shaped}
        bases = {base for base, _ in inner.values()}
        if len(bases) == 1:
            base = bases.pop()
            body = self.function(node[0])(*[inner[j][1] if j in inner else self.nodes[j].expr for j in node[1:]])
            self.functions_of[i] = (base, body)
            if not isinstance(body, sympy.Expr):  # of a condition: matrices hold numbers
                body = self.function(WHERE)(body, sympy.S.One, sympy.S.Zero)
            return _applied(body, self.nodes[base].expr, shape)
        operands = [self.nodes[j] for j in node[1:]]
        if node[0] == DIV:
            return entrywise([operands[0], reciprocal(operands[1])]).expr
        if node[0] == POW:
            return power(*[w.expr for w in operands])
        name = OPERATIONS[node[0]].name
        raise no_matrix(f"{name} of several arrays, as in {short(handle(self.graph, i))},")

    # -- operations of arrays ----------------------------------------------------------------

    def _of_arrays(self, i: int, node: Node, shape: Shape) -> Any:
        op = record(node[0])
        name = op.name
        if isinstance(op, ExternalOperation):
            raise SymdiffTypeError(f"{name} is a function from outside, known by its values: SymPy has none such")
        writer = _WRITERS.get(name)
        if writer is None:
            raise no_matrix(f"{name} of an array, as in {short(handle(self.graph, i))},")
        return writer(self, i, node, shape)

    def _term(self, i: int, node: Node, shape: Shape) -> Any:
        term = self.notation.term(i)
        assert term is not None
        return self.spelling.of(term).expr

    def _operand(self, node: Node) -> Written:
        return self.nodes[operands_of(self.graph, node)[0]]

    def _size(self, i: int, node: Node, shape: Shape) -> Any:
        return size(self.graph.leaves[node[1]])

    def _take(self, i: int, node: Node, shape: Shape) -> Any:
        key: Key = self.graph.leaves[node[1]]
        inner = self._operand(node)
        if all(isinstance(p, int) for p in key):
            return MatrixElement(inner.expr, *[*key, 0][:2])
        block = _block(inner, key)
        return transpose(block) if isinstance(key[0], int) else block

    def _put(self, i: int, node: Node, shape: Shape) -> Any:
        term = self.notation.term(i)
        if isinstance(term, Term) and term.kind == CALL:
            return self._joined(term, shape)
        where: Where = self.graph.leaves[node[1]]
        if _are_entries(where):
            return self._scattered(node[2:], where)
        return plus([_placed(self.nodes[j], key, shape) for j, key in zip(node[2:], where.keys, strict=True)])

    def _scattered(self, entries: Sequence[int], where: Where) -> Any:
        """Numbers at places of a matrix that is 0 elsewhere; those at one place are added."""
        found: dict[Any, list[Any]] = {}
        for j, key in zip(entries, where.keys, strict=True):
            found.setdefault((*key, 0)[:2], []).append(self.nodes[j].expr)
        return sympy.ImmutableSparseMatrix(*sides(where.shape), {key: sympy.Add(*v) for key, v in found.items()})

    def _joined(self, term: Term, shape: Shape) -> Any:
        """Blocks side by side, or below one another."""
        parts = [self.spelling.of(x) for x in term.operands]
        down = not term.data.after
        if not parts[0].shape:
            return sympy.ImmutableDenseMatrix([w.expr for w in parts])
        rows = down and term.data.name == "stack"
        blocks = [transpose(w.expr) if rows else w.expr for w in parts]
        return sympy.BlockMatrix([[b] for b in blocks] if down else [blocks])

    def _reshape(self, i: int, node: Node, shape: Shape) -> Any:
        term = self.notation.term(i)
        assert isinstance(term, Term)
        if term.kind != METHOD and (term.kind != CALL or term.data.name != "stack"):  # a Kronecker product, or so
            return self.spelling.of(term).expr
        inner = self._operand(node)
        if not inner.shape:
            return sympy.ImmutableDenseMatrix([inner.expr])
        if sides(inner.shape) == sides(shape):
            return inner.expr
        if isinstance(inner.expr, sympy.MatrixBase):
            return inner.expr.reshape(*sides(shape))
        if 1 in sides(inner.shape) and sides(inner.shape) == sides(shape)[::-1]:
            return transpose(inner.expr)
        held = shown(inner.shape)
        raise no_matrix(f"reshape of a matrix of shape {held} to {shown(shape)}")

    def _logsumexp(self, i: int, node: Node, shape: Shape) -> Any:
        inner = self._operand(node)
        powers = Written(_applied(sympy.exp(ENTRY), inner.expr, inner.shape), inner.shape)
        return _function(sympy.log, summed(powers, self.graph.leaves[node[1]]))

    def _norm(self, i: int, node: Node, shape: Shape) -> Any:
        inner = self._operand(node)
        squares = Written(power(inner.expr, 2), inner.shape)
        return _function(sympy.sqrt, summed(squares, self.graph.leaves[node[1]]))

    def _inv(self, i: int, node: Node, shape: Shape) -> Any:
        return sympy.Inverse(self._operand(node).expr)

    def _solve(self, i: int, node: Node, shape: Shape) -> Any:
        a, b = (self.nodes[j] for j in node[1:])
        return matmul([Written(sympy.Inverse(a.expr), a.shape), b]).expr

    def _det(self, i: int, node: Node, shape: Shape) -> Any:
        return sympy.Determinant(self._operand(node).expr)

    def _logdet(self, i: int, node: Node, shape: Shape) -> Any:
        return sympy.log(sympy.Determinant(self._operand(node).expr))


_BY_TERM = (arrays.einsum.opcode, arrays.put.opcode, arrays.reshape.opcode)
_WRITERS: dict[str, Callable[[ArrayWriter, int, Node, Shape], Any]] = {
    "einsum": ArrayWriter._term, "take": ArrayWriter._take, "put": ArrayWriter._put, "reshape": ArrayWriter._reshape,
    "size": ArrayWriter._size, "logsumexp": ArrayWriter._logsumexp, "array_norm": ArrayWriter._norm,
    "inv": ArrayWriter._inv, "solve": ArrayWriter._solve, "det": ArrayWriter._det, "logdet": ArrayWriter._logdet,
}  # fmt: skip


def _nodes_in(term: Operand) -> Iterator[int]:
    """The nodes that stand in a term."""
    stack = [term]
    while stack:
        item = stack.pop()
        if isinstance(item, int):
            yield item
        else:
            stack += item.operands


# -- functions of entries ------------------------------------------------------------------


def _applied(body: Any, expr: Any, shape: Shape) -> Any:
    """A function of every entry, given as what it is of `ENTRY`: powers have a class of their own."""
    front, rest = body.as_independent(ENTRY, as_Add=False)
    if rest == 1 and front == body:
        return spread(Written(body), shape)
    base, exponent = rest.as_base_exp() if isinstance(rest, sympy.Pow) else (rest, sympy.S.One)
    if base == ENTRY and not exponent.has(ENTRY):
        found = expr if exponent == 1 else power(expr, exponent)
        return found if front == 1 else times(front, found)
    if sides(shape) == (1, 1):  # write out what SymPy would put the matrix itself into
        only = expr[0, 0] if isinstance(expr, sympy.MatrixBase) else sympy.Trace(expr)
        return sympy.ImmutableDenseMatrix([body.xreplace({ENTRY: only})])
    return ElementwiseApplyFunction(sympy.Lambda(ENTRY, body), expr)


def _function(function: Callable[[Any], Any], written: Written) -> Any:
    """A function of a number, or of every entry."""
    return _applied(function(ENTRY), written.expr, written.shape) if written.shape else function(written.expr)


# -- blocks ----------------------------------------------------------------------------------


def _block(written: Written, key: Key) -> Any:
    """The block of a matrix at a key, an int as a range of one place."""
    places, held = _of_matrix(key), (*written.shape, 1)[:2]
    stretches = [_stretch(p, n) for p, n in zip(places, held, strict=True)]
    found = written.expr
    if stretches != [(0, n) for n in held]:
        found = sympy.MatrixSlice(found, *[(start, size(size_plus(n, start)), 1) for start, n in stretches])
    rows, columns = [_selection(p, n) for p, n in zip(places, held, strict=True)]
    return times(*[x for x in (rows, found, None if columns is None else columns.T) if x is not None])


def _placed(block: Written, key: Key, shape: Shape) -> Any:
    """Zeros of a shape with a block at a key."""
    places, held = _of_matrix(key), (*shape, 1)[:2]
    expr = block.expr if block.shape else sympy.ImmutableDenseMatrix([block.expr])
    if len(block.shape) == 1 and isinstance(key[0], int):
        expr = transpose(expr)
    rows, columns = [_selection(p, n) for p, n in zip(places, held, strict=True)]
    expr = times(*[x for x in (None if rows is None else rows.T, expr, columns) if x is not None])
    return _padded(expr, [_stretch(p, n) for p, n in zip(places, held, strict=True)], held)


def _of_matrix(key: Key) -> list[Range | Places]:
    """A key for rows and columns: an int is a range of one place, a vector has one column."""
    places: list[Range | Places] = []
    for p in key:
        if isinstance(p, Paired):
            raise no_matrix("a subscript whose index arrays go together")
        if isinstance(p, Range) and p.start < 0:
            raise no_matrix("an axis of a named size backwards")
        places.append(Range(p, 1) if isinstance(p, int) else p)
    return [*places, Range(0, 1)][:2]


def _stretch(place: Range | Places, n: Size) -> tuple[int, Size]:
    """Where a range starts and how long it is; the whole axis for places that a matrix selects."""
    return (place.start, place.count) if isinstance(place, Range) and place.step == 1 else (0, n)


def _selection(place: Range | Places, n: Size) -> Any:
    """The matrix of zeros and ones that takes places of an axis, None where they are a range."""
    if isinstance(place, Range) and place.step == 1:
        return None
    at = place.at if isinstance(place, Places) else np.arange(int(n))[place.as_slice].tolist()
    return sympy.ImmutableSparseMatrix(len(at), n, dict.fromkeys(enumerate(at), 1))


def _padded(expr: Any, stretches: Sequence[tuple[int, Size]], held: Sequence[Size]) -> Any:
    """A block with zeros around it."""
    cut = []
    for (start, count), n in zip(stretches, held, strict=True):
        parts = [(size(start), False), (size(count), True), (size(n) - start - size(count), False)]
        cut.append([(length, here) for length, here in parts if length != 0 or here])
    down, across = cut
    if len(down) == len(across) == 1:
        return expr
    rows = [[expr if a and b else sympy.ZeroMatrix(n, m) for m, b in across] for n, a in down]
    return sympy.BlockMatrix(rows)


def _are_entries(where: Where) -> bool:
    """Whether blocks are numbers, put where places have numbers."""
    return all(isinstance(n, int) for n in where.shape) and all(isinstance(p, int) for key in where.keys for p in key)
