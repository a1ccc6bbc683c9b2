"""The steps of a computation, v₁, v₂, …, and what each is: formulas of steps, of their tangents or adjoints."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from symdiff.algebra.notation.text import text
from symdiff.algebra.symbolic import Symbolic
from symdiff.draw.annotations import Edge, Passes
from symdiff.draw.diagram import Diagram, Drawn
from symdiff.draw.labels import number
from symdiff.draw.letters import drawn_formula, subscript
from symdiff.draw.passes import local_edges, seeds_of
from symdiff.draw.tangents import tangents_of
from symdiff.draw.view import operands
from symdiff.graph import CONST, VAR, Graph, Variable
from symdiff.handle import Handle, handle
from symdiff.rules import Rules

VALUE, TANGENT, ADJOINT = "v", "vdot", "vbar"  # names of a step's quantities in formulas
_MARKS = {VALUE: "v", TANGENT: "v̇", ADJOINT: "v̄"}
_NAME = re.compile(r"\b(vbar|vdot|v)(\d+)\b")


def named(kind: str, k: int) -> str:
    """What a quantity of a step is called.

    >>> named(VALUE, 12), named(ADJOINT, 3)
    ('v₁₂', 'v̄₃')
    """
    return _MARKS[kind] + subscript(k)


def barred(step: str) -> str:
    """The adjoint of a step that is named.

    >>> barred("v₃")
    'v̄₃'
    """
    return _MARKS[ADJOINT] + step[len(VALUE) :]


def spelled(expr: Handle) -> str:
    """A formula of steps, with subscripts, dots and bars, and powers raised."""
    plain = _NAME.sub(lambda match: named(match[1], int(match[2])), text([expr]))
    return drawn_formula(expr._graph, plain)


class Steps:
    """Numbers the steps of some results, and makes formulas of them in graphs of its own.

    For mode "forward" `wrt` names a variable or a direction, as for `trace`.
    """

    def __init__(
        self, graph: Graph, roots: Sequence[int], seeds: Sequence[Any], mode: str = "reverse", wrt: Any = None
    ) -> None:
        self.graph, self.mode = graph, mode
        cone = graph.cone(roots)
        variables = [i for i in cone if graph.nodes[i][0] == VAR]
        self.number = {i: k + 1 for k, i in enumerate([i for i in cone if graph.nodes[i][0] != CONST])}
        self._tangents = tangents_of(graph, variables, wrt) if mode == "forward" else {}
        self._seeds: dict[int, list[Any]] = {}
        for root, seed in zip(roots, seeds, strict=True) if mode == "reverse" else ():
            whole = isinstance(seed, float) and seed.is_integer()
            self._seeds.setdefault(root, []).append(int(seed) if whole else seed)
        self._names = Graph(simplify=False)  # holds formulas as they are, made of v1, v2, …
        self._rules = Graph()
        self._algebra = Symbolic(self._rules)
        self._edges: dict[int, list[Edge]] = {}  # edges that pass derivatives on, by their end
        for i, position in local_edges(graph, cone, roots, variables):
            end = i if mode == "forward" else operands(graph, i)[position]
            self._edges.setdefault(end, []).append((i, position))

    def formula(self, i: int) -> Handle:
        """What a step is: its operation of other steps, or the variable."""
        node, names = self.graph.nodes[i], self._names
        if node[0] == VAR:
            return handle(names, names.var(Variable(self.graph.leaves[i].name)))
        return handle(names, names.append((node[0], *[self._slot(names, j) for j in node[1:]])))

    def rule(self, i: int) -> Handle | None:
        """How the tangent or adjoint of a step follows from others."""
        algebra, kind = self._algebra, TANGENT if self.mode == "forward" else ADJOINT
        terms = [algebra.mul(self._passed(end, kind), self._partial(*end)) for end in self._edges.get(i, ())]
        terms += [algebra.constant(seed) for seed in self._seeds.get(i, ())]
        if self.mode == "forward" and self.graph.nodes[i][0] == VAR:
            terms.append(algebra.constant(self._tangents.get(self.graph.leaves[i].key, 0)))
        if not terms:
            return None
        return handle(self._rules, algebra.lower(algebra.add(terms)))

    def along(self, edge: Edge, weighed: bool = False) -> Handle:
        """The local partial of an edge that passes derivatives on; weighed by the adjoint of its user where asked."""
        partial = self._partial(*edge)
        found = self._algebra.mul(self._passed(edge, ADJOINT), partial) if weighed else partial
        return handle(self._rules, self._algebra.lower(found))

    def _slot(self, graph: Graph, i: int) -> int:
        """What stands for a node in a formula: itself where it is a constant, else its name."""
        if self.graph.nodes[i][0] == CONST:
            return graph.const(self.graph.leaves[i])
        return graph.var(Variable(f"{VALUE}{self.number[i]}"))

    def _passed(self, edge: Edge, kind: str) -> Any:
        """The tangent or adjoint that comes along an edge."""
        user, position = edge
        source = user if self.mode == "reverse" else operands(self.graph, user)[position]
        return self._algebra.lift(self._rules.var(Variable(f"{kind}{self.number[source]}")))

    def _partial(self, user: int, position: int) -> Any:
        node = self.graph.nodes[user]
        slots = [self._slot(self._rules, j) for j in (user, *node[1:])]
        rule = Rules(self._rules.nodes, self._rules.leaves).of((node[0], *slots[1:]))[position]
        assert rule is not None
        return self._algebra.partial(rule, slots)


def in_steps(graph: Drawn, roots: Sequence[int], shown: Passes, seed: Any) -> Passes:
    """What a picture shows, where formulas would not fit by formulas of steps that have names.

    >>> import symdiff as sd
    >>> from symdiff.draw.passes import passes
    >>> x, y = sd.variables("x y")
    >>> f = sd.exp(sd.sin(x*y)*sd.cos(x*y)*sd.tanh(y))
    >>> graph, root = f.graph, f._index
    >>> steps = in_steps(graph, [root], passes(graph, [root], None, True), 1.0)
    >>> steps.names[root], steps.adjoints[f.args[0]._index], steps.partials[root, 0]
    ('v₉', 'v₉·v̄₉', 'v₉')
    """
    formulas = [v for each in (shown.adjoints, shown.partials) for v in each.values() if isinstance(v, Handle)]
    if isinstance(graph, Diagram) or all(_fits(v) for v in formulas):
        return shown
    steps = Steps(graph, roots, seeds_of(seed, len(roots)))
    partials: Mapping[Edge, Any] = {
        edge: spelled(steps.along(edge, shown.weighed)) if isinstance(v, Handle) else v
        for edge, v in shown.partials.items()
    }
    adjoints = dict(shown.adjoints)
    for i, v in shown.adjoints.items():
        rule = steps.rule(i) if isinstance(v, Handle) and i in steps.number else None
        adjoints[i] = v if rule is None else spelled(rule)
    names = {i: named(VALUE, k) for i, k in steps.number.items()}
    return shown._replace(adjoints=adjoints, partials=partials, names=names)


def _fits(formula: Handle) -> bool:
    return not number(formula).endswith("…")
