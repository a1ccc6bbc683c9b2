"""The figures of the benchmarks' README are those of its tables."""

import math

import pytest

Image = pytest.importorskip("PIL.Image", reason="Pillow is not installed")
pytest.importorskip("matplotlib", reason="matplotlib is not installed")
from benchmarks import claims  # noqa: E402
from benchmarks.readme import README  # noqa: E402


@pytest.fixture
def text():
    return README.read_text(encoding="utf-8")


def test_cells_are_read_as_they_are_written():
    assert claims.seconds("6.77 / – / 1,024 µs (**0.771 / – ×**), after 6 ms") == [
        pytest.approx(6.77e-6),
        None,
        pytest.approx(1.024e-3),
    ]
    assert claims.seconds("over 90 s") == claims.seconds("") == claims.seconds("190 bytes") == []


def test_ratios_are_over_numpy_by_hand():
    row = {
        "name": "f: value, gradient",
        "symdiff": "2 / 4 µs, after 1 ms",
        "by hand": "1 / 8 µs",
        "jax": "",
        "casadi MX": "",
    }
    assert [(d.subject, d.value, d.marker) for d in claims.ratios(row)] == [
        ("symdiff", 2.0, "o"),
        ("symdiff", 0.5, "s"),
    ]


def test_stored_figures_are_of_the_tables_beside_them(text):
    figures = claims.figures(text)
    assert len(figures) == 5
    for name, (rows, _) in figures.items():
        assert f"]({name})" in text
        with Image.open(README.parent / name) as image:
            assert image.info["Description"] == claims.digest(rows), f"{name}: run python -m benchmarks claims"


def test_every_subject_with_a_time_has_a_mark(text):
    for rows in claims.tables(text).values():
        for row in rows:
            for dot in claims.dots(row):
                assert math.isfinite(dot.value)
                assert dot.value > 0


def test_what_was_missed_is_listed(text):
    listed = text.partition("<!-- missed -->")[2].partition("<!-- end of missed -->")[0].strip()
    assert listed == claims.missed(text).strip()
    assert listed.count("\n") == 1 + sum(line.rstrip(" |").endswith("| missed") for line in text.splitlines())
