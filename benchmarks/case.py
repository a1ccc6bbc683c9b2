"""A case: one piece of work, written once for every rival, with the values it has to give."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np


class NotAvailableError(Exception):
    """The subject does not offer what the case asks for; the table says so."""


class Problem(NamedTuple):
    """A formula in one rival's own objects."""

    outputs: Any
    inputs: Any
    parameters: Any = ()  # further inputs, by which nothing is derived


@dataclass(frozen=True)
class Case:
    """A piece of work.

    Parameters
    ----------
    workload, name : str
    measure : str
        What is done and timed: a function of `benchmarks.measures`.
    build : callable
        From a rival to its `Problem`; usually `formula(write, count)`.
    point : callable
        The values of the inputs at which derivatives are checked, shape (inputs,), or (inputs, points) for batches.
    expected : callable
        The right values there, flat, found without symdiff and without the formula's builder.
    derive : str
        What is derived: a method of `benchmarks.rivals.base.Rival`.
    order : int
        Of the derivatives.
    rivals : names of the rivals that can do it at all
    targets : what is to be reached, by figure
    tolerance : of the relative error, against the largest value
    prepare : what is done before the clock starts
    """

    workload: str
    name: str
    measure: str
    build: Callable[[Any], Problem]
    point: Callable[[], Any]
    expected: Callable[[], Any]
    derive: str = "gradient"
    order: int = 1
    rivals: tuple[str, ...] = ()
    targets: Mapping[str, float] = field(default_factory=dict)
    tolerance: float = 1e-9
    prepare: Callable[[], object] = lambda: None

    def error(self, values: Any) -> float:
        """How far values are from the right ones: inf where they are of another shape."""
        expected = np.asarray(self.expected(), dtype=float)
        values = np.asarray(values, dtype=float)
        if values.shape != expected.shape:
            return float("inf")
        difference = np.max(np.abs(values - expected), initial=0.0)
        return float(difference / max(np.max(np.abs(expected), initial=0.0), 1e-300))


def formula(write: Callable[[Any, Any], Any], count: int) -> Callable[[Any], Problem]:
    """A builder: `write(ns, inputs)` gives the outputs, with functions such as `ns.sin`."""
    return lambda rival: rival.build(write, count)
