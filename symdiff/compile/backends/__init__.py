"""The backends: each module or folder beside this file is one, and others join by `register`.

A backend (`symdiff.compile.kernel.Backend`) says its `name`, which is also that of the module, its `rank` for
`auto`, whether it is `installed()`, and makes kernels by `build(tape, options)`.
"""

from __future__ import annotations

import functools
import importlib
import os
from typing import cast

from symdiff.compile.kernel import Backend, Unsupported
from symdiff.errors import SymdiffValueError

_registered: dict[str, Backend] = {}


@functools.cache
def _here() -> tuple[str, ...]:
    entries = [entry for folder in __path__ for entry in os.scandir(folder)]  # pkgutil takes longer
    names = [entry.name.partition(".")[0] for entry in entries if entry.is_dir() or entry.name.endswith(".py")]
    return tuple(sorted([name for name in names if name.isidentifier() and name[0] != "_"]))


def register(backend: Backend) -> None:
    """Add a backend, a module or an object, for `sd.compile(…, backend=name)` and, by its rank, for `auto`.

    Raises
    ------
    SymdiffValueError
        Where there is one of that name.
    """
    if backend.name in ("", "auto", *_here(), *_registered) or "+" in backend.name:
        raise SymdiffValueError(f"there is a backend {backend.name!r} already; give yours another name, without +")
    _registered[backend.name] = backend
    ranked.cache_clear()


def is_known(name: str) -> bool:
    """Whether there is a backend of that name."""
    return name in _registered or name in _here()


def named(name: str) -> Backend:
    """The backend of that name.

    Raises
    ------
    Unsupported
        Where there is none.
    """
    if name in _registered:
        return _registered[name]
    if name not in _here():
        raise Unsupported(f"the backend {name!r} is not part of this installation")
    return cast(Backend, importlib.import_module(f"{__name__}.{name}"))


@functools.cache
def ranked() -> tuple[Backend, ...]:
    """All backends, the highest rank first."""
    return tuple(sorted([named(name) for name in (*_here(), *_registered)], key=lambda backend: -backend.rank))
