"""What of a graph is drawn: nodes as themselves, others together in boxes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from symdiff.algebra.notation.text import text
from symdiff.draw.diagram import Diagram, Drawn, title
from symdiff.draw.labels import WIDTH, cut
from symdiff.draw.letters import drawn_formula
from symdiff.graph import CONST, VAR
from symdiff.handle import Handle, handle

_READABLE = 60  # size limit of a cone whose text says what it is, in nodes


class Box(NamedTuple):
    """Nodes drawn as one: `head` is the one whose value they make, None where there is none."""

    members: Sequence[int]
    lines: Sequence[str]
    head: int | None = None


class View:
    """What is drawn of the cone of some results.

    `nodes` are drawn as themselves, `boxes` hold others, `box_of` says which;
    what is in neither is not drawn, and edges to it end in dots.
    """

    def __init__(self, graph: Drawn, cone: Sequence[int], nodes: Iterable[int], boxes: Sequence[Box] = ()) -> None:
        self.graph = graph
        self.cone = cone
        self.nodes = sorted(nodes)
        self.boxes = list(boxes)
        self.box_of = {i: k for k, box in enumerate(self.boxes) for i in box.members}

    @property
    def size(self) -> int:
        """How many nodes and boxes are drawn."""
        return len(self.nodes) + len(self.boxes)

    @property
    def drawn(self) -> int:
        """How much is drawn: nodes, boxes, and edges between them."""
        place = {**{i: -1 - i for i in self.nodes}, **self.box_of}
        edges = {(place[j], place[i]) for i in self.cone for j in operands(self.graph, i) if i in place and j in place}
        return self.size + sum([a != b for a, b in edges])

    @property
    def span(self) -> int:
        """How many ranks the edges between nodes cross, all together."""
        drawn = set(self.nodes)
        edges = [(i, j) for i in self.cone for j in operands(self.graph, i) if i in drawn and j in drawn]
        return span(self.graph, self.cone, edges)


def operands(graph: Drawn, i: int) -> Sequence[int]:
    """The operands of a node, none of a leaf."""
    node = graph.nodes[i]
    return node[1:] if node[0] > VAR else ()


def span(graph: Drawn, cone: Iterable[int], edges: Iterable[tuple[int, int]]) -> int:
    """How many ranks edges from users to operands cross, where a node stands above all its operands.

    >>> import symdiff as sd
    >>> x = sd.Var("x")
    >>> f = sd.sin(x*x) + x
    >>> cone = f.graph.cone([f._index])
    >>> span(f.graph, cone, [(i, j) for i in cone for j in operands(f.graph, i)])
    7
    """
    rank = levels(graph, cone)
    return sum([rank[i] - rank[j] for i, j in edges])


def levels(graph: Drawn, cone: Iterable[int]) -> dict[int, int]:
    """How many operations at most lie between a node and the leaves, itself included."""
    rank: dict[int, int] = {}
    for i in cone:
        rank[i] = max([rank[j] + 1 for j in operands(graph, i)], default=0)
    return rank


def index_in(graph: Drawn, expr: Handle) -> int | None:
    """Where a graph holds an expression of any graph; None where it does not."""
    if isinstance(graph, Diagram):
        here = index_in(graph.graph, expr)
        return None if here is None else graph.place(here)
    if expr._graph is graph:
        return expr._index
    there: dict[int, int] = {}
    for i in expr._graph.cone([expr._index]):
        node = expr._graph.nodes[i]
        found = graph.find(node if node[0] <= VAR else (node[0], *[there[j] for j in node[1:]]))
        if found is None:
            return None
        there[i] = found
    return there[expr._index]


def small(expr: Handle, limit: int) -> bool:
    """Whether an expression has at most `limit` nodes; no more are looked at."""
    stack, seen = [expr._index], {expr._index}
    while stack and len(seen) <= limit:
        fresh = [j for j in operands(expr._graph, stack.pop()) if j not in seen]
        seen.update(fresh)
        stack.extend(fresh)
    return len(seen) <= limit


def preview(graph: Drawn, i: int, width: int = WIDTH) -> str:
    """The text of a small expression, cut; nothing of a large one."""
    if isinstance(graph, Diagram):
        return cut(title(graph, i), width)
    expr = handle(graph, i)
    return cut(text([expr]), width) if small(expr, _READABLE) else ""


def _formula(graph: Drawn, i: int) -> str:
    """What a box is, where that is short, as a picture has it."""
    return preview(graph, i) if isinstance(graph, Diagram) else drawn_formula(graph, preview(graph, i))


def fold_box(graph: Drawn, members: Sequence[int], head: int | None) -> Box:
    """One box for a subgraph: what it is where that is short, and how much is in it."""
    first = _formula(graph, head) if head is not None else ""
    return Box(members, [*([first] if first else []), f"… {contents(graph, members)}"], head)


def repeat_box(graph: Drawn, heads: Sequence[int], members: Sequence[int]) -> Box:
    """One box for subgraphs of one structure."""
    kind = graph.nodes[heads[0]][0]
    if kind == VAR:
        names = [cut(graph.leaves[i].name, 12) for i in (heads[0], heads[-1])]
        return Box(members, [" … ".join(names), f"{len(heads):,} variables"])
    if kind == CONST:
        return Box(members, [f"{len(heads):,} constants"])
    first = _formula(graph, heads[0])
    lines = [f"{len(heads):,} × alike", *([first] if first else []), f"… {contents(graph, members)}"]
    return Box(members, lines)


def contents(graph: Drawn, members: Iterable[int]) -> str:
    """How many operations, or else leaves, there are among nodes.

    >>> import symdiff as sd
    >>> f = sd.Var("x")**2
    >>> contents(f.graph, f.graph.cone([f._index]))
    '1 operation'
    """
    codes = [graph.nodes[i][0] for i in members]
    operations = sum([code > VAR for code in codes])
    if operations:
        return counted(operations, "operation")
    variables = sum([code == VAR for code in codes])
    return counted(variables, "variable") if variables else counted(len(codes), "constant")


def counted(n: int, noun: str) -> str:
    """`1 node`, `1,240 nodes`."""
    return f"{n:,} {noun}{'s' * (n != 1)}"
