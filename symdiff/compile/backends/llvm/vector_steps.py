"""The body of a scan over vectors as instructions of a native loop: `matrix_scan.py` runs them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symdiff import ops
from symdiff.arrays.reading import ADD, EINSUM, POW, number, pieces, shape_of
from symdiff.compile.backends.llvm.matrix_scan import (
    AFTER,
    BEFORE,
    NUMBER,
    ROOM,
    ROW,
    Entrywise,
    MatrixProduct,
    Place,
    matrix_loop,
)
from symdiff.compile.kernel import Options, Unsupported
from symdiff.exact import to_float
from symdiff.graph import CONST, VAR, Graph
from symdiff.records import FIRST_ARRAY_CODE

MUL = ops.mul.opcode
_POWERS = (2, 3, 4)  # exponents that become products


def vector_loop(
    graph: Graph, ends: Sequence[int], places: Mapping[int, tuple[str, int]], width: int, options: Options
) -> Callable[..., None]:
    """A function (steps, values of inputs, rows) of nodes in a loop.

    `places` says of each input that it is a "carry" and where in a row, or is given as a "row" or the "same", and its
    number. Results stand in a row one behind the other.
    """
    written = _Steps(graph, ends, places)
    count = len(places) + len(written.matrices)
    run = matrix_loop(written.steps, width, count, options)
    kinds = {number: kind for kind, number in places.values() if kind != "carry"}

    def loop(steps: int, given: Mapping[int, NDArray[Any]], rows: NDArray[Any]) -> None:
        addresses, strides = np.zeros((2, count), np.int64)
        held = [(k, kinds[k] == "row", array) for k, array in given.items()]
        held += [(k, False, given[at].T if turned else given[at]) for (at, turned), k in written.matrices.items()]
        alive = []
        for k, moves, array in held:
            array = np.asarray(array, options.dtype)
            inner = array[0] if moves and len(array) else array
            array = array if inner.flags.c_contiguous else np.ascontiguousarray(array)
            alive.append(array)
            addresses[k] = array.__array_interface__["data"][0]
            strides[k] = array.strides[0] if moves else 0
        run(steps, addresses, strides, rows, np.empty(max(written.room, 1), options.dtype))

    return loop


class _Steps:
    """The instructions of nodes, in order."""

    def __init__(self, graph: Graph, ends: Sequence[int], places: Mapping[int, tuple[str, int]]) -> None:
        self.graph, self.room = graph, 0
        # numbers of matrices as they are multiplied, by those of inputs and whether they are transposed
        self.matrices: dict[tuple[int, bool], int] = {}
        self.steps: list[Any] = []
        self.places: dict[int, Place] = {}
        for i, (kind, at) in places.items():
            self.places[i] = Place(BEFORE if kind == "carry" else ROW, at, self._size(i) if kind != "same" else -1)
        self.inputs = places
        at = 0
        final: dict[int, Place] = {}
        for i in ends:
            if i in places or i in final or len(shape_of(graph, i)) != 1:
                raise Unsupported("a result of a step is given, or comes twice, or is no vector")
            final[i] = Place(AFTER, at, self._size(i))
            at += final[i].size
        for i in graph.cone(ends):
            if graph.nodes[i][0] > VAR and i not in places:
                self.places[i] = final[i] if i in final else self._room(self._size(i))
                self._write(i)

    def _size(self, i: int) -> int:
        """How many entries a vector has, 0 for a number."""
        shape = shape_of(self.graph, i)
        if not shape:
            return 0
        if len(shape) != 1 or not isinstance(shape[0], int) or shape[0] == 0:
            raise Unsupported("a step is of vectors whose sizes are numbers")
        return shape[0]

    def _room(self, size: int) -> Place:
        place = Place(ROOM, self.room, size)
        self.room += size
        return place

    def _operand(self, i: int) -> Place:
        if self.graph.nodes[i][0] == CONST and i not in self.graph.shapes:
            return Place(NUMBER, to_float(self.graph.leaves[i]), 0)
        place = self.places.get(i)
        if place is None:
            raise Unsupported("a constant array stands in a step")
        return place._replace(size=self._size(i)) if place.size < 0 else place

    def _write(self, i: int) -> None:
        node, to = self.graph.nodes[i], self.places[i]
        if not to.size:
            raise Unsupported("a step computes numbers beside vectors")
        if node[0] == EINSUM:
            self._contraction(i, to)
        elif node[0] >= FIRST_ARRAY_CODE:
            raise Unsupported("a step has other operations than products")
        elif node[0] == POW and number(self.graph, node[2]) in _POWERS:
            base = self._operand(node[1])
            self._multiplied([base] * int(number(self.graph, node[2])), to)
        elif node[0] == ADD:
            self._chained(ADD, [self._operand(j) for j in node[1:]], to)
        else:
            self.steps.append(Entrywise(node[0], tuple([self._operand(j) for j in node[1:]]), to))

    def _chained(self, code: int, operands: Sequence[Place], to: Place) -> None:
        """An operation of two operands over many."""
        found, *rest = operands
        for k, other in enumerate(rest):
            into = to if k == len(rest) - 1 else self._room(to.size)
            self.steps.append(Entrywise(code, (found, other), into))
            found = into

    def _multiplied(self, factors: Sequence[Place], to: Place) -> None:
        one = Place(NUMBER, 1.0, 0)
        self._chained(MUL, factors if len(factors) > 1 else [one, *factors], to)

    def _contraction(self, i: int, to: Place) -> None:
        """Factors entry by entry, or a matrix times a vector among them."""
        coefficient, factors, result = pieces(self.graph, i)
        if len(result) != 1:
            raise Unsupported("a step has other products than those of a matrix and a vector")
        apart = [Place(NUMBER, to_float(coefficient), 0)] if coefficient != 1 else []
        matrices = [(j, labels) for j, labels in factors if len(labels) == 2]
        own = [self._operand(j) for j, labels in factors if labels in ("", result)]
        if not matrices and len(own) == len(factors):
            self._multiplied([*own, *apart], to)
            return
        if len(matrices) != 1 or len(set(matrices[0][1])) != 2 or result not in matrices[0][1]:
            raise Unsupported("a step has other products than those of a matrix and a vector")
        matrix, labels = matrices[0]
        summed = labels.replace(result, "")
        inner = [self._operand(j) for j, names in factors if names == summed]
        if len(own) + len(inner) + 1 != len(factors) or not inner or self.inputs.get(matrix, ("",))[0] != "same":
            raise Unsupported("a matrix of a step is the same in every step, and multiplies a vector")
        given = self.inputs[matrix][1], labels[0] == result
        at = self.matrices.setdefault(given, len(self.inputs) + len(self.matrices))
        count = int(shape_of(self.graph, matrix)[labels.index(summed)])
        vector = inner[0]
        if len(inner) > 1 or apart:
            vector = self._room(count)
            self._multiplied([*inner, *apart], vector)
        product = to if not own else self._room(to.size)
        self.steps.append(MatrixProduct(Place(ROW, at, count * to.size), vector, product))
        if own:
            self._multiplied([product, *own], to)
