"""From SymPy: a tree read into a graph by one loop, each object once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import sympy
from sympy.core.function import AppliedUndef
from sympy.logic.boolalg import BooleanAtom

from symdiff import ops, records
from symdiff.build import build, check_whole, exact_value, times
from symdiff.errors import SymdiffTypeError, SymdiffValueError
from symdiff.expr import handle
from symdiff.graph import PI, E, Graph, Variable, constant
from symdiff.leaves import variable_in
from symdiff.records import Operation

SMALL = 200  # in an expression of fewer nodes, terms and factors are in the order in which SymPy prints them


def from_sympy(expr: Any) -> Any:
    """An expression of SymPy as one of symdiff, in a graph of its own.

    Parameters
    ----------
    expr : sympy.Basic, or list, tuple or array of them
        Several share one graph. A matrix or an N-dimensional array gives an
        object array of its shape, a list a list.

    Returns
    -------
    Expr, list or ndarray
        Its variables remember their symbols, which `to_sympy` gives back.

    Raises
    ------
    SymdiffTypeError
        Naming the SymPy class that has no counterpart here.

    >>> import sympy
    >>> import symdiff as sd
    >>> x, y = sympy.symbols("x y")
    >>> f = sd.from_sympy(sympy.sin(x)**2/y)
    >>> f, f.gradient("y")
    (sin(x)**2/y, -sin(x)**2/y/y)
    """
    if isinstance(expr, (list, tuple, sympy.Tuple)):
        parts = [_flat(item) for item in expr]
        read = iter(_read([item for flat, _ in parts for item in flat]))
        return [_shaped([next(read) for _ in flat], shape) for flat, shape in parts]
    flat, shape = _flat(expr)
    return _shaped(_read(flat), shape)


def _flat(expr: Any) -> tuple[list[Any], tuple[int, ...] | None]:
    """The elements of a matrix or an array and its shape, None for a single expression."""
    if isinstance(expr, np.ndarray):
        return list(expr.ravel()), expr.shape
    if isinstance(expr, sympy.MatrixBase):
        return list(expr.flat()), tuple(map(int, expr.shape))
    if isinstance(expr, sympy.NDimArray):
        return list(sympy.flatten(expr)), tuple(map(int, expr.shape))
    return [expr], None


def _shaped(values: list[Any], shape: tuple[int, ...] | None) -> Any:
    if shape is None:
        return values[0]
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array.reshape(shape)


def _read(items: Sequence[Any]) -> list[Any]:
    graph = Graph()
    for item in items:
        if not isinstance(item, sympy.Basic):
            constant_or_error(item)
    reader = _Reader(graph, ordered=_small(items))
    return [handle(graph, reader.read(item)) for item in items]


def constant_or_error(item: Any) -> Any:
    """A Python number as a constant.

    Raises
    ------
    SymdiffTypeError
        For what is neither that nor SymPy's.
    """
    try:
        return constant(item)
    except SymdiffTypeError as error:
        raise SymdiffTypeError(
            f"from_sympy takes SymPy expressions, not {item!r} of type {type(item).__name__}"
        ) from error


def _small(items: Iterable[Any]) -> bool:
    stack = list(items)
    count = 0
    while stack and count < SMALL:
        count += 1
        stack.extend(getattr(stack.pop(), "args", ()))
    return not stack


class _Reader:
    """One conversion."""

    def __init__(self, graph: Graph, ordered: bool) -> None:
        self.graph = graph
        self.ordered = ordered
        self.known: dict[int, int] = {}  # nodes by the id of the object
        self.held: list[Any] = []  # the objects, which keeps their ids theirs
        self.symbols: dict[Any, Any] = {}  # the symbol that has the name to itself

    def read(self, root: Any) -> int:
        """The node of an expression."""
        stack: list[tuple[Any, Sequence[Any] | None]] = [(root, None)]
        known = self.known
        while stack:
            obj, below = stack.pop()
            if id(obj) in known:
                continue
            if below is None:
                below = self._below(obj)
                if below:
                    stack.append((obj, below))
                    stack.extend([(part, None) for part in reversed(below)])
                    continue
            known[id(obj)] = self._node(obj, below, [known[id(part)] for part in below])
            self.held.append(obj)
        return known[id(root)]

    def _below(self, obj: Any) -> Sequence[Any]:
        """The parts to be read before an object."""
        if not isinstance(obj, sympy.Basic) or isinstance(obj, _LEAVES):
            return ()
        if isinstance(obj, AppliedUndef):
            return list(obj.args) if _record(obj) else ()
        if isinstance(obj, sympy.Derivative):
            return ()
        if _builder(obj) is None and _record(obj) is None:
            raise _no_counterpart(obj)
        if isinstance(obj, sympy.Piecewise):
            return [part for pair in obj.args for part in pair.args]
        if self.ordered and isinstance(obj, sympy.Add):
            return list(obj.as_ordered_terms())
        if self.ordered and isinstance(obj, sympy.Mul):
            return list(obj.as_ordered_factors())
        return list(obj.args)

    def _node(self, obj: Any, below: Sequence[Any], args: list[int]) -> int:
        if not isinstance(obj, sympy.Basic):
            return self.graph.const(constant(obj))
        builder = _builder(obj)
        if builder is not None:
            return builder(self, obj, below, args)
        op = _record(obj)
        if op is not None:
            return self.make(op, *args)
        raise _no_counterpart(obj)

    def make(self, op: Operation, *args: int) -> int:
        """An operation on nodes."""
        if op.whole:
            check_whole(self.graph, op, args)
        return build(self.graph, op.code, args)

    def const(self, value: Any) -> int:
        """A constant."""
        return self.graph.const(value)

    def fold(self, op: Operation, args: Sequence[int]) -> int:
        """An operation of two operands over any number of them."""
        result = args[0]
        for i in args[1:]:
            result = self.make(op, result, i)
        return result

    def variable(self, symbol: Any) -> int:
        """The variable of a symbol; a second symbol of one name gets a key of its own."""
        if not symbol.is_commutative:
            raise SymdiffTypeError(f"{symbol} is a non-commutative symbol of SymPy, which has no counterpart")
        name = str(symbol)
        owner = self.symbols.setdefault(name, symbol)
        key = name if owner == symbol else (name, *_identity(symbol))
        return variable_in(self.graph, Variable(name, key, symbol))._index


def _identity(symbol: Any) -> tuple[Any, ...]:
    """What tells a symbol from others of its name, in plain numbers and strings."""
    if isinstance(symbol, sympy.Symbol):
        given = sorted(symbol._assumptions_orig.items())
        number = symbol.dummy_index if isinstance(symbol, sympy.Dummy) else -1
        return (type(symbol).__name__, number, *given)
    return (sympy.srepr(symbol),)


def _builder(obj: Any) -> Builder | None:
    """The builder for the class of an object, or the nearest of its bases."""
    for cls in type(obj).__mro__:
        found = _BUILDERS.get(cls)
        if found is not None:
            return found
    return None


def _record(obj: Any) -> Operation | None:
    """The operation of the name of a SymPy function, with as many operands."""
    try:
        op = records.by_name(type(obj).__name__)
    except SymdiffValueError:
        return None
    return op if op.arity == len(obj.args) else None


def _no_counterpart(obj: Any) -> SymdiffTypeError:
    shown = str(obj) if _small([obj]) else "…"
    return SymdiffTypeError(f"SymPy's {type(obj).__name__} has no counterpart here: {shown[:80]}")


# -- a builder for each class: (reader, object, its parts, their nodes) -> node -----------------

Builder = Callable[[_Reader, Any, Sequence[Any], list[int]], int]


def _symbol(reader: _Reader, obj: Any, below: Sequence[Any], args: list[int]) -> int:
    return reader.variable(obj)


def _undefined(reader: _Reader, obj: Any, below: Sequence[Any], args: list[int]) -> int:
    """A function of time, as mechanics models have them, is a variable; a user's operation is itself."""
    return reader.make(_record(obj), *args) if args else reader.variable(obj)  # type: ignore[arg-type]


def _derivative(reader: _Reader, obj: Any, below: Sequence[Any], args: list[int]) -> int:
    if not isinstance(obj.expr, AppliedUndef) or _record(obj.expr):
        raise _no_counterpart(obj)
    return reader.variable(obj)


def _rational(reader: _Reader, obj: Any, below: Sequence[Any], args: list[int]) -> int:
    p, q = int(obj.p), int(obj.q)
    return reader.const(p if q == 1 else Fraction(p, q))


def _float(reader: _Reader, obj: Any, below: Sequence[Any], args: list[int]) -> int:
    """A float where it is exact, else an mpmath number of all its digits."""
    import mpmath

    exact = mpmath.mp.make_mpf(obj._mpf_)
    short = float(obj)
    return reader.const(short if exact == short or obj._prec <= 53 else exact)


def _sum(reader: _Reader, obj: Any, below: Sequence[Any], args: list[int]) -> int:
    """Terms from left to right, a number last, negative terms subtracted."""
    graph = reader.graph
    if len(args) > 1 and below[0].is_Number and not reader.ordered:
        args = [*args[1:], args[0]]
    opposites = [_opposite(graph, i) for i in args]
    if opposites[0] is not None and opposites[-1] is None:  # 1 - x reads better than -x + 1
        args, opposites = [args[-1], *args[:-1]], [None, *opposites[:-1]]
    result = args[0]
    for i, opposite in zip(args[1:], opposites[1:], strict=True):
        result = reader.make(ops.add, result, i) if opposite is None else reader.make(ops.sub, result, opposite)
    return result


def _opposite(graph: Graph, i: int) -> int | None:
    """The node of which a node is the negative; None where it carries no minus sign."""
    node = graph.nodes[i]
    if node[0] == ops.neg.code:
        return int(node[1])
    value = exact_value(graph, i)
    if value is not None:
        return graph.const(-value) if value < 0 else None
    if node[0] in (ops.mul.code, ops.div.code):
        value = exact_value(graph, node[1])
        if value is not None and value < 0:
            return (
                times(graph, -value, node[2])
                if node[0] == ops.mul.code
                else build(graph, node[0], (graph.const(-value), node[2]))
            )
    return None


def _product(reader: _Reader, obj: Any, below: Sequence[Any], args: list[int]) -> int:
    """Factors with negative powers below the bar, an exact coefficient in front of it all."""
    graph = reader.graph
    coefficient, above, bar = Fraction(1), [], []
    for part, i in zip(below, args, strict=True):
        value = exact_value(graph, i)
        if value is not None:
            coefficient *= value
        elif _is_reciprocal(part) and graph.nodes[i][0] == ops.div.code:
            bar.append(graph.nodes[i][2])
        else:
            above.append(i)
    if not bar:
        return _scaled(reader, coefficient, reader.fold(ops.mul, above)) if above else _exact(reader, coefficient)
    if above:
        quotient = reader.make(ops.div, reader.fold(ops.mul, above), reader.fold(ops.mul, bar))
        return _scaled(reader, coefficient, quotient)
    below_bar = _scaled(reader, Fraction(coefficient.denominator), reader.fold(ops.mul, bar))
    return reader.make(ops.div, reader.const(coefficient.numerator), below_bar)


def _exact(reader: _Reader, value: Fraction) -> int:
    return reader.const(value.numerator if value.denominator == 1 else value)


def _scaled(reader: _Reader, coefficient: Fraction, i: int) -> int:
    if coefficient == 1:
        return i
    return reader.make(ops.neg, i) if coefficient == -1 else reader.make(ops.mul, _exact(reader, coefficient), i)


def _is_reciprocal(part: Any) -> bool:
    return isinstance(part, sympy.Pow) and part.exp.is_Rational and bool(part.exp.is_negative)


def _power(reader: _Reader, obj: Any, below: Sequence[Any], args: list[int]) -> int:
    base, exponent = args
    if not _is_reciprocal(obj):
        return reader.make(ops.sqrt, base) if obj.exp is sympy.S.Half else reader.make(ops.pow, base, exponent)
    value = -Fraction(int(obj.exp.p), int(obj.exp.q))
    if value == Fraction(1, 2):
        power = reader.make(ops.sqrt, base)
    else:
        power = reader.make(ops.pow, base, _exact(reader, value))
    return reader.make(ops.div, reader.const(1), power)


def _log(reader: _Reader, obj: Any, below: Sequence[Any], args: list[int]) -> int:
    logs = [reader.make(ops.log, i) for i in args]  # an unevaluated log may have a base
    return logs[0] if len(logs) == 1 else reader.make(ops.div, *logs)


def _piecewise(reader: _Reader, obj: Any, below: Sequence[Any], args: list[int]) -> int:
    result = reader.const(float("nan"))
    for k in range(len(args) - 2, -1, -2):
        result = reader.make(ops.where, args[k + 1], args[k], result)
    return result


def _heaviside(reader: _Reader, obj: Any, below: Sequence[Any], args: list[int]) -> int:
    step = reader.make(ops.heaviside, args[0])
    if len(args) == 1 or exact_value(reader.graph, args[1]) == Fraction(1, 2):
        return step
    at_zero = reader.make(ops.equal, args[0], reader.const(0))
    return reader.make(ops.where, at_zero, args[1], step)


def _polygamma(reader: _Reader, obj: Any, below: Sequence[Any], args: list[int]) -> int:
    if exact_value(reader.graph, args[0]) == 0:
        return reader.make(ops.digamma, args[1])
    return reader.make(ops.polygamma, *args)


def _lambertw(reader: _Reader, obj: Any, below: Sequence[Any], args: list[int]) -> int:
    if len(args) == 2 and exact_value(reader.graph, args[1]) != 0:
        raise _no_counterpart(obj)
    return reader.make(ops.lambertw, args[0])


def _mod(reader: _Reader, obj: Any, below: Sequence[Any], args: list[int]) -> int:
    whole = reader.make(ops.floor, reader.make(ops.div, *args))
    return reader.make(ops.sub, args[0], reader.make(ops.mul, args[1], whole))


def _ite(reader: _Reader, obj: Any, below: Sequence[Any], args: list[int]) -> int:
    c, a, b = args
    closed = reader.make(ops.logical_not, c)
    return reader.make(ops.logical_or, reader.make(ops.logical_and, c, a), reader.make(ops.logical_and, closed, b))


def _direct(op: Operation) -> Builder:
    return lambda reader, obj, below, args: reader.make(op, *args)


def _folded(op: Operation) -> Builder:
    return lambda reader, obj, below, args: reader.fold(op, args)


def _leaf(value: Any) -> Builder:
    return lambda reader, obj, below, args: reader.const(value)


def _over(op: Operation) -> Builder:
    """1 over an operation: sec is 1/cos."""
    return lambda reader, obj, below, args: reader.make(ops.div, reader.const(1), reader.make(op, *args))


def _of_reciprocal(op: Operation) -> Builder:
    """An operation of 1/x: asec(x) is acos(1/x)."""
    return lambda reader, obj, below, args: reader.make(op, reader.make(ops.div, reader.const(1), *args))


def _negated(op: Operation) -> Builder:
    return lambda reader, obj, below, args: reader.make(ops.logical_not, reader.make(op, *args))


def _expanded(rewrite: Callable[[Any], Any]) -> Builder:
    """A function that SymPy itself writes by others."""
    return lambda reader, obj, below, args: reader.read(rewrite(obj))


_BUILDERS: dict[type, Builder] = {
    sympy.Symbol: _symbol, AppliedUndef: _undefined, sympy.Derivative: _derivative,
    sympy.Rational: _rational, sympy.Float: _float,
    type(sympy.pi): _leaf(PI), type(sympy.E): _leaf(E), type(sympy.I): _leaf(1j),
    type(sympy.oo): _leaf(float("inf")), type(-sympy.oo): _leaf(float("-inf")), type(sympy.nan): _leaf(float("nan")),
    type(sympy.GoldenRatio): _expanded(lambda obj: (1 + sympy.sqrt(5)) / 2),
    type(sympy.EulerGamma): lambda reader, obj, below, args: reader.make(
        ops.neg, reader.make(ops.digamma, reader.const(1))
    ),
    type(sympy.true): _leaf(True), type(sympy.false): _leaf(False),
    sympy.Add: _sum, sympy.Mul: _product, sympy.Pow: _power, sympy.log: _log,
    sympy.Piecewise: _piecewise, sympy.Heaviside: _heaviside, sympy.polygamma: _polygamma,
    sympy.jn: _direct(ops.spherical_jn),
    sympy.LambertW: _lambertw, sympy.Mod: _mod, sympy.ITE: _ite, sympy.Ne: _negated(ops.equal),
    sympy.Max: _folded(ops.maximum), sympy.Min: _folded(ops.minimum),
    sympy.And: _folded(ops.logical_and), sympy.Or: _folded(ops.logical_or),
    sympy.sec: _over(ops.cos), sympy.csc: _over(ops.sin), sympy.cot: _over(ops.tan),
    sympy.sech: _over(ops.cosh), sympy.csch: _over(ops.sinh), sympy.coth: _over(ops.tanh),
    sympy.asec: _of_reciprocal(ops.acos), sympy.acsc: _of_reciprocal(ops.asin), sympy.acot: _of_reciprocal(ops.atan),
    sympy.asech: _of_reciprocal(ops.acosh), sympy.acsch: _of_reciprocal(ops.asinh),
    sympy.acoth: _of_reciprocal(ops.atanh),
}  # fmt: skip

_LEAVES = (sympy.Symbol, sympy.Number, sympy.NumberSymbol, type(sympy.I), BooleanAtom)


def _by_record(op: Operation) -> None:
    """The class that a record spells as one name comes back as that operation."""
    if op.sympy is None or isinstance(op.sympy, str):
        cls = getattr(sympy, op.sympy or op.name, None)
        if isinstance(cls, type):
            _BUILDERS.setdefault(cls, _direct(op))


records.on_register(_by_record)

__all__ = ["from_sympy"]
