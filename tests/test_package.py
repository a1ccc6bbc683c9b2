"""The package as a whole: what importing loads, what it exports, how it is built."""

from __future__ import annotations

import ast
import builtins
import configparser
import pathlib
import re
import shutil
import subprocess
import sys
import types

import packaging.requirements
import pytest

import symdiff as sd

ROOT = pathlib.Path(__file__).parent.parent
PACKAGE = ROOT / "symdiff"
SOURCES = sorted(PACKAGE.rglob("*.py"))


def run(script):
    done = subprocess.run([sys.executable, "-W", "error", "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def tree(path):
    return ast.parse(path.read_text(encoding="utf-8"))


# -- importing -----------------------------------------------------------------------------


def test_importing_loads_none_of_the_heavy_neighbours():
    heavy = "sympy scipy networkx graphviz mpmath matplotlib llvmlite IPython pandas numba opt_einsum"
    assert run(f"import symdiff, sys; print([m for m in '{heavy}'.split() if m in sys.modules])").strip() == "[]"


def test_a_derivative_loads_none_of_the_heavy_neighbours():
    script = (
        "import symdiff as sd, sys\n"
        "x, y = sd.variables('x y'); f = x**2*y + sd.sin(y) + 2\n"
        "f.gradient([x, y]); f.hessian([x, y]); f.evaluate(x=3, y=4); f.backpropagate(x=3.0, y=4.0); str(f)\n"
        "f.evaluate({x: sd.DualNumber(3.0, 1.0), y: 4.0}); sd.taylor(f, x, {x: 1.0, y: 2.0}, 3); sd.parse('x + 1')\n"
        "print([m for m in 'sympy scipy networkx graphviz mpmath matplotlib opt_einsum'.split() if m in sys.modules])"
    )
    assert run(script).strip() == "[]"


def test_importing_prints_and_warns_nothing():
    done = subprocess.run([sys.executable, "-W", "always", "-c", "import symdiff"], capture_output=True, check=True)
    assert (done.stdout, done.stderr) == (b"", b"")


def test_importing_changes_no_global_state():
    script = (
        "import sys, numpy as np\n"
        "before = sys.getrecursionlimit(), np.geterr(), np.get_printoptions()\n"
        "import symdiff, warnings\n"
        "assert before == (sys.getrecursionlimit(), np.geterr(), np.get_printoptions())"
    )
    run(script)


# -- names ------------------------------------------------------------------------------------


def test_every_exported_name_exists():
    assert [name for name in sd.__all__ if not hasattr(sd, name)] == []
    assert len(set(sd.__all__)) == len(sd.__all__)
    assert list(sd.__all__) == [n for n in sd.__all__ if not n.startswith("_")]


def test_no_exported_name_shadows_a_builtin():
    assert [name for name in sd.__all__ if hasattr(builtins, name)] == []


def test_a_star_import_brings_the_public_names():
    script = (
        "import builtins\nbefore = dict(vars(builtins))\nfrom symdiff import *\nx = Var('x')\n"
        "assert abs(-1) == 1 and sum([1, 2]) == 3 and before == vars(builtins)\n"
        "assert str(sin(x)*pi) == 'sin(x)*pi'"
    )
    run(script)


def test_names_of_the_design_are_exported():
    names = [
        "variables", "Var", "Const", "Add", "Mul", "Sub", "Div", "Neg", "Pow", "Graph", "DualNumber", "parse",
        "jacobian", "jvp", "vjp", "hvp", "taylor", "derivative", "gradient", "hessian", "crosscheck", "from_sympy",
        "to_sympy", "operation", "pi", "e", "equal", "where", "maximum", "minimum", "render", "to_graphviz",
        "to_networkx", "SymdiffError", "logsumexp", "softmax", "prod", "dot", "norm", "sec", "csc", "cot", "asec",
        "acsc", "acot", "sech", "csch", "coth", "asech", "acsch", "acoth", "sinc", "lambertw", "polygamma", "digamma",
        "loggamma", "logaddexp", "hypot", "softplus", "sigmoid", "relu", "heaviside", "log_softmax",
    ]  # fmt: skip
    assert [name for name in names if name not in sd.__all__] == []


def test_dir_lists_the_public_names_and_no_others():
    """What loads later is among them; modules, helpers and what this process has loaded are not."""
    script = (
        "import symdiff as sd; names = dir(sd)\n"
        "sd.taylor, sd.parse, sd.render, sd.compile\n"
        "assert dir(sd) == names; print(*names)"
    )
    names = run(script).split()
    assert names == sorted([*sd.__all__, "abs", "compile"])
    assert {"DualNumber", "taylor", "from_sympy", "sin"} <= set(names)
    assert [name for name in names if isinstance(getattr(sd, name), types.ModuleType)] == ["linalg"]


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="nothing_like_this"):
        sd.nothing_like_this  # noqa: B018


def test_every_error_is_a_symdiff_error_and_a_builtin():
    expected = {
        "SymdiffTypeError": TypeError, "SymdiffValueError": ValueError, "MissingValueError": KeyError,
        "RenderError": OSError, "ParseError": ValueError,
    }  # fmt: skip
    for name, builtin in expected.items():
        assert issubclass(getattr(sd, name), (sd.SymdiffError,)), name
        assert issubclass(getattr(sd, name), builtin), name


# -- building -----------------------------------------------------------------------------------


def test_the_version_equals_that_of_the_build():
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    assert sd.__version__ == config["metadata"]["version"]
    assert config["metadata"]["name"] == "symdiff-graph"


def test_citation_and_conda_recipe_agree_with_the_build():
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    recipe = (ROOT / "conda" / "meta.yaml").read_text(encoding="utf-8")
    assert f"\nversion: {sd.__version__}\n" in citation
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (\S+)", changelog, re.MULTILINE)[0] == sd.__version__
    assert f'version: "{sd.__version__}"' in recipe
    assert config["metadata"]["author"] in citation
    needed = [line.split(";")[0].strip() for line in config["options"]["install_requires"].split("\n") if line]
    others = {"graphviz>=0.20": "python-graphviz >=0.20", "graphviz-pure>=0.2": "graphviz"}  # conda's own names
    listed = re.findall(r"^    - (.*)$", recipe.partition("  run:")[2].partition("test:")[0], re.MULTILINE)
    assert listed == ["python >=3.10", *[others.get(each, each.replace(">=", " >=")) for each in needed]]


def test_a_source_distribution_has_all_and_a_wheel_what_runs(tmp_path):
    wanted = ("symdiff", "tests", "docs", "notebooks", "benchmarks", "conda")
    unwanted = shutil.ignore_patterns(
        "__pycache__", "_generated", "gallery", ".ipynb_checkpoints", "*.egg-info", ".mypy_cache", ".hypothesis"
    )
    files = [path for path in ROOT.iterdir() if path.is_file() and path.name not in (".git", ".gitignore")]
    for path in [ROOT / name for name in wanted]:
        shutil.copytree(path, tmp_path / path.name, ignore=unwanted)
    for path in files:
        shutil.copyfile(path, tmp_path / path.name)
    build = "import setuptools; setuptools.setup()"
    for command in (["egg_info"], ["build_py", "--build-lib", "library"]):
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", build, "-q", *command], cwd=tmp_path, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
    lines = (tmp_path / "symdiff_graph.egg-info" / "SOURCES.txt").read_text(encoding="utf-8").splitlines()
    listed = {pathlib.PurePosixPath(line).as_posix() for line in lines}  # without ./ in front
    copied = {"notebooks", "benchmarks", "project"}  # into docs by Sphinx, where the manual was built
    sources = {
        path.relative_to(tmp_path).as_posix()
        for name in wanted
        for path in (tmp_path / name).rglob("*")
        if path.is_file() and not (name == "docs" and path.relative_to(tmp_path / name).parts[0] in copied)
    }
    assert {"tests/test_package.py", "notebooks/1-six-ways.ipynb", "docs/conf.py", "docs/_static/search.js"} <= sources
    assert sorted(sources - listed) == []
    assert {"README.md", "LICENSE", "CHANGELOG.md", "CITATION.cff", "CONTRIBUTING.md", "conftest.py"} <= listed
    library = {path.relative_to(tmp_path / "library").as_posix() for path in (tmp_path / "library").rglob("*.*")}
    assert {name for name in sources if name.startswith("symdiff/")} == library


@pytest.mark.parametrize(
    ("platform", "machine", "has"),
    [("linux", "x86_64", True), ("linux", "aarch64", True), ("darwin", "arm64", True), ("win32", "AMD64", True),
     ("linux", "ppc64le", False), ("linux", "armv7l", False), ("emscripten", "wasm32", False)],
)  # fmt: skip
def test_the_drawing_program_is_required_where_it_is_built(platform, machine, has):
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    (line,) = [line for line in config["options"]["install_requires"].split("\n") if line.startswith("graphviz-pure")]
    marker = packaging.requirements.Requirement(line).marker
    assert marker.evaluate({"sys_platform": platform, "platform_machine": machine}) is has


def test_the_package_is_typed_and_says_so():
    assert (PACKAGE / "py.typed").is_file()
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    assert "py.typed" in config["options.package_data"]["symdiff"]


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_every_module_says_what_it_is(path):
    if path.stat().st_size:
        assert ast.get_docstring(tree(path))


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_every_public_function_and_class_has_a_docstring(path):
    module = tree(path)
    found = []
    for node in module.body:
        inner = node.body if isinstance(node, ast.ClassDef) and not node.name.startswith("_") else []
        for one in [node, *inner]:
            public = isinstance(one, (ast.FunctionDef, ast.ClassDef)) and not one.name.startswith("_")
            overload = public and any("setter" in ast.dump(d) or "overload" in ast.dump(d) for d in one.decorator_list)
            if public and not overload and not ast.get_docstring(one):
                found.append(one.name)
    assert found == []


# -- the house rules ---------------------------------------------------------------------------------


_WRITERS = (
    "compile/backends/python/python_source.py", "compile/results.py", "compile/array_function.py",
    "algebra/rule_functions.py", "compile/array_programs/array_body.py", "languages/generated.py",
)  # fmt: skip


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_nothing_touches_the_recursion_limit_or_evaluates_text(path):
    calls = [ast.unparse(node.func) for node in ast.walk(tree(path)) if isinstance(node, ast.Call)]
    forbidden = {"eval", "exec", "sys.setrecursionlimit", "setrecursionlimit", "os.system", "sympify", "parse_expr"}
    if path.relative_to(PACKAGE).as_posix() in _WRITERS:
        forbidden -= {"exec", "eval"}  # of what they write themselves, with no builtin but what NumPy needs
    assert [call for call in calls if call in forbidden] == []
    assert "shell=True" not in path.read_text(encoding="utf-8")


def imports_at_top(path):
    """The modules of symdiff that a module imports when it is loaded."""
    found = set()
    for node in tree(path).body:
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("symdiff"):
            found.add(node.module)
            if node.module == "symdiff":
                found |= {f"symdiff.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found


@pytest.mark.parametrize("name", ["graph", "scopes", "errors"])
def test_the_graph_knows_nobody(name):
    ours = {m for m in imports_at_top(PACKAGE / f"{name}.py") if m.startswith("symdiff")}
    assert ours <= {
        "symdiff.errors",
        "symdiff.scopes",
        "symdiff.shapes",
        "symdiff.constants",
        "symdiff.array_constants",
    }


@pytest.mark.parametrize("folder", ["algebra", "bridge", "draw", "derive"])
def test_the_core_loads_no_folder(folder):
    table = [f"ops/{path.stem}" for path in (PACKAGE / "ops").glob("*.py")]
    for name in ("graph", "records", *table, "build", "arithmetic", "expr", "rules"):
        loaded = {m for m in imports_at_top(PACKAGE / f"{name}.py") if m.startswith(f"symdiff.{folder}")}
        assert loaded == set(), f"{name} loads {loaded}"


def test_the_whole_library_walks_deep_graphs_under_a_small_stack():
    """A chain of 10,000 nodes goes through every pass with a recursion limit of 150."""
    script = (
        "import copy, pickle, sys, symdiff as sd\n"
        "x, t = sd.variables('x t')\n"
        "f = x + 1\n"
        "f.evaluate({x: sd.DualNumber(0.5, 1.0)}); sd.taylor(f, x, 0.5, 2); f.backpropagate(x=0.5); f.hessian([x])\n"
        "pickle.loads(pickle.dumps(f)); sd.parse(str(f)); copy.deepcopy(f); sd.jvp(f, [x], [1]); f.replace({x: t})\n"
        "y = x\n"
        "for _ in range(5_000):\n"
        "    y = sd.sin(y) + 0.1*x\n"
        "sys.setrecursionlimit(150)\n"
        "g = y.gradient(x); h = y.hessian([x]); str(y); hash(y); repr(g)\n"
        "y.evaluate({x: 0.5}); y.backpropagate({x: 0.5}); y.adjoints(); y.node_values({x: 0.5})\n"
        "y.evaluate({x: sd.DualNumber(0.5, 1.0)}); sd.taylor(y, x, 0.5, 2); sd.jvp(y, [x], [1])\n"
        "z = y.replace({x: t}); assert z != y and z.replace({t: x}) == y\n"
        "assert pickle.loads(pickle.dumps(y)) == y == copy.deepcopy(y)\n"
        "assert sd.parse(str(y)) == y\n"
        "list(y.nodes()); y.variables; y.args\n"
        "del y, g, h, z\n"
        "print('done')"
    )
    assert run(script).strip() == "done"
