"""The parts of the README beside this that commands write."""

from __future__ import annotations

from pathlib import Path

README = Path(__file__).with_name("README.md")


def put(name: str, text: str) -> None:
    """Put tables between the marks of a name."""
    start, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->\n"
    before, _, rest = README.read_text().partition(start)
    README.write_text(before + start + "\n" + text + "\n" + end + rest.partition(end)[2])
