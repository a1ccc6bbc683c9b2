"""Arrays with labels, and lazy ones, in compiled functions: their kind comes back, or an error says what to write."""

import numpy as np
import pytest

import symdiff as sd


def functions():
    """A function of two numbers, one with an array among its results, one of an array of variables and a number."""
    x, y = sd.variables("lab_x lab_y")
    w = sd.variables("lab_w", 2)
    return (
        sd.compile(x**2 * y + y, [x, y]),
        sd.compile([x * y, {"g": np.array([x, y])}], [x, y]),
        sd.compile((w**2).sum() * x, [w, x]),
    )


def test_pandas_keeps_its_index():
    pd = pytest.importorskip("pandas", reason="pandas is not installed")
    value, several, of_rows = functions()
    s = pd.Series([1.0, 2.0, 3.0], index=list("abc"), name="s")
    pd.testing.assert_series_equal(value(s, 2), pd.Series([4.0, 10.0, 20.0], index=list("abc"), name="s"))
    found = several(s, s * 2)
    assert found[0].index.equals(s.index)
    assert found[1]["g"].to_numpy().tolist() == [[1, 2], [2, 4], [3, 6]]
    table = pd.DataFrame({"p": [1.0, 2.0], "q": [3.0, 4.0]}, index=[5, 7])
    assert value(table, 1).columns.tolist() == ["p", "q"]
    assert of_rows(table, pd.Series([1.0, 2.0], index=[5, 7])).to_dict() == {5: 10.0, 7: 40.0}
    assert of_rows(pd.Series([1.0, 2.0]), 3.0) == 15.0
    a = sd.Var("lab_a", shape="n")
    whole = sd.compile([a * 2, a.sum()], [a])(s)
    assert whole[0].index.equals(s.index)
    assert whole[1] == 6.0
    for call, message in [
        (lambda: value(s, pd.Series([1.0, 2.0, 3.0])), "different indexes"),
        (lambda: value(pd.Index([1, 2]), 2), "give a Series"),
        (lambda: value(s, 2, out=np.empty(3)), "leave it out"),
        (lambda: value(s, pd.Series(["a", "b", "c"], index=list("abc"))), "no real number"),
        (lambda: sd.evaluate(sd.Var("lab_e") * 2, {"lab_e": s}), "is a pandas Series"),
    ]:
        with pytest.raises(sd.SymdiffError, match=message):
            call()


def test_polars_keeps_its_kind():
    pl = pytest.importorskip("polars", reason="polars is not installed")
    value, several, of_rows = functions()
    s = pl.Series("q", [1, 2])
    assert value(s, 2).to_list() == [4.0, 10.0]
    assert value(s, 2).name == "q"
    assert isinstance(several(s, 2)[1]["g"], pl.DataFrame)
    assert of_rows(pl.DataFrame({"p": [1.0, 2.0], "q": [3.0, 4.0]}), 1.0).to_list() == [10.0, 20.0]
    with pytest.raises(sd.SymdiffError, match="give its columns"):
        value(pl.DataFrame({"p": [1.0]}), 1.0)
    with pytest.raises(sd.SymdiffError, match="polars Expr"):
        value(pl.col("a"), 1.0)


def test_xarray_joins_axes_by_name():
    xr = pytest.importorskip("xarray", reason="xarray is not installed")
    value, several, of_rows = functions()
    a = xr.DataArray(np.arange(6.0).reshape(2, 3), dims=("t", "u"), coords={"t": [10, 20]})
    b = xr.DataArray([1.0, 2.0], dims="t", coords={"t": [10, 20]})
    xr.testing.assert_allclose(value(a, b), a**2 * b + b)
    assert several(a, 2)[1]["g"].dims == ("t", "u", "axis_0")
    assert of_rows(a[:, :2], b).dims == ("t",)
    with pytest.raises(sd.SymdiffError, match="give its variables"):
        value(xr.Dataset({"a": a}), 2)
    with pytest.raises(sd.SymdiffError, match="can't bring the arguments together"):
        value(a, b.assign_coords(t=[1, 2]))


def test_xarray_over_dask_stays_lazy():
    """DataArrays of chunks were an error."""
    xr = pytest.importorskip("xarray", reason="xarray is not installed")
    da = pytest.importorskip("dask.array", reason="dask is not installed")
    value, several, of_rows = functions()
    a = xr.DataArray(np.arange(6.0).reshape(2, 3), dims=("t", "u"), coords={"t": [10, 20]})
    b = xr.DataArray([1.0, 2.0], dims="t", coords={"t": [10, 20]})
    lazy = a.chunk({"t": 1})
    found = value(lazy, b)
    assert isinstance(found.data, da.Array)
    xr.testing.assert_allclose(found.compute(), value(a, b))
    for kept, wanted in zip(several(lazy, b)[1]["g"].compute(), several(a, b)[1]["g"], strict=True):
        xr.testing.assert_allclose(kept, wanted)
    xr.testing.assert_allclose(of_rows(lazy[:, :2], b).compute(), of_rows(a[:, :2], b))
    with pytest.raises(sd.SymdiffError, match=r"can't bring the arguments together.*core dimension"):
        of_rows(a[:, :2].chunk({"u": 1}), b)


def test_dask_stays_lazy():
    da = pytest.importorskip("dask.array", reason="dask is not installed")
    value, several, of_rows = functions()
    d = da.ones((4, 4), chunks=2) * 3
    found = value(d, np.arange(4.0))
    assert isinstance(found, da.Array)
    assert found.compute()[0].tolist() == [0.0, 10.0, 20.0, 30.0]
    assert float(value(d, d.T).sum().compute()) == 480.0
    with pytest.raises(sd.SymdiffError, match="do not fit"):
        value(d, da.ones(3, chunks=3))
    with pytest.raises(sd.SymdiffError, match="entry by entry"):
        several(d, 2)
    with pytest.raises(sd.SymdiffError, match="entry by entry"):
        of_rows(d, 2)
