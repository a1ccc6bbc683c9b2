"""Operations on dual numbers made of floats, each as one Python function written from the record's rule.

What `dual.py` does for any values at all, these do where there is nothing to decide: no zero by structure, no gate,
one level, or constants beside it. They give the same bits, and None for whatever else.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from symdiff import ops
from symdiff.algebra.rule_functions import RuleSource, is_plain
from symdiff.exact import to_float
from symdiff.records import Operation
from symdiff.rules import Partials, partials_at, rule_constant

# Kinds of dual numbers: any, of two floats, of floats and dual numbers of such, of a float and a vector of tangents
OTHER, FLOATS, NESTED, VECTOR = 0, 1, 2, 3
_LEFT, _RIGHT = 16, 32  # keys of functions of a dual number and a constant, and of a constant and a dual number
_SCALARS = (FLOATS, NESTED)
_KEPT = 100  # limit of the functions of one operation: one for each exponent


def kind_of(value: Any, eps: Any, dual: Any) -> int:
    """The kind of a dual number of these parts, but for vectors: which of them are plain only a sweep knows."""
    if type(eps) is float and type(value) is float:
        return FLOATS
    for part in (value, eps):
        if type(part) is not float and not (type(part) is dual and part.kind in _SCALARS):
            return OTHER
    return NESTED


class Functions(dict[Any, Callable[..., Any]]):
    """The functions of an operation by the kinds of its operands, each written when it is asked for again.

    The key is the kind, of two operands four times the first kind plus the second, of a constant that the rule takes in
    a pair: the kind and the constant.
    """

    def __init__(self, op: Operation, dual: Any) -> None:
        self.op = op
        self.dual = dual
        self.asked: set[Any] = set()  # keys that were looked up once, for which a function may not be worth its while

    def __missing__(self, key: Any) -> Callable[..., Any]:
        if key not in self.asked:
            self.asked.add(key)
            return no_function
        if len(self) >= _KEPT:
            self.clear()
        code, constant = key if isinstance(key, tuple) else (key, None)
        if self.op.arity == 1:
            kinds = [code]
        elif code < _LEFT:
            kinds = [*divmod(code, 4)]
        else:
            kinds = [code - _LEFT, None] if code < _RIGHT else [None, code - _RIGHT]
        rule = partials_at(self.op, [constant if kind is None else 0.5 for kind in kinds])
        self[key] = function = _written(self.op, rule, kinds, self.dual) or no_function
        return function


_NAMES = {"make": object.__new__, "type": type, "float": float}  # what written functions call


def no_function(*operands: Any) -> None:
    """Leave it to the general way."""


def _written(op: Operation, rule: Partials, kinds: Sequence[int | None], dual: Any) -> Callable[..., Any] | None:
    """The function of operands of these kinds, None for a constant; None where the general way is the only one."""
    there = {kind for kind in kinds if kind is not None}
    if OTHER in there or not is_plain(op, rule) or (VECTOR in there and len(there) > 1):
        return None
    if VECTOR in there and any(kinds[k] is not None for k in op.static):
        return None  # keep the rule that its value selects, x**0 say: a part of the support may end there
    slots = [k for k, kind in enumerate(kinds, 1) if kind is not None]
    if any(rule[k - 1] is None for k in slots):
        return None
    write = _tangents if VECTOR in there else _tangent
    source = RuleSource(there <= {FLOATS, VECTOR}, **_NAMES, dual=dual, scaled=_scaled, joined=_joined)
    operands = [f"x{k}" for k in range(1, op.arity + 1)]
    source.lines.extend([f"x{k} = a{k}.value" for k in slots])
    source.lines.append(f"r = {source.call(op, operands)}")
    if source.floats:
        source.lines.append("if type(r) is not float: return None")
    eps, support = write(source, rule, slots)
    kind = VECTOR if VECTOR in there else FLOATS if there == {FLOATS} else NESTED
    body = [
        "d = make(dual)",
        "d.value = r",
        f"d.eps = {eps}",
        f"d.support = {support}",
        f"d.level = a{slots[0]}.level",
        f"d.kind = {kind}",
        "return d",
    ]
    return source.function(op.name, [f"a{k}" if k in slots else f"x{k}" for k in range(1, op.arity + 1)], body)


def _tangent(source: RuleSource, rule: Partials, slots: Sequence[int]) -> tuple[str, str]:
    """The tangent of a result, the sum of partial times tangent, and its support."""
    total: str | None = None
    last: str | None = None  # what the total is still to be divided by
    for k in slots:
        partial = rule[k - 1]
        assert partial is not None  # holds: `_written` looked
        if partial.is_number and partial.scale in (1, -1):
            part, below = f"{'-' if partial.scale == -1 else ''}a{k}.eps", None
        else:
            above, below = source.quotient(partial)
            part = f"a{k}.eps" if above is None else f"{above} * a{k}.eps"
        if total is None:
            total, last = part, below
        elif below == last:
            total = f"{total} + {part}"
        else:
            total, last = f"{_over(source, total, last)} + {_over(source, part, below)}", None
    assert total is not None  # holds: there is an operand with a tangent
    return _over(source, total, last), "True"


def _over(source: RuleSource, value: str, below: str | None) -> str:
    return value if below is None else source.call(ops.div, [value, below])


def _tangents(source: RuleSource, rule: Partials, slots: Sequence[int]) -> tuple[str, str]:
    """The vector of tangents of a result, and its support; quotients of one denominator meet above it."""
    parts: list[tuple[str, str | None]] = []
    for k in slots:
        partial = rule[k - 1]
        assert partial is not None  # holds: `_written` looked
        part = f"a{k}.eps"
        if partial.is_number and partial.scale == -1:
            parts.append((f"-{part}", None))
            continue
        above, below = source.quotient(partial)
        if above is not None:
            part = f"scaled({source.name(ops.mul.array)}, {part}, {above}, a{k}.support)"
        parts.append((part, below))
    supports = [f"a{k}.support" for k in slots]
    whole = supports[0] if len(slots) == 1 else f"joined({', '.join(supports)})"
    if len({below for _, below in parts}) == 1:
        total = " + ".join([part for part, _ in parts])
        return _over_all(source, f"({total})" if len(parts) > 1 else total, parts[0][1], whole), whole
    return " + ".join([_over_all(source, *part, support) for part, support in zip(parts, supports, strict=True)]), whole


def _over_all(source: RuleSource, value: str, below: str | None, support: str) -> str:
    return value if below is None else f"scaled({source.name(ops.div.array)}, {value}, {below}, {support})"


def _scaled(op: Any, tangents: Any, factor: float, support: Any) -> Any:
    """Tangents times or over a part of a slope: what is no part of the support stays zero whatever that is."""
    result = op(tangents, factor)
    if factor and factor - factor == 0.0:
        return result
    return np.where(support, result, 0.0)


def _joined(support: Any, other: Any) -> Any:
    return support if support is other else np.logical_or(support, other)


Quick = Callable[..., Any]  # function of operands that gives None where the general way is to be taken


def unary(op: Operation, dual: Any) -> Quick:
    """The operation on a dual number."""
    functions = Functions(op, dual)
    return lambda a: functions[a.kind](a)


def binary(op: Operation, dual: Any) -> tuple[Quick, Quick, Quick]:
    """The operation on two operands of which one is a dual number, or the first, or the second."""
    functions = Functions(op, dual)
    static = 1 in op.static

    def first(a: Any, b: Any) -> Any:
        if type(b) is dual:
            if static and _is_negative(b.value):
                return None  # leave it to the rule that its value selects
            if a.level == b.level:
                return functions[4 * a.kind + b.kind](a, b)
            if a.kind in _SCALARS and b.kind in _SCALARS:
                return functions[(_LEFT if a.level > b.level else _RIGHT) + NESTED](a, b)
            return None
        number = b if type(b) is float else _as_float(b)
        if number is None:
            return None
        key = _LEFT + a.kind
        return functions[(key, rule_constant(b)) if static else key](a, number)

    def second(a: Any, b: Any) -> Any:
        number = a if type(a) is float else _as_float(a)
        return None if number is None else functions[_RIGHT + b.kind](number, b)

    return lambda a, b: first(a, b) if type(a) is dual else second(a, b), first, second


def _is_negative(exponent: Any) -> bool:
    """Whether an exponent, or any of an array of them, is below 0."""
    below = exponent < 0
    return bool(below.any() if isinstance(below, np.ndarray) else below)


def _as_float(number: Any) -> Any:
    """A constant that is a float beside floats, None for any other."""
    return to_float(number) if type(number) is int or type(number) is np.float64 else None
