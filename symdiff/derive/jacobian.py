"""Gradients, Jacobians and their products with vectors, as expressions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from symdiff.algebra.symbolic import ZERO, Symbolic
from symdiff.derive import callables
from symdiff.derive.forward import forward
from symdiff.derive.reverse import reverse
from symdiff.errors import SymdiffTypeError, SymdiffValueError
from symdiff.expr import Expr, gather, handle
from symdiff.graph import VAR, Graph
from symdiff.leaves import Var, as_expr
from symdiff.neighbours import answers_in_kind, check_partial, is_sympy, node_of_symbol

MODES = ("auto", "forward", "reverse")


# -- reading arguments ----------------------------------------------------------


def shaped(values: Any) -> tuple[list[Any], tuple[int, ...] | None]:
    """A value, sequence or array as a flat list and its shape, None for a single value."""
    if isinstance(values, (Expr, str)) or np.isscalar(values):
        return [values], None
    if isinstance(values, np.ndarray):
        return list(values.ravel()), values.shape
    if not isinstance(values, Iterable):
        return [values], None
    items = list(values)
    if any(isinstance(item, (list, tuple, np.ndarray)) for item in items):
        nested = [shaped(item) for item in items]
        shapes = {shape for _, shape in nested}
        if len(shapes) != 1 or None in shapes:
            raise SymdiffValueError("nested sequences have to be of one shape")
        return [v for flat, _ in nested for v in flat], (len(items), *(next(iter(shapes)) or ()))
    return items, (len(items),)


def reshaped(values: Sequence[Any], shape: tuple[int, ...] | None) -> Any:
    """The inverse of `shaped`: a bare value, or an object array."""
    if shape is None:
        return values[0]
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array.reshape(shape)


def variable_nodes(graph: Graph, wrt: Sequence[Any]) -> list[int]:
    """The nodes of variables in a graph, -1 for those that it does not hold.

    Raises
    ------
    SymdiffTypeError, SymdiffValueError
        For what is no variable, and for a name that the graph does not know.
    """
    found = []
    for item in wrt:
        if isinstance(item, str):
            index = graph.find((VAR, item))
            if index is None:
                raise SymdiffValueError(f"there is no variable named {item!r} in the graph of the expression")
        elif isinstance(item, Var):
            index = graph.find((VAR, item.key))
        elif is_sympy(item):
            index = node_of_symbol(graph, item)
        else:
            what = item._short() if isinstance(item, Expr) else repr(item)
            raise SymdiffTypeError(
                f"derivatives are taken with respect to variables, not {what}; replace it by a variable first"
            )
        found.append(-1 if index is None else index)
    return found


def _expressions(values: Sequence[Any]) -> tuple[Graph, tuple[int, ...]]:
    return gather([as_expr(v) for v in values])


def all_variables(graph: Graph, outputs: Sequence[int]) -> list[Expr]:
    """The variables that some of the nodes depend on."""
    return [handle(graph, i) for i in graph.cone(outputs) if graph.nodes[i][0] == VAR]


# -- derivatives --------------------------------------------------------------------


@answers_in_kind
def gradient(f: Any, *args: Any) -> Any:
    """The first derivatives of an expression, or of a Python function at a point.

    `gradient(f, wrt)` is `f.gradient(wrt)`; `gradient(func, 3.0, 4.0)` returns
    one derivative an argument, each a number or an array, by dual numbers.

    >>> import symdiff as sd
    >>> sd.gradient(lambda x, y: x**2*y + y + 2, 3.0, 4.0)
    (24.0, 10.0)
    """
    if callable(f):
        return callables.gradient(f, *args)
    return expression_gradient(as_expr(f), *args)


def expression_gradient(f: Expr, wrt: Any = None) -> Any:
    """The first derivatives of an expression; see `Expr.gradient`."""
    items, shape = shaped(list(f.variables) if wrt is None else wrt)
    graph, outputs = gather([f])
    nodes = variable_nodes(graph, items)
    check_partial(graph, outputs, nodes)
    row = _rows(graph, outputs, nodes)[0]
    return reshaped([handle(graph, i) for i in row], shape)


def _rows(graph: Graph, outputs: Sequence[int], wrt: Sequence[int]) -> list[list[int]]:
    """The Jacobian by reverse accumulation, a sweep an output."""
    algebra = Symbolic(graph)
    held = [i for i in wrt if i >= 0]
    rows = []
    for output in outputs:
        found = reverse(graph, [output], [algebra.one], held)
        rows.append([algebra.lower(found.get(i, ZERO)) for i in wrt])
    return rows


def _columns(graph: Graph, outputs: Sequence[int], wrt: Sequence[int]) -> list[list[int]]:
    """The Jacobian by forward accumulation, a sweep a variable; as rows."""
    algebra = Symbolic(graph)
    columns = []
    for i in wrt:
        tangents = forward(graph, outputs, {i: algebra.one}) if i >= 0 else [ZERO] * len(outputs)
        columns.append([algebra.lower(t) for t in tangents])
    return [[column[k] for column in columns] for k in range(len(outputs))]


@answers_in_kind
def jacobian(fs: Any, *args: Any, mode: str = "auto") -> Any:
    """The first derivatives of several expressions, shape `fs.shape + wrt.shape`.

    Called as `jacobian(fs, wrt)`; or `jacobian(func, *args)` for a Python
    function at a point, by dual numbers: shape of its result, then of its
    argument, or one axis over the entries of several arguments.

    Parameters
    ----------
    fs : expression, or sequence or array of them
    wrt : variable, name, or sequence or array of them
    mode : "auto", "forward" or "reverse"
        Forward takes a sweep a variable, reverse one an expression; "auto"
        takes the fewer.

    >>> import symdiff as sd
    >>> x, y = sd.variables("x y")
    >>> sd.jacobian([x*y, x + y], [x, y])
    array([[y, x],
           [1, 1]], dtype=object)
    """
    if callable(fs):
        return callables.jacobian(fs, *args)
    return expression_jacobian(fs, mode, *args)


def expression_jacobian(fs: Any, mode: str, wrt: Any = None) -> Any:
    """The first derivatives of several expressions; see `jacobian`."""
    if mode not in MODES:
        raise SymdiffValueError(f"mode is one of {', '.join(MODES)}, not {mode!r}")
    functions, outer = shaped(fs)
    graph, outputs = _expressions(functions)
    items, inner = shaped(all_variables(graph, outputs) if wrt is None else wrt)
    nodes = variable_nodes(graph, items)
    check_partial(graph, outputs, nodes)
    by_column = mode == "forward" or (mode == "auto" and len(nodes) < len(outputs))
    rows = _columns(graph, outputs, nodes) if by_column else _rows(graph, outputs, nodes)
    flat = [handle(graph, i) for row in rows for i in row]
    if outer is None and inner is None:
        return flat[0]
    return reshaped(flat, (outer or ()) + (inner or ()))


def _matched(name: str, values: Any, items: Sequence[Any]) -> list[Any]:
    flat, _ = shaped(values)
    if len(flat) != len(items):
        raise SymdiffValueError(f"{name} has {len(flat)} entries for {len(items)}")
    return flat


@answers_in_kind
def jvp(fs: Any, wrt: Any, vs: Any) -> Any:
    """The product of the Jacobian with a vector, by one forward sweep; shape of `fs`.

    >>> import symdiff as sd
    >>> x, y = sd.variables("x y")
    >>> sd.jvp(x*y, [x, y], [1, 2])
    y + 2*x
    """
    functions, outer = shaped(fs)
    items, _ = shaped(wrt)
    vectors = _matched("vs", vs, items)
    graph, indices = _expressions([*functions, *vectors])
    outputs, tangents = indices[: len(functions)], indices[len(functions) :]
    nodes = variable_nodes(graph, items)
    found = forward(graph, outputs, {i: t for i, t in zip(nodes, tangents, strict=True) if i >= 0})
    algebra = Symbolic(graph)
    return reshaped([handle(graph, algebra.lower(t)) for t in found], outer)


@answers_in_kind
def vjp(fs: Any, wrt: Any, ws: Any) -> Any:
    """The product of a vector with the Jacobian, by one reverse sweep; shape of `wrt`.

    >>> import symdiff as sd
    >>> x, y = sd.variables("x y")
    >>> sd.vjp([x*y, x + y], [x, y], [1, 2])
    array([y + 2, x + 2], dtype=object)
    """
    functions, _ = shaped(fs)
    items, inner = shaped(wrt)
    weights = _matched("ws", ws, functions)
    graph, indices = _expressions([*functions, *weights])
    outputs, seeds = indices[: len(functions)], indices[len(functions) :]
    nodes = variable_nodes(graph, items)
    found = reverse(graph, outputs, seeds, [i for i in nodes if i >= 0])
    algebra = Symbolic(graph)
    return reshaped([handle(graph, algebra.lower(found.get(i, ZERO))) for i in nodes], inner)


@answers_in_kind
def hvp(f: Any, wrt: Any, vs: Any) -> Any:
    """The product of the Hessian with a vector, forward over reverse; shape of `wrt`.

    >>> import symdiff as sd
    >>> x, y = sd.variables("x y")
    >>> sd.hvp(x**2*y, [x, y], [1, 0])
    array([2*y, 2*x], dtype=object)
    """
    return jvp(expression_gradient(as_expr(f), wrt), wrt, vs)


def diff(f: Expr, *wrt_and_orders: Any) -> Expr:
    """The derivative of any order; see `Expr.diff`."""
    steps: list[list[Any]] = []
    for item in wrt_and_orders:
        if isinstance(item, (int, np.integer)) and not isinstance(item, bool):
            if not steps or steps[-1][1] is not None:
                raise SymdiffValueError(f"diff takes a variable before the order {item}")
            if item < 0:
                raise SymdiffValueError(f"the order of a derivative is not negative, as {item} is")
            steps[-1][1] = int(item)
        else:
            steps.append([item, None])
    if not steps:
        raise SymdiffValueError("diff takes at least one variable: f.diff(x), f.diff(x, 2, y)")
    for variable, order in steps:
        variable_nodes(f.graph, [variable])
        for _ in range(1 if order is None else order):
            f = expression_gradient(f, variable)
    return f
