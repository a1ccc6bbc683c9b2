"""SymPy's `jacobian` and `lambdify` replaced by symdiff on a model of 100,000 operations: times and values in one run.

python docs/howto/sympy_model.py [residuals]     # 6,700 take SymPy several minutes; 500 show the same
"""

import random
import sys
import time

import numpy as np
import sympy

import symdiff as sd

a, b, c, d, w = parameters = sympy.symbols("a b c d w", positive=True)
chosen = [b, c]  # what is derived by
point = (1.3, 2.1, 0.9, 0.4, 3.0)


def residuals(count):
    """A damped pulse and a wave, less what was measured."""
    rng = random.Random(1)
    rows = []
    for k in range(count):
        t, y = sympy.Float(5 * k / count), sympy.Float(rng.random())
        rows.append(a * sympy.exp(-(((t - b) / c) ** 2)) + d * sympy.sin(w * t + b) * sympy.tanh(c * t) - y)
    return sympy.Matrix(rows)


def timed(name, function):
    """What a function gives; its processor time is printed."""
    started = time.process_time()
    result = function()
    print(f"{name:34} {time.process_time() - started:8.2f} s", flush=True)
    return result


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 6700
    model = timed("SymPy builds the model", lambda: residuals(count))
    print(f"{sum(sympy.count_ops(row) for row in model):,} operations")
    jacobian = timed("SymPy: model.jacobian", lambda: model.jacobian(chosen))
    theirs = timed("SymPy: lambdify", lambda: sympy.lambdify(parameters, [model, jacobian]))
    expected = timed("SymPy: a call", lambda: theirs(*point))

    read = timed("symdiff: from_sympy", lambda: sd.from_sympy(model))
    slopes = timed("symdiff: jacobian", lambda: sd.jacobian(read.ravel(), chosen))
    ours = timed("symdiff: compile", lambda: sd.compile([read, slopes], parameters))
    found = timed("symdiff: a call", lambda: ours(*point))
    error = max(
        np.abs(np.asarray(ours_, float) - theirs_).max() for ours_, theirs_ in zip(found, expected, strict=True)
    )
    print(f"largest difference {error:.1e}")


if __name__ == "__main__":
    main()
