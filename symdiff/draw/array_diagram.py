"""What a graph with arrays looks like in a picture: fewer nodes than it has, each with a formula on it.

Parameters are never drawn; constants, exponents, coefficients and signs are in the formula of what uses them, and so
are the products in a sum: `W @ x + b` is one node. What a formula does not name stands in it as `(·)`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from symdiff import ops
from symdiff.algebra.notation.array_notation import Notation
from symdiff.arrays.reading import EINSUM, POW, number, pieces
from symdiff.draw.array_spelling import NAME, Spelling, constant
from symdiff.draw.diagram import Diagram
from symdiff.draw.labels import WIDTH
from symdiff.graph import CONST, VAR, Graph
from symdiff.handle import operands_of
from symdiff.ops import arrays

_DEPTH = 4  # depth limit of what is in a formula, in operations
_TERMS = 8  # sums of scalars within one another that are as deep as one operation
_PLACE = 0xE000  # code of the letter that stands for the first operand until all are known
_LETTER = "[\ue000-\uf8ff]"
_SIZE = arrays.size.opcode
_ADD, _SUB, _NEG, _MUL, _DIV, _EXP = (op.opcode for op in (ops.add, ops.sub, ops.neg, ops.mul, ops.div, ops.exp))
_SUMS = (_ADD, _SUB)
_LINEAR = (
    EINSUM,
    _ADD,
    _SUB,
    _NEG,
    _MUL,
    _DIV,
)  # with powers, multiples and quotients in their formula


class ArrayDiagram(Diagram):
    """The diagram of the cone of some results."""

    def __init__(self, graph: Graph, roots: Sequence[int]) -> None:
        super().__init__(graph, roots)
        self.idioms.update(self._find_idioms())
        self._drawn = self._choose()
        for i in reversed(self._cone):
            if i in self._drawn:
                self._draw(i)

    # -- what is drawn ---------------------------------------------------------------

    def _find_idioms(self) -> dict[int, int]:
        """Sums that are a `log_softmax`, with what that is of."""
        plain = Notation(self.graph, self._roots)
        found: dict[int, int] = {}
        for i in self._cone:
            term = plain.log_softmax(i)
            if term is not None and isinstance(term.operands[0], int):
                found[i] = term.operands[0]
        return found

    def below(self, i: int) -> Sequence[int]:
        """The operands of a node of the graph, as it is read."""
        if i in self.idioms:
            return (self.idioms[i],)
        node = self.graph.nodes[i]
        return operands_of(self.graph, node) if node[0] > VAR else ()

    def _choose(self) -> set[int]:
        """The nodes that are drawn: all that are not in the formula of what uses them."""
        uses: dict[int, int] = {}
        needed = set(self._roots)
        for i in reversed(self._cone):
            if i in needed:
                for j in dict.fromkeys(self.below(i)):
                    uses[j] = uses.get(j, 0) + 1
                    needed.add(j)
        drawn = set(self._roots)
        depth: dict[int, int | Fraction] = dict.fromkeys(drawn, 0)
        for i in reversed(self._cone):
            for j in self.below(i) if i in depth else ():
                if depth[i] < _DEPTH and self._folds(j, i, uses[j] == 1):
                    step = 1 if self.graph.nodes[j][0] not in _SUMS else Fraction(1, _TERMS)
                    depth[j] = max(depth.get(j, 0), depth[i] + step)
                else:
                    drawn.add(j)
                    depth[j] = 0
        return drawn

    def _folds(self, j: int, user: int, once: bool) -> bool:
        """Whether a node is in the formula of a user, rather than drawn."""
        if j in self._roots or j in self.notes:
            return False
        graph = self.graph
        code, by = graph.nodes[j][0], graph.nodes[user][0]
        if self._is_plain(j) or (j in self.idioms and by == _EXP and once):
            return True
        if code == EINSUM:
            return once and (by in (_ADD, _SUB, _NEG, EINSUM) or (by in (_MUL, _DIV) and self._has_number(user)))
        if code in _SUMS and by in _SUMS and j not in self.shapes:
            return once
        if code == _NEG:
            return once or graph.nodes[graph.nodes[j][1]][0] == VAR
        if code in (POW, _DIV, _MUL) and self._has_number(j):
            return once and by in _LINEAR
        return False

    def _has_number(self, i: int) -> bool:
        graph = self.graph
        return any(number(graph, j) is not None or graph.nodes[j][0] == _SIZE for j in graph.nodes[i][1:])

    def _is_plain(self, j: int) -> bool:
        """Whether a node is a number or a size, or an array that is one but for its sign, its multiple, or its axes."""
        graph, code = self.graph, self.graph.nodes[j][0]
        if code == CONST:
            return j not in self.shapes
        if code != EINSUM:
            return bool(code == _SIZE)
        factors = [f for f, _ in pieces(graph, j)[1] if number(graph, f) is None and graph.nodes[f][0] != _SIZE]
        return not factors or (len(factors) == 1 and not graph.leaves[graph.nodes[j][1]].summed)

    # -- formulas -----------------------------------------------------------------------

    def _draw(self, i: int) -> None:
        """The title of a node and its operands; where it gets too long, what is in it is drawn beside it."""
        node = self.graph.nodes[i]
        if node[0] <= VAR:
            self.nodes[i] = node
            self.titles[i] = self.leaves[i].name if node[0] == VAR else constant(self.leaves[i]).text
            return
        text, found, inner = self._formula(i)
        names, marks = self._called(text, found)
        title = _title(text, names)
        heavy = [j for j in inner if not self._is_plain(j) and j not in self.idioms]
        heavy = [j for j in heavy if self.graph.nodes[j][0] not in _SUMS] or heavy
        if len(title) > WIDTH and heavy:
            self._drawn.update(heavy)
            self._draw(i)
            return
        self.nodes[i], self.titles[i], self.patterns[i] = (node[0], *found), title, text
        self.names[i], self._marks[i] = tuple(names), _marks(text, title, marks)
        for j in inner:
            self._within.setdefault(j, i)

    def _formula(self, i: int) -> tuple[str, list[int], list[int]]:
        """The formula of a node with a letter for each operand, those operands, and the nodes in it."""
        around = self._around(i)
        named = {j: chr(_PLACE + k) for k, j in enumerate([j for j in around if j in self._drawn])}
        text = Spelling(self.graph, named).formula(i).text
        by_letter = {letter: j for j, letter in named.items()}
        met = dict.fromkeys(re.findall(_LETTER, text))
        text = text.translate({ord(letter): chr(_PLACE + k) for k, letter in enumerate(met)})
        return text, [by_letter[letter] for letter in met], [j for j in around if j not in self._drawn]

    def _around(self, i: int) -> list[int]:
        """The nodes in the formula of a node, and the drawn ones that it is made of."""
        found: dict[int, None] = {}
        stack = list(self.below(i))
        while stack:
            j = stack.pop()
            if j not in found:
                found[j] = None
                stack += self.below(j) if j not in self._drawn else ()
        return list(found)

    def _called(self, text: str, found: Sequence[int]) -> tuple[list[str], list[str]]:
        """What each operand is called, and what of that its edge has to say."""
        leaf = [self.graph.nodes[j][0] == VAR and len(self.leaves[j].name) <= NAME for j in found]
        holes = [j for j, named in zip(found, leaf, strict=True) if not named]
        names, marks = [], []
        for j, named in zip(found, leaf, strict=True):
            hole = "(·)" if len(holes) == 1 else f"({holes.index(j) + 1})" if not named else ""
            names.append(self.leaves[j].name if named else hole)
            marks.append("" if named or len(holes) == 1 else hole)
        return names, marks


def _title(text: str, names: Sequence[str]) -> str:
    """A formula with the names of its operands, without those that go without saying."""
    alone = re.fullmatch(rf"([\w .]+)\({_LETTER}(?:, axis=([^)]+|\(.*\)))?\)", text)
    if alone:
        return f"{alone[1]}{f' axis {alone[2]}' if alone[2] else ''}"
    if re.fullmatch(rf"(Σ|mean)[₀-₉(), ]* {_LETTER}", text):
        return text[:-2]
    if re.fullmatch(rf"{_LETTER}( \+ {_LETTER})+", text) and all(name.startswith("(") for name in names):
        return "+"
    if re.fullmatch(rf"einsum \S+\({_LETTER}(, {_LETTER})*\)", text):
        return text.partition("(")[0]
    for k, name in enumerate(names):
        text = text.replace(f"({chr(_PLACE + k)})", name if name.startswith("(") else f"({name})")
        text = text.replace(chr(_PLACE + k), name)
    return re.sub(r"(?<=\d)·(?=\()", "", text)


def _marks(text: str, title: str, marks: Sequence[str]) -> tuple[str, ...]:
    """What edges say of operands: their labels where the title has nothing else of them."""
    if title == "+":
        return ("",) * len(marks)
    if title.startswith("einsum ") and text.startswith(f"{title}("):
        letters = re.findall(_LETTER, text)
        spelled = title.removeprefix("einsum ").partition("→")[0].split(",")
        by = dict(zip(letters, spelled, strict=True))
        return tuple([by[chr(_PLACE + k)] for k in range(len(marks))])
    return tuple(marks)
