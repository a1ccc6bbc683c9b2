"""What notebooks show; no hook raises, and other arrays show as before."""

import subprocess
import sys
import types

import numpy as np
import pytest

import symdiff as sd
from symdiff import notebook


def test_a_graph_shows_its_picture(xy):
    x, y = xy
    f = x * y + sd.sin(x)
    assert "sin" in f.graph._repr_svg_()
    assert sd.Graph()._repr_svg_() is None


def test_a_large_graph_is_folded():
    with sd.Graph() as graph:
        x = sd.variables("x", 1000)
        kept = [sum(x * x), sd.sin(x[0])]
    svg = graph._repr_svg_()
    assert "alike" in svg
    assert len(svg) < 50_000
    assert len(kept) == 2


def test_a_graph_without_a_program_shows_nothing(xy, monkeypatch):
    f = xy[0] * xy[1]
    monkeypatch.setenv("SYMDIFF_DOT", "/no/such/program")
    assert f.graph._repr_svg_() is None


def test_arrays_of_expressions_are_matrices(xy):
    x, y = xy
    assert r"\begin{bmatrix} y & x \end{bmatrix}" in notebook.array_latex(np.array([[y, x]]))
    assert notebook.array_latex(np.array([x, 1, 2.5], dtype=object)) is not None


def test_nestings_of_expressions_are_formulas_and_others_are_not(xy):
    x, y = xy
    assert notebook.nesting_latex([x**2, y]) == r"$\displaystyle \left[x^{2}, y\right]$"
    assert r"x y" in notebook.nesting_latex({"f": x * y})
    assert notebook.nesting_latex([[x, y], [y, x]]) is not None
    for other in ([], [1, 2], [x, "text"], {"f": 3}, [x, None], [x] * 1000, {x: object()}):
        assert notebook.nesting_latex(other) is None


def test_counts_of_operations_and_chains_are_tables(xy):
    x, y = xy
    counts = sd.count_ops(x * y + sd.sin(x) + x)
    assert counts == {"add": 2, "mul": 1, "sin": 1}
    assert repr(counts) == "{'add': 2, 'mul': 1, 'sin': 1}"
    assert "<td>add</td><td>2</td>" in counts._repr_html_()
    assert "together 4" in counts._repr_html_()
    assert "<td>J3*(J2*J1)</td><td>5,000</td><td>least</td>" in sd.chain_cost(50, 50, 1, 50)._repr_html_()


def test_a_large_sparse_matrix_shows_its_pattern_and_a_few_entries():
    x = sd.variables("x", 60)
    hessian = sum((x[1:] - x[:-1] ** 2) ** 2).hessian(x, sparse=True)
    shown = hessian._repr_html_()
    assert hessian._repr_latex_() is None
    assert "60 × 60: 178 entries" in shown
    assert shown.count("h1v1h-1z") == 178
    assert shown.count("<tr>") == 6
    assert "… 172 more entries" in shown
    assert "currentColor" in shown  # on a dark ground too
    small = (x[0] ** 2 * x[1]).hessian(x[:2], sparse=True)
    assert small._repr_html_() is None
    assert "bmatrix" in small._repr_latex_()


def test_patterns_of_huge_matrices_are_small():
    x = sd.variables("x", 5000)
    shown = sum(x[1:] ** 2 * x[:-1]).hessian(x, sparse=True)._repr_html_()
    assert len(shown) < 20_000


def test_reports_and_costs_are_tables(xy):
    x, y = xy
    report = sd.crosscheck(x * y, {x: 3, y: 4})
    shown = report._repr_html_()
    assert shown.count("<tr>") == 1 + len(report.rows)
    assert "<th>relative error</th>" in shown
    assert "least" in sd.cost(x * y)._repr_html_()


@pytest.mark.parametrize(
    "array",
    [np.zeros(3), np.array(["a", None], dtype=object), np.empty((0, 2), dtype=object), np.empty(10_000, dtype=object)],
)
def test_other_arrays_are_not(array):
    assert notebook.array_latex(array) is None


def test_large_arrays_are_not():
    x = sd.variables("x", 500)
    assert notebook.array_latex(x) is None
    assert notebook.array_latex(np.array([sum(sd.variables("y", 4000))])) is None


def test_sparse_matrices(xy):
    x, y = xy
    assert (x**2 * y).hessian([x, y], sparse=True)._repr_latex_().startswith(r"$\displaystyle")
    n = sd.variables("x", 1000)
    assert sum(n**3).hessian(n, sparse=True)._repr_latex_() is None


class Formatter:
    """What IPython has for one kind of output."""

    def __init__(self, known=None):
        self.type_printers = dict(known or {})

    def for_type(self, kind, function):
        self.type_printers[kind] = function


def shell(monkeypatch, formatter):
    formatters = {"text/latex": formatter}
    display = types.SimpleNamespace(formatters=formatters)
    module = types.SimpleNamespace(get_ipython=lambda: types.SimpleNamespace(display_formatter=display))
    monkeypatch.setitem(sys.modules, "IPython", module)


def test_ipython_learns_of_arrays(monkeypatch, xy):
    formatter = Formatter()
    shell(monkeypatch, formatter)
    notebook.register()
    show = formatter.type_printers[np.ndarray]
    assert "bmatrix" in show(np.array([*xy]))
    assert show(np.arange(3)) is None
    notebook.register()
    assert formatter.type_printers[np.ndarray] is show  # once is enough


def test_a_formatter_that_was_there_keeps_other_arrays(monkeypatch, xy):
    formatter = Formatter({np.ndarray: lambda array: "theirs"})
    shell(monkeypatch, formatter)
    notebook.register()
    show = formatter.type_printers[np.ndarray]
    assert show(np.arange(3)) == "theirs"
    assert "bmatrix" in show(np.array([*xy]))


@pytest.mark.parametrize("module", [types.SimpleNamespace(get_ipython=lambda: None), types.SimpleNamespace()])
def test_without_a_shell_nothing_happens(monkeypatch, module):
    monkeypatch.setitem(sys.modules, "IPython", module)
    notebook.register()


def test_importing_registers_only_beside_ipython():
    script = (
        "import sys, types\n"
        "class F:\n    type_printers = {}\n    def for_type(self, kind, f): self.type_printers[kind] = f\n"
        "d = types.SimpleNamespace(formatters={'text/latex': F()})\n"
        "s = types.SimpleNamespace(display_formatter=d)\n"
        "sys.modules['IPython'] = types.SimpleNamespace(get_ipython=lambda: s)\n"
        "import symdiff\nprint(len(F.type_printers), 'graphviz' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["4", "False"]  # arrays, lists, tuples, dictionaries


def test_what_a_prompt_shows_is_bounded():
    x = sd.variables("x", 300)
    deep = x[0]
    for k in range(400):
        deep = sd.sin(deep) * x[k % 300] + deep
    hessian = sum(x[1:] ** 2 * x[:-1]).hessian(x, sparse=True)
    shown = {
        "expression": deep,
        "list": [deep] * 20,
        "dictionary": {"f": deep, "g": [deep]},
        "array": np.array([deep] * 5),
        "sparse": hessian,
        "function": sd.compile(deep, [x]),
        "uncompiled": sd.function(deep, [x]),
        "callables": sd.to_scipy(deep, x),
        "trace": deep.trace(),
        "film": (x[:20] ** 2).sum().animate(),
        "page": deep.explore(),
        "picture": deep.to_graphviz(),
        "explanation": deep.explain(x[0]),
        "graph": deep.graph,
        "code": sd.code(deep, [x], language="c", name="f"),
        "problem": sd.problem(deep, x),
        "series": sd.TaylorSeries([1.0] * 5000),
        "constant": sd.Const(10**5000),
        "huge": sum(sd.variables("y", 3000) ** 2),
        "spy": sd.spy(hessian),
        "operation": sd.sin,
    }
    most = {"list": 20 * 2100, "array": 5 * 2100}  # containers of Python's and NumPy's show each entry
    long = {name: len(repr(one)) for name, one in shown.items() if len(repr(one)) > most.get(name, 6000)}
    assert not long
    assert repr(shown["callables"]).startswith("<Callables of an expression in x[0], ")
