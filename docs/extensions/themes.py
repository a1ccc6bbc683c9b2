"""`theme`: the public names of some modules, with a table of contents and their docstrings.

What a module makes public comes into the manual by itself. `first` gives an order; the rest follows by name.
"""

from __future__ import annotations

import inspect
from typing import Any

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

import symdiff

MADE = {  # by functions: nobody calls these classes
    *("Animation", "Chart", "Explanation", "Expr", "Function"),
    *("Operation", "Picture", "Problem", "Report", "Spy"),
}
INSIDE = {"Graph"}  # whose methods are the library's own affair


def public() -> set[str]:
    """All names that users see: those that a star import would let shadow Python's own are not in `__all__`."""
    return {*symdiff.__all__, *symdiff._LATER, "abs"}


def home(name: str) -> str:
    """The module that a public name comes from, `symdiff.derive.jacobian`."""
    return symdiff._LATER.get(name) or getattr(getattr(symdiff, name), "__module__", "symdiff.leaves")


def is_operation(name: str) -> bool:
    """Whether it is a record or a record's class: the table of operations has these."""
    thing = getattr(symdiff, name)
    return isinstance(thing, symdiff.Operation) or (home(name) == "symdiff.constructors" and inspect.isclass(thing))


def public_names(modules: list[str], first: list[str]) -> list[str]:
    """The names of those modules, or of modules in those folders, in the order of the page."""
    found = [
        name
        for name in public()
        if not is_operation(name) and any(f"{home(name)}.".startswith(f"{module}.") for module in modules)
    ]
    return [*first, *sorted(set(found) - set(first))]


def kind(thing: Any) -> str:
    """The directive that shows it."""
    if inspect.isclass(thing):
        return "autoexception" if issubclass(thing, Exception) else "autoclass"
    return "autofunction" if inspect.isroutine(thing) else "autodata"


class Theme(SphinxDirective):
    """.. theme:: symdiff.derive symdiff.sparse"""

    required_arguments = 1
    final_argument_whitespace = True
    option_spec = {"first": directives.unchanged, "without": directives.unchanged}  # noqa: RUF012

    def run(self) -> list[nodes.Node]:
        names = public_names(self.arguments[0].split(), self.options.get("first", "").split())
        names = [name for name in names if name not in self.options.get("without", "").split()]
        lines = [".. currentmodule:: symdiff", "", ".. autosummary::", "", *[f"   {name}" for name in names], ""]
        for name in names:
            directive = kind(getattr(symdiff, name))
            members = directive == "autoclass" and name not in INSIDE
            lines += [f".. {directive}:: {name}", *["   :members:"] * members, ""]
        self.env.note_reread()  # docstrings are no files of the manual
        return self.parse_text_to_nodes("\n".join(lines), allow_section_headings=False)


def examples(app: Sphinx, what: str, name: str, thing: Any, options: Any, lines: list[str]) -> None:
    """An example at the end of a docstring is a section of its own, not the end of the section before it."""
    start = next((k for k, line in enumerate(lines) if line.startswith(">>>")), None)
    if start is not None and any(line.startswith("---") for line in lines[:start]):
        lines[start:start] = ["Examples", "--------", ""]


def signature(
    app: Sphinx, what: str, name: str, thing: Any, options: Any, signature: str | None, returns: str | None
) -> tuple[str | None, str | None]:
    """None for classes that are made by functions."""
    return ("" if what == "class" and name.split(".")[-1] in MADE else signature), returns


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_directive("theme", Theme)
    app.connect("autodoc-process-signature", signature)
    app.connect("autodoc-process-docstring", examples, priority=400)  # before napoleon reads the sections
    return {"parallel_read_safe": True, "parallel_write_safe": True}
