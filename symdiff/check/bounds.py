"""What bounds a cross-check: the size of numbers, the precision and the time it may take.

High precision makes some questions endless: sin(exp(x)) at 1e6 asks for the digits of pi up to the
millionth bit, polygamma far left for as many terms as the operand is large. Each bound ends the work with
an error that says which it was, and the report says so.
"""

from __future__ import annotations

import ctypes
import gc
import math
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

from symdiff.errors import SymdiffError

MAGNITUDE = 1 << 16  # size limit of an operand, in bits before the point: so many digits of pi take a tenth of a second
PRECISION = 20_000  # limit of precision, in bits: a transcendental function takes a tenth of a second
SECONDS = 10.0  # processor time for all that takes high precision at one point
SURVEY_SECONDS = 2.0  # share of it for one evaluation, of which the reference takes a dozen
SYMPY_SECONDS = 10.0  # processor time for SymPy at all points together
SYMPY_QUANTITY_SECONDS = 2.0  # share of it for one derivative
AGAIN = 0.5  # processor time after which what caught the end, as a bare `except` of mpmath's does, is ended once more
SYMPY_NODES = 1000  # size limit of graphs for SymPy, in nodes: derivatives of larger ones take it too long
QUANTITIES = 500  # limit of compared quantities; more are reported only
WORK = 150_000  # limit of compared nodes times quantities; all first derivatives are compared in any case
SWEPT = 1_000_000  # limit of variables times nodes of methods that go over the graph for each variable: half a minute
ALONE = 300  # limit of operations judged alone, from the bottom of the graph

_FINALIZERS = ("weakref", "_weakrefset")  # modules whose functions the interpreter calls for things that are gone


class BoundError(SymdiffError):
    """A bound of the cross-check was reached."""


class SizeError(BoundError):
    """A number is too large to compute with."""


class _Withdrawn(BaseException):
    """The time was up too late to matter."""


class _TimeIsUp(BaseException):
    """Raised in the thread that works, from the one that watches it."""


class Budget:
    """Processor time that several pieces of work share."""

    def __init__(self, seconds: float, what: str) -> None:
        self.left = seconds
        self.what = f"{what} takes too long, more than its part of {seconds:g} seconds"

    @contextmanager
    def spend(self, most: float = math.inf) -> Iterator[None]:
        """End what runs inside once the budget is used up, or so many seconds of it.

        Raises
        ------
        BoundError
            Where there was no time left, or what runs inside used it up.
        """
        import mpmath

        if self.left <= 0:
            raise BoundError(self.what)
        start, precision = time.process_time(), mpmath.mp.prec
        try:
            with _watched(min(self.left, most)):
                yield
        except _TimeIsUp:
            self.left = 0.0
            mpmath.mp.prec = precision  # restore a global of mpmath's, wherever it was interrupted
            raise BoundError(self.what) from None
        finally:
            self.left -= time.process_time() - start


@contextmanager
def _watched(seconds: float) -> Iterator[None]:
    """Raise `_TimeIsUp` inside once so much processor time has passed, wherever the interpreter is then.

    Only an exception from another thread ends a loop in a library.
    """
    worker, end = threading.get_ident(), time.process_time() + seconds
    finalizers = _finalizers(sys._getframe())  # which the work itself is a part of
    finished, lock, raised = threading.Event(), threading.Lock(), threading.Event()

    def watch() -> None:
        nonlocal end
        while not finished.wait(max(end - time.process_time(), 0.001)):
            with lock:
                if time.process_time() < end or finished.is_set():
                    continue
                if _finalizers(sys._current_frames().get(worker)) <= finalizers:
                    raised.set()
                    _raise_in(worker, _TimeIsUp)
                    end = time.process_time() + AGAIN

    watcher = threading.Thread(target=watch, name="crosscheck's clock", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        _ended(worker, finished, lock, raised)


def _finalizers(frame: FrameType | None) -> int:
    """Count the finalizers that run in a frame and below: an error would end the last one alone, not the work.

    CPython calls finalizers wherever it frees something, writes what they raise to `sys.unraisablehook` and drops it;
    functions that want to know of its garbage collections as well.
    """
    codes = [getattr(callback, "__code__", None) for callback in gc.callbacks]
    count = 0
    while frame is not None:
        code = frame.f_code
        count += code.co_name == "__del__" or code in codes or frame.f_globals.get("__name__") in _FINALIZERS
        frame = frame.f_back
    return count


def _ended(worker: int, finished: threading.Event, lock: threading.Lock, raised: threading.Event) -> None:
    """Stop the clock, and withdraw what it has raised where the work ended by itself before that came."""
    while not finished.is_set():
        with suppress(_TimeIsUp), lock:  # stop it once more where it was raised on the way here
            finished.set()
    with suppress(_TimeIsUp):
        if raised.is_set():
            _withdraw(worker)


def _withdraw(worker: int) -> None:
    """Put another error in its place and catch that.

    CPython 3.11 takes one that is withdrawn by NULL for one to come for good: from then on every call and loop of the
    process looks for it, and a trace function never gets beyond the first.
    """
    try:
        _raise_in(worker, _Withdrawn)
        while True:
            time.sleep(0)
    except _Withdrawn:
        return


def _raise_in(thread: int, error: type[BaseException]) -> None:
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(error))


def check_size(operands: Iterable[Any]) -> None:
    """Make sure that no operand is so large that its own digits are the work.

    Raises
    ------
    SizeError
        Where one is.
    """
    import mpmath

    for operand in operands:
        if not isinstance(operand, bool) and mpmath.isfinite(operand) and mpmath.mag(operand) > MAGNITUDE:
            raise SizeError(f"numbers on the way have more than {MAGNITUDE:,} bits before the point")
