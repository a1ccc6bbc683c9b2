"""Values and tangents together: what films and traces of forward mode show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from symdiff.algebra.array_points import gathered, value_of
from symdiff.algebra.evaluate import bind, point_by_key, run, values_of
from symdiff.errors import MissingValueError, SymdiffTypeError, SymdiffValueError
from symdiff.graph import VAR, Graph, Variable
from symdiff.handle import Handle, handle, is_variable
from symdiff.names import canonical, number_hints


def named_values(graph: Graph, variables: Sequence[int], at: Any) -> Mapping[Any, Any] | None:
    """The point, that of the variables' values where all are set, or None.

    Raises
    ------
    MissingValueError
        For a point without some of the variables.
    """
    if at is None:
        held = {handle(graph, i): graph.leaves[i].value for i in variables}
        return None if any(value is None for value in held.values()) else held
    given = point_by_key(at, {})
    found = values_of({i: graph.leaves[i] for i in variables}, given)
    missing = [graph.leaves[i].name for i in variables if i not in found]
    if missing:
        known = ", ".join(map(str, given)) or "nothing"
        raise MissingValueError(f"no value for {', '.join(missing[:10])} (given: {known}{number_hints(missing)})")
    point: Mapping[Any, Any] = at
    return point


def duals(graph: Graph, roots: Sequence[int], variables: Sequence[int], at: Any, wrt: Any) -> dict[int, Any]:
    """The value of every node as a dual number."""
    from symdiff.algebra.dual import DualNumber

    if at is None and variables:
        names = ", ".join([graph.leaves[i].name for i in variables[:10]])
        raise MissingValueError(f"dual numbers need a point: at={{…}} with values for {names}")
    given = values_of({i: graph.leaves[i] for i in variables}, point_by_key(at, {}))
    tangents = tangents_of(graph, variables, wrt)
    lifted = {handle(graph, i): given[i] for i in variables}
    lifted = {v: DualNumber(*_with_tangent(v._cell, value, tangents)) for v, value in lifted.items()}
    bound = bind([handle(graph, i) for i in roots], lifted, {})
    return dict(zip(bound.program.origin, map(gathered, run(bound)), strict=True))


def values_and_tangents(graph: Graph, roots: Sequence[int], at: Any, wrt: Any) -> tuple[dict[int, Any], dict[int, Any]]:
    """The value of every node, and the tangent of those that have one: neither constants nor conditions."""
    variables = [i for i in graph.cone(roots) if graph.nodes[i][0] == VAR]
    found = duals(graph, roots, variables, at, wrt)
    moving = {i: d for i, d in found.items() if hasattr(d, "eps")}
    return {**found, **{i: d.value for i, d in moving.items()}}, {i: d.eps for i, d in moving.items()}


def tangents_at(graph: Graph, roots: Sequence[int], at: Any, wrt: Any) -> dict[int, Any]:
    """The tangent of every node at a point, or at the variables' values where all are set."""
    variables = [i for i in graph.cone(roots) if graph.nodes[i][0] == VAR]
    return values_and_tangents(graph, roots, named_values(graph, variables, at), wrt)[1]


def direction_told(wrt: Any) -> str:
    """What tangents are derivatives by, in words.

    >>> direction_told("x"), direction_told({"x": 1, "y": 2})
    ('by x', 'along the direction given')
    """
    if isinstance(wrt, Mapping):
        return "along the direction given"
    return f"by {wrt if isinstance(wrt, str) else canonical(wrt._cell.name)}"


def _with_tangent(cell: Variable, value: Any, tangents: Mapping[Any, Any]) -> tuple[Any, Any]:
    """The value of a variable and its tangent, that of an array an array."""
    tangent = tangents.get(cell.key, 0)
    if not cell.shape:
        return value, tangent
    array = value_of(cell, value)
    return array, np.broadcast_to(np.asarray(tangent, dtype=float), np.shape(array))


def tangents_of(graph: Graph, variables: Sequence[int], wrt: Any) -> dict[Any, Any]:
    """The tangent of each variable, by its key."""
    keys = {graph.leaves[i].key: graph.leaves[i].name for i in variables}
    if wrt is None:
        return dict.fromkeys(list(keys)[:1], 1)
    if isinstance(wrt, Mapping):
        found = point_by_key(wrt, {})
    elif isinstance(wrt, (Handle, str)):
        found = {wrt._cell.key if is_variable(wrt) else canonical(wrt): 1}
    else:
        raise SymdiffTypeError(f"wrt is a variable or a mapping from variables to tangents, not {wrt!r}")
    by_name = {name: key for key, name in keys.items()}
    found = {key if key in keys else by_name.get(key, key): tangent for key, tangent in found.items()}
    unknown = [str(key) for key in found if key not in keys]
    if unknown:
        raise SymdiffValueError(f"wrt names {', '.join(unknown)}, of {', '.join(keys.values()) or 'no variables'}")
    return found
