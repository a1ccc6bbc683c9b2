"""Variables of any shapes as one flat vector, as solvers have them: which entries are whose, split and joined."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symdiff.errors import SymdiffTypeError, SymdiffValueError
from symdiff.graph import Graph, Variable
from symdiff.handle import Handle, array_variable_in, handle, is_variable, variable_in, variable_named
from symdiff.names import check_name, element
from symdiff.nesting import refilled
from symdiff.shapes import Shape, bind, bound, named
from symdiff.wrt import named_arrays, written_out


class Unknowns:
    """Variables in any nesting, one behind the other in one vector.

    `items` are variables, and arrays of scalar variables; `arguments` is what compiled functions take for them:
    the vector itself where all are scalar.
    """

    def __init__(self, graph: Graph, given: Any, free: bool = True) -> None:
        self.items: list[Any] = []
        self._free = free  # all entries are, so that no variable may be symmetric
        self.nesting = self._numbered(named_arrays(graph, given), graph)
        self.names = [_name(item) for item in self.items]
        self.shapes: list[Shape] = [item.shape for item in self.items]
        self.kinds = [item._cell.kind if isinstance(item, Handle) else "" for item in self.items]
        self.atoms: list[Any] = [
            v for item in self.items for v in ([item] if isinstance(item, Handle) else item.ravel())
        ]
        if not self.atoms:
            raise SymdiffValueError("a problem has at least one unknown: xs is empty")
        self.has_names = any(isinstance(n, str) for shape in self.shapes for n in shape)
        self.of_arrays = any(v.shape for v in self.atoms)
        self.arguments: list[Any] = self.items if self.of_arrays else [in_a_row(self.atoms)]
        self._whole = not self.of_arrays or (len(self.items) == 1 and len(self.shapes[0]) == 1)
        self._slices = None if self.has_names else self._places({})

    def _numbered(self, given: Any, graph: Graph) -> Any:  # recursion as deep as a person nests
        """The nesting with numbers in place of what is in it."""
        if isinstance(given, Mapping):
            return {key: self._numbered(one, graph) for key, one in given.items()}
        if isinstance(given, (list, tuple)):
            return [self._numbered(one, graph) for one in given]
        self.items.append(_item(written_out(graph, given), graph, self._free))
        return len(self.items) - 1

    # -- sizes ----------------------------------------------------------------------------

    def count(self, sizes: Mapping[str, int]) -> int:
        """How many entries the vector has."""
        return sum([math.prod(bound(shape, sizes)) for shape in self.shapes])

    def places(self, sizes: Mapping[str, int]) -> list[slice]:
        """Which entries of the vector each item has."""
        return self._places(sizes) if self._slices is None else self._slices

    def _places(self, sizes: Mapping[str, int]) -> list[slice]:
        ends = np.cumsum([0, *[math.prod(bound(shape, sizes)) for shape in self.shapes]]).tolist()
        return [slice(a, b) for a, b in pairwise(ends)]

    def sizes(self, length: int, others: Sequence[tuple[str, Shape, Any]]) -> dict[str, int]:
        """The numbers behind named sizes: those that other arrays bring, and one that the length of the vector tells.

        Raises
        ------
        SymdiffValueError
            Where they do not fit, and where several sizes are told by nothing.
        """
        sizes: dict[str, int] = {}
        for name, shape, array in others:
            if shape:
                bind(name, shape, np.shape(array), sizes)
        return self.completed(sizes, length)

    def completed(self, sizes: Mapping[str, int], length: int) -> dict[str, int]:
        """The numbers behind named sizes, with the one that the length of the vector tells.

        Raises
        ------
        SymdiffValueError
            Where there is none, and where several are told by nothing.
        """
        lacking = list(dict.fromkeys([named(n)[0] for s in self.shapes for n in s if isinstance(n, str)]))
        lacking = [name for name in lacking if name not in sizes]
        if len(lacking) > 1:
            raise SymdiffValueError(
                f"the sizes {' and '.join(lacking)} are told by no array: give numbers, or params that have them"
            )
        return {**sizes, **{name: self._solved(length, name, sizes) for name in lacking}}

    def _solved(self, length: int, name: str, sizes: Mapping[str, int]) -> int:
        """The size for which the vector is that long."""
        offsets = [offset for s in self.shapes for base, offset in map(named, map(str, s)) if base == name]
        low, high = max(0, -min(offsets)), length + 1 + max(map(abs, offsets))
        while low < high:  # bisect: the count grows with the size
            middle = (low + high) // 2
            if self.count({**sizes, name: middle}) < length:
                low = middle + 1
            else:
                high = middle
        if self.count({**sizes, name: low}) != length:
            raise SymdiffValueError(f"no size {name} gives unknowns of {length} entries")
        return low

    # -- values ----------------------------------------------------------------------------

    def split(self, x: NDArray[Any], sizes: Mapping[str, int]) -> list[Any]:
        """The arguments of compiled functions: views of the vector in the shapes of the variables."""
        if self._whole:
            return [x]
        if not self.has_names and len(x) != self.count({}):
            raise SymdiffValueError(f"the unknowns have {self.count({})} entries, the vector given has shape {x.shape}")
        places = self.places(sizes)
        return [
            x[place].reshape(bound(shape, sizes)) if shape else x[place.start].item()
            for place, shape in zip(places, self.shapes, strict=True)
        ]

    def nested(self, x: NDArray[Any], sizes: Mapping[str, int]) -> Any:
        """The values of each variable in its shape, nested as they were given: arrays of their own, and numbers."""
        return refilled(self.nesting, self.parts(x, sizes))

    def parts(self, x: NDArray[Any], sizes: Mapping[str, int]) -> list[Any]:
        """The values of each item, in its shape."""
        return [
            x[place].reshape(bound(shape, sizes)).copy() if shape else x[place.start].item()
            for place, shape in zip(self.places(sizes), self.shapes, strict=True)
        ]

    def number_of(self, key: Any) -> int:
        """Which item a variable, an array of variables or a name means.

        Raises
        ------
        SymdiffValueError
            For what is none of them.
        """
        for k, item in enumerate(self.items):
            if key is item or (isinstance(key, str) and key == self.names[k]):
                return k
            if (
                isinstance(key, Handle)
                and isinstance(item, Handle)
                and is_variable(key)
                and key._cell.key == item._cell.key
            ):
                return k
            if isinstance(key, np.ndarray) and isinstance(item, np.ndarray) and np.array_equal(key, item):
                return k
        raise SymdiffValueError(f"{key!s:.60} is none of {listed(self.names)}")


def fresh_like(stem: str, shapes: Sequence[Shape], taken: Collection[str], graph: Graph) -> Unknowns:
    """Variables of some shapes, of names that are not taken."""
    while any(f"{stem}{k}" in taken for k in range(len(shapes))):
        stem += "_"
    names = [f"{stem}{k}" for k in range(len(shapes))]
    return Unknowns(graph, [variable_of(graph, name, shape) for name, shape in zip(names, shapes, strict=True)])


def variable_of(graph: Graph, name: str, shape: Shape = ()) -> Handle:
    """A variable of a graph."""
    if shape:
        return array_variable_in(graph, name, shape)
    return variable_in(graph, Variable(check_name(name)))


def listed(names: Sequence[str]) -> str:
    """Names as a list in a sentence, cut short."""
    return ", ".join(names[:10]) + ", …" * (len(names) > 10)


def in_a_row(values: Sequence[Any]) -> NDArray[Any]:
    """Values of any type as an array of one axis."""
    row = np.empty(len(values), dtype=object)
    row[:] = values
    return row


def _item(given: Any, graph: Graph, free: bool) -> Any:
    if isinstance(given, str):
        i = variable_named(graph, given)
        return variable_of(graph, given) if i is None else handle(graph, i)
    if isinstance(given, np.ndarray):
        members = [_item(v, graph, free) for v in given.ravel()]
        if any(v.shape for v in members):
            raise SymdiffTypeError("an array of variables holds scalar ones: give array variables in a list")
        found = in_a_row(members)
        return found.reshape(given.shape)
    if not is_variable(given):
        raise SymdiffTypeError(f"an unknown is a variable, its name, or an array of variables, not {given!r:.60}")
    if free and given._cell.kind == "int":
        raise SymdiffTypeError(f"{given._cell.name} holds ints, which no derivative is by: give it to params")
    if free and given._cell.kind == "symmetric":
        raise SymdiffTypeError(
            f"the entries of the symmetric {given._cell.name} are not free: make it of a vector of unknowns"
        )
    return given


def _name(item: Any) -> str:
    """The name of a variable, or that which the elements of an array have in common with the first."""
    if isinstance(item, Handle):
        return item._cell.name
    name: str = item.flat[0]._cell.name if item.size else ""
    found = element(name)
    return name if found is None else found[0]
