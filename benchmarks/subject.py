"""The process of one measurement: one case, one subject; the record goes out as a line of JSON."""

from __future__ import annotations

import argparse
import json
from typing import Any

from benchmarks import harness, measures, rivals, workloads
from benchmarks.case import NotAvailableError


def measure(workload: str, case_name: str, rival_name: str, quick: bool) -> dict[str, Any]:
    """The record of a measurement in this process."""
    case = workloads.case(workload, case_name, quick)
    try:
        rival = rivals.load(rival_name)
        case.prepare()
        figures = getattr(measures, case.measure)(case, rival, enough=0.3 if quick else 1.5)
    except NotAvailableError as why:
        return {"status": f"not available: {why}"}
    except (RecursionError, MemoryError) as failure:
        return {"status": f"failed: {type(failure).__name__}"}
    record = {"version": rival.version(), "figures": figures}
    if not figures["error"] <= case.tolerance:
        return {"status": f"wrong value, error {figures['error']:.1e}", "version": record["version"]}
    return {"status": "ok", **record}


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("workload")
    parser.add_argument("case")
    parser.add_argument("rival")
    parser.add_argument("--quick", action="store_true")
    arguments = parser.parse_args()
    harness.confine()
    print(json.dumps(measure(arguments.workload, arguments.case, arguments.rival, arguments.quick)))
