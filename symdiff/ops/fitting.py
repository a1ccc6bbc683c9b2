"""Whether operands fit an operation on arrays: what nodes that come from outside are held against."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from symdiff import ops
from symdiff.errors import SymdiffError
from symdiff.index_labels import Labels
from symdiff.keys import Key, Paired, Place, Range, Where, is_listed, taken_shape
from symdiff.loop_body import Loop, width
from symdiff.ops import arrays
from symdiff.ops.external_operation import ExternalOperation
from symdiff.records import ArrayOperation, Operation
from symdiff.shapes import Shape, Size, broadcast, convolved, smaller


def fits(op: Operation, parameters: Any, shapes: Sequence[Shape]) -> bool:
    """Whether an operation has a result for operands of these shapes."""
    if not isinstance(op, ArrayOperation):
        held = {shape for shape in shapes if shape}
        enough = len(shapes) == op.arity or (op is ops.add and bool(held) and len(shapes) > 1)
        return enough and len(held) < 2 and not any(shapes[k] for k in op.whole)
    if isinstance(op, ExternalOperation):
        return op.fits(parameters, shapes)
    enough = len(shapes) == op.arity or op.many
    return enough and _FITS[op](parameters, *shapes)


def _contraction(labels: Any, *shapes: Shape) -> bool:
    if not isinstance(labels, Labels) or list(map(len, labels.factors)) != list(map(len, shapes)):
        return False
    sizes: dict[str, Size] = {}
    for names, shape in zip(labels.factors, shapes, strict=True):
        for label, size in zip(names, shape, strict=True):
            if sizes.setdefault(label, size) != size:
                return False
    free = dict(labels.free)
    return free.keys().isdisjoint(sizes) and sizes.keys() | free.keys() >= set(labels.result)


def _block(key: Any, shape: Shape) -> bool:
    if not isinstance(key, tuple) or len(key) != len(shape) or not all(map(_place, key, shape)):
        return False
    pairs = [p for p in key if isinstance(p, Paired)]
    paired = [isinstance(p, Paired) for p in key if not isinstance(p, int)]
    together = not pairs or paired[paired.index(True) :][: len(pairs)] == [True] * len(pairs)
    return together and len(pairs) != 1 and len({len(p.at) for p in pairs}) < 2


def _place(place: Place, size: Size) -> bool:
    if is_listed(place):
        return all(_place(k, size) for k in place.at)  # type: ignore[union-attr]
    if not isinstance(place, Range):
        return type(place) is int and place >= 0 and (isinstance(size, str) or place < size)
    if isinstance(size, str) or isinstance(place.count, str):
        forwards = place.start >= 0 and place.step == 1
        return isinstance(size, str) and (forwards or place == Range(-1, size, -1))
    return not place.count or all(0 <= k < size for k in (place.start, place.start + (place.count - 1) * place.step))


def _blocks(where: Any, *shapes: Shape) -> bool:
    return (
        isinstance(where, Where)
        and len(where.keys) == len(shapes) > 0
        and all(_block(key, where.shape) for key in where.keys)
        and all(taken_shape(key, where.shape) == shape for key, shape in zip(where.keys, shapes, strict=True))
    )


def _gathered(parameters: Any, x: Shape, *places: Shape) -> bool:
    return 0 < len(places) <= len(x) and len(set(places)) == 1


def _scattered(sizes: Any, block: Shape, *places: Shape) -> bool:
    together = isinstance(sizes, tuple) and 0 < len(places) == len(sizes) and len(set(places)) == 1
    return together and block[: len(places[0])] == places[0]


def _same_entries(shape: Any, held: Shape) -> bool:
    ints = all(isinstance(n, int) for n in (*shape, *held))
    return isinstance(shape, tuple) and bool(held) and (not ints or math.prod(shape) == math.prod(held))


def _axes(axes: Any, held: Shape) -> bool:
    return bool(axes) and all(0 <= k < len(held) for k in axes) and all(a < b for a, b in pairwise(axes))


def _square(parameters: Any, held: Shape) -> bool:
    return len(held) > 1 and held[-2] == held[-1]


def _system(parameters: Any, a: Shape, b: Shape) -> bool:
    fits = len(b) == len(a) or (len(b) == 1 and len(a) == 2)
    return _square(None, a) and fits and b[: len(a) - 1] == a[:-1]


def _taken(key: Key, held: Shape) -> bool:
    return bool(held) and _block(key, held)


def _convolution(mode: Any, a: Shape, b: Shape) -> bool:
    if mode not in ("full", "valid") or not a or not b or a[:-1] != b[:-1] or 0 in (*a[-1:], *b[-1:]):
        return False
    try:
        size = convolved(mode, a[-1], b[-1])
    except SymdiffError:
        return False
    return isinstance(size, str) or size > 0


def _triangular(half: Any, a: Shape, b: Shape) -> bool:
    return isinstance(half, tuple) and list(map(type, half)) == [bool, bool] and _system(None, a, b)


def _matrix(parameters: Any, held: Shape) -> bool:
    try:
        return len(held) > 1 and bool(smaller(*held[-2:]))
    except SymdiffError:
        return False


def _iteration(loop: Any, *shapes: Shape) -> bool:
    if not isinstance(loop, Loop) or len(shapes) != len(loop.body.inputs):
        return False
    leads = []
    first, last = loop.body.carries, loop.body.carries + loop.body.sequences
    for k, (own, shape) in enumerate(zip(loop.body.input_shapes(), shapes, strict=True)):
        full = (loop.length, *own) if first <= k < last else own
        if shape[len(shape) - len(full) :] != full:
            return False
        leads.append(shape[: len(shape) - len(full)])
    try:
        return broadcast(leads) is not None and bool(width(loop.body.output_shapes()))
    except SymdiffError:
        return False


_FITS: dict[ArrayOperation, Callable[..., bool]] = {
    arrays.einsum: _contraction, arrays.take: _taken, arrays.put: _blocks, arrays.reshape: _same_entries,
    arrays.gather: _gathered, arrays.scatter: _scattered,
    arrays.size: lambda name: isinstance(name, str), arrays.solve: _system,
    **dict.fromkeys([arrays.amax, arrays.amin, arrays.product, arrays.logsumexp, arrays.array_norm], _axes),
    arrays.cumsum: lambda axes, held: _axes(axes, held) and len(axes) == 1,
    arrays.scan: _iteration, arrays.convolve: _convolution, arrays.solve_triangular: _triangular,
    **dict.fromkeys([arrays.inv, arrays.det, arrays.logdet, arrays.cholesky], _square),
    **dict.fromkeys([arrays.eigvalsh, arrays.eigenvectors, arrays.det_sign, arrays.log_abs_det], _square),
    **dict.fromkeys([arrays.svdvals, arrays.left_singular_vectors, arrays.right_singular_vectors], _matrix),
}  # fmt: skip
