"""Numbers that carry derivatives belong to a level: what is kept from a sweep that is over is no constant."""

from __future__ import annotations

import functools
import pickle

import numpy as np
import pytest

import symdiff as sd


def test_a_function_in_a_cache_is_an_error_that_names_caches():
    cached = functools.lru_cache(lambda x: x * x)
    with pytest.raises(sd.SymdiffTypeError, match=r"functools\.lru_cache"):
        sd.derivative(cached, 3.0)
    for mode in (sd.gradient, sd.jacobian, sd.hessian, sd.derivative):
        with pytest.raises(sd.SymdiffTypeError, match=r"functools\.lru_cache"):
            mode(functools.lru_cache(lambda v: v[0] * v), np.array([1.0, 2.0]))
    for number in (sd.DualNumber(1, 2), sd.TaylorSeries([1, 2])):
        with pytest.raises(sd.SymdiffTypeError, match="key of a dictionary"):
            hash(number)


def keeping(kept):
    """A closure that keeps an intermediate result of its first call."""

    def function(x):
        if not kept:
            kept.append(x * x)
        return kept[0] * x

    return function


@pytest.mark.parametrize("order", [1, 2])
def test_intermediate_results_of_an_earlier_derivative_are_an_error(order):
    function = keeping([])
    assert sd.derivative(function, 3.0, order=order) == {1: 27.0, 2: 18.0}[order]
    with pytest.raises(sd.SymdiffValueError, match="kept from an earlier derivative"):
        sd.derivative(function, 3.0, order=order)
    alone = []
    sd.derivative(keeping(alone), 3.0)
    for mode in (sd.derivative, sd.gradient, sd.jacobian, sd.hessian):
        with pytest.raises(sd.SymdiffValueError, match="kept from an earlier derivative"):
            mode(lambda x: alone[0], 3.0)
        with pytest.raises(sd.SymdiffValueError, match="kept from an earlier derivative"):
            mode(lambda x: alone[0] + x, 3.0)


@pytest.mark.parametrize("mode", [sd.derivative, sd.gradient, sd.jacobian, sd.hessian])
@pytest.mark.parametrize(
    "choice",
    [
        lambda x, k: np.maximum(x, k), lambda x, k: sd.where(x > 0, k, x), lambda x, k: sd.where(x < 0, x, 2 * k),
        lambda x, k: sd.minimum(k, 100 * x), lambda x, k: np.clip(k, x - 9, x + 9), lambda x, k: x * sd.sign(k) + k - k,
        lambda x, k: 0 * x + k, lambda x, k: np.max(np.stack([x, k])), lambda x, k: [k, x][0],
    ],
)  # fmt: skip
def test_a_number_kept_from_an_earlier_derivative_is_an_error_where_it_is_chosen(mode, choice):
    """Of what is chosen by its value no tangent of the running sweep is left, and it counted as a constant."""
    kept = []
    mode(lambda x: [kept.append(x * x), x][1], 3.0)
    with pytest.raises(sd.SymdiffValueError, match="kept from an earlier derivative"):
        mode(lambda x: choice(x, kept[0]), 3.0)


def test_a_hessian_of_few_variables_is_one_sweep():
    function = keeping([])
    assert sd.hessian(lambda x, y: function(x) + y, 1.0, 2.0).tolist() == [[6.0, 0.0], [0.0, 0.0]]
    with pytest.raises(sd.SymdiffValueError, match="kept from an earlier derivative"):
        sd.hessian(lambda x, y: function(x) + y, 1.0, 2.0)


def test_a_sweep_that_fails_is_over_too():
    kept = []

    def fails(x):
        kept.append(x)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        sd.derivative(fails, 2.0)
    with pytest.raises(sd.SymdiffValueError, match="kept from an earlier derivative"):
        sd.derivative(lambda x: x * kept[0], 2.0)


def test_ones_own_level_is_found_inside_numbers_that_users_make():
    """d/dx of `x d` at d = 5 + 1ε, whose value and tangent are x times those of d."""
    found = sd.derivative(lambda x: x**2 * sd.DualNumber(5.0, 1.0), 3.0)
    assert (found.value, found.eps) == (30.0, 6.0)
    found = sd.derivative(lambda x: x * sd.DualNumber(x, 1.0), 3.0)  # (x + ε) x: its derivative is 2 x + ε
    assert (found.value, found.eps) == (6.0, 1.0)
    found = sd.derivative(lambda x: sd.DualNumber(x, 1.0) ** 3, 2.0, order=2)  # x**3 + 3 x**2 ε
    assert (found.value, found.eps) == (12.0, 6.0)
    (found,) = sd.gradient(lambda v: sd.DualNumber(v[0], 1.0) * v[1], np.array([3.0, 4.0]))
    assert [(d.value, d.eps) for d in found] == [(4.0, 0.0), (3.0, 1.0)]
    found = sd.derivative(lambda x: sd.TaylorSeries([x, 1.0, 0.0]) ** 3, 2.0)
    assert found.coefficients == [12.0, 12.0, 3.0]


def test_levels_of_users_are_apart_from_those_of_inner_derivatives():
    """d/dy of (x + ε) y is x + ε, at x = 3: nothing of y."""
    found = sd.derivative(lambda x: sd.derivative(lambda y: sd.DualNumber(x, 1.0) * y, 5.0), 3.0)
    assert (found.value, found.eps) == (1.0, 0.0) if isinstance(found, sd.DualNumber) else found == 1.0
    assert sd.derivative(lambda x: (sd.DualNumber(x, 1.0) * sd.derivative(lambda y: x * y * y, x)).eps, 3.0) == 12.0


def test_levels_of_users_never_finish():
    d = sd.DualNumber(2.0, 1.0)
    for _ in range(2):
        found = sd.derivative(lambda x: x * d, 3.0)
        assert (found.value, found.eps) == (2.0, 1.0)
    assert pickle.loads(pickle.dumps(d)).level == d.level


def test_nothing_grows_with_the_number_of_sweeps():
    from symdiff.algebra import perturbation

    sd.hessian(lambda x, y: x * y, 1.0, 2.0)
    assert not perturbation._running


def test_the_third_of_a_dual_number_is_no_level():
    for made in (lambda: sd.DualNumber(1, 2, 3), lambda: sd.TaylorSeries([1, 2], 3)):
        with pytest.raises(TypeError, match="positional"):
            made()
    for level in (0, -1, 1.5, True, "1"):
        with pytest.raises(sd.SymdiffError, match="level of nested derivatives"):
            sd.DualNumber(1, 2, level=level)


def test_values_of_order_zero():
    assert sd.derivative(lambda x: x**3, 2.0, order=0) == 8.0
    assert sd.derivative(np.exp, np.zeros(2), order=0).tolist() == [1.0, 1.0]
    assert sd.derivative(lambda x: sd.derivative(lambda y: x * y, 5.0, order=0), 2.0) == 5.0
