"""The subjects, one file a package; `load` gives the one of a name."""

from __future__ import annotations

import importlib
import importlib.util

from benchmarks.arrays.subjects.base import Subject

# Subjects by name: the file here, its class, and the packages that it needs.
SUBJECTS = {
    "symdiff": ("symdiff", "Symdiff", ("symdiff",)),
    "by hand": ("by_hand", "ByHand", ("numpy",)),
    "jax": ("jax", "Jax", ("jax",)),
    "casadi SX": ("casadi", "CasadiSX", ("casadi",)),
    "casadi MX": ("casadi", "CasadiMX", ("casadi",)),
    "symdiff scalars": ("symdiff", "SymdiffScalars", ("symdiff",)),
}


def installed(name: str) -> bool:
    """Whether the packages of a subject are there."""
    return all(importlib.util.find_spec(package) is not None for package in SUBJECTS[name][2])


def load(name: str) -> Subject:
    """The subject of that name."""
    module, cls, _ = SUBJECTS[name]
    found: Subject = getattr(importlib.import_module(f"{__name__}.{module}"), cls)()
    return found
