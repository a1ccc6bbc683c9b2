"""Loops over arrays that broadcast against each other: every length of rows, layout and fold, against NumPy."""

import numpy as np
import pytest

from symdiff import ops
from symdiff.compile.array_programs.array_loops import KEPT, LARGEST, LARGEST_ROWS, ROWS, TOTAL, ArrayLoop
from symdiff.compile.kernel import Options
from symdiff.compile.tape import Tape

KINDS = [
    ("llvm", np.float64), ("llvm", np.float32), ("numpy", np.float64), ("numpy", np.float32), ("python", np.float64),
]  # fmt: skip
FOLDS = {
    KEPT: lambda a: a, TOTAL: lambda a: a.sum(), ROWS: lambda a: a.sum(-1),
    LARGEST: lambda a: a.max(), LARGEST_ROWS: lambda a: a.max(-1),
}  # fmt: skip
# x*y + x, and whether it is above y
TAPE = Tape(2, (), (ops.mul.opcode, ops.add.opcode, ops.greater.opcode), ((0, 1), (2, 0), (3, 1)), (3, 4))
NUMBERS = Tape(2, (), (ops.mul.opcode, ops.add.opcode), ((0, 1), (2, 0)), (3,))


def laid_out(rng, shape, dtype):
    """An array of whole numbers of that shape, with its axes in any order, steps of any length and either sign."""
    order = rng.permutation(len(shape))
    steps = rng.choice([1, 1, 1, 2, -1], size=len(shape))
    room = rng.integers(-4, 5, size=[shape[d] * abs(steps[d]) for d in order]).astype(dtype)
    return room.transpose(np.argsort(order))[tuple([slice(None, None, k) for k in steps])]


def operands(rng, dtype):
    """Two arrays that broadcast; sizes are those at which whole rows, whole vectors and blocks begin and end."""
    shape = tuple(rng.choice([1, 2, 3, 5, 8, 15, 16, 17, 33, 64, 257, 300], size=rng.integers(1, 4)))
    while np.prod(shape) > 60_000:
        shape = shape[1:]
    first = laid_out(rng, shape, dtype)
    repeated = [n if rng.random() < 0.5 else 1 for n in shape]
    second = laid_out(rng, repeated[rng.integers(0, len(shape)) :], dtype)
    return [first, second] if rng.random() < 0.7 else [first, float(second.flat[0])]


@pytest.mark.parametrize(("backend", "dtype"), KINDS)
def test_a_loop_broadcasts_as_numpy_does(backend, dtype):
    rng = np.random.default_rng(3)
    loop = ArrayLoop(TAPE, [KEPT, KEPT], True, Options(np.dtype(dtype), "default"), backend)
    for _ in range(150 if backend == "llvm" else 15):
        x, y = operands(rng, dtype)
        value, above = loop(x, y)
        right = x * np.asarray(y, dtype) + x
        assert (value.dtype, above.dtype) == (dtype, bool)
        np.testing.assert_array_equal(value, right)
        np.testing.assert_array_equal(above, right > y)


@pytest.mark.parametrize("fold", [TOTAL, ROWS, LARGEST, LARGEST_ROWS])
@pytest.mark.parametrize(("backend", "dtype"), KINDS)
def test_a_loop_adds_up_and_finds_the_largest(backend, fold, dtype):
    rng = np.random.default_rng(4)
    loop = ArrayLoop(NUMBERS, [fold], True, Options(np.dtype(dtype), "default"), backend)
    for _ in range(150 if backend == "llvm" else 15):
        x, y = operands(rng, dtype)
        np.testing.assert_array_equal(loop(x, y), FOLDS[fold](x * np.asarray(y, dtype) + x))


@pytest.mark.parametrize("row", [16, 17, 255, 256, 257, 515])
@pytest.mark.parametrize("fold", [TOTAL, ROWS, LARGEST_ROWS])
def test_rows_that_are_kept_and_folded(row, fold):
    loop = ArrayLoop(
        Tape(2, (), (ops.mul.opcode,), ((0, 1),), (2, 2)),
        [KEPT, fold],
        True,
        Options(np.dtype(float), "default"),
        "llvm",
    )
    rng = np.random.default_rng(row)
    x, y = rng.integers(-4, 5, size=(7, row)).astype(float), rng.integers(-4, 5, size=(7, 1)).astype(float)
    kept, folded = loop(x, y)
    np.testing.assert_array_equal(kept, x * y)
    np.testing.assert_array_equal(folded, FOLDS[fold](x * y))


@pytest.mark.parametrize("repeated", [(3, 1, 1), (1, 4, 1), (3, 4, 1), (1, 1, 18), (3, 1, 18), (1, 4, 18), (1, 1, 1)])
def test_numbers_and_rows_that_are_repeated_along_any_axes(repeated):
    rng = np.random.default_rng(5)
    loop = ArrayLoop(TAPE, [KEPT, KEPT], True, Options(np.dtype(float), "default"), "llvm")
    x, y = rng.normal(size=(3, 4, 18)), rng.normal(size=repeated)
    np.testing.assert_array_equal(loop(x, y)[0], x * y + x)


@pytest.mark.parametrize("fold", [KEPT, TOTAL, ROWS, LARGEST_ROWS])
@pytest.mark.parametrize("row", [(4,), (16,), (2, 12), (64,), (3, 40), (100,), (128,), (5, 24), (200,), (2, 3, 4)])
def test_blocks_of_whole_rows_share_the_copy_of_a_row(row, fold):
    """What is repeated may be the last axes together, of which the rows that are added up are a part."""
    rng = np.random.default_rng(6)
    loop = ArrayLoop(NUMBERS, [fold], True, Options(np.dtype(float), "default"), "llvm")
    for lines in (1, 2, 5, 31, 64):
        x, y = rng.integers(-4, 5, size=(lines, *row)) * 1.0, rng.integers(-4, 5, size=row) * 1.0
        for operands in ((x, y), (x, y[..., :1]), (np.moveaxis(np.moveaxis(x, 0, -1).copy(), -1, 0), y)):
            np.testing.assert_array_equal(loop(*operands), FOLDS[fold](operands[0] * operands[1] + operands[0]))


@pytest.mark.parametrize("row", [3, 16, 21, 300])
def test_the_largest_of_a_row_with_a_nan_is_nan(row):
    loop = ArrayLoop(NUMBERS, [LARGEST_ROWS], True, Options(np.dtype(float), "default"), "llvm")
    for at in range(row):
        x = np.ones((4, row))
        x[2, at] = np.nan
        found = loop(x, np.ones((4, 1)))
        assert np.isnan(found).tolist() == [False, False, True, False]


@pytest.mark.parametrize("shape", [(0,), (0, 20), (20, 0), (3, 0, 2)])
def test_a_loop_over_nothing(shape):
    loop = ArrayLoop(TAPE, [KEPT, KEPT], True, Options(np.dtype(float), "default"), "llvm")
    assert [a.shape for a in loop(np.ones(shape), 2.0)] == [shape, shape]
    total = ArrayLoop(NUMBERS, [TOTAL], True, Options(np.dtype(float), "default"), "llvm")
    assert total(np.ones(shape), 2.0) == 0.0
