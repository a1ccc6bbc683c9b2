"""Gates of arrays: a branch not taken never poisons the result or its derivatives, through contractions too.

What is right is what the expansion into scalars gives, wherever that is finite.
"""

import os
import random

import numpy as np
import pytest

import symdiff as sd
from symdiff import array_functions as af

PROGRAMS = int(os.environ.get("SYMDIFF_ARRAY_PROGRAMS", "40"))


def entries(v):
    return (
        [f"{v.name}[{', '.join(map(str, k))}]" for k in np.ndindex(*v.shape)] if getattr(v, "shape", ()) else [v.name]
    )


def dual_slopes(f, point, names, held):
    """The slope along all entries of each variable of `held`, by the names of its numbers in the point."""
    found = []
    for v in held:
        moved = {k: sd.DualNumber(point[k], np.ones_like(point[k]) if np.ndim(point[k]) else 1.0) for k in names(v)}
        got = f.evaluate({**point, **moved})
        found.append(getattr(got, "eps", 0.0))
    return found


def judged(f, point):
    """What each mode finds, beside what scalars find."""
    variables = [v for v in f.variables if v.name in point]
    written = f.expand()
    names = [name for v in variables for name in entries(v)]
    numbers = {name: float(x) for v in variables for name, x in zip(entries(v), np.ravel(point[v.name]), strict=True)}
    scalars = [sd.Var(name) for name in names]
    held = set(written.variables)
    gradient = [written.gradient(s).evaluate(numbers) if s in held else 0.0 for s in scalars]
    hessian = np.asarray(sd.evaluate(written.hessian(scalars), numbers), float)
    here = {v: point[v.name] for v in variables}

    def flat(parts):
        return np.concatenate([np.ravel(p) for p in parts]) if parts else np.zeros(0)

    def block(h, v, w):
        return np.reshape(h.evaluate(here), (np.size(point[v.name]), np.size(point[w.name])))

    nested = f.hessian(variables)
    blocks = [[block(nested[j][k], v, w) for k, w in enumerate(variables)] for j, v in enumerate(variables)]
    slopes = f.backpropagate(here)
    ones = [np.ones(v.shape) if getattr(v, "shape", ()) else 1.0 for v in variables]
    return {
        "value": (f.evaluate(here), written.evaluate(numbers)),
        "gradient": (flat([f.gradient(v).evaluate(here) for v in variables]), gradient),
        "backpropagate": (flat([slopes[v] for v in variables]), gradient),
        "hessian": (np.block(blocks) if variables else hessian, hessian),
        "dual": (
            dual_slopes(f, {v.name: x for v, x in here.items()}, lambda v: [v.name], variables),
            dual_slopes(written, numbers, entries, variables),
        ),
        "jvp": (sd.jvp(f, variables, ones).evaluate(here), written.gradient(scalars) @ np.ones(len(names))),
    }


def holds(f, point):
    """Hold every mode against the scalars, wherever those are finite; how many numbers were."""
    count = 0
    for mode, (got, expected) in judged(f, point).items():
        if isinstance(expected, sd.Expr):
            numbers = {
                n: float(x) for v in f.variables for n, x in zip(entries(v), np.ravel(point[v.name]), strict=True)
            }
            expected = expected.evaluate(numbers)
        got, expected = np.asarray(got, float), np.asarray(expected, float)
        assert got.shape == expected.shape
        told = np.isfinite(expected)
        np.testing.assert_allclose(got[told], expected[told], rtol=1e-9, atol=1e-12, err_msg=f"{mode} of {f}")
        count += told.sum()
    return count


x, y, A, c = (sd.Var(name, shape=shape) for name, shape in (("x", 3), ("y", 3), ("A", (2, 3)), ("c", 2)))
POINTS = {
    "no row": {"x": [1.0, 0.0, 0.0], "A": np.ones((2, 3)), "y": np.ones(3), "c": [-1.0, -1.0]},
    "one row": {"x": [1.0, 0.0, 0.0], "A": [[1.0, 0.0, 0.0], [1.0, 2.0, 3.0]], "y": np.ones(3), "c": [1.0, -1.0]},
    "every row": {"x": [1.0, 2.0, 3.0], "A": [[1.5, 3.0, 2.0], [4.0, 2.0, 3.0]], "y": -np.ones(3), "c": [1.0, 2.0]},
}
CASES = {
    "entry by entry": sd.where(x > 0, sd.log(x), 0).sum(),
    "a product": sd.where(x > 0, y * sd.log(x), 0).sum(),
    "a quotient": sd.where(x > 0, y / x, 0).sum(),
    "a matrix product": sd.where(c > 0, A @ sd.log(x), 0).sum(),
    "an inner product": sd.where(y[0] < 0, y @ sd.log(x), 0),
    "a sum": sd.where(y[0] < 0, sd.log(x).sum(), 0),
    "one condition": sd.where(y[0] < 0, sd.log(x), 0).sum(),
    "maximum": sd.maximum(A @ sd.sqrt(x) - 10, 0).sum(),
    "relu": sd.relu(A @ sd.sqrt(x) - 10).sum(),
    "rows": sd.where(x[:, None] > 0, sd.log(x)[:, None] * A.T, 0).sum(),
    "an outer product": sd.where(c > 0, af.outer(c, sd.log(x)) @ y, 0).sum(),
    "a determinant": sd.where(y[0] < 0, sd.linalg.logdet(af.outer(x, x)), 0),
    "a system": sd.where(y[0] < 0, sd.linalg.solve(af.outer(x, x), y), 0).sum(),
    "an inverse": sd.where(y[0] < 0, sd.linalg.inv(af.outer(x, x)), 0).sum(),
    "the largest": sd.where(x > 0, sd.log(x), -100).max(),
    "a product of all": sd.where(y[0] < 0, sd.log(x).prod(), 1.0),
    "logsumexp": sd.where(y[0] < 0, af.logsumexp(sd.log(x)), 1.0),
    "a block": sd.where(c > 0, sd.log(x)[1:], 0).sum(),
    "a shape": sd.where(y[0] < 0, sd.log(A - 1).reshape(3, 2) @ c, 0).sum(),
    "entries not taken": sd.log(x)[0] + sd.log(x)[:1].sum(),
    "entries chosen": sd.log(x)[[0, 0]] @ c + (sd.log(x)[[0]] * sd.sqrt(x)[[0]]).sum(),
    "blocks joined": sd.concatenate([sd.log(x)[:1], sd.sqrt(x)[:1], y])[:2] @ c,
    "one in the other": sd.where(c > 0, A @ sd.where(x > 0, y * sd.log(x), 0), 0).sum(),
    "two layers": sd.relu(A @ sd.relu(y * sd.sqrt(x) - 5) - 1).sum(),
    "a power": sd.where(c > 0, A @ x**0.5, 0).sum(),
    "joined": sd.where(y[0] < 0, sd.concatenate([sd.log(x), 1 / x]), 0).sum(),
}


@pytest.mark.parametrize("point", list(POINTS))
@pytest.mark.parametrize("case", list(CASES))
def test_a_branch_not_taken_never_poisons(case, point):
    f = CASES[case]
    holds(f, {k: np.asarray(v, float) for k, v in POINTS[point].items()})


@pytest.mark.parametrize("step", [
    lambda h: sd.where(h > 0, sd.sqrt(h), 0) + 1, lambda h: sd.maximum(sd.sqrt(h), 0.5), lambda h: sd.relu(sd.sqrt(h)),
])  # fmt: skip
def test_gates_one_after_the_other_take_nodes_in_proportion(step):
    made = []
    for steps in (300, 600):
        with sd.Graph():
            h = x_here = sd.Var("x", shape=3)
            for _ in range(steps):
                h = step(h)
            slopes = h.sum().gradient(x_here)
            made.append(len(slopes._graph.nodes))
            assert np.isfinite(slopes.evaluate({x_here: [0.0, 1.0, 4.0]})[1:]).all()
    assert made[1] < 2.1 * made[0]


def singular(rng):
    """Lines that are infinite where an entry is 0, what mixes entries, and what chooses among them."""
    n, m = 3, 2
    values = {"vector": ["x", "y"], "rows": ["c"], "matrix": ["A"], "scalar": ["s"]}
    lines = []

    def pick(kind):
        return rng.choice(values[kind][-3:])

    def add(kind, code):
        values[kind].append(f"t{len(lines)}")
        lines.append(code)

    one_of = rng.choice
    for _ in range(rng.randint(2, 6)):
        kind = one_of(list(values))
        a, v = pick(kind), pick("vector")
        small = one_of(["log({})", "sqrt({})", "1/{}", "{}**1.5", "tanh({})", "{}**2", "{}*{}"])
        choose = one_of([
            "where({g} > 0.5, {a}, 0)", "where({g} > 0.5, 2, {a})", "maximum({a}, 0.5)", "relu({a})",
            "where(s < 5, {a}, {a}*2)", "where(s > 5, {a}, 0)", "where({g} > 0.5, {a}, 0)",
        ])  # fmt: skip
        mixed = {
            "vector": one_of(["A.T @ c", f"A.T @ {pick('rows')}", f"{v}*{pick('scalar')}", f"{v}/norm(c)"]),
            "rows": one_of([f"A @ {v}", f"{pick('matrix')} @ {v}", f"{v}[1:]*{pick('rows')}"]),
            "matrix": one_of([f"outer({pick('rows')}, {v})", f"A*{v}", f"{pick('matrix')} @ diag({v})"]),
            "scalar": one_of([f"{v} @ {pick('vector')}", f"{v}.sum()", f"{v}[0]", f"{pick('matrix')}.sum()"]),
        }[kind]
        add(kind, one_of([small.format(a, a), choose.format(a=a, g=one_of([pick(kind), values[kind][0]])), mixed]))
    kind = one_of(list(values))
    last = pick(kind)
    lines.append(f"where({values[kind][0]} > 0.5, {last}, 0)" + (".sum()" if kind != "scalar" else ""))
    return lines, {"x": (n,), "y": (n,), "c": (m,), "A": (m, n), "s": ()}


FUNCTIONS = {
    "log": sd.log, "sqrt": sd.sqrt, "tanh": sd.tanh, "where": sd.where, "maximum": sd.maximum, "relu": sd.relu,
    "outer": af.outer, "diag": af.diag, "norm": af.norm,
}  # fmt: skip


@pytest.mark.parametrize("seed", range(PROGRAMS))
def test_random_programs_at_their_singular_points_are_their_expansion(seed):
    rng = random.Random(seed)
    lines, shapes = singular(rng)
    with sd.Graph():
        known = {**FUNCTIONS, **{k: sd.Var(k, shape=shape) if shape else sd.Var(k) for k, shape in shapes.items()}}
        for k, line in enumerate(lines):
            known[f"t{k}"] = eval(line, known)
        f = known[f"t{len(lines) - 1}"] + sd.Const(0)
        if not f.variables:
            return
        numbers = np.random.default_rng(seed)
        point = {k: numbers.choice([0.0, 0.0, 1.0, 2.0], shape) for k, shape in shapes.items()}
        holds(f, point)


GATES_IN_GATES = {
    "product": lambda h, x, k: sd.where(x > k, h * sd.log(x + k), 0),
    "reciprocal": lambda h, x, k: sd.where(x > k, 1 / h, 0),
    "other branch": lambda h, x, k: sd.where(x > k, 0, sd.sqrt(h)),
    "closed twice": lambda h, x, k: sd.where(x > k, sd.where(x < 40, h / x, 0), 0),
    "sum": lambda h, x, k: sd.where(x > k, h.sum() / (x - 0.5), 0),
    "maximum": lambda h, x, k: sd.maximum(h, x * k),
}


@pytest.mark.parametrize("name", GATES_IN_GATES)
def test_gates_behind_gates_as_deep_as_a_program_is_long(name):
    x = sd.Var("x", shape=3)

    def chain(steps):
        h = x
        for k in range(steps):
            h = GATES_IN_GATES[name](h, x, k)
        return h.sum()

    point = {x: np.array([20.5, 0.0, -3.0])}
    names = [f"x[{i}]" for i in range(3)]
    few = chain(40)
    slopes = few.expand().gradient(names)
    wanted = np.array([e.evaluate(dict(zip(names, point[x], strict=True))) for e in slopes])
    right = np.isfinite(wanted)
    np.testing.assert_allclose(few.gradient(x).evaluate(point)[right], wanted[right], rtol=1e-9)
    deep, half = chain(400).gradient(x), chain(200).gradient(x)
    assert len(deep.nodes()) < 2.5 * len(half.nodes())
