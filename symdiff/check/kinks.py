"""The kinks at a point, by name: where a convention says what a derivative is."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any, NamedTuple

import numpy as np

from symdiff.algebra.evaluate import node_values
from symdiff.algebra.notation.text import short
from symdiff.check.alone import applied, has_kink
from symdiff.check.methods import Case, Key
from symdiff.handle import Handle
from symdiff.ops import arrays

_EQUAL = 1e-12  # relative distance of eigenvalues that count as equal


class Kink(NamedTuple):
    """A node that has one, and what it is."""

    text: str
    variables: int  # variables on which it depends: a bit for each, by position


def kinks(case: Case) -> list[Kink]:
    """Comparisons with equal sides, where only the branch taken counts, and operations at a kink of their own."""
    found = [(node, f"the sides of {short(node)} are equal, only the branch taken counts") for node in _ties(case)]
    at_kinks = {(one.op, *map(repr, one.operands)) for one in applied(case) if has_kink(one)}
    if at_kinks:
        alike = [one for one in applied(case, repeated=True) if (one.op, *map(repr, one.operands)) in at_kinks]
        found += [(one.node, f"{short(one.node)}, {one.op.kinks}") for one in alike]
    found += [(node, f"{short(node)}, {node.op.kinks}") for node in _spectra(case)]
    held = _variables(case) if found else {}
    return [Kink(text, held[node]) for node, text in found]


def of_key(found: list[Kink], key: Key) -> str:
    """The kinks that a derivative meets, as text; those that its variables do not move do not count."""
    moved = sum(1 << k for k in set(key))
    return "; ".join(kink.text for kink in found if kink.variables & moved)


def _variables(case: Case) -> dict[Handle, int]:
    """The variables that each node depends on, as bits."""
    found = {v: 1 << k for k, v in enumerate(case.variables)}
    for node in case.f.nodes():
        if node not in found:
            found[node] = reduce(or_, [found[a] for a in node.args], 0)
    return found


def _ties(case: Case) -> list[Handle]:
    values = node_values(case.f, case.at(case.point))
    comparisons = [node for node in values if node.op is not None and node.op.boolean]
    return [node for node in comparisons if _equal([values[a] for a in node.args])]


def _equal(sides: list[Any]) -> bool:
    return len(sides) == 2 and np.asarray(sides[0]).dtype != bool and bool(np.any(sides[0] == sides[1]))


def _spectra(case: Case) -> list[Any]:
    """The nodes that are eigenvalues or singular values of which two are equal but for rounding; of these 0 is one."""
    found = []
    for node, values in node_values(case.f, case.at(case.point)).items():
        if node.op in (arrays.eigvalsh, arrays.svdvals):
            values = np.asarray(values)
            zeros = np.zeros((*values.shape[:-1], 1 if node.op is arrays.svdvals else 0))
            ordered = np.sort(np.concatenate([values, zeros], axis=-1))
            if np.any(np.diff(ordered) <= _EQUAL * np.max(np.abs(ordered), axis=-1, keepdims=True, initial=0.0)):
                found.append(node)
    return found
