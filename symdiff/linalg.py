"""Linear algebra of array expressions, and of NumPy's arrays: `sd.linalg.solve(A, b)`.

>>> import symdiff as sd
>>> A, b = sd.Var("A", shape=(3, 3)), sd.Var("b", shape=3)
>>> sd.jacobian(sd.linalg.solve(A, b), b)
inv(A)
"""

from symdiff.array_functions import cholesky, det, inv, logdet, norm, solve

__all__ = ["cholesky", "det", "inv", "logdet", "norm", "solve"]
