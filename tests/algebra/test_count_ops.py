"""Operation counts and depths."""

import numpy as np

import symdiff as sd


def test_shared_parts_count_once(xy):
    x, y = xy
    s = sd.sin(x * y)
    assert sd.count_ops([s * s, s + 1]) == {"add": 1, "mul": 1, "pow": 1, "sin": 1}


def test_every_nesting_is_read(xy):
    x, y = xy
    matrix = sd.SparseMatrix((2, 2), [1], [0], [sd.exp(x)])
    assert sd.count_ops({"a": (x + y, [x * y]), "b": np.array([x - y]), "c": matrix, "d": 3}) == {
        "add": 1, "exp": 1, "mul": 1, "sub": 1,
    }  # fmt: skip


def test_leaves_cost_nothing(xy):
    assert sd.count_ops([*xy, 2.5]) == {}
    assert sd.depth([]) == 0 == sd.depth(xy[0])


def test_depth_is_the_longest_path():
    x = sd.Var("x")
    f = x
    for _ in range(10_000):
        f = sd.sin(f)
    assert sd.depth([f, x]) == 10_000
