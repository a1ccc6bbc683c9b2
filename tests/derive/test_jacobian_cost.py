"""What ways to a Jacobian cost, and chains of maps by every bracketing."""

from __future__ import annotations

import ast
import functools
import math
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shared_graphs import steady

import symdiff as sd
from symdiff.modes import budgets


def total(exprs):
    return sum(sd.count_ops(exprs).values())


@pytest.mark.parametrize("size", [4, 30])
def test_counts_are_those_of_the_modes(size):
    def build():
        v = sd.variables("v", size)
        s = (v * v[0]).sum()
        return [sd.exp(s), sd.sin(s) * v[1], s / v[2]], v

    with sd.Graph():
        table = sd.cost(*build())
    assert table.exact
    for mode in ("forward", "reverse", "elimination"):
        with sd.Graph():
            fs, v = build()
            slopes = sd.jacobian(fs, v, mode=mode)
            assert getattr(table, mode) == total([fs, slopes])
            assert table.value == total(fs)
    assert table.operations == min(table.forward, table.reverse, table.elimination) == getattr(table, table.best)
    assert table.best in str(table)
    assert "least" in str(table)


def test_large_graphs_are_counted_on_their_structure():
    v = sd.variables("v", 600)
    fs = [np.prod(np.sin(v)), (v**3).sum()]
    table = sd.cost(fs, v)
    assert not table.exact
    assert "estimated" in str(table)
    assert table.best != "forward"
    for mode in ("reverse", "elimination"):
        with sd.Graph():
            v = sd.variables("v", 600)
            fs = [np.prod(np.sin(v)), (v**3).sum()]
            assert getattr(table, mode) == pytest.approx(total([fs, sd.jacobian(fs, v, mode=mode)]), rel=0.15)


def peak(f):
    tracemalloc.start()
    f()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


@pytest.mark.parametrize("many", ["variables", "results"])
def test_products_of_many_variables_are_counted_in_linear_memory(many):
    def build(n):
        with sd.Graph():
            v = sd.variables("v", n)
            return (np.prod(v), v) if many == "variables" else (list(np.cumprod(v)), v[:1])

    built = [build(n) for n in (1000, 2000, 4000)]
    peaks = [peak(lambda fs=fs, v=v: sd.cost(fs, v)) for fs, v in built]
    assert peaks[1] < 2.5 * peaks[0]
    assert peaks[2] < 2.5 * peaks[1]


def test_forward_mode_of_a_product_is_counted_whole_however_long():
    v = sd.variables("v", 16_000)
    table = sd.cost(np.prod(v), v)
    assert table.forward == 16_000 * 16_001 // 2 - 2
    assert table.reverse == 3 * 16_000 - 5
    assert table.best == "reverse"


def test_what_takes_too_long_to_count_is_left_out(monkeypatch):
    v = sd.variables("v", 400)
    f = np.prod(v) * (v**2).sum()
    assert isinstance(sd.cost(f, v).forward, int)
    monkeypatch.setattr(budgets, "COST_PAIRS", 20_000)
    table = sd.cost(f, v)
    assert table.forward is None
    assert table.best == "reverse"
    assert "forward was not counted" in str(table)
    monkeypatch.setattr(budgets, "COST_PAIRS", 100)
    with pytest.raises(sd.SymdiffValueError, match="1 expressions by 400 variables costs takes more than 100 steps"):
        sd.cost(f, v)


def test_few_inputs_go_forward_few_results_backward():
    x = sd.Var("x")
    v = sd.variables("v", 20)
    assert sd.cost([sd.sin(k * x) for k in range(20)], x).best == "forward"
    assert sd.cost(sd.sin(v.prod()), v).reverse < sd.cost(sd.sin(v.prod()), v).forward
    assert sd.cost(x * v[0]).value == 1


def test_counting_leaves_the_graph_as_it_is():
    with sd.Graph() as graph:
        v = sd.variables("v", 8)
        f = [v.prod(), sd.sin(v.sum())]
        before = len(graph)
        sd.cost(f, v)
        assert len(graph) == before


@pytest.mark.parametrize(
    ("args", "options"),
    [((), {}), ((1, 2), {"shapes": [1, 2]}), ((), {"shapes": [2]}), ((), {"shapes": [(2, 3), (4, 5)]}),
     ((), {"shapes": [(2, 3), 4]}), ((), {"shapes": [1.5, 2]}), ((), {"shapes": [0, 2]})],
)  # fmt: skip
def test_bad_input_is_refused(args, options):
    with pytest.raises(sd.SymdiffError):
        sd.cost(*args, **options)


# -- chains ------------------------------------------------------------------------------


def test_the_textbook_chain():
    chain = sd.chain_cost(10, 30, 5, 60)
    assert chain.bracketings == {"J3*(J2*J1)": 10 * 30 * 5 + 10 * 5 * 60, "(J3*J2)*J1": 30 * 5 * 60 + 10 * 30 * 60}
    assert (chain.best, chain.operations, chain.forward, chain.reverse) == ("J3*(J2*J1)", 4500, 4500, 27000)
    assert sd.cost(shapes=[10, 30, 5, 60]) == chain == sd.cost(shapes=[(30, 10), (5, 30), (60, 5)])
    assert "4500" in str(chain)


def test_meeting_in_the_middle():
    chain = sd.chain_cost(50, 50, 1, 50, 50)
    assert chain.best == "(J4*J3)*(J2*J1)"
    assert chain.operations < min(chain.forward, chain.reverse)


def test_short_chains():
    assert sd.chain_cost(3, 4).bracketings == {"J1": 0}
    assert sd.chain_cost(3, 4, 5).bracketings == {"J2*J1": 60}


@settings(steady, max_examples=40)
@given(st.lists(st.integers(1, 9), min_size=2, max_size=8))
def test_all_bracketings_are_there_and_the_best_is_best(d):
    chain = sd.chain_cost(*d)
    n = len(d) - 1
    assert len(chain.bracketings) == math.comb(2 * n - 2, n - 1) // n
    assert chain.operations == min(chain.bracketings.values()) == chain.bracketings[chain.best]
    assert {chain.forward, chain.reverse} <= set(chain.bracketings.values())
    matrices = {f"J{k + 1}": _Counted(d[k + 1], d[k]) for k in range(n)}
    for text, count in chain.bracketings.items():
        _Counted.multiplications = 0
        product = eval(text, dict(matrices))
        assert (product.rows, product.columns) == (d[-1], d[0])
        assert _Counted.multiplications == count
    from symdiff.derive.jacobian_chain import _best_bracketing

    assert _best_bracketing(d)[0] == chain.operations
    assert chain.bracketings[_best_bracketing(d)[1]] == chain.operations


class _Counted:
    """A matrix that only counts what its product costs."""

    multiplications = 0

    def __init__(self, rows, columns):
        self.rows, self.columns = rows, columns

    def __mul__(self, other):
        assert self.columns == other.rows
        _Counted.multiplications += self.rows * self.columns * other.columns
        return _Counted(self.rows, other.columns)


def test_long_chains_are_not_listed():
    chain = sd.chain_cost(*range(2, 42))
    assert list(chain.bracketings) == [chain.best]
    assert chain.operations == chain.forward


def cheapest(d):
    """The least multiplications of a chain, by memory alone."""

    @functools.cache
    def least(a, b):
        return min((least(a, m) + least(m, b) + d[a] * d[m] * d[b] for m in range(a + 1, b)), default=0)

    return least(0, len(d) - 1)


def multiplications(text, d):
    """What a bracketing costs, read from its text."""
    stretches = {f"J{k + 1}": (k, k + 1) for k in range(len(d) - 1)}
    total = 0

    def cost(node):
        nonlocal total
        if isinstance(node, ast.Name):
            return stretches[node.id]
        (m, b), (a, n) = cost(node.left), cost(node.right)
        assert n == m
        total += d[a] * d[m] * d[b]
        return a, b

    assert cost(ast.parse(text, mode="eval").body) == (0, len(d) - 1)
    return total


@pytest.mark.parametrize("scale", [1, 10**15])
def test_long_chains_have_the_bracketing_that_their_text_says(scale):
    rng = np.random.default_rng(3)
    d = [int(k) * scale for k in rng.integers(1, 50, size=31)]
    chain = sd.chain_cost(*d)
    assert chain.operations == cheapest(tuple(d)) == multiplications(chain.best, d)


def test_chains_that_would_take_for_ever_are_an_error():
    assert sd.chain_cost(*[3] * 301).operations == 299 * 27
    with pytest.raises(sd.SymdiffValueError, match=r"bracketings of 100,000 maps take [\d,]+ steps"):
        sd.chain_cost(*[3] * 100_001)
