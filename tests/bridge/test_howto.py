"""The how-to for SymPy users says what is true."""

import doctest
import time
from pathlib import Path

import numpy as np
import sympy

import symdiff as sd

PAGE = Path(__file__).parents[2] / "docs" / "howto" / "sympy.md"


def test_the_examples_of_the_page_run():
    failed, tried = doctest.testfile(str(PAGE), module_relative=False)
    assert tried > 10
    assert failed == 0


def test_a_model_of_sympy_with_diff_and_lambdify_replaced():
    """Residuals of a fit: SymPy's `jacobian` and `lambdify` beside symdiff's, on the same symbols, in one run."""
    a, b, c, w = parameters = sympy.symbols("a b c w", positive=True)
    model = sympy.Matrix([
        a * sympy.exp(-(((k / 8 - b) / c) ** 2)) + sympy.sin(w * k / 8) * sympy.tanh(c * k / 8) for k in range(1, 41)
    ])  # fmt: skip
    point = (1.3, 2.1, 0.9, 3.0)

    started = time.process_time()
    by_sympy = sympy.lambdify(parameters, [model, model.jacobian(parameters)], cse=True)(*point)
    middle = time.process_time()
    read = sd.from_sympy(model)
    compiled = sd.compile([read, sd.jacobian(read.ravel(), parameters)], parameters)
    ours = compiled(*point)
    ended = time.process_time()

    for found, expected in zip(ours, by_sympy, strict=True):
        assert np.allclose(found, expected, rtol=1e-13, atol=1e-14)
    print(f"SymPy {middle - started:.2f} s, symdiff {ended - middle:.2f} s")  # shown by pytest -s; machines differ
    assert sd.jacobian(model, parameters).shape == (40, 4)
