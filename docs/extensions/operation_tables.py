"""Tables that are made from the operation records while the manual is built: `{operation-table}` and its kin.

`operation-table` has every operation with its derivatives, `kink-table` the conventions where operations are not
smooth, `value-table` values and slopes at special points, `language-table` what languages of `sd.code` lack.
What they show is computed, by the library that is described.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

import symdiff as sd
from symdiff import records
from symdiff.graph import VAR
from symdiff.languages.generated import LANGUAGES
from symdiff.operation_help import example

Cell = list[nodes.Node]
POINTS = (-math.inf, -1.0, 0.0, 1.0, math.inf, math.nan)


def operations() -> list[sd.Operation]:
    """The records of the library itself, in the order of the table in `ops`."""
    return [op for op in records.OPERATIONS[VAR + 1 :] if hasattr(sd, op.class_name)]


def table(head: Iterable[str], rows: Iterable[list[Cell]], widths: list[int]) -> nodes.table:
    """A table as docutils has it."""
    group = nodes.tgroup(cols=len(widths))
    group += [nodes.colspec(colwidth=width) for width in widths]
    group += nodes.thead("", _row([_text(title)] for title in head))
    group += nodes.tbody("", *[_row(row) for row in rows])
    return nodes.table("", group, classes=["operations"])


def _row(cells: Iterable[Cell]) -> nodes.row:
    return nodes.row("", *[nodes.entry("", nodes.paragraph("", "", *cell)) for cell in cells])


def _text(text: str) -> nodes.Node:
    return nodes.Text(text)


def code(text: str) -> nodes.Node:
    return nodes.literal(text, text, classes=["code"])


def math_cell(*formulas: str) -> Cell:
    """Formulas, one a line."""
    cell: Cell = []
    for formula in formulas:
        cell += [nodes.math(formula, formula), nodes.raw("", "<br>", format="html")]
    return cell[:-1]


# -- every operation -------------------------------------------------------------


def sample(op: sd.Operation) -> sd.Expr:
    """The operation of x and y, of a condition where it chooses by one."""
    plain = iter("xy")
    names = [
        "n" if k in op.whole else "c" if op.branches and k in op.conditions else next(plain) for k in range(op.arity)
    ]
    return example(op, names)


def slopes(expr: sd.Expr) -> list[str]:
    """Its partial derivatives as formulas."""
    places = [v for v in expr.variables if v.name in "xy"]
    if len(places) == 1:
        return [sd.latex(expr.gradient(places[0]))]
    return [rf"\partial_{v.name} = {sd.latex(expr.gradient(v))}" for v in places]


def names(op: sd.Operation) -> Cell:
    """How it is called: `x + y`, `sd.sin`."""
    operator = [code(f"x {op.symbol} y" if op.arity == 2 else f"{op.symbol}x")] if op.symbol else []
    name = code(f"sd.{op.name}")
    function = [target(name, op.name) if is_record(op) else name] if hasattr(sd, op.name) else []
    return [*operator, *[_text(" ")] * bool(operator and function), *function]


def operation_row(op: sd.Operation) -> list[Cell]:
    with sd.Graph():
        expr = sample(op)
        derivative = [] if op.boolean else math_cell(*slopes(expr))
        return [names(op), [target(code(op.class_name), op.class_name)], math_cell(sd.latex(expr)), derivative]


def is_record(op: sd.Operation) -> bool:
    """Whether its name is the record itself, not a function made with it that has an entry of its own."""
    return getattr(sd, op.name, None) is op


def target(shown: nodes.Node, name: str) -> nodes.Node:
    """What is shown, as a place that links and the index lead to."""
    return nodes.inline("", "", shown, ids=[f"symdiff.{name}"])


class OperationTable(SphinxDirective):
    """Every operation: its formula and its derivatives, in the index and found by search."""

    def run(self) -> list[nodes.Node]:
        python = self.env.get_domain("py")
        for op in operations():
            python.note_object(f"symdiff.{op.class_name}", "class", f"symdiff.{op.class_name}")
            if is_record(op):
                python.note_object(f"symdiff.{op.name}", "function", f"symdiff.{op.name}")
        head = ("call", "class", "formula", "derivative")
        return [table(head, map(operation_row, operations()), [18, 15, 30, 37])]


# -- conventions -----------------------------------------------------------------


def kink_row(op: sd.Operation) -> list[Cell]:
    """The convention, and what value and slope at the kink come out as."""
    with sd.Graph():
        x, y = sd.variables("x y")
        if op.arity == 1:
            expr, where = op(x), {x: 0.0}
        elif op.arity == 2:
            expr, where = op(x, y), {x: 0.0, y: 0.0}
        else:
            expr, where = op(x > 0, y / x, x), {x: 0.0, y: 0.0}
        slope = expr.backpropagate(where)
        shown = (op.kinks, number(expr.evaluate(where)), ", ".join(number(slope[v]) for v in where))
        return [[code(written(op, expr))], *[[_text(text)] for text in shown]]


def written(op: sd.Operation, expr: sd.Expr) -> str:
    """Its text; a call of the class where the text means another operation, as that of a quotient by a norm does."""
    text = str(expr)
    return text if op.branches or sd.parse(text) == expr else f"sd.{op.class_name}({', '.join('xy'[: op.arity])})"


class KinkTable(SphinxDirective):
    """Every operation with a kink or a step, from its record."""

    def run(self) -> list[nodes.Node]:
        head = ("expression", "convention", "value at 0", "slopes at 0")
        return [table(head, [kink_row(op) for op in operations() if op.kinks], [26, 40, 17, 17])]


# -- special values ----------------------------------------------------------------


def number(value: Any) -> str:
    """A value to four digits, as mathematicians write it."""
    value = float(value)
    if math.isnan(value):
        return "nan"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    return np.format_float_positional(value, 4, fractional=False, trim="-").replace("-", "−")


def value_row(op: sd.Operation) -> list[Cell]:
    """Value, and slope below it, at each point; in bold where the record knows the exact value."""
    with sd.Graph():
        x = sd.Var("x")
        expr = op(x)
        cells: list[Cell] = [[code(str(expr))]]
        for point in POINTS:
            shown = _text(number(expr.evaluate({x: point})))
            exact = point in op.at
            slope = number(expr.backpropagate({x: point})[x] + 0.0)  # no sign at 0
            value = nodes.strong("", "", shown) if exact else shown
            cells.append([value, nodes.raw("", "<br>", format="html"), nodes.inline("", slope, classes=["slope"])])
        return cells


class ValueTable(SphinxDirective):
    """Operations of one operand at special points."""

    def run(self) -> list[nodes.Node]:
        head = ("", *[f"x = {number(point)}" for point in POINTS])
        rows = [value_row(op) for op in operations() if op.arity == 1 and not op.boolean]
        return [table(head, rows, [16, 14, 14, 14, 14, 14, 14])]


# -- languages -----------------------------------------------------------------------


def language_row(op: sd.Operation) -> list[Cell]:
    """An operation, and the languages that lack it; nothing where there is none."""
    with sd.Graph():
        expr = sample(op)
        lacking = [language for language in LANGUAGES if not _is_written(expr, language)]
    shown = "all" if len(lacking) == len(LANGUAGES) else ", ".join(lacking)
    return [[code(op.name)], [_text(shown)]] if lacking else []


def _is_written(expr: sd.Expr, language: str) -> bool:
    try:
        sd.code(expr, list(expr.variables), language=language)
    except sd.SymdiffError:
        return False
    return True


class LanguageTable(SphinxDirective):
    """The operations that some language of `sd.code` lacks, and which."""

    def run(self) -> list[nodes.Node]:
        return [table(["", "lacking in"], filter(None, map(language_row, operations())), [40, 60])]


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_directive("operation-table", OperationTable)
    app.add_directive("kink-table", KinkTable)
    app.add_directive("value-table", ValueTable)
    app.add_directive("language-table", LanguageTable)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
