"""Sparse matrices of array expressions: derivatives of arrays by arrays, as blocks that are not zero by structure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from symdiff.array_functions import operands
from symdiff.arrays import joining
from symdiff.arrays.contraction import size_node, transposed, zeros
from symdiff.arrays.indexing import put_blocks, reshape, take
from symdiff.arrays.reading import shape_of
from symdiff.arrays.sparse_blocks.assembly import Assembly, Part, assembly
from symdiff.arrays.sparse_blocks.block_products import as_vectors, times
from symdiff.arrays.sparse_blocks.block_structure import blocks, whole, whole_of
from symdiff.arrays.sparse_blocks.coordinates import Along, Block
from symdiff.arrays.sparse_blocks.entry_counts import beyond, names_of, polynomial
from symdiff.arrays.sums import add
from symdiff.errors import SymdiffTypeError, SymdiffValueError
from symdiff.graph import STATIC, VAR, Graph
from symdiff.handle import Handle, gather, handle, restored
from symdiff.index_labels import letter
from symdiff.keys import Range, Where, is_listed
from symdiff.shapes import Shape, Size, bound, named, shown
from symdiff.sparse import SparseMatrix, in_numbers

if TYPE_CHECKING:
    import scipy.sparse
    from numpy.typing import NDArray

_PATTERNS = 8  # sizes whose patterns are kept
_SHOWN = 20  # count of blocks that are printed
_LETTERS = 5_000  # length of the keys and labels in an expression beyond which its text takes long
_ENTRIES = 50_000_000  # limit of the entries of blocks, 1.2 GB while they are put together


class SparseBlockMatrix(SparseMatrix):
    """The derivatives of array expressions by array variables as one sparse matrix, read off their structure.

    A function of m axes by a variable of k axes has as many rows and columns as these have entries, in their order
    (row-major); of several functions rows are one below the other, of several variables columns side by side. Sizes
    may have names: `shape` and `nnz` are formulas then, `rows`, `cols` and `values` wait for numbers.

    Parameters
    ----------
    parts : nested list of expressions
        For each function and variable the derivative, of shape function + variable.
    functions, variables : list of shapes

    Raises
    ------
    SymdiffValueError
        For parts of other shapes.

    >>> import symdiff as sd
    >>> x = sd.Var("x", shape="n")
    >>> H = ((x[1:] - x[:-1])**4).sum().hessian(x, sparse=True)
    >>> H.shape, H.nnz
    ((n, n), 3*n - 2)
    >>> print(H.evaluate(x=[1.0, 3.0, 4.0]).toarray())
    [[ 48. -48.   0.]
     [-48.  60. -12.]
     [  0. -12.  12.]]
    """

    __slots__ = ("_assembled", "_functions", "_graph", "_held", "_known", "_patterns", "_read", "_variables")

    of_arrays = True

    def __init__(self, parts: Sequence[Sequence[Any]], functions: Sequence[Shape], variables: Sequence[Shape]) -> None:
        flat = [part for row in parts for part in row]
        self._begin(functions, variables)
        self._known: Sequence[int] | None
        wanted = [f + v for f in self._functions for v in self._variables]
        self._graph, self._known = gather(flat)
        found = [shape_of(self._graph, i) for i in self._derivatives]
        if found != wanted or [len(row) for row in parts] != [len(self._variables)] * len(self._functions):
            raise SymdiffValueError(
                f"parts of shapes {', '.join(map(shown, found))} are no derivatives of functions of shapes "
                f"{', '.join(map(shown, self._functions))} by variables of {', '.join(map(shown, self._variables))}"
            )

    def _begin(self, functions: Sequence[Shape], variables: Sequence[Shape]) -> None:
        self._functions: tuple[Shape, ...] = tuple(map(tuple, functions))
        self._variables: tuple[Shape, ...] = tuple(map(tuple, variables))
        self._read: list[Part] | None = None
        self._held: tuple[str, ...] | None = None
        self._assembled: Assembly | None = None
        self._patterns: dict[tuple[int, ...], Assembly] = {}

    @classmethod
    def of_blocks(
        cls, graph: Graph, parts: Sequence[Part], functions: Sequence[Shape], variables: Sequence[Shape]
    ) -> SparseBlockMatrix:
        """The matrix of blocks; the derivatives that they make are nodes once these are asked for."""
        self = cls.__new__(cls)
        self._begin(functions, variables)
        self._graph, self._read, self._known = graph, list(parts), None
        return self

    @property
    def _derivatives(self) -> Sequence[int]:
        """For each function and variable the derivative as a node."""
        if self._known is None:
            graph, assembled = self._graph, {(part.row, part.col): part.blocks for part in self.blocks}
            self._known = [
                whole_of(graph, assembled.get((r, c), ()), f + v)
                for r, f in enumerate(self._functions)
                for c, v in enumerate(self._variables)
            ]
        return self._known

    # -- structure ------------------------------------------------------------------------

    @property
    def graph(self) -> Graph:
        """The graph of the values of blocks."""
        return self._graph

    @property
    def blocks(self) -> list[Part]:
        """The blocks of each derivative, nodes of values, and where they are."""
        if self._read is None:
            each = len(self._variables)
            read = [(k, blocks(self._graph, i)) for k, i in enumerate(self._derivatives)]
            self._read = [Part(k // each, k % each, found) for k, found in read if found]
        return self._read

    @property
    def nodes(self) -> list[int]:
        """The nodes of the values of all blocks, in the order in which `assembly` has them."""
        return _values_of(self.blocks)

    def values_of_blocks(self) -> list[Handle]:
        """The values of all blocks as expressions, in that order."""
        return _handles(self._graph, self.nodes)

    @property
    def has_names(self) -> bool:
        """Whether a size that has a name is in the pattern."""
        return bool(self._names) or bool(self._sizes)

    def pattern(self, sizes: Mapping[str, int]) -> Assembly:
        """The `assembly` for some sizes, kept for the next time.

        Raises
        ------
        SymdiffValueError
            For sizes so small that ranges end before they start: blocks are others then.
        """
        if not self.has_names:
            return self.assembly()
        if self.blocks_at(sizes) is not self.blocks:
            shown_sizes = ", ".join([f"{name} = {number}" for name, number in sizes.items()])
            raise SymdiffValueError(f"with {shown_sizes} ranges of this matrix end before they start: evaluate it")
        key = tuple([sizes[named(n)[0]] for n in self._sizes])
        found = self._patterns.get(key)
        if found is None:
            if len(self._patterns) >= _PATTERNS:
                self._patterns.clear()
            found = self._patterns[key] = self.assembly(sizes)
        return found

    def alone(self) -> SparseBlockMatrix:
        """The same matrix in a graph that holds nothing else."""
        restore, arguments = self.__reduce__()
        found: SparseBlockMatrix = restore(*arguments)
        return found

    def joined(self, graph: Graph, given: Mapping[Any, int], sizes: Mapping[str, Size]) -> SparseBlockMatrix:
        """The same matrix over other nodes and sizes, in their graph; see `arrays/joining.py`."""
        functions, variables = [[joining.shape(s, sizes) for s in axis] for axis in (self._functions, self._variables)]
        moved = [[[_moved(a, sizes) for a in b.axes] for b in part.blocks] for part in self.blocks]
        ranges = [a.at.count for blocks in moved for axes in blocks for a in axes if isinstance(a.at, Range)]
        if any(isinstance(n, int) and n < 0 for n in ranges):  # sizes at which ranges end before they start
            nodes = joining.joined(graph, self._graph, self._derivatives, given, sizes)
            return _restored_blocks(functions, variables, graph, nodes)
        values = iter(joining.joined(graph, self._graph, self.nodes, given, sizes))
        parts = [
            part._replace(blocks=[Block(next(values), tuple(axes)) for _, axes in zip(part.blocks, own, strict=True)])
            for part, own in zip(self.blocks, moved, strict=True)
        ]
        return SparseBlockMatrix.of_blocks(graph, parts, functions, variables)

    def blocks_at(self, sizes: Mapping[str, int]) -> list[Part]:
        """The blocks, or each derivative as a whole where sizes are so small that ranges end before they start."""
        if all(sizes.get(name, -offset) + offset >= 0 for name, offset in map(named, self._sizes)):
            return self.blocks
        each = len(self._variables)
        return [Part(k // each, k % each, whole(self._graph, i)) for k, i in enumerate(self._derivatives)]

    @property
    def _sizes(self) -> tuple[str, ...]:
        """The sizes that have names, inside of values too."""
        if self._held is None:
            inside = self._graph.cone([*(self._known or ()), *self.nodes])
            shapes = [*self._functions, *self._variables, *[shape_of(self._graph, i) for i in inside]]
            self._held = tuple(dict.fromkeys([n for shape in shapes for n in shape if isinstance(n, str)]))
        return self._held

    @property
    def _names(self) -> list[str]:
        """The names that tell how many rows and columns there are."""
        return names_of([*self._functions, *self._variables])

    def assembly(self, sizes: Mapping[str, int] | None = None) -> Assembly:
        """The pattern, and where each entry of each block goes, named sizes being these numbers.

        Raises
        ------
        SymdiffTypeError, SymdiffValueError
            For a size without a number, and for blocks that would fill the memory.
        """
        numbers = dict(sizes or {})
        missing = [name for name in self._names if name not in numbers]
        if missing:
            raise SymdiffTypeError(
                f"entries are found once {' and '.join(missing)} {'are numbers' if missing[1:] else 'is a number'}: "
                "evaluate the matrix at a point"
            )
        parts = self.blocks_at(numbers)
        alike = not self._names and parts is self.blocks  # whatever the sizes inside of values are
        if alike and self._assembled is not None:
            return self._assembled
        inside = [name for name in names_of([self._sizes]) if name not in numbers]
        numbers.update({name: beyond(self._graph, parts) for name in inside})
        self._check_size(parts, numbers)
        found = assembly(self._graph, parts, self._functions, self._variables, numbers)
        if alike:
            self._assembled = found
        return found

    def _check_size(self, parts: Sequence[Part], sizes: Mapping[str, int]) -> None:
        count = sum(math.prod(bound(shape_of(self._graph, i), sizes)) for i in _values_of(parts))
        if count > _ENTRIES:
            raise SymdiffValueError(
                f"the blocks of this matrix have {count:,} entries; {_ENTRIES:,} are made at most: products with "
                "vectors are sd.jvp, sd.vjp and sd.hvp"
            )

    # -- the face of a sparse matrix ----------------------------------------------------------

    @property
    def shape(self) -> tuple[Any, Any]:  # type: ignore[override]
        """How many rows and columns there are, ints, or expressions in named sizes."""
        return self._total(self._functions), self._total(self._variables)

    def _total(self, shapes: Sequence[Shape]) -> Any:
        count: Any = 0
        for shape in shapes:
            factors = [n if isinstance(n, int) else handle(self._graph, size_node(self._graph, n)) for n in shape]
            product: Any = 1
            for factor in factors:
                product = product * factor
            count = count + product
        return count

    @property
    def nnz(self) -> Any:
        """The number of entries, an int, or an expression in named sizes.

        Such an expression holds for all sizes but the smallest, at which ranges that start at different ends meet.
        """
        names = self._names
        if not names:
            return len(self.assembly().indices)
        found = polynomial(self._graph, self.blocks, names, lambda sizes: len(self.assembly(sizes).indices))
        count: Any = 0
        for powers, coefficient in sorted(found.items(), reverse=True):
            term: Any = coefficient.numerator if coefficient.denominator == 1 else coefficient
            for name, power in zip(names, powers, strict=True):
                term = term * handle(self._graph, size_node(self._graph, name)) ** power
            count = count + term
        return count

    @property
    def rows(self) -> NDArray[np.intp]:  # type: ignore[override]
        """The row of each entry, where sizes are numbers."""
        found = self.assembly()
        return np.repeat(np.arange(found.shape[0]), np.diff(found.indptr))

    @property
    def cols(self) -> NDArray[np.intp]:  # type: ignore[override]
        """The column of each entry, where sizes are numbers."""
        return self.assembly().indices

    @property
    def values(self) -> NDArray[Any]:  # type: ignore[override]
        """Each entry as a scalar expression, where sizes are numbers, an expression an entry, which takes time."""
        found = self.assembly()
        terms: list[list[tuple[int, int]]] = [[] for _ in found.indices]
        places = iter(found.places.tolist())
        for k, i in enumerate(self.nodes):
            for entry in self._taken(found, k, i).tolist():
                terms[next(places)].append((i, entry))
        entries = np.empty(len(terms), dtype=object)
        entries[:] = [self._sum_of_entries(t) for t in terms]
        return entries

    def _taken(self, found: Assembly, k: int, i: int) -> NDArray[np.intp]:
        """The entries of the values of block k that are in the matrix."""
        taken = found.taken[k]
        count = math.prod([n for n in shape_of(self._graph, i) if isinstance(n, int)])
        return np.arange(count) if taken is None else taken

    def _sum_of_entries(self, terms: Sequence[tuple[int, int]]) -> Handle:
        """The sum of entries of values, each by its number in the flat array."""
        graph, entries = self._graph, []
        for i, entry in terms:
            key = _unravelled(entry, shape_of(graph, i))
            entries.append(take(graph, i, key) if key else i)
        return handle(graph, entries[0] if len(entries) == 1 else add(graph, entries, ()))

    @property
    def T(self) -> SparseBlockMatrix:  # noqa: N802  # named as everywhere
        """The transpose."""
        turned = [[self._turned(r, c) for r in range(len(self._functions))] for c in range(len(self._variables))]
        return SparseBlockMatrix(turned, self._variables, self._functions)

    def _turned(self, row: int, col: int) -> Handle:
        i = self._derivatives[row * len(self._variables) + col]
        axes = list(range(len(shape_of(self._graph, i))))
        first = len(self._functions[row])
        return handle(self._graph, transposed(self._graph, i, axes[first:] + axes[:first]) if axes else i)

    def toarray(self) -> Any:
        """The dense matrix, as one array expression.

        Raises
        ------
        SymdiffTypeError
            Where a size that has a name would have to be multiplied or added.
        """
        if len(self._derivatives) == 1:
            rows, cols = as_vectors(self._functions), as_vectors(self._variables)
            return handle(self._graph, self._reshaped(self._derivatives[0], (rows[0], cols[0])))
        heights, widths = self._counts()
        placed, keys = [], []
        for k, i in enumerate(self._derivatives):
            r, c = divmod(k, len(widths))
            placed.append(self._reshaped(i, (heights[r], widths[c])))
            keys.append((Range(sum(heights[:r]), heights[r]), Range(sum(widths[:c]), widths[c])))
        return handle(self._graph, put_blocks(self._graph, placed, tuple(keys), (sum(heights), sum(widths))))

    def _counts(self) -> list[list[int]]:
        """The numbers of entries of functions, and of variables.

        Raises
        ------
        SymdiffTypeError
            For a size that has a name.
        """
        found = [as_vectors(shapes) for shapes in (self._functions, self._variables)]
        if self._names:
            raise SymdiffTypeError("several functions and variables are one matrix once their sizes are numbers")
        return [[n for n in counts if isinstance(n, int)] for counts in found]

    def _reshaped(self, i: int, shape: Shape) -> int:
        if i in self._graph.shapes:
            return reshape(self._graph, i, shape)
        return put_blocks(self._graph, [i], ((0, 0),), shape)

    def __getitem__(self, place: tuple[int, int]) -> Any:
        """The entry at a place, the constant 0 where there is none."""
        row, col = self._place(place)
        found = self.assembly()
        first, last = found.indptr[row : row + 2]
        k = first + np.searchsorted(found.indices[first:last], col)
        if k == last or found.indices[k] != col:
            return handle(self._graph, self._graph.const(0))
        flat = [(i, entry) for n, i in enumerate(self.nodes) for entry in self._taken(found, n, i)]
        return self._sum_of_entries([flat[p] for p in np.flatnonzero(found.places == k)])

    # -- products ---------------------------------------------------------------------------

    __array_ufunc__ = None  # leave `array @ matrix` to the matrix

    def __matmul__(self, other: Any) -> Any:
        """The product with a vector or a matrix of numbers or expressions: as large as its blocks, never dense.

        Raises
        ------
        SymdiffTypeError, SymdiffValueError
            For other than one or two axes, and for another number of rows than there are columns.
        """
        graph, found = operands([*[handle(self._graph, i) for i in self.nodes], other])
        whole = shape_of(graph, found[-1])
        if not 0 < len(whole) < 3:
            raise SymdiffTypeError(
                f"a sparse matrix is multiplied by a vector or a matrix, not by shape {shown(whole)}"
            )
        values = iter(found[:-1])
        parts = [p._replace(blocks=[b._replace(values=next(values)) for b in p.blocks]) for p in self.blocks]
        product = times(graph, parts, self._functions, self._variables, found[-1])
        if product is None:
            shape = ", ".join(map(str, self.shape))
            raise SymdiffValueError(f"a matrix of shape ({shape}) is not multiplied by shape {shown(whole)}")
        return handle(graph, product)

    def __rmatmul__(self, other: Any) -> Any:
        """The product with a vector or a matrix from the left."""
        graph, (i,) = operands([other])
        product = self.T @ handle(graph, transposed(graph, i))
        return handle(product._graph, transposed(product._graph, product._index))

    # -- values -----------------------------------------------------------------------------

    def evaluate(self, point: Any = None, /, **values: Any) -> scipy.sparse.csr_array:
        """The matrix at a point, as a `scipy.sparse.csr_array`: values of blocks, put together.

        Parameters
        ----------
        point, **values
            As for `Expr.evaluate`, one number or array a variable. Fractions become floats.

        Raises
        ------
        MissingValueError, SymdiffTypeError, SymdiffValueError
            For variables without a value, values with axes of a batch, and named sizes of which no array of the
            point tells the number.
        """
        from scipy.sparse import csr_array

        from symdiff.algebra.evaluate import evaluate

        graph, names = self._graph, names_of([self._sizes])
        inside = graph.cone(self.nodes if self._known is None else self._known)
        variables = [i for i in inside if graph.nodes[i][0] == VAR]  # which tell the sizes
        wanted = [*[size_node(graph, n) for n in names], *variables]
        numbers = evaluate(_handles(graph, wanted), point, **values) if names else []
        sizes = {name: int(number) for name, number in zip(names, numbers, strict=False)}
        parts = self.blocks_at(sizes)
        self._check_size(parts, sizes)
        nodes = [*_values_of(parts), zeros(graph, (1,))]  # an array, so that the point is read as one of arrays
        arrays = [np.asarray(v) for v in evaluate(_handles(graph, nodes), point, **values)][:-1]
        if any(v.shape != bound(shape_of(graph, i), sizes) for i, v in zip(nodes, arrays, strict=False)):
            raise SymdiffValueError("a sparse matrix is evaluated at one point: give no axes of a batch")
        pattern = self.assembly(sizes)
        data = pattern.data([in_numbers(v) for v in arrays])
        return csr_array((data, pattern.indices.copy(), pattern.indptr.copy()), shape=pattern.shape)

    # -- what it is told by, and how it is kept ---------------------------------------------------

    def parts(self) -> list[Any]:
        """The derivatives, function by function."""
        return [handle(self._graph, i) for i in self._derivatives]

    def outline(self) -> dict[str, Any]:
        """The shapes of the functions and of the variables, as lists."""
        shapes = [[list(shape) for shape in axis] for axis in (self._functions, self._variables)]
        return {"functions": shapes[0], "variables": shapes[1]}

    def of_parts(self, parts: Sequence[Any]) -> SparseBlockMatrix:
        """The same matrix of other derivatives."""
        each = len(self._variables)
        rows = [parts[k * each : (k + 1) * each] for k in range(len(self._functions))]
        return SparseBlockMatrix(rows, self._functions, self._variables)

    def __reduce__(self) -> tuple[Any, ...]:
        """The derivatives share one graph in a pickle too, which holds nothing else."""
        alone = Graph(self._graph.simplify)
        if self._known is None:
            values = iter(alone.adopt(self._graph, self.nodes))
            parts = [p._replace(blocks=[b._replace(values=next(values)) for b in p.blocks]) for p in self.blocks]
            return SparseBlockMatrix.of_blocks, (alone, parts, self._functions, self._variables)
        return _restored_blocks, (self._functions, self._variables, alone, alone.adopt(self._graph, self._derivatives))

    def __str__(self) -> str:
        held = [(part, block) for part in self.blocks for block in part.blocks]
        lines = []
        for part, block in held[:_SHOWN]:
            axes, count = [_spelled(a) for a in block.axes], len(self._functions[part.row])
            of = f"{part.row}, {part.col}: " * (len(self._functions) * len(self._variables) > 1)
            places = "; ".join([", ".join(group) for group in (axes[:count], axes[count:])])
            lines.append(f"  {of}({places})  {_told(self._graph, block.values)}")
        return "\n".join([repr(self), *lines, *["  …"] * (len(held) > _SHOWN)])

    def __repr__(self) -> str:
        shape, count = ", ".join(map(str, self.shape)), sum(len(part.blocks) for part in self.blocks)
        entries = "" if self._names else f"{self.nnz} entries in "
        return f"<SparseBlockMatrix of shape ({shape}) with {entries}{count} block{'s' * (count != 1)}>"


def _moved(axis: Along, sizes: Mapping[str, Size]) -> Along:
    """Where an axis is in other sizes."""
    return axis._replace(at=joining.place_in(axis.at, sizes)) if isinstance(axis.at, Range) else axis


def _values_of(parts: Sequence[Part]) -> list[int]:
    return [block.values for part in parts for block in part.blocks]


def _handles(graph: Graph, nodes: Sequence[int]) -> list[Handle]:
    return [handle(graph, i) for i in nodes]


def _restored_blocks(
    functions: Sequence[Shape], variables: Sequence[Shape], graph: Graph, indices: Sequence[int]
) -> SparseBlockMatrix:
    flat, each = [restored(graph, i) for i in indices], len(variables)
    return SparseBlockMatrix([flat[k * each : (k + 1) * each] for k in range(len(functions))], functions, variables)


def _unravelled(place: int, shape: Shape) -> tuple[int, ...]:
    sizes = tuple([n for n in shape if isinstance(n, int)])
    return tuple([int(k) for k in np.unravel_index(place, sizes)]) if sizes else ()


def _told(graph: Graph, i: int) -> str:
    """Values as text: their shape where index arrays would make it long."""
    from symdiff.algebra.notation.text import short  # import late: importing symdiff needs nothing that writes

    if sum(_length(graph.leaves[j]) for j in graph.cone([i]) if graph.nodes[j][0] == STATIC) > _LETTERS:
        return f"an array of shape {shown(shape_of(graph, i))}"
    return short(handle(graph, i))


def _length(parameter: Any) -> int:
    """About how many letters a parameter has as text: most have those of places."""
    keys: Any = parameter.keys if isinstance(parameter, Where) else (parameter,)
    return sum(8 + sum(6 * len(p.at) for p in key if is_listed(p)) for key in keys if isinstance(key, tuple))


def _spelled(axis: Along) -> str:
    """Where an axis of a block is, as text: `i + 1`, `[0, 2, 5, …][i]`."""
    if axis.label is None:
        return str(axis.at)
    name = letter(8 + axis.label)
    if isinstance(axis.at, np.ndarray):
        return f"[{', '.join(map(str, axis.at[:3]))}{', …' * (len(axis.at) > 3)}][{name}]"
    if axis.at.start < 0:
        return f"{axis.at.count} - 1 - {name}"
    step = name if axis.at.step == 1 else f"{axis.at.step}*{name}"
    return f"{step} + {axis.at.start}" if axis.at.start else step
