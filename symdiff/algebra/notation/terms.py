"""Matrix notation as trees of a few kinds of terms over nodes: text and LaTeX write them, each in its own way."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple, TypeAlias

from symdiff.shapes import Size

NUMBER = "number"  # data: a constant
NAME = "name"  # data: a size such as "n - 1"
SUM = "sum"  # data: a sign for each operand, 1 or -1
MINUS = "minus"
PRODUCT = "product"  # entry by entry
QUOTIENT = "quotient"  # entry by entry
SCALED = "scaled"  # scalars, then what they multiply
DIVIDED = "divided"  # by a scalar
MATMUL = "matmul"
TRANSPOSE = "transpose"
METHOD = "method"  # data: Call
CALL = "call"  # data: Call
INDEX = "index"  # data: what stands between brackets, as text
GATHERED = "gathered"  # the first operand at the others
SCATTERED = "scattered"  # the first operand added to zeros at the others; data: the shape of these, as text
ATTRIBUTE = "attribute"  # one of the results of a function; data: its name
BLOCKS = "blocks"  # blocks put into zeros; data: shape and keys, as text
ELEMENTWISE = "elementwise"  # data: an operation on numbers

Operand: TypeAlias = "Term | int"  # a term or a node


class Term(NamedTuple):
    """A piece of matrix notation."""

    kind: str
    operands: tuple[Operand, ...] = ()
    data: Any = None


class Call(NamedTuple):
    """A function or method by name, and what stands before and behind the operands, as text: `axis=1`."""

    name: str
    after: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    listed: bool = False  # whether the operands stand in a list: `stack([x, y])`
    over: tuple[Size, ...] = ()  # sizes of the axes that a sum or a mean is over


def number(value: Any) -> Term:
    """A constant as a term."""
    return Term(NUMBER, (), value)


def call(name: str, *operands: Operand, after: tuple[str, ...] = (), before: tuple[str, ...] = ()) -> Term:
    """A function of operands."""
    return Term(CALL, operands, Call(name, after, before))


def method(name: str, operand: Operand, *after: str, over: tuple[Size, ...] = ()) -> Term:
    """A method without operands of its own, but for such as `axis=1`."""
    return Term(METHOD, (operand,), Call(name, after, over=over))


def product(operands: list[Operand]) -> Operand:
    """A product entry by entry, of one operand too."""
    return operands[0] if len(operands) == 1 else Term(PRODUCT, tuple(operands))


def transposed(operand: Operand) -> Operand:
    """A transpose; of one what is inside."""
    if isinstance(operand, Term) and operand.kind == TRANSPOSE:
        return operand.operands[0]
    return Term(TRANSPOSE, (operand,))


def scaled(front: list[Operand], body: Operand | None) -> Operand:
    """Scalars times a term: in front of the first factor where that is a product."""
    if body is None or not front:
        return (body if body is not None else number(1)) if not front else product(front)
    if isinstance(body, Term) and body.kind == MATMUL:
        first, *rest = body.operands
        return body._replace(operands=(scaled(front, first), *rest))
    if isinstance(body, Term) and body.kind == QUOTIENT and body.operands[0] == number(1):
        return body._replace(operands=(product(front), body.operands[1]))
    return Term(SCALED, (*front, body))


def is_mean(term: Operand | None, below: Any) -> bool:
    """Whether a sum over a number, or over what a size's name stands for, is a mean."""
    if isinstance(term, Term) and term.kind == INDEX:
        return is_mean(term.operands[0], below)
    if not isinstance(term, Term) or term.kind != METHOD or term.data.name != "sum":
        return False
    sizes = term.data.over
    if all(isinstance(n, int) for n in sizes):
        return bool(type(below) is int and math.prod(sizes) == below != 1)
    return len(sizes) == 1 and bool(sizes[0] == below)


def mean(term: Term) -> Term:
    """The mean that a sum over the number of its entries is."""
    if term.kind == INDEX:
        assert isinstance(term.operands[0], Term)
        return term._replace(operands=(mean(term.operands[0]),))
    return term._replace(data=term.data._replace(name="mean"))


def divided(term: Operand, below: list[Operand]) -> Operand:
    """A term over scalars, which stand below its own line where it has one."""
    if below and isinstance(term, Term) and term.kind == SCALED:
        *front, last = term.operands
        inner = divided(last, below)
        if isinstance(inner, Term) and inner.kind == QUOTIENT:
            return term._replace(operands=(*front, inner))
    if below and isinstance(term, Term) and term.kind == QUOTIENT:
        above, own = term.operands
        if not isinstance(own, Term) or own.kind not in (QUOTIENT, DIVIDED):
            parts = own.operands if isinstance(own, Term) and own.kind == SCALED else (own,)
            return Term(QUOTIENT, (above, scaled([*below, *parts[:-1]], parts[-1])))
    return Term(DIVIDED, (term, product(below))) if below else term


def signed(sign: int, term: Operand) -> Operand:
    """A term with its sign."""
    return term if sign > 0 else Term(MINUS, (term,))


def axes_of_call(after: Sequence[str], rank: int) -> tuple[int, ...]:
    """The axes that `axis=1` or `axis=(0, 2)` means; all of them without it."""
    if not after or not after[0].startswith("axis="):
        return () if after else tuple(range(rank))
    return tuple([int(k) for k in after[0][5:].strip("()").split(",") if k.strip()])
