"""Array nodes as terms of matrix notation: sums, blocks, reductions, and functions that are made of several nodes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

from symdiff import ops
from symdiff.algebra.notation.contraction_notation import amount, contraction_term, kronecker_term
from symdiff.algebra.notation.key_text import key_text, key_texts
from symdiff.algebra.notation.terms import (
    ATTRIBUTE,
    BLOCKS,
    CALL,
    DIVIDED,
    ELEMENTWISE,
    GATHERED,
    INDEX,
    NAME,
    SCALED,
    SCATTERED,
    SUM,
    Call,
    Operand,
    Term,
    call,
    is_mean,
    mean,
    method,
    number,
    signed,
)
from symdiff.arrays.reading import ADD, EINSUM, pieces, shape_of
from symdiff.arrays.reading import number as number_of
from symdiff.build import DIV, MUL, NEG
from symdiff.graph import VAR, Graph, Node
from symdiff.handle import handle
from symdiff.keys import Key, Paired, Place, Places, Range, Where, is_listed, taken_shape, whole
from symdiff.loop_body import Body, Loop
from symdiff.ops import arrays
from symdiff.ops.external_operation import ExternalOperation
from symdiff.records import FIRST_ARRAY_CODE, OPERATIONS, record
from symdiff.shapes import Shape, shown

_SPINE = 64  # search depth for a sign, in factors
EXP = ops.exp.opcode
LOGSUMEXP = arrays.logsumexp.opcode


class Notation:
    """The terms of the nodes of a graph; `named` are nodes that have names, into which nobody looks.

    Parts of slopes are written as what they are made of where their `formulas` are wanted, else as their records say.
    """

    def __init__(self, graph: Graph, named: Collection[int], formulas: bool = True) -> None:
        self.graph, self.named, self.formulas = graph, named, formulas
        self._kept: dict[int, Operand | None] = {}

    def term(self, i: int) -> Operand | None:
        """The term of a node, None where it is written as the operations on numbers are."""
        if i not in self._kept:
            self._kept[i] = self._term(i)
        return self._kept[i]

    def kind(self, operand: Operand) -> str:
        """The kind of a term or a node, nothing where the node has no term or a name."""
        if isinstance(operand, int):
            found = self.term(operand) if operand not in self.named else None
            return "" if found is None else self.kind(found)
        return operand.kind

    def _term(self, i: int) -> Operand | None:
        node = self.graph.nodes[i]
        code = node[0]
        if code == EINSUM:
            return signed(*contraction_term(self.graph, i, self.named))
        if code >= FIRST_ARRAY_CODE:
            return _WRITERS.get(record(code).name, _plain)(self, node)
        if code <= VAR or i not in self.graph.shapes:
            return None
        formula = record(code).formula if self.formulas else None
        if formula is not None:
            written = int(formula(*[handle(self.graph, j) for j in node[1:]])._index)
            if written != i:
                return written
        if code == ADD:
            return self.log_softmax(i) or self._sum(node[1:])
        if code == EXP and node[1] not in self.named:
            found = self.log_softmax(node[1])
            if found is not None:
                return found._replace(data=found.data._replace(name="softmax"))
        return self._elementwise(i, node)

    # -- sums, and what broadcasts ---------------------------------------------

    def _sum(self, terms: Sequence[int]) -> Term:
        found = self._broadcasting(terms)
        ahead = next((k for k, (sign, _) in enumerate(found) if sign > 0), 0)
        found.insert(0, found.pop(ahead))  # begin without a minus where that can be
        return Term(SUM, tuple([t for _, t in found]), tuple([sign for sign, _ in found]))

    def _broadcasting(self, nodes: Sequence[int]) -> list[tuple[int, Operand]]:
        """Operands of one shape with their signs: what others broadcast to their shape is written once."""
        rank = max([len(shape_of(self.graph, j)) for j in nodes])
        lacking = [self._lacks(j, rank) for j in nodes]
        full = set(range(rank)).intersection(*lacking)  # axes that none has
        found: list[tuple[int, Operand]] = []
        for j, axes in zip(nodes, lacking, strict=True):
            if self.graph.nodes[j][0] == EINSUM and j in self.graph.shapes and j not in self.named:
                narrow = bool(axes) and not full & axes
                full = full if narrow else set()
                found.append(contraction_term(self.graph, j, self.named, narrow))
            else:
                bare = None if j in self.graph.shapes else self._without_minus(j)
                found.append((1, j) if bare is None else (-1, bare))
        return found

    def _without_minus(self, j: int) -> Operand | None:
        """A scalar without the minus with which it starts, None where there is no such."""
        nodes = self.graph.nodes
        path: list[Node] = []
        while nodes[j][0] in (MUL, DIV) and j not in self.named and len(path) < _SPINE:
            path.append(nodes[j])
            j = nodes[j][1]
        value = number_of(self.graph, j)
        if value is not None and value < 0:
            bare: Operand = number(-value)
        elif nodes[j][0] == NEG and j not in self.named:
            bare = nodes[j][1]
        else:
            return None
        for code, _, other in reversed(path):
            whole = self.term(bare) if isinstance(bare, int) and bare not in self.named else bare
            if code == DIV and isinstance(whole, Term) and is_mean(whole, amount(self.graph, other)):
                bare = mean(whole)
            else:
                bare = Term(SCALED if code == MUL else DIVIDED, (bare, other))
        return bare

    def _lacks(self, j: int, rank: int) -> set[int]:
        """The axes along which a node is the same."""
        graph = self.graph
        if j not in graph.shapes:
            return set(range(rank))
        if graph.nodes[j][0] != EINSUM or j in self.named:
            return set()
        coefficient, factors, result = pieces(graph, j)
        held = {k for _, labels in factors for k in labels}
        if coefficient == 0 or len(set(result)) < len(result):
            return set()
        return {k for k, label in enumerate(result) if label not in held}

    def _elementwise(self, i: int, node: Node) -> Term | None:
        """An operation of which operands are written once that are repeated; None where there are none."""
        if len(node) < 3 or not any(self._lacks(j, 1) for j in node[1:] if j in self.graph.shapes):
            return None
        found = self._broadcasting(node[1:])
        return Term(ELEMENTWISE, tuple([signed(*pair) for pair in found]), OPERATIONS[node[0]])

    # -- functions of several nodes --------------------------------------------------

    def log_softmax(self, i: int) -> Term | None:
        """`x - logsumexp(x)`, where x may be a sum itself."""
        graph = self.graph
        node = graph.nodes[i]
        if node[0] != ADD or i not in graph.shapes or node[-1] in self.named:
            return None
        reduced = _minus_logsumexp(graph, node[-1])
        if reduced is None:
            return None
        parameters, x = graph.nodes[reduced][1:]
        rest = node[1:-1]
        if rest != (x,) and (graph.nodes[x] != (ADD, *rest) or x not in graph.shapes):
            return None
        return call("log_softmax", x, after=_told_axis(graph.leaves[parameters], len(graph.shapes[x])))

    # -- operations of arrays -----------------------------------------------------

    def _take(self, node: Node) -> Operand:
        key, found = self.graph.leaves[node[1]], node[2]
        term: Operand = found
        for text in key_texts(key, shape_of(self.graph, found)):
            term = Term(INDEX, (term,), text)
        return term

    def _put(self, node: Node) -> Operand:
        where: Where = self.graph.leaves[node[1]]
        blocks = node[2:]
        shapes = [shape_of(self.graph, b) for b in blocks]
        axis = _stacked(where)
        if axis is not None:
            return Term(CALL, blocks, Call("stack", _axis_but_first(axis), (), True))
        axis = _concatenated(where, shapes)
        if axis is not None:
            return Term(CALL, blocks, Call("concatenate", _axis_but_first(axis), (), True))
        found = [_put_one(b, key, where.shape) for b, key in zip(blocks, where.keys, strict=True)]
        return Term(BLOCKS, tuple([b for b, _ in found]), (_sizes(where.shape), [text for _, text in found]))

    def _gather(self, node: Node) -> Operand:
        return Term(GATHERED, node[1:])

    def _scatter(self, node: Node) -> Operand:
        sizes: Shape = self.graph.leaves[node[1]]
        rest = shape_of(self.graph, node[2])[len(shape_of(self.graph, node[3])) :]
        return Term(SCATTERED, node[2:], _sizes(sizes + rest))

    def _reshape(self, node: Node) -> Operand:
        shape: Shape = self.graph.leaves[node[1]]
        if node[2] not in self.graph.shapes:
            single = Term(CALL, (node[2],), Call("stack", listed=True))
            return single if len(shape) == 1 else method("reshape", single, *map(str, shape))
        return self._kron(node[2], shape) or (
            method("ravel", node[2]) if len(shape) == 1 else method("reshape", node[2], *map(str, shape))
        )

    def _kron(self, i: int, shape: Shape) -> Operand | None:
        """A Kronecker product, or a diagonal matrix of all entries of an array, reshaped."""
        if self.graph.nodes[i][0] != EINSUM or i in self.named:
            return None
        found = kronecker_term(self.graph, i, self.named, shape)
        return None if found is None else signed(*found)

    def _cumsum(self, node: Node) -> Operand:
        axes = self.graph.leaves[node[1]]
        several = len(shape_of(self.graph, node[2])) > 1
        return call("cumsum", node[2], after=(f"axis={axes[0]}",) if several else ())

    def _convolve(self, node: Node) -> Operand:
        return call("convolve", *node[2:], after=('mode="valid"',) if self.graph.leaves[node[1]] == "valid" else ())

    def _solve_triangular(self, node: Node) -> Operand:
        said = zip(("lower=True", "unit_diagonal=True"), self.graph.leaves[node[1]], strict=True)
        return call("solve_triangular", *node[2:], after=tuple([text for text, true in said if true]))

    def _scan(self, node: Node) -> Operand:
        loop: Loop = self.graph.leaves[node[1]]
        body = loop.body
        said = [f"carries={body.carries}", f"sequences={body.sequences}", f"length={loop.length}"]
        said += ["checkpoint=True"] * loop.checkpoint
        ranks = tuple(body.ranks())
        if any(len(shape_of(self.graph, j)) > n for j, n in zip(node[2:], ranks, strict=True)):
            said.append(f"axes={ranks}")
        return call("scan_rows", *node[2:], before=(_bodies[0](body) if _bodies else "…",), after=tuple(said))

    def _factor(self, node: Node) -> Operand:
        function, name = _FACTORS[record(node[0]).name]
        return Term(ATTRIBUTE, (call(function, node[1]),), name)

    def _size(self, node: Node) -> Operand:
        return Term(NAME, (), str(self.graph.leaves[node[1]]))

    def _reduction(self, node: Node) -> Operand:
        axes, rank = self.graph.leaves[node[1]], len(shape_of(self.graph, node[2]))
        name = record(node[0]).name
        axis = _told_axis(axes, rank) if name == "logsumexp" else _axis(axes, rank)
        if name in _METHODS:
            return method(_METHODS[name], node[2], *axis)
        return call("norm" if name == "array_norm" else name, node[2], after=axis)


_bodies: list[Callable[[Body], str]] = []  # what writes bodies of loops


def bodies_written_by(write: Callable[[Body], str]) -> None:
    """Let a function write the bodies of loops: the text of expressions, which stands above."""
    _bodies[:] = [write]


_FACTORS = {
    "eigenvectors": ("eigh", "eigenvectors"), "left_singular_vectors": ("svd", "U"),
    "right_singular_vectors": ("svd", "Vh"), "det_sign": ("slogdet", "sign"), "log_abs_det": ("slogdet", "logabsdet"),
}  # fmt: skip
_METHODS = {"amax": "max", "amin": "min", "prod": "prod"}


def _plain(notation: Notation, node: Node) -> Operand:
    """A function by the name of its record."""
    op: Any = record(node[0])
    after: tuple[str, ...] = ()
    if isinstance(op, ExternalOperation):
        ranks = notation.graph.leaves[node[1]]
        if any(len(shape_of(notation.graph, j)) > n for j, n in zip(node[2:], ranks, strict=True)):
            after = (f"axes={ranks}",)
    return call(op.name, *node[1 + op.parameters :], after=after)


_WRITERS: dict[str, Callable[[Notation, Node], Operand]] = {
    "take": Notation._take, "put": Notation._put, "gather": Notation._gather, "scatter": Notation._scatter,
    "reshape": Notation._reshape, "size": Notation._size, "scan": Notation._scan,
    "cumsum": Notation._cumsum, "convolve": Notation._convolve, "solve_triangular": Notation._solve_triangular,
    **dict.fromkeys(_FACTORS, Notation._factor),
    **dict.fromkeys(("amax", "amin", "prod", "logsumexp", "array_norm"), Notation._reduction),
}  # fmt: skip


def _minus_logsumexp(graph: Graph, i: int) -> int | None:
    """The logsumexp that a node is minus, repeated along its axes or not."""
    node = graph.nodes[i]
    if node[0] == NEG:
        found = node[1]
    elif node[0] == EINSUM and i in graph.shapes:
        coefficient, factors, result = pieces(graph, i)
        if coefficient != -1 or len(factors) != 1:
            return None
        found, labels = factors[0]
        if labels != "".join([k for k in result if k in labels]):
            return None
        lost = tuple([k for k, label in enumerate(result) if label not in labels])
        if graph.nodes[found][0] != LOGSUMEXP or graph.leaves[graph.nodes[found][1]] != lost:
            return None
    else:
        return None
    return int(found) if graph.nodes[found][0] == LOGSUMEXP else None


def _axis(axes: tuple[int, ...], rank: int) -> tuple[str, ...]:
    if len(axes) == rank:
        return ()
    return (f"axis={axes[0] if len(axes) == 1 else axes}",)


def _told_axis(axes: tuple[int, ...], rank: int) -> tuple[str, ...]:
    """The axis of a function that has to be told it, all of several axes too."""
    return (f"axis={axes}",) if len(axes) == rank > 1 else _axis(axes, rank)


def _axis_but_first(axis: int) -> tuple[str, ...]:
    return (f"axis={axis}",) if axis else ()


def _sizes(shape: Shape) -> str:
    return str(shape[0]) if len(shape) == 1 else shown(shape)


def _put_one(block: Operand, key: Key, shape: Shape) -> tuple[Operand, str]:
    """A block and its key; beside an int or another index array that of a block that holds the block."""
    listed = [k for k, p in enumerate(key) if is_listed(p)]
    ints = [k for k, p in enumerate(key) if isinstance(p, int)]
    alone = all(isinstance(key[k], Paired) for k in listed) if len(listed) > 1 else not ints
    if not listed or (alone and not ints):
        return block, key_text(key, shape)
    first = ints or [next(k for k in listed if isinstance(key[k], Places))]
    outer: Key = tuple([p if k in first else Range(0, n) for k, (p, n) in enumerate(zip(key, shape, strict=True))])
    held = taken_shape(outer, shape)
    rest: list[Place] = [
        Range(0, len(p.at)) if k in first else p  # type: ignore[union-attr]
        for k, p in enumerate(key)
        if not isinstance(p, int)
    ]
    inner, text = _put_one(block, tuple(rest), held)
    return Term(BLOCKS, (inner,), (_sizes(held), [text])), key_text(outer, shape)


def _stacked(where: Where) -> int | None:
    """The axis along which blocks are stacked."""
    for axis, size in enumerate(where.shape):
        if size == len(where.keys) and all(
            key[axis] == k
            and all(m == axis or whole(p, n) for m, (p, n) in enumerate(zip(key, where.shape, strict=True)))
            for k, key in enumerate(where.keys)
        ):
            return axis
    return None


def _concatenated(where: Where, shapes: Sequence[Shape]) -> int | None:
    """The axis along which blocks stand behind one another."""
    for axis, size in enumerate(where.shape):
        at = 0
        for key in where.keys:
            if not _continues(key, where.shape, axis, at):
                break
            at += key[axis].count  # type: ignore[union-attr, operator]
        else:
            if at == size and len(where.keys) > 1:
                return axis
    return None


def _continues(key: Key, shape: Shape, axis: int, at: int) -> bool:
    """Whether a block is whole but for an axis, along which it starts at a place."""
    p = key[axis]
    if not (isinstance(p, Range) and p.step == 1 and p.start == at and isinstance(p.count, int)):
        return False
    return all(m == axis or whole(q, n) for m, (q, n) in enumerate(zip(key, shape, strict=True)))
