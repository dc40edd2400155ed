"""Processes: how one is started so that it ends with its parent, and what is known of one found by its id."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

RETIRE = signal.SIGUSR1
"""What the supervisor sends to a web process that another one has replaced."""

_PR_SET_PDEATHSIG = 1
# Loaded before any fork: a child must not run the dynamic loader between fork and exec.
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Program:
    """A program to run as a child."""

    argv: Sequence[str]
    env: Mapping[str, str]
    # How to stop it: signals in order, with the seconds each is given.
    stops: Sequence[tuple[signal.Signals, float]]
    cwd: Path | None = None
    uid: int | None = None
    gid: int | None = None
    # Sent by the kernel (Linux) when the thread that started the child ends without having stopped it.
    orphan_signal: signal.Signals | None = None
    # Standard input is a pipe that closes when the parent ends, for programs that watch it.
    lifeline: bool = False
    pass_fds: Sequence[int] = field(default=())
    # Sent instead of the first stop when another process has taken its place already, with the seconds it is given.
    retirement: tuple[signal.Signals, float] | None = None
    # It takes `--ready-fd` and writes there once it does its work.
    tells_ready: bool = False


def launch(program: Program, output: int | IO[bytes]) -> subprocess.Popen[bytes]:
    """Start `program` in a session of its own, so that Ctrl-C in the terminal reaches the parent only."""
    identity: dict[str, Any] = {}
    if program.uid is not None:
        identity = {"user": program.uid, "group": program.gid, "extra_groups": []}
    return subprocess.Popen(
        list(program.argv),
        env=dict(program.env),
        cwd=program.cwd,
        stdin=subprocess.PIPE if program.lifeline else subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        pass_fds=program.pass_fds,
        preexec_fn=_orphan_hook(program.orphan_signal),
        **identity,
    )


def _orphan_hook(number: signal.Signals | None) -> Callable[[], None] | None:
    if number is None or _LIBC is None:
        return None
    parent = os.getpid()

    def ask_kernel() -> None:
        die_with_parent(number)
        if os.getppid() != parent:  # the parent ended before the kernel was asked
            os._exit(1)

    return ask_kernel


def die_with_parent(number: signal.Signals) -> None:
    """Have the kernel (Linux) send this process a signal when the thread that started it ends."""
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, int(number))


def stop(process: subprocess.Popen[bytes], stops: Sequence[tuple[signal.Signals, float]]) -> None:
    """Stop a child: each signal in turn, SIGKILL at last."""
    for number, seconds in [*stops, (signal.SIGKILL, 30.0)]:
        if process.poll() is not None:
            return
        process.send_signal(number)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            continue


def is_running(pid: int) -> bool:
    """Whether the process exists and has not ended; one that ended and was not reaped has ended."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # it is another user's
    return not _state(pid).startswith("Z")


def _state(pid: int) -> str:
    """The process's state letter: from /proc, else from ps; empty when neither tells."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].strip()
    except OSError:
        return _ps(pid, "stat=")


def command_line(pid: int) -> str:
    """The process's command line; empty when it cannot be found out."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except OSError:
        return _ps(pid, "command=")


def _ps(pid: int, column: str) -> str:
    try:
        done = subprocess.run(["ps", "-ww", "-o", column, "-p", str(pid)], capture_output=True, text=True, check=False)
    except FileNotFoundError:  # a system without ps
        return ""
    return done.stdout.strip()


def wait_until(done: Callable[[], bool], seconds: float) -> bool:
    """Wait until `done()`; False when `seconds` pass first."""
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def end_stranger(pid: int, stops: Sequence[tuple[signal.Signals, float]]) -> bool:
    """Stop a process that is not our child; False when it survives."""
    for number, seconds in [*stops, (signal.SIGKILL, 10.0)]:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return True
        if wait_until(lambda: not is_running(pid), seconds):
            return True
    return False
