"""Expressions that are arrays: one node each, with a shape, NumPy's operators, methods and functions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Literal, NoReturn, overload

import numpy as np

from symdiff import array_calls, array_functions, array_moves, handle, numpy_functions, ops, records
from symdiff.algebra.array_points import checked_array
from symdiff.arithmetic import ufunc_named
from symdiff.array_constants import multiplies_as_matrix
from symdiff.array_functions import entered, wrapped
from symdiff.arrays import contraction, indexing
from symdiff.errors import SymdiffTypeError
from symdiff.expr import Expr, Var
from symdiff.handle import CLASSES, Handle
from symdiff.hints import ArrayHints
from symdiff.ops import arrays as records_of_arrays
from symdiff.shapes import Shape, check_entries, shown


class ArrayExpr(Expr, ArrayHints):
    """An expression that is an array: a vector, a matrix, a tensor, as one node of the graph.

    Made by `Var(name, shape=…)`, operators and functions. The operations of numbers act entry by entry and broadcast
    as NumPy's do.

    >>> import symdiff as sd
    >>> X, w = sd.Var("X", shape=(100, 2)), sd.Var("w", shape=2)
    >>> (X @ w).shape
    (100,)
    """

    __slots__ = ()

    if TYPE_CHECKING:  # tell editors that what acts entry by entry gives an array

        def _answer(self) -> ArrayExpr: ...
        def _absorb(self) -> ArrayExpr: ...
        def evaluate(self, point: Mapping[Any, Any] | None = None, /, *more: NoReturn, **values: Any) -> Any: ...

    def _holds_array(self) -> bool:
        return True

    @property
    def shape(self) -> Shape:
        """The shape, ints and names of sizes."""
        return self._graph.shapes[self._index]

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.shape)

    @property
    def size(self) -> Any:
        """The number of entries; an expression where a size has a name."""
        total: Any = 1
        for n in self.shape:
            factor = n if isinstance(n, int) else handle.handle(self._graph, contraction.size_node(self._graph, n))
            total = total * factor
        return total

    @property
    def T(self) -> ArrayExpr:  # noqa: N802  # NumPy's name
        """The axes in reverse order."""
        return wrapped(self._graph, contraction.transposed(self._graph, self._index))  # type: ignore[return-value]

    @property
    def mT(self) -> ArrayExpr:  # noqa: N802  # NumPy's name
        """The last two axes exchanged."""
        found: ArrayExpr = array_moves.matrix_transpose(self)
        return found

    def __len__(self) -> int:
        n = self.shape[0]
        if isinstance(n, str):
            raise SymdiffTypeError(
                f"the length of an array of shape {shown(self.shape)} has a name, and no number yet: the size of a "
                "vector x is the expression x.size, and x.mean() divides by it"
            )
        return n

    def __iter__(self) -> Iterator[Any]:
        return (self[k] for k in range(len(self)))

    def __bool__(self) -> bool:
        raise SymdiffTypeError(
            f"an array of shape {shown(self.shape)} is neither true nor false: use sd.where(condition, a, b)"
        )

    def __setitem__(self, key: Any, value: Any) -> None:
        raise SymdiffTypeError("expressions do not change: x.at[1:].add(y) is a new one, x with y added at a key")

    def __getitem__(self, key: Any) -> Any:
        """An entry, a row, a block: ints, slices, `None`, `...`, index arrays and masks, as NumPy has them.

        >>> import numpy as np, symdiff as sd
        >>> X = sd.Var("X", shape=(3, 4))
        >>> X[[0, 2], [1, 3]], X[np.ix_([0, 2], [1, 3])].shape, X[np.eye(3, 4) > 0].shape
        (X[[0, 2], [1, 3]], (2, 2), (3,))

        Index arrays may be variables of ints, and what is made of them: then they are given where a value is asked for.

        >>> idx = sd.Var("idx", shape="m", dtype=int)
        >>> X[idx, 0].evaluate(X=np.arange(12.0).reshape(3, 4), idx=[2, 0])
        array([8., 0.])
        """
        parts = key if isinstance(key, tuple) else (key,)
        if any(isinstance(part, Handle) for part in parts):
            return array_functions.at_places(self, parts)
        return wrapped(self._graph, indexing.subscripted(self._graph, self._index, key))

    @property
    def at(self) -> array_calls.Blocks:
        """`x.at[0].add(y)` is x with y added at a key; a place that comes twice gets both.

        >>> import symdiff as sd
        >>> x, y = sd.Var("x", shape=3), sd.Var("y", shape=2)
        >>> x.at[1:].add(y).evaluate({x: [1, 2, 3], y: [10, 20]})
        array([ 1, 12, 23])
        """
        return array_calls.Blocks(self)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray[Any, Any]:
        """One object that stands for itself: entries are what `elements` gives."""
        if copy and dtype is not object:
            raise SymdiffTypeError(
                f"an array expression of shape {shown(self.shape)} is one node; X.elements() is an array of its entries"
            )
        box = np.empty((), dtype=object)
        box[()] = self
        return box

    @classmethod
    def _binary(cls, op: records.Operation, left: Any, right: Any) -> Any:
        if op is ops.mul and (multiplies_as_matrix(left) or multiplies_as_matrix(right)):
            return array_functions.matmul(left, right)
        if isinstance(left, (list, tuple)) or isinstance(right, (list, tuple)):
            return handle.apply_any(op, (left, right))
        return super()._binary(op, left, right)

    def __matmul__(self, other: Any) -> Any:
        return array_functions.matmul(self, other)

    def __rmatmul__(self, other: Any) -> Any:
        return array_functions.matmul(other, self)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        if method == "__call__" and not kwargs:
            function = ufunc_named(ufunc.__name__)
            if function is not None:
                return function(*[entered(value) for value in inputs])
        found = numpy_functions.of_ufunc(ufunc, method, ufunc_named(ufunc.__name__), inputs, kwargs)
        if found is not None:
            return found
        raise SymdiffTypeError(
            f"np.{ufunc.__name__}{'' if method == '__call__' else '.' + method} is not there for array expressions"
            f"{' with ' + ', '.join(kwargs) if kwargs else ''}: expand() gives arrays of scalar expressions"
        )

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        return numpy_functions.of_numpy(function, args, kwargs)

    # -- NumPy's methods -----------------------------------------------------------------

    @overload
    def sum(self, axis: None = None, keepdims: Literal[False] = False) -> Expr: ...

    @overload
    def sum(self, axis: Any = None, keepdims: bool = False) -> Any: ...

    def sum(self, axis: Any = None, keepdims: bool = False) -> Any:
        """The sum of all entries, or along axes."""
        return array_functions.sum(self, axis, keepdims)

    @overload
    def mean(self, axis: None = None, keepdims: Literal[False] = False) -> Expr: ...

    @overload
    def mean(self, axis: Any = None, keepdims: bool = False) -> Any: ...

    def mean(self, axis: Any = None, keepdims: bool = False) -> Any:
        """The mean of all entries, or along axes."""
        return array_functions.mean(self, axis, keepdims)

    @overload
    def max(self, axis: None = None, keepdims: Literal[False] = False) -> Expr: ...

    @overload
    def max(self, axis: Any = None, keepdims: bool = False) -> Any: ...

    def max(self, axis: Any = None, keepdims: bool = False) -> Any:
        """The largest entry, or along axes; equal ones share its slope evenly."""
        return array_functions.reduce(records_of_arrays.amax, self, axis, keepdims)

    @overload
    def min(self, axis: None = None, keepdims: Literal[False] = False) -> Expr: ...

    @overload
    def min(self, axis: Any = None, keepdims: bool = False) -> Any: ...

    def min(self, axis: Any = None, keepdims: bool = False) -> Any:
        """The smallest entry, or along axes; equal ones share its slope evenly."""
        return array_functions.reduce(records_of_arrays.amin, self, axis, keepdims)

    @overload
    def prod(self, axis: None = None, keepdims: Literal[False] = False) -> Expr: ...

    @overload
    def prod(self, axis: Any = None, keepdims: bool = False) -> Any: ...

    def prod(self, axis: Any = None, keepdims: bool = False) -> Any:
        """The product of all entries, or along axes."""
        return array_functions.reduce(records_of_arrays.product, self, axis, keepdims)

    def var(self, axis: Any = None, ddof: int = 0) -> Any:
        """The variance of all entries, or along axes."""
        return array_functions.var(self, axis, ddof)

    def std(self, axis: Any = None, ddof: int = 0) -> Any:
        """The standard deviation of all entries, or along axes."""
        return ops.sqrt(array_functions.var(self, axis, ddof))

    def cumsum(self, axis: Any = None) -> Any:
        """Sums of all entries up to each, along an axis."""
        return array_functions.cumsum(self, axis)

    def dot(self, other: Any) -> Any:
        """NumPy's dot product."""
        return array_functions.dot(self, other)

    def trace(self) -> Any:  # type: ignore[override]  # of a matrix, as NumPy has it
        """The sum of the diagonal."""
        return array_functions.trace(self)

    def diagonal(self) -> ArrayExpr:
        """The diagonal of a matrix."""
        found: ArrayExpr = array_functions.diag(self)
        return found

    def transpose(self, *axes: Any) -> ArrayExpr:
        """The axes in another order, reversed by default."""
        found: ArrayExpr = array_functions.transpose(self, axes[0] if len(axes) == 1 else axes or None)
        return found

    def swapaxes(self, a: int, b: int) -> ArrayExpr:
        """Two axes exchanged."""
        found: ArrayExpr = array_functions.swapaxes(self, a, b)
        return found

    def repeat(self, repeats: Any, axis: int | None = None) -> ArrayExpr:
        """Each entry so many times, along an axis or of all of them in a row."""
        found: ArrayExpr = array_moves.repeat(self, repeats, axis)
        return found

    def squeeze(self, axis: Any = None) -> Any:
        """The array without its axes of size 1, or without those given."""
        return array_moves.squeeze(self, axis)

    def reshape(self, *shape: Any, order: str = "C") -> ArrayExpr:
        """The entries in the same order in another shape; one size may be -1. With `order="F"` column by column."""
        found: ArrayExpr = array_functions.reshape(self, shape[0] if len(shape) == 1 else shape, order)
        return found

    def ravel(self, order: str = "C") -> ArrayExpr:
        """The entries as a vector: row by row, or with `order="F"` column by column, which is vec(X).

        >>> import symdiff as sd
        >>> sd.Var("X", shape=(2, 3)).ravel(order="F")
        X.T.ravel()
        """
        found: ArrayExpr = array_functions.reshape(self, -1, order)
        return found

    flatten = ravel

    def elements(self) -> np.ndarray[Any, Any]:
        """The array of its entries as scalar expressions: `X[0, 0]`, …; `sd.stack` brings them back.

        Raises
        ------
        SymdiffTypeError, SymdiffValueError
            Where a size has a name, and for an array of more than 50,000,000 entries.
        """
        shape = tuple([n for n in self.shape if isinstance(n, int)])
        if len(shape) < self.ndim:
            raise SymdiffTypeError(f"an array of shape {shown(self.shape)} has no number of entries yet")
        check_entries(shape)
        found: np.ndarray[Any, Any] = np.empty(shape, dtype=object)
        for index in np.ndindex(*shape):
            found[index] = self[index]
        return found


# -- classes and constructors --------------------------------------------------------------------


class ArrayVar(Var, ArrayExpr):
    """A variable that is an array."""

    __slots__ = ()

    if TYPE_CHECKING:

        def _slope(self) -> ArrayExpr: ...
        def _of_numbers(self) -> Literal[False]: ...  # type: ignore[override]

    @property
    def shape(self) -> Shape:
        """The shape, ints and names of sizes."""
        return self._cell.shape

    @property
    def value(self) -> Any:
        """The value used where no point is given, None until it is set; one of another shape is an error at once."""
        return self._cell.value

    @value.setter
    def value(self, value: Any) -> None:
        if value is not None:
            checked_array(self._cell, value)
        self._cell.assign(value)

    @property
    def symmetric(self) -> bool:
        """Whether it is a symmetric matrix."""
        return self._cell.kind == "symmetric"


def shaped_class(code: int) -> type[Handle]:
    """The class of arrays of which the topmost operation is this: it is the scalar one too."""
    scalar = CLASSES[code]
    if issubclass(scalar, Var):
        made: type[Handle] = ArrayVar
    else:
        made = type(f"Array{scalar.__name__}", (scalar, ArrayExpr), {"__slots__": (), "__module__": __name__})
    records.register_algebra(made, records.Rank.VALUE, Handle._apply)
    return made
