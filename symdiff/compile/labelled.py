"""Arrays that know more than their numbers: pandas', polars', xarray's and dask's, whose kind comes back.

A variable takes any of them, as it takes an array of numbers: what acts entry by entry keeps its labels, or stays lazy.
An array of variables takes a table whose rows are its points. None of the packages is imported unless its object is
there.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from symdiff.compile.arguments import Argument
from symdiff.compile.results import NUMBER, Results
from symdiff.errors import SymdiffError, SymdiffTypeError, SymdiffValueError
from symdiff.neighbours import labelled_by
from symdiff.shapes import Shape, Size


class Leaves:
    """The leaves of the results of a function, and the shape that each has at one point."""

    def __init__(self, function: Any, results: Results, shapes: Sequence[Shape], threads: int) -> None:
        self.function, self.results, self.shapes, self.threads = function, results, shapes, threads

    def __call__(self, *args: Any) -> list[Any]:
        return self.results.flat(self.function._called(args, {}, None, self.threads), "results")


def call_labelled(call: Leaves, arguments: Sequence[Argument], results: Results, given: Sequence[Any]) -> Any:
    """The results at arguments of which some are of one of these packages, nested, as objects of the same.

    Parameters
    ----------
    call : Leaves
        Gives the leaves of the results for NumPy's arrays.

    Raises
    ------
    SymdiffTypeError, SymdiffValueError
        For objects of several packages, kinds that are no arrays of numbers, and labels that differ.
    """
    packages = list(dict.fromkeys([labelled_by(v) for v in given if labelled_by(v)]))
    if len(packages) > 1:
        raise SymdiffTypeError(f"arguments are of {' and '.join(packages)}: give all of them in one kind")
    leaves = _OF[packages[0]](call, arguments, results, given)
    return results.nested(leaves)


def _kind(value: Any) -> str:
    return type(value).__name__


def _refused(argument: Argument, value: Any, instead: str) -> SymdiffTypeError:
    return SymdiffTypeError(f"{argument.name} is a {labelled_by(value)} {_kind(value)}: {instead}")


# -- pandas and polars: tables, whose rows are points --------------------------------------------------


def _of_pandas(call: Leaves, arguments: Sequence[Argument], results: Results, given: Sequence[Any]) -> list[Any]:
    pandas: Any = sys.modules["pandas"]
    held = _tables(arguments, given, "to_numpy() makes an array of it")
    axes = {len(v.shape) - len(a.core) for a, v in held} - {0}
    labels = [v for a, v in held if len(v.shape) > len(a.core)]
    for v in labels:
        if not v.index.equals(labels[0].index):
            raise SymdiffValueError("the arguments have different indexes: align them first, as by a.align(b)")
    tables = [v for a, v in held if len(v.shape) == 2 and not a.core]
    if any(not v.columns.equals(tables[0].columns) for v in tables) or axes == {1, 2}:
        raise SymdiffValueError("the arguments have different columns: give Series, or tables of the same columns")
    values = call(*[v.to_numpy() if labelled_by(v) else v for v in given])
    along: dict[Size, Any] = {} if labels else {a.core[0]: v for a, v in held if isinstance(a.core[0], str)}
    names = {v.name for v in labels or along.values() if _kind(v) == "Series"}
    name = names.pop() if len(names) == 1 else None
    columns = tables[0].columns if tables else None

    def labelled(value: Any, own: Shape) -> Any:
        shape = np.shape(value)
        source = labels[0] if labels else along.get(own[0]) if own else None
        if source is None:
            return value
        index = source.index
        if shape == index.shape:
            return pandas.Series(value, index=index, name=name)
        fits = len(shape) == 2 and shape[0] == len(index) and (columns is None or shape[1] == len(columns))
        return pandas.DataFrame(value, index=index, columns=columns) if fits else value

    return [labelled(v, own) for v, own in zip(values, call.shapes, strict=True)]


def _of_polars(call: Leaves, arguments: Sequence[Argument], results: Results, given: Sequence[Any]) -> list[Any]:
    polars: Any = sys.modules["polars"]
    held = _tables(arguments, given, "collect it, or take its columns, as df['x']")
    if any(len(v.shape) == 2 and not a.core for a, v in held):
        raise _refused(*next((a, v) for a, v in held if len(v.shape) == 2), "give its columns, as df['x']")
    moving = [v for a, v in held if len(v.shape) > len(a.core)]
    along: dict[Size, Any] = {} if moving else {a.core[0]: v for a, v in held if isinstance(a.core[0], str)}
    names = {v.name for v in moving or along.values() if _kind(v) == "Series"}
    name = names.pop() if len(names) == 1 else ""
    values = call(*[v.to_numpy() if labelled_by(v) else v for v in given])

    def labelled(value: Any, own: Shape) -> Any:
        source = moving[0] if moving else along.get(own[0]) if own else None
        if source is None or not np.ndim(value) or len(value) != len(source):
            return value
        return polars.Series(name, value) if np.ndim(value) == 1 else polars.DataFrame(value)

    return [labelled(v, own) for v, own in zip(values, call.shapes, strict=True)]


def _tables(arguments: Sequence[Argument], given: Sequence[Any], instead: str) -> list[tuple[Argument, Any]]:
    """The arguments that are a Series or a DataFrame."""
    held = [(a, v) for a, v in zip(arguments, given, strict=True) if labelled_by(v)]
    for a, v in held:
        if _kind(v) not in ("Series", "DataFrame"):
            raise _refused(a, v, f"give a Series or a DataFrame; {instead}")
    return held


# -- xarray: axes that have names ------------------------------------------------------------------


def _of_xarray(call: Leaves, arguments: Sequence[Argument], results: Results, given: Sequence[Any]) -> list[Any]:
    xarray: Any = sys.modules["xarray"]
    for a, v in zip(arguments, given, strict=True):
        if labelled_by(v) and _kind(v) != "DataArray":
            raise _refused(a, v, "give its variables, as ds['x']")
        if labelled_by(v) and v.ndim < len(a.core):
            raise SymdiffValueError(f"{a.name} has {len(a.core)} axes of its own, not {v.ndim}")
    if any(not labelled_by(v) and np.ndim(v) > len(a.core) for a, v in zip(arguments, given, strict=True)):
        raise SymdiffTypeError("arrays without names of axes stand beside a DataArray: make DataArrays of them")
    if any(leaf.kind not in (NUMBER, "array") for leaf in results.leaves):
        raise SymdiffTypeError("a DataArray holds no sparse matrices: call the function with a.to_numpy()")
    inner = [_dims(a, v) for a, v in zip(arguments, given, strict=True)]
    along: dict[Size, Any] = {
        n: dim for a, dims in zip(arguments, inner, strict=True) for n, dim in zip(a.core, dims, strict=True)
    }
    own = [tuple([along[n] if isinstance(n, str) else f"axis_{k}" for k, n in enumerate(s)]) for s in call.shapes]

    def leaves(*arrays: Any) -> Any:
        found = tuple([np.asarray(v) for v in call(*arrays)])
        return found if len(found) > 1 else found[0]

    lazy = _of_chunks(call, inner, own, given) if any(labelled_by(v) and v.chunks for v in given) else {}
    try:
        found = xarray.apply_ufunc(
            leaves, *given, input_core_dims=inner, output_core_dims=own, keep_attrs=False, **lazy
        )
    except ValueError as error:
        if isinstance(error, SymdiffError):
            raise
        raise SymdiffValueError(f"xarray can't bring the arguments together: {error}") from error
    return list(found) if len(own) > 1 else [found]


def _of_chunks(
    call: Leaves, inner: Sequence[tuple[Any, ...]], own: Sequence[tuple[Any, ...]], given: Sequence[Any]
) -> dict[str, Any]:
    """What xarray needs for DataArrays that wait in chunks: what comes out of one point, found by a call at zeros."""
    zeros = [np.zeros(np.shape(v)[np.ndim(v) - len(dims) :]) for v, dims in zip(given, inner, strict=True)]
    points = [np.asarray(v) for v in call(*[z if z.ndim else 0.0 for z in zeros])]
    sizes = {dim: n for dims, p in zip(own, points, strict=True) for dim, n in zip(dims, p.shape, strict=True)}
    dtypes = [p.dtype for p in points]
    return {"dask": "parallelized", "output_dtypes": dtypes, "dask_gufunc_kwargs": {"output_sizes": sizes}}


def _dims(argument: Argument, value: Any) -> tuple[Any, ...]:
    """The names of the axes that are an argument's own: its last ones."""
    if not argument.core:
        return ()
    if labelled_by(value):
        return tuple(value.dims[value.ndim - len(argument.core) :])
    return tuple([f"{argument.name}_{k}" for k in range(len(argument.core))])


# -- dask: arrays that wait ------------------------------------------------------------------------


def _of_dask(call: Leaves, arguments: Sequence[Argument], results: Results, given: Sequence[Any]) -> list[Any]:
    for a, v in zip(arguments, given, strict=True):
        if labelled_by(v) and _kind(v) != "Array":
            raise _refused(a, v, "give dask arrays, as df['x'].to_dask_array(), or compute() it first")
        if a.core:
            raise SymdiffTypeError(
                f"{a.name} is an array of shape {a.core} in each point, and dask arrays are taken entry by entry: "
                "compute() them first, or write da.map_blocks(F, …) yourself"
            )
    if any(leaf.kind != NUMBER for leaf in results.leaves):
        raise SymdiffTypeError(
            "results are arrays in each point, and dask arrays come back entry by entry: compute() the arguments "
            "first, or compile the entries one by one"
        )
    da: Any = importlib.import_module("dask.array")

    axes = max(map(np.ndim, given))
    placed: list[Any] = []  # arrays and numbers, each with the numbers of its axes
    for v in given:
        known = v if labelled_by(v) or not np.ndim(v) else np.asarray(v)
        placed += [known, tuple(range(axes - np.ndim(v), axes)) if np.ndim(v) else None]
    dtypes = [np.asarray(v).dtype for v in call(*[np.zeros(1)] * len(given))]
    every = tuple(range(axes))
    try:
        return [
            da.blockwise(_Picked(call, k), every, *placed, dtype=t, meta=np.empty(0, t)) for k, t in enumerate(dtypes)
        ]
    except ValueError as error:
        shapes = ", ".join([f"{a.name} {np.shape(v)}" for a, v in zip(arguments, given, strict=True) if np.ndim(v)])
        raise SymdiffValueError(f"the shapes or chunks of the arguments do not fit: {shapes}: {error}") from error


class _Picked:
    """One of the results of a function, for blocks of arrays."""

    def __init__(self, call: Leaves, k: int) -> None:
        self.call, self.k = call, k
        self.__name__ = call.function.__name__  # which dask shows

    def __call__(self, *blocks: Any) -> Any:
        return self.call(*blocks)[self.k]


_OF: dict[str, Callable[[Leaves, Sequence[Argument], Results, Sequence[Any]], list[Any]]] = {
    "pandas": _of_pandas,
    "polars": _of_polars,
    "xarray": _of_xarray,
    "dask": _of_dask,
}
