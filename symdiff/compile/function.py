"""What compiled functions have in common: what a user calls."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

import numpy as np

from symdiff.compile.arguments import Argument, CallSignature
from symdiff.errors import SymdiffTypeError, SymdiffValueError


class Function(ABC):
    """A compiled function, made by `sd.compile`.

    `F(3.0, 4.0)` gives floats in the nesting of the outputs, arrays where those
    are arrays and `scipy.sparse.csr_array` for sparse matrices. Arrays broadcast
    against each other; every result then has the axes of the batch in front, a
    sparse one being an object array of matrices. `out=` takes arrays in the same
    nesting, `threads=` shares a batch among threads. Arguments go by name too:
    `F(x=3.0, y=4.0)`; of variables called `out` and `threads` the names are theirs
    where they are not given by position. Several threads may call it at once. It pickles, and its
    program is then built where it is first called.

    Raises
    ------
    SymdiffTypeError, SymdiffValueError
        When it is called: for a wrong number, name, type or shape of arguments
        or of `out`, before anything is computed.
    """

    _arguments: Sequence[Argument]
    _threads: int

    __signature__ = CallSignature()

    @abstractmethod
    def __call__(self, /, *args: Any, **named: Any) -> Any: ...

    @property
    @abstractmethod
    def backend(self) -> str:
        """The backend that runs it; of two, "llvm+numpy", the second does what the first has no code for."""

    @property
    @abstractmethod
    def source(self) -> str:
        """The program as text: Python, or LLVM's intermediate representation; of two backends part by part."""

    @property
    @abstractmethod
    def operations(self) -> dict[str, Any]:
        """How often each operation is done, the most frequent first: of scalars as `sd.count_ops(outputs)` says.

        Of arrays, operations on single numbers are counted, as formulas where sizes have names.
        """

    @property
    def inputs(self) -> list[Any]:
        """The variables and arrays of variables that it takes, in a graph of their own."""
        return self._expressions()[0]

    @property
    def outputs(self) -> Any:
        """The nesting of expressions that it computes, in a graph of their own."""
        return self._expressions()[1]

    @abstractmethod
    def _expressions(self) -> tuple[list[Any], Any]: ...

    def __copy__(self) -> Function:
        return self

    def __deepcopy__(self, memo: Any) -> Function:
        return self


def check_threads(threads: Any) -> None:
    """Raise where threads are no count of them."""
    if not isinstance(threads, (int, np.integer)) or isinstance(threads, bool):
        raise SymdiffTypeError(f"threads is a whole number, not {threads!r}")
    if threads < 1:
        raise SymdiffValueError(f"threads is at least 1, not {threads}")
