"""`sd.function`: a function of expressions that is not compiled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from symdiff.algebra.evaluate import evaluate
from symdiff.algebra.evaluate import stacked as as_array
from symdiff.compile.arguments import bound, holds_expressions
from symdiff.compile.function import Function
from symdiff.compile.inlined_names import Names
from symdiff.compile.make import made
from symdiff.compile.results import ARRAY, NUMBER
from symdiff.errors import SymdiffTypeError
from symdiff.shapes import Shape


def function(outputs: Any, inputs: Any, *, name: str = "") -> ExpressionFunction:
    """Make a function of expressions without compiling it: a building block for larger expressions.

    `F(z, 2)` with expressions is `f` with these in place of its inputs, in the nesting of the outputs, as it is of
    compiled functions. With numbers it evaluates: exactly where they are exact, and with mpmath's and dual numbers
    too, a hundred times slower than a compiled one. Take it for what is only ever part of something else, and
    `sd.compile` for what is called with many numbers.

    Parameters
    ----------
    outputs : expression, number, or any nesting of lists, tuples, dictionaries, arrays and sparse matrices of them
    inputs : variable, array of variables, name of either, or list of these
        As `sd.compile` takes them.
    name : str
        An identifier, which results have that are expressions, as `sd.named` gives it: one result is `name`,
        several are `name_0`, `name_1`, … or have the keys of a dictionary behind it, and those of further calls in
        the same graph the number of the call too. What has a name keeps it. Without one nothing is named.

    Returns
    -------
    ExpressionFunction

    Raises
    ------
    SymdiffTypeError, SymdiffValueError
        For outputs and inputs that `sd.compile` refuses too, and a name that is no identifier.

    >>> import symdiff as sd
    >>> x, v, h = sd.variables("x v h")
    >>> step = sd.function([x + h*v, v - h*sd.sin(x)], [x, v, h], name="step")
    >>> a, b = step(*step(x, v, 1), 1)
    >>> a.gradient(x)
    1 - cos(x)
    >>> step(0, 1, 2)
    [2, 1.0]
    """
    return ExpressionFunction(made(outputs, inputs, name))


class ExpressionFunction(Function):
    """A function of expressions that is not compiled, made by `sd.function`.

    With expressions it gives expressions, with numbers of any kind their values. It pickles, and does not keep the
    graph that it was made in.

    Raises
    ------
    SymdiffTypeError, SymdiffValueError
        When it is called: for a wrong number, name, type or shape of arguments.
    """

    def __init__(self, program: Function) -> None:
        self._program = program
        self._arguments, self._threads, self._name = program._arguments, 1, program._name
        self._results = program._results
        self._own: tuple[list[Any], Any] | None = None

    def __call__(self, /, *args: Any, **named: Any) -> Any:
        given = bound(self._arguments, args, named)
        if holds_expressions(given):
            return self._symbolic(given, None)
        if self._own is None:
            self._own = self._program._expressions()
        inputs, outputs = self._own
        return self._values(self._point(inputs, given), outputs)

    def _point(self, inputs: Sequence[Any], given: Sequence[Any]) -> dict[Any, Any]:
        point: dict[Any, Any] = {}
        for argument, variable, value in zip(self._arguments, inputs, given, strict=True):
            if not isinstance(variable, np.ndarray):
                point[variable] = value
                continue
            array = value if isinstance(value, np.ndarray) else np.array(value, dtype=object)
            front = array.ndim - variable.ndim
            if front < 0 or array.shape[front:] != variable.shape:
                raise SymdiffTypeError(f"{argument.name} has the shape {variable.shape}, not {array.shape}")
            for index in np.ndindex(*variable.shape):
                entry = array[(..., *index)]
                point[variable[index]] = entry if entry.ndim else entry.item()
        return point

    def _values(self, point: Mapping[Any, Any], outputs: Any) -> Any:
        leaves = self._results.flat(outputs, "outputs")
        exprs = [e for item, leaf in zip(leaves, self._results.leaves, strict=True) for e in _parts(item, leaf.kind)]
        values = iter(evaluate(exprs, point))
        found: list[Any] = []
        for item, leaf in zip(leaves, self._results.leaves, strict=True):
            own = [next(values) for _ in _parts(item, leaf.kind)]
            if leaf.kind == NUMBER:
                found.append(own[0])
            elif leaf.kind == ARRAY:
                found.append(_stacked(own, leaf.shape))
            else:
                found.append(item.evaluate(point))
        return self._results.nested(found)

    def _inlined(self, given: Sequence[Any], names: Names) -> Any:
        return self._program._inlined(given, names)

    def _shapes_of_leaves(self) -> list[Shape]:
        return self._program._shapes_of_leaves()

    def _options_of_calls(self) -> dict[str, Any]:
        return {}

    @property
    def backend(self) -> str:
        """None runs it: "evaluate"."""
        return "evaluate"

    @property
    def source(self) -> str:
        """Its outputs as text."""
        return str(self.outputs)

    @property
    def operations(self) -> dict[str, Any]:
        """How often each operation is done, the most frequent first; as `sd.count_ops(outputs)`."""
        return self._program.operations

    def _expressions(self) -> tuple[list[Any], Any]:
        return self._program._expressions()

    def __repr__(self) -> str:
        names = ", ".join([a.name for a in self._arguments][:10]) + ", …" * (len(self._arguments) > 10)
        return f"<ExpressionFunction {self.__name__}({names})>"

    def __reduce__(self) -> tuple[Any, ...]:
        return ExpressionFunction, (self._program,)


def _parts(item: Any, kind: str) -> list[Any]:
    """The expressions of a result, none of a sparse matrix, which evaluates itself."""
    return [item] if kind == NUMBER else item.ravel().tolist() if kind == ARRAY else []


def _stacked(values: Sequence[Any], shape: tuple[int, ...]) -> Any:
    """The entries of an array; of a batch, their own axes are the last."""
    lead = np.broadcast_shapes(*[v.shape for v in values if isinstance(v, np.ndarray)]) if values else ()
    if not lead:
        return as_array(list(values), shape)
    return np.stack([np.broadcast_to(v, lead) for v in values], axis=-1).reshape(lead + shape)
