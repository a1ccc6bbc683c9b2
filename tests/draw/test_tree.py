"""Text trees: indented, shared parts once, linear in the graph."""

import pytest

import symdiff as sd
from symdiff.errors import SymdiffValueError


def test_a_tree(xy):
    x, y = xy
    expected = [
        "+",
        "├─ +",
        "│  ├─ ×",
        "│  │  ├─ (·)²",
        "│  │  │  ├─ x",
        "│  │  │  └─ 2",
        "│  │  └─ y",
        "│  └─ y",
        "└─ 2",
    ]
    assert (x**2 * y + y + 2).tree().splitlines() == expected


def test_it_is_text_that_shows_as_it_is(xy):
    text = (xy[0] + 1).tree()
    assert isinstance(text, str)
    assert repr(text) == str(text) == "+\n├─ x\n└─ 1"


def test_shared_parts_are_referred_to(xy):
    x, y = xy
    s = sd.sin(x * y)
    lines = (s * sd.exp(s)).tree().splitlines()
    assert lines == ["×", "├─ #1 sin", "│  └─ ×", "│     ├─ x", "│     └─ y", "└─ exp", "   └─ #1 sin, above"]


def test_values(xy):
    x, y = xy
    assert "× = 12" in (x * y + 1).tree(at={x: 3, y: 4})
    lines = (x * y + sd.sin(x)).tree({"x": 0.0}).splitlines()
    assert lines == ["+", "├─ ×", "│  ├─ x = 0.0", "│  └─ y", "└─ sin = 0.0", "   └─ x = 0.0"]


def test_doubling_stays_linear():
    x = sd.Var("x")
    for _ in range(300):
        x = sd.sin(x) * x
    text = x.tree(lines=None)
    assert len(text.splitlines()) < 5 * 600
    assert max(map(len, text.splitlines())) < 200


def test_deep_graphs_go_on_below_and_are_cut():
    x = sd.Var("x")
    z = x
    for _ in range(100_000):
        z = sd.sin(z)
    whole = z.tree(lines=None).splitlines()
    assert len(whole) == 102_500
    assert max(map(len, whole)) < 200
    assert whole[40].endswith("#1 sin, below")
    assert whole[41] == "#1 sin"
    part = z.tree().splitlines()
    assert len(part) == 1001
    assert part[-1] == "… 99,025 more nodes"


def test_a_leaf_and_a_long_name():
    assert sd.Var("x").tree() == "x"
    assert sd.Const(2).tree() == "2"
    assert len(sd.Var("x" * 500).tree()) == 60


@pytest.mark.parametrize("lines", [0, -1, 1.5, "all", True])
def test_wrong_numbers_of_lines(lines):
    with pytest.raises(SymdiffValueError, match="lines"):
        sd.Var("x").tree(lines=lines)
