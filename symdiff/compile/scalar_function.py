"""Compiled functions of scalars: one tape, whose kernel runs points and batches of points."""

from __future__ import annotations

import functools
import weakref
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from symdiff.compile import batch, choose
from symdiff.compile.arguments import (
    Argument,
    as_array,
    batch_shape,
    bound,
    check_arguments,
    columns,
    components,
    mirrored,
)
from symdiff.compile.first_calls import FirstCalls, start
from symdiff.compile.function import Function, check_threads, is_other
from symdiff.compile.kernel import Kernel, Options, Unsupported, check_options
from symdiff.compile.lower import lower
from symdiff.compile.program_slot import ProgramSlot
from symdiff.compile.results import (
    NUMBER,
    SPARSE,
    Leaf,
    Results,
    check_results,
    dressed,
    fresh,
    objects,
    symbolic,
    target,
)
from symdiff.compile.tape import Tape
from symdiff.errors import SymdiffTypeError
from symdiff.exact import to_float
from symdiff.graph import Graph, Variable
from symdiff.handle import handle
from symdiff.pickling import check
from symdiff.records import OPERATIONS
from symdiff.shapes import Shape

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from symdiff.compile.inlined_names import Names

_DOUBLE = np.dtype(np.float64)
_FLOAT = frozenset((float,))
_DOUBLES = frozenset((float, np.float64))
_NUMBERS = frozenset((int, float, bool, np.float64))


class ScalarFunction(ProgramSlot, Function):
    """A compiled function of variables and arrays of variables."""

    def __init__(
        self,
        tape: Tape,
        results: Results,
        arguments: tuple[Argument, ...],
        cells: tuple[tuple[str, Any], ...],
        options: Options,
        backend: str,
        threads: int = 1,
        chosen: str = "",
        name: str = "",
    ) -> None:
        self._tape = tape
        self._results = results
        self._arguments = arguments
        self._cells = cells
        self._options = options
        self._asked = backend
        self._chosen = chosen  # backend that "auto" was where the function was made
        self._threads, self._name = threads, name
        self._quick: Callable[[Sequence[float]], Any] | None = None  # variant of `_at` where all results are numbers
        self._single: Any = None  # what has `scalar` where the result is one number: a call less than by `_quick`
        self._kernel: Kernel | None = None
        self._shape: Shape | None = None  # that of the result where it is one array of numbers
        self._settled = False  # whether the shortest way from numbers to results is taken
        self._natives: dict[str, Any] = {}  # its code under signatures of C, by their kinds
        self._booleans: list[bool] = []
        self._arity = len(arguments) if all(a.shape is None for a in arguments) and options.dtype == np.float64 else -1

    # -- calls ---------------------------------------------------------------------------

    def __call__(self, /, *args: Any, **named: Any) -> Any:
        if len(args) == self._arity and not named:
            for a in args:
                if type(a) is not float:
                    break
            else:
                if self._single is not None:
                    return self._single.scalar(*args)[0]
                return self._at(args)
            if type(a) is np.ndarray and self._quick is not None:
                found = self._in_line(args, a.shape)
                if found is not None:
                    return found
            else:
                kinds = set(map(type, args))
                if kinds <= _DOUBLES and getattr(self._kernel, "reads_doubles", False):
                    return self._at(args)
                if kinds <= _NUMBERS:
                    return self._at(_as_floats(args))
        elif not named and len(args) == len(self._arguments):
            values = self._one_point(args)
            if values is not None:
                return self._at(values)
        own = {a.name for a in self._arguments[len(args) :]} if named else ()  # give way: a variable may be named `out`
        out = None if "out" in own else named.pop("out", None)
        return self._called(
            args, named, out, self._threads if "threads" in own else named.pop("threads", self._threads)
        )

    _in_python = __call__

    def _one_point(self, args: Sequence[Any]) -> list[float] | None:
        """All numbers of floats, lists of such and arrays that are used as they are, None for others, a batch too."""
        values: list[float] = []
        dtype = self._options.dtype
        for a, argument in zip(args, self._arguments, strict=True):
            if argument.shape is None and isinstance(a, float) and dtype is _DOUBLE:
                values.append(float(a))  # Python's, also of NumPy's
            elif type(a) is np.ndarray and a.dtype is dtype and a.shape == argument.shape:
                values += a.tolist() if a.ndim == 1 else a.ravel().tolist()
            elif (
                type(a) is list and argument.shape == (len(a),) and dtype is _DOUBLE and _FLOAT.issuperset(map(type, a))
            ):
                values += a
            else:
                return None
        return values

    def _in_line(self, args: Sequence[Any], shape: tuple[int, ...]) -> Any:
        """The results for arrays of one dimension that are used as they are, None for other arguments."""
        if len(shape) != 1 or (self._threads > 1 and shape[0] > batch.ALONE) or self._kernel is None:
            return None
        for a in args:
            if type(a) is not np.ndarray or a.dtype is not _DOUBLE or a.shape != shape:
                return None
        targets = [fresh(shape, bool if boolean else _DOUBLE) for boolean in self._booleans]
        if targets:
            self._kernel.batch(args, targets)
        return self._results.nested(targets)

    def _called(self, args: Sequence[Any], named: Mapping[str, Any], out: Any, threads: int) -> Any:
        check_threads(threads)
        arguments, dtype = self._arguments, self._options.dtype
        given = bound(arguments, args, named)
        arrays: list[NDArray[Any]] | None
        try:
            arrays = [as_array(a, value, dtype) for a, value in zip(arguments, given, strict=True)]
        except SymdiffTypeError:  # look for expressions and tables here: calls with numbers pay nothing
            if not is_other(given):
                raise
            arrays = None
        if arrays is None:
            return self._of_others(given, out, threads)
        shape = batch_shape(arguments, arrays)
        if out is None and shape == ():
            values: list[float] = []
            for array in arrays:
                values.extend(array.ravel().tolist())
            return self._at(values)
        kernel = self._kernel or self._ready()
        leaves = self._results.leaves
        kinds = [(shape + leaf.shape, bool if self._is_boolean(leaf) else dtype) for leaf in leaves]
        held: list[Any] = [None] * len(leaves)
        if out is not None:
            given = self._results.flat(out, "out")
            held = [target(leaf, *kind, array) for leaf, kind, array in zip(leaves, kinds, given, strict=True)]
        targets: list[NDArray[Any]] = []
        for kind, array in zip(kinds, held, strict=True):  # avoid writing over what is still to be read
            shared = array is None or any(np.may_share_memory(array, other) for other in (*arrays, *targets))
            targets.append(fresh(*kind) if shared else array)
        batch.run(kernel, components(arguments, arrays, shape), self._columns(targets), shape, threads)
        if out is None:
            return self._results.nested([dressed(leaf, a) for leaf, a in zip(leaves, targets, strict=True)])
        for array, found in zip(held, targets, strict=True):
            if array is not found:
                array[...] = found
        return out

    def _inlined(self, given: Sequence[Any], names: Names) -> Any:
        from symdiff.compile.inlining import inlined_tape  # import late: numbers need none

        below = mirrored(self._arguments, [key for _, key in self._cells])
        symmetric = {a.name for a in self._arguments if below.intersection(range(a.start, a.start + a.count))}
        return inlined_tape(self._tape, self._arguments, self._results, given, names, symmetric)

    def _shapes_of_leaves(self) -> list[Shape]:
        return [leaf.shape for leaf in self._results.leaves]

    def _at(self, values: Sequence[float]) -> Any:
        """The results at one point."""
        kernel = self._kernel or self._ready()
        found = self._nested_at(kernel, values) if self._quick is None else self._quick(values)
        if not self._settled and getattr(kernel, "writer", kernel) is not None:
            self._settle_nested(kernel)
        return found

    def _nested_at(self, kernel: Kernel, values: Sequence[float]) -> Any:
        results = self._results
        row = self._row(kernel, values)
        if self._shape is not None:
            return row if len(self._shape) == 1 else row.reshape(self._shape)
        leaves: list[Any] = []
        for leaf in results.leaves:
            start, count = leaf.start, leaf.count
            if leaf.kind == NUMBER:
                number = row.item(start)
                leaves.append(bool(number) if self._booleans[start] else number)
                continue
            # copy, so that no array keeps the others alive, or sees them change
            part = row if len(results.leaves) == 1 else row[start : start + count].copy()
            if count and self._booleans[start]:
                part = part.astype(bool)
            leaves.append(dressed(leaf, part if len(leaf.shape) == 1 else part.reshape(leaf.shape)))
        return results.nested(leaves)

    def _row(self, kernel: Kernel, values: Sequence[float]) -> NDArray[Any]:
        """All results at one point."""
        point = getattr(kernel, "point", None)
        if point is None or not self._booleans:
            return np.array(kernel.scalar(*values), self._options.dtype)
        row = np.empty(len(self._booleans), self._options.dtype)
        point(values, row)
        return row

    def _is_boolean(self, leaf: Leaf) -> bool:
        return leaf.count > 0 and self._booleans[leaf.start]

    def _columns(self, arrays: Sequence[NDArray[Any]]) -> list[NDArray[Any]]:
        """A view for each result, of the shape of the batch."""
        found: list[NDArray[Any]] = []
        for leaf, array in zip(self._results.leaves, arrays, strict=True):
            if leaf.kind == NUMBER:
                found.append(array)
            else:
                found.extend(columns(array, array.ndim - len(leaf.shape)))
        return found

    # -- what it is -----------------------------------------------------------------------

    def _ready(self) -> Kernel:
        """The kernel, built when it is first needed."""
        numeric = [False] * len(self._tape.outputs)
        kinds = self._tape.booleans()
        for leaf in self._results.leaves:  # unify arrays: each holds conditions or numbers
            span = range(leaf.start, leaf.start + leaf.count)
            mixed = leaf.kind == SPARSE or not all(kinds[self._tape.outputs[k]] for k in span)
            for k in span:
                numeric[k] = mixed
        lowered = lower(self._tape, self._options, numeric)
        booleans = lowered.booleans()
        self._booleans = [booleans[j] for j in lowered.outputs]
        first = start(lowered, self._options) if self._asked == choose.AUTO and not self._chosen else None
        if first is not None:
            later = functools.partial(choose.build, lowered, self._options, choose.AUTO)
            return self._made_ready(FirstCalls(*first, later, choose.first_choice()))
        try:
            kernel = choose.build(lowered, self._options, self._chosen or self._asked)
        except Unsupported:
            if not self._chosen:
                raise
            kernel = choose.build(lowered, self._options, self._asked)  # choose anew: a larger machine made the choice
        self._chosen = kernel.name
        return self._made_ready(kernel)

    def _made_ready(self, kernel: Kernel) -> Kernel:
        """The kernel, with the shortest ways to it."""
        self._kernel = kernel
        self._quick = _one_point(kernel, self._results)
        self._single = _Early(self, kernel) if self._results.plain == "one" and self._arity >= 0 else None
        array = self._results.array
        self._shape = None if array is None or self._is_boolean(array) else array.shape
        return kernel

    def _settle(self, kernel: Kernel) -> None:
        """Take the shortest way to the only number, once a kernel has its last one for single points."""
        self._single = kernel
        made = kernel.made if isinstance(kernel, FirstCalls) else kernel
        if hasattr(made, "program"):
            self.become(NumberFunction, "number", made.program())

    def _settle_nested(self, kernel: Kernel) -> None:
        """The same to any results: in C's terms where they and the arguments are numbers and arrays of these."""
        self._settled = True
        made: Any = kernel.made if isinstance(kernel, FirstCalls) else kernel
        write = getattr(made, "writer", None)
        if self._quick is not None:
            self.__dict__["_at"] = self._quick  # replace this method from now on
        elif write is not None and self._shape is not None and self._booleans:
            self.__dict__["_at"] = _writing(write, len(self._booleans), self._shape, self._options.dtype)
        if self._single is None and hasattr(made, "call") and self._is_flat():
            given = [-1 if a.shape is None else a.count for a in self._arguments]
            counts = [-1 if leaf.kind == NUMBER else leaf.count for leaf in self._results.leaves]
            makers = [functools.partial(np.empty, leaf.shape, _DOUBLE) for leaf in self._results.leaves]
            # keep the first where threads come here at once: another may call what its program points to already
            held = self.__dict__.setdefault("_held", made.call(given, counts, makers, self._results.flat_in))
            self.become(NestedFunction, "nested", held[0])

    def _is_flat(self) -> bool:
        """Whether arguments are floats and arrays of one dimension, and results numbers and arrays of floats."""
        if self._results.flat_in is None or self._options.dtype is not _DOUBLE:
            return False
        if any(a.whole or (a.shape is not None and len(a.shape) != 1) for a in self._arguments):
            return False
        return not any(leaf.kind != NUMBER and self._is_boolean(leaf) for leaf in self._results.leaves)

    def _native(self, kind: str) -> Any:
        kernel: Any = self._kernel or self._ready()
        kernel = kernel.made if isinstance(kernel, FirstCalls) else kernel
        if not hasattr(kernel, "native"):
            return super()._native(kind)
        one = self._results.plain == "one"
        if kind and not one:
            raise SymdiffTypeError(f"SciPy calls functions of one result: compile one expression, not {self!r}")
        inputs = [a.count for a in self._arguments]
        of_numbers = all(a.shape is None for a in self._arguments)
        single = "numbers" if of_numbers and one else "arrays"
        of_one = "numbers" if of_numbers and len(inputs) == 1 else "packed"
        signature = {"": single, "filter": "window", "quad": of_one}[kind]
        found = self._natives.get(signature)
        if found is None:
            found = self._natives[signature] = kernel.native(signature, inputs, self._results.counts())
        return found

    @property
    def backend(self) -> str:
        """The backend that runs it; of two, "llvm+numpy", the second does what the first has no code for."""
        return (self._kernel or self._ready()).name

    @property
    def source(self) -> str:
        """The program, in Python or LLVM's intermediate representation; of two backends part by part."""
        return (self._kernel or self._ready()).source

    @property
    def operations(self) -> dict[str, int]:
        """How often each operation is done, the most frequent first; as `sd.count_ops(outputs)`."""
        counts = Counter(OPERATIONS[code].name for code in self._tape.codes)
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

    def _expressions(self) -> tuple[list[Any], Any]:
        tape, graph = self._tape, Graph(simplify=False)
        slots = [graph.var(Variable(name, key)) for name, key in self._cells]
        slots.extend([graph.const(value) for value in tape.constants])
        for code, operands in zip(tape.codes, tape.operands, strict=True):
            slots.append(graph.intern((code, *[slots[j] for j in operands])))
        variables = [handle(graph, slots[k]) for k in range(tape.arity)]
        inputs = [
            variables[a.start] if a.shape is None else objects(variables[a.start : a.start + a.count], a.shape)
            for a in self._arguments
        ]
        values = [handle(graph, slots[j]) for j in tape.outputs]
        return inputs, self._results.nested([symbolic(leaf, values) for leaf in self._results.leaves])

    def __repr__(self) -> str:
        names = ", ".join([a.name for a in self._arguments][:10]) + ", …" * (len(self._arguments) > 10)
        backend = self._kernel.name if self._kernel is not None else "not built yet"
        return f"<Function of ({names}): {len(self._tape.codes)} operations, {backend}>"

    # -- copies ------------------------------------------------------------------------------

    def __reduce__(self) -> tuple[Any, ...]:
        state = (self._tape, self._results, self._arguments, self._cells, self._options, self._asked, self._threads)
        return _restored, (*state, self._chosen, self._name)


class NumberFunction(ScalarFunction):
    """A function of numbers whose result is one number, called in C's terms; see `ProgramSlot.become`."""

    __slots__ = ()


class NestedFunction(ScalarFunction):
    """A function of numbers and arrays of one dimension, called in C's terms: its results are numbers and arrays."""

    __slots__ = ()


NumberFunction.__doc__ = NestedFunction.__doc__ = ScalarFunction.__doc__  # nobody has to know which one it is


class _Early:
    """A kernel until it has its last way for single points."""

    def __init__(self, function: ScalarFunction, kernel: Kernel) -> None:
        self._function = weakref.ref(function)
        self._kernel = kernel

    def scalar(self, *values: float) -> tuple[Any, ...]:
        """The results at one point."""
        found = self._kernel.scalar(*values)
        function = self._function()
        if function is not None and "scalar" in vars(self._kernel):
            function._settle(self._kernel)
        return found


def _restored(tape: Any, results: Any, arguments: Any, cells: Any, options: Any, *asked: Any) -> ScalarFunction:
    """A function from a pickle, checked."""
    check(isinstance(tape, Tape) and len(asked) == 4 and type(asked[2]) is str, "it holds no program")
    check_results(results, len(tape.outputs))
    check_arguments(arguments, tape.arity)
    check_options(options, asked[0], asked[1], asked[3])
    named = type(cells) is tuple and len(cells) == tape.arity and all(type(cell) is tuple for cell in cells)
    check(named and all(len(cell) == 2 and type(cell[0]) is str for cell in cells), "its inputs are no variables")
    backend, threads, chosen, name = asked
    return ScalarFunction(tape, results, arguments, cells, options, backend, threads, chosen, name)


def _as_floats(values: Sequence[Any]) -> list[float]:
    """Numbers as floats; what is too large for one is infinite."""
    try:
        return list(map(float, values))
    except OverflowError:
        return [float(to_float(v)) for v in values]


def _writing(
    write: Callable[..., None], length: int, shape: Any, dtype: np.dtype[Any]
) -> Callable[[Sequence[float]], NDArray[Any]]:
    """The shortest way from numbers to one array."""
    empty = functools.partial(np.empty, length, dtype)

    def row(values: Sequence[float]) -> NDArray[Any]:
        found = empty()
        write(found, *values)
        return found

    return row if len(shape) == 1 else lambda values: row(values).reshape(shape)


def _one_point(kernel: Kernel, results: Results) -> Callable[[Sequence[float]], Any] | None:
    """The fastest way from numbers to a nesting of numbers, None where there are arrays."""
    if results.plain == "one":
        return lambda values: kernel.scalar(*values)[0]
    if results.plain == "list":
        return lambda values: list(kernel.scalar(*values))
    if results.plain == "tuple":
        return lambda values: kernel.scalar(*values)
    written = results.written()
    return None if written is None else lambda values: written(*kernel.scalar(*values))
