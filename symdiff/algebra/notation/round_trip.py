"""Round trips: the expression that the text of another one, without needless brackets, reads back as.

`x*(y*z)` is printed `x*y*z`, which reads `(x*y)*z`; `x + (-y)*z` is printed
`x - y*z`; and a derivative may hold what would be merged if it were built anew.
The writer is handed the expression in the form in which it is read, which it
then only has to write down, so that `parse(str(f))` has the text of `f`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from symdiff.build import ADD, DIV, MUL, NEG, SUB, build, exact_value, split_power, split_term
from symdiff.graph import CONST, STATIC, VAR, Graph, Node
from symdiff.handle import handle
from symdiff.parts import shared_parts
from symdiff.records import FIRST_ARRAY_CODE, OPERATIONS

_ROUNDS = 8  # round limit: a merge may open other brackets; two rounds settle nearly everything
_SPINE = 64  # search depth for a sign, in factors
_SUMS = frozenset((ADD, SUB))
_PRODUCTS = frozenset((MUL, DIV))

# steps of the loop over a tree: make a node, keep it, put an operand to what is there, look whether brackets may go
_MAKE, _KEEP, _APPLY, _RIGHT, _JOIN, _OPEN = range(6)


class Read(NamedTuple):
    """Expressions as they read back: where they are, what they are made of, and which parts get names."""

    graph: Graph
    roots: list[int]
    cone: list[int]
    parts: list[int]


def as_read(graph: Graph, roots: Sequence[int]) -> Read:
    """The expressions in the form in which they read back, in a graph of its own where that is another one."""
    here = list(roots)
    for _ in range(_ROUNDS):
        reading = _Reading(graph, here)
        regrouped = reading.run()
        if not (reading.changed or reading.opened):
            return Read(graph, here, reading.cone, reading.parts)
        graph, here = reading.made, regrouped
        if not reading.changed:  # all was built as it is, but for brackets: with none left it would be built so again
            cone = graph.cone(here)
            if not (_has_brackets(graph, cone) or shared_parts(graph, here, cone)):
                return Read(graph, here, cone, [])
    cone = graph.cone(here)
    return Read(graph, here, cone, shared_parts(graph, here, cone))


def is_negative(graph: Graph, i: int, named: Any = ()) -> bool:
    """Whether the text of a node starts with a minus."""
    nodes = graph.nodes
    while i not in named:
        code = nodes[i][0]
        if code == NEG:
            return True
        if code == CONST:
            return _starts_with_minus(graph.leaves[i])
        if code not in _SUMS and (code not in _PRODUCTS or nodes[nodes[i][1]][0] in _SUMS):  # starts with a bracket, …
            return False
        i = nodes[i][1]
    return False


def _starts_with_minus(value: Any) -> bool:
    kind = type(value)
    if kind is float:
        return math.copysign(1.0, value) < 0 and value == value
    return bool(value < 0) if kind is int or kind is Fraction else False


def _has_brackets(graph: Graph, cone: Sequence[int]) -> bool:
    """Whether there is a sum on the right of a plus, or a product on that of a times."""
    nodes = graph.nodes
    for i in cone:
        node = nodes[i]
        if (node[0] == ADD and nodes[node[2]][0] in _SUMS) or (node[0] == MUL and nodes[node[2]][0] == MUL):
            return True
    return False


class _Reading:
    """One round of regrouping, into a new graph."""

    def __init__(self, graph: Graph, roots: Sequence[int]) -> None:
        self.graph = graph
        self.roots = roots
        self.cone = graph.cone(roots)
        self.parts = shared_parts(graph, roots, self.cone)
        self.made = Graph(graph.simplify)
        self.holds_arrays = graph.infer is not None
        if graph.infer is not None:
            self.made.hold_arrays(graph.infer)
        self.new: dict[int, int] = {}
        self.named: set[int] = set()  # named nodes, as nodes of `made`
        self.changed = False  # whether anything merged, or a sign moved
        self.opened = False  # whether brackets went

    def run(self) -> list[int]:
        """Make all anew; where the expressions are in `made`."""
        if self.parts or not _has_brackets(
            self.graph, self.cone
        ):  # keep groups where parts have names: others would share other parts
            self._one_by_one(self.cone, frozenset(self.parts))
            self.made.take_notes(self.graph, self.new)
        else:
            for root in self.roots:
                self._tree(root)
        return [self.new[i] for i in self.roots]

    # -- the two loops ---------------------------------------------------------

    def _one_by_one(self, cone: Sequence[int], parts: frozenset[int]) -> None:
        nodes, new = self.graph.nodes, self.new
        for i in cone:
            node = nodes[i]
            new[i] = self._leaf(i) if node[0] <= VAR else self._node(node[0], *[new[j] for j in node[1:]])
            if i in parts:
                self.named.add(new[i])

    def _tree(self, root: int) -> None:
        """The loop that opens brackets; the tree it walks over is not much larger than the graph."""
        nodes, new, shapes = self.graph.nodes, self.new, self.graph.shapes
        stack: list[tuple[int, Any]] = [(_MAKE, root)]
        values: list[int] = []
        while stack:
            step, what = stack.pop()
            if step == _MAKE:
                if what in new:
                    values.append(new[what])
                    continue
                node = nodes[what]
                if node[0] <= VAR:
                    leaf = new[what] = self._leaf(what)
                    values.append(leaf)
                    continue
                stack.append((_KEEP, what))
                if node[0] in (ADD, MUL) and what not in shapes:
                    stack += [(_RIGHT, (node[0], node[2])), (_MAKE, node[1])]
                else:
                    stack.append((_APPLY, node))
                    stack += [(_MAKE, j) for j in reversed(node[1:])]
            elif step == _KEEP:
                new[what] = values[-1]
            elif step == _APPLY:
                operands = values[1 - len(what) :]
                del values[1 - len(what) :]
                values.append(self._node(what[0], *operands))
            elif step == _RIGHT:
                stack += self._right(*what)
            elif step == _JOIN:
                right = values.pop()
                values.append(self._node(what, values.pop(), right))
            else:
                stack += self._opened(values, *what)

    def _right(self, code: int, i: int) -> list[tuple[int, Any]]:
        """The steps that put a right operand to what is there: a product or a sum begins with its first part."""
        nodes = self.graph.nodes
        family = (MUL,) if code == MUL else (ADD, SUB) if code == ADD else ()
        if nodes[i][0] not in family:
            return [(_JOIN, code), (_MAKE, i)]
        others = []
        while nodes[i][0] in family:
            others.append((nodes[i][0], nodes[i][2]))
            i = nodes[i][1]
        return [(_OPEN, (code, others)), (_MAKE, i)]

    def _opened(self, values: list[int], code: int, others: list[tuple[int, int]]) -> list[tuple[int, Any]]:
        """The steps after the first part of a sum or product on the right was made: with brackets, or without."""
        following: list[tuple[int, Any]] = [(_RIGHT, other) for other in others]
        first = values[-1]
        may_open = self._product_may_open if code == MUL else self._sum_may_open
        if not may_open(values[-2], first):
            return [(_JOIN, code), *following]
        self.opened = True
        values.pop()
        values.append(self._node(code, values.pop(), first))
        return following

    def _sum_may_open(self, a: int, first: int) -> bool:
        """Whether `a + (first + …)` may lose its brackets: nothing may merge that did not."""
        made = self.made
        if made.nodes[a][0] == CONST:
            return bool(made.nodes[first][0] != CONST)
        return split_term(made, a)[1] != split_term(made, first)[1] and exact_value(made, first) != 0

    def _product_may_open(self, a: int, first: int) -> bool:
        """Whether `a*(first*…)` may lose its brackets."""
        made = self.made
        if made.nodes[first][0] == DIV or type(made.leaves.get(first)) is Fraction or is_negative(made, first):
            return False
        if made.nodes[a][0] == CONST and made.nodes[first][0] == CONST:
            return False
        return split_power(made, a)[1] != split_power(made, first)[1] and exact_value(made, first) not in (0, 1)

    # -- nodes -----------------------------------------------------------------

    def _leaf(self, i: int) -> int:
        """A variable or a constant, one that has to be written as a formula as that."""
        value = self.graph.leaves[i]
        node = self.graph.nodes[i]
        if node[0] == VAR:
            return self.made.var(value)
        if node[0] == STATIC:
            return self.made.static(node[1], value)
        if i in self.graph.shapes:
            return self.made.adopt(self.graph, [i])[0]
        kind = type(value)
        if kind is float and not math.isfinite(value):
            return self._infinite(value)
        if kind is complex:
            return self._complex(value)
        return self.made.const(value)

    def _infinite(self, value: float) -> int:
        self.changed = True
        const = self.made.const
        top = const(0) if math.isnan(value) else const(1) if value > 0 else build(self.made, NEG, (const(1),))
        return self.made.intern((DIV, top, const(0)))

    def _complex(self, value: complex) -> int:
        minus = math.copysign(1.0, value.imag) < 0
        if not math.isfinite(abs(value.imag)):
            imaginary = self.made.intern((MUL, self._infinite(abs(value.imag)), self.made.const(1j)))
        else:
            imaginary = self.made.const(complex(0.0, abs(value.imag)))
        if value.real == 0 and math.copysign(1.0, value.real) > 0:
            self.changed |= minus
            return self.made.intern((NEG, imaginary)) if minus else imaginary
        self.changed = True
        real = self.made.const(value.real) if math.isfinite(value.real) else self._infinite(value.real)
        return self.made.intern((SUB if minus else ADD, real, imaginary))

    def _node(self, code: int, *args: int) -> int:
        """An operation as it reads: built, and its signs where its text has them; one of arrays as it is."""
        if self.holds_arrays and (code >= FIRST_ARRAY_CODE or any(i in self.made.shapes for i in args)):
            return self.made.intern((code, *args))
        formula = OPERATIONS[code].formula
        if formula is not None and OPERATIONS[code].text is None:
            written = int(formula(*[handle(self.made, j) for j in args])._index)
            self.changed |= self.made.nodes[written] != (code, *args)
            return written
        made = build(self.made, code, args)
        if self.made.nodes[made] != (code, *args):
            self.changed = True
        elif code == ADD and is_negative(self.made, args[1], self.named):
            return self._minus_moved(made, *args)
        elif code == NEG and self.made.nodes[args[0]][0] in _PRODUCTS:
            return self._minus_entered(made, args[0])
        return made

    def _minus_moved(self, whole: int, a: int, b: int) -> int:
        """`a + (-u)*v` as `a - u*v`, where nothing merges by it."""
        first, path = self._spine(b)
        node = self.made.nodes[first]
        if node[0] != NEG and (node[0] != CONST or type(self.made.leaves[first]) not in (int, float, Fraction)):
            return whole
        bare = node[1] if node[0] == NEG else self.made.const(-self.made.leaves[first])
        unsigned = self._along(bare, path)
        moved = None if unsigned is None else self._unmerged((SUB, a, unsigned))
        self.changed |= moved is not None
        return whole if moved is None else moved

    def _minus_entered(self, whole: int, i: int) -> int:
        """`-(u*v)` as `(-u)*v`, which `-u*v` is, where nothing merges by it."""
        if i in self.named or is_negative(self.made, i, self.named):
            return whole
        first, path = self._spine(i)
        if self.made.nodes[first][0] in _PRODUCTS and first not in self.named:  # give up on a very long product
            return whole
        entered = self._along(build(self.made, NEG, (first,)), path)
        self.changed |= entered is not None
        return whole if entered is None else entered

    def _spine(self, i: int) -> tuple[int, list[Node]]:
        """The first factor of a product or quotient, and what it is multiplied or divided by, last first."""
        path: list[Node] = []
        nodes = self.made.nodes
        while nodes[i][0] in _PRODUCTS and i not in self.named and len(path) < _SPINE:
            path.append(nodes[i])
            i = nodes[i][1]
        return i, path

    def _along(self, first: int, path: Sequence[Node]) -> int | None:
        """Another first factor multiplied and divided by the others, None where it merges with one."""
        found: int | None = first
        for code, _, other in reversed(path):
            if found is None:
                break
            found = self._unmerged((code, found, other))
        return found

    def _unmerged(self, node: Node) -> int | None:
        found = build(self.made, node[0], node[1:])
        return found if self.made.nodes[found] == node else None
