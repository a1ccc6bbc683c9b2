"""Values of operations from outside for numbers other than floats: by floats, or by the function where it takes them.

Of dual numbers the tangents are multiplied by the Jacobians that the operation's rule gives.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from symdiff.algebra.perturbation import Perturbation, level_of
from symdiff.arrays.external import external
from symdiff.errors import NoFormulaError, SymdiffTypeError
from symdiff.exact import to_float
from symdiff.external_rules import Call
from symdiff.graph import Graph, Variable
from symdiff.handle import Handle
from symdiff.ops.arrays import infer
from symdiff.ops.external_operation import ExternalOperation, Ranks

Evaluate = Callable[[Graph, Sequence[int], "dict[int, Any]"], "list[Any]"]  # nodes of a graph at a point, by node


def is_object(value: Any) -> bool:
    """Whether a value is no float and no array of floats."""
    if isinstance(value, np.ndarray):
        return bool(value.dtype == object)
    return not isinstance(value, (float, int, complex, np.generic))


def external_value(op: ExternalOperation, ranks: Ranks, operands: Sequence[Any], evaluate: Evaluate) -> Any:
    """A result for operands of which some are object arrays, or numbers of other kinds.

    Raises
    ------
    NoFormulaError
        For expressions and Taylor series.
    SymdiffTypeError
        For numbers that the function does not take.
    """
    arrays = [_boxed(v) for v in operands]
    leads = [a.shape[: a.ndim - n] for a, n in zip(arrays, ranks, strict=True)]
    lead = np.broadcast_shapes(*leads)
    if not lead:
        return _value(op, arrays, evaluate)
    arrays = [np.broadcast_to(a, lead + a.shape[a.ndim - n :]) for a, n in zip(arrays, ranks, strict=True)]
    rows = {index: _value(op, [_boxed(a[index]) for a in arrays], evaluate) for index in np.ndindex(*lead)}
    found = np.empty(lead + np.shape(next(iter(rows.values()), 0)), dtype=object)
    for index, row in rows.items():
        found[index] = row
    return found


def _boxed(value: Any) -> Any:
    """A value as an array, of objects where it is one."""
    if isinstance(value, np.ndarray):
        return value
    box = np.empty((), dtype=object)
    box[()] = value
    return box


def _value(op: ExternalOperation, arrays: Sequence[Any], evaluate: Evaluate) -> Any:
    """The result of one call."""
    entries = [v for a in arrays for v in a.flat]
    if any(isinstance(v, Handle) for v in entries):
        raise NoFormulaError(
            f"{op.name} is a function of whole arrays that is known by its values: it has no formula in scalars to "
            "expand it into; evaluate, gradient, hessian and compile work on the arrays as they are"
        )
    if any(isinstance(v, Perturbation) for v in entries):
        return _dual(op, arrays, evaluate)
    if any(hasattr(v, "context") for v in entries):
        return _of_mpmath(op, arrays)
    try:
        floats = [np.array([to_float(v) for v in a.flat], dtype=np.float64).reshape(a.shape) for a in arrays]
    except (TypeError, ValueError) as error:
        kinds = ", ".join(sorted({type(v).__name__ for v in entries}))
        raise SymdiffTypeError(f"{op.name} takes arrays of floats, not of {kinds}: {error}") from error
    return _bare(op.outside.evaluate(tuple([a.ndim for a in arrays]), floats)[op.place])


def _of_mpmath(op: ExternalOperation, arrays: Sequence[Any]) -> Any:
    """The function itself on mpmath's numbers, where it is one of arithmetic that does not round them."""
    outside = op.outside
    try:
        found = outside.one(op.place)(*[a if a.ndim else a.item() for a in arrays])
    except (TypeError, ValueError, AttributeError, ArithmeticError) as error:
        raise SymdiffTypeError(f"{op.name} takes no mpmath numbers, only arrays of floats") from error
    found = _boxed(found)
    if found.dtype != object or not all(hasattr(v, "context") or type(v) is int for v in found.flat):
        raise SymdiffTypeError(f"{op.name} takes no mpmath numbers: it rounds them to floats")
    if found.shape != outside.shapes([a.shape for a in arrays])[op.place]:
        raise SymdiffTypeError(f"{op.name} takes no mpmath numbers: their result has another shape")
    return _bare(found)


def _dual(op: ExternalOperation, arrays: Sequence[Any], evaluate: Evaluate) -> Any:
    """The result for numbers that carry first derivatives, of the highest level among them."""
    top: Any = max((v for a in arrays for v in a.flat if isinstance(v, Perturbation)), key=level_of)
    if any(level_of(v) == top.level and len(v._parts()) != 2 for a in arrays for v in a.flat):
        raise NoFormulaError(f"{op.name}, a function of whole arrays, takes dual numbers, but no Taylor series")
    values = [_each(a, lambda v: v._parts()[0] if level_of(v) == top.level else v) for a in arrays]
    tangents = [_each(a, lambda v: v._parts()[1] if level_of(v) == top.level else 0) for a in arrays]
    graph, inputs, node = _call_of(op, arrays)
    slopes = Call(graph, node).jacobians()
    there = [k for k, d in enumerate(slopes) if d is not None]
    point = {i: _bare(v) for i, v in zip(inputs, values, strict=True)}
    result, *found = evaluate(graph, [node, *[slopes[k] or 0 for k in there]], point)
    total: Any = np.zeros(np.shape(result), dtype=object)
    for k, slope in zip(there, found, strict=True):
        total = total + np.tensordot(_boxed(slope).astype(object), tangents[k], axes=tangents[k].ndim)
    made = np.empty(np.shape(result), dtype=object)
    whole, total = _boxed(result), _boxed(total)
    for index in np.ndindex(*made.shape):
        made[index] = top._of_parts([_plain(whole[index]), _plain(total[index])])
    return _bare(made)


def _each(array: Any, part: Callable[[Any], Any]) -> Any:
    found = np.empty(array.shape, dtype=object)
    for index in np.ndindex(*array.shape):
        found[index] = part(array[index])
    return found


def _call_of(op: ExternalOperation, arrays: Sequence[Any]) -> tuple[Graph, list[int], int]:
    """The operation of variables of such shapes, in a graph of its own."""
    graph = Graph()
    graph.hold_arrays(infer)
    inputs = []
    for k, a in enumerate(arrays):
        key = ("operand", a.shape, str(k)) if a.ndim else f"operand {k}"
        inputs.append(graph.var(Variable(f"operand {k}", key, shape=a.shape)))
    return graph, inputs, external(graph, op, inputs)


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


def _bare(value: Any) -> Any:
    return value.item() if isinstance(value, np.ndarray) and not value.ndim else value
