"""What a backend is: a name, and a function `build(tape, options)` that makes a kernel of a lowered tape."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np

from symdiff.compile.tape import Tape
from symdiff.errors import SymdiffValueError
from symdiff.pickling import check

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Options(NamedTuple):
    """What a user asked for."""

    dtype: np.dtype[Any]  # precision of inputs, of every step and of results: float64 or float32
    accuracy: str = "default"  # accuracy of elementary functions: "high", to 1 ulp or so; "default", to 4
    singular: str = "nan"  # what a singular matrix is: "nan" in results, or "raise"
    points: bool = True  # whether single points are asked for: where not, their code is made when one is


def check_options(options: Any, backend: Any, threads: Any, name: Any) -> None:
    """Refuse what a pickle says that a user asked for, where nobody can have.

    Raises
    ------
    SymdiffValueError
        Naming what is wrong.
    """
    check(type(options) is Options and all(map(isinstance, options, (np.dtype, str, str, bool))), "it has no options")
    check(options.dtype.kind == "f" and options.dtype.itemsize in (4, 8), "it has no precision")
    check(type(backend) is type(name) is str and type(threads) is int and threads > 0, "it has no options")


class Unsupported(SymdiffValueError):  # noqa: N818  # verdict on a program
    """A backend that is not installed, or that can't do an operation; `auto` then takes another."""

    steps: Collection[int] = ()  # steps of the tape that it can't do, where it can do the others


class Kernel(Protocol):
    """A tape made runnable. Several threads may call it at once.

    The tape is a lowered one (`lower.py`): its constants are floats and bools,
    and no instruction has constants only. A slot of bools (`Tape.booleans`)
    counts as 0.0 or 1.0 where an operation takes numbers, and is a bool as a
    result. No floating-point exception shows, as a warning or otherwise.
    """

    name: str  # name of the backend

    @property
    def source(self) -> str:
        """The program as text."""

    @property
    def scalar(self) -> Callable[..., tuple[Any, ...]]:
        """The results at one point: floats, and bools. A faster function may come when it has been called."""

    def batch(self, inputs: Sequence[NDArray[Any]], outputs: Sequence[NDArray[Any]]) -> None:
        """Fill the outputs: an array for each slot of results, of `dtype` or bool.

        All arrays are of one dimension and one length (0 too), inputs of `dtype`,
        of any stride: negative ones, and 0 where an input is broadcast. Outputs
        overlap neither inputs nor one another. Works in blocks, so that memory
        does not grow with the length, and bit for bit as `scalar` does.
        """


class Backend(Protocol):
    """A module in `backends/`, or what another package registers there."""

    @property
    def name(self) -> str:
        """What `backend=` calls it; a module is called the same."""

    @property
    def rank(self) -> int:
        """Its place for `auto`, which takes the highest that is installed: python 0, numpy 1, llvm 2."""

    def installed(self) -> bool:
        """Whether it can be used here. This is asked often, so it is quick."""

    def build(self, tape: Tape, options: Options) -> Kernel:
        """The kernel of a lowered tape.

        Raises
        ------
        Unsupported
            With `steps`, those of the tape that it can't do, where others may do these.
        """
