"""Numbers, and arrays of them, as Python reads them."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from symdiff.array_constants import is_sparse
from symdiff.constants import NamedConstant
from symdiff.digits import decimal
from symdiff.quoting import number_text
from symdiff.records import ATOM, PRODUCT, SIGN
from symdiff.shapes import shown

_FEW = 12  # entries of an array that are shown where text is bounded


def constant_text(value: Any) -> str:
    """A constant as Python reads it."""
    if isinstance(value, NamedConstant):
        return "pi" if value.name == "pi" else "exp(1)"  # build makes it e; names are variables, all but pi
    if isinstance(value, Fraction) or type(value) is int:
        return number_text(value)
    if isinstance(value, float) and not math.isfinite(value):
        return "0/0" if math.isnan(value) else "1/0" if value > 0 else "-1/0"  # divide: inf and nan would be names
    if hasattr(value, "_mpf_"):
        return f'mpf("{decimal(value._mpf_)}")'
    if hasattr(value, "_mpc_"):
        real, imaginary = map(decimal, value._mpc_)
        return f'mpc("{real}", "{imaginary}")'
    return repr(value)


def constant_precedence(value: Any) -> int:
    """How tightly the text of a constant binds."""
    if isinstance(value, (bool, NamedConstant, complex)):
        return ATOM
    if isinstance(value, Fraction) or (isinstance(value, float) and not math.isfinite(value)):
        return PRODUCT
    return SIGN if constant_text(value).startswith("-") else ATOM


def array_text(array: Any, whole: bool = True) -> str:
    """An array of numbers as NumPy's function makes it; of a large one, unless it is to be whole, its shape alone.

    >>> import numpy as np
    >>> print(array_text(np.array([[1, 2], [3, 4]])))
    array([[1, 2], [3, 4]])
    >>> print(array_text(np.ones((100, 2)), whole=False))
    array(..., shape=(100, 2))
    """
    if is_sparse(array):
        if not whole and array.nnz > _FEW:
            return f"csr_array(..., shape={shown(array.shape)})"
        parts = ", ".join([array_text(part) for part in (array.data, array.indices, array.indptr)])
        return f"csr_array(({parts}), shape={shown(array.shape)})"
    if not whole and array.size > _FEW:
        return f"array(..., shape={shown(array.shape)})"
    if 0 in array.shape[:-1]:  # lists do not tell the sizes behind
        return f"array([], shape={shown(array.shape)})"
    return f"array({_listed(array.tolist())})"


def _listed(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_listed, value))}]"
    return repr(value) if isinstance(value, float) else constant_text(value)
