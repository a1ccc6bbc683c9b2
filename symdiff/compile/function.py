"""What compiled functions have in common: what a user calls."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np

from symdiff.compile.arguments import Argument, CallSignature, holds_expressions
from symdiff.compile.results import Results
from symdiff.errors import SymdiffTypeError, SymdiffValueError
from symdiff.graph import Graph
from symdiff.handle import Handle
from symdiff.neighbours import labelled_by
from symdiff.shapes import Shape

if TYPE_CHECKING:
    from symdiff.compile.inlined_names import Names


class Function(ABC):
    """A compiled function, made by `sd.compile`.

    `F(3.0, 4.0)` gives floats in the nesting of the outputs, arrays where those
    are arrays and `scipy.sparse.csr_array` for sparse matrices. Arrays broadcast
    against each other; every result then has the axes of the batch in front, a
    sparse one being an object array of matrices. `out=` takes arrays in the same
    nesting, in which large results of programs of arrays are computed where they
    are apart from all arguments; `threads=` shares a batch among threads. Arguments go by name too:
    `F(x=3.0, y=4.0)`; of variables called `out` and `threads` the names are theirs
    where they are not given by position. Several threads may call it at once. It pickles, and its
    program is then built where it is first called.

    With expressions in place of numbers it gives expressions: `F(z, 2)` is the outputs with these in place of the
    inputs, exact whatever the precision, in the graph of the arguments. Series and tables of pandas and polars,
    DataArrays and dask arrays come back as what they are.

    Raises
    ------
    SymdiffTypeError, SymdiffValueError
        When it is called: for a wrong number, name, type or shape of arguments
        or of `out`, before anything is computed.
    """

    _arguments: Sequence[Argument]
    _threads: int
    _results: Results
    _name: str = ""
    _made_in: WeakKeyDictionary[Graph, int] | None = None  # calls with expressions by graph, to tell their names apart

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
        """The program as text, Python, or LLVM's intermediate representation; of two backends part by part."""

    @property
    @abstractmethod
    def operations(self) -> dict[str, Any]:
        """How often each operation is done, the most frequent first, of scalars as `sd.count_ops(outputs)` says.

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

    @property
    def __name__(self) -> str:
        """The name that it was given, else "f"."""
        return self._name or "f"

    # -- called by address ---------------------------------------------------------------

    @property
    def address(self) -> int:
        """The address of its native code, for whatever calls functions of C; it is there as long as the function is.

        A function of numbers whose result is one number is `double f(double, …)`. Any other is
        `int f(const double *in0, …, double *out0, …)`, as `sd.code` has it: every input by pointer, scalars too, arrays
        row-major; each output of the outer list flattened, sparse matrices as their entries row by row, conditions
        as 0 and 1; it returns 0, or 1 where memory lacked. All numbers are double, whatever `dtype` is. Inputs and
        outputs do not overlap. It takes no lock, holds no state and may be called by several threads at once.

        Raises
        ------
        SymdiffTypeError
            Where the program does not run as native code alone: `F.backend` is "llvm" where it does.

        >>> import symdiff as sd
        >>> x, y = sd.variables("x y")
        >>> F = sd.compile(x*sd.exp(y), [x, y])
        >>> F.ctypes(3.0, 0.0)  # doctest: +SKIP
        3.0
        """
        return int(self._native("").address)

    @property
    def ctypes(self) -> Any:
        """The same as a function of ctypes, which keeps the code alive; numba calls it too.

        Raises
        ------
        SymdiffTypeError
            As `address`.
        """
        return self._native("").ctypes

    def low_level_callable(self, kind: str = "quad") -> Any:
        """The same as a `scipy.LowLevelCallable`, which SciPy calls without Python; it keeps the code alive.

        Parameters
        ----------
        kind : {"quad", "filter"}
            For `scipy.integrate.quad` and its kin: `double f(double)` of one number, `double f(int, double *)` of
            several, the first of which is integrated over. For `scipy.ndimage.generic_filter`: the inputs are the
            entries of the window.

        Raises
        ------
        SymdiffTypeError, SymdiffValueError
            As `address`; for another kind, and for results that are not one number.
        """
        if kind not in ("quad", "filter"):
            raise SymdiffValueError(f"kind is 'quad' or 'filter', not {kind!r}")
        from scipy import LowLevelCallable

        return LowLevelCallable(self._native(kind).ctypes)

    def _native(self, kind: str) -> Any:
        """Native code of the signature that is asked for, "" for that of `address`."""
        raise SymdiffTypeError(
            f"{self!r} has no address: it does not run as native code alone. sd.code makes C of its expressions"
        )

    # -- arguments that are no numbers ---------------------------------------------------

    def _of_others(self, given: Sequence[Any], out: Any, threads: int) -> Any:
        """The results at expressions, or at arrays of neighbours."""
        if holds_expressions(given):
            return self._symbolic(given, out)
        from symdiff.compile.labelled import Leaves, call_labelled  # import late: numbers need none

        if out is not None:
            raise SymdiffTypeError("out takes arrays of NumPy's, and so do the arguments beside it: leave it out")
        call = Leaves(self, self._results, self._shapes_of_leaves(), threads)
        return call_labelled(call, self._arguments, self._results, given)

    def _symbolic(self, given: Sequence[Any], out: Any) -> Any:
        """The results at expressions, named where the function was."""
        from symdiff.compile.inlined_names import Names  # import late: numbers need none

        if out is not None:
            raise SymdiffTypeError("out takes numbers, and the results are expressions here: leave it out")
        if self._made_in is None:
            self._made_in = WeakKeyDictionary()
        names = Names(self._name, self._made_in)
        found = self._inlined(given, names)
        if self._name:
            self._name_results(found, names)
        return found

    def _name_results(self, found: Any, names: Names) -> None:
        """Give results that have no name that of the function."""
        labelled = zip(self._results.labels(), self._results.flat(found, "results"), strict=True)
        for label, v in labelled:
            if isinstance(v, Handle):
                names.give(v._graph, v._index, "_".join([self._name, *([label] if label else [])]))

    @abstractmethod
    def _inlined(self, given: Sequence[Any], names: Names) -> Any: ...

    @abstractmethod
    def _shapes_of_leaves(self) -> list[Shape]: ...

    def _options_of_calls(self) -> dict[str, Any]:
        """What a call takes beside the arguments, and its defaults."""
        return {"out": None, "threads": self._threads}

    @abstractmethod
    def _expressions(self) -> tuple[list[Any], Any]: ...

    def __copy__(self) -> Function:
        return self

    def __deepcopy__(self, memo: Any) -> Function:
        return self


def is_other(given: Sequence[Any]) -> bool:
    """Whether arguments are what `Function._of_others` is for; asked where they are no numbers."""
    return any(map(labelled_by, given)) or holds_expressions(given)


def check_threads(threads: Any) -> None:
    """Raise where threads are no count of them."""
    if not isinstance(threads, (int, np.integer)) or isinstance(threads, bool):
        raise SymdiffTypeError(f"threads is a whole number, not {threads!r}")
    if threads < 1:
        raise SymdiffValueError(f"threads is at least 1, not {threads}")
