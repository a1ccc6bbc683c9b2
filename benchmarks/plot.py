"""Results as a picture: how a tower of derivatives grows, and each rival's time over symdiff's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from benchmarks.results import Record, Row, figure, rivals_of, rows

COLOURS = {
    "symdiff": "#1b6ca8",
    "casadi": "#d1495b",
    "casadi C": "#8d2b3a",
    "symengine": "#edae49",
    "sympy": "#66a182",
    "jax": "#7d5ba6",
    "numba": "#00798c",
    "objects": "#8a8a8a",
}


def draw(records: Sequence[Record], quick: bool, path: str) -> None:
    """Write the picture as PNG.

    Raises
    ------
    ImportError
        Without matplotlib.
    """
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    found = rows(records, quick)
    tower = [row for row in found if row.case.workload == "tower"]
    others = [row for row in found if row not in tower and row.case.measure != "memory" and rivals_of(row)]
    height = max(5.0, 0.2 * sum(2 + len(rivals_of(row)) for row in others))
    picture = pyplot.figure(figsize=(14, height), layout="constrained")
    if tower:
        panels = picture.subplot_mosaic([["time", "ratios"], ["operations", "ratios"]], width_ratios=(1, 1.3))
        _tower(panels["time"], tower, "time", "seconds")
        _tower(panels["operations"], tower, "operations", "operations of value and derivative")
        axes = panels["ratios"]
    else:
        axes = picture.subplots()
    _ratios(axes, others)
    picture.savefig(path, dpi=100)
    pyplot.close(picture)


def _tower(axes: Any, tower: Sequence[Row], name: str, label: str) -> None:
    subjects = list(dict.fromkeys(subject for row in tower for subject in row.records))
    for subject in subjects:
        points = [(row.case.order, value) for row in tower if (value := figure(row, subject, name)) is not None]
        if points:
            axes.plot(*zip(*points, strict=True), "o-", label=subject, color=COLOURS.get(subject), markersize=4)
    axes.set_yscale("log")
    axes.set_xlabel("order n")
    axes.set_ylabel(label)
    axes.set_title("d$^n$/dx$^n$ exp(sin x) tanh x²")
    axes.grid(alpha=0.3, which="both")
    if subjects:
        axes.legend(fontsize=8)


def _ratios(axes: Any, chosen: Sequence[Row]) -> None:
    """A bar a rival and case, its time over symdiff's; what did not come to an end is named."""
    at, ticks, labels = 0.0, [], []
    for row in chosen:
        axes.text(1.0, at, f" {row.case.workload}: {row.case.name}", va="center", fontsize=8, fontweight="bold")
        at -= 1
        for rival in rivals_of(row):
            ratio = figure(row, rival, "time ÷ symdiff")
            if ratio is None:
                axes.text(1.0, at, f" {row.records[rival]['status'][:40]}", va="center", fontsize=7, color="#777")
            else:
                axes.barh(at, ratio - 1, left=1.0, color=COLOURS.get(rival, "#999"), height=0.75)
                axes.text(max(ratio, 1.0), at, f" {ratio:.3g}", va="center", fontsize=7)
            ticks.append(at)
            labels.append(rival)
            at -= 1
        at -= 0.4
    axes.set_xscale("log")
    axes.axvline(1.0, color=COLOURS["symdiff"])
    axes.set_yticks(ticks, labels, fontsize=7)
    axes.set_ylim(at, 1)
    axes.margins(x=0.15)
    axes.set_title("time ÷ symdiff's (to the right: symdiff is faster)")
    axes.grid(alpha=0.3, axis="x")
