"""Axes of a batch in front of the arguments of a function of arrays: one program for the whole batch.

It is the program of one point with an axis more (`arrays/batching.py`), compiled when a batch first comes and kept for
every size of it. A large batch goes in pieces whose intermediate results stay small.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symdiff.arrays import indexing
from symdiff.arrays.batching import batch
from symdiff.compile.arguments import Argument
from symdiff.graph import VAR, Graph, Variable
from symdiff.keys import Range
from symdiff.ops.arrays import infer
from symdiff.shapes import Shape, named

_ENTRIES = 1 << 20  # limit of the entries of an intermediate result in a piece of a batch: 8 MB

Run = Callable[..., Sequence[Any]]


class Batches:
    """The program of a batch: a graph, its results, and the variables and arguments of a function of them."""

    def __init__(
        self, graph: Graph, roots: Sequence[int], inputs: Sequence[int], arguments: Sequence[Argument],
        moving: Sequence[bool],
    ) -> None:  # fmt: skip
        self.graph = Graph(graph.simplify)
        self.graph.hold_arrays(infer)
        adopted = self.graph.adopt(graph, [*roots, *inputs])
        roots, inputs = adopted[: len(roots)], adopted[len(roots) :]
        self.size = _free_name(self.graph)
        self.inputs: list[int] = []
        self.arguments: list[Argument] = []
        rows: dict[int, int] = {}
        for argument, moves in zip(arguments, moving, strict=True):
            own = inputs[argument.start : argument.start + argument.count]
            if moves:
                made = self._batched(argument, own, rows)
                core: Any = self.graph.shapes[made]
                self.arguments.append(Argument(argument.name, core, len(self.inputs), 1, argument.whole))
                self.inputs.append(made)
            else:
                self.arguments.append(
                    Argument(argument.name, argument.shape, len(self.inputs), argument.count, argument.whole)
                )
                self.inputs += own
        self.roots = batch(self.graph, roots, rows, self.size)

    def _batched(self, argument: Argument, inputs: Sequence[int], rows: dict[int, int]) -> int:
        """The variable of all points for an argument; what stands for a point is noted."""
        graph = self.graph
        alone = argument.shape is None or inputs[0] in graph.shapes
        shape: Shape = graph.shapes.get(inputs[0], ()) if alone else argument.shape or ()
        kind = graph.leaves[inputs[0]].kind if alone and graph.leaves[inputs[0]].kind == "int" else ""
        full = (self.size, *shape)
        made = graph.var(Variable(argument.name, ("batch", argument.name, full), shape=full, kind=kind))
        if alone:
            rows[inputs[0]] = made
        else:
            for i, place in zip(inputs, np.ndindex(*shape), strict=True):  # type: ignore[arg-type]
                rows[i] = indexing.take(graph, made, (Range(0, self.size), *place))
        return made

    def piece(self, sizes: Mapping[str, int]) -> int:
        """How many points go together, where named sizes are these numbers."""
        largest = 1
        for i in self.graph.cone(self.roots):
            if self.graph.nodes[i][0] > VAR:
                count = 1
                for n in self.graph.shapes.get(i, ()):
                    known = n if isinstance(n, int) else sizes.get(named(n)[0], 1) + named(n)[1]
                    count *= 1 if isinstance(n, str) and named(n)[0] == self.size else max(known, 1)
                largest = max(largest, count)
        return max(1, _ENTRIES // largest)


def _free_name(graph: Graph) -> str:
    """A name for the size of a batch that no other size has."""
    taken = {named(n)[0] for shape in graph.shapes.values() for n in shape if isinstance(n, str)}
    name = "batch"
    while name in taken:
        name += "_"
    return name


def run_in_pieces(
    run: Run, arrays: Sequence[NDArray[Any]], moving: Sequence[bool], count: int, piece: int, threads: int
) -> list[NDArray[Any]]:
    """The results of a program at so many points, some of them at a time, in several threads where asked for."""
    starts = range(0, count, min(piece, -(-count // threads)))
    step = starts.step

    def compute(start: int) -> Sequence[Any]:
        return run(*[a[start : start + step] if moves else a for a, moves in zip(arrays, moving, strict=True)])

    if threads > 1 and len(starts) > 1:
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(threads) as pool:
            found = list(pool.map(compute, starts))
    else:
        found = [compute(start) for start in starts]
    if len(found) == 1:
        return [np.asarray(v) for v in found[0]]
    return [np.concatenate([np.asarray(part[k]) for part in found]) for k in range(len(found[0]))]
