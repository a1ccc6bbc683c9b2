"""Matrix notation as pictures write it: short, with a mathematician's glyphs: `Xᵀ @ R`, `Σ (·)²`, `p ⊙ q`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from symdiff import ops
from symdiff.algebra.notation import array_writer, terms  # noqa: F401  # the first writes the bodies of loops
from symdiff.algebra.notation.array_notation import Notation
from symdiff.algebra.notation.contraction_notation import amount
from symdiff.algebra.notation.terms import Operand, Term
from symdiff.array_constants import is_sparse
from symdiff.build import DIV
from symdiff.draw.labels import cut, glyph, number
from symdiff.draw.letters import superscript
from symdiff.graph import CONST, VAR, Graph
from symdiff.records import ATOM, POWER, PRODUCT, SIGN, SUM, record

CHAIN = PRODUCT + 0.5  # precedence of a matrix product
NAME = 12  # width limit of a variable's name in a formula, in letters
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉", "()")
_BY_SYMBOL = {
    "trace": "tr",
    "eye": "I",
    "ones": "1",
    "zeros": "0",
    "broadcast_to": "broadcast",
    "logdet": "log det",
    "log_abs_det": "log |det|",
    "det_sign": "sgn det",
    "log_softmax": "log softmax",
}
_OF_NOTHING = ("eye", "ones", "zeros")


class Spelled(NamedTuple):
    """A text and how tightly it binds."""

    text: str
    precedence: float = ATOM

    def at(self, level: float) -> str:
        """The text, in brackets where it binds less."""
        return self.text if self.precedence >= level else f"({self.text})"


class Spelling:
    """The formulas of nodes; those in `names` have names, into which nobody looks."""

    def __init__(self, graph: Graph, names: Mapping[int, str]) -> None:
        self.graph, self.names = graph, names
        self.notation = Notation(graph, names)
        self._kept: dict[int, Spelled] = {}

    def formula(self, root: int) -> Spelled:
        """The formula of a node, be it named or not."""
        stack = [root]
        while stack:
            i = stack[-1]
            below = [j for j in self._below(i) if j not in self._kept and j not in self.names]
            if below:
                stack += below[::-1]
            else:
                stack.pop()
                if i not in self._kept:
                    self._kept[i] = self._node(i)
        return self._kept[root]

    def _below(self, i: int) -> list[int]:
        """The nodes that the formula of a node is made of."""
        term = self.notation.term(i)
        if term is None:
            node = self.graph.nodes[i]
            return list(node[1:]) if node[0] > VAR else []
        return _nodes_of(term)

    def _node(self, i: int) -> Spelled:
        term = self.notation.term(i)
        if term is not None:
            return self._of(term)
        node = self.graph.nodes[i]
        if node[0] == VAR:
            return Spelled(cut(self.graph.leaves[i].name, NAME))
        if node[0] == CONST:
            return constant(self.graph.leaves[i])
        if node[0] == DIV and node[1] not in self.names:
            whole = self.notation.term(node[1])
            if isinstance(whole, Term) and terms.is_mean(whole, amount(self.graph, node[2])):
                return self._of(terms.mean(whole))
        return self._function(record(node[0]), [self._of(j) for j in node[1:]], node[1:])

    def _of(self, operand: Operand) -> Spelled:
        if isinstance(operand, Term):
            return _KINDS[operand.kind](self, operand)
        return Spelled(self.names[operand]) if operand in self.names else self._kept[operand]

    def _function(self, op: Any, args: Sequence[Spelled], nodes: Sequence[Operand] = ()) -> Spelled:
        if op is ops.neg:
            return Spelled(f"−{args[0].at(PRODUCT)}", SIGN - 0.5)
        if op is ops.pow:
            return self._power(args[0], args[1], nodes)
        if op is ops.mul and re.fullmatch(r"1/[^\W\d]\w*", args[0].text):  # read (1/n)*x as x/n
            return Spelled(f"{args[1].at(PRODUCT)}{args[0].text[1:]}", PRODUCT)
        if op is ops.mul:
            a, b = args[::-1] if args[1].text.isdigit() and not args[0].text.isdigit() else args
            return Spelled(_times(a.at(PRODUCT), b.at(SIGN)), PRODUCT)
        if op is ops.div:
            return Spelled(f"{args[0].at(PRODUCT)}/{args[1].at(POWER)}", PRODUCT)
        if op.symbol and len(args) == 2:
            left, right = args[0].at(op.precedence), args[1].at(op.precedence + 1)
            return Spelled(f"{left} {glyph(op)} {right}", op.precedence)
        if op.symbol and len(args) > 2:  # a sum of arrays
            return Spelled(f" {glyph(op)} ".join([a.at(op.precedence + 1) for a in args]), op.precedence)
        if op is ops.abs:
            return Spelled(f"|{args[0].text}|")
        return Spelled(f"{glyph(op)}({', '.join([a.text for a in args])})")

    def _power(self, base: Spelled, exponent: Spelled, nodes: Sequence[Operand]) -> Spelled:
        value = self.graph.leaves.get(nodes[1]) if len(nodes) > 1 and isinstance(nodes[1], int) else None
        if type(value) is int and nodes[1] not in self.names and abs(value) < 10**6:
            return Spelled(base.at(ATOM) + superscript(value), POWER)
        return Spelled(f"{base.at(ATOM)}^{exponent.at(ATOM)}", POWER)

    # -- kinds of terms ----------------------------------------------------------

    def _is_scalar(self, operand: Operand) -> bool:
        if isinstance(operand, int):
            return operand not in self.graph.shapes
        if operand.kind in (terms.NUMBER, terms.NAME):
            return True
        if operand.kind in (terms.PRODUCT, terms.DIVIDED, terms.MINUS, terms.SUM):
            return all(map(self._is_scalar, operand.operands))
        return (
            operand.kind in (terms.METHOD, terms.CALL)
            and operand.data.name in ("trace", "norm")
            and not operand.data.after
        )

    def _number(self, term: Term) -> Spelled:
        return constant(term.data)

    def _name(self, term: Term) -> Spelled:
        return Spelled(term.data, SUM if " " in term.data else ATOM)

    def _sum(self, term: Term) -> Spelled:
        text = ""
        for sign, operand in zip(term.data, term.operands, strict=True):
            mark = (" + " if sign > 0 else " − ") if text else ("" if sign > 0 else "−")
            text += mark + self._of(operand).at(SUM if not mark else PRODUCT - 0.5)
        return Spelled(text, SUM)

    def _minus(self, term: Term) -> Spelled:
        return Spelled(f"−{self._of(term.operands[0]).at(PRODUCT - 0.5)}", SUM)

    def _product(self, term: Term) -> Spelled:
        first, *others = term.operands
        text, scalar = self._of(first).at(POWER if others else PRODUCT), self._is_scalar(first)
        for operand in others:
            following = self._of(operand).at(SIGN)
            text = _times(text, following) if scalar or self._is_scalar(operand) else f"{text} ⊙ {following}"
            scalar = scalar and self._is_scalar(operand)
        return Spelled(text, PRODUCT)

    def _scaled(self, term: Term) -> Spelled:
        *front, body = term.operands
        if isinstance(body, Term) and body.kind == terms.CALL and body.data.name == "ones":  # a scalar at every entry
            return self._product(Term(terms.PRODUCT, tuple(front)))
        text = self._of(body).at(CHAIN if len(front) else PRODUCT)
        for operand in reversed(front):
            text = _times(self._of(operand).at(SIGN), text)
        return Spelled(text, PRODUCT)

    def _quotient(self, term: Term) -> Spelled:
        above, below = term.operands
        return Spelled(f"{self._of(above).at(PRODUCT)}/{self._of(below).at(POWER)}", PRODUCT)

    def _matmul(self, term: Term) -> Spelled:
        first, *others = term.operands
        return Spelled(" @ ".join([self._of(first).at(PRODUCT), *[self._of(o).at(POWER) for o in others]]), CHAIN)

    def _transpose(self, term: Term) -> Spelled:
        inner = self._of(term.operands[0])
        inverse = inner.text.endswith("⁻¹") and inner.precedence == POWER
        return Spelled(f"{inner.text[:-1]}ᵀ" if inverse else f"{inner.at(ATOM)}ᵀ", POWER)

    def _call(self, term: Term) -> Spelled:
        data = term.data
        if data.name in _OF_NOTHING:
            return Spelled(_BY_SYMBOL[data.name])
        args = [self._of(o) for o in term.operands]
        if data.name in ("sum", "mean"):
            axis = data.after[0].partition("=")[2].translate(_SUBSCRIPTS) if data.after else ""
            return Spelled(f"{'Σ' if data.name == 'sum' else 'mean'}{axis} {args[0].at(PRODUCT)}", SUM + 0.25)
        if data.name == "norm" and not data.after:
            return Spelled(f"‖{args[0].text}‖")
        if data.name == "inv":
            return Spelled(f"{args[0].at(ATOM)}⁻¹", POWER)
        inside = ", ".join([a.text for a in args])
        if data.name == "einsum":
            return Spelled(f"einsum {data.before[0].strip(chr(34)).replace('->', '→')}({inside})")
        if data.name == "scan_rows":
            return Spelled(f"scan {data.before[0].partition(': ')[2] or '…'} of {inside}", 0)
        shape = data.name in ("broadcast_to", "ones")
        after = "".join([f", {text}" for text in data.after]) if not shape else ""
        return Spelled(f"{_BY_SYMBOL.get(data.name, data.name)}({inside}{after})")

    def _index(self, term: Term) -> Spelled:
        return Spelled(f"{self._of(term.operands[0]).at(ATOM)}[{term.data}]")

    def _attribute(self, term: Term) -> Spelled:
        return Spelled(f"{self._of(term.operands[0]).text}.{term.data}")

    def _blocks(self, term: Term) -> Spelled:
        _, keys = term.data
        parts = [f"[{key}] {self._of(o).text}" for key, o in zip(keys, term.operands, strict=True)]
        return Spelled(f"blocks({', '.join(parts)})")

    def _gathered(self, term: Term) -> Spelled:
        array, *places = [self._of(o) for o in term.operands]
        return Spelled(f"{array.at(ATOM)}[{', '.join([p.text for p in places])}]")

    def _scattered(self, term: Term) -> Spelled:
        block, *places = [self._of(o) for o in term.operands]
        return Spelled(f"blocks([{', '.join([p.text for p in places])}] {block.text})")

    def _elementwise(self, term: Term) -> Spelled:
        return self._function(term.data, [self._of(o) for o in term.operands], term.operands)


def constant(value: Any) -> Spelled:
    """A number, or an array of numbers by its ends and its shape."""
    if is_sparse(value):
        return Spelled(f"sparse {'×'.join(map(str, value.shape))}")
    text = number(value)
    return Spelled(text, SIGN - 0.5 if text.startswith("-") else PRODUCT if "/" in text else ATOM)


def _times(a: str, b: str) -> str:
    """A product with a scalar: `2·X`, `2(X + Y)`."""
    return f"{a}{b}" if a[-1:].isdigit() and b[:1] == "(" else f"{a}·{b}"


def _nodes_of(term: Operand) -> list[int]:
    found: list[int] = []
    stack = [term]
    while stack:
        item = stack.pop()
        if isinstance(item, int):
            found.append(item)
        else:
            stack += item.operands[::-1]
    return found


_KINDS: dict[str, Callable[[Spelling, Term], Spelled]] = {
    terms.NUMBER: Spelling._number, terms.NAME: Spelling._name, terms.SUM: Spelling._sum, terms.MINUS: Spelling._minus,
    terms.PRODUCT: Spelling._product, terms.QUOTIENT: Spelling._quotient, terms.SCALED: Spelling._scaled,
    terms.DIVIDED: Spelling._quotient, terms.MATMUL: Spelling._matmul, terms.TRANSPOSE: Spelling._transpose,
    terms.METHOD: Spelling._call, terms.CALL: Spelling._call, terms.INDEX: Spelling._index,
    terms.BLOCKS: Spelling._blocks, terms.ATTRIBUTE: Spelling._attribute,
    terms.ELEMENTWISE: Spelling._elementwise, terms.GATHERED: Spelling._gathered,
    terms.SCATTERED: Spelling._scattered,
}  # fmt: skip
