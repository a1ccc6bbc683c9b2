"""Sparse matrices of expressions."""

import pickle

import numpy as np
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


def test_entries_by_place(xy):
    x, y = xy
    m = sd.SparseMatrix((2, 3), [1, 0, 1], [2, 1, 0], [x, y, x + y])
    assert [[str(m[i, j]) for j in range(3)] for i in range(2)] == [["0", "y", "0"], ["x + y", "0", "x"]]
    assert m[-1, -1] == x
    assert list(m.items()) == [(0, 1, y), (1, 0, x + y), (1, 2, x)]
    with pytest.raises(IndexError, match="outside"):
        m[2, 0]
    with pytest.raises(sd.SymdiffTypeError, match="toarray"):
        m[0]


def test_values_at_a_point(xy):
    x, y = xy
    m = sd.SparseMatrix((2, 3), [1, 0, 1], [2, 1, 0], [x / 2, y, sd.Const(7)])
    found = m.evaluate({x: 3, y: 4.5})
    assert found.format == "csr"
    assert found.toarray().tolist() == [[0, 4.5, 0], [7, 0, 1.5]]
    assert m.evaluate(x=2, y=1).nnz == 3
    assert m.evaluate(x=1j, y=1).toarray()[1, 2] == 0.5j
    assert sd.SparseMatrix((2, 2), [], [], []).evaluate({}).nnz == 0
    with pytest.raises(sd.MissingValueError):
        m.evaluate({x: 3})
    with pytest.raises(sd.SymdiffValueError, match="one point"):
        m.evaluate({x: np.ones(2), y: 1.0})


def test_text_is_cut(xy):
    x, _ = xy
    m = sd.SparseMatrix((50, 50), range(50), range(50), [x] * 50)
    assert str(m).startswith("<SparseMatrix of shape (50, 50) with 50 entries>\n  (0, 0)  x\n")
    assert len(str(m).splitlines()) < 30


def test_pickles_hold_one_graph():
    v = sd.variables("v", 200)
    junk = [sd.sin(k * v[0]) for k in range(2000)]
    m = (v[1:] * v[:-1]).sum().hessian(v, sparse=True)
    data = pickle.dumps(m)
    copy = pickle.loads(data)
    assert len(data) < 20_000 < len(junk) * 20
    assert (copy.shape, copy.nnz) == ((200, 200), 398)
    assert (copy.values == m.values).all()
    assert len({id(value.graph) for value in copy.values}) == 1
