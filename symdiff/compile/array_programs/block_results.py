"""Sparse matrices as results: the values of their blocks put where the pattern says, which is found once a size."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from symdiff.block_matrix import SparseBlockMatrix


def matrices(
    matrix: SparseBlockMatrix, values: Sequence[Any], sizes: Mapping[str, int], batch: tuple[int, ...] = ()
) -> Any:
    """A `scipy.sparse.csr_array`, of a batch an object array of these."""
    if not batch:
        return _matrix(matrix, values, sizes)
    found = np.empty(batch, dtype=object)
    for index in np.ndindex(*batch):
        found[index] = _matrix(matrix, [value[index] for value in values], sizes)
    return found


def _matrix(matrix: SparseBlockMatrix, values: Sequence[Any], sizes: Mapping[str, int]) -> Any:
    from scipy.sparse import csr_array

    pattern = matrix.pattern(sizes)
    data = pattern.data([np.asarray(value) for value in values])
    # copy the pattern: matrices change theirs in place
    return csr_array((data, pattern.indices.copy(), pattern.indptr.copy()), shape=pattern.shape)
