"""Programs that are run for a picture: their time is bounded, and none outlives what started it.

A program may start others, and hang. On POSIX systems it gets a process group of its own, which is killed whole:
when time is up, when an exception or a signal ends the wait, and when Python itself is killed. That last is seen by
a shell that waits for the end of a pipe whose other end only Python holds.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Iterator, Sequence

_SHELL = "/bin/sh"
_GUARD = 'read -r _; kill -s KILL -- "-$1" 2>/dev/null'
_POSIX = os.name == "posix"


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
    hidden = getattr(subprocess, "CREATE_NO_WINDOW", 0)
    program = subprocess.Popen(
        command, stdin=pipe, stdout=pipe, stderr=pipe, start_new_session=_POSIX, creationflags=hidden
    )
    try:
        with _guarded(program.pid):
            written, complaint = program.communicate(given, timeout)
    finally:
        _kill(program)
    return program.returncode, written, complaint


@contextlib.contextmanager
def _guarded(group: int) -> Iterator[None]:
    """Have a process group killed should this process end."""
    guard = None
    if os.path.exists(_SHELL):
        none, pipe = subprocess.DEVNULL, subprocess.PIPE
        command = [_SHELL, "-c", _GUARD, "sh", str(group)]
        guard = subprocess.Popen(command, stdin=pipe, stdout=none, stderr=none, start_new_session=True)
    try:
        yield
    finally:
        if guard is not None:
            guard.kill()
            guard.communicate()


def _kill(program: subprocess.Popen[bytes]) -> None:
    """End a program and all that it started; nothing is left of one that has ended by itself."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if _POSIX:
            os.killpg(program.pid, signal.SIGKILL)
        else:
            program.kill()
    for stream in (program.stdin, program.stdout, program.stderr):
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.close()
    program.wait()
