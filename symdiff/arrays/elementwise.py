"""Operations on numbers over arrays, entry by entry: their own records, on operands of one shape or scalars."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from symdiff.array_constants import is_sparse
from symdiff.arrays import norm_divisors, scalars
from symdiff.arrays.contraction import (
    broadcast_to,
    contract,
    filled,
    fresh,
    narrow,
    scalar_at_every_entry,
    scaled,
    whole_power,
    without_coefficient,
)
from symdiff.arrays.reading import DIV, EINSUM, POW, base_and_exponent, number, pieces, shape_of, sums
from symdiff.arrays.sums import add
from symdiff.build import build
from symdiff.errors import SymdiffValueError
from symdiff.graph import CONST, VAR, Graph
from symdiff.ops import arrays
from symdiff.records import OPERATIONS, Operation
from symdiff.shape_advice import of_broadcast
from symdiff.shapes import Shape, broadcast, shown

NORM = arrays.array_norm.opcode
_LOOKED, _NAMES = 60, 3  # nodes looked at for names in a message, and names in it


def elementwise(graph: Graph, op: Operation, args: Sequence[int]) -> int:
    """An operation on nodes of which at least one is an array.

    Raises
    ------
    SymdiffValueError
        For shapes that do not broadcast.
    """
    shape = broadcast([shape_of(graph, a) for a in args])
    if shape is None:
        raise _misfit(graph, op, args)
    special = _SPECIAL.get(op.name)
    if special is not None:
        found = special(graph, args, shape)
        if found is not None:
            return found
    return _plain(graph, op, args, shape)


def _misfit(graph: Graph, op: Operation, args: Sequence[int]) -> SymdiffValueError:
    """The error for shapes that do not broadcast, with the names of variables, and what to write."""
    shaped = [a for a in args if a in graph.shapes]
    given = " and ".join(f"{_called(graph, a)} of shape {shown(shape_of(graph, a))}" for a in shaped)
    is_named = any(isinstance(n, str) for a in shaped for n in shape_of(graph, a))
    rule = ": named sizes broadcast with themselves and 1 only" if is_named else ""
    advice = ""
    if len(shaped) == 2:
        a, b = (graph.leaves[k].name if graph.nodes[k][0] == VAR else "…" for k in shaped)
        advice = of_broadcast(a, shape_of(graph, shaped[0]), b, shape_of(graph, shaped[1]))
    return SymdiffValueError(f"{op.name} can't broadcast {given}{rule}{advice}")


def _called(graph: Graph, i: int) -> str:
    """An operand in a message: its name, or what it is made of."""
    if graph.nodes[i][0] == VAR:
        return str(graph.leaves[i].name)
    if graph.nodes[i][0] == CONST:
        return "a sparse matrix" if is_sparse(graph.leaves[i]) else "an array"
    names = [graph.leaves[j].name for j in graph.cone([i])[:_LOOKED] if graph.nodes[j][0] == VAR]
    return f"an array of {', '.join(names[:_NAMES])}" if names else "an array"


def _plain(graph: Graph, op: Operation, args: Sequence[int], shape: Shape) -> int:
    """The operation as a node, of operands of its shape and scalars; `f(X.T)` is `f(X).T`, and repeats go outside."""
    args = [scalar_at_every_entry(graph, a) for a in args]
    if not any(a in graph.shapes for a in args):
        return filled(graph, build(graph, op.opcode, tuple(args)), shape)
    full = [a if a not in graph.shapes else broadcast_to(graph, a, shape) for a in args]
    arrays = list(dict.fromkeys([a for a in full if a in graph.shapes]))
    if len(arrays) == 1:
        inner = _rearranged(graph, arrays[0])
        if inner is not None:
            i, labels, result = inner
            found = elementwise(graph, op, [i if a == arrays[0] else a for a in full])
            return contract(graph, [(found, tuple(labels))], result, dict(zip(result, shape, strict=True)))
    return graph.intern((op.opcode, *full))


def _rearranged(graph: Graph, i: int) -> tuple[int, str, str] | None:
    """The array of which a node is a transpose or a repetition, with labels of both; None where it is none."""
    if graph.nodes[i][0] != EINSUM:
        return None
    coefficient, factors, result = pieces(graph, i)
    if len(set(result)) < len(result) or coefficient == 0:
        return None
    if coefficient == 1 and len(factors) == 1 and not sums(graph, i):
        f, labels = factors[0]
        return (f, labels, result) if labels and len(set(labels)) == len(labels) else None
    return narrow(graph, i)


# -- sums, products and powers -----------------------------------------------------------------------


def _add(graph: Graph, args: Sequence[int], shape: Shape) -> int:
    full = [a if a not in graph.shapes else broadcast_to(graph, a, shape) for a in args]
    return add(graph, full, shape)


def _sub(graph: Graph, args: Sequence[int], shape: Shape) -> int:
    a, b = args
    return _add(graph, [a, scaled(graph, -1, b)], shape)


def _neg(graph: Graph, args: Sequence[int], shape: Shape) -> int:
    return scaled(graph, -1, args[0])


def _mul(graph: Graph, args: Sequence[int], shape: Shape) -> int:
    result = fresh(len(shape))
    sizes = dict(zip(result, shape, strict=True))
    factors = []
    for a in args:
        held = shape_of(graph, a)
        tail = list(zip(result[len(shape) - len(held) :], held, shape[len(shape) - len(held) :], strict=True))
        factors.append((a, tuple([k if n == m else fresh(1)[0] for k, n, m in tail])))
    return contract(graph, factors, result, sizes)


def _div(graph: Graph, args: Sequence[int], shape: Shape) -> int | None:
    a, b = args
    value = number(graph, b)
    if type(value) in (int, Fraction) and value != 0:
        return scaled(graph, scalars.product_of_numbers(1, Fraction(1) / value), broadcast_to(graph, a, shape))
    own, rest = without_coefficient(graph, b)
    if type(own) in (int, Fraction) and own not in (0, 1):
        return scaled(graph, scalars.product_of_numbers(1, Fraction(1) / own), build(graph, DIV, (a, rest)))
    base, exponent = base_and_exponent(graph, b)
    if exponent < 0:  # keep a/(1/b) as written
        return None
    return _mul(graph, [a, _reciprocal(graph, base, exponent)], shape)


def _reciprocal(graph: Graph, base: int, exponent: int) -> int:
    """A power below the line; repeats and transposes go outside."""
    inner = _rearranged(graph, base)
    if inner is None:
        return whole_power(graph, base, -exponent)
    i, labels, result = inner
    power = whole_power(graph, i, -exponent)
    return contract(graph, [(power, tuple(labels))], result, dict(zip(result, graph.shapes[base], strict=True)))


def _pow(graph: Graph, args: Sequence[int], shape: Shape) -> int | None:
    a, b = args
    n = number(graph, b)
    if type(n) is not int:
        return None
    if n == 0:
        return filled(graph, graph.const(1), shape)
    if n == 1:
        return a
    base, exponent = base_and_exponent(graph, a)
    if n > 1 and exponent > 1 and a in graph.shapes:
        return graph.intern((POW, base, graph.const(n * exponent)))
    coefficient, rest = without_coefficient(graph, a)
    if coefficient in (0, 1) or n < 1:
        return None
    power = scalars.exact_power(coefficient, n)
    return None if power is None else scaled(graph, power, elementwise(graph, OPERATIONS[POW], [rest, b]))


_SPECIAL: dict[str, Callable[[Graph, Sequence[int], Shape], int | None]] = {
    "add": _add, "sub": _sub, "neg": _neg, "mul": _mul, "div": _div, "pow": _pow,
}  # fmt: skip


def grow(graph: Graph, code: int, args: tuple[int, ...]) -> int | None:
    """How a graph of arrays makes a node: None where it is one of scalars only, or of arrays' own operations."""
    if code == POW and graph.nodes[args[0]][0] == NORM:
        return _square_of_norm(graph, *args)
    if code == DIV and graph.nodes[args[1]][0] == NORM and (found := norm_divisors.quotient(graph, *args)) is not None:
        return found
    if code >= len(OPERATIONS) or not any(a in graph.shapes for a in args):
        return None
    return elementwise(graph, OPERATIONS[code], args)


def _square_of_norm(graph: Graph, i: int, exponent: int) -> int | None:
    """`norm(x)**2` as the sum of squares, whose slope has nothing to divide by."""
    n = number(graph, exponent)
    if type(n) is not int or n < 2 or n % 2:
        return None
    _, static, x = graph.nodes[i]
    axes = graph.leaves[static]
    labels = fresh(len(shape_of(graph, x)))
    square = elementwise(graph, OPERATIONS[POW], [x, graph.const(2)])
    total = contract(graph, [(square, labels)], [k for p, k in enumerate(labels) if p not in axes])
    return total if n == 2 else build(graph, POW, (total, graph.const(n // 2)))
