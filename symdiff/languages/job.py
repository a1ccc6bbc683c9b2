"""What generated code is of: outputs and inputs as `sd.compile` takes them, in numbers of entries."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate
from math import prod
from typing import Any, NamedTuple

import numpy as np

from symdiff.algebra.notation.text import text
from symdiff.arrays.indexing import put_blocks, reshape, take
from symdiff.compile.arguments import Argument, arguments_of
from symdiff.compile.kernel import Options
from symdiff.compile.results import ARRAY, BLOCKS, NUMBER, SPARSE, Leaf, Results
from symdiff.compile.tape import check_lacking
from symdiff.errors import SymdiffTypeError, SymdiffValueError
from symdiff.graph import VAR, Graph, check_namesakes
from symdiff.handle import Handle, as_handle, gather, handle
from symdiff.keys import Places, Range
from symdiff.languages.program import INPUT, OUTPUT, Buffer, Making, Program, View, whole
from symdiff.neighbours import as_expressions, holds_sympy
from symdiff.ops.arrays import infer
from symdiff.shapes import Shape, bound, named, shown
from symdiff.wrt import named_arrays

_SHOWN = 100  # letters of a formula in a comment
_FEW = 200  # nodes of an expression whose formula is shown


class Given(NamedTuple):
    """An input: its name, the shape of an array of variables or of an array variable, and its nodes."""

    name: str
    shape: tuple[int, ...] | None
    array: bool  # whether it is an array variable
    nodes: list[int]
    columns: bool = False  # whether it lies column by column

    @property
    def size(self) -> int:
        """How many numbers it is."""
        return prod(self.shape or ())

    @property
    def label(self) -> str:
        """Its name as comments show it."""
        return _printed(self.name)

    @property
    def said(self) -> str:
        """What it is in words."""
        return f"shape {shown(self.shape)}{'' if self.columns else ', row by row'}" if self.shape else "a number"


class Item(NamedTuple):
    """An output: where its entries are among all, what it is, and the patterns of sparse matrices in it."""

    size: int
    said: str
    patterns: list[tuple[str, tuple[int, int], Sequence[int], Sequence[int]]]


class Job:
    """Outputs as functions of inputs, ready to be written in a language.

    Arrays and sparse matrices are row by row, or with `columns` column by column.

    Raises
    ------
    SymdiffTypeError, SymdiffValueError
        As `sd.compile` does, and for a named size without a number.
    """

    def __init__(
        self, outputs: Any, inputs: Any, name: str, options: Options, sizes: Mapping[str, int], columns: bool = False
    ) -> None:
        self.columns = columns
        self.name, self.options, self.sizes = name, options, sizes
        self.language = ""
        self.single = options.dtype == np.float32
        if holds_sympy([outputs, inputs]):
            outputs, inputs = as_expressions(outputs, inputs)
        self.results = Results(outputs)
        values = [_output(value) for value in self.results.values]
        graph, roots = gather(values)
        arguments, variables = arguments_of(named_arrays(graph, inputs))
        self.graph = own = Graph()
        if graph.infer is not None:
            own.hold_arrays(infer)
        self.roots = own.adopt(graph, roots)
        nodes = [_variable(own, graph, v) for v in variables]
        self.variables = nodes
        cone = self._cone = own.cone(self.roots)
        cells = [own.leaves[i] for i in {*cone, *nodes} if own.nodes[i][0] == VAR]
        check_namesakes(cells)
        held = set(nodes)
        check_lacking([own.leaves[i].name for i in cone if own.nodes[i][0] == VAR and i not in held])
        _check_sizes([*[own.leaves[i] for i in nodes]], sizes)
        self.arguments = [self._given(a) for a in arguments]
        self.title = _title(own, self.roots, name, len(cone))
        self.alone = not isinstance(outputs, (list, tuple, Mapping))  # whether there is one output
        self.leaves = self._leaves()
        self._program: Program | None = None
        self.items = self._items(_outer(outputs))

    def _given(self, argument: Argument) -> Given:
        nodes = self.variables[argument.start : argument.start + argument.count]
        own = self.graph.shapes.get(nodes[0]) if len(nodes) == 1 and argument.shape is None else None
        shape = bound(own, self.sizes) if own else argument.shape
        return Given(argument.name, shape, bool(own), nodes, self.columns)

    def shape(self, root: int) -> tuple[int, ...]:
        """The shape of a result in numbers."""
        return bound(self.graph.shapes.get(root, ()), self.sizes)

    def _leaves(self) -> list[list[int]]:
        """The nodes of each leaf of the outputs; of a matrix of blocks one node, of its entries row by row."""
        found = []
        for leaf in self.results.leaves:
            own = self.roots[leaf.start : leaf.start + leaf.count]
            found.append([self._entries(leaf, own)] if leaf.kind == BLOCKS else own)
        return found

    def _entries(self, leaf: Leaf, values: Sequence[int]) -> int:
        """The entries of a matrix of blocks as one vector."""
        pattern = leaf.matrix.pattern(self.sizes)
        order = np.arange(len(pattern.indices))
        if self.columns:
            order = _by_columns(np.asarray(pattern.indices), np.asarray(pattern.indptr))
        graph, blocks, keys, at = self.graph, [], [], 0
        for i, taken in zip(values, pattern.taken, strict=True):
            flat = reshape(graph, i, (prod(self.shape(i)),)) if self.shape(i) else i
            if taken is not None and self.shape(i):
                flat = take(graph, flat, (_places(taken),))
            count = (prod(self.shape(i)) if taken is None else len(taken)) if self.shape(i) else 1
            places = order[pattern.places[at : at + count]]
            at += count
            if count:
                blocks.append(flat)
                keys.append((_places(places),) if self.shape(i) else (int(places[0]),))
        graph.hold_arrays(infer)
        return put_blocks(graph, blocks, tuple(keys), (len(pattern.indices),))

    def _items(self, parts: Sequence[Any]) -> list[Item]:
        items = []
        at = 0
        self.counts = [len(Results(part).leaves) for part in parts]
        for k, count in enumerate(self.counts):
            leaves = self.results.leaves[at : at + count]
            nodes = self.leaves[at : at + count]
            sparse = [leaf for leaf in leaves if leaf.kind in (SPARSE, BLOCKS)]
            labels = [f"out{k}" + f"_{m}" * (len(sparse) > 1) for m in range(len(sparse))]
            patterns = [(label, *self.pattern(leaf)) for label, leaf in zip(labels, sparse, strict=True)]
            size = sum([prod(self.shape(i)) for own in nodes for i in own])
            items.append(Item(size, self._said(leaves, nodes, size), patterns))
            at += count
        return items

    def pattern(self, leaf: Leaf) -> tuple[tuple[int, int], Sequence[int], Sequence[int]]:
        """The shape, columns and starts of rows of a sparse result; column by column, rows and starts of columns."""
        if leaf.kind == SPARSE:
            assert leaf.pattern is not None
            shape, indices, starts = leaf.pattern
        else:
            found = leaf.matrix.pattern(self.sizes)
            shape, indices, starts = found.shape, np.asarray(found.indices), np.asarray(found.indptr)
        if self.columns:
            rows = np.repeat(np.arange(shape[0]), np.diff(starts))
            sizes = np.bincount(indices, minlength=shape[1])
            placed = np.empty(len(rows), int)
            placed[_by_columns(indices, starts)] = rows
            return shape, placed.tolist(), [0, *np.cumsum(sizes).tolist()]
        return shape, indices.tolist(), starts.tolist()

    def _places_in(self, leaf: Leaf, nodes: Sequence[int]) -> list[int]:
        """Where the nodes of a result begin in it."""
        if self.columns and leaf.kind == SPARSE:
            assert leaf.pattern is not None
            return [int(k) for k in _by_columns(*leaf.pattern[1:])]
        if self.columns and leaf.kind == ARRAY and not any(self.shape(i) for i in nodes):
            return column_places(leaf.shape)
        return [*accumulate([0, *[prod(self.shape(i)) for i in nodes[:-1]]])] if nodes else []

    def _said(self, leaves: Sequence[Leaf], nodes: Sequence[list[int]], size: int) -> str:
        if len(leaves) != 1:
            return f"{size} numbers"
        leaf = leaves[0]
        if leaf.kind in (SPARSE, BLOCKS):
            size_of, indices, _ = self.pattern(leaf)
            order = "column by column" if self.columns else "row by row"
            return f"the {len(indices)} entries of a sparse matrix of shape {size_of}, {order}"
        shape = self.shape(nodes[0][0]) if leaf.kind == NUMBER else leaf.shape
        what = f"shape {shown(shape)}{'' if self.columns else ', row by row'}" if shape else "a number"
        small = leaf.kind == NUMBER and self._is_small(nodes[0])
        return f"{what}: {_cut(text([handle(self.graph, nodes[0][0])], whole=False))}" if small else what

    def nested_text(self, leaves: Sequence[str], spell: Callable[[str, Any, Sequence[str]], str] | None = None) -> str:
        """The nesting of results, as Python or a function writes it, of these texts of its leaves."""
        spell = spell or _in_python
        stack: list[str] = []
        for kind, what, count in self.results.steps:
            if kind == "leaf":
                stack.append(leaves[what])
                continue
            inside = stack[len(stack) - count :]
            del stack[len(stack) - count :]
            stack.append(spell(kind, what, inside))
        return stack[0]

    def is_array(self, k: int) -> bool:
        """Whether an output is more than one number."""
        at = sum(self.counts[:k])
        leaf = self.results.leaves[at] if self.counts[k] == 1 else None
        return leaf is None or leaf.kind != NUMBER or bool(self.shape(self.leaves[at][0]))

    def item_shape(self, k: int) -> tuple[int, ...]:
        """The shape of an output; of a nesting and of a sparse matrix one axis of all their entries."""
        at = sum(self.counts[:k])
        leaf, nodes = (self.results.leaves[at], self.leaves[at]) if self.counts[k] == 1 else (None, [])
        if leaf is not None and leaf.kind == NUMBER:
            return self.shape(nodes[0])
        if leaf is not None and leaf.kind == ARRAY and not any(self.shape(i) for i in nodes):
            return tuple(leaf.shape)
        return (self.items[k].size,)

    def _is_small(self, roots: Sequence[int]) -> bool:
        seen, stack = set(roots), list(roots)
        while stack and len(seen) < _FEW:
            node = self.graph.nodes[stack.pop()]
            fresh = [j for j in node[1:] if j not in seen] if node[0] > VAR else []
            seen.update(fresh)
            stack += fresh
        return len(seen) < _FEW

    @property
    def given_names(self) -> list[str]:
        """The names that users gave: of arguments and of parts."""
        return [*[a.name for a in self.arguments], *self.graph.notes_in(self._cone).values()]

    @property
    def program(self) -> Program:
        """The program as stages over flat memory."""
        if self._program is None:
            self._program = self._make()
        return self._program

    def _make(self) -> Program:
        inputs = [Buffer(INPUT, k, a.size) for k, a in enumerate(self.arguments)]
        outputs = [Buffer(OUTPUT, k, item.size) for k, item in enumerate(self.items)]
        places: dict[int, View] = {}
        for argument, buffer in zip(self.arguments, inputs, strict=True):
            if argument.array:
                places[argument.nodes[0]] = whole(buffer, 0, argument.shape or (), self.columns)
            else:
                at = column_places(argument.shape or ()) if self.columns else range(len(argument.nodes))
                places.update({i: whole(buffer, k, ()) for k, i in zip(at, argument.nodes, strict=True)})
        targets, roots, done = [], [], 0
        for count, buffer in zip(self.counts, outputs, strict=True):
            offset = 0
            for leaf, own in zip(
                self.results.leaves[done : done + count], self.leaves[done : done + count], strict=True
            ):
                roots += own
                targets += [(buffer, offset + k) for k in self._places_in(leaf, own)]
                offset += sum([prod(self.shape(i)) for i in own])
            done += count
        cone = self._cone if set(roots) == set(self.roots) else self.graph.cone(roots)
        making = Making(self.graph, cone, roots, places, targets, self.sizes, self.options, self.columns)
        return Program(making.run(), inputs, outputs, making.parts)


def _in_python(kind: str, what: Any, inside: Sequence[str]) -> str:
    if kind == "dict":
        keys = [key if isinstance(key, (str, int, float, bool)) else str(key) for key in what]
        return "{" + ", ".join([f"{k!r}: {v}" for k, v in zip(keys, inside, strict=True)]) + "}"
    if kind == "list":
        return f"[{', '.join(inside)}]"
    return f"({', '.join(inside)}{',' * (len(inside) == 1)})"


def column_places(shape: Sequence[int]) -> list[int]:
    """Where each entry, of all row by row, is in an array column by column."""
    places: list[int] = np.arange(prod(shape)).reshape(shape, order="F").ravel().tolist()
    return places


def _by_columns(indices: Any, starts: Any) -> Any:
    """Where each entry of a sparse matrix row by row is in it column by column."""
    places = np.empty(len(indices), int)
    places[np.argsort(indices, kind="stable")] = np.arange(len(indices))
    return places


def _places(places: Any) -> Any:
    """Places of an axis, as a range where they are one."""
    at = [int(p) for p in places]
    step = at[1] - at[0] if len(at) > 1 else 1
    if step and at and all(p == at[0] + k * step for k, p in enumerate(at)):
        return Range(at[0], len(at), step)
    return Places(tuple(at))


def _outer(outputs: Any) -> list[Any]:
    """The outputs one by one."""
    if isinstance(outputs, (list, tuple)):
        return list(outputs)
    return list(outputs.values()) if isinstance(outputs, Mapping) else [outputs]


def _output(value: Any) -> Any:
    try:
        return as_handle(value)
    except SymdiffTypeError as error:
        raise SymdiffTypeError(f"outputs are expressions and numbers in any nesting, not {value!r}") from error


def _variable(own: Graph, graph: Graph, variable: Any) -> int:
    """A variable in the graph of the job; one that no output holds is put there."""
    if isinstance(variable, Handle):
        if variable._graph.infer is not None:
            own.hold_arrays(infer)
        return own.adopt(variable._graph, [variable._index])[0]
    found = graph.named(variable)
    if found is None:
        raise SymdiffValueError(f"there is no variable {variable}: give the variable itself, not its name")
    return own.adopt(graph, [found])[0]


def _check_sizes(cells: Sequence[Any], sizes: Mapping[str, int]) -> None:
    """Refuse named sizes without a number."""
    shapes: list[tuple[str, Shape]] = [(cell.name, cell.shape) for cell in cells]
    for name, shape in shapes:
        for size in shape:
            base = named(size)[0] if isinstance(size, str) else ""
            if base and base not in sizes:
                raise SymdiffValueError(
                    f"{name} has shape {shown(shape)}, and generated code needs numbers: write sizes={{{base!r}: 100}}"
                )


def _title(graph: Graph, roots: Sequence[int], name: str, nodes: int) -> str:
    if nodes > 200 or not roots:
        return f"{name}, made by symdiff"
    return f"{name}: {_cut(text([handle(graph, roots[0])], whole=False))}" + ", …" * (len(roots) > 1)


def _cut(formula: str) -> str:
    line = _printed(" ".join(formula.split()))
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"


def _printed(text: str) -> str:
    """A text of one line: ends of lines, nulls and marks of direction are no part of a comment."""
    return text if text.isprintable() else "".join([c if c.isprintable() else "?" for c in text])
