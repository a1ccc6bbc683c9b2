"""Operation names: the records are their one source, and what has to be written out for editors is held against them.

`python tests/test_names.py` writes those lists anew.
"""

import ast
import builtins
import inspect
import re
import subprocess
import sys
from pathlib import Path

import symdiff as sd
from symdiff import constructors, functions, ops, records

PACKAGE = Path(__file__).parents[1] / "symdiff"
TABLE = """
import symdiff
from symdiff.records import OPERATIONS
print(*[op.name for op in OPERATIONS if op is not None])
"""


def table():
    """The library's operations, without those that tests registered."""
    done = subprocess.run([sys.executable, "-c", TABLE], capture_output=True, text=True, check=True, cwd=PACKAGE.parent)
    return [records.by_name(name) for name in done.stdout.split()]


def is_function(op):
    """Whether users call it by name: for the others Python has operators, but `and`, `or` and `not` are its own.

    What functions.py has under the name of a record checks what users give, and calls it.
    """
    return (not op.symbol or bool(op.conditions)) and op.name not in functions.__all__


def in_order(names):
    """As ruff sorts them: classes first, numbers by size."""
    parts = {name: [int(p) if p.isdigit() else p for p in re.split(r"(\d+)", name)] for name in names}
    return sorted(names, key=lambda name: (not name[0].isupper(), parts[name]))


def replaced(text, pattern, block):
    """A text with its one list of that pattern replaced."""
    (found,) = re.finditer(pattern, text, re.MULTILINE)
    return text[: found.start()] + block + text[found.end() :]


def written(operations):
    """The files with lists of names, by path, as they have to be."""
    classes = [op.class_name for op in operations]
    functions = [op.name for op in operations if is_function(op) and not hasattr(builtins, op.name)]
    others = set(sd.__all__).difference(classes, functions)
    front = (PACKAGE / "__init__.py").read_text(encoding="utf-8")
    for start, pattern, names in (
        (
            "    from symdiff.constructors import (",
            r"^    from symdiff\.constructors import \(\n(        \w+,\n)+",
            [f"    {name}" for name in in_order(classes)],
        ),
        ("from symdiff.ops import (", r"^from symdiff\.ops import \(\n(    \w+,\n)+", functions),
        (
            "__all__ = [",
            r'^__all__ = \[\n(    "\w+",\n)+',
            [f'"{name}"' for name in in_order([*classes, *functions, *others])],
        ),
    ):
        ordered = in_order(names) if start == "from symdiff.ops import (" else names
        front = replaced(front, pattern, "\n".join([start, *[f"    {name}," for name in ordered], ""]))
    face = (PACKAGE / "constructors.py").read_text(encoding="utf-8")
    lines = "\n".join(f"    class {op.class_name}({of_operands(op)}): ...\n" for op in operations)
    face = replaced(face, r"^(    class \w+\(_\w+\): \.\.\.\n\n?)+", lines)
    return {
        PACKAGE / "__init__.py": front,
        PACKAGE / "constructors.py": face,
        PACKAGE / "ops" / "__init__.py": table_of_contents(operations),
    }


def of_operands(op):
    """The class in constructors.py that tells editors the names of the operands."""
    names = "_".join(op.operands)
    return f"_{names.title().replace('_', '')}" if names.isidentifier() else "_Several"


def table_of_contents(operations):
    """`ops/__init__.py`, with the records of each module by their names."""
    kin = {}
    for op in operations:
        kin.setdefault(op.partials.__module__, []).append(op.name)
    text = (PACKAGE / "ops" / "__init__.py").read_text(encoding="utf-8")
    for module, names in kin.items():
        start = f"from {module} import (\n"
        block = "".join(f"    {name} as {name},\n" for name in in_order(names))
        text = replaced(text, rf"^{re.escape(start)}(    \w+ as \w+,\n)+", start + block)
    return text


def test_every_list_of_operations_has_those_of_the_table():
    for path, text in written(table()).items():
        assert path.read_text(encoding="utf-8") == text, f"run `python tests/test_names.py`, which rewrites {path.name}"


def test_a_new_operation_enters_every_list():
    """Under its own name and that of its class, in the lists of functions, of classes and of its kin."""
    fields = {"name": "new2", "class_name": "New2", "operands": ("a", "b"), "symbol": "", "conditions": ()}
    fields["partials"] = ops.sin.partials
    front, face, contents = written([*table(), type("New", (), fields)]).values()
    assert (front.count("    new2,\n"), front.count('    "new2",\n')) == (1, 1)
    assert (front.count("        New2,\n"), front.count('    "New2",\n')) == (1, 1)
    assert "\n    class New2(_AB): ...\n" in face
    assert "    log10 as log10,\n    new2 as new2,\n    one_minus_square as one_minus_square,\n" in contents


def test_names_are_those_of_their_records():
    for op in table():
        assert getattr(ops, op.name) is op
        assert getattr(constructors, op.class_name) is getattr(sd, op.class_name) is sd.class_of(op)
        if is_function(op):
            assert getattr(sd, op.name) is op


def test_what_loads_later_is_what_editors_see():
    """`_LATER` names the modules that the imports for typing name."""
    tree = ast.parse((PACKAGE / "__init__.py").read_text(encoding="utf-8"))
    (typing,) = [n for n in tree.body if isinstance(n, ast.If) and getattr(n.test, "id", "") == "TYPE_CHECKING"]
    seen = {alias.name: n.module for n in typing.body if isinstance(n, ast.ImportFrom) for alias in n.names}
    written = {n.name: n for n in typing.body if isinstance(n, ast.FunctionDef)}  # types that their modules can't tell
    for name, function in written.items():
        arguments = [a.arg for a in [*function.args.args, *filter(None, [function.args.vararg])]]
        assert list(inspect.signature(getattr(sd, name)).parameters) == arguments
    classes = {op.class_name: "symdiff.constructors" for op in table()}
    assert seen | {name: sd._LATER[name] for name in written} == {**sd._LATER, **classes}
    assert not seen.keys() & written.keys()


if __name__ == "__main__":
    for path, text in written(table()).items():
        path.write_text(text, encoding="utf-8")


def test_a_name_means_the_variable_that_the_expression_holds():
    """Another one of that name in the graph was taken: nothing was replaced, and its derivative was 0."""
    with sd.Graph():
        scalar, s = sd.Var("s"), sd.Var("s", shape=2)
        f = (s**2).sum()
        assert f.replace({"s": [3, 4]}).evaluate({}) == 25
        assert "∂f/∂s = 2*s" in str(f.explain("s"))
        assert (scalar**2).replace({"s": 3}) == sd.Const(9)
        assert f.replace({"t": 3}) == f
