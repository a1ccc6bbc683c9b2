"""How many edges edge pushing would push: the sweep of `edge_pushing.py` on sets of nodes, nothing built.

An edge costs a set's entry here and several nodes there, so that a Hessian in which nearly all nodes interact is
known beforehand, and leaves nothing behind in the graph. Terms that would cancel are counted as if they did not.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from math import inf

from symdiff.build import ADD, DIV, MUL, SUB
from symdiff.graph import CONST, Graph, Node
from symdiff.modes import budgets
from symdiff.modes.activity import has_branches, pending_adjoints
from symdiff.modes.narrow_blocks import NarrowBlocks
from symdiff.modes.second_partials import SecondRules
from symdiff.rules import Partial, Rules

_POLYNOMIAL = frozenset((ADD, SUB, MUL))


def within_edges(
    graph: Graph,
    root: int,
    wrt: Sequence[int],
    live: float,
    blocks: NarrowBlocks | None = None,
    squares: float = inf,
) -> bool:
    """Whether the Hessian of a node by variables takes no more than so many live edges for each node and variable.

    Nor more in all than memory should hold. By few variables, whose rows take little, it is not counted to the end
    where the first nodes have far more than that. `squares` is how often an edge of a node to itself may go on through
    what is not linear, where slopes are squared, and never to several operands, where they are multiplied in pairs:
    there differentiating the gradient may take fewer operations.
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
    if squares < inf and (has_branches(graph, inner) or not all(_is_plain(nodes, nodes[i]) for i in inner)):
        return False

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
            operands = {j for j, p in zip(node[1:], partials, strict=True) if p is not None and active[j] is None}
            if i in rows[i] and squares < inf and not _is_scaling(nodes, node, partials):
                squares -= 1 if len(operands) == 1 else inf
                if squares < 0:
                    return False
            push(i, operands)
            soon += each
            if left < 0 or soon < 0:
                return False
        for p, q, _ in seconds.plain.get(node[0]) or seconds.of(node):
            if active[node[p + 1]] is None and active[node[q + 1]] is None:
                edge(node[p + 1], node[q + 1])
    return True


def _is_plain(nodes: list[Node], node: Node) -> bool:
    """Whether an operation is no quotient, but by a constant, and no function that has one operand twice."""
    if node[0] == DIV:
        return bool(nodes[node[2]][0] == CONST)
    return len(node) < 3 or node[1] != node[2] or node[0] in _POLYNOMIAL


def _is_scaling(nodes: list[Node], node: Node, partials: Sequence[Partial | None]) -> bool:
    """Whether an operation is linear in what it depends on."""
    fixed = [nodes[j][0] == CONST for j in node[1:]]
    if (node[0] == MUL and any(fixed)) or (node[0] == DIV and fixed[1]):
        return True
    return all(p is None or p.is_number for p in partials)
