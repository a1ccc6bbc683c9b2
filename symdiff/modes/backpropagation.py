"""Reverse mode on numbers: one sweep up for values, one down for adjoints.

Griewank and Walther, *Evaluating Derivatives*, 2nd ed., section 3.2. The
partials come from the same rules as symbolic derivatives. Below a branch of
`where`, or an operand of `maximum`, an adjoint passes only where that is taken, elementwise for arrays.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from symdiff import ops
from symdiff.algebra.array_points import gathered, is_shaped, value_of
from symdiff.algebra.evaluate import Bound, as_complex, bind, checked, run, stacked
from symdiff.algebra.gates import NumberGates
from symdiff.algebra.numbers import ARRAY, FLOAT, TABLES
from symdiff.algebra.rule_functions import pullback_of
from symdiff.algebra.scalars_only import scalars_only
from symdiff.algebra.traced import TracedNumber, program_of
from symdiff.algebra.whole_arrays import as_array, elements
from symdiff.array_constants import is_sparse
from symdiff.errors import SymdiffTypeError, SymdiffValueError
from symdiff.graph import CONST, VAR, Graph, Node, Variable
from symdiff.handle import Handle, handle, variable_in, variable_named
from symdiff.listings import ByNode
from symdiff.names import canonical, element
from symdiff.neighbours import as_expressions, node_of_symbol
from symdiff.rules import CROSSING, NO_SLOT, PASSING, Partial, Rules, evaluate_partial, evaluate_quotient
from symdiff.shapes import bound as bound_shape
from symdiff.wrt import named_arrays, shaped, variable_nodes, written_out

MUL, ADD, DIV, POW = ops.mul.opcode, ops.add.opcode, ops.div.opcode, ops.pow.opcode
_DIVIDING = frozenset((DIV, POW))
# Limits within which adjoints are divided at once: of denominators, and of what is passed on.
_SMALL, _LARGE = 1e-10, 1e10
_TINY, _HUGE = 1e-150, 1e150


class Sweep(NamedTuple):
    """What both sweeps found, by node of the program; an adjoint nothing reached is None."""

    bound: Bound
    values: Sequence[Any]
    adjoints: Sequence[Any]


def backpropagate(
    exprs: Any, point: Any = None, /, seed: Any = 1.0, wrt: Any = None, **named: Any
) -> dict[Handle, Any] | Any:
    """The gradient of an expression, or of a weighted sum of several, by reverse mode.

    As `Expr.backpropagate`; for a sequence of expressions the seed is one
    number or array an output.

    >>> import numpy as np, symdiff as sd
    >>> x, y = sd.variables("x y")
    >>> sd.backpropagate([x*y, x + y], {x: 3, y: 4}, seed=[1.0, 10.0])
    {x: 14.0, y: 13.0}
    >>> W = sd.variables("W", (2, 2))
    >>> sd.backpropagate(W[0] @ W[1], {"W": np.array([[1, 2], [3, 4]])}, wrt=W)
    array([[3., 4.],
           [1., 2.]])
    """
    swept = sweep(exprs, point, seed, named, every=False)
    graph, origin = swept.bound.graph, swept.bound.program.origin
    values, adjoints = swept.values, swept.adjoints
    stateful = _stateful(point, named)
    result = {}
    for k in swept.bound.program.variables:
        adjoint = adjoints[k]
        if adjoint is None:
            adjoint = _zero(values[k])
        elif type(adjoint) is not float and isinstance(adjoint, np.ndarray):
            adjoint = gathered(adjoint.copy())  # copy it: adjoints of several variables may be one array
        result[handle(graph, origin[k])] = adjoint
        if stateful:
            graph.leaves[origin[k]].grad = adjoint
    if not stateful:
        given = {**(point or {}), **named} if named else point
        for variable, value in _others(graph, given, result):
            result[variable] = _zero(value_of(variable._cell, value))
    return result if wrt is None else _along(result, graph, wrt)


def _others(graph: Graph, point: Mapping[Any, Any], found: Mapping[Handle, Any]) -> Iterator[tuple[Handle, Any]]:
    """The variables that a point has beside those that were found, with their values."""
    if len(point) == len(found) and str not in map(type, point):
        return
    axes = {at[0]: len(at[1]) for variable in found if (at := element(variable._cell.name)) is not None}
    if len(point) == len(found) and (not axes or axes.keys().isdisjoint(point)):
        return
    alone = Graph()
    for key, value in point.items():
        base = key._cell.name if isinstance(key, Handle) and key._cell.shape and key not in found else key
        if isinstance(base, str):
            i = variable_named(graph, base) if base is key else None
            if base in axes and (i is None or handle(graph, i) not in found):
                for name, part in elements(base, as_array(value), axes[base]):
                    variable = variable_in(alone, Variable(name))
                    if variable not in found:
                        yield variable, part
                continue
            variable = handle(graph, i) if i is not None else key
            variable = variable_in(alone, Variable(canonical(key))) if isinstance(variable, str) else variable
        elif isinstance(key, Handle):
            variable = key
        else:
            i = node_of_symbol(graph, key)
            variable = as_expressions(key)[0] if i is None else handle(graph, i)
        if variable not in found:
            yield variable, value


def _along(found: Mapping[Handle, Any], graph: Graph, wrt: Any) -> Any:
    """The derivatives by some variables, one alone or an array of their shape; the axes of a batch are in front.

    By several of which one is an array they are a list.
    """
    members, shape = shaped(named_arrays(graph, written_out(graph, wrt)))
    places = [handle(graph, i) if i >= 0 else v for v, i in zip(members, variable_nodes(graph, members), strict=True)]
    slopes = [found[place] if place in found else _absent(place) for place in places]
    if shape is None:
        return slopes[0]
    if any(isinstance(place, Handle) and place._holds_array() for place in places):
        return slopes
    batches = {slope.shape for slope in slopes if isinstance(slope, np.ndarray)}
    if len(batches) != 1 or not all(isinstance(slope, (np.ndarray, float, int)) for slope in slopes):
        return stacked(slopes, shape)
    (batch,) = batches
    return np.stack([np.broadcast_to(slope, batch) for slope in slopes], axis=-1).reshape(batch + shape)


def _absent(variable: Any) -> Any:
    """The derivative by a variable that neither the expression nor the point has."""
    shape = variable._cell.shape if isinstance(variable, Handle) else ()
    return np.zeros(bound_shape(shape, {})) if shape else 0.0


def adjoints_of(last: TracedNumber) -> list[Any]:
    """The adjoint of every node in the program of a number's trace, None where nothing arrives."""
    bound, values, plain = program_of(last)
    adjoints: list[Any] = [None] * len(values)
    adjoints[last.place] = 1.0 if type(values[last.place]) is float else 1
    with np.errstate(all="ignore"):
        _Downward(bound, values, adjoints, plain).run()
    return adjoints


def node_adjoints(exprs: Any, point: Any = None, /, seed: Any = 1.0, **named: Any) -> dict[Handle, Any]:
    """The adjoint of every node that a result depends on through variables, users first."""
    swept = sweep(exprs, point, seed, named)
    graph, program = swept.bound.graph, swept.bound.program
    found: dict[Handle, Any] = ByNode()
    for k in range(len(program.nodes) - 1, -1, -1):
        if swept.adjoints[k] is not None:
            found[handle(graph, program.origin[k])] = gathered(swept.adjoints[k])
    return found


def edge_partials(exprs: Any, point: Any = None, /, **named: Any) -> dict[tuple[int, int], Any]:
    """The local partial of every edge at a point, by (node of the graph, operand position)."""
    outputs = _outputs(exprs)
    scalars_only("a partial of every edge", outputs)
    bound = bind(outputs, point, named)
    values = run(bound)
    nodes, origin = bound.program.nodes, bound.program.origin
    rules = Rules(nodes, bound.program.leaves)
    found = {}
    for i, node in enumerate(nodes):
        if node[0] > VAR:
            for k, partial in enumerate(rules.of(node)):
                if partial is not None:
                    slope = evaluate_partial(partial, (i, *node[1:]), values.__getitem__, bound.table.apply, bound.lift)
                    found[origin[i], k] = slope
    return found


def _stateful(point: Any, named: Mapping[str, Any]) -> bool:
    return not named and not isinstance(point, Mapping)


def _outputs(exprs: Any) -> list[Handle]:
    return shaped(exprs)[0]


def sweep(exprs: Any, point: Any, seed: Any, named: Mapping[str, Any], every: bool = True) -> Sweep:
    """Both sweeps over a program; where arrays take part without `every`, variables alone get adjoints."""
    if _stateful(point, named) and point is not None:
        if isinstance(point, str):
            raise SymdiffTypeError(f"a seed is a number or an array, not {point!r}")
        point, seed = None, point
    outputs = _outputs(exprs)
    bound = bind(outputs, point, named)
    values = run(bound)
    if any(isinstance(one, complex) for one in (seed if isinstance(seed, (list, tuple)) else [seed])):
        bound = as_complex(bound)
    adjoints: list[Any] = [None] * len(values)
    with np.errstate(all="ignore"):
        _seed(bound, values, adjoints, [seed] if isinstance(exprs, Handle) else seed)
        if bound.graph.infer is not None and is_shaped(bound.graph, bound.program):
            adjoints = _of_arrays(bound, values, adjoints, every)
        else:
            _Downward(bound, values, adjoints).run()
    return Sweep(bound, values, adjoints)


def _of_arrays(bound: Bound, values: Sequence[Any], seeds: Sequence[Any], every: bool) -> list[Any]:
    """The adjoints where arrays take part, of the shapes of the values: summed over a batch that these lack."""
    from symdiff.modes.array_backpropagation import numeric_adjoints

    found = numeric_adjoints(bound, {k: seed for k, seed in enumerate(seeds) if seed is not None}, every)
    for k, adjoint in enumerate(found):
        shape = np.shape(values[k]) if isinstance(values[k], np.ndarray) else ()
        held = np.shape(adjoint) if isinstance(adjoint, np.ndarray) else ()
        if adjoint is not None and held != shape:
            full = np.broadcast_to(adjoint, np.broadcast_shapes(held, shape))
            found[k] = _reduced(full, shape, np.add)
    return found


def _seed(bound: Bound, values: Sequence[Any], adjoints: list[Any], seed: Any) -> None:
    count = len(bound.program.outputs)
    several = isinstance(seed, (list, tuple)) or (isinstance(seed, np.ndarray) and seed.ndim > 0)
    seeds = list(seed) if several else [seed] * count
    if len(seeds) != count:
        raise SymdiffValueError(f"{len(seeds)} seeds for {count} outputs")
    for k, one in zip(bound.program.outputs, seeds, strict=True):
        shape = np.shape(values[k]) if isinstance(values[k], np.ndarray) else ()
        if isinstance(one, (list, tuple)):
            one = np.asarray(one)
        one = checked("the seed", one)
        if shape or np.ndim(one):
            try:
                scalar = np.ndim(one) == 0 and isinstance(one, (int, float))
                one = np.full(shape, one, values[k].dtype) if scalar else np.broadcast_to(one, shape) * 1.0
            except ValueError as error:
                point = "" if shape else ": values of variables go by their names, as in f.backpropagate({x: 3, y: 4})"
                raise SymdiffValueError(
                    f"a seed of shape {np.shape(one)} does not fit a result of shape {shape}{point}"
                ) from error
        one = bound.lift(one)
        adjoints[k] = one if adjoints[k] is None else bound.table[ADD](adjoints[k], one)


class _Downward:
    """The sweep from the outputs to the variables.

    The adjoint of a denominator u, `-r/u`, may underflow where the slope of u makes up for it, as in `1/cosh(x)`.
    So adjoints below a quotient are divided at the variables, or where they meet others: until then `over` holds u.
    """

    def __init__(self, bound: Bound, values: Sequence[Any], adjoints: list[Any], plain: bool = False) -> None:
        self.bound = bound
        self.values = values
        self.adjoints = adjoints
        self.gates = NumberGates(bound.table)
        self.gate: dict[int, Any] = {}  # gates of adjoints by node, where they have one
        self.over: dict[int, Any] = {}  # what adjoints are still to be divided by, by node
        self.simple = any(bound.table is table for table in TABLES[:ARRAY])
        self.floats = bound.table is TABLES[FLOAT]
        self.plain = plain or self.floats  # whether functions written from rules serve: floats, dual numbers of such
        self.rules = Rules(bound.program.nodes, bound.program.leaves)
        self.pullbacks: dict[int, Any] = {}  # functions of what operations pass on, by code; False for the general way

    def run(self) -> None:
        """Pass every adjoint on, users before operands."""
        nodes = self.bound.program.nodes
        values, adjoints, over = self.values, self.adjoints, self.over
        leaves = self.bound.program.leaves
        seeds = {k: adjoints[k] for k in leaves if k < len(adjoints)}
        pullback = self.pullbacks.get
        sums, products = (PASSING, CROSSING) if self.plain else ((), ())
        for i in range(len(nodes) - 1, -1, -1):
            adjoint = adjoints[i]
            if adjoint is None:
                continue
            node = nodes[i]
            code = node[0]
            if over and (i in over or not over.keys().isdisjoint(node)):
                self._pass(i, node)
                continue
            if code in products:  # inline: most operations of a large network are products and sums
                _, j, k = node
                part, other = adjoint * values[k], adjoint * values[j]
            elif code in sums and len(node) == 3:
                _, j, k = node
                part = other = adjoint
            elif code <= VAR:
                continue
            else:
                pull = pullback(code)
                if pull is None:
                    pull = self._pullback(node)
                if not pull:
                    self._pass(i, node)
                    continue
                j, k = node[1], node[-1]
                if len(node) == 3:
                    part, other = pull(adjoint, values[i], values[j], values[k])
                else:
                    part, other = pull(adjoint, values[i], values[j]), None
            if part is not None:
                held = adjoints[j]
                adjoints[j] = part if held is None else held + part
            if other is not None:
                held = adjoints[k]
                adjoints[k] = other if held is None else held + other
        for k, seed in seeds.items():  # constants have no adjoints
            adjoints[k] = seed

    def _pullback(self, node: Node) -> Any:
        """The function for what an operation passes on, written from its rule; False for the general way."""
        code = node[0]
        if code <= VAR or not self.plain:
            self.pullbacks[code] = False
            return False
        rule = self.rules.plain(code)
        if rule is not None:
            return self.pullbacks.setdefault(code, pullback_of(code, rule, self.floats))
        return pullback_of(code, self.rules.of(node), self.floats, self.bound.program.nodes[node[-1]][0] == CONST)

    def _pass(self, i: int, node: Node) -> None:
        """Pass an adjoint on in the general way: through gates, and past what is still to be divided by."""
        nodes = self.bound.program.nodes
        values, adjoints, bound, over = self.values, self.adjoints, self.bound, self.over
        mul, div = bound.table[MUL], bound.table[DIV]
        adjoint = adjoints[i]
        undivided = over.pop(i, None) if over else None
        if undivided is not None:
            divided = adjoints[i] = div(adjoint, undivided)
            if self.floats and (_SMALL < abs(divided) < _LARGE or divided == adjoint or divided != divided):
                adjoint, undivided = divided, None
        if node[0] <= VAR:
            return
        if self.floats and undivided is None and node[0] in _DIVIDING and self._divide(i, node):
            return
        rule = self.rules.plain(node[0]) or self.rules.of(node)
        for partial, j in zip(rule, node[1:], strict=False):
            if partial is None or nodes[j][0] == CONST:
                continue
            if partial.gate is not None:
                self._gated(i, node, partial, j)
                continue
            below = undivided
            if partial.program is None and partial.scale == 1:
                slot = partial.slot  # same as the interpreter; test_a_slot_is_read_as_the_interpreter_does says so
                part = adjoint if slot == NO_SLOT else mul(adjoint, values[node[slot] if slot else i])
            else:
                above, under = evaluate_quotient(
                    partial, (i, *node[1:]), values.__getitem__, bound.table.apply, bound.lift
                )
                part = mul(adjoint, above)
                if under is not None:
                    if node[0] in (DIV, POW) and below is None:
                        below = under
                    else:
                        part = div(part, under)
            if self.simple and below is None and j not in over:
                held = adjoints[j]
                adjoints[j] = part if held is None else bound.table[ADD](held, part)
            else:
                self._contribute(j, part, self.gate.get(i), below)

    def _divide(self, i: int, node: Node) -> bool:
        """Pass on what a quotient of floats does, divided; False, and nothing is done, where that is not safe."""
        code, j, k = node
        constant = self.bound.program.nodes[k][0] == CONST
        if not (_SMALL < abs(self.values[k if code == DIV else j]) < _LARGE or (constant and code == DIV)):
            return False
        pull = pullback_of(code, self.rules.plain(code) or self.rules.of(node), constant=constant, divides=True)
        if not pull:
            return False
        values, adjoint = self.values, self.adjoints[i]
        shares = pull(adjoint, values[i], values[j], values[k])
        zero = adjoint == 0 or values[i] == 0
        for share in shares:
            if not (share is None or _TINY < abs(share) < _HUGE or (zero and share == 0)):
                return False
        for operand, share in zip((j, k), shares, strict=True):
            if share is None:
                continue
            held = self.adjoints[operand]
            if operand in self.over:
                self._contribute(operand, share, None)
            else:
                self.adjoints[operand] = share if held is None else held + share
        return True

    def _gated(self, i: int, node: Node, partial: Partial, j: int) -> None:
        """Pass an adjoint to an operand of which a condition tells whether it counts."""
        assert partial.gate is not None
        adjoint, gate, behind = self.adjoints[i], self.gate.get(i), partial.behind
        condition = self._slope(partial.gate, i, node)
        if not isinstance(condition, (bool, np.bool_)):
            gate = self.gates.both(gate, condition)
        elif not condition:
            return
        if not (behind.is_number and behind.scale == 1):
            adjoint = self.bound.table[MUL](adjoint, self._slope(behind, i, node))
        if self.floats and j not in self.over:
            held = self.adjoints[j]
            self.adjoints[j] = adjoint if held is None else held + adjoint
        else:
            self._contribute(j, adjoint, gate)

    def _slope(self, partial: Partial, i: int, node: Node) -> Any:
        bound = self.bound
        if partial.is_slot:
            return self.values[node[partial.slot] if partial.slot else i]
        return evaluate_partial(partial, (i, *node[1:]), self.values.__getitem__, bound.table.apply, bound.lift)

    def _contribute(self, j: int, part: Any, gate: Any, below: Any = None) -> None:
        """Add to an adjoint, what is still to be divided; what a closed gate holds back is an exact zero."""
        if self.bound.program.nodes[j][0] == CONST:
            return
        div = self.bound.table[DIV]
        held, held_below = self.adjoints[j], self.over.pop(j, None)
        shape = _shape(self.values[j])
        apart = gate is not None or _shape(part) != shape or (held is not None and held_below is not below)
        if below is not None and apart:
            part, below = div(part, below), None
        if held_below is not None and held_below is not below:
            held = div(held, held_below)
        part = self.gates.settled(gate, part)
        if isinstance(part, np.ndarray) and part.shape != shape:
            if gate is not None:
                gate = _reduced(np.broadcast_to(gate, part.shape), shape, np.logical_or)
            part = _reduced(part, shape, np.add)
        if held is not None:
            part = self.bound.table[ADD](held, part)
            gate = self.gates.either([gate, self.gate.pop(j, None)])
        self.adjoints[j] = part
        if gate is not None:
            self.gate[j] = gate
        if below is not None:
            self.over[j] = below


def _shape(value: Any) -> tuple[int, ...]:
    return value.shape if isinstance(value, np.ndarray) else ()


def _reduced(part: Any, shape: tuple[int, ...], by: np.ufunc) -> Any:
    """Undo broadcasting: what every element of an operand received."""
    extra = part.ndim - len(shape)
    axes = tuple(range(extra)) + tuple(k + extra for k, n in enumerate(shape) if n == 1 and part.shape[k + extra] != 1)
    result = by.reduce(part, axis=axes, keepdims=False) if axes else part
    if not shape:
        return result.item() if isinstance(result, (np.ndarray, np.generic)) else result
    if isinstance(result, np.ndarray):
        return result.reshape(shape)
    box = np.empty(shape, dtype=object)  # reduced to one object, which NumPy takes out of its array
    box[(0,) * len(shape)] = result
    return box


def _zero(value: Any) -> Any:
    if isinstance(value, np.ndarray) and value.dtype != object:
        return np.zeros_like(value)
    return np.zeros(value.shape) if isinstance(value, np.ndarray) or is_sparse(value) else 0.0
