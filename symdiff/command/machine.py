"""What is found of a formula, for machines: one JSON object."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from symdiff.command.assignments import Points
from symdiff.command.derivatives import Quantity, arranged, name_of
from symdiff.command.output import operations, sympy_text
from symdiff.command.values import for_json, rows, values_at
from symdiff.expr import Expr


def machine(
    f: Expr, wrt: Sequence[Expr], quantities: Sequence[Quantity], points: Points | None, spellings: Sequence[str]
) -> dict[str, Any]:
    """The object of one formula.

    `formula`, `variables`, `wrt`, `derivatives` (each with `wrt`, the names by
    which was differentiated, `name`, `formula`, and `latex` and `sympy` where asked for),
    `operations`; where variables are arrays their `shapes`. At one point also `at`, `value`,
    `gradient` (`jacobian` of an array), `hessian`, and a `value` in each of the derivatives;
    for ranges `points`, a list of objects with `at`, `value`, `gradient`, `hessian`, and
    `values` in the order of `derivatives`.
    """
    found: dict[str, Any] = {
        "formula": str(f),
        "variables": [v.name for v in f.variables],
        "wrt": [name_of(v) for v in wrt],
        **({"shapes": shapes} if (shapes := _shapes(f)) else {}),
        "derivatives": [_entry(q, spellings) for q in quantities],
        "operations": operations(quantities),
    }
    if points is None:
        return found
    if points.ranges:
        found["points"] = [
            {"at": _point(at), **_numbers(quantities, values, len(wrt)), "values": [for_json(v) for v in values]}
            for at, values in rows(quantities, points)
        ]
        return found
    values = values_at(quantities, points.fixed)
    for entry, value in zip(found["derivatives"], values, strict=True):
        entry["value"] = for_json(value)
    return {**found, "at": _point(points.fixed), **_numbers(quantities, values, len(wrt))}


def _shapes(f: Expr) -> dict[str, list[Any]]:
    """The shapes of the variables that are arrays."""
    return {v.name: list(v.shape) for v in f.variables if v._holds_array()}


def _entry(q: Quantity, spellings: Sequence[str]) -> dict[str, Any]:
    entry: dict[str, Any] = {"wrt": [name_of(v) for v in q.variables], "name": q.name, "formula": str(q.expr)}
    if "LaTeX" in spellings:
        entry["latex"] = q.expr.latex()
    if "SymPy" in spellings:
        entry["sympy"] = sympy_text(q)
    return entry


def _point(at: dict[str, Any]) -> dict[str, Any]:
    return {name: for_json(value) for name, value in at.items()}


def _numbers(quantities: Sequence[Quantity], values: Sequence[Any], size: int) -> dict[str, Any]:
    return arranged(quantities, [for_json(value) for value in values], size)


def check_entry(report: Any) -> dict[str, Any]:
    """A cross-check as an object."""
    fields = ("method", "quantity", "value", "reference", "error", "ok", "note", "judged")
    return {
        "ok": bool(report.ok),
        "disagree": len(report.disagree),
        "unjudged": [{"quantity": row.quantity, "reason": row.note} for row in report.unjudged],
        "summary": report.summary,
        "rows": [{name: for_json(getattr(row, name)) for name in fields} for row in report.rows],
    }
