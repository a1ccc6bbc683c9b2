"""Programs as stages over flat memory, which languages with loops write one by one.

Nodes of a graph become straight-line code (scalars), loops over entries (operations entry by entry), products summed
over labels, and a few routines. Transposes, broadcasts, blocks and index arrays are views: offsets for each axis, known
as numbers, that cost nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate, pairwise
from math import prod
from typing import Any, NamedTuple

import numpy as np

from symdiff import ops
from symdiff.array_constants import is_sparse
from symdiff.arrays.contraction_paths import contraction_path
from symdiff.compile.kernel import Options
from symdiff.compile.lower import lower
from symdiff.compile.tape import Tape, tape_of
from symdiff.errors import SymdiffValueError
from symdiff.graph import CONST, STATIC, VAR, Graph
from symdiff.index_labels import Labels
from symdiff.keys import Key, Paired, Range
from symdiff.ops import arrays
from symdiff.records import FIRST_ARRAY_CODE, record
from symdiff.shapes import bound, shown

INPUT, OUTPUT, WORK, CONSTANT, LOCAL = "input", "output", "work", "constant", "local"
MOST = 2**31 - 1  # entries of an array: indices are ints
_MUL, _DIV = ops.mul.opcode, ops.div.opcode
Axis = Any  # a stride, or the offsets of all places


class Buffer:
    """Memory of so many numbers: an input, an output, a part of the workspace, constants, or a local number."""

    def __init__(self, kind: str, number: int, size: int, data: Any = None) -> None:
        self.kind, self.number, self.size, self.data = kind, number, size, data
        self.start = 0  # place in the workspace


class View(NamedTuple):
    """An array in a buffer: where it starts, and for each axis a stride, or the offsets of its places one by one."""

    buffer: Buffer
    offset: int
    axes: tuple[Axis, ...]
    shape: tuple[int, ...]
    lead: tuple[tuple[Axis, str, int], ...] = ()  # axes in front that loops are at: how they step, their name and size

    @property
    def contiguous(self) -> bool:
        """Whether entries lie behind one another, row by row."""
        return all(n == 1 or a == s for a, s, n in zip(self.axes, strides(self.shape), self.shape, strict=True))


class Number(NamedTuple):
    """A constant."""

    value: Any


Value = Any  # a View or a Number


class Straight(NamedTuple):
    """A lowered tape run once, or for every entry of a shape."""

    shape: tuple[int, ...]
    tape: Tape
    reads: list[View]
    writes: list[tuple[int, View]]  # result of the tape, and where it goes
    names: dict[int, str]  # names of slots


class Product(NamedTuple):
    """A product of factors, over those that divide it, summed over the labels that the result lacks."""

    target: View
    labels: str
    factors: list[tuple[str, Value, bool]]  # labels, value, whether it divides
    sizes: dict[str, int]


class Copy(NamedTuple):
    """A value put into a view, or added to what is there; a number fills it."""

    target: View
    source: Value
    adds: bool = False


class Routine(NamedTuple):
    """An operation on whole arrays: a reduction, a factorisation, …"""

    name: str
    parameters: Any
    target: View
    sources: list[Value]
    scratch: list[View]


class Program:
    """Stages in order, with the buffers that they use."""

    def __init__(self, stages: list[Any], inputs: list[Buffer], outputs: list[Buffer], work: list[Buffer]) -> None:
        self.stages, self.inputs, self.outputs, self.parts = stages, inputs, outputs, work
        self.work = placed(stages, work)


def strides(shape: Sequence[int]) -> tuple[int, ...]:
    """The strides of an array whose entries lie row by row."""
    return tuple([*accumulate([1, *[max(n, 1) for n in shape[:0:-1]]], lambda a, b: a * b)][::-1]) if shape else ()


def whole(buffer: Buffer, offset: int, shape: tuple[int, ...], columns: bool = False) -> View:
    """An array in a buffer, row by row or column by column."""
    return View(buffer, offset, strides(shape[::-1])[::-1] if columns else strides(shape), shape)


def views_in(stage: Any) -> list[View]:
    """The views that a stage reads or writes."""
    if isinstance(stage, Straight):
        return [*stage.reads, *[view for _, view in stage.writes]]
    if isinstance(stage, Product):
        return [stage.target, *[v for _, v, _ in stage.factors if isinstance(v, View)]]
    sources = [stage.source] if isinstance(stage, Copy) else [*stage.sources, *stage.scratch]
    return [stage.target, *[v for v in sources if isinstance(v, View)]]


def placed(stages: Sequence[Any], parts: Sequence[Buffer]) -> int:
    """Give parts of the workspace their places, where they are not needed at once the same; how much it is."""
    first: dict[Buffer, int] = {}
    last: dict[Buffer, int] = {}
    for k, stage in enumerate(stages):
        for view in views_in(stage):
            first.setdefault(view.buffer, k)
            last[view.buffer] = k
    free: list[tuple[int, int]] = [(0, 1 << 62)]  # gaps as (start, stop)
    ends: dict[int, list[Buffer]] = {}
    starts: dict[int, list[Buffer]] = {}
    for part in parts:
        if part in first:
            starts.setdefault(first[part], []).append(part)
            ends.setdefault(last[part], []).append(part)
    most = 0
    for k in range(len(stages)):
        for part in starts.get(k, ()):
            at = next(n for n, (a, b) in enumerate(free) if b - a >= part.size)
            a, b = free[at]
            part.start = a
            free[at : at + 1] = [(a + part.size, b)] if b > a + part.size else []
            most = max(most, a + part.size)
        for part in ends.get(k, ()):
            free = _merged([*free, (part.start, part.start + part.size)])
    return most


def _merged(gaps: list[tuple[int, int]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for a, b in sorted(gaps):
        if a == b:
            continue
        if found and found[-1][1] == a:
            found[-1] = (found[-1][0], b)
        else:
            found.append((a, b))
    return found


# -- making them ---------------------------------------------------------------------------


class Making:
    """The program of the cone of some roots of a graph in the making.

    `places` are where the variables are, by node; `targets` for each result the output and its place there. Arrays lie
    row by row, or with `columns` column by column.
    """

    def __init__(
        self, graph: Graph, cone: list[int], roots: Sequence[int], places: Mapping[int, View],
        targets: Sequence[tuple[Buffer, int]], sizes: Mapping[str, int], options: Options, columns: bool = False,
    ) -> None:  # fmt: skip
        self.columns = columns
        self.graph, self.roots, self.sizes, self.options = graph, list(roots), sizes, options
        self.cone = cone
        self.values: dict[int, Value] = dict(places)
        self.stages: list[Any] = []
        self.parts: list[Buffer] = []
        self.locals = 0
        self.constants = 0
        self.shapes = {i: bound(graph.shapes[i], sizes) for i in self.cone if i in graph.shapes}
        self.targets = list(targets)
        self.wanted: dict[int, list[View]] = {}
        for root, (buffer, offset) in zip(self.roots, targets, strict=True):
            self.wanted.setdefault(root, []).append(whole(buffer, offset, self.shape(root), columns))
        self.names = graph.notes_in(self.cone)

    def shape(self, i: int) -> tuple[int, ...]:
        """The shape of a node in numbers."""
        return self.shapes.get(i, ())

    def run(self) -> list[Any]:
        """All stages."""
        nodes = self.graph.nodes
        if not self.graph.shapes and all(nodes[i][0] < FIRST_ARRAY_CODE for i in self.cone):
            return [self._numbers()]
        for i in self.cone:
            if nodes[i][0] == CONST:
                self.values[i] = self._constant(i)
        self._arrange()
        for _, members in sorted(self.order.items()):
            scalars = [i for i in members if self._is_elementwise(i) and i not in self.shapes]
            if scalars:
                self._scalars(scalars)
                continue
            for i in members:
                self._array_node(i)
        for root, views in self.wanted.items():
            for view in views:
                self.stages.append(Copy(view, self.values[root]))
        return self.stages

    def _numbers(self) -> Straight:
        """The one stage of a program without arrays."""
        inputs = list(self.values)
        tape = tape_of(self.graph, [*self.roots, *self.names], inputs)
        count = len(self.roots)
        lowered = lower(tape, self.options, [True] * count + [False] * len(self.names))
        names = dict(zip(lowered.outputs[count:], self.names.values(), strict=True))
        lowered = Tape(lowered.arity, lowered.constants, lowered.codes, lowered.operands, lowered.outputs[:count])
        writes = [(slot, whole(*place, ())) for slot, place in zip(lowered.outputs, self.targets, strict=True)]
        return Straight((), lowered, [self.values[i] for i in inputs], writes, names)

    def _constant(self, i: int) -> Value:
        value = self.graph.leaves[i]
        if i not in self.graph.shapes:
            return Number(value)
        data = value.toarray() if is_sparse(value) else np.asarray(value)
        if data.dtype.kind == "c":
            raise SymdiffValueError("generated code is real: it can't hold complex arrays")
        self._check(data.size)
        data = data.astype(np.float64)
        buffer = Buffer(CONSTANT, self.constants, data.size, data.T if self.columns else data)
        self.constants += 1
        return whole(buffer, 0, data.shape, self.columns)

    def _check(self, size: int) -> None:
        if size > MOST:
            raise SymdiffValueError(f"an array of {size:,} entries is more than generated code has indices for")

    # -- the order -----------------------------------------------------------------------

    def _is_elementwise(self, i: int) -> bool:
        """Whether a node acts entry by entry: a product of numbers and arrays of one order of labels too."""
        node = self.graph.nodes[i]
        if node[0] != arrays.einsum.opcode:
            return bool(VAR < node[0] < FIRST_ARRAY_CODE)
        labels = self.graph.leaves[node[1]]
        plain = len({*labels.result}) == len(labels.result) and len(labels.factors) > 1
        return plain and labels.result in labels.factors and {*labels.factors} <= {"", labels.result}

    def _divided(self, i: int) -> list[tuple[int, bool]]:
        """The factors of a product, and whether it is divided by them: by what a reciprocal is of, without a sum."""
        node = self.graph.nodes[i]
        labels: Labels = self.graph.leaves[node[1]]
        nodes = self.graph.nodes
        found = [
            (nodes[j][2], True)
            if not labels.summed and nodes[j][0] == _DIV and self._is_one(nodes[j][1])
            else (j, False)
            for j in node[2:]
        ]
        return found if any(not divides for _, divides in found) else [(j, False) for j in node[2:]]

    def _operands(self, i: int) -> list[int]:
        nodes = self.graph.nodes
        if nodes[i][0] == arrays.einsum.opcode:
            return [j for j, _ in self._divided(i)]
        return [j for j in nodes[i][1:] if nodes[j][0] != STATIC]

    def _arrange(self) -> None:
        """Say which nodes are in one loop, and which stage is when: levels of scalars are even, of arrays odd."""
        nodes = self.graph.nodes
        operands = {i: self._operands(i) for i in self.cone if nodes[i][0] > VAR}
        self.operands = operands
        needed = set(self.wanted)
        for i in reversed(operands):
            if i in needed:
                needed.update(operands[i])
        inner = [i for i in operands if i in needed]
        users: dict[int, list[int]] = {}
        for i in inner:
            for j in operands[i]:
                users.setdefault(j, []).append(i)
        self.users = users
        self.loops: dict[int, int] = {}  # node of a loop over entries to the last one of it
        for i in reversed(inner):
            if self._is_elementwise(i) and i in self.shapes:
                ends = {self.loops.get(u, -1) for u in users.get(i, ())}
                alone = len(ends) != 1 or -1 in ends or i in self.wanted
                end = i if alone else ends.pop()
                self.loops[i] = end if self.shapes[end] == self.shapes[i] else i
        self.members: dict[int, list[int]] = {}
        for i in inner:
            if i in self.loops:
                self.members.setdefault(self.loops[i], []).append(i)
        levels: dict[int, int] = {}
        self.order: dict[int, list[int]] = {}
        for i in inner:
            below = max([levels.get(j, -1) for j in operands[i]], default=-1)  # -1 of what is given
            levels[i] = below
            if self._is_view(i):
                levels[i] = below + 1 - below % 2 if below >= 0 else -1
                self.order.setdefault(levels[i], []).append(i)
            elif self.loops.get(i, i) == i:
                scalar = self._is_elementwise(i) and i not in self.shapes
                level = max(below, 0)
                levels[i] = level + (level % 2 if scalar else 1 - level % 2)
                self.order.setdefault(levels[i], []).append(i)

    def _is_view(self, i: int) -> bool:
        """Whether a node is a view of its operand, or a number that is known."""
        node = self.graph.nodes[i]
        op = record(node[0])
        if op is arrays.size or op is arrays.take:
            return True
        if op is arrays.einsum:
            labels = self.graph.leaves[node[1]]
            return len(labels.factors) == 1 and not labels.summed and len({*labels.result}) == len(labels.result)
        return False

    # -- scalars and loops ---------------------------------------------------------------

    def _scalars(self, members: Sequence[int]) -> None:
        own = set(members)
        last = [i for i in members if i in self.wanted or any(u not in own for u in self.users.get(i, ()))]
        writes = []
        for i in last:
            views = self.wanted.pop(i, [])
            if any(u not in own for u in self.users.get(i, ())):
                self.values[i] = views[0] if views else self._local()
            if not views:
                views = [self.values[i]]
            self.values.setdefault(i, views[0])
            writes.append((i, views))
        self._straight((), members, writes)

    def _local(self) -> View:
        buffer = Buffer(LOCAL, self.locals, 1)
        self.locals += 1
        return whole(buffer, 0, ())

    def _straight(
        self, shape: tuple[int, ...], members: Sequence[int], writes: Sequence[tuple[int, list[View]]]
    ) -> None:
        """The stage of nodes that act entry by entry."""
        nodes = self.graph.nodes
        own = set(members)
        outside = dict.fromkeys(j for i in members for j in self.operands[i] if j not in own)
        reads = [j for j in outside if isinstance(self.values[j], View)]
        held = [j for j in outside if isinstance(self.values[j], Number)]
        slot = {j: k for k, j in enumerate([*reads, *held])}
        codes: list[int] = []
        operands: list[tuple[int, ...]] = []
        base = len(slot)
        negative = {slot[j] for j in held if type(self.values[j].value) in (int, float) and self.values[j].value == -1}
        for i in members:
            op = record(nodes[i][0])
            if op is arrays.einsum:
                above, below = [[slot[j] for j, d in self._divided(i) if d == side] for side in (False, True)]
                minus = [s for s in above if s in negative][:1]
                if minus and len(above) > 1:
                    above.remove(minus[0])
                    codes.append(ops.neg.opcode)
                    operands.append((above[0],))
                    above[0] = base + len(codes) - 1
                for code, slots in ((_MUL, above[1:]), (_DIV, below)):
                    for other in slots:
                        codes.append(code)
                        operands.append((above[0], other))
                        above[0] = base + len(codes) - 1
                slot[i] = above[0]
                continue
            slots = [slot[j] for j in nodes[i][1:]]
            while len(slots) > op.arity and not op.variadic:
                codes.append(op.opcode)
                operands.append(tuple(slots[:2]))
                slots[:2] = [base + len(codes) - 1]
            codes.append(op.opcode)
            operands.append(tuple(slots))
            slot[i] = base + len(codes) - 1
        named = [i for i in members if i in self.names]
        results = [slot[i] for i, _ in writes]
        constants = tuple([self.values[j].value for j in held])
        outputs = (*results, *[slot[i] for i in named])
        tape = Tape(len(reads), constants, tuple(codes), tuple(operands), outputs)
        lowered = lower(tape, self.options, [True] * len(results) + [False] * len(named))
        count = len(results)
        names = {j: self.names[i] for j, i in zip(lowered.outputs[count:], named, strict=True)}
        lowered = Tape(lowered.arity, lowered.constants, lowered.codes, lowered.operands, lowered.outputs[:count])
        goes = [(lowered.outputs[k], view) for k, (_, views) in enumerate(writes) for view in views]
        self.stages.append(Straight(shape, lowered, [self.values[j] for j in reads], goes, names))

    # -- arrays ---------------------------------------------------------------------------

    def _target(self, i: int) -> View:
        """Where the value of a node goes: to an output where it is one, else into the workspace."""
        views = self.wanted.get(i, [])
        if views:
            view = views.pop(0)
            if not views:
                del self.wanted[i]
        elif self.shape(i):
            view = self._part(self.shape(i))
        else:
            view = self._local()
        self.values[i] = view
        return view

    def _part(self, shape: tuple[int, ...]) -> View:
        size = prod(shape)
        self._check(size)
        buffer = Buffer(WORK, len(self.parts), max(size, 1))
        self.parts.append(buffer)
        return whole(buffer, 0, shape, self.columns)

    def _array_node(self, i: int) -> None:
        node = self.graph.nodes[i]
        if i in self.loops:
            self._straight(self.shape(i), self.members[i], [(i, [self._target(i)])])
            return
        op = record(node[0])
        if op is arrays.einsum:
            self._product(i)
        elif op is arrays.take:
            self.values[i] = self._taken(self.values[node[2]], self.graph.leaves[node[1]])
        elif op is arrays.size:
            self.values[i] = Number(bound((self.graph.leaves[node[1]],), self.sizes)[0])
        elif op is arrays.reshape:
            self._reshaped(i)
        elif op is arrays.put:
            self._put(i)
        else:
            self._routine(i)

    def _taken(self, source: View, key: Key) -> View:
        """The view that a key takes of another."""
        offset, axes, shape = source.offset, [], []  # type: int, list[Any], list[int]
        paired = -1
        for place, axis, n in zip(key, source.axes, source.shape, strict=True):
            if isinstance(place, int):
                if not -n <= place < n:
                    raise SymdiffValueError(f"there is no place {place} in an array of shape {shown(source.shape)}")
                offset += _at(axis, place % n if place < 0 else place)
                continue
            if isinstance(place, Range):
                count = bound((place.count,), self.sizes)[0]
                start = place.start + n if place.start < 0 else place.start
                steps: Any = range(start, start + count * place.step, place.step) if count else range(0)
            else:
                steps = [p % n if p < 0 else p for p in place.at]
            if any(not 0 <= p < n for p in (steps if not isinstance(steps, range) else [*steps[:1], *steps[-1:]])):
                raise SymdiffValueError(f"there is no such place in an array of shape {shown(source.shape)}")
            places = [_at(axis, p) for p in steps]
            if isinstance(place, Paired) and paired >= 0:
                axes[paired] = [a + b for a, b in zip(axes[paired], places, strict=True)]
                continue
            if isinstance(place, Paired):
                paired = len(axes)
            axes.append(places)
            shape.append(len(places))
        found = [_affine(places) for places in axes]
        offset += sum(start for start, _ in found)
        return View(source.buffer, offset, tuple([axis for _, axis in found]), tuple(shape))

    def _reshaped(self, i: int) -> None:
        source = self.values[self.graph.nodes[i][2]]
        if not source.contiguous:
            made = self._part(source.shape)
            made = whole(made.buffer, 0, made.shape)
            self.stages.append(Copy(made, source))
            source = made
        self.values[i] = whole(source.buffer, source.offset, self.shape(i))

    def _put(self, i: int) -> None:
        node = self.graph.nodes[i]
        where = self.graph.leaves[node[1]]
        target = self._target(i)
        self.stages.append(Copy(target, Number(0.0)))
        for j, key in zip(node[2:], where.keys, strict=True):
            self.stages.append(Copy(self._taken(target, key), self.values[j], adds=True))

    def _product(self, i: int) -> None:
        node = self.graph.nodes[i]
        labels: Labels = self.graph.leaves[node[1]]
        sizes = {label: bound((size,), self.sizes)[0] for label, size in labels.free}
        for names, j in zip(labels.factors, node[2:], strict=True):
            sizes.update(zip(names, self.shape(j), strict=True) if names else ())
        if self._is_view(i):
            self.values[i] = self._spread(self.values[node[2]], labels, sizes)
            return
        both = zip(labels.factors, self._divided(i), strict=True)
        factors = [(names, self.values[j], divides) for names, (j, divides) in both]
        target = self._target(i)
        distinct = "".join(dict.fromkeys(labels.result))
        if distinct != labels.result:
            self.stages.append(Copy(target, Number(0.0)))
            axes = [sum(a for a, k in zip(target.axes, labels.result, strict=True) if k == d) for d in distinct]
            target = View(target.buffer, target.offset, tuple(axes), tuple([sizes[k] for k in distinct]))
        self._contract(target, distinct, factors, sizes)

    def _is_one(self, j: int) -> bool:
        one = self.graph.leaves.get(j)
        return type(one) in (int, float) and one == 1

    def _contract(
        self, target: View, result: str, factors: list[tuple[str, Value, bool]], sizes: dict[str, int]
    ) -> None:
        """A product, pair by pair where there are more than two factors with labels."""
        shaped = [names for names, _, _ in factors if names]
        held = {k for names in shaped for k in names}
        if len(shaped) > 2 and not held <= set(result):
            steps = contraction_path([names for names, _, _ in factors], result, sizes)
            known = dict(enumerate(factors))
            for made, step in enumerate(steps[:-1], start=len(factors)):
                part = self._part(tuple([sizes[k] for k in step.labels]))
                pair = [known.pop(step.left), known.pop(step.right)]
                self.stages.append(Product(part, step.labels, pair, sizes))
                known[made] = (step.labels, part, False)
            factors = list(known.values())
        self.stages.append(Product(target, result, factors, sizes))

    def _spread(self, source: Value, labels: Labels, sizes: Mapping[str, int]) -> Value:
        """A transpose, a diagonal or a broadcast of an array as a view."""
        shape = tuple([sizes[k] for k in labels.result])
        if isinstance(source, Number):
            if not shape:
                return source
            buffer = Buffer(CONSTANT, self.constants, 1, np.array([float(source.value)]))
            self.constants += 1
            return View(buffer, 0, (0,) * len(shape), shape)
        axes: dict[str, Axis] = {}
        for label, axis in zip(labels.factors[0], source.axes, strict=True):
            axes[label] = _joined(axes[label], axis, sizes[label]) if label in axes else axis
        return View(source.buffer, source.offset, tuple([axes.get(k, 0) for k in labels.result]), shape)

    def _routine(self, i: int) -> None:
        node = self.graph.nodes[i]
        op = record(node[0])
        parameters = self.graph.leaves[node[1]] if op.parameters else None  # type: ignore[attr-defined]
        sources = [self.values[j] for j in node[1 + bool(parameters is not None) :]]
        target = self._target(i)
        scratch = []
        if op in SQUARE:
            scratch.append(self._part(sources[0].shape))
        self.stages.append(Routine(op.name, parameters, target, sources, scratch))


SQUARE = (arrays.inv, arrays.solve, arrays.det, arrays.logdet, arrays.det_sign, arrays.log_abs_det)  # need a copy


def _at(axis: Axis, place: int) -> int:
    return int(axis[place] if isinstance(axis, tuple) else axis * place)


def _affine(places: Sequence[int]) -> tuple[int, Axis]:
    """Offsets as a start and a stride, or as they are where they are not evenly apart."""
    if len(places) < 2:
        return (places[0], 0) if places else (0, 0)
    step = places[1] - places[0]
    if all(b - a == step for a, b in pairwise(places)):
        return places[0], step
    return 0, tuple(places)


def _joined(a: Axis, b: Axis, n: int) -> Axis:
    """The axis along two axes at once."""
    if not isinstance(a, tuple) and not isinstance(b, tuple):
        return a + b
    return tuple([_at(a, k) + _at(b, k) for k in range(n)])
