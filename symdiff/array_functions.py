"""NumPy's functions of arrays, on array expressions: products, sums, rearrangements, blocks, linear algebra."""

from __future__ import annotations

import math
import string
from collections.abc import Sequence
from typing import Any

import numpy as np

from symdiff import ops, shape_advice
from symdiff.array_constants import is_sparse
from symdiff.arrays import contraction, filters, index_arrays, indexing
from symdiff.arrays.contraction import contract, fresh
from symdiff.arrays.reading import RESHAPE, shape_of
from symdiff.complex_constants import check_real
from symdiff.errors import SymdiffIndexError, SymdiffTypeError, SymdiffValueError
from symdiff.graph import CONST, Graph
from symdiff.handle import Handle, gather, handle
from symdiff.ops import arrays
from symdiff.quoting import quoted
from symdiff.records import ArrayOperation
from symdiff.shapes import Shape, Size, broadcast, shown
from symdiff.shapes import shape_of as asked

_SHOWN = 60  # limit of an operand in a message, in letters and nodes
_LISTED = 6  # limit of operands in a message


def wrapped(graph: Graph, index: int) -> Handle:
    """The handle of a node."""
    return handle(graph, index)


def operand(value: Any) -> tuple[Graph, int]:
    """An expression, an array, or a nested list of expressions, as a node."""
    graph, (index,) = operands([value])
    return graph, index


def operands(values: Sequence[Any]) -> tuple[Graph, tuple[int, ...]]:
    """Values as nodes of one graph; arrays of expressions become one node each."""
    return gather([entered(v) for v in values])


def entered(value: Any) -> Any:
    """A list as an array of numbers or one expression, an array of expressions as one; others as they are.

    Raises
    ------
    SymdiffValueError
        For a list of rows of different length.
    """
    if isinstance(value, (list, tuple)):
        try:
            value = np.array(value, dtype=object) if any(isinstance(v, Handle) for v in value) else np.asarray(value)
        except ValueError as error:
            raise SymdiffValueError(
                f"the rows of a list beside an array are of one length, not as in {value!r:.60}"
            ) from error
    if (
        isinstance(value, np.ndarray)
        and value.ndim
        and value.dtype == object
        and any(isinstance(v, Handle) for v in value.flat)
    ):
        return stack(list(value.ravel())).reshape(value.shape) if value.ndim > 1 else stack(list(value))
    return value


def _int_shape(shape: Sequence[Size], what: str) -> tuple[int, ...]:
    numbers = tuple([n for n in shape if isinstance(n, int)])
    if len(numbers) < len(shape):
        raise SymdiffValueError(f"{what} needs sizes that are numbers, not those of shape {shown(shape)}")
    return numbers


def axes_of(axis: Any, x: Any) -> tuple[int, ...]:
    """Axes of an expression, or of a shape, as they are asked for: None is all of them.

    Raises
    ------
    SymdiffIndexError
        For an axis that it does not have, and one that comes twice.
    """
    shape: Shape = shape_of(x._graph, x._index) if isinstance(x, Handle) else x
    if axis is None:
        return tuple(range(len(shape)))
    given = axis if isinstance(axis, tuple) else (axis,)
    for k in given:
        if not isinstance(k, (int, np.integer)) or not -len(shape) <= k < len(shape):
            raise SymdiffIndexError(f"{_of_shape(x)} has no axis {quoted(k)}: {shape_advice.of_axis(shape)}")
    axes = tuple([int(k) % len(shape) for k in given])
    if len(set(axes)) < len(axes):
        raise SymdiffIndexError(f"{_of_shape(x)} has each axis once: {quoted(axis)} has one twice")
    return axes


def _of_shape(x: Any) -> str:
    """An expression, or what has a shape, for messages."""
    return described(x._graph, x._index) if isinstance(x, Handle) else f"an array of shape {shown(x)}"


def at_places(x: Any, key: Sequence[Any]) -> Any:
    """`x[key]`, where expressions of whole numbers stand in the key."""
    graph, (i,), given = _with_places([x], key)
    return wrapped(graph, index_arrays.subscripted(graph, i, given))


def added_at_places(x: Any, key: Sequence[Any], block: Any) -> Any:
    """`x.at[key].add(block)`, where expressions of whole numbers stand in the key."""
    graph, (i, b), given = _with_places([x, block], key)
    return wrapped(graph, i) + wrapped(graph, index_arrays.placed(graph, i, given, b))


def _with_places(values: Sequence[Any], key: Sequence[Any]) -> tuple[Graph, Sequence[int], list[Any]]:
    """Values and a key as nodes of one graph."""
    handles = [part for part in key if isinstance(part, Handle)]
    graph, found = operands([*values, *handles])
    places = iter(found[len(values) :])
    given = [index_arrays.Given(next(places)) if isinstance(p, Handle) else p for p in key]
    return graph, found[: len(values)], given


# -- sums and reductions ------------------------------------------------------------------------


def sum(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The sum of all entries, or along axes."""
    graph, i = operand(x)
    shape = shape_of(graph, i)
    axes = axes_of(axis, handle(graph, i))
    labels = fresh(len(shape))
    result, sizes = _left(labels, axes, keepdims)
    return wrapped(graph, contract(graph, [(i, labels)], result, sizes))


def _left(labels: Sequence[int], axes: Sequence[int], keepdims: bool) -> tuple[list[int], dict[int, Size]]:
    """Labels of what a reduction leaves, and sizes of those of size 1 that it puts in."""
    result = [fresh(1)[0] if k in axes else label for k, label in enumerate(labels) if keepdims or k not in axes]
    return result, {k: 1 for k in result if k not in labels}


def mean(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The mean of all entries, or along axes."""
    graph, i = operand(x)
    shape = shape_of(graph, i)
    sizes = [shape[k] for k in axes_of(axis, handle(graph, i))]
    number = math.prod([n for n in sizes if isinstance(n, int)])
    total = sum(x, axis, keepdims)
    for n in sizes:
        if isinstance(n, str):
            total = total / wrapped(graph, contraction.size_node(graph, n))
    return total / number if number != 1 else total


def var(x: Any, axis: Any = None, ddof: int = 0) -> Any:
    """The variance of all entries, or along axes."""
    check_real(*operand(x), "variance")
    off = x - mean(x, axis, keepdims=True)
    if not ddof:
        return mean(off**2, axis)
    number = math.prod(_int_shape([x.shape[k] for k in axes_of(axis, x)], "var with ddof"))
    return sum(off**2, axis) / (number - ddof)


def reduce(op: ArrayOperation, x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """A reduction along axes, all by default."""
    graph, i = operand(x)
    shape = shape_of(graph, i)
    axes = tuple(sorted(axes_of(axis, handle(graph, i))))
    if not shape or not axes:
        return wrapped(graph, i)
    if any(shape[k] == 0 for k in axes) and op in (arrays.amax, arrays.amin, arrays.logsumexp):
        raise SymdiffValueError(f"{op.name} of no entries: {described(graph, i)} has none along an axis")
    found = graph.intern((op.opcode, graph.static(f"axes {axes}", axes), i))
    if keepdims:
        labels = fresh(len(shape) - len(axes))
        given = iter(labels)
        result = [fresh(1)[0] if k in axes else next(given) for k in range(len(shape))]
        found = contract(graph, [(found, labels)], result, {k: 1 for k in result if k not in labels})
    return wrapped(graph, found)


def norm(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The Euclidean norm of all entries, or along axes; its slope at 0 is 0."""
    return reduce(arrays.array_norm, x, axis, keepdims)


def prod(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The product of all entries, or along axes."""
    return reduce(arrays.product, x, axis, keepdims)


def logsumexp(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """`log(sum(exp(x)))` along axes without overflow; an array of more than one axis has to be given them."""
    _check_axis("logsumexp", x, axis)
    return reduce(arrays.logsumexp, x, axis, keepdims)


def log_softmax(x: Any, axis: Any = None) -> Any:
    """`x - logsumexp(x)` along an axis, which an array of more than one has to be given."""
    _check_axis("log_softmax", x, axis)
    return x - logsumexp(x, axis, keepdims=True)


def softmax(x: Any, axis: Any = None) -> Any:
    """`exp(x)/sum(exp(x))` along an axis, without overflow; an array of more than one axis has to be given it."""
    _check_axis("softmax", x, axis)
    return ops.exp(x - logsumexp(x, axis, keepdims=True))


def _check_axis(name: str, x: Any, axis: Any) -> None:
    if axis is None and x.ndim > 1:
        raise SymdiffValueError(
            f"{name} of an array of shape {shown(x.shape)} needs an axis: axis=1 for each row, "
            f"axis={tuple(range(x.ndim))} for all of it"
        )


def cumsum(x: Any, axis: Any = None) -> Any:
    """Sums of all entries up to each, along an axis; of all of them in a row without one.

    >>> import symdiff as sd
    >>> x, w = sd.Var("x", shape=4), sd.Var("w", shape=4)
    >>> (w @ sd.cumsum(x)).gradient(x)
    cumsum(w[::-1])[::-1]
    """
    if axis is None:
        x, axis = reshape(x, -1), 0
    graph, i = operand(x)
    (k,) = axes_of(axis, handle(graph, i))
    return wrapped(graph, filters.cumsum(graph, i, k))


def convolve(a: Any, b: Any, mode: str = "full") -> Any:
    """The convolution of two vectors, as NumPy has it; of stacks of vectors, of each with its own.

    Parameters
    ----------
    a, b : vectors
    mode : "full", "same" or "valid"
        All places where they overlap, as many as the longer one has, or those where the shorter one is inside.

    Raises
    ------
    SymdiffValueError
        For what is no vector, an empty one, and another mode.

    >>> import symdiff as sd
    >>> x = sd.Var("x", shape=5)
    >>> f = sd.convolve(x, [1, -2, 1], mode="valid")
    >>> f.evaluate(x=[0, 1, 4, 9, 16])
    array([2, 2, 2])
    >>> (f**2).sum().gradient(x)
    2*convolve(convolve(x, array([1, -2, 1]), mode="valid"), array([1, -2, 1])[::-1])
    """
    graph, (i, j) = operands([a, b])
    shapes = [shape_of(graph, i), shape_of(graph, j)]
    if any(not shape or shape[-1] == 0 for shape in shapes) or shapes[0][:-1] != shapes[1][:-1]:
        raise SymdiffValueError(
            f"convolve is of two vectors with entries, not of shapes {' and '.join(map(shown, shapes))}"
        )
    if mode not in ("full", "same", "valid"):
        raise SymdiffValueError(f'the mode of convolve is "full", "same" or "valid", not {mode!r}')
    found: Any = wrapped(graph, filters.convolve(graph, i, j, "valid" if mode == "valid" else "full"))
    if mode != "same":
        return found
    small, large = sorted(_int_shape([shape[-1] for shape in shapes], 'convolve with mode="same"'))
    first = (small - 1) // 2
    return found[..., first : first + large]


# -- products -----------------------------------------------------------------------------------


def matmul(a: Any, b: Any) -> Any:
    """NumPy's matrix product: of vectors, matrices and stacks of matrices.

    Raises
    ------
    SymdiffValueError
        For scalars, and shapes that do not fit.
    """
    graph, (i, j) = operands([a, b])
    left, right = shape_of(graph, i), shape_of(graph, j)
    if not left or not right:
        scalar = _named(graph, j if left else i)
        raise SymdiffValueError(
            f"@ is for vectors and matrices, and {scalar} is a scalar: write * to multiply by a scalar"
        )
    inner = right[-2] if len(right) > 1 else right[0]
    lead = broadcast([left[:-2], right[:-2]])
    if left[-1] != inner or lead is None:
        advice = shape_advice.of_product(_named(graph, i), left, _named(graph, j), right)
        raise SymdiffValueError(f"{described(graph, i)} @ {described(graph, j)} does not fit{advice}")
    (k,) = fresh(1)
    stacked = fresh(len(lead))
    first = [*_stacked(stacked, lead, left[:-2]), *fresh(min(len(left), 2) - 1), k]
    last = fresh(min(len(right), 2) - 1)
    second = [*_stacked(stacked, lead, right[:-2]), k, *last]
    rows = first[-2:-1] if len(left) > 1 else []
    sizes = dict(zip(stacked, lead, strict=True))
    return wrapped(graph, contract(graph, [(i, tuple(first)), (j, tuple(second))], [*stacked, *rows, *last], sizes))


def _stacked(labels: Sequence[int], lead: Shape, held: Shape) -> list[int]:
    tail = list(labels)[len(lead) - len(held) :]
    return [k if n == m else fresh(1)[0] for k, n, m in zip(tail, held, lead[len(lead) - len(held) :], strict=True)]


def described(graph: Graph, i: int) -> str:
    """A node and its shape, for messages."""
    return f"{_named(graph, i)} of shape {shown(shape_of(graph, i))}"


def _named(graph: Graph, i: int) -> str:
    if graph.nodes[i][0] == CONST and i in graph.shapes:
        return "a sparse matrix" if is_sparse(graph.leaves[i]) else "an array"
    found = repr(handle(graph, i)) if len(graph.reach([i])) < _SHOWN else "an array"
    return found if len(found) <= _SHOWN else found[: _SHOWN - 1] + "…"


def dot(a: Any, b: Any) -> Any:
    """NumPy's dot product of vectors and matrices."""
    graph, (i, j) = operands([a, b])
    if not shape_of(graph, i) or not shape_of(graph, j):
        return wrapped(graph, i) * wrapped(graph, j)
    if len(shape_of(graph, j)) > 2 or len(shape_of(graph, i)) > 2:
        raise SymdiffValueError("dot is of vectors and matrices: write einsum for more axes")
    return matmul(wrapped(graph, i), wrapped(graph, j))


def outer(a: Any, b: Any) -> Any:
    """The outer product of two vectors."""
    return einsum("i,j->ij", reshape(a, -1), reshape(b, -1))


def einsum(spec: str, *values: Any) -> Any:
    """A contraction as NumPy's einsum says it; a label of the result may repeat: `i->ii` is a diagonal matrix.

    Raises
    ------
    SymdiffValueError
        For labels that do not fit the operands.
    SymdiffTypeError
        For labels that are no text.
    """
    if not isinstance(spec, str):
        raise SymdiffTypeError('einsum takes its labels as text first: einsum("ij,j->i", X, v)')
    names, arrow, result = spec.replace(" ", "").partition("->")
    graph, indices = operands(values)
    inputs = names.split(",")
    if len(inputs) != len(values):
        raise SymdiffValueError(f"einsum {spec!r} is of {len(inputs)} operands, not {len(values)}")
    if "." in spec:
        return _of_ellipses(spec, inputs, result if arrow else None, [wrapped(graph, i) for i in indices])
    if not arrow:
        result = _implied(names)
    sizes: dict[str, Size] = {}
    factors = []
    for labels, i in zip(inputs, indices, strict=True):
        shape = shape_of(graph, i)
        if len(labels) != len(shape):
            raise SymdiffValueError(f"einsum {spec!r}: labels {labels!r} for an operand of shape {shown(shape)}")
        for label, n in zip(labels, shape, strict=True):
            if sizes.setdefault(label, n) != n:
                raise SymdiffValueError(f"einsum {spec!r}: {label!r} is of size {sizes[label]} and of size {n}")
        factors.append((i, tuple(labels)))
    unknown = [k for k in result if k not in sizes]
    if unknown:
        raise SymdiffValueError(f"einsum {spec!r}: no operand has the label {unknown[0]!r} of the result")
    return wrapped(graph, contract(graph, factors, tuple(result), sizes))


def _implied(names: str) -> str:
    """The labels of a result that are not written: those that come once, in order."""
    return "".join(sorted(k for k in set(names) - {",", "."} if names.count(k) == 1))


def _of_ellipses(spec: str, inputs: Sequence[str], result: str | None, values: Sequence[Any]) -> Any:
    """`einsum` with `...` for the axes that broadcast, as NumPy has it: written out with labels for these."""
    if any(text.replace("...", "", 1).count(".") for text in [*inputs, result or ""]):
        raise SymdiffValueError(f"einsum {spec!r}: ... stands once in the labels of an operand, as three dots")
    spaces = [len(v.shape) - len(text) + 3 if "..." in text else 0 for text, v in zip(inputs, values, strict=True)]
    if min(spaces) < 0:
        raise SymdiffValueError(f"einsum {spec!r} has more labels than an operand has axes")
    unused = [k for k in string.ascii_letters if k not in spec]
    result = "..." + _implied(",".join(inputs)) if result is None else result
    if max(spaces) and "..." not in result:
        raise SymdiffValueError(f"einsum {spec!r}: the result has to have the ... that operands have")
    written, given = [], []
    for text, count, value in zip(inputs, spaces, values, strict=True):
        at = text.find("...")
        axes = [k for k in range(at, at + count) if value.shape[k] == 1]  # of size 1, which broadcasts
        lead = list(range(max(spaces) - count, max(spaces)))
        kept = [unused[k] for k, axis in zip(lead, range(at, at + count), strict=True) if axis not in axes]
        written.append(text.replace("...", "".join(kept)))
        given.append(value[tuple([0 if k in axes else slice(None) for k in range(value.ndim)])] if axes else value)
    held = [k for k in unused[: max(spaces)] if any(k in text for text in written)]
    found = einsum(f"{','.join(written)}->{result.replace('...', ''.join(held))}", *given)
    at = result.find("...")
    new = [at + k for k in range(max(spaces)) if unused[k] not in held]
    if not new:
        return found
    total = len(new) + getattr(found, "ndim", 0)
    key = tuple([None if k in new else slice(None) for k in range(total)])
    return found[key] if len(new) < total else broadcast_to(found, (1,) * total)


def kron(a: Any, b: Any) -> Any:
    """The Kronecker product of two arrays; the one of fewer axes has others of size 1 in front."""
    graph, (i, j) = operands([a, b])
    left, right = shape_of(graph, i), shape_of(graph, j)
    if not left or not right:
        return wrapped(graph, i) * wrapped(graph, j)
    if len(left) != len(right):
        new = (None,) * abs(len(left) - len(right))
        a, b = wrapped(graph, i), wrapped(graph, j)
        return kron(a[new], b) if len(left) < len(right) else kron(a, b[new])
    ls, rs = fresh(len(left)), fresh(len(right))
    pairs = [k for pair in zip(ls, rs, strict=True) for k in pair]
    found = contract(graph, [(i, ls), (j, rs)], pairs)
    ints = zip(_int_shape(left, "kron"), _int_shape(right, "kron"), strict=True)
    return wrapped(graph, indexing.reshape(graph, found, tuple([n * m for n, m in ints])))


def tensordot(a: Any, b: Any, axes: Any = 2) -> Any:
    """NumPy's tensordot: sums over the last axes of a and the first of b, or over pairs of axes."""
    graph, (i, j) = operands([a, b])
    left, right = shape_of(graph, i), shape_of(graph, j)
    if isinstance(axes, int):
        axes = (list(range(len(left) - axes, len(left))), list(range(axes)))
    ours, theirs = [axes_of(tuple(np.atleast_1d(k).tolist()), s) for k, s in zip(axes, (left, right), strict=True)]
    ls, rs = list(fresh(len(left))), list(fresh(len(right)))
    for p, q in zip(ours, theirs, strict=True):
        if left[p] != right[q]:
            raise SymdiffValueError(f"tensordot sums over axes of sizes {left[p]} and {right[q]}")
        rs[q] = ls[p]
    rest = [k for p, k in enumerate(ls) if p not in ours] + [k for q, k in enumerate(rs) if q not in theirs]
    return wrapped(graph, contract(graph, [(i, tuple(ls)), (j, tuple(rs))], rest))


# -- diagonals, ones, rearrangements ----------------------------------------------------------------


def trace(x: Any) -> Any:
    """The sum of the diagonal of a square matrix."""
    graph, i = square("trace", x)
    node = graph.nodes[i]
    inner = shape_of(graph, node[2]) if node[0] == RESHAPE else ()
    if len(inner) == 4 and inner[:2] == inner[2:]:  # of a Kronecker product: trace(A)*trace(B)
        return einsum("abab->", wrapped(graph, node[2]))
    return einsum("ii->", wrapped(graph, i))


def diag(x: Any) -> Any:
    """The matrix with a vector on its diagonal; of a matrix its diagonal."""
    graph, i = operand(x)
    shape = shape_of(graph, i)
    if len(shape) == 1:
        (k,) = fresh(1)
        return wrapped(graph, contract(graph, [(i, (k,))], (k, k)))
    if len(shape) == 2 and shape[0] != shape[1]:
        n, m = _int_shape(shape, "diag")
        matrix: Any = wrapped(graph, i)
        x = matrix[: min(n, m), : min(n, m)]
    return einsum("ii->i", wrapped(*square("diag", x)))


def square(what: str, x: Any) -> tuple[Graph, int]:
    """A square matrix as a node, of which `what` is asked."""
    graph, i = operand(x)
    shape = shape_of(graph, i)
    if len(shape) != 2 or shape[0] != shape[1]:
        raise SymdiffValueError(f"{what} is of a square matrix, not of {described(graph, i)}")
    return graph, i


def eye(n: Any) -> Any:
    """The identity matrix, as one node."""
    graph, _ = operand(1)
    graph.hold_arrays(arrays.infer)
    return wrapped(graph, contraction.identity(graph, asked(n)[0]))


def ones(shape: Any) -> Any:
    """An array of ones, as one node."""
    return full(shape, 1)


def zeros(shape: Any) -> Any:
    """An array of zeros, as one node."""
    return full(shape, 0)


def full(shape: Any, value: Any) -> Any:
    """An array of one scalar at every entry, as one node."""
    graph, i = operand(value)
    graph.hold_arrays(arrays.infer)
    return wrapped(graph, contraction.filled(graph, i, asked(shape)))


def broadcast_to(x: Any, shape: Any) -> Any:
    """An array repeated along the axes that it lacks or has of size 1."""
    graph, i = operand(x)
    graph.hold_arrays(arrays.infer)
    return wrapped(graph, contraction.broadcast_to(graph, i, asked(shape)))


def transpose(x: Any, axes: Any = None) -> Any:
    """The axes in another order, reversed by default."""
    graph, i = operand(x)
    order = None if axes is None else axes_of(tuple(axes) if np.iterable(axes) else axes, handle(graph, i))
    if order is not None and sorted(order) != list(range(len(shape_of(graph, i)))):
        raise SymdiffValueError(f"axes {axes} are no order of those of {described(graph, i)}")
    return wrapped(graph, contraction.transposed(graph, i, order))


def swapaxes(x: Any, a: int, b: int) -> Any:
    """Two axes exchanged."""
    order = list(range(x.ndim))
    (a,), (b,) = axes_of(a, x), axes_of(b, x)
    order[a], order[b] = b, a
    return transpose(x, order)


def reshape(x: Any, shape: Any, order: str = "C") -> Any:
    """The entries in another shape; one size may be -1; `order` is "C", by rows, or "F", by columns."""
    if order not in ("C", "F"):
        raise SymdiffValueError(f'order is "C" (by rows) or "F" (by columns), not {order!r}')
    given = shape if isinstance(shape, (tuple, list)) else (shape,)
    if order == "F":
        return transpose(reshape(transpose(x), given[::-1]))
    graph, i = operand(x)
    held = shape_of(graph, i)
    if (-1 not in given and asked(given) == held) or (len(held) == 1 and tuple(given) == (-1,)):
        return wrapped(graph, i)
    total = math.prod(_int_shape(held, "reshape"))
    known = math.prod([n for n in given if n != -1])
    sizes = asked([total // max(known, 1) if n == -1 else n for n in given])
    if math.prod(_int_shape(sizes, "reshape")) != total or list(given).count(-1) > 1:
        several = "; one size may be -1" if list(given).count(-1) > 1 else ""
        raise SymdiffValueError(
            f"{described(graph, i)}, of {total} entries, can't be reshaped to {shown(given)}{several}"
        )
    graph.hold_arrays(arrays.infer)
    if not sizes:
        return wrapped(graph, indexing.take(graph, i, (0,) * len(held)))
    return wrapped(graph, indexing.reshape(graph, i, sizes))


# -- blocks ------------------------------------------------------------------------------------------


def concatenate(values: Sequence[Any], axis: int | None = 0) -> Any:
    """Arrays behind one another along an axis, or all their entries in a row for None."""
    if not len(values):
        raise SymdiffValueError("concatenate takes at least one array")
    if axis is None:
        values, axis = [reshape(v, -1) for v in values], 0
    graph, indices = operands(list(values))
    shapes = [shape_of(graph, i) for i in indices]
    if not shapes[0]:
        scalar = _named(graph, indices[0])
        raise SymdiffValueError(f"concatenate is of arrays, and {scalar} is a scalar: stack joins those")
    (k,) = axes_of(axis, handle(graph, indices[0]))
    rest = {(*s[:k], *s[k + 1 :]) for s in shapes}
    if len(rest) > 1 or len({len(s) for s in shapes}) > 1:
        given = ", ".join([described(graph, i) for i in indices[:_LISTED]])
        raise SymdiffValueError(f"concatenate along axis {k} is of arrays alike along all others, not of {given}")
    total = 0
    for s in shapes:
        total += _int_shape([s[k]], "concatenate along this axis")[0]
    shape = (*shapes[0][:k], total, *shapes[0][k + 1 :])
    return wrapped(graph, indexing.concatenate(graph, indices, k, shape))


def stack(values: Any, axis: int = 0) -> Any:
    """Scalars or arrays of one shape along a new axis, the first by default; of an object array in its shape.

    >>> import symdiff as sd
    >>> x, y = sd.variables("x y")
    >>> sd.stack([x, y]).shape
    (2,)
    """
    if isinstance(values, np.ndarray) and values.dtype == object and values.ndim > 1:
        return reshape(stack(list(values.ravel())), values.shape)
    if not len(values):
        raise SymdiffValueError("stack takes at least one expression")
    graph, indices = operands(list(values))
    shapes = {shape_of(graph, i) for i in indices}
    if len(shapes) > 1:
        given = ", ".join([described(graph, i) for i in indices[:_LISTED]])
        raise SymdiffValueError(f"stack is of arrays of one shape, not of {given}: concatenate joins those")
    graph.hold_arrays(arrays.infer)
    shape = (len(indices), *next(iter(shapes)))
    found = wrapped(graph, indexing.stack(graph, indices, shape))
    (k,) = axes_of(axis, shape)
    return found if k == 0 else transpose(found, [*range(1, k + 1), 0, *range(k + 1, len(shape))])
