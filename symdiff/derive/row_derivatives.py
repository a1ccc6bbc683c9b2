"""Sparse derivatives of what is computed row by row: those of one row, in scalars, for all rows at once.

A sum of functions of few variables each is partially separable (Griewank and Toint, Partitioned variable metric
updates for large structured optimization problems, 1982): its Hessian is the sum of their small Hessians, put where
their variables are. So the Jacobian of a mapped function is that of the function, and each of its entries one node
for all rows, whatever their number.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from symdiff.algebra.array_expansion import expand
from symdiff.arrays import indexing
from symdiff.arrays.batching import batch_of_numbers
from symdiff.arrays.contraction import contract
from symdiff.arrays.reading import ADD, EINSUM, PUT, RESHAPE, TAKE, pieces, shape_of
from symdiff.arrays.sparse_blocks.addresses import Numbers, parts_of, places_in, whole_sizes
from symdiff.arrays.sparse_blocks.coordinates import Along, Block, told
from symdiff.arrays.sparse_blocks.rows import rows
from symdiff.build import DIV, MUL, NEG, SUB, build
from symdiff.derive.hessian_modes import hessian_entries
from symdiff.derive.jacobian_modes import jacobian_entries
from symdiff.derive.replace import renewed
from symdiff.graph import VAR, Graph, Variable
from symdiff.handle import handle
from symdiff.keys import Key, Places, Range, is_listed
from symdiff.modes import budgets
from symdiff.names import element_name
from symdiff.ops import arrays
from symdiff.records import FIRST_ARRAY_CODE
from symdiff.shapes import Shape

ForAll = Callable[["_RowProgram", Graph, Sequence[int]], "dict[int, int]"]  # nodes of all rows for scalar ones of one


def nodes_of_all(program: _RowProgram, scalars: Graph, entries: Sequence[int]) -> dict[int, int]:
    """Nodes of one row for all rows, in the graph that was asked."""
    return program.for_all(scalars, entries)


def jacobian_by_rows(
    graph: Graph, output: int, wrt: Sequence[int], for_all: ForAll = nodes_of_all
) -> list[list[Block]] | None:
    """The blocks of the derivatives of a node by variables; None where it is not made of rows, or they are large."""
    sizes = whole_sizes(graph, output)
    if sizes is None or not _is_large(graph, output):
        return None
    depends = depending(graph, [output], wrt)
    found: list[list[Block]] = [[] for _ in wrt]
    stack = [(output, np.arange(math.prod(sizes), dtype=np.intp).reshape(sizes))]
    while stack:
        i, at = stack.pop()
        if i not in depends:
            continue
        program = _program(graph, [i], wrt)
        if program is None:
            parts = parts_of(graph, i, at)
            if parts is None:
                return None
            stack += parts
            continue
        for k, blocks in enumerate(program.jacobian(at, sizes, for_all)):
            found[k] += blocks
    return found


def hessian_by_rows(
    graph: Graph, root: int, wrt: Sequence[int], for_all: ForAll = nodes_of_all
) -> list[list[list[Block]]] | None:
    """The blocks of the second derivatives of a partially separable scalar; None for another, and for large parts."""
    if not _is_large(graph, root):
        return None
    terms = _summed(graph, root, wrt)
    if not terms:
        return None
    found: list[list[list[Block]]] = [[[] for _ in wrt] for _ in wrt]
    groups: dict[Any, list[int]] = {}
    for t in terms:
        groups.setdefault(shape_of(graph, t)[:1], []).append(t)
    for group in groups.values():
        program = _program(graph, group, wrt)
        if program is None:
            return None
        for a, line in enumerate(program.hessian(for_all)):
            for b, blocks in enumerate(line):
                found[a][b] += blocks
    return found


def _is_large(graph: Graph, root: int) -> bool:
    """Whether what is computed is long enough for derivatives of a row to be worth it."""
    cone = graph.cone([root])
    keys = [graph.leaves[graph.nodes[i][1]] for i in cone if graph.nodes[i][0] == TAKE]
    gathers = any(is_listed(p) for key in keys for p in key)
    return len(cone) >= (budgets.ROWS_GATHERED if gathers else budgets.ROWS_NODES)


def depending(graph: Graph, roots: Sequence[int], wrt: Sequence[int]) -> set[int]:
    """The nodes that depend on variables, themselves included."""
    found = set(wrt)
    for i in graph.cone(roots):
        node = graph.nodes[i]
        if node[0] > VAR and not found.isdisjoint(node[1:]):
            found.add(i)
    return found


# -- sums over rows -----------------------------------------------------------------------------------------


def _summed(graph: Graph, root: int, wrt: Sequence[int]) -> list[int] | None:
    """Arrays whose totals a scalar is the sum of, but for what is constant; None where it is more than that."""
    depends = depending(graph, [root], wrt)
    found: list[int] = []
    stack: list[tuple[int, list[int]]] = [(root, [])]  # a term, and what it is multiplied by
    while stack:
        i, factors = stack.pop()
        node = graph.nodes[i]
        if i not in depends:
            continue
        if node[0] in (ADD, SUB):
            sign = [graph.const(-1)] if node[0] == SUB else []
            stack += [(node[1], factors), (node[2], [*factors, *sign])]
        elif node[0] == NEG:
            stack.append((node[1], [*factors, graph.const(-1)]))
        elif node[0] == MUL and (node[1] in depends) != (node[2] in depends):
            inner, outer = (node[1], node[2]) if node[1] in depends else (node[2], node[1])
            stack.append((inner, [*factors, outer]))
        elif node[0] == DIV and node[2] not in depends:
            stack.append((node[1], [*factors, build(graph, DIV, (graph.const(1), node[2]))]))
        elif node[0] == EINSUM:
            parts = _parts_of_product(graph, i, depends)
            if parts is None:
                found.append(_array_of(graph, i, factors, depends))
            else:
                depends |= depending(graph, parts, wrt)
                stack += [(part, factors) for part in parts]
        else:
            return None
    return found


def _largest(graph: Graph, i: int, depends: set[int]) -> tuple[int, str]:
    """The factor of a product that is made of most."""
    moving = [(f, names) for f, names in pieces(graph, i)[1] if names and f in depends]
    return max(moving, key=lambda f: len(graph.reach([f[0]])))


def _array_of(graph: Graph, i: int, scale: Sequence[int], depends: set[int]) -> int:
    """A total as the array that it is the total of."""
    coefficient, factors, _ = pieces(graph, i)
    inner = [(f, tuple(names)) for f, names in factors]
    labels = tuple(dict.fromkeys(_largest(graph, i, depends)[1]))
    return contract(graph, [*inner, *[(f, ()) for f in scale]], labels, None, coefficient)


def _parts_of_product(graph: Graph, i: int, depends: set[int]) -> list[int] | None:
    """A product with what is put together as the products with its parts, None for others."""
    coefficient, factors, _ = pieces(graph, i)
    f, names = _largest(graph, i, depends)
    node = graph.nodes[f]
    others = [(g, tuple(held)) for g, held in factors if g != f]
    if len(others) != len(factors) - 1 or any(held not in ((), tuple(names)) for _, held in others):
        return None
    if len(set(names)) < len(names):
        return None
    if node[0] == RESHAPE and graph.nodes[node[2]][0] not in (PUT, ADD) and not others:
        return None
    parts: list[tuple[int, Callable[[int], int]]]
    if node[0] == RESHAPE:
        parts = [(node[2], partial(_in_shape, graph, shape_of(graph, node[2])))]
    elif node[0] == PUT:
        keys = graph.leaves[node[1]].keys
        parts = [(b, partial(_cut, graph, key)) for b, key in zip(node[2:], keys, strict=True)]
    else:
        return None
    found = []
    for part, cut in parts:
        labels = tuple(range(len(shape_of(graph, part))))
        cuts = [(g, ()) if not held else (cut(g), labels) for g, held in others]
        found.append(contract(graph, [(part, labels), *cuts], (), None, coefficient))
    return found


def _cut(graph: Graph, key: Key, i: int) -> int:
    return indexing.take(graph, i, key)


def _in_shape(graph: Graph, shape: Shape, i: int) -> int:
    return indexing.reshape(graph, i, shape)


# -- the program of one row, in scalars ------------------------------------------------------------------------


def _program(graph: Graph, roots: Sequence[int], wrt: Sequence[int]) -> _RowProgram | None:
    """The program of a row of some nodes, of as few axes in front as leave rows small; None where none do."""
    shapes = [shape_of(graph, i) for i in roots]
    for count in range(1, min(map(len, shapes)) + 1):
        lead = shapes[0][:count]
        if any(shape[:count] != lead for shape in shapes):
            return None
        program = _RowProgram(graph, lead, roots, wrt)
        if program.is_small:
            return program if program.is_separable else None
    return None


# operations of arrays that have short formulas in scalars, with the same slopes
_EXPANDED = frozenset(
    op.opcode
    for op in (
        arrays.einsum, arrays.take, arrays.put, arrays.reshape, arrays.product, arrays.logsumexp, arrays.array_norm,
        arrays.cumsum,
    )
)  # fmt: skip


class _Source(NamedTuple):
    """Entries of a variable that a row reads: which variable, and the number of each of them, in all rows."""

    row: int
    variable: int  # its place among those that derivatives are taken by
    at: Numbers


class _RowProgram:
    """The program of one row, and where the variables of all rows are."""

    def __init__(self, graph: Graph, lead: Shape, roots: Sequence[int], wrt: Sequence[int]) -> None:
        self.graph, self.lead, self.wrt = graph, lead, wrt
        self.roots, self.sources = rows(graph, roots, lead)
        depends = depending(graph, [*self.roots, *self.sources.values()], wrt)
        moving = [(row, source) for row, source in self.sources.items() if source in depends]
        held = [shape_of(graph, row) for row in [*self.sources, *self.roots]]
        self.is_small = (
            bool(moving)
            and all(isinstance(n, int) for shape in (*held, lead) for n in shape)
            and sum(map(_entries, held)) <= budgets.ROWS_WIDTH
        )
        self.moving: list[_Source] = []
        self.is_separable = self.is_small and self._find(moving, depends)

    def _find(self, moving: Sequence[tuple[int, int]], depends: set[int]) -> bool:
        """Find where the sources that move are in variables; whether each is a selection of one, and no other moves."""
        graph = self.graph
        for row, source in moving:
            below = [k for k in graph.cone([source]) if k in self.wrt]
            at = places_in(graph, source, below[0], depends) if len(below) == 1 else None
            if at is None:
                return False
            self.moving.append(_Source(row, self.wrt.index(below[0]), at))
        cone = graph.cone(self.roots)
        count = sum(_entries(shape_of(graph, i)) for i in cone)
        codes = {graph.nodes[i][0] for i in cone if graph.nodes[i][0] >= FIRST_ARRAY_CODE}
        return codes <= _EXPANDED and not depends.intersection(cone) and count <= budgets.ROWS_SCALARS

    def jacobian(self, at: Numbers, sizes: Sequence[int], for_all: ForAll) -> list[list[Block]]:
        """The blocks of the derivatives by each variable; `at` numbers the entries in an array of some sizes."""
        scalars = Graph(self.graph.simplify)
        (outputs,) = self._expanded(scalars)
        inputs = self._inputs(scalars)
        entries = jacobian_entries(scalars, list(dict.fromkeys(outputs)), list(inputs), "auto")
        rows_at = at.reshape(*_ints(self.lead), -1)
        found: list[list[tuple[int, Numbers, Numbers]]] = [[] for _ in self.wrt]
        for p, i in enumerate(outputs):
            for j, (variable, columns) in inputs.items():
                if (i, j) in entries:
                    found[variable].append((entries[i, j], rows_at[..., p], columns))
        values = for_all(self, scalars, [value for one in found for value, _, _ in one])
        return [
            self._blocks([values[v] for v, _, _ in one], [(r, c) for _, r, c in one], sizes, self._sizes(k))
            for k, one in enumerate(found)
        ]

    def hessian(self, for_all: ForAll) -> list[list[list[Block]]]:
        """The blocks of the second derivatives of the sum of all entries, by each pair of variables."""
        scalars = Graph(self.graph.simplify)
        total = scalars.const(0)
        for i in [i for each in self._expanded(scalars) for i in each]:
            total = build(scalars, ADD, (total, i))
        inputs = self._inputs(scalars)
        entries = hessian_entries(scalars, total, sorted(inputs))
        groups: dict[tuple[int, int], list[tuple[int, Numbers, Numbers]]] = {}
        for (i, j), value in sorted(entries.items(), key=lambda entry: entry[0][0] == entry[0][1]):
            (a, rows_at), (b, columns) = inputs[i], inputs[j]
            groups.setdefault((a, b), []).append((value, rows_at, columns))
            if i != j:
                groups.setdefault((b, a), []).append((value, columns, rows_at))
        values = for_all(self, scalars, list(entries.values()))
        return [
            [
                self._blocks(
                    [values[v] for v, _, _ in groups.get((a, b), [])],
                    [(r, c) for _, r, c in groups.get((a, b), [])],
                    self._sizes(a),
                    self._sizes(b),
                )
                for b in range(len(self.wrt))
            ]
            for a in range(len(self.wrt))
        ]

    def _sizes(self, variable: int) -> tuple[int, ...]:
        return _ints(shape_of(self.graph, self.wrt[variable]))

    # -- there and back ------------------------------------------------------------------------------------

    def _expanded(self, scalars: Graph) -> list[list[int]]:
        """The entries of a row of each root, over scalar variables, in a graph of their own."""
        graph = self.graph
        fixed = [i for i in graph.cone(self.roots) if graph.nodes[i][0] == VAR and i not in self.sources]
        self._fixed = {graph.var(Variable(f"fixed {k}", shape=shape_of(graph, i))): i for k, i in enumerate(fixed)}
        renamed = renewed(graph, self.roots, {i: k for k, i in self._fixed.items()})
        found = []
        for i in renamed:
            each = np.ravel(np.array(expand(handle(graph, i)), dtype=object)).tolist()
            found.append(scalars.adopt(each[0]._graph, [e._index for e in each]))
        return found

    def _inputs(self, scalars: Graph) -> dict[int, tuple[int, Numbers]]:
        """The scalar variables that move: which variable each is an entry of, and the number of that in all rows."""
        found = {}
        for source in self.moving:
            at = source.at.reshape(*_ints(self.lead), -1)
            for p, key in enumerate(_keys(self.graph, source.row)):
                i = scalars.find((VAR, key))
                if i is not None:
                    found[i] = (source.variable, at[..., p])
        return found

    def scalar_inputs(self, scalars: Graph) -> list[tuple[int, int, int]]:
        """The variables of a row: each in the graph of scalars, what all rows have for it, and its place in a row.

        Of what is the same in all rows the place is in the whole array, counted from -1 down.
        """
        found = []
        for k, whole in (*self.sources.items(), *self._fixed.items()):
            for place, key in enumerate(_keys(self.graph, k)):
                i = scalars.find((VAR, key))
                if i is not None:
                    found.append((i, whole, place if k in self.sources else -1 - place))
        return found

    def for_all(self, scalars: Graph, entries: Sequence[int]) -> dict[int, int]:
        """Nodes of one row for all rows, in the graph that was asked."""
        graph = self.graph
        different = list(dict.fromkeys(entries))
        nodes = graph.adopt(scalars, different)
        stand, same = {}, {}
        front = [Range(0, n) for n in self.lead]
        for row, source in self.sources.items():
            for place, key in zip(np.ndindex(*_ints(shape_of(graph, row))), _keys(graph, row), strict=True):
                i = graph.find((VAR, key))
                if i is not None:
                    stand[i] = indexing.take(graph, source, (*front, *place)) if place else source
        for k, original in self._fixed.items():
            for place, key in zip(np.ndindex(*_ints(shape_of(graph, k))), _keys(graph, k), strict=True):
                i = graph.find((VAR, key))
                if i is not None:
                    same[i] = indexing.take(graph, original, place) if place else original
        nodes = renewed(graph, nodes, same) if same else nodes
        return dict(zip(different, batch_of_numbers(graph, nodes, stand, self.lead), strict=True))

    def _blocks(
        self, values: Sequence[int], places: Sequence[tuple[Numbers, Numbers]], *sizes: Sequence[int]
    ) -> list[Block]:
        """A block for each entry of all rows."""
        graph, lead = self.graph, _ints(self.lead)
        pairs = [[np.broadcast_to(side, lead) for side in pair] for pair in places]
        held = [(rows_at >= 0) & (columns >= 0) for rows_at, columns in pairs]
        found = []
        for value, pair, mask in zip(values, pairs, held, strict=True):
            if mask.any():
                axes: list[Along] = []
                for side, shape in zip(pair, sizes, strict=True):
                    axes += [_along(one) for one in np.unravel_index(side[mask], shape)]
                found.append(Block(_taken(graph, value, mask), tuple(axes)))
        return found


def _along(at: Numbers) -> Along:
    """Places of an axis along the entries of a vector, as what is shortest."""
    if np.all(at == at[0]):
        return Along(None, int(at[0]))
    spot = told(at)
    assert not isinstance(spot, int)
    return Along(0, spot)


def _taken(graph: Graph, i: int, mask: Any) -> int:
    """The entries of a node at which a mask is true, as a vector: of a rectangle by ranges."""
    along = [np.flatnonzero(mask.any(tuple([k for k in range(mask.ndim) if k != axis]))) for axis in range(mask.ndim)]
    count = int(mask.sum())
    spans = [told(at) for at in along]
    ranges = [Range(at, 1) if isinstance(at, int) else at for at in spans]
    if count == math.prod(map(len, along)) and all(isinstance(at, Range) for at in ranges):
        return indexing.reshape(graph, indexing.take(graph, i, tuple(ranges)), (count,))  # type: ignore[arg-type]
    flat = indexing.reshape(graph, i, (mask.size,))
    return indexing.take(graph, flat, (Places(tuple(np.flatnonzero(mask).tolist())),))


def _keys(graph: Graph, row: int) -> list[Any]:
    """The keys of the scalar variables that a variable is expanded to."""
    cell, shape = graph.leaves[row], shape_of(graph, row)
    return [element_name(cell.name, place) for place in np.ndindex(*_ints(shape))] if shape else [cell.key]


def _ints(shape: Shape) -> tuple[int, ...]:
    return tuple([n for n in shape if isinstance(n, int)])


def _entries(shape: Shape) -> int:
    return math.prod(_ints(shape))
