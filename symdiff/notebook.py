"""What notebooks show of graphs, matrices and arrays of expressions: the hooks that IPython asks for.

They are attached to the classes from here, as these know nothing of pictures. No hook raises, and none touches
anything else.
"""

from __future__ import annotations

import sys
from itertools import islice
from typing import Any

import numpy as np

from symdiff.algebra.notation.html_table import html_table
from symdiff.graph import STATIC, UNUSED, VAR, Graph
from symdiff.handle import Handle, gather, handle
from symdiff.nesting import flatten
from symdiff.sparse import SparseMatrix

_LARGEST = 200_000  # size limit of a graph that is drawn, in nodes
_PATIENCE = 20.0  # time limit of a picture that nobody asked for, in seconds
_ENTRIES = 400  # size limit of an array that is shown as a matrix, in entries
_NODES = 3000  # size limit of the graph below an array, in nodes; LaTeX of more takes long
_MATRIX = 12  # size limit of a sparse matrix that is shown in LaTeX, in rows and columns
_CELLS = 100  # size limit of a pattern, in rows and columns; of a larger matrix cells stand for several entries
_LISTED, _WIDTH = 6, 120  # entries of a sparse matrix beside its pattern, and the length limit of their text
_LETTERS = 20_000  # length limit of the LaTeX of a matrix of array expressions, which may hold long index arrays


def graph_svg(graph: Graph) -> str | None:
    """A graph's picture: all that nothing else is made of, folded where it is large; None where there is none."""
    try:
        from symdiff.draw.graphviz import FOLDED, to_graphviz

        nodes, _ = graph.snapshot()
        if len(nodes) > _LARGEST:
            return None
        used = {j for node in nodes if node[0] > VAR for j in node[1:]}
        ends = [i for i, node in enumerate(nodes) if i not in used and node[0] != STATIC and node[:2] != UNUSED]
        if not ends:
            return None
        return to_graphviz([handle(graph, i) for i in ends], fold=len(nodes) > FOLDED).svg(_PATIENCE)
    except Exception:  # catch all: a display hook that raises spoils the notebook
        return None


def array_latex(array: Any) -> str | None:
    """An array of expressions as a matrix in LaTeX; None for every other array, and for large ones."""
    try:
        if array.dtype != object or not 0 < array.size <= _ENTRIES or array.ndim > 4:
            return None
        return _latex(array, array.ravel().tolist())
    except Exception:  # catch all: a display hook that raises spoils the notebook
        return None


def nesting_latex(nesting: Any) -> str | None:
    """A list, tuple or dictionary of expressions in LaTeX; None for all others, and for large ones."""
    try:
        entries = list(nesting.values()) if isinstance(nesting, dict) else list(nesting)
        if not 0 < len(entries) <= _ENTRIES or not all(isinstance(e, (Handle, list, tuple)) for e in entries):
            return None
        leaves = flatten(entries)
        if len(leaves) > _ENTRIES or not all(isinstance(leaf, Handle) for leaf in leaves):
            return None
        return _latex(nesting, leaves)
    except Exception:  # catch all: a display hook that raises spoils the notebook
        return None


def sparse_latex(matrix: Any) -> str | None:
    """A sparse matrix in LaTeX; None for a large one, whose pattern is shown."""
    try:
        if not matrix.of_arrays:
            return _latex(matrix, matrix.values.tolist()) if max(matrix.shape) <= _MATRIX else None
        found = _latex(matrix, list(matrix.parts()))
        return found if found is None or len(found) <= _LETTERS else None
    except Exception:  # catch all: a display hook that raises spoils the notebook
        return None


def sparse_html(matrix: Any) -> str | None:
    """The pattern of a large sparse matrix and its first entries; None for a small one, and for blocks of arrays."""
    try:
        if matrix.of_arrays or max(matrix.shape) <= _MATRIX:
            return None
        first = islice(matrix.items(), _LISTED)
        rows = [(f"({i}, {j})", _cut(repr(value))) for i, j, value in first]
        more = f"… {matrix.nnz - _LISTED:,} more entries" if matrix.nnz > _LISTED else ""
        high, wide = matrix.shape
        head = f"sparse, {high:,} × {wide:,}: {matrix.nnz:,} {'entry' if matrix.nnz == 1 else 'entries'}"
        return _pattern(matrix) + html_table(rows, before=head, after=more)
    except Exception:  # catch all: a display hook that raises spoils the notebook
        return None


def _pattern(matrix: Any) -> str:
    """Where the entries of a matrix are, as an SVG in the colour of the text around."""
    high, wide = (min(n, _CELLS) for n in matrix.shape)
    rows, cols = matrix.rows * high // matrix.shape[0], matrix.cols * wide // matrix.shape[1]
    cells = "".join([f"M{c} {r}h1v1h-1z" for r, c in sorted(set(zip(rows.tolist(), cols.tolist(), strict=True)))])
    size = f'width="{4 * wide}" height="{4 * high}" viewBox="0 0 {wide} {high}"'
    style = "float: left; margin: 0 1em 1em 0; border: 1px solid; max-width: 100%"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} style="{style}"><path d="{cells}" fill="currentColor"/></svg>'
    )


def _cut(text: str) -> str:
    return text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…"


def _latex(values: Any, entries: list[Any]) -> str | None:
    if not any(isinstance(entry, Handle) for entry in entries):
        return None
    graph, roots = gather(entries)
    if len(graph.cone(roots)) > _NODES:
        return None
    from symdiff.algebra.notation.latex import latex

    return rf"$\displaystyle {latex(values)}$"


def register() -> None:
    """Where this is a notebook or an IPython terminal, let it show arrays of expressions as matrices."""
    try:
        shell = sys.modules["IPython"].get_ipython()
        formatter = shell.display_formatter.formatters["text/latex"]
        for kind in (list, tuple, dict):
            formatter.for_type(kind, nesting_latex)
        before = formatter.type_printers.get(np.ndarray)
        if getattr(before, "symdiff", False):
            return

        def shown(array: Any) -> str | None:
            text = array_latex(array)
            if text is None and before is not None:
                return before(array)  # type: ignore[no-any-return]
            return text

        shown.symdiff = True  # type: ignore[attr-defined]
        formatter.for_type(np.ndarray, shown)
    except Exception:  # give up without a shell, or with one of another kind
        return


Graph._repr_svg_ = graph_svg  # type: ignore[attr-defined]
SparseMatrix._repr_html_ = sparse_html  # type: ignore[attr-defined]
SparseMatrix._repr_latex_ = sparse_latex  # type: ignore[attr-defined]
