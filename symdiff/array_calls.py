"""Functions and methods of arrays by their names in text, and what stands between their brackets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from symdiff import array_functions, linalg, ops
from symdiff.array_functions import operands, wrapped
from symdiff.arrays import indexing
from symdiff.arrays.enclosing import input_cell
from symdiff.arrays.index_arrays import is_whole
from symdiff.arrays.reading import PUT, shape_of
from symdiff.arrays.scans import iterated
from symdiff.errors import SymdiffError, SymdiffTypeError, SymdiffValueError
from symdiff.graph import CONST
from symdiff.handle import Handle, as_handle
from symdiff.loop_body import Body, Loop
from symdiff.ops import arrays
from symdiff.ops.external_operation import ExternalOperation
from symdiff.ops.fitting import fits
from symdiff.records import find, record
from symdiff.shapes import plus, shown
from symdiff.shapes import shape_of as asked
from symdiff.subscripts import Subscript


class Keyword(NamedTuple):
    """An argument that is given by its name: `axis=1`."""

    name: str
    value: Any


class Lambda:
    """The body of a loop as it was read: the names of its inputs, and what reads it when their shapes are known."""

    def __init__(self, names: Sequence[str], read: Callable[..., list[Handle]]) -> None:
        self.names, self.read = names, read


class Method:
    """A method that has not been called yet."""

    def __init__(self, name: str, receiver: Any) -> None:
        self.name, self.receiver = name, receiver

    def __repr__(self) -> str:
        return f".{self.name} without brackets"


class ArrayFunction:
    """A function of arrays: its name in text, how its arguments are read, and what numbers get under that name.

    `reads` has a letter for each position, the last for all that follow: `x` is an expression, `p` a parameter
    such as an axis or a shape. What is given by its name is a parameter.
    """

    def __init__(self, name: str, function: Callable[..., Any], reads: str) -> None:
        self.name, self.function, self.reads = name, function, reads
        self.of_numbers: Callable[..., Any] | None = None

    def __call__(self, *given: Any) -> Any:
        if self.of_numbers is not None and not self._is_of_arrays(given):
            return self.of_numbers(*given)
        found: list[Any] = []
        keywords: dict[str, Any] = {}
        for argument in given:
            if isinstance(argument, Keyword):
                keywords[argument.name] = parameter(argument.value)
            else:
                kind = self.reads[min(len(found), len(self.reads) - 1)]
                found.append(self._operand(argument) if kind == "x" else parameter(argument))
        try:
            return self.function(*found, **keywords)
        except (TypeError, ValueError, AttributeError) as error:
            if isinstance(error, SymdiffError):
                raise
            raise SymdiffTypeError(f"{self.name} of arrays: {error}") from error

    def _operand(self, argument: Any) -> Any:
        """An operand, or a list of them, as it is."""
        for value in argument if isinstance(argument, list) else [argument]:
            if isinstance(value, Method) or (isinstance(value, Blocks) and self.name != "add"):
                raise SymdiffTypeError(f"{self.name} takes arrays, not {value!r}")
        return argument

    def _is_of_arrays(self, given: Sequence[Any]) -> bool:
        """Whether a function that numbers have too is called for an array."""
        if any(isinstance(a, (Keyword, list)) for a in given):
            return True
        if self.name in ("max", "min") and len(given) > 1:
            return False
        return any(is_array(a) for a in given)


def is_array(value: Any) -> bool:
    """Whether a value is an expression with a shape."""
    return isinstance(value, Handle) and value._index in value.graph.shapes


def parameter(value: Any) -> Any:
    """What has been read, as a parameter: an int, a bool, a size, a text, a tuple of these.

    Raises
    ------
    SymdiffTypeError
        For an expression.
    """
    if isinstance(value, (list, tuple)):
        return tuple([parameter(v) for v in value])
    if not isinstance(value, Handle):
        return value
    graph, node = value.graph, value.graph.nodes[value._index]
    if node[0] == CONST and type(graph.leaves[value._index]) in (int, bool):
        return graph.leaves[value._index]
    if node[0] == arrays.size.opcode:
        return graph.leaves[node[1]]
    if node[0] in (ops.add.opcode, ops.sub.opcode):
        size, number = [parameter(wrapped(graph, j)) for j in node[1:]]
        return plus(size, number if node[0] == ops.add.opcode else -number)
    raise SymdiffTypeError(f"expected a whole number, a size or a tuple of them, not {value!r}")


# -- arrays of numbers ----------------------------------------------------------------------------


def literal(rows: Any, shape: Any = None) -> Handle:
    """An array of numbers from nested lists; of one without entries its shape.

    Raises
    ------
    SymdiffTypeError, SymdiffValueError
        For what is no list of numbers, and a shape of an array that has entries.
    """
    if rows is Ellipsis:
        raise SymdiffValueError(f"this array of shape {shown(shape or ())} was cut: str(f) has all of its entries")
    found = np.array(_entries(rows))
    if shape is None:
        return _constant(found)
    if not isinstance(shape, tuple) or 0 not in shape or found.size:
        raise SymdiffValueError(f"the lists of an array say its shape: write array({rows!r:.40})")
    return _constant(found.reshape(shape))  # lists do not say how many columns no rows have


def _entries(value: Any) -> Any:
    return [_entries(v) for v in value] if isinstance(value, (list, tuple)) else _number(value)


def _number(value: Any) -> Any:
    """The number that an entry is: constants, and what is made of them."""
    if not isinstance(value, Handle):
        raise SymdiffTypeError(f"an array is of numbers, not of {value!r}")
    graph = value.graph
    values: dict[int, Any] = {}
    for i in graph.cone([value._index]):
        node = graph.nodes[i]
        if node[0] > CONST:
            if any(j not in values for j in node[1:]) or len(node) < 2:
                raise SymdiffTypeError(f"an array is of numbers, not of {value!r}: stack([…]) joins expressions")
            values[i] = record(node[0])(*[values[j] for j in node[1:]])
        else:
            values[i] = graph.leaves[i]
    return values[value._index]


def _constant(array: Any) -> Handle:
    """An array of numbers in the graph that is being made."""
    graph = as_handle(0).graph
    graph.hold_arrays(arrays.infer)
    return wrapped(graph, graph.array(array))


def _csr_array(parts: Any, shape: Any) -> Handle:
    from scipy.sparse import csr_array  # import late: SciPy takes longer than all the rest

    if parts is Ellipsis:
        return literal(parts, shape)
    graph = parts[0].graph
    return _constant(csr_array(tuple([graph.leaves[p._index] for p in parts]), shape=shape))


# -- blocks put into arrays -------------------------------------------------------------------------


class Blocks:
    """`x.at`, and `x.at[key]` when the key is known."""

    def __init__(self, base: Handle, key: Subscript | Sequence[Any] | None = None) -> None:
        self.base, self.key = base, key

    def __repr__(self) -> str:
        return ".at without .add(block)"

    def __getitem__(self, key: Any) -> Any:
        """The same at a key, which has a place for each axis in front."""
        parts = key if isinstance(key, tuple) else (key,)
        if any(isinstance(part, Handle) for part in parts):
            return Blocks(self.base, parts)
        found = indexing.subscript_of(self.base.graph, self.base._index, key)
        if not all(found.kept):
            raise SymdiffValueError("None is no place to add a block at")
        return Blocks(self.base, found)

    def add(self, block: Any) -> Any:
        """The array with a block added at the key."""
        return add_at(self, block)


def add_at(target: Any, block: Any) -> Any:
    """`x.at[key].add(block)`: an array with a block added at a key."""
    if not isinstance(target, Blocks) or target.key is None:
        raise SymdiffTypeError("add is written x.at[key].add(block)")
    if not isinstance(target.key, Subscript):
        return array_functions.added_at_places(target.base, target.key, block)
    graph, (i, b) = operands([target.base, block])
    added = indexing.placed(graph, i, target.key, b)
    nodes = (graph.nodes[i], graph.nodes[added])
    if all(node[0] == PUT for node in nodes):
        keys = [key for node in nodes for key in graph.leaves[node[1]].keys]
        blocks = [block for node in nodes for block in node[2:]]
        return wrapped(graph, indexing.put_blocks(graph, blocks, tuple(keys), shape_of(graph, i)))
    return wrapped(graph, i) + wrapped(graph, added)


# -- the table ----------------------------------------------------------------------------------------


def _reduction(op: Any) -> Callable[..., Any]:
    return lambda x, axis=None, keepdims=False: array_functions.reduce(op, x, axis, keepdims)


def _any_shape(x: Any, *shape: Any) -> Any:
    return array_functions.reshape(x, shape[0] if len(shape) == 1 else shape)


def _any_order(x: Any, *axes: Any) -> Any:
    return array_functions.transpose(x, axes[0] if len(axes) == 1 else axes or None)


def _flat(x: Any) -> Any:
    return array_functions.reshape(x, -1)


def _std(x: Any, axis: Any = None, ddof: int = 0) -> Any:
    return ops.sqrt(array_functions.var(x, axis, ddof))


def _scan_rows(
    body: Any, *operands_: Any, carries: int, sequences: int, length: Any, checkpoint: bool = False, axes: Any = None
) -> Any:
    """The rows of a scan: the start and every step, as text has it; `axes` are how many of an operand are its own."""
    graph, nodes = operands(operands_)
    if not isinstance(body, Lambda) or len(body.names) != len(nodes):
        raise SymdiffTypeError("scan_rows is written scan_rows(lambda h, x: h + x, h0, X, carries=1, sequences=1, …)")
    (steps,) = asked(length)
    shapes = []
    for k, i in enumerate(nodes):
        shape = shape_of(graph, i)
        shape = shape if axes is None else shape[len(shape) - axes[k] :]
        shapes.append(shape[1:] if carries <= k < carries + sequences else shape)
    whole = [k >= carries and is_whole(graph, i) for k, i in enumerate(nodes)]
    integers = [name for name, w in zip(body.names, whole, strict=True) if w]
    results = body.read(dict(zip(body.names, shapes, strict=True)), integers)
    own, ends = operands(results)
    own.hold_arrays(arrays.infer)
    inputs = [own.var(input_cell(*given)) for given in zip(body.names, shapes, whole, strict=True)]
    loop = Loop(Body(own, inputs, ends, carries, sequences), steps, checkpoint)
    if not fits(arrays.scan, loop, [shape_of(graph, i) for i in nodes]) or not ends:
        raise SymdiffValueError("the operands of scan_rows do not fit its body")
    graph.hold_arrays(arrays.infer)
    return wrapped(graph, iterated(graph, loop, nodes))


_TABLE: dict[str, tuple[Callable[..., Any], str]] = {
    "sum": (array_functions.sum, "xp"), "mean": (array_functions.mean, "xp"), "var": (array_functions.var, "xp"),
    "std": (_std, "xp"), "max": (_reduction(arrays.amax), "xp"), "min": (_reduction(arrays.amin), "xp"),
    "amax": (_reduction(arrays.amax), "xp"), "amin": (_reduction(arrays.amin), "xp"),
    "prod": (_reduction(arrays.product), "xp"), "norm": (linalg.norm, "xp"),
    "logsumexp": (array_functions.logsumexp, "xp"), "softmax": (array_functions.softmax, "xp"),
    "log_softmax": (array_functions.log_softmax, "xp"), "cumsum": (array_functions.cumsum, "xp"),
    "trace": (array_functions.trace, "x"), "diag": (array_functions.diag, "x"),
    "outer": (array_functions.outer, "x"), "kron": (array_functions.kron, "x"), "dot": (array_functions.dot, "x"),
    "matmul": (array_functions.matmul, "x"), "tensordot": (array_functions.tensordot, "xxp"),
    "einsum": (array_functions.einsum, "px"), "transpose": (_any_order, "xp"), "reshape": (_any_shape, "xp"),
    "ravel": (_flat, "x"), "swapaxes": (array_functions.swapaxes, "xp"),
    "broadcast_to": (array_functions.broadcast_to, "xp"), "eye": (array_functions.eye, "p"),
    "identity": (array_functions.eye, "p"), "ones": (array_functions.ones, "p"), "zeros": (array_functions.zeros, "p"),
    "full": (array_functions.full, "px"), "concatenate": (array_functions.concatenate, "xp"),
    "stack": (array_functions.stack, "xp"), "inv": (linalg.inv, "x"), "solve": (linalg.solve, "x"),
    "det": (linalg.det, "x"), "logdet": (linalg.logdet, "x"), "slogdet": (linalg.slogdet, "x"),
    "convolve": (array_functions.convolve, "xxp"), "solve_triangular": (linalg.solve_triangular, "xxp"),
    "eigvalsh": (linalg.eigvalsh, "x"), "eigh": (linalg.eigh, "x"), "svdvals": (linalg.svdvals, "x"),
    "svd": (linalg.svd, "x"), "matrix_power": (linalg.matrix_power, "xp"),
    "cholesky": (linalg.cholesky, "x"), "array": (literal, "xp"), "csr_array": (_csr_array, "xp"),
    "scan_rows": (_scan_rows, "x"),
}  # fmt: skip
_FUNCTIONS = {name: ArrayFunction(name, *entry) for name, entry in _TABLE.items()}
_METHODS = {
    **{name: _FUNCTIONS[name] for name in (
        "sum", "mean", "var", "std", "max", "min", "prod", "trace", "dot", "transpose", "reshape", "ravel", "cumsum",
        "swapaxes",
    )},
    "flatten": _FUNCTIONS["ravel"], "diagonal": _FUNCTIONS["diag"], "add": ArrayFunction("add", add_at, "x"),
}  # fmt: skip


def array_function_named(name: str, of_numbers: Callable[..., Any] | None) -> Callable[..., Any] | None:
    """The function of arrays of that name, which hands numbers on to another of the same name."""
    found = _FUNCTIONS.get(name)
    own = None if found else find(name)
    if isinstance(own, ExternalOperation):
        return ArrayFunction(name, own, "x")
    if found is None or of_numbers is None:
        return found
    both = ArrayFunction(found.name, found.function, found.reads)
    both.of_numbers = of_numbers
    return both


def array_method_named(name: str) -> ArrayFunction | None:
    """The method of arrays of that name."""
    return _METHODS.get(name)


def method_names() -> list[str]:
    """The methods that are read."""
    return sorted(_METHODS)
