"""The parts of the README beside this that commands write."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from benchmarks import claims

README = Path(__file__).with_name("README.md")


def put(name: str, text: str) -> None:
    """Put tables between the marks of a name, and draw the figures anew, which are made of them."""
    _between(name, text)
    refresh()


def refresh(arguments: Sequence[str] = ()) -> None:
    """Draw the figures of the tables, and list what was missed."""
    text = README.read_text(encoding="utf-8")
    _between("missed", claims.missed(text))
    try:
        print("figures:", *[path.name for path in claims.draw(text, README.parent)])
    except ImportError:
        print("no figures: matplotlib is not installed (pip install symdiff-graph[bench])")


def _between(name: str, text: str) -> None:
    start, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->\n"
    before, _, rest = README.read_text(encoding="utf-8").partition(start)
    README.write_text(f"{before}{start}\n{text.strip()}\n\n{end}{rest.partition(end)[2]}", encoding="utf-8")
