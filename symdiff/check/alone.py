"""Every operation alone: its partials at the values that its operands have, held against differences of its value.

So cancellation further out hides nothing, and nothing is allowed for but the condition of the operation itself.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from symdiff.algebra.evaluate import algebra_for, bind, run
from symdiff.algebra.numbers import FLOAT, MP, TABLES
from symdiff.check.bounds import ALONE, check_size
from symdiff.check.distance import distance, finite, relative, within
from symdiff.check.methods import Case, reliable
from symdiff.check.reference import Differences, Reference, levels_of
from symdiff.errors import SymdiffError
from symdiff.graph import CONST, VAR
from symdiff.handle import Handle, handle
from symdiff.records import FIRST_ARRAY_CODE, Operation
from symdiff.rules import Rules, evaluate_partial

ULPS = 4  # tolerance for operands of a partial that is called right, in ulps
EPS = 2.0**-52
ABSOLUTE = 8 * EPS  # error of a rule that is accurate in absolute terms


class Applied(NamedTuple):
    """One operation at the values of its operands; constants are fixed."""

    node: Handle
    op: Operation
    operands: tuple[Any, ...]  # floats; a constant of the graph as it stands there
    free: tuple[int, ...]  # positions of operands that are no constants and have a partial
    partials: tuple[Any, ...]  # partials by the free operands
    value: Any


class Finding(NamedTuple):
    """What is found of one partial."""

    applied: Applied
    position: int  # position of the operand
    value: Any
    reference: Reference
    error: float | None
    ok: bool
    note: str = ""

    @property
    def quantity(self) -> str:
        """∂log/∂operand."""
        return f"∂{self.applied.op.name}/∂{self.applied.op.operands[self.position]}"

    @property
    def place(self) -> str:
        """The operands and their values."""
        names = self.applied.op.operands
        return ", ".join(f"{names[k]} = {self.applied.operands[k]!r}" for k in range(len(self.applied.operands)))


def applied(case: Case, repeated: bool = False) -> Iterator[Applied]:
    """The operations of a case that have partials, where all numbers are finite: once at the same operands, or all.

    Of what acts on arrays those of each entry.
    """
    bound = bind([case.f], case.at(case.point), {})
    values = run(bound)
    program = bound.program
    rules = Rules(program.nodes, program.leaves)
    seen = set()
    for i, node in enumerate(program.nodes):
        if node[0] <= VAR or node[0] >= FIRST_ARRAY_CODE:
            continue
        handled = handle(bound.graph, program.origin[i])
        op = handled.op
        assert op is not None
        fixed = [program.nodes[j][0] == CONST for j in node[1:]]
        parts = rules.of(node)
        free = tuple([k for k, f in enumerate(fixed) if not f and parts[k] is not None and k not in op.whole])
        operands = [program.leaves[j] if f else values[j] for j, f in zip(node[1:], fixed, strict=True)]
        for numbers in _entries([*operands, *[values[j] for j in node[1:]], values[i]]):
            entry, floats = numbers[: len(fixed)], numbers[len(fixed) :]
            key = (node[0], *zip(fixed, entry, strict=True))
            if not all(map(_is_real, floats[:-1])) or (key in seen and not repeated):
                continue
            seen.add(key)
            at = dict(zip((*node[1:], i), floats, strict=True))
            found = [
                evaluate_partial(part, (i, *node[1:]), at.__getitem__, bound.table.apply, bound.lift)
                for part in map(parts.__getitem__, free)
                if part
            ]
            yield Applied(handled, op, entry, free, tuple(found), floats[-1])


def _entries(values: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
    """Values entry by entry, as Python's numbers: numbers as they are, arrays as broadcasting joins them."""
    if any(isinstance(value, np.ndarray) for value in values):
        for entries in zip(*[a.flat for a in np.broadcast_arrays(*values, subok=False)], strict=True):
            yield tuple([entry.item() if isinstance(entry, np.generic) else entry for entry in entries])
    else:
        yield tuple([value.item() if isinstance(value, np.generic) else value for value in values])


def _is_real(value: Any) -> bool:
    return type(value) in (int, float) and math.isfinite(value)


def slopes(one: Applied, at: Sequence[float] | None = None) -> Callable[[int], Reference]:
    """The derivatives of an operation by its free operands, from differences of its value at high precision.

    `at` is where, by default at the operands themselves.
    """
    import mpmath

    _, lift = algebra_for([mpmath.mpf(1)])
    fixed = [lift(v) for v in one.operands]
    function = TABLES[MP][one.op.opcode]
    point = [float(one.operands[k]) for k in one.free] if at is None else list(at)

    def value(values: Sequence[Any]) -> Any:
        operands = list(fixed)
        for k, v in zip(one.free, values, strict=True):
            operands[k] = v
        check_size(operands)
        return function(*operands)

    numbers = [abs(v) for v in (*fixed, value([mpmath.mpf(x) for x in point])) if finite(v) and v]
    magnitudes = [int(mpmath.mag(v)) for v in numbers]
    spread = max(magnitudes, default=0) - min(magnitudes, default=0)
    found = Differences(value, point, 1, spread, levels_of([one.op], point, spread))
    return lambda k: found.of((k,))


def has_kink(one: Applied) -> bool:
    """Whether an operation that has kinks has one here: its sides have different slopes."""
    if not one.op.kinks:
        return False
    free = tuple([k for k in range(len(one.operands)) if k not in one.op.whole])
    try:
        slope = slopes(one._replace(free=free))
        found = [slope(k) for k in range(len(free))]
    except (AttributeError, NotImplementedError, SymdiffError, TypeError, ValueError):  # skip operations without mpmath
        return False
    return any(reference.reason and not reference.missing for reference in found)


def _slopes_of_floats(one: Applied) -> Callable[[int], Reference]:
    """The same by central differences of floats, for an operation that knows no other numbers."""
    function = TABLES[FLOAT][one.op.opcode]
    point = [float(one.operands[k]) for k in one.free]

    def value(values: Sequence[Any]) -> Any:
        operands = [float(v) for v in one.operands]
        for k, v in zip(one.free, values, strict=True):
            operands[k] = v
        with np.errstate(all="ignore"):
            return function(*operands)

    def slope(k: int) -> Reference:
        found = reliable(value, point, (k,))
        if found is None:
            return Reference(math.nan, "floats are too coarse to see it by differences", "differences", True)
        return Reference(found, "", "differences")

    return slope


def alone(case: Case, tolerance: float) -> tuple[list[Finding], str]:
    """What is wrong with operations alone, or right by an exception that a record states; and what was left out.

    Raises
    ------
    BoundError
        Where numbers are too large.
    """
    findings: list[Finding] = []
    for count, one in enumerate(applied(case)):
        if count == ALONE:
            return findings, f"only the first {ALONE} operations were judged alone"
        findings += [found for found in judged(one, tolerance) if not found.ok or found.note]
    return findings, ""


def judged(one: Applied, tolerance: float) -> Iterator[Finding]:
    """The findings on one operation, of those partials that can be judged."""
    if not one.free:
        return
    precise = True
    try:
        wanted = slopes(one)
    except (AttributeError, NotImplementedError, TypeError, ValueError):  # go by floats for lack of mpmath
        wanted, precise = _slopes_of_floats(one), False
    for number, (k, partial) in enumerate(zip(one.free, one.partials, strict=True)):
        found = wanted(number)
        if found.reason or bool(getattr(found.value, "imag", 0)):
            continue
        true = found.value if precise else found.value.value
        ok = within(partial, true, tolerance) if precise else found.value.allows(partial, tolerance)
        note = ""
        if not ok and precise and finite(partial):
            far = distance(partial, true)
            ok = far <= _condition(one, number, true)
            if not ok and one.op.absolute and far <= ABSOLUTE:
                ok, note = True, one.op.absolute
        if not ok and has_kink(one):  # steps of one side alone may see none: of x % y where they are multiples of y
            continue
        yield Finding(one, k, partial, found._replace(value=true), relative(partial, true), ok, note)


def _condition(one: Applied, number: int, true: Any) -> Any:
    """How far a slope moves where the operands move by a few ulp: an error that rounding them would make."""
    point = [float(one.operands[k]) for k in one.free]
    far = 0
    for sign in (1, -1):
        moved = slopes(one, [x * (1 + sign * ULPS * EPS) for x in point])(number)
        if not moved.reason:
            far = max(far, distance(moved.value, true))
    return far
