"""The operations that are of arrays only: some two dozen records beside those of numbers, which act entry by entry.

All that multiplies and sums is one of them, the contraction: products of matrices, sums along axes, transposes,
traces, diagonals, outer products, broadcasts, ones and identity matrices. It is closed under differentiation.
"""

from __future__ import annotations

from typing import Any

from symdiff.graph import STATIC, VAR
from symdiff.records import ArrayOperation, record
from symdiff.records import register_array as _register
from symdiff.shapes import Shape, smaller


def _matrix(parameters: Any, a: Shape) -> Shape:
    return a


def _number(parameters: Any, a: Shape) -> Shape:
    return a[:-2]


def _reduced(axes: tuple[int, ...], a: Shape) -> Shape:
    return tuple([size for k, size in enumerate(a) if k not in axes])


def _contracted(labels: Any, *shapes: Shape) -> Shape:
    from symdiff.index_labels import result_shape  # import late: scalars need no labels

    return result_shape(labels, *shapes)


def _taken(key: Any, a: Shape) -> Shape:
    from symdiff.keys import taken_shape  # likewise

    return taken_shape(key, a)


def _convolved(mode: str, a: Shape, b: Shape) -> Shape:
    from symdiff.shapes import convolved  # likewise

    return (*a[:-1], convolved(mode, a[-1], b[-1]))


def _left_vectors(parameters: Any, a: Shape) -> Shape:
    return (*a[:-1], smaller(*a[-2:]))


def _right_vectors(parameters: Any, a: Shape) -> Shape:
    return (*a[:-2], smaller(*a[-2:]), a[-1])


def _gathered(parameters: Any, x: Shape, *places: Shape) -> Shape:
    return places[0] + x[len(places) :]


def _scattered(sizes: Shape, block: Shape, *places: Shape) -> Shape:
    return sizes + block[len(places[0]) :]


einsum: ArrayOperation = _register("einsum", 1, _contracted, parameters=True, many=True, finite=True)
take: ArrayOperation = _register("take", 1, _taken, parameters=True, finite=True)
put: ArrayOperation = _register("put", 1, lambda where, *blocks: where.shape, parameters=True, many=True, finite=True)
gather: ArrayOperation = _register("gather", 2, _gathered, many=True, finite=True)
scatter: ArrayOperation = _register("scatter", 2, _scattered, parameters=True, many=True, finite=True)
reshape: ArrayOperation = _register("reshape", 1, lambda shape, a: shape, parameters=True, finite=True)
size: ArrayOperation = _register("size", 0, lambda name: (), parameters=True, finite=True)
amax: ArrayOperation = _register("amax", 1, _reduced, parameters=True, finite=True)
amin: ArrayOperation = _register("amin", 1, _reduced, parameters=True, finite=True)
product: ArrayOperation = _register("prod", 1, _reduced, parameters=True, finite=True)
logsumexp: ArrayOperation = _register("logsumexp", 1, _reduced, parameters=True, finite=True)
array_norm: ArrayOperation = _register("array_norm", 1, _reduced, parameters=True, finite=True)
inv: ArrayOperation = _register("inv", 1, _matrix)
solve: ArrayOperation = _register("solve", 2, lambda parameters, a, b: b)
det: ArrayOperation = _register("det", 1, _number, finite=True)
logdet: ArrayOperation = _register("logdet", 1, _number)
cholesky: ArrayOperation = _register("cholesky", 1, _matrix)
cumsum: ArrayOperation = _register("cumsum", 1, lambda axes, a: a, parameters=True, finite=True)
convolve: ArrayOperation = _register("convolve", 2, _convolved, parameters=True, finite=True)
solve_triangular: ArrayOperation = _register("solve_triangular", 2, lambda half, a, b: b, parameters=True)
eigvalsh: ArrayOperation = _register(
    "eigvalsh",
    1,
    lambda parameters, a: a[:-1],
    kinks="where eigenvalues are equal, slopes by one basis of their vectors",
)
eigenvectors: ArrayOperation = _register("eigenvectors", 1, _matrix)
svdvals: ArrayOperation = _register(
    "svdvals", 1, lambda parameters, a: (*a[:-2], smaller(*a[-2:])),
    kinks="where singular values are equal or 0, slopes by one basis of their vectors",
)  # fmt: skip
left_singular_vectors: ArrayOperation = _register("left_singular_vectors", 1, _left_vectors)
right_singular_vectors: ArrayOperation = _register("right_singular_vectors", 1, _right_vectors)
det_sign: ArrayOperation = _register("det_sign", 1, _number, finite=True)
log_abs_det: ArrayOperation = _register("log_abs_det", 1, _number)


def infer(shapes: dict[int, Shape], leaves: dict[int, Any], node: tuple[Any, ...], payload: Any) -> Shape:
    """The shape of a node: of an operation on numbers that of its operands that have one."""
    code = node[0]
    if code <= VAR:
        return () if code == STATIC else tuple(getattr(payload, "shape", ()))
    op = record(code)
    if isinstance(op, ArrayOperation):
        parameters = leaves[node[1]] if op.parameters else None
        shape: Shape = op.shape(parameters, *[shapes.get(j, ()) for j in node[1 + op.parameters :]])
        return shape
    return next(filter(None, [shapes.get(j) for j in node[1:]]), ())
