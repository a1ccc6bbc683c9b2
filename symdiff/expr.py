"""Expressions: light handles on the nodes of a graph, with Python's operators.

A handle is a graph and an index. Its class says what the node is, so
`isinstance(f, Add)` and `match` patterns work; what a handle can do beyond
arithmetic is delegated to the module that does it, loaded when first used.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from symdiff import ops, records
from symdiff.arithmetic import Arithmetic
from symdiff.build import build, check_whole, grow
from symdiff.errors import SymdiffTypeError
from symdiff.graph import VAR, Graph, Variable, constant, current_graph
from symdiff.records import Operation

if TYPE_CHECKING:
    import graphviz
    import networkx

    from symdiff.draw.animate import Animation
    from symdiff.draw.explain import Explanation
    from symdiff.leaves import Var

Point = Mapping[Any, Any]

CLASSES: dict[int, type[Expr]] = {}  # of the handles, by code
_new = object.__new__


class Expr(Arithmetic):
    """An expression: one node of a graph and everything below it.

    Made by `Var`, `Const`, operators and functions, never directly. Immutable,
    hashable, and equal to every expression of the same structure.

    >>> import symdiff as sd
    >>> x, y = sd.variables("x y")
    >>> f = x**2 * y + y + 2
    >>> f
    x**2*y + y + 2
    >>> f.evaluate({x: 3, y: 4})
    42
    """

    __slots__ = ("__weakref__", "_graph", "_index")
    __match_args__: tuple[str, ...] = ()
    _graph: Graph
    _index: int
    op: Operation | None = None  # the record of the topmost operation, None for a constant or a variable

    # -- what it is ------------------------------------------------------

    @property
    def graph(self) -> Graph:
        """The graph that holds the expression."""
        return self._graph

    @property
    def args(self) -> tuple[Expr, ...]:
        """The operands, in order; none for a constant or a variable."""
        node = self._graph.nodes[self._index]
        return () if node[0] <= VAR else tuple([handle(self._graph, j) for j in node[1:]])

    @property
    def variables(self) -> tuple[Var, ...]:
        """The variables it depends on, in the order in which they were made.

        >>> import symdiff as sd
        >>> x, y = sd.variables("x y")
        >>> (y + x).variables
        (x, y)
        """
        graph = self._graph
        return tuple([handle(graph, i) for i in graph.cone([self._index]) if graph.nodes[i][0] == VAR])  # type: ignore[misc]

    def nodes(self) -> tuple[Expr, ...]:
        """Every expression it is made of, operands before users, itself last.

        >>> import symdiff as sd
        >>> x = sd.Var("x")
        >>> (sd.sin(x)*x).nodes()
        (x, sin(x), sin(x)*x)
        """
        graph = self._graph
        return tuple([handle(graph, i) for i in graph.cone([self._index])])

    def replace(self, changes: Mapping[Any, Any]) -> Expr:
        """The expression with subexpressions replaced, all at once.

        Parameters
        ----------
        changes : mapping
            From variables, names or other subexpressions to what takes their place.

        >>> import symdiff as sd
        >>> x, y = sd.variables("x y")
        >>> (x**2 + y).replace({x: y, y: x + 1})
        y**2 + x + 1
        """
        from symdiff.derive.replace import replace

        return replace(self, changes)

    # -- equality, copies, text --------------------------------------------

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Expr):
            return NotImplemented
        if other._graph is self._graph:
            return other._index == self._index
        return type(other) is type(self) and self._graph.same(self._index, other._graph, other._index)

    def __hash__(self) -> int:
        return self._graph.hash(self._index)

    def __bool__(self) -> bool:
        raise SymdiffTypeError(
            f"the truth of {self._short()} is not known before its variables have values: "
            "use sd.where(condition, a, b), join conditions by & | ~, and compare by sd.equal"
        )

    def __float__(self) -> float:
        return float(self._number())

    def __int__(self) -> int:
        return int(self._number())

    def __complex__(self) -> complex:
        return complex(self._number())

    def _number(self) -> Any:
        if self.variables:
            raise SymdiffTypeError(
                f"{self._short()} is an expression, not a number: evaluate it at a point, "
                "and use sd.sin(x) or np.sin(x), not math.sin(x)"
            )
        return self.evaluate({})

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

    def __copy__(self) -> Expr:
        return self

    def __deepcopy__(self, memo: dict[Any, Any]) -> Expr:
        """A copy in a graph of its own, whose variables have cells of their own."""
        key = ("symdiff graph", id(self._graph))
        graph = memo.setdefault(key, Graph(self._graph.simplify))
        cells = memo.setdefault(("symdiff cells", id(self._graph)), {})
        for i in self._graph.cone([self._index]):
            if self._graph.nodes[i][0] == VAR and i not in cells:
                cell = self._graph.leaves[i]
                cells[i] = Variable(cell.name, cell.key, cell.origin)
                cells[i].value, cells[i].grad, cells[i].stamp = cell.value, cell.grad, cell.stamp
        return handle(graph, graph.adopt(_with_cells(self._graph, cells), [self._index])[0])

    def __reduce__(self) -> tuple[Any, ...]:
        graph, index = self._graph, self._index
        if graph.frozen or graph.small_cone(index):
            alone = Graph(graph.simplify)
            index = alone.adopt(graph, [index])[0]
            graph = alone
        return handle, (graph, index)

    def __str__(self) -> str:
        from symdiff.algebra.text import text

        return text([self])

    def __repr__(self) -> str:
        return str(self)

    def latex(self) -> str:
        r"""Its LaTeX, for math mode; see `sd.latex`.

        >>> import symdiff as sd
        >>> x = sd.Var("x")
        >>> print((sd.sqrt(x)/2).latex())
        \frac{\sqrt{x}}{2}
        """
        from symdiff.algebra.latex import latex

        return latex(self)

    def _repr_latex_(self) -> str | None:
        """What notebooks show; None where there is nothing to show."""
        from symdiff.algebra.latex import notebook

        return notebook(self)

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def _short(self) -> str:
        """Its text, cut where it is long, for messages."""
        from symdiff.algebra.text import short

        return short(self)

    # -- values -----------------------------------------------------------

    def evaluate(self, point: Point | None = None, /, **values: Any) -> Any:
        """The value at a point.

        Parameters
        ----------
        point : mapping, optional
            From variables or names to values: numbers (ints and Fractions stay
            exact), arrays (broadcast), mpmath numbers, dual numbers, expressions.
            Without one, every variable's `.value` is used.
        **values
            The same by name.

        Raises
        ------
        MissingValueError
            Naming the variables that have no value.

        >>> import symdiff as sd
        >>> x, y = sd.variables("x y")
        >>> (x/y).evaluate(x=1.0, y=0.0)
        inf
        """
        from symdiff.algebra.evaluate import evaluate

        return evaluate(self, point, **values)

    def node_values(self, point: Point | None = None, /, **values: Any) -> dict[Expr, Any]:
        """The value of every node at a point, operands before users."""
        from symdiff.algebra.evaluate import node_values

        return node_values(self, point, **values)

    def backpropagate(self, point: Any = None, /, seed: Any = 1.0, **values: Any) -> dict[Var, Any]:
        """The gradient at a point by reverse mode, as `{variable: derivative}`.

        `f.backpropagate({x: 3, y: 4})` touches no state. Without a point every
        variable's `.value` is used and `.grad` is set; then the first argument
        may be the seed: `f.backpropagate(1.0)`.

        Parameters
        ----------
        point : mapping, optional
            As for `evaluate`.
        seed : number or array
            The adjoint of the result; an array weighs the points of an array
            evaluation. The adjoint of a variable has the shape of its value:
            where that was broadcast, contributions are summed.

        >>> import symdiff as sd
        >>> x, y = sd.variables("x y")
        >>> (x**2*y + y + 2).backpropagate({x: 3, y: 4})
        {x: 24.0, y: 10.0}
        """
        from symdiff.derive.backpropagate import backpropagate

        return backpropagate(self, point, seed, **values)

    def node_adjoints(self, point: Any = None, /, seed: Any = 1.0, **values: Any) -> dict[Expr, Any]:
        """The adjoint of every node at a point, users before operands."""
        from symdiff.derive.backpropagate import node_adjoints

        return node_adjoints(self, point, seed, **values)

    # -- derivatives --------------------------------------------------------

    def gradient(self, wrt: Any = None) -> Any:
        """The first derivatives, by reverse accumulation, as expressions.

        Parameters
        ----------
        wrt : variable, name, or sequence or array of them
            One gives an expression, several an object array of their shape;
            by default all `variables`.

        >>> import symdiff as sd
        >>> x, y = sd.variables("x y")
        >>> (x**2*y + y + 2).gradient([x, y])
        array([2*x*y, x**2 + 1], dtype=object)
        """
        from symdiff.derive.jacobian import expression_gradient

        return expression_gradient(self, wrt)

    def adjoints(self, seed: Any = 1) -> dict[Expr, Expr]:
        """The adjoint of every node as an expression, users before operands.

        >>> import symdiff as sd
        >>> x, y = sd.variables("x y")
        >>> sd.sin(x*y).adjoints()
        {sin(x*y): 1, x*y: cos(x*y), y: x*cos(x*y), x: y*cos(x*y)}
        """
        from symdiff.derive.reverse import adjoints

        return adjoints(self, seed)

    def hessian(self, wrt: Any = None, sparse: bool = False) -> Any:
        """The second derivatives: an object array of shape `wrt.shape * 2`, symmetric.

        One variable gives an expression; with `sparse` it is a `SparseMatrix`,
        square, of as many rows as there are variables.

        >>> import symdiff as sd
        >>> x, y = sd.variables("x y")
        >>> (x**2*y + y + 2).hessian([x, y])
        array([[2*y, 2*x],
               [2*x, 0]], dtype=object)
        """
        from symdiff.derive.hessian import expression_hessian

        return expression_hessian(self, sparse, wrt)

    def diff(self, *wrt_and_orders: Any) -> Expr:
        """The derivative of any order: `f.diff(x, 3)`, `f.diff(x, 2, y)`.

        Order n takes about n² operations by Taylor recurrences; where repeated
        gradients take no more, as in low orders and for polynomials, it is
        those. All orders at once: `sd.derivatives`.

        Raises
        ------
        SymdiffTypeError, SymdiffValueError
            For what is no variable, and an order that is negative or none.

        >>> import symdiff as sd
        >>> x = sd.Var("x")
        >>> (x**5).diff(x, 3)
        60*x**2
        >>> sum(sd.count_ops(sd.tanh(x).diff(x, 20)).values())
        230
        """
        from symdiff.derive.orders import diff

        return diff(self, *wrt_and_orders)

    # -- neighbours -----------------------------------------------------------

    def to_sympy(self) -> Any:
        """The same expression in SymPy."""
        from symdiff.bridge.sympy import to_sympy

        return to_sympy(self)

    def _sympy_(self) -> Any:
        return self.to_sympy()

    def to_networkx(self) -> networkx.MultiDiGraph[int]:
        """The graph below it as a `networkx.MultiDiGraph`, edges from operands to users."""
        from symdiff.bridge.networkx import to_networkx

        return to_networkx(self)

    def to_graphviz(self, at: Point | None = None, backward: bool = False, **options: Any) -> graphviz.Digraph:
        """A picture of the graph as a `graphviz.Digraph`; see `sd.to_graphviz`."""
        from symdiff.draw.graph import to_graphviz

        return to_graphviz(self, at=at, backward=backward, **options)

    def render(
        self, path: str | os.PathLike[str], at: Point | None = None, backward: bool = False, **options: Any
    ) -> str:
        """Draw the graph into a file, .png, .svg or .pdf by its suffix; returns the path."""
        from symdiff.draw.render import render

        return render(self, path, at=at, backward=backward, **options)

    def animate(self, at: Point | None = None, mode: str = "reverse", **options: Any) -> Animation:
        """The passes over the graph, step by step; see `sd.animate`."""
        from symdiff.draw.animate import animate

        return animate(self, at, mode, **options)

    def explain(self, x: Any, at: Point | None = None, **options: Any) -> Explanation:
        """The derivative by a variable as a sum over paths; see `sd.explain`."""
        from symdiff.draw.explain import explain

        return explain(self, x, at, **options)

    def tree(self, at: Point | None = None, lines: int | None = 1000) -> str:
        """An indented text tree; what is used more than once stands once, and is referred to by number.

        Parameters
        ----------
        at : mapping, optional
            A point, as for `evaluate`: every node shows its value.
        lines : int, optional
            How many lines at most, None for all.

        >>> import symdiff as sd
        >>> x, y = sd.variables("x y")
        >>> (sd.sin(x*y)/(x*y)).tree()
        ÷
        ├─ sin
        │  └─ #1 ×
        │     ├─ x
        │     └─ y
        └─ #1 ×, above
        """
        from symdiff.draw.tree import tree

        return tree(self, at, lines)

    # -- as an algebra ------------------------------------------------------------

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
            if isinstance(left, Expr) and isinstance(right, Expr) and left._graph is right._graph:
                graph = left._graph
                if not (graph.frozen or op.whole):
                    return handle(graph, build(graph, op.opcode, (left._index, right._index)))
        return apply_any(op, args)


def handle(graph: Graph, index: int) -> Expr:
    """The handle of a node."""
    self = _new(CLASSES[graph.nodes[index][0]])
    self._graph = graph
    self._index = index
    return self


def _operators(op: Operation) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """Python's operator for two operands and its reflection.

    Most arithmetic is of two expressions of one graph, or one and an int or a float, and goes
    no further than this: written out, it takes 2/3 of the time that `_binary` does.
    """
    code = op.opcode

    def operator(self: Expr, other: Any) -> Any:
        graph = self._graph
        if isinstance(other, Expr):
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
        result = _new(CLASSES[graph.nodes[index][0]])  # as `handle` does
        result._graph = graph
        result._index = index
        return result

    def reflected(self: Expr, other: Any) -> Any:
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
        setattr(Expr, f"{_prefix}{_name}__", _method)


def _with_cells(graph: Graph, cells: dict[int, Variable]) -> Graph:
    """A graph of the same nodes whose variables have other cells."""
    other = Graph(graph.simplify)
    other.nodes = graph.nodes
    other.leaves = {**graph.leaves, **cells}
    return other


def apply_any(op: Operation, args: tuple[Any, ...]) -> Any:
    """A new node the general way: operands of several graphs, numbers, arrays."""
    if any(isinstance(a, np.ndarray) and a.ndim for a in args):
        return records.elementwise(op, args)
    graph, indices = gather(args)
    if op.whole and not graph.scratch:
        check_whole(graph, op, indices)
    return handle(graph, build(graph, op.opcode, indices))


def gather(values: Iterable[Any]) -> tuple[Graph, tuple[int, ...]]:
    """Expressions and numbers in one graph: the one with most nodes takes the others in.

    Raises
    ------
    SymdiffTypeError
        For what is neither an expression nor a number.
    """
    given = [v if isinstance(v, Expr) else constant(v) for v in values]
    graphs = {id(v._graph): v._graph for v in given if isinstance(v, Expr) and not v._graph.frozen}
    target = max(graphs.values(), key=len) if graphs else current_graph()
    foreign: dict[int, list[int]] = {}
    for k, v in enumerate(given):
        if isinstance(v, Expr) and v._graph is not target:
            foreign.setdefault(id(v._graph), []).append(k)
    indices: list[int] = [0] * len(given)
    for k, v in enumerate(given):
        if not isinstance(v, Expr):
            indices[k] = target.const(v)
        elif v._graph is target:
            indices[k] = v._index
    for positions in foreign.values():
        source = given[positions[0]]._graph
        for k, i in zip(positions, target.adopt(source, [given[p]._index for p in positions]), strict=True):
            indices[k] = i
    return target, tuple(indices)


records.register_algebra(Expr, 1, Expr._apply)
