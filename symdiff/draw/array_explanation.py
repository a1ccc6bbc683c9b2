"""The chain rule where arrays take part: along each path the adjoint goes back, from formula to formula.

There the partials of a path are no factors: what a node passes on is a formula of its adjoint R, such as `Xᵀ @ R`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from symdiff.algebra.notation.latex import latex
from symdiff.algebra.notation.latex_names import name_latex
from symdiff.draw.annotations import Edge
from symdiff.draw.array_passes import Contribution, adjoint_name, contributions, known_values
from symdiff.draw.diagram import Diagram, title, value_text
from symdiff.draw.explanation import Explanation, Path, ends
from symdiff.draw.labels import cut
from symdiff.errors import SymdiffValueError
from symdiff.graph import VAR, Graph
from symdiff.handle import Handle, handle
from symdiff.shapes import shown


class ArrayPath(Path):
    """One way from the variable to the result.

    `partials` are texts: what each node on the way passes on of its adjoint R; `product` is what the variable gets in
    the end, `values` what passes each edge and `weight` the last of them, where there is a point, else None.
    """

    def __init__(
        self, edges: Sequence[Edge], nodes: Sequence[Handle], texts: Sequence[str], product: Handle, values: Any
    ) -> None:
        self.edges, self.nodes = tuple(edges), tuple(nodes)
        self.partials: tuple[Any, ...] = tuple(texts)
        self.values = values
        self.weight = None if values is None else values[-1] if values else 1.0
        self._product = product

    @property
    def product(self) -> Handle:
        """What the variable gets along this path, as an expression."""
        return self._product


class ArrayExplanation(Explanation):
    """A derivative by an array as a sum over paths; see `sd.explain`."""

    _kind = "numeric"
    _drawn: Diagram

    def __init__(self, f: Handle, x: Handle, graph: Graph, root: int, at: Any, most: int) -> None:
        if root in graph.shapes:
            raise SymdiffValueError(
                f"paths lead to a scalar, not to an array of shape {shown(graph.shapes[root])}: take an entry or a sum"
            )
        self._sides: dict[Edge, Contribution] = {}
        super().__init__(f, x, graph, root, at, most)

    def _edges(self) -> Sequence[Edge]:
        self._sides = contributions(self._drawn, [self._root], [self._x], [1])
        return list(self._sides)

    def _sizes(self) -> Mapping[Edge, Any] | None:
        """How much larger or smaller what passes an edge is than the adjoint it comes from."""
        if self.at is None:
            return None
        found, adjoints = self._shown.partials, self._shown.adjoints
        return {e: _size(found[e]) / (_size(adjoints[e[0]]) or 1.0) for e in self._sides if e in found}

    def _written(self, found: Sequence[Sequence[Edge]]) -> list[Path]:
        graph = self._graph
        values, sizes = ({}, {}) if self.at is None else known_values(graph, self._cone, self.at)
        made: list[Path] = []
        for edges in found:
            nodes = [handle(graph, i) for i in (self._x, *[i for i, _ in reversed(edges)])]
            along = None if self.at is None else self._along(edges, values, sizes)
            made.append(ArrayPath(edges, nodes, [self._sides[e].text() for e in edges], self._chained(edges), along))
        return made

    def _along(self, edges: Sequence[Edge], values: Mapping[int, Any], sizes: Mapping[str, int]) -> tuple[Any, ...]:
        """What passes each edge of a path at the point."""
        passed: list[Any] = [1.0]
        for edge in edges:
            passed.append(self._sides[edge].value(values, passed[-1], sizes))
        return tuple(passed[1:])

    def _chained(self, edges: Sequence[Edge]) -> Handle:
        """What the variable gets along a path, in a graph of its own."""
        copy = Graph()
        cone = self._graph.cone([self._root])
        there = dict(zip(cone, copy.adopt(self._graph, cone), strict=True))
        adjoint = copy.const(1)
        for edge in edges:
            way = self._sides[edge]
            here = {variable: there[j] for j, variable in way.operands.items()}
            here[way.adjoint] = adjoint
            for i in way.graph.cone([way.node]):
                node = way.graph.nodes[i]
                if i not in here and node[0] <= VAR:
                    here[i] = copy.adopt(way.graph, [i])[0]
                elif i not in here:
                    here[i] = copy.intern((node[0], *[here[j] for j in node[1:]]))
            adjoint = here[way.node]
        return handle(copy, adjoint)

    # -- text -------------------------------------------------------------------

    def _told(self, path: Path) -> tuple[str, str]:
        route = " → ".join([e if isinstance(e, str) else cut(title(self._drawn, e._index)) for e in ends(path.nodes)])
        steps = " → ".join([*map(str, ends(list(path.partials)))]) or "1"
        product = self._cut(path.product)
        text = steps if len(path.partials) < 2 else f"{steps} = {product}"
        return route, text if path.weight is None else f"{text} = {value_text(self._drawn, path.weight)}"

    def _heading(self) -> str:
        told = super()._heading()
        if not any(len(path) > 1 for path in self.paths):
            return told
        return f"{told.removesuffix(':')}; {adjoint_name(self._drawn)} is what has come so far:"

    @staticmethod
    def _on_edges(path: Path) -> Sequence[Any]:
        return path.partials

    def latex(self) -> str:
        r"""The chain rule in LaTeX, for math mode: the derivative, and what comes along each path."""
        by_x = rf"\frac{{\partial f}}{{\partial {name_latex(self.x._cell.name)}}}"
        rows = [f"f &= {latex(self.f)}"]
        terms = [latex(path.product) for path in self.paths] + ([] if self.complete else [r"\cdots"])
        rows += [f"{by_x if not k else ''} &{' +' if k else '='} {term}" for k, term in enumerate(terms)]
        if len(terms) != 1:
            rows.append(f"{'' if terms else by_x} &= {latex(self.derivative)}")
        return "\\begin{aligned}\n" + " \\\\\n".join(rows) + "\n\\end{aligned}"


def _size(value: Any) -> float:
    return float(np.max(np.abs(value))) if np.size(value) else 0.0
