"""Functions by their names in text: those of the operations, in Python, NumPy and SymPy, and a few of their own."""

from __future__ import annotations

import difflib
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from symdiff import arithmetic, functions, ops, records
from symdiff.build import undefined
from symdiff.errors import SymdiffTypeError
from symdiff.handle import as_handle, gather, handle


def not_equal(a: Any, b: Any) -> Any:
    """`a != b` as a condition."""
    return ops.logical_not(ops.equal(a, b))


def _logarithm(x: Any, base: Any = None) -> Any:
    return ops.log(x) if base is None else ops.div(ops.log(x), ops.log(base))


def _folding(op: records.Operation) -> Callable[..., Any]:
    """An operation of as many operands as there are, of one too."""

    def function(first: Any, *others: Any) -> Any:
        for other in others:
            first = op(first, other)
        return first

    return function


def piecewise(*pairs: Any) -> Any:
    """SymPy's spelling of `where`: pairs of a value and its condition, the first that holds counts; else it is nan."""
    if any(type(pair) is not tuple or len(pair) != 2 for pair in pairs):
        raise SymdiffTypeError("Piecewise takes pairs (value, condition)")
    graph, nodes = gather([as_handle(part) for pair in pairs for part in pair])
    covered = nodes[-1] == graph.const(True)
    result: Any = handle(graph, graph.const(math.nan) if covered else undefined(graph, nodes))
    for value, condition in reversed(pairs):
        result = ops.where(condition, value, result)
    return result


def _principal_lambertw(x: Any, branch: Any = 0) -> Any:
    if branch != 0:
        raise SymdiffTypeError("lambertw has its principal branch only, which is number 0")
    return ops.lambertw(x)


def _psi(*operands: Any) -> Any:
    return ops.digamma(*operands) if len(operands) == 1 else ops.polygamma(*operands)


_ALIASES: dict[str, Callable[..., Any]] = {
    "ln": ops.log,
    "log": _logarithm,
    "heaviside": arithmetic.heaviside,
    "arcsec": ops.asec, "arccsc": ops.acsc, "arccot": ops.acot,
    "arcsech": ops.asech, "arccsch": ops.acsch, "arccoth": ops.acoth,
    "ne": not_equal, "unequality": not_equal, "not_equal": not_equal, "equality": ops.equal,
    "lt": ops.less, "le": ops.less_equal, "gt": ops.greater, "ge": ops.greater_equal,
    "add": _folding(ops.add), "mul": _folding(ops.mul), "max": _folding(ops.maximum), "min": _folding(ops.minimum),
    "and": _folding(ops.logical_and), "or": _folding(ops.logical_or),
    "piecewise": piecewise, "ite": ops.where, "rational": ops.div,
    "norm": functions.norm,
    "root": lambda x, n: ops.pow(x, ops.div(1, n)),
    "round": arithmetic.rounded, "around": arithmetic.rounded, "fix": ops.trunc,
    "expit": ops.sigmoid, "logistic": ops.sigmoid, "gammaln": ops.loggamma, "lgamma": ops.loggamma,
    "psi": _psi, "trigamma": lambda x: ops.polygamma(1, x),
    "binom": ops.binomial, "comb": ops.binomial,
    "jn": ops.spherical_jn, "lambertw": _principal_lambertw,
}  # fmt: skip
_NUMPY = {
    name: value.__name__ for name, value in vars(np).items() if isinstance(value, np.ufunc)
}  # such as divide for true_divide
_FUNCTIONS: dict[str, Callable[..., Any]] = {}


def _add_operation(op: records.Operation) -> None:
    for name in {op.name, op.class_name, op.ufunc, op.sympy if isinstance(op.sympy, str) else op.name}:
        _FUNCTIONS.setdefault(name.lower(), op)


records.on_register(_add_operation)
_FUNCTIONS.update(
    {name: getattr(functions, name) for name in functions.__all__ if name not in ("dot", "softmax", "log_softmax")}
)
_FUNCTIONS.update(_ALIASES)


def function_named(name: str) -> Callable[..., Any] | None:
    """The function that a name means when it is called; capitals do not matter: `Abs`, `Max`, `LambertW`."""
    own = records.find(name)
    alias = name in _ALIASES and own is getattr(ops, name, None)
    if own is not None and own.opcode < records.FIRST_ARRAY_CODE and not alias:
        return own
    return _FUNCTIONS.get(name.lower()) or arithmetic.ufunc_named(_NUMPY.get(name, name))


def nearest(name: str) -> str | None:
    """The function whose name is most like one that there is not."""
    return next(iter(difflib.get_close_matches(name[:40].lower(), _FUNCTIONS, 1)), None)
