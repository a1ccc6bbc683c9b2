"""Blocks of operations that are alike: one is derived, the others are written out after it.

The energy of a mesh has thousands of terms of one form over different variables, a simulation its steps. Such a block
is taken for one operation of several results, whose derivatives are found once a form, in a graph of its own:
preaccumulation, Griewank and Walther, *Evaluating Derivatives*, 2nd ed., section 10.2. Its inputs are variables, and
operations that are used elsewhere too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import count
from typing import Any, NamedTuple

from symdiff.algebra.scaled import ONE, Scaled
from symdiff.algebra.symbolic import Symbolic
from symdiff.build import ADD, DIV, MUL, SUB
from symdiff.graph import CONST, STATIC, Graph, Node, Variable
from symdiff.modes import budgets
from symdiff.modes.elimination_orders import least_order
from symdiff.modes.linearised_graph import linearised
from symdiff.modes.vertex_elimination import accumulate
from symdiff.records import OPERATIONS

Slopes = dict[int, Scaled]  # first derivatives by input
Edges = dict[tuple[int, int], Scaled]  # second derivatives by pair of inputs, or those of results by inputs
Partials = Callable[[Graph, Mapping[int, Scaled], Sequence[int], Sequence[int]], tuple[Slopes, Edges]]
Part = tuple[list[int], list[int]]  # operations, and those of them that are used elsewhere
NOTHING, ACTIVE, VARIABLE, DATA = range(4)  # what derivatives by an input are; of data it is only known to be a number
Step = tuple[int, ...]  # an operation over places; a constant of the graph is ~index


class Form:
    """What blocks that are alike have in common, and what has been derived of it."""

    __slots__ = ("branches", "count", "derived", "inputs", "jacobian", "results", "steps", "wanted")

    def __init__(
        self, steps: tuple[Step, ...], inputs: tuple[int, ...], wanted: tuple[int, ...], results: tuple[int, ...]
    ) -> None:
        self.steps = steps  # in the order of the graph
        self.inputs = inputs  # places of the inputs in that order; places are those of inputs and steps as they come
        self.wanted = wanted  # what is asked of each by place: VARIABLE, ACTIVE, NOTHING or DATA
        self.results = results  # places of the operations that are used elsewhere
        self.branches = any(OPERATIONS[step[0]].branches for step in steps)  # whether derivatives have conditions
        self.count = 0
        self.derived: dict[tuple[Any, ...], Program] = {}  # by what is known of the adjoints of the results
        self.jacobian: Program | None = None


class Alike(NamedTuple):
    """A block: its form, and the nodes at the places of that."""

    form: Form
    nodes: list[int]

    @property
    def results(self) -> list[int]:
        """The operations that are used elsewhere."""
        return [self.nodes[k] for k in self.form.results]

    @property
    def inputs(self) -> list[int]:
        """What the operations are made of beside each other."""
        return [self.nodes[k] for k in self.form.inputs]


class Program(NamedTuple):
    """What is to be written for each block of a form: operations over places, and where derivatives are then."""

    constants: list[int]  # nodes at the first places, before those of the form and of seeds
    steps: list[Step]
    slopes: list[tuple[int, Any, int]]  # input, and the derivative by it: coefficient, place
    edges: list[tuple[int, int, Any, int]]  # two inputs, and the second derivative by them; or a result and an input
    # of the derivatives of results by inputs:
    products: int = 0  # what an edge takes from all operations to their operands
    operations: int = 0  # what they take themselves


class AlikeBlocks:
    """The blocks below a node that come in numbers, by the last operation of each.

    `adjoints` is the table of `pending_adjoints`, `moving` are the variables.
    """

    def __init__(self, graph: Graph, adjoints: Any, moving: set[int]) -> None:
        self.graph = graph
        self.at: dict[int, Alike] = {}
        self.size = 0  # count of the operations in them
        self._late: dict[int, list[int]] = {}  # operations of blocks that wait for users between, by the first result
        self.places: dict[int, int] = {}  # places in `users_first`, from the end on, where these are not those of nodes
        self._asked = adjoints, moving
        self._forms: dict[tuple[Any, ...], Form] = {}

    def gather(self, parts: Iterable[Part]) -> None:
        """Take those of the parts of a graph, operations and results of each, that are alike.

        Those that are not are looked at once more with numbers as inputs: data, or steps of different length.
        """
        others = self._gathered(parts, False)
        if len(others) >= budgets.ALIKE_TERMS:
            self._gathered(others, True)

    def _gathered(self, parts: Iterable[Part], numbers: bool) -> list[Part]:
        """The parts that are not taken."""
        found, others = [], []
        for part in parts:
            block = self._block(*part, numbers) if 1 < len(part[0]) <= budgets.ALIKE_SIZE else None
            if block is not None:
                found.append((part, block))
                block.form.count += 1
        for part, block in found:
            operations, last = part[0], part[0][-1]
            if block.form.count < budgets.ALIKE_TERMS:
                others.append(part)
            elif not (ACTIVE in block.form.wanted and block.form.branches):
                self.at[last] = block
                self.size += len(operations)
                if len(block.form.results) > 1 and self._waits(block, last):
                    self._late[block.results[0]] = operations
        return others

    def _waits(self, block: Alike, last: int) -> bool:
        """Whether its operations can wait for the users of its first result: all that it is made of comes before."""
        adjoints, _ = self._asked
        first = block.results[0]
        return first < last and not any(i > first and adjoints[i] is not False for i in block.inputs)

    def users_first(self, cone: Sequence[int]) -> Iterable[int]:
        """A cone from the last node on, the operations of a block one after the other.

        As late as may be: what is added up along the way is an operation between the terms of a block.
        """
        if not self._late:
            return reversed(cone)
        waiting = {i for part in self._late.values() for i in part}
        order: list[int] = []
        for i in reversed(cone):
            if i in self._late:
                order.extend(reversed(self._late[i]))
            elif i not in waiting:
                order.append(i)
        self.places = {i: -k for k, i in enumerate(order)}
        return order

    def _block(self, part: list[int], results: list[int], numbers: bool) -> Alike | None:
        """A block as operations over places, and what is asked of each input; None where it is not scalar.

        `numbers`: what is added, and floats as factors, are inputs.
        """
        nodes, shapes = self.graph.nodes, self.graph.shapes
        adjoints, moving = self._asked
        places: dict[int, int] = {}
        inputs, steps = [], []
        for i in part:
            node = nodes[i]
            step = [node[0]]
            for j in node[1:]:
                place = places.get(j)
                if numbers and nodes[j][0] == CONST and not self._is_data(node[0], j):  # also of a number that is data
                    step.append(~j)
                    continue
                if place is None:
                    kind = nodes[j][0]
                    if kind == CONST and not numbers:
                        step.append(~j)
                        continue
                    if kind == STATIC:
                        return None
                    place = places[j] = len(places)
                    inputs.append(j)
                step.append(place)
            places[i] = len(places)
            steps.append(tuple(step))
        if shapes and any(j in shapes for j in places):
            return None
        wanted = tuple([VARIABLE if j in moving else int(adjoints[j] is not False) for j in inputs])
        if numbers:
            wanted = tuple([DATA if nodes[j][0] == CONST else want for j, want in zip(inputs, wanted, strict=True)])
        ranked = sorted(inputs)
        if numbers:  # leave numbers in the order of places: each is anywhere in the graph
            ranked = [j for j in inputs if nodes[j][0] == CONST] + [j for j in ranked if nodes[j][0] != CONST]
        order = tuple([places[j] for j in ranked]) if len(inputs) > 1 else (0,)
        key = tuple(steps), order, wanted, tuple([places[i] for i in results])
        form = self._forms.get(key)
        if form is None:
            form = self._forms[key] = Form(*key)
        return Alike(form, list(places))

    def _is_data(self, code: int, i: int) -> bool:
        return code in (ADD, SUB) or (code in (MUL, DIV) and type(self.graph.leaves[i]) is float)

    def derived(
        self, block: Alike, seeds: Sequence[Scaled | None], partials: Partials
    ) -> tuple[list[tuple[int, Scaled]], list[tuple[int, int, Scaled]]]:
        """The first derivatives of a block by its inputs and the second ones, times the adjoints of its results."""
        known = block.form.derived
        kinds, weights = self._kinds(seeds, len(known) >= budgets.ALIKE_SEEDS)
        program = known.get(kinds)
        if program is None:
            program = known[kinds] = _derived(self.graph, block.form, kinds, partials)
        at = self._written(program, block.nodes, weights)
        slopes = [(at[k], (c, at[n] if n != ONE else ONE)) for k, c, n in program.slopes]
        return slopes, [(at[k], at[j], (c, at[n] if n != ONE else ONE)) for k, j, c, n in program.edges]

    def jacobian_program(self, form: Form) -> Program:
        """How the results of a form are derived by its inputs."""
        if form.jacobian is None:
            form.jacobian = _jacobian(self.graph, form)
        return form.jacobian

    def jacobian(self, block: Alike) -> dict[int, dict[int, Scaled]]:
        """The derivatives of the results of a block by its inputs; what is zero is missing."""
        program = self.jacobian_program(block.form)
        at = self._written(program, block.nodes, [])
        found: dict[int, dict[int, Scaled]] = {i: {} for i in block.results}
        for k, j, c, n in program.edges:
            found[at[k]][at[j]] = c, at[n] if n != ONE else ONE
        return found

    def _kinds(self, seeds: Sequence[Scaled | None], many: bool) -> tuple[tuple[Any, ...], list[int]]:
        """What a program depends on of seeds, and those that are its inputs: nodes, and numbers where `many` came."""
        kinds: list[Any] = []
        weights = []
        for seed in seeds:
            if seed is None or not (many or (seed[1] != ONE and self.graph.nodes[seed[1]][0] != CONST)):
                kinds.append(seed)
                continue
            c, n = (1, Symbolic(self.graph).lower(seed)) if many else seed
            kinds.append((c, None))
            weights.append(n)
        return tuple(kinds), weights

    def _written(self, program: Program, nodes: list[int], weights: list[int]) -> list[int]:
        find, append = self.graph.find, self.graph.append
        at = [*program.constants, *nodes, *weights]
        for step in program.steps:
            if len(step) == 3:
                code, a, b = step
                node: Node = (code, at[a], at[b])
            else:
                node = (step[0], *[at[k] for k in step[1:]])
            found = find(node)
            at.append(append(node) if found is None else found)
        return at


class Datum:
    """A number of which nothing is known: a constant that is another in each block."""

    _count = count()

    def __init__(self) -> None:
        self.number = next(self._count)  # tells it from those of other forms: a form may be found in a form

    def __repr__(self) -> str:
        return f"datum {self.number}"


class _Aside:
    """A form in a graph of its own: its inputs are variables there."""

    def __init__(self, graph: Graph, form: Form) -> None:
        self.of = graph
        self.graph = Graph(graph.simplify)
        asked = dict(zip(sorted(form.inputs), form.wanted, strict=True))
        self.here = {place: self._input(k, asked[place] == DATA) for k, place in enumerate(form.inputs)}
        self.inner = [self.here[k] for k, want in asked.items() if want == ACTIVE]
        self.active = [self.here[k] for k, want in asked.items() if want in (ACTIVE, VARIABLE)]
        self.weights: list[int] = []  # variables that stand for seeds
        places = iter([k for k in range(len(form.inputs) + len(form.steps)) if k not in self.here])
        for code, *operands in form.steps:
            own = [self.here[k] if k >= 0 else self.const(~k) for k in operands]
            self.here[next(places)] = self.graph.intern((code, *own))
        self.results = [self.here[k] for k in form.results]

    def _input(self, k: int, data: bool) -> int:
        return self.graph.const(Datum()) if data else self.graph.var(Variable(f"t{k}"))

    def const(self, i: int) -> int:
        """A constant of the graph that the form is from."""
        return self.graph.const(self.of.leaves[i])

    def weight(self) -> int:
        """Another seed that is a node."""
        self.weights.append(self.graph.var(Variable(f"w{len(self.weights)}")))
        return self.weights[-1]

    def program(self, slopes: Slopes, edges: Edges, products: int = 0, operations: int = 0) -> Program:
        """What has to be written for derivatives."""
        graph = self.graph
        given = [*[self.here[k] for k in sorted(self.here)], *self.weights]
        cone = graph.cone([n for _, n in (*slopes.values(), *edges.values()) if n != ONE])
        own = set(given)
        constants = [i for i in cone if graph.nodes[i][0] == CONST and i not in own]
        at = {i: k for k, i in enumerate([*constants, *given])}
        steps = []
        for i in cone:
            if i not in at:
                code, *operands = graph.nodes[i]
                steps.append((code, *[at[j] for j in operands]))
                at[i] = len(at)
        at[ONE] = ONE
        return Program(
            [self.of.const(graph.leaves[i]) for i in constants],
            steps,
            [(at[i], c, at[n]) for i, (c, n) in slopes.items()],
            [(at[i], at[j], c, at[n]) for (i, j), (c, n) in edges.items()],
            products,
            operations,
        )


def _derived(graph: Graph, form: Form, kinds: Sequence[Any], partials: Partials) -> Program:
    aside = _Aside(graph, form)
    seeds: dict[int, Scaled] = {}
    for i, kind in zip(aside.results, kinds, strict=True):
        if kind is not None:
            c, n = kind
            seeds[i] = c, aside.weight() if n is None else n if n == ONE else aside.const(n)
    return aside.program(*partials(aside.graph, seeds, aside.inner, aside.active))


def _jacobian(graph: Graph, form: Form) -> Program:
    aside = _Aside(graph, form)
    algebra = Symbolic(aside.graph)
    linear = linearised(aside.graph, aside.results, aside.active, algebra)
    labels = [label for edges in linear.into.values() for label in edges.values()]
    products = sum([type(label) is list or label[2] != ONE for label in labels])
    order = least_order(linear)
    return aside.program({}, accumulate(algebra, linear, order.vertices), products, order.operations)
