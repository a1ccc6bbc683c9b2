"""Error and gamma functions by formulas, against 40 digits."""

import operator

import mpmath
import numpy as np
import pytest

from symdiff.languages import special_formulas

RELATIONS = {"<": operator.lt, ">": operator.gt, ">=": operator.ge, "==": operator.eq, "!=": operator.ne}
CALLS = {"floor": np.floor, "exp": np.exp, "log": np.log, "fabs": np.abs, "sin": np.sin, "pow": np.power}


class Numbers:
    """A builder that computes over arrays."""

    const = staticmethod(lambda value: value)
    add, sub, mul = staticmethod(operator.add), staticmethod(operator.sub), staticmethod(operator.mul)
    div, neg, select = staticmethod(np.divide), staticmethod(operator.neg), staticmethod(np.where)

    def compare(self, relation, a, b):
        return RELATIONS[relation](a, b)

    def call(self, name, *args):
        return CALLS[name](*args)


def samples(name):
    chance = np.random.default_rng(3)
    small, around = 10.0 ** chance.uniform(-290, 0, 100), chance.normal(size=150) * 1e-3
    if name in ("erf", "erfc"):
        return np.concatenate([chance.uniform(-6, 6, 500), chance.uniform(0, 26, 300), around, small])
    points = [
        chance.uniform(0, 9, 500),
        chance.uniform(0, 171, 300),
        1 + around,
        2 + around,
        small,
        np.arange(1.0, 171),
    ]
    if name == "tgamma":
        points.append(chance.uniform(-160, 0, 300))
    return np.abs(np.concatenate(points)) if name == "lgamma" else np.concatenate(points)


REFERENCES = {
    "erf": mpmath.erf,
    "erfc": mpmath.erfc,
    "tgamma": mpmath.gamma,
    "lgamma": lambda x: mpmath.log(mpmath.gamma(x)),
}


@pytest.mark.parametrize("name", REFERENCES)
def test_a_few_units_in_the_last_place(name):
    points = samples(name)
    with np.errstate(all="ignore"):
        found = getattr(special_formulas, name)(Numbers(), points)
    with mpmath.workdps(40):
        for x, got in zip(points.tolist(), found.tolist(), strict=True):
            exact = REFERENCES[name](mpmath.mpf(x))
            if abs(exact) > 2.3e-308 and abs(exact) < 1.7e308:
                assert abs(got - exact) <= 1e-15 * abs(exact), x
            elif abs(exact) >= 1.7e308:
                assert got == np.inf, x


@pytest.mark.parametrize(
    ("name", "at"),
    [
        ("erf", {0.0: 0.0, np.inf: 1.0, -np.inf: -1.0, 30.0: 1.0, np.nan: np.nan}),
        ("erfc", {0.0: 1.0, np.inf: 0.0, -np.inf: 2.0, 30.0: 0.0, np.nan: np.nan}),
        ("lgamma", {0.0: np.inf, 1.0: 0.0, 2.0: 0.0, -1.0: np.inf, np.inf: np.inf, np.nan: np.nan}),
        ("tgamma", {0.0: np.inf, 3.0: 2.0, -1.0: np.nan, -200.5: 0.0, 200.0: np.inf, np.inf: np.inf, np.nan: np.nan}),
    ],
)
def test_special_points(name, at):
    with np.errstate(all="ignore"):
        found = getattr(special_formulas, name)(Numbers(), np.array([*at]))
    np.testing.assert_array_equal(found, [*at.values()])


def test_the_sign_of_zero():
    with np.errstate(all="ignore"):
        assert special_formulas.tgamma(Numbers(), np.array([-0.0])) == -np.inf
        assert np.signbit(special_formulas.erf(Numbers(), np.array([-0.0])))
