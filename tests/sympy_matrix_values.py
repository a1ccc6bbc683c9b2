"""Values of SymPy's matrix expressions, by explicit matrices of numbers: SymPy's own arithmetic alone."""

import numpy as np
import sympy

from symdiff.bridge.sympy_explicit import explicit


def value(expr, at, sizes=()):
    """The value of an expression of SymPy where arrays and numbers have these values, by name."""
    numbers = {s: dict(sizes)[s.name] for s in expr.free_symbols if s.name in dict(sizes)}
    found = explicit(expr, {name: column(v).tolist() for name, v in at.items() if np.ndim(v)}, numbers)
    found = found.xreplace({s: sympy.Float(at[s.name], 20) for s in found.free_symbols})
    return np.array(found.evalf().tolist(), float) if isinstance(found, sympy.MatrixBase) else float(found)


def column(array):
    """An array as a matrix: a vector is a column."""
    array = np.asarray(array, float)
    return array.reshape(len(array), -1)
