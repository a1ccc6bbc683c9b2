"""What crosscheck calls right is right, and what it cannot judge it says it cannot judge."""

import dataclasses
import gc
import itertools
import math
import subprocess
import sys
import time
import tracemalloc
import weakref
from functools import cache

import mpmath
import numpy as np
import pytest
from support import stable

import symdiff as sd
from symdiff.check import bounds, methods
from symdiff.check.reference import Differences

X, Y = sd.variables("x y")
LOG = {"real": np.log, "array": np.log, "mp": "log"}


@cache  # a name is taken for the life of the process
def wrong_log(precise, /):
    """log(x) with the slope 2/x; with a value for mpmath numbers or without."""
    name = "trust_log" if precise else "trust_log_of_floats"
    return sd.operation(name, LOG if precise else np.log, lambda r, x: 2 / x)


# -- wrong gradients are found whatever is added to them ------------------------------------


@pytest.mark.parametrize("precise", [True, False], ids=["with mpmath", "without"])
@pytest.mark.parametrize(
    ("make", "at"),
    [
        (lambda bad: Y**2 + bad(X), {X: 1e3, Y: 1e10}),
        (lambda bad: 1e16 + bad(X), {X: 2.0}),
        (lambda bad: bad(X), {X: 1e14}),
        (lambda bad: (bad(X) + 1e8 * Y) - 1e8 * Y, {X: 0.5, Y: 3.0}),
        (lambda bad: bad(X) * 1e-200, {X: 3.0}),
        (lambda bad: bad(X), {X: 1e-200}),
    ],
    ids=["beside a square", "beside 1e16", "at 1e14", "cancelled further out", "tiny", "at 1e-200"],
)
def test_a_wrong_slope_is_hidden_by_nothing(precise, make, at):
    report = sd.crosscheck(make(wrong_log(precise)), at)
    assert not report.ok
    assert report.disagree
    assert report.fault is not None
    assert report.fault.node.op.name == wrong_log(precise).name


def test_an_operation_is_judged_alone():
    """Floats see nothing of log(2) beside 1e16, but of log alone they do."""
    report = sd.crosscheck(1e16 + wrong_log(False)(X), {X: 2.0}, order=1)
    (row,) = report.disagree
    assert row.method == "alone"
    assert row.quantity == "∂trust_log_of_floats/∂operand"
    assert row.note == "at operand = 2.0"
    assert row.value == 1.0
    assert row.reference == pytest.approx(0.5, rel=1e-6)
    assert "WRONG" in str(report)


# -- the reference ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("f", "at", "right"),
    [
        (sd.log(X), 1e40, lambda x: 1 / x),
        (X**2 * 1e-200, 1e200, lambda x: 2 * x * mpmath.mpf(1e-200)),
        (sd.sech(X), 300.0, lambda x: -mpmath.sech(x) * mpmath.tanh(x)),
        (sd.erf(X), 12.0, lambda x: 2 * mpmath.exp(-(x**2)) / mpmath.sqrt(mpmath.pi)),
        (sd.sin(X), 1e100, mpmath.cos),
        (sd.atan(X), 1e100, lambda x: 1 / (1 + x**2)),
        (sd.exp(-(X**2)), 20.0, lambda x: -2 * x * mpmath.exp(-(x**2))),
        ((1 + X) - 1, 1e-100, lambda x: 1),
        (X**2 + X * 1e-100, 0.0, lambda x: mpmath.mpf(1e-100)),
        (sd.sin(X * 1e200), 0.0, lambda x: mpmath.mpf(1e200)),
        (sd.cos(X), 0.0, lambda x: 0),
        (X**2 * 1e300, 0.0, lambda x: 0),
        (X * sd.abs(X), 0.0, lambda x: 0),
    ],
    ids=stable,
)
def test_the_reference_is_right_relative_to_the_true_value(f, at, right):
    report = sd.crosscheck(f, {X: at}, order=1)
    row = next(row for row in report.rows if row.method == "50 digits" and row.quantity == "∂f/∂x")
    with mpmath.workdps(400):
        true = mpmath.mpmathify(right(mpmath.mpf(at)))
        assert abs(row.value - true) <= 1e-45 * abs(true)


def test_differences_of_a_function_are_right_to_fifty_digits():
    found = Differences(lambda values: mpmath.exp(values[0]) / values[1], (0.7, 1e-30), 2, 120)
    with mpmath.workdps(70):
        right = -mpmath.exp(mpmath.mpf(0.7)) / mpmath.mpf(1e-30) ** 2
        assert abs(found.of((0, 1)).value / right - 1) < 1e-45


def test_second_derivatives_of_the_wrong_sign_are_shown():
    """1/cosh(x) far out, as it was: right at 50 digits, wrong for floats. Right today or shown as wrong."""
    report = sd.crosscheck(sd.sech(X), {X: 300.0})
    second = {row.method: row for row in report.rows if row.quantity == "∂²f/∂x²"}
    right = float(second["50 digits"].value)
    assert math.isclose(right, 1.0296400444824028e-130, rel_tol=1e-12)
    for row in [row for name, row in second.items() if name != "differences"]:
        assert row.ok == (row.value is None or math.isclose(float(row.value), right, rel_tol=1e-9)), row


# -- the right one is not blamed --------------------------------------------------------------


@pytest.mark.parametrize(
    ("f", "at"),
    [
        (sd.erf(Y) - sd.erf(X), {X: 6.0, Y: 7.0}),
        (X - 3 * sd.floor(X / 3), {X: 1e17}),
        (sd.tanh(X) * Y, {X: 400.0, Y: 3.0}),
        (sd.log1p(X), {X: 1e-300}),
        (sd.logaddexp(X, Y), {X: 0.0, Y: -300.0}),
    ],
    ids=str,
)
def test_a_method_that_can_not_judge_says_so(f, at):
    report = sd.crosscheck(f, at).raise_if_wrong()
    assert report.ok
    unable = [row for row in report.rows if row.method in methods.OUTSIDE and row.error is None]
    assert unable
    assert all(row.note for row in unable)


def test_a_function_with_the_period_of_the_step_is_not_blamed():
    """Central differences with a step of whole periods see none of it, twice."""
    wave = sd.operation("trust_wave", lambda x: np.sin(2 * np.pi * x), lambda r, x: 2 * sd.pi * sd.cos(2 * sd.pi * x))
    report = sd.crosscheck(wave(X), {X: 1e6 + 0.25}, order=1)
    assert not report.disagree
    assert [row.quantity for row in report.unjudged] == ["∂f/∂x"]
    assert not report.ok


# -- the stated exception ---------------------------------------------------------------------


@pytest.mark.parametrize("at", [10.0, 20.0, -30.0])
def test_tanh_is_the_stated_exception(at):
    report = sd.crosscheck(sd.tanh(X), {X: at}, order=1)
    assert report.ok
    row = next(row for row in report.rows if row.method == "symbolic" and row.quantity == "∂f/∂x")
    true = next(row for row in report.rows if row.method == "50 digits" and row.quantity == "∂f/∂x").value
    assert row.error == pytest.approx(float(abs(row.value - true) / true))  # relative, as large as it is
    assert row.error > 1e-9
    assert "absolute terms" in row.note
    assert any("tanh" in note and "absolute terms" in note for note in report.notes)


def test_the_exception_is_no_excuse_for_others():
    bad = sd.operation(
        "trust_tanh", {"real": math.tanh, "array": np.tanh, "mp": "tanh"}, lambda r, x: (1 - r) * (1 + r)
    )
    report = sd.crosscheck(bad(X), {X: 20.0}, order=1)
    assert [row.method for row in report.disagree] == ["alone"]


# -- kinks ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("f", "at", "name"),
    [
        (sd.where(sd.equal(X, 0), 0, X), 0.0, "equal(x, 0)"),
        (sd.where(X > 1, X**2, X), 1.0, "x > 1"),
        (sd.abs(X) * sd.sign(X), 0.0, "abs(x)"),
        (sd.relu(X) - sd.relu(-X), 0.0, "relu(x)"),
        (sd.maximum(X, 2 * X), 0.0, "maximum"),
        (sd.floor(X), 3.0, "floor(x)"),
    ],
    ids=str,
)
def test_a_kink_is_named_and_not_judged(f, at, name):
    report = sd.crosscheck(f, {X: at}, order=1).raise_if_wrong()
    assert not report.ok
    assert [row.quantity for row in report.unjudged] == ["∂f/∂x"]
    assert name in report.unjudged[0].note
    assert any(name in note for note in report.notes)
    assert "all agree" not in report.summary


@pytest.mark.parametrize(
    "f", [sd.abs(X), sd.relu(X), sd.maximum(X, 0), sd.where(X > 0, 2 * X, X), sd.sin(sd.abs(X) + X)], ids=str
)
def test_a_kink_beside_an_operation_of_floats(f):
    """Neither differences of floats nor SymPy judge what has two sides."""
    other = plain_sine()(Y)
    report = sd.crosscheck(f + other, {X: 0.0, Y: 0.5}, order=1)
    assert not report.disagree
    assert [row.quantity for row in report.unjudged] == ["∂f/∂x"]
    assert sd.crosscheck(f + other, {X: 0.3, Y: 0.5}, order=1).ok


@cache
def plain_sine():
    """The sine, of floats alone."""
    return sd.operation("trust_sine_of_floats", np.sin, lambda r, x: sd.cos(x))


def test_a_comparison_with_equal_sides_that_makes_no_kink_is_judged():
    assert sd.crosscheck(sd.where(X > 0, X**2, X**3), {X: 0.0}, order=1).ok


def test_a_kink_of_another_variable_is_no_excuse():
    report = sd.crosscheck(wrong_log(True)(X) + sd.relu(Y), {X: 2.0, Y: 0.0}, order=1)
    assert {row.quantity for row in report.disagree} == {"∂f/∂x"}
    assert {row.quantity for row in report.unjudged} == {"∂f/∂y"}


# -- ok, disagree, unjudged -------------------------------------------------------------------


def test_what_is_not_judged_is_not_ok():
    report = sd.crosscheck(1 / X, {X: 0.0})
    assert not report.ok
    assert not report.disagree
    assert {row.quantity for row in report.unjudged} == {"∂f/∂x", "∂²f/∂x²"}
    assert report.raise_if_wrong() is report


def test_what_was_left_out_is_not_judged(monkeypatch):
    monkeypatch.setattr(bounds, "QUANTITIES", 10)
    xs = list(sd.variables("x", 4))
    report = sd.crosscheck(sd.prod(xs), dict.fromkeys(xs, 0.9))
    assert not report.disagree
    assert not report.ok
    assert report.unjudged[-1].quantity == "5 further quantities"


def test_what_is_left_out_is_not_listed():
    """Of 100 variables there are 4.6 million derivatives up to order 4."""
    xs = list(sd.variables("x", 100))
    tracemalloc.start()
    try:
        case = methods.case_of(sum(xs) ** 4, dict.fromkeys(xs, 0.5), 4)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()
    assert len(case.keys) == bounds.QUANTITIES


def test_disagreement_is_not_unjudged():
    report = sd.crosscheck(wrong_log(True)(X), {X: 2.0})
    assert report.disagree
    assert report.unjudged == ()


# -- bounds -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("f", "at"), [(sd.sin(sd.exp(X)), 1e6), (sd.floor(sd.exp(X)), 1e8), (sd.gamma(sd.exp(sd.exp(X))), 30.0)], ids=str
)
def test_numbers_too_large_to_compute_with(f, at):
    report = sd.crosscheck(f, {X: at})
    assert not report.disagree
    assert {row.quantity for row in report.unjudged} == {"f", "∂f/∂x", "∂²f/∂x²"}
    assert any("bits before the point" in note for note in report.notes)


def test_what_takes_too_long_is_ended_and_said(monkeypatch):
    def endless(ctx, x):
        while True:
            x = x + 0

    monkeypatch.setattr(bounds, "SURVEY_SECONDS", 0.1)
    slow = sd.operation("trust_endless", {"real": np.sin, "array": np.sin, "mp": endless}, lambda r, x: sd.cos(x))
    precision = mpmath.mp.prec
    report = sd.crosscheck(slow(X), {X: 0.5}, order=1)
    assert not report.disagree
    assert any("too long" in note for note in report.notes)
    assert [row.quantity for row in report.unjudged] == ["f"]  # differences of floats judge the slope
    assert mpmath.mp.prec == precision


def test_polygamma_far_left_ends(monkeypatch):
    monkeypatch.setattr(bounds, "SURVEY_SECONDS", 0.2)
    report = sd.crosscheck(sd.polygamma(2, X), {X: -1e6 - 0.5})
    assert report.ok


def test_methods_that_go_over_the_graph_for_each_variable_are_left_out_of_many(monkeypatch):
    monkeypatch.setattr(bounds, "SWEPT", 100)
    xs = list(sd.variables("x", 8))
    report = sd.crosscheck(sd.log(sum(map(sd.exp, xs))), dict.fromkeys(xs, 0.5), order=1)
    left_out = {row.method for row in report.rows if row.note == methods.TOO_OFTEN}
    assert left_out == {"taylor", "differences"}
    assert report.ok  # by 50 digits


def test_a_budget_ends_what_it_is_spent_on():
    def count(budget):
        with budget.spend():
            return sum(1 for _ in itertools.count())

    budget = bounds.Budget(0.05, "counting")
    for _ in range(2):  # the second time nothing is left of it
        with pytest.raises(bounds.BoundError, match="counting takes too long"):
            count(budget)
    with bounds.Budget(10.0, "nothing").spend():
        pass


def test_a_budget_ends_what_catches_everything():
    def count():
        try:
            sum(1 for _ in itertools.count())
        except:  # noqa: E722  # as mpmath does in its zeta function
            sum(1 for _ in itertools.count())

    def spent(budget):
        with budget.spend():
            count()

    with pytest.raises(bounds.BoundError, match="counting takes too long"):
        spent(bounds.Budget(0.05, "counting"))


@pytest.mark.parametrize(("f", "at"), [(sd.polygamma(2, X), -1e6 - 0.5), (sd.polygamma(3, X**3), -100.5)], ids=str)
def test_what_sympy_takes_long_for_is_given_up_soon(f, at):
    start = time.process_time()
    report = sd.crosscheck(f, {X: at})
    assert time.process_time() - start < 8
    assert report.ok
    assert any("SymPy took too long" in row.note for row in report.rows)


@pytest.mark.parametrize(
    ("f", "at", "digits"),
    [
        (sd.exp(X), {X: 1e10}, "1.0777506079585649e+4342944819"),
        (1 / sd.exp(sd.exp(X)), {X: 10.0}, "1.0652449517140355e-9566"),
        (X**Y, {X: 1e300, Y: 1e10}, "1.0000005250477404e+3000000000000"),
    ],
    ids=str,
)
def test_numbers_of_any_size_are_shown(f, at, digits):
    report = sd.crosscheck(f, at, order=1)
    assert digits in str(report)
    assert report.to_dict()
    with mpmath.workdps(40):
        value = f.evaluate({v: mpmath.mpf(x) for v, x in at.items()})
        mantissa, exponent = digits.split("e")
        assert abs(value / mpmath.mpf(10) ** int(exponent) - mpmath.mpf(mantissa)) < 1e-15


@pytest.mark.parametrize("at", [(1e300, 1e-300), (1e17, 1e-5), (3e40, 0.75)])
@pytest.mark.parametrize("f", [X % Y, sd.fmod(X, Y), X // Y, sd.floor(X), sd.rint(X / 3), sd.sin(sd.trunc(X))], ids=str)
def test_jumps_that_lie_closer_than_steps_blame_nothing(f, at):
    report = sd.crosscheck(f, dict(zip((X, Y), at, strict=True)), order=1)
    assert not report.disagree


# -- keywords ---------------------------------------------------------------------------------


def test_unknown_keywords_are_errors():
    with pytest.raises(sd.SymdiffTypeError, match="ordr"):
        sd.crosscheck(X**2, {X: 1.0}, ordr=5)
    with pytest.raises(sd.SymdiffTypeError, match="order"):
        sd.differences(X**2, {X: 3.0}, order=50)
    with pytest.raises(sd.SymdiffTypeError, match="methd"):
        sd.differences(X**2, x=3.0, methd="central")
    assert sd.differences(X**2, x=3.0, y=1.0)  # a variable that the expression does not hold


@pytest.mark.parametrize(
    ("f", "at"),
    [(Y / 10, {Y: 0.7}), (X * Y / 3, {X: 1.263339, Y: 2.502285}), (X / 7 + X / 3, {X: 4.898242}), (X / 10, {X: 0.1})],
    ids=str,
)
@pytest.mark.parametrize("order", [1, 2, 3, 4])
def test_rounding_is_not_taken_for_a_derivative(f, at, order):
    """A unit of the last bit divided by a step may be one number for two steps, at precisions as far apart."""
    assert sd.crosscheck(f, at, order=order).raise_if_wrong().ok


@pytest.mark.parametrize("at", [{X: 1.0, Y: 2.0}, {X: 2.0, Y: 1.0}, {X: 1.0, Y: -1.0}])
def test_conditions(at):
    for f in (X < Y, (X < Y) & (Y > 0), ~(X < Y) | (Y < 0)):
        report = sd.crosscheck(f, at, order=1).raise_if_wrong()
        assert [row.note for row in report.unjudged] == ["a condition has no derivative"] * 2
        assert sd.crosscheck(f, at, order=0).ok


def test_each_of_several_kinks_of_one_operation_is_named():
    x, y = sd.variables("x y")
    report = sd.crosscheck(abs(x) + abs(y), {x: 0.0, y: 0.0}, order=1)
    notes = {row.quantity: row.note for row in report.rows if row.method == "50 digits" and row.note}
    assert "kink at abs(x)" in notes["∂f/∂x"]
    assert "kink at abs(y)" in notes["∂f/∂y"]


def test_methods_that_raise_an_error_are_among_those_compared():
    x = sd.Var("x")
    report = sd.crosscheck(x**2, {x: 3.0}, order=1)
    raised = dataclasses.replace(report.rows[1], error=None, ok=False)
    alone = type(report)(report.title, [raised], report.notes, report.points, report.operations, None)
    assert alone.summary.startswith("1 of 1 comparisons disagree")


def test_a_clock_leaves_finalizers_alone(monkeypatch):
    """An error raised in one is written to stderr and dropped, and what the finalizer has to free is not freed."""
    lost, ended = [], []
    monkeypatch.setattr(sys, "unraisablehook", lost.append)

    def freed(*args):
        busy(0.1)
        ended.append(args)

    class Freed:
        def __del__(self):
            freed(self)

    class Watched:
        def __init__(self):
            weakref.finalize(self, freed)

    def collected():
        gc.callbacks.append(freed)
        gc.collect()
        gc.callbacks.remove(freed)

    def work(make):
        make()
        busy(5.0)

    for make, times in ((Freed, 1), (Watched, 1), (collected, 2)):
        ended.clear()
        with pytest.raises(bounds.BoundError), bounds.Budget(0.02, "it").spend():
            work(make)
        assert (lost, len(ended)) == ([], times)


def test_a_clock_that_is_set_in_a_finalizer_ends_what_that_does():
    ended = []

    class Freed:
        def __del__(self):
            try:
                with bounds.Budget(0.02, "it").spend():
                    busy(5.0)
            except bounds.BoundError as error:
                ended.append(error)

    Freed()
    assert len(ended) == 1


def busy(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


def test_a_clock_that_is_stopped_late_leaves_nothing_behind():
    """An error withdrawn by NULL was looked for from then on in every call, and a trace function never got further."""
    code = """
import sys
from symdiff.check.bounds import _TimeIsUp, _watched
for _ in range(3):
    with _watched(0.01):
        try:
            while True:
                pass
        except _TimeIsUp:
            pass
sys.settrace(lambda *args: None)
(lambda: [k for k in range(3)])()
sys.settrace(None)
print("done")
"""
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert found.stdout == "done\n"
