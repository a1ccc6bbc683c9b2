"""Values of programs of arrays: NumPy's arrays with the axes of a batch in front, or object arrays of any numbers.

Numbers that NumPy has no dtype for (Fractions, mpmath's, dual numbers, expressions) are entries of object arrays,
on which every operation acts entry by entry and a contraction multiplies and adds them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import reduce
from typing import Any

import numpy as np

from symdiff import ops, records
from symdiff.algebra import extremes, loop_values
from symdiff.algebra import linear_algebra_values as linear_algebra
from symdiff.algebra import spectral_values as spectral
from symdiff.algebra.external_values import external_value, is_object
from symdiff.algebra.least_sizes import check_sizes, least_sizes
from symdiff.algebra.numbers import ARRAY, FLOAT, RATIONAL, TABLES
from symdiff.algebra.places import added, places, taken
from symdiff.arithmetic import Arithmetic
from symdiff.array_constants import is_sparse
from symdiff.arrays.contraction_paths import contraction_path, positions
from symdiff.errors import SymdiffValueError
from symdiff.graph import STATIC, VAR, Graph, Program
from symdiff.index_labels import Labels
from symdiff.keys import Key, Paired, Places, Where, is_listed, numpy_key
from symdiff.loop_body import Loop
from symdiff.ops import arrays
from symdiff.ops.external_operation import ExternalOperation, Ranks
from symdiff.records import FIRST_ARRAY_CODE, record
from symdiff.shapes import Shape, bound, shown

DIV = ops.div.opcode


class ArrayRun:
    """One evaluation of a program of arrays."""

    def __init__(
        self,
        graph: Graph,
        program: Program,
        leaves: Mapping[int, Any],
        table: Any,
        sizes: Mapping[str, int],
        enter: Callable[[Any], Any] = lambda value: value,
    ) -> None:
        self.enter = enter  # how constants inside of loops become values
        self.graph, self.program = graph, program
        self.leaves = leaves
        self.table = table
        self.sizes = sizes
        self._made: dict[Any, tuple[Any, Any]] = {}
        self.names = {k: graph.leaves[program.origin[k]].name for k in program.variables}
        self.shapes = {k: graph.shapes[i] for k, i in enumerate(program.origin) if i in graph.shapes}

    def run(self) -> list[Any]:
        """The values of all nodes, None for parameters.

        Raises
        ------
        SymdiffValueError
            For named sizes at which an array lacks a place.
        """
        if self.sizes:
            check_sizes(self.graph, least_sizes(self.graph, self.program.origin), self.sizes)
        values: list[Any] = []
        with np.errstate(all="ignore"):
            for k, node in enumerate(self.program.nodes):
                if node[0] <= VAR:
                    values.append(self.leaves[k])
                elif node[0] >= FIRST_ARRAY_CODE:
                    values.append(self._of_arrays(node, values))
                else:
                    values.append(self._elementwise(k, node, values))
        return values

    def holds(self, op: records.ArrayOperation) -> bool:
        """Whether an operation is part of the program."""
        return any(node[0] == op.opcode for node in self.program.nodes)

    def once(self, factorise: Callable[[Any], Any], operand: Any, *others: Any, key: Any = None) -> Any:
        """The factors of an operand, or results of several, which several nodes share."""
        operands = (operand, *others)
        key = (key or factorise, *map(id, operands))
        kept = self._made.get(key)
        if kept is None:
            kept = self._made[key] = (operands, factorise(*operands))  # held: an id is reused
        return kept[1]

    def _elementwise(self, k: int, node: tuple[Any, ...], values: list[Any]) -> Any:
        axes = len(self.shapes.get(k, ()))
        operands = [_dense(values[j]) if j in self.shapes else _spread(values[j], axes) for j in node[1:]]
        if len(operands) > record(node[0]).arity:
            return reduce(lambda a, b: self._apply(node[0], [a, b]), operands)
        return self._apply(node[0], operands)

    def _apply(self, code: int, operands: Sequence[Any]) -> Any:
        if not any(isinstance(v, np.ndarray) for v in operands):
            return self.table[code](*[v.item() if isinstance(v, np.generic) else v for v in operands])
        if any((isinstance(v, np.ndarray) and v.dtype == object) or isinstance(v, Arithmetic) for v in operands):
            return records.elementwise(self.table[code], operands)
        return TABLES[ARRAY][code](*[_as_floats(v) for v in operands])

    def _of_arrays(self, node: tuple[Any, ...], values: list[Any]) -> Any:
        op = record(node[0])
        assert isinstance(op, records.ArrayOperation)
        if op is arrays.size:
            return bound((values[node[1]],), self.sizes)[0]
        first = 1 + op.parameters
        operands = [_dense(values[j]) if op is not arrays.einsum else values[j] for j in node[first:]]
        axes = [len(self.shapes.get(j, ())) for j in node[first:]]
        if self.table is TABLES[RATIONAL] and op in _DIVIDING:
            operands = [records.elementwise(Fraction, [v]) for v in operands]  # keep quotients of ints exact
        if op in (arrays.gather, arrays.scatter):
            return self._at_places(op, node, operands)
        if op is arrays.einsum:
            below = [self.program.nodes[j] for j in node[first:]]
            return self._contraction(values[node[1]], operands, below, values)
        if isinstance(op, ExternalOperation):
            return _external(self, op, values[node[1]], operands)
        return _VALUES[op](self, values[node[1]] if op.parameters else None, operands, axes)

    def _at_places(self, op: records.ArrayOperation, node: tuple[Any, ...], operands: Sequence[Any]) -> Any:
        value, *indices = operands
        given = node[1 + op.parameters :]
        own = len(self.shapes.get(given[1], ()))
        sizes = bound(self.leaves[node[1]], self.sizes) if op is arrays.scatter else ()
        count = np.ndim(value) - len(self.shapes.get(given[0], ()))
        if op is arrays.gather:
            sizes = np.shape(value)[count : count + len(indices)]
        names = [self.names.get(j, "an index") for j in given[1:]]
        at = [places(v, n, name) for v, n, name in zip(indices, sizes, names, strict=True)]
        lead = np.broadcast_shapes(np.shape(value)[:count], *[k.shape[: k.ndim - own] for k in at])
        at = [np.broadcast_to(k, lead + k.shape[k.ndim - own :]) for k in at] if lead else at
        if lead:
            value = np.broadcast_to(value, lead + np.shape(value)[count:])
            rows = np.ogrid[tuple([slice(n) for n in lead])]
            at = [*[np.broadcast_to(r.reshape(r.shape + (1,) * own), at[0].shape) for r in rows], *at]
        if op is arrays.gather:
            return _bare(taken(value, at))
        return added(np.asarray(value), at, lead + sizes)

    # -- contractions --------------------------------------------------------------------

    def _contraction(self, labels: Labels, operands: list[Any], nodes: list[Any], values: list[Any]) -> Any:
        """The product summed, over what divides it: of reciprocals that are not summed over, the denominators."""
        result = "".join(dict.fromkeys(labels.result))
        above: list[tuple[str, Any]] = []
        below: list[tuple[str, Any]] = []
        for names, value, node in zip(labels.factors, operands, nodes, strict=True):
            divides = node[0] == DIV and not labels.summed and self._is_one(node[1])
            (below if divides else above).append((names, values[node[2]] if divides else value))
        sizes = self._sizes_of(labels, operands)
        found = _einsum(above, result, sizes)
        if below:
            found = self._apply(DIV, [found, _einsum(below, result, sizes)])
        return found if result == labels.result else _on_diagonal(found, result, labels.result, sizes)

    def _is_one(self, k: int) -> bool:
        one = self.program.leaves.get(k)
        return type(one) in (int, float) and one == 1

    def _sizes_of(self, labels: Labels, operands: Sequence[Any]) -> dict[str, int]:
        sizes = {label: bound((size,), self.sizes)[0] for label, size in labels.free}
        for names, value in zip(labels.factors, operands, strict=True):
            shape = np.shape(value)
            sizes.update(zip(names, shape[len(shape) - len(names) :], strict=True) if names else ())
        return sizes


class _Sizes:
    """The numbers behind named sizes, as a run has them."""

    def __init__(self, sizes: Mapping[str, int]) -> None:
        self.sizes = sizes


def value_of(
    op: records.ArrayOperation, parameters: Any, axes: list[int], sizes: Mapping[str, int], *operands: Any
) -> Any:
    """The value of one operation of arrays other than a contraction, whose operands have so many axes of their own."""
    return _VALUES[op](_Sizes(sizes), parameters, list(operands), axes)


def _dense(value: Any) -> Any:
    return value.toarray() if is_sparse(value) else value


def _as_floats(value: Any) -> Any:
    """Whole numbers as floats, whose powers and quotients are any; others as they are."""
    return value.astype(np.float64) if isinstance(value, np.ndarray) and value.dtype.kind in "iu" else value


def _spread(value: Any, axes: int) -> Any:
    """The scalar operand of an array, a batch of which stands in front."""
    if isinstance(value, np.ndarray) and value.ndim and axes:
        return value.reshape(value.shape + (1,) * axes)
    return value


def _einsum(factors: Sequence[tuple[str, Any]], result: str, sizes: Mapping[str, int]) -> Any:
    """The product of factors summed, broadcast along labels that none has."""
    factors = _without_sparse(factors, result) if any(is_sparse(v) for _, v in factors) else factors
    held = {k for names, _ in factors for k in names}
    shaped = [(names, _dense(v)) for names, v in factors if isinstance(v, np.ndarray) or is_sparse(v)]
    product = reduce(lambda a, b: a * b, [v for _, v in factors if not (isinstance(v, np.ndarray) or is_sparse(v))], 1)
    kept = "".join([k for k in result if k in held])
    if shaped:
        found = _multiplied(shaped, kept) if _is_entrywise(shaped, kept) else _numpy_einsum(shaped, kept)
        found = _boxed(found if type(product) is int and product == 1 else found * product)
    else:
        found = np.asarray(product, dtype=None if isinstance(product, (int, float, complex)) else object)
        found = found.astype(np.float64) if found.dtype.kind in "iu" else found
    if kept != result:
        batch = found.shape[: found.ndim - len(kept)]
        place = [slice(None) if k in held else None for k in result]
        found = found[(..., *place)]
        found = np.broadcast_to(found, batch + tuple([sizes[k] for k in result]))
    return found if result else _bare(found)


def _boxed(value: Any) -> Any:
    """An array again where NumPy gave the one object that an object array of no axes holds."""
    if isinstance(value, (np.ndarray, np.generic)):
        return value
    box = np.empty((), dtype=object)
    box[()] = value
    return box


def _without_sparse(factors: Sequence[tuple[str, Any]], result: str) -> Sequence[tuple[str, Any]]:
    """The factors with each sparse matrix multiplied by those that it shares a label with, as SciPy does it."""
    for k, (names, matrix) in enumerate(factors):
        others = [*factors[:k], *factors[k + 1 :]]
        if not is_sparse(matrix) or any(np.ndim(v) != len(held) or is_sparse(v) for held, v in others):
            continue
        for ends, turned in ((names, matrix), (names[::-1], matrix.T)):
            kept, gone = ends[0], ends[1]
            joined = [(held, v) for held, v in others if gone in held]
            inner = "".join({n: None for held, _ in joined for n in held if n != gone})
            if joined and gone not in result and kept not in inner and kept != gone and len(inner) < 2:
                product = turned @ _numpy_einsum(joined, gone + inner)
                return [*[(held, v) for held, v in others if gone not in held], (kept + inner, product)]
    return factors


def _is_entrywise(factors: Sequence[tuple[str, Any]], result: str) -> bool:
    return all(len(set(names)) == len(names) and set(names) <= set(result) for names, _ in factors)


def _multiplied(factors: Sequence[tuple[str, Any]], result: str) -> Any:
    """The product of factors entry by entry; einsum would add it to 0.0, which drops the signs of zeros."""
    spread = []
    for names, value in factors:
        batch = value.ndim - len(names)
        order = [batch + names.index(k) for k in result if k in names]
        turned = value.transpose(*range(batch), *order)
        spread.append(turned[(..., *[slice(None) if k in names else None for k in result])])
    if len(spread) > 1 and all(value.dtype == bool for value in spread):
        spread[0] = spread[0].astype(np.float64)
    return reduce(lambda a, b: a * b, spread)


def _numpy_einsum(factors: Sequence[tuple[str, Any]], result: str) -> Any:
    values = [v for _, v in factors]
    if all(v.dtype == bool for v in values) and (len(values) > 1 or set(factors[0][0]) != set(result)):
        values[0] = values[0].astype(np.float64)  # count: sums and products of bools are bools to NumPy
    plan: Any = len(values) == 2 and sum(v.size for v in values) > _SMALL
    if len(values) > 2:
        sizes = {k: n for names, v in factors for k, n in zip(names, v.shape[v.ndim - len(names) :], strict=True)}
        path = positions(contraction_path([names for names, _ in factors], result, sizes), len(factors))
        if any(v.dtype == object for v in values):
            return _by_steps([(names, v) for (names, _), v in zip(factors, values, strict=True)], result, path)
        plan = ["einsum_path", *path]
    return np.einsum(_spec([names for names, _ in factors], result), *values, optimize=plan)


def _spec(operands: Sequence[str], result: str) -> str:
    """The labels as NumPy has them, axes of a batch in front."""
    letters: dict[str, str] = {}
    for k in "".join(operands):
        letters.setdefault(k, _LETTERS[len(letters)])
    given, left = ["".join([letters[k] for k in names]) for names in operands], "".join([letters[k] for k in result])
    return f"{','.join(['...' + names for names in given])}->...{left}"


def _by_steps(factors: Sequence[tuple[str, Any]], result: str, path: Sequence[Sequence[int]]) -> Any:
    """Products of object arrays along a path, of which NumPy takes none where a step gives the one object alone."""
    waiting = list(factors)
    for step in path:
        taken = [waiting.pop(k) for k in sorted(step, reverse=True)][::-1]
        wanted = {*result, *[k for names, _ in waiting for k in names]}
        kept = result if not waiting else "".join({k: None for names, _ in taken for k in names if k in wanted})
        found = np.einsum(_spec([names for names, _ in taken], kept), *[v for _, v in taken])
        waiting.append((kept, _boxed(found)))
    return waiting[0][1]


_SMALL = 2000  # entries of two factors below which finding a path to BLAS takes longer than the loop
_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _on_diagonal(value: Any, labels: str, result: str, sizes: Mapping[str, int]) -> Any:
    """The array that is zero where labels of the result that repeat differ."""
    batch = value.shape[: value.ndim - len(labels)]
    found = np.zeros(batch + tuple([sizes[k] for k in result]), dtype=value.dtype)
    letters = {k: _LETTERS[j] for j, k in enumerate(labels)}
    view = np.einsum(f"...{''.join(letters[k] for k in result)}->...{''.join(letters[k] for k in labels)}", found)
    view[...] = value
    return found


# -- the other operations of arrays: value(run, parameters, operands, axes) ----------------------------


def _take(run: ArrayRun, key: Key, operands: list[Any], axes: list[int]) -> Any:
    value = operands[0]
    batch = value.ndim - axes[0]
    places = numpy_key(key, run.sizes)
    try:
        found = value[(slice(None),) * batch + _without_lists(places)]
    except IndexError as error:
        raise SymdiffValueError(f"there is no such place in an array of shape {shown(value.shape)}") from error
    at = batch
    for p in places:
        if isinstance(p, Places):
            found = np.take(found, np.array(p.at, dtype=int), axis=at)
        at += not isinstance(p, int)
    pairs = [np.array(p.at, dtype=int) for p in places if isinstance(p, Paired)]
    if pairs:
        first = next(k for k, p in enumerate(p for p in places if not isinstance(p, int)) if isinstance(p, Paired))
        found = found[(slice(None),) * (batch + first) + tuple(pairs)]
    return _bare(found)


def _without_lists(places: Sequence[Any]) -> tuple[Any, ...]:
    return tuple([slice(None) if is_listed(p) else p for p in places])


def _bare(value: Any) -> Any:
    return value[()] if isinstance(value, np.ndarray) and not value.ndim else value


def _put(run: ArrayRun, where: Where, operands: list[Any], axes: list[int]) -> Any:
    shape = bound(where.shape, run.sizes)
    batch = np.broadcast_shapes(*[np.shape(v)[: np.ndim(v) - n] for v, n in zip(operands, axes, strict=True)])
    found = np.zeros(batch + shape, dtype=_entries_together(operands))
    whole = (slice(None),) * len(batch)
    for value, key in zip(operands, where.keys, strict=True):
        places = numpy_key(key, run.sizes)
        index: Any = (*whole, *_without_lists(places))
        if any(map(is_listed, places)):
            block = found[index]
            np.add.at(block, (*whole, *_every_place(places, block.shape[len(batch) :])), value)
        else:
            found[index] += value
    return found


def _every_place(places: Sequence[Any], sizes: Sequence[int]) -> list[Any]:
    """Index arrays for the axes that ints leave, which broadcast to all places; those that are paired share an axis."""
    kept = [(p, n) for p, n in zip([p for p in places if not isinstance(p, int)], sizes, strict=True)]
    pairs = [k for k, (p, _) in enumerate(kept) if isinstance(p, Paired)]
    own = [k - sum(j < k for j in pairs[1:]) if k not in pairs else pairs[0] for k in range(len(kept))]
    found = []
    for (p, n), axis in zip(kept, own, strict=True):
        at = np.array(p.at, dtype=int) if is_listed(p) else np.arange(n)
        found.append(at.reshape([-1 if k == axis else 1 for k in range(max(own) + 1)]))
    return found


def _entries_together(operands: Sequence[Any]) -> Any:
    """The dtype of an array that these are put into."""
    if not all(isinstance(v, (np.ndarray, int, float, complex, np.generic)) for v in operands):
        return object
    dtype = np.result_type(*[v.dtype if isinstance(v, np.ndarray) else v for v in operands])
    return np.float64 if dtype.kind in "biu" else dtype


def _reshape(run: ArrayRun, shape: Shape, operands: list[Any], axes: list[int]) -> Any:
    value = operands[0]
    return value.reshape(value.shape[: value.ndim - axes[0]] + bound(shape, run.sizes))


def _reduction(function: Callable[..., Any]) -> Callable[..., Any]:
    def value(run: ArrayRun, axes: tuple[int, ...], operands: list[Any], ranks: list[int]) -> Any:
        array = operands[0]
        return _bare(function(array, tuple([k - ranks[0] for k in axes])))

    return value


def _largest(array: Any, axes: tuple[int, ...]) -> Any:
    return extremes.along(ops.maximum, array, axes) if array.dtype == object else np.max(array, axis=axes)


def _smallest(array: Any, axes: tuple[int, ...]) -> Any:
    return extremes.along(ops.minimum, array, axes) if array.dtype == object else np.min(array, axis=axes)


def _folded(op: records.Operation, array: Any, axes: tuple[int, ...]) -> Any:
    """A reduction of an object array by an operation of two operands."""
    flat = extremes.in_rows(array, axes)
    parts = [flat[..., k] for k in range(flat.shape[-1])]
    return reduce(lambda a, b: records.elementwise(op, [a, b]) if np.ndim(a) else op(a, b), parts)


def _logsumexp(array: Any, axes: tuple[int, ...]) -> Any:
    if array.dtype == object:
        return _folded(ops.logaddexp, array, axes)
    if array.dtype.kind == "c":
        return np.log(np.sum(np.exp(array), axis=axes))
    top = np.max(array, axis=axes, keepdims=True)
    top = np.where(np.isfinite(top), top, 0)
    return np.log(np.sum(np.exp(array - top), axis=axes)) + np.squeeze(top, axes)


def _norm(array: Any, axes: tuple[int, ...]) -> Any:
    if array.dtype == object:
        count = math.prod([array.shape[k] for k in axes])
        return (
            _folded(ops.hypot, array, axes) if count > 1 else records.elementwise(ops.abs, [np.sum(array, axis=axes)])
        )
    if array.dtype.kind == "c":
        return np.sqrt(np.sum(array * array, axis=axes))
    top = np.max(np.abs(array), axis=axes, keepdims=True, initial=0)
    scale = np.where((top > 0) & np.isfinite(top), top, 1)
    return np.squeeze(scale, axes) * np.sqrt(np.sum((array / scale) ** 2, axis=axes))


def _convolution(run: ArrayRun, mode: Any, operands: list[Any], axes: list[int]) -> Any:
    a, b = operands
    n, m = a.shape[-1], b.shape[-1]
    if mode == "valid" and n < m:
        raise SymdiffValueError(
            f"a valid convolution is of a vector within a longer one, not of {m} within {n} entries"
        )
    lead = np.broadcast_shapes(a.shape[:-1], b.shape[:-1])
    a = a.astype(np.float64) if a.dtype == b.dtype == bool else a  # count, as contractions do
    a, b = np.broadcast_to(a, (*lead, n)), np.broadcast_to(b, (*lead, m))
    if a.dtype != object and b.dtype != object:
        rows = [np.convolve(a[index], b[index], mode) for index in np.ndindex(*lead)]
        return np.array(rows).reshape((*lead, rows[0].shape[0])) if lead else rows[0]
    found = np.zeros((*lead, n + m - 1), dtype=object)
    for k in range(m):
        found[..., k : k + n] = found[..., k : k + n] + a * b[..., k, None]
    return found if mode == "full" else found[..., m - 1 : n]


def _triangular(run: ArrayRun, half: tuple[bool, bool], operands: list[Any], axes: list[int]) -> Any:
    return linear_algebra.solve_triangular(operands[0], operands[1], axes[1], *half)


def _factors(run: Any, factorise: Callable[[Any], Any], operand: Any) -> Any:
    """The factors of an operand, found once in a run of a program."""
    return run.once(factorise, operand) if isinstance(run, ArrayRun) else factorise(operand)


def _eigenvalues(run: Any, parameters: Any, operands: list[Any], axes: list[int]) -> Any:
    """The eigenvalues, by one factorisation with the vectors where those are wanted too."""
    vectors = isinstance(run, ArrayRun) and run.holds(arrays.eigenvectors)
    return _factors(run, spectral.eigh, operands[0])[0] if vectors else spectral.eigvalsh(operands[0])


def _singular_values(run: Any, parameters: Any, operands: list[Any], axes: list[int]) -> Any:
    both = (arrays.left_singular_vectors, arrays.right_singular_vectors)
    vectors = isinstance(run, ArrayRun) and any(map(run.holds, both))
    return _factors(run, spectral.svd, operands[0])[1] if vectors else spectral.svdvals(operands[0])


_DIVIDING = (
    arrays.inv, arrays.solve, arrays.det, arrays.logdet, arrays.det_sign, arrays.log_abs_det, arrays.cholesky,
    arrays.solve_triangular,
)  # fmt: skip


def _scan(run: Any, loop: Loop, operands: list[Any], axes: list[int]) -> Any:
    """The rows of a scan, its body run by the table of this run; by that of floats where one operation is called."""
    graph = loop.body.graph
    program = graph.program(loop.body.outputs)
    constants = {k: v for k, v in program.leaves.items() if program.nodes[k][0] != STATIC}
    enter = run.enter if isinstance(run, ArrayRun) else lambda value: value
    table = run.table if isinstance(run, ArrayRun) else TABLES[FLOAT]
    leaves = program.leaves | {k: enter(value) for k, value in constants.items()}
    inner = ArrayRun(graph, program, leaves, table, run.sizes, enter)

    def step(given: dict[int, Any]) -> list[Any]:
        inner.leaves = leaves | given
        inner._made.clear()
        return inner.run()

    return loop_values.rows(loop, program, step, run.sizes, operands, axes)


def _external(run: ArrayRun, op: ExternalOperation, ranks: Ranks, operands: list[Any]) -> Any:
    """A result from outside, of all that share a function by one call."""
    if not any(map(is_object, operands)):
        found = run.once(lambda *given: op.outside.evaluate(ranks, given), *operands, key=(op.outside, ranks))
        return _bare(found[op.place])

    def evaluate(graph: Graph, nodes: Sequence[int], point: dict[int, Any]) -> list[Any]:
        program = graph.program(nodes)
        constants = {k: v if program.nodes[k][0] == STATIC else run.enter(v) for k, v in program.leaves.items()}
        leaves = constants | {k: point[program.origin[k]] for k in program.variables}
        values = ArrayRun(graph, program, leaves, run.table, run.sizes, run.enter).run()
        return [values[k] for k in program.outputs]

    return external_value(op, ranks, operands, evaluate)


_VALUES: dict[records.ArrayOperation, Callable[..., Any]] = {
    arrays.scan: _scan,
    arrays.take: _take,
    arrays.put: _put,
    arrays.reshape: _reshape,
    arrays.amax: _reduction(_largest),
    arrays.amin: _reduction(_smallest),
    arrays.product: _reduction(lambda array, axes: np.prod(array, axis=axes)),
    arrays.logsumexp: _reduction(_logsumexp),
    arrays.array_norm: _reduction(_norm),
    arrays.inv: lambda run, parameters, operands, axes: linear_algebra.inv(operands[0]),
    arrays.solve: lambda run, parameters, operands, axes: linear_algebra.solve(operands[0], operands[1], axes[1]),
    arrays.det: lambda run, parameters, operands, axes: linear_algebra.det(operands[0]),
    arrays.logdet: lambda run, parameters, operands, axes: linear_algebra.logdet(operands[0]),
    arrays.det_sign: lambda run, parameters, operands, axes: linear_algebra.slogdet(operands[0])[0],
    arrays.log_abs_det: lambda run, parameters, operands, axes: linear_algebra.slogdet(operands[0])[1],
    arrays.cholesky: lambda run, parameters, operands, axes: linear_algebra.cholesky(operands[0]),
    arrays.cumsum: lambda run, along, operands, axes: np.cumsum(operands[0], axis=along[0] - axes[0]),
    arrays.convolve: _convolution,
    arrays.solve_triangular: _triangular,
    arrays.eigvalsh: _eigenvalues,
    arrays.eigenvectors: lambda run, parameters, operands, axes: _factors(run, spectral.eigh, operands[0])[1],
    arrays.svdvals: _singular_values,
    arrays.left_singular_vectors: lambda run, parameters, operands, axes: _factors(run, spectral.svd, operands[0])[0],
    arrays.right_singular_vectors: lambda run, parameters, operands, axes: _factors(run, spectral.svd, operands[0])[2],
}
