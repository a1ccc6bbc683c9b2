"""Compiled functions of arrays: NumPy's code over arrays of the variables' shapes, axes of a batch in front."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symdiff.algebra.array_costs import scalar_operations
from symdiff.algebra.least_sizes import check_sizes, least_sizes
from symdiff.algebra.operation_counts import operations
from symdiff.compile.arguments import Argument, batch_shape, bound, check_arguments, converted
from symdiff.compile.array_programs.array_batches import Batches, run_in_pieces
from symdiff.compile.array_programs.array_body import BUILTINS, Body
from symdiff.compile.array_programs.array_known import RESERVED
from symdiff.compile.array_programs.array_out import are_apart, cannot_fail
from symdiff.compile.array_programs.array_source import ArraySource
from symdiff.compile.array_programs.block_results import matrices
from symdiff.compile.function import Function, check_threads, is_other
from symdiff.compile.inlined_names import Names
from symdiff.compile.kernel import Options, check_options
from symdiff.compile.memory import pooled
from symdiff.compile.quiet import quietly
from symdiff.compile.results import BLOCKS, NUMBER, SPARSE, Results, check_results, dressed, objects, symbolic, target
from symdiff.compile.tape import check_lacking
from symdiff.errors import SymdiffTypeError, SymdiffValueError
from symdiff.graph import VAR, Graph, check_namesakes
from symdiff.handle import Handle, handle, restored
from symdiff.locks import computed
from symdiff.ops.arrays import infer
from symdiff.pickling import check
from symdiff.shapes import Shape, bind, named

_COPIED = 1 << 16  # entries: smaller results are copied into `out` sooner than it is seen what else is in its memory


def function_of_arrays(
    graph: Graph,
    roots: Sequence[int],
    results: Results,
    arguments: Sequence[Argument],
    variables: Sequence[Any],
    options: Options,
    backend: str,
    threads: int,
    name: str,
) -> ArrayFunction:
    """The function of nodes of a graph that holds arrays, not ready to be called."""
    own = Graph()
    own.hold_arrays(infer)
    outputs = own.adopt(graph, roots)
    inputs = [_variable(own, graph, v) for v in variables]
    results.values = []
    function = ArrayFunction(own, outputs, inputs, results, tuple(arguments), options, backend, threads, name)
    function._check_inputs()
    return function


def _variable(own: Graph, graph: Graph, variable: Any) -> int:
    """A variable in the graph of the function; one that no output holds is put there."""
    if isinstance(variable, Handle):
        return own.adopt(variable._graph, [variable._index])[0]
    found = graph.named(variable)
    if found is None:
        raise SymdiffValueError(f"there is no variable {variable}: give the variable itself, not its name")
    return own.adopt(graph, [found])[0]


class ArrayFunction(Function):
    """A compiled function of array variables, scalar variables and arrays of these."""

    def __init__(
        self,
        graph: Graph,
        outputs: Sequence[int],
        inputs: Sequence[int],
        results: Results,
        arguments: tuple[Argument, ...],
        options: Options,
        backend: str,
        threads: int = 1,
        name: str = "",
    ) -> None:
        self._graph, self._roots, self._inputs = graph, tuple(outputs), tuple(inputs)
        self._results, self._options, self._asked = results, options, backend
        self._threads, self._name = threads, name
        self._arguments = tuple([_shaped(graph, a, inputs) for a in arguments])
        self._least = least_sizes(graph, graph.cone(outputs))
        self._run: Callable[..., Any] | None = None
        self._at_once: Callable[..., Any] | None = None
        self._calling: Callable[..., Any] = quietly
        self._plain = results.plain == "one" and results.leaves[0].kind == NUMBER
        self._shapes = [graph.shapes.get(i, ()) for i in outputs]
        self._dtypes: list[np.dtype[Any]] = []  # of the results, known where the code is
        self._batches: dict[tuple[bool, ...], tuple[Batches, Callable[..., Any]]] = {}

    # -- calls ---------------------------------------------------------------------------

    def __call__(self, /, *args: Any, **named_args: Any) -> Any:
        if not named_args and len(args) == len(self._arguments):
            if self._at_once is None:
                self._ready()
            found = self._at_once(*args)  # type: ignore[misc]
            if found is not None:
                return found[0] if self._plain else self._nested(found, args)
        own = {a.name for a in self._arguments[len(args) :]} if named_args else ()
        out = None if "out" in own else named_args.pop("out", None)
        threads = self._threads if "threads" in own else named_args.pop("threads", self._threads)
        return self._called(args, named_args, out, threads)

    def _called(self, args: Sequence[Any], named_args: Mapping[str, Any], out: Any, threads: int) -> Any:
        check_threads(threads)
        given = bound(self._arguments, args, named_args)
        arrays: list[NDArray[Any]] | None
        try:
            arrays = [converted(a, value, self._options.dtype) for a, value in zip(self._arguments, given, strict=True)]
        except SymdiffTypeError:  # look for expressions and tables here: calls with numbers pay nothing
            if not is_other(given):
                raise
            arrays = None
        if arrays is None:
            return self._of_others(given, out, threads)
        sizes = self._sizes(arrays)  # refuse those that do not fit
        shape = batch_shape(self._arguments, arrays)
        run = self._run or self._ready()
        if out is not None and not shape and self._written_straight(arrays, sizes, out):
            return out
        values = (
            self._batch(arrays, shape, threads)
            if shape
            else self._calling(run, [a if a.ndim else a.item() for a in arrays])
        )
        return self._nested(values, arrays, shape) if out is None else self._written(values, out)

    def _inlined(self, given: Sequence[Any], names: Names) -> Any:
        from symdiff.compile.inlining import Arrays, inlined_arrays  # import late: numbers need none

        program = Arrays(self._graph, self._roots, self._inputs, self._arguments)
        return inlined_arrays(program, self._results, given, names)

    def _shapes_of_leaves(self) -> list[Shape]:
        leaves = self._results.leaves
        return [self._shapes[leaf.start] if leaf.kind == NUMBER else leaf.shape for leaf in leaves]

    def _batch(self, arrays: Sequence[NDArray[Any]], shape: tuple[int, ...], threads: int) -> list[Any]:
        """The results at all points, the axes of the batch in front: by one program for all of them."""
        count = math.prod(shape)
        if not count:
            spread = [
                np.broadcast_to(array, shape + array.shape[array.ndim - len(a.core) :])
                for a, array in zip(self._arguments, arrays, strict=True)
            ]
            sizes = self._sizes(spread)
            return [
                np.empty(shape + _bound(s, sizes), dtype) for s, dtype in zip(self._shapes, self._dtypes, strict=True)
            ]
        moving = tuple([a.ndim > len(own.core) for own, a in zip(self._arguments, arrays, strict=True)])
        batches, inner = self._batched(moving)
        flat: list[Any] = []
        for own, array, moves in zip(self._arguments, arrays, moving, strict=True):
            core = array.shape[array.ndim - len(own.core) :]
            if moves:
                flat.append(np.broadcast_to(array, shape + core).reshape(count, *core))
            else:
                flat.append(array if array.ndim else array.item())
        piece = batches.piece(self._sizes(arrays))
        found = run_in_pieces(lambda *args: self._calling(inner, args), flat, moving, count, piece, threads)
        return [
            v.reshape(shape + v.shape[1:]).astype(dtype, copy=False)
            for v, dtype in zip(found, self._dtypes, strict=True)
        ]

    def _batched(self, moving: tuple[bool, ...]) -> tuple[Batches, Callable[..., Any]]:
        """The program of a batch in which these arguments have axes in front, made when it is first needed."""
        found = self._batches.get(moving)
        if found is None:
            batches = Batches(self._graph, self._roots, self._inputs, self._arguments, moving)
            results = Results([handle(batches.graph, i) for i in batches.roots])
            inner = ArrayFunction(
                batches.graph,
                batches.roots,
                batches.inputs,
                results,
                tuple(batches.arguments),
                self._options,
                self._asked,
            )
            found = self._batches[moving] = batches, inner._ready()
        return found

    def _leaves(self, values: Sequence[Any]) -> list[Any]:
        """The leaves of the nesting but for matrices of blocks; arrays of numbers are put together of these."""
        leaves: list[Any] = []
        for leaf in self._results.leaves:
            if leaf.kind in (NUMBER, BLOCKS):
                leaves.append(values[leaf.start] if leaf.kind == NUMBER else None)
                continue
            own = slice(leaf.start, leaf.start + leaf.count)
            entries = [np.asarray(v, dtype) for v, dtype in zip(values[own], self._dtypes[own], strict=True)]
            array = np.stack(entries, axis=-1) if entries else np.empty(0, self._options.dtype)
            leaves.append(dressed(leaf, array.reshape(array.shape[:-1] + leaf.shape)))
        return leaves

    def _nested(self, values: Sequence[Any], arguments: Sequence[Any], batch: tuple[int, ...] = ()) -> Any:
        leaves = self._leaves(values)
        for k, leaf in enumerate(self._results.leaves):
            if leaf.kind == BLOCKS:
                sizes = self._sizes(arguments) if leaf.matrix.has_names else {}
                own = values[leaf.start : leaf.start + leaf.count]
                leaves[k] = matrices(leaf.matrix, own, sizes, batch)
        return self._results.nested(leaves)

    def _sizes(self, arguments: Sequence[Any]) -> dict[str, int]:
        """The numbers behind named sizes, as arguments bring them."""
        sizes: dict[str, int] = {}
        for argument, array in zip(self._arguments, arguments, strict=True):
            if argument.core:
                bind(argument.name, argument.core, np.shape(array), sizes)
        if self._least:
            check_sizes(self._graph, self._least, sizes)
        return sizes

    def _written_straight(self, operands: Sequence[NDArray[Any]], sizes: Mapping[str, int], out: Any) -> bool:
        """Write the results into the arrays of `out` as they are computed, where that can be done and helps."""
        shapes = [_bound(shape, sizes) for shape in self._shapes]
        run = self._into if max(map(math.prod, shapes), default=0) >= _COPIED else None
        if run is None:
            return False
        leaves = self._results.leaves
        given = self._results.flat(out, "out")
        pairs = zip(leaves, shapes, self._dtypes, given, strict=True)
        targets = tuple([target(leaf, shape, dtype, array) for leaf, shape, dtype, array in pairs])
        if not are_apart(targets, operands):
            return False
        values = self._calling(run, [*[a if a.ndim else a.item() for a in operands], targets])
        for array, value in zip(targets, values, strict=True):
            if value is not array:
                array[...] = value
        return True

    def _written(self, values: Sequence[Any], out: Any) -> Any:
        """The arrays of `out`, with the results in them."""
        if any(leaf.kind == BLOCKS for leaf in self._results.leaves):
            raise SymdiffTypeError("out can't hold sparse derivatives of arrays: leave it out, or compile their values")
        leaves = self._leaves(values)
        given = self._results.flat(out, "out")
        pairs = []
        for leaf, value, array in zip(self._results.leaves, leaves, given, strict=True):
            dtype = self._dtypes[leaf.start] if leaf.kind == NUMBER else None
            found = getattr(value, "data", value) if leaf.kind == SPARSE else np.asarray(value, dtype)
            pairs.append((target(leaf, found.shape, found.dtype, array), found))
        for array, found in pairs:
            array[...] = found
        return out

    # -- what it is -----------------------------------------------------------------------

    def _ready(self) -> Callable[..., Any]:
        """The code, written when it is first needed."""
        self._check_inputs()
        spelled = _spelled([a.name for a in self._arguments])
        names = self._names(spelled)
        blocks = [leaf for leaf in self._results.leaves if leaf.kind == BLOCKS]
        inner = {k for leaf in blocks for k in range(leaf.start, leaf.start + leaf.count)}
        source = ArraySource(self._graph, self._roots, names, self._options, self._asked, inner)
        self._loops = list(source.known.loops.values())
        self._calling = pooled(quietly) if source.known.large else quietly
        self._dtypes = [np.dtype(bool) if kind else self._options.dtype for kind in source.booleans]
        lines = source.body()
        lines = [*_sizes_read(self._graph, self._inputs, names, source, lines), *lines]
        self._body = Body(source, spelled, lines)
        run = self._body.run()
        checks: dict[str, Any] = {
            "__builtins__": BUILTINS,
            "ndarray": np.ndarray,
            "kind": self._options.dtype,
            "whole": np.dtype(np.intp),
            "calling": self._calling,
            "run": run,
        }
        exec(compile(self._check_text(), "<symdiff>", "exec"), checks)
        self._at_once = checks["at_once"]
        self._run = run
        return run

    @computed
    def _into(self) -> Callable[..., Any] | None:
        """The code that computes results in arrays that are there, None where that can't be."""
        whole = all(leaf.kind == NUMBER for leaf in self._results.leaves)
        return self._body.run_into() if whole and cannot_fail(self._graph, self._roots, self._options) else None

    def _check_inputs(self) -> None:
        graph, held = self._graph, set(self._inputs)
        cone = graph.cone(self._roots)
        check_namesakes([graph.leaves[i] for i in {*cone, *self._inputs} if graph.nodes[i][0] == VAR])
        check_lacking([graph.leaves[i].name for i in cone if graph.nodes[i][0] == VAR and i not in held])

    def _names(self, spelled: Sequence[str]) -> dict[int, str]:
        """The code of each input."""
        names: dict[int, str] = {}
        for a, name in zip(self._arguments, spelled, strict=True):
            inputs = self._inputs[a.start : a.start + a.count]
            if a.shape is None or self._graph.shapes.get(inputs[0] if inputs else -1):
                names[inputs[0]] = name
            else:
                places = np.ndindex(*a.shape)
                names.update({i: f"{name}[{', '.join(map(str, at))}]" for i, at in zip(inputs, places, strict=True)})
        return names

    def _check_text(self) -> str:
        """A function of arguments that gives the results where these can be used as they are, else None."""
        tests: list[str] = []
        sizes: dict[str, str] = {}
        for k, a in enumerate(self._arguments):
            name = f"a{k}"
            if not a.core:
                tests.append(f"{name}.__class__ is {'int' if a.whole else 'float'}")
                continue
            tests.append(f"{name}.__class__ is ndarray and {name}.dtype is {'whole' if a.whole else 'kind'}")
            if all(isinstance(n, int) for n in a.core):
                tests.append(f"{name}.shape == {a.core}")
                continue
            tests.append(f"{name}.ndim == {len(a.core)}")
            for axis, n in enumerate(a.core):
                found = f"{name}.shape[{axis}]"
                base, offset = (n, 0) if isinstance(n, int) else named(n)
                if isinstance(base, int):
                    tests.append(f"{found} == {base}")
                elif base in sizes:
                    tests.append(f"{found} == {sizes[base]} + {offset}")
                else:
                    sizes[base] = f"({found} - {offset})"
                    tests += [f"{found} >= {self._least[base][0] + offset}"] if base in self._least else []
        names = ", ".join([f"a{k}" for k in range(len(self._arguments))])
        given = f"({names}{',' * (len(self._arguments) == 1)})"
        return f"def at_once({names}):\n    return calling(run, {given}) if {' and '.join(tests) or True} else None"

    @property
    def backend(self) -> str:
        """The backend of the loops; "numpy" where there are none."""
        return self._built()

    def _built(self) -> str:
        """Build every loop; their backends."""
        if self._run is None:
            self._ready()
        names = dict.fromkeys([name for loop in self._loops for name in loop.name.split("+")])
        return "+".join(names) or "numpy"

    @property
    def source(self) -> str:
        """The program in NumPy; loops are functions of native code there, whose formulas stand beside them."""
        if self._run is None:
            self._ready()
        return self._body.shown()

    @property
    def operations(self) -> dict[str, Any]:
        """How many operations on single numbers are done, by name, as `sd.cost` counts them.

        Ints, the most frequent first, or expressions in named sizes; products of many factors in the order that
        takes fewest.
        """
        return scalar_operations(self._graph, self._roots).by_name

    def _expressions(self) -> tuple[list[Any], Any]:
        graph = Graph()
        graph.hold_arrays(infer)
        handles = [handle(graph, i) for i in graph.adopt(self._graph, [*self._inputs, *self._roots])]
        variables, values = handles[: len(self._inputs)], handles[len(self._inputs) :]
        inputs = [
            variables[a.start]
            if not a.core or self._graph.shapes.get(self._inputs[a.start])
            else objects(variables[a.start : a.start + a.count], a.core)
            for a in self._arguments
        ]
        return inputs, self._results.nested([symbolic(leaf, values) for leaf in self._results.leaves])

    def __repr__(self) -> str:
        names = ", ".join([a.name for a in self._arguments][:10]) + ", …" * (len(self._arguments) > 10)
        return f"<Function of ({names}): {operations(self._graph, self._roots)} operations on arrays>"

    def __reduce__(self) -> tuple[Any, ...]:
        state = (self._graph, self._roots, self._inputs, self._results, self._arguments, self._options, self._asked)
        return _restored, (*state, self._threads, self._name)


def _restored(graph: Any, roots: Any, inputs: Any, results: Any, arguments: Any, *asked: Any) -> ArrayFunction:
    """A function from a pickle, checked."""
    check(isinstance(graph, Graph) and type(roots) is type(inputs) is tuple and len(asked) == 4, "it holds no program")
    for i in (*roots, *inputs):
        restored(graph, i)
    check(all(graph.nodes[i][0] == VAR for i in inputs), "its inputs are no variables")
    check_results(results, len(roots))
    check_arguments(arguments, len(inputs))
    check_options(*asked)
    return ArrayFunction(graph, roots, inputs, results, arguments, *asked)


def _bound(shape: Shape, sizes: Mapping[str, int]) -> tuple[int, ...]:
    """A shape in numbers."""
    return tuple([n if isinstance(n, int) else sizes[named(n)[0]] + named(n)[1] for n in shape])


def _spelled(names: Sequence[str]) -> list[str]:
    """The names of arguments, those that the code needs itself with an underscore behind them."""
    taken = {*names, *RESERVED}
    found = []
    for k, name in enumerate(names):
        spelled = name if name.isidentifier() else f"argument_{k + 1}"  # of an array without a name of its own
        while spelled in RESERVED or (spelled != name and spelled in taken):
            spelled += "_"
        found.append(spelled)
        taken.add(spelled)
    return found


def _shaped(graph: Graph, argument: Argument, inputs: Sequence[int]) -> Argument:
    """An argument with the shape of the array variable that it is."""
    if argument.shape is None:
        shape: Any = graph.shapes.get(inputs[argument.start])
        return Argument(
            argument.name, shape, argument.start, argument.count, _is_of_ints(graph, inputs[argument.start])
        )
    return argument


def _is_of_ints(graph: Graph, i: int) -> bool:
    return graph.nodes[i][0] == VAR and bool(graph.leaves[i].kind == "int")


def _sizes_read(
    graph: Graph, inputs: Sequence[int], names: Mapping[int, str], source: ArraySource, body: Sequence[str]
) -> list[str]:
    """The lines that read the named sizes that are needed off the arrays that have them."""
    lines: dict[str, str] = {}
    needed = set(re.findall(r"[^\W\d]\w*", " ".join([*body, *source.results])))
    for i in inputs:
        for k, size in enumerate(graph.shapes.get(i, ())):
            if isinstance(size, str):
                base, offset = named(size)
                if source.known.size_names.get(base) in needed and base not in lines:
                    rest = f" {'-' if offset > 0 else '+'} {abs(offset)}" if offset else ""
                    lines[base] = f"{source.known.size_names[base]} = {names[i]}.shape[{k}]{rest}"
    return list(lines.values())
