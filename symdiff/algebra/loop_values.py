"""The value of a scan over any numbers: its body run once a step, on arrays with the axes of a batch in front."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from symdiff.errors import SymdiffValueError
from symdiff.graph import Program
from symdiff.loop_body import Loop
from symdiff.shapes import bound

_STEPS = 10_000_000  # limit of steps, of which each takes about ten microseconds
Run = Callable[[dict[int, Any]], "list[Any]"]  # values of leaves by node: those of all nodes


def rows(loop: Loop, program: Program, run: Run, sizes: Any, operands: Sequence[Any], axes: Sequence[int]) -> Any:
    """The rows of a scan: the start, and one for each step.

    Parameters
    ----------
    loop : Loop
    program : Program
        The body's own.
    run : callable
        Runs it once, given the values of its inputs by their place in the program.
    sizes : mapping
        The numbers behind named sizes.
    operands, axes : values, and how many axes each has that are not those of a batch
    """
    body = loop.body
    (length,) = bound((loop.length,), sizes)
    if length > _STEPS:
        raise SymdiffValueError(
            f"a recurrence of {length:,} steps is done step by step here, {_STEPS:,} at most: "
            "sd.compile(f, inputs) makes one native loop of it"
        )
    ranks = body.ranks()
    values = _aligned(operands, axes, ranks)
    batch = np.broadcast_shapes(*[np.shape(v)[: np.ndim(v) - n] for v, n in zip(values, ranks, strict=True)])
    first, last = body.carries, body.carries + body.sequences
    place = {i: k for k, i in enumerate(program.origin)}
    inputs = [place.get(i, -1) for i in body.inputs]
    given = {k: v for k, v in zip(inputs[last:], values[last:], strict=True) if k >= 0}
    carry = values[:first]
    shapes = [bound(shape, sizes) for shape in body.output_shapes()]
    found = [[*carry, *[np.zeros(shape, dtype=int) for shape in shapes[first:]]]]
    for t in range(length):
        given.update({k: v for k, v in zip(inputs[:first], carry, strict=True) if k >= 0})
        for k, v, rank in zip(inputs[first:last], values[first:last], ranks[first:last], strict=True):
            if k >= 0:
                given[k] = _bare(v[(..., t, *[slice(None)] * (rank - 1))])
        every = run(given)
        made = [every[k] if k >= 0 else 0 for k in program.outputs]
        carry = made[:first]
        found.append(made)
    return _stacked(found, shapes, batch)


def _bare(value: Any) -> Any:
    return value[()] if isinstance(value, np.ndarray) and not value.ndim else value


def _aligned(operands: Sequence[Any], axes: Sequence[int], ranks: Sequence[int]) -> list[Any]:
    """Operands whose axes in front stand below one another, behind those of a batch."""
    most = max([n - rank for n, rank in zip(axes, ranks, strict=True)], default=0)
    found = []
    for value, n, rank in zip(operands, axes, ranks, strict=True):
        lacks = most - (n - rank)
        if isinstance(value, np.ndarray) and lacks and value.ndim > n:
            at = value.ndim - n
            value = value.reshape(value.shape[:at] + (1,) * lacks + value.shape[at:])
        found.append(value)
    return found


def _stacked(found: Sequence[Sequence[Any]], shapes: Sequence[tuple[int, ...]], batch: tuple[int, ...]) -> Any:
    """The rows as one array: of floats, or of objects where a number is none of NumPy's."""
    counts = [int(np.prod(shape, dtype=int)) for shape in shapes]
    kinds = [np.asarray(_boxed(v)).dtype for row in found for v in row]
    whole = np.empty((*batch, len(found), sum(counts)), dtype=_together(kinds))
    for t, row in enumerate(found):
        start = 0
        for value, shape, count in zip(row, shapes, counts, strict=True):
            value = np.broadcast_to(_boxed(value), batch + shape)
            whole[..., t, start : start + count] = value.reshape((*batch, count))
            start += count
    return whole


def _together(kinds: Sequence[np.dtype[Any]]) -> Any:
    if any(kind.hasobject for kind in kinds):
        return object
    floats = [kind for kind in kinds if kind.kind in "fc"]
    return np.result_type(*floats) if floats else np.float64


def _boxed(value: Any) -> Any:
    """A number or an expression as an array without axes."""
    if isinstance(value, (np.ndarray, np.generic)):
        return value
    box = np.empty((), dtype=float if isinstance(value, float) else complex if isinstance(value, complex) else object)
    box[()] = value
    return box
