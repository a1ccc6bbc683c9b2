"""Parameters of operations on arrays as plain data and back: what JSON and pickles hold of them.

{"labels": ["ab", "b"], "result": "a", "free": []}    {"key": [0, ["range", 1, 3, 1], ["at", 0, 2]]}
{"key": [["paired", 0, 2], ["paired", 1, 3]]}
{"where": [[0]], "shape": [3]}    {"shape": [2, "n"]}    {"axes": [0, 1]}    {"size": "n - 1"}
{"triangle": [true, false]}    {"mode": "valid"}    {"ranks": [1, 0]}
{"loop": …, "inputs": [0, 1], "outputs": [3], "carries": 1, "sequences": 1, "length": 100, "checkpoint": false}

The loop is a graph in pickles, and its nodes in JSON, see `serialization.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from symdiff.errors import SymdiffError, SymdiffValueError
from symdiff.graph import VAR, Graph
from symdiff.index_labels import Labels
from symdiff.keys import Key, Paired, Place, Places, Range, Where
from symdiff.loop_body import Body, Loop
from symdiff.shapes import Shape, shape_of


def spelled(kind: str, value: Any) -> str:
    """What tells a parameter of a kind from others: the key of its leaf."""
    if kind in ("labels", "loop"):
        return str(value) if kind == "labels" else str(value.key)
    return f"where {value.keys} {value.shape}" if kind == "where" else f"{kind} {value}"


def plain(key: Any, value: Any) -> dict[str, Any]:
    """A parameter as lists, ints and strings, given the key of its leaf."""
    if isinstance(value, Labels):
        return {"labels": list(value.factors), "result": value.result, "free": [list(pair) for pair in value.free]}
    if isinstance(value, Where):
        return {"where": [[*map(_place_out, k)] for k in value.keys], "shape": list(value.shape)}
    if isinstance(value, Loop):
        body = value.body
        counts = {"carries": body.carries, "sequences": body.sequences}
        ends = {"inputs": list(body.inputs), "outputs": list(body.outputs)}
        return {"loop": body.graph, **ends, **counts, "length": value.length, "checkpoint": value.checkpoint}
    kind = key.partition(" ")[0]
    if kind == "key":
        return {kind: [*map(_place_out, value)]}
    return {kind: value if kind in ("size", "mode") else list(value)}


def _place_out(place: Place) -> Any:
    if isinstance(place, Range):
        return ["range", *place]
    if isinstance(place, Paired):
        return ["paired", *place.at]
    return ["at", *place.at] if isinstance(place, Places) else place


def is_plain(entry: Any) -> bool:
    """Whether data is meant to be a parameter."""
    return isinstance(entry, dict) and next(iter(entry), None) in _READERS


def read(entry: dict[str, Any]) -> tuple[str, Any]:
    """The key and the value of a parameter.

    Raises
    ------
    SymdiffValueError
        For what is none.
    """
    kind = next(iter(entry), "")
    try:
        value = _READERS[kind](entry)
        fits = plain(spelled(kind, value), value) == entry
    except (KeyError, TypeError, ValueError, AttributeError, SymdiffError):
        fits = False
    if not fits:
        raise SymdiffValueError(f"{entry!r:.60} is no parameter of an operation")
    return spelled(kind, value), value


def _labels(entry: dict[str, Any]) -> Labels:
    free = tuple([(str(label), shape_of(size)[0]) for label, size in entry["free"]])
    return Labels(tuple(map(str, entry["labels"])), str(entry["result"]), free)


def _key(places: list[Any]) -> Key:
    return tuple([_place(p) for p in places])


def _place(entry: Any) -> Place:
    if type(entry) is int:
        return entry
    kind, *numbers = entry
    if kind in ("at", "paired"):
        return (Places if kind == "at" else Paired)(tuple([int(k) for k in numbers]))
    start, count, step = numbers
    return Range(int(start), shape_of(count)[0], int(step))


def _loop(entry: dict[str, Any]) -> Loop:
    graph, ends = entry["loop"], (entry["inputs"], entry["outputs"])
    carries, sequences = entry["carries"], entry["sequences"]
    counts = [*ends[0], *ends[1], carries, sequences]
    known = isinstance(graph, Graph) and all(type(i) is int and i >= 0 for i in counts)
    if not known or any(i >= len(graph.nodes) for i in [*ends[0], *ends[1]]) or type(entry["checkpoint"]) is not bool:
        raise TypeError
    read = {i for i in graph.cone(ends[1]) if graph.nodes[i][0] == VAR}
    closed = (
        read <= set(ends[0]) and len(set(ends[0])) == len(ends[0]) and all(graph.nodes[i][0] == VAR for i in ends[0])
    )
    if not closed or not ends[1] or carries > len(ends[1]) or carries + sequences > len(ends[0]):
        raise ValueError
    body = Body(graph, ends[0], ends[1], carries, sequences)
    if body.input_shapes()[:carries] != body.output_shapes()[:carries]:
        raise ValueError
    return Loop(body, shape_of(entry["length"])[0], entry["checkpoint"])


def _shape(sizes: list[Any]) -> Shape:
    return shape_of(tuple(sizes))


def _bools(given: list[Any]) -> tuple[bool, ...]:
    if any(type(value) is not bool for value in given):
        raise TypeError
    return tuple(given)


_READERS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "labels": _labels,
    "key": lambda entry: _key(entry["key"]),
    "where": lambda entry: Where(tuple([_key(places) for places in entry["where"]]), _shape(entry["shape"])),
    "shape": lambda entry: _shape(entry["shape"]),
    "axes": lambda entry: tuple([int(k) for k in entry["axes"]]),
    "triangle": lambda entry: _bools(entry["triangle"]),
    "mode": lambda entry: str(entry["mode"]),
    "size": lambda entry: shape_of(entry["size"])[0],
    "ranks": lambda entry: tuple([int(n) for n in entry["ranks"]]),
    "loop": _loop,
}
