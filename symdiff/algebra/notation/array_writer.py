"""The text of expressions that hold arrays: matrix notation, in the form in which it reads back.

What is written is read, and written anew where that gives another text, so text read back gives the same text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from symdiff.algebra.notation.array_notation import Notation, bodies_written_by
from symdiff.algebra.notation.array_text import term_pieces
from symdiff.algebra.notation.constant_text import array_text
from symdiff.algebra.notation.contraction_notation import amount
from symdiff.algebra.notation.terms import MATMUL, Operand, Term, is_mean, mean
from symdiff.algebra.notation.text_writer import Writer
from symdiff.array_syntax import Arrays
from symdiff.build import DIV, MUL, NEG
from symdiff.errors import SymdiffError
from symdiff.graph import CONST, VAR, Graph, Node
from symdiff.handle import Handle, gather, handle
from symdiff.loop_body import Body
from symdiff.names import element, quoted
from symdiff.parser import parse, parse_arrays
from symdiff.records import PRODUCT, SIGN
from symdiff.shapes import named

_ROUNDS = 32  # round limit of reading and writing: two settle nearly everything
_texts: dict[str, str] = {}  # of bodies of loops, by their keys
_TEXTS_KEPT = 1000
_PLAIN = 24  # letters of an array of numbers that gets no name where it comes twice


class _Numbers(NamedTuple):
    """Arrays of numbers that have names while text is written and read many times."""

    names: dict[Node, str]  # of their nodes
    arrays: dict[str, Any]
    read: dict[str, Handle]  # what their text reads back as


def text_of_arrays(graph: Graph, roots: Sequence[int], whole: bool) -> str:
    """The text of expressions that hold arrays; arrays of numbers in full where `whole` is true."""
    numbers = _numbers(graph, roots)
    found = [_settled(graph, root, numbers) for root in roots]
    if len(found) == 1 and not numbers.names:
        return found[0][1]
    graph, roots = gather([expr for expr, _ in found])
    texts = {name: array_text(array, whole) for name, array in numbers.arrays.items()}
    return _ArrayWriter(graph, roots, {node: texts[name] for node, name in numbers.names.items()}).text()


def _numbers(graph: Graph, roots: Sequence[int]) -> _Numbers:
    """The arrays of numbers in expressions, with names that say what is in them: they break ties."""
    found = _Numbers({}, {}, {})
    for i in graph.cone(roots):
        if graph.nodes[i][0] == CONST and i in graph.shapes:
            read = _as_read(graph, i)
            node = read._graph.nodes[read._index]
            name = " ".join(map(str, node[1:]))
            found.names[graph.nodes[i]] = found.names[node] = name
            found.arrays.setdefault(name, graph.leaves[i])
            found.read.setdefault(name, read)
    return found


def _as_read(graph: Graph, i: int) -> Handle:
    """What the text of an array of numbers reads back as: text has no types, such as those of few bits."""
    array = graph.leaves[i]
    if array.dtype == object:
        return parse(array_text(array))
    kind = {"f": "d", "F": "D"}.get(array.dtype.char)
    if kind is None:
        return handle(graph, i)
    made = Graph()
    assert graph.infer is not None
    made.hold_arrays(graph.infer)
    return handle(made, made.array(array.astype(kind)))


def _settled(graph: Graph, root: int, numbers: _Numbers) -> tuple[Handle, str]:
    """An expression and its text, which reads back as one of the same text.

    Where reading and writing go round a few texts, it is the shortest of these, whichever one begins with.
    """
    found = handle(graph, root)
    met: dict[str, Handle] = {}  # texts, and what they read back as
    quotes = {node: quoted(name) for node, name in numbers.names.items()}
    for _ in range(_ROUNDS):
        writer = _ArrayWriter(found._graph, [found._index], quotes)
        written = writer.text()
        if written in met:
            texts = list(met)
            written = min(texts[texts.index(written) :], key=lambda text: (len(text), text))
            return met[written], written
        try:
            found = parse_arrays(written, Arrays(writer.shapes, writer.symmetric, writer.integers, numbers.read))
        except SymdiffError:  # show what can't be read, such as an operation without a name of its own
            break
        met[written] = found
    return found, written


def _body_text(body: Body) -> str:
    """A body as a function of its inputs: `lambda h, x: sin(h) + x`, several results between brackets.

    Texts are kept: writing is done twice or more, and with loops in loops again in each.
    """
    kept = _texts.get(body.key)
    if kept is None:
        if len(_texts) >= _TEXTS_KEPT:
            _texts.clear()
        kept = _texts[body.key] = _written(body)
    return kept


def _written(body: Body) -> str:
    graph = body.graph
    names = ", ".join([graph.leaves[i].name for i in body.inputs])
    whole = graph.has_arrays(body.outputs)
    found = text_of_arrays(graph, body.outputs, True) if whole else Writer(graph, body.outputs).text()
    return f"lambda {names}: {f'({found})' if ';' in found or len(body.outputs) > 1 else found}"


bodies_written_by(_body_text)


class _ArrayWriter(Writer):
    """Expressions that hold arrays, and what parts of them are called; `numbers` are texts of arrays of numbers."""

    def __init__(self, graph: Graph, roots: Sequence[int], numbers: dict[Node, str]) -> None:
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
        self.numbers = numbers
        self._name_arrays()
        self.notation = Notation(self.graph, self.names)

    def _name_arrays(self) -> None:
        """Give names to large arrays of numbers that come more than once."""
        nodes = self.graph.nodes
        uses = Counter(j for i in self.graph.cone(self.roots) for j in set(nodes[i][1:]) if self._is_made(i))
        often = [j for j in uses if uses[j] > 1 and len(self.numbers.get(nodes[j], "")) > _PLAIN]
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
        if self.graph.nodes[i] in self.numbers:
            return [self.numbers[self.graph.nodes[i]]]
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
