"""The works, by field: each module has `works(quick)`."""

from __future__ import annotations

import importlib

from benchmarks.arrays.work import Work

FIELDS = ("regression", "networks", "likelihoods", "forms")


def works(quick: bool = False) -> dict[str, Work]:
    """All works by name; quick ones are smaller."""
    found = [work for name in FIELDS for work in importlib.import_module(f"{__name__}.{name}").works(quick)]
    return {work.name: work for work in found}
