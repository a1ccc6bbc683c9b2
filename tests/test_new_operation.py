"""The record that CONTRIBUTING.md adds to the table, in a process of its own: every mode follows from it."""

import re
import subprocess
import sys
from pathlib import Path

PAGE = (Path(__file__).parents[1] / "CONTRIBUTING.md").read_text(encoding="utf-8")
(RECORD,) = re.findall(r"```python\n(gudermannian: .*?)```", PAGE, re.DOTALL)

CHECKS = """
import math, mpmath, numpy as np
import symdiff as sd
from symdiff.ops import elementary
exec(RECORD, vars(elementary))
gd = elementary.gudermannian
x = sd.Var("x")
f = gd(x**2) * x
assert str(gd(x).gradient(x)) == "1/cosh(x)"
assert gd(sd.Const(0)) == sd.Const(0)
assert sd.crosscheck(f, {x: 0.75}, order=3).ok
assert not sd.crosscheck(gd(x), {x: 800.0}, order=2).ok  # as the page says of such a slope
assert type(gd(x)).__name__ == "Gudermannian"
assert sd.parse(str(f)) == f
assert sd.from_sympy(f.to_sympy()).evaluate(x=0.75) == f.evaluate(x=0.75)
assert "gd" in f.latex()
for backend in ("python", "numpy", "auto"):
    F = sd.compile([f, f.gradient(x)], [x], backend=backend)
    points = np.linspace(-2, 2, 9)
    np.testing.assert_allclose(F(points)[0], f.evaluate(x=points), rtol=1e-13)
print(F.backend)
"""


def test_the_record_of_contributing_is_all_that_there_is_to_an_operation():
    done = subprocess.run(
        [sys.executable, "-c", f"RECORD = {RECORD!r}\n{CHECKS}"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() in ("llvm", "numpy")  # its code is native where llvmlite is
