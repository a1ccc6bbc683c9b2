r"""The chain rule written out for one variable: every path to the result with its product of partials."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from symdiff import records
from symdiff.algebra.notation.latex import latex
from symdiff.algebra.notation.latex_names import name_latex
from symdiff.algebra.notation.text import short, text
from symdiff.derive.jacobian import expression_gradient
from symdiff.draw import binary
from symdiff.draw import paths as search
from symdiff.draw.annotations import NOTHING, Edge, Passes
from symdiff.draw.clusters import Clusters
from symdiff.draw.diagram import title, value_text
from symdiff.draw.drawing import Extras
from symdiff.draw.drawn_form import drawn_form
from symdiff.draw.files import checked_path
from symdiff.draw.graphviz import FOLDED, picture_of
from symdiff.draw.labels import cut, number
from symdiff.draw.passes import local_edges, local_partials, passes
from symdiff.draw.picture import Picture
from symdiff.draw.render import write_picture
from symdiff.draw.style import checked_direction
from symdiff.draw.view import View, counted, fold_box, operands, small
from symdiff.errors import MissingValueError, SymdiffValueError
from symdiff.graph import VAR, Graph, Variable
from symdiff.handle import Handle, as_handle, handle
from symdiff.names import number_hints
from symdiff.records import PRODUCT

_TEXT = 60  # width limit of an expression in text, in letters
_NODE = 30  # width limit of an expression on a path, in letters
_LINE = 100  # width limit of the line of a named part, in letters
_LISTED = 300  # size limit of a formula whose named parts are listed, in nodes
_READABLE = 30  # size limit of an expression in a product, in nodes
_END = 12  # context in pictures of large graphs: nodes at each end of a path
_LONG = 12  # length limit of a product that is written out, in factors


class Path:
    """One way from the variable to the result.

    `nodes` from the variable to the result, `partials` from the result to the variable, one fewer;
    `product` of them; `values` of the partials and `weight`, the product's value, where there is a point, else None.
    """

    def __init__(self, edges: Sequence[Edge], nodes: Sequence[Handle], partials: Sequence[Handle], values: Any) -> None:
        self.edges = tuple(edges)
        self.nodes = tuple(nodes)
        self.partials: tuple[Any, ...] = tuple(partials)
        self.values = values
        self.weight = None if values is None else _product(values, [e._graph.nodes[e._index][0] for e in nodes[:0:-1]])

    @property
    def product(self) -> Handle:
        """The product of the partials, as an expression."""
        result = as_handle(1)
        for partial in self.partials:
            result = result * partial
        return result

    def __len__(self) -> int:
        return len(self.edges)

    def __repr__(self) -> str:
        return f"<path of {counted(len(self), 'edge')}>"


def _product(values: Sequence[Any], users: Sequence[int]) -> Any:
    """A product in which the branch of a `where` that is not taken is an exact zero."""
    result: Any = 1
    with np.errstate(all="ignore"):
        for value, code in zip(values, users, strict=True):
            if records.OPERATIONS[code].branches and np.ndim(value) == 0 and value == 0:
                return 0.0
            result = value * result
    return result


class Explanation:
    """A derivative as a sum over paths; see `sd.explain`."""

    _kind = "auto"  # partials that passes find

    def __init__(self, f: Handle, x: Handle, graph: Graph, root: int, at: Any, most: int) -> None:
        self.f, self.x, self.at = f, x, at
        self._graph, self._root = graph, root
        self._drawn = drawn_form(graph, [root])
        index = graph.find((VAR, x._cell.key))
        self._x = -1 if index is None else index
        self._cone = self._drawn.cone([root])
        self._shown = NOTHING if at is None else passes(self._drawn, [root], at, True, partials=self._kind)
        if self._shown.missing:
            missing = self._shown.missing
            raise MissingValueError(f"no value for {', '.join(missing[:10])}{number_hints(missing)}")
        self._ways = search.ways_between(self._drawn, self._edges(), self._x, root)
        self.count: int = search.count(self._drawn, self._ways, self._x, root)
        self.paths: list[Path] = self._paths(most)
        self._parts = _named_parts(f)

    def _edges(self) -> Sequence[Edge]:
        """The edges that derivatives by the variable pass."""
        return local_edges(self._graph, self._cone, [self._root], [self._x])

    def _sizes(self) -> Mapping[Edge, Any] | None:
        """The partials at the point, by whose size paths are chosen; None without one."""
        return None if self.at is None else self._shown.partials

    def _paths(self, most: int) -> list[Path]:
        if not self.count:
            return []
        weights = search.weights(self._ways, self._sizes())
        found = search.heaviest(self._drawn, self._ways, self._x, self._root, weights, most)
        if len(found) == self.count:
            found.sort(key=lambda path: [-i for i, _ in path], reverse=True)
        return self._written(found)

    def _written(self, found: Sequence[Sequence[Edge]]) -> list[Path]:
        """Paths given by their edges, with the partials on them."""
        partials = local_partials(self._graph, self._cone, sorted({edge for path in found for edge in path}))
        return [self._path(edges, partials) for edges in found]

    def _path(self, edges: Sequence[Edge], partials: Mapping[Edge, Handle]) -> Path:
        nodes = [self._x, *[i for i, _ in reversed(edges)]]
        values = None if self.at is None else tuple([self._shown.partials[edge] for edge in edges])
        return Path(edges, [handle(self._graph, i) for i in nodes], [partials[edge] for edge in edges], values)

    @property
    def complete(self) -> bool:
        """Whether all paths are among `paths`."""
        return len(self.paths) == self.count

    @property
    def derivative(self) -> Any:
        """The derivative as an expression, the sum over all paths, however many."""
        return expression_gradient(self.f, self.x)

    @property
    def value(self) -> Any:
        """Its value at the point, None without one."""
        if self.at is None:
            return None
        return self._shown.adjoints.get(self._x, 0.0)

    # -- text --------------------------------------------------------------------

    def __str__(self) -> str:
        name = f"∂f/∂{self.x._cell.name}"
        lines = [line if len(line) <= _LINE else line[: _LINE - 1] + "…" for line in self._parts]
        lines += [
            f"f = {self._cut(self.f)}",
            f"{name} = {self._cut(self.derivative)}{self._at_text()}",
            self._heading(),
        ]
        for k, path in enumerate(self.paths):
            route, factors = self._told(path)
            lines += [f"  {k + 1}. {route}", f"     {factors}"]
        return "\n".join(lines)

    def __repr__(self) -> str:
        return str(self)

    def _told(self, path: Path) -> tuple[str, str]:
        """A path: its nodes, and the product of its partials."""
        route = " → ".join([e if isinstance(e, _Dots) else self._node_text(e) for e in ends(path.nodes)])
        return route, f"{_factors(path.partials, self._partial_text)}{_numbers(path)}"

    def _cut(self, expr: Handle) -> str:
        whole = self._text(expr)
        return cut(whole, _TEXT) if whole else short(expr, _TEXT)

    def _node_text(self, expr: Handle) -> str:
        """What a node is: its text where that is short, its operation otherwise."""
        whole = self._text(expr)
        return whole if whole and len(whole) <= _NODE else title(expr._graph, expr._index)

    def _partial_text(self, expr: Handle) -> str:
        return cut(self._text(expr), _NODE) or "…"

    def _text(self, expr: Handle) -> str:
        """The text of a small expression, without the parts that stand above already; nothing of a large one."""
        found = text([expr], whole=False) if small(expr, _READABLE) else ""
        for line in self._parts:
            found = found.removeprefix(f"{line}; ")
        return found

    def _at_text(self) -> str:
        return "" if self.at is None else f" = {value_text(self._drawn, self.value)} at the point"

    def _heading(self) -> str:
        if not self.count:
            return f"no path leads from {self.x._cell.name} to the result"
        all_ = "1 path" if self.count == 1 else f"{_big(self.count)} paths"
        if self.complete:
            return f"the sum over {all_}:"
        kind = "shortest" if self.at is None else "heaviest"
        return f"the sum over {all_}, of which the {len(self.paths)} {kind} are:"

    def latex(self) -> str:
        r"""The chain rule in LaTeX, for math mode: the steps, the paths as products of partials, their sum."""
        steps = _Steps(self)
        by_x = rf"\frac{{\partial f}}{{\partial {name_latex(self.x._cell.name)}}}"
        rows = [f"{name} &= {text}" for name, text in steps.definitions]
        dots = [] if self.complete else [r"\cdots"]
        chains = [steps.chain(path) for path in self.paths if path.edges]
        rows += _sum_rows(by_x, chains + dots if chains else [])
        rows += _sum_rows("" if chains else by_x, [steps.product(path) for path in self.paths] + dots)
        if small(self.derivative, FOLDED):
            rows.append(f"{'' if self.paths else by_x} &= {latex(self.derivative)}")
        if self.at is not None:
            rows.append(f" &= {latex(_as_constant(self.value))}")
        return "\\begin{aligned}\n" + " \\\\\n".join(rows) + "\n\\end{aligned}"

    def _repr_latex_(self) -> str | None:
        try:
            return rf"$\displaystyle {self.latex()}$"
        except Exception:  # catch all: a display hook that raises spoils the notebook
            return None

    # -- pictures --------------------------------------------------------------------

    def to_graphviz(self, path: int | None = None, *, direction: str = "LR", title: str | None = None) -> Picture:
        """The graph with one path highlighted, or with all of `paths`; of a large graph only these.

        Raises
        ------
        SymdiffValueError
            For a path that there is not.
        """
        chosen = self._chosen(path)
        edges = {edge for one in chosen for edge in one.edges}
        view = View(self._drawn, self._cone, self._cone) if len(self._cone) <= FOLDED else self._ends(chosen)
        labels = {e: number(v) for one in chosen for e, v in zip(one.edges, self._on_edges(one), strict=True)}
        shown = Passes(self._shown.values, {}, {}, (), ())
        extras = Extras({self._root: "f"}, {}, edges, labels)
        return picture_of(view, shown, extras, title, checked_direction(direction, None), Clusters({}), False)

    @staticmethod
    def _on_edges(path: Path) -> Sequence[Any]:
        """What stands on the edges of a path."""
        return path.values or path.partials

    def _ends(self, chosen: Sequence[Path]) -> View:
        """The first and last nodes of paths in a large graph, what is between in one box."""
        ways = [[e._index for e in one.nodes] for one in chosen]
        shown = {i for way in ways for i in (*way[:_END], *way[-_END:])} | {self._root}
        middle = sorted({i for way in ways for i in way} - shown)
        boxes = [fold_box(self._drawn, middle, None)] if middle else []
        return View(self._drawn, self._cone, shown, boxes)

    def _chosen(self, path: Any) -> list[Path]:
        if path is None:
            return self.paths
        if isinstance(path, bool) or not isinstance(path, (int, np.integer)) or not 0 <= path < len(self.paths):
            raise SymdiffValueError(f"path is a number below {len(self.paths)}, not {path!r}")
        return [self.paths[path]]

    def render(
        self, file: str | os.PathLike[str], path: int | None = None, timeout: float = binary.TIMEOUT, **options: Any
    ) -> str:
        """Draw `to_graphviz(path, …)` into a file, and return its path."""
        target = checked_path(file)
        return write_picture(self.to_graphviz(path, **options), target, timeout)


class _Steps:
    """Names for the operations on the paths, and what each is made of."""

    def __init__(self, told: Explanation) -> None:
        self.graph = told._graph
        used = sorted({e._index for path in told.paths for e in ends(path.nodes[1:]) if isinstance(e, Handle)})
        numbered = sorted({e._index for path in told.paths for e in path.nodes[1:]})
        taken = {self.graph.leaves[i].name for i in told._cone if self.graph.nodes[i][0] == VAR}
        prefix = next(
            letter for letter in ("z", "u", "t", "s", "q", "step") if not any(n.startswith(letter) for n in taken)
        )
        self.names = {i: f"{prefix}_{{{k + 1}}}" for k, i in enumerate(numbered)}
        if told._root in self.names:
            self.names[told._root] = "f"
        self.names[told._x] = name_latex(told.x._cell.name)
        self.definitions = [(self.names[i], self._defined(i)) for i in used]

    def _defined(self, i: int) -> str:
        """One operation on the names of its operands."""
        alone = Graph(simplify=False)
        code = self.graph.nodes[i][0]
        inner = []
        for j in operands(self.graph, i):
            if j in self.names and self.graph.nodes[j][0] > VAR:
                inner.append(alone.var(Variable(self.names[j])))
            elif small(handle(self.graph, j), _READABLE):
                inner.append(alone.adopt(self.graph, [j])[0])
            else:
                inner.append(alone.var(Variable(r"\cdots")))
        assert records.OPERATIONS[code] is not None
        return latex(handle(alone, alone.intern((code, *inner))))

    def chain(self, path: Path) -> str:
        """∂f/∂z₂ · ∂z₂/∂z₁ · ∂z₁/∂x."""
        return " ".join([p if isinstance(p, _Dots) else self._by(*p) for p in ends(self._pairs(path), r"\cdots")])

    def _pairs(self, path: Path) -> list[tuple[str, str]]:
        return list(pairwise([self.names[e._index] for e in path.nodes[::-1]]))

    @staticmethod
    def _by(a: str, b: str) -> str:
        return rf"\frac{{\partial {a}}}{{\partial {b}}}"

    def product(self, path: Path) -> str:
        """The partials themselves, where they are short."""
        if not path.partials:
            return "1"
        factors = []
        for item in ends(list(zip(path.partials, self._pairs(path), strict=True)), r"\cdots"):
            if isinstance(item, _Dots):
                factors.append(str(item))
            else:
                factors.append(_bracketed(item[0]) if small(item[0], _READABLE) else self._by(*item[1]))
        return r" \cdot ".join(factors)


def _bracketed(partial: Handle) -> str:
    text = latex(partial)
    bare = partial.op is None or partial.op.precedence >= PRODUCT
    return text if bare and not text.startswith("-") else rf"\left({text}\right)"


def _sum_rows(left: str, terms: Sequence[str]) -> list[str]:
    """A sum, each term on a line of its own."""
    return [f"{left if not k else ''} &{'=' if not k else ' +'} {term}" for k, term in enumerate(terms)]


class _Dots(str):
    """What stands for the middle of a long list; false."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return False


def ends(items: Sequence[Any], dots: str = "…") -> list[Any]:
    """A list without the middle, where it is long."""
    if len(items) <= _LONG:
        return list(items)
    return [*items[: _LONG // 2], _Dots(dots), *items[len(items) - _LONG // 2 :]]


def _as_constant(value: Any) -> Any:
    return np.asarray(value) if isinstance(value, np.ndarray) else value


def _big(count: int) -> str:
    return f"{count:,}" if count < 10**15 else f"about {number(count)}"


def _named_parts(f: Handle) -> list[str]:
    """The lines that say what named parts of a formula are; none of a huge one, or where functions stand in it."""
    whole = text([f], whole=False) if small(f, _LISTED) else ""
    return [] if "lambda" in whole else whole.split("; ")[:-1]


def _factors(items: Sequence[Any], told: Callable[[Any], str]) -> str:
    texts = [item if isinstance(item, _Dots) else told(item) for item in ends(items)]
    bracketed = [f"({t})" if len(texts) > 1 and (" " in t or t.startswith("-")) else t for t in texts]
    return " · ".join(bracketed) or "1"


def _numbers(path: Path) -> str:
    if path.values is None:
        return ""
    values = _factors(path.values, number)
    return f" = {values}" + (f" = {number(path.weight)}" if len(path.values) != 1 else "")
