"""A figure for each claim of the README, and the aims that were missed, from its tables."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.plot import COLOURS

UNITS = {"ns": 1e-9, "µs": 1e-6, "ms": 1e-3, "s": 1.0}
QUANTITIES = {"value": "o", "gradient": "s", "value + gradient": "D", "hessian": "^"}
_TIMES = re.compile(r"^([\d.,–]+(?: / [\d.,–]+)*) (ns|µs|ms|s)\b")
_OPERATIONS = re.compile(r"([\d,]+) operations")

Row = dict[str, str]


class Dot(NamedTuple):
    """A time, or a ratio of times, of one subject."""

    subject: str
    value: float
    marker: str = "o"


def tables(text: str) -> dict[str, list[Row]]:
    """The rows of every table, by the heading above it; each by its columns, of which the first is called "name"."""
    found: dict[str, list[Row]] = {}
    heading, head = "", []
    for line in text.splitlines():
        if line.startswith("#"):
            heading = line.lstrip("# ")
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")] if line.startswith("|") else []
        if cells and head and not set(cells[0]) <= set("-: "):
            found.setdefault(heading, []).append(dict(zip(head, cells, strict=False)))
        head = (head or ["name", *cells[1:]]) if cells else []
    return found


def seconds(cell: str) -> list[float | None]:
    """The times of a cell: `6.77 / – / 24.1 µs`; none where there is no time."""
    times = _TIMES.match(cell)
    if times is None:
        return []
    return [None if "–" in t else float(t.replace(",", "")) * UNITS[times[2]] for t in times[1].split(" / ")]


def subjects(row: Row) -> list[str]:
    """Those with a time, symdiff once: its backends have tables of their own."""
    return [name for name in row if name != "name" and not name.startswith("symdiff ") and seconds(row[name])]


def dots(row: Row) -> list[Dot]:
    """The time of each subject; of several quantities that of the first."""
    return [Dot(name, first) for name in subjects(row) if (first := seconds(row[name])[0]) is not None]


def ratios(row: Row) -> list[Dot]:
    """The times of each quantity over those by hand."""
    by_hand = seconds(row["by hand"])
    quantities = [name.removeprefix("sparse ") for name in row["name"].partition(": ")[2].split(", ")]
    found = []
    for subject in ("symdiff", "jax", "casadi MX"):
        for name, mine, other in zip(quantities, seconds(row[subject]), by_hand, strict=False):
            if mine and other:
                found.append(Dot(subject, mine / other, QUANTITIES.get(name, "^")))
    return found


# -- figures -----------------------------------------------------------------------------


def orders(path: Path, rows: Sequence[Row]) -> None:
    """Time and operations against the order."""
    pyplot = _pyplot()
    figure, axes = pyplot.subplots(1, 2, figsize=(9, 3.6), layout="constrained")
    for subject in [name for name in rows[0] if name != "name" and any(seconds(row[name]) for row in rows)]:
        points = [(int(row["name"].split("= ")[1]), row[subject]) for row in rows if seconds(row[subject])]
        places = [n for n, _ in points]
        axes[0].plot(places, [seconds(cell)[0] for _, cell in points], "o-", markersize=3, **_style(subject))
        counts = [int(found[1].replace(",", "")) if (found := _OPERATIONS.search(cell)) else None for _, cell in points]
        axes[1].plot(places, counts, "o-", markersize=3, **_style(subject))
    for axis, label in zip(axes, ("seconds", "operations of value and derivative"), strict=True):
        axis.set(yscale="log", xlabel="order n", ylabel=label)
        axis.grid(alpha=0.3)
    axes[0].legend(fontsize=8)
    figure.suptitle("d$^n$/dx$^n$ exp(sin x) tanh x²", fontsize=11)
    _save(figure, path, rows)


def comparison(path: Path, rows: Sequence[Row], values: Callable[[Row], list[Dot]], label: str) -> None:
    """A line for each work, and on it a mark for each subject; by hand is a line where values are ratios to it."""
    pyplot = _pyplot()
    figure, axes = pyplot.subplots(figsize=(9, 1.2 + 0.3 * len(rows)), layout="constrained")
    shown: dict[str, Any] = {}
    for place, row in enumerate(rows):
        for dot in values(row):
            first = dot.subject == "symdiff"
            size, order = (64, 3) if first else (34, 2)
            mark = axes.scatter(dot.value, place, size, marker=dot.marker, zorder=order, color=_colour(dot.subject))
            shown.setdefault(dot.subject, mark)
    axes.set_yticks(range(len(rows)), labels=[row["name"].partition(": value")[0] for row in rows], fontsize=8)
    axes.set(xscale="log", xlabel=label)
    axes.invert_yaxis()
    axes.grid(alpha=0.3)
    if values is ratios:
        axes.axvline(1, color="black", linewidth=1)
    figure.legend(shown.values(), shown, fontsize=8, ncols=len(shown), loc="outside upper left", columnspacing=1)
    _save(figure, path, rows)


def _colour(subject: str) -> str:
    return {**COLOURS, "by hand": "#444444", "casadi MX": COLOURS["casadi"]}.get(subject, "#999999")


def _style(subject: str) -> dict[str, Any]:
    return {"label": subject, "color": _colour(subject)}


def _pyplot() -> Any:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    return pyplot


def digest(rows: Sequence[Row]) -> str:
    """What a figure keeps of the rows that it was drawn from."""
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def _save(figure: Any, path: Path, rows: Sequence[Row]) -> None:
    figure.savefig(path, dpi=90, metadata={"Description": digest(rows)})
    _pyplot().close(figure)


def figures(text: str) -> dict[str, tuple[list[Row], Callable[[Path, Sequence[Row]], None]]]:
    """The files of the figures of a page: the rows that each shows, and how."""
    found = tables(text)
    tower = [row for row in found["Derivatives"] if row["name"].startswith("tower")]
    works = [row for row in found["Derivatives"] if row not in tower]
    return {
        "claim-orders.png": (tower, orders),
        "claim-derivatives.png": (
            works,
            partial(comparison, values=dots, label="seconds to build the formula and derive it"),
        ),
        "claim-compiled.png": (
            found["Compiled functions"],
            partial(
                comparison, values=dots, label="seconds: a call, a point out of a million, or until the first value"
            ),
        ),
        "claim-arrays.png": (
            found["Functions of arrays"],
            partial(comparison, values=ratios, label="time over that of NumPy by hand; ○ value, □ gradient, △ Hessian"),
        ),
        "claim-maps.png": (
            found["One stage over all of them"],
            partial(comparison, values=dots, label="seconds a call"),
        ),
    }


def draw(text: str, folder: Path) -> list[Path]:
    """Write the figures of the tables of a page."""
    for name, (rows, drawn) in figures(text).items():
        drawn(folder / name, rows)
    return [folder / name for name in figures(text)]


def missed(text: str) -> str:
    """A table of the aims that were not reached."""
    rows = [row for rows in tables(text).values() for row in rows if "missed" in row.values()]
    lines = [_line(row.get("figure", "time ÷ the other's"), row) for row in rows]
    return "\n".join(["| work | figure | at most | found |", "| --- | --- | --- | --- |", *lines])


def _line(figure: str, row: Row) -> str:
    return f"| {row['name']} | {figure} | {row['at most']} | {row['found']} |"
