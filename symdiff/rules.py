"""The partial derivatives of each operation as small programs.

A record's `partials` is called once, on placeholders in a graph of its own.
What comes out is the program of each partial, which symbolic differentiation
runs over graph indices and backpropagation, dual numbers and Taylor series
over numbers: one rule, every mode.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import Any, TypeVar

from symdiff import ops
from symdiff.array_constants import ARRAY
from symdiff.build import exact_value, simplified, split_term
from symdiff.constants import constant_key, is_exact
from symdiff.errors import SymdiffValueError
from symdiff.exact import exact_ratio
from symdiff.graph import CONST, VAR, Graph, Node, Program, Variable
from symdiff.handle import Handle, as_handle, variable_in
from symdiff.records import OPERATIONS, Operation, on_register

V = TypeVar("V")  # the values of an algebra


class Partial:
    """One partial derivative: an exact `scale` times a slot, or a program over the slots.

    Slot 0 is the operation's result, slot k its k-th operand counted from 1;
    NO_SLOT is the number one, so that `scale` is all. `program` is None for both.
    `is_number`: it is `scale`, as in a sum; `is_slot`: it is a slot, as in a product;
    `function`: it is `scale` times an operation on one slot, as -sin(x) for cos(x), the code of the operation.
    `ratio`: it is a number times a slot or one over another slot, as 1/x for log(x), the number and the slots.

    One that is written `where(condition, p, 0)` is zero by structure where the condition fails: `gate`
    is the condition and `behind` is p, so that nothing is multiplied by it there. None for others.
    """

    __slots__ = ("behind", "function", "gate", "is_number", "is_slot", "program", "ratio", "scale", "slot", "slots")
    gate: Partial | None
    behind: Partial

    def __init__(self, scale: Any, slot: int, program: Program | None, slots: dict[int, int]) -> None:
        self.scale = scale
        self.slot = slot
        self.program = program
        self.slots = slots  # slots of the placeholders, by node of the program
        self.is_number = program is None and slot == NO_SLOT
        self.is_slot = program is None and slot != NO_SLOT and bool(scale == 1)
        self.function: int | None = None
        self.ratio: tuple[Any, int, int] | None = None
        self.gate = None


NO_SLOT = -1


Partials = tuple[Partial | None, ...]

RULES: dict[int, Partials] = {}  # cache of rules that every node of an operation shares
PASSING: set[int] = set()  # sums: operations of RULES of which every partial is the number one
CROSSING: set[int] = set()  # products: operations of RULES on two operands, the partial by each of which is the other
_STATIC_FREE: dict[int, Partials] = {}  # cache of the others' rules where no static operand is a constant
_STATIC: dict[tuple[Any, ...], Partials] = {}
_STATIC_KEPT = 1000
_WHOLE_FLOATS = 2**53  # limit above which floats are whole because they are coarse
_STATIC_SLOTS: dict[int, tuple[int, ...]] = {}  # static slots of operations whose rule is asked for node by node


def _note_static(op: Operation) -> None:
    if op.static or op.branches or op.variadic:  # exclude branches, which are gated, from plain rules
        _STATIC_SLOTS[op.opcode] = tuple([k + 1 for k in op.static])


on_register(_note_static)


class Rules:
    """The partial derivatives of the nodes of one list.

    An operand that the record calls static, such as an exponent, is put into
    the rule where it is a constant, so that of `x**2` nothing but `2*x` is left.
    """

    __slots__ = ("_leaves", "_nodes", "_static", "plain")

    def __init__(self, nodes: Sequence[Node], leaves: Mapping[int, Any]) -> None:
        self._nodes = nodes
        self._leaves = leaves
        self._static: dict[tuple[int, ...], Partials] = {}  # cache by code and nodes of the static operands
        self.plain = RULES.get  # lookup by code: all there is to ask for most operations

    def of(self, node: Node) -> Partials:
        """The partial derivatives of a node; None where one is zero or not defined."""
        code = node[0]
        static = _STATIC_SLOTS.get(code)
        if static is None:
            return _general_rule(code)
        key = (code, node[static[0]]) if len(static) == 1 else (code, len(node), *[node[k] for k in static])
        found = self._static.get(key)
        if found is None:
            constants = self.constants(node)
            plain = constants == [None] * len(constants) and not OPERATIONS[code].variadic
            found = _general_rule(code) if plain else _static_rule(code, constants)
            self._static[key] = found
        return found

    def constants(self, node: Node) -> list[Any]:
        """Of each operand of a node the constant that its rule takes in, None where there is none."""
        static = OPERATIONS[node[0]].static
        return [self._constant(j) if k in static else None for k, j in enumerate(node[1:])]

    def _constant(self, i: int) -> Any:
        return self._leaves[i] if self._nodes[i][0] == CONST and self._nodes[i][1] != ARRAY else None


def _general_rule(code: int) -> Partials:
    found = (_STATIC_FREE if code in _STATIC_SLOTS else RULES).get(code)
    if found is None:
        found = _trace(OPERATIONS[code], ())
        (_STATIC_FREE if code in _STATIC_SLOTS else RULES)[code] = found
        if all(partial is not None and partial.is_number and partial.scale == 1 for partial in found):
            PASSING.add(code)
        elif [partial.slot if partial is not None and partial.is_slot else None for partial in found] == [2, 1]:
            CROSSING.add(code)
    return found


def partials_at(op: Operation, values: Sequence[Any]) -> Partials:
    """As `Rules.of`, for an operation on values: exact static operands are put into the rule."""
    if op.variadic:
        return _static_rule(op.opcode, [None] * len(values))
    if op.static:
        constants = [rule_constant(v) if k in op.static else None for k, v in enumerate(values)]
        if any(c is not None for c in constants):
            return _static_rule(op.opcode, constants)
    return _general_rule(op.opcode)


def static_value(value: Any) -> Any:
    """A static operand as a rule takes it in: exact, also where it is a whole float, complex or mpmath number."""
    if is_exact(value):
        return value
    if isinstance(value, (float, complex)) or hasattr(value, "context"):
        real = value.real
        if not value.imag and abs(real) < _WHOLE_FLOATS and real == int(real):
            return int(real)
    return None


def rule_constant(value: Any) -> Any:
    """A static operand that a rule takes in beside numbers: an exact one, or -0.5, -1.5, … of a root below 1."""
    if type(value) is float and -_WHOLE_FLOATS < value < 0 and value % 1 == 0.5:
        return value
    return static_value(value)


def _static_rule(code: int, constants: Sequence[Any]) -> Partials:
    key = (code, *[None if c is None else constant_key(c) for c in constants])
    found = _STATIC.get(key)
    if found is None:
        if len(_STATIC) >= _STATIC_KEPT:
            _STATIC.clear()
        found = _STATIC[key] = _trace(OPERATIONS[code], constants)
    return found


def _trace(op: Operation, constants: Sequence[Any]) -> Partials:
    graph, placeholders, parts = traced(op, constants)
    return tuple([None if part is None else as_partial(graph, part, placeholders) for part in parts])


def traced(op: Operation, constants: Sequence[Any]) -> tuple[Graph, dict[int, int], list[int | None]]:
    """A rule called on placeholders: the graph it wrote, the slot of each placeholder in it, the partials' nodes.

    `constants` has an entry an operand, which is put into the rule where it is not None; it may be empty.
    """
    count = len(constants) or op.arity
    with Graph() as graph:
        graph.scratch = True
        slots: list[Handle] = [variable_in(graph, Variable(f"slot{k}")) for k in range(count + 1)]
        placeholders = {slot._index: k for k, slot in enumerate(slots)}
        for k, value in enumerate(constants):
            if value is not None:
                slots[k + 1] = as_handle(value)
        parts = op.partials(*slots)
        if not isinstance(parts, tuple) or len(parts) != count:
            raise SymdiffValueError(f"{op.name}: partials have to be a tuple of {count}, not {parts!r}")
        return graph, placeholders, [None if part is None else _root(graph, as_handle(part)) for part in parts]


def _root(graph: Graph, part: Handle) -> int:
    return part._index if part._graph is graph else graph.adopt(part._graph, [part._index])[0]


def as_partial(graph: Graph, root: int, placeholders: Mapping[int, int]) -> Partial | None:
    """A node of a rule's graph as a partial derivative, None for zero."""
    scaled = _scaled(graph, root, placeholders)
    if scaled is not None:
        return Partial(*scaled, None, {}) if scaled[0] != 0 else None
    program = graph.program([root])
    slots = {k: placeholders[program.origin[k]] for k in program.variables}
    partial = Partial(1, NO_SLOT, program, slots)
    c, base = split_term(graph, root)
    code, *operands = graph.nodes[base]
    if len(operands) == 1 and operands[0] in placeholders:
        partial.scale, partial.function, partial.slot = c, code, placeholders[operands[0]]
    if graph.nodes[root][0] == ops.div.opcode:
        above, below = [_scaled(graph, j, placeholders) for j in graph.nodes[root][1:]]
        if above is not None and below is not None and below[1] != NO_SLOT:
            partial.ratio = exact_ratio(above[0], below[0]), above[1], below[1]
    condition, behind = opened(graph, root)
    if condition is not None:
        inner = as_partial(graph, behind, placeholders)
        assert inner is not None  # holds: `where` of two zeros is zero
        partial.gate = as_partial(graph, condition, placeholders)
        partial.behind = inner
    return partial


def opened(graph: Graph, root: int) -> tuple[int | None, int]:
    """A node as the condition that it is zero without and what is behind that; None where there is no such."""
    conditions = []
    node = graph.nodes[root]
    while node[0] == ops.where.opcode and 0 in (zeros := [exact_value(graph, j) for j in node[2:]]):
        first = zeros[1] == 0
        conditions.append(node[1] if first else simplified(graph, ops.logical_not.opcode, (node[1],)))
        root = node[2 if first else 3]
        node = graph.nodes[root]
    if not conditions:
        return None, root
    return reduce(lambda a, b: simplified(graph, ops.logical_and.opcode, (a, b)), conditions), root


def _scaled(graph: Graph, i: int, placeholders: Mapping[int, int]) -> tuple[Any, int] | None:
    """A node as an exact constant times a slot, None where it is none."""
    node = graph.nodes[i]
    value = exact_value(graph, i)
    if value is not None:
        return value, NO_SLOT
    if node[0] == VAR:
        return 1, placeholders[i]
    coefficient, base = split_term(graph, i)
    if base != i and graph.nodes[base][0] == VAR:
        return coefficient, placeholders[base]
    return None


def evaluate_partial(
    partial: Partial,
    slots: Sequence[int],
    value: Callable[[int], V],
    apply: Callable[[int, list[V]], V],
    lift: Callable[[Any], V],
) -> V:
    """A partial derivative in any algebra: numbers, nodes of a graph.

    `slots` are the places of the result and the operands, `value` gives what
    stands at a place. `apply` is an operation, by code, on values of the algebra;
    `lift` takes a constant into it.
    """
    above, below = evaluate_quotient(partial, slots, value, apply, lift)
    return above if below is None else apply(ops.div.opcode, [above, below])


def evaluate_quotient(
    partial: Partial,
    slots: Sequence[int],
    value: Callable[[int], V],
    apply: Callable[[int, list[V]], V],
    lift: Callable[[Any], V],
) -> tuple[V, V | None]:
    """As `evaluate_partial`, what is divided and by what: None where it is no quotient.

    What it is multiplied with comes first: `(t*r)/u` holds where `t*(r/u)` underflows, as it does for `1/cosh(x)`.
    """
    program = partial.program
    if program is None:
        if partial.slot == NO_SLOT:
            return lift(partial.scale), None
        held = value(slots[partial.slot])
        return held if partial.scale == 1 else apply(ops.mul.opcode, [lift(partial.scale), held]), None
    found: list[V] = []
    last = len(program.nodes) - 1
    for k, node in enumerate(program.nodes):
        if k == last and node[0] == ops.div.opcode:
            return found[node[1]], found[node[2]]
        if node[0] > VAR:
            operands = [found[node[1]], found[node[2]]] if len(node) == 3 else [found[j] for j in node[1:]]
            found.append(apply(node[0], operands))
        elif node[0] == VAR:
            found.append(value(slots[partial.slots[k]]))
        else:
            found.append(lift(program.leaves[k]))
    return found[-1], None
