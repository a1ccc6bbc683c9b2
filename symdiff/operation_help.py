"""What `help(sd.sin)` and `help(sd.Sin)` say of an operation, by its record: operands, derivatives, kinks."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any

import numpy as np

from symdiff.algebra.notation.text import text
from symdiff.expr import Expr, Var
from symdiff.graph import Graph
from symdiff.records import Operation

_SHORT = {"operand": "x", "left": "x", "right": "y"}  # names that say nothing


def names_of(op: Operation) -> list[str]:
    """Names of the operands for formulas and signatures."""
    return [_SHORT.get(name, name).replace(" ", "_") for name in op.operands[: op.arity]]


def example(op: Operation, names: Sequence[str]) -> Expr:
    """The operation of variables of these names; of orders 2, and of conditions, where it takes such."""
    found: Expr = op(*[_operand(op, k, name) for k, name in enumerate(names)])
    return found


def _operand(op: Operation, k: int, name: str) -> Any:
    if k in op.whole:
        return 2
    return Var(name) > 0 if k in op.conditions else Var(name)


def signature(op: Operation) -> inspect.Signature:
    """Its operands, by position; more of them where it takes more."""
    parameters = [inspect.Parameter(name, inspect.Parameter.POSITIONAL_ONLY) for name in names_of(op)]
    if op.folds or op.variadic:
        parameters.append(inspect.Parameter("more", inspect.Parameter.VAR_POSITIONAL))
    return inspect.Signature(parameters)


def describe_class(op: Operation) -> str:
    """The docstring of the class of its expressions."""
    made = f"sd.{op.class_name}({', '.join(names_of(op))})"
    attributes = ", ".join(op.operands) if all(name.isidentifier() for name in op.operands) else "args"
    made = f"{made} makes one, with the attributes {attributes}"
    return f"Expressions whose topmost operation is `{op.name}`: {made}.\n\n{describe(op)}"


def describe(op: Operation) -> str:
    """The docstring of an operation."""
    names = names_of(op)
    with Graph():
        expr = example(op, names)
        lines = [_title(op, expr, names), ""]
        lines += ["It takes numbers, arrays (entry by entry), expressions, dual numbers and Taylor series.", ""]
        sections = {
            "Operands": _operands(op, names),
            "Derivative": _derivatives(op, expr, names),
            "Kinks and conventions": [op.kinks] * bool(op.kinks),
            "Exact values": [f"{op.name}({at}) = {value}" for at, value in op.at.items()],
            "Accuracy": [op.absolute] * bool(op.absolute),
            "Elsewhere": _elsewhere(op, expr),
        }
    for title, body in sections.items():
        if body:
            lines += [title, "-" * len(title), *body, ""]
    return "\n".join(lines).rstrip() + "\n"


def _title(op: Operation, expr: Expr, names: Sequence[str]) -> str:
    called, written = f"{op.name}({', '.join(names)})", text([expr])
    return f"{written}, the operation {op.name}." if op.symbol else f"{called} = {written}" if op.formula else called


def _operands(op: Operation, names: Sequence[str]) -> list[str]:
    kinds = [
        f"a whole number from 0 to {op.highest}"
        if k in op.whole
        else "a condition"
        if k in op.conditions
        else "a number"
        for k in range(op.arity)
    ]
    lines = [f"{name} : {kind}" for name, kind in zip(names, kinds, strict=True)]
    return [*lines, "*more : further operands"] if op.folds or op.variadic else lines


def _derivatives(op: Operation, expr: Expr, names: Sequence[str]) -> list[str]:
    if op.boolean:
        return ["0: its value is a condition"]
    moving = [name for k, name in enumerate(names) if k not in op.whole and k not in op.conditions]
    return [f"by {name}: {text([_written_out(expr.gradient(name))])}" for name in moving]


def _written_out(expr: Expr) -> Expr:
    """The formula behind a function that is there for its slopes alone."""
    formula = expr.op.formula if expr.op else None
    found: Expr = formula(*expr.args) if formula else expr
    return found


def _elsewhere(op: Operation, expr: Expr) -> list[str]:
    """Its class here, and what NumPy and SymPy call it."""
    lines = [f"sd.{op.class_name} is the class of its expressions, with the operands as attributes."]
    if isinstance(getattr(np, op.ufunc, None), np.ufunc):
        lines.append(f"NumPy: np.{op.ufunc}, which takes expressions too.")
    return [*lines, f"SymPy: {expr.to_sympy()}"] if op.sympy is not False else lines
