"""Spy plots: which entries of a Jacobian, a Hessian or a matrix are not zero."""

from __future__ import annotations

from typing import Any

import numpy as np

from symdiff.draw.figures import Shown
from symdiff.errors import SymdiffTypeError, SymdiffValueError
from symdiff.handle import Handle, is_constant
from symdiff.nesting import flatten
from symdiff.sparse import SparseMatrix

_KINDS = ("auto", "jacobian", "hessian", "matrix")
_CELLS = 40  # size limit of a plot with a letter for every entry, in rows and columns
_WIDE, _HIGH = 72, 30  # size of a larger plot, in letters
_BRAILLE = 0x2800
_DOTS = np.array([[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]])  # bits of a Braille letter's 4 by 2 dots
_EACH = 20_000  # entry limit of a figure that draws each; beyond, it draws density
_PIXELS = 400


class Spy(Shown):
    """Where a matrix has entries: `shape`, and the places `rows` and `cols`."""

    def __init__(self, shape: tuple[int, int], rows: Any, cols: Any, name: str) -> None:
        self.shape = (int(shape[0]), int(shape[1]))
        self.rows, self.cols = np.asarray(rows, dtype=np.intp), np.asarray(cols, dtype=np.intp)
        self.name = name
        longest = max(*self.shape, 1)
        self._size = tuple(max(1.6, 5.0 * n / longest) + 0.8 for n in self.shape[::-1])  # type: ignore[assignment]

    @property
    def nnz(self) -> int:
        """The number of entries."""
        return len(self.rows)

    def _heading(self) -> str:
        total = self.shape[0] * self.shape[1]
        share = f", {100 * self.nnz / total:.3g} %" if total else ""
        entries = "1 entry" if self.nnz == 1 else f"{self.nnz:,} entries"
        return f"{self.name}, {self.shape[0]:,} × {self.shape[1]:,}: {entries}{share}"

    def __str__(self) -> str:
        return "\n".join([self._heading(), *self._text()])

    def _text(self) -> list[str]:
        if 0 in self.shape:
            return []
        if max(self.shape) <= _CELLS:
            grid = np.full(self.shape, "·")
            grid[self.rows, self.cols] = "■"
            return [" ".join(row) for row in grid]
        high = min(4 * _HIGH, self.shape[0], max(4, round(2 * _WIDE * self.shape[0] / self.shape[1])))
        wide = min(2 * _WIDE, self.shape[1], max(2, round(high * self.shape[1] / self.shape[0])))
        letters = np.zeros((-(-high // 4), -(-wide // 2)), dtype=int)
        r, c = self.rows * high // self.shape[0], self.cols * wide // self.shape[1]
        np.bitwise_or.at(letters, (r // 4, c // 2), _DOTS[r % 4, c % 2])
        return ["".join([chr(_BRAILLE + k) for k in row]) for row in letters.tolist()]

    def _draw(self, axes: Any) -> None:
        high, wide = self.shape
        axes.set_title(self._heading(), fontsize=9)
        if self.nnz <= _EACH:
            side = max(0.6, min(40.0, 0.8 * 330 / max(high, wide, 1)))
            axes.plot(self.cols, self.rows, "s", color="#0072B2", markersize=side, markeredgewidth=0)
        else:
            bins = [min(high, _PIXELS), min(wide, _PIXELS)]
            density, _, _ = np.histogram2d(self.rows, self.cols, bins=bins, range=[[0, high], [0, wide]])
            extent = (-0.5, wide - 0.5, high - 0.5, -0.5)
            axes.imshow(density > 0, cmap="Blues", vmin=0, vmax=1.4, extent=extent, interpolation="nearest")
        axes.set_xlim(-0.5, max(wide, 1) - 0.5)
        axes.set_ylim(max(high, 1) - 0.5, -0.5)
        axes.set_aspect("equal")
        axes.locator_params(integer=True)
        axes.xaxis.tick_top()


def spy(what: Any, wrt: Any = None, *, kind: str = "auto") -> Spy:
    """The sparsity pattern of a Hessian, a Jacobian or a matrix: text when printed, a figure in notebooks.

    Parameters
    ----------
    what : expression, sequence or array of expressions, or matrix
        One scalar expression gives its Hessian's pattern, several and an array
        that of their Jacobian; a `SparseMatrix`, SciPy sparse array or array of two axes its own.
    wrt : variables, optional
        As for `sd.jacobian_sparsity`; all by default.
    kind : {"auto", "jacobian", "hessian", "matrix"}
        What to show, where the above is not meant.

    Raises
    ------
    SymdiffTypeError, SymdiffValueError
        For what has no pattern, and for another kind.

    >>> import symdiff as sd
    >>> x = sd.variables("x", 4)
    >>> print(sd.spy(sum(x[1:]*x[:-1]**2)))
    Hessian, 4 × 4: 9 entries, 56.2 %
    ■ ■ · ·
    ■ ■ ■ ·
    · ■ ■ ■
    · · ■ ·
    """
    if kind not in _KINDS:
        raise SymdiffValueError(f"kind is {', '.join(map(repr, _KINDS))}, not {kind!r}")
    if kind == "auto":
        kind = _kind(what, wrt)
    if kind == "matrix":
        return _matrix(what)
    from symdiff.derive.sparsity import hessian_sparsity, jacobian_sparsity

    if kind == "hessian":
        given = flatten(what)
        if len(given) != 1:
            raise SymdiffValueError(f"a Hessian is of one expression, not of {len(given)}")
        pattern = hessian_sparsity(given[0], wrt).tocoo()
    else:
        pattern = jacobian_sparsity(flatten(what), wrt).tocoo()
    return Spy(pattern.shape, pattern.row, pattern.col, kind.capitalize())


def _kind(what: Any, wrt: Any) -> str:
    if isinstance(what, Handle):
        return "jacobian" if what._holds_array() else "hessian"
    if isinstance(what, SparseMatrix) or hasattr(what, "tocoo"):
        return "matrix"
    if isinstance(what, np.ndarray) and what.ndim == 2 and wrt is None:
        return "matrix"
    return "jacobian"


def _matrix(what: Any) -> Spy:
    if isinstance(what, SparseMatrix):
        return Spy(what.shape, what.rows, what.cols, "matrix")
    if hasattr(what, "tocoo"):
        found = what.tocoo()
        return Spy(found.shape, found.row, found.col, "matrix")
    array = np.asarray(what)
    if array.ndim != 2:
        raise SymdiffTypeError(f"a matrix has two axes, this has {array.ndim}")
    if array.dtype == object:
        array = np.frompyfunc(_is_entry, 1, 1)(array).astype(bool)
    rows, cols = np.nonzero(array)
    return Spy((array.shape[0], array.shape[1]), rows, cols, "matrix")


def _is_entry(value: Any) -> bool:
    """Whether an element of a matrix is other than the number 0."""
    return not ((is_constant(value) or isinstance(value, (int, float))) and value == 0)
