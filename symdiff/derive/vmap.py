"""`sd.vmap`: a function written for one row, over all rows of arrays."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any, NamedTuple

import numpy as np

from symdiff.arithmetic import is_operand
from symdiff.array_functions import axes_of, described, operands
from symdiff.arrays.batching import batch
from symdiff.arrays.contraction import transposed
from symdiff.arrays.index_arrays import is_whole
from symdiff.arrays.reading import shape_of
from symdiff.errors import SymdiffTypeError, SymdiffValueError
from symdiff.graph import VAR, Graph, Variable
from symdiff.handle import Handle, handle, is_array
from symdiff.ops import arrays
from symdiff.shapes import Size

_numbers = itertools.count()


class _Argument(NamedTuple):
    """An array that is mapped, along which axis, and what it is called in messages."""

    value: Any
    axis: int
    name: str


def vmap(func: Callable[..., Any], axes: Any = 0) -> Callable[..., Any]:
    """A function of one row as a function of arrays of rows: `sd.vmap(func)(X, U)` has `func(X[k], U[k])` for each k.

    `func` is called once, with expressions for a row, and each operation in it becomes one on all rows: no copies of
    the graph, whatever the number of rows. Derivatives by the arrays are sparse by structure, diagonal in the rows.

    Parameters
    ----------
    func : callable
        Takes a row of each argument, of the argument's shape without its first axis (a number, of a vector), and
        gives an expression, or lists, tuples and dictionaries of such. What it holds beside is the same for all rows,
        and so are keyword arguments.
    axes : int, None, or a tuple of these, one an argument
        The axis of an argument that is mapped; None for one that is the same for all rows.

    Returns
    -------
    callable
        Of array expressions and arrays of numbers, and of tuples and dictionaries of these. Its results have an axis
        of rows in front; they are nested as those of `func`.

    Raises
    ------
    SymdiffTypeError, SymdiffValueError
        At once, for a `func` that is no function. When called: for arguments without such an axis, or of different
        numbers of rows, and for a `func` that gives what is no expression.

    >>> import numpy as np, symdiff as sd
    >>> X, w = sd.Var("X", shape=(100, 3)), sd.Var("w", shape=3)
    >>> f = sd.vmap(lambda x: sd.exp(x @ w) + x[0])(X)
    >>> f, f.shape
    (exp(X @ w) + X[:, 0], (100,))
    >>> step = lambda z, u: z + 0.1*sd.stack([z[1], sd.sin(z[0]) + u])
    >>> Z, U = sd.Var("Z", shape=(50, 2)), sd.Var("U", shape=49)
    >>> gap = sd.vmap(step)(Z[:-1], U) - Z[1:]
    >>> sd.jacobian(gap, Z, sparse=True).nnz
    294
    """
    if not callable(func) or isinstance(func, Handle):  # an expression has a `__call__` that says what to write
        raise SymdiffTypeError(f"vmap maps a function over rows, not {func!r:.60}: sd.vmap(func)(X, Y)")

    @wraps(func)
    def mapped(*args: Any, **fixed: Any) -> Any:
        found: list[_Argument] = []
        nested = [_entered(arg, axis, f"argument {k + 1}", found) for k, (arg, axis) in enumerate(_paired(args, axes))]
        if not found:
            raise SymdiffValueError("vmap maps at least one argument over its rows")
        graph, given = operands([a.value for a in found])
        graph.hold_arrays(arrays.infer)
        moved = [_rows_first(graph, i, a) for i, a in zip(given, found, strict=True)]
        size = _size(graph, moved, found)
        rows = [graph.var(_row(graph, i)) for i in moved]
        result = func(*[_filled(one, graph, rows) for one in nested], **fixed)
        return _for_all(func, result, [handle(graph, i) for i in rows], [handle(graph, i) for i in moved], size)

    return mapped


# -- what goes in -----------------------------------------------------------------------------------------


class _Place(NamedTuple):
    """Where an argument stood in a nesting: its number."""

    number: int


def _paired(args: Sequence[Any], axes: Any) -> list[tuple[Any, Any]]:
    """Each argument with the axis that is mapped."""
    given = axes if isinstance(axes, (tuple, list)) else (axes,) * len(args)
    if len(given) != len(args):
        raise SymdiffValueError(f"vmap has axes for {len(given)} arguments, and {len(args)} are given")
    return list(zip(args, given, strict=True))


def _entered(arg: Any, axis: Any, name: str, found: list[_Argument]) -> Any:
    """An argument with places for the arrays in it, which are noted; recursion as deep as a person nests."""
    if axis is None:
        return arg
    if not isinstance(axis, (int, np.integer)) or isinstance(axis, bool):
        raise SymdiffTypeError(f"an axis of vmap is an int or None, not {axis!r}")
    if isinstance(arg, tuple):
        inside = [_entered(one, axis, name, found) for one in arg]
        return type(arg)(*inside) if hasattr(arg, "_fields") else tuple(inside)
    if isinstance(arg, Mapping):
        return {key: _entered(one, axis, f"{name}, {key!r},", found) for key, one in arg.items()}
    if isinstance(arg, list) or is_array(arg) or isinstance(arg, (Handle, np.ndarray)):
        found.append(_Argument(arg, int(axis), name))
        return _Place(len(found) - 1)
    raise SymdiffTypeError(
        f"{name} of a mapped function is {arg!r:.60}, which has no rows: give an array, or axes=None for what is the "
        "same for all rows"
    )


def _rows_first(graph: Graph, i: int, argument: _Argument) -> int:
    """An argument with the axis that is mapped in front."""
    shape = shape_of(graph, i)
    if not shape:
        raise SymdiffTypeError(
            f"{argument.name} of a mapped function is a number, and has no rows: write axes=None for it, or hold it "
            "in the function"
        )
    (axis,) = axes_of(argument.axis, handle(graph, i))
    order = [axis, *[k for k in range(len(shape)) if k != axis]]
    return transposed(graph, i, order) if axis else i


def _size(graph: Graph, rows: Sequence[int], found: Sequence[_Argument]) -> Size:
    """The number of rows, which all have."""
    sizes = [shape_of(graph, i)[0] for i in rows]
    for k, size in enumerate(sizes):
        if size != sizes[0]:
            raise SymdiffValueError(
                f"mapped arguments have as many rows: {found[0].name}, {described(graph, rows[0])}, has {sizes[0]}, "
                f"and {found[k].name}, {described(graph, rows[k])}, has {size}"
            )
    return sizes[0]


def _row(graph: Graph, i: int) -> Variable:
    """A variable for a row, which is no other."""
    name = f"row of {graph.leaves[i].name}" if graph.nodes[i][0] == VAR else "row"
    shape = shape_of(graph, i)[1:]
    kind = "int" if is_whole(graph, i) else ""
    return Variable(name, ("mapped", next(_numbers)), shape=shape, kind=kind)


def _filled(nested: Any, graph: Graph, rows: Sequence[int]) -> Any:
    """A nesting with the rows in their places."""
    if isinstance(nested, _Place):
        return handle(graph, rows[nested.number])
    if isinstance(nested, tuple):
        inside = [_filled(one, graph, rows) for one in nested]
        return type(nested)(*inside) if hasattr(nested, "_fields") else tuple(inside)
    if isinstance(nested, list):
        return [_filled(one, graph, rows) for one in nested]
    if isinstance(nested, Mapping):
        return {key: _filled(one, graph, rows) for key, one in nested.items()}
    return nested


# -- what comes out ----------------------------------------------------------------------------------------


def _for_all(func: Callable[..., Any], result: Any, rows: Sequence[Handle], whole: Sequence[Handle], size: Size) -> Any:
    """What a function gives for a row, for all rows."""
    leaves: list[Any] = []
    nested = _left(func, result, leaves)
    graph, nodes = operands([*leaves, *rows, *whole])
    outputs = nodes[: len(leaves)]
    stand = dict(zip(nodes[len(leaves) : len(leaves) + len(rows)], nodes[len(leaves) + len(rows) :], strict=True))
    return _filled(nested, graph, batch(graph, outputs, stand, size))


def _left(func: Callable[..., Any], result: Any, leaves: list[Any]) -> Any:
    """A result with places for the expressions in it, which are noted."""
    if isinstance(result, list):
        return [_left(func, one, leaves) for one in result]
    if isinstance(result, tuple):
        inside = [_left(func, one, leaves) for one in result]
        return type(result)(*inside) if hasattr(result, "_fields") else tuple(inside)
    if isinstance(result, Mapping):
        return {key: _left(func, one, leaves) for key, one in result.items()}
    if not (isinstance(result, (Handle, np.ndarray)) or is_array(result) or is_operand(result)):
        raise SymdiffTypeError(
            f"a function that is mapped gives an expression, or a nesting of them, and "
            f"{getattr(func, '__name__', 'it')} gave {result!r:.60}"
        )
    leaves.append(result)
    return _Place(len(leaves) - 1)
