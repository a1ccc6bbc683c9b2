"""A progress bar for what takes more than two seconds, where a person looks: on a terminal, in a notebook.

tqdm draws it where it is installed, else it is a line of text on stderr. What writes its errors into a file or a pipe
has none, and with `TQDM_DISABLE` in the environment nothing has. Of passes inside one another the outermost one shows.
"""

from __future__ import annotations

import importlib
import os
import sys
import time
from _thread import _local
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any, TypeVar

T = TypeVar("T")

PATIENCE = 2.0  # delay before anything shows, in seconds
MANY = 50_000  # number of items that take less than that in any pass
_STRIDE = 512  # items between looks at the clock
_WIDTH = 30

_thread = _local()  # its `busy` tells whether a pass of this thread is watched already


def watched(what: str, items: Iterable[T], total: int, each: int = 1) -> Iterable[T]:
    """The items of a pass, so many in all, in turn, while a bar says how far it is.

    `each`: how many items of a plain loop over nodes one of them is worth.

    >>> sum(watched("adding", range(100_000), 100_000))
    4999950000
    """
    if total * each < MANY or getattr(_thread, "busy", False) or not somebody_looks():
        return items
    return _counted(what, iter(items), total, max(_STRIDE // each, 1))


def _counted(what: str, items: Iterator[T], total: int, stride: int) -> Iterator[T]:
    with progress(what, total) as done:
        for count in range(0, total, stride):
            done(count)
            yield from islice(items, stride)
        done(total)


@contextmanager
def progress(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """Give a function that is told, now and then, how much of `total` is done.

    >>> with progress("compiling", 3) as done:
    ...     for k in range(3):
    ...         done(k + 1)
    """
    if getattr(_thread, "busy", False) or not somebody_looks():
        yield lambda count: None
        return
    start = time.monotonic()
    bar: Any = None

    def done(count: int) -> None:
        nonlocal bar
        if bar is None:
            if time.monotonic() - start < PATIENCE:
                return
            bar = _bar(what, total, start)
        bar.update(count - bar.n)

    _thread.busy = True
    try:
        yield done
    finally:
        _thread.busy = False
        if bar is not None:
            bar.close()


def somebody_looks() -> bool:
    """Whether there is a terminal or a notebook, in which bars are not unwanted."""
    if os.environ.get("TQDM_DISABLE", "") not in ("", "0"):
        return False
    stream = sys.stderr
    return "ipykernel" in sys.modules or (stream is not None and stream.isatty())


def _bar(what: str, total: int, start: float) -> Any:
    try:
        tqdm = importlib.import_module("tqdm.auto").tqdm
    except ImportError:
        return _TextBar(what, total, start)
    bar = tqdm(total=total, desc=what, leave=False)
    bar.start_t -= time.monotonic() - start  # count the time before it showed too
    return bar


class _TextBar:
    """What tqdm does, on one line of stderr."""

    def __init__(self, what: str, total: int, start: float) -> None:
        self.what, self.total, self.start, self.n = what, max(total, 1), start, 0
        self.shown = -1

    def update(self, more: int) -> None:
        self.n += more
        percent = 100 * self.n // self.total
        if percent != self.shown:
            self.shown = percent
            bar = "#" * (_WIDTH * self.n // self.total)
            sys.stderr.write(f"\r{self.what} [{bar:<{_WIDTH}}] {percent:3d} % {time.monotonic() - self.start:.0f} s")
            sys.stderr.flush()

    def close(self) -> None:
        sys.stderr.write("\n")
