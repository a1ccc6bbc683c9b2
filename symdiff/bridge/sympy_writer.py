"""To SymPy: a graph written by one loop, sharing kept, what is deep or large unevaluated."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

import sympy
from mpmath.libmp import dps_to_prec, prec_to_dps
from sympy.core.function import FunctionClass
from sympy.functions.elementary.piecewise import ExprCondPair
from sympy.logic.boolalg import BooleanAtom

from symdiff import ops
from symdiff.constants import NamedConstant
from symdiff.errors import SymdiffTypeError
from symdiff.graph import CONST, VAR, Graph, Node, Variable
from symdiff.progress import watched
from symdiff.records import OPERATIONS, Operation

ADD, SUB, NEG, MUL, DIV = (op.opcode for op in (ops.add, ops.sub, ops.neg, ops.mul, ops.div))
SUMS = frozenset((ADD, SUB, NEG))
PRODUCTS = frozenset((MUL, DIV))

HEIGHT = 40  # height limit of a graph that SymPy evaluates
SPREAD = 20  # sharing limit: tree nodes for each node of the graph
TREE = 5000  # size of a tree that is evaluated all the same
LARGE = 20_000  # size limit of a graph that is evaluated, in nodes: SymPy takes nine tenths of the time
WIDE = 100  # length limit of a sum that is copied into the sums that use it, in terms


class Writer:
    """One conversion."""

    def __init__(self, graph: Graph, roots: Sequence[int], digits: int) -> None:
        self.graph = graph
        self.digits = digits
        self.cone = graph.cone(roots)
        self.inner = inner_nodes(graph, self.cone, roots)
        self.deep = is_high_or_large(graph, self.cone, self.inner)
        self.functions: dict[int, Callable[..., Any]] = {}

    @contextlib.contextmanager
    def evaluation(self) -> Iterator[None]:
        """SymPy's own way to build, or the unevaluated one."""
        if not self.deep:
            yield
            return
        with sympy.evaluate(False):
            yield

    def run(self) -> dict[int, Any]:
        """The SymPy expression of every node that is not the inside of a sum or product."""
        nodes = self.graph.nodes
        made: dict[int, Any] = {}
        for i in watched("converting to SymPy", self.cone, len(self.cone)):
            if i in self.inner:
                continue
            made[i] = self.written(i, nodes[i], made)
            if self.deep:  # ask node by node: SymPy asks by recursion, but remembers the answers
                getattr(made[i], "is_commutative", None)
                hash(made[i])
        return made

    def written(self, i: int, node: Node, made: Mapping[int, Any]) -> Any:
        """The SymPy expression of a node, by those of the nodes below it."""
        if node[0] == CONST:
            return number(self.graph.leaves[i], self.digits)
        if node[0] == VAR:
            return symbol_of(self.graph.leaves[i])
        if node[0] in SUMS:
            return self._sum([-made[j] if flip else made[j] for j, flip in self.parts(i, node)])
        if node[0] in PRODUCTS:
            return self._product([1 / made[j] if flip else made[j] for j, flip in self.parts(i, node)])
        return self.function(node[0])(*[made[j] for j in node[1:]])

    def parts(self, i: int, node: Sequence[int]) -> list[tuple[int, bool]]:
        """The terms of a sum or factors of a product; True: subtracted, or divided by."""
        nodes, inner = self.graph.nodes, self.inner
        stack = [(i, False)]
        parts = []
        while stack:
            j, flip = stack.pop()
            if j != i and j not in inner:
                parts.append((j, flip))
                continue
            code, *operands = nodes[j]
            if code == NEG:
                stack.append((operands[0], not flip))
            else:
                other = flip != (code in (SUB, DIV))
                stack += [(k, other) for k in operands[:0:-1]]
                stack.append((operands[0], flip))
        return parts

    def _sum(self, terms: list[Any]) -> Any:
        if self.deep or any(isinstance(t, sympy.Add) and len(t.args) > WIDE for t in terms):
            return sympy.Add._from_args(terms)
        return sympy.Add(*terms)

    def _product(self, factors: list[Any]) -> Any:
        factors = [f for f in factors if f is not sympy.S.One] or [sympy.S.One]
        if self.deep or any(isinstance(f, sympy.Mul) and len(f.args) > WIDE for f in factors):
            return sympy.Mul._from_args(factors)
        return sympy.Mul(*factors)

    def function(self, code: int) -> Callable[..., Any]:
        """The function of SymPy expressions that an operation is."""
        found = self.functions.get(code)
        if found is None:
            op = OPERATIONS[code]
            found = _OURS.get(op.name) or (_UNEVALUATED.get(op.name) if self.deep else None) or spelling(op)
            if self.deep and isinstance(found, FunctionClass):
                found = _as_it_is(found)
            self.functions[code] = found
        return found


def inner_nodes(graph: Graph, cone: Sequence[int], roots: Sequence[int]) -> set[int]:
    """The nodes that are nothing but the inside of one larger sum or product."""
    nodes, shapes = graph.nodes, graph.shapes
    uses = dict.fromkeys(roots, 2)
    for i in cone:
        if nodes[i][0] > VAR:
            for j in nodes[i][1:]:
                uses[j] = uses.get(j, 0) + 1
    inner = set()
    for i in cone:
        for family in (SUMS, PRODUCTS):
            if nodes[i][0] in family and (i not in shapes or family is SUMS):
                alike = [j for j in nodes[i][1:] if nodes[j][0] in family and uses[j] == 1]
                inner.update([j for j in alike if (j in shapes) == (i in shapes)] if shapes else alike)
    return inner


def is_high_or_large(graph: Graph, cone: Sequence[int], inner: set[int]) -> bool:
    """Whether SymPy's tree would be too high or too large to be built with evaluation."""
    if len(cone) > LARGE:
        return True
    height: dict[int, int] = {}
    size: dict[int, int] = {}
    limit = max(TREE, SPREAD * len(cone))
    for i in cone:
        node = graph.nodes[i]
        below = node[1:] if node[0] > VAR else ()
        height[i] = max([height[j] for j in below], default=0) + (i not in inner)
        size[i] = 1 + sum([size[j] for j in below])
        if height[i] > HEIGHT or size[i] > limit:
            return True
    return False


# -- leaves and functions ------------------------------------------------------------


def symbol_of(cell: Variable) -> Any:
    """The SymPy symbol of a variable: the one it came from, else a real one of its name, one of its own if others
    have that name too.
    """
    if not isinstance(cell.origin, sympy.Basic):
        if cell.key == cell.name:
            return sympy.Symbol(cell.name, real=True)
        cell.origin = sympy.Dummy(cell.name.removeprefix("_"), real=True)
    return cell.origin


def number(value: Any, digits: int = 15) -> Any:
    """A constant in SymPy; the value is exact."""
    if isinstance(value, bool):
        return sympy.true if value else sympy.false
    if isinstance(value, int):
        return sympy.Integer(value)
    if isinstance(value, Fraction):
        return sympy.Rational(value.numerator, value.denominator)
    if isinstance(value, NamedConstant):
        return {"pi": sympy.pi, "e": sympy.E}[value.name]
    if isinstance(value, float):
        return sympy.Float(value, digits)
    if hasattr(value, "_mpf_"):
        return sympy.Float(value, max(digits, _decimals(value)))
    imaginary = sympy.I if value.imag == 1 else number(value.imag, digits) * sympy.I
    return imaginary if value.real == 0 else number(value.real, digits) + imaginary


def _decimals(value: Any) -> int:
    """How many decimal digits keep every bit of an mpmath number."""
    bits = value._mpf_[3]
    digits: int = prec_to_dps(bits)
    while dps_to_prec(digits) < bits:
        digits += 1
    return digits


def spelling(op: Operation) -> Callable[..., Any]:
    """The function of SymPy expressions that an operation is; a user's own has an undefined one."""
    if callable(op.sympy):
        given = op.sympy
        return lambda *args: given(sympy, *args)
    found = getattr(sympy, op.sympy or op.name, None)
    if callable(found):
        return found  # type: ignore[no-any-return]
    if op.sympy is not None:
        raise SymdiffTypeError(f"{op.name}: SymPy has no function {op.sympy!r}; correct the `sympy` of its record")
    return sympy.Function(op.name)  # type: ignore[no-any-return]


def _where(c: Any, a: Any, b: Any) -> Any:
    """A Piecewise without the rewriting of its conditions, which looks at the whole tree.

    One within the last branch is part of it; nan, there, is what a Piecewise gives anyway.
    """
    if isinstance(c, BooleanAtom):
        return a if c == sympy.true else b
    pairs = [sympy.Tuple.__new__(ExprCondPair, a, c)]
    if isinstance(b, sympy.Piecewise) and len(b.args) < WIDE:
        pairs.extend(b.args)
    elif b is not sympy.nan:
        pairs.append(sympy.Tuple.__new__(ExprCondPair, b, sympy.true))
    return sympy.Basic.__new__(sympy.Piecewise, *pairs)


def _extreme(cls: Any) -> Callable[[Any, Any], Any]:
    """Max or Min without the sorting of its arguments."""

    def make(a: Any, b: Any) -> Any:
        made = sympy.Expr.__new__(cls, a, b)
        made._argset = frozenset((a, b))
        return made

    return make


def _as_it_is(cls: FunctionClass) -> Callable[..., Any]:
    """A function of SymPy as `evaluate(False)` makes it, without the checks that take it most of its time.

    Of 100,000 nodes they took 1.2 of 2.1 seconds. The first is made with them, and says what all have beside operands.
    """
    first: list[Any] = []

    def make(*args: Any) -> Any:
        if not first:
            first.append(cls(*args))
            return first[0]
        made = sympy.Expr.__new__(cls, *args)
        made.nargs = first[0].nargs
        return made

    return make


_OURS: dict[str, Callable[..., Any]] = {
    "where": _where,
    "relu": lambda x: _where(x > 0, x, sympy.S.Zero),
}
_UNEVALUATED: dict[str, Callable[..., Any]] = {
    "maximum": _extreme(sympy.Max),
    "minimum": _extreme(sympy.Min),
    "log2": lambda x: sympy.log(x) / sympy.log(2),  # unevaluated, log(x, 2) would keep two arguments
    "log10": lambda x: sympy.log(x) / sympy.log(10),
}
