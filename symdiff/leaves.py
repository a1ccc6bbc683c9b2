"""Constants and variables: the expressions that have no operands."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np

from symdiff import records
from symdiff.errors import SymdiffTypeError, SymdiffValueError
from symdiff.expr import Expr
from symdiff.graph import CONST, PI, VAR, E, Graph, Variable, constant, current_graph
from symdiff.handle import CLASSES, Handle, handle, variable_in
from symdiff.names import check_name, element, element_name


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

    Raises
    ------
    SymdiffTypeError, SymdiffValueError
        For a name that is none.

    >>> import symdiff as sd
    >>> x = sd.Var("x", init_value=3)
    >>> (x**2).evaluate()
    9
    """

    __slots__ = ()
    __match_args__ = ("name",)

    def __new__(cls, name: str, init_value: Any = None) -> Var:
        self: Var = variable_in(current_graph(), Variable(check_name(name)))  # type: ignore[assignment]
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


def variables(names: str, shape: int | Sequence[int] | None = None) -> Any:
    """Several variables at once.

    Parameters
    ----------
    names : str
        Names apart by spaces or commas; one name gives one `Var`, more a tuple.
    shape : int or tuple of ints, optional
        Makes an object array of variables of one name: `w[0]`, `w[1]`, …, or
        `w[0, 0]`, `w[0, 1]`, … .

    Raises
    ------
    SymdiffTypeError, SymdiffValueError
        For no name, a name that is given twice, or several names with a shape.

    >>> import symdiff as sd
    >>> sd.variables("w", (2, 2))
    array([[w[0, 0], w[0, 1]],
           [w[1, 0], w[1, 1]]], dtype=object)
    """
    if not isinstance(names, str):
        raise SymdiffTypeError(f"names is a string such as 'x y', not {names!r}")
    given = names.replace(",", " ").split()
    if not given or (shape is not None and len(given) > 1):
        raise SymdiffValueError(f"variables takes names, or one name and a shape, not {names!r}")
    if len(set(given)) < len(given):
        twice = next(name for k, name in enumerate(given) if name in given[:k])
        raise SymdiffValueError(f"{twice} is given twice: variables of one name are one variable")
    if shape is None:
        return Var(given[0]) if len(given) == 1 else tuple(Var(name) for name in given)
    array = np.empty(_sizes(shape), dtype=object)
    name = check_name(given[0])
    if element(name) is not None:
        raise SymdiffValueError(f"{name} names an element, which has no shape: give the array another name")
    graph = current_graph()
    for index in np.ndindex(array.shape):
        array[index] = variable_in(graph, Variable(element_name(name, index) if index else name))
    return array


def _sizes(shape: int | Sequence[int]) -> tuple[int, ...]:
    sizes = tuple(shape) if isinstance(shape, (tuple, list)) else (shape,)
    if not all(isinstance(n, (int, np.integer)) and not isinstance(n, bool) for n in sizes):
        raise SymdiffTypeError(f"a shape is an int or a tuple of ints, not {shape!r}")
    if any(n < 0 for n in sizes):
        raise SymdiffValueError(f"a shape has no negative size, as {shape!r} does")
    return sizes


CLASSES[CONST] = Const
CLASSES[VAR] = Var
for _leaf in (Const, Var):
    records.register_algebra(_leaf, 1, Handle._apply)

_constants = Graph()
_constants.frozen = True
pi = handle(_constants, _constants.const(PI))
e = handle(_constants, _constants.const(E))
