"""Terms of matrix notation as Python writes them: each as strings and operands, and how tightly it binds.

`@` stands between `*` and the rest here, though Python reads both from the left: `(a*b) @ c` keeps its brackets.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from symdiff.algebra.notation.constant_text import constant_precedence, constant_text
from symdiff.algebra.notation.terms import (
    ATTRIBUTE,
    BLOCKS,
    CALL,
    DIVIDED,
    ELEMENTWISE,
    GATHERED,
    INDEX,
    MATMUL,
    METHOD,
    MINUS,
    NAME,
    NUMBER,
    PRODUCT,
    QUOTIENT,
    SCALED,
    SCATTERED,
    SUM,
    TRANSPOSE,
    Operand,
    Term,
)
from symdiff.algebra.notation.text_writer import commas
from symdiff.records import ATOM, SIGN
from symdiff.records import PRODUCT as TIMES
from symdiff.records import SUM as PLUS

CHAIN = TIMES + 0.5  # precedence of a matrix product
Kind = Callable[[Operand], str]
Pieces = list[Any]  # strings, and pairs of an operand and the precedence that it needs


def term_pieces(term: Term, kind: Kind) -> tuple[Pieces, float]:
    """A term as pieces, and how tightly it binds; `kind` tells the kind of a term or a node."""
    return _WRITERS[term.kind](term, kind)


def _number(term: Term, kind: Kind) -> tuple[Pieces, float]:
    return [constant_text(term.data)], constant_precedence(term.data)


def _name(term: Term, kind: Kind) -> tuple[Pieces, float]:
    return [term.data], PLUS if " " in term.data else ATOM


def _sum(term: Term, kind: Kind) -> tuple[Pieces, float]:
    pieces: Pieces = []
    for sign, operand in zip(term.data, term.operands, strict=True):
        if pieces:
            pieces += [" + " if sign > 0 else " - ", (operand, TIMES)]
        else:
            pieces = [(operand, PLUS)] if sign > 0 else ["-", (operand, TIMES)]
    return pieces, PLUS


def _minus(term: Term, kind: Kind) -> tuple[Pieces, float]:
    return ["-", (term.operands[0], TIMES)], PLUS


def _first(operand: Operand, kind: Kind) -> Any:
    """The first factor: a matrix product among others gets brackets, though it needs none."""
    return operand, SIGN if kind(operand) in (MATMUL, DIVIDED) else TIMES


def _product(term: Term, kind: Kind) -> tuple[Pieces, float]:
    first, *others = term.operands
    pieces: Pieces = [_first(first, kind)]
    for operand in others:
        pieces += ["*", (operand, SIGN)]
    return pieces, TIMES


def _scaled(term: Term, kind: Kind) -> tuple[Pieces, float]:
    body = kind(term.operands[-1]) in (PRODUCT, QUOTIENT)
    pieces = _product(term, kind)[0]
    return [*pieces[:-1], (term.operands[-1], TIMES)] if body else pieces, TIMES if body else CHAIN


def _quotient(term: Term, kind: Kind) -> tuple[Pieces, float]:
    above, below = term.operands
    return [_first(above, kind), "/", (below, SIGN)], TIMES


def _divided(term: Term, kind: Kind) -> tuple[Pieces, float]:
    above, below = term.operands
    return [(above, TIMES), "/", (below, SIGN)], TIMES


def _matmul(term: Term, kind: Kind) -> tuple[Pieces, float]:
    first, *others = term.operands
    pieces: Pieces = [(first, CHAIN)]
    for operand in others:
        pieces += [" @ ", (operand, SIGN)]
    return pieces, CHAIN


def _transpose(term: Term, kind: Kind) -> tuple[Pieces, float]:
    return [(term.operands[0], ATOM), ".T"], ATOM


def _method(term: Term, kind: Kind) -> tuple[Pieces, float]:
    return [(term.operands[0], ATOM), f".{term.data.name}({', '.join(term.data.after)})"], ATOM


def _call(term: Term, kind: Kind) -> tuple[Pieces, float]:
    call = term.data
    operands = commas([(operand, 0) for operand in term.operands])
    if call.listed:
        operands = ["[", *operands, "]"]
    before, after = [[text for t in texts for text in (t, ", ")] for texts in (call.before, call.after)]
    pieces = [*before, *operands] if operands else before[:-1]
    return [call.name, "(", *pieces, *([", ", *after[:-1]] if after else []), ")"], ATOM


def _index(term: Term, kind: Kind) -> tuple[Pieces, float]:
    return [(term.operands[0], ATOM), f"[{term.data}]"], ATOM


def _gathered(term: Term, kind: Kind) -> tuple[Pieces, float]:
    array, *places = term.operands
    return [(array, ATOM), "[", *commas([(operand, 0) for operand in places]), "]"], ATOM


def _scattered(term: Term, kind: Kind) -> tuple[Pieces, float]:
    block, *places = term.operands
    key = commas([(operand, 0) for operand in places])
    return [f"zeros({term.data}).at[", *key, "].add(", (block, 0), ")"], ATOM


def _attribute(term: Term, kind: Kind) -> tuple[Pieces, float]:
    return [(term.operands[0], ATOM), f".{term.data}"], ATOM


def _blocks(term: Term, kind: Kind) -> tuple[Pieces, float]:
    shape, keys = term.data
    pieces: Pieces = [f"zeros({shape})"]
    for key, operand in zip(keys, term.operands, strict=True):
        pieces += [f".at[{key}].add(", (operand, 0), ")"]
    return pieces, ATOM


def _elementwise(term: Term, kind: Kind) -> tuple[Pieces, float]:
    op = term.data
    if not op.symbol:
        return [op.name, "(", *commas([(operand, 0) for operand in term.operands]), ")"], ATOM
    left, right = term.operands
    return [(left, op.precedence + 1), f" {op.symbol} ", (right, op.precedence + 1)], op.precedence


_WRITERS: dict[str, Callable[[Term, Kind], tuple[Pieces, float]]] = {
    NUMBER: _number, NAME: _name, SUM: _sum, MINUS: _minus, PRODUCT: _product, QUOTIENT: _quotient, SCALED: _scaled,
    DIVIDED: _divided, MATMUL: _matmul, TRANSPOSE: _transpose, METHOD: _method, CALL: _call, INDEX: _index,
    ATTRIBUTE: _attribute, GATHERED: _gathered, SCATTERED: _scattered, BLOCKS: _blocks, ELEMENTWISE: _elementwise,
}  # fmt: skip
