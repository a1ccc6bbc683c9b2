"""The work: one file a workload, each with `cases(quick)`."""

from __future__ import annotations

import importlib

from benchmarks.case import Case

NAMES = (
    "tower",
    "rosenbrock",
    "mlp",
    "chain",
    "harmonics",
    "mixture",
    "pendulum",
    "black_scholes",
    "ackley",
    "rational",
    "scalar",
)


def cases(name: str, quick: bool = False) -> list[Case]:
    """The cases of a workload; quick ones are smaller."""
    found: list[Case] = importlib.import_module(f"benchmarks.workloads.{name}").cases(quick)
    return found


def case(workload: str, name: str, quick: bool = False) -> Case:
    """One of them, by its name."""
    return next(one for one in cases(workload, quick) if one.name == name)
