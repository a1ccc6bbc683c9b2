"""An algebra of one's own: the intervals of CONTRIBUTING.md, in every mode and beside every other algebra."""

import doctest
import math
import re
import types
from fractions import Fraction
from pathlib import Path

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import symdiff as sd
from symdiff import ops
from symdiff.arithmetic import Arithmetic
from symdiff.errors import SymdiffTypeError
from symdiff.modes.backpropagation import node_adjoints
from symdiff.records import Rank, register_algebra

PAGE = (Path(__file__).parents[2] / "CONTRIBUTING.md").read_text(encoding="utf-8")
CODE, EXAMPLE = re.findall(r"```python\n(.*?)```", PAGE[PAGE.index("## An algebra is one file") :], re.DOTALL)[:2]

intervals = types.ModuleType("intervals")
exec(compile(CODE, "CONTRIBUTING.md", "exec"), vars(intervals))  # as the page has it
Interval = intervals.Interval

x, y = sd.variables("x y")
FORMULAS = [
    sd.pi * x / 3 + sd.e,
    sd.sin(sd.pi * x / 6) + x**2 / 3,
    x * y - y / (x + 2) + Fraction(1, 7),
    sd.exp(-(x**2)) * sd.cos(y) - 0.1,
    sd.log2(x + 3) * sd.erf(y) + sd.log10(y + 4),
    2**x + (x + 2) ** 2.5 + (y + 2) ** Fraction(1, 3) + (x + 2) ** y,
    sd.where(x > 3, sd.sqrt(x), sd.atan(x) / 3) + y**-2 * 0.7,
    sd.sqrt(x + Fraction(4, 3)) ** 3 / sd.pi,
]


def holds(interval, value):
    """Whether an enclosure is one, and not without bounds."""
    if not isinstance(interval, Interval):
        return interval == value
    return interval.low <= value <= interval.high and math.isfinite(interval.low + interval.high)


def about(value, radius):
    return Interval(value - radius, value + radius)


def precise(expr, at):
    with mpmath.workdps(50):
        return +mpmath.mpmathify(expr.evaluate({v: mpmath.mpf(number) for v, number in at.items()}))


def test_the_example_of_the_page():
    names = {"sd": sd, "Interval": Interval}
    example = doctest.DocTestParser().get_doctest(EXAMPLE, names, "CONTRIBUTING.md", "CONTRIBUTING.md", 0)
    assert len(example.examples) >= 5
    report = []
    assert doctest.DocTestRunner().run(example, out=report.append).failed == 0, "".join(report)


points = st.tuples(st.floats(-1, 1), st.floats(0.5, 2), st.sampled_from([0.0, 1e-9, 0.01]))


@pytest.mark.parametrize("f", FORMULAS, ids=str)
@settings(deadline=None, max_examples=30)
@given(point=points)
def test_every_mode_encloses(f, point):
    """Value and derivatives at 50 digits, at the middle of the intervals, lie in what each method finds."""
    a, b, radius = point
    box = {x: about(a, radius), y: about(b, radius)}
    at = {x: a, y: b}
    value, gradient = precise(f, at), {v: precise(f.gradient(v), at) for v in (x, y)}
    second = precise(f.diff(x, 2), at)
    assert holds(f.evaluate(box), value)
    swept = f.backpropagate(box)
    for v, wanted in gradient.items():
        assert holds(f.gradient(v).evaluate(box), wanted)
        if v in f.variables:
            assert holds(swept[v], wanted)
        dual = f.evaluate({u: sd.DualNumber(box[u], int(u == v)) for u in (x, y)})
        assert holds(dual.value, value)
        assert holds(dual.eps, wanted)
    series = f.evaluate({**box, x: sd.TaylorSeries([box[x], 1, 0])}).coefficients
    assert holds(series[0], value)
    assert holds(series[1], gradient[x])
    assert holds(2 * series[2], second)
    nested = f.evaluate({**box, x: sd.DualNumber(sd.DualNumber(box[x], 1), 1)}).eps
    assert holds(nested.eps if isinstance(nested, sd.DualNumber) else 0, second)
    mixed = f.evaluate({**box, x: sd.DualNumber(sd.TaylorSeries([box[x], 1]), 1)}).eps
    assert holds(mixed.coefficients[1] if isinstance(mixed, sd.TaylorSeries) else 0, second)


def test_constants_are_lifted_before_they_meet():
    third = (sd.pi / 3 * x).evaluate({x: Interval(1)})
    with mpmath.workdps(50):
        assert third.low < mpmath.pi / 3 < third.high
    assert (sd.Const(Fraction(1, 3)) + x).evaluate({x: Interval(0)}).low < Fraction(1, 3)
    (only,) = (sd.pi / 3 * x).evaluate({x: np.array([Interval(1)], dtype=object)})
    assert (only.low, only.high) == (third.low, third.high)


@pytest.mark.parametrize("number", [2, 2.5, True, Fraction(1, 3), np.float64(0.5), np.int64(3), sd.pi.value])
def test_numbers_on_either_side(number):
    a = Interval(1, 2)
    exactly = Fraction(number) if not hasattr(number, "name") else Fraction(math.pi)
    assert (ops.add(a, number)).low <= 1 + exactly <= (ops.add(number, a)).high
    assert holds(ops.sub(number, a), exactly - 1)
    assert holds(ops.sub(a, number), 1 - exactly)


@pytest.mark.parametrize(
    "carrier", [lambda: sd.DualNumber(3.0, 1.0), lambda: sd.TaylorSeries([3.0, 1.0, 0.0])], ids=["dual", "series"]
)
def test_a_carrier_answers_on_either_side(carrier):
    a = Interval(1, 2)
    b = Interval(3.5, 4)
    for result in (carrier() * a, a * carrier(), carrier() / a, a - carrier(), carrier() ** b, a ** carrier()):
        assert type(result) is type(carrier())
        assert isinstance(result.main, Interval)


def test_a_constant_beside_a_carrier_of_intervals_is_lifted():
    """The slope of 2**x is 2**x*log(2), of which no float knows all."""
    for found in ((2 ** sd.DualNumber(Interval(0), 1)).eps, (2 ** sd.TaylorSeries([Interval(0), 1])).coefficients[1]):
        with mpmath.workdps(50):
            assert found.low < mpmath.log(2) < found.high


def test_python_functions_of_intervals():
    slope = sd.derivative(lambda t: np.sin(t) * t / 3, Interval(1, 2))
    assert holds(slope, precise(sd.sin(x) * x / 3, {x: 1.5}) * 0 + precise((sd.sin(x) * x / 3).gradient(x), {x: 1.5}))
    first, second = sd.gradient(lambda s, t: s * t + t**2, Interval(1, 2), 3.0)
    assert holds(first, 3)
    assert holds(second, 7.5)


def test_seeds_and_adjoints_are_of_the_algebra():
    root, *below = node_adjoints(sd.sin(x) / 3, {x: Interval(1, 2)}).values()
    assert root == 1.0  # which is exact, and enters the algebra where it meets an interval
    assert all(isinstance(adjoint, Interval) for adjoint in below)
    assert holds((x / 3).backpropagate({x: Interval(1, 2)}, seed=Fraction(1, 3))[x], Fraction(1, 9))


def test_a_condition_may_be_open():
    """Then both branches count, in values and in slopes."""
    f = sd.where((x > 1) & (y > 1), 2 * x, -y)
    for at, slopes in (((2, 3), {2}), ((0, 0.5), {0}), ((0, 3), {0, 2})):
        point = {x: Interval(*at), y: Interval(4)}
        values = {2 * v if v > 1 else -4 for v in at}
        for found, wanted in (
            (f.evaluate(point), values),
            (f.gradient(x).evaluate(point), slopes),
            (f.backpropagate(point)[x], slopes),
            (f.evaluate({**point, x: sd.DualNumber(point[x], 1)}).eps, slopes),
            (f.evaluate({**point, x: sd.TaylorSeries([point[x], 1])}).coefficients[1], slopes),
        ):
            assert all(holds(found, v) for v in wanted)
            assert found.high - found.low < 3 * len(slopes) * len(slopes)
    assert holds(sd.where(sd.Const(True), x, y).evaluate({x: Interval(1), y: Interval(2)}), 1)


def test_conditions_may_be_bools():
    """An algebra decides by its lift."""

    class Plain(Arithmetic):
        def __init__(self, value):
            self.value = value

    def apply(op, args):
        values = [a.value if isinstance(a, Plain) else a for a in args]
        return op(*values) if op.boolean else Plain(op(*values))

    register_algebra(Plain, Rank.VALUE, apply, lift=lambda c: c if isinstance(c, bool) else Plain(float(c)))
    f = sd.where((x > 1) & (y < 3), sd.sin(x) / 3, y**2)
    for a in (0.5, 2.0):
        assert f.evaluate({x: Plain(a), y: Plain(2.0)}).value == f.evaluate({x: a, y: 2.0})
        assert f.backpropagate({x: Plain(a), y: Plain(2.0)}).keys() == {x, y}


def test_what_does_not_mix():
    class Other(Arithmetic):
        pass

    register_algebra(Other, Rank.VALUE, lambda op, args: args[0], lift=lambda value: Other())
    with pytest.raises(SymdiffTypeError, match="add can't mix Interval and Other"):
        Interval(1) + Other()
    with pytest.raises(SymdiffTypeError, match="mul can't mix Interval and Var"):
        Interval(1) * x
    with pytest.raises(SymdiffTypeError, match="Interval can't hold the constant 1j"):
        (x + 1j).evaluate({x: Interval(1)})
    with pytest.raises(SymdiffTypeError, match="gamma has no rule for intervals"):
        sd.gamma(x).evaluate({x: Interval(1)})


@pytest.mark.parametrize(("old", "rank"), [(3, "VALUE"), (1, "VALUE"), (17, "VALUE"), (2, "CARRIER"), (0, "NUMBER")])
def test_old_ranks_are_taken_with_a_warning_that_names_the_new(old, rank):
    class Mine(Arithmetic):
        def __init__(self, value):
            self.value = value

    def apply(op, args):
        return Mine(op(*[a.value if isinstance(a, Mine) else a for a in args]))

    with pytest.warns(DeprecationWarning, match=rf"register_algebra\(Mine, Rank\.{rank}, …\)") as caught:
        register_algebra(Mine, old, apply)
    assert caught[0].filename == __file__
    assert (Mine(2.0) * 3).value == 6.0
    if rank == "VALUE":  # 3 as much as 1: above carriers, nothing composes
        dual = (x**2 / 3).evaluate({x: sd.DualNumber(Mine(2.0), 1)})
        assert (dual.value.value, dual.eps.value) == (4 / 3, 4 / 3)


@pytest.mark.parametrize("rank", ["VALUE", True, None, 1.0])
def test_a_rank_that_is_none(rank):
    with pytest.raises(SymdiffTypeError, match=r"a symdiff\.records\.Rank"):
        register_algebra(type("Mine", (Arithmetic,), {}), rank, lambda op, args: args[0])


def test_ranks_are_in_order():
    assert Rank.NUMBER < Rank.VALUE < Rank.CARRIER


def test_without_a_lift_apply_gets_constants_as_they_are():
    seen = []

    class Raw(Arithmetic):
        pass

    register_algebra(Raw, Rank.VALUE, lambda op, args: seen.append(args) or args[0])
    (x * Fraction(1, 3)).evaluate({x: Raw()})
    assert [Fraction(1, 3) in args for args in seen] == [True]
