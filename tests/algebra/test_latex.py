"""LaTeX: what a mathematician reads, with right brackets; read back by SymPy; balanced for every operation."""

from __future__ import annotations

import cmath
import math
import random
import re
from fractions import Fraction

import hypothesis.strategies as st
import mpmath
import numpy as np
import pytest
import sympy
from hypothesis import assume, given, settings
from support import sample

import symdiff as sd
from symdiff.algebra.notation import latex_writer
from symdiff.graph import VAR
from symdiff.records import OPERATIONS

OURS = OPERATIONS[VAR + 1 :]

WRITTEN = {
    "x": "x",
    "-x": "-x",
    "x**2*y + y + 2": "x^{2} y + y + 2",
    "2*x*y": "2 x y",
    "x - y": "x - y",
    "x - (y - z)": r"x - \left(y - z\right)",
    "x - (y + z)": r"x - \left(y + z\right)",
    "x + (y - z)": "x + y - z",
    "x*(y + z)": r"x \left(y + z\right)",
    "-(x + y)": r"-\left(x + y\right)",
    "-x*y": "-x y",
    "-x + y": "-x + y",
    "x*(-2)": r"x \left(-2\right)",
    "x*(-y)": r"x \left(-y\right)",
    "x - (-y)": r"x - \left(-y\right)",
    "x + (-3)": "x - 3",
    "x - 1/3": r"x - \frac{1}{3}",
    "x + (-2)*y": "x - 2 y",
    "x + (-y)/z": r"x - \frac{y}{z}",
    "x/y": r"\frac{x}{y}",
    "-x/y": r"-\frac{x}{y}",
    "x/(-y)": r"\frac{x}{-y}",
    "-(x + y)/z": r"-\frac{x + y}{z}",
    "x*y/z": r"\frac{x y}{z}",
    "1/3*x": r"\frac{1}{3} x",
    "x*(1/2)": r"x \cdot \frac{1}{2}",
    "x/y/z": r"\frac{x}{y z}",
    "x/(y/z)": r"\frac{x z}{y}",
    "x*(y/z)/w": r"\frac{x y}{z w}",
    "-x/y/z": r"-\frac{x}{y z}",
    "x/(-y)/z": r"\frac{x}{\left(-y\right) z}",
    "1/x/y": r"\frac{1}{x y}",
    "(1/x)*(-y)/z": r"\frac{-y}{x z}",
    "1/(x/y)": r"\frac{y}{x}",
    "x/(y/z/w)": r"\frac{x z w}{y}",
    "(x + y)/z/(x - y)": r"\frac{x + y}{z \left(x - y\right)}",
    "x/sqrt(1 + y**2)/sqrt(1 + y**2)": r"\frac{x}{1 + y^{2}}",
    "sqrt(x)*y/z/sqrt(x)": r"\frac{\sqrt{x} y}{z \sqrt{x}}",
    "x*(y/z)": r"x \frac{y}{z}",
    "x*(y/2)/3": r"\frac{x y}{2 \cdot 3}",
    "x/y*(z/w)": r"\frac{x z}{y w}",
    "x*(y/z)*(y/z)*w": r"\frac{x y^{2} w}{z^{2}}",
    "-(x/y)*(z/w)": r"-\frac{x z}{y w}",
    "-(x/y)/z": r"-\frac{x}{y z}",
    "(-x)/y/2": r"-\frac{x}{2 y}",
    "-2*x/y*(3/z)": r"-\frac{2 x \cdot 3}{y z}",
    "x/hypot(x, y)/hypot(x, y)": r"\frac{x}{x^{2} + y^{2}}",
    "sin(x)/y*(sin(x)/z)": r"\frac{\left(\sin\left(x\right)\right)^{2}}{y z}",
    "x/(x + y)**2*(1/(x + y))": r"\frac{x}{\left(x + y\right)^{3}}",
    "x/y**2/y": r"\frac{x}{y^{3}}",
    "x/sqrt(y)/(y*sqrt(y))": r"\frac{x}{y^{2}}",
    "x**2/y/z": r"\frac{x^{2}}{y z}",
    "x/y*(z/w) + 1": r"\frac{x z}{y w} + 1",
    "2**(x/y*(z/w))": r"2^{\frac{x z}{y w}}",
    "x**y**z": "x^{y^{z}}",
    "(x**y)**z": r"\left(x^{y}\right)^{z}",
    "x**(-1)": "x^{-1}",
    "x**(1/3)": r"x^{\frac{1}{3}}",
    "(x/y)**2": r"\left(\frac{x}{y}\right)^{2}",
    "(-x)**2": r"\left(-x\right)^{2}",
    "(x + y)**2": r"\left(x + y\right)^{2}",
    "(x*y)**2": r"\left(x y\right)^{2}",
    "2**x": "2^{x}",
    "(-2)**x": r"\left(-2\right)^{x}",
    "x*2**y": r"x \cdot 2^{y}",
    "2*3.0*x": r"2 \cdot 3.0 x",
    "1e-30*x": r"1 \times 10^{-30} x",
    "x**(y + 1)": "x^{y + 1}",
    "x**(-y)": "x^{-y}",
    "exp(x)**2": r"\left(e^{x}\right)^{2}",
    "exp(-x**2/2)/sqrt(2*pi)": r"\frac{e^{-\frac{x^{2}}{2}}}{\sqrt{2 \pi}}",
    "sqrt(x)**3": r"\left(\sqrt{x}\right)^{3}",
    "cbrt(x + 1)": r"\sqrt[3]{x + 1}",
    "sin(x)": r"\sin\left(x\right)",
    "sin(x)**2": r"\sin^{2}\left(x\right)",
    "erf(x)**2": r"\operatorname{erf}^{2}\left(x\right)",
    "sin(x)**(-1)": r"\left(\sin\left(x\right)\right)^{-1}",
    "sin(x)**y": r"\left(\sin\left(x\right)\right)^{y}",
    "sin(x**2)*cos(y)": r"\sin\left(x^{2}\right) \cos\left(y\right)",
    "gamma(x)**2": r"\left(\Gamma\left(x\right)\right)^{2}",
    "log(x)": r"\log\left(x\right)",
    "log2(x)**2": r"\log_{2}^{2}\left(x\right)",
    "polygamma(2, x)": r"\psi^{(2)}\left(x\right)",
    "abs(x - y)": r"\left|x - y\right|",
    "abs(x)**2": r"\left|x\right|^{2}",
    "floor(x/2)": r"\left\lfloor \frac{x}{2} \right\rfloor",
    "ceil(x)": r"\left\lceil x \right\rceil",
    "maximum(maximum(x, y), z)": r"\max\left(x, y, z\right)",
    "maximum(x, minimum(y, z))": r"\max\left(x, \min\left(y, z\right)\right)",
    "atan2(y, x)": r"\operatorname{atan2}\left(y, x\right)",
    "where(x < 0, -x, x)": r"\begin{cases} -x & \text{if } x < 0 \\ x & \text{otherwise} \end{cases}",
    "where(x < 0, 1, where(y < 0, 2, 3))": (
        r"\begin{cases} 1 & \text{if } x < 0 \\ 2 & \text{if } y < 0 \\ 3 & \text{otherwise} \end{cases}"
    ),
    "where(x < 0, 1, 2)*y": r"\left(\begin{cases} 1 & \text{if } x < 0 \\ 2 & \text{otherwise} \end{cases}\right) y",
    "x + 1 <= 2*y": r"x + 1 \le 2 y",
    "equal(x, y + 1)": "x = y + 1",
    "(x < y)*2": r"\left(x < y\right) \cdot 2",
    "(x < y) & (y < z) & (z < 1)": r"x < y \wedge y < z \wedge z < 1",
    "~(x < y)": r"\neg \left(x < y\right)",
    "((x < y) | (y < z)) & (z < 1)": r"\left(x < y \vee y < z\right) \wedge z < 1",
    "(x < y) | (y < z) & (z < 1)": r"x < y \vee y < z \wedge z < 1",
    "expm1(x)*y": r"\left(e^{x} - 1\right) y",
    "expm1(x) + y": "e^{x} - 1 + y",
    "y - expm1(x)": r"y - \left(e^{x} - 1\right)",
    "log1p(x + y)": r"\log\left(1 + x + y\right)",
    "log1p(-x)": r"\log\left(1 - x\right)",
    "log1p(x*y)": r"\log\left(1 + x y\right)",
    "log1p(-x + y)": r"\log\left(1 + \left(-x + y\right)\right)",
    "hypot(x + 1, y)": r"\sqrt{\left(x + 1\right)^{2} + y^{2}}",
    "sigma*(x + y)*sigmoid(x)": r"\sigma \cdot \left(x + y\right) \sigma\left(x\right)",
    'Var("e")**x': r"\mathrm{e}^{x}",
    "speed*time": r"\mathrm{speed} \, \mathrm{time}",
    "x*speed**2": r"x \, \mathrm{speed}^{2}",
    "x_1*x1": r"x_{1} \, \mathrm{x1}",
}

NAMES = {
    "x": "x",
    "x1": "x_{1}",
    "x_1": "x_{1}",
    "w0_3": "w_{0,3}",
    "x_i_j": "x_{i,j}",
    "alpha": r"\alpha",
    "sigma_1": r"\sigma_{1}",
    "beta12": r"\beta_{12}",
    "Omega": r"\Omega",
    "Alpha": r"\mathrm{Alpha}",
    "lamda": r"\lambda",
    "lambda_": r"\lambda",
    "T_alpha": r"T_{\alpha}",
    "v_max": r"v_{\mathrm{max}}",
    "theta_dot": r"\theta_{\mathrm{dot}}",
    "speed": r"\mathrm{speed}",
    "speed_1": r"\mathrm{speed}_{1}",
    "learning_rate": r"\mathrm{learning\_rate}",
    "_x": r"\mathrm{\_x}",
    "x__1": r"\mathrm{x\_\_1}",
    "x1y": r"\mathrm{x1y}",
    "α": r"\alpha",
    "Ω2": r"\Omega_{2}",
    "λ_1": r"\lambda_{1}",
    "é": r"\text{é}",
}


@pytest.mark.parametrize("text", WRITTEN)
def test_formulas_read_as_they_are_written(text):
    assert sd.latex(sd.parse(text)) == WRITTEN[text]


@pytest.mark.parametrize("name", NAMES)
def test_names(name):
    assert sd.latex(sd.Var(name)) == NAMES[name]


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("x_{1}", "x_{1}"),
        (r"\dot{x}", r"\dot{x}"),
        ("x^{*}", "x^{*}"),
        ("x'", "x'"),
        ("a b", r"\text{a b}"),
        ("x*", r"\text{x*}"),
        ("100%", r"\text{100\%}"),
        ("x_{1", r"\text{x\_\{1}"),
        ("$x$", r"\text{\$x\$}"),
    ],
)
def test_names_that_are_no_identifiers(name, written):
    x = sd.from_sympy(sympy.Symbol(name))
    assert sd.latex(x) == written
    check(sd.latex(x**2 + 2 * x))


def test_functions_of_time_are_written_as_sympy_does():
    t = sympy.Symbol("t")
    q = sympy.Function("q1")(t)
    f = sd.from_sympy(q.diff(t) ** 2 + q)
    assert sd.latex(f) == r"q_{1}{\left(t \right)} + \left(\frac{d}{d t} q_{1}{\left(t \right)}\right)^{2}"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (3, "3"),
        (-3, "-3"),
        (2.5, "2.5"),
        (Fraction(-2, 7), r"-\frac{2}{7}"),
        (1e22, r"1 \times 10^{22}"),
        (True, r"\mathrm{True}"),
        (-1.5e-7, r"-1.5 \times 10^{-7}"),
        (math.inf, r"\infty"),
        (-math.inf, r"-\infty"),
        (math.nan, r"\mathrm{nan}"),
        (1 - 2j, r"\left(1.0 - 2.0 \mathrm{i}\right)"),
        (mpmath.mpf("0.5"), "0.5"),
        (-mpmath.inf, r"-\infty"),
        (-0.0, "-0.0"),
    ],
)
def test_constants(value, written):
    assert sd.latex(value) == written
    assert sd.latex(sd.Const(value)) == written


def test_named_constants_and_huge_numbers():
    assert sd.latex(sd.pi * sd.e) == r"\pi e"
    assert sd.latex(sd.Const(10**5000)) == "1" + "0" * 5000


# -- brackets ---------------------------------------------------------------------


def check(text):
    """Braces, \\left and \\right, and environments close what they open, in order."""
    open_ = []
    for token in re.findall(r"\\begin\{\w+\}|\\end\{\w+\}|\\left(?![a-z])|\\right(?![a-z])|\\.|[{}&%#$]", text):
        if token.startswith((r"\begin", r"\left")) or token == "{":
            open_.append(token)
        elif token.startswith(r"\end"):
            assert open_.pop() == token.replace("end", "begin"), text
        elif token == r"\right":
            assert open_.pop() == r"\left", text
        elif token == "}":
            assert open_.pop() == "{", text
        elif token == "&":
            assert open_[-1].startswith(r"\begin"), text
        else:
            assert token not in ("%", "#", "$"), text
    assert open_ == [], text
    assert not re.search(r"\^\{[^{}]*\}\^|_\{[^{}]*\}_|\+ [-+]|- [-+]|\(\)|\{\} *\{\}", text), text


@pytest.mark.parametrize("op", OURS, ids=lambda op: op.name)
def test_every_operation_is_written(op):
    f = sample(op)
    for g in (f, f + 1, -f, f**2, 2 / f, f * f, sd.sin(f), *f.gradient(["x", "y"])):
        check(sd.latex(g))
        assert g._repr_latex_() == rf"$\displaystyle {sd.latex(g)}$"


@pytest.mark.parametrize("op", OURS, ids=lambda op: op.name)
def test_every_operation_brackets_its_operands(op):
    """Where operands are sums, the LaTeX has each whole, in brackets or between delimiters."""
    with sd.Graph(simplify=False):
        x, y, z = sd.variables("x y z")
        n = sd.Const(2)
        args = [n if k in op.whole else a for k, a in enumerate([x - y, y - z, z - x, x - z][: op.arity])]
        if op.name == "where":
            args[0] = x < y
        if op.name.startswith("logical"):
            args = [x < y, y < z][: op.arity]
        text = sd.latex(op(*args))
    check(text)
    for k, arg in enumerate(args):
        whole = re.escape(sd.latex(arg)) if k not in op.whole else "2"
        opening = r"(^|[{(|,]\s*|\\lfloor |\\lceil |1 \+ |cases\} |\\\\ |\\text\{if \} )"
        closing = r"($|\s*[})|,]|\\right| \\right| & | \\\\)"
        infix = op.name in ("add", "sub", "equal") or op.name.startswith(("less", "greater", "logical"))
        if not infix or (op.name == "sub" and k):
            assert re.search(opening + whole + closing, text), text


def random_expression(rng, depth, functions):
    leaves = [*sd.variables("x y z_1"), 2, -3, 0.5, -1.5, Fraction(1, 3), Fraction(-2, 7), sd.pi, 1e-5]
    if depth == 0 or rng.random() < 0.15:
        return rng.choice(leaves) + sd.Const(0)
    kind = rng.choice(["+", "-", "*", "/", "**", "neg", "function", "function"])
    a = random_expression(rng, depth - 1, functions)
    if kind == "neg":
        return -a
    if kind == "function":
        return rng.choice(functions)(a)
    b = random_expression(rng, depth - 1, functions)
    if kind == "**":
        return sd.Pow(a, rng.choice([2, 3, -1, -2, Fraction(1, 2), b]))
    return {"+": sd.Add, "-": sd.Sub, "*": sd.Mul, "/": sd.Div}[kind](a, b)


@pytest.mark.parametrize("simplify", [True, False])
@pytest.mark.parametrize("seed", range(30))
def test_random_expressions_are_balanced(seed, simplify):
    rng = random.Random(seed)
    functions = [op for op in OURS if op.arity == 1 and not op.boolean]
    functions += [lambda a: sd.where(a < 1, -a, 1 - a), lambda a: sd.maximum(a, 2 - a), lambda a: sd.hypot(a, -a)]
    with sd.Graph(simplify=simplify):
        for depth in (3, 5, 7):
            check(sd.latex(random_expression(rng, depth, functions)))


# -- an independent reader -----------------------------------------------------------

# what SymPy's reader of LaTeX knows
READ = [
    sd.sin,
    sd.cos,
    sd.tan,
    sd.exp,
    sd.log,
    sd.log2,
    sd.log10,
    sd.sqrt,
    sd.asin,
    sd.acos,
    sd.atan,
    sd.sinh,
    sd.cosh,
    sd.tanh,
    sd.abs,
    sd.floor,
    sd.ceil,
    sd.log1p,
    sd.softplus,
    sd.expm1,
]


def read_by_sympy(latex):
    """What SymPy reads; juxtaposed letters and brackets are products, e and pi constants."""
    parse_latex = pytest.importorskip("sympy.parsing.latex").parse_latex
    text = latex.replace(r"\left|", r"\left(\operatorname{abs}\left(").replace(r"\right|", r"\right)\right)")
    found = parse_latex(text.replace(r"\operatorname{abs}", r"Q_{0}"))
    called = {
        f: f.func.__name__ for f in found.atoms(sympy.Function) if isinstance(f, sympy.core.function.AppliedUndef)
    }
    assert set(called.values()) <= {"x", "y", "e", "z_{1}", "pi", "Q_{0}"}, called
    while called:
        inner = min(called, key=lambda f: f.count_ops())
        name = called[inner]
        value = sympy.Abs(inner.args[0]) if name == "Q_{0}" else sympy.Symbol(name) * inner.args[0]
        found = found.xreplace({inner: value})
        called = {
            f: f.func.__name__ for f in found.atoms(sympy.Function) if isinstance(f, sympy.core.function.AppliedUndef)
        }
    return found.subs({sympy.Symbol("e"): sympy.E, sympy.Symbol("pi"): sympy.pi})


@pytest.mark.parametrize("simplify", [True, False])
@pytest.mark.parametrize("seed", range(25))
def test_sympy_reads_the_same_value(seed, simplify):
    pytest.importorskip("antlr4")
    rng = random.Random(1000 + seed)
    point = {"x": 0.375, "y": 0.625, "z_1": 1.25}
    with sd.Graph(simplify=simplify):
        for depth in (2, 3, 3):
            f = random_expression(rng, depth, READ)
            latex = sd.latex(f)
            if "aligned" in latex:
                continue
            with mpmath.workdps(30):
                expected = mpmath.mpmathify(f.evaluate({k: mpmath.mpf(v) for k, v in point.items()}))
                values = {sympy.Symbol(k): sympy.Rational(v) for k, v in [("x", "3/8"), ("y", "5/8"), ("z_{1}", "5/4")]}
                got = mpmath.mpmathify(complex(read_by_sympy(latex).evalf(30, subs=values)))
                if mpmath.isfinite(expected) and abs(expected) < 1e200:
                    assert mpmath.almosteq(got, expected, 1e-9, 1e-9), (str(f), latex)


# -- what does not fit -------------------------------------------------------------------


def parts_of(text):
    """The named parts of an aligned block, and what comes last."""
    assert text.startswith("\\begin{aligned}\n")
    assert text.endswith("\n\\end{aligned}")
    lines = text.split("\n")[1:-1]
    assert all(line.endswith(r" \\") for line in lines[:-1])
    joined: list[str] = []
    for line in lines:
        line = line.removesuffix(r" \\")
        if line.startswith(r"&\quad {} "):
            joined[-1] += " " + line.removeprefix(r"&\quad {} ")
        else:
            joined.append(line)
    named = dict(line.split(" &= ", 1) for line in joined[:-1])
    return named, joined[-1].removeprefix("& ")


def doubling(x, steps):
    for _ in range(steps):
        x = sd.sin(x) * sd.cos(x)
    return x


def test_shared_parts_get_names():
    named, last = parts_of(sd.latex(doubling(sd.Var("x"), 20)))
    assert list(named) == [f"z_{{{k}}}" for k in range(1, 20)]
    assert named["z_{1}"] == r"\sin\left(x\right) \cos\left(x\right)"
    assert named["z_{2}"] == r"\sin\left(z_{1}\right) \cos\left(z_{1}\right)"
    assert last == r"\sin\left(z_{19}\right) \cos\left(z_{19}\right)"


def test_names_of_parts_avoid_variables():
    x, z1 = sd.variables("x z1")
    named, _ = parts_of(sd.latex(doubling(x + z1, 20)))
    assert next(iter(named)) == "t_{1}"


@pytest.mark.parametrize(
    "step",
    [
        sd.sin,
        sd.exp,
        lambda f: 1 / (1 + f),
        lambda f: sd.Var("x") ** f,
        lambda f: -f * sd.Var("y"),
        lambda f: f - sd.Var("y"),
        lambda f: 1 - f,
        lambda f: sd.where(f < 1, f, 2),
        lambda f: sd.where(sd.Var("y") < 1, 2, f),
        lambda f: sd.maximum(f, 1),
        lambda f: sd.sqrt(sd.sin(f) + f),
        lambda f: f * sd.Var("w1"),
    ],
)
def test_deep_expressions_have_short_lines_and_linear_text(step):
    sizes = {}
    for steps in (400, 800):
        f = sd.Var("x")
        for _ in range(steps):
            f = step(f)
        text = sd.latex(f)
        check(text)
        sizes[steps] = len(text)
        assert max(map(len, text.split("\n"))) < 800
    assert sizes[800] < 2.2 * sizes[400] < 200_000


def test_parts_say_the_same_as_the_expression():
    pytest.importorskip("antlr4")
    x, y = sd.variables("x y")
    f = (doubling(x * y - x / (y + 2), 3) + 1 / (1 + sd.exp(-x))).gradient([x, y]).sum()
    named, last = parts_of(sd.latex(f))
    values = {sympy.Symbol("x"): sympy.Rational(3, 8), sympy.Symbol("y"): sympy.Rational(5, 8)}
    for name, text in named.items():
        values[sympy.Symbol(name)] = read(text, values)
    assert float(read(last, values)) == pytest.approx(f.evaluate(x=0.375, y=0.625), rel=1e-12)


def read(text, values):
    from sympy.parsing.latex import parse_latex

    found = parse_latex(text).subs(sympy.Symbol("e"), sympy.E)
    for f in sorted(found.atoms(sympy.core.function.AppliedUndef), key=lambda f: f.count_ops()):
        found = found.replace(f.func, lambda a, name=f.func.__name__: sympy.Symbol(name) * a)
    return found.evalf(25, subs=values)


def test_conditions_that_have_names_stand_in_brackets(xy):
    x, y = xy
    c = sd.equal(x + y, x**2)
    f = sd.where(c, doubling(x, 5), sd.where(c & (y < x), y, x * sd.where(c, 1, 2)))
    named, _ = parts_of(sd.latex(f))
    assert r"\left(x + y = x^{2}\right)" in named.values()


def test_long_sums_break_between_terms():
    w = sd.variables("w", 100)
    named, last = parts_of(sd.latex(w.sum()))
    assert named == {}
    assert last == " + ".join(f"w_{{{k}}}" for k in range(100))


def test_the_negative_of_a_part_with_a_name_gets_none(xy):
    """What it was part of was a fraction too wide for a line, until the quotient had a name."""
    x, y = xy
    q = sum((sd.sin(k * x + y) for k in range(2, 12)), x) / y
    named, last = parts_of(sd.latex(sd.sin(q) * (-q / x)))
    assert len(named) == 2
    assert last == r"\sin\left(z_{2}\right) \left(-\frac{z_{2}}{x}\right)"


def test_small_formulas_stay_whole():
    x, y = sd.variables("x y")
    assert "aligned" not in sd.latex((x + y) ** 2 * sd.sin(x + y) / (x + y))


# -- arrays and other nestings ---------------------------------------------------------------


def test_arrays(xy):
    x, y = xy
    f = x**2 * y + y + 2
    assert sd.latex(f.gradient([x, y])) == r"\begin{bmatrix} 2 x y \\ x^{2} + 1 \end{bmatrix}"
    assert sd.latex(f.hessian([x, y])) == r"\begin{bmatrix} 2 y & 2 x \\ 2 x & 0 \end{bmatrix}"
    assert sd.latex(np.array([[1, 2]])) == r"\begin{bmatrix} 1 & 2 \end{bmatrix}"
    assert sd.latex(np.array(x + 1, dtype=object)) == "x + 1"
    third = sd.latex(np.array([[[x, y], [y, x]], [[1, 2], [3, 4]]], dtype=object))
    assert third == (
        r"\begin{bmatrix} \begin{bmatrix} x & y \\ y & x \end{bmatrix} \\ "
        r"\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix} \end{bmatrix}"
    )
    check(sd.latex(sd.variables("a", (2, 3, 2, 2))))
    wide = sd.latex(sd.variables("a", (2, 12)))
    assert wide.startswith(r"\left[\begin{array}{cccccccccccc} a_{0, 0} & a_{0, 1}")
    check(wide)
    for empty in ((0,), (0, 2), (2, 0)):
        check(sd.latex(np.empty(empty, dtype=object)))


def test_lists_and_dictionaries(xy):
    x, y = xy
    assert sd.latex([x, (y, 1)]) == r"\left[x, \left(y, 1\right)\right]"
    assert sd.latex({"f_1 %": x, y: 2}) == r"\left\{\mathrm{f\_1 \%} : x, y : 2\right\}"
    assert sd.latex([]) == r"\left[\right]"


def test_sparse_matrices(xy):
    x, y = xy
    small = sd.SparseMatrix((2, 2), [0, 1], [1, 0], [x * y, y])
    assert sd.latex(small) == r"\begin{bmatrix} 0 & x y \\ y & 0 \end{bmatrix}"
    large = sd.latex(sd.SparseMatrix((300, 200), [0, 1], [1, 0], [x * y, y]))
    check(large)
    assert r"\mathbb{R}^{300 \times 200}" in large
    assert r"a_{1,2} &= x y \\ a_{2,1} &= y" in large


def test_entries_of_matrices_that_are_too_wide_get_names():
    w = sd.variables("w", 40)
    text = sd.latex(np.array([w.sum(), w.prod()], dtype=object))
    check(text)
    named, last = parts_of(text)
    assert list(named) == ["z_{1}", "z_{2}"]
    assert named["z_{1}"] == " + ".join(f"w_{{{k}}}" for k in range(40))
    assert last.startswith(r"\begin{bmatrix} z_{1} \\ z_{2} w_{")
    f = sd.exp(w[0] * w[1]) * sd.sin(w[2] / w[1]) ** 2
    check(sd.latex([f, f.gradient(list(w[:3])), f.hessian(list(w[:3]))]))


# -- records of users, notebooks, errors ---------------------------------------------------------


def test_operations_of_users():
    x, y = sd.variables("x y")
    plain = sd.operation("latex_plain", lambda a, b: a + b, lambda r, a, b: (1, 1))
    star = sd.operation("latex_star", lambda a, b: a + b, lambda r, a, b: (1, 1), latex=r"{0} \star {1}")
    assert sd.latex(plain(x, y + 1)) == r"\operatorname{latex\_plain}\left(x, y + 1\right)"
    assert sd.latex(star(x, y + 1)) == r"x \star \left(y + 1\right)"
    assert sd.latex(2 * star(x, y)) == r"2 \left(x \star y\right)"
    twice = sd.operation("latex_twice", lambda a: a, lambda r, a: 1, latex="{0}{0}")
    f = x
    for _ in range(100):
        f = twice(f)
    assert len(sd.latex(f)) < 10_000
    broken = sd.operation("latex_broken", lambda a: a, lambda r, a: 1, latex="{0} {3}")
    with pytest.raises(sd.SymdiffValueError, match="latex_broken"):
        sd.latex(broken(x))
    assert broken(x)._repr_latex_() is None


def test_notebooks_are_not_given_what_they_cannot_show():
    f = sd.Var("x")
    for _ in range(5000):
        f = sd.sin(f)
    assert f._repr_latex_() is None
    assert f.latex() == sd.latex(f)


@pytest.mark.parametrize("value", ["x", None, object(), {1, 2}])
def test_what_is_no_expression_is_refused(value):
    with pytest.raises(sd.SymdiffTypeError):
        sd.latex(value)


def test_the_same_input_gives_the_same_text():
    assert sd.latex(doubling(sd.Var("x"), 30)) == sd.latex(doubling(sd.Var("x"), 30))


def as_python(text):
    """The Python of LaTeX that is made of names, numbers, products, fractions, square roots, powers and sums alone."""
    text = text.replace(r"\left(", "(").replace(r"\right)", ")").replace(r"\,", " ").replace(r"\cdot", "*")
    text = text.replace(r"\sqrt{", "root{").replace("^{", "**{").replace(r"\frac{", "quotient{")
    text = text.replace("}{", ",").replace("{", "(").replace("}", ")")
    tokens = re.findall(r"quotient|root|[a-z]|\d+|\*\*|\S", text)
    written = ""
    for before, token in zip(["*", *tokens], tokens, strict=False):
        beside = re.fullmatch(r"[a-z]|\d+|\)", before) and re.fullmatch(r"quotient|root|[a-z]|\d+|\(", token)
        written += "*" * bool(beside) + token
    return written


def quotients(leaves):
    pairs = st.tuples(leaves, leaves)
    return (
        pairs.map(lambda p: p[0] / p[1]) | pairs.map(lambda p: p[0] * p[1]) | pairs.map(lambda p: p[0] + p[1])
        | leaves.map(lambda a: -a) | leaves.map(lambda a: a**2) | pairs.map(lambda p: sd.direction_cosine(*p))
    )  # fmt: skip


@pytest.mark.parametrize(
    ("formula", "latex"),
    [
        ("-(-x/y)/z", r"\frac{-x}{y z}"),
        ("-(-(-x/y)/z)/w", r"\frac{-\left(-\frac{x}{y}\right)}{z w}"),
        ("-(-2/x)/y", r"\frac{-2}{x y}"),
        ("-2/x/(y/(-2))", r"\frac{2 \left(-2\right)}{x y}"),
        ("-(-x*y)/z/w", r"\frac{\left(-x\right) y}{z w}"),
    ],
)
def test_a_fraction_has_one_minus_before_it_and_keeps_the_others(formula, latex):
    assert sd.parse(formula).latex() == "-" + latex


def test_a_leg_over_its_hypotenuse_keeps_its_minus_within_a_fraction():
    x, y, z = sd.variables("x y z")
    cosine = r"\frac{-x}{\sqrt{\left(-x\right)^{2} + y^{2}} z}"
    assert (sd.direction_cosine(-x, y) / z).latex() == cosine
    sine = r"\frac{-x}{\sqrt{y^{2} + \left(-x\right)^{2}} z}"
    assert (sd.direction_sine(y, -x) / z).latex() == sine


LEAVES = [*sd.variables("x y z"), sd.Const(1), sd.Const(2), sd.Const(-3), *map(sd.sqrt, sd.variables("x y"))]


@settings(max_examples=300)
@given(st.recursive(st.sampled_from(LEAVES), quotients, max_leaves=14))
def test_fractions_within_fractions_mean_the_same(f):
    text = f.latex()
    assume(r"\begin" not in text)  # with names of parts
    point = {"x": 0.7 + 0.2j, "y": 1.9 - 0.1j, "z": 0.3 + 0.4j}
    right = complex(f.evaluate({v: point[v.name] for v in f.variables}))
    names = {"root": cmath.sqrt, "quotient": lambda a, b: a / b, **point}
    assert complex(eval(as_python(text), {}, names)) == pytest.approx(right, rel=1e-9, abs=1e-12)


def test_nodes_are_measured_once_where_nothing_gets_a_name(monkeypatch):
    x = sd.variables("x", 60)
    sums = {count: ((x[:-1] - x[1:] ** 2) ** 2)[:count].sum() for count in (3, 59)}
    products = {count: sd.parse("*".join([f"(x{k} + y)" for k in range(count)])) for count in (3, 59)}
    measured = []
    measure = latex_writer.Writer._measure
    monkeypatch.setattr(latex_writer.Writer, "_measure", lambda self, i: measured.append(i) or measure(self, i))
    for formulas, again in ((sums, False), (products, True)):
        for count, f in formulas.items():
            measured.clear()
            f.latex()
            assert (len(measured) > len(f.nodes())) == (again and count > 3)
