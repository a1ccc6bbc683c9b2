"""The same derivatives by array nodes and by SymPy's matrices, for a scalar whose entries of arrays are variables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from symdiff.algebra.array_points import array_value
from symdiff.algebra.evaluate import evaluate, point_by_key, values_of
from symdiff.algebra.notation.text import short
from symdiff.algebra.places import whole_numbers
from symdiff.array_functions import stack
from symdiff.check.methods import DIGITS, SYMPY, Case, Key, Method, by_sympy
from symdiff.derive.array_derivatives import gradient, hessian
from symdiff.derive.replace import replace
from symdiff.errors import MissingValueError, NoFormulaError, SymdiffError, SymdiffTypeError, SymdiffValueError
from symdiff.graph import Variable
from symdiff.handle import Handle, variable_in
from symdiff.modes.backpropagation import backpropagate
from symdiff.names import element_name, number_hints
from symdiff.shapes import bind, bound
from symdiff.wrt import of_floats


class ArrayForm:
    """A scalar of arrays, and where the entries of each variable stand among the scalar variables of its expansion.

    Parameters
    ----------
    f : expression
    point : mapping or None
        Values, or intervals `(low, high)` for all entries of an array where `intervals` says so.

    Raises
    ------
    SymdiffTypeError, SymdiffValueError
        For an array, and for values of other shapes.
    """

    def __init__(self, f: Handle, point: Any, values: Mapping[str, Any], intervals: bool) -> None:
        if f._holds_array():
            raise SymdiffTypeError(f"crosscheck takes a scalar, and {short(f)} is an array: weigh and sum it")
        if point is not None and not isinstance(point, Mapping):
            raise SymdiffTypeError("where arrays take part crosscheck takes one point, a dictionary")
        self.f = f
        self.variables = of_floats(f.variables)
        self.sizes: dict[str, int] = {}
        given = _given(f, point, values)
        self.places = {v: self._bound(v, value) for v, value in given.items() if v._cell.kind == "int"}
        self.point = self._written_out({v: given[v] for v in self.variables}, intervals)
        self.expanded = self._over_scalars()
        self._places: list[Any] = []
        self._derivatives: dict[int, Any] = {}

    def _over_scalars(self) -> Handle:
        """The expression over scalar variables: its expansion, or the arrays as they are where it has none."""
        try:
            return self.f.expand(self.sizes, self.places)  # type: ignore[attr-defined, no-any-return]
        except NoFormulaError:
            changes: dict[Handle, Any] = dict(self.places)
            for v in self.variables:
                if v._cell.shape:
                    names = _names(v._cell, bound(v._cell.shape, self.sizes))
                    entries = np.array([variable_in(self.f.graph, Variable(name)) for name in names.flat] + [None])[:-1]
                    changes[v] = stack(entries.reshape(names.shape))
            return replace(self.f, changes)

    def _bound(self, v: Handle, value: Any) -> Any:
        """The value of a variable of ints, by which sizes are known too."""
        found = whole_numbers(v._cell.name, value)
        bind(v._cell.name, v._cell.shape, np.shape(found), self.sizes)
        return found

    def _written_out(self, given: Mapping[Handle, Any], intervals: bool) -> dict[str, Any]:
        """The values of the scalar variables by name."""
        found: dict[str, Any] = {}
        for v, value in given.items():
            cell = v._cell
            if not cell.shape:
                found[cell.name] = value
            elif intervals and isinstance(value, tuple):
                found.update(dict.fromkeys(_names(cell, bound(cell.shape, self.sizes)).flat, value))
            else:
                array = array_value(cell.name, value, cell.shape)
                bind(cell.name, cell.shape, array.shape, self.sizes)
                names = _names(cell, bound(cell.shape, self.sizes))
                if array.shape != names.shape:
                    raise SymdiffValueError(f"crosscheck takes one value of {cell.name}, not shape {array.shape}")
                found.update(zip(names.flat, array.flat, strict=True))
        return found

    def join(self, case: Case) -> Case:
        """The case with the methods of arrays; a variable that the expansion lost counts no more."""
        place = {v._cell.name: k for k, v in enumerate(case.variables)}
        numbers = np.vectorize(lambda name: place.get(name, -1), otypes=[int])
        self._places = [numbers(_names(v._cell, bound(v._cell.shape, self.sizes))) for v in self.variables]
        further: dict[str, Method] = {"arrays": self.symbolic, "arrays, backpropagation": self.backpropagation}
        return case._replace(further={**further, SYMPY[1]: self.by_matrices})

    # -- the methods ---------------------------------------------------------------------

    def symbolic(self, case: Case) -> dict[Key, Any]:
        """The derivatives as array nodes, evaluated: value, gradient and Hessian."""
        at = self._at(case.point)
        found: dict[Key, Any] = {(): evaluate(self.f, at)}
        if case.order >= 1:
            found |= self._first(evaluate(self._derivative(1), at), len(case.variables))
        if case.order >= 2:
            blocks = [evaluate(row, at) for row in self._derivative(2)]
            found |= self._second(blocks, len(case.variables))
        return {key: found[key] for key in case.keys if key in found}

    def backpropagation(self, case: Case) -> dict[Key, Any]:
        """Reverse mode on arrays of numbers."""
        if not case.order:
            return {}
        slopes = backpropagate(self.f, self._at(case.point), wrt=self.variables)
        found = self._first(list(slopes), len(case.variables))
        return {key: found[key] for key in case.keys if key in found}

    def by_matrices(self, case: Case) -> dict[Key, Any]:
        """SymPy's derivatives of its own matrix expression, written out by SymPy; nothing where there is no such."""
        from symdiff.bridge.sympy import symbol_of, to_sympy
        from symdiff.bridge.sympy_explicit import explicit

        if "matrices" not in case.memory:
            try:
                case.memory["matrices"] = to_sympy(self.f, DIGITS)
            except SymdiffError:
                case.memory["matrices"] = None
        expr = case.memory["matrices"]
        if expr is None:
            return {}
        cells = [v._cell for v in self.variables]
        numbers = {symbol_of(cell) for cell in cells if not cell.shape}
        sizes = {s: self.sizes[s.name] for s in expr.free_symbols if s.name in self.sizes and s not in numbers}
        entries = np.vectorize(lambda name: symbol_of(Variable(name)), otypes=[object])
        matrices = {c.name: _columns(entries(_names(c, bound(c.shape, self.sizes)))) for c in cells if c.shape}
        return by_sympy(case, SYMPY[1], lambda: explicit(expr, matrices, sizes))

    def _at(self, point: Sequence[Any]) -> dict[Handle, Any]:
        """A point of scalar variables as one of arrays; a variable that took no part is 0."""
        entries = np.empty(len(point) + 1, dtype=object)
        entries[:] = [*point, 0.0]
        return {**self.places, **{v: entries[where] for v, where in zip(self.variables, self._places, strict=True)}}

    def _derivative(self, order: int) -> Any:
        if order not in self._derivatives:
            self._derivatives[order] = (gradient if order == 1 else hessian)(self.f, self.variables)
        return self._derivatives[order]

    def _first(self, slopes: Sequence[Any], count: int) -> dict[Key, Any]:
        """Derivatives by entry: a variable that stands at several entries has their sum."""
        total = np.zeros(count + 1, dtype=object)
        for where, slope in zip(self._places, slopes, strict=True):
            np.add.at(total, where, np.asarray(slope, dtype=object))
        return {(k,): total[k] for k in range(count)}

    def _second(self, blocks: Sequence[Sequence[Any]], count: int) -> dict[Key, Any]:
        total = np.zeros((count + 1, count + 1), dtype=object)
        for rows, line in zip(self._places, blocks, strict=True):
            for columns, block in zip(self._places, line, strict=True):
                flat = np.asarray(block, dtype=object).reshape(rows.size, columns.size)
                np.add.at(total, (rows.reshape(-1, 1), columns.reshape(1, -1)), flat)
        return {(j, k): total[j, k] for j in range(count) for k in range(j, count)}


def _columns(array: Any) -> list[Any]:
    """The rows of a matrix, of a vector as a column."""
    return array.reshape(*array.shape, 1).tolist() if array.ndim == 1 else array.tolist()  # type: ignore[no-any-return]


def _names(cell: Variable, shape: tuple[int, ...]) -> Any:
    """The names of the scalar variables at the entries of a variable."""
    if not shape:
        return np.array(cell.name)
    found = np.empty(shape, dtype=object)
    for index in np.ndindex(*shape):
        found[index] = element_name(cell.name, sorted(index) if cell.kind == "symmetric" else index)
    return found


def _given(f: Handle, point: Mapping[Any, Any] | None, values: Mapping[str, Any]) -> dict[Handle, Any]:
    """The values of the variables, as they are given or set on them."""
    cells = {v: v._cell for v in f.variables}
    if point is None and not values:
        found = {v: cell.value for v, cell in cells.items() if cell.value is not None}
    else:
        found = values_of(cells, point_by_key(point, values))
    missing = [cell.name for v, cell in cells.items() if v not in found]
    if missing:
        raise MissingValueError(f"no value for {', '.join(missing)}{number_hints(missing)}")
    return {v: found[v] for v in cells}
