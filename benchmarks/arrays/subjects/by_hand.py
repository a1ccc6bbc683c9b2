"""NumPy by hand: what the work itself says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

from benchmarks.arrays.subjects.base import Subject
from benchmarks.arrays.work import PARTS, Arrays, Work


class ByHand(Subject):
    package = "numpy"

    def call(self, work: Work, data: Arrays, parts: Sequence[str]) -> Callable[[], Any]:
        calls = work.by_hand(SimpleNamespace(**{k: a if a.ndim else a.item() for k, a in data.items()}))
        asked = [calls[name] for name in work.quantities if PARTS[name] == tuple(parts)]
        if asked:
            return asked[0]
        return lambda: [call() for call in calls.values()]
