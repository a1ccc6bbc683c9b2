"""Evaluation traces: a line for each step of a computation, with its value and its tangent or adjoint."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from symdiff.algebra.notation.html_table import html_table
from symdiff.algebra.notation.latex import latex
from symdiff.algebra.notation.latex_names import name_latex
from symdiff.draw.annotations import NOTHING
from symdiff.draw.labels import number
from symdiff.draw.passes import passes
from symdiff.draw.steps import ADJOINT, TANGENT, VALUE, Steps, named, spelled
from symdiff.draw.tangents import named_values, values_and_tangents
from symdiff.errors import SymdiffTypeError, SymdiffValueError
from symdiff.graph import VAR, Graph
from symdiff.handle import Handle, gather

_MODES = ("forward", "reverse")
_LATEX_NAME = re.compile(r"\\mathrm\{v(bar|dot)\}_\{")
_TEXT_LINES = 60  # count of lines that `repr` and notebooks show


class Step(NamedTuple):
    """One line: `formula` and `rule`, if there is one, are expressions of the v's and their tangents or adjoints.

    `part` is the name that `sd.named` gave what is computed, empty where there is none.
    """

    number: int
    formula: Handle
    value: Any = None
    rule: Handle | None = None
    slope: Any = None
    part: str = ""


def trace(
    f: Handle, at: Mapping[Any, Any] | None = None, mode: str = "reverse", *, wrt: Any = None, seed: Any = 1.0,
    **values: Any,
) -> Trace:  # fmt: skip
    """The evaluation trace (Wengert list) of an expression: what `Expr.trace` returns.

    Each variable and operation is a step v₁, v₂, …, in the order of computation. Reverse mode tells of each its adjoint
    v̄, the derivative of the result by it, and by which sum over its users it is found; forward mode its tangent v̇.
    What `sd.named` named has its name too, `v₃ = s = v₁ + v₂`.
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
    numbers, slopes = _numbers(graph, root, at, mode, wrt, seed)
    steps = Steps(graph, [root], [seed], mode, wrt)
    parts = graph.notes_in(steps.number)
    found = []
    for i, k in steps.number.items():
        rule = steps.rule(i)
        slope = slopes.get(i)
        if slope is None and rule is not None and numbers:  # behind a gate that is shut at the point
            slope = 0
        found.append(Step(k, steps.formula(i), numbers.get(i), rule, slope, parts.get(i, "")))
    return Trace(found, mode)


def _numbers(
    graph: Graph, root: int, at: Any, mode: str, wrt: Any, seed: Any
) -> tuple[Mapping[int, Any], Mapping[int, Any]]:
    """Values and slopes by node, nothing without a point."""
    variables = [i for i in graph.cone([root]) if graph.nodes[i][0] == VAR]
    at = named_values(graph, variables, at)
    if at is None:
        return NOTHING.values, NOTHING.adjoints
    if mode == "reverse":
        shown = passes(graph, [root], at, True, seed, "numeric")
        return shown.values, shown.adjoints
    return values_and_tangents(graph, [root], at, wrt)


class Trace(Sequence[Step]):
    """The steps of a computation; its `str` is a table, notebooks show one too."""

    def __init__(self, steps: Sequence[Step], mode: str) -> None:
        self.steps, self.mode = list(steps), mode
        self._kind = TANGENT if mode == "forward" else ADJOINT
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
        rule = "" if step.rule is None else f"{named(self._kind, step.number)} = {spelled(step.rule)}"
        part = f"{step.part} = " if step.part else ""
        return [f"{named(VALUE, step.number)} = {part}{spelled(step.formula)}", *numbers, rule]

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
            part = f"{name_latex(step.part)} = " if step.part else ""
            cells = [f"v_{{{step.number}}} = {part}{_latex(step.formula)}"]
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


def _latex(expr: Handle) -> str:
    return _LATEX_NAME.sub(lambda match: rf"\{match[1]}{{v}}_{{", latex(expr))


def _width(cell: str) -> int:
    """The columns that a cell takes: marks above letters take none."""
    return len(cell) - cell.count("\u0304") - cell.count("\u0307")
