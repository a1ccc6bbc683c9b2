"""A progress bar for work that takes more than a second: on stderr, where that is a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

PATIENCE = 1.0  # delay before anything shows, in seconds
_WIDTH = 30


@contextmanager
def progress(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """Give a function that is told, now and then, how much of `total` is done.

    >>> with progress("compiling", 3) as done:
    ...     for k in range(3):
    ...         done(k + 1)
    """
    stream = sys.stderr
    if stream is None or not stream.isatty():
        yield lambda count: None
        return
    start = time.monotonic()
    shown = False

    def done(count: int) -> None:
        nonlocal shown
        elapsed = time.monotonic() - start
        if elapsed > PATIENCE:
            bar = "#" * (_WIDTH * count // max(total, 1))
            stream.write(f"\r{what} [{bar:<{_WIDTH}}] {100 * count // max(total, 1):3d} % {elapsed:.0f} s")
            stream.flush()
            shown = True

    try:
        yield done
    finally:
        if shown:
            stream.write("\n")
