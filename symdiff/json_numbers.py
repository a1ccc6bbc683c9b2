"""Numbers and arrays of numbers as JSON and back, exactly, every one with its kind."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

from symdiff.array_constants import frozen_array, is_sparse
from symdiff.constants import NamedConstant, constant, named_constant
from symdiff.digits import decimal

_SAFE = 1 << 53  # ints up to this one are the same in every reader of JSON; others are written in hexadecimal digits
_HEX = re.compile(r"-?0x[0-9a-f]+")
_NOT_FINITE = ("inf", "-inf", "nan")
_ENTRIES = ("bool", "int64", "float32", "float64", "complex64", "complex128", "object")  # dtypes that graphs keep


class DamagedError(Exception):
    """What is wrong with a text."""


def check(fits: bool, what: str) -> None:
    """Refuse a text."""
    if not fits:
        raise DamagedError(what)


# -- out ----------------------------------------------------------------------------------


def number_out(value: Any) -> dict[str, Any]:
    """A number as a dictionary of its kind and its parts."""
    if type(value) is bool:
        return {"bool": value}
    if type(value) is int:
        return {"int": _int_out(value)}
    if type(value) is Fraction:
        return {"fraction": [_int_out(value.numerator), _int_out(value.denominator)]}
    if type(value) is float:
        return {"float": _float_out(value)}
    if type(value) is complex:
        return {"complex": [_float_out(value.real), _float_out(value.imag)]}
    if isinstance(value, NamedConstant):
        return {"named": value.name}
    return {"mpf": _raw_out(value._mpf_)} if hasattr(value, "_mpf_") else {"mpc": [*map(_raw_out, value._mpc_)]}


def _int_out(value: int) -> Any:
    return int(value) if -_SAFE <= value <= _SAFE else hex(value)


def _float_out(value: float) -> Any:
    return value if math.isfinite(value) else repr(value)


def _raw_out(raw: Any) -> Any:
    """The insides of an mpf: mantissa and exponent of two, or a name."""
    sign, mantissa, exponent, _ = raw
    if not mantissa and exponent:
        return decimal(raw)
    return [_int_out(-int(mantissa) if sign else int(mantissa)), _int_out(int(exponent))]


def array_out(value: Any) -> dict[str, Any]:
    """An array of numbers, as a graph keeps it, or a sparse matrix: its entries, dtype and shape."""
    if is_sparse(value):
        places = {"columns": value.indices.tolist(), "rows": value.indptr.tolist()}
        return {"sparse": _entries_out(value.data), "dtype": value.dtype.name, "shape": list(value.shape), **places}
    return {"array": _entries_out(value.ravel()), "dtype": value.dtype.name, "shape": list(value.shape)}


def _entries_out(entries: Any) -> list[Any]:
    kind = entries.dtype.kind
    if kind == "O":
        return [number_out(constant(v)) for v in entries]
    if kind == "c":
        return [[_float_out(v.real), _float_out(v.imag)] for v in entries.astype(complex).tolist()]
    return [_float_out(v) for v in entries.tolist()] if kind == "f" else [_int_out(v) for v in entries.tolist()]


# -- in -----------------------------------------------------------------------------------


def number_in(where: str, entry: Any) -> Any:
    """The number that is written so."""
    check(isinstance(entry, dict) and len(entry) == 1, f"{where} is no number: {entry!r:.60}")
    ((kind, what),) = entry.items()
    reader = _NUMBERS.get(kind)
    check(reader is not None, f"{where} is no number: {entry!r:.60}")
    try:
        value = reader(what)  # type: ignore[misc]
    except DamagedError as error:
        raise DamagedError(f"{where} is {error}") from error
    return value


def _bool_in(what: Any) -> bool:
    check(type(what) is bool, f"no bool: {what!r:.60}")
    return bool(what)


def _int_in(what: Any) -> int:
    if type(what) is int:
        return what
    check(isinstance(what, str) and bool(_HEX.fullmatch(what)), f"no whole number: {what!r:.60}")
    return int(what, 16)


def _float_in(what: Any) -> float:
    if isinstance(what, str):
        check(what in _NOT_FINITE, f"no float: {what!r:.60}")
        return float(what)
    check(type(what) in (int, float) and abs(what) < math.inf, f"no float: {what!r:.60}")
    try:
        return float(what)
    except OverflowError:
        raise DamagedError("no float: it is too large") from None


def _pair(what: Any, kind: str) -> list[Any]:
    check(isinstance(what, list) and len(what) == 2, f"no {kind}: {what!r:.60}")
    return what  # type: ignore[no-any-return]


def _fraction_in(what: Any) -> Fraction:
    numerator, denominator = map(_int_in, _pair(what, "fraction"))
    check(denominator > 1 and math.gcd(numerator, denominator) == 1, f"no fraction in lowest terms: {what!r:.60}")
    return Fraction(numerator, denominator)


def _complex_in(what: Any) -> complex:
    return complex(*map(_float_in, _pair(what, "complex number")))


def _named_in(what: Any) -> NamedConstant:
    check(what in ("pi", "e"), f"no constant that is known: {what!r:.60}")
    return named_constant(what)


def _mpf_in(what: Any) -> Any:
    from mpmath import libmp, mp

    if isinstance(what, str):
        check(what in _NOT_FINITE, f"no number of mpmath: {what!r:.60}")
        return mp.mpf(what)
    return mp.make_mpf(libmp.from_man_exp(*map(_int_in, _pair(what, "number of mpmath"))))


def _mpc_in(what: Any) -> Any:
    from mpmath import mp

    real, imaginary = map(_mpf_in, _pair(what, "complex number of mpmath"))
    return mp.make_mpc((real._mpf_, imaginary._mpf_))


_NUMBERS: dict[str, Callable[[Any], Any]] = {
    "bool": _bool_in, "int": _int_in, "fraction": _fraction_in, "float": _float_in, "complex": _complex_in,
    "named": _named_in, "mpf": _mpf_in, "mpc": _mpc_in,
}  # fmt: skip


def is_array_entry(entry: Any) -> bool:
    """Whether data is meant to be an array of numbers."""
    return isinstance(entry, dict) and bool({"array", "sparse"} & entry.keys()) and "dtype" in entry


def array_in(where: str, entry: dict[str, Any]) -> Any:
    """The array that is written so, as a graph keeps it."""
    kind = "sparse" if "sparse" in entry else "array"
    wanted = {kind, "dtype", "shape"} | ({"columns", "rows"} if kind == "sparse" else set())
    check(entry.keys() == wanted and entry["dtype"] in _ENTRIES, f"{where} is no array")
    shape, written = _whole_numbers(entry["shape"]), entry[kind]
    check(isinstance(written, list) and shape is not None, f"{where} is no array")
    found = _entries_in(where, written, entry["dtype"])
    if kind == "array":
        check(math.prod(shape or ()) == len(found), f"{where} has another shape than that of its entries")
        return frozen_array(found.reshape(shape))
    return _sparse_in(where, found, shape, _whole_numbers(entry["columns"]), _whole_numbers(entry["rows"]))


def _whole_numbers(what: Any) -> list[int] | None:
    fits = isinstance(what, list) and all(type(n) is int and 0 <= n < 1 << 62 for n in what)
    return list(what) if fits else None


def _entries_in(where: str, written: list[Any], dtype: str) -> Any:
    kind = np.dtype(dtype).kind
    if kind == "O":
        found = np.empty(len(written), dtype=object)
        found[:] = [number_in(where, v) for v in written]
        return found
    read: Callable[[Any], Any] = _complex_in if kind == "c" else _float_in if kind == "f" else _int_in
    if kind == "b":
        read = _bit_in
    try:
        return np.array([read(v) for v in written], dtype=dtype)
    except (DamagedError, OverflowError) as error:
        raise DamagedError(f"{where} holds {error}") from error


def _bit_in(what: Any) -> bool:
    check(type(what) in (int, bool) and what in (0, 1), f"no bool: {what!r:.60}")
    return bool(what)


def _sparse_in(where: str, entries: Any, shape: Any, columns: Any, rows: Any) -> Any:
    from scipy.sparse import csr_array

    check(None not in (columns, rows) and len(shape) == 2, f"{where} is no sparse matrix")
    try:
        found = csr_array((entries, columns, rows), shape=tuple(shape))
        found.check_format()
    except (ValueError, IndexError) as error:
        raise DamagedError(f"{where} is no sparse matrix: {error}") from error
    return frozen_array(found)
