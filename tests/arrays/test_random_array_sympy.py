"""Random array programs in SymPy: its value of the matrix expression, and what comes back from it."""

from __future__ import annotations

import os
import random

import numpy as np
from array_programs import OF_ARRAYS, Program, array_variables, sample
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy_matrix_values import value

import symdiff as sd

EXAMPLES = int(os.environ.get("SYMDIFF_ARRAY_PROGRAMS", "40"))
HAS_NONE = "no counterpart among SymPy's matrix expressions"


@settings(derandomize=True, database=None, max_examples=EXAMPLES, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 6))
def test_random_programs_keep_their_value(seed, lines):
    program = Program(random.Random(seed), lines)
    try:
        with sd.Graph():
            f = program.run(OF_ARRAYS, array_variables(program)) + sd.Const(0)
    except sd.SymdiffValueError:  # a block without entries has no largest
        return
    try:
        expr = f.to_sympy()
    except sd.SymdiffTypeError as error:
        if HAS_NONE not in str(error):
            raise
        return
    point = sample(program, seed)
    back = sd.from_sympy(expr, shapes={name: shape for name, shape in program.inputs.items() if shape})
    names = {v.name for v in back.variables}
    for found in (back.evaluate({name: point[name] for name in names}), value(expr, point)):
        np.testing.assert_allclose(found, f.evaluate(point), rtol=1e-8, atol=1e-10)
