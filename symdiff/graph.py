"""The interned store: one append-only list of nodes that shares by construction.

A node is a tuple `(code, *operands)`: `code` numbers an operation record, the
operands are indices of earlier nodes. List order is therefore topological
order, and every pass over a graph is one loop. Leaves are `(CONST, *key)`,
`(VAR, key)` and `(STATIC, *key)`, parameters of an operation such as the labels of a
contraction; what they stand for is in `Graph.leaves`. Shapes of nodes that are arrays are
in `Graph.shapes`: a node that has none there is a scalar.

Tuples of ints and strings are dropped by the garbage collector at its first
look, which is why nodes hold nothing else: with objects in them, building
costs three times as much.
"""

from __future__ import annotations

import itertools
import weakref
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, NamedTuple

from symdiff.array_constants import ARRAY, array_key, frozen_array
from symdiff.constants import NamedConstant, constant_key
from symdiff.errors import SymdiffValueError
from symdiff.scopes import Exits
from symdiff.scopes import thread as _thread
from symdiff.shapes import Shape, names_of_sizes, shown

STATIC = -1  # below the other leaves: what asks `code <= VAR` takes it for one
CONST = 0
VAR = 1

Node = tuple[Any, ...]
Infer = Callable[[dict[int, Shape], dict[int, Any], Node, Any], Shape]  # (shapes, leaves, node, payload)
UNUSED = (CONST, "unused")  # tag, before its index, of a place that two threads wanted and one got

_clock = itertools.count()  # orders assignments to cells, see Variable.join
_PROGRAMS_KEPT = 8
_SMALL_CONE = 1000
_TINY = 32  # size limit of a graph whose cones are not searched for: a look at every node takes less
_SCAN = 8  # part of the graph, one in so many, above which a scan finds a cone: half the instructions


class Variable:
    """The cell of a variable: what `.value` and `.grad` of its handles read and set.

    `key` tells variables apart, `name` prints them; they differ only where a
    neighbour has two symbols of one name. `origin` is the neighbour's own object.
    """

    __slots__ = ("grad", "key", "kind", "name", "origin", "shape", "stamp", "value")

    def __init__(
        self, name: str, key: Hashable = None, origin: Any = None, shape: tuple[Any, ...] = (), kind: str = ""
    ) -> None:
        self.name = name
        self.shape = shape
        self.kind = kind  # "symmetric", "int", or nothing
        self.key = name if key is None else key
        self.origin = origin
        self.value: Any = None
        self.grad: Any = None
        self.stamp = -1

    def assign(self, value: Any) -> None:
        """Set the value, and remember when."""
        self.value = value
        self.stamp = next(_clock)

    def join(self, other: Variable) -> Variable:
        """The cell both share from now on: the one whose value was set last."""
        return self if self.stamp >= other.stamp else other


class Frame(NamedTuple):
    """A call of a function that has a name: what stands between its arguments and its results."""

    name: str
    inputs: tuple[int, ...]


class Program:
    """A cone cut out of its graph and numbered from 0: what an interpreter runs."""

    __slots__ = ("leaves", "nodes", "origin", "outputs", "variables")

    def __init__(
        self,
        nodes: Sequence[Node],
        leaves: dict[int, Any],  # values of the constants
        outputs: tuple[int, ...],
        origin: Sequence[int],  # nodes of the graph, one for each
        variables: tuple[int, ...],
    ) -> None:
        self.nodes = nodes
        self.leaves = leaves
        self.outputs = outputs
        self.origin = origin
        self.variables = variables


class Graph:
    """A store of expressions, in which equal expressions are one node.

    Used as a context manager, it takes the variables made inside. A graph
    lives as long as a handle to one of its nodes does.

    Parameters
    ----------
    simplify : bool
        False keeps every expression as written, `x + 0` stays `x + 0`, and derivatives as the rules write them.

    >>> import symdiff as sd
    >>> with sd.Graph(simplify=False):
    ...     x = sd.Var("x")
    ...     print(x*1 + 0)
    x*1 + 0
    """

    __slots__ = (
        "__weakref__", "_hashes", "_index", "_programs", "append", "calls", "find", "frozen", "infer",
        "intern", "leaves", "namesakes", "nodes", "notes", "numbers", "scratch", "shapes", "simplify",
    )  # fmt: skip

    def __init__(self, simplify: bool = True) -> None:
        self.simplify = simplify
        self.frozen = False  # True: operators put their results elsewhere
        self.scratch = False  # True: holds a rule, whose operands are placeholders
        self.nodes: list[Node] = []
        self.leaves: dict[int, Any] = {}
        self.shapes: dict[int, Shape] = {}  # of the nodes that are arrays
        self.notes: dict[int, str] = {}  # names that nodes were given, the last one given last
        self.calls: dict[tuple[int, ...], Frame] = {}  # of functions that have a name, by their results
        self.infer: Infer | None = None  # the shape of a new node, None as long as all are scalars
        self.namesakes: Namesakes | None = None  # kept by graphs that hold arrays
        self._index: dict[Node, int] = {}
        self.find = self._index.get  # the index of a node, None where the graph does not hold it
        self.intern, self.append = _growth(self.nodes, self._index, self.leaves)
        self.numbers: dict[type, dict[Any, int]] = {int: {}, float: {}}  # cache of constants, but for 0.0
        self._hashes: dict[int, int] = {}
        self._programs: dict[tuple[int, ...], Program] = {}

    def __len__(self) -> int:
        return len(self.nodes)

    def __bool__(self) -> bool:
        return True

    def __repr__(self) -> str:
        return f"<Graph of {len(self.nodes)} nodes>"

    # -- growing ---------------------------------------------------------

    def hold_arrays(self, infer: Infer) -> None:
        """Give nodes shapes from now on: those that `infer(shapes, leaves, node, payload)` says."""
        if self.infer is None:
            self.infer = infer
            self.namesakes = Namesakes(self.nodes, self.leaves)
            shaped = (self.shapes, infer, self.namesakes)
            self.intern, self.append = _growth(self.nodes, self._index, self.leaves, shaped)

    def has_arrays(self, roots: Iterable[int]) -> bool:
        """Whether anything that the roots are made of is an array, or a parameter of an operation on arrays."""
        return any(i in self.shapes or self.nodes[i][0] == STATIC for i in self.cone(roots))

    def const(self, value: Any) -> int:
        """The index of a constant; the value is one that `constant` returned."""
        kept = self.numbers.get(type(value))
        if kept is None or (not value and type(value) is float):  # exclude zero: 0.0 == -0.0
            return self._leaf((CONST, *constant_key(value)), value)
        found = kept.get(value)
        if found is None:
            found = kept[value] = self._leaf((CONST, *constant_key(value)), value)
        return found

    def array(self, value: Any) -> int:
        """The index of an array of numbers; the graph keeps a copy."""
        kept = frozen_array(value)
        return self._leaf((CONST, *array_key(kept)), kept)

    def static(self, key: Hashable, value: Any) -> int:
        """The index of a parameter of an operation: `key` tells it from others, `value` is what it stands for."""
        return self._leaf((STATIC, key), value)

    def var(self, cell: Variable) -> int:
        """The index of a variable. A cell that is new here is joined with the one held."""
        index = self._leaf((VAR, cell.key), cell)
        held = self.leaves[index]
        if held is not cell:
            self.leaves[index] = held.join(cell)
        return index

    def named(self, name: str) -> int | None:
        """The variable whose key is a name, else the only one that prints so; None where there is none."""
        found = self.find((VAR, name))
        if found is not None:
            return found
        leaves = self.leaves.copy().items()
        alike = [i for i, leaf in leaves if type(leaf) is Variable and leaf.name == name]
        alike = [i for i in alike if self.find(self.nodes[i]) == i]
        return alike[0] if len(alike) == 1 else None

    def _leaf(self, node: Node, payload: Any) -> int:
        found = self.find(node)
        return self.append(node, payload) if found is None else found

    def adopt(self, other: Graph, roots: Iterable[int]) -> list[int]:
        """Copy the cones of `roots` from another graph, as they are; their indices here."""
        roots = list(roots)
        here: dict[int, int] = {}
        if other.infer is not None:
            self.hold_arrays(other.infer)
        for i in other.cone(roots):
            node = other.nodes[i]
            if node[0] == CONST:
                kept = other.leaves[i]
                here[i] = self._leaf(node, kept) if i in other.shapes else self.const(kept)
            elif node[0] == VAR:
                here[i] = self.var(other.leaves[i])
                other.leaves[i] = self.leaves[here[i]]
            elif node[0] == STATIC:
                here[i] = self._leaf(node, other.leaves[i])
            else:
                here[i] = self.intern((node[0], *[here[j] for j in node[1:]]))
        self.take_notes(other, here)
        return [here[i] for i in roots]

    def note(self, i: int, name: str) -> None:
        """Give a node a name, which text, pictures and generated code show."""
        self.notes.pop(i, None)
        self.notes[i] = name

    def take_notes(self, other: Graph, here: dict[int, int]) -> None:
        """Give nodes the names that those they are copies of have, but for those that have one here."""
        for i, name in other.notes.copy().items():
            place = here.get(i)
            if place is not None and place not in self.notes and self.nodes[place][0] > VAR:
                self.notes[place] = name
        for results, frame in other.calls.copy().items():
            there = tuple([here[i] for i in results if i in here])
            if there:
                self.calls.setdefault(there, Frame(frame.name, tuple([here[i] for i in frame.inputs if i in here])))

    def notes_in(self, cone: Iterable[int]) -> dict[int, str]:
        """The names of nodes of a cone: of two of one name the one named last, and none that a variable or size has."""
        if not self.notes:
            return {}
        held = set(cone)
        cells = [self.leaves[i] for i in held if self.nodes[i][0] == VAR]
        taken = {text.partition("[")[0] for cell in cells for text in (cell.name, *names_of_sizes(cell.shape))}
        last = {name: i for i, name in self.notes.items() if i in held and name not in taken}
        return {i: name for name, i in sorted(last.items(), key=lambda pair: pair[1])}

    # -- reading ---------------------------------------------------------

    def cone(self, roots: Iterable[int]) -> list[int]:
        """Everything the roots are made of, themselves included, in graph order."""
        roots = list(roots)
        found = self.reach(roots)
        return self._scanned(roots, len(found)) if type(found) is range else list(found)

    def reach(self, roots: Sequence[int]) -> Sequence[int]:
        """As `cone`, where that is a small part of the graph; else the range of all nodes up to the last root."""
        top = max(roots) if roots else _TINY
        if top < _TINY:
            return range(top + 1)
        nodes = self.nodes
        seen = set(roots)
        stack = list(seen)
        many = max(_SMALL_CONE, top // _SCAN)
        while stack:
            if len(seen) > many:
                return range(top + 1)
            node = nodes[stack.pop()]
            if node[0] > VAR:
                for j in node[1:]:
                    if j not in seen:
                        seen.add(j)
                        stack.append(j)
        return sorted(seen)

    def _scanned(self, roots: Iterable[int], size: int) -> list[int]:
        """The cone of nodes that are a good part of the graph: one look at every node, downwards."""
        nodes = self.nodes
        found = bytearray(size)
        for i in roots:
            found[i] = 1
        for i in range(size - 1, -1, -1):
            if found[i]:
                node = nodes[i]
                if node[0] > VAR:
                    for j in node[1:]:
                        found[j] = 1
        return list(itertools.compress(range(size), found))

    def program(self, roots: Sequence[int]) -> Program:
        """The cone of the roots as a program; the last few are kept for the next call."""
        key = tuple(roots)
        kept = self._programs.get(key)
        if kept is None:
            kept = self._cut(key)
            if len(self._programs) >= _PROGRAMS_KEPT:
                self._programs = {}
            self._programs[key] = kept
        return kept

    def _cut(self, roots: tuple[int, ...]) -> Program:
        cone = self.cone(roots)
        origin: Sequence[int] = cone
        if cone and cone[-1] == len(cone) - 1:  # keep the numbers of a whole prefix
            nodes, origin = self.nodes[: len(cone)], range(len(cone))
            leaf_at = {i: i for i in self.leaves.copy() if i < len(cone)}
            outputs = roots
        else:
            local = {i: k for k, i in enumerate(cone)}
            nodes = [
                node if node[0] <= VAR else (node[0], *[local[j] for j in node[1:]])
                for node in map(self.nodes.__getitem__, cone)
            ]
            leaf_at = {i: local[i] for i in cone if self.nodes[i][0] <= VAR}
            outputs = tuple(local[i] for i in roots)
        leaves = {k: self.leaves[i] for i, k in leaf_at.items() if nodes[k][0] != VAR}
        variables = tuple(sorted(k for k in leaf_at.values() if nodes[k][0] == VAR))
        return Program(nodes, leaves, outputs, origin, variables)

    def hash(self, root: int) -> int:
        """A hash that equal expressions of other graphs have too."""
        hashes = self._hashes
        found = hashes.get(root)
        if found is not None:
            return found
        stack = [root]
        while stack:
            i = stack[-1]
            node = self.nodes[i]
            if i in hashes:
                stack.pop()
            elif node[0] <= VAR:
                hashes[i] = _leaf_hash(node, self.leaves[i])
            else:
                missing = [j for j in node[1:] if j not in hashes]
                stack.extend(missing)
                if not missing:
                    hashes[i] = hash((node[0], *[hashes[j] for j in node[1:]]))
        return hashes[root]

    def same(self, root: int, other: Graph, other_root: int) -> bool:
        """Whether a node equals one of another graph, structurally."""
        there: dict[int, int] = {}
        for i in self.cone([root]):
            node = self.nodes[i]
            if node[0] > VAR:
                node = (node[0], *[there[j] for j in node[1:]])
            found = other.find(node)
            if found is None:
                return False
            there[i] = found
        return there[root] == other_root

    # -- scopes and copies -----------------------------------------------

    def __enter__(self) -> Graph:
        _thread.enter(self)
        return self

    __exit__ = Exits()

    def small_cone(self, root: int) -> bool:
        """Whether the cone of a node is a small part of a larger graph."""
        seen = {root}
        stack = [root]
        while stack and len(seen) <= _SMALL_CONE:
            node = self.nodes[stack.pop()]
            if node[0] > VAR:
                fresh = [j for j in node[1:] if j not in seen]
                seen.update(fresh)
                stack.extend(fresh)
        return len(seen) <= _SMALL_CONE and 2 * len(seen) < len(self.nodes)

    def snapshot(self) -> tuple[list[Node], dict[int, Any]]:
        """The nodes and leaves at one moment: a place that the index does not tell of is unused."""
        told = len(self._index)  # before the nodes: as many as there are nodes, it tells of all of them
        nodes = list(self.nodes)
        leaves = {i: leaf for i, leaf in self.leaves.copy().items() if i < len(nodes)}
        for i, node in enumerate(nodes) if told < len(nodes) else ():
            if self.find(node) != i:
                nodes[i] = (*UNUSED, i)
                leaves[i] = 0
        return nodes, leaves

    @classmethod
    def restored(cls, simplify: bool, nodes: list[Node], leaves: dict[int, Any]) -> Graph:
        """A graph of given nodes and leaves.

        Raises
        ------
        SymdiffValueError
            Where two nodes are the same.
        """
        graph = cls(simplify)
        graph.nodes.extend(nodes)
        graph.leaves.update(leaves)
        graph._index.update(zip(nodes, range(len(nodes)), strict=True))
        if len(graph._index) < len(nodes):
            raise SymdiffValueError("two nodes of a graph are the same")
        return graph


def check_namesakes(cells: Iterable[Variable]) -> None:
    """Refuse two variables of one name and of different shapes beside each other.

    Raises
    ------
    SymdiffValueError
        Naming both.
    """
    seen: dict[str, Variable] = {}
    for cell in cells:
        other = seen.setdefault(cell.name, cell)
        if (other.shape, other.kind) != (cell.shape, cell.kind):
            shapes = " and ".join([f"{c.kind} {shown(c.shape)}".strip() if c.shape else "()" for c in (other, cell)])
            raise SymdiffValueError(
                f"two variables are called {cell.name} here, of shapes {shapes}: give one of them another name"
            )


class Namesakes:
    """Variables of one name and of different shapes in a graph, and which of them each node holds.

    No expression may hold two. As long as no name comes twice, only variables are looked at.
    """

    def __init__(self, nodes: list[Node], leaves: dict[int, Any]) -> None:
        self.nodes, self.leaves = nodes, leaves
        self.named: dict[str, list[int]] = {}
        self.held: dict[int, frozenset[int]] = {}
        for i, leaf in sorted(leaves.copy().items()):
            if type(leaf) is Variable:
                self.add(i, leaf)

    def add(self, place: int, cell: Variable) -> None:
        """Note a new variable; those that a pass makes for itself, or a neighbour, are told apart by their keys."""
        if cell.key not in (cell.name, (cell.name, cell.shape, cell.kind)):
            return
        others = self.named.setdefault(cell.name, [])
        found = [i for i in others if _clash(self.leaves[i], cell)]
        others.append(place)
        if found:
            self.held[place] = frozenset((place,))
            fresh = [i for i in found if i not in self.held]
            self.held.update({i: frozenset((i,)) for i in fresh})
            for i in range(min(fresh), len(self.nodes)) if fresh else ():
                self.note(i, self.nodes[i])

    def of(self, node: Node) -> frozenset[int]:
        """Those that a node holds."""
        return frozenset().union(*[self.held.get(j, ()) for j in node[1:]]) if node[0] > VAR else frozenset()

    def note(self, place: int, node: Node) -> None:
        """Remember which of them a node holds."""
        found = self.of(node)
        if found:
            self.held[place] = found

    def check(self, node: Node) -> None:
        """Refuse a node that two of one name meet in."""
        self._refuse(self.of(node))

    def check_together(self, places: Iterable[int]) -> None:
        """Refuse nodes beside each other, as outputs are, that two of one name meet in."""
        if self.held:
            self._refuse(frozenset().union(*[self.held.get(i, ()) for i in places]))

    def _refuse(self, found: frozenset[int]) -> None:
        if len(found) > 1:
            check_namesakes([self.leaves[i] for i in sorted(found)])


def _clash(a: Variable, b: Variable) -> bool:
    return bool(a.shape or b.shape) and (a.shape, a.kind) != (b.shape, b.kind)


def _growth(
    nodes: list[Node],
    index: dict[Node, int],
    leaves: dict[int, Any],
    shaped: tuple[dict[int, Shape], Infer, Namesakes] | None = None,
) -> tuple[Callable[[Node], int], Callable[..., int]]:
    """The functions that give the index of a node: `intern`, and `append` for one just looked for in vain.

    Both append it when it is new, `append` a leaf with what it stands for. Most of the time of every build and
    derivative is spent here: a closure saves a third of a method's instructions, and a lock would take twice the
    time of the rest, and hang a child that is forked while another thread holds it. The node that enters the index
    first counts; where two threads append one at once, the other place stays unused. `shaped` is what a graph that
    holds arrays finds shapes by: others pay nothing for them.
    """
    find, add, setdefault = index.get, nodes.append, index.setdefault

    def append(node: Node, payload: Any = None) -> int:
        place = len(nodes)
        add(node)  # append before the index tells other threads of it
        while nodes[place] is not node:  # skip places of threads that were faster
            place += 1
        if payload is not None:
            leaves[place] = payload
        found = setdefault(node, place)
        if found != place:
            leaves[place] = 0
            nodes[place] = (*UNUSED, place)
        return found

    def intern(node: Node) -> int:
        found = find(node)
        return append(node) if found is None else found

    if shaped is None:
        return intern, append
    shapes, infer, namesakes = shaped
    held = namesakes.held

    def append_shaped(node: Node, payload: Any = None) -> int:
        shape = infer(shapes, leaves, node, payload)
        if held:
            namesakes.check(node)
        place = len(nodes)
        add(node)
        while nodes[place] is not node:
            place += 1
        if payload is not None:
            leaves[place] = payload
        if shape:
            shapes[place] = shape  # before the index tells other threads of it
        found = setdefault(node, place)
        if found != place:
            shapes.pop(place, None)
            leaves[place] = 0
            nodes[place] = (*UNUSED, place)
        elif node[0] == VAR:
            namesakes.add(place, payload)
        elif held:
            namesakes.note(place, node)
        return found

    def intern_shaped(node: Node) -> int:
        found = find(node)
        return append_shaped(node) if found is None else found

    return intern_shaped, append_shaped


def _leaf_hash(node: Node, payload: Any) -> int:
    if node[0] == VAR:
        return hash(("variable", node[1]))
    if isinstance(payload, NamedConstant):
        return hash(payload.name)
    if node[0] == STATIC or node[1] == ARRAY:
        return hash(node)
    return hash(payload) if payload == payload else hash(node)  # hash nan by node: Python's are all different


def current_graph() -> Graph:
    """The graph that new variables of this thread join."""
    entered = _thread.entered
    while entered:
        holder, innermost = entered[-1]
        if holder() is not None:
            return innermost  # type: ignore[no-any-return]
        entered.pop()  # a signal came before it was left
    graph = _thread.live() if _thread.live is not None else None
    if graph is None:
        graph = Graph()
        _thread.live = weakref.ref(graph)
    return graph
