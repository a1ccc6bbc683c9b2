"""Dependencies point down, and only down: the layers that CONTRIBUTING.md draws, held against every import.

An import inside a function counts, one for typing too, and so does a string that names a module.
"""

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

HOUSE = Path(__file__).parent.parent
FENCE = re.compile(r"```text\n(__init__ .*?)```", re.DOTALL)
KNOWN_FOR_TYPES = {
    ("symdiff.expr", "symdiff.array_expr")
}  # expressions have variables, and those with a shape are arrays
MODULE = re.compile(r"symdiff(\.\w+)+(:\w+)?")


def layers_of(text):
    """The rooms of each layer, top first: what stands before two spaces in each line of the picture."""
    (picture,) = FENCE.findall(text)
    return [re.split(r"\s{2,}", line)[0].split() for line in picture.splitlines() if line.strip()]


def modules_of(package):
    """Every module of the package by its dotted name."""
    found = {}
    for path in sorted(package.rglob("*.py")):
        parts = [package.name, *path.relative_to(package).with_suffix("").parts]
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path.read_text()
    return found


def arrows_of(modules):
    """The modules that each module names, wherever in it, and in which line."""
    return {
        name: {target: line for line, named in _named(source) for target in _targets(named, modules)}
        for name, source in modules.items()
    }


@cache
def _named(source):
    return tuple(_found(source))


def _found(source):
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are written out"
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and MODULE.fullmatch(node.value):
            yield node.lineno, node.value.partition(":")[0]


def _targets(named, modules):
    """The module that a dotted name is, or is in; the package itself is no module that anything is in."""
    parts = named.split(".")
    for size in range(len(parts), 1, -1):
        if ".".join(parts[:size]) in modules:
            return [".".join(parts[:size])]
    return ["symdiff"] if named == "symdiff" else []


def layer_of(name, layers):
    """The number of a module's layer, 0 at the top."""
    path = name.split(".")[1:] or ["__init__"]
    found = [k for k, rooms in enumerate(layers) if path[0] in rooms or f"{path[0]}/" in rooms]
    assert len(found) == 1, f"{name} stands in {len(found)} layers of the picture in CONTRIBUTING.md, not in one"
    return found[0]


def upward(modules, layers):
    """The arrows that point up, as text."""
    return [
        f"{name}:{line} -> {target} points up"
        for name, targets in arrows_of(modules).items()
        for target, line in targets.items()
        if layer_of(target, layers) < layer_of(name, layers)
    ]


def circle(modules):
    """Modules that import one another in a ring, [] where there is none."""
    arrows = arrows_of(modules)
    left = {
        name: {t for t in targets if t != name and (name, t) not in KNOWN_FOR_TYPES} for name, targets in arrows.items()
    }
    while ends := [name for name, targets in left.items() if not targets]:
        left = {name: targets.difference(ends) for name, targets in left.items() if name not in ends}
    path = [min(left)] if left else []
    while path and len(set(path)) == len(path):
        path.append(min(left[path[-1]]))
    return path[path.index(path[-1]) :] if path else []


PACKAGE = modules_of(HOUSE / "symdiff")
LAYERS = layers_of((HOUSE / "CONTRIBUTING.md").read_text())


def test_every_module_has_one_layer():
    for name in PACKAGE:
        layer_of(name, LAYERS)


def test_no_arrow_points_up():
    assert not (found := upward(PACKAGE, LAYERS)), "\n".join(found)


def test_there_is_no_circle():
    assert not (found := circle(PACKAGE)), " -> ".join(found)


@pytest.mark.parametrize(
    "line",
    [
        "from symdiff.expr import Expr",
        "def late():\n    import symdiff.draw.render",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from symdiff import expr",
        "MEANING = 'symdiff.draw.render:render'",
    ],
)
def test_an_arrow_that_points_up_is_found(line):
    upper = {**PACKAGE, "symdiff.graph": PACKAGE["symdiff.graph"] + "\n" + line}
    (found,) = set(upward(upper, LAYERS)) - set(upward(PACKAGE, LAYERS))
    assert found.startswith("symdiff.graph:")
    assert found.endswith("points up")
    assert circle(upper)


@pytest.mark.parametrize(("name", "target"), sorted(KNOWN_FOR_TYPES))
def test_what_is_known_for_types_alone_is_never_imported(name, target):
    for node in ast.parse(PACKAGE[name]).body:
        if not (isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING"):
            assert target not in {t for _, named in _named(ast.unparse(node)) for t in _targets(named, PACKAGE)}


def test_one_basename_has_one_meaning():
    count = Counter(path.stem for path in (HOUSE / "symdiff").rglob("*.py"))
    assert {name for name, n in count.items() if n > 1} == {"__init__"}
