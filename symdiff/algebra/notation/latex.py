r"""LaTeX: expressions, and arrays and lists of them, as mathematicians write them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from symdiff.algebra.notation.latex_names import name_latex, verbatim
from symdiff.algebra.notation.latex_writer import PAGE, Writer
from symdiff.handle import Handle, as_handle, gather, is_variable
from symdiff.neighbours import takes_sympy
from symdiff.nesting import contents
from symdiff.sparse import SparseMatrix

_CELL = 16  # width of a matrix's entry, in letters
_COLUMNS = 10  # column limit of LaTeX's own matrices
_DENSE = 400  # size limit of a sparse matrix that is written with its zeros, in entries
SHOWN = 3000  # size limit of LaTeX in notebooks, in nodes: more takes them minutes


@takes_sympy
def latex(exprs: Any) -> str:
    r"""An expression in LaTeX, or lists, tuples, dictionaries, arrays and sparse matrices of them.

    For math mode; MathJax, KaTeX and amsmath read it. Names of Greek letters
    are these letters, `x_1`, `x1` and `w[0, 3]` get subscripts. Arrays of one axis are columns, of
    two matrices, of more matrices of matrices. Where the text would be wider than about
    two lines, or the tree is much larger than the graph, an `aligned`
    environment gives names to parts, z_{1} = …, so it is linear in the graph.

    Raises
    ------
    SymdiffTypeError
        For what is neither an expression nor a number, nor a nesting of them.
    SymdiffValueError
        For an operation whose `latex` is no format string.

    >>> import symdiff as sd
    >>> x, y = sd.variables("x y")
    >>> print(sd.latex(sd.sin(x)**2/(x - y)))
    \frac{\sin^{2}\left(x\right)}{x - y}
    >>> print(sd.latex((x**2*y + y + 2).gradient([x, y])))
    \begin{bmatrix} 2 x y \\ x^{2} + 1 \end{bmatrix}
    """
    pieces, cells = _skeleton(exprs)
    alone = len(pieces) == len(cells) == 1
    writer = _writer(cells, None if alone else max(PAGE // max(_across(exprs), 1), _CELL))
    if alone and (writer.names or writer.widths[writer.roots[0]] > PAGE):
        root = writer.roots[0]
        return _block(writer, [writer.write(root)] if root in writer.names else writer.lines(root))
    written = [p if isinstance(p, str) else writer.write(writer.roots[p]) for p in pieces]
    return _block(writer, ["".join(written)])


def _writer(cells: list[Handle], limit: int | None) -> Writer:
    graph, roots = gather(cells)
    if graph.infer is None or not graph.has_arrays(roots):
        return Writer(cells, limit)
    from symdiff.algebra.notation.array_latex_writer import ArrayWriter  # import late: few expressions hold arrays

    return ArrayWriter(cells, limit)


def notebook(expr: Handle) -> str | None:
    """The LaTeX of an expression as notebooks want it; None where it can't be had, or can't be shown."""
    try:
        if len(expr.graph.cone([expr._index])) > SHOWN:
            return None
        return rf"$\displaystyle {latex(expr)}$"
    except Exception:  # catch all: a display hook that raises spoils the notebook
        return None


def _block(writer: Writer, last: list[str]) -> str:
    """What has been written, after the parts that it names."""
    if not writer.names and len(last) == 1:
        return last[0]
    rows = []
    for before, lines in [*[(f"{name} &=", lines) for name, lines in writer.parts()], ("&", last)]:
        rows += [f"{before} {lines[0]}", *[rf"&\quad {{}} {line}" for line in lines[1:]]]
    return "\\begin{aligned}\n" + " \\\\\n".join(rows) + "\n\\end{aligned}"


# -- nestings: text, and numbers where the expressions come ------------------------


def _skeleton(exprs: Any) -> tuple[list[str | int], list[Handle]]:
    pieces: list[str | int] = []
    cells: list[Handle] = []
    stack = [exprs]
    while stack:
        item = stack.pop()
        if type(item) is _Text:
            pieces.append(item.text)
            continue
        inside = _opened(item)
        if inside is not None:
            stack += reversed(inside)
        else:
            pieces.append(len(cells))
            cells.append(as_handle(item))
    return pieces, cells


class _Text:
    """A piece of LaTeX between what a nesting holds."""

    def __init__(self, text: str) -> None:
        self.text = text


def _opened(item: Any) -> list[Any] | None:
    """One level of a nesting as text and what it holds; None for what is no nesting."""
    if isinstance(item, SparseMatrix):
        return _sparse(item)
    if isinstance(item, np.ndarray):
        return _matrix(item) if item.ndim else [item.item()]
    if isinstance(item, Mapping):
        pairs = [[_Text(rf"{_key(key)} : "), value] for key, value in item.items()]
        return _listed(r"\left\{", pairs, r"\right\}")
    inside = contents(item)
    if inside is None:
        return None
    brackets = (r"\left(", r"\right)") if isinstance(item, tuple) else (r"\left[", r"\right]")
    return _listed(brackets[0], [[value] for value in inside], brackets[1])


def _listed(opening: str, items: list[list[Any]], closing: str) -> list[Any]:
    joined = [p for item in items for p in (_Text(", "), *item)]
    return [_Text(opening), *joined[1:], _Text(closing)]


def _key(key: Any) -> str:
    if is_variable(key):
        return name_latex(key._cell.name)
    return latex(key) if isinstance(key, Handle) else verbatim(str(key))


def _matrix(array: Any) -> list[Any]:
    """An array by rows: one axis is a column, three axes are a column of matrices."""
    rows = array[:, None] if array.ndim % 2 else array
    opening, closing = r"\begin{bmatrix} ", r" \end{bmatrix}"
    if rows.shape[1] > _COLUMNS:
        opening = rf"\left[\begin{{array}}{{{'c' * rows.shape[1]}}} "
        closing = r" \end{array}\right]"
    pieces: list[Any] = [_Text(opening)]
    for k in range(rows.shape[0]):
        for m in range(rows.shape[1]):
            pieces += [_Text(r" \\ " if k and not m else " & " if m else ""), rows[k, m]]
    return [*pieces, _Text(closing)]


def _sparse(matrix: SparseMatrix) -> list[Any]:
    """A small matrix with its zeros; of a large one what is not zero, with rows and columns from 1.

    One of array expressions is a list of the derivatives that it is made of, in matrix notation.
    """
    if matrix.of_arrays:
        parts = [[part] for part in matrix.parts()]
        return parts[0] if len(parts) == 1 else _listed(r"\left[", parts, r"\right]")
    if matrix.shape[0] * matrix.shape[1] <= _DENSE:
        return [matrix.toarray()]
    places = zip(matrix.rows.tolist(), matrix.cols.tolist(), matrix.values, strict=True)
    rows = [[_Text(rf" \\ a_{{{r + 1},{c + 1}}} &= "), value] for r, c, value in places]
    size = _Text(rf"\begin{{aligned}} a &\in \mathbb{{R}}^{{{matrix.shape[0]} \times {matrix.shape[1]}}}")
    return [size, *[p for row in rows for p in row], _Text(r" \end{aligned}")]


def _across(exprs: Any) -> int:
    """How many expressions stand side by side, at most."""
    widest = 0
    stack = [(exprs, 1)]
    while stack:
        item, beside = stack.pop()
        if isinstance(item, SparseMatrix) and not item.of_arrays:
            item = np.empty(item.shape if item.shape[0] * item.shape[1] <= _DENSE else 1)
        if isinstance(item, np.ndarray) and item.dtype != object:
            item = item.astype(object)
        inside = contents(item)
        if inside is None:
            widest = max(widest, beside)
            continue
        side = (item.shape[1] if item.ndim == 2 else 1) if isinstance(item, np.ndarray) else len(inside)
        stack += [(value, beside * max(side, 1)) for value in inside]
    return widest
