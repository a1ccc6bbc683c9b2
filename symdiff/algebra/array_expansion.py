"""Array expressions written out: the same over scalar variables `X[0, 0]`, …, by evaluation over expressions.

It is the oracle of every test of arrays, and the way to what is of scalars only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from symdiff.algebra.array_points import is_shaped
from symdiff.algebra.array_values import ArrayRun
from symdiff.algebra.evaluate import ANY
from symdiff.algebra.notation.text import short
from symdiff.algebra.places import whole_numbers
from symdiff.algebra.scalars_only import holds_arrays
from symdiff.array_constants import is_sparse
from symdiff.errors import SymdiffTypeError, SymdiffValueError
from symdiff.graph import STATIC, Graph, Program, Variable
from symdiff.handle import Handle, gather, handle, variable_in
from symdiff.loop_body import Body
from symdiff.names import element_name
from symdiff.shapes import bound, check_entries, named


def expand(expr: Handle, sizes: Mapping[str, int] | None = None, places: Mapping[Any, Any] | None = None) -> Any:
    """An expression over the entries of its array variables; see `Expr.expand`."""
    graph, (root,) = gather([expr])
    program = graph.program([root])
    if not is_shaped(graph, program):
        return expr
    numbers = _numbers(expr, program, dict(sizes or {}))
    scalars = Graph(graph.simplify)
    leaves = {
        k: leaf if program.nodes[k][0] == STATIC else _constant(scalars, leaf) for k, leaf in program.leaves.items()
    }
    whole = _places(expr, places or {})
    cells = {k: graph.leaves[program.origin[k]] for k in program.variables}
    leaves.update({k: whole[c.key] if c.key in whole else _variable(scalars, c, numbers) for k, c in cells.items()})
    with scalars:
        run = ArrayRun(graph, program, leaves, ANY, numbers, lambda value: _constant(scalars, value))
        found = run.run()[program.outputs[0]]
    return _mapped(scalars, found)


def written_over(body: Body) -> tuple[Graph, list[int], list[int]]:
    """The body of a loop over numbers: a graph of scalars, a variable for each entry of its inputs, its outputs."""
    graph = body.graph
    program = graph.program([*body.inputs, *body.outputs])
    scalars = Graph(graph.simplify)
    leaves = {
        k: leaf if program.nodes[k][0] == STATIC else _constant(scalars, leaf) for k, leaf in program.leaves.items()
    }
    leaves.update({k: _variable(scalars, graph.leaves[program.origin[k]], {}) for k in program.variables})
    with scalars:
        values = ArrayRun(graph, program, leaves, ANY, {}, lambda value: _constant(scalars, value)).run()
    found = [_mapped(scalars, values[k]) for k in program.outputs]
    flat = [[h._index for h in (v.flat if isinstance(v, np.ndarray) else [v])] for v in found]
    inputs, outputs = flat[: len(body.inputs)], flat[len(body.inputs) :]
    return scalars, [i for part in inputs for i in part], [i for part in outputs for i in part]


def _places(expr: Handle, given: Mapping[Any, Any]) -> dict[Any, Any]:
    """The values of variables of ints, by key.

    Raises
    ------
    SymdiffTypeError
        For one without a value: which entries stand where depends on it.
    """
    found = {}
    for v in expr.variables:
        cell = v._cell
        if cell.kind == "int":
            value = given.get(v, given.get(cell.name))
            if value is None:
                raise SymdiffTypeError(
                    f"which entries stand where depends on {cell.name}, a variable of ints: write "
                    f"f.expand(places={{{cell.name}: …}})"
                )
            found[cell.key] = whole_numbers(cell.name, value)
    return found


def _numbers(expr: Handle, program: Program, sizes: dict[str, int]) -> dict[str, int]:
    """The numbers behind the named sizes of a program.

    Raises
    ------
    SymdiffTypeError, SymdiffValueError
        For a name without a number, and what is no size.
    """
    for name, number in sizes.items():
        if not isinstance(number, (int, np.integer)) or isinstance(number, bool) or number < 0:
            raise SymdiffValueError(f"the size {name} is a whole number of at least 0, not {number!r}")
    graph = expr.graph
    used = {named(n)[0] for v in expr.variables for n in getattr(v, "shape", ()) if isinstance(n, str)}
    used |= {named(n)[0] for i in program.origin for n in graph.shapes.get(i, ()) if isinstance(n, str)}
    missing = sorted(used - sizes.keys())
    if missing:
        given = ", ".join(f'"{name}": 3' for name in missing)
        raise SymdiffTypeError(f"{short(expr)} has sizes without a number: write f.expand(sizes={{{given}}})")
    return sizes


def _variable(scalars: Graph, cell: Variable, sizes: Mapping[str, int]) -> Any:
    """A variable of numbers as it is, an array as one of variables; entries of a symmetric one are variables once."""
    if not cell.shape:
        return variable_in(scalars, cell)
    shape = bound(cell.shape, sizes)
    check_entries(shape)
    found = np.empty(shape, dtype=object)
    for index in np.ndindex(*shape):
        place = sorted(index) if cell.kind == "symmetric" else index
        found[index] = variable_in(scalars, Variable(element_name(cell.name, place)))
    return found


def _constant(scalars: Graph, value: Any) -> Any:
    return _mapped(scalars, value.toarray() if is_sparse(value) else value)


def _mapped(scalars: Graph, value: Any) -> Any:
    """A number, an expression, or each of an array of them as an expression of the graph of scalars."""
    if not isinstance(value, np.ndarray):
        return value if isinstance(value, Handle) else handle(scalars, scalars.const(_plain(value)))
    found = np.empty(value.shape, dtype=object)
    for index in np.ndindex(*value.shape):
        found[index] = _mapped(scalars, value[index])
    return found


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


def written_out(values: Sequence[Any]) -> list[Any]:
    """Expressions and variables, arrays among them by their entries, in order."""
    found: list[Any] = []
    for value in values:
        entries = expand(value) if holds_arrays(value) else value
        found += list(entries.flat) if isinstance(entries, np.ndarray) else [entries]
    return found
