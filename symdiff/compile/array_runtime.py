"""What compiled functions of arrays call beside NumPy's own functions."""

from __future__ import annotations

from typing import Any

import numpy as np


def logsumexp(array: Any, axes: tuple[int, ...]) -> Any:
    """`log(sum(exp(array)))` along axes, without overflow."""
    top = array.max(axes, keepdims=True)
    if not np.isfinite(top).all():
        top = np.where(np.isfinite(top), top, array.dtype.type(0))
    terms = array - top
    np.exp(terms, out=terms)
    return np.log(terms.sum(axes)) + np.squeeze(top, axes)


def norm(array: Any, axes: tuple[int, ...]) -> Any:
    """The Euclidean norm along axes, without overflow."""
    top = np.abs(array).max(axes, keepdims=True, initial=0)
    scale = np.where((top > 0) & np.isfinite(top), top, array.dtype.type(1))
    rest = array / scale
    return np.squeeze(scale, axes) * np.sqrt((rest * rest).sum(axes))


def cholesky(matrix: Any) -> Any:
    """The lower triangular factor of the symmetric part of a matrix, nan where that is not positive definite."""
    try:
        return np.linalg.cholesky((matrix + matrix.T) / 2)
    except np.linalg.LinAlgError:
        return np.full_like(matrix, np.nan)


def on_diagonal(array: Any, value: Any, spec: str) -> Any:
    """Add a value where labels repeat, in place."""
    view = np.einsum(spec, array)
    view += value
    return array


def dense(matrix: Any) -> Any:
    """A sparse matrix as an array."""
    return matrix.toarray()
