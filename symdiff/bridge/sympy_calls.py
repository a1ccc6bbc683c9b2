"""SymPy's objects in symdiff's calls: read in, and answered in kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import sympy

from symdiff.bridge.sympy import from_sympy, to_sympy
from symdiff.bridge.sympy_classes import is_symbol
from symdiff.bridge.sympy_nodes import is_small
from symdiff.bridge.sympy_reader import SMALL, Reader, array_of, opened
from symdiff.errors import SymdiffValueError
from symdiff.graph import VAR, Graph
from symdiff.handle import Handle, handle, is_variable
from symdiff.sparse import SparseMatrix

__all__ = ["as_expressions", "from_sympy", "in_kind", "is_symbol"]

Function = Callable[..., Any]


def as_expressions(*values: Any) -> list[Any]:
    """Nestings with SymPy's objects in them read into one graph; names, numbers and None stay.

    A matrix or an array becomes an object array of its shape.

    >>> import sympy
    >>> x, y = sympy.symbols("x y")
    >>> as_expressions({"f": x*y}, [x, y])
    [{'f': x*y}, [x, y]]
    """
    parts = [opened(value) for value in values]
    flat = [item for items, _ in parts for item in items]
    reader = Reader(Graph(), ordered=is_small(flat, SMALL))
    for item in flat:
        if isinstance(item, Handle):
            reader.adopt(item)
    read = iter(_read(reader, flat))
    return [rebuild([next(read) for _ in items]) for items, rebuild in parts]


def _read(reader: Reader, items: Sequence[Any]) -> list[Any]:
    """The items, expressions among them read."""
    found = iter(reader.handles([item for item in items if isinstance(item, (Handle, sympy.Basic))]))
    return [next(found) if isinstance(item, (Handle, sympy.Basic)) else item for item in items]


def in_kind(function: Function, fs: Any, args: Sequence[Any], options: Mapping[str, Any]) -> Any:
    """A derivative of SymPy's expressions, as SymPy's: an expression, a matrix of two axes, else an array.

    `function(fs, wrt, …)` is one of `gradient`, `jacobian`, `hessian`, `jvp`, `vjp`,
    `hvp`, `derivatives`, `taylor`. A column or a row is a vector where the answer is a matrix by it, as in
    SymPy's own `jacobian`. A derivative by `t` is the total one where functions of
    `t` occur, as SymPy's is.
    """
    options = dict(options)
    wrt = args[0] if args else options.pop("wrt", None)
    fs_flat, wrt = _vectors(function.__name__, fs, wrt)
    fs_here, wrt, args_here, options_here = as_expressions(fs_flat, wrt, args[1:], options)
    args_here = [wrt, *args_here]
    moving = _moving(fs_here, wrt)
    if not moving:
        result = function(fs_here, *args_here, **options_here)
    elif function.__name__ in ("gradient", "jacobian") and not options_here.get("sparse"):
        result = _total(fs_here, wrt, moving)
    else:
        where = ", ".join(map(str, moving))
        raise SymdiffValueError(
            f"{function.__name__} with respect to {where}, of which others are functions: "
            "take total derivatives by sd.gradient or sd.jacobian, one after another"
        )
    return _answer(result, fs)


def _vectors(name: str, fs: Any, wrt: Any) -> tuple[Any, Any]:
    """Functions and variables, columns and rows as lists where the result has the axes of both."""
    if name == "hessian" or (name == "jacobian" and not _is_single(fs) and not _is_single(wrt)):
        return _flat_vector(fs), _flat_vector(wrt)
    return fs, wrt


def _flat_vector(values: Any) -> Any:
    return list(values.flat()) if isinstance(values, sympy.MatrixBase) and 1 in values.shape else values


def _is_single(value: Any) -> bool:
    return isinstance(value, (str, Handle, sympy.Expr)) and not isinstance(value, (sympy.MatrixExpr, sympy.NDimArray))


def _answer(result: Any, fs: Any) -> Any:
    """SymPy's form of a result: of two axes a matrix, unless the input was an array."""
    if not isinstance(result, SparseMatrix) and not any(isinstance(item, Handle) for item in _flat(result)):
        return result  # keep numbers, such as Taylor coefficients at a point
    found = to_sympy(result)
    if isinstance(result, SparseMatrix) or not isinstance(result, np.ndarray):
        return found
    if result.ndim != 2 or isinstance(fs, sympy.NDimArray):
        return sympy.Array(list(found.ravel()), result.shape)
    matrix = sympy.Matrix(*result.shape, list(found.ravel()))
    return matrix.as_immutable() if isinstance(fs, sympy.ImmutableMatrix) else matrix


# -- derivatives by what functions depend on -------------------------------------------------


def _moving(fs: Any, wrt: Any) -> dict[Handle, list[Handle]]:
    """The symbols of `wrt` that arguments of functions among the variables of `fs` depend on, and these."""
    symbols = {v._cell.origin: v for v in _flat(wrt) if is_variable(v) and isinstance(v._cell.origin, sympy.Symbol)}
    outputs = [f for f in _flat(fs) if isinstance(f, Handle)]
    found: dict[Handle, list[Handle]] = {}
    if not symbols or not outputs:
        return found
    graph = outputs[0].graph  # take the graph that they all share
    for i in graph.cone([f._index for f in outputs]):
        origin = graph.leaves[i].origin if graph.nodes[i][0] == VAR else None
        if origin is None or isinstance(origin, sympy.Symbol):
            continue
        for symbol in origin.free_symbols & symbols.keys():
            found.setdefault(symbols[symbol], []).append(handle(graph, i))
    return found


def _flat(values: Any) -> list[Any]:
    return opened(values)[0]


def _total(fs: Any, wrt: Any, moving: Mapping[Handle, list[Handle]]) -> Any:
    """The first derivatives, those by moving symbols along all that depends on them."""
    from symdiff.derive.jacobian import jvp

    functions, variables = _flat(fs), _flat(wrt)
    columns = []
    for variable in variables:
        others = moving.get(variable, [])
        slopes = [other._cell.origin.diff(variable._cell.origin) for other in others]
        path, *speeds = as_expressions([variable, *others], *slopes)
        columns.append(_flat(jvp(functions, path, [1, *speeds])))
    rows = [column[k] for k in range(len(functions)) for column in columns]
    shape = _shape(fs) + _shape(wrt)
    return array_of(rows, shape) if shape else rows[0]


def _shape(values: Any) -> tuple[int, ...]:
    return (
        values.shape if isinstance(values, np.ndarray) else () if isinstance(values, (str, Handle)) else (len(values),)
    )


__all__ = ["as_expressions", "in_kind"]
