"""Eigenvalues and singular values with their vectors: LAPACK's, mpmath's, and with derivatives what these start.

Of a square matrix the symmetric part is meant. Vectors have length 1, and their largest entry is positive, the first
of those that are equally large: so they are the same in every precision. What is not finite gives nan.

Numbers that carry derivatives are refined from the values that they stand at, by the iteration of Ogita and Aishima,
Iterative refinement for symmetric eigenvalue decomposition (Japan J. Indust. Appl. Math. 35, 2018), whose error is
squared in each step: after k steps derivatives up to order 2**k - 1 are right in vectors, up to 2**(k + 1) - 1 in
eigenvalues.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from symdiff import ops
from symdiff.algebra.linear_algebra_values import symmetric_part
from symdiff.algebra.perturbation import Perturbation
from symdiff.errors import NoFormulaError, SymdiffTypeError
from symdiff.handle import Handle
from symdiff.records import elementwise

_EQUAL = 1e-8  # relative difference of entries of a vector that count as equally large

Factors = tuple[Any, ...]


def eigh(a: Any) -> Factors:
    """The eigenvalues of the symmetric parts of matrices in the last two axes, ascending, and their vectors."""
    a = symmetric_part(a)
    if a.dtype == object:
        return _each(a, lambda m: _eigen(m, True))
    if a.dtype.kind == "c":
        return _complex_eigh(a)
    values, vectors = _finite(np.linalg.eigh, a)
    return values, vectors * _signs(vectors)


def eigvalsh(a: Any) -> Any:
    """The eigenvalues alone."""
    a = symmetric_part(a)
    if a.dtype == object:
        return _each(a, lambda m: _eigen(m, False)[:1])[0]
    if a.dtype.kind == "c":
        return _complex_eigh(a)[0]
    return _finite(lambda m: (np.linalg.eigvalsh(m),), a)[0]


def svd(a: Any) -> Factors:
    """The thin singular value decomposition `a = u @ diag(s) @ vh` of matrices in the last two axes."""
    if a.dtype == object:
        return _each(a, lambda m: _singular(m, True))
    if a.dtype.kind == "c":
        return _complex_svd(a)
    u, s, vh = _finite(lambda m: np.linalg.svd(m, full_matrices=False), a)
    signs = _signs(u)
    return u * signs, s, vh * np.swapaxes(signs, -1, -2)


def svdvals(a: Any) -> Any:
    """The singular values alone, in descending order."""
    if a.dtype == object:
        return _each(a, lambda m: _singular(m, False)[1:2])[0]
    if a.dtype.kind == "c":
        return _complex_svd(a)[1]
    return _finite(lambda m: (np.linalg.svd(m, compute_uv=False),), a)[0]


def _signs(vectors: Any) -> Any:
    """The signs that make the largest entry of each vector positive."""
    if not vectors.size:
        return np.ones((*vectors.shape[:-2], 1, vectors.shape[-1]), dtype=vectors.real.dtype)
    sizes = np.abs(vectors)
    first = np.argmax(sizes >= (1 - _EQUAL) * np.max(sizes, axis=-2, keepdims=True), axis=-2)
    largest = np.take_along_axis(vectors, np.expand_dims(first, -2), axis=-2)
    return np.where(np.real(largest) < 0, -1, 1).astype(vectors.real.dtype)


def _finite(function: Callable[[Any], Factors], a: Any) -> Factors:
    """LAPACK's factors, of nan where entries are not finite."""
    good = np.isfinite(a).all(axis=(-1, -2), keepdims=True)
    found = function(np.where(good, a, 0))
    return tuple([np.where(_like(good, part, a), part, np.nan).astype(part.dtype) for part in found])


def _like(good: Any, part: Any, a: Any) -> Any:
    return good if part.ndim == a.ndim else good[..., 0]


def _each(a: Any, function: Callable[[Any], Factors]) -> Factors:
    """Factors of object arrays, matrix by matrix."""
    lead = a.shape[:-2]
    found: dict[tuple[int, ...], Factors] = {index: function(a[index]) for index in np.ndindex(*lead)}
    parts = []
    for k in range(len(next(iter(found.values()), ()))):
        part = np.empty(lead + next(iter(found.values()))[k].shape, dtype=object)
        for index, factors in found.items():
            part[index] = factors[k]
        parts.append(part)
    return tuple(parts)


# -- complex numbers: the analytic continuation, not that of Hermitian matrices ------------------------------


def _complex_eigh(a: Any) -> Factors:
    values, vectors = _finite(np.linalg.eig, a)
    order = np.argsort(values.real, axis=-1)
    values = np.take_along_axis(values, order, -1)
    vectors = np.take_along_axis(vectors, order[..., None, :], -1)
    vectors = vectors / np.sqrt(np.sum(vectors**2, axis=-2, keepdims=True))
    return values, vectors * _signs(vectors)


def _complex_svd(a: Any) -> Factors:
    if a.shape[-2] < a.shape[-1]:
        v, s, uh = _complex_svd(np.swapaxes(a, -1, -2))
        u = np.swapaxes(uh, -1, -2)
        signs = _signs(u)
        return u * signs, s, np.swapaxes(v * signs, -1, -2)
    squares, v = _complex_eigh(np.swapaxes(a, -1, -2) @ a)
    s, v = np.sqrt(squares)[..., ::-1], v[..., ::-1]
    u = a @ v / s[..., None, :]
    signs = _signs(u)
    return u * signs, s, np.swapaxes(v * signs, -1, -2)


# -- matrices of objects ---------------------------------------------------------------------------------


def _eigen(a: Any, vectors: bool) -> Factors:
    """Of one matrix."""
    if any(isinstance(v, Handle) for v in a.flat):
        return _formula_of_eigenvalues(a, vectors)
    start = _of_numbers(_main(a), "eigh")
    return _refined(a, start[1], 1, vectors) if _order(a) else start


def _singular(a: Any, vectors: bool) -> Factors:
    if any(isinstance(v, Handle) for v in a.flat):
        return _formula_of_singular_values(a, vectors)
    if not _order(a):
        return _of_numbers(_main(a), "svd")
    m, n = a.shape
    k = min(m, n)
    u, _, vh = _of_numbers(_main(a), "full svd")
    both = np.zeros((m + n, m + n), dtype=object)
    both[:m, m:], both[m:, :m] = a, a.T
    rest = [np.concatenate([u[:, k:], np.zeros((n, m - k))]), np.concatenate([np.zeros((m, n - k)), vh[k:].T])]
    pairs = [np.concatenate([u[:, :k], sign * vh[:k].T]) for sign in (1, -1)]
    start = np.concatenate([*pairs, *[part * ops.sqrt(2.0) for part in rest]], axis=1)
    values, found = _refined(both, start, 2, vectors, 2 * k)
    return found[:m, :k], values[:k], found[m:, :k].T


def _main(a: Any) -> Any:
    """The numbers that those of a matrix stand at."""
    found = np.empty(a.shape, dtype=object)
    for index in np.ndindex(*a.shape):
        value = a[index]
        while isinstance(value, Perturbation):
            value = value._parts()[0]
        found[index] = value
    return found


def _order(a: Any) -> int:
    """The highest order of derivatives that the numbers of a matrix carry together, each level's once."""
    orders: dict[int, int] = {}
    stack = list(a.flat)
    while stack:
        value = stack.pop()
        if isinstance(value, np.ndarray) and value.dtype == object:
            stack += list(value.flat)
        elif isinstance(value, Perturbation):
            parts = value._parts()
            orders[value.level] = max(orders.get(value.level, 0), len(parts) - 1)
            stack += parts
    return sum(orders.values())


def _of_numbers(a: Any, what: str) -> Factors:
    """The factors of a matrix of floats, ints, Fractions or mpmath's numbers."""
    context = next((v.context for v in a.flat if hasattr(v, "context")), None)
    if context is not None:
        return _of_mpmath(a, what, context)
    try:
        numbers = [complex(v) if isinstance(v, complex) else float(v) for v in a.flat]
    except TypeError as error:
        kinds = ", ".join(sorted({type(v).__name__ for v in a.flat}))
        raise SymdiffTypeError(f"{what} has no value for matrices of {kinds}: {error}") from error
    floats = np.array(numbers, dtype=None if numbers else float).reshape(a.shape)
    if what == "full svd":
        return _full_svd(floats)
    return tuple([part.astype(object) for part in (eigh if what == "eigh" else svd)(floats)])


def _full_svd(floats: Any) -> Factors:
    """The decomposition with all vectors, those of the thin one first."""
    u, s, vh = svd(floats)
    k = len(s)
    whole_u, _, whole_vh = _finite(np.linalg.svd, floats)
    u, vh = np.concatenate([u, whole_u[:, k:]], axis=1), np.concatenate([vh, whole_vh[k:]])
    return u.astype(object), s.astype(object), vh.astype(object)


def _of_mpmath(a: Any, what: str, context: Any) -> Factors:
    matrix = context.matrix(a.tolist())
    k = min(a.shape)
    if not all(context.isfinite(v) for v in a.flat):
        sizes = {"eigh": [(k,), a.shape], "svd": [(len(a), k), (k,), (k, a.shape[1])]}
        sizes["full svd"] = [(len(a),) * 2, (k,), (a.shape[1],) * 2]
        return tuple([np.full(shape, context.nan, dtype=object) for shape in sizes[what]])
    if what == "eigh":
        values, vectors = (_array(part) for part in context.eigsy(matrix))
        values = values.ravel()
        return values, vectors * _signs_of_objects(vectors)
    u, s, vh = (_array(part) for part in context.svd_r(matrix, full_matrices=what != "svd"))
    signs = _signs_of_objects(u)
    u, own = u * signs, vh[:k] * signs[:k, None]
    return u, s.ravel(), np.concatenate([own, vh[k:]])


def _array(matrix: Any) -> Any:
    return np.array(matrix.tolist(), dtype=object)


def _signs_of_objects(vectors: Any) -> Any:
    return _signs(vectors.astype(float)).astype(int)[0]


def _refined(a: Any, x: Any, square: int, vectors: bool, own: int | None = None) -> Factors:
    """The eigenvalues and vectors of a symmetric matrix of numbers that carry derivatives, from those of its values.

    `square` is the square of the vectors' length; those behind the first `own` have one eigenvalue, and any basis
    of theirs will do.
    """
    steps = _order(a).bit_length() - (not vectors)
    free = len(a) if own is None else own
    for _ in range(steps):
        values, residual, moved = _projected(a, x, square)
        change = ops.div(1, 2) * residual
        for i, j in np.ndindex(*moved.shape):
            if i != j and min(i, j) < free:
                numerator = moved[i, j] + values[j] * residual[i, j]
                change[i, j] = ops.div(numerator - _main(np.array([numerator], dtype=object))[0], values[j] - values[i])
        x = x + x @ change
    return _projected(a, x, square)[0], x


def _projected(a: Any, x: Any, square: int) -> tuple[Any, Any, Any]:
    """Eigenvalues by Rayleigh's quotient, and what vectors lack of being orthogonal and being eigenvectors."""
    residual = np.eye(len(x), dtype=object) - elementwise(ops.div, [x.T @ x, square])
    moved = elementwise(ops.div, [x.T @ a @ x, square])
    values = [ops.div(moved[k, k], 1 - residual[k, k]) for k in range(len(x))]
    return np.array([*values, None], dtype=object)[:-1], residual, moved


# -- formulas in scalars ----------------------------------------------------------------------------------


def _formula_of_eigenvalues(a: Any, vectors: bool) -> Factors:
    if len(a) == 1:
        return a[0], np.ones((1, 1), dtype=object)
    if vectors or len(a) > 2:
        raise _no_formula("eigenvectors" if vectors else "eigenvalues", a)
    middle, half = ops.div(a[0, 0] + a[1, 1], 2), ops.div(a[0, 0] - a[1, 1], 2)
    radius = ops.hypot(half, a[0, 1])
    return np.array([middle - radius, middle + radius, None], dtype=object)[:-1], None


def _formula_of_singular_values(a: Any, vectors: bool) -> Factors:
    if vectors or min(a.shape) > 2 or (min(a.shape) == 2 and max(a.shape) > 2):
        raise _no_formula("singular vectors" if vectors else "singular values", a)
    if min(a.shape) == 1:
        flat = a.ravel()
        total = ops.abs(flat[0])
        for v in flat[1:]:
            total = ops.hypot(total, v)
        return None, np.array([total, None], dtype=object)[:-1]
    (p, q), (r, s) = a
    sums = ops.hypot(p + s, q - r), ops.hypot(p - s, q + r)
    pair = [ops.div(sums[0] + sums[1], 2), ops.div(ops.abs(sums[0] - sums[1]), 2), None]
    return None, np.array(pair, dtype=object)[:-1]


def _no_formula(what: str, a: Any) -> NoFormulaError:
    rows, columns = a.shape
    return NoFormulaError(
        f"the {what} of a {rows} by {columns} matrix have no formula in scalars to expand them into: evaluate, "
        "gradient, hessian and backpropagate work on the matrix as it is"
    )
