"""What every language is held against: operations, array programs, the work of the benchmarks, by `sd.compile`."""

import os
import random
import re
import sys
from functools import cache

import numpy as np
import pytest

import symdiff as sd
from symdiff.linalg import cholesky, det, inv, logdet, slogdet, solve, solve_triangular
from symdiff.records import OPERATIONS

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "arrays"))
from array_programs import OF_ARRAYS, Program, array_variables, sample

POINTS = (-2.7, -1.5, -1.0, -0.7, -0.3, 0.0, 0.2, 0.5, 0.9, 1.0, 1.4616, 1.7, 2.5, 3.9, 10.3, 55.0, 800.0)
OPS = [op for op in OPERATIONS if op is not None and op.code is not None]


def cases(language, lacks=()):
    """Code, arguments and expected results: of all that is below."""
    return of_operations(language, lacks) + of_arrays(language) + workloads(language) + edge_cases(language)


def edges():
    """What is rare: nothing at all, numbers alone, names of elements, words of the language."""
    w, v, none = sd.variables("w", (2, 2)), sd.Var("v", shape=3), sd.Var("none", shape=0)
    words = sd.variables("fn type match self Box")
    x = sd.Var("x")
    one = sd.Var("X", shape=(1, 1))
    each = sd.Var("T", shape=(2, 3, 3))
    several = [inv(each), det(each), solve(each, each.mT), solve(each, v), det(each[:, :2, :2]), slogdet(each).sign]
    several += [cholesky(each @ each.mT), solve_triangular(each, each, lower=True), logdet(each @ each.mT)]
    matrices = np.stack([np.eye(3) + np.arange(9.0).reshape(3, 3) ** 0.5, np.diag([2.0, 0.0, 1.0])])
    return {
        "elements": ([w[0, 0] * w[1, 1], w[0, 1] - w[0, 0]], [w[0, 0], w[0, 1], w[1, 1]], [0.5, 2.0, 3.0]),
        "words": (words[0] * words[1] + words[2] / words[3] - words[4], words, [0.5, 2.0, 3.0, 4.0, 5.0]),
        "constants": ([sd.Const(2) * 1, np.array([sd.Const(1) * 1, x])], [x], [0.5]),
        "idle": (x, [x, v, w], [0.5, np.ones(3), np.ones((2, 2))]),
        "nothing": ([none * 2, none.sum()], [none], [np.zeros(0)]),
        "one": ([sd.linalg.inv(one), sd.linalg.det(one), one.T @ one], [one], [np.full((1, 1), 4.0)]),
        "filled": ([sd.ones(2) * sd.abs(x), sd.zeros(3).at[[-1, 0]].add(x**3), (v + sd.ones(3) * sd.sin(x)).sum()],
                   [x, v], [-0.5, np.arange(3.0)]),
        "stacks": (several, [each, v], [matrices, np.arange(3.0)]),
        "slopes of stacks": ([(x * f).sum().gradient(each) for f in several], [each, v, x],
                             [np.stack([matrices[0], 2 * matrices[0].T]), np.arange(3.0), 0.5]),
        "chosen": (sd.sqrt(sd.where(x > 0, 1, 2)) + sd.Const(-2.5) ** x, [x], [3.0]),
        "conditions": ([sd.where(x > 0, x < 2, x > -1), (v > x).sum(), sd.where(x > v, True, False)], [x, v],
                       [1.0, np.arange(3.0)]),
    }  # fmt: skip


def edge_cases(language):
    """Those of what is rare."""
    found = []
    for name, (outputs, inputs, args) in edges().items():
        results = sd.compile(outputs, inputs)(*args)
        results = [results] if not isinstance(outputs, list) else results
        code = sd.code(outputs, inputs, name=f"edge_{name.replace(' ', '_')}", language=language)
        found.append((code, args, [np.asarray(one, float) for one in results]))
    return found


def of_operation(op):
    """An expression of an operation, and its variables."""
    given = list(sd.variables("a b c d"))[: op.arity]
    free = [v for k, v in enumerate(given) if k not in op.whole]
    return op(*[2 if k in op.whole else v for k, v in enumerate(given)]), free


def of_operations(language, lacks=()):
    """Those of every operation."""
    found = []
    for op in OPS:
        with sd.Graph():
            f, free = of_operation(op)
            if op.name in lacks:
                with pytest.raises(sd.SymdiffValueError, match=f"{op.name} has no code in"):
                    sd.code(f, free, language=language)
                continue
            code = sd.code(f, free, name=f"do_{op.name}", language=language)
            compiled = sd.compile(f, free, accuracy="high")
        chance = random.Random(op.name)
        for _ in range(8):
            point = [chance.choice(POINTS) for _ in free]
            found.append((code, point, [np.array(float(compiled(*point)))]))
    return found


def of_arrays(language):
    """Those of random array programs with their gradients."""
    found = []
    for seed in range(16):
        program = Program(random.Random(seed), 1 + seed % 8)
        with sd.Graph():
            variables = array_variables(program)
            f = program.run(OF_ARRAYS, variables)
            outputs = [f, *[f.gradient(v) for v in f.variables]]
            inputs = list(variables.values())
            try:
                code = sd.code(outputs, inputs, name=f"program{seed}", language=language)
            except sd.SymdiffValueError as error:
                if "eigenvalues" not in str(error):
                    raise
                continue
            values = list(sample(program, seed).values())
            expected = sd.compile(outputs, inputs, accuracy="high")(*values)
            found.append((code, values, [np.asarray(one, float) for one in expected]))
    return found


@cache
def quick_cases():
    """The derivatives that the benchmarks ask for, with their values: outputs, inputs, point and results."""
    root = os.path.join(os.path.dirname(__file__), "..", "..")
    if not os.path.isdir(os.path.join(root, "benchmarks")):
        return []
    sys.path.insert(0, root)
    from benchmarks import workloads as work
    from benchmarks.rivals.symdiff import Symdiff

    rival, found = Symdiff(), []
    known = set()
    for case in [c for name in work.NAMES for c in work.cases(name, quick=True)]:
        if (case.workload, case.derive, case.order) in known:
            continue
        known.add((case.workload, case.derive, case.order))
        with sd.Graph():
            problem = case.build(rival)
            outputs = [*np.ravel(problem.outputs)]
            if case.derive != "value":
                slopes = getattr(rival, case.derive)(problem, case.order)
                outputs.append(slopes if isinstance(slopes, (sd.SparseMatrix, sd.Expr)) else np.array(slopes))
            inputs = [*problem.inputs, *problem.parameters]
            point = np.array(case.point(), float)
            point = point[:, 0] if point.ndim == 2 else np.ravel(point)
            expected = sd.compile(outputs, [np.array(inputs)], accuracy="high")(point)
            flat = [np.asarray(one.data if hasattr(one, "tocsr") else one, float) for one in expected]
            name = re.sub(r"\W+", "_", f"{case.workload}_{case.name}")
            found.append((name, outputs, np.array(inputs), point, flat))
    return found


def workloads(language):
    """Code, arguments and expected results of the benchmarks."""
    made = []
    for name, outputs, inputs, point, expected in quick_cases():
        made.append((sd.code(outputs, [inputs], name=name, language=language), [point], expected))
    return made


def compared(found, wanted):
    """Hold the numbers that came back, of each case in a row, against those that were wanted."""
    assert len(found) == len(wanted)
    for got, (code, args, expected) in zip(found, wanted, strict=True):
        flat = np.concatenate([one.ravel() for one in expected])
        tolerance = 1e-12 if flat.size == 1 else 1e-8
        scale = tolerance * np.abs(np.nan_to_num(flat, posinf=0.0, neginf=0.0)).max(initial=0.0)
        np.testing.assert_allclose(got, flat, rtol=tolerance, atol=scale, err_msg=f"{code.name} {args}")


def distinct(wanted):
    return {code.name: code for code, _, _ in wanted}.values()
