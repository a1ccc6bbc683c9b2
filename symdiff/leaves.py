"""`sd.variables`, the constants pi and e, and what the first array loads; classes of leaves are in `expr.py`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, overload

import numpy as np

from symdiff.build import ArrayRule, arrays_made_by
from symdiff.constants import PI, E
from symdiff.errors import SymdiffTypeError, SymdiffValueError
from symdiff.expr import Expr, Var
from symdiff.functions import arrays_answered_by
from symdiff.graph import Graph, Variable, current_graph
from symdiff.handle import Handle, handle, shaped_classes_made_by, variable_in
from symdiff.names import check_name, element, element_name
from symdiff.quoting import counted, quoted

_MOST = 10_000_000  # limit of a shape in variables, each of which takes half a kilobyte


_Letter = Literal[
    "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m",
    "n", "o", "p", "q", "r", "s", "t", "u", "v", "w", "x", "y", "z",
]  # fmt: skip

if TYPE_CHECKING:

    class Variables(Var, Sequence[Var]):
        """One variable or several: only the text of the names says."""

        def _slope(self) -> Any: ...


@overload
def variables(names: _Letter, shape: None = None) -> Var: ...  # type: ignore[overload-overlap]  # the rest of str


@overload
def variables(names: str, shape: None = None) -> Variables: ...


@overload
def variables(names: str, shape: int | Sequence[int]) -> np.ndarray[Any, Any]: ...


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
        For no name, a name that is given twice, several names with a shape, or more than ten million variables.

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
    sizes = _sizes(shape)
    if math.prod(sizes) > _MOST:
        raise SymdiffValueError(
            f"a shape of {quoted(shape)} is of {counted(math.prod(sizes))} variables; {_MOST:,} are made at most"
        )
    name = check_name(given[0])
    if element(name) is not None:
        raise SymdiffValueError(f"{name} names an element, which has no shape: give the array another name")
    array = np.empty(sizes, dtype=object)
    graph = current_graph()  # hold on to the graph until the array does
    for index in np.ndindex(sizes) if array.size else ():
        array[index] = variable_in(graph, Variable(element_name(name, index) if index else name))
    return array


def _sizes(shape: int | Sequence[int]) -> tuple[int, ...]:
    sizes = tuple(shape) if isinstance(shape, (tuple, list)) else (shape,)
    if not all(isinstance(n, (int, np.integer)) and not isinstance(n, bool) for n in sizes):
        several = ": the names of several variables are one text, sd.variables('x y')" if isinstance(shape, str) else ""
        raise SymdiffTypeError(f"a shape is an int or a tuple of ints, not {shape!r}{several}")
    if any(n < 0 for n in sizes):
        raise SymdiffValueError(f"a shape has no negative size, as {quoted(shape)} does")
    return sizes


_constants = Graph()
_constants.frozen = True
pi: Expr = handle(_constants, _constants.const(PI))  # type: ignore[assignment]
e: Expr = handle(_constants, _constants.const(E))  # type: ignore[assignment]


def _shaped_class(code: int) -> type[Handle]:
    """The class of arrays by the code of an operation, loaded with the first array."""
    from symdiff.array_expr import shaped_class

    return shaped_class(code)


def _array_rule() -> ArrayRule:
    """How graphs of arrays make nodes, loaded with the first array."""
    from symdiff.arrays.elementwise import grow

    return grow


def _array_functions() -> Any:
    """The functions of array expressions, loaded with the first array."""
    from symdiff import array_functions

    return array_functions


def _entered(value: Any) -> Any:
    """A list, or an array of expressions, beside an array."""
    return _array_functions().entered(value)


shaped_classes_made_by(_shaped_class, _entered)
arrays_answered_by(_array_functions)
arrays_made_by(_array_rule)
