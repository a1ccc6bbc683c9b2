"""The subjects, one file a package; `load` gives the one of a name."""

from __future__ import annotations

import importlib
import importlib.util
from typing import Any

from benchmarks.case import NotAvailableError

# Subjects by name: the file here, its class, and the packages that it needs.
SUBJECTS = {
    "symdiff": ("symdiff", "Symdiff", ("symdiff",)),
    "symdiff llvm": ("symdiff", "SymdiffLlvm", ("symdiff", "llvmlite")),
    "symdiff numpy": ("symdiff", "SymdiffNumpy", ("symdiff",)),
    "symdiff python": ("symdiff", "SymdiffPython", ("symdiff",)),
    "casadi": ("casadi", "Casadi", ("casadi",)),
    "casadi C": ("casadi", "CasadiC", ("casadi",)),
    "symengine": ("symengine", "Symengine", ("symengine",)),
    "sympy": ("sympy", "Sympy", ("sympy",)),
    "jax": ("jax", "Jax", ("jax",)),
    "numba": ("numba", "Numba", ("numba", "sympy")),
    "objects": ("objects", "Objects", ()),
}


def installed(name: str) -> bool:
    """Whether the packages of a subject are there."""
    return all(importlib.util.find_spec(package) is not None for package in SUBJECTS[name][2])


def load(name: str) -> Any:
    """The subject of that name."""
    if not installed(name):
        raise NotAvailableError("not installed")
    module, cls, _ = SUBJECTS[name]
    return getattr(importlib.import_module(f"benchmarks.rivals.{module}"), cls)()
