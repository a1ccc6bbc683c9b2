"""Sparse matrices of expressions."""

import pytest

import symdiff as sd


def test_entries_are_sorted_by_row_and_column(xy):
    x, y = xy
    m = sd.SparseMatrix((2, 3), [1, 0, 1], [2, 1, 0], [x, y, x + y])
    assert m.rows.tolist() == [0, 1, 1]
    assert m.cols.tolist() == [1, 0, 2]
    assert list(m.values) == [y, x + y, x]
    assert m.nnz == 3
    assert (m.T.toarray() == m.toarray().T).all()


@pytest.mark.parametrize(
    ("rows", "cols"), [([0, 2], [0, 0]), ([0, 0], [0, 3]), ([-1, 0], [0, 0]), ([1, 1], [2, 2]), ([0], [0, 1])]
)
def test_impossible_entries_are_refused(xy, rows, cols):
    with pytest.raises(sd.SymdiffValueError):
        sd.SparseMatrix((2, 3), rows, cols, list(xy))
