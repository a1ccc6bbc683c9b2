"""What the ways to accumulate a Jacobian would cost: forward, reverse, elimination."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from symdiff.algebra.array_costs import scalar_operations
from symdiff.algebra.notation.html_table import html_table
from symdiff.algebra.operation_counts import operations
from symdiff.algebra.symbolic import Symbolic
from symdiff.derive.contest import Aside
from symdiff.derive.jacobian import all_variables, array_derivatives, expressions, takes_part
from symdiff.derive.jacobian_chain import chain_cost, dimensions_of, table
from symdiff.derive.jacobian_modes import every_mode
from symdiff.errors import SymdiffTypeError, SymdiffValueError
from symdiff.graph import Graph
from symdiff.handle import gather, handle
from symdiff.modes import budgets
from symdiff.modes.elimination_orders import orders
from symdiff.modes.linearised_graph import linearised
from symdiff.neighbours import takes_sympy
from symdiff.nesting import flatten
from symdiff.wrt import asked, shaped


@dataclass(frozen=True)
class Cost:
    """Operations of value and Jacobian together, shared ones once, by the way the Jacobian is accumulated."""

    forward: int | None  # None where counting it would take too long
    reverse: int | None
    elimination: int | None
    value: int  # operations of the expressions alone
    best: str  # choice of `mode="auto"`: "forward", "reverse" or "elimination"
    exact: bool  # flag: every way was tried; else counted on the structure alone

    @property
    def operations(self) -> int:
        """The operations of the best way."""
        return int(getattr(self, self.best))

    def __str__(self) -> str:
        about, rows, left_out = self._counts()
        return "\n".join([about, *table(rows, self.best), *left_out])

    def _repr_html_(self) -> str:
        about, rows, left_out = self._counts()
        cells = [(name, f"{count:,}", "least" if name == self.best else "") for name, count in rows.items()]
        return html_table(cells, before=about, after="\n".join(left_out))

    def _counts(self) -> tuple[str, dict[str, int], list[str]]:
        """What is counted, the counts by the way, and the ways without one."""
        counts = {name: getattr(self, name) for name in ("forward", "reverse", "elimination")}
        rows = {name: count for name, count in counts.items() if count is not None}
        left_out = [f"{name} was not counted: that would take too long" for name in counts if name not in rows]
        about = "operations" if self.exact else "operations, estimated"
        return f"{about} of value and Jacobian (value alone: {self.value})", rows, left_out


@dataclass(frozen=True)
class ArrayCost:
    """Operations on numbers where arrays take part: ints, or expressions in the names of sizes without a number."""

    value: Any  # operations of the expressions alone
    operations: Any  # operations of value and Jacobian together
    by_name: dict[str, Any]  # the same by their names, the most frequent first

    def __str__(self) -> str:
        both, alone = [f"{n:,}" if isinstance(n, int) else str(n) for n in (self.operations, self.value)]
        return f"{both} operations of value and Jacobian (value alone: {alone})"


@takes_sympy
def cost(fs: Any = None, wrt: Any = None, *, shapes: Any = None, sizes: Mapping[str, int] | None = None) -> Any:
    """What each way to the Jacobian of expressions would cost, before any is taken.

    Parameters
    ----------
    fs : expression, or sequence or array of them
    wrt : variable, name, or sequence or array of them, optional
        By default all variables.
    shapes : sequence, instead of `fs`
        A chain of maps: dimensions d0, …, dn, or the shapes of their Jacobians
        (d1, d0), (d2, d1), …; the same as `chain_cost`.
    sizes : mapping, optional
        The numbers behind named sizes of arrays. Counts are formulas in those that are not given.

    Returns
    -------
    Cost
        With `forward`, `reverse`, `elimination`, `best`, None for a mode that would take too long to count; or a
        `ChainCost`. Where arrays take part an `ArrayCost`, with `value`, `operations` and `by_name`: multiplications,
        additions and function values of single numbers, products of many factors in the order that takes fewest.

    Raises
    ------
    SymdiffTypeError, SymdiffValueError
        For expressions and shapes together, or neither, and for what would take too long to count in every mode.

    >>> import symdiff as sd
    >>> x = sd.Var("x")
    >>> w = sd.variables("w", 4)
    >>> print(sd.cost((w**2).sum(), w))
    operations of value and Jacobian (value alone: 7)
    forward      11
    reverse      11  least
    elimination  11
    >>> sd.cost([sd.sin(k*x) for k in range(1, 9)], x).best
    'forward'
    >>> X, v = sd.Var("X", shape=("n", "d")), sd.Var("v", shape="d")
    >>> found = sd.cost((sd.tanh(X @ v)**2).sum(), v)
    >>> found.value, found.value.evaluate(n=100, d=2)
    (2*n*d + 2*n - 1, 599)
    >>> found.by_name
    {'mul': 2*n*d + 2*n + d, 'add': 2*n*d + n - d - 1, 'pow': n, 'tanh': n}
    """
    if shapes is not None:
        if fs is not None or wrt is not None:
            raise SymdiffTypeError("cost takes expressions or shapes, not both")
        return chain_cost(*dimensions_of(shapes))
    if fs is None:
        raise SymdiffTypeError("cost takes expressions and variables, or shapes=[d0, …, dn]")
    functions, _ = shaped(fs)
    if takes_part([functions, wrt]):
        return _of_arrays(functions, wrt, sizes)
    graph, outputs = expressions(functions)
    nodes, _ = asked(graph, all_variables(graph, outputs) if wrt is None else wrt)
    held = [i for i in nodes if i >= 0]
    tried = every_mode(graph, outputs, held, graph.cone(outputs))
    counts = _counted(graph, outputs, held) if tried is None else tried.operations
    best = min(counts, key=lambda name: counts[name])
    forward, reverse, elimination = map(counts.get, ("forward", "reverse", "elimination"))
    return Cost(forward, reverse, elimination, operations(graph, outputs), best, exact=tried is not None)


def _of_arrays(functions: list[Any], wrt: Any, sizes: Mapping[str, int] | None) -> ArrayCost:
    graph, outputs = gather(functions)
    derivatives = flatten(array_derivatives().jacobian(functions, wrt))
    there, found = gather([*[handle(graph, i) for i in outputs], *derivatives])
    both = scalar_operations(there, found, sizes)
    return ArrayCost(scalar_operations(graph, outputs, sizes).total, both.total, both.by_name)


def _counted(graph: Graph, outputs: Sequence[int], wrt: Sequence[int]) -> dict[str, int]:
    """The operations of some nodes, of the partial derivatives between them, and of each order of elimination."""
    aside = Aside.copy(graph, outputs, wrt)
    algebra = Symbolic(aside.graph)
    linear = linearised(aside.graph, aside.roots, aside.held(wrt), algebra)
    labels = [held for edges in linear.into.values() for held in edges.values()]
    terms = [term for held in labels for term in (held if type(held) is list else [held])]
    base = operations(aside.graph, [*aside.roots, *[algebra.lower((1, n)) for _, _, n in terms]])
    counts = {order.name: base + order.operations for order in orders(linear, budgets.COST_PAIRS)}
    if not counts:
        raise SymdiffValueError(
            f"to count what the Jacobian of {len(outputs):,} expressions by {len(wrt):,} variables costs takes more "
            f"than {budgets.COST_PAIRS:,} steps in every mode"
        )
    return counts
