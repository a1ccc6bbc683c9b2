"""The linearised graph of many results, in which blocks that are alike are few edges each.

Defects of a simulation, or residuals of a mesh, are made of parts that come in numbers. Each is taken for one operation
of several results, whose small Jacobian is found once a form; see `alike_blocks.py`. What is left of the graph is
several times smaller, and so is the search for an order in which to eliminate it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from symdiff.algebra.scaled import ONE, Scaled
from symdiff.algebra.symbolic import Symbolic
from symdiff.graph import Graph
from symdiff.modes import budgets
from symdiff.modes.activity import pending_adjoints
from symdiff.modes.alike_blocks import AlikeBlocks, Form
from symdiff.modes.alike_terms import parts_below
from symdiff.modes.linearised_graph import LinearGraph, linearised


def linearised_by_blocks(
    graph: Graph, outputs: Sequence[int], wrt: Sequence[int], algebra: Symbolic, cone: Sequence[int]
) -> LinearGraph:
    """As `linearised`, of outputs with that cone."""
    results = set(outputs)
    if len(results) < budgets.ALIKE_TERMS or len(cone) < max(budgets.ALIKE_NODES, budgets.ALIKE_MEAN * len(results)):
        return linearised(graph, outputs, wrt, algebra, cone)
    alike = AlikeBlocks(graph, pending_adjoints(graph, cone, wrt), set(wrt))
    alike.gather(parts_below(graph.nodes, cone, set(), results))
    known: dict[int, Mapping[int, Scaled] | None] = {}
    for block in alike.at.values():
        if _shrinks(alike, block.form):
            known.update(dict.fromkeys(set(block.nodes).difference(block.inputs)))
            known.update(alike.jacobian(block))
    return linearised(graph, outputs, wrt, algebra, cone, known)


def _shrinks(alike: AlikeBlocks, form: Form) -> bool:
    """Whether the Jacobian of a form has no more products than its operations; conditions stay where they are."""
    if form.branches:
        return False
    program = alike.jacobian_program(form)
    return sum([n != ONE for _, _, _, n in program.edges]) <= program.products
