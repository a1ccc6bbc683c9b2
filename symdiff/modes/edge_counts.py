"""How many edges edge pushing would push: the sweep of `edge_pushing.py` on sets of nodes, nothing built.

An edge costs a set's entry here and several nodes there, so that a Hessian in which nearly all nodes interact is
known beforehand, and leaves nothing behind in the graph. Terms that would cancel are counted as if they did not.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from math import inf

from symdiff.graph import Graph
from symdiff.modes import budgets
from symdiff.modes.activity import pending_adjoints
from symdiff.modes.narrow_blocks import NarrowBlocks
from symdiff.modes.second_partials import SecondRules
from symdiff.rules import Rules


def within_edges(graph: Graph, root: int, wrt: Sequence[int], live: float, blocks: NarrowBlocks | None = None) -> bool:
    """Whether the Hessian of a node by variables takes no more than so many live edges for each node and variable.

    Nor more in all than memory should hold. By few variables, whose rows take little, it is not counted to the end
    where the first nodes have far more than that.
    """
    nodes = graph.nodes
    cone = graph.cone([root])
    active = pending_adjoints(graph, cone, wrt)  # False where nothing depends on the variables
    moving = {j for j in wrt if j <= root}
    inner = [i for i in cone if active[i] is None and i not in moving]
    left = min(live * (len(inner) + len(moving) + 1) * (len(wrt) + 1), budgets.HESSIAN_EDGES)
    few = len(moving) <= budgets.HESSIAN_FEW
    soon, each = (left * budgets.HESSIAN_SOON, live * (len(moving) + 1) / budgets.HESSIAN_SOON) if few else (inf, 0.0)
    blocks = blocks or NarrowBlocks(graph, root, active, moving)
    rules = Rules(nodes, graph.leaves)
    seconds = SecondRules(rules)
    rows: dict[int, set[int]] = {}

    def edge(a: int, b: int) -> None:
        if a in moving:
            if b not in moving:
                a, b = b, a
        elif b > a and b not in moving:
            a, b = b, a
        row = rows.get(a)
        if row is None:
            rows[a] = {b}
        else:
            row.add(b)

    def push(i: int, operands: Collection[int]) -> None:
        nonlocal left, soon
        row = rows.pop(i, None)
        if row is None:
            return
        left -= len(row)
        soon -= len(row)
        blocks.note(len(row))
        if i in row:
            row.discard(i)
            row.update(operands)  # makes each interact with each
        for k in operands:
            for j in row:
                edge(k, j)

    for i in reversed(inner):
        if i in blocks.at and blocks.at[i].seems_to_pay(rows):
            for k, below in blocks.at[i].outputs.items():
                push(k, below)
        node = nodes[i]
        if i in rows:
            partials = rules.plain(node[0]) or rules.of(node)
            push(i, {j for j, p in zip(node[1:], partials, strict=True) if p is not None and active[j] is None})
            soon += each
            if left < 0 or soon < 0:
                return False
        for p, q, _ in seconds.plain.get(node[0]) or seconds.of(node):
            if active[node[p + 1]] is None and active[node[q + 1]] is None:
                edge(node[p + 1], node[q + 1])
    return True
