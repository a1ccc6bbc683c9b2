"""The node at which the first nan or infinity arises, in a value or in a derivative, and from which operands."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from symdiff import ops
from symdiff.algebra.dual import DualNumber
from symdiff.algebra.evaluate import check_names, evaluate, node_values
from symdiff.algebra.notation.text import short
from symdiff.algebra.scalars_only import scalars_only
from symdiff.errors import SymdiffTypeError
from symdiff.handle import Handle
from symdiff.modes.backpropagation import backpropagate, edge_partials, node_adjoints


@dataclass(frozen=True)
class FirstBad:
    """Where the first nan or infinity arises.

    `quantity` is "value", or "∂/∂x" where values are finite and a derivative is not. `value` is that of the
    quantity, `operands` holds each operand with its value and its own derivative, 0.0 for a value.
    """

    node: Handle
    quantity: str
    value: Any
    operands: tuple[tuple[Handle, Any, Any], ...]

    def __str__(self) -> str:
        what = short(self.node) if self.quantity == "value" else f"{self.quantity} of {short(self.node)}"
        moving = [operand for operand in self.operands if operand[0].variables]
        parts = [f"{short(node)} = {value!r}" for node, value, _ in moving]
        if self.quantity != "value":
            parts += [f"{self.quantity} of {short(node)} = {slope!r}" for node, _, slope in moving]
        return f"{what} is {self.value!r}" + (f" from {', '.join(parts)}" if parts else ", as given")


def first_bad(f: Handle, point: Mapping[Any, Any] | None = None, /, **values: Any) -> FirstBad | None:
    """The node at which the first nan or infinity arises, None where value and gradient are finite.

    What a branch of `where` that is not taken holds does not count, nor what an operand of an extreme that is not it.

    Parameters
    ----------
    f : expression
    point : mapping, optional
        Of numbers, as for `Expr.evaluate`.
    **values
        The same by name.

    Raises
    ------
    MissingValueError, SymdiffTypeError
        For a variable without a value, and for arrays.

    >>> import symdiff as sd
    >>> x, y = sd.variables("x y")
    >>> print((sd.sqrt(x)*y + 1).first_bad(x=0.0, y=2.0))
    ∂/∂x of sqrt(x) is inf from x = 0.0, ∂/∂x of x = 1.0
    >>> print((sd.exp(x)/sd.exp(x)).first_bad(x=1000.0))
    exp(x) is inf from x = 1000.0
    """
    check_names("first_bad", f, values)
    scalars_only("first_bad", [f])
    given = {v: evaluate(v, point, **values) for v in f.variables}
    for v, value in given.items():
        if not isinstance(value, (int, float, complex)) and not hasattr(value, "numerator"):
            raise SymdiffTypeError(f"first_bad takes a point of numbers; {v._cell.name} is {value!r}")
    held = node_values(f, given)
    if _is_bad(held[f]):
        node = _traced(f, held, lambda node: _is_bad(held[node]))
        return _found(node, "value", held[node], held, {})
    bad = [v for v, adjoint in backpropagate(f, given).items() if _is_bad(adjoint)]
    if not bad:
        return None
    v = bad[0]
    slopes = {node: _slope(value) for node, value in node_values(f, {**given, v: DualNumber(given[v], 1.0)}).items()}
    if not _is_bad(slopes[f]):
        return _on_the_way_down(f, given, held, v)
    node = _traced(f, held, lambda node: _is_bad(held[node]) or _is_bad(slopes[node]))
    if _is_bad(held[node]):
        return _found(node, "value", held[node], held, {})
    return _found(node, f"∂/∂{v._cell.name}", slopes[node], held, slopes)


def _found(
    node: Handle, quantity: str, value: Any, held: Mapping[Handle, Any], slopes: Mapping[Handle, Any]
) -> FirstBad:
    return FirstBad(node, quantity, value, tuple([(a, held[a], slopes.get(a, 0.0)) for a in node.args]))


def _slope(value: Any) -> Any:
    return value.eps if isinstance(value, DualNumber) else 0.0


def _is_bad(value: Any) -> bool:
    return not isinstance(value, bool) and not math.isfinite(abs(value))


def _traced(f: Handle, held: Mapping[Handle, Any], bad: Callable[[Handle], bool]) -> Handle:
    """From a bad result down to a node whose operands are not: the lowest that each comes from."""
    node = f
    while True:
        below = [a for a in _taken(node, held) if bad(a)]
        if not below:
            return node
        node = min(below, key=lambda a: a._index)


def _taken(node: Handle, held: Mapping[Handle, Any]) -> Sequence[Handle]:
    """The operands that count: of a `where` the branch taken, of extremes the operands that they are."""
    args = node.args
    if node.op in (ops.maximum, ops.minimum):
        return [a for a in args if held[a] == held[node]] or args
    if node.op is None or node.op.operands[0] != "condition":
        return args
    return args[:1] + (args[1:2] if held[args[0]] else args[2:])


def _on_the_way_down(f: Handle, given: Mapping[Handle, Any], held: Mapping[Handle, Any], v: Handle) -> FirstBad | None:
    """Where an adjoint becomes bad though no derivative on the way up is: users come first."""
    adjoints, partials = node_adjoints(f, given), edge_partials(f, given)
    for node, adjoint in adjoints.items():
        for k, operand in enumerate(node.args):
            part = partials.get((node._index, k))
            if part is not None and operand in adjoints and _is_bad(adjoint * part):
                return _found(node, f"∂/∂{v._cell.name}", adjoint * part, held, {operand: part})
    return None
