"""Reverse accumulation: adjoints from the results down to the variables.

Griewank and Walther, *Evaluating Derivatives*, 2nd ed., section 3.2. Adjoints
below a branch of `where`, an operand of `maximum` and their kin are gated, see `algebra/gates.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from symdiff.algebra.as_written import symbolic
from symdiff.algebra.scalars_only import holds_arrays
from symdiff.algebra.scaled import ONE, ZERO, Scaled
from symdiff.algebra.symbolic import Symbolic
from symdiff.graph import VAR, Graph
from symdiff.handle import Handle, gather, handle
from symdiff.listings import ByNode
from symdiff.modes.activity import pending_adjoints
from symdiff.modes.adjoint_factor import UNIT, Seeds, adjoint_factor
from symdiff.modes.early_settling import EarlySettling
from symdiff.modes.gated_terms import Term, collected, joined, settled, total
from symdiff.progress import watched
from symdiff.rules import PASSING, Rules


def reverse(
    graph: Graph, outputs: Sequence[int], seeds: Sequence[int], wrt: Sequence[int], every: bool = False
) -> dict[int, Scaled]:
    """The adjoints of the variables `wrt`, or of every node between: sum of seed times derivative.

    `outputs` and `seeds` are node indices of equal number. A variable that no output
    depends on is missing in the result.
    """
    return reverse_by(symbolic(graph), outputs, seeds, wrt, every)


def reverse_by(
    algebra: Symbolic, outputs: Sequence[int], seeds: Sequence[int], wrt: Sequence[int], every: bool = False
) -> dict[int, Scaled]:
    """As `reverse`, by an arithmetic that may have looked at nodes before."""
    algebra.guards = set()  # those of one sweep are not another's
    starts = [(output, algebra.lift(seed)) for output, seed in zip(outputs, seeds, strict=True)]
    return _from(algebra, outputs, starts, wrt, every)


def _from(
    algebra: Symbolic, outputs: Sequence[int], starts: Seeds, wrt: Sequence[int], every: bool = False
) -> dict[int, Scaled]:
    """As `reverse`, with the seeds of the outputs as scaled values."""
    graph = algebra.graph
    rules = Rules(graph.nodes, graph.leaves)
    cone = graph.reach(outputs)
    pending = pending_adjoints(graph, cone, wrt)
    whole = every or not graph.simplify or len(starts) != 1 or starts[0][1] != UNIT
    factor, parts = (UNIT, [(UNIT, starts)]) if whole else adjoint_factor(algebra, rules, pending, outputs[0], len(wrt))
    last = factor == UNIT and len(parts) == 1
    found = _sweep(algebra, rules, cone, pending, parts[0][1], every, last)
    for weight, starts in parts[1:]:
        for i, (gate, c, n) in _sweep(algebra, rules, cone, pending, starts, False, last).items():
            part = gate, *algebra.mul((c, n), weight)
            found[i] = total(algebra, [found[i], part]) if i in found else part
    if factor != UNIT:
        found = {i: (gate, *algebra.mul((c, n), factor)) for i, (gate, c, n) in found.items()}
    return {i: (c, n) if gate is None else settled(algebra, (gate, c, n)) for i, (gate, c, n) in found.items()}


def _sweep(
    algebra: Symbolic, rules: Rules, cone: Sequence[int], pending: Any, starts: Seeds, every: bool, last: bool
) -> dict[int, Term]:
    """The adjoints of variables, or of every node, given those of some nodes, and the table of `pending_adjoints`.

    `last`: nothing is multiplied by those of variables afterwards.
    """
    for output, start in starts:
        if pending[output] is not False and start != ZERO:
            pending[output] = joined(pending[output], (None, *start))
    nodes, times_partial, plain = algebra.graph.nodes, algebra.times_partial, rules.plain
    early: EarlySettling | None = None
    found: dict[int, Term] = {}
    for i in watched("differentiating", reversed(cone), len(cone)):
        term = pending[i]
        if not term:
            continue
        pending[i] = None
        node = nodes[i]
        kind = node[0]
        if type(term) is list:
            term = collected(algebra, term, last and kind == VAR)
            if term[2] == ONE and term[1] == 0:
                continue
        if every:
            found[i] = term
        if kind in PASSING:
            for j in node[1:]:
                held = pending[j]
                if held is None:
                    pending[j] = term
                elif type(held) is list:  # as `joined`: sums of many terms meet this once a term
                    held.append(term)
                elif held is not False:
                    pending[j] = [held, term]
            continue
        rule = plain(kind)
        if rule is None:
            if kind == VAR:
                found[i] = term
                continue
            rule = rules.of(node)
        gate, c, n = term
        for k, partial in enumerate(rule, 1):
            j = node[k]
            held = pending[j]
            if held is False or partial is None:
                continue
            if gate is None:
                contribution = times_partial(None, c, n, partial, i, node)
            else:
                early = early or EarlySettling(algebra, rules, cone, pending)
                contribution = times_partial(*early.before(term, partial, i, node, j), partial, i, node)
            if contribution is not None:
                pending[j] = contribution if held is None else joined(held, contribution)
    return found


def gradient_nodes(graph: Graph, root: int, wrt: Sequence[int]) -> list[int]:
    """The first derivatives of a node by variables as nodes; -1 in `wrt` is a variable that the graph does not hold."""
    algebra = symbolic(graph)
    start = UNIT if graph.simplify else (1, algebra.one)
    found = _from(algebra, [root], [(root, start)], [i for i in wrt if i >= 0])
    return [algebra.lower(found.get(i, ZERO)) for i in wrt]


def adjoints(expr: Handle, seed: Any = 1) -> dict[Handle, Handle]:
    """The adjoint of every node of an expression, as expressions; see `Expr.adjoints`."""
    graph, (root, start) = gather([expr, seed])
    cone = graph.cone([root])
    if any(map(holds_arrays, [expr, seed])):
        return _of_arrays(graph, root, start)
    wrt = [i for i in cone if graph.nodes[i][0] == VAR]
    algebra = Symbolic(graph)
    found = reverse(graph, [root], [start], wrt, every=True)
    return ByNode({handle(graph, i): handle(graph, algebra.lower(value)) for i, value in found.items()})


def _of_arrays(graph: Graph, root: int, start: int) -> dict[Handle, Handle]:
    from symdiff.arrays.contraction import broadcast_to
    from symdiff.modes.array_reverse import adjoints as array_adjoints

    seed = broadcast_to(graph, start, graph.shapes.get(root, ()))
    found = array_adjoints(graph, root, seed, (), None)
    return ByNode({handle(graph, i): handle(graph, adjoint) for i, adjoint in found.items()})
