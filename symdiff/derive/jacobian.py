"""Gradients, Jacobians and their products with vectors, as expressions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, overload

from symdiff.algebra.scalars_only import holds_arrays
from symdiff.algebra.scaled import ZERO
from symdiff.algebra.symbolic import Symbolic
from symdiff.collector import Paused
from symdiff.errors import SymdiffTypeError, SymdiffValueError
from symdiff.graph import VAR, Graph
from symdiff.handle import Handle, as_handle, gather, handle, rooted
from symdiff.modes import budgets
from symdiff.modes.forward import forward
from symdiff.modes.reverse import gradient_nodes, reverse
from symdiff.neighbours import answers_in_kind, check_partial
from symdiff.protocols import Absorbs, Answers, Array, Result, Scalar, Slopes
from symdiff.sparse import SparseMatrix
from symdiff.wrt import asked, of_floats, own_variables, reshaped, shaped, written_out

MODES = ("auto", "forward", "reverse", "elimination")


# -- reading arguments ----------------------------------------------------------


def expressions(values: Sequence[Any]) -> tuple[Graph, tuple[int, ...]]:
    """Expressions and numbers as nodes of one graph."""
    return gather([as_handle(v) for v in values])


def all_variables(graph: Graph, outputs: Sequence[int]) -> list[Handle]:
    """The variables that some of the nodes depend on."""
    return [handle(graph, i) for i in graph.cone(outputs) if graph.nodes[i][0] == VAR]


def sparse_matrix(
    graph: Graph,
    entries: Mapping[tuple[int, int], int],
    outputs: Sequence[int],
    wrt: Sequence[int],
    symmetric: bool = False,
) -> SparseMatrix:
    """Entries by output and variable as a matrix, whose rows and columns may name one node several times.

    Of a symmetric one `entries` holds one triangle.
    """
    rows, cols = positions(outputs), positions(wrt)
    down: list[int] = []
    across: list[int] = []
    values: list[Handle] = []
    for (i, j), k in entries.items():
        value = handle(graph, k)
        for r in rows[i]:
            for c in cols[j]:
                down.append(r)
                across.append(c)
                values.append(value)
                if symmetric and i != j:
                    down.append(c)
                    across.append(r)
                    values.append(value)
    return SparseMatrix((len(outputs), len(wrt)), down, across, values)


def check_dense(name: str, rows: int, columns: int) -> None:
    """Refuse a dense matrix that would fill the memory.

    Raises
    ------
    SymdiffValueError
        Naming its size, and what to do instead.
    """
    if rows * columns > budgets.DENSE_ENTRIES:
        raise SymdiffValueError(
            f"a dense {name} of {rows:,} by {columns:,} has {rows * columns:,} entries; {budgets.DENSE_ENTRIES:,} are "
            "made at most: give sparse=True"
        )


def handles(graph: Graph, nodes: Iterable[int]) -> list[Handle]:
    """The handles of nodes, of equal ones the same: most entries of a large matrix are 0."""
    made: dict[int, Handle] = {}
    found = []
    for i in nodes:
        one = made.get(i)
        if one is None:
            one = made[i] = handle(graph, i)
        found.append(one)
    return found


def positions(nodes: Sequence[int]) -> dict[int, list[int]]:
    """Where each node stands in a sequence of them."""
    found: dict[int, list[int]] = {}
    for k, i in enumerate(nodes):
        found.setdefault(i, []).append(k)
    return found


def takes_part(values: Any) -> bool:
    """Whether an expression, or one of some, holds arrays or is one."""
    return holds_arrays(values) or (isinstance(values, (list, tuple)) and any(map(takes_part, values)))


def of_arrays(fs: Any, wrt: Any) -> bool:
    """Whether a derivative is one of arrays; not so by one whose entries are scalar variables of what is derived."""
    if takes_part(fs) or not takes_part(wrt):
        return takes_part(fs)
    graph, outputs = expressions(shaped(fs)[0])
    items = wrt if isinstance(wrt, (list, tuple)) else [wrt]
    held = {i for i in graph.cone(outputs) if graph.nodes[i][0] == VAR}
    return all(written_out(graph, item, held) is item for item in items)


def array_derivatives() -> Any:
    """The module for arrays, loaded when first needed."""
    from symdiff.derive import array_derivatives

    return array_derivatives


# -- derivatives --------------------------------------------------------------------


@overload
def gradient(f: Answers[Any], wrt: Slopes[Result], /) -> Result: ...


@overload
def gradient(f: Answers[Any], wrt: Sequence[Scalar] | Array, /) -> Array: ...


@overload
def gradient(f: Any, *args: Any) -> Any: ...


@answers_in_kind
def gradient(f: Any, *args: Any) -> Any:
    """The first derivatives of an expression, or of a Python function at a point.

    `gradient(f, wrt)` is `f.gradient(wrt)`; `gradient(func, 3.0, 4.0)` returns
    one derivative an argument, each a number or an array, by dual numbers.

    >>> import symdiff as sd
    >>> sd.gradient(lambda x, y: x**2*y + y + 2, 3.0, 4.0)
    (24.0, 10.0)
    """
    if callable(f) and not isinstance(f, Handle):
        from symdiff.derive import callables

        return callables.gradient(f, *args)
    if len(args) > 1:
        raise SymdiffTypeError(
            "the gradient of an expression is by its variables, of which several are a list: sd.gradient(f, [x, y]); "
            "at a point it is f.backpropagate({x: 3, y: 4})"
        )
    return expression_gradient(as_handle(f), *args)


def expression_gradient(f: Handle, wrt: Any = None) -> Any:
    """The first derivatives of an expression; see `Expr.gradient`."""
    graph, root = f._graph, f._index
    own = own_variables(graph, wrt)
    if own is not None:
        nodes, shape = own
    elif of_arrays(f, wrt):
        return array_derivatives().gradient(f, wrt)
    else:
        graph, root = rooted(f)
        nodes, shape = asked(graph, of_floats(f.variables) if wrt is None else wrt)
        check_partial(graph, [root], nodes)
    return reshaped([handle(graph, i) for i in gradient_nodes(graph, root, nodes)], shape)


@overload
def jacobian(
    fs: Absorbs[Result], wrt: Slopes[Any], /, *, mode: str = "auto", sparse: Literal[False] = False
) -> Result: ...


@overload
def jacobian(
    fs: Answers[Any], wrt: Slopes[Result], /, *, mode: str = "auto", sparse: Literal[False] = False
) -> Result: ...


@overload
def jacobian(
    fs: Answers[Any], wrt: Sequence[Scalar] | Array, /, *, mode: str = "auto", sparse: Literal[False] = False
) -> Array: ...


@overload
def jacobian(fs: Any, *args: Any, mode: str = "auto", sparse: bool = False) -> Any: ...


@answers_in_kind
def jacobian(fs: Any, *args: Any, mode: str = "auto", sparse: bool = False) -> Any:
    """The first derivatives of several expressions, shape `fs.shape + wrt.shape`.

    Called as `jacobian(fs, wrt)`; or `jacobian(func, *args)` for a Python
    function at a point, by dual numbers: shape of its result, then of its
    argument, or one axis over the entries of several arguments.

    Parameters
    ----------
    fs : expression, or sequence or array of them
    wrt : variable, name, or sequence or array of them
    mode : "auto", "forward", "reverse" or "elimination"
        Forward accumulates from the variables up, reverse from the expressions
        down, elimination takes the operations in a greedy order between
        (Griewank and Walther, ch. 9); "auto" counts the operations that each
        would need and takes the least. See `sd.cost`.
    sparse : bool
        True returns a `SparseMatrix` of `fs.size` rows and `wrt.size` columns,
        which holds what is not zero for structural reasons; an entry whose terms
        cancel exactly is missing too, for good: the pattern of a matrix never changes.
        Of array expressions it is a `SparseBlockMatrix`.

    >>> import symdiff as sd
    >>> x, y = sd.variables("x y")
    >>> sd.jacobian([x*y, x + y], [x, y])
    array([[y, x],
           [1, 1]], dtype=object)
    >>> sd.jacobian([x**2, y**2], [x, y], sparse=True)
    <SparseMatrix of shape (2, 2) with 2 entries>
    """
    if callable(fs) and not isinstance(fs, Handle):
        if sparse:
            raise SymdiffTypeError("sparse Jacobians are of expressions: apply the function to variables")
        from symdiff.derive import callables

        return callables.jacobian(fs, *args)
    return expression_jacobian(fs, mode, sparse, *args)


def expression_jacobian(fs: Any, mode: str, sparse: bool, wrt: Any = None) -> Any:
    """The first derivatives of several expressions; see `jacobian`."""
    if mode not in MODES:
        raise SymdiffValueError(f"mode is one of {', '.join(MODES)}, not {mode!r}")
    if of_arrays(fs, wrt):
        given = array_derivatives()
        return given.sparse_jacobian(fs, wrt) if sparse else given.jacobian(fs, wrt)
    functions, outer = shaped(fs)
    graph, outputs = expressions(functions)
    nodes, inner = asked(graph, all_variables(graph, outputs) if wrt is None else wrt)
    check_partial(graph, outputs, nodes)
    if not sparse:
        check_dense("Jacobian", len(outputs), len(nodes))
    from symdiff.derive.jacobian_modes import jacobian_entries  # import late: gradients need none of it

    with Paused():
        entries = jacobian_entries(graph, outputs, [i for i in nodes if i >= 0], mode)
        if sparse:
            return sparse_matrix(graph, entries, outputs, nodes)
    zero = graph.const(0)
    flat = handles(graph, (entries.get((i, j), zero) for i in outputs for j in nodes))
    if outer is None and inner is None:
        return flat[0]
    return reshaped(flat, (outer or ()) + (inner or ()))


def _check_length(name: str, values: Sequence[int], others: Sequence[int]) -> None:
    if len(values) != len(others):
        raise SymdiffValueError(f"{name} has {len(values)} entries for {len(others)}")


def _check_no_function(word: str, given: Any) -> None:
    if callable(given) and not isinstance(given, Handle):
        raise SymdiffTypeError(
            f"{word} is of expressions: along a direction v a Python function has the derivative "
            "sd.derivative(lambda t: func(x + t*v), 0.0), by its arguments sd.gradient(func, x)"
        )


@answers_in_kind
def jvp(fs: Any, wrt: Any, vs: Any) -> Any:
    """The product of the Jacobian with a vector, by one forward sweep; shape of `fs`.

    >>> import symdiff as sd
    >>> x, y = sd.variables("x y")
    >>> sd.jvp(x*y, [x, y], [1, 2])
    y + 2*x
    """
    _check_no_function("jvp", fs)
    if of_arrays(fs, wrt):
        return array_derivatives().jvp(fs, wrt, vs)
    functions, outer = shaped(fs)
    vectors, _ = shaped(vs)
    graph, indices = expressions([*functions, *vectors])
    outputs, tangents = indices[: len(functions)], indices[len(functions) :]
    nodes, _ = asked(graph, wrt)
    _check_length("vs", tangents, nodes)
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
    _check_no_function("vjp", fs)
    if of_arrays(fs, wrt):
        return array_derivatives().vjp(fs, wrt, ws)
    functions, _ = shaped(fs)
    weights, _ = shaped(ws)
    graph, indices = expressions([*functions, *weights])
    outputs, seeds = indices[: len(functions)], indices[len(functions) :]
    _check_length("ws", seeds, outputs)
    nodes, inner = asked(graph, wrt)
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
    _check_no_function("hvp", f)
    if of_arrays(f, wrt):
        return array_derivatives().hvp(as_handle(f), wrt, vs)
    return jvp(expression_gradient(as_handle(f), wrt), wrt, vs)
