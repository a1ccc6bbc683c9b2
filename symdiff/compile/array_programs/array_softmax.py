"""Logarithms of sums of exponentials, and the shares that each exponential has in its sum, which need one exponential.

`log(sum(exp(x)))` is `log(sum(e)) + top` with `e = exp(x - top)` and the largest entries as top, as far as they are
finite; its slope `exp(x - log(sum(exp(x))))` is `e/sum(e)`. Beside an infinite entry the top is the largest float, so
that the exponentials of finite entries are finite, and their shares 0.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from symdiff import ops
from symdiff.arrays.reading import ADD, EINSUM, pieces
from symdiff.compile.array_programs.array_nodes import interned
from symdiff.graph import Graph
from symdiff.index_labels import letter
from symdiff.ops import arrays

LOGSUMEXP, EXP, SUB = arrays.logsumexp.opcode, ops.exp.opcode, ops.sub.opcode


class Exponentials(NamedTuple):
    """Exponentials and their sums as nodes, with labels, and what is the logarithm of the sums of them as they were."""

    each: int
    labels: str
    total: int
    rest: str
    logarithm: int


def exponentials(graph: Graph, i: int, axes: tuple[int, ...], dtype: np.dtype[Any]) -> Exponentials:
    """Those of the entries of a node, and their sums over some axes."""
    labels = "".join([letter(k) for k in range(len(graph.shapes[i]))])
    rest = "".join([k for axis, k in enumerate(labels) if axis not in axes])
    sizes = tuple([(k, n) for k, n in zip(labels, graph.shapes[i], strict=True) if k not in rest])
    largest = graph.intern((arrays.amax.opcode, graph.static(f"axes {axes}", axes), i))
    is_finite = graph.intern((ops.less.opcode, graph.intern((ops.abs.opcode, largest)), graph.const(float("inf"))))
    top = graph.intern((ops.where.opcode, is_finite, largest, graph.const(float(np.finfo(dtype).max))))
    spread = interned(graph, [(top, rest)], labels, sizes)
    each = graph.intern((EXP, graph.intern((SUB, i, spread))))
    total = interned(graph, [(each, labels)], rest)
    return Exponentials(each, labels, total, rest, graph.intern((ADD, graph.intern((ops.log.opcode, total)), top)))


def shares(graph: Graph, found: Exponentials) -> int:
    """Each exponential divided by its sum."""
    inverse = graph.intern((ops.div.opcode, graph.const(1), found.total))
    return interned(graph, [(found.each, found.labels), (inverse, found.rest)], found.labels)


def logarithm_below(graph: Graph, i: int) -> int:
    """The node logsumexp(x) of a node exp(x - logsumexp(x)), -1 for others."""
    node = graph.nodes[i]
    inner = graph.nodes[node[1]] if node[0] == EXP else ()
    if not inner or inner[0] not in (ADD, SUB) or len(inner) != 3:
        return -1
    sign = 1 if inner[0] == SUB else -1
    for x, taken in (inner[1:], inner[:0:-1]) if sign < 0 else (inner[1:],):
        if graph.nodes[taken][0] != EINSUM:
            continue
        coefficient, factors, result = pieces(graph, taken)
        if coefficient != sign or len(factors) != 1 or len(set(result)) < len(result):
            continue
        (found, labels) = factors[0]
        node = graph.nodes[found]
        if node[0] == LOGSUMEXP and node[2] == x:
            axes = graph.leaves[node[1]]
            if labels == "".join([k for axis, k in enumerate(result) if axis not in axes]):
                return found
    return -1
