"""Blocks of a graph with few results: what lies between two narrow cuts.

A simulation hands a short state from step to step. The derivatives of one state by the one before are few, whatever
the step between is made of, so an edge that goes down passes the step at once, by this small Jacobian: preaccumulation,
Griewank and Walther, *Evaluating Derivatives*, 2nd ed., section 10.2. A cut goes between nodes that were written one
after the other, and what the operations above it are made of, down to the next, is its width: counted on the structure
alone. What goes past them, as states that a cost at the end depends on, does not count.
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
        known = alike is not None and 2 * alike.size > len(adjoints)  # most of it is in blocks already
        self._sought = known or len(moving) < budgets.BLOCK_LIVE

    def note(self, live: int) -> None:
        """Look for them if that is the first node with so many edges."""
        if self._sought or live < budgets.BLOCK_LIVE:
            return
        self._sought = True
        self.at.update(_Cuts(*self._given).blocks())
        if self._alike is not None:
            self._alike.gather([(block.inner, sorted(block.outputs)) for block in self.at.values()])


def block_slopes(algebra: Symbolic, block: Block, gain: float) -> dict[int, dict[int, Scaled]] | None:
    """The derivatives of the results of a block by its inputs, the last result first; what is zero is missing.

    None where they take more operations than `gain`, the products that edges are spared, pays for.
    """
    linear = linearised(algebra.graph, list(block.outputs), block.inputs, algebra, [*block.inputs, *block.inner])
    order = markowitz(linear, by_fill=True, least=gain / budgets.BLOCK_PAYS)
    if order is None:
        return None
    found: dict[int, dict[int, Scaled]] = {i: {} for i in block.outputs}
    for (i, j), slope in accumulate(algebra, linear, order.vertices).items():
        found[i][j] = slope
    return found


class _Cuts:
    """What moves below a node, in graph order, and where that is cut."""

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

    def blocks(self) -> dict[int, Block]:
        """The blocks from the end on, by the last operation of each."""
        found = {}
        top = len(self.inner)
        while top > 0:
            top, block = self._below(top)
            if block is not None:
                found[block.inner[-1]] = block
        return found

    def _below(self, top: int) -> tuple[int, Block | None]:
        """The block below a place, and the place below that: the narrowest of the first cuts after which it may pay.

        Without one the search goes on a little further down, so that all of it takes a few looks at each operation.
        """
        if self.inner[top - 1] not in self.carrying:
            return top - 1, None
        part = _Part()
        best: tuple[int, int, int, list[int], int] | None = None
        t = top
        while t > 0:
            t -= 1
            i = self.inner[t]
            used_above = i in self.carrying and self.last[i] >= top
            if not used_above and i not in part.operations:
                if top - t > budgets.BLOCK_ASIDE * (len(part.inner) + budgets.BLOCK_WIDTH):
                    break
                continue
            part.take(i, self.operands[i], self.moving, self.products[i])
            if used_above:
                part.outputs.append(i)
            if len(part.outputs) > budgets.BLOCK_WIDTH or part.inputs > budgets.BLOCK_INPUTS:
                break
            if best is None:
                if t == 0 or part.products > budgets.BLOCK_EDGES * len(part.outputs) * part.inputs:
                    best = part.so_far(t)
            elif len(part.operations) < best[0]:
                best = part.so_far(t)
            elif top - t > 2 * (top - best[1]):
                break
        if best is None:
            return top - 1 - (top - 1 - t) // 8, None
        _, bottom, inner, inputs, outputs = best
        return bottom, self._block(part.inner[:inner][::-1], inputs, part.outputs[:outputs])

    def _block(self, inner: list[int], inputs: list[int], outputs: list[int]) -> Block | None:
        if any(OPERATIONS[self.nodes[i][0]].branches for i in inner):  # leave out what is behind gates
            return None
        reach = {i: frozenset((i,)) for i in inputs}
        for i in inner:
            reach[i] = frozenset().union(*[reach[j] for j in self.operands[i]])
        return Block(inner, inputs, {i: reach[i] for i in outputs}, sum([self.products[i] for i in inner]))


class _Part:
    """What some results are made of down to a place: operations so far, and what these are made of in turn."""

    def __init__(self) -> None:
        self.inner: list[int] = []  # the last first
        self.outputs: list[int] = []  # those of them that are used above
        self.operations: set[int] = set()  # operations further down that these are made of, and
        self.variables: set[int] = set()
        self.products = 0

    def take(self, i: int, operands: set[int], moving: set[int], products: int) -> None:
        """Go past an operation."""
        self.inner.append(i)
        self.operations.discard(i)
        self.operations |= operands - moving
        self.variables |= operands & moving
        self.products += products

    @property
    def inputs(self) -> int:
        """How many inputs a block has that ends here."""
        return len(self.operations) + len(self.variables)

    def so_far(self, t: int) -> tuple[int, int, int, list[int], int]:
        """How wide a cut is here, its place, and the block above it: count of operations, inputs, count of outputs."""
        inputs = sorted(self.operations | self.variables)
        return len(self.operations), t, len(self.inner), inputs, len(self.outputs)
