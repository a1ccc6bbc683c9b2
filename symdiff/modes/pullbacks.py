"""How an adjoint goes through each operation on arrays, as new nodes.

Adjoints of an array Y of shape out have the axes of Y in front: that of a node X is of shape out + X.shape. A
pullback gets the labels of the front axes and never looks at them; the identity that a sweep starts from is a
renaming of labels, so that Jacobians and Hessians are made as gradients are.
Those of linear algebra are in `matrix_pullbacks.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from symdiff import ops
from symdiff.arrays import filters, index_arrays, indexing, reductions
from symdiff.arrays.contraction import contract, fresh, transposed, whole_power
from symdiff.arrays.gated_products import through
from symdiff.arrays.openings import open_branch
from symdiff.arrays.reading import ADD, EINSUM, number, pieces, shape_of
from symdiff.arrays.remaking import substituted
from symdiff.build import build
from symdiff.external_rules import Call
from symdiff.graph import Graph, Variable
from symdiff.modes import budgets
from symdiff.modes.convolution_pullback import pull_convolution
from symdiff.modes.loop_pullback import pull_scan
from symdiff.modes.matrix_pullbacks import OF_MATRICES
from symdiff.modes.pullback import Contribution, Label, Pullback
from symdiff.ops import arrays
from symdiff.ops.external_operation import ExternalOperation
from symdiff.records import FIRST_ARRAY_CODE, ArrayOperation, record
from symdiff.rules import Partial, evaluate_partial

WHERE, TANH, DIVISOR = ops.where.opcode, ops.tanh.opcode, ops.norm_divisor.opcode


def contributions(pull: Pullback, wanted: Callable[[int], bool]) -> Iterator[Contribution]:
    """What the adjoint of a node adds to those of its operands that are wanted."""
    code = pull.node[0]
    if code >= FIRST_ARRAY_CODE:
        op = record(code)
        assert isinstance(op, ArrayOperation)
        pulled = _external if isinstance(op, ExternalOperation) else _OF_ARRAYS[op]
        yield from pulled(pull, wanted)
    elif code == ADD and pull.i in pull.graph.shapes:
        for j in pull.node[1:]:
            if wanted(j):
                yield (
                    j,
                    pull.adjoint
                    if j in pull.graph.shapes
                    else pull.contract([(pull.adjoint, (*pull.lead, *pull.own))], ()),
                )
    else:
        yield from _elementwise(pull, wanted)


# -- operations on numbers, entry by entry ---------------------------------------------------------


def _elementwise(pull: Pullback, wanted: Callable[[int], bool]) -> Iterator[Contribution]:
    graph, node = pull.graph, pull.node
    op = record(node[0])
    if op is ops.where:
        yield from _branches(pull, wanted)
        return
    partials = pull.rules.of(node)
    slots = (pull.i, *node[1:])
    for j, partial in zip(node[1:], partials, strict=True):
        if partial is None or not wanted(j):
            continue
        yield j, _times(pull, _slope(graph, node[0], partial, slots), j)


def _slope(graph: Graph, code: int, partial: Partial, slots: Sequence[int]) -> int:
    """A partial derivative as a node; that of tanh as its square from 1, which is as accurate beside 1.

    That of a norm's divisor is 1 even where the norm is 0, as the slope of 1/r, `-1/r**2`, makes a nan of that.
    """
    if code == DIVISOR:
        return graph.const(1)
    if code == TANH and slots[0] in graph.shapes:  # in one piece: 1 - t and 1 + t would get into products of their own
        square = build(graph, ops.pow.opcode, (slots[0], graph.const(2)))
        return build(graph, ops.sub.opcode, (graph.const(1), square))
    return evaluate_partial(partial, slots, lambda k: k, lambda c, args: build(graph, c, tuple(args)), graph.const)


def _times(pull: Pullback, slope: int, j: int) -> int:
    """The adjoint times the slope of each entry, summed for an operand that is one scalar."""
    graph = pull.graph
    labels = pull.own if j in graph.shapes else ()
    names = pull.own if slope in graph.shapes else ()
    value = number(graph, slope)
    if value == 0:
        return pull.contract([], labels, 0)
    factors = [(pull.adjoint, (*pull.lead, *pull.own))]
    if value is None:
        factors = behind_gates(graph, factors, slope, names)
    return pull.contract(factors if value is None else [*factors, (slope, ())], labels)


def _branches(pull: Pullback, wanted: Callable[[int], bool]) -> Iterator[Contribution]:
    """To the branches of a `where` goes what of the adjoint their condition lets through."""
    graph = pull.graph
    condition, first, second = pull.node[1:]
    names = pull.own if condition in graph.shapes else ()
    for j, chosen in ((first, (1, 0)), (second, (0, 1))):
        if wanted(j):
            gate = build(graph, WHERE, (condition, *[graph.const(v) for v in chosen]))
            gates = [open_branch(graph, node) for node in (gate, pull.adjoint)]
            if j in graph.shapes and not pull.lead and None not in gates:
                yield j, through(graph, gate, pull.adjoint)
                continue
            factors = [(pull.adjoint, (*pull.lead, *pull.own)), (gate, names)]
            yield j, pull.contract(factors, pull.own if j in graph.shapes else ())


# -- gates: a branch not taken multiplies by a zero of structure, which absorbs what is not finite ------------


def behind_gates(graph: Graph, factors: Sequence[Any], slope: int, labels: Sequence[Label]) -> list[Any]:
    """The factors times a slope, which goes behind a gate among them, where there is one of its axes."""
    flat = _flat(graph, factors)
    for k, (f, names) in enumerate(flat):
        if open_branch(graph, f) is not None and (not labels or tuple(names) == tuple(labels)):
            flat[k] = (through(graph, f, slope), names)
            return flat
    return [*factors, (slope, tuple(labels))]


def _flat(graph: Graph, factors: Sequence[Any]) -> list[Any]:
    """The factors, and those of a contraction among them that only renames."""
    found: list[Any] = []
    for i, labels in factors:
        if graph.nodes[i][0] != EINSUM or i not in graph.shapes:
            found.append((i, labels))
            continue
        coefficient, inner, result = pieces(graph, i)
        summed = graph.leaves[graph.nodes[i][1]].summed
        if summed or len(set(result)) < len(result) or not any(open_branch(graph, f) is not None for f, _ in inner):
            found.append((i, labels))
            continue
        names = dict(zip(result, labels, strict=True))
        found += [(graph.const(coefficient), ()), *[(f, tuple([names[k] for k in ls])) for f, ls in inner]]
    return found


# -- operations of arrays ------------------------------------------------------------------------------


def _einsum(pull: Pullback, wanted: Callable[[int], bool]) -> Iterator[Contribution]:
    """The transpose of a contraction is a contraction: adjoint and operand change places."""
    graph = pull.graph
    coefficient, factors, result = pieces(graph, pull.i)
    names = {label: fresh(1)[0] for labels in [result, *[labels for _, labels in factors]] for label in labels}
    for f, labels in factors:
        pull.sizes.update(zip([names[k] for k in labels], shape_of(graph, f), strict=True))
    pull.sizes.update(zip([names[k] for k in result], shape_of(graph, pull.i), strict=True))
    adjoint = (pull.adjoint, (*pull.lead, *[names[k] for k in result]))
    for k, (j, labels) in reversed(list(enumerate(factors))):  # the first is added up last, and stands first
        if not wanted(j):
            continue
        others = [(f, tuple([names[n] for n in ls])) for m, (f, ls) in enumerate(factors) if m != k]
        target = [names[n] for n in labels]
        yield j, pull.contract([adjoint, *others], target, coefficient)


def _take(pull: Pullback, wanted: Callable[[int], bool]) -> Iterator[Contribution]:
    j = pull.node[2]
    key = pull.whole_key() + pull.graph.leaves[pull.node[1]]
    yield j, indexing.put(pull.graph, pull.adjoint, key, pull.front + shape_of(pull.graph, j))


def _put(pull: Pullback, wanted: Callable[[int], bool]) -> Iterator[Contribution]:
    for j, key in zip(pull.node[2:], pull.graph.leaves[pull.node[1]].keys, strict=True):
        if wanted(j):
            yield j, indexing.take(pull.graph, pull.adjoint, pull.whole_key() + key)


def _gather(pull: Pullback, wanted: Callable[[int], bool]) -> Iterator[Contribution]:
    x, *places = pull.node[1:]
    own, sizes = len(shape_of(pull.graph, places[0])), shape_of(pull.graph, x)[: len(places)]
    if wanted(x):
        moved = _axes_first(pull.graph, pull.adjoint, len(pull.lead), own)
        found = index_arrays.scatter(pull.graph, moved, places, sizes)
        yield x, _axes_first(pull.graph, found, len(sizes), len(pull.lead))


def _scatter(pull: Pullback, wanted: Callable[[int], bool]) -> Iterator[Contribution]:
    block, *places = pull.node[2:]
    if wanted(block):
        moved = _axes_first(pull.graph, pull.adjoint, len(pull.lead), len(places))
        found = index_arrays.gather(pull.graph, moved, places)
        yield block, _axes_first(pull.graph, found, len(shape_of(pull.graph, places[0])), len(pull.lead))


def _axes_first(graph: Graph, i: int, at: int, count: int) -> int:
    """A node with so many axes from a place on in front of those that stand there."""
    axes = list(range(len(shape_of(graph, i))))
    return transposed(graph, i, [*axes[at : at + count], *axes[:at], *axes[at + count :]]) if axes else i


def _reshape(pull: Pullback, wanted: Callable[[int], bool]) -> Iterator[Contribution]:
    j = pull.node[2]
    yield j, indexing.reshape(pull.graph, pull.adjoint, pull.front + shape_of(pull.graph, j))


def _spread(pull: Pullback) -> tuple[int, tuple[Label, ...], tuple[Label, ...], int]:
    """Of a reduction its operand, labels of that, those that are left, and the result at every entry."""
    graph, j = pull.graph, pull.node[2]
    axes = graph.leaves[pull.node[1]]
    labels = fresh(len(shape_of(graph, j)))
    left = tuple([k for p, k in enumerate(labels) if p not in axes])
    sizes = dict(zip(labels, shape_of(graph, j), strict=True))
    pull.sizes.update(sizes)
    return j, labels, left, contract(graph, [(pull.i, left)], labels, sizes)


def _extreme(pull: Pullback, wanted: Callable[[int], bool]) -> Iterator[Contribution]:
    """The largest entries have the slope in equal parts."""
    graph = pull.graph
    j, labels, left, spread = _spread(pull)
    mask = build(graph, WHERE, (build(graph, ops.equal.opcode, (j, spread)), graph.const(1), graph.const(0)))
    shares = whole_power(graph, contract(graph, [(mask, labels)], left), -1)
    yield j, pull.contract([(pull.adjoint, (*pull.lead, *left)), (mask, labels), (shares, left)], labels)


def _logsumexp(pull: Pullback, wanted: Callable[[int], bool]) -> Iterator[Contribution]:
    graph = pull.graph
    j, labels, left, spread = _spread(pull)
    share = build(graph, ops.exp.opcode, (build(graph, ops.sub.opcode, (j, spread)),))
    yield j, pull.contract([(pull.adjoint, (*pull.lead, *left)), (share, labels)], labels)


def _norm(pull: Pullback, wanted: Callable[[int], bool]) -> Iterator[Contribution]:
    """The operand over its norm, 0 where that is 0."""
    graph = pull.graph
    j, labels, left, _ = _spread(pull)
    below = whole_power(graph, pull.i, -1)
    yield j, pull.contract([(pull.adjoint, (*pull.lead, *left)), (j, labels), (below, left)], labels)


def _product(pull: Pullback, wanted: Callable[[int], bool]) -> Iterator[Contribution]:
    """The pullback of the product of halves, of halves of that, …: nothing is divided by an entry that may be 0.

    A variable stands for the operand meanwhile: of a transpose, say, blocks are taken inside, and it would be lost.
    """
    graph, j = pull.graph, pull.node[2]
    shape = shape_of(graph, j)
    operand = graph.var(Variable("factors", ("factors", shape, "operand"), shape=shape))
    halves = reductions.product_of_halves(graph, operand, graph.leaves[pull.node[1]])
    yield j, substituted(graph, pull.through(halves, operand), operand, j)


def _cumsum(pull: Pullback, wanted: Callable[[int], bool]) -> Iterator[Contribution]:
    """An entry is in all sums from its own on; of a Jacobian of rows, each row by itself, a product with ones."""
    (axis,) = pull.graph.leaves[pull.node[1]]
    n = pull.sizes[pull.own[axis]]
    if pull.lead and len(pull.own) > 1 and isinstance(n, int) and n <= budgets.FILTER_SHORT:
        (k,) = fresh(1)
        ones = pull.graph.array(np.tril(np.ones((n, n))))
        pull.sizes[k] = n
        factors = [(pull.adjoint, (*pull.lead, *pull.own)), (ones, (pull.own[axis], k))]
        yield pull.node[2], pull.contract(factors, (*pull.own[:axis], k, *pull.own[axis + 1 :]))
        return
    yield pull.node[2], filters.sums_from_the_end(pull.graph, pull.adjoint, len(pull.lead) + axis)


def _external(pull: Pullback, wanted: Callable[[int], bool]) -> Iterator[Contribution]:
    """A call from outside: the adjoint times its Jacobians, or by its own pullback; summed over axes of a batch."""
    call = Call(pull.graph, pull.i)
    lead, own = pull.own[: len(call.lead)], pull.own[len(call.lead) :]
    by_pullback = call.op.kind == "pullback"
    found = call.adjoints(pull.adjoint, pull.front) if by_pullback else call.jacobians()
    for j, d, front in zip(pull.node[2:], found, call.leads, strict=True):
        if d is None or not wanted(j):
            continue
        inner = fresh(len(shape_of(pull.graph, j)) - len(front))
        kept = lead[len(lead) - len(front) :]
        ones = [label if n == pull.sizes[label] else fresh(1)[0] for n, label in zip(front, kept, strict=True)]
        pull.sizes.update(zip(ones, front, strict=True))
        if by_pullback:
            factors = [(d, (*pull.lead, *lead, *inner))]
        else:
            factors = [(pull.adjoint, (*pull.lead, *pull.own)), (d, (*lead, *own, *inner))]
        yield j, pull.contract(factors, (*ones, *inner))


def _nothing(pull: Pullback, wanted: Callable[[int], bool]) -> Iterator[Contribution]:
    yield from ()


_OF_ARRAYS: dict[ArrayOperation, Callable[[Pullback, Callable[[int], bool]], Iterator[Contribution]]] = {
    arrays.einsum: _einsum,
    arrays.take: _take,
    arrays.put: _put,
    arrays.gather: _gather,
    arrays.scatter: _scatter,
    arrays.reshape: _reshape,
    arrays.size: _nothing,
    arrays.amax: _extreme,
    arrays.amin: _extreme,
    arrays.product: _product,
    arrays.logsumexp: _logsumexp,
    arrays.array_norm: _norm,
    arrays.cumsum: _cumsum,
    arrays.convolve: pull_convolution,
    arrays.scan: pull_scan,
    **OF_MATRICES,
}
