"""How an adjoint goes through a scan: by one backwards, so that derivatives of scans are scans, to any order.

With h[t + 1], y[t + 1] = f(h[t], x[t], p), the adjoint m of the carry goes back from step to step,
m[t] = g[t] + (∂f/∂h)ᵀ (m[t + 1], v[t + 1]), where g and v are the adjoints of the rows. Those of x and p, linear in m,
are what the last scan gives beside where they are small; else they are found for all steps at once afterwards, which
makes a product of matrices of the sum over steps. This is the transpose of the recurrence; see Griewank and Walther,
*Evaluating Derivatives*, 2nd ed., section 3.2, and for `checkpoint` 12.2.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from symdiff.arrays import filters
from symdiff.arrays.batching import batch
from symdiff.arrays.contraction import contract, fresh, zeros
from symdiff.arrays.enclosing import copied, enclosed
from symdiff.arrays.index_arrays import is_whole
from symdiff.arrays.indexing import take
from symdiff.arrays.products import product
from symdiff.arrays.reading import is_zero, shape_of
from symdiff.arrays.scans import Rows, iterated
from symdiff.arrays.sums import add
from symdiff.graph import VAR, Graph, Variable
from symdiff.keys import Range
from symdiff.loop_body import Loop
from symdiff.modes.budgets import SCAN_ENTRIES
from symdiff.modes.pullback import Contributions, Pullback, Wanted
from symdiff.modes.row_adjoints import Diagonals, Twins
from symdiff.shapes import Shape, Size


class _Slot(NamedTuple):
    """What changes from step to step: a node of the step, and the array of it for all steps, in their order."""

    node: int
    rows: int


def pull_scan(pull: Pullback, wanted: Wanted) -> Contributions:
    """The adjoints of first carries, sequences and parameters."""
    back = _Backwards(pull, wanted)
    return iter(back.contributions())


class _Backwards:
    """The scan that goes back through one."""

    def __init__(self, pull: Pullback, wanted: Wanted) -> None:
        self.graph = pull.graph
        self.loop: Loop = pull.graph.leaves[pull.node[1]]
        body = self.body = self.loop.body
        self.operands = pull.node[2:]
        self.wanted = [wanted(j) for j in self.operands]
        self.twins = self._twins(pull)
        self.pull = pull = _along_rows(pull, self.twins) if self.twins else pull
        self.rows = Rows(self.graph, pull.i, body, self.loop.length)
        self.adjoints = Rows(self.graph, pull.adjoint, body, self.loop.length)
        self.step = Graph(self.graph.simplify)
        here = self.step.adopt(body.graph, [*body.inputs, *body.outputs])
        self.inputs, self.outputs = here[: len(body.inputs)], here[len(body.inputs) :]
        self.active = self._active()
        self.seeds = [self._seed(k) for k in range(len(self.outputs))]
        self.slots = self._slots()

    def _twins(self, pull: Pullback) -> Twins:
        """The axes in front of the adjoint that are those of rows of the scan, which all that is wanted has."""
        graph, own, lead = self.graph, shape_of(self.graph, pull.i), len(pull.front)
        front = len(own) - 2
        if not lead or not front:
            return []
        found = Diagonals(graph).twins(pull.adjoint, lead, lead + front)
        for j, core, is_wanted in zip(self.operands, self.body.ranks(), self.wanted, strict=True):
            shape = shape_of(graph, j)
            missing = front - (len(shape) - core)
            if is_wanted:
                found = [(a, b) for a, b in found if b - lead >= missing and shape[b - lead - missing] == own[b - lead]]
        return found

    def _active(self) -> list[int]:
        """The carries whose adjoints lead to something that is wanted."""
        carries = self.body.carries
        reached = {i for i, w in zip(self.inputs, self.wanted, strict=True) if w}
        while True:
            dependent = self._dependent(reached)
            more = {self.inputs[k] for k in range(carries) if self.outputs[k] in dependent} - reached
            if not more:
                return [k for k in range(carries) if self.inputs[k] in reached]
            reached |= more

    def _dependent(self, reached: set[int]) -> set[int]:
        found = set(reached)
        for i in self.step.cone(self.outputs):
            if self.step.nodes[i][0] > VAR and not found.isdisjoint(self.step.nodes[i][1:]):
                found.add(i)
        return found

    def _seed(self, k: int) -> int | None:
        """The adjoint of an output of the step as a variable, None where it is zero or of no use."""
        carry = k < self.body.carries
        if (carry and k not in self.active) or (not carry and is_zero(self.graph, self.adjoints.after(k))):
            return None
        shape = shape_of(self.step, self.outputs[k])
        return self.step.var(Variable(f"m{k}", ("adjoint", shape, str(k)), shape=shape))

    def _slots(self) -> list[_Slot]:
        """All that the adjoint of a step may read, but for that of the carry."""
        body = self.body
        found = [_Slot(i, self.rows.before(k)) for k, i in enumerate(self.inputs[: body.carries])]
        rows = slice(body.carries, body.carries + body.sequences)
        found += map(_Slot, self.inputs[rows], self.operands[rows])
        known = {slot.node for slot in found}
        for k, i in enumerate(self.outputs):
            if self.step.nodes[i][0] > VAR and i not in known:
                known.add(i)
                found.append(_Slot(i, self.rows.after(k)))
            seed = self.seeds[k]
            if seed is not None and k >= body.carries:
                found.append(_Slot(seed, self.adjoints.after(k)))
        return found

    # -- one step back ---------------------------------------------------------------------------

    def contributions(self) -> list[tuple[int, int]]:
        step, body = self.step, self.body
        through = [i for k, i in enumerate(self.inputs) if k in self.active or self.wanted[k]]
        found = dict(zip(through, self._swept(through), strict=True))
        carried = [(k, self._total(k, found[self.inputs[k]])) for k in self.active]
        later = [
            (j, d)
            for j in range(body.carries, len(self.inputs))
            if self.wanted[j] and (d := found[self.inputs[j]]) is not None
        ]
        entries = sum(_entries(shape_of(step, d)) for _, d in later)
        if self.loop.checkpoint:
            return self._accumulated(carried, later)
        if entries <= SCAN_ENTRIES:
            return self._beside(carried, later)
        return self._afterwards(carried, later)

    def _swept(self, through: Sequence[int]) -> list[int | None]:
        """The adjoints of inputs of the step, by one sweep from the product of its outputs with their adjoints."""
        step = self.step
        terms = []
        for i, seed in zip(self.outputs, self.seeds, strict=True):
            if seed is not None:
                labels = fresh(len(shape_of(step, i)))
                terms.append(contract(step, [(seed, labels), (i, labels)], ()))
        if not terms:
            return [None] * len(through)
        total = terms[0] if len(terms) == 1 else add(step, terms, ())
        return self.pull.sweep(step, total, step.const(1), (), through)

    def _total(self, k: int, through: int | None) -> int:
        """The adjoint of a carry before a step: what came through it, and that of the row."""
        step, shape = self.step, shape_of(self.step, self.inputs[k])
        terms = [] if through is None else [through]
        rows = self.adjoints.before(k)
        if not is_zero(self.graph, rows):
            own = step.var(Variable(f"g{k}", ("adjoint", shape, f"of row {k}"), shape=shape))
            self.slots.append(_Slot(own, rows))
            terms.append(own)
        if not terms:
            return zeros(step, shape) if shape else step.const(0)
        return terms[0] if len(terms) == 1 else add(step, terms, shape)

    def _looped(
        self, carried: Sequence[int], starts: Sequence[int], carries: Sequence[int], beside: Sequence[int]
    ) -> Rows:
        """The rows of the scan backwards: new carries of the old ones, and what else a step gives."""
        first = self.body.carries + self.body.sequences
        fixed = self.inputs[first:]
        made, kept, same = enclosed(self.step, [*carries, *beside], carried, [slot.node for slot in self.slots], fixed)
        turned = [self._backwards(self.slots[k]) for k in kept]
        outer = dict(zip(fixed, self.operands[first:], strict=True))
        operands = [*starts, *turned, *copied(self.graph, self.step, same, outer)]
        loop = Loop(made, self.loop.length, self.loop.checkpoint)
        return Rows(self.graph, iterated(self.graph, loop, operands), made, self.loop.length)

    def _backwards(self, slot: _Slot) -> int:
        axis = len(shape_of(self.graph, slot.rows)) - len(shape_of(self.step, slot.node)) - 1
        return filters.backwards(self.graph, slot.rows, axis)

    def _seeds_of(self, carried: Sequence[tuple[int, int]]) -> list[int]:
        return [int(self.seeds[k]) for k, _ in carried]  # type: ignore[arg-type]  # active ones have a seed

    def _starts(self, carried: Sequence[tuple[int, int]]) -> list[int]:
        return [self.adjoints.last(k) for k, _ in carried]

    # -- the adjoints of what is not the carry -------------------------------------------------------

    def _beside(self, carried: Sequence[tuple[int, int]], later: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        """As further results of each step."""
        rows = self._looped(
            self._seeds_of(carried), self._starts(carried), [d for _, d in carried], [d for _, d in later]
        )
        found = self._of_carries(carried, rows)
        for m, (j, _) in enumerate(later, len(carried)):
            found.append((self.operands[j], self._reduced(j, rows.after(m, backwards=True))))
        return found

    def _accumulated(
        self, carried: Sequence[tuple[int, int]], later: Sequence[tuple[int, int]]
    ) -> list[tuple[int, int]]:
        """As sums that are carried along, of what is the same in every step: no step's own part is kept."""
        step, first = self.step, self.body.carries + self.body.sequences
        summed = [(j, d) for j, d in later if j >= first]
        seeds, starts, ends = self._seeds_of(carried), self._starts(carried), [d for _, d in carried]
        for j, d in summed:
            shape = shape_of(step, d)
            so_far = step.var(Variable(f"s{j}", ("adjoint", shape, f"so far {j}"), shape=shape))
            seeds.append(so_far)
            starts.append(zeros(self.graph, shape) if shape else self.graph.const(0))
            ends.append(add(step, [so_far, d], shape))
        single = [(j, d) for j, d in later if j < first]
        rows = self._looped(seeds, starts, ends, [d for _, d in single])
        found = self._of_carries(carried, rows)
        for m, (j, _) in enumerate(summed, len(carried)):
            found.append((self.operands[j], self._reduced(j, rows.last(m), summed=False)))
        for m, (j, _) in enumerate(single, len(seeds)):
            found.append((self.operands[j], self._reduced(j, rows.after(m, backwards=True))))
        return found

    def _afterwards(
        self, carried: Sequence[tuple[int, int]], later: Sequence[tuple[int, int]]
    ) -> list[tuple[int, int]]:
        """For all steps at once, when the adjoints of the carry are there."""
        seeds = self._seeds_of(carried)
        rows = self._looped(seeds, self._starts(carried), [d for _, d in carried], [])
        for m, seed in enumerate(seeds):
            self.slots.append(_Slot(seed, rows.before(m, backwards=True)))
        found = self._of_carries(carried, rows)
        for (j, _), d in zip(later, self._at_once([d for _, d in later]), strict=True):
            found.append((self.operands[j], self._reduced(j, d)))
        return found

    def _at_once(self, steps: Sequence[int]) -> list[int]:
        """Nodes of one step as nodes of all steps, behind the axes in front: one axis after the other is put in."""
        graph = self.graph
        front = (*self.pull.front, *self.rows.front)
        first = self.body.carries + self.body.sequences
        slots = [*self.slots, *map(_Slot, self.inputs[first:], self.operands[first:])]
        stand: dict[int, int] = {}
        axes: dict[int, list[Size | None]] = {}
        whole: dict[int, int] = {}
        for k, (node, rows) in enumerate(slots):
            steps_in = k < len(self.slots)
            core = len(shape_of(self.step, node)) + steps_in
            lead = shape_of(graph, rows)[: len(shape_of(graph, rows)) - core]
            aligned = [None] * (len(front) - len(lead)) + [
                None if n == 1 != f else n for n, f in zip(lead, front[len(front) - len(lead) :], strict=True)
            ]
            axes[node] = [self.loop.length if steps_in else None, *reversed(aligned)]
            whole[node] = _without(
                graph, rows, [k for k, n in enumerate(lead) if aligned[len(front) - len(lead) + k] is None]
            )
            bare = all(n is None for n in axes[node])
            stand[node] = whole[node] if bare else self._stand_in(node, 0)
        roots = copied(graph, self.step, steps, stand)
        for stage, size in enumerate([self.loop.length, *reversed(front)]):
            entered = {}
            for node, sizes in axes.items():
                if sizes[stage] is not None:
                    last = all(n is None for n in sizes[stage + 1 :])
                    shape = (size, *shape_of(graph, stand[node]))
                    now = whole[node] if last else self._stand_in(node, stage + 1, shape)
                    entered[stand[node]] = stand[node] = now
            roots = batch(graph, roots, entered, size)
        return roots

    def _stand_in(self, node: int, stage: int, shape: Shape | None = None) -> int:
        """A variable in the place of what changes from step to step."""
        shape = shape_of(self.step, node) if shape is None else shape
        kind = "int" if is_whole(self.step, node) else ""
        key = ("step", shape, f"{self.body.key} {node} {stage}")
        return self.graph.var(Variable("step", key, shape=shape, kind=kind))

    # -- as operands have them -----------------------------------------------------------------------

    def _of_carries(self, carried: Sequence[tuple[int, int]], rows: Rows) -> list[tuple[int, int]]:
        return [
            (self.operands[k], self._reduced(k, rows.last(m), summed=False))
            for m, (k, _) in enumerate(carried)
            if self.wanted[k]
        ]

    def _reduced(self, j: int, d: int, summed: bool | None = None) -> int:
        """An adjoint summed over the steps, where an operand is the same in all, and over axes in front it lacks."""
        pull, graph = self.pull, self.graph
        summed = j >= self.body.carries + self.body.sequences if summed is None else summed
        core = self.body.ranks()[j]
        shape = shape_of(graph, self.operands[j])
        lead, front = shape[: len(shape) - core], shape_of(graph, pull.i)[:-2]
        given, own = fresh(len(front)), fresh(core)
        steps = fresh(1) if summed else ()
        target: list[Any] = []
        for n, f, label in zip(lead, front[len(front) - len(lead) :], given[len(front) - len(lead) :], strict=True):
            label = label if n == f else fresh(1)[0]
            pull.sizes[label] = n
            target.append(label)
        whole = list(pull.lead)
        for a, b in self.twins:
            whole.insert(a, given[b - len(pull.lead) - len(self.twins)])
        return product(graph, [(d, (*pull.lead, *given, *steps, *own))], (*whole, *target, *own), pull.sizes)


def _along_rows(pull: Pullback, pairs: Twins) -> Pullback:
    """A pullback of the entries of one row, for all rows at once."""
    dropped = {a for a, _ in pairs}
    front = tuple([n for k, n in enumerate(pull.front) if k not in dropped])
    adjoint = Diagonals(pull.graph).diagonal(pull.adjoint, pairs)
    return Pullback(pull.graph, pull.rules, pull.i, adjoint, front, pull.sweep)


def _without(graph: Graph, i: int, axes: Sequence[int]) -> int:
    """An array without axes of size 1 that broadcast."""
    shape = shape_of(graph, i)
    return take(graph, i, tuple([0 if k in axes else Range(0, n) for k, n in enumerate(shape)])) if axes else i


def _entries(shape: Shape) -> float:
    """How many entries an array has, more than any limit where that is not known."""
    count = 1.0
    for n in shape:
        count *= n if isinstance(n, int) else float("inf")
    return count
