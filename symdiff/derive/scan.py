"""`sd.scan`: a recurrence written for one step, over all steps: written out where it is short, else one node."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from symdiff import ops
from symdiff.array_functions import concatenate, described, operands
from symdiff.arrays import indexing
from symdiff.arrays.contraction import zeros
from symdiff.arrays.enclosing import copied, enclosed
from symdiff.arrays.index_arrays import is_whole
from symdiff.arrays.reading import shape_of
from symdiff.arrays.scans import Rows, iterated
from symdiff.build import build
from symdiff.errors import SymdiffError, SymdiffTypeError, SymdiffValueError
from symdiff.graph import Graph, Variable
from symdiff.handle import Handle, handle, is_array
from symdiff.keys import Range
from symdiff.loop_body import Loop
from symdiff.modes.budgets import SCAN_STEPS
from symdiff.ops.arrays import infer
from symdiff.records import OPERATIONS
from symdiff.shapes import Shape, Size, shown
from symdiff.shapes import shape_of as asked

_numbers = itertools.count()


class _Nest:
    """A nesting as a person gave it: its parts in order, and what is made of others in their places.

    Tuples, lists, dictionaries and arrays of expressions are nestings; arrays of numbers are parts, and None is none.
    """

    def __init__(self, given: Any) -> None:
        self.parts: list[Any] = []
        self._given = given
        self._collect(given)

    def _collect(self, item: Any) -> None:  # recursion as deep as a person nests
        inside = _inside(item)
        if inside is not None:
            for one in inside:
                self._collect(one)
        elif item is not None:
            self.parts.append(item)

    def filled(self, parts: Sequence[Any]) -> Any:
        """The same nesting of other parts."""
        rest = iter(parts)

        def fill(item: Any) -> Any:
            inside = _inside(item)
            if inside is None:
                return None if item is None else next(rest)
            made = [fill(one) for one in inside]
            if isinstance(item, Mapping):
                return dict(zip(item, made, strict=True))
            if isinstance(item, np.ndarray):
                found = np.empty(len(made), dtype=object)
                found[:] = made
                return found.reshape(item.shape)
            return type(item)(*made) if hasattr(item, "_fields") else type(item)(made)

        return fill(self._given)

    def outline(self) -> Any:
        """What two nestings of the same make have in common."""

        def of(item: Any) -> Any:
            inside = _inside(item)
            if inside is None:
                return None if item is None else "·"
            kind: Any = item.shape if isinstance(item, np.ndarray) else type(item).__name__
            keys = tuple(item) if isinstance(item, Mapping) else ()
            return (kind, keys, *[of(one) for one in inside])

        return of(self._given)


def _inside(item: Any) -> Sequence[Any] | None:
    """What one level of a nesting holds, None for a part."""
    if isinstance(item, Mapping):
        return list(item.values())
    if isinstance(item, np.ndarray) and item.ndim and not is_array(item):
        return list(item.flat)
    return item if isinstance(item, (list, tuple)) else None


def scan(
    func: Callable[[Any, Any], Any], init: Any, xs: Any = None, *, length: Any = None, checkpoint: bool | int = False
) -> Any:
    """A recurrence: `carry, output = func(carry, x)` for each row x of xs; the last carry, and all outputs.

    `func` is called once, with expressions for a carry and a row. A few steps are written out in the graph; more are
    one node, a loop, whose compiled code runs as one. Its derivatives are loops too, by whatever variable and to any
    order: the tangent of a recurrence is a recurrence, its adjoint one backwards.

    Parameters
    ----------
    func : callable
        `func(carry, x)` gives a pair: the next carry, nested and shaped as the one it got, and an output, any nesting
        of expressions, or None for none. What it holds beside is the same in every step.
    init : expression, number, array, or any nesting of them
        The first carry.
    xs : array expression or array, or any nesting of them; None
        What each step gets a row of, along the first axis. With None `func` gets None.
    length : int or name of a size, optional
        The number of steps, where xs is None.
    checkpoint : bool or int
        The adjoint needs the carry of every step: memory for T rows of all carries and outputs, twice. With
        `checkpoint=True` it keeps about √T carries, and those in between are computed again, one block of √T steps
        at a time, going backwards: one more evaluation. An int is the number of steps in a block. Outputs are kept in
        any case: give None where they are not needed. (Griewank and Walther, *Evaluating Derivatives*, 2nd ed.,
        section 12.2.)

    Returns
    -------
    carry, outputs
        The last carry, nested as `init`, and the outputs of all steps, with an axis of steps in front.

    Raises
    ------
    SymdiffTypeError, SymdiffValueError
        For a `func` that gives no pair, a carry of another nesting or shape, or an output that is no expression, and
        for sequences of different lengths.

    >>> import numpy as np, symdiff as sd
    >>> x, k = sd.Var("x", shape=100), sd.Var("k")
    >>> last, path = sd.scan(lambda y, u: (k*y + u, y**2), 1.0, x)
    >>> path.shape, path.sum().gradient(x).shape
    ((100,), (100,))
    >>> f = sd.compile([last, last.gradient(k)], [x, k])
    >>> np.round(f(np.zeros(100), 1.01), 6)
    array([  2.704814, 267.803349])

    Without rows, so many steps:

    >>> a, b = sd.scan(lambda c, _: ((c[1], c[0] + c[1]), None), (0, 1), length=90)[0]
    >>> a.evaluate({})
    2880067194370816120
    """
    if not callable(func):
        raise SymdiffTypeError(f"scan takes a function of a carry and a row, not {func!r:.60}: sd.scan(func, init, xs)")
    start, rows = _Nest(init), _Nest(xs)
    if not start.parts:
        raise SymdiffValueError("scan needs a first carry: a number, an expression, or a nesting of them")
    graph, nodes = _entered([*start.parts, *rows.parts])
    graph.hold_arrays(infer)
    carries, sequences = nodes[: len(start.parts)], nodes[len(start.parts) :]
    steps = _length(graph, sequences, length)
    if checkpoint:
        return _in_blocks(func, start, rows, graph, carries, sequences, steps, checkpoint)
    return _scanned(func, start, rows, graph, carries, sequences, steps, False)


def _entered(parts: Sequence[Any]) -> tuple[Graph, tuple[int, ...]]:
    try:
        return operands(parts)
    except SymdiffTypeError as error:
        raise SymdiffTypeError(f"scan takes nestings of expressions, numbers and arrays: {error}") from error


def _length(graph: Graph, sequences: Sequence[int], length: Any) -> Size:
    """The number of steps, which all sequences have rows for."""
    given = None if length is None else asked(length)
    if given is not None and len(given) != 1:
        raise SymdiffValueError(f"length is a number of steps, not {length!r}")
    if given is None and not sequences:
        raise SymdiffValueError("scan needs rows or a number of steps: give xs, or length=100")
    found = None if given is None else given[0]
    for k, i in enumerate(sequences):
        shape = shape_of(graph, i)
        if not shape:
            raise SymdiffTypeError(
                f"a row of xs is taken in each step, and {described(graph, i)} is a number, without rows: let the "
                "function hold what is the same in every step"
            )
        if found is None:
            found = shape[0]
        elif shape[0] != found:
            other = "length" if given is not None else described(graph, sequences[0])
            raise SymdiffValueError(
                f"the sequences of a scan are as long as one another: {other} says {found} steps, and "
                f"{described(graph, sequences[k])} has {shape[0]} rows"
            )
    assert found is not None  # holds: there is a length or a sequence
    return found


class _Step:
    """One step traced: the nodes that it starts from and those it ends at, in one graph with what it is run on."""

    def __init__(
        self, func: Callable[[Any, Any], Any], start: _Nest, rows: _Nest, graph: Graph,
        carries: Sequence[int], sequences: Sequence[int],
    ) -> None:  # fmt: skip
        stand = [_placeholder(graph, "carry", shape_of(graph, i)) for i in carries]
        row = [_placeholder(graph, "row", shape_of(graph, i)[1:], is_whole(graph, i)) for i in sequences]
        found = func(start.filled(stand), rows.filled(row))
        if not isinstance(found, tuple) or len(found) != 2:
            raise SymdiffTypeError(
                f"a function that is scanned gives a pair, the next carry and an output, not {found!r:.60}; "
                "write None for no output"
            )
        after, self.output = _Nest(found[0]), _Nest(found[1])
        if after.outline() != start.outline():
            raise SymdiffTypeError(
                f"the carry of a scan keeps its nesting: it began as {_kind(start.outline())}, and the function gave "
                f"{_kind(after.outline())}"
            )
        try:
            self.graph, nodes = operands([*after.parts, *self.output.parts, *stand, *row])
        except SymdiffError as error:
            raise SymdiffTypeError(f"what is scanned gives expressions and numbers, nested: {error}") from error
        count = len(after.parts) + len(self.output.parts)
        ends, rest = [self._number(i) for i in nodes[:count]], nodes[count:]
        self.after, self.outputs = ends[: len(after.parts)], ends[len(after.parts) :]
        self.stand, self.row = rest[: len(stand)], rest[len(stand) :]
        self.carries = self.graph.adopt(graph, carries) if graph is not self.graph else list(carries)
        self.sequences = self.graph.adopt(graph, sequences) if graph is not self.graph else list(sequences)
        for old, new in zip(self.stand, self.after, strict=True):
            before, now = shape_of(self.graph, old), shape_of(self.graph, new)
            if before != now:
                raise SymdiffValueError(
                    f"the carry of a scan keeps its shape: it began with {shown(before)}, and the function gave "
                    f"{shown(now)}; give the first carry the shape of the later ones"
                )

    def _number(self, i: int) -> int:
        """A condition as 1 and 0."""
        graph = self.graph
        code = graph.nodes[i][0]
        if not (code < len(OPERATIONS) and getattr(OPERATIONS[code], "boolean", False)):
            return i
        return build(graph, ops.where.opcode, (i, graph.const(1), graph.const(0)))


def _kind(outline: Any) -> str:
    """A nesting as text."""
    return str(outline).replace("'", "")


def _placeholder(graph: Graph, what: str, shape: Shape, whole: bool = False) -> Handle:
    """A variable that is no other, under a name that nobody gives."""
    cell = Variable(f"{what} of a scan", ("scan", next(_numbers)), shape=shape, kind="int" if whole else "")
    return handle(graph, graph.var(cell))


def _scanned(
    func: Callable[[Any, Any], Any], start: _Nest, rows: _Nest, graph: Graph,
    carries: Sequence[int], sequences: Sequence[int], length: Size, checkpoint: bool,
) -> Any:  # fmt: skip
    step = _Step(func, start, rows, graph, carries, sequences)
    short = isinstance(length, int) and length <= SCAN_STEPS
    last, outputs = _written_out(step, int(length)) if short else _looped(step, length, checkpoint)
    found = [[handle(step.graph, i) for i in nodes] for nodes in (last, outputs)]
    return start.filled(found[0]), step.output.filled(found[1])


def _written_out(step: _Step, length: int) -> tuple[list[int], list[int]]:
    """Every step as nodes of its own."""
    graph, carry = step.graph, step.carries
    made: list[list[int]] = [[] for _ in step.outputs]
    for t in range(length):
        rows = [indexing.take(graph, i, (t, *[Range(0, n) for n in shape_of(graph, i)[1:]])) for i in step.sequences]
        given = dict(zip([*step.stand, *step.row], [*carry, *rows], strict=True))
        found = copied(graph, graph, [*step.after, *step.outputs], given)
        carry = found[: len(carry)]
        for k, i in enumerate(found[len(carry) :]):
            made[k].append(i)
    stacked = []
    for i, items in zip(step.outputs, made, strict=True):
        shape = (length, *shape_of(graph, i))
        stacked.append(indexing.stack(graph, items, shape) if items else zeros(graph, shape))
    return carry, stacked


def _looped(step: _Step, length: Size, checkpoint: bool) -> tuple[list[int], list[int]]:
    """All steps as one node; outputs that are carries are read there."""
    graph = step.graph
    known = {i: ("after", k) for k, i in enumerate(step.after)}
    known.update({i: ("before", k) for k, i in enumerate(step.stand)})
    own = list(dict.fromkeys([i for i in step.outputs if i not in known]))
    known.update({i: ("after", len(step.after) + k) for k, i in enumerate(own)})
    body, kept, fixed = enclosed(graph, [*step.after, *own], step.stand, step.row)
    given = [*step.carries, *[step.sequences[k] for k in kept], *fixed]
    rows = Rows(graph, iterated(graph, Loop(body, length, checkpoint), given), body, length)
    ends = [rows.last(k) for k in range(len(step.after))]
    return ends, [getattr(rows, known[i][0])(known[i][1]) for i in step.outputs]


def _in_blocks(
    func: Callable[[Any, Any], Any], start: _Nest, rows: _Nest, graph: Graph,
    carries: Sequence[int], sequences: Sequence[int], length: Size, checkpoint: bool | int,
) -> Any:  # fmt: skip
    """A scan over blocks of steps, each a scan, whose carries are computed again for the adjoint; then the rest."""
    if isinstance(length, str):
        raise SymdiffValueError(f"checkpoint needs a number of steps, not the size {length}")
    size = math.isqrt(max(length - 1, 0)) + 1 if checkpoint is True else checkpoint
    if not isinstance(size, int) or size < 1:
        raise SymdiffValueError(f"checkpoint is True, or the number of steps in a block, not {checkpoint!r}")
    blocks, whole = length // size, length // size * size

    def of_block(carry: Any, block: Any) -> Any:
        return scan(func, carry, block, length=size)

    cut = [_part(graph, i, 0, whole) for i in sequences]
    shaped = [indexing.reshape(graph, i, (blocks, size, *shape_of(graph, i)[1:])) for i in cut]
    carry, outputs = _scanned(of_block, start, rows, graph, carries, shaped, blocks, True)
    done = _Nest(outputs)
    flat = [part.reshape((whole, *part.shape[2:])) for part in done.parts]
    if whole == length:
        return carry, done.filled(flat)
    rest = rows.filled([handle(graph, _part(graph, i, whole, length - whole)) for i in sequences])
    carry, outputs = scan(func, carry, rest, length=length - whole)
    return carry, done.filled([concatenate(pair) for pair in zip(flat, _Nest(outputs).parts, strict=True)])


def _part(graph: Graph, i: int, first: int, count: int) -> int:
    return indexing.take(graph, i, (Range(first, count), *[Range(0, n) for n in shape_of(graph, i)[1:]]))
