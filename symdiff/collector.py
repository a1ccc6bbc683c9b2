"""Python's garbage collector, paused while a pass makes many nodes.

Nodes are tuples of numbers, which can be in no cycle; the collector looks at each of them all the same, and at
everything else again and again while they become more: a fifth of the time of a large Hessian, a sixth of compiling it.
"""

from __future__ import annotations

import gc


class Paused:
    """Keeps the collector from running inside `with`, and leaves it as it was before.

    >>> import gc
    >>> with Paused():
    ...     gc.isenabled()
    False
    >>> gc.isenabled()
    True
    """

    __slots__ = ("_was_running",)

    def __enter__(self) -> None:
        self._was_running = gc.isenabled()
        gc.disable()

    def __exit__(self, *error: object) -> None:
        if self._was_running:
            gc.enable()
