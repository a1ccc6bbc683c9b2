"""Special functions: error functions, gamma and what is made of it, spherical Bessel functions, Lambert's W."""

from __future__ import annotations

import cmath
import importlib
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from symdiff.constants import PI
from symdiff.ops import code, special
from symdiff.ops.conditions import equal, where
from symdiff.ops.elementary import exp, sqrt
from symdiff.ops.piecewise import maximum
from symdiff.records import Operation, register


def _later(module: str, name: str) -> Callable[..., Any]:
    """A function of a module beside this one, which is imported when it is first called: few need it."""

    def function(*args: Any) -> Any:
        return getattr(importlib.import_module(f"symdiff.ops.{module}"), name)(*args)

    return function


def _of_higher_order(derivative: Any, p: Any, q: Any, x: Any, y: Any) -> tuple[Any, ...]:
    """The derivatives of a derivative of orders p and q: those of one order more."""
    return None, None, derivative(p + 1, q, x, y), derivative(p, q + 1, x, y)


def _sinc(x: Any) -> Any:
    return math.sin(x) / x if x else 1.0


def _sinc_array(x: Any) -> Any:
    return np.where(x == 0, 1.0, np.sin(x) / x)


erf: Operation = register(
    "erf", 1, lambda r, x: (2 * exp(-(x**2)) / sqrt(x._constant(PI)),), real=math.erf,
    array="scipy.special:erf", at={0: 0},
    finite=True, code="erf",
)  # fmt: skip
erfc: Operation = register(
    "erfc", 1, lambda r, x: (-2 * exp(-(x**2)) / sqrt(x._constant(PI)),), real=math.erfc,
    array=special.erfc_array, at={0: 1},
    finite=True, code="erfc",
)  # fmt: skip
gamma: Operation = register(
    "gamma", 1, lambda r, x: (r * digamma(x),), real=math.gamma, array="scipy.special:gamma", at={1: 1, 2: 1},
    latex=r"\Gamma\left({0}\right)",
    code="tgamma",
)  # fmt: skip
loggamma: Operation = register(
    "loggamma", 1, lambda r, x: (digamma(x),), array=special.loggamma_array, at={1: 0, 2: 0},
    latex=r"\log\Gamma\left({0}\right)",
    code=code.loggamma,
)  # fmt: skip
digamma: Operation = register(
    "digamma", 1, lambda r, x: (polygamma(1, x),), array=special.digamma_array, latex=r"\psi\left({0}\right)",
    code=code.digamma,
)  # fmt: skip
polygamma: Operation = register(
    "polygamma", 2, lambda r, n, x: (None, polygamma(n + 1, x)), real="symdiff.ops.hurwitz:polygamma_real",
    array="symdiff.ops.hurwitz:polygamma_array", mp=_later("hurwitz", "polygamma_mp"), highest=special.HIGHEST,
    whole=(0,), static=(0,),
    operands=("order", "operand"), latex=r"\psi^{{({0})}}\left({1}\right)",
    code=code.polygamma,
)  # fmt: skip
binomial: Operation = register(
    "binomial", 2, lambda r, n, k: (binomial_derivative(1, 0, n, k), binomial_derivative(0, 1, n, k)),
    real="symdiff.ops.gamma_quotients:binomial_real", array="symdiff.ops.gamma_quotients:binomial_array",
    exact=_later("gamma_quotients", "binomial_exact"),
    mp=_later("gamma_quotients", "binomial_mp"), operands=("n", "k"), latex=r"\binom{{{0}}}{{{1}}}",
)  # fmt: skip
binomial_derivative: Operation = register(
    "binomial_derivative", 4, lambda r, p, q, n, k: _of_higher_order(binomial_derivative, p, q, n, k),
    real="symdiff.ops.gamma_quotients:binomial_derivative_real",
    array="symdiff.ops.gamma_quotients:binomial_derivative_array",
    mp=_later("gamma_quotients", "binomial_derivative_mp"),
    sympy=_later("gamma_quotients", "binomial_derivative_sympy"), whole=(0, 1),
    static=(0, 1), highest=special.HIGHEST_MIXED, operands=("order in n", "order in k", "n", "k"),
)  # fmt: skip
beta: Operation = register(
    "beta", 2, lambda r, a, b: (beta_derivative(1, 0, a, b), beta_derivative(0, 1, a, b)), commutative=True,
    real="symdiff.ops.gamma_quotients:beta_real", array="symdiff.ops.gamma_quotients:beta_array",
    mp=_later("gamma_quotients", "beta_mp"), operands=("a", "b"),
    latex=r"\mathrm{{B}}\left({0}, {1}\right)",
)  # fmt: skip
beta_derivative: Operation = register(
    "beta_derivative", 4, lambda r, p, q, a, b: _of_higher_order(beta_derivative, p, q, a, b),
    real="symdiff.ops.gamma_quotients:beta_derivative_real", array="symdiff.ops.gamma_quotients:beta_derivative_array",
    mp=_later("gamma_quotients", "beta_derivative_mp"),
    sympy=_later("gamma_quotients", "beta_derivative_sympy"), whole=(0, 1), static=(0, 1),
    highest=special.HIGHEST_MIXED,
    operands=("order in a", "order in b", "a", "b"),
)  # fmt: skip
sinc: Operation = register(
    "sinc", 1, lambda r, x: (-spherical_jn(1, x),), real=_sinc, array=_sinc_array,
    complex=lambda x: cmath.sin(x) / x if x else 1.0, at={0: 1}, numpy="sinc (unnormalised)",
    code=code.sinc,
)  # fmt: skip
# All derivatives of sinc without its 0/0: DLMF 10.51.1 gives (2n + 1) j_n' = n j_(n-1) - (n + 1) j_(n+1).
spherical_jn: Operation = register(
    "spherical_jn", 2, lambda r, n, x: (None, _spherical_jn_slope(n, x)), array=special.spherical_jn_array,
    mp=special.spherical_jn_mp, highest=special.HIGHEST, sympy=special.spherical_jn_sympy, whole=(0,), static=(0,),
    operands=("order", "operand"), latex=r"j_{{{0}}}\left({1}\right)",
    code=code.spherical_jn,
)  # fmt: skip


def _spherical_jn_slope(n: Any, x: Any) -> Any:
    below = where(equal(n, 0), 0, spherical_jn(maximum(n - 1, 0), x))
    return (n * below - (n + 1) * spherical_jn(n + 1, x)) / (2 * n + 1)


lambertw: Operation = register(
    "lambertw", 1, lambda r, x: (exp(-r) / lambertw1p(x),), array="symdiff.ops.branch_point:lambertw_array",
    sympy="LambertW",
    at={0: 0}, latex=r"W\left({0}\right)",
    code=code.lambertw,
)  # fmt: skip
# 1 + W, of which slopes of W are made: near -1/e, where it is small, the sum would be what rounding has left of it.
lambertw1p: Operation = register(
    "lambertw1p", 1, lambda r, x: (exp(1 - r) / r,), array="symdiff.ops.branch_point:lambertw1p_array",
    mp=_later("branch_point", "lambertw1p_mp"),
    sympy=lambda sympy, x: 1 + sympy.LambertW(x), at={0: 1}, latex=r"1 + W\left({0}\right)",
    code=code.lambertw1p,
)  # fmt: skip
