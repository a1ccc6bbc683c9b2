"""Pictures without Graphviz: a layout in layers by networkx, drawn by matplotlib."""

from __future__ import annotations

import io
import re
from typing import Any, NamedTuple

from symdiff.draw import binary
from symdiff.draw.style import RED
from symdiff.errors import RenderError

_NODE = re.compile(r'^\s*(\w+) \[label=(?:"((?:[^"\\]|\\.)*)"|([^\s\]]+))(.*)\]$')
_EDGE = re.compile(r"^\s*(\w+) -> (\w+)(.*)$")
_FORMATS = ("png", "svg", "pdf")
_DPI, _DOTS = 144, 12_000  # resolution, and size limit in dots
_LINE, _LINES = 0.16, 4  # height of a line in inches, and count of lines that there is room for
_INCH = 0.085  # width of a letter in inches
_ROUND, _SQUARE, _OVAL = "round,pad=0.4", "square,pad=0.35", "round,pad=0.4,rounding_size=1.1"
_SHAPES = {(True, False): _OVAL, (True, True): _OVAL, (False, True): _ROUND, (False, False): _SQUARE}


class _Node(NamedTuple):
    lines: list[str]
    fill: str
    colour: str
    shape: str


def drawn(picture: Any, suffix: str) -> bytes:
    """The picture as the bytes of a file.

    Raises
    ------
    RenderError
        Where matplotlib is missing too, or does not write that format.
    """
    if suffix not in _FORMATS:
        raise RenderError(f"without Graphviz .png, .svg and .pdf are drawn, not {suffix!r}: {_how()}")
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError as error:
        raise RenderError(f'{_how()}, or `pip install "symdiff-graph[draw]"`, whose matplotlib draws too') from error
    nodes, edges = _read(picture)
    direction = picture.graph_attr.get("rankdir", "LR")
    across = direction in ("LR", "RL")
    places, size, step = _layout(nodes, edges, direction)
    figure = Figure(figsize=size, layout="tight")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    axes.set_axis_off()
    _draw(axes, nodes, edges, places, 0 if across else 1, step)
    caption = _lines(picture.graph_attr.get("label", ""))
    axes.set_title("\n".join([*caption, "drawn without Graphviz"]), fontsize=9, color="#333333", y=-0.02, va="top")
    stream = io.BytesIO()
    figure.savefig(stream, format=suffix, dpi=min(_DPI, _DOTS / max(size)))
    return stream.getvalue()


def _how() -> str:
    try:
        return binary.find()
    except RenderError as error:
        return str(error)


def _lines(label: str) -> list[str]:
    """What a label says, line by line: Graphviz's escapes undone."""
    plain = label.strip('"').replace("\\n", "\n").replace("&amp;", "&").replace('\\"', '"').replace("\\\\", "\\")
    return [line for line in plain.split("\n") if line]


def _read(picture: Any) -> tuple[dict[str, _Node], list[tuple[str, str, str, bool]]]:
    """Nodes and edges, as they were written."""
    nodes: dict[str, _Node] = {}
    edges = []
    for line in picture.body:
        edge = _EDGE.match(line)
        if edge and "style=invis" in edge.group(3):
            continue
        if edge:
            label = _attribute(edge.group(3), "x?label").strip()
            edges.append((edge.group(1), edge.group(2), label, f"color={RED}" in edge.group(3)))
            continue
        node = _NODE.match(line)
        if node and node.group(1) not in ("graph", "node", "edge"):
            rest = node.group(4)
            nodes[node.group(1)] = _Node(
                _lines(node.group(2) or node.group(3) or ""),
                _attribute(rest, "fillcolor") or "white",
                _attribute(rest, "color") or "#4D4D4D",
                _SHAPES[_attribute(rest, "shape") == "ellipse", "rounded" in rest],
            )
    return nodes, edges


def _attribute(text: str, name: str) -> str:
    found = re.search(rf'\b{name}=(?:"((?:[^"\\]|\\.)*)"|([^\s\]]+))', text)
    return (found.group(1) or found.group(2) or "") if found else ""


def _layout(
    nodes: dict[str, _Node], edges: list[tuple[str, str, str, bool]], direction: str
) -> tuple[dict[str, tuple[float, float]], tuple[float, float], float]:
    """Layers by the longest path from a leaf; within a layer by where the neighbours are. In inches."""
    import networkx

    graph: networkx.DiGraph[str] = networkx.DiGraph()
    graph.add_nodes_from(nodes)
    graph.add_edges_from([(a, b) for a, b, _, red in edges if not red and a in nodes and b in nodes])
    layers = [sorted(layer, key=_number) for layer in networkx.topological_generations(graph)]
    rank: dict[str, float] = {name: k for layer in layers for k, name in enumerate(layer)}
    for _ in range(4):
        for layer in layers:
            for name in layer:
                near = [rank[m] for m in graph.pred[name]] + [rank[m] for m in graph.succ[name]]
                rank[name] = sum(near) / len(near) if near else rank[name]
            layer.sort(key=lambda name: (rank[name], _number(name)))
            rank.update({name: k - len(layer) / 2 for k, name in enumerate(layer)})
    width = _INCH * max([len(line) for node in nodes.values() for line in node.lines], default=4) + 0.5
    across = direction in ("LR", "RL")
    extra = _LINE * max(0, max([len(node.lines) for node in nodes.values()], default=0) - _LINES)
    step, apart = (width + 0.5, 0.75 + extra) if across else (1.0 + extra, width + 0.2)
    tallest = max(map(len, layers), default=1)
    places = {}
    for depth, layer in enumerate(layers):
        for k, name in enumerate(layer):
            main, side = depth * step, (k - (len(layer) - 1) / 2) * apart
            main = -main if direction in ("RL", "TB") else main
            places[name] = (main, -side) if across else (side, main)
    long, high = len(layers) * step + 0.6, tallest * apart + 0.8
    return places, (long, high) if across else (high, long), step


def _number(name: str) -> tuple[str, int]:
    return name[:1], int(name[1:] or 0)


def _draw(
    axes: Any,
    nodes: dict[str, _Node],
    edges: list[tuple[str, str, str, bool]],
    places: dict[str, tuple[float, float]],
    axis: int,
    step: float,
) -> None:
    for a, b, label, red in edges:
        if a not in places or b not in places:
            continue
        start, end = (places[b], places[a]) if red else (places[a], places[b])
        colour = "#C00000" if red else "#6E6E6E"
        far = abs(start[axis] - end[axis]) > 1.3 * step
        bend = {"connectionstyle": f"arc3,rad={0.2 if red or far else 0.0}"}  # bend round what lies between
        style = {"arrowstyle": "-|>", "color": colour, "shrinkA": 18, "shrinkB": 20, "linewidth": 0.8, **bend}
        axes.annotate("", xy=end, xytext=start, arrowprops=style)
        if label:
            middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2 + (0.12 if red else -0.08))
            axes.text(*middle, label, fontsize=7, color=colour, ha="center", va="center")
    for name, place in places.items():
        node = nodes[name]
        box = {"boxstyle": node.shape, "facecolor": node.fill, "edgecolor": node.colour}
        axes.text(*place, "\n".join(node.lines), fontsize=9, ha="center", va="center", bbox=box, parse_math=False)
    xs, ys = [p[0] for p in places.values()], [p[1] for p in places.values()]
    axes.set_xlim(min(xs, default=0) - 0.8, max(xs, default=0) + 0.8)
    axes.set_ylim(min(ys, default=0) - 0.5, max(ys, default=0) + 0.5)
