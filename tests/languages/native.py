"""Generated C compiled by `cc` and called by ctypes."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from symdiff.nesting import flatten

WARNINGS = ["-std=c99", "-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-pedantic", "-Werror"]
CHECKED = ["-g", "-fsanitize=undefined", "-fno-sanitize-recover=undefined"]

needs_cc = pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler is installed")


def library(folder: Path, codes: Sequence[Any], options: Sequence[str] = ("-O1",)) -> Any:
    """One shared library of some functions."""
    sources = [str(code.write(folder)[0]) for code in codes]
    target = folder / "all.so"
    command = ["cc", *WARNINGS, *options, "-shared", "-fPIC", "-o", str(target), *sources, "-lm"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[:3000]
    return ctypes.CDLL(str(target))


def call(lib: Any, code: Any, args: Sequence[Any], sizes: Sequence[int], dtype: Any = float) -> list[Any]:
    """The outputs of a function, flat; the workspace holds nan to begin with."""
    given = [np.ascontiguousarray(a, dtype).ravel() for a in args]
    found = [np.full(max(n, 1), 7.5, dtype) for n in sizes]
    memory = [np.full(code.work, np.nan, dtype)] if code.work else []
    function = getattr(lib, code.name)
    assert function(*[ctypes.c_void_p(a.ctypes.data) for a in (*given, *found, *memory)]) == 0
    return [array[:n] for array, n in zip(found, sizes, strict=True)]


def entries(output: Any) -> np.ndarray[Any, Any]:
    """What an output of `sd.compile` is in C: numbers row by row."""
    parts = [
        part.data if hasattr(part, "tocsr") else np.asarray(part, float).ravel() for part in flatten_sparse(output)
    ]
    return np.concatenate([np.asarray(p, float) for p in parts]) if parts else np.zeros(0)


def flatten_sparse(output: Any) -> list[Any]:
    """The leaves of a nesting of results, arrays and sparse matrices whole."""
    if isinstance(output, (list, tuple)):
        return [leaf for one in output for leaf in flatten_sparse(one)]
    if isinstance(output, dict):
        return [leaf for one in output.values() for leaf in flatten_sparse(one)]
    return [output]


__all__ = ["CHECKED", "call", "entries", "flatten", "library", "needs_cc"]
