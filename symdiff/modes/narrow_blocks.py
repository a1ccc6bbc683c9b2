"""Blocks of a graph with few results: what lies between two narrow cuts.

A simulation hands a short state from step to step. The derivatives of one state by the one before are few, whatever
the step between is made of, so an edge that goes down passes the step at once, by this small Jacobian: preaccumulation,
Griewank and Walther, *Evaluating Derivatives*, 2nd ed., section 10.2. A cut goes between nodes that were written one
after the other, and what is used across it is its width; this is counted on the structure alone.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from symdiff.algebra.scaled import Scaled
from symdiff.algebra.symbolic import Symbolic
from symdiff.graph import VAR, Graph
from symdiff.modes import budgets
from symdiff.modes.alike_blocks import AlikeBlocks
from symdiff.modes.elimination_orders import markowitz
from symdiff.modes.linearised_graph import linearised
from symdiff.modes.second_partials import SecondRules
from symdiff.modes.vertex_elimination import accumulate
from symdiff.records import OPERATIONS
from symdiff.rules import Rules


class Block(NamedTuple):
    """Operations between two cuts, those that its results depend on."""

    inner: list[int]  # operations in graph order
    inputs: list[int]  # variables and operations below
    outputs: dict[int, frozenset[int]]  # results that have edges: the inputs that each depends on; the last first
    products: int  # that an edge takes from all operations to their operands

    def spared(self, rows: Mapping[int, Collection[int]]) -> int:
        """As `spared`, of this block."""
        return spared(rows, self.outputs, self.inputs, sum(map(len, self.outputs.values())), self.products)

    def seems_to_pay(self, rows: Mapping[int, Collection[int]]) -> bool:
        """Whether edges pass it at once, by what its Jacobian takes if each result takes a sweep."""
        return self.spared(rows) > budgets.BLOCK_PAYS * len(self.outputs) * self.products


def spared(
    rows: Mapping[int, Collection[int]], results: Collection[int], inputs: Collection[int], entries: int, products: int
) -> int:
    """How many products edges of the results of a block are spared by its Jacobian.

    `rows` holds the other ends of a node's edges, `products` are those that an edge takes from all operations of the
    block to their operands. Ends in the block do not count: operations in it have edges to these anyway. Edges between
    results go to pairs of inputs.
    """
    ends: set[int] = set()
    ends.update(*[rows[i] for i in results if i in rows])
    pairs = 0 if ends.isdisjoint(results) else entries * len(inputs)
    ends.difference_update(results, inputs)
    return len(ends) * (products - entries) - pairs


class NarrowBlocks:
    """The blocks below a node, looked for once a node has many edges.

    `adjoints` is the table of `pending_adjoints`, False where nothing depends on the variables, `moving` are these.
    `alike` takes those that are alike too.
    """

    def __init__(
        self, graph: Graph, root: int, adjoints: Any, moving: set[int], alike: AlikeBlocks | None = None
    ) -> None:
        self.at: dict[int, Block] = {}  # by the last operation
        self._alike = alike
        self._given = graph, root, adjoints, moving
        self._sought = len(moving) < budgets.BLOCK_LIVE

    def note(self, live: int) -> None:
        """Look for them if that is the first node with so many edges."""
        if self._sought or live < budgets.BLOCK_LIVE:
            return
        self._sought = True
        self.at.update(_Cuts(*self._given).blocks())
        if self._alike is not None:
            self._alike.gather([(block.inner, sorted(block.outputs)) for block in self.at.values()])


def block_slopes(algebra: Symbolic, block: Block, spared: float) -> dict[int, dict[int, Scaled]] | None:
    """The derivatives of the results of a block by its inputs, the last result first; what is zero is missing.

    None where they take more than `spared` products pay for.
    """
    linear = linearised(algebra.graph, list(block.outputs), block.inputs, algebra, [*block.inputs, *block.inner])
    order = markowitz(linear, by_fill=True, least=spared / budgets.BLOCK_PAYS)
    if order is None:
        return None
    found: dict[int, dict[int, Scaled]] = {i: {} for i in block.outputs}
    for (i, j), slope in accumulate(algebra, linear, order.vertices).items():
        found[i][j] = slope
    return found


class _Cuts:
    """What moves below a node, in graph order, and how wide a cut is at each place."""

    def __init__(self, graph: Graph, root: int, adjoints: Any, moving: set[int]) -> None:
        self.nodes = graph.nodes
        self.inner = [
            i for i in graph.cone([root]) if self.nodes[i][0] > VAR and i not in moving and adjoints[i] is not False
        ]
        self.operands = {
            i: {j for j in self.nodes[i][1:] if j in moving or adjoints[j] is not False} for i in self.inner
        }
        self.moving = moving
        rules = Rules(graph.nodes, graph.leaves)
        self.products = {i: self._products(i, rules) for i in self.inner}
        self.carrying = self._carrying(SecondRules(rules))
        self.last = {j: t for t, i in enumerate(self.inner) for j in self.operands[i]}  # place of the last user
        self.widths = self._widths()

    def _products(self, i: int, rules: Rules) -> int:
        """How many products an edge of a node takes on its way to the operands."""
        node, operands = self.nodes[i], self.operands[i]
        partials = zip(node[1:], rules.plain(node[0]) or rules.of(node), strict=True)
        return len([j for j, partial in partials if partial is not None and not partial.is_number and j in operands])

    def _carrying(self, seconds: SecondRules) -> set[int]:
        """The operands of what is not linear, and all below: the others have no edges."""
        carrying: set[int] = set()
        for i in reversed(self.inner):
            node, operands = self.nodes[i], self.operands[i]
            if i in carrying or any(
                node[p + 1] in operands and node[q + 1] in operands
                for p, q, _ in seconds.plain.get(node[0]) or seconds.of(node)
            ):
                carrying |= operands
        return carrying

    def _widths(self) -> list[int]:
        """How many operations with edges below each place are used from there on."""
        steps = [0] * (len(self.inner) + 2)
        for t, i in enumerate(self.inner):
            if i in self.carrying:
                steps[t + 1] += 1
                steps[self.last[i] + 1] -= 1
        widths, width = [], 0
        for step in steps:
            width += step
            widths.append(width)
        return widths

    def blocks(self) -> dict[int, Block]:
        found = {}
        top = len(self.inner)
        while top > 0:
            bottom = self._next(top)
            if bottom < top - 1:
                block = self._block(bottom, top)
                if block is not None:
                    found[block.inner[-1]] = block
            top = bottom
        return found

    def _next(self, top: int) -> int:
        """The place of the cut below another: the narrowest of the first after which the Jacobian pays."""
        width = self.widths[top]
        if not 0 < width <= budgets.BLOCK_WIDTH:
            return top - 1
        best, products = 0, 0
        variables: set[int] = set()
        for t in range(top - 1, 0, -1):
            operands = self.operands[self.inner[t]]
            products += self.products[self.inner[t]]
            variables.update(operands & self.moving)
            if best:
                if self.widths[t] < self.widths[best]:
                    best = t
                if top - t > 2 * (top - best):
                    break
            elif products > budgets.BLOCK_EDGES * width * (self.widths[t] + len(variables)):
                best = t
        return best

    def _block(self, bottom: int, top: int) -> Block | None:
        inner = self.inner[bottom:top]
        outputs = [i for i in reversed(inner) if i in self.carrying and self.last[i] >= top]
        below = set(outputs)
        for i in reversed(inner):
            if i in below:
                below |= self.operands[i]
        inner = [i for i in inner if i in below]
        inputs = sorted(below.difference(inner))
        if not outputs or len(inputs) > budgets.BLOCK_INPUTS:
            return None
        if any(OPERATIONS[self.nodes[i][0]].branches for i in inner):  # leave out what is behind gates
            return None
        reach = {i: frozenset((i,)) for i in inputs}
        for i in inner:
            reach[i] = frozenset().union(*[reach[j] for j in self.operands[i]])
        return Block(inner, inputs, {i: reach[i] for i in outputs}, sum([self.products[i] for i in inner]))
