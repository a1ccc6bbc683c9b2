"""Programs cut out of a graph and put into one: bodies of loops as programs of their own, and written in again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from symdiff.arrays.index_arrays import is_whole
from symdiff.arrays.reading import shape_of
from symdiff.arrays.remaking import remade
from symdiff.graph import CONST, STATIC, VAR, Graph, Variable
from symdiff.loop_body import Body
from symdiff.ops.arrays import infer
from symdiff.records import OPERATIONS
from symdiff.shapes import Shape


def copied(graph: Graph, source: Graph, roots: Sequence[int], given: Mapping[int, int]) -> list[int]:
    """Nodes of another graph, or of this one, made anew here over other operands, in their normal forms.

    Parameters
    ----------
    graph, source : Graph
    roots : nodes of the source
    given : mapping
        From nodes of the source to the nodes of this graph that stand in their place.
    """
    graph.hold_arrays(infer)
    here = dict(given)
    for i in _between(source, roots, given):
        node = source.nodes[i]
        if node[0] > VAR:
            args = tuple([here[j] for j in node[1:]])
            here[i] = i if graph is source and args == node[1:] else remade(graph, node, args)
        else:
            here[i] = i if graph is source else graph.adopt(source, [i])[0]
    return [here[i] for i in roots]


def _between(source: Graph, roots: Sequence[int], given: Mapping[int, Any]) -> list[int]:
    """What roots are made of down to nodes that are given, in order."""
    seen: set[int] = set()
    stack = [i for i in roots if i not in given]
    while stack:
        i = stack.pop()
        if i not in seen:
            seen.add(i)
            if source.nodes[i][0] > VAR:
                stack += [j for j in source.nodes[i][1:] if j not in given]
    return sorted(seen)


def enclosed(
    graph: Graph, outputs: Sequence[int], carries: Sequence[int], sequences: Sequence[int], same: Sequence[int] = ()
) -> tuple[Body, list[int], list[int]]:
    """A program of nodes that stand for what changes from step to step, over variables of its own.

    Parameters
    ----------
    graph : Graph
    outputs : nodes
    carries, sequences : nodes
        Those that become inputs, cut off there. A sequence that nothing reads is left out.
    same : nodes
        Further ones, that are the same in every step; what depends on no input becomes such a one as a whole.

    Returns
    -------
    body, the numbers of the sequences that are read, and the nodes that its last inputs stand for
    """
    changing, fixed = {*carries, *sequences, *same}, []
    cone = _between(graph, outputs, dict.fromkeys(changing))
    reads = set(changing)
    for i in cone:
        if graph.nodes[i][0] > VAR and not reads.isdisjoint(graph.nodes[i][1:]):
            reads.add(i)
    needed = set(outputs)
    for i in reversed(cone):
        if i not in needed or i in changing:
            continue
        if i in reads or _is_written_in(graph, i):
            needed.update(graph.nodes[i][1:] if graph.nodes[i][0] > VAR else ())
        else:
            fixed.append(i)
    fixed = [*[i for i in same if i in needed], *sorted(fixed)]
    kept = [k for k, i in enumerate(sequences) if i in needed]
    own = Graph(graph.simplify)
    own.hold_arrays(infer)
    given: dict[int, int] = {}
    inputs = []
    for letter, nodes in (("h", carries), ("x", [sequences[k] for k in kept]), ("p", fixed)):
        for k, i in enumerate(nodes):
            name = letter if len(nodes) == 1 else f"{letter}{k}"
            inputs.append(own.var(input_cell(name, shape_of(graph, i), letter != "h" and is_whole(graph, i))))
            given[i] = inputs[-1]
    for i in cone:
        if i in needed and i not in given:
            node = graph.nodes[i]
            if node[0] > VAR:
                given[i] = own.intern((node[0], *[given[j] for j in node[1:]]))
            else:
                given[i] = own.adopt(graph, [i])[0]
    return Body(own, inputs, [given[i] for i in outputs], len(carries), len(kept)), kept, fixed


def input_cell(name: str, shape: Shape, whole: bool) -> Variable:
    """An input of a body, of whole numbers or of any."""
    kind = "int" if whole else ""
    return Variable(name, (name, shape, kind) if shape or kind else name, shape=shape, kind=kind)


def _is_written_in(graph: Graph, i: int) -> bool:
    """Whether what is the same in every step is part of the body: numbers, and conditions of what is not."""
    code = graph.nodes[i][0]
    return code in (CONST, STATIC) or (VAR < code < len(OPERATIONS) and bool(OPERATIONS[code].boolean))
