"""The Gaussian mixture objective of ADBench (Šrajer, Kukelova and Fitzgibbon, 2018), written in scalars.

Weights `alpha` (k), means (k × d) and inverse covariances: for each component d logarithms of the diagonal of a
lower triangular factor, then its lower triangle by columns; a Wishart prior over them.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from scipy.special import multigammaln

from benchmarks.case import Case, formula


class Size(NamedTuple):
    d: int
    k: int
    n: int

    @property
    def factor(self) -> int:
        """Parameters of one inverse covariance."""
        return self.d * (self.d + 1) // 2

    @property
    def inputs(self) -> int:
        return self.k * (1 + self.d + self.factor)


GAMMA, M = 1.0, 0  # parameters of the prior, as in ADBench's data


def samples(size: Size) -> Any:
    return np.random.default_rng(4).normal(0, 1, (size.n, size.d))


def point(size: Size) -> Any:
    return np.random.default_rng(5).normal(0, 0.3, size.inputs)


def constant(size: Size) -> float:
    """What does not depend on the parameters."""
    d, k, n = size
    freedom = d + M + 1
    prior = freedom * d * (math.log(GAMMA) - 0.5 * math.log(2)) - float(multigammaln(0.5 * freedom, d))
    return -n * d * 0.5 * math.log(2 * math.pi) - k * prior


def writer(size: Size) -> Any:
    data = samples(size).tolist()

    def write(ns: Any, xs: Any) -> list[Any]:
        d, k, n = size
        alphas = xs[:k]
        means = [xs[k + c * d : k + (c + 1) * d] for c in range(k)]
        start = k + k * d
        factors = [xs[start + c * size.factor : start + (c + 1) * size.factor] for c in range(k)]
        diagonals = [[ns.exp(q) for q in factor[:d]] for factor in factors]
        traces = [_sum(factor[:d]) for factor in factors]
        total = constant(size)
        for sample in data:
            terms = []
            for c in range(k):
                shifted = [sample[j] - means[c][j] for j in range(d)]
                scaled = _triangular(diagonals[c], factors[c][d:], shifted)
                terms.append(alphas[c] + traces[c] - 0.5 * _sum([s * s for s in scaled]))
            total = total + _log_sum_exp(ns, terms)
        total = total - n * _log_sum_exp(ns, alphas)
        for c in range(k):
            norm = _sum([q * q for q in diagonals[c]]) + _sum([q * q for q in factors[c][d:]])
            total = total + 0.5 * GAMMA**2 * norm - M * traces[c]
        return [total]

    return write


def _sum(terms: Any) -> Any:
    total = terms[0]
    for term in terms[1:]:
        total = total + term
    return total


def _triangular(diagonal: Any, lower: Any, v: Any) -> Any:
    """The product of a lower triangular matrix, its lower part given by columns, with a vector."""
    found = [q * x for q, x in zip(diagonal, v, strict=True)]
    at = 0
    for column in range(len(v)):
        for row in range(column + 1, len(v)):
            found[row] = found[row] + lower[at] * v[column]
            at += 1
    return found


def _log_sum_exp(ns: Any, terms: Any) -> Any:
    return ns.log(_sum([ns.exp(t) for t in terms]))


def gradient(flat: Any, size: Size) -> tuple[float, Any]:
    """Value and gradient with matrices, by hand."""
    d, k, n = size
    data = samples(size)
    alphas, means = flat[:k], flat[k : k + k * d].reshape(k, d)
    parts = flat[k + k * d :].reshape(k, size.factor)
    columns, rows = np.triu_indices(d, 1)  # indices of the lower triangle by columns
    factors = np.zeros((k, d, d))
    factors[:, rows, columns] = parts[:, d:]
    factors[:, np.arange(d), np.arange(d)] = np.exp(parts[:, :d])
    shifted = data[:, None, :] - means  # axes: n, k, d
    scaled = np.einsum("kij,nkj->nki", factors, shifted)
    terms = alphas + parts[:, :d].sum(axis=1) - 0.5 * (scaled**2).sum(axis=2)
    weights = np.exp(terms - np.logaddexp.reduce(terms, axis=1)[:, None])
    prior = 0.5 * GAMMA**2 * (factors**2).sum() - M * parts[:, :d].sum()
    value = constant(size) + np.logaddexp.reduce(terms, axis=1).sum() - n * np.logaddexp.reduce(alphas) + prior
    by_alpha = weights.sum(axis=0) - n * np.exp(alphas - np.logaddexp.reduce(alphas))
    by_mean = np.einsum("nk,kij,nki->kj", weights, factors, scaled)
    by_factor = -np.einsum("nk,nki,nkj->kij", weights, scaled, shifted) + GAMMA**2 * factors
    by_log = np.einsum("kii,kii->ki", by_factor, factors) + weights.sum(axis=0)[:, None] - M
    by_part = np.concatenate([by_log, by_factor[:, rows, columns]], axis=1)
    return float(value), np.concatenate([by_alpha, by_mean.ravel(), by_part.ravel()])


def both(size: Size) -> Any:
    value, slopes = gradient(point(size), size)
    return np.concatenate([[value], slopes])


def cases(quick: bool) -> list[Case]:
    size = Size(3, 2, 4) if quick else Size(10, 5, 100)
    name = f"d = {size.d}, k = {size.k}, n = {size.n}"
    build = formula(writer(size), size.inputs)
    return [
        Case("mixture", f"gradient, {name}", "derivatives", build, lambda: point(size),
             lambda: gradient(point(size), size)[1], rivals=("symdiff", "casadi", "symengine"),
             targets={"build + derive": 0.6, "operations": 191_000}),
        Case("mixture", f"one evaluation, {name}", "evaluation", build, lambda: point(size), lambda: both(size),
             rivals=("symdiff", "symdiff llvm", "symdiff numpy", "casadi", "casadi C"),
             targets={"µs a call": 700, "ready": 2}),
    ]  # fmt: skip
