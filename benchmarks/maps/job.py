"""A job: the same figures by several subjects, each of which makes a call for every quantity."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Data = dict[str, Any]
Calls = dict[str, Callable[[], Any]]
Make = Callable[[Data], Calls]


@dataclass(frozen=True)
class Job:
    """One job that engineers bring.

    Parameters
    ----------
    name : str
        The sizes included.
    data : callable
        What all subjects are given.
    subjects : mapping
        From names to what makes the calls, by quantity: numbers, arrays and sparse matrices. "by hand" is what the
        others are held against: one compiled function of a stage, assembled by hand, or NumPy.
    packages : mapping
        From names of subjects to the package that each needs.
    reach : mapping
        From `quantity ÷ subject` to what it may be at most.
    ready : float
        The seconds that making and first calling everything may take.
    """

    name: str
    data: Callable[[], Data]
    subjects: Mapping[str, Make]
    quantities: tuple[str, ...]
    reach: Mapping[str, float]
    packages: Mapping[str, str] = field(default_factory=dict)
    ready: float | None = None
    tolerance: float = 1e-9
