"""What comes out: a nesting of numbers, arrays and sparse matrices."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Mapping, Sequence
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from symdiff.errors import SymdiffTypeError, SymdiffValueError
from symdiff.pickling import check
from symdiff.sparse import SparseMatrix

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from symdiff.block_matrix import SparseBlockMatrix

    _Pattern = tuple[tuple[int, int], NDArray[Any], NDArray[Any]]  # pattern of a sparse matrix: shape, indices, indptr

NUMBER, ARRAY, SPARSE, BLOCKS = "number", "array", "sparse", "blocks"
_PAGE = 1 << 21
_KINDS = (NUMBER, ARRAY, SPARSE, BLOCKS)
_LEAF = frozenset(("kind", "matrix", "shape", "start", "count", "pattern"))
_NO_NESTING = "its results are no nesting"
_WRITTEN = 64  # step limit of a nesting written as an expression: Python's parser bears 100 brackets in one another


class Leaf:
    """A number, an array, a sparse matrix or one of blocks in a nesting of results."""

    def __init__(
        self, kind: str, shape: tuple[int, ...], start: int, count: int, pattern: _Pattern | None, matrix: Any = None
    ) -> None:
        self.kind = kind
        self.matrix = matrix  # matrix of blocks, which says where values go once sizes are numbers
        self.shape = shape  # shape of an array; of the entries of a sparse matrix
        self.start = start  # position of its first result
        self.count = count
        self.pattern = pattern


class Results:
    """A nesting, as the steps that build it from its leaves."""

    def __init__(self, outputs: Any) -> None:
        self.leaves: list[Leaf] = []
        self.steps: list[tuple[str, Any, int]] = []  # (kind, what, count): a leaf, or a container of so many before
        self.values: list[Any] = []  # expressions and numbers
        stack: list[Any] = [outputs]
        while stack:
            item = stack.pop()
            if isinstance(item, _Close):
                self.steps.append((item.kind, item.what, item.count))
            elif isinstance(item, (list, tuple)):
                stack.append(_Close("list" if isinstance(item, list) else "tuple", type(item), len(item)))
                stack.extend(reversed(item))
            elif isinstance(item, Mapping):
                stack.append(_Close("dict", tuple(item), len(item)))
                stack.extend(reversed(list(item.values())))
            else:
                self._leaf(item)
        self.plain = self._plain()

    def _leaf(self, item: Any) -> None:
        kind, pattern, values = NUMBER, None, [item]
        shape: tuple[int, ...] = ()
        if type(item).__module__.startswith("scipy.sparse") and hasattr(item, "tocsr"):
            item = _of_scipy(item)
        if isinstance(item, np.ndarray):
            kind, shape, values = ARRAY, item.shape, list(item.ravel())
        elif isinstance(item, SparseMatrix) and item.of_arrays:
            matrix = _blocks(item)
            self._append(Leaf(BLOCKS, (), len(self.values), len(matrix.nodes), None, matrix), matrix.values_of_blocks())
            return
        elif isinstance(item, SparseMatrix):
            kind, shape, values = SPARSE, (item.nnz,), list(item.values)
            counts = np.bincount(item.rows, minlength=item.shape[0])
            pattern = item.shape, item.cols.astype(np.int32), np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
        self._append(Leaf(kind, shape, len(self.values), len(values), pattern), values)

    def _append(self, leaf: Leaf, values: Sequence[Any]) -> None:
        self.steps.append(("leaf", len(self.leaves), 0))
        self.leaves.append(leaf)
        self.values.extend(values)

    def _plain(self) -> str:
        """What is built of numbers only in the simplest ways, which are fast: one, a list, a tuple."""
        return "" if any(leaf.kind != NUMBER for leaf in self.leaves) else self.flat_in or ""

    @property
    def flat_in(self) -> str | None:
        """What numbers and arrays are in: "list", "tuple", or "one" alone; None for other nestings and leaves."""
        if any(leaf.kind not in (NUMBER, ARRAY) for leaf in self.leaves):
            return None
        kind, what, count = self.steps[-1]
        if kind == "leaf":
            return "one"
        return kind if count == len(self.leaves) == len(self.steps) - 1 and what in (list, tuple) else None

    @property
    def array(self) -> Leaf | None:
        """The result where it is one array, None for others."""
        alone = len(self.leaves) == len(self.steps) == 1
        return self.leaves[0] if alone and self.leaves[0].kind == ARRAY else None

    def nested(self, leaves: Sequence[Any]) -> Any:
        """The nesting, of these values of its leaves."""
        if self.plain:
            return leaves[0] if self.plain == "one" else list(leaves) if self.plain == "list" else tuple(leaves)
        stack: list[Any] = []
        for kind, what, count in self.steps:
            if kind == "leaf":
                stack.append(leaves[what])
                continue
            inside = stack[len(stack) - count :]
            del stack[len(stack) - count :]
            if kind == "dict":
                stack.append(dict(zip(what, inside, strict=True)))
            elif kind == "list":
                stack.append(inside)
            else:
                stack.append(what(*inside) if hasattr(what, "_fields") else tuple(inside))
        return stack[0]

    def counts(self) -> list[int]:
        """How many numbers each output of the outer list has, or the only one."""
        ends = [0, *[leaf.start + leaf.count for leaf in self.leaves]]
        if self.steps[-1][0] == "leaf":
            return [ends[-1]]
        begins, k = self._begins(), len(self.steps) - 2
        before = [0, *itertools.accumulate([kind == "leaf" for kind, _, _ in self.steps])]
        bounds = [ends[-1]]  # of the parts, from the last, in numbers
        for _ in range(self.steps[-1][2]):
            bounds.append(ends[before[begins[k]]])
            k = begins[k] - 1
        return [b - a for a, b in itertools.pairwise(reversed(bounds))]

    def labels(self) -> list[str]:
        """For each leaf where it is in the nesting: its keys and numbers joined, empty for a leaf alone."""
        stack: list[list[tuple[int, str]]] = []  # for each part that is built its leaves, and their labels
        for kind, what, count in self.steps:
            if kind == "leaf":
                stack.append([(what, "")])
                continue
            inside = stack[len(stack) - count :]
            del stack[len(stack) - count :]
            keys = what if kind == "dict" else getattr(what, "_fields", range(count))
            stack.append(
                [
                    (leaf, f"{key}_{rest}" if rest else str(key))
                    for key, own in zip(keys, inside, strict=True)
                    for leaf, rest in own
                ]
            )
        return [re.sub(r"\W", "_", label) for _, label in sorted(stack[0])] if stack else []

    def written(self) -> Callable[..., Any] | None:
        """`nested` of numbers, given one by one, written out as an expression; None for arrays and the very deep."""
        if any(leaf.kind != NUMBER for leaf in self.leaves) or len(self.steps) > _WRITTEN:
            return None
        names: dict[str, Any] = {"__builtins__": {}}
        stack: list[str] = []
        for k, (kind, what, count) in enumerate(self.steps):
            if kind == "leaf":
                stack.append(f"x{what}")
                continue
            inside = stack[len(stack) - count :]
            del stack[len(stack) - count :]
            if kind == "dict":
                names.update({f"k{k}_{j}": key for j, key in enumerate(what)})
                stack.append("{" + ", ".join([f"k{k}_{j}: {item}" for j, item in enumerate(inside)]) + "}")
            elif kind == "list":
                stack.append(f"[{', '.join(inside)}]")
            else:
                names[f"t{k}"] = what
                made = f"t{k}" if hasattr(what, "_fields") else ""
                stack.append(f"{made}({''.join([item + ', ' for item in inside])})")
        args = ", ".join([f"x{k}" for k in range(len(self.leaves))])
        return eval(f"lambda {args}: {stack[0]}", names)  # type: ignore[no-any-return]

    def flat(self, nesting: Any, what: str) -> list[Any]:
        """The leaves of a nesting that has to be of this form.

        Raises
        ------
        SymdiffTypeError, SymdiffValueError
            Where it is not.
        """
        found: list[Any] = []
        stack = [(nesting, len(self.steps) - 1)]
        begins = self._begins()
        while stack:
            item, k = stack.pop()
            kind, made, count = self.steps[k]
            if kind == "leaf":
                found.append(item)
                continue
            inside = self._inside(item, kind, made, count, what)
            k -= 1
            for part in reversed(inside):
                stack.append((part, k))
                k = begins[k] - 1
        return found

    def _inside(self, item: Any, kind: str, made: Any, count: int, what: str) -> list[Any]:
        if kind == "dict":
            if not isinstance(item, Mapping) or set(item) != set(made):
                raise SymdiffTypeError(f"{what} is a dictionary with the keys {list(made)} there, not {item!r}")
            return [item[key] for key in made]
        if not isinstance(item, (list, tuple)):
            raise SymdiffTypeError(f"{what} has the nesting of the outputs: a {kind} of {count} there, not {item!r}")
        if len(item) != count:
            raise SymdiffValueError(f"{what} has the nesting of the outputs: {count} there, not {len(item)}")
        return list(item)

    def _begins(self) -> list[int]:
        """For each step the first of those that build what it leaves."""
        begins: list[int] = []
        open_parts: list[int] = []
        for k, (kind, _, count) in enumerate(self.steps):
            start = k
            if kind != "leaf" and count:
                start = open_parts[-count]
                del open_parts[-count:]
            open_parts.append(start)
            begins.append(start)
        return begins


def check_results(results: Any, outputs: int) -> None:
    """Refuse a nesting from a pickle that is none, or does not take these many results.

    Raises
    ------
    SymdiffValueError
        Naming what is wrong.
    """
    check(isinstance(results, Results) and vars(results).keys() >= {"leaves", "steps", "plain"}, _NO_NESTING)
    leaves, steps = results.leaves, results.steps
    check(type(leaves) is list and type(steps) is list and steps, _NO_NESTING)
    end = 0
    for leaf in leaves:
        check(isinstance(leaf, Leaf) and vars(leaf).keys() >= _LEAF and leaf.kind in _KINDS, _NO_NESTING)
        check(
            type(leaf.start) is int and type(leaf.count) is int and leaf.start == end <= end + leaf.count, _NO_NESTING
        )
        end += leaf.count
    check(end == outputs, "its nesting takes another number of results")
    check(all(type(step) is tuple and len(step) == 3 and type(step[2]) is int for step in steps), _NO_NESTING)
    parts = taken = 0
    for kind, what, count in steps:
        if kind == "leaf":
            check(type(what) is int and what == taken, _NO_NESTING)
            taken += 1
        else:
            keys = type(what) is tuple and len(what) == count
            made = isinstance(what, type) and issubclass(what, (list, tuple))
            check((keys if kind == "dict" else made and kind in ("list", "tuple")) and 0 <= count <= parts, _NO_NESTING)
        parts += 1 - count
    check(parts == 1 and taken == len(leaves) and results.plain == results._plain(), _NO_NESTING)


def _blocks(item: SparseMatrix) -> SparseBlockMatrix:
    """A matrix of blocks in a graph of its own: that of the user should not live on."""
    from symdiff.block_matrix import SparseBlockMatrix  # import late: scalars need none

    assert isinstance(item, SparseBlockMatrix)
    return item.alone()


class _Close:
    """What the parts before it, so many, go into."""

    def __init__(self, kind: str, what: Any, count: int) -> None:
        self.kind, self.what, self.count = kind, what, count


def _of_scipy(matrix: Any) -> SparseMatrix:
    """A sparse matrix of numbers among the outputs."""
    found = matrix.tocsr(copy=True)
    found.sum_duplicates()
    entries = found.tocoo()
    return SparseMatrix(entries.shape, entries.row, entries.col, entries.data.tolist())


def objects(values: Sequence[Any], shape: tuple[int, ...]) -> NDArray[Any]:
    """Values of any type as an array."""
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array.reshape(shape)


def symbolic(leaf: Leaf, values: Sequence[Any]) -> Any:
    """A leaf of the nesting of outputs, made of the expressions of all results."""
    if leaf.kind == NUMBER:
        return values[leaf.start]
    if leaf.kind == BLOCKS:
        return leaf.matrix
    entries = objects(values[leaf.start : leaf.start + leaf.count], leaf.shape)
    if leaf.kind == ARRAY:
        return entries
    assert leaf.pattern is not None
    shape, indices, starts = leaf.pattern
    return SparseMatrix(shape, np.repeat(np.arange(shape[0]), np.diff(starts)), indices, entries)


def dressed(leaf: Leaf, array: NDArray[Any]) -> Any:
    """The result that a user sees: entries of a sparse matrix as the matrix."""
    if leaf.kind != SPARSE:
        return array
    assert leaf.pattern is not None
    from scipy.sparse import csr_array

    shape, indices, starts = leaf.pattern
    if array.ndim == 1:  # copy the pattern: matrices change theirs in place
        return csr_array((array, indices.copy(), starts.copy()), shape=shape)
    matrices = np.empty(array.shape[:-1], dtype=object)
    for index in np.ndindex(*matrices.shape):
        matrices[index] = csr_array((array[index].copy(), indices.copy(), starts.copy()), shape=shape)
    return matrices


def fresh(shape: tuple[int, ...], dtype: Any) -> NDArray[Any]:
    """An array to fill. A large one begins where memory comes in pages of 2 MB, which costs half as much as small ones.

    That NumPy asks Linux for such pages does little alone: an array of 8 MB at any address has two or three of them,
    and 500 of the small ones.
    """
    size = prod(shape) * np.dtype(dtype).itemsize
    if size < 2 * _PAGE:
        return np.empty(shape, dtype)
    room = np.empty(size + _PAGE, np.uint8)
    start = -room.ctypes.data % _PAGE
    array: NDArray[Any] = room[start : start + size].view(dtype)
    return array.reshape(shape)


def target(leaf: Leaf, shape: tuple[int, ...], dtype: Any, given: Any) -> NDArray[Any]:
    """The array of `out` that a leaf is written into, checked."""
    if leaf.kind == SPARSE:
        given = _entries(leaf, shape, given)
    if not isinstance(given, np.ndarray):
        raise SymdiffTypeError(f"out holds arrays to write into, not {given!r}")
    if given.shape != shape:
        raise SymdiffValueError(f"out has an array of shape {given.shape} where the result has shape {shape}")
    if given.dtype != dtype:
        raise SymdiffTypeError(f"out has an array of {given.dtype} where the result is of {np.dtype(dtype)}")
    if not given.flags.writeable:
        raise SymdiffValueError("out has an array that can't be written to")
    return np.asarray(given)  # unwrap: of memory-mapped files and the like take the memory


def _entries(leaf: Leaf, shape: tuple[int, ...], given: Any) -> Any:
    if len(shape) > 1:
        raise SymdiffValueError("out can't hold a batch of sparse matrices: leave it out, or compile their values")
    assert leaf.pattern is not None
    size, indices, starts = leaf.pattern
    fits = getattr(given, "format", "") == "csr" and given.shape == size and np.array_equal(given.indptr, starts)
    if not fits or not np.array_equal(given.indices, indices):
        raise SymdiffValueError("out is a csr_array of the pattern of the output there, such as an earlier result")
    return given.data
