"""Derivatives of high order: repeated gradients or Taylor recurrences, whichever takes fewer operations.

The n-th of repeated gradients may have operations like a constant to the n,
those of Taylor recurrences grow like n². But low orders, and all orders of
polynomials, are short and read well as repeated gradients: `60*x**2`. So both
are built aside, the gradients no further than they can still win, and the one
of fewer operations is taken, the gradients in a tie. Of large expressions, and of
those that `nonlinearity.py` knows, only the Taylor recurrences are built. High
orders of polynomials are 0 at once, those of what comes round, as `exp(2*x)` does,
a number times one of the first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from math import comb, inf
from typing import Any

import numpy as np

from symdiff.algebra.operation_counts import operations
from symdiff.algebra.scalars_only import holds_arrays
from symdiff.derive.contest import Aside, Budget, Way, contest
from symdiff.derive.nonlinearity import nonlinearity
from symdiff.derive.polynomial_degree import degree
from symdiff.derive.recurring_derivatives import recurring
from symdiff.errors import SymdiffTypeError, SymdiffValueError
from symdiff.exact import exact_product
from symdiff.graph import Graph
from symdiff.handle import Handle, as_handle, gather, handle, rooted
from symdiff.modes import budgets
from symdiff.modes.reverse import gradient_nodes
from symdiff.neighbours import answers_in_kind, check_partial
from symdiff.taylor.multi_indices import MultiIndex, MultiIndices, along_one, check_entries, check_pairs, up_to
from symdiff.taylor.node_coefficients import NodeCoefficients
from symdiff.taylor.reach import check_reach
from symdiff.taylor.system import System
from symdiff.wrt import asked, named_arrays, own_variables, shaped, variable_nodes

Find = Callable[[Graph, int, Sequence[int], Sequence[MultiIndex], float], list[int]]  # search; [] beyond a limit


def diff(f: Handle, *wrt_and_orders: Any) -> Handle:
    """The derivative of any order; see `Expr.diff`."""
    own = _own_step(f, *wrt_and_orders)
    if own is not None:
        return handle(f._graph, _nth(f._graph, f._index, *own))
    graph, root = rooted(f)
    steps = _steps(wrt_and_orders)
    if holds_arrays(f) or any(holds_arrays(variable) for variable, _ in steps):
        return _along_scalars(f, steps)
    for variable, order in steps:
        node = _node(f, graph, variable, order)
        check_partial(graph, [root], [node] if order else [])
        root = _nth(graph, root, node, order)
    return handle(graph, root)


def _own_step(f: Handle, variable: Any = None, order: Any = 1, *more: Any) -> tuple[int, int] | None:
    """The node of the only variable, where it is one of `own_variables`, and the order: most calls; None for others."""
    if more or type(order) is not int or order < 0:
        return None
    own = own_variables(f._graph, variable)
    return None if own is None or own[1] is not None else (own[0][0], order)


def _node(f: Handle, graph: Graph, variable: Any, order: int) -> int:
    """The node of a variable in the graph to derive in, -1 where the expression's has none."""
    own = own_variables(graph, [variable])
    if own is not None:
        return own[0][0]
    (node,) = variable_nodes(f.graph, [variable])
    return variable_nodes(graph, [variable])[0] if order and node >= 0 else node


def _along_scalars(f: Handle, steps: Sequence[tuple[Any, int]]) -> Handle:
    """The derivative where arrays take part."""
    from symdiff.derive.array_orders import nth

    for variable, order in steps:
        f = nth(f, variable, order)
    return f


def _steps(wrt_and_orders: Sequence[Any]) -> list[tuple[Any, int]]:
    """Variables and orders, one after the other; a variable that comes twice in a row once."""
    steps: list[list[Any]] = []
    for item in wrt_and_orders:
        if isinstance(item, (int, np.integer)) and not isinstance(item, bool):
            if not steps or steps[-1][1] is not None:
                raise SymdiffValueError(f"diff takes a variable before the order {item}")
            steps[-1][1] = _order(item)
        elif isinstance(item, (Mapping, Set, list, tuple, np.ndarray)):
            raise SymdiffTypeError(
                "diff takes one variable after the other, f.diff(x, 2, y), and f.gradient several at once, "
                f"not {item!r:.60}"
            )
        else:
            steps.append([item, None])
    if not steps:
        raise SymdiffValueError("diff takes at least one variable: f.diff(x), f.diff(x, 2, y)")
    joined: list[tuple[Any, int]] = []
    for variable, order in steps:
        n = 1 if order is None else order
        if joined and joined[-1][0] is variable:
            joined[-1] = (variable, joined[-1][1] + n)
        else:
            joined.append((variable, n))
    return joined


def _order(order: Any) -> int:
    if isinstance(order, bool) or not isinstance(order, (int, np.integer)):
        raise SymdiffTypeError(f"the order of a derivative is an int, not {order!r}")
    if order < 0:
        raise SymdiffValueError(f"the order of a derivative is not negative, as {order} is")
    return int(order)


@answers_in_kind
def derivatives(f: Any, wrt: Any, order: int) -> Any:
    """All partial derivatives up to an order, each of them once.

    By Taylor recurrences (Griewank and Walther, *Evaluating Derivatives*, 2nd ed.,
    sections 13.2 and 13.3), in several variables over multi-indices, or
    reverse sweeps over the derivatives of one order lower, whichever takes
    fewer operations.

    Parameters
    ----------
    f : expression
    wrt : variable, name, or sequence or array of them
    order : int

    Returns
    -------
    list or dict
        For one variable the list of the derivatives of order 0 to `order`. For
        several, a dictionary from multi-indices, tuples of as many ints as there
        are variables, to expressions: `d[2, 1]` is ∂³f/∂x²∂y for `[x, y]`. It holds
        every multi-index of a total of at most `order`, by total, then the
        earlier variables first; equal mixed partials are one entry, so that
        the symmetric tensors of n variables take `C(n + order, order)` entries.

    Raises
    ------
    SymdiffTypeError, SymdiffValueError
        For an order that is no whole number of at least 0, or what is no
        variable, or one variable twice; for more than a million derivatives, and
        orders beyond 2,000 of what is no polynomial.

    >>> import symdiff as sd
    >>> x, y = sd.variables("x y")
    >>> sd.derivatives(x**3, x, 3)
    [x**3, 3*x**2, 6*x, 6]
    >>> sd.derivatives(x**2*y, [x, y], 2)
    {(0, 0): x**2*y, (1, 0): 2*x*y, (0, 1): x**2, (2, 0): 2*y, (1, 1): 2*x, (0, 2): 0}
    """
    order = _order(order)
    graph, (root,) = gather([as_handle(f)])
    items, shape = shaped(named_arrays(graph, wrt))
    of_arrays = any(map(holds_arrays, [f, *items]))
    moving: Sequence[Any] = items if of_arrays else asked(graph, wrt)[0]
    held = [i for i in moving if of_arrays or i >= 0]
    if len(set(held)) < len(held):
        raise SymdiffValueError("derivatives takes each variable once")
    check_entries("derivatives", comb(len(moving) + order, order), order)
    wanted = up_to(len(moving), order)
    if of_arrays:
        from symdiff.derive.array_orders import orders

        higher = orders(as_handle(f), items, wanted)
        return higher if shape is None else dict(zip(wanted, higher, strict=True))
    found = [handle(graph, i) for i in _within(graph, root, moving, wanted)]
    return found if shape is None else dict(zip(wanted, found, strict=True))


# -- the choice -------------------------------------------------------------------


def _nth(graph: Graph, root: int, variable: int, order: int) -> int:
    """The derivative of one order by one variable."""
    if order == 0:
        return root
    if order == 1:
        return gradient_nodes(graph, root, [variable])[0]
    return _within(graph, root, [variable], [(order,)])[0]


def _within(graph: Graph, root: int, moving: Sequence[int], wanted: Sequence[MultiIndex]) -> list[int]:
    """Derivatives where high orders may be known: beyond the degree of a polynomial, and where they come round."""
    if not graph.simplify and max([sum(index) for index in wanted]) * len(moving) <= budgets.WRITTEN_ORDER:
        return _by_gradients(graph, root, moving, wanted)
    if max([sum(index) for index in wanted]) <= budgets.HIGHER_LOW:
        return _least(graph, root, moving, wanted)
    if len(moving) == 1:
        known = recurring(graph, root, moving[0], [index[0] for index in wanted])
        if known is not None:
            return known
    last = degree(graph, root, {i for i in moving if i >= 0})
    inside = [index for index in wanted if sum(index) <= last]
    found: list[int] = []
    if inside:
        highest = max([sum(index) for index in inside])
        check_pairs(highest, len(moving))
        check_reach(graph, root, moving, highest)
        swelling = last == inf and len(inside) > budgets.HIGHER_INDICES
        found = (_by_taylor if swelling else _least)(graph, root, moving, inside)
    zero = graph.const(0)
    at = dict(zip(inside, found, strict=True))
    return [at.get(index, zero) for index in wanted]


def _least(graph: Graph, root: int, moving: Sequence[int], wanted: Sequence[MultiIndex]) -> list[int]:
    """Derivatives in the way that takes fewer operations."""
    order = max([sum(index) for index in wanted])
    several = len(moving) > 1
    if order <= 1 or (several and len(wanted) > budgets.HIGHER_INDICES):
        return _by_gradients(graph, root, moving, wanted)
    cone = graph.cone([root])
    if len(cone) > budgets.HIGHER_TRIED:
        way = _by_gradients if several and order == 2 else _by_taylor
        return way(graph, root, moving, wanted)
    if not several and nonlinearity(graph, cone, moving[0]).goes_by_taylor(order):
        return _by_taylor(graph, root, moving, wanted)
    ways = {"taylor": _tried(_by_taylor, moving, wanted), "gradients": _tried(_by_gradients, moving, wanted)}
    budget = Budget(cost=lambda trial: (trial.operations, trial.way != "gradients"), limit=lambda least: least[0])
    found = contest(ways, graph, [root], moving, budget).best.adopted(graph)
    return [found[index] for index in wanted]


def _tried(find: Find, moving: Sequence[int], wanted: Sequence[MultiIndex]) -> Way:
    """A way to derivatives of a copy."""

    def way(aside: Aside, limit: float) -> dict[MultiIndex, int] | None:
        places = [aside.place.get(i, -1) for i in moving]
        found = find(aside.graph, aside.roots[0], places, wanted, limit)
        return dict(zip(wanted, found, strict=True)) if found else None

    return way


# -- the ways -----------------------------------------------------------------------


def _by_taylor(
    graph: Graph, root: int, moving: Sequence[int], wanted: Sequence[MultiIndex], limit: float = inf
) -> list[int]:
    """By Taylor recurrences."""
    indices = MultiIndices(wanted) if len(moving) > 1 else along_one(max(wanted)[0])
    system = System(graph, moving, max(indices.total))
    place = system.include(root)
    numbers = [indices.number(index) for index in wanted]
    values = NodeCoefficients(system, indices).solve([(place, a) for a in numbers])
    lower = system.algebra.lower
    return [
        lower((exact_product(c, indices.factorial(a)), n)) if a else root
        for a, (c, n) in zip(numbers, values, strict=True)
    ]


def _by_gradients(
    graph: Graph, root: int, moving: Sequence[int], wanted: Sequence[MultiIndex], limit: float = inf
) -> list[int]:
    """By reverse sweeps over the derivatives of one order lower; none where they get much larger than the limit.

    Each derivative comes from the one with one order less in its last variable.
    """
    order = max([sum(index) for index in wanted])
    size = len(moving)
    start = operations(graph, [root]) if limit < inf else 0
    found = {(0,) * size: root}
    ordered = [(0,) * size]
    for k in range(1, order + 1):
        higher: list[MultiIndex] = []
        for index in ordered:
            last = max([d for d, n in enumerate(index) if n], default=0)
            for d, slope in enumerate(gradient_nodes(graph, found[index], moving[last:]), last):
                raised = (*index[:d], index[d] + 1, *index[d + 1 :])
                found[raised] = slope
                higher.append(raised)
        ordered = higher
        if limit < inf and k < order:
            part = operations(graph, [root, *[found[index] for index in ordered]]) - start
            if part * order**2 > (limit - start) * k**2 + budgets.HIGHER_HEADROOM * order**2:
                return []
    return [found[index] for index in wanted]
