"""Formulas where naive slopes over- or underflow or cancel, in every mode and backend: `hard_points.json`."""

import json
from pathlib import Path

import mpmath
import numpy as np
import pytest
from support import WAYS, WAYS_TWICE, exact

import symdiff as sd
from symdiff.algebra.evaluate import node_values

FILE = Path(__file__).parents[3] / "shared" / "corpora" / "hard_points.json"
ROWS = {row["id"]: row for row in json.loads(FILE.read_text())["rows"]} if FILE.is_file() else {}

pytestmark = pytest.mark.skipif(not ROWS, reason="there is no file shared/corpora/hard_points.json beside the checkout")

# The conventions page has the proof that no rule can.
LOST = {"sqrtxx@1e+50": "1 + x**2 is x**2 in floats: what the 1 says of the second derivative is gone"}


def function(row):
    """The formula as an expression."""
    if row["formula"].startswith("from_sympy:"):
        import sympy

        return sd.from_sympy(sympy.sympify(row["formula"].removeprefix("from_sympy:")))
    return sd.parse(row["formula"])


def wanted(row, names):
    """The derivatives that a float holds, by the positions of the variables; the value under ()."""
    found = {(): row["value"]}
    found |= {(k,): row["gradient"][name] for k, name in enumerate(names)}
    found |= {(names.index(key[0]), names.index(key[1])): value for key, value in row["hessian"].items()}
    return {key: mpmath.mpf(value) for key, value in found.items() if value is not None}


def single_holds(f, at):
    """Whether float32 holds all values inside, and the point exactly."""
    sizes = [abs(value) for value in node_values(f, at).values() if value]
    return all(2.0**-126 <= size < 2.0**127 for size in sizes) and all(float(np.float32(a)) == a for a in at.values())


def by_derivatives(f, xs, at):
    """What every mode finds, by mode and by the positions of the variables."""
    yield "value", {(): f.evaluate(at)}
    for name, way in WAYS.items():
        yield name, {(k,): value for k, value in enumerate(way(f, xs, at))}
    for name, way in WAYS_TWICE.items():
        rows = way(f, xs, at)
        yield f"{name}, twice", {(k, j): rows[k][j] for k in range(len(xs)) for j in range(k, len(xs))}
    yield "elimination", {(k,): e.evaluate(at) for k, e in enumerate(sd.jacobian([f], xs, mode="elimination")[0])}
    yield "taylor, twice", {(k, k): 2 * sd.taylor(f, x, at, 2)[2] for k, x in enumerate(xs)}
    yield "symbolic taylor, twice", {(k, k): 2 * sd.taylor(f, x, order=2)[2].evaluate(at) for k, x in enumerate(xs)}


def by_backends(f, xs, at):
    """What every backend finds, in both precisions."""
    keys = [(), *[(k,) for k in range(len(xs))], *[(k, j) for k in range(len(xs)) for j in range(k, len(xs))]]
    hessian, gradient = f.hessian(xs), f.gradient(xs)
    outputs = [f if not key else gradient[key] if len(key) == 1 else hessian[key] for key in keys]
    native = (
        "llvm"
        if all(node.op is None or node.op.code is not None for e in outputs for node in e.nodes())
        else "llvm+numpy"
    )
    for backend in ("python", "numpy", native):
        compiled = sd.compile(outputs, xs, backend=backend)
        yield backend, dict(zip(keys, compiled(*at.values()), strict=True))
        found = compiled(*[np.array([a]) for a in at.values()])
        yield f"{backend}, batch", dict(zip(keys, [v[0] for v in found], strict=True))
    if single_holds(f, at):
        for backend in ("numpy", native):
            compiled = sd.compile(outputs, xs, backend=backend, dtype="float32")
            found = compiled(*[np.array([a], np.float32) for a in at.values()])
            yield f"{backend}, float32", dict(zip(keys, [v[0] for v in found], strict=True))


def complaints(row):
    f = function(row)
    names = list(row["point"])
    xs = [sd.Var(name) for name in names]
    at = {x: row["point"][x.name] for x in xs}
    right = wanted(row, names)
    for source in (by_derivatives, by_backends):
        for way, found in source(f, xs, at):
            single = way.endswith("float32")
            rel, least = (1e-5, mpmath.ldexp(1, -126)) if single else (1e-12, mpmath.ldexp(1, -1022))
            for key, value in found.items():
                true = right.get(key)
                if true is None or (true and not least <= abs(true) < (mpmath.ldexp(1, 127) if single else mpmath.inf)):
                    continue
                if len(key) == 2 and row["id"] in LOST:
                    continue
                if not (value == value and abs(exact(float(value)) - true) <= rel * abs(true)):
                    yield f"{way} {key}: {float(value)!r}, not {mpmath.nstr(true, 17)}"


@pytest.mark.parametrize("name", ROWS)
def test_every_mode_and_backend_finds(name):
    with mpmath.workdps(40):
        assert list(complaints(ROWS[name])) == []
