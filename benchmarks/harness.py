"""Runs a measurement in a process of its own, within limits of time and memory."""

from __future__ import annotations

import contextlib
import gc
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
MEMORY = 12 << 30
ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
    "JAX_PLATFORMS": "cpu",
    "PYTHONHASHSEED": "0",
}


def run(workload: str, case: str, rival: str, quick: bool, limit: float) -> dict[str, Any]:
    """The record of one measurement: `status` is "ok", or says why there are no figures."""
    command = ["benchmarks.subject", workload, case, rival, *["--quick"] * quick]
    return {"workload": workload, "case": case, "rival": rival, **process(command, limit)}


def process(command: Sequence[str], limit: float) -> dict[str, Any]:
    """What a module prints as its last line, in JSON; a `status` where it does not get there."""
    process = subprocess.Popen(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        env={**os.environ, **ONE_THREAD},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    start = time.monotonic()
    while True:
        try:
            output, errors = process.communicate(timeout=min(limit, 1))
            break
        except subprocess.TimeoutExpired:
            if _used(process.pid, start) > limit:
                process.kill()
                process.communicate()
                return {"status": f"over {limit} s"}
    lines = output.strip().splitlines()
    if process.returncode == 0 and lines:
        found: dict[str, Any] = json.loads(lines[-1])
        return found
    if process.returncode < 0:
        return {"status": f"crashed, {signal.Signals(-process.returncode).name}"}
    return {"status": "failed: " + (errors.strip().splitlines() or ["no output"])[-1][:80]}


def _used(pid: int, start: float) -> float:
    """CPU time of a process, of the clock where the system does not tell."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return time.monotonic() - start
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def confine() -> None:
    """This process: one core, and no more memory than is decent.

    Not its CPU time: under such a limit Linux counts that in ticks of milliseconds.
    """
    with contextlib.suppress(ImportError, AttributeError, OSError, ValueError):
        import resource

        cores = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {cores[os.getpid() % len(cores)]})
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def best(once: Callable[[], dict[str, float]], enough: float, most: int = 200) -> dict[str, float]:
    """The figures of the fastest of several runs, as many as fit into `enough` seconds, with what is around them."""
    found: dict[str, float] = {}
    end = time.process_time() + enough
    gc.collect()
    for _ in range(most):
        figures = once()
        total = sum(figures.values())
        if not found or total < sum(found.values()):
            found = figures
        if time.process_time() > end:
            break
        if total > 0.01:
            gc.collect()
    return found


class Clock:
    """CPU time in laps."""

    def __init__(self) -> None:
        self.last = time.process_time()

    def lap(self) -> float:
        before, self.last = self.last, time.process_time()
        return self.last - before


def resident() -> int:
    """The memory that this process holds now, in bytes; 0 where the system does not tell."""
    return _status("VmRSS")


def peak() -> int:
    """The most memory that it has held."""
    return _status("VmHWM")


def _status(key: str) -> int:
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith(key)), 0)
