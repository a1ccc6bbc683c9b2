"""Expressions as JSON and back: exact, node for node, of a stated version, and nothing in it is ever run.

    {"symdiff": 1, "simplify": true,
     "nodes": [{"var": "x"}, {"int": 2}, ["pow", 0, 1]],
     "values": [2, {"text": "f"}, {"dict": [1, 0]}]}

Variables that are arrays have a "shape", arrays of numbers their entries, and parameters of operations on arrays are
nodes as well, see `parameters.py`.

`nodes` is the graph: operations by name, operands before what is made of them. `values` is the nesting, flat as well:
a number alone is a node, lists name earlier places, the last place is the whole. So depth does not matter.
"""

from __future__ import annotations

import contextlib
import json
import math
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np

from symdiff import records
from symdiff.array_constants import ARRAY, array_key, frozen_array
from symdiff.constants import constant, constant_key
from symdiff.errors import SymdiffError, SymdiffTypeError, SymdiffValueError
from symdiff.graph import CONST, STATIC, VAR, Graph, Node, Variable
from symdiff.handle import Handle, gather, handle
from symdiff.json_numbers import DamagedError, array_in, array_out, check, is_array_entry, number_in, number_out
from symdiff.names import is_text
from symdiff.nesting import contents
from symdiff.parameters import is_plain, plain, read
from symdiff.pickling import DAMAGED, checked_graph, give_notes
from symdiff.records import record
from symdiff.shapes import Shape, shape_of
from symdiff.sparse import SparseMatrix

VERSION = 1
KINDS = ("", "symmetric", "int")  # what variables are
_DTYPES = frozenset(  # dtypes of arrays of numbers
    ["bool", *[f"{kind}int{bits}" for kind in ("", "u") for bits in (8, 16, 32, 64)],
     "float16", "float32", "float64", "complex64", "complex128"]
)  # fmt: skip


# -- out ----------------------------------------------------------------------------------


def to_json(exprs: Any) -> str:
    """Expressions as text that `from_json` reads back exactly: the same nodes, shared as they are.

    Parameters
    ----------
    exprs : expression, or lists, tuples, dictionaries, arrays and sparse matrices of them, nested as you like
        Numbers, strings and None may be among them.

    Returns
    -------
    str
        JSON. It keeps names, those of `sd.named` too, and values, also the `.value` of a variable that is a
        number, but not `.grad`.

    Raises
    ------
    SymdiffTypeError
        For what is none of these.
    SymdiffValueError
        For a nesting that holds itself.

    >>> import symdiff as sd
    >>> x = sd.Var("x")
    >>> print(sd.to_json(x**2))
    {"symdiff": 1, "simplify": true, "nodes": [{"var": "x"}, {"int": 2}, ["pow", 0, 1]], "values": [2]}
    """
    table = _flattened(exprs)
    held = [k for k, entry in enumerate(table) if isinstance(entry, Handle)]
    nodes: list[Any] = []
    names: list[Any] = []
    simplify = True
    if held:
        graph, roots = gather([table[k] for k in held], together=False)
        program = graph.program(roots)
        simplify = graph.simplify
        leaves = [graph.leaves.get(i) for i in program.origin]
        nodes = [_node_out(node, leaf) for node, leaf in zip(program.nodes, leaves, strict=True)]
        for k, place in zip(held, program.outputs, strict=True):
            table[k] = place
        if graph.notes:
            places = {i: k for k, i in enumerate(program.origin)}
            names = [[places[i], name] for i, name in graph.notes.items() if i in places]
    parts = {"symdiff": VERSION, "simplify": simplify, "nodes": nodes, **({"names": names} if names else {})}
    return json.dumps({**parts, "values": table}, allow_nan=False)


def _node_out(node: Node, leaf: Any) -> Any:
    if node[0] > VAR:
        return [record(node[0]).name, *node[1:]]
    if node[0] == STATIC:
        entry = plain(node[1], leaf)
        return {**entry, "loop": _loop_out(leaf.body.graph)} if "loop" in entry else entry
    if node[0] == CONST:
        return array_out(leaf) if node[1] == ARRAY else number_out(leaf)
    found: dict[str, Any] = {"var": leaf.name}
    if leaf.shape:
        found["shape"] = list(leaf.shape)
    if leaf.kind:
        found["kind"] = leaf.kind
    if leaf.key != _usual_key(leaf.name, leaf.shape, leaf.kind):
        found["key"] = leaf.key
    if leaf.value is not None:
        with contextlib.suppress(SymdiffTypeError):  # skip a dual number, say
            found["value"] = array_out(frozen_array(leaf.value)) if leaf.shape else number_out(constant(leaf.value))
    return found


def _loop_out(graph: Graph) -> dict[str, Any]:
    """The graph of a loop's body; recursion as deep as loops are within loops."""
    nodes = [_node_out(node, graph.leaves.get(i)) for i, node in enumerate(graph.nodes)]
    return {"simplify": graph.simplify, "nodes": nodes}


def _usual_key(name: str, shape: Shape, kind: str) -> Hashable:
    """The key of a variable that no neighbour made."""
    return (name, shape, kind) if shape or kind else name


def _flattened(values: Any) -> list[Any]:
    """A nesting as a list of its parts, those inside before those around them; expressions stay."""
    table: list[Any] = []
    places: list[int] = []  # places of what waits for the part around it
    opened: set[int] = set()
    stack: list[tuple[Any, Sequence[Any] | None]] = [(values, None)]
    while stack:
        item, inside = stack.pop()
        if inside is None:
            inside = _inside(item)
            if inside is not None:
                if id(item) in opened:
                    raise SymdiffValueError("to_json takes nestings that end: this one holds itself")
                opened.add(id(item))
                stack.append((item, inside))
                stack.extend([(part, None) for part in reversed(inside)])
                continue
            table.append(_leaf_out(item))
        else:
            opened.discard(id(item))
            first = len(places) - len(inside)
            table.append(_around(item, places[first:]))
            del places[first:]
        places.append(len(table) - 1)
    return table


def _inside(item: Any) -> Sequence[Any] | None:
    """What a level of a nesting holds: keys before their values."""
    if isinstance(item, Mapping):
        return [part for pair in item.items() for part in pair]
    return contents(item)


def _around(item: Any, places: list[int]) -> dict[str, Any]:
    if isinstance(item, Mapping):
        return {"dict": places}
    if isinstance(item, (list, tuple)):
        return {"list" if isinstance(item, list) else "tuple": places}
    if isinstance(item, SparseMatrix):
        return {"blocks" if item.of_arrays else "sparse": places, **item.outline()}
    if item.dtype != object and item.dtype.name not in _DTYPES:
        raise SymdiffTypeError(f"to_json takes arrays of expressions and numbers, not of {item.dtype}")
    return {"array": places, "shape": list(item.shape), "dtype": item.dtype.name}


def _leaf_out(item: Any) -> Any:
    if item is None or isinstance(item, Handle):
        return item
    if isinstance(item, str):
        return {"text": str(item)}
    try:
        return number_out(constant(item))
    except SymdiffTypeError as error:
        raise SymdiffTypeError(
            f"to_json takes expressions and numbers in any nesting, not {item!r:.60} of type {type(item).__name__}"
        ) from error


# -- in -----------------------------------------------------------------------------------


def from_json(text: str) -> Any:
    """What `to_json` wrote: the same nesting of the same expressions, in a graph of their own.

    Raises
    ------
    SymdiffTypeError, SymdiffValueError
        For what is no such text, damaged, of a version that is not known, or with an operation that is not registered.

    >>> import symdiff as sd
    >>> x, y = sd.variables("x y")
    >>> sd.from_json(sd.to_json({"f": x*y, "gradient": (x*y).gradient()}))
    {'f': x*y, 'gradient': array([y, x], dtype=object)}
    """
    if not isinstance(text, str):
        raise SymdiffTypeError(f"from_json takes a string, not {type(text).__name__}")
    try:
        found = json.loads(text, parse_constant=_refused)
    except (ValueError, RecursionError, DamagedError) as error:
        raise SymdiffValueError(f"this is no text of to_json: {error}") from error
    if not isinstance(found, dict) or "symdiff" not in found:
        raise SymdiffValueError("this is no text of to_json: it says no version")
    version = found["symdiff"]
    if type(version) is not int or version != VERSION:
        raise SymdiffValueError(f"this text is of version {version!r:.40}; this symdiff reads version {VERSION}")
    try:
        return _read(found)
    except (DamagedError, SymdiffError) as error:
        raise SymdiffValueError(f"this text of to_json is damaged: {str(error).removeprefix(DAMAGED)}") from error


def _refused(name: str) -> Any:
    raise DamagedError(f"{name} is no number of JSON")


def _read(found: dict[str, Any]) -> Any:
    known = {"symdiff", "simplify", "nodes", "values"}
    check(set(found) - {"names"} == known, "it has other parts than nodes, names and values")
    simplify, entries, table = found["simplify"], found["nodes"], found["values"]
    check(isinstance(table, list), "its parts are of no use")
    graph = _graph_in(simplify, entries)
    give_notes(graph, found.get("names", []))
    return _nested(graph, table)


def _graph_in(simplify: Any, entries: Any) -> Graph:
    check(type(simplify) is bool and isinstance(entries, list), "its parts are of no use")
    nodes: list[Node] = []
    leaves: dict[int, Any] = {}
    for i, entry in enumerate(entries):
        if isinstance(entry, list):
            nodes.append(_operation_in(i, entry))
        else:
            leaf = leaves[i] = _leaf_in(f"node {i}", entry)
            nodes.append(_leaf_node(leaf))
    operations = {node[0]: record(node[0]) for node in nodes if node[0] > VAR}
    return checked_graph(simplify, nodes, leaves, operations)


def _operation_in(i: int, entry: list[Any]) -> Node:
    check(bool(entry) and isinstance(entry[0], str), f"node {i} names no operation")
    op = records.find(entry[0])
    check(op is not None, f"node {i} is of the operation {entry[0]!r:.60}, which has to be registered first")
    return (op.opcode, *entry[1:])  # type: ignore[union-attr]


def _leaf_in(where: str, entry: Any) -> Any:
    """A constant, an array, a variable, or a parameter as it is written."""
    check(isinstance(entry, dict) and bool(entry), f"{where} is {entry!r:.60}")
    if "var" in entry:
        return _variable_in(where, entry)
    if is_plain(entry):
        return {**entry, "loop": _loop_in(where, entry["loop"])} if "loop" in entry else entry
    return array_in(where, entry) if is_array_entry(entry) else number_in(where, entry)


def _loop_in(where: str, entry: Any) -> Graph:
    check(isinstance(entry, dict) and set(entry) == {"simplify", "nodes"}, f"{where} has no body")
    return _graph_in(entry["simplify"], entry["nodes"])


def _variable_in(where: str, entry: dict[str, Any]) -> Variable:
    name, kind = entry["var"], entry.get("kind", "")
    known = {"var", "key", "value", "shape", "kind"}
    check(isinstance(name, str) and kind in KINDS and set(entry) <= known, f"{where} is no variable")
    check(is_text(name), f"{where} has a name that is no text")
    check(isinstance(entry.get("shape", []), list), f"{where} has no shape")
    shape = shape_of(entry.get("shape", []))
    key = _key_in(where, entry["key"]) if "key" in entry else _usual_key(name, shape, kind)
    variable = Variable(name, key, shape=shape, kind=kind)
    if "value" in entry:
        read = array_in if is_array_entry(entry["value"]) else number_in
        variable.assign(read(f"the value of {where}", entry["value"]))
    return variable


def _leaf_node(leaf: Any) -> Node:
    if isinstance(leaf, Variable):
        return VAR, leaf.key
    if isinstance(leaf, dict):
        return STATIC, read(leaf)[0]
    return (CONST, *(array_key(leaf) if hasattr(leaf, "dtype") else constant_key(leaf)))


def _key_in(where: str, key: Any) -> Hashable:
    """A key of strings and ints, and of tuples of them."""
    plain_kinds = (str, int, bool, type(None))
    check(isinstance(key, list) and bool(key), f"{where} has a key of no use")
    parts = [tuple(part) if isinstance(part, list) else part for part in key]
    inner = [item for part in parts for item in (part if isinstance(part, tuple) else (part,))]
    check(all(type(item) in plain_kinds for item in inner), f"{where} has a key of no use")
    return tuple(parts)


# -- nestings in -----------------------------------------------------------------------------


def _nested(graph: Graph, table: list[Any]) -> Any:
    """The nesting that a table of its parts is: each but the last is inside of one that comes later."""
    made: list[Any] = []
    waiting: list[bool] = []
    for k, entry in enumerate(table):
        where = f"value {k}"
        if entry is None:
            made.append(None)
        elif type(entry) is int:
            check(0 <= entry < len(graph.nodes) and graph.nodes[entry][0] != STATIC, f"{where} is no node")
            made.append(handle(graph, entry))
        else:
            made.append(_part(where, entry, made, waiting))
        waiting.append(True)
    check(sum(waiting) == 1 and waiting[-1], "its values are not one nesting")
    return made[-1]


def _part(where: str, entry: Any, made: list[Any], waiting: list[bool]) -> Any:
    check(isinstance(entry, dict) and bool(entry), f"{where} is {entry!r:.60}")
    kind = next(iter(entry))
    if kind == "text":
        check(len(entry) == 1 and isinstance(entry[kind], str), f"{where} is no text")
        return entry[kind]
    if kind not in ("list", "tuple", "dict", "array", "sparse", "blocks"):
        return number_in(where, entry)
    places = entry[kind]
    check(isinstance(places, list), f"{where} holds nothing that is known")
    inside = []
    for k in places:
        check(type(k) is int and 0 <= k < len(made) and waiting[k], f"{where} holds what is not there to take")
        waiting[k] = False
        inside.append(made[k])
    try:
        return _around_in(where, kind, entry, inside)
    except (TypeError, ValueError, OverflowError, MemoryError) as error:
        raise DamagedError(f"{where} can't be put together: {error}") from error


def _around_in(where: str, kind: str, entry: dict[str, Any], inside: list[Any]) -> Any:
    if kind == "list":
        return inside
    if kind == "tuple":
        return tuple(inside)
    if kind == "dict":
        found = dict(zip(inside[::2], inside[1::2], strict=True))
        check(2 * len(found) == len(inside), f"{where} has a key twice")
        return found
    if kind == "blocks":
        return _matrix_of_blocks(where, entry, inside)
    shape = _ints(where, entry.get("shape"))
    if kind == "sparse":
        check(len(shape) == 2, f"{where} is no matrix")
        return SparseMatrix(
            (shape[0], shape[1]), _ints(where, entry.get("rows")), _ints(where, entry.get("cols")), inside
        )
    check(math.prod(shape) == len(inside), f"{where} has another shape than that of its entries")
    array = np.empty(len(inside), dtype=object)
    for k, item in enumerate(inside):  # items, which may be lists
        array[k] = item
    dtype = entry.get("dtype")
    if dtype != "object":
        of_numbers = isinstance(dtype, str) and dtype in _DTYPES
        check(
            of_numbers and not any(isinstance(item, Handle) for item in inside), f"{where} is no array of {dtype!r:.40}"
        )
        array = array.astype(dtype)
    return array.reshape(shape)


def _matrix_of_blocks(where: str, entry: dict[str, Any], inside: list[Any]) -> SparseMatrix:
    from symdiff.block_matrix import SparseBlockMatrix  # import late: few nestings hold arrays

    axes = [entry.get("functions"), entry.get("variables")]
    check(all(isinstance(shapes, list) and shapes for shapes in axes), f"{where} has no shapes")
    functions, variables = [[_shape(where, shape) for shape in shapes or ()] for shapes in axes]
    each = len(variables)
    rows = [inside[k : k + each] for k in range(0, len(inside), each)]
    return SparseBlockMatrix(rows, functions, variables)


def _shape(where: str, what: Any) -> Shape:
    check(isinstance(what, list) and all(type(n) in (int, str) for n in what), f"{where} has a shape that is none")
    return shape_of(what)


def _ints(where: str, what: Any) -> list[int]:
    fits = isinstance(what, list) and all(type(n) is int and 0 <= n < 1 << 62 for n in what)
    check(fits, f"{where} has a shape or places that are none")
    return list(what)
