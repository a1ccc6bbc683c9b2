"""The jobs, a file each."""

from __future__ import annotations

from benchmarks.maps.job import Job
from benchmarks.maps.jobs import bundles, collocation, elements, minibatches, surface


def jobs(quick: bool) -> dict[str, Job]:
    """All jobs by the beginning of their names."""
    return {
        "collocation": collocation.job(20 if quick else 200),
        "bundles": bundles.job(200 if quick else 50_000),
        "surface": surface.job(10 if quick else 100),
        "elements": elements.job(8 if quick else 224),
        "minibatches": minibatches.job(100 if quick else 10_000),
    }
