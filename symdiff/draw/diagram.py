"""What a picture is of: a graph, or a diagram of one with arrays, which has fewer nodes, each with a formula on it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from symdiff.draw import labels
from symdiff.draw.labels import WIDTH
from symdiff.graph import CONST, VAR, Graph, Node
from symdiff.shapes import Shape


class Diagram:
    """A graph as it is drawn: `nodes` by index, each its code and the nodes that its formula is of."""

    def __init__(self, graph: Graph, roots: Sequence[int]) -> None:
        self.graph = graph
        self.leaves, self.shapes, self.notes = graph.leaves, graph.shapes, graph.notes
        self.nodes: dict[int, Node] = {}
        self.titles: dict[int, str] = {}
        self.patterns: dict[int, str] = {}  # formulas without the names of their operands
        self.names: dict[int, tuple[str, ...]] = {}  # what formulas call their operands
        self.idioms: dict[int, int] = {}  # sums that are a `log_softmax`, with what that is of
        self._marks: dict[int, tuple[str, ...]] = {}  # what edges say of them
        self._within: dict[int, int] = {}  # nodes by those in whose formula they are
        self._roots = frozenset(roots)
        self._cone = graph.cone(roots)

    def cone(self, roots: Iterable[int]) -> list[int]:
        """The drawn nodes that the roots are made of, in graph order."""
        found = set(roots)
        for i in reversed(self._cone):
            if i in found:
                found.update(self.nodes[i][1:] if self.nodes[i][0] > VAR else ())
        return sorted(found)

    def place(self, i: int) -> int | None:
        """The node that a node is drawn as or in, None where it is in no picture."""
        return i if i in self.nodes else self._within.get(i)

    def edge(self, i: int, position: int) -> str:
        """What an edge says: which operand it is where a formula has several, and the shape."""
        shape = shape_text(self.shapes.get(self.nodes[i][position + 1], ()))
        return " ".join(filter(None, [self._marks[i][position], shape]))


def shape_text(shape: Shape) -> str:
    """A shape as an edge has it.

    >>> shape_text((100, 2)), shape_text(("n", "d - 1")), shape_text(())
    ('100×2', 'n×(d − 1)', '')
    """
    several = len(shape) > 1
    sizes = [str(n).replace("-", "−") for n in shape]
    return "×".join([f"({n})" if several and " " in n else n for n in sizes])


# -- graphs and diagrams alike ------------------------------------------------------------

Drawn: TypeAlias = "Graph | Diagram"


def title(graph: Drawn, i: int) -> str:
    """What a node is, uncut, behind the name that it was given."""
    name, found = graph.notes.get(i), graph.titles[i] if isinstance(graph, Diagram) else labels.title(graph, i)
    return f"{name} = {found}" if name else found


def operand(graph: Drawn, i: int, position: int) -> str:
    """What an edge says of an operand, nothing where a picture tells without."""
    return graph.edge(i, position) if isinstance(graph, Diagram) else labels.operand(graph, i, position)


def whose_edge(graph: Drawn, i: int, position: int) -> str:
    """Which of several operands that are one node an edge is of; formulas of arrays have each node once."""
    return "" if isinstance(graph, Diagram) else labels.whose_edge(graph, i, position)


def in_title(graph: Drawn, i: int, position: int) -> bool:
    """Whether the title of a node has an operand in it: the constant exponent of a power."""
    return not isinstance(graph, Diagram) and labels.is_exponent(graph, i, position)


def per_use(graph: Drawn, i: int) -> bool:
    """Whether a node is drawn beside each user rather than once: numbers, which edges from all over would meet in."""
    return graph.nodes[i][0] == CONST and not isinstance(graph, Diagram)


def kind(graph: Drawn, i: int) -> str:
    """What tells nodes of one operation apart in a picture: the formula, whatever names it has."""
    return graph.patterns.get(i, "") if isinstance(graph, Diagram) else ""


def marked_lines(mark: str, graph: Drawn, value: Any) -> list[str]:
    """A value with a mark in front: in one line, small matrices of a graph with arrays row by row."""
    first, *others = _value_lines(graph, value)
    return [mark + first, *others]


def value_text(graph: Drawn, value: Any) -> str:
    """A value in one line: small matrices of a graph with arrays with `;` between their rows."""
    if isinstance(graph, Diagram) and hasattr(value, "eps"):
        return labels.dual(value_text(graph, value.value), value_text(graph, value.eps))
    lines = _value_lines(graph, value)
    text = "; ".join(lines) if len(lines) == 1 else f"[{'; '.join([line[1:-1] for line in lines])}]"
    return text if len(lines) == 1 or len(text) <= WIDTH else labels.number(value)


def _value_lines(graph: Drawn, value: Any) -> list[str]:
    if not isinstance(graph, Diagram) or getattr(value, "ndim", 0) not in (1, 2) or not 0 < value.size <= 16:
        return [labels.number(value)]
    rows = value if value.ndim == 2 else value[None]
    for digits in (4, 3):
        lines = [f"[{', '.join([labels.number(v, digits) for v in row])}]" for row in rows]
        if max(map(len, lines)) <= WIDTH and len(lines) <= 4:
            return lines
    return [labels.number(value)]
