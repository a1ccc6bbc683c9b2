"""Tables as notebooks show them."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence


def html_table(rows: Iterable[Sequence[str]], heads: Sequence[str] = (), before: str = "", after: str = "") -> str:
    """An HTML table of texts, with a line before and lines after it.

    >>> html_table([["x < 1", "2"]], ["what", "count"])
    '<table><tr><th>what</th><th>count</th></tr><tr><td>x &lt; 1</td><td>2</td></tr></table>'
    """
    lines = [_row(heads, "th")] if heads else []
    lines += [_row(row, "td") for row in rows]
    told = [f"<p>{html.escape(line)}</p>" if line else "" for line in (before, *after.splitlines())]
    return "".join([told[0], f"<table>{''.join(lines)}</table>", *told[1:]])


def _row(cells: Sequence[str], tag: str) -> str:
    return f"<tr>{''.join([f'<{tag}>{html.escape(cell)}</{tag}>' for cell in cells])}</tr>"
