"""Which backend a program gets."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

from symdiff.compile import backends
from symdiff.compile.kernel import Backend, Kernel, Options, Unsupported
from symdiff.compile.tape import Tape
from symdiff.errors import SymdiffTypeError, SymdiffValueError

AUTO = "auto"


def check_backend(backend: object) -> None:
    """Raise where there is no such backend."""
    if backend == AUTO:
        return
    if not isinstance(backend, str):
        raise SymdiffTypeError(f"a backend is a name, one of {_names()}, not {backend!r}")
    if not all(map(backends.is_known, backend.split("+"))):
        raise SymdiffValueError(f"there is no backend {backend!r}: take one of {_names()}")


def _names() -> str:
    return ", ".join([AUTO, *[backend.name for backend in reversed(backends.ranked())]])


def first_choice() -> str:
    """The name of the backend that `auto` asks first."""
    return next(one.name for one in backends.ranked() if one.installed())


def build(tape: Tape, options: Options, backend: str) -> Kernel:
    """The kernel of a lowered tape, `auto` being by the fastest backend that is installed and takes the program.

    Steps that it has no code for go by the next one; `a+b` means these two.
    One kernel serves scalar calls and batches, so that their bits agree.

    Raises
    ------
    Unsupported
        Where the backend that was asked for is not there, or can't run the program.
    """
    if backend != AUTO:
        return _built([backends.named(name) for name in backend.split("+")], tape, options)
    return _fastest([one for one in backends.ranked() if one.installed()], tape, options)


def _fastest(candidates: Sequence[Backend], tape: Tape, options: Options) -> Kernel:
    """The kernel by the first candidate that takes the program."""
    if len(candidates) > 1:
        with contextlib.suppress(Unsupported):  # skip it where it lacks this precision, say
            return _built(candidates, tape, options)
        return _fastest(candidates[1:], tape, options)
    return _built(candidates, tape, options)


def _built(candidates: Sequence[Backend], tape: Tape, options: Options) -> Kernel:
    """The kernel by the first candidate, the steps that it has no code for by those behind it."""
    first, *others = candidates
    try:
        return first.build(tape, options)
    except Unsupported as error:
        if not others or not error.steps:
            raise
        if len(error.steps) == len(tape.codes):
            return _fastest(others, tape, options)
        missing = error.steps
    from symdiff.compile.partition import shared

    kernel = shared(tape, options, missing, first.build, lambda part, _: _fastest(others, part, options))
    used = kernel.name.split("+")
    kernel.name = "+".join([one.name for one in candidates if one.name in used])  # order it: it may be asked for again
    return kernel
