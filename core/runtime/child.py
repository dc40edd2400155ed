"""A process under the supervisor: its output by the line, its restarts, and when to give up on it."""

from __future__ import annotations

import os
import subprocess
import time
from collections import deque
from dataclasses import replace
from typing import Protocol

from core.runtime import processes
from core.runtime.processes import Program

# One that lives shorter has failed at once; so many times in a row, and starting it again is in vain.
_QUICK_SECONDS = 10.0
_GIVE_UP_AFTER = 5
_LONGEST_DELAY = 8.0
_LAST_LINES = 20
_LONGEST_LINE = 64 * 1024
# The exit code of wrong settings: they will be as wrong next time.
REFUSED = 2


def _pipe() -> tuple[int, int]:
    """Both ends of a pipe, of which reading never waits."""
    read_end, write_end = os.pipe()
    os.set_blocking(read_end, False)
    return read_end, write_end


class Service(Protocol):
    """What the supervisor runs."""

    name: str

    def prepare(self) -> Program:
        """Put things in order for a start, and answer the program to run."""

    def is_ready(self, pid: int) -> bool:
        """Whether the process with this id does its work."""


class Child:
    """A service and its process, of which there is one at a time."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.name = service.name
        self.last_lines: deque[str] = deque(maxlen=_LAST_LINES)
        self.program: Program | None = None
        self.process: subprocess.Popen[bytes] | None = None
        self.output: int | None = None
        self.start_at: float | None = None
        self._partial = b""
        self._told: int | None = None
        self._ready = False
        self._started = 0.0
        self._failures = 0

    def start(self) -> int:
        """Start the process; answers the end of its output to read from."""
        self.start_at = None
        self.program = self.service.prepare()
        read_end, write_end = _pipe()
        told, tell = _pipe()
        if self.program.tells_ready:
            argv, fds = [*self.program.argv, "--ready-fd", str(tell)], [*self.program.pass_fds, tell]
            self.program = replace(self.program, argv=argv, pass_fds=fds)
        try:
            self.process = processes.launch(self.program, write_end)
        except OSError:
            os.close(read_end)
            os.close(told)
            raise
        finally:
            os.close(write_end)
            os.close(tell)
        self._started, self.output, self._partial = time.monotonic(), read_end, b""
        self._told, self._ready = told, not self.program.tells_ready
        return read_end

    def is_ready(self) -> bool:
        """Whether it runs and does its work."""
        alive = self.process is not None and self.process.poll() is None
        return alive and self._has_told() and self.process is not None and self.service.is_ready(self.process.pid)

    def _has_told(self) -> bool:
        """Whether the process said that it is ready, if it is one that does."""
        if self._ready or self._told is None:
            return self._ready
        try:
            self._ready = bool(os.read(self._told, 1))
        except BlockingIOError:
            return False
        return self._ready

    def _close_told(self) -> None:
        if self._told is not None:
            os.close(self._told)
            self._told = None

    def is_alive(self) -> bool:
        """Whether its process runs."""
        return self.process is not None and self.process.poll() is None

    def read_lines(self) -> list[str] | None:
        """The lines written since the last call; None at the end of the output."""
        assert self.output is not None
        try:
            data = os.read(self.output, _LONGEST_LINE)
        except BlockingIOError:
            return []
        if not data:
            return None
        *lines, self._partial = (self._partial + data).split(b"\n")
        if len(self._partial) > _LONGEST_LINE:
            lines, self._partial = [*lines, self._partial], b""
        found = [line.decode(errors="replace").rstrip() for line in lines]
        self.last_lines.extend(found)
        return found

    def close_output(self) -> None:
        """Close our ends of its output and its lifeline."""
        self._close_told()
        if self.output is not None:
            os.close(self.output)
            self.output = None
        if self.process is not None and self.process.stdin is not None:
            self.process.stdin.close()

    def note_end(self) -> float | None:
        """Note that it ended by itself; answers the seconds until its next start, None to give up."""
        assert self.process is not None
        quick = time.monotonic() - self._started < _QUICK_SECONDS
        self._failures = self._failures + 1 if quick else 1
        if self._failures >= _GIVE_UP_AFTER or self.process.returncode == REFUSED:
            return None
        delay: float = min(0.25 * 2**self._failures, _LONGEST_DELAY)
        self.start_at = time.monotonic() + delay
        return delay

    def describe_end(self) -> str:
        """How its process ended, in words."""
        assert self.process is not None
        code = self.process.returncode
        return f"by signal {-code}" if code < 0 else f"with exit code {code}"

    def retire(self) -> float:
        """Tell it that another process has taken its place; answers the seconds it is given to end."""
        assert self.process is not None and self.program is not None and self.program.retirement is not None
        number, seconds = self.program.retirement
        if self.is_alive():
            self.process.send_signal(number)
        return seconds

    def kill(self) -> None:
        """End it at once."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
