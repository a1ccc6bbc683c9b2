"""The values on the way to a result, once at high precision: how large they are, and whether floats hold them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from symdiff.algebra.evaluate import bind, run
from symdiff.algebra.scalars_only import holds_arrays
from symdiff.check.bounds import check_size
from symdiff.check.methods import DIGITS, Case
from symdiff.graph import STATIC, VAR, Node
from symdiff.records import OPERATIONS


class Survey(NamedTuple):
    """What the numbers on the way to a value are like."""

    spread: int  # distance in bits between the largest and the smallest of them
    is_complex: bool
    leaves_range: bool  # flag: one is too large or too small for a float
    poles: bool  # flag: one is infinite, of a finite value
    complex_kink: str  # first operation with a kink that has a complex operand


def survey(case: Case) -> Survey:
    """One sweep over the values of all nodes.

    Raises
    ------
    BoundError, SymdiffTypeError
        Where numbers are too large to work with, and for an operation without mpmath.
    """
    import mpmath

    with mpmath.mp.workdps(DIGITS):
        swept = _values(case)
        numbers = [v for _, v in swept if not isinstance(v, bool) and mpmath.isfinite(v)]
        poles = any(not isinstance(v, bool) and mpmath.isinf(v) for _, v in swept)
        sizes = [abs(v) for v in numbers]
        magnitudes = [int(mpmath.mag(size)) for size in sizes if size]
        return Survey(
            spread=max(magnitudes, default=0) - min(magnitudes, default=0),
            is_complex=any(bool(getattr(v, "imag", 0)) for v in numbers),
            leaves_range=poles or any(m > 1024 or m <= -1022 for m in magnitudes),
            poles=poles,
            complex_kink=_complex_kink(swept),
        )


def _values(case: Case) -> list[tuple[Node, Any]]:
    """Every node of the program and its value, operands before users."""
    import mpmath

    bound = bind([case.f], case.at([mpmath.mpf(x) for x in case.point]), {})
    if holds_arrays(case.f):
        return _entries(bound.program.nodes, run(bound))
    values: list[Any] = []
    for k, node in enumerate(bound.program.nodes):
        if node[0] <= VAR:
            values.append(bound.values[k])
        else:
            operands = [values[j] for j in node[1:]]
            check_size(operands)
            values.append(bound.table[node[0]](*operands))
    return list(zip(bound.program.nodes, values, strict=True))


def _entries(nodes: Sequence[Node], values: Sequence[Any]) -> list[tuple[Node, Any]]:
    """The numbers of a program of arrays, as if each were a leaf."""
    found = [(node, value) for node, value in zip(nodes, values, strict=True) if node[0] != STATIC]
    return [(nodes[0], entry) for _, value in found for entry in np.asarray(value, dtype=object).ravel()]


def _complex_kink(swept: list[tuple[Node, Any]]) -> str:
    """The operation at which a rule for real numbers says nothing."""
    for node, _ in swept:
        if node[0] > VAR and OPERATIONS[node[0]].kinks and any(getattr(swept[j][1], "imag", 0) for j in node[1:]):
            return OPERATIONS[node[0]].name
    return ""
