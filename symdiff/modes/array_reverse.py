"""Reverse mode over arrays, as new nodes: gradients, Jacobians of shape out + in, and their Jacobians in turn.

One sweep does all. The seed of an array output is the identity, a contraction of no factors whose labels repeat: it
costs nothing, and stays a renaming until it meets what mixes entries.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from symdiff.arrays.contraction import contract, fresh, scaled, transposed, zeros
from symdiff.arrays.derived_sums import total
from symdiff.arrays.indexing import put_blocks, reshape
from symdiff.arrays.reading import ADD, PUT, RESHAPE, is_zero, shape_of
from symdiff.arrays.sums import add, flat, terms_of
from symdiff.arrays.symmetry import is_symmetric
from symdiff.graph import VAR, Graph
from symdiff.keys import Range
from symdiff.modes.budgets import ARRAY_LEVELS, ARRAY_SHARED, ARRAY_VISITED
from symdiff.modes.pullback import Pullback
from symdiff.modes.pullbacks import contributions
from symdiff.rules import Rules
from symdiff.shapes import Shape


def derivatives(graph: Graph, output: int, wrt: Sequence[int], levels: int = ARRAY_LEVELS) -> list[int]:
    """The derivative of a node by each of some nodes, of shape out + in; -1 among them stands for what is not there.

    Sums, blocks and reshaped arrays keep their structure, those within one another down to so many levels.
    """
    node, shape = graph.nodes[output], shape_of(graph, output)
    if levels and node[0] == ADD and shape and _are_apart(graph, output):
        return _of_terms(graph, output, wrt, levels - 1)
    if levels and node[0] == PUT:
        return _of_blocks(graph, output, wrt, levels - 1)
    if levels and node[0] == RESHAPE and all(isinstance(n, int) for w in wrt if w >= 0 for n in shape_of(graph, w)):
        found = derivatives(graph, node[2], wrt, levels - 1)
        return [
            reshape(graph, d, shape + (shape_of(graph, w) if w >= 0 else ())) for d, w in zip(found, wrt, strict=True)
        ]
    swept = sweep(graph, output, seed(graph, shape), shape, wrt)
    return [zero(graph, shape, w) if d is None else d for d, w in zip(swept, wrt, strict=True)]


def _are_apart(graph: Graph, output: int) -> bool:
    """Whether sweeps of each term of a sum alone visit few nodes twice; steps of a long recurrence share most."""
    left = max(ARRAY_VISITED, ARRAY_SHARED * len(graph.cone([output])))
    for t in graph.nodes[output][1:]:
        left -= len(graph.cone([t]))
        if left < 0:
            return False
    return True


def seed(graph: Graph, shape: Shape) -> int:
    """The derivative of an array by itself."""
    if not shape:
        return graph.const(1)
    labels = fresh(len(shape))
    return contract(graph, [], labels + labels, dict(zip(labels, shape, strict=True)))


def zero(graph: Graph, shape: Shape, w: int) -> int:
    """The derivative by what has no part."""
    full = shape + (shape_of(graph, w) if w >= 0 else ())
    return zeros(graph, full) if full else graph.const(0)


def _of_terms(graph: Graph, output: int, wrt: Sequence[int], levels: int) -> list[int]:
    shape = graph.shapes[output]
    terms = graph.nodes[output][1:]
    each = [derivatives(graph, t, wrt, levels) for t in terms]
    found = []
    for k, w in enumerate(wrt):
        full = shape + (shape_of(graph, w) if w >= 0 else ())
        parts = [
            d[k] if t in graph.shapes else _repeated(graph, d[k], shape, full) for t, d in zip(terms, each, strict=True)
        ]
        found.append(add(graph, flat(graph, parts), full) if _is_symmetric(graph, w) else total(graph, parts, full))
    return found


def _is_symmetric(graph: Graph, w: int) -> bool:
    return w >= 0 and graph.nodes[w][0] == VAR and graph.leaves[w].kind == "symmetric"


def _repeated(graph: Graph, d: int, shape: Shape, full: Shape) -> int:
    """The derivative of a scalar that stands at every entry."""
    labels = fresh(len(full))
    return contract(graph, [(d, labels[len(shape) :])], labels, dict(zip(labels, full, strict=True)))


def _of_blocks(graph: Graph, output: int, wrt: Sequence[int], levels: int) -> list[int]:
    where = graph.leaves[graph.nodes[output][1]]
    each = [derivatives(graph, block, wrt, levels) for block in graph.nodes[output][2:]]
    found = []
    for k, w in enumerate(wrt):
        tail = shape_of(graph, w) if w >= 0 else ()
        keys = [(*key, *[Range(0, n) for n in tail]) for key in where.keys]
        held = [(d[k], key) for d, key in zip(each, keys, strict=True) if not is_zero(graph, d[k])]
        full = where.shape + tail
        blocks, places = [d for d, _ in held], tuple([key for _, key in held])
        found.append(put_blocks(graph, blocks, places, full) if held else zeros(graph, full))
    return found


def sweep(graph: Graph, output: int, adjoint: int, front: Shape, wrt: Sequence[int]) -> list[int | None]:
    """The adjoints of some nodes, given that of the output, None where it does not depend on them."""
    found = adjoints(graph, output, adjoint, front, wrt)
    return [projected(graph, found[w], w) if w in found else None for w in wrt]


def adjoints(graph: Graph, output: int, adjoint: int, front: Shape, wrt: Sequence[int] | None) -> dict[int, int]:
    """The adjoints of all nodes between an output and the nodes that are wanted, all of them for None."""
    cone = graph.cone([output])
    active = _active(graph, cone, wrt)
    waiting: dict[int, list[int]] = {output: [adjoint]}
    found: dict[int, int] = {}
    rules = Rules(graph.nodes, graph.leaves)
    for i in reversed(cone):
        terms = waiting.pop(i, None)
        if terms is None or i not in active:
            continue
        added = found[i] = total(graph, terms[::-1], shape_of(graph, terms[0]))
        if graph.nodes[i][0] <= VAR or is_zero(graph, added):
            continue
        for j, contribution in contributions(Pullback(graph, rules, i, added, front, sweep), active.__contains__):
            waiting.setdefault(j, []).append(contribution)
    return found


def _active(graph: Graph, cone: Sequence[int], wrt: Sequence[int] | None) -> set[int]:
    """The nodes that depend on what is wanted, themselves included."""
    nodes = graph.nodes
    active = {i for i in cone if nodes[i][0] == VAR and graph.leaves[i].kind != "int"} if wrt is None else set(wrt)
    for i in cone:
        node = nodes[i]
        if node[0] > VAR and not active.isdisjoint(node[1:]):
            active.add(i)
    return active


def projected(graph: Graph, d: int, w: int) -> int:
    """A derivative by a symmetric variable, which is symmetric too (Srinivasan and Panda, arXiv:1911.06491)."""
    if not _is_symmetric(graph, w):
        return d
    axes = list(range(len(shape_of(graph, d))))
    axes[-1], axes[-2] = axes[-2], axes[-1]
    turned = transposed(graph, d, axes)
    if turned == d:
        return d
    if len(axes) == 2 and graph.nodes[d][0] == PUT:
        return _on_both_sides(graph, d)
    half, shape = Fraction(1, 2), shape_of(graph, d)
    terms = terms_of(graph, d)
    if len(axes) == 2:
        whole = [t for t in terms if is_symmetric(graph, t)]
        if len(whole) == len(terms):
            return d
        rest = add(graph, [t for t in terms if t not in whole], shape) if whole else d
        both = scaled(graph, half, add(graph, [rest, transposed(graph, rest)], shape))
        return add(graph, [*whole, both], shape)
    other = [transposed(graph, t, axes) if t in graph.shapes else t for t in terms]  # a scalar is at every entry
    return add(graph, [scaled(graph, half, t) for t in [*terms, *other]], shape)


def _on_both_sides(graph: Graph, d: int) -> int:
    """Half of blocks put into a matrix where they are, half on the other side of its diagonal."""
    _, static, *blocks = graph.nodes[d]
    where = graph.leaves[static]
    half = [scaled(graph, Fraction(1, 2), b) for b in blocks]
    turned = [transposed(graph, b) if len(shape_of(graph, b)) == 2 else b for b in half]
    return put_blocks(graph, [*half, *turned], (*where.keys, *[key[::-1] for key in where.keys]), where.shape)
