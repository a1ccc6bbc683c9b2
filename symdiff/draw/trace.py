"""Evaluation traces: a line for each step of a computation, with its value and its tangent or adjoint."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from symdiff.algebra.notation.html_table import html_table
from symdiff.algebra.notation.latex import latex
from symdiff.algebra.notation.text import text
from symdiff.algebra.symbolic import Symbolic
from symdiff.draw.annotations import NOTHING
from symdiff.draw.labels import number, superscript
from symdiff.draw.passes import local_edges, passes
from symdiff.draw.tangents import duals, named_values, tangents_of
from symdiff.draw.view import operands
from symdiff.errors import SymdiffTypeError, SymdiffValueError
from symdiff.graph import CONST, VAR, Graph, Variable
from symdiff.handle import Handle, gather, handle
from symdiff.rules import Rules

_MODES = ("forward", "reverse")
_VALUE, _TANGENT, _ADJOINT = "v", "vdot", "vbar"  # names of a step's quantities in formulas
_MARKS = {_VALUE: "v", _TANGENT: "v̇", _ADJOINT: "v̄"}
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_NAME = re.compile(r"\b(vbar|vdot|v)(\d+)\b")
_LATEX_NAME = re.compile(r"\\mathrm\{v(bar|dot)\}_\{")
_TEXT_LINES = 60  # count of lines that `repr` and notebooks show


class Step(NamedTuple):
    """One line: `formula` and `rule`, if there is one, are expressions of the v's and their tangents or adjoints."""

    number: int
    formula: Handle
    value: Any = None
    rule: Handle | None = None
    slope: Any = None


def trace(
    f: Handle, at: Mapping[Any, Any] | None = None, mode: str = "reverse", *, wrt: Any = None, seed: Any = 1.0,
    **values: Any,
) -> Trace:  # fmt: skip
    """The evaluation trace (Wengert list) of an expression: what `Expr.trace` returns.

    Each variable and operation is a step v₁, v₂, …, in the order of computation. Reverse mode tells of each its adjoint
    v̄, the derivative of the result by it, and by which sum over its users it is found; forward mode its tangent v̇.
    The tables are those of Baydin, Pearlmutter, Radul and Siskind, Automatic differentiation in machine learning: a
    survey, JMLR 18 (2018), tables 2 and 3.

    Parameters
    ----------
    f : expression of scalars
    at : mapping, optional
        A point, as for `evaluate`: steps have numbers too. Without one the variables' `.value` serve where all are set.
    mode : {"reverse", "forward"}
    wrt : variable, name, or mapping from such to numbers, optional
        For "forward": by what to differentiate, or a direction; by default the first variable.
    seed : number
        The adjoint of the result.

    Raises
    ------
    SymdiffValueError
        For another mode.
    SymdiffTypeError
        For expressions of arrays: `f.expand().trace(…)` traces their entries. For values by name.
    MissingValueError
        For a point without some of the variables.

    >>> import symdiff as sd
    >>> x, y = sd.variables("x y")
    >>> print((x**2*y + y + 2).trace(at={x: 3, y: 4}))
    step          value  adjoint
    v₁ = x            3     24.0  v̄₁ = 2·v₁·v̄₃
    v₂ = y            4     10.0  v̄₂ = v̄₅ + v₃·v̄₄
    v₃ = v₁²          9      4.0  v̄₃ = v₂·v̄₄
    v₄ = v₃·v₂       36      1.0  v̄₄ = v̄₅
    v₅ = v₄ + v₂     40      1.0  v̄₅ = v̄₆
    v₆ = v₅ + 2      42      1.0  v̄₆ = 1
    >>> print(sd.sin(x*y).trace(at={x: 0.0, y: 2.0}, mode="forward"))
    step          value  tangent
    v₁ = x          0.0        1  v̇₁ = 1
    v₂ = y          2.0        0  v̇₂ = 0
    v₃ = v₁·v₂      0.0      2.0  v̇₃ = v₂·v̇₁ + v₁·v̇₂
    v₄ = sin(v₃)    0.0      2.0  v̇₄ = v̇₃·cos(v₃)
    """
    if values:
        name = next(iter(values))
        raise SymdiffTypeError(
            f"a trace takes its point as at={{...}}, and {name!r} is no option: write f.trace({{{name}: …}})"
        )
    if mode not in _MODES:
        raise SymdiffValueError(f"mode is {' or '.join(map(repr, _MODES))}, not {mode!r}")
    graph, (root,) = gather([f])
    if graph.infer is not None and graph.has_arrays([root]):
        raise SymdiffTypeError("a trace has a line for each number: f.expand().trace(…) traces the entries of arrays")
    return Trace(_Tracer(graph, root, at, mode, wrt, seed).steps(), mode)


class _Tracer:
    """Makes the steps of one expression: formulas in a graph of their own, numbers by a pass."""

    def __init__(self, graph: Graph, root: int, at: Any, mode: str, wrt: Any, seed: Any) -> None:
        self.graph, self.root, self.mode = graph, root, mode
        self.cone = graph.cone([root])
        self.variables = [i for i in self.cone if graph.nodes[i][0] == VAR]
        at = named_values(graph, self.variables, at)
        self.tangents = tangents_of(graph, self.variables, wrt) if mode == "forward" else {}
        self.values, self.slopes = self._numbers(at, wrt, seed)
        self.seed = int(seed) if isinstance(seed, float) and seed.is_integer() else seed
        self.number = {i: k + 1 for k, i in enumerate([i for i in self.cone if graph.nodes[i][0] != CONST])}
        self.names = Graph(simplify=False)  # holds formulas as they are, made of v1, v2, …
        self.rules = Graph()
        self.algebra = Symbolic(self.rules)
        self.edges: dict[int, list[tuple[int, int]]] = {}  # edges that pass derivatives on, by their end
        for i, position in local_edges(graph, self.cone, [root], self.variables):
            end = i if mode == "forward" else operands(graph, i)[position]
            self.edges.setdefault(end, []).append((i, position))

    def _numbers(self, at: Any, wrt: Any, seed: Any) -> tuple[Mapping[int, Any], Mapping[int, Any]]:
        if at is None:
            return NOTHING.values, NOTHING.adjoints
        if self.mode == "reverse":
            shown = passes(self.graph, [self.root], at, True, seed, "numeric")
            return shown.values, shown.adjoints
        found = duals(self.graph, [self.root], self.variables, at, wrt)
        moving = {i: d for i, d in found.items() if hasattr(d, "eps")}  # neither constants nor conditions
        return {**found, **{i: d.value for i, d in moving.items()}}, {i: d.eps for i, d in moving.items()}

    def steps(self) -> list[Step]:
        """The steps, in order."""
        found = []
        for i, k in self.number.items():
            rule = self._rule(i)
            nothing = 0 if rule is not None and self.values else None  # behind a gate that is shut at the point
            found.append(Step(k, self._formula(i), self.values.get(i), rule, self.slopes.get(i, nothing)))
        return found

    def _slot(self, graph: Graph, i: int) -> int:
        """What stands for a node in a formula: itself where it is a constant, else its name."""
        if self.graph.nodes[i][0] == CONST:
            return graph.const(self.graph.leaves[i])
        return graph.var(Variable(f"{_VALUE}{self.number[i]}"))

    def _formula(self, i: int) -> Handle:
        node, names = self.graph.nodes[i], self.names
        if node[0] == VAR:
            return handle(names, names.var(Variable(self.graph.leaves[i].name)))
        return handle(names, names.append((node[0], *[self._slot(names, j) for j in node[1:]])))

    def _rule(self, i: int) -> Handle | None:
        """How the tangent or adjoint of a step follows from others."""
        algebra, kind = self.algebra, _TANGENT if self.mode == "forward" else _ADJOINT
        terms = [algebra.mul(self._passed(end, kind), self._partial(*end)) for end in self.edges.get(i, ())]
        if self.mode == "reverse" and i == self.root:
            terms.append(algebra.constant(self.seed))
        if self.mode == "forward" and self.graph.nodes[i][0] == VAR:
            terms.append(algebra.constant(self.tangents.get(self.graph.leaves[i].key, 0)))
        if not terms:
            return None
        return handle(self.rules, algebra.lower(algebra.add(terms)))

    def _passed(self, edge: tuple[int, int], kind: str) -> Any:
        """The tangent or adjoint that comes along an edge."""
        user, position = edge
        source = user if self.mode == "reverse" else operands(self.graph, user)[position]
        return self.algebra.lift(self.rules.var(Variable(f"{kind}{self.number[source]}")))

    def _partial(self, user: int, position: int) -> Any:
        node = self.graph.nodes[user]
        slots = [self._slot(self.rules, j) for j in (user, *node[1:])]
        rule = Rules(self.rules.nodes, self.rules.leaves).of((node[0], *slots[1:]))[position]
        assert rule is not None
        return self.algebra.partial(rule, slots)


class Trace(Sequence[Step]):
    """The steps of a computation; its `str` is a table, notebooks show one too."""

    def __init__(self, steps: Sequence[Step], mode: str) -> None:
        self.steps, self.mode = list(steps), mode
        self._kind = _TANGENT if mode == "forward" else _ADJOINT
        self._numbers = any(step.value is not None for step in steps)

    def __len__(self) -> int:
        return len(self.steps)

    def __getitem__(self, k: Any) -> Any:
        return self.steps[k]

    def __str__(self) -> str:
        return self._text(len(self))

    def __repr__(self) -> str:
        return self._text(_TEXT_LINES)

    def _heads(self) -> list[str]:
        derivative = "tangent" if self.mode == "forward" else "adjoint"
        return ["step", "value", derivative] if self._numbers else ["step"]

    def _row(self, step: Step) -> list[str]:
        """The cells of a step: what it is, its numbers, the rule of its derivative."""
        numbers = ["" if v is None else number(v) for v in (step.value, step.slope)] if self._numbers else []
        rule = "" if step.rule is None else f"{_named(self._kind, step.number)} = {_spelled(step.rule)}"
        return [f"{_named(_VALUE, step.number)} = {_spelled(step.formula)}", *numbers, rule]

    def _text(self, most: int) -> str:
        rows = [[*self._heads(), ""], *[self._row(step) for step in self.steps[:most]]]
        widths = [max([_width(row[k]) for row in rows]) for k in range(len(rows[0]))]
        lines = []
        for first, *numbers, rule in rows:
            cells = [first + " " * (widths[0] - _width(first))]
            cells += [cell.rjust(width) for cell, width in zip(numbers, widths[1:], strict=False)]
            lines.append("  ".join([*cells, rule]).rstrip())
        if len(self) > most:
            lines.append(f"… {len(self) - most:,} more steps")
        return "\n".join(lines)

    def latex(self) -> str:
        r"""The table in LaTeX, an `array` for math mode.

        >>> import symdiff as sd
        >>> x = sd.Var("x")
        >>> print(sd.sin(x).trace().latex())
        \begin{array}{ll}
        v_{1} = x & \bar{v}_{1} = \bar{v}_{2} \, \cos\left(v_{1}\right) \\
        v_{2} = \sin\left(v_{1}\right) & \bar{v}_{2} = 1
        \end{array}
        """
        rows = []
        for step in self.steps:
            cells = [f"v_{{{step.number}}} = {_latex(step.formula)}"]
            cells += ["" if v is None else latex(v) for v in (step.value, step.slope)] if self._numbers else []
            mark = "dot" if self.mode == "forward" else "bar"
            cells.append("" if step.rule is None else rf"\{mark}{{v}}_{{{step.number}}} = {_latex(step.rule)}")
            rows.append(" & ".join(cells))
        columns = "lrrl" if self._numbers else "ll"
        return f"\\begin{{array}}{{{columns}}}\n" + " \\\\\n".join(rows) + "\n\\end{array}"

    def _repr_html_(self) -> str:
        """A table of the first steps."""
        rows = [self._row(step) for step in self.steps[:_TEXT_LINES]]
        more = f"… {len(self) - _TEXT_LINES:,} more steps" if len(self) > _TEXT_LINES else ""
        return html_table(rows, [*self._heads(), ""], after=more)


def _named(kind: str, k: int) -> str:
    return _MARKS[kind] + str(k).translate(_SUBSCRIPTS)


def _spelled(expr: Handle) -> str:
    """A formula of steps, with subscripts, dots and bars, and powers raised."""
    plain = _NAME.sub(lambda match: _named(match[1], int(match[2])), text([expr]))
    raised = re.sub(r"\*\*(\d+)", lambda match: superscript(int(match[1])), plain)
    return re.sub(r"(?<!\*)\*(?!\*)", "·", raised)


def _latex(expr: Handle) -> str:
    return _LATEX_NAME.sub(lambda match: rf"\{match[1]}{{v}}_{{", latex(expr))


def _width(cell: str) -> int:
    """The columns that a cell takes: marks above letters take none."""
    return len(cell) - cell.count("\u0304") - cell.count("\u0307")
