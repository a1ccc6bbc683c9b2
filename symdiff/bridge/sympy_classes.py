"""What each class of SymPy is here: how its node is built, or what it is rewritten to first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import mpmath
import sympy
from sympy.codegen import cfunctions
from sympy.core.function import AppliedUndef
from sympy.matrices.expressions.matexpr import MatrixElement

from symdiff import functions, ops, records
from symdiff.arrays import linear_algebra
from symdiff.bridge.sympy_nodes import SHOWN, NodeMaker, is_small, no_counterpart
from symdiff.build import build, exact_value, times, undefined
from symdiff.constants import PI, E
from symdiff.errors import SymdiffTypeError, SymdiffValueError
from symdiff.graph import Graph
from symdiff.handle import handle
from symdiff.ops import arrays
from symdiff.quoting import counted
from symdiff.records import Operation

_SUMS = frozenset((ops.add.opcode, ops.sub.opcode))
_TERMS = 10_000  # of a sum that is written out
_MOST_ORDER = 1000  # order limit of a derivative that SymPy takes, one step at a time

# builder: (reader, object, its parts, their nodes) -> node
Builder = Callable[[NodeMaker, Any, Sequence[Any], list[int]], int]


def left_open(obj: Any) -> SymdiffTypeError:
    """The error for a derivative that SymPy itself can't carry out."""
    shown = str(obj) if is_small([obj], SHOWN) else "…"
    return SymdiffTypeError(
        f"SymPy's {type(obj.expr).__name__} has a derivative without counterpart here, for SymPy leaves it open: "
        f"{shown[:80]}; give from_sympy the expression itself, and differentiate that"
    )


# -- variables and numbers -----------------------------------------------------------------


def is_symbol(obj: Any) -> bool:
    """Whether it is a symbol, of a matrix too, a function of time or its derivative, or an entry of a matrix symbol."""
    if isinstance(obj, sympy.Derivative):
        obj = obj.expr
    if isinstance(obj, MatrixElement):
        return isinstance(obj.parent, sympy.MatrixSymbol)
    return isinstance(obj, (sympy.Symbol, sympy.Indexed, sympy.MatrixSymbol)) or (
        isinstance(obj, AppliedUndef) and operation_of(obj) is None
    )


def operation_of(obj: Any) -> Operation | None:
    """The operation that an undefined function of SymPy means: `sympify("arcsin(x) + log10(x)")` has two.

    One whose name SymPy knows is not meant: `Function("gamma")(t)` is an angle of mechanics, not the Gamma function.
    """
    name = type(obj).__name__
    op = records.find(name) or records.by_ufunc(name)
    return op if op is not None and op.arity == len(obj.args) and not hasattr(sympy, name) else None


def _variable(reader: NodeMaker, obj: Any, below: Sequence[Any], args: list[int]) -> int:
    return reader.variable(obj)


def _undefined(reader: NodeMaker, obj: Any, below: Sequence[Any], args: list[int]) -> int:
    """A function of time, as mechanics models have them, is a variable; an operation is itself."""
    op = operation_of(obj)
    return reader.variable(obj) if op is None else reader.make(op, *args)


def _rational(reader: NodeMaker, obj: Any, below: Sequence[Any], args: list[int]) -> int:
    return reader.exact(Fraction(int(obj.p), int(obj.q)))


def _float(reader: NodeMaker, obj: Any, below: Sequence[Any], args: list[int]) -> int:
    """A float where it is exact, else an mpmath number of all its digits."""
    exact = mpmath.mp.make_mpf(obj._mpf_)
    short = float(obj)
    return reader.const(short if exact == short else exact)


# -- sums, products, powers ------------------------------------------------------------------


def _sum(reader: NodeMaker, obj: Any, below: Sequence[Any], args: list[int]) -> int:
    """Terms in the reader's order, a number last, negative terms subtracted."""
    graph = reader.graph
    numbers = [args[0]] if below[0].is_Number and not reader.ordered else []
    args = [*reader.by_size(args[len(numbers) :]), *numbers]
    opposites = [_opposite(graph, i) for i in args]
    if opposites[0] is not None and opposites[-1] is None:  # put the positive first: 1 - x, not -x + 1
        args, opposites = [args[-1], *args[:-1]], [None, *opposites[:-1]]
    result = args[0]
    for i, opposite in zip(args[1:], opposites[1:], strict=True):
        result = reader.make(ops.add, result, i) if opposite is None else reader.make(ops.sub, result, opposite)
    return result


def _opposite(graph: Graph, i: int) -> int | None:
    """The node of which a node is the negative; None where it carries no minus sign."""
    node = graph.nodes[i]
    if node[0] == ops.neg.opcode:
        return int(node[1])
    value = exact_value(graph, i)
    if value is not None:
        return graph.const(-value) if value < 0 else None
    if node[0] in (ops.mul.opcode, ops.div.opcode):
        value = exact_value(graph, node[1])
        if value is not None and value < 0:
            return (
                times(graph, -value, node[2])
                if node[0] == ops.mul.opcode
                else build(graph, node[0], (graph.const(-value), node[2]))
            )
    return None


def _product(reader: NodeMaker, obj: Any, below: Sequence[Any], args: list[int]) -> int:
    """Factors with negative powers below the bar, an exact coefficient in front of it all."""
    graph = reader.graph
    coefficient, above, bar = Fraction(1), [], []
    for part, i in zip(below, args, strict=True):
        value = exact_value(graph, i)
        if value is not None:
            coefficient *= value
        elif _is_reciprocal(part) and graph.nodes[i][0] == ops.div.opcode:
            bar.append(graph.nodes[i][2])
        else:
            above.append(i)
    if above:
        return _scaled(reader, coefficient, _quotient(reader, above, bar))
    if not bar:
        return reader.exact(coefficient)
    below_bar = _scaled(reader, Fraction(coefficient.denominator), reader.fold(ops.mul, reader.by_size(bar)))
    return reader.make(ops.div, reader.const(coefficient.numerator), below_bar)


def _quotient(reader: NodeMaker, above: list[int], bar: list[int]) -> int:
    """Factors over others.

    Where their order is free, a sum below the bar divides the last factor: the quotients of the entries of
    matrices by pivots, which solving linear systems leaves, come again and again in products.
    """
    above, bar = reader.by_size(above), reader.by_size(bar)
    codes = [reader.graph.nodes[i][0] for i in bar]
    sums = [i for i, code in zip(bar, codes, strict=True) if code in _SUMS and not reader.ordered]
    if sums:
        above[-1] = reader.make(ops.div, above[-1], reader.fold(ops.mul, sums))
        bar = [i for i, code in zip(bar, codes, strict=True) if code not in _SUMS]
    product = reader.fold(ops.mul, above)
    return reader.make(ops.div, product, reader.fold(ops.mul, bar)) if bar else product


def _scaled(reader: NodeMaker, coefficient: Fraction, i: int) -> int:
    if coefficient == 1:
        return i
    return reader.make(ops.neg, i) if coefficient == -1 else reader.make(ops.mul, reader.exact(coefficient), i)


def _is_reciprocal(part: Any) -> bool:
    return isinstance(part, sympy.Pow) and part.exp.is_Rational and bool(part.exp.is_negative)


def _power(reader: NodeMaker, obj: Any, below: Sequence[Any], args: list[int]) -> int:
    return raised(reader, args[0], args[1], obj.exp)


def raised(reader: NodeMaker, base: int, exponent: int, given: Any) -> int:
    """A power whose exponent is a node and is given: negative ones below the bar, halves as roots."""
    if not (given.is_Rational and given.is_negative):
        return reader.make(ops.sqrt, base) if given is sympy.S.Half else reader.make(ops.pow, base, exponent)
    value = -Fraction(int(given.p), int(given.q))
    root = value == Fraction(1, 2)
    power = reader.make(ops.sqrt, base) if root else reader.make(ops.pow, base, reader.exact(value))
    return reader.make(ops.div, reader.const(1), power)


def _log(reader: NodeMaker, obj: Any, below: Sequence[Any], args: list[int]) -> int:
    graph = reader.graph
    if len(args) == 1 and graph.nodes[args[0]][0] == arrays.det.opcode:
        return linear_algebra.logdet(graph, graph.nodes[args[0]][1])
    logs = [reader.make(ops.log, i) for i in args]  # take a base: an unevaluated log may have one
    return logs[0] if len(logs) == 1 else reader.make(ops.div, *logs)


def _piecewise(reader: NodeMaker, obj: Any, below: Sequence[Any], args: list[int]) -> int:
    covered = args[-1] == reader.const(True)
    result = reader.const(float("nan")) if covered else undefined(reader.graph, args)
    for k in range(len(args) - 2, -1, -2):
        result = reader.make(ops.where, args[k + 1], args[k], result)
    return result


def _heaviside(reader: NodeMaker, obj: Any, below: Sequence[Any], args: list[int]) -> int:
    step = reader.make(ops.heaviside, args[0])
    if len(args) == 1 or exact_value(reader.graph, args[1]) == Fraction(1, 2):
        return step
    at_zero = reader.make(ops.equal, args[0], reader.const(0))
    return reader.make(ops.where, at_zero, args[1], step)


# -- other functions ---------------------------------------------------------------------------


def _polygamma(reader: NodeMaker, obj: Any, below: Sequence[Any], args: list[int]) -> int:
    if exact_value(reader.graph, args[0]) == 0:
        return reader.make(ops.digamma, args[1])
    return reader.make(ops.polygamma, *args)


def _lambertw(reader: NodeMaker, obj: Any, below: Sequence[Any], args: list[int]) -> int:
    if len(args) == 2 and exact_value(reader.graph, args[1]) != 0:
        raise no_counterpart(obj)
    return reader.make(ops.lambertw, args[0])


def _direct(op: Operation) -> Builder:
    return lambda reader, obj, below, args: reader.make(op, *args)


def _folded(op: Operation) -> Builder:
    return lambda reader, obj, below, args: reader.fold(op, args)


def _leaf(value: Any) -> Builder:
    return lambda reader, obj, below, args: reader.const(value)


def _written(formula: Callable[..., Any]) -> Builder:
    """A function that is written by the operations."""
    return lambda reader, obj, below, args: formula(*[handle(reader.graph, i) for i in args])._index


def _xor(*conditions: Any) -> Any:
    result = conditions[0]
    for c in conditions[1:]:
        result = (result | c) & ~(result & c)
    return result


def _equivalent(*conditions: Any) -> Any:
    return ops.logical_and(*conditions) | ~ops.logical_or(*conditions)


def _ite(c: Any, a: Any, b: Any) -> Any:
    return c & a | ~c & b


_BUILDERS: dict[type, Builder] = {
    sympy.Symbol: _variable, AppliedUndef: _undefined, sympy.Derivative: _variable, sympy.Indexed: _variable,
    MatrixElement: _variable,
    sympy.Rational: _rational, sympy.Float: _float,
    type(sympy.pi): _leaf(PI), type(sympy.E): _leaf(E), type(sympy.I): _leaf(1j),
    type(sympy.oo): _leaf(float("inf")), type(-sympy.oo): _leaf(float("-inf")), type(sympy.nan): _leaf(float("nan")),
    type(sympy.true): _leaf(True), type(sympy.false): _leaf(False),
    type(sympy.EulerGamma): lambda reader, obj, below, args: reader.make(
        ops.neg, reader.make(ops.digamma, reader.const(1))
    ),
    sympy.Add: _sum, sympy.Mul: _product, sympy.Pow: _power, sympy.log: _log,
    sympy.Piecewise: _piecewise, sympy.Heaviside: _heaviside, sympy.polygamma: _polygamma,
    sympy.jn: _direct(ops.spherical_jn), sympy.LambertW: _lambertw,
    sympy.Max: _folded(ops.maximum), sympy.Min: _folded(ops.minimum),
    sympy.And: _folded(ops.logical_and), sympy.Or: _folded(ops.logical_or),
    sympy.Ne: _written(lambda a, b: ~ops.equal(a, b)), sympy.ITE: _written(_ite), sympy.Xor: _written(_xor),
    sympy.Implies: _written(lambda a, b: ~a | b), sympy.Equivalent: _written(_equivalent),
    sympy.frac: _written(lambda x: x - ops.floor(x)),
    sympy.factorial: _written(lambda n: ops.gamma(n + 1)),
    sympy.erf2: _written(lambda a, b: ops.erf(b) - ops.erf(a)),
    cfunctions.Sqrt: _direct(ops.sqrt), cfunctions.Cbrt: _direct(ops.cbrt),
    sympy.sec: _written(functions.sec), sympy.csc: _written(functions.csc),
}  # fmt: skip


def builder(obj: Any) -> Builder | None:
    """The builder for the class of an object, or for the nearest of its bases."""
    cls = type(obj)
    found = _BUILDERS.get(cls)
    if found is None:
        found = next((_BUILDERS[base] for base in cls.__mro__ if base in _BUILDERS), None)
        op = records.find(cls.__name__)
        if found is None and op is not None and op.arity == len(obj.args):
            return _direct(op)  # accept a class of that name from SymPy's user or its code printers
    return found


def _by_record(op: Operation) -> None:
    """The class that a record spells as one name comes back as that operation."""
    if op.sympy is None or isinstance(op.sympy, str):
        cls = getattr(sympy, op.sympy or op.name, None)
        if isinstance(cls, type):
            _BUILDERS.setdefault(cls, _direct(op))


records.on_register(_by_record)


# -- what is rewritten first --------------------------------------------------------------------


def _done(obj: Any) -> Any:
    """A derivative or substitution that SymPy has left open, carried out."""
    try:
        done = obj.doit()
        return obj if done == obj else done
    except RecursionError as error:
        raise SymdiffValueError(
            f"SymPy's {type(obj).__name__} of an expression this deep can't be carried out: "
            "give from_sympy the expression itself, and differentiate that"
        ) from error


def _derivative(obj: Any) -> Any:
    if is_symbol(obj):
        return obj
    by, counts = zip(*obj.variable_count, strict=True)
    order = sum(counts)  # a symbol, where one is
    if getattr(order, "is_Integer", True) and order > _MOST_ORDER and not obj.expr.is_polynomial(*by):
        raise SymdiffValueError(
            f"SymPy's derivative of order {counted(int(order))} would take as many steps; {_MOST_ORDER:,} are done, "
            "of a polynomial any number"
        )
    return _done(obj)


def _contained(obj: Any) -> Any:
    element, within = obj.args
    try:
        return within.as_relational(element)
    except (AttributeError, NotImplementedError):
        return obj


def _entries(obj: Any) -> Any:
    """A matrix that is given by a rule, written out."""
    return obj.as_explicit() if all(sympy.sympify(n).is_Integer for n in obj.shape) else obj


def _sum_of_parts(obj: Any) -> Any:
    return obj.expand(func=True)


def _catalan(obj: Any) -> Any:
    """By DLMF 25.11.40: polygamma(1, 1/4) = pi**2 + 8*Catalan."""
    return (sympy.polygamma(1, sympy.Rational(1, 4), evaluate=False) - sympy.pi**2) / 8


def _equation(obj: Any) -> Any:
    """That something real has no imaginary part, as `real_root` asks, is true: variables are real here."""
    left, right = obj.args
    if not (isinstance(left, sympy.im) and right == 0 and is_small([left], SHOWN)):
        return obj
    real = {s: sympy.Dummy(real=True) for s in left.free_symbols}
    return sympy.true if left.args[0].xreplace(real).is_extended_real else obj


def _terms(obj: Any) -> Any:
    """A sum or product over whole numbers with all its terms written out, as it is where they are too many or open."""
    terms, limits = [(obj.function, obj.limits)], len(obj.limits)
    for _ in range(limits):  # the last index is the outermost: the ends of others may depend on it
        found: list[Any] = []
        for term, (*others, (index, *ends)) in terms:
            if len(ends) != 2 or not all(end.is_Integer for end in ends) or len(found) + ends[1] - ends[0] > _TERMS:
                return obj
            values = [{index: sympy.Integer(k)} for k in range(int(ends[0]), int(ends[1]) + 1)]
            found += [(term.xreplace(at), [limit.xreplace(at) for limit in others]) for at in values]
        terms = found
    each = [term for term, _ in terms]
    if obj.function.is_Matrix:
        return sympy.MatAdd(*each) if each and isinstance(obj, sympy.Sum) else obj
    return sympy.Add(*each) if isinstance(obj, sympy.Sum) else sympy.Mul(*each)


_REWRITES: dict[type, Callable[[Any], Any]] = {
    sympy.Derivative: _derivative, sympy.Subs: _done, sympy.Contains: _contained, sympy.Eq: _equation,
    sympy.UnevaluatedExpr: lambda obj: obj.args[0], sympy.Poly: lambda obj: obj.as_expr(),
    type(sympy.GoldenRatio): _sum_of_parts, type(sympy.TribonacciConstant): _sum_of_parts,
    type(sympy.Catalan): _catalan, sympy.FunctionMatrix: _entries, sympy.PermutationMatrix: _entries,
    sympy.Sum: _terms, sympy.Product: _terms,
}  # fmt: skip


def rewritten(obj: Any) -> Any:
    """What SymPy itself writes an object by, the object where there is nothing such."""
    rewrite = _REWRITES.get(type(obj))
    return obj if rewrite is None else rewrite(obj)
