"""A work: one function of arrays, written once for every subject and once by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

Arrays = dict[str, Any]
Calls = dict[str, Callable[[], Any]]

# What is asked for, by the name of the figure: the parts are computed by one call.
PARTS = {
    "value": ("value",),
    "gradient": ("gradient",),
    "hessian": ("hessian",),
    "jacobian": ("jacobian",),
    "sparse hessian": ("sparse hessian",),
    "value + gradient": ("value", "gradient"),
    "value + gradient + hessian": ("value", "gradient", "hessian"),
}


@dataclass(frozen=True)
class Work:
    """A function of arrays and its derivatives.

    Parameters
    ----------
    name : str
        The sizes included.
    data : callable
        The arguments by name; numbers are arrays without axes.
    formula : callable
        `formula(ns, v)` is the value, in a subject's functions `ns` of its variables `v.X`, `v.w`, ….
    by_hand : callable
        From the data to a call of no arguments for each quantity, written by somebody who knows NumPy. These are the
        values that all others are held against.
    by : names
        Of the variables that the gradient is by; the Hessian is by the first.
    quantities : keys of `PARTS`
    loss : callable
        `loss(ns, v, value)`, what is derived where the value is not a number.
    symmetric : names of variables that are symmetric matrices
    casadi : mapping
        From "SX" and "MX" to the quantities that CasADi does in seconds.
    scalars : quantities that today's scalar way, `f.expand()`, does in seconds
    rivals : subjects beside symdiff and NumPy by hand
    reach : mapping
        From `quantity ÷ subject` to what it may be at most.
    ready : float
        The seconds that deriving and compiling all quantities together may take.
    tolerance : of the largest error against the largest value
    """

    name: str
    data: Callable[[], Arrays]
    formula: Callable[[Any, SimpleNamespace], Any]
    by_hand: Callable[[SimpleNamespace], Calls]
    by: tuple[str, ...]
    quantities: tuple[str, ...] = ("value", "gradient", "hessian")
    loss: Callable[[Any, SimpleNamespace, Any], Any] = lambda ns, v, value: value
    symmetric: tuple[str, ...] = ()
    casadi: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    scalars: tuple[str, ...] = ()
    rivals: tuple[str, ...] = ("jax",)
    reach: Mapping[str, float] = field(default_factory=dict)
    ready: float = 0.06
    tolerance: float = 1e-9
