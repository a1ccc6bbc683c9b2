"""Terms of a sum that are alike: one is derived, the others are written out after it.

The energy of a mesh, or a sum of squares, has thousands of terms of one form
over different variables. What such a term alone is made of is taken for one
operation, whose partial derivatives by its inputs are found once a form, in a graph
of its own: preaccumulation, as in Griewank and Walther, *Evaluating
Derivatives*, 2nd ed., section 10.2. Inputs are variables, and nodes that are used elsewhere too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from symdiff.algebra.scaled import ONE, Scaled
from symdiff.build import ADD, DIV, MUL, NEG, SUB
from symdiff.graph import CONST, STATIC, VAR, Graph, Node, Variable
from symdiff.modes import budgets
from symdiff.records import OPERATIONS

_SHARED = -1  # owner of a node that several terms are made of

Partials = Callable[[Graph, int, Scaled, Sequence[int], Sequence[int]], tuple[dict[int, Scaled], "Edges"]]
Edges = dict[tuple[int, int], Scaled]  # second derivatives by pair of inputs
Step = tuple[int, ...]  # an operation over places; a constant of the graph is ~index


class Term(NamedTuple):
    """A term of a sum: its form, and the nodes at the places of that."""

    form: tuple[Any, ...]
    nodes: list[int]


class _Derived(NamedTuple):
    """What is to be written for each term of a form: operations over places, and where the derivatives are then."""

    constants: list[int]  # nodes at the first places
    steps: list[Step]
    slopes: list[tuple[int, Any, int]]  # input, and the derivative by it: coefficient, place
    edges: list[tuple[int, int, Any, int]]  # two inputs, and the second derivative by them


class AlikeTerms:
    """The terms below a node that come in numbers, by their indices.

    `adjoints` is the table of `pending_adjoints`, `moving` are the variables.
    """

    def __init__(self, graph: Graph, root: int, cone: Sequence[int], adjoints: Any, moving: set[int]) -> None:
        self.graph = graph
        self.terms = _alike(graph, root, cone, adjoints, moving) if len(cone) > budgets.ALIKE_NODES else {}
        self._derived: dict[tuple[Any, ...], _Derived] = {}

    def derived(
        self, i: int, adjoint: Scaled, partials: Partials
    ) -> tuple[list[tuple[int, Scaled]], list[tuple[int, int, Scaled]]]:
        """The first derivatives of a term by its inputs and the second ones, each times its adjoint, a number."""
        form, at = self.terms[i]
        derived = self._derived.get((form, adjoint))
        if derived is None:
            derived = self._derived[form, adjoint] = _derive(self.graph, form, adjoint, partials)
        at = self._written(derived, at)
        slopes = [(at[k], (c, at[n] if n != ONE else ONE)) for k, c, n in derived.slopes]
        return slopes, [(at[k], at[j], (c, at[n] if n != ONE else ONE)) for k, j, c, n in derived.edges]

    def _written(self, derived: _Derived, nodes: list[int]) -> list[int]:
        find, append = self.graph.find, self.graph.append
        at = [*derived.constants, *nodes]
        for step in derived.steps:
            if len(step) == 3:
                code, a, b = step
                node: Node = (code, at[a], at[b])
            else:
                node = (step[0], *[at[k] for k in step[1:]])
            found = find(node)
            at.append(append(node) if found is None else found)
        return at


def _alike(graph: Graph, root: int, cone: Sequence[int], adjoints: Any, moving: set[int]) -> dict[int, Term]:
    spine, roots = _sum(graph.nodes, root)
    if len(roots) < budgets.ALIKE_TERMS or len(cone) < budgets.ALIKE_MEAN * len(roots):
        return {}
    terms = {}
    counts: dict[Any, int] = {}
    for i, part in _owned(graph.nodes, cone, spine, roots).items():
        term = _form(graph, part, adjoints, moving) if 1 < len(part) <= budgets.ALIKE_SIZE else None
        if term is not None:
            terms[i] = term
            counts[term.form] = counts.get(term.form, 0) + 1
    return {i: term for i, term in terms.items() if counts[term.form] >= budgets.ALIKE_TERMS}


def _sum(nodes: list[Node], root: int) -> tuple[set[int], set[int]]:
    """The sums and multiples that a node consists of, and what these add up: operations, and sums of a few."""
    sums: dict[int, tuple[int, ...]] = {}  # operands that are no constants
    stack = [root]
    while stack:
        i = stack.pop()
        node = nodes[i]
        multiple = node[0] in (MUL, DIV) and CONST in (nodes[node[1]][0], nodes[node[2]][0])
        if i not in sums and (multiple or node[0] in (ADD, SUB, NEG)):
            own = sums[i] = tuple([j for j in node[1:] if nodes[j][0] > VAR])
            stack.extend(own)
    counts: dict[int, int] = {}  # operations that a sum adds up
    for i in sorted(sums):
        added = sum([counts.get(j, 1) for j in sums[i]])
        counts[i] = min(added, budgets.ALIKE_FEW + 1)  # bound what doubles from sum to sum
    spine, terms = set(sums) & {root}, set()
    stack = list(spine)
    while stack:
        for j in sums[stack.pop()]:
            if counts.get(j, 1) <= budgets.ALIKE_FEW:
                terms.add(j)
            elif j not in spine:
                spine.add(j)
                stack.append(j)
    return spine, terms


def _owned(nodes: list[Node], cone: Sequence[int], spine: set[int], terms: set[int]) -> dict[int, list[int]]:
    """What each term alone is made of, in graph order."""
    owner = dict.fromkeys(spine, _SHARED)
    owner.update((i, i) for i in terms)
    parts: dict[int, list[int]] = {i: [] for i in terms}
    for i in reversed(cone):
        term = owner.get(i)
        if term is None or i in spine or nodes[i][0] <= VAR:
            continue
        if term != _SHARED:
            parts[term].append(i)
        for j in nodes[i][1:]:
            if owner.setdefault(j, term) != term:
                owner[j] = _SHARED
    return {i: part[::-1] for i, part in parts.items() if owner[i] == i}


def _form(graph: Graph, part: list[int], adjoints: Any, moving: set[int]) -> Term | None:
    """A term as operations over places: inputs and operations as they come, and what is asked of each input.

    None where it is not scalar, or waits for a branch that the derivatives of its inputs must wait for too.
    """
    nodes = graph.nodes
    places: dict[int, int] = {}
    inputs, steps = [], []
    for i in part:
        node = nodes[i]
        step = [node[0]]
        for j in node[1:]:
            place = places.get(j)
            if place is None:
                kind = nodes[j][0]
                if kind == CONST:
                    step.append(~j)
                    continue
                if kind == STATIC:
                    return None
                place = places[j] = len(places)
                inputs.append(j)
            step.append(place)
        places[i] = len(places)
        steps.append(tuple(step))
    wanted = tuple([2 if j in moving else int(adjoints[j] is not False) for j in inputs])
    if graph.shapes and any(j in graph.shapes for j in places):
        return None
    if 1 in wanted and any(OPERATIONS[step[0]].branches for step in steps):
        return None
    order = tuple([places[j] for j in sorted(inputs)]) if len(inputs) > 1 else (0,)
    return Term((tuple(steps), order, wanted), list(places))


def _derive(graph: Graph, form: tuple[Any, ...], adjoint: Scaled, partials: Partials) -> _Derived:
    steps, inputs, wanted = form  # inputs in the order of the graph, what is wanted of them in that of their places
    aside = Graph(graph.simplify)
    here = {place: aside.var(Variable(f"t{k}")) for k, place in enumerate(inputs)}  # place in the form: node aside
    places = iter([k for k in range(len(inputs) + len(steps)) if k not in here])
    for code, *operands in steps:
        own = [here[k] if k >= 0 else aside.const(graph.leaves[~k]) for k in operands]
        here[next(places)] = aside.intern((code, *own))
    seed = adjoint if adjoint[1] == ONE else (adjoint[0], aside.const(graph.leaves[adjoint[1]]))
    asked = list(zip(sorted(inputs), wanted, strict=True))
    inner = [here[k] for k, want in asked if want == 1]
    active = [here[k] for k, want in asked if want]
    slopes, edges = partials(aside, here[max(here)], seed, inner, active)
    return _program(graph, aside, {i: k for k, i in here.items()}, slopes, edges)


def _program(graph: Graph, aside: Graph, form: dict[int, int], slopes: dict[int, Scaled], edges: Edges) -> _Derived:
    results = [n for _, n in (*slopes.values(), *edges.values()) if n != ONE]
    cone = [i for i in aside.cone(results) if i not in form]
    constants = [i for i in cone if aside.nodes[i][0] == CONST]
    at = {i: k for k, i in enumerate(constants)}
    at.update((i, len(constants) + k) for i, k in form.items())
    steps = []
    for i in cone:
        node = aside.nodes[i]
        if node[0] != CONST:
            steps.append((node[0], *[at[j] for j in node[1:]]))
            at[i] = len(at)
    at[ONE] = ONE
    return _Derived(
        [graph.const(aside.leaves[i]) for i in constants],
        steps,
        [(at[i], c, at[n]) for i, (c, n) in slopes.items()],
        [(at[i], at[j], c, at[n]) for (i, j), (c, n) in edges.items()],
    )
