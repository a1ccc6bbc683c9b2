"""The text of expressions that hold arrays: matrix notation, in the form in which it reads back.

What is written is read, and written anew where that gives another text, so text read back gives the same text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from symdiff.algebra.array_notation import Notation
from symdiff.algebra.array_text import term_pieces
from symdiff.algebra.constant_text import array_text
from symdiff.algebra.contraction_notation import amount
from symdiff.algebra.terms import MATMUL, Operand, Term, is_mean, mean
from symdiff.algebra.text_writer import Writer
from symdiff.build import DIV, MUL, NEG
from symdiff.errors import SymdiffError
from symdiff.graph import CONST, VAR, Graph, Variable
from symdiff.handle import Handle, gather, handle
from symdiff.names import element, quoted
from symdiff.parser import parse
from symdiff.records import PRODUCT, SIGN
from symdiff.shapes import named

_ROUNDS = 32  # round limit of reading and writing: two settle nearly everything
_PLAIN = 24  # letters of an array of numbers that gets no name where it comes twice


def text_of_arrays(graph: Graph, roots: Sequence[int], whole: bool) -> str:
    """The text of expressions that hold arrays; arrays of numbers in full where `whole` is true."""
    bare, heads, arrays = _without_numbers(graph, roots)
    found = [_settled(bare, root) for root in heads]
    if len(found) == 1 and not arrays:
        return found[0][1]
    graph, roots = gather([expr for expr, _ in found])
    return _ArrayWriter(graph, roots, {name: array_text(array, whole) for name, array in arrays.items()}).text()


def _without_numbers(graph: Graph, roots: Sequence[int]) -> tuple[Graph, list[int], dict[str, Any]]:
    """A copy in which arrays of numbers are variables: those are written and read many times."""
    arrays: dict[str, Any] = {}
    made = Graph(graph.simplify)
    assert graph.infer is not None
    made.hold_arrays(graph.infer)
    there: dict[int, int] = {}
    for i in graph.cone(roots):
        node = graph.nodes[i]
        if node[0] == CONST and i in graph.shapes:
            name = f"array {len(arrays) + 1}"
            arrays[name] = graph.leaves[i]
            there[i] = made.var(Variable(name, shape=graph.shapes[i]))
        elif node[0] <= VAR:
            (there[i],) = made.adopt(graph, [i])
        else:
            there[i] = made.intern((node[0], *[there[j] for j in node[1:]]))
    return made, [there[i] for i in roots], arrays


def _settled(graph: Graph, root: int) -> tuple[Handle, str]:
    """An expression and its text, which reads back as one of the same text.

    Where reading and writing go round a few texts, it is the shortest of these, whichever one begins with.
    """
    found = handle(graph, root)
    met: dict[str, Handle] = {}
    for _ in range(_ROUNDS):
        writer = _ArrayWriter(found._graph, [found._index], {})
        written = writer.text()
        if written in met:
            texts = list(met)
            written = min(texts[texts.index(written) :], key=lambda text: (len(text), text))
            break
        met[written] = found
        try:
            found = parse(written, writer.shapes, writer.symmetric, writer.integers)
        except SymdiffError:  # show what can't be read, such as an operation without a name of its own
            break
    return met[written], written


class _ArrayWriter(Writer):
    """Expressions that hold arrays, and what parts of them are called; `arrays` are texts for variables."""

    def __init__(self, graph: Graph, roots: Sequence[int], arrays: dict[str, str]) -> None:
        super().__init__(graph, roots)
        cells = {i: self.graph.leaves[i] for i in self.variables}
        shaped = {i: name for i, name in zip(cells, self.plain_names, strict=True) if cells[i].shape}
        self.shapes = {name: cells[i].shape for i, name in shaped.items()}
        self.symmetric = [name for i, name in shaped.items() if cells[i].kind == "symmetric"]
        self.integers = [name for i, name in zip(cells, self.plain_names, strict=True) if cells[i].kind == "int"]
        sizes = {named(size)[0] for shape in self.shapes.values() for size in shape if isinstance(size, str)}
        for i, name in zip(cells, self.plain_names, strict=True):
            at = element(name)
            if name in sizes or (at is not None and at[0] in self.shapes):  # tell it from a size, or an entry
                self.variables[i] = quoted(name)
            if cells[i].name in arrays:
                self.variables[i] = arrays[cells[i].name]
        self._name_arrays([i for i in cells if cells[i].name in arrays])
        self.notation = Notation(self.graph, self.names)

    def _name_arrays(self, constants: Iterable[int]) -> None:
        """Give names to large arrays of numbers that come more than once."""
        uses = Counter(j for i in self.graph.cone(self.roots) for j in set(self.graph.nodes[i][1:]) if self._is_made(i))
        often = [i for i in constants if uses[i] > 1 and len(self.variables[i]) > _PLAIN]
        if often:
            parts = sorted({*self.names, *often})
            self.names.clear()
            self.name_parts(parts)

    def _is_made(self, i: int) -> bool:
        return bool(self.graph.nodes[i][0] > VAR)

    def _pieces(self, i: Operand, level: float, define: bool = False) -> list[Any]:
        """A node or a term as strings, nodes and terms to write."""
        if isinstance(i, Term):
            return self._enclosed(*term_pieces(i, self.notation.kind), level)
        if i in self.names and not define:
            return [self.names[i]]
        term = self.notation.term(i)
        if term is not None:
            return [(term, level)]
        node = self.graph.nodes[i]
        if node[0] == NEG and self.notation.kind(node[1]) == MATMUL:
            return self._enclosed(["-", (node[1], PRODUCT)], PRODUCT, level)
        return super()._pieces(i, level, define)

    def _infix(self, code: int, a: int, b: int) -> list[Any]:
        if code == DIV and a not in self.names:
            term = self.notation.term(a)
            if isinstance(term, Term) and is_mean(term, amount(self.graph, b)):
                return [(mean(term), PRODUCT)]
        if code == MUL and self.notation.kind(b) == MATMUL and self.graph.nodes[a][0] == CONST:
            return [(a, PRODUCT), "*", (b, PRODUCT)]
        if code == MUL and self.notation.kind(a) == MATMUL:
            return [(a, SIGN), "*", (b, PRODUCT + 1)]
        return super()._infix(code, a, b)
