"""Operations from outside on whole arrays: solvers, functions in C, with partials, pullbacks or differences."""

import ctypes
import functools
import pickle
import subprocess
import sys
from types import SimpleNamespace

import mpmath
import numpy as np
import pytest

import symdiff as sd

V, W = sd.Var("out_v", shape=4), sd.Var("out_w", shape=4)
AT = {V: [0.1, 0.5, 1.0, 2.0], W: [1.0, 2.0, 3.0, 4.0]}
SHAPES = {"out_v": 4, "out_w": 4}


def _decay(x, rate):
    """A solver as a black box: implicit Euler's steps of x' = -rate*x**3, solved by Newton's method."""
    x = np.array(x)
    for _ in range(5):
        y = x.copy()
        for _ in range(50):
            y = y - (y + rate * y**3 / 5 - x) / (1 + 3 * rate * y**2 / 5)
        x = y
    return x


def _pair(m, b):
    return m @ b, float(b @ b)


@functools.cache
def registered():
    """Operations that are there once these tests run: other tests loop over all that there are before."""
    slope = sd.operation(
        "out_cosines", np.cos, lambda r, v: -sd.diag(sd.sin(v)), shape=lambda v: v, arity=1, batched=True
    )
    return SimpleNamespace(
        by_partials=sd.operation("out_partials", np.sin, lambda r, v: sd.diag(slope(v)), shape=lambda v: v, arity=1),
        by_pullback=sd.operation(
            "out_pullback", np.sin, pullback=lambda g, r, v: g * slope(v), shape=lambda v: v, arity=1, batched=True
        ),
        by_differences=sd.operation("out_differences", np.sin, "differences", shape=lambda v: v, arity=1),
        batched_differences=sd.operation(
            "out_batched", np.sin, "differences", shape=lambda v: v, arity=1, batched=True
        ),
        flow=sd.operation("out_flow", _decay, "differences", shape=lambda x, rate: x),
        fixed=sd.operation("out_fixed", lambda a, b: np.array([a, b, a * b]), "differences", shape=3),
        total=sd.operation("out_total", lambda v: v.sum(), lambda r, v: sd.ones(v.shape), shape=()),
        blind=sd.operation("out_blind", np.sort, shape=lambda v: v, arity=1),
        both=sd.operation(
            "out_both",
            lambda a: (np.sqrt((a * a).sum()), a.sum(axis=0)),
            pullback=lambda gs, rs, a: gs[0] * a / rs[0] + sd.outer(sd.ones(3), gs[1]),
            outputs=2,
            shape=lambda a: ((), a[1:]),
        ),
        pair=sd.operation("out_pair", _pair, "differences", outputs=2, shape=lambda m, b: (m[:1], ())),
    )


@pytest.mark.parametrize("kind", ["by_partials", "by_pullback", "by_differences", "batched_differences"])
def test_every_mode_has_them(kind):
    op = getattr(registered(), kind)
    f, g = (op(V * W / 3) * W).sum(), (sd.sin(V * W / 3) * W).sum()  # the same by the operation of numbers
    rough = "differences" in kind
    first, second = (1e-10, 1e-6) if rough else (1e-14, 1e-13)
    assert op.differences is rough
    assert f.evaluate(AT) == pytest.approx(g.evaluate(AT), rel=1e-15)
    assert f.gradient(V).evaluate(AT) == pytest.approx(g.gradient(V).evaluate(AT), rel=first)
    assert f.backpropagate(AT)[W] == pytest.approx(g.gradient(W).evaluate(AT), rel=first)
    assert f.hessian(V).evaluate(AT) == pytest.approx(g.hessian(V).evaluate(AT), rel=second, abs=second)
    jacobian = sd.jacobian(op(V * W / 3), W)
    assert jacobian.evaluate(AT) == pytest.approx(sd.jacobian(sd.sin(V * W / 3), W).evaluate(AT), rel=first, abs=1e-12)
    assert sd.jvp(op(V), V, W).evaluate(AT) == pytest.approx((sd.cos(V) * W).evaluate(AT), rel=first)
    assert sd.vjp(op(V), V, W).evaluate(AT) == pytest.approx((sd.cos(V) * W).evaluate(AT), rel=first)
    dual = f.evaluate({V: [sd.DualNumber(0.1, 1.0), 0.5, 1.0, 2.0], W: AT[W]})
    assert dual.eps == pytest.approx(g.gradient(V).evaluate(AT)[0], rel=first)
    nested = [sd.DualNumber(sd.DualNumber(0.1, 1.0, level=1), 1.0, level=2), 0.5, 1.0, 2.0]
    assert f.evaluate({V: nested, W: AT[W]}).eps.eps == pytest.approx(
        g.hessian(V).evaluate(AT)[0, 0], rel=second, abs=second
    )


@pytest.mark.parametrize("kind", ["by_partials", "by_pullback", "by_differences"])
def test_compiled(kind):
    op = getattr(registered(), kind)
    f = (op(V * W / 3) * W).sum()
    func = sd.compile([f, f.gradient(V), sd.jacobian(op(V), V)], [V, W])
    v, w = (np.array(AT[x]) for x in (V, W))
    value, gradient, jacobian = func(v, w)
    assert value == pytest.approx(f.evaluate(AT), rel=1e-15)
    assert gradient == pytest.approx(f.gradient(V).evaluate(AT), rel=1e-15)
    assert jacobian == pytest.approx(np.diag(np.cos(v)), rel=1e-10, abs=1e-11)
    rows = func(np.stack([v, 2 * v, v + 1]), w)
    for k, row in enumerate((v, 2 * v, v + 1)):
        for found, wanted in zip((part[k] for part in rows), func(row, w), strict=True):
            assert found == pytest.approx(wanted, rel=1e-14, abs=1e-13)
    short = sd.compile([f, op(V)], [V, W], dtype="float32")(v.astype("float32"), w.astype("float32"))
    assert short[1].dtype == np.float32
    assert short[0] == pytest.approx(value, rel=1e-5)
    kept = pickle.loads(pickle.dumps(func))
    assert np.array_equal(kept(v, w)[1], gradient)


def test_black_boxes_of_several_operands():
    flow = registered().flow
    x, rate = sd.Var("out_x", shape=2), sd.Var("out_rate")
    f = (flow(x, rate) ** 2).sum()
    at = {x: [0.7, -0.4], rate: 1.5}
    found = f.gradient([x, rate])
    for k, slope in enumerate([*found[0].evaluate(at), found[1].evaluate(at)]):
        near = [np.array([0.7, -0.4, 1.5]) + d * np.eye(3)[k] for d in (1e-5, -1e-5)]
        sides = [(_decay(p[:2], p[2]) ** 2).sum() for p in near]
        assert slope == pytest.approx((sides[0] - sides[1]) / 2e-5, rel=1e-8)
    second = sd.jacobian(f.gradient(rate), rate).evaluate(at)
    step = 1e-4
    sides = [f.gradient(rate).evaluate({x: at[x], rate: 1.5 + d}) for d in (step, -step)]
    assert second == pytest.approx((sides[0] - sides[1]) / (2 * step), rel=1e-5)
    rates = sd.compile(f, [x, rate])(np.array([[0.7, -0.4]] * 3), np.array([1.0, 1.5, 2.0]))
    assert rates[1] == pytest.approx(f.evaluate(at), rel=1e-15)
    third = sd.jacobian(sd.jacobian(f.gradient(rate), rate), rate).evaluate(at)
    assert np.isnan(third)


def test_numbers_in_and_out():
    fixed, total = registered().fixed, registered().total
    a, b = sd.variables("out_a out_b")
    g = fixed(a, b) @ np.array([1.0, 2.0, 3.0])
    assert g.evaluate({a: 2.0, b: 5.0}) == 42.0
    assert [d.evaluate({a: 2.0, b: 5.0}) for d in g.gradient([a, b])] == pytest.approx([16.0, 8.0], rel=1e-11)
    assert sd.compile(g, [a, b])(np.array([2.0, 1.0]), 5.0) == pytest.approx([42.0, 26.0])
    assert total(V).shape == ()
    assert (total(V) ** 2).gradient(V).evaluate(AT) == pytest.approx([7.2] * 4)
    assert fixed(2.0, 5.0).tolist() == [2.0, 5.0, 10.0]
    assert total(np.ones(3)) == 3.0


def test_several_results_are_computed_by_one_call():
    both = registered().both
    a = sd.Var("out_m", shape=(3, 2))
    length, sums = both(a)
    f = length * sums.sum() + sums[0] ** 2
    value = np.arange(6.0).reshape(3, 2) + 1
    g = sd.sqrt((a * a).sum()) * a.sum() + a.sum(axis=0)[0] ** 2
    assert f.gradient(a).evaluate({a: value}) == pytest.approx(g.gradient(a).evaluate({a: value}), rel=1e-13)
    assert f.hessian(a).evaluate({a: value}) == pytest.approx(g.hessian(a).evaluate({a: value}), rel=1e-12)
    assert (
        sd.jacobian(sums, a).evaluate({a: value}).tolist()
        == sd.jacobian(a.sum(axis=0), a).evaluate({a: value}).tolist()
    )
    func = sd.compile([length, sums], [a])
    assert func.source.count("out_both(") == 1
    assert func(value)[1].tolist() == [9.0, 12.0]
    assert repr(both) == "<operation out_both of 2 results>"


def test_several_results_by_differences():
    """They were an error, "partials gave 1 derivatives for 2 operands"."""
    m, b = sd.Var("out_n", shape=(2, 3)), sd.Var("out_b", shape=3)
    at = {m: [[0.3, 1.0, -2.0], [1.5, 0.0, 0.7]], b: [0.5, -1.0, 2.0]}

    def loss(pair):
        product, length = pair
        return (product**2).sum() * sd.exp(length / 9) + product[0]

    f, g = loss(registered().pair(m, b)), loss((m @ b, b @ b))
    for v in (m, b):
        assert f.gradient(v).evaluate(at) == pytest.approx(g.gradient(v).evaluate(at), rel=1e-9)
        assert f.hessian(v).evaluate(at) == pytest.approx(g.hessian(v).evaluate(at), rel=1e-5, abs=1e-5)
    point = np.array(at[m]), np.array(at[b])
    gradient = sd.compile(f.gradient(b), [m, b])
    assert gradient(*point) == pytest.approx(g.gradient(b).evaluate(at), rel=1e-9)
    assert gradient(point[0], np.stack([point[1]] * 2))[1] == pytest.approx(gradient(*point), rel=1e-12)
    assert f.backpropagate(at)[m] == pytest.approx(g.gradient(m).evaluate(at), rel=1e-9)


def test_loops_and_batches():
    op, flow = registered().by_pullback, registered().flow
    rows = sd.Var("out_rows", shape=("n", 4))
    mapped = sd.vmap(lambda v: (op(v) ** 2).sum())(rows)
    value = np.linspace(0, 2, 12).reshape(3, 4)
    wanted = (sd.sin(rows) ** 2).sum().gradient(rows).evaluate({rows: value})
    assert mapped.sum().gradient(rows).evaluate({rows: value}) == pytest.approx(wanted, rel=1e-13)
    by_partials = sd.vmap(registered().by_partials)(rows)
    assert (by_partials**2).sum().gradient(rows).evaluate({rows: value}) == pytest.approx(wanted, rel=1e-13)
    jacobian = sd.vmap(lambda v: sd.jacobian(op(v), v))(rows).evaluate({rows: value})
    assert jacobian == pytest.approx(np.stack([np.diag(np.cos(row)) for row in value]), rel=1e-14)
    shared = sd.vmap(lambda r: flow(sd.stack([0.7, 0.4]), r))(sd.Var("out_rates", shape=3))
    rates = np.array([0.5, 1.0, 2.0])
    assert shared.evaluate(out_rates=rates) == pytest.approx(
        np.array([_decay(np.array([0.7, 0.4]), r) for r in rates]), rel=1e-15
    )
    start, rate = sd.Var("out_start", shape=2), sd.Var("out_rate")
    last, _ = sd.scan(lambda x, _: (flow(x, rate), None), start, length=40)
    f = (last**2).sum()
    at = {start: [0.7, -0.4], rate: 0.5}
    state = np.array([0.7, -0.4])
    for _ in range(40):
        state = _decay(state, 0.5)
    assert f.evaluate(at) == pytest.approx((state**2).sum(), rel=1e-13)
    slope = f.gradient(rate)
    near = [f.evaluate({start: at[start], rate: r}) for r in (0.5 + 1e-5, 0.5 - 1e-5)]
    assert slope.evaluate(at) == pytest.approx((near[0] - near[1]) / 2e-5, rel=1e-6)
    assert sd.compile([f, slope], [start, rate])(np.array([0.7, -0.4]), 0.5) == pytest.approx(
        [f.evaluate(at), slope.evaluate(at)], rel=1e-12
    )


def test_compiled_recurrences_of_eigenvalues():
    """A body that has no formula in scalars raised NoFormulaError where it was compiled."""
    matrix, start = sd.Var("out_matrix", shape=(3, 3)), sd.Var("out_first", shape=3)
    last, _ = sd.scan(lambda x, _: (sd.linalg.eigvalsh(matrix + sd.diag(x)) / 3, None), start, length=40)
    a, x = np.eye(3) * 0.3 + 0.1, np.array([0.1, 0.2, 0.3])
    assert sd.compile(last, [matrix, start])(a, x) == pytest.approx(last.evaluate({matrix: a, start: x}), rel=1e-14)


def test_a_solver_and_its_transpose_are_each_other_s_pullback():
    linalg, sparse = pytest.importorskip("scipy.sparse.linalg"), pytest.importorskip("scipy.sparse")
    dense = np.eye(5) * 3 + np.diag(np.arange(1.0, 5.0), 1)
    factors = linalg.splu(sparse.csc_array(dense))
    back = sd.operation("out_back", lambda b: factors.solve(b, "T"), pullback=lambda g, r, b: there(g), shape=5)
    there = sd.operation("out_there", factors.solve, pullback=lambda g, r, b: back(g), shape=5, arity=1)
    b, at = sd.Var("out_b", shape=5), np.linspace(-1, 1, 5)
    inverse = np.linalg.inv(dense)
    f, g = [(solved**2).sum() for solved in (there(sd.sin(b)), inverse @ sd.sin(b))]
    for derive in (lambda h: h.gradient(b), lambda h: h.hessian(b), lambda h: sd.hvp(h, b, at)):
        found, wanted = derive(f), derive(g)
        assert found.evaluate({b: at}) == pytest.approx(wanted.evaluate({b: at}), rel=1e-13, abs=1e-13)
    assert sd.jacobian(there(b), b).evaluate({b: at}) == pytest.approx(inverse)
    assert sd.jvp(there(b), b, at).evaluate({b: at}) == pytest.approx(inverse @ at)


def test_records_say_what_they_are():
    flow, both = registered().flow, registered().both
    assert flow.operands == ("x", "rate")
    assert flow.__doc__.startswith("out_flow(x, rate): a function of whole arrays from outside.")
    assert "derivatives are differences of its values" in flow.__doc__
    assert "A solver as a black box" in flow.__doc__
    assert "result 1 of 2" in both.parts[1].__doc__
    assert "It has no derivatives." in registered().blind.__doc__


def test_branches_not_taken_do_not_poison():
    logarithm = sd.operation("out_log", np.log, lambda r, v: sd.diag(1 / v), shape=lambda v: v, arity=1)
    f = sd.where(V > 0, logarithm(V), 0).sum()
    assert f.gradient(V).evaluate({V: [-1.0, 0.0, 1.0, 2.0]}).tolist() == [0.0, 0.0, 1.0, 0.5]


def test_text_json_and_pickles():
    op = registered().by_pullback
    f = (op(V * W / 3) * W).sum()
    assert str(f) == "out_w @ out_pullback(out_v*out_w/3)"
    assert sd.parse(str(f), shapes=SHAPES) == f
    assert r"\operatorname{out" in f.latex()
    rows = sd.Var("out_block", shape=(2, 4))
    batch = sd.vmap(op)(rows)
    assert str(batch) == "out_pullback(out_block, axes=(1,))"
    assert sd.parse(str(batch), shapes={"out_block": (2, 4)}) == batch
    for expr in (f, batch, f.gradient(V)):
        assert sd.from_json(sd.to_json(expr)) == expr
        assert pickle.loads(pickle.dumps(expr)) == expr
    text = sd.to_json(f).replace("out_pullback", "out_nobody")
    with pytest.raises(sd.SymdiffError, match="'out_nobody', which has to be registered first"):
        sd.from_json(text)
    assert sd.count_ops(f)["out_pullback"] == 1
    assert sd.cost(f) is not None
    assert "out_pullback" in f.to_graphviz().source
    assert op(V).op is op


def test_pickles_name_the_operation_that_is_missing():
    code = (
        "import pickle, sys, symdiff as sd; v = sd.Var('v', shape=3)\n"
        "op = sd.operation('elsewhere', abs, shape=lambda v: v, arity=1)\n"
        "sys.stdout.buffer.write(pickle.dumps(op(v)))"
    )
    data = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout
    with pytest.raises(sd.SymdiffError, match="no operation 'elsewhere'; register it"):
        pickle.loads(data)


def test_joined_by_functions():
    op = registered().by_pullback
    x = sd.Var("out_in", shape="n")
    func = sd.compile((op(x) * x).sum(), [x])
    assert func(V) == (op(V) * V).sum()


def test_functions_in_c(tmp_path):
    kind = ctypes.CFUNCTYPE(ctypes.c_int, *[ctypes.POINTER(ctypes.c_double)] * 3)

    @kind
    def rotated(angle, point, out):
        c, s = np.cos(angle[0]), np.sin(angle[0])
        out[0], out[1] = c * point[0] - s * point[1], s * point[0] + c * point[1]
        return 0

    refusing = kind(lambda *pointers: 7)
    turn = sd.operation("out_rotated", rotated, "differences", arity=2, shape=2)
    by_address = sd.operation(
        "out_address", ctypes.cast(rotated, ctypes.c_void_p).value, "differences", arity=2, shape=lambda a, p: p
    )
    angle, point = sd.Var("out_angle"), sd.Var("out_point", shape=2)
    at = {angle: 0.3, point: [1.0, 2.0]}
    c, s = np.cos(0.3), np.sin(0.3)
    for op in (turn, by_address):
        assert op(angle, point).evaluate(at) == pytest.approx([c - 2 * s, s + 2 * c])
        assert sd.jacobian(op(angle, point), point).evaluate(at) == pytest.approx(np.array([[c, -s], [s, c]]))
    wrong = sd.operation("out_refusing", refusing, arity=2, shape=2)
    with pytest.raises(sd.SymdiffError, match="out_refusing returned 7"):
        wrong(0.3, [1.0, 2.0])


def test_a_compiled_function_by_address_is_one():
    pytest.importorskip("llvmlite")
    x = np.array([sd.Var("out_p"), sd.Var("out_q")])
    func = sd.compile([np.array([x[0] * x[1], sd.exp(x[0])])], [x])
    op = sd.operation("out_compiled", func.address, "differences", arity=1, shape=2)
    v = sd.Var("out_pair", shape=2)
    assert op(v).evaluate({v: [0.5, 2.0]}).tolist() == func(np.array([0.5, 2.0]))[0].tolist()


def test_crosscheck_judges_them():
    sound = registered()
    for op in (sound.by_partials, sound.by_pullback, sound.by_differences):
        report = sd.crosscheck((op(V[:2] * W[:2]) * W[:2]).sum(), AT)
        assert not report.disagree, str(report)
        assert "differences instead" in str(report)
    wrong = sd.operation("out_wrong", np.sin, lambda r, v: sd.diag(2 * sd.cos(v)), shape=lambda v: v, arity=1)
    assert sd.crosscheck(wrong(V[:2]).sum(), AT).disagree


def test_second_slopes_by_differences_beside_a_knot_are_no_error():
    """Crosscheck called them wrong at 6e-5: the record says that they are differences."""
    interpolate = pytest.importorskip("scipy.interpolate")
    knots = np.linspace(0, 3, 31)
    op = sd.operation("out_knots", interpolate.CubicSpline(knots, np.sin(knots)), "differences", arity=1)
    x, y = sd.variables("out_s out_t")
    report = sd.crosscheck(op(x * y) * y, {x: 0.5, y: 2.0})
    assert report.ok, str(report)
    assert "slopes of out_knots are differences of its values" in str(report)


def test_numbers_of_other_kinds():
    op, total = registered().by_pullback, registered().total
    with pytest.raises(sd.SymdiffError, match="no formula in scalars"):
        op(V).expand()
    with pytest.raises(sd.SymdiffError, match="takes no mpmath numbers"):
        op(V).evaluate({V: [mpmath.mpf(1)] * 4})
    with mpmath.workdps(40):
        third = total(V).evaluate({V: [mpmath.mpf(1) / 3] * 4})
        assert mpmath.almosteq(third, mpmath.mpf(4) / 3, 1e-38)
    with pytest.raises(sd.SymdiffError, match="real numbers, not complex"):
        op(V).evaluate({V: [1j, 1, 1, 1]})
    with pytest.raises(sd.SymdiffError, match="no Taylor series"):
        sd.taylor(op(sd.stack([sd.Var("out_z")] * 4)).sum(), sd.Var("out_z"), 0.5, 3)


def test_operands_can_not_be_written_to():
    def careless(v):
        v += 1
        return v

    op = sd.operation("out_careless", careless, shape=lambda v: v)
    with pytest.raises(ValueError, match="read-only"):
        op(V).evaluate(AT)
    kept = np.zeros(4)
    same = sd.operation("out_same", lambda v: kept, shape=lambda v: v)
    result = sd.compile(same(V), [V])(np.ones(4))
    result += 1
    assert kept.tolist() == [0.0] * 4


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: registered().flow(V), "takes 2 operands, not 1"),
        (lambda: registered().blind(V).sum().gradient(V), "out_blind has no derivatives: register it with partials"),
        (lambda: sd.operation("out_b1", np.sin, "diff", shape=3, arity=1), "'differences'"),
        (lambda: sd.operation("out_b2", lambda *v: v, shape=3), "give the number of operands"),
        (lambda: sd.operation("out_b3", np.sin, lambda r, v: v, pullback=lambda g, r, v: g, shape=3, arity=1), "both"),
        (lambda: sd.operation("out_b4", np.sin, shape="a b", arity=1), "no size"),
        (lambda: sd.operation("solve", abs, shape=lambda v: v, arity=1), "already"),
        (lambda: sd.operation("out b", abs, shape=lambda v: v, arity=1), "identifier"),
        (lambda: sd.operation("out_b5", abs, pullback=lambda g, r, v: g), "say its shape"),
        (lambda: sd.operation("out_b6", abs, shape=3, arity=1, sympy="Abs"), "has no sympy"),
        (lambda: sd.operation("out_b7", 12, shape=3), "arity"),
        (lambda: sd.operation("out_b8", abs), "partials is a function"),
        (lambda: sd.operation("out_d1", abs, lambda v: 1, shape=3, arity=1), "called with 2 arguments"),
        (lambda: sd.operation("out_d2", abs, pullback=lambda r, v: 1, shape=3, arity=1), "called with 3 arguments"),
        (lambda: sd.operation("out_b9", abs, shape=lambda v: (2 * v[0],), arity=1)(sd.Var("out_n", shape="n")), "nn"),
        (lambda: sd.operation("out_c1", abs, shape=lambda v: v[1], arity=1)(V), r"takes no operands of shape \(4,\)"),
        (lambda: sd.operation("out_c2", abs, shape=lambda v: 2.5, arity=1)(V), "shape gave 2.5"),
        (lambda: sd.operation("out_c3", abs, shape=(2, 2), arity=1)(V).evaluate(AT), r"\(4,\) where its shape says"),
        (lambda: sd.operation("out_c4", lambda v: "no", shape=2)(V).evaluate(AT), "no array of real numbers"),
        (lambda: sd.operation("out_c5", lambda v: v, shape=[2, 2], outputs=2)(V)[0].evaluate(AT), "2 results"),
        (
            lambda: (
                sd.operation("out_c6", np.sin, lambda r, v: sd.cos(v), shape=lambda v: v, arity=1)(V).sum().gradient(V)
            ),
            r"has shape \(4,\) where \(4, 4\).*sd.diag",
        ),
        (
            lambda: (
                sd.operation("out_c7", abs, pullback=lambda g, r, v: (g, g), shape=lambda v: v, arity=1)(V)
                .sum()
                .gradient(V)
            ),
            "2 adjoints for 1 operands",
        ),
        (lambda: sd.code(registered().flow(V, 2.0), [V]), "out_flow has no code in C: it is a function from outside"),
        (lambda: sd.code(registered().flow(V, 2.0), [V], language="numpy"), "it is a function from outside"),
        (lambda: registered().by_pullback(V).sum().to_sympy(), "from outside"),
        (lambda: sd.compile(registered().by_pullback(V), [V]).address, "address"),
    ],
)
def test_bad_input(make, message):
    with pytest.raises(sd.SymdiffError, match=message):
        make()
