"""How sums and products of SymPy are put together: small ones as printed, large ones so that they share."""

from __future__ import annotations

import random

import mpmath
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

import symdiff as sd

a, b, c, x, y, z = symbols = sympy.symbols("a b c x y z")
SUM = sum(sympy.cos(k * z) for k in range(60))  # makes an expression a large one


def count(exprs):
    return sum(sd.count_ops(exprs).values())


@pytest.mark.parametrize("text", ["a*y + x + 1", "x*sin(z)/(a + b)", "a*b*x/c", "-a*x/(b + x)", "x/(y*(x + 1))"])
def test_small_expressions_read_as_they_print(text):
    assert str(sd.from_sympy(sympy.sympify(text))) == text


def test_what_large_sums_and_products_have_in_common_is_one_node():
    u, v = sympy.sin(x + y), sympy.exp(x * y)
    alone = count(sd.from_sympy([a * b + SUM, u, v]))
    assert count(sd.from_sympy([a * b + SUM, a * b * u, a * b * v])) == alone + 2
    alone = count(sd.from_sympy([a + b + SUM, u, v]))
    assert count(sd.from_sympy([a + b + SUM, a + b + u, a + b + v])) <= alone + 2
    pivot = a + b + x
    alone = count(sd.from_sympy([SUM * u / pivot, v]))
    assert count(sd.from_sympy([SUM * u / pivot, v * SUM / pivot])) == alone + 1


def test_expressions_read_one_by_one_share_as_those_read_together():
    matrix = sympy.Matrix(4, 4, lambda i, j: sympy.sin(symbols[i] * symbols[j]) + (i == j) * 3 + symbols[i])
    solved = list(matrix.LUsolve(sympy.Matrix([sympy.exp(s) for s in symbols[:4]])))
    one_by_one = [sd.from_sympy(e) for e in solved]
    together = sd.from_sympy(solved)
    assert count(one_by_one) == count(together)
    assert count([one_by_one, sd.jacobian(one_by_one, symbols[:4])]) < 500
    assert [sd.to_sympy(e) for e in together] == solved


def grown(kind, parts, exponent):
    """An expression of others."""
    if kind == "quotient":
        return sympy.Mul(*parts[1:]) / (1 + parts[0] ** 2)
    if kind == "power":
        return (1 + parts[0] ** 2) ** exponent
    return {
        "sum": sympy.Add(*parts),
        "difference": parts[0] - sympy.Add(*parts[1:]),
        "product": sympy.Mul(*parts),
        "sin": sympy.sin(parts[0]),
    }[kind]


@settings(derandomize=True, database=None, max_examples=30, deadline=None)
@given(st.integers(0, 10**9))
def test_large_expressions_keep_their_value_and_come_back(seed):
    draw = random.Random(seed)
    pool = [*symbols, sympy.Rational(2, 3), sympy.Integer(-2)]
    for _ in range(30):
        parts = [draw.choice(pool[-12:]) for _ in range(draw.randint(2, 4))]
        kind = draw.choice(["sum", "sum", "difference", "product", "quotient", "power", "sin"])
        made = grown(kind, parts, draw.choice([-2, -1, sympy.Rational(-1, 2), 2]))
        pool.extend([made] if sympy.count_ops(made) < 2000 else [])
    expr = pool[-1] + a * SUM
    found = sd.from_sympy(expr)
    point = dict(zip(symbols, (0.3, -0.7, 1.1, 0.6, -0.2, 0.9), strict=True))
    with mpmath.mp.workdps(300):
        wanted = sympy.lambdify(symbols, expr, "mpmath", cse=True)(*map(mpmath.mpf, point.values()))
        value = found.evaluate({s: mpmath.mpf(p) for s, p in point.items()})
        assert abs(value - wanted) <= mpmath.mpf(10) ** -30 * max(1, abs(wanted))
    assert sympy.count_ops(sd.to_sympy(found)) <= sympy.count_ops(expr) + 2


def test_trees_too_large_for_a_float_are_read_too():
    expr = x
    for k in range(1500):
        expr = sympy.Add(expr, sympy.Mul(expr, symbols[k % 3], evaluate=False), evaluate=False)
    assert count(sd.from_sympy(expr)) == 3000
