"""Expressions as users hold them: handles with a method for everything that symdiff does.

Their classes say what the node is, so `isinstance(f, Add)` and `match` patterns work. Each method
delegates to the module that does the work, and loads it when first called.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, NoReturn, overload

import numpy as np

from symdiff import arithmetic, neighbours, records
from symdiff.constants import constant
from symdiff.errors import SymdiffAttributeError, SymdiffTypeError, SymdiffValueError
from symdiff.graph import CONST, VAR, Variable, current_graph
from symdiff.handle import CLASSES, Handle, array_variable_in, handle, variable_in
from symdiff.hints import Hints, Method, check_place, check_seed, is_hint
from symdiff.names import check_name
from symdiff.protocols import Array, Operators, Result, Scalar, Slopes
from symdiff.shapes import shape_of

if TYPE_CHECKING:
    import graphviz
    import networkx

    from symdiff.array_expr import ArrayVar  # which knows this module: types of one another
    from symdiff.check.first_bad import FirstBad
    from symdiff.draw.animate import Animation
    from symdiff.draw.explanation import Explanation
    from symdiff.draw.explore import Explorer
    from symdiff.draw.trace import Trace
    from symdiff.sparse import SparseMatrix

Point = Mapping[Any, Any]


class Expr(Operators, Handle, Hints):
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

    __slots__ = ()
    __match_args__: tuple[str, ...] = ()

    if TYPE_CHECKING:  # declare as expressions what a handle has

        def _answer(self) -> Expr: ...
        def _total(self) -> Expr: ...

        @property
        def args(self) -> tuple[Expr, ...]: ...

        @property
        def variables(self) -> tuple[Var, ...]: ...

        def nodes(self) -> tuple[Expr, ...]: ...

    @property
    def shape(self) -> tuple[int | str, ...]:
        """The shape, `()` for a number, sizes and names of sizes for an array."""
        return ()

    def replace(self, changes: Mapping[Any, Any]) -> Expr:
        """The expression with subexpressions replaced, all at once.

        Parameters
        ----------
        changes : mapping
            From variables, names or other subexpressions to what takes their place. A symmetric matrix has its
            place taken by one that is known to be so: another symmetric variable, `(A + A.T)/2`, `A.T @ A`, ….

        Raises
        ------
        SymdiffTypeError, SymdiffValueError
            For keys that are no expressions, shapes that do not fit, and a matrix that is not known to be symmetric
            in the place of one that is.

        >>> import symdiff as sd
        >>> x, y = sd.variables("x y")
        >>> (x**2 + y).replace({x: y, y: x + 1})
        y**2 + x + 1
        """
        from symdiff.derive.replace import replace

        return replace(self, changes)  # type: ignore[return-value]

    def expand(self, sizes: Mapping[str, int] | None = None, places: Mapping[Any, Any] | None = None) -> Any:
        """The same over scalar variables: every array variable written out as `X[0, 0]`, `X[0, 1]`, …

        A scalar gives an expression, an array an object array of them, both in a graph of their own. It is what every
        method for scalars takes. `sd.stack` makes one array of an object array. Entries of a symmetric variable
        that are one expression are one variable.

        Parameters
        ----------
        sizes : mapping, optional
            The numbers behind named sizes: `sizes={"n": 3}`.
        places : mapping, optional
            The values of variables of ints, by variable or name: `places={idx: [2, 0]}`.

        Raises
        ------
        SymdiffTypeError
            For a named size without a number, and a variable of ints without a value.

        >>> import symdiff as sd
        >>> X, w = sd.Var("X", shape=(2, 2)), sd.Var("w", shape=2)
        >>> (X @ w).expand()
        array([X[0, 0]*w[0] + X[0, 1]*w[1], X[1, 0]*w[0] + X[1, 1]*w[1]],
              dtype=object)
        """
        from symdiff.algebra.array_expansion import expand

        return expand(self, sizes, places)

    # -- numbers, text -------------------------------------------------------

    def __dir__(self) -> list[str]:
        """What a person may write: neither words of other libraries, nor what NumPy calls on entries of arrays."""
        names = [name for name in super().__dir__() if not is_hint(type(self), name)]
        return [name for name in names if name.startswith("__") or not hasattr(arithmetic.Arithmetic, name)]

    def __bool__(self) -> bool:
        from symdiff.algebra.notation.text import short

        raise SymdiffTypeError(
            f"the truth of {short(self)} is not known before its variables have values: "
            "use sd.where(condition, a, b), sd.maximum(a, b), join conditions by & | ~, and compare by sd.equal; "
            'an array that knows comparisons is sd.Var("A", shape=3)'
        )

    def __float__(self) -> float:
        return float(self._number())

    def __int__(self) -> int:
        return int(self._number())

    def __complex__(self) -> complex:
        return complex(self._number())

    def _number(self) -> Any:
        from symdiff.algebra.notation.text import short

        if self.variables:
            raise SymdiffTypeError(
                f"{short(self)} is an expression, not a number: evaluate it at a point, "
                "and use functions of symdiff or NumPy, such as sd.sin(x) or np.sin(x), not those of math"
            )
        if self._holds_array():
            raise SymdiffTypeError(f"{short(self)} is an array, not a number: float(x[0]) is of an entry")
        return self.evaluate({})

    def __str__(self) -> str:
        from symdiff.algebra.notation.text import text

        return text([self])

    def __repr__(self) -> str:
        from symdiff.algebra.notation.text import bounded

        return bounded(self)

    def latex(self) -> str:
        r"""Its LaTeX, for math mode; see `sd.latex`.

        >>> import symdiff as sd
        >>> x = sd.Var("x")
        >>> print((sd.sqrt(x)/2).latex())
        \frac{\sqrt{x}}{2}
        """
        from symdiff.algebra.notation.latex import latex

        return latex(self)

    def _repr_latex_(self) -> str | None:
        """What notebooks show; None where there is nothing to show."""
        from symdiff.algebra.notation.latex import notebook

        return notebook(self)

    def __format__(self, spec: str) -> str:
        try:
            return format(str(self), spec)
        except ValueError:
            raise SymdiffValueError(
                f"{spec!r} formats a number, and {self!s:.60} is an expression: format its value, f.evaluate(point)"
            ) from None

    # -- values -----------------------------------------------------------

    @overload
    def evaluate(self, /) -> Any: ...

    @overload
    def evaluate(self, point: Mapping[Any, float] | None = None, /, **values: float) -> float: ...

    @overload
    def evaluate(self, point: Point | None = None, /, **values: Any) -> Any: ...

    def evaluate(self, point: Point | None = None, /, *more: NoReturn, **values: Any) -> Any:
        """The value at a point.

        Parameters
        ----------
        point : mapping, optional
            From variables or names to values: numbers (ints and Fractions stay
            exact), arrays (broadcast), mpmath numbers, dual numbers, expressions.
            Without one, every variable's `.value` is used.
        **values
            The same by name; the name of an array of variables takes values of
            them all: `f.evaluate(w=np.ones(10))`.

        Raises
        ------
        MissingValueError
            Naming the variables that have no value.
        SymdiffValueError
            For an array that lacks an element, or is given whole and by elements.

        >>> import symdiff as sd
        >>> x, y = sd.variables("x y")
        >>> (x/y).evaluate(x=1.0, y=0.0)
        inf
        """
        from symdiff.algebra.evaluate import evaluate

        check_place(more)
        return evaluate(self, point, **values)

    @property
    def value(self) -> Any:
        """Its value where each variable has its `.value`, computed when asked; None where one is not set.

        >>> import symdiff as sd
        >>> x = sd.Var("x")
        >>> f = x**2
        >>> x.value = 3
        >>> f.value
        9
        """
        from symdiff.algebra.evaluate import evaluate

        unset = any(variable.value is None for variable in self.variables)
        return None if unset else evaluate(self)

    if not TYPE_CHECKING:

        @value.setter
        def value(self, value: Any) -> NoReturn:
            raise SymdiffAttributeError(
                "an expression has the value that its variables give it: set theirs, x.value = 3"
            )

    def node_values(self, point: Point | None = None, /, **values: Any) -> dict[Expr, Any]:
        """The value of every node at a point, operands before users."""
        from symdiff.algebra.evaluate import node_values

        return node_values(self, point, **values)  # type: ignore[return-value]

    @overload
    def backpropagate(
        self, point: Any = None, /, seed: Any = 1.0, wrt: None = None, **values: Any
    ) -> dict[Var, Any]: ...

    @overload
    def backpropagate(self, point: Any = None, /, seed: Any = 1.0, *, wrt: Any, **values: Any) -> Any: ...

    def backpropagate(self, point: Any = None, /, seed: Any = 1.0, wrt: Any = None, **values: Any) -> Any:
        """The gradient at a point by reverse mode, as `{variable: derivative}`.

        `f.backpropagate({x: 3, y: 4})` touches no state. Without a point every
        variable's `.value` is used and `.grad` is set; then the first argument
        may be the seed: `f.backpropagate(1.0)`.

        Parameters
        ----------
        point : mapping, optional
            As for `evaluate`. A variable of the point on which the expression
            does not depend gets 0.0.
        seed : number or array
            The adjoint of the result; an array weighs the points of an array
            evaluation. The adjoint of a variable has the shape of its value:
            where that was broadcast, contributions are summed.
        wrt : variable, name, or sequence or array of them, optional
            Gives the derivatives by these alone, as one number or an array of
            that shape; axes of a batch stand in front.

        >>> import symdiff as sd
        >>> x, y = sd.variables("x y")
        >>> (x**2*y + y + 2).backpropagate({x: 3, y: 4})
        {x: 24.0, y: 10.0}
        >>> w = sd.variables("w", 3)
        >>> (w[0]*w[1]).backpropagate(w=[3, 4, 5], wrt=w)
        array([4., 3., 0.])
        """
        from symdiff.modes.backpropagation import backpropagate

        check_seed(point, seed, values)
        return backpropagate(self, point, seed, wrt, **values)

    def node_adjoints(self, point: Any = None, /, seed: Any = 1.0, **values: Any) -> dict[Expr, Any]:
        """The adjoint of every node at a point, users before operands."""
        from symdiff.modes.backpropagation import node_adjoints

        return node_adjoints(self, point, seed, **values)  # type: ignore[return-value]

    # -- derivatives --------------------------------------------------------

    @overload
    def gradient(self, wrt: Slopes[Result]) -> Result: ...

    @overload
    def gradient(self, wrt: Sequence[Scalar] | Array) -> Array: ...

    @overload
    def gradient(self, wrt: Any = None) -> Any: ...

    def gradient(self, wrt: Any = None, *more: NoReturn) -> Any:
        """The first derivatives, by reverse accumulation, as expressions.

        Parameters
        ----------
        wrt : variable, name, or sequence or array of them
            One gives an expression, several an object array of their shape, as
            does the name of an array of variables; by default all `variables`.

        >>> import symdiff as sd
        >>> x, y = sd.variables("x y")
        >>> (x**2*y + y + 2).gradient([x, y])
        array([2*x*y, x**2 + 1], dtype=object)
        """
        from symdiff.derive import jacobian

        check_place(more, "f.gradient([x, y])")
        return jacobian.expression_gradient(self, wrt)

    def adjoints(self, seed: Any = 1) -> dict[Expr, Expr]:
        """The adjoint of every node as an expression, users before operands.

        >>> import symdiff as sd
        >>> x, y = sd.variables("x y")
        >>> sd.sin(x*y).adjoints()
        {sin(x*y): 1, x*y: cos(x*y), y: x*cos(x*y), x: y*cos(x*y)}
        """
        from symdiff.modes.reverse import adjoints

        return adjoints(self, seed)  # type: ignore[return-value]

    @overload
    def hessian(self, wrt: Slopes[Result], sparse: Literal[False] = False) -> Result: ...

    @overload
    def hessian(self, wrt: Sequence[Scalar] | Array, sparse: Literal[False] = False) -> Array: ...

    @overload
    def hessian(self, wrt: Sequence[Scalar] | Array, sparse: Literal[True]) -> SparseMatrix: ...

    @overload
    def hessian(self, wrt: Any = None, sparse: bool = False) -> Any: ...

    def hessian(self, wrt: Any = None, sparse: bool = False) -> Any:
        """The second derivatives: an object array of shape `wrt.shape * 2`, symmetric.

        One variable gives an expression; with `sparse` it is a `SparseMatrix`,
        square, of as many rows as there are variables; of array expressions a `SparseBlockMatrix`.

        >>> import symdiff as sd
        >>> x, y = sd.variables("x y")
        >>> (x**2*y + y + 2).hessian([x, y])
        array([[2*y, 2*x],
               [2*x, 0]], dtype=object)
        """
        from symdiff.derive.hessian import expression_hessian

        check_place([sparse] if isinstance(sparse, Handle) else (), "f.hessian([x, y])")
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
        from symdiff.derive import higher_derivatives

        return higher_derivatives.diff(self, *wrt_and_orders)  # type: ignore[return-value]

    def first_bad(self, point: Point | None = None, /, **values: Any) -> FirstBad | None:
        """The node at which the first nan or infinity arises, in value or derivative, and from which operands.

        None where value and gradient are finite at the point.

        >>> import symdiff as sd
        >>> x = sd.Var("x")
        >>> print((sd.log(x - 1)*x + x).first_bad(x=1.0))
        log(x - 1) is -inf from x - 1 = 0.0
        """
        from symdiff.check.first_bad import first_bad

        return first_bad(self, point, **values)

    # -- neighbours -----------------------------------------------------------

    def to_sympy(self) -> Any:
        """The same expression in SymPy."""
        from symdiff.bridge.sympy import to_sympy

        return to_sympy(self)

    def _sympy_(self) -> Any:
        return self.to_sympy()

    def _latex(self, printer: Any) -> str:
        """What SymPy's own `latex` prints of it."""
        return self.latex()

    def to_networkx(self, objects: bool = True) -> networkx.MultiDiGraph[int]:
        """The graph below it as a `networkx.MultiDiGraph`, edges from operands to users; see `sd.to_networkx`."""
        from symdiff.bridge.networkx import to_networkx

        return to_networkx(self, objects)

    def to_graphviz(self, at: Point | None = None, backward: bool = False, **options: Any) -> graphviz.Digraph:
        """A picture of the graph as a `graphviz.Digraph`; see `sd.to_graphviz`."""
        from symdiff.draw.graphviz import to_graphviz

        return to_graphviz(self, at=at, backward=backward, **options)

    def render(
        self, path: str | os.PathLike[str], at: Point | None = None, backward: bool = False, **options: Any
    ) -> str:
        """Draw the graph into a file, .png, .svg, .pdf, .jpg, .tex or .html by its suffix; returns the path."""
        from symdiff.draw.render import render

        return render(self, path, at=at, backward=backward, **options)

    def explore(self, at: Point | None = None, backward: bool | None = None, **options: Any) -> Explorer:
        """A page with the graph to move, search, fold and step through; see `sd.explore`."""
        from symdiff.draw.explore import explore

        return explore(self, at, backward, **options)

    def trace(self, at: Point | None = None, mode: str = "reverse", **options: Any) -> Trace:
        """A line for each step of the computation, with values and adjoints, or tangents for mode "forward".

        >>> import symdiff as sd
        >>> x = sd.Var("x")
        >>> sd.exp(x**2).trace(at={x: 0})
        step          value  adjoint
        v₁ = x            0      0.0  v̄₁ = 2·v₁·v̄₂
        v₂ = v₁²          0      1.0  v̄₂ = v₃·v̄₃
        v₃ = exp(v₂)    1.0      1.0  v̄₃ = 1
        """
        from symdiff.draw.trace import trace

        return trace(self, at, mode, **options)

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


class Const(Expr):
    """A constant; exact for ints and Fractions.

    >>> import symdiff as sd
    >>> sd.Const(1)/3
    1/3
    """

    __slots__ = ()
    __match_args__ = ("value",)

    def __new__(cls, value: Any) -> Const:
        graph = current_graph()
        return handle(graph, graph.const(constant(value)))  # type: ignore[return-value]

    @property
    def value(self) -> Any:
        """The number, an int, Fraction, float, bool, complex, or a named constant."""
        return self._graph.leaves[self._index]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Expr):
            try:
                other = Const(other)
            except SymdiffTypeError:
                return NotImplemented
        return super().__eq__(other)

    def __hash__(self) -> int:
        return super().__hash__()

    def __bool__(self) -> bool:
        return bool(self.evaluate({}))


def _kind(name: str, symmetric: bool, dtype: Any) -> str:
    """What a variable is beside its name and shape."""
    if dtype is float:
        return "symmetric" if symmetric else ""
    try:
        numbers = np.dtype(dtype).kind
    except TypeError:
        numbers = ""
    if numbers not in ("f", "i"):
        raise SymdiffTypeError(f"the dtype of {name} is float or int, not {dtype!r}")
    if numbers == "f":
        return _kind(name, symmetric, float)
    if symmetric:
        raise SymdiffTypeError(f"{name} is symmetric, or of ints: index arrays have no derivatives to project")
    return "int"


class Var(Expr):
    """A variable. Variables of one name are equal.

    It joins the thread's current graph: that of the innermost `with Graph():`,
    else the one that is alive, else a new one.

    Parameters
    ----------
    name : str
        An identifier, or the name of an element of an array of variables, such as `w[0, 1]`.
    init_value : optional
        The first `.value`; without it the variable keeps what it had.
    shape : size or tuple of sizes, optional
        That of an array: ints, and names such as "n" for sizes that the values bring.
    symmetric : bool
        Whether it is a symmetric matrix: derivatives by it are too.
    dtype : float or int
        Variables of ints are places, `X[idx]`, or counts: nothing is differentiated by them, and floats are refused.

    Raises
    ------
    SymdiffTypeError, SymdiffValueError
        For a name that is none.

    >>> import numpy as np, symdiff as sd
    >>> x = sd.Var("x", init_value=3)
    >>> (x**2).evaluate()
    9
    >>> X, idx = sd.Var("X", shape=(4, 2)), sd.Var("idx", shape="m", dtype=int)
    >>> X[idx].sum().gradient(X).evaluate(X=np.ones((4, 2)), idx=[3, 0, 3])
    array([[1., 1.],
           [0., 0.],
           [0., 0.],
           [2., 2.]])
    """

    __slots__ = ()
    __match_args__ = ("name",)

    if TYPE_CHECKING:

        def _slope(self) -> Expr: ...
        def _of_numbers(self) -> Literal[True]: ...

    @overload
    def __new__(cls, name: str, init_value: Any = None, *, dtype: Any = float) -> Var: ...

    @overload
    def __new__(
        cls, name: str, init_value: Any = None, *, shape: Any, symmetric: bool = False, dtype: Any = float
    ) -> ArrayVar: ...

    def __new__(
        cls, name: str, init_value: Any = None, *, shape: Any = (), symmetric: bool = False, dtype: Any = float
    ) -> Var:
        kind = _kind(name, symmetric, dtype)
        if isinstance(init_value, tuple) and shape == ():
            array = f"sd.Var({name!r}, shape={init_value!r})"
            raise SymdiffTypeError(f"the value of a number is no tuple {init_value!r}; an array is {array}")
        if shape != () or kind:
            self: Var = array_variable_in(current_graph(), check_name(name), shape_of(shape), kind)  # type: ignore[assignment]
        else:
            self = variable_in(current_graph(), Variable(check_name(name)))  # type: ignore[assignment]
        if init_value is not None:
            self.value = init_value
        return self

    @property
    def name(self) -> str:
        """The name that prints."""
        return self._cell.name

    @property
    def key(self) -> Hashable:
        """What tells variables apart; the name, unless a neighbour has two of one name."""
        return self._cell.key

    @property
    def value(self) -> Any:
        """The value used where no point is given; None until it is set."""
        return self._cell.value

    @value.setter
    def value(self, value: Any) -> None:
        self._cell.assign(value)

    @property
    def grad(self) -> Any:
        """What the last `backpropagate` without a point found; None before."""
        return self._cell.grad

    @grad.setter
    def grad(self, grad: Any) -> None:
        self._cell.grad = grad

    if not TYPE_CHECKING:
        gradient = Method(Expr.gradient, "x.grad = 0 for the number that f.backpropagate(1.0) finds")


CLASSES[CONST] = Const
CLASSES[VAR] = Var
for _leaf in (Const, Var):
    records.register_algebra(_leaf, records.Rank.VALUE, Handle._apply)


def _sympy_bridge() -> neighbours.Bridge:
    """What reads SymPy's objects and answers in kind."""
    from symdiff.bridge import sympy_calls

    return sympy_calls


def _array_functions() -> Mapping[str, Callable[..., Any]]:
    """NumPy's functions that do not ask the elements of an array."""
    from symdiff.algebra.object_arrays import FUNCTIONS

    return FUNCTIONS


neighbours.handled_by(_sympy_bridge)
arithmetic.functions_from(_array_functions)
