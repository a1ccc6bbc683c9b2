"""Operations on whole arrays from outside, as users register them: `sd.operation` with `shape`."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from symdiff import records
from symdiff.array_calls import array_function_named
from symdiff.array_functions import operands as entered_operands
from symdiff.arrays.external import external
from symdiff.arrays.reading import shape_of
from symdiff.errors import SymdiffTypeError, SymdiffValueError
from symdiff.handle import Handle, handle
from symdiff.ops.central_differences import jacobian_by_differences
from symdiff.ops.external_operation import ExternalOperation, Outside, Ranks
from symdiff.shapes import Shape

ORDERS = 2  # highest derivative by differences: the third would be noise, and is nan
_POINTER = ctypes.POINTER(ctypes.c_double)


def array_operation(
    name: str, values: Any, partials: Any, pullback: Any, shape: Any, arity: int | None, outputs: int, batched: bool,
    spelling: dict[str, Any],
) -> Any:  # fmt: skip
    """Register an operation on whole arrays: see `sd.operation`.

    Raises
    ------
    SymdiffTypeError, SymdiffValueError
        When the name is taken, or values, shape or rules are of no use.
    """
    unknown = set(spelling) - {"kinks"}
    if unknown:
        raise SymdiffValueError(f"{name}: an operation on arrays has no {', '.join(sorted(unknown))}")
    if partials is not None and pullback is not None:
        raise SymdiffTypeError(f"{name}: give partials or a pullback, not both")
    for rule, what in ((partials, "partials"), (pullback, "pullback")):
        if not (rule is None or callable(rule) or (rule == "differences" and what == "partials")):
            raise SymdiffTypeError(f"{name}: {what} is a function" + " or 'differences'" * (what == "partials"))
    arity = _arity(name, values, arity)
    if callable(partials):
        records.check_takes(name, "partials", partials, arity + 1)
    if pullback is not None:
        records.check_takes(name, "pullback", pullback, arity + 2)
    if isinstance(values, int) or records.is_of_ctypes(values):
        values = _of_c(name, values, shape, arity, outputs)
    if not callable(values):
        raise SymdiffTypeError(f"{name}: values is a function of arrays, or the address of one, not {values!r:.60}")
    outside = Outside(name, values, _rule(name, shape, outputs), arity, outputs, batched)
    names = [name] if outputs == 1 else [f"{name}_{k}" for k in range(outputs)]
    if not isinstance(name, str) or not name.isidentifier():
        raise SymdiffValueError(f"{name!r} can't name an operation: it has to be an identifier")
    for own in names:
        _checked_name(own)
    parts = _registered(outside, names, spelling, ORDERS if partials == "differences" else None)
    for op in parts:
        if callable(partials):
            op.rule, op.kind = partials, "partials"
        elif pullback is not None:
            op.rule, op.kind = pullback, "pullback"
        op.__doc__ = op.described()
    return parts[0] if outputs == 1 else records.Operations(name, parts)


def _registered(
    outside: Outside, names: Sequence[str], spelling: dict[str, Any], orders: int | None
) -> list[ExternalOperation]:
    """The records of the results; with derivatives by differences of so many orders those of their Jacobians too."""
    parts: list[ExternalOperation] = []
    for place, name in enumerate(names):
        op = ExternalOperation.of(name, outside, place, parts, _applied, spelling)
        records.add_array(op)
        parts.append(op)
    for op in parts if orders is not None else ():
        op.rule, op.kind, op.differences = _by_differences(op, spelling, orders or 0), "partials", True
    return parts


def _by_differences(op: ExternalOperation, spelling: dict[str, Any], orders: int) -> Callable[..., Any]:
    """Partials of what is known by its values alone: operations `name_by_0`, … of their own."""
    outside = op.outside
    if not orders:
        return lambda results, *operands: (float("nan"),) * outside.arity
    slopes = []
    for k in range(outside.arity):
        name = _checked_name(f"{op.name}_by_{k}")
        values = jacobian_by_differences(outside.one(op.place), k, outside.batched)
        own = Outside(name, values, _jacobian_shape(outside, op.place, k), outside.arity, 1, False)
        slopes += _registered(own, [name], spelling, orders - 1)

    def partials(results: Any, *operands: Any) -> Any:
        own = tuple([slope(*operands) for slope in slopes])
        return own if outside.outputs == 1 else [own if k == op.place else () for k in range(outside.outputs)]

    return partials


def _jacobian_shape(outside: Outside, place: int, k: int) -> Callable[..., Shape]:
    return lambda *cores: outside.shapes(cores)[place] + tuple(cores[k])


# -- calls --------------------------------------------------------------------------------------


def _applied(op: ExternalOperation, operands: Sequence[Any], axes: Ranks | None) -> Any:
    """An expression where an operand is one, else the value."""
    if any(map(_holds_expressions, operands)):
        graph, nodes = entered_operands(operands)
        ranks = None if axes is None else tuple(axes)
        if ranks is not None and not op.fits(ranks, [shape_of(graph, i) for i in nodes]):
            raise SymdiffValueError(f"{op.name}: its operands do not fit axes={axes!r:.40}")
        return handle(graph, external(graph, op, nodes, ranks))
    arrays = [np.asarray(v) for v in operands]
    if any(a.dtype == object for a in arrays):
        raise SymdiffTypeError(f"{op.name} takes arrays of floats; other numbers are for its expressions: f.evaluate")
    found = op.outside.evaluate(tuple([a.ndim for a in arrays]) if axes is None else axes, arrays)[op.place]
    return found if found.ndim else float(found)


def _holds_expressions(value: Any) -> bool:
    if isinstance(value, np.ndarray):
        return value.dtype == object and any(isinstance(v, Handle) for v in value.flat)
    return isinstance(value, Handle) or (isinstance(value, (list, tuple)) and any(map(_holds_expressions, value)))


# -- what is registered -------------------------------------------------------------------------


def _checked_name(name: str) -> str:
    if array_function_named(name, None) is not None or records.find(name) is not None:
        raise SymdiffValueError(f"there is an operation {name!r} already; give yours another name")
    return name


def _arity(name: str, values: Any, arity: int | None) -> int:
    if arity is None:
        if not callable(values) or records.is_of_ctypes(values):
            raise SymdiffTypeError(f"{name}: give the number of operands, arity=…")
        arity = records.operands_of(name, values)
    if type(arity) is not int or arity < 1:
        raise SymdiffValueError(f"{name}: arity is a number of operands, at least 1, not {arity!r}")
    return arity


def _rule(name: str, shape: Any, outputs: int) -> Callable[..., Any]:
    """The rule of shapes: a function as it is, and what gives fixed ones."""
    if callable(shape):
        return shape  # type: ignore[no-any-return]
    fixed = Outside(name, shape, lambda: shape, 0, outputs, False).shapes([])
    return lambda *shapes: fixed[0] if outputs == 1 else fixed


def _of_c(name: str, values: Any, shape: Any, arity: int, outputs: int) -> Callable[..., Any]:
    """A function in C by its address: `int f(const double *in0, …, double *out0, …)`, as compiled functions have it."""
    if isinstance(values, int):
        address: int | None = values
        returns: Any = ctypes.c_int
    else:
        kinds = values.argtypes
        if kinds is not None and len(kinds) != arity + outputs:
            raise SymdiffTypeError(
                f"{name}: a function in C takes a pointer for each of {arity} operands and {outputs} results, not "
                f"{len(kinds)} arguments"
            )
        address, returns = ctypes.cast(values, ctypes.c_void_p).value, values.restype
    if not address or address < 0 or returns not in (None, ctypes.c_int):
        raise SymdiffTypeError(f"{name}: a function in C has an address, and returns an int, 0 for success, or nothing")
    function = ctypes.CFUNCTYPE(returns, *[_POINTER] * (arity + outputs))(address)
    function.source = values  # type: ignore[attr-defined]  # hold: of a function that nobody keeps the code is freed
    rule = Outside(name, values, _rule(name, shape, outputs), arity, outputs, False)

    def call(*operands: Any) -> Any:
        given = [np.array(v, dtype=np.float64, order="C") for v in operands]
        sizes: Any = rule.shapes([a.shape for a in given])
        found = [np.zeros(size, dtype=np.float64) for size in sizes]
        code = function(*[a.ctypes.data_as(_POINTER) for a in (*given, *found)])
        if code:
            raise SymdiffValueError(f"{name} returned {code}, not 0")
        return found[0] if outputs == 1 else tuple(found)

    return call
