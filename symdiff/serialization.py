"""Expressions as JSON and back: exact, node for node, of a stated version, and nothing in it is ever run.

    {"symdiff": 1, "simplify": true,
     "nodes": [{"var": "x"}, {"int": 2}, ["pow", 0, 1]],
     "values": [2, {"text": "f"}, {"dict": [1, 0]}]}

`nodes` is the graph: operations by name, operands before what is made of them. `values` is the nesting, flat as well:
a number alone is a node, lists name earlier places, the last place is the whole. So depth does not matter.
"""

from __future__ import annotations

import contextlib
import json
import math
import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from symdiff import records
from symdiff.digits import decimal
from symdiff.errors import SymdiffError, SymdiffTypeError, SymdiffValueError
from symdiff.graph import CONST, VAR, Graph, NamedConstant, Node, Variable, constant, constant_key, named_constant
from symdiff.handle import Handle, gather, handle
from symdiff.names import is_text
from symdiff.nesting import contents
from symdiff.pickling import DAMAGED, checked_graph
from symdiff.records import OPERATIONS
from symdiff.sparse import SparseMatrix

VERSION = 1
_SAFE = 1 << 53  # ints up to this one are the same in every reader of JSON; others are written in hexadecimal digits
_HEX = re.compile(r"-?0x[0-9a-f]+")
_NOT_FINITE = ("inf", "-inf", "nan")
_DTYPES = frozenset(  # dtypes of arrays of numbers
    ["bool", *[f"{kind}int{bits}" for kind in ("", "u") for bits in (8, 16, 32, 64)],
     "float16", "float32", "float64", "complex64", "complex128"]
)  # fmt: skip


class _DamagedError(Exception):
    """What is wrong with a text."""


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
        JSON. It keeps names and values, also the `.value` of a variable that is a number, but not `.grad`.

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
    simplify = True
    if held:
        graph, roots = gather([table[k] for k in held])
        program = graph.program(roots)
        simplify = graph.simplify
        leaves = [graph.leaves.get(i) for i in program.origin]
        nodes = [_node_out(node, leaf) for node, leaf in zip(program.nodes, leaves, strict=True)]
        for k, place in zip(held, program.outputs, strict=True):
            table[k] = place
    return json.dumps({"symdiff": VERSION, "simplify": simplify, "nodes": nodes, "values": table}, allow_nan=False)


def _node_out(node: Node, leaf: Any) -> Any:
    if node[0] > VAR:
        return [OPERATIONS[node[0]].name, *node[1:]]
    if node[0] == CONST:
        return _number_out(leaf)
    found: dict[str, Any] = {"var": leaf.name}
    if leaf.key != leaf.name:
        found["key"] = leaf.key
    if leaf.value is not None:
        with contextlib.suppress(SymdiffTypeError):  # skip a dual number, say
            found["value"] = _number_out(constant(leaf.value))
    return found


def _number_out(value: Any) -> dict[str, Any]:
    if type(value) is bool:
        return {"bool": value}
    if type(value) is int:
        return {"int": _int_out(value)}
    if type(value) is Fraction:
        return {"fraction": [_int_out(value.numerator), _int_out(value.denominator)]}
    if type(value) is float:
        return {"float": _float_out(value)}
    if type(value) is complex:
        return {"complex": [_float_out(value.real), _float_out(value.imag)]}
    if isinstance(value, NamedConstant):
        return {"named": value.name}
    return {"mpf": _raw_out(value._mpf_)} if hasattr(value, "_mpf_") else {"mpc": [*map(_raw_out, value._mpc_)]}


def _int_out(value: int) -> Any:
    return int(value) if -_SAFE <= value <= _SAFE else hex(value)


def _float_out(value: float) -> Any:
    return value if math.isfinite(value) else repr(value)


def _raw_out(raw: Any) -> Any:
    """The insides of an mpf: mantissa and exponent of two, or a name."""
    sign, mantissa, exponent, _ = raw
    if not mantissa and exponent:
        return decimal(raw)
    return [_int_out(-int(mantissa) if sign else int(mantissa)), _int_out(int(exponent))]


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
        return {"sparse": places, "shape": list(item.shape), "rows": item.rows.tolist(), "cols": item.cols.tolist()}
    if item.dtype != object and item.dtype.name not in _DTYPES:
        raise SymdiffTypeError(f"to_json takes arrays of expressions and numbers, not of {item.dtype}")
    return {"array": places, "shape": list(item.shape), "dtype": item.dtype.name}


def _leaf_out(item: Any) -> Any:
    if item is None or isinstance(item, Handle):
        return item
    if isinstance(item, str):
        return {"text": str(item)}
    try:
        return _number_out(constant(item))
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
    except (ValueError, RecursionError, _DamagedError) as error:
        raise SymdiffValueError(f"this is no text of to_json: {error}") from error
    if not isinstance(found, dict) or "symdiff" not in found:
        raise SymdiffValueError("this is no text of to_json: it says no version")
    version = found["symdiff"]
    if type(version) is not int or version != VERSION:
        raise SymdiffValueError(f"this text is of version {version!r:.40}; this symdiff reads version {VERSION}")
    try:
        return _read(found)
    except (_DamagedError, SymdiffError) as error:
        raise SymdiffValueError(f"this text of to_json is damaged: {str(error).removeprefix(DAMAGED)}") from error


def _refused(name: str) -> Any:
    raise _DamagedError(f"{name} is no number of JSON")


def _check(fits: bool, what: str) -> None:
    if not fits:
        raise _DamagedError(what)


def _read(found: dict[str, Any]) -> Any:
    _check(set(found) == {"symdiff", "simplify", "nodes", "values"}, "it has other parts than nodes and values")
    simplify, entries, table = found["simplify"], found["nodes"], found["values"]
    _check(type(simplify) is bool and isinstance(entries, list) and isinstance(table, list), "its parts are of no use")
    nodes: list[Node] = []
    leaves: dict[int, Any] = {}
    for i, entry in enumerate(entries):
        if isinstance(entry, list):
            nodes.append(_operation_in(i, entry))
        else:
            leaf = leaves[i] = _leaf_in(f"node {i}", entry)
            nodes.append((VAR, leaf.key) if isinstance(leaf, Variable) else (CONST, *constant_key(leaf)))
    operations = {node[0]: OPERATIONS[node[0]] for node in nodes if node[0] > VAR}
    return _nested(checked_graph(simplify, nodes, leaves, operations), table)


def _operation_in(i: int, entry: list[Any]) -> Node:
    _check(bool(entry) and isinstance(entry[0], str), f"node {i} names no operation")
    op = records.find(entry[0])
    _check(op is not None, f"node {i} is of the operation {entry[0]!r:.60}, which has to be registered first")
    return (op.opcode, *entry[1:])  # type: ignore[union-attr]


def _leaf_in(where: str, entry: Any) -> Any:
    """A constant or a variable."""
    _check(isinstance(entry, dict) and bool(entry), f"{where} is {entry!r:.60}")
    if "var" not in entry:
        return _number_in(where, entry)
    name = entry["var"]
    _check(isinstance(name, str) and set(entry) <= {"var", "key", "value"}, f"{where} is no variable")
    _check(is_text(name), f"{where} has a name that is no text")
    variable = Variable(name, _key_in(where, entry["key"]) if "key" in entry else name)
    if "value" in entry:
        variable.assign(_number_in(f"the value of {where}", entry["value"]))
    return variable


def _key_in(where: str, key: Any) -> Hashable:
    """A key of strings and ints, and of tuples of them."""
    plain_kinds = (str, int, bool, type(None))
    _check(isinstance(key, list) and bool(key), f"{where} has a key of no use")
    parts = [tuple(part) if isinstance(part, list) else part for part in key]
    inner = [item for part in parts for item in (part if isinstance(part, tuple) else (part,))]
    _check(all(type(item) in plain_kinds for item in inner), f"{where} has a key of no use")
    return tuple(parts)


def _number_in(where: str, entry: Any) -> Any:
    """The number that is written so."""
    _check(isinstance(entry, dict) and len(entry) == 1, f"{where} is no number: {entry!r:.60}")
    ((kind, what),) = entry.items()
    reader = _NUMBERS.get(kind)
    _check(reader is not None, f"{where} is no number: {entry!r:.60}")
    try:
        value = reader(what)  # type: ignore[misc]
    except _DamagedError as error:
        raise _DamagedError(f"{where} is {error}") from error
    return value


def _bool_in(what: Any) -> bool:
    _check(type(what) is bool, f"no bool: {what!r:.60}")
    return bool(what)


def _int_in(what: Any) -> int:
    if type(what) is int:
        return what
    _check(isinstance(what, str) and bool(_HEX.fullmatch(what)), f"no whole number: {what!r:.60}")
    return int(what, 16)


def _float_in(what: Any) -> float:
    if isinstance(what, str):
        _check(what in _NOT_FINITE, f"no float: {what!r:.60}")
        return float(what)
    _check(type(what) in (int, float) and abs(what) < math.inf, f"no float: {what!r:.60}")
    try:
        return float(what)
    except OverflowError:
        raise _DamagedError("no float: it is too large") from None


def _pair(what: Any, kind: str) -> list[Any]:
    _check(isinstance(what, list) and len(what) == 2, f"no {kind}: {what!r:.60}")
    return what  # type: ignore[no-any-return]


def _fraction_in(what: Any) -> Fraction:
    numerator, denominator = map(_int_in, _pair(what, "fraction"))
    _check(denominator > 1 and math.gcd(numerator, denominator) == 1, f"no fraction in lowest terms: {what!r:.60}")
    return Fraction(numerator, denominator)


def _complex_in(what: Any) -> complex:
    return complex(*map(_float_in, _pair(what, "complex number")))


def _named_in(what: Any) -> NamedConstant:
    _check(what in ("pi", "e"), f"no constant that is known: {what!r:.60}")
    return named_constant(what)


def _mpf_in(what: Any) -> Any:
    from mpmath import libmp, mp

    if isinstance(what, str):
        _check(what in _NOT_FINITE, f"no number of mpmath: {what!r:.60}")
        return mp.mpf(what)
    return mp.make_mpf(libmp.from_man_exp(*map(_int_in, _pair(what, "number of mpmath"))))


def _mpc_in(what: Any) -> Any:
    from mpmath import mp

    real, imaginary = map(_mpf_in, _pair(what, "complex number of mpmath"))
    return mp.make_mpc((real._mpf_, imaginary._mpf_))


_NUMBERS: dict[str, Callable[[Any], Any]] = {
    "bool": _bool_in, "int": _int_in, "fraction": _fraction_in, "float": _float_in, "complex": _complex_in,
    "named": _named_in, "mpf": _mpf_in, "mpc": _mpc_in,
}  # fmt: skip


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
            _check(0 <= entry < len(graph.nodes), f"{where} is no node")
            made.append(handle(graph, entry))
        else:
            made.append(_part(where, entry, made, waiting))
        waiting.append(True)
    _check(sum(waiting) == 1 and waiting[-1], "its values are not one nesting")
    return made[-1]


def _part(where: str, entry: Any, made: list[Any], waiting: list[bool]) -> Any:
    _check(isinstance(entry, dict) and bool(entry), f"{where} is {entry!r:.60}")
    kind = next(iter(entry))
    if kind == "text":
        _check(len(entry) == 1 and isinstance(entry[kind], str), f"{where} is no text")
        return entry[kind]
    if kind not in ("list", "tuple", "dict", "array", "sparse"):
        return _number_in(where, entry)
    places = entry[kind]
    _check(isinstance(places, list), f"{where} holds nothing that is known")
    inside = []
    for k in places:
        _check(type(k) is int and 0 <= k < len(made) and waiting[k], f"{where} holds what is not there to take")
        waiting[k] = False
        inside.append(made[k])
    try:
        return _around_in(where, kind, entry, inside)
    except (TypeError, ValueError, OverflowError, MemoryError) as error:
        raise _DamagedError(f"{where} can't be put together: {error}") from error


def _around_in(where: str, kind: str, entry: dict[str, Any], inside: list[Any]) -> Any:
    if kind == "list":
        return inside
    if kind == "tuple":
        return tuple(inside)
    if kind == "dict":
        found = dict(zip(inside[::2], inside[1::2], strict=True))
        _check(2 * len(found) == len(inside), f"{where} has a key twice")
        return found
    shape = _ints(where, entry.get("shape"))
    if kind == "sparse":
        _check(len(shape) == 2, f"{where} is no matrix")
        return SparseMatrix(
            (shape[0], shape[1]), _ints(where, entry.get("rows")), _ints(where, entry.get("cols")), inside
        )
    _check(math.prod(shape) == len(inside), f"{where} has another shape than that of its entries")
    array = np.empty(len(inside), dtype=object)
    for k, item in enumerate(inside):  # items, which may be lists
        array[k] = item
    dtype = entry.get("dtype")
    if dtype != "object":
        of_numbers = isinstance(dtype, str) and dtype in _DTYPES
        _check(
            of_numbers and not any(isinstance(item, Handle) for item in inside), f"{where} is no array of {dtype!r:.40}"
        )
        array = array.astype(dtype)
    return array.reshape(shape)


def _ints(where: str, what: Any) -> list[int]:
    fits = isinstance(what, list) and all(type(n) is int and 0 <= n < 1 << 62 for n in what)
    _check(fits, f"{where} has a shape or places that are none")
    return list(what)
