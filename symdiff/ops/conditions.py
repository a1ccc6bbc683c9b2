"""Comparisons, logic, and the choice that a condition makes."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from symdiff.errors import SymdiffTypeError
from symdiff.records import AND, COMPARE, OR, SIGN, Operation, register


def _compare(name: str, symbol: str, test: Any, relation: str, latex: str) -> Operation:
    return register(
        name, 2, lambda r, a, b: (None, None), real=test, array=getattr(np, name), complex=_ordered(test, name),
        mp=lambda ctx, a, b: _ordered(test, name)(a, b), sympy=relation, symbol=symbol, precedence=COMPARE,
        boolean=True, ieee=True, latex=f"{{0}} {latex} {{1}}",
        code=lambda b, x, y: b.compare(symbol, x, y),
    )  # fmt: skip


def _ordered(test: Any, name: str) -> Any:
    def compare(a: Any, b: Any) -> Any:
        if test is not operator.eq:
            if a.imag or b.imag:
                raise SymdiffTypeError(f"{name}: complex numbers have no order ({a} and {b})")
            a, b = a.real, b.real
        return test(a, b)

    return compare


less: Operation = _compare("less", "<", operator.lt, "StrictLessThan", "<")
less_equal: Operation = _compare("less_equal", "<=", operator.le, "LessThan", r"\le")
greater: Operation = _compare("greater", ">", operator.gt, "StrictGreaterThan", ">")
greater_equal: Operation = _compare("greater_equal", ">=", operator.ge, "GreaterThan", r"\ge")
equal: Operation = register(
    "equal", 2, lambda r, a, b: (None, None), real=operator.eq, array=np.equal, complex=operator.eq,
    mp=lambda ctx, a, b: a == b, sympy="Eq", boolean=True, commutative=True, precedence=COMPARE, latex="{0} = {1}",
    ieee=True,
    code=lambda b, x, y: b.compare("==", x, y),
)  # fmt: skip
logical_and: Operation = register(
    "logical_and", 2, lambda r, a, b: (None, None), real=lambda a, b: bool(a and b), complex=lambda a, b: bool(a and b),
    array=np.logical_and, mp=lambda ctx, a, b: bool(a and b), sympy="And", symbol="&", precedence=AND,
    boolean=True, commutative=True, folds=True, latex=r"{0} \wedge {1}", ieee=True, conditions=(0, 1),
    code=lambda b, x, y: b.logical("and", x, y),
)  # fmt: skip
logical_or: Operation = register(
    "logical_or", 2, lambda r, a, b: (None, None), real=lambda a, b: bool(a or b), complex=lambda a, b: bool(a or b),
    array=np.logical_or, mp=lambda ctx, a, b: bool(a or b), sympy="Or", symbol="|", precedence=OR,
    boolean=True, commutative=True, folds=True, latex=r"{0} \vee {1}", ieee=True, conditions=(0, 1),
    code=lambda b, x, y: b.logical("or", x, y),
)  # fmt: skip
logical_not: Operation = register(
    "logical_not", 1, lambda r, a: (None,), real=operator.not_, complex=operator.not_, array=np.logical_not,
    mp=lambda ctx, a: not a, sympy="Not", symbol="~", precedence=SIGN, boolean=True, latex=r"\neg {0}", ieee=True,
    conditions=(0,),
    code=lambda b, x: b.negation(x),
)  # fmt: skip
where: Operation = register(
    "where", 3, lambda r, c, a, b: (None, where(c, 1, 0), where(c, 0, 1)), real=lambda c, a, b: a if c else b,
    complex=lambda c, a, b: a if c else b, array=np.where, mp=lambda ctx, c, a, b: a if c else b,
    sympy=lambda sympy, c, a, b: sympy.Piecewise((a, c), (b, True)), linear=(1, 2),
    conditions=(0,), branches=(1, 2),
    operands=("condition", "if_true", "if_false"), kinks="only the branch taken counts",
    latex=r"\begin{{cases}} {1} & \text{{if }} {0} \\ {2} & \text{{otherwise}} \end{{cases}}", ieee=True,
    code=lambda b, c, x, y: b.select(c, x, y),
)  # fmt: skip
