"""What is known of a program of arrays while its code is written: the code of values, the names of sizes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from symdiff.array_constants import is_sparse
from symdiff.compile.array_programs.array_lines import LARGE, Lines, entries, number_text, scaled, shape_text
from symdiff.compile.array_programs.array_loops import ArrayLoop
from symdiff.compile.array_programs.array_stages import Plan
from symdiff.compile.kernel import Options
from symdiff.graph import Graph
from symdiff.shapes import Shape, Size, named, plus

# names that the code of any program means itself
RESERVED = frozenset(["np", "inf", "nan", "float", "bool", "f", "filled", "out"])


class Known:
    """Nodes by the code of their values; a product may be known but for a coefficient, which what reads it takes in."""

    def __init__(self, graph: Graph, inputs: Mapping[int, str], plan: Plan, options: Options, backend: str) -> None:
        self.graph, self.plan = graph, plan
        self.options, self.backend = options, backend
        self.lines = Lines([*[text.partition("[")[0] for text in inputs.values()], *RESERVED])
        self.loops: dict[Any, ArrayLoop] = {}
        self.calls: dict[Any, Any] = {}  # functions from outside
        self.together: list[ArrayLoop] = []  # loops over arrays, which are made together
        self.booleans: set[int] = set()  # nodes of bools
        self.integers = {i for i in inputs if graph.leaves[i].kind == "int"}  # nodes whose values are ints of NumPy's
        self.size_names: dict[str, str] = {}
        self.large: set[str] = set()
        self._texts: dict[int, str] = dict(inputs)
        self._sparse: dict[int, str] = {}  # constants that are sparse matrices, as such
        self._numbers: dict[int, str] = {}  # constants of bools as numbers
        self._scaled: dict[int, tuple[Any, str]] = {}
        self._repeated: dict[int, tuple[Any, str]] = {}
        self.makers: dict[int, Callable[[], str]] = {}  # what writes values that are made when they are asked for
        for i in inputs:
            self.shape(i)  # name sizes before results get names

    def shape(self, i: int) -> Shape:
        """The shape of a node, in the names that sizes have in the text."""
        return tuple([self.size(size) for size in self.graph.shapes.get(i, ())])

    def size(self, size: Size) -> Size:
        """A size in the name that it has in the text."""
        if isinstance(size, int):
            return size
        name, offset = named(size)
        found = self.size_names.get(name)
        if found is None:
            found = name
            while found in self.lines.taken:
                found += "_"
            self.size_names[name] = found
            self.lines.taken.add(found)
        return plus(found, offset)

    def holds(self, i: int, text: str) -> None:
        """Say what a node's value is."""
        self._texts[i] = text
        if text.isidentifier() and entries(self.graph.shapes.get(i, ())) >= LARGE:
            self.large.add(text)

    def use(self, i: int) -> str:
        """The value of a node as code."""
        text = self._texts.get(i)
        if text is None:
            text = self._found(i)
            self.holds(i, text)
        return text

    def number(self, i: int) -> str:
        """The value of a node as code, ints as floats and conditions as 1.0 and 0.0."""
        text = self.use(i)
        if i not in self.booleans and i not in self.integers:
            return text
        if i in self.graph.leaves and i in self.booleans:  # convert a constant once, not at each call
            if i not in self._numbers:
                self._numbers[i] = self.lines.hold(self.graph.leaves[i].astype(self.options.dtype), "A")
            return self._numbers[i]
        return self.lines.value(f"{text}.astype({self.kind()})" if i in self.graph.shapes else f"float({text})")

    def scaled(self, i: int) -> tuple[Any, str]:
        """The value of a node as a coefficient and code."""
        return self._scaled[i] if i in self._scaled else (1, self.number(i))

    def scale(self, i: int, coefficient: Any, text: str) -> None:
        """Say what a node's value is but for a coefficient."""
        if coefficient == 1:
            self.holds(i, self.lines.value(text) if "(" in text or " " in text else text)
        else:
            self._scaled[i] = coefficient, text

    def _found(self, i: int) -> str:
        """The value of a node that is made when it is asked for."""
        if i in self.makers:
            return self.makers[i]()
        if i in self._scaled:
            return self.lines.value(scaled(self.lines, *self._scaled[i]))
        value = self.graph.leaves[i]
        if i not in self.graph.shapes:
            return number_text(value)
        if not is_sparse(value) and value.dtype == bool:
            self.booleans.add(i)
        return self.lines.hold(self._constant(value.toarray() if is_sparse(value) else value), "A")

    def sparse(self, i: int) -> str:
        """A sparse constant as it is, for the one product that SciPy has; elsewhere it is an array."""
        if i not in self._sparse:
            self._sparse[i] = self.lines.hold(self._constant(self.graph.leaves[i]), "A")
        return self._sparse[i]

    def repeat(self, i: int, coefficient: Any, text: str, whole: Callable[[], str]) -> None:
        """Say what a node's value is but for axes that it is repeated along, and what writes it whole."""
        self._repeated[i] = coefficient, text
        self.makers[i] = whole

    def is_repeated(self, i: int) -> bool:
        """Whether a node's value broadcasts to its shape, and was not made whole."""
        return i in self._repeated and i not in self._texts

    def repeated(self, i: int) -> tuple[Any, str]:
        """The value of a node as a coefficient, and code that broadcasts to its shape."""
        return self._repeated[i]

    def is_known(self, i: int) -> bool:
        """Whether a node has its value already."""
        return i in self._texts or i in self._scaled

    def zeros(self, i: int) -> str:
        """Zeros of a node's shape as code."""
        kind = ", np.float32" if self.options.dtype == np.float32 else ""
        return self.lines.noted(f"np.zeros({shape_text(self.shape(i))}{kind})", "filled({}, 0.0)")

    def full(self, i: int, value: str) -> str:
        """An array of a node's shape with the same number everywhere as code."""
        code = f"np.full({shape_text(self.shape(i))}, {value}, {self.kind()})"
        return self.lines.noted(code, f"filled({{}}, {value})")

    def kind(self) -> str:
        """The type of numbers as code."""
        return "np.float32" if self.options.dtype == np.float32 else "float"

    def _constant(self, value: Any) -> Any:
        if not is_sparse(value) and value.dtype == bool:
            return value
        with np.errstate(all="ignore"):
            return value.astype(self.options.dtype)
