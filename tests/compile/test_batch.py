"""Batches of several axes: in tiles of any layout, with the bits of one long line and memory that does not grow."""

from __future__ import annotations

import tracemalloc
from math import prod
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import symdiff as sd
from symdiff.compile import batch

from .test_operations import BACKENDS

FAST = [b for b in BACKENDS if b != "python"]


@pytest.fixture(scope="module")
def functions() -> Any:
    x, y, z = sd.variables("x y z")
    return {b: sd.compile([sd.sin(x) * y + z, x / y, x < y, z], [x, y, z], backend=b) for b in FAST}


@st.composite
def layouts(draw: Any, shape: tuple[int, ...], dtype: Any = np.float64, broadcast: bool = True) -> Any:
    """An array of that shape, or one that broadcasts to it: any order of axes, steps and directions."""
    if broadcast:
        shape = tuple([1 if draw(st.integers(0, 3)) == 0 else size for size in shape])
        shape = shape[draw(st.integers(0, len(shape))) :] if draw(st.booleans()) else shape
    order = draw(st.permutations(range(len(shape))))
    steps = [draw(st.sampled_from([1, 1, 2, -1, -3])) for _ in shape]
    room = np.zeros([shape[k] * abs(steps[k]) for k in order], dtype)
    room[...] = np.arange(room.size).reshape(room.shape) % 97 / 7 - 5
    array = room.transpose(np.argsort(order))
    return array[(*[slice(None, None, step) for step in steps], ...)]


@st.composite
def calls(draw: Any, most: int = 4) -> Any:
    shape = tuple(draw(st.lists(st.integers(0, 7), min_size=2, max_size=most)))
    inputs = [draw(layouts(shape)) for _ in range(3)]
    shape = np.broadcast_shapes(*[a.shape for a in inputs])
    kinds = (np.float64, np.float64, bool, np.float64)
    out = [draw(layouts(shape, kind, broadcast=False)) for kind in kinds] if draw(st.booleans()) else None
    return inputs, shape, out


SIZES = {"ALONE": 5, "TILE": 12, "ROOM": 12, "FEWEST": 6, "NEAR": 2}  # of which small arrays are many tiles


@pytest.mark.parametrize("backend", FAST)
@settings(max_examples=300, deadline=None)
@given(call=calls(), threads=st.integers(1, 3), small=st.booleans())
def test_any_layout_has_the_bits_of_a_line(functions, backend, call, threads, small):
    inputs, shape, out = call
    compiled = functions[backend]
    flat = [np.broadcast_to(a, shape).ravel() for a in inputs]
    expected = [r.reshape(shape) for r in compiled(*flat)]
    with pytest.MonkeyPatch.context() as patched:
        for name, size in SIZES.items() if small else ():
            patched.setattr(batch, name, size)
        found = compiled(*inputs, out=out, threads=threads)
    for a, b in zip(map(np.asarray, found), expected, strict=True):  # of no axes it is numbers
        assert a.dtype == b.dtype
        assert a.shape == b.shape
        assert a.tobytes() == b.tobytes()
    assert out is None or all(a is b for a, b in zip(found, out, strict=True))


@settings(max_examples=200, deadline=None)
@given(st.data(), st.integers(1, 40))
def test_tiles_cover_every_point_once(data, most):
    shape = tuple(data.draw(st.lists(st.integers(1, 9), min_size=1, max_size=4)))
    arrays = [np.broadcast_to(data.draw(layouts(shape)), shape) for _ in range(2)]
    with pytest.MonkeyPatch.context() as patched:
        for name, size in SIZES.items():
            patched.setattr(batch, name, size)
        arrays = batch.merged([*arrays, np.zeros(shape)], shape)
        counted = arrays[-1]
        tiles = batch.tiled(arrays, most)
    for tile in tiles:
        counted[tile] += 1
    assert counted.size == prod(shape)
    assert (counted == 1).all()


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_views_are_views_and_lines_are_lines(data):
    shape = tuple(data.draw(st.lists(st.integers(1, 4), min_size=1, max_size=4)))
    array = np.broadcast_to(data.draw(layouts(shape)), shape)
    other = data.draw(layouts(shape, broadcast=False))
    for view, whole in zip(batch.merged([array, other], shape), (array, other), strict=True):
        assert np.shares_memory(view, whole)
        assert view.size == whole.size
        assert sorted(view.ravel()) == sorted(whole.ravel())
    assert batch.is_line(array) == np.shares_memory(array.reshape(-1), array)


def test_axes_become_one_wherever_steps_allow():
    a = np.zeros((4, 5, 6))
    for views in ([a, a], [a.T, a.T], [a[::-1, ::-1, ::-1], a], [a[:1], a[1:2]], [a, np.broadcast_to(0.0, a.shape)]):
        assert [v.ndim for v in batch.merged(views, views[0].shape)] == [1, 1]
    assert batch.merged([a[:, :, :3], a[:, :, 3:]], (4, 5, 3))[0].shape == (20, 3)
    assert batch.merged([a.T, a.swapaxes(0, 2)], (6, 5, 4))[0].shape == (120,)
    assert batch.merged([a, np.zeros((6, 5, 4)).T], a.shape)[0].ndim == 3
    assert batch.merged([np.zeros(()), np.zeros(())], ())[0].shape == (1,)


@pytest.mark.parametrize("backend", FAST)
def test_memory_does_not_grow_with_a_transposed_batch(functions, backend):
    values = np.linspace(0.1, 1, 1_000_000).reshape(1000, 1000)
    out = [np.empty((1000, 1000), kind).T for kind in (float, float, bool, float)]
    compiled = functions[backend]
    compiled(values.T, values, values[0], out=out)
    tracemalloc.start()
    compiled(values.T, values, values[0], out=out)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4_000_000  # one copied array is 8
    expected = compiled(values.T.ravel(), values.ravel(), np.tile(values[0], 1000))
    for a, b in zip(out, expected, strict=True):
        assert np.array_equal(a.ravel(), b)
