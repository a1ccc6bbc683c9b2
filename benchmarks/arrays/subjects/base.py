"""What a subject is asked for."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from importlib import metadata
from typing import Any

import numpy as np

from benchmarks.arrays.work import Arrays, Work


class Subject:
    """A package that makes functions of arrays."""

    package = ""

    def version(self) -> str:
        return f"{self.package} {metadata.version(self.package)}"

    def fresh(self) -> Any:
        """A scope in which nothing is remembered of earlier runs."""
        return contextlib.nullcontext()

    def offers(self, work: Work, quantity: str) -> bool:
        """Whether the subject does that in seconds."""
        return True

    def call(self, work: Work, data: Arrays, parts: Sequence[str]) -> Callable[[], Any]:
        """A call that computes some of `value`, `gradient`, `hessian`, `jacobian` of the data together."""
        raise NotImplementedError

    def collect(self, work: Work, data: Arrays, parts: Sequence[str], result: Any) -> list[Any]:
        """The arrays in a result, by part and variable."""
        return arrays_in(result)


def arrays_in(result: Any) -> list[Any]:
    """The arrays in a nesting of lists and tuples; those of a sparse matrix are its entries and where these are."""
    if isinstance(result, (list, tuple)):
        return [array for one in result for array in arrays_in(one)]
    if hasattr(result, "tocsr"):
        matrix = result.tocsr()
        return [matrix.data, matrix.indices, matrix.indptr]
    return [np.asarray(result, dtype=float)]


def alone(parts: Sequence[Any]) -> Any:
    """One of these as it is, several as a list."""
    return parts[0] if len(parts) == 1 else list(parts)
