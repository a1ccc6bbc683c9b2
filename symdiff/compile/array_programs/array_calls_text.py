"""Operations of arrays that are no products as code: blocks, shapes, reductions and systems of equations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from symdiff.algebra import places
from symdiff.algebra.array_values import value_of
from symdiff.arrays.reading import EINSUM, pieces
from symdiff.arrays.symmetry import is_symmetric
from symdiff.compile.array_programs import factorisations
from symdiff.compile.array_programs.array_known import Known
from symdiff.compile.array_programs.array_lines import shape_text, size_text
from symdiff.compile.array_programs.array_loops import LARGEST_ROWS, ArrayLoop
from symdiff.compile.array_programs.scan_loops import scan_loop
from symdiff.compile.tape import Tape
from symdiff.graph import CONST, VAR
from symdiff.keys import Key, Paired, Range, is_listed
from symdiff.loop_body import Loop
from symdiff.ops import arrays
from symdiff.ops.external_operation import ExternalOperation, Ranks
from symdiff.records import ArrayOperation, record
from symdiff.shapes import Shape, plus


def text(known: Known, i: int) -> str:
    """The code of a node."""
    node = known.graph.nodes[i]
    op = record(node[0])
    assert isinstance(op, ArrayOperation)
    parameters = known.graph.leaves[node[1]] if op.parameters else None
    operands = node[2:] if op.parameters else node[1:]
    if op in (arrays.take, arrays.reshape) and operands[0] in known.booleans:
        known.booleans.add(i)
    if op in (arrays.take, arrays.reshape) and operands[0] in known.integers:
        known.integers.add(i)
    if isinstance(op, ExternalOperation):
        assert parameters is not None  # holds: by their ranks
        return _external(known, op, parameters, operands)
    found = _TEXTS[op](known, i, parameters, operands) if op in _TEXTS else ""
    found = found or _called(known, i, op, parameters, operands)
    if op in _REFUSING and known.options.singular == "raise":
        name = known.lines.hold(factorisations.regular, "regular")
        found = known.lines.value(f"{name}({found}, {', '.join([known.number(j) for j in operands])})")
    return found


def _called(known: Known, i: int, op: ArrayOperation, parameters: Any, operands: Any) -> str:
    """A call of the function that evaluates the operation."""
    axes = [len(known.graph.shapes.get(j, ())) for j in operands]
    name = known.lines.hold(partial(value_of, op, parameters, axes), op.name)
    names = sorted({str(size).partition(" ")[0] for size in _sizes(known, i, operands) if isinstance(size, str)})
    sizes = "{" + ", ".join([f"{n!r}: {known.size(n)}" for n in names]) + "}"
    return known.lines.value(f"{name}({sizes}, {', '.join([known.number(j) for j in operands])})")


def _sizes(known: Known, i: int, operands: Any) -> list[Any]:
    return [size for j in (i, *operands) for size in known.graph.shapes.get(j, ())]


# -- blocks ----------------------------------------------------------------------------------


def _take(known: Known, i: int, key: Key, operands: Any) -> str:
    shape = known.graph.shapes[operands[0]]
    value = known.use(operands[0])
    value = value if value.isidentifier() else f"({value})"
    block, listed = key_texts(known, key, shape)
    value = known.lines.value(f"{value}[{block}]") if block else value
    return known.lines.value(f"{value}[{listed}]") if listed else value


def key_texts(known: Known, key: Key, shape: Shape) -> tuple[str, str]:
    """A key as code in two steps: the block that ranges and single places leave, and places listed one by one in it."""
    places = [_place(known, place, size) for place, size in zip(key, shape, strict=True)]
    left = [(p, size) for p, size in zip(key, shape, strict=True) if not isinstance(p, int)]
    if not any(is_listed(p) for p, _ in left):
        return _trimmed(places), ""
    groups = [k for k, (p, _) in enumerate(left) if not isinstance(p, Paired)]
    groups += [next(k for k, (p, _) in enumerate(left) if isinstance(p, Paired))] if len(groups) < len(left) else []
    if sum(is_listed(left[k][0]) for k in groups) == 1:
        return _trimmed(places), _trimmed([_listed(known, p) if is_listed(p) else ":" for p, _ in left])
    return _trimmed(places), ", ".join(
        [_along(known, p, size, sorted(groups).index(_group(left, k)), len(groups)) for k, (p, size) in enumerate(left)]
    )


def _group(left: Sequence[tuple[Any, Any]], k: int) -> int:
    """The first of the axes that go together with one."""
    return next(j for j, (p, _) in enumerate(left) if isinstance(p, Paired)) if isinstance(left[k][0], Paired) else k


def _along(known: Known, place: Any, size: Any, axis: int, axes: int) -> str:
    """Places of one axis as an index array that broadcasts along the others."""
    shape = ", ".join([":" if k == axis else "None" for k in range(axes)])
    if is_listed(place):
        found = _listed(known, place)
    else:
        found = known.lines.value(f"np.arange({size_text(known.size(place.count))})")
    return f"{found}[{shape}]" if axes > 1 else found


def _listed(known: Known, place: Any) -> str:
    return known.lines.hold(np.array(place.at, np.intp), "at")


def _trimmed(places: list[str]) -> str:
    while places and places[-1] == ":":
        places.pop()
    return ", ".join(places)


def _place(known: Known, place: Any, size: Any) -> str:
    if isinstance(place, int):
        return str(place)
    if is_listed(place) or place == Range(0, size):
        return ":"
    if place.start < 0:
        return "::-1"
    if isinstance(place.count, int):
        part = place.as_slice
        begin, end, step = part.start or "", "" if part.stop is None else part.stop, part.step
        begin = part.start if (step or 1) < 0 else begin
        end = "" if end == size and (step or 1) > 0 else end
        return f"{begin}:{end}" + (f":{step}" if step not in (None, 1) else "")
    if plus(place.count, place.start) == size:
        return f"{place.start}:"
    return f"{place.start or ''}:{size_text(known.size(plus(place.count, place.start)))}"


def _gather(known: Known, i: int, parameters: Any, operands: Any) -> str:
    x, *indices = operands
    sizes = known.shape(x)[: len(indices)]
    at = [_places(known, j, size) for j, size in zip(indices, sizes, strict=True)]
    value = known.lines.value(known.number(x))
    if len(at) == 1:
        return known.lines.value(f"{value}.take({at[0]}, 0, mode='clip')")
    return known.lines.value(f"{value}[{', '.join(at)}]")


def _scatter(known: Known, i: int, sizes: Shape, operands: Any) -> str:
    block, *indices = operands
    counts = [known.size(n) for n in sizes]
    at = [_places(known, j, size) for j, size in zip(indices, counts, strict=True)]
    name = known.lines.hold(places.added, "added")
    return known.lines.value(f"{name}({known.number(block)}, ({', '.join(at)},), {shape_text(counts)})")


def added_text(known: Known, value: str, key: Key, shape: Shape) -> str:
    """Zeros of a shape with a block added at places of the first axis, as code."""
    name = known.lines.hold(places.added, "added")
    return f"{name}({value}, ({_listed(known, key[0])},), ({size_text(known.size(shape[0]))},))"


def _places(known: Known, j: int, size: Any) -> str:
    """The places that an index array names, looked at once."""
    node = known.graph.nodes[j]
    leaf: Any = known.graph.leaves.get(j)
    text = known.lines.hold(np.asarray(leaf, np.intp), "at") if node[0] == CONST else known.use(j)
    name = known.lines.hold(places.places, "places")
    called = leaf.name if node[0] == VAR else "an index"
    return known.lines.value(f"{name}({text}, {size_text(size)}, {called!r})")


def _reshape(known: Known, i: int, shape: Shape, operands: Any) -> str:
    return known.lines.value(f"{known.lines.value(known.use(operands[0]))}.reshape({shape_text(known.shape(i))})")


# -- reductions --------------------------------------------------------------------------------


def _reduction(method: str) -> Callable[..., str]:
    def code(known: Known, i: int, axes: tuple[int, ...], operands: Any) -> str:
        value = known.lines.value(known.number(operands[0]))
        return known.lines.value(f"{value}.{method}({_axes(known, axes, operands[0])})")

    return code


_SHORT = 32  # entries of a row from which NumPy is the faster


def _largest(known: Known, i: int, axes: tuple[int, ...], operands: Any) -> str:
    """The largest entries: of short rows in a loop, where NumPy takes 4 ns for an entry and this 2."""
    *rest, row = known.graph.shapes[operands[0]]
    if axes != (len(rest),) or not rest or not (isinstance(row, int) and row <= _SHORT):
        return _reduction("max")(known, i, axes, operands)
    key = "largest of rows"
    if key not in known.loops:
        tape = Tape(1, (), (), (), (0,))
        known.loops[key] = ArrayLoop(tape, [LARGEST_ROWS], True, known.options, known.backend, known.together)
        known.together.append(known.loops[key])
    name = known.lines.hold(known.loops[key], "largest")
    return known.lines.value(f"{name}({known.lines.value(known.number(operands[0]))})", lambda: "max(-1)")


def _axes(known: Known, axes: tuple[int, ...], i: int) -> str:
    if len(axes) == len(known.graph.shapes[i]):
        return ""
    return str(axes[0]) if len(axes) == 1 else str(axes)


def _size(known: Known, i: int, size: Any, operands: Any) -> str:
    return size_text(known.size(size))


# -- systems of equations --------------------------------------------------------------------------


def _of_matrix(what: str) -> Callable[..., str]:
    def code(known: Known, i: int, parameters: Any, operands: Any) -> str:
        matrix = operands[0]
        if any(len(known.graph.shapes[j]) > 2 for j in operands):
            return ""  # stacks of matrices are NumPy's
        turned = _transposed(known, matrix)
        factors = _factored(known, matrix if turned is None else turned)
        mark = "" if turned is None else ", True"
        if what == "solve":
            return known.lines.value(f"{factors}.solve({known.number(operands[1])}{mark})")
        return known.lines.value(f"{factors}.{what}()" + ".T" * (what == "inv" and turned is not None))

    return code


def _factored(known: Known, i: int) -> str:
    """The factors of a matrix, found once."""
    function: Callable[..., Any] = factorisations.factored
    if is_symmetric(known.graph, i):
        given = known.graph.nodes[i][0] <= VAR
        function = factorisations.factored_if_symmetric if given else factorisations.factored_symmetric
    name = known.lines.hold(function, function.__name__)
    return known.lines.value(f"{name}({known.number(i)})")


def _transposed(known: Known, i: int) -> int | None:
    """What a matrix is the transpose of, None for others."""
    if known.graph.nodes[i][0] != EINSUM:
        return None
    coefficient, factors, result = pieces(known.graph, i)
    alone = coefficient == 1 and len(factors) == 1 and factors[0][1] == result[::-1]
    return factors[0][0] if alone and len(set(result)) == 2 else None


# -- calls from outside ------------------------------------------------------------------------------


def _external(known: Known, op: ExternalOperation, ranks: Ranks, operands: Any) -> str:
    """A call of the function, one for all of its results that are wanted."""
    key = (op.outside.name, ranks)
    if key not in known.calls:
        known.calls[key] = partial(op.outside.evaluate, ranks, dtype=known.options.dtype)
    name = known.lines.hold(known.calls[key], op.outside.name)
    several = known.lines.value(f"{name}(({', '.join([known.number(j) for j in operands])},))")
    return known.lines.value(f"{several}[{op.place}]")


# -- recurrences ------------------------------------------------------------------------------------


def _scan(known: Known, i: int, loop: Loop, operands: Any) -> str:
    """A call of the loop, which all scans of the same body share."""
    shapes = [known.graph.shapes.get(j, ()) for j in operands]
    leads = [shape[: len(shape) - n] for shape, n in zip(shapes, loop.body.ranks(), strict=True)]
    key = (loop.key, tuple([tuple([n != 1 for n in lead]) for lead in leads]))
    if key not in known.loops:
        known.loops[key] = scan_loop(loop, leads, known.options, known.backend)
    name = known.lines.hold(known.loops[key], "scan")
    names = sorted({str(n).partition(" ")[0] for n in (loop.length, *sum(shapes, ())) if isinstance(n, str)})
    sizes = "{" + ", ".join([f"{n!r}: {known.size(n)}" for n in names]) + "}"
    return known.lines.value(f"{name}({', '.join([sizes, *[known.number(j) for j in operands]])})")


# operations that singular matrices, or matrices that are not positive definite, have no value of
_REFUSING = frozenset((arrays.inv, arrays.solve, arrays.cholesky, arrays.solve_triangular))
_TEXTS: dict[ArrayOperation, Callable[..., str]] = {
    arrays.take: _take,
    arrays.gather: _gather,
    arrays.scatter: _scatter,
    arrays.reshape: _reshape,
    arrays.size: _size,
    arrays.amax: _largest,
    arrays.amin: _reduction("min"),
    arrays.product: _reduction("prod"),
    arrays.inv: _of_matrix("inv"),
    arrays.solve: _of_matrix("solve"),
    arrays.det: _of_matrix("det"),
    arrays.logdet: _of_matrix("logdet"),
    arrays.scan: _scan,
}
