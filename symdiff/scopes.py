"""Scopes: the graphs that `with` statements have made current in a thread, innermost last.

A signal may cut `__exit__` short before its first line. So a scope does not end there alone: it lasts as long as
its `with` statement holds the `__exit__` that Python looked up when it began.
"""

from __future__ import annotations

import weakref
from _thread import _local  # `threading.local`, whose module takes longer to import than this one
from collections.abc import Callable
from typing import Any

_UNHELD: Callable[[], object] = object  # answers for a scope entered by hand, which lasts until it is left


class Exit:
    """`__exit__` as one `with` statement, or one `ExitStack`, holds it."""

    __slots__ = ("__weakref__",)

    def __call__(self, *exc_info: object) -> None:
        thread.leave(self)


class Exits:
    """The attribute `__exit__` of what is a scope: another `Exit` each time it is looked up."""

    def __get__(self, instance: object, owner: type | None = None) -> Exit:
        looked_up = Exit()
        thread.asked = weakref.ref(looked_up)
        return looked_up


class Scopes(_local):
    """The scopes of a thread, and the graph that is current outside of them while it is alive."""

    def __init__(self) -> None:
        self.entered: list[tuple[Callable[[], object], Any]] = []  # holder, None once gone, and graph of each scope
        self.asked: Callable[[], object] = _UNHELD  # reference to the `__exit__` looked up last
        self.live: weakref.ref[Any] | None = None

    def enter(self, graph: Any) -> None:
        """Make a graph current until the `__exit__` just looked up is called, or nobody holds it any more."""
        holder = self.asked if self.asked() is not None else _UNHELD
        self.asked = _UNHELD
        self.entered.append((holder, graph))

    def leave(self, looked_up: Exit) -> None:
        """End the scope of an `__exit__`, or the innermost one that was entered by hand."""
        for k in range(len(self.entered) - 1, -1, -1):
            holder, _ = self.entered[k]
            if holder is _UNHELD or holder() is looked_up:
                del self.entered[k]
                return


thread = Scopes()
