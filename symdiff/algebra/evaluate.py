"""Evaluation: a program run over whatever values its variables are given."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cache, partial
from typing import Any, NamedTuple

import numpy as np

from symdiff.algebra.array_points import (
    entered,
    gathered,
    is_shaped,
    meeting_kind,
    parts_of,
    sizes_of,
    states,
    value_of,
    whole_arrays,
)
from symdiff.algebra.numbers import (
    ARRAY,
    COMPLEX,
    EXACT,
    FLOAT,
    LIFTS,
    MP,
    OBJECT,
    RATIONAL,
    TABLES,
    Table,
    clean,
    common_kind,
    kind_of,
    type_error,
)
from symdiff.algebra.places import whole_numbers
from symdiff.algebra.whole_arrays import by_element, check_once
from symdiff.arithmetic import Arithmetic
from symdiff.complex_constants import is_complex
from symdiff.errors import MissingValueError, SymdiffTypeError, SymdiffValueError
from symdiff.graph import STATIC, VAR, Graph, Program, Variable, check_namesakes
from symdiff.handle import Handle, gather, handle, is_variable
from symdiff.listings import ByNode
from symdiff.names import canonical, element, number_hints
from symdiff.neighbours import is_sympy, labelled_by
from symdiff.records import OPERATIONS, Lift, Operation, lift_of
from symdiff.rules import static_value
from symdiff.shapes import shown


class Bound(NamedTuple):
    """A program with values for its variables and the functions to run it."""

    graph: Graph
    program: Program
    values: dict[int, Any]  # values of the leaves
    table: Table
    lift: Lift
    sizes: Mapping[str, int] = {}  # numbers behind named sizes; read only


_OF_NUMBERS = frozenset(map(id, TABLES))
ANY = Table(lambda op: op)  # dispatch: each operation finds the algebra of its operands, dual numbers, say


def bind(exprs: Sequence[Any], point: Mapping[Any, Any] | None, named: Mapping[str, Any]) -> Bound:
    """Make a program of the expressions ready to run at a point.

    Raises
    ------
    MissingValueError, SymdiffTypeError
        For variables without a value, keys and values of wrong type.
    """
    graph, roots = gather(exprs)
    program = graph.program(roots)
    cells = {k: graph.leaves[program.origin[k]] for k in program.variables}
    if graph.infer is not None:
        keys = point if isinstance(point, Mapping) else ()
        check_namesakes([*cells.values(), *[key._graph.leaves[key._index] for key in keys if is_variable(key)]])
    by_key: dict[Any, Any] = {}
    if point is None and not named:
        given = {k: cell.value for k, cell in cells.items() if cell.value is not None}
    else:
        by_key = point_by_key(point, named)
        given = values_of(cells, by_key)
    if len(given) < len(cells):
        stateful = point is None and not named
        shown = f"given: {', '.join([str(k[0] if isinstance(k, tuple) else k) for k in by_key]) or 'nothing'}"
        unset = "no point, as {x: 3, y: 4} or x=3, y=4, was given and .value is not set"
        hint = unset if stateful else shown
        counts = Counter([cell.name for cell in cells.values()])
        raise _missing([_told_apart(c, counts) for k, c in cells.items() if k not in given], hint)
    if graph.infer is not None and is_shaped(graph, program):
        return _bind_arrays(graph, program, given, states(graph) if point is None and not named else by_key)
    given = {k: whole_numbers(cells[k].name, v) if cells[k].kind == "int" else v for k, v in given.items()}
    values = [v if type(v) is float else checked(f"the value of {cells[k].name}", v) for k, v in given.items()]
    names = {} if values else {key: value for key, value in by_key.items() if isinstance(key, str)}
    others = [checked(f"the value of {name}", value) for name, value in names.items()]
    others = others if values or others else [value for value in program.leaves.values() if hasattr(value, "_mpf_")]
    # Promote all where a constant is complex; other constants follow the values of the point.
    imaginary = [complex(value) for value in program.leaves.values() if is_complex(value)]
    table, lift = _algebra((values or others) + imaginary)
    lifted = values if table is TABLES[FLOAT] and set(map(type, values)) == {float} else map(lift, values)
    bound = dict(zip(given, lifted, strict=True))
    bound.update({k: lift(value) for k, value in program.leaves.items()})
    return Bound(graph, program, bound, table, lift)


def _bind_arrays(graph: Graph, program: Program, given: Mapping[int, Any], by_key: Mapping[Any, Any]) -> Bound:
    """As `bind`, for a program that holds arrays."""
    nodes, leaves = program.nodes, program.leaves
    cells = {k: graph.leaves[program.origin[k]] for k in program.variables}
    values = {k: value_of(cells[k], value) for k, value in given.items()}
    sizes = sizes_of(graph, cells, values, by_key)
    constants = {k: value for k, value in leaves.items() if nodes[k][0] != STATIC}
    whole = {k for k, cell in cells.items() if cell.kind == "int"}
    numbers = [value for k, value in values.items() if k not in whole]
    parts = list(parts_of(numbers or ([] if whole else [*by_key.values()]) or constants.values()))
    parts += [1j for value in constants.values() if is_complex(value)]
    kind = meeting_kind(parts)
    table, lift = _algebra(parts) if kind in (-1, ARRAY) else (TABLES[kind], LIFTS[kind])
    bound = {k: value if k in whole else entered(value, kind, lift) for k, value in (values | constants).items()}
    bound.update({k: value for k, value in leaves.items() if nodes[k][0] == STATIC})
    return Bound(graph, program, bound, table, lift, sizes)


def _told_apart(cell: Variable, names: Mapping[str, int]) -> str:
    """The name of a variable, with its shape where another has the name too."""
    if names[cell.name] == 1:
        return cell.name
    if cell.origin is not None:
        return f"{cell.name}, one of {names[cell.name]} of that name: its variable or its symbol is the key"
    return f"{cell.name} of shape {shown(cell.shape)}"


def _missing(names: Sequence[str], hint: str) -> MissingValueError:
    """The error for variables without a value, with a hint for names that are numbers elsewhere."""
    shown = f"{', '.join(names[:10])}{' …' * (len(names) > 10)}"
    return MissingValueError(f"no value for {shown} ({hint}{number_hints(names)})")


def values_of(cells: Mapping[Any, Variable], by_key: Mapping[Any, Any]) -> dict[Any, Any]:
    """What a point gives to variables: by their keys, by symbols and names, and as elements of whole arrays.

    Raises
    ------
    SymdiffValueError
        For an array that is given as a whole and by its elements, or that has no such element.
    """
    given = {k: by_key[cell.key] for k, cell in cells.items() if cell.key in by_key}
    if len(given) < len(by_key):
        given_names = [key[0] if isinstance(key, tuple) else key for key in by_key]
        numbers = {key for key, value in by_key.items() if isinstance(value, (int, float)) and element(key) is None}
        check_once([name for name in given_names if name not in numbers], [cell.name for cell in cells.values()])
    if len(given) < len(cells):
        given.update(by_symbol(cells, by_key))
    if len(given) < len(cells):
        spelled = {canonical(key): value for key, value in by_key.items()}
        missing = {k: cell for k, cell in cells.items() if k not in given}
        given.update({k: spelled[cell.key] for k, cell in missing.items() if cell.key in spelled})
        for cell in cells.values():  # a variable has its value to itself
            spelled.pop(cell.key, None)
        wholes = whole_arrays({key: value for key, value in spelled.items() if isinstance(key, tuple)})
        given.update(by_element({k: cell for k, cell in missing.items() if k not in given}, spelled | wholes))
    return given


def by_symbol(cells: Mapping[Any, Variable], by_key: Mapping[Any, Any]) -> dict[Any, Any]:
    """The values that a point gives by SymPy's symbols, for variables that came from them and new ones of the name,
    and by names that are not the keys of variables: Dummies have others.
    """
    symbols = {key: value for key, value in by_key.items() if not isinstance(key, (str, tuple))}
    names = {str(key): value for key, value in symbols.items()}
    alike = Counter([cell.name for cell in cells.values()])
    found = {k: by_key[cell.name] for k, cell in cells.items() if cell.name in by_key and alike[cell.name] == 1}
    found |= {
        k: symbols[cell.origin] for k, cell in cells.items() if cell.origin is not None and cell.origin in symbols
    }
    return found | {k: names[cell.name] for k, cell in cells.items() if cell.origin is None and cell.name in names}


def as_complex(bound: Bound) -> Bound:
    """The same beside complex numbers, where the values are real ones of Python's."""
    return bound._replace(table=TABLES[COMPLEX], lift=LIFTS[COMPLEX]) if _real(bound.table) else bound


def _real(table: Any) -> bool:
    """Whether a table is that of Python's real numbers."""
    return any(table is TABLES[kind] for kind in (EXACT, RATIONAL, FLOAT))


def point_by_key(point: Mapping[Any, Any] | None, named: Mapping[str, Any]) -> dict[Any, Any]:
    """A point as a dictionary by variable key."""
    by_key: dict[Any, Any] = dict(named)
    if point is not None and not isinstance(point, Mapping):
        raise SymdiffTypeError(f"a point is a dictionary from variables or names to values, not {point!r}")
    for key, value in (point or {}).items():
        if is_variable(key):
            by_key[key._graph.leaves[key._index].key] = value
        elif isinstance(key, str) or is_sympy(key):
            by_key[key] = value
        else:
            raise SymdiffTypeError(f"a point's keys are variables or names, not {key!r}")
    return by_key


def check_names(function: str, f: Handle, named: Mapping[str, Any]) -> None:
    """Make sure that keywords are values of variables: an option that is misspelt is none.

    Raises
    ------
    SymdiffTypeError
        For a name that no variable of the graph has, and no array of them.
    """
    known = {v._cell.name for v in f.variables}
    known.update([found[0] for found in map(element, known) if found is not None])
    if not known.issuperset(named):
        known.update([leaf.name for leaf in f.graph.leaves.copy().values() if isinstance(leaf, Variable)])
    unknown = [name for name in named if name not in known]
    if unknown:
        raise SymdiffTypeError(f"{function} has no option {unknown[0]!r}, and there is no variable of that name")


def checked(what: str, value: Any) -> Any:
    """A value that evaluation takes, in the form in which it does; else an error that names it."""
    if isinstance(value, Arithmetic):
        return value
    try:
        return clean(value)
    except SymdiffTypeError as error:
        if labelled_by(value):
            raise SymdiffTypeError(
                f"{what} is a {labelled_by(value)} {type(value).__name__}: evaluate takes its numbers, as np.asarray "
                "gives them, and compiled functions give back its kind"
            ) from error
        raise SymdiffTypeError(f"{what} is {value!r}, which is no number or array of numbers") from error


def _algebra(values: list[Any]) -> tuple[Table, Lift]:
    """The table that these values meet in, and what constants become."""
    kind = FLOAT if set(map(type, values)) == {float} else common_kind(values)
    if kind == ARRAY:
        return TABLES[kind], _lift_among(values)
    if kind >= 0 and kind != OBJECT:
        return TABLES[kind], LIFTS[kind]
    own = next(filter(None, {lift_of(type(part)): None for value in values for part in _parts(value)}), None)
    if own is not None:
        return _lifting_table(own), lambda value: value if static_value(value) is not None else enter(own, value)
    if kind >= 0:
        return TABLES[kind], LIFTS[kind]
    kinds = {kind_of(part) for value in values for part in _parts(value)}
    exact_lift = LIFTS[MP] if MP in kinds else LIFTS[COMPLEX] if COMPLEX in kinds else None
    return ANY, LIFTS[OBJECT] if exact_lift is None else lambda value: enter(exact_lift, value)


def enter(lift: Lift, value: Any) -> Any:
    """A number lifted into an algebra; what is of one already, and an array, stays as it is."""
    return value if isinstance(value, (Arithmetic, np.ndarray)) else lift(value)


@cache
def _lifting_table(lift: Lift) -> Table:
    """As ANY, for an algebra with a lift: constants enter it before they meet, all but those that rules take in.

    So `pi/3` is a quotient of the algebra's values, and the 2 of `x**2` stays the exact 2 whose rule is `2*x`.
    """

    def function(op: Operation) -> Callable[..., Any]:
        def call(*args: Any) -> Any:
            exact = [k in op.whole or (k in op.static and static_value(a) is not None) for k, a in enumerate(args)]
            return op(*[a if raw else enter(lift, a) for a, raw in zip(args, exact, strict=True)])

        return call

    return Table(function)


def _lift_among(values: list[Any]) -> Lift:
    """Constants beside arrays: of float32 or float16 where all arrays are, so that results stay so."""
    dtype = np.result_type(*[v.dtype for v in values if isinstance(v, (np.ndarray, np.generic))])
    lift = LIFTS[ARRAY]
    if dtype not in (np.float16, np.float32):
        return lift
    return lambda value: dtype.type(value) if isinstance(value, (int, float, Fraction)) else lift(value)


def algebra_for(values: Sequence[Any]) -> tuple[Table, Lift]:
    """Operations on these values, and what constants become beside them: at the precision of mpmath numbers, say."""
    table, lift = _algebra(list(values))
    return ANY if id(table) in _OF_NUMBERS else table, lift


def _parts(value: Any) -> Iterable[Any]:
    """The numbers inside a number: of a dual number its value and eps; an algebra with a lift is not looked into."""
    if isinstance(value, np.ndarray) and value.dtype == object:
        return [inner for part in value.flat for inner in _parts(part)]
    if not isinstance(value, Arithmetic) or lift_of(type(value)) is not None:
        return [value]
    return [inner for part in value._parts() for inner in _parts(part)]


def run(bound: Bound) -> list[Any]:
    """The values of all nodes of a program."""
    if bound.graph.infer is not None and is_shaped(bound.graph, bound.program):
        return _run_arrays(bound)
    nodes, leaves, table = bound.program.nodes, bound.values, bound.table
    values: list[Any] = []
    append = values.append
    with np.errstate(all="ignore"):
        try:
            for node in nodes:
                code = node[0]
                if code <= VAR:
                    append(leaves[len(values)])
                elif len(node) == 3:
                    append(table[code](values[node[1]], values[node[2]]))
                elif len(node) == 2:
                    append(table[code](values[node[1]]))
                else:
                    append(table[code](*[values[j] for j in node[1:]]))
        except TypeError as error:
            node = nodes[len(values)]
            raise type_error(OPERATIONS[node[0]], [values[j] for j in node[1:]], error) from error
        except ValueError as error:
            raise _shape_error(nodes[len(values)], values, error) from error
    return values


def _run_arrays(bound: Bound) -> list[Any]:
    from symdiff.algebra.array_values import ArrayRun

    kind = next((k for k, table in enumerate(TABLES) if table is bound.table), -1)
    enter = partial(entered, kind=kind, lift=bound.lift)
    return ArrayRun(bound.graph, bound.program, bound.values, bound.table, bound.sizes, enter).run()


def _shape_error(node: Any, values: list[Any], error: ValueError) -> Exception:
    """The error for arrays that do not broadcast against each other."""
    operands = [values[j] for j in node[1:]]
    shapes = " and ".join(str(v.shape) for v in operands if isinstance(v, np.ndarray))
    if not shapes:
        return error
    return SymdiffValueError(f"{OPERATIONS[node[0]].name} can't broadcast arrays of shapes {shapes}")


def evaluate(exprs: Any, point: Mapping[Any, Any] | None = None, /, **named: Any) -> Any:
    """The value of an expression, or of each in an array or a sequence of them."""
    if isinstance(exprs, Handle):
        bound = bind([exprs], point, named)
        return _handed_out(bound, run(bound), bound.program.outputs[0])
    if isinstance(exprs, np.ndarray):
        return stacked(evaluate(list(exprs.ravel()), point, **named), exprs.shape)
    bound = bind(list(exprs), point, named)
    values = run(bound)
    return [_handed_out(bound, values, k) for k in bound.program.outputs]


def _handed_out(bound: Bound, values: Sequence[Any], k: int) -> Any:
    """A value as results are: it shares no memory with the point, of a variable alone the array is the caller's own."""
    value = values[k]
    if isinstance(value, np.ndarray):
        if bound.graph.infer is not None and is_shaped(bound.graph, bound.program):
            shared = value.base is not None or bound.program.nodes[k][0] <= VAR
        else:
            shared = any(value is given for given in bound.values.values())
        value = value.copy() if shared else value
    elif isinstance(value, Arithmetic) and value._parts():
        held = [part for part in _parts(value) if isinstance(part, np.ndarray)]
        if held and not {id(part) for given in bound.values.values() for part in _parts(given)}.isdisjoint(
            map(id, held)
        ):
            value = copy.deepcopy(value)
    return gathered(value)


def stacked(values: list[Any], shape: tuple[int, ...]) -> Any:
    """Values in an array of the shape of the expressions, of floats where all are numbers of NumPy's."""
    if all(type(v) in (int, float, complex, bool, np.float64) for v in values):
        try:
            return np.array(values).reshape(shape)
        except OverflowError:
            pass
    result = np.empty(len(values), dtype=object)
    result[:] = values
    return result.reshape(shape)


def node_values(expr: Handle, point: Mapping[Any, Any] | None = None, /, **named: Any) -> dict[Handle, Any]:
    """The value of every node of an expression, operands before users."""
    bound = bind([expr], point, named)
    values = run(bound)
    nodes = bound.program.nodes
    places = [k for k in range(len(nodes)) if nodes[k][0] != STATIC]
    return ByNode({handle(bound.graph, bound.program.origin[k]): _handed_out(bound, values, k) for k in places})
