"""Functions of PyTorch's tensors: slopes by autograd beside symdiff's, `torch.func`, kinds of numbers and devices."""

import itertools
import os
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import symdiff as sd
from symdiff.records import OPERATIONS

torch = pytest.importorskip("torch", reason="PyTorch is not installed")
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "arrays"))
from test_python_like import POINTS, close  # noqa: E402

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:torch")
OPS = [op for op in OPERATIONS if op is not None and op.code is not None and not op.boolean]
ROOT = Path(__file__).parents[2]
# where autograd has another slope than the formula, or none: at an origin, and at ends of a domain
ELSEWHERE = {
    "pow": [(0.0, 0.0)], "atan2": [(0.0, 0.0)], "norm_quotient": [(0.0, 0.0)], "norm_divisor": [(0.0,)],
    "direction_cosine": [(0.0, 0.0)],
    "direction_sine": [(0.0, 0.0)], "norm_cosine": [(0.0, 0.0)], "norm_sine": [(0.0, 0.0)], "asec": [(-1.0,)],
    "acsc": [(-1.0,)], "asech": [(1.0,)], "fmod": [(-1.0, 0.2), (1.0, 0.2), (55.0, 0.2)],
    "pow_by_base": [(p, 0.0) for p in POINTS] + [(0.0, p) for p in POINTS],
    "pow_by_exponent": [(0.0, p) for p in POINTS],
}  # fmt: skip


def tensors(values):
    return [torch.tensor(np.asarray(v, float), requires_grad=True) for v in values]


def slopes(value, given):
    """The gradient by autograd, zeros where a value depends on none."""
    if not value.requires_grad:
        return [np.zeros(tuple(x.shape)) for x in given]
    found = torch.autograd.grad(value, given, allow_unused=True)
    return [np.zeros(tuple(x.shape)) if g is None else g.numpy() for g, x in zip(found, given, strict=True)]


@pytest.mark.parametrize("op", OPS, ids=lambda op: op.name)
def test_slopes_of_every_operation(op):
    with sd.Graph():
        found = list(sd.variables("a b c d"))[: op.arity]
        free = [v for k, v in enumerate(found) if k not in op.whole]
        f = op(*[2 if k in op.whole else v for k, v in enumerate(found)])
        run = sd.to_torch(f, free)
        value, gradient = sd.compile(f, free), sd.compile(list(f.gradient(free)), free, accuracy="high")
    points = list(itertools.product(POINTS, repeat=len(free))) if len(free) < 3 else [(1.0, 2.0, 3.0), (0.0, 2.0, 3.0)]
    points = [p for p in points if np.isfinite(value(*p)) and p not in ELSEWHERE.get(op.name, ())]
    assert points
    for point in points:
        given = tensors(point)
        got, expected = slopes(run(*given), given), gradient(*point)
        np.testing.assert_allclose(got, expected, rtol=1e-9, atol=1e-12, err_msg=str(point))


@pytest.mark.parametrize("seed", range(24, 60))
def test_slopes_of_programs_of_arrays(seed):
    import random

    from array_programs import OF_ARRAYS, Program, array_variables, sample

    program = Program(random.Random(seed), 1 + seed % 8)
    with sd.Graph():
        variables = array_variables(program)
        f = program.run(OF_ARRAYS, variables)
        inputs = list(variables.values())
        run = sd.to_torch(f, inputs)
        gradient = sd.compile([f.gradient(v) for v in inputs], inputs, accuracy="high")
        values = list(sample(program, seed).values())
        given = tensors(values)
        for got, expected in zip(slopes(run(*given), given), gradient(*values), strict=True):
            close(got, expected, 1e-8)


FORMULAS, WORKS = {}, {}
if (ROOT / "benchmarks" / "__main__.py").exists():
    sys.path.insert(0, str(ROOT))
    from benchmarks import workloads
    from benchmarks.arrays.subjects.symdiff import FUNCTIONS
    from benchmarks.arrays.works import works
    from benchmarks.rivals.symdiff import Symdiff

    FORMULAS = {f"{c.workload}: {c.name}": c for name in workloads.NAMES for c in workloads.cases(name, quick=True)}
    WORKS = works(quick=True)


@pytest.mark.parametrize("name", FORMULAS)
def test_slopes_of_the_formulas_of_the_benchmarks(name):
    case = FORMULAS[name]
    with sd.Graph():
        problem = case.build(Symdiff())
        f, inputs = problem.outputs[-1], [*problem.inputs, *problem.parameters]
        if len(f.nodes()) > 5000:
            pytest.skip("it holds thousands of numbers one by one")
        at = np.asarray(case.point(), float)
        at = np.resize(at[:, 0] if at.ndim > 1 else at, len(inputs))
        given = tensors(at)
        gradient = sd.compile(list(f.gradient(inputs)), inputs, accuracy="high")(*at)
        close(slopes(sd.to_torch(f, inputs)(*given), given), gradient, 1e-9)


@pytest.mark.parametrize("name", WORKS)
def test_slopes_of_the_works_of_the_benchmarks(name):
    work = WORKS[name]
    data = work.data()
    with sd.Graph():
        variables = {k: sd.Var(k, shape=a.shape) if a.ndim else sd.Var(k) for k, a in data.items()}
        v = SimpleNamespace(**variables)
        loss = work.loss(FUNCTIONS, v, work.formula(FUNCTIONS, v))
        inputs, by = list(variables.values()), [variables[k] for k in work.by]
        given = dict(zip(data, tensors(data.values()), strict=True))
        found = slopes(sd.to_torch(loss, inputs)(*given.values()), [given[k] for k in work.by])
        expected = sd.compile([loss.gradient(x) for x in by], inputs)(*data.values())
    for got, want in zip(found, expected, strict=True):
        close(got, want, 1e-8)


def test_transforms():
    x, y = sd.variables("x y")
    f = sd.softplus(x) * sd.sigmoid(y) + sd.hypot(x, y) + sd.where(x > 0.5, x * 2, 0.25)
    run = sd.to_torch(f, [x, y])
    a, b = torch.tensor([0.3, -2.0, 1.4], dtype=torch.float64), torch.tensor([1.2, 0.5, -0.1], dtype=torch.float64)
    expected = np.array(
        [sd.compile([f, *f.gradient([x, y])], [x, y])(*p) for p in zip(a.tolist(), b.tolist(), strict=True)]
    )
    close(torch.func.vmap(run)(a, b), expected[:, 0])
    close(run(a, b), expected[:, 0])
    by = torch.func.vmap(torch.func.grad(run, (0, 1)))(a, b)
    close(torch.stack(by, 1), expected[:, 1:])
    hessian = torch.func.hessian(run, (0, 1))(a[2], b[2])
    close([[v.item() for v in row] for row in hessian], sd.compile(f.hessian([x, y]), [x, y])(1.4, -0.1), 1e-10)
    traced = torch.compile(run, backend="eager", fullgraph=True)
    close(traced(a, b), expected[:, 0])


def test_jacobians_of_arrays():
    with sd.Graph():
        v, m = sd.Var("v", shape=3), sd.Var("M", shape=(3, 3))
        f = sd.linalg.solve(m @ m.T + sd.eye(3), sd.sin(v)) + v[::-1] * sd.cumsum(v)[[0, 0, 2]]
        run = sd.to_torch(f, [v, m])
        values = [np.array([0.3, -1.0, 2.0]), np.arange(9.0).reshape(3, 3) / 5]
        expected = sd.compile([sd.jacobian(f, v), sd.jacobian(f, m)], [v, m])(*values)
        given = [torch.tensor(a) for a in values]
        for got, want in zip(torch.func.jacrev(run, (0, 1))(*given), expected, strict=True):
            close(got, want, 1e-10)
        for got, want in zip(torch.func.jacfwd(run, (0, 1))(*given), expected, strict=True):
            close(got, want, 1e-10)
        batch = torch.stack([given[0], 2 * given[0]])
        close(torch.func.vmap(run, (0, None))(batch, given[1]), [run(b, given[1]).numpy() for b in batch])
        gradient = sd.to_torch((f * f).sum().gradient(v), [v, m])  # which puts blocks into zeros
        close(torch.func.vmap(gradient, (0, None))(batch, given[1])[1], gradient(batch[1], given[1]))
        close(torch.compile(gradient, backend="eager", fullgraph=True)(*given), gradient(*given))


def test_loops_have_slopes():
    u, gain = sd.Var("u", shape=40), sd.Var("gain")
    last, path = sd.scan(lambda c, x: (sd.tanh(c * gain + x), c * x), 0.3, u)
    f = last + (path**2).sum()
    run = sd.to_torch(f, [u, gain])
    values = [np.linspace(-1, 1, 40), 0.7]
    expected = sd.compile([f.gradient(u), f.gradient(gain)], [u, gain])(*values)
    given = tensors(values)
    for got, want in zip(slopes(run(*given), given), expected, strict=True):
        close(got, want, 1e-10)
    batch = torch.stack([given[0], -given[0]]).detach()
    close(torch.func.vmap(run, (0, None))(batch, given[1].detach())[1], run(batch[1], given[1].detach()))


def test_kinds_of_numbers_and_devices_are_those_of_the_tensors():
    with sd.Graph():
        x, v = sd.Var("x"), sd.Var("v", shape=3)
        outputs = [sd.sinc(x) + 0.1, v * np.array([1.0, 2.0, 3.0]) + x, (v[1:] ** 2).sum().gradient(v), 2, v > x]
        run = sd.to_torch(outputs, [x, v])
    for kind in (torch.float32, torch.float64):
        found = run(torch.tensor(0.5, dtype=kind), [0.1, 0.2, 0.3])
        assert {one.dtype for one in found[:4]} == {kind}
        assert found[4].dtype == torch.bool
    assert run(torch.tensor(1), np.arange(3))[0].dtype == torch.float64
    assert run(torch.tensor(0.5), torch.ones(3, dtype=torch.float64))[0].dtype == torch.float64
    found = run(torch.tensor(0.5, device="meta"), torch.ones(3, device="meta"))
    assert {one.device.type for one in found} == {"meta"}
    single = sd.code(outputs, [x, v], language="torch", dtype=np.float32)
    space = {}
    exec(single.source, space)
    assert space["f"](0.5, np.ones(3))[0].dtype == torch.float32


def test_tensors_in_lists_keep_their_slopes():
    w = sd.variables("w", (2, 2))
    run = sd.to_torch(w[0, 0] * w[1, 1] - w[0, 1] * w[1, 0], [w])
    given = tensors([1.0, 2.0, 3.0, 4.0])
    close(slopes(run([given[:2], given[2:]]), given), [4.0, -3.0, -2.0, 1.0])


def test_singular_matrices_raise_nothing():
    m, b = sd.Var("M", shape=(2, 2)), sd.Var("b", shape=2)
    outputs = [sd.linalg.inv(m), sd.linalg.solve(m, b), sd.linalg.cholesky(m), sd.linalg.det(m), sd.linalg.logdet(m)]
    found = sd.to_torch(outputs, [m, b])(np.array([[1.0, 2.0], [2.0, 4.0]]) * 0 - 1, np.ones(2))
    for one in found[:3]:
        assert torch.isnan(one).all()
    assert found[3] == 0
    assert found[4] == -np.inf


def test_readable():
    x, y = sd.variables("x y")
    z = sd.named("z", x + y)
    source = sd.to_torch([sd.sin(z) * z], [x, y], name="wave").source
    assert "    [x, y] = _tensors(x, y)\n    z = x + y\n    return [torch.sin(z)*z]\n" in source
    assert sd.to_torch(x, x).__name__ == "f"


def test_a_name_is_reserved():
    with pytest.raises(sd.SymdiffValueError, match="reserved"):
        sd.code(sd.Var("x"), "x", language="torch", name="torch")
