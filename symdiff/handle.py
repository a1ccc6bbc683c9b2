"""Handles: a graph and an index, with Python's operators: all that a rule or a pass needs of an expression.

The class of a handle says what its node is. The face (`expr.py`, `leaves.py`, `constructors.py`) enters its
classes into the table `CLASSES`; so passes make expressions without knowing them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeGuard

import numpy as np

from symdiff import ops, records
from symdiff.arithmetic import Arithmetic
from symdiff.array_constants import is_sparse
from symdiff.build import build, check_whole, grow
from symdiff.complex_constants import check_real
from symdiff.constants import constant
from symdiff.errors import SymdiffValueError
from symdiff.graph import CONST, STATIC, UNUSED, VAR, Graph, Node, Variable, current_graph
from symdiff.listings import Listing
from symdiff.names import canonical
from symdiff.ops.arrays import infer
from symdiff.pickling import check
from symdiff.records import FIRST_ARRAY_CODE, Operation
from symdiff.shapes import Shape, shown

_new = object.__new__


class Handle(Arithmetic):
    """One node of a graph and everything below it; what users see of it is `Expr`."""

    __slots__ = ("__weakref__", "_graph", "_index")
    _graph: Graph
    _index: int
    op: Operation | None = None  # record of the topmost operation, None for a constant or a variable

    @property
    def graph(self) -> Graph:
        """The graph that holds the expression."""
        return self._graph

    @property
    def args(self) -> tuple[Handle, ...]:
        """The operands, in order; none for a constant or a variable."""
        graph = self._graph
        node = graph.nodes[self._index]
        if node[0] <= VAR:
            return ()
        operands = node[1:] if node[0] < FIRST_ARRAY_CODE else operands_of(graph, node)
        return tuple([handle(graph, j) for j in operands])

    @property
    def variables(self) -> tuple[Handle, ...]:
        """The variables it depends on, in the order in which they were made.

        >>> import symdiff as sd
        >>> x, y = sd.variables("x y")
        >>> (y + x).variables
        (x, y)
        """
        graph = self._graph
        return tuple([handle(graph, i) for i in graph.cone([self._index]) if graph.nodes[i][0] == VAR])

    def nodes(self) -> tuple[Handle, ...]:
        """Every expression it is made of, operands before users, itself last.

        >>> import symdiff as sd
        >>> x = sd.Var("x")
        >>> (sd.sin(x)*x).nodes()
        (x, sin(x), sin(x)*x)
        """
        graph = self._graph
        cone = graph.cone([self._index])
        if graph.shapes:
            cone = [i for i in cone if graph.nodes[i][0] != STATIC]
        return Listing([handle(graph, i) for i in cone])

    @classmethod
    def _binary(cls, op: Operation, left: Any, right: Any) -> Any:
        if is_sparse(left) or is_sparse(right):
            return apply_any(op, (left, right))
        return super()._binary(op, left, right)

    def _constant(self, value: Any) -> Handle:
        """A constant for a rule, where `ops.log(2)` would be the logarithm of a number."""
        return as_handle(value)

    def _is_constant(self) -> bool:
        return bool(self._graph.nodes[self._index][0] == CONST)

    def _constant_value(self) -> Any:
        """The number that it is, None where it is none."""
        return self._graph.leaves[self._index] if self._is_constant() else None

    @property
    def _cell(self) -> Variable:
        return self._graph.leaves[self._index]  # type: ignore[no-any-return]  # cell of a variable: no other handle asks

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Handle):
            return NotImplemented
        if other._graph is self._graph:
            return other._index == self._index
        return type(other) is type(self) and self._graph.same(self._index, other._graph, other._index)

    def __hash__(self) -> int:
        return self._graph.hash(self._index)

    def conjugate(self) -> Any:
        """The expression itself: variables are taken as real. NumPy asks for it, as in `np.vdot`.

        Raises
        ------
        SymdiffTypeError
            For an expression that holds a complex constant.
        """
        return self._as_real("conjugate")

    @property
    def real(self) -> Any:
        """The expression itself, under the condition of `conjugate`."""
        return self._as_real("real part")

    @property
    def imag(self) -> Any:
        """0, under the condition of `conjugate`."""
        self._as_real("imaginary part")
        return 0

    def _as_real(self, what: str) -> Any:
        check_real(self._graph, self._index, what)
        return self

    def __and__(self, other: Any) -> Any:
        return self._binary(ops.logical_and, self, other)

    def __rand__(self, other: Any) -> Any:
        return self._binary(ops.logical_and, other, self)

    def __or__(self, other: Any) -> Any:
        return self._binary(ops.logical_or, self, other)

    def __ror__(self, other: Any) -> Any:
        return self._binary(ops.logical_or, other, self)

    def __invert__(self) -> Any:
        return ops.logical_not(self)

    def __copy__(self) -> Handle:
        return self

    def __deepcopy__(self, memo: dict[Any, Any]) -> Handle:
        """A copy in a graph of its own, whose variables have cells of their own."""
        key = ("symdiff graph", id(self._graph))
        graph = memo.setdefault(key, Graph(self._graph.simplify))
        cells = memo.setdefault(("symdiff cells", id(self._graph)), {})
        for i in self._graph.cone([self._index]):
            if self._graph.nodes[i][0] == VAR and i not in cells:
                cell = self._graph.leaves[i]
                cells[i] = Variable(cell.name, cell.key, cell.origin, cell.shape, cell.kind)
                cells[i].value, cells[i].grad, cells[i].stamp = cell.value, cell.grad, cell.stamp
        return handle(graph, graph.adopt(_with_cells(self._graph, cells), [self._index])[0])

    def __reduce__(self) -> tuple[Any, ...]:
        graph, index = self._graph, self._index
        if graph.frozen or graph.small_cone(index):
            alone = Graph(graph.simplify)
            index = alone.adopt(graph, [index])[0]
            graph = alone
        return restored, (graph, index)

    @staticmethod
    def _apply(op: Operation, args: tuple[Any, ...]) -> Any:
        """A new node for an operation on expressions and numbers."""
        if len(args) == 1:
            (operand,) = args
            graph = operand._graph
            if not graph.frozen:
                node = (op.opcode, operand._index)
                index = graph.find(node)
                return handle(graph, grow(graph, node) if index is None else index)
        elif len(args) == 2:
            left, right = args
            if isinstance(left, Handle) and isinstance(right, Handle) and left._graph is right._graph:
                graph = left._graph
                if not (graph.frozen or op.whole):
                    return handle(graph, build(graph, op.opcode, (left._index, right._index)))
        return apply_any(op, args)


class Classes(dict[int, type[Handle]]):
    """The classes of the handles of scalars, by code, each made when it is first needed."""

    make: Callable[[int], type[Handle]]

    def __missing__(self, code: int) -> type[Handle]:
        return self.setdefault(code, self.make(code))  # the class of the thread that was first


CLASSES = Classes()
SHAPED_CLASSES: dict[int, type[Handle]] = {}  # of those of arrays
_make_shaped: list[Callable[[int], type[Handle]]] = []
_enter: list[Callable[[Any], Any]] = []


def handle(graph: Graph, index: int) -> Handle:
    """The handle of a node."""
    code = graph.nodes[index][0]
    self = _new(shaped_class(code) if graph.shapes and index in graph.shapes else CLASSES[code])
    self._graph = graph
    self._index = index
    return self


def shaped_class(code: int) -> type[Handle]:
    """The class of the handles of arrays, by code."""
    found = SHAPED_CLASSES.get(code)
    if found is None:
        found = SHAPED_CLASSES[code] = _make_shaped[0](code)
    return found


def shaped_classes_made_by(make: Callable[[int], type[Handle]], enter: Callable[[Any], Any]) -> None:
    """Let `make` give the class of the handles of arrays, when the first of a code comes; `enter` takes lists in."""
    _make_shaped[:] = [make]
    _enter[:] = [enter]


def operands_of(graph: Graph, node: Node) -> Node:
    """The operands of a node, without the parameters in front of them."""
    return node[2:] if len(node) > 1 and graph.nodes[node[1]][0] == STATIC else node[1:]


def restored(graph: Graph, index: int) -> Handle:
    """The handle that a pickle holds.

    Raises
    ------
    SymdiffValueError
        Where the graph has no such node.
    """
    check(isinstance(graph, Graph) and type(index) is int, "an expression is no node of a graph")
    used = 0 <= index < len(graph.nodes) and graph.nodes[index][:2] != UNUSED and graph.nodes[index][0] != STATIC
    check(used, f"its graph has no node {index}")
    return handle(graph, index)


def variable_in(graph: Graph, cell: Variable) -> Handle:
    """A variable of a given graph."""
    return handle(graph, graph.var(cell))


def array_variable_in(graph: Graph, name: str, shape: Shape, kind: str = "") -> Handle:
    """A variable of a given graph that is an array, of a kind: "symmetric", "int" or nothing.

    Raises
    ------
    SymdiffValueError
        For a symmetric one that is not square.
    """
    if kind == "symmetric" and (len(shape) != 2 or shape[0] != shape[1]):
        raise SymdiffValueError(f"a symmetric variable is a square matrix, and {name} has shape {shown(shape)}")
    graph.hold_arrays(infer)
    return variable_in(graph, Variable(name, (name, shape, kind), shape=shape, kind=kind))


def variable_named(graph: Graph, name: str) -> int | None:
    """The variable of a graph that a name means, in whatever spelling of an index; None where there is none."""
    found = graph.named(name)
    return graph.named(canonical(name)) if found is None else found


def variable_held(graph: Graph, root: int, name: str) -> int | None:
    """The variable of an expression that a name means; where it holds none of that name, that of its graph."""
    spelled = (name, canonical(name))
    held = [i for i in graph.cone([root]) if graph.nodes[i][0] == VAR and graph.leaves[i].name in spelled]
    return held[0] if held else variable_named(graph, name)


def as_handle(value: Any) -> Handle:
    """An expression as it is, a number as a constant of the current graph.

    Raises
    ------
    SymdiffTypeError
        For what is neither.
    """
    if isinstance(value, Handle):
        return value
    number = constant(value)
    graph = current_graph()
    return handle(graph, graph.const(number))


def is_variable(value: Any) -> TypeGuard[Handle]:
    """Whether a value is a variable."""
    return isinstance(value, Handle) and value._graph.nodes[value._index][0] == VAR


def is_constant(value: Any) -> TypeGuard[Handle]:
    """Whether a value is an expression that is one constant."""
    return isinstance(value, Handle) and value._graph.nodes[value._index][0] == CONST


def _operators(op: Operation) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """Python's operator for two operands and its reflection.

    Most arithmetic is of two expressions of one graph, or one and an int or a float, and goes
    no further than this: written out, it takes 2/3 of the time that `_binary` does.
    """
    code = op.opcode

    def operator(self: Handle, other: Any) -> Any:
        graph = self._graph
        if isinstance(other, Handle):
            if other._graph is not graph or graph.frozen:
                return self._binary(op, self, other)
            node = (code, self._index, other._index)
        else:
            kept = graph.numbers.get(type(other))
            if kept is None or graph.frozen:
                return self._binary(op, self, other)
            number = kept.get(other)
            node = (code, self._index, graph.const(other) if number is None else number)
        index = graph.find(node)
        if index is None:
            index = grow(graph, node)
        if graph.shapes:
            return handle(graph, index)
        result = _new(CLASSES[graph.nodes[index][0]])  # same as `handle`
        result._graph = graph
        result._index = index
        return result

    def reflected(self: Handle, other: Any) -> Any:
        graph = self._graph
        kept = graph.numbers.get(type(other))
        if kept is None or graph.frozen:
            return self._binary(op, other, self)
        number = kept.get(other)
        node = (code, graph.const(other) if number is None else number, self._index)
        index = graph.find(node)
        return handle(graph, grow(graph, node) if index is None else index)

    return operator, reflected


for _op, _name in ((ops.add, "add"), (ops.sub, "sub"), (ops.mul, "mul"), (ops.div, "truediv"), (ops.pow, "pow")):
    for _method, _prefix in zip(_operators(_op), ("__", "__r"), strict=True):
        setattr(Handle, f"{_prefix}{_name}__", _method)


def _with_cells(graph: Graph, cells: dict[int, Variable]) -> Graph:
    """A graph of the same nodes whose variables have other cells."""
    other = Graph(graph.simplify)
    other.nodes = graph.nodes
    other.leaves = {**graph.leaves, **cells}
    other.shapes, other.infer = graph.shapes, graph.infer
    other.notes, other.calls = graph.notes, graph.calls
    return other


def apply_any(op: Operation, args: tuple[Any, ...]) -> Any:
    """A new node the general way: operands of several graphs, numbers, arrays."""
    whole = any(isinstance(a, Handle) and a._holds_array() for a in args)
    if not whole and any(isinstance(a, np.ndarray) and a.ndim for a in args):
        return records.elementwise(op, args)
    if whole:  # lists join in as arrays, as NumPy has it
        args = tuple([_enter[0](a) if isinstance(a, (list, tuple, np.ndarray)) else a for a in args])
    graph, indices = gather(args)
    if op.whole:
        check_whole(graph, op, indices)
    return handle(graph, build(graph, op.opcode, indices))


def is_array(value: Any) -> bool:
    """Whether a value is an array of numbers, or a sparse matrix, that an expression may hold."""
    if isinstance(value, np.ndarray):
        return value.ndim > 0 and (value.dtype != object or not any(isinstance(v, Arithmetic) for v in value.flat))
    return is_sparse(value)


def rooted(f: Handle) -> tuple[Graph, int]:
    """As `gather`, of one expression: its graph and index, but for those of frozen graphs."""
    graph = f._graph
    if graph.frozen or graph.namesakes is not None:
        graph, (index,) = gather([f])
        return graph, index
    return graph, f._index


def gather(values: Iterable[Any], together: bool = True) -> tuple[Graph, tuple[int, ...]]:
    """Expressions, numbers and arrays of numbers in one graph: the one with most nodes takes the others in.

    `together`: they are used beside each other, so that a name has to mean one variable in all of them.

    Raises
    ------
    SymdiffTypeError, SymdiffValueError
        For what is neither an expression nor a number, and variables of one name and of different shapes.
    """
    given = [v if isinstance(v, Handle) or is_array(v) else constant(v) for v in values]
    graphs = {id(v._graph): v._graph for v in given if isinstance(v, Handle) and not v._graph.frozen}
    target = max(graphs.values(), key=len) if graphs else current_graph()
    foreign: dict[int, list[int]] = {}
    for k, v in enumerate(given):
        if isinstance(v, Handle) and v._graph is not target:
            foreign.setdefault(id(v._graph), []).append(k)
    indices: list[int] = [0] * len(given)
    for k, v in enumerate(given):
        if not isinstance(v, Handle):
            if is_array(v):
                target.hold_arrays(infer)
                indices[k] = target.array(v)
            else:
                indices[k] = target.const(v)
        elif v._graph is target:
            indices[k] = v._index
    for positions in foreign.values():
        source = given[positions[0]]._graph
        for k, i in zip(positions, target.adopt(source, [given[p]._index for p in positions]), strict=True):
            indices[k] = i
    if together and target.namesakes is not None:
        target.namesakes.check_together(indices)
    return target, tuple(indices)


records.register_algebra(Handle, records.Rank.VALUE, Handle._apply)
