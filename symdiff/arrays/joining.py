"""A program of one graph written into another: nodes in the place of its variables, sizes in the place of its names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from symdiff.arrays.enclosing import input_cell
from symdiff.arrays.remaking import remade
from symdiff.graph import CONST, STATIC, VAR, Graph
from symdiff.index_labels import Labels
from symdiff.keys import Key, Place, Range, Where
from symdiff.loop_body import Body, Loop
from symdiff.ops import arrays
from symdiff.ops.arrays import infer
from symdiff.parameters import spelled
from symdiff.records import record
from symdiff.shapes import Shape, Size, named, plus

Sizes = Mapping[str, Size]


def joined(
    target: Graph, source: Graph, roots: Sequence[int], given: Mapping[Any, int], sizes: Sizes | None = None,
    name: Callable[[Graph, int, str], None] | None = None,
) -> list[int]:  # fmt: skip
    """Nodes of another graph, over other nodes and sizes; nothing of it is simplified that holds none of these.

    Parameters
    ----------
    target, source : Graph
    roots : nodes of the source
    given : mapping
        From the nodes of variables, `(VAR, key)`, to nodes of the target of the variable's shape.
    sizes : mapping, optional
        From names of sizes to what they are there: ints, names, names and ints.
    name : callable, optional
        What names nodes, given those that they had.
    """
    if source.infer is not None:
        target.hold_arrays(infer)
    known = sizes or {}
    made: dict[int, int] = {}
    same: set[int] = set()  # nodes that are mere copies
    for i in source.cone(roots):
        node = source.nodes[i]
        if node[0] <= VAR:
            made[i] = given[node] if node[0] == VAR else _leaf(target, source, i, known)
            if target.nodes[made[i]] == node:
                same.add(i)
            continue
        args = tuple([made[j] for j in node[1:]])
        if same.issuperset(node[1:]):
            made[i] = target.intern((node[0], *args))
            same.add(i)
        elif record(node[0]) is arrays.size and isinstance(target.leaves[args[0]], int):
            made[i] = target.const(target.leaves[args[0]])
        else:
            made[i] = remade(target, node, args)
    target.take_notes(source, {i: made[i] for i in same})
    if name is not None and source.notes:
        for i, text in source.notes_in(made).items():
            name(target, made[i], text)
    return [made[i] for i in roots]


def _leaf(target: Graph, source: Graph, i: int, sizes: Sizes) -> int:
    """A constant or a parameter."""
    node, value = source.nodes[i], source.leaves[i]
    if node[0] == CONST:
        return target.array(value) if i in source.shapes else target.const(value)
    assert node[0] == STATIC
    kind = "labels" if isinstance(value, Labels) else "loop" if isinstance(value, Loop) else node[1].partition(" ")[0]
    found = _resized(kind, value, sizes) if sizes else value
    return target.static(node[1] if found == value else spelled(kind, found), found)


def _resized(kind: str, value: Any, sizes: Sizes) -> Any:
    """A parameter whose sizes are others."""
    if kind == "labels":
        return Labels(value.factors, value.result, tuple([(label, size(n, sizes)) for label, n in value.free]))
    if kind == "where":
        return Where(tuple([_key(key, sizes) for key in value.keys]), shape(value.shape, sizes))
    if kind == "loop":
        return Loop(_body(value.body, sizes), size(value.length, sizes), value.checkpoint)
    if kind in ("key", "shape"):
        return _key(value, sizes) if kind == "key" else shape(value, sizes)
    return size(value, sizes) if kind == "size" else value


def shape(given: Shape, sizes: Sizes) -> Shape:
    """A shape in other sizes."""
    return tuple([size(n, sizes) for n in given])


def size(given: Size, sizes: Sizes) -> Size:
    """A size in others."""
    if isinstance(given, int):
        return given
    name, offset = named(given)
    return plus(sizes.get(name, name), offset)


def _key(key: Key, sizes: Sizes) -> Key:
    return tuple([place_in(place, sizes) for place in key])


def place_in(place: Place, sizes: Sizes) -> Place:
    """A place of a key in other sizes."""
    if not isinstance(place, Range):
        return place
    count = size(place.count, sizes)
    turned = place.start < 0 and isinstance(count, int)  # all of a named size backwards starts at its end
    return Range(int(count) + place.start if turned else place.start, count, place.step)


def _body(body: Body, sizes: Sizes) -> Body:
    """A body whose inputs have other sizes, and with it all that is inside."""
    if not any(isinstance(n, str) for held in body.graph.shapes.values() for n in held):
        return body
    own = Graph(body.graph.simplify)
    own.hold_arrays(infer)
    inputs = []
    for i in body.inputs:
        cell = body.graph.leaves[i]
        inputs.append(own.var(input_cell(cell.name, shape(cell.shape, sizes), cell.kind == "int")))
    given = {body.graph.nodes[i]: k for i, k in zip(body.inputs, inputs, strict=True)}
    return Body(own, inputs, joined(own, body.graph, body.outputs, given, sizes), body.carries, body.sequences)
