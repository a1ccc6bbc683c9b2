"""The pass that writes LaTeX of expressions that hold arrays: that of numbers, with the pieces of matrix notation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from symdiff.algebra.notation.array_latex import ArrayLatex, Written, nodes_in
from symdiff.algebra.notation.array_notation import Notation
from symdiff.algebra.notation.latex_names import letters
from symdiff.algebra.notation.latex_writer import Writer
from symdiff.arrays.norm_divisors import DIVISOR
from symdiff.graph import VAR, Graph
from symdiff.handle import Handle, gather, handle
from symdiff.records import PRODUCT, SUM, record


def _with_formulas(exprs: Sequence[Handle]) -> Sequence[Handle]:
    """The expressions with parts of slopes as what they are made of, which are nodes too: in a copy."""
    graph, roots = gather(exprs)
    cone = graph.cone(roots)
    codes = {i: graph.nodes[i][0] for i in cone if graph.nodes[i][0] > VAR}
    formulas = {i: record(code).formula for i, code in codes.items() if i in graph.shapes or code == DIVISOR}
    if not any(formulas.values()):
        return exprs
    copy = Graph(graph.simplify)
    assert graph.infer is not None
    copy.hold_arrays(graph.infer)
    there: dict[int, int] = {}
    for i in cone:
        node = graph.nodes[i]
        formula = formulas.get(i)
        if node[0] <= VAR:
            (there[i],) = copy.adopt(graph, [i])
        elif formula is None:
            there[i] = copy.intern((node[0], *[there[j] for j in node[1:]]))
        else:
            there[i] = formula(*[handle(copy, there[j]) for j in node[1:]])._index
    copy.take_notes(graph, there)
    return [handle(copy, there[i]) for i in roots]


class ArrayWriter(Writer):
    """What is known of each node of the cone of some expressions before they are written."""

    def __init__(self, exprs: Sequence[Handle], limit: int | None = None) -> None:
        exprs = _with_formulas(exprs)
        graph, roots = gather(exprs)
        self._look(graph, graph.notes_in(graph.cone(roots)))
        super().__init__(exprs, limit)

    def _look(self, graph: Any, named: dict[int, str]) -> None:
        self._latex = ArrayLatex(Notation(graph, named, formulas=False))
        self._kept: dict[int, Written | None] = {}

    def _name_parts(self) -> None:
        super()._name_parts()
        self._look(self.graph, self.names)  # nobody looks into a part that has a name

    def _written(self, i: int) -> Written | None:
        """The pieces of a node in matrix notation, and how tightly they bind; None where it has none."""
        if i not in self._kept:
            self._kept[i] = self._latex.node(i)
        return self._kept[i]

    def operands(self, i: int) -> Sequence[int]:
        """The nodes that stand in the text of a node."""
        written = self._written(i)
        return super().operands(i) if written is None else list(nodes_in(written[0]))

    def _measure(self, i: int) -> None:
        written = self._written(i)
        if written is None:
            super()._measure(i)
            return
        pieces = written[0]
        inner = list(nodes_in(pieces))
        self.sizes[i] = 1 + sum([self.sizes[j] for j in inner])
        self.negative[i] = pieces[0] == "-"
        self.widths[i] = sum([letters(p) for p in pieces if isinstance(p, str)])
        self.widths[i] += sum([3 if j in self.names else self.widths[j] for j in inner])
        fractions = any(isinstance(p, str) and p.startswith(r"\frac") for p in pieces)
        self.heights[i] = max([self._height(j) for j in inner], default=1) + fractions

    def _level(self, i: int, strip: bool = False) -> float:
        written = self._written(i)
        if written is None:
            return super()._level(i, strip)
        return (PRODUCT if strip else SUM) if self.negative[i] else written[1]

    def _plain(self, i: int, strip: bool) -> list[Any]:
        written = self._written(i)
        if written is None:
            return super()._plain(i, strip)
        return written[0][1:] if strip else written[0]
