"""Programs that are run for a picture: their time is bounded, and none outlives what started it.

A program may start others, and hang. On POSIX systems it is put into a process group that is killed whole: when time
is up, when an exception or a signal ends the wait, and when Python itself is killed. That last is seen by a shell that
waits for the end of a pipe whose other end only Python holds. The group is this shell's, which is there first: Python
may be killed as soon as the program runs.
"""

from __future__ import annotations

import contextlib
import functools
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from typing import Any

_SHELL = "/bin/sh"
_WATCH = "read -r _; kill -s KILL 0"


def output(command: Sequence[str], given: bytes, timeout: float) -> tuple[int, bytes, bytes]:
    """The exit status of a program, and what it wrote to standard output and error.

    Raises
    ------
    OSError
        Where it can't be run.
    subprocess.TimeoutExpired
        Where it takes longer than `timeout` seconds.
    """
    pipe = subprocess.PIPE
    with _group() as options:
        program = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, **options)
        try:
            written, complaint = program.communicate(given, timeout)
        finally:
            _end(program)
    return program.returncode, written, complaint


@contextlib.contextmanager
def _group() -> Iterator[dict[str, Any]]:
    """Options that put programs into a process group, which is killed afterwards, or should this process end."""
    if not os.path.exists(_SHELL):
        yield {"creationflags": getattr(subprocess, "CREATE_NO_WINDOW", 0)}
        return
    none, pipe = subprocess.DEVNULL, subprocess.PIPE
    watch = subprocess.Popen([_SHELL, "-c", _WATCH], stdin=pipe, stdout=none, stderr=none, **_member_of(0))
    try:
        yield _member_of(watch.pid)
    finally:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(watch.pid, signal.SIGKILL)
        watch.communicate()


def _member_of(group: int) -> dict[str, Any]:
    """Options that put a program into a process group; 0 is a new one, of the program's own number."""
    if sys.version_info >= (3, 11):
        return {"process_group": group}
    return {"preexec_fn": functools.partial(os.setpgid, 0, group)}


def _end(program: subprocess.Popen[bytes]) -> None:
    """End a program, and the wait for what it writes."""
    program.kill()
    for stream in (program.stdin, program.stdout, program.stderr):
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.close()
    program.wait()
