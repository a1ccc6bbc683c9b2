"""The gallery of the manual draws every kind of picture."""

import importlib.util
import pathlib

import pytest

SCRIPT = pathlib.Path(__file__).parents[2] / "docs" / "gallery.py"


def test_every_picture_is_drawn(tmp_path):
    pytest.importorskip("matplotlib")
    spec = importlib.util.spec_from_file_location("gallery", SCRIPT)
    gallery = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(gallery)
    titles = gallery.make(tmp_path)
    assert set(titles) == {path.name for path in tmp_path.iterdir()}
    assert len(titles) > 20
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) < 2**20
