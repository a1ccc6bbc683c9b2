"""Arrays of numbers as leaves of a graph: read-only copies, told apart by their entries, hashed once."""

from __future__ import annotations

from typing import Any

import numpy as np

from symdiff.errors import SymdiffTypeError

ARRAY = "array"  # first part of an array's key, as "int" is of an int's
_KINDS = "biufc"  # dtypes whose bytes tell entries apart


def is_sparse(value: Any) -> bool:
    """Whether a value is a sparse matrix of SciPy's."""
    return type(value).__module__.startswith("scipy.sparse") and hasattr(value, "tocsr")


def multiplies_as_matrix(value: Any) -> bool:
    """Whether `*` of a value is the product of matrices: SciPy's `csr_matrix` and its kin, but not `csr_array`."""
    return is_sparse(value) and type(value).__name__.endswith("_matrix")


def frozen_array(value: Any) -> Any:
    """An array, or a sparse matrix, in the form in which a graph keeps it.

    Raises
    ------
    SymdiffTypeError
        For entries that are no numbers.
    """
    if is_sparse(value):
        kept = value.tocsr(copy=True)
        kept.sum_duplicates()
        kept.data.flags.writeable = False
        return kept
    array = np.array(value)
    if array.dtype.kind in "iu" and array.dtype != np.int64:
        array = array.astype(np.int64 if array.dtype != np.uint64 else object)
    if array.dtype == np.float16 or array.dtype == np.longdouble:
        array = array.astype(np.float64)
    if array.dtype.kind not in _KINDS + "O":
        raise SymdiffTypeError(f"an array in an expression is of numbers, not of {array.dtype}")
    array.flags.writeable = False
    return array


def array_key(array: Any) -> tuple[Any, ...]:
    """What tells arrays apart: kind of entries, shape and entries; 0.0 and -0.0 differ."""
    if is_sparse(array):
        parts = [array.data.tobytes(), *[np.asarray(at, np.int64).tobytes() for at in (array.indices, array.indptr)]]
        return ARRAY, f"sparse {array.dtype} {array.shape}", _digest(parts)
    if array.dtype == object:
        return ARRAY, f"object {array.shape}", repr(array.tolist())
    return ARRAY, f"{array.dtype} {array.shape}", _digest([array.tobytes()])


def _digest(parts: list[bytes]) -> str:
    import hashlib  # not cheap to import, and needed with the first array only

    found = hashlib.blake2b(digest_size=16)
    for part in parts:
        found.update(part)
    return found.hexdigest()
