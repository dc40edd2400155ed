"""The supervisor behind `tablewright serve`: one light process that starts, watches and stops all the others."""

from __future__ import annotations

import logging
import selectors
import signal
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from types import FrameType

from core.runtime import folders, listening, restarts
from core.runtime.child import Child, Service
from core.runtime.errors import StartError
from core.runtime.logging import configure_standard
from core.runtime.output import Output
from core.runtime.postgres import Postgres
from core.runtime.restarts import RESTART
from core.runtime.services import Web, Worker
from core.runtime.valkey import Valkey
from core.settings import Settings

log = logging.getLogger(__name__)

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_REPLACE_SECONDS = 120.0
# Migrations of a large database may take their time before the web process answers.
_READY_SECONDS = 600.0


class GaveUp(Exception):
    """A child ended too often."""


class NotReplaced(Exception):
    """The process that was to take another one's place does not work."""


class Stopped(Exception):
    """A signal came while something was waited for."""


def serve(settings: Settings) -> int:
    """Run the whole product until a signal; answers the exit code."""
    configure_standard(settings, "serve")
    signal.signal(RESTART, signal.SIG_IGN)  # until there is something to restart
    with folders.locked(settings.data_dir) as data_dir, listening.bind(settings.host, settings.port) as sock:
        port = sock.getsockname()[1]
        return Supervisor(replace(settings, data_dir=data_dir, port=port), sock).run()


class Supervisor:
    """Runs the embedded servers, the web process and the worker, in a single thread without waiting on any of them."""

    def __init__(self, settings: Settings, sock: socket.socket) -> None:
        self._settings, self._socket = settings, sock
        self._output = Output(settings.log_format == "json")
        self._selector = selectors.DefaultSelector()
        self._servers: list[Child] = []
        self._workers: list[Child] = []
        self._services: list[Callable[[], Service]] = []
        self._retired: dict[Child, float] = {}
        self._signals = 0
        self._restarts = 0

    def run(self) -> int:
        """Start all, watch, stop all."""
        with self._signals_caught():
            try:
                self._start()
                self._watch()
            except Stopped:
                log.info("stopping")
            except GaveUp as error:
                log.error("%s", error)
                return 1
            finally:
                self._stop()
        return 0

    @contextmanager
    def _signals_caught(self) -> Iterator[None]:
        """Count the signals to stop; each wakes the selector."""
        reader, writer = socket.socketpair()
        writer.setblocking(False)
        self._selector.register(reader, selectors.EVENT_READ, lambda: reader.recv(64))
        signal.set_wakeup_fd(writer.fileno())
        before = {number: signal.signal(number, self._count_signal) for number in _SIGNALS}
        before[RESTART] = signal.signal(RESTART, self._count_restart)
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            signal.set_wakeup_fd(-1)
            self._selector.close()
            reader.close()
            writer.close()

    def _count_signal(self, number: int, frame: FrameType | None) -> None:
        self._signals += 1

    def _count_restart(self, number: int, frame: FrameType | None) -> None:
        self._restarts += 1

    def _start(self) -> None:
        settings = self._settings
        details = {"Data": str(settings.data_dir), "Stop": "Ctrl-C"}
        if not settings.database_url:
            postgres = Postgres(settings.data_dir, settings.postgres_bin)
            self._start_server(Child(postgres))
            settings = replace(settings, database_url=postgres.url)
        if not settings.redis_url:
            valkey = Valkey(settings.data_dir)
            self._start_server(Child(valkey))
            settings = replace(settings, redis_url=valkey.url)
        only = not self._settings.redis_url
        self._services = [lambda: Web(settings, self._socket), lambda: Worker(settings, only)]
        self._workers = [Child(make()) for make in self._services]
        for child in self._workers:
            self._launch(child)
        self._wait_until(self._workers[0].is_ready, "The web process does not answer")
        self._output.banner(settings.public_url or listening.web_address(settings.host, settings.port), details)

    def _start_server(self, child: Child) -> None:
        self._servers.append(child)
        self._launch(child)
        self._wait_until(child.is_ready, f"{child.name} does not answer")

    def _wait_until(self, ready: Callable[[], bool], problem: str) -> None:
        deadline = time.monotonic() + _READY_SECONDS
        while not ready():
            self._step(0.05)
            if time.monotonic() > deadline:
                raise GaveUp(f"{problem} after {_READY_SECONDS:.0f} seconds.")

    def _watch(self) -> None:
        while True:
            self._step(1.0)
            if self._restarts:
                self._restarts = 0
                self._restart()

    def _restart(self) -> None:
        """Replace web and worker, one after the other; what does not start leaves the one before in its place."""
        with restarts.reported(self._settings.data_dir) as report:
            try:
                for place, make in enumerate(self._services):
                    self._replace(place, Child(make()))
            except NotReplaced as error:
                log.error("%s", error)
                report(str(error))
            else:
                log.info("web and worker were replaced")

    def _replace(self, place: int, new: Child) -> None:
        deadline = time.monotonic() + _REPLACE_SECONDS
        try:
            self._launch(new)
        except GaveUp as error:
            raise NotReplaced(str(error)) from None
        try:
            while not new.is_ready():
                self._step(0.05)
                if not new.is_alive() or time.monotonic() > deadline:
                    raise NotReplaced(f"the new {new.name} does not start; the one before goes on")
        except BaseException:
            self._retire(new)
            raise
        old, self._workers[place] = self._workers[place], new
        self._retire(old)

    def _retire(self, child: Child) -> None:
        self._retired[child] = time.monotonic() + child.retire()

    def _bury(self) -> None:
        """Let go of the retired ones that have ended; kill those that take too long."""
        for child, deadline in list(self._retired.items()):
            if not child.is_alive():
                self._drain(child)
                del self._retired[child]
            elif time.monotonic() > deadline:
                log.warning("the %s that was replaced does not end; it is killed", child.name)
                child.kill()

    def _step(self, seconds: float) -> None:
        """Forward output, start again what ended. Raises Stopped after a signal."""
        self._forward(seconds)
        for child in [*self._servers, *self._workers]:
            if child.start_at is not None:
                if time.monotonic() >= child.start_at:
                    self._launch(child)
            elif child.process is not None and not child.is_alive():
                self._on_end(child)
        self._bury()
        if self._signals:
            raise Stopped

    def _launch(self, child: Child) -> None:
        try:
            fd = child.start()
        except (OSError, StartError) as error:
            raise GaveUp(f"{child.name} cannot be started: {error}") from None
        self._selector.register(fd, selectors.EVENT_READ, lambda: self._read(child))

    def _read(self, child: Child) -> None:
        lines = child.read_lines()
        for line in lines or []:
            self._output.write(child.name, line)
        if lines is None:
            self._close_output(child)

    def _close_output(self, child: Child) -> None:
        if child.output is not None:
            self._selector.unregister(child.output)
            child.close_output()

    def _forward(self, seconds: float) -> None:
        """Handle what the children write, for at most the given time when they write nothing."""
        for key, _ in self._selector.select(seconds):
            key.data()

    def _drain(self, child: Child) -> None:
        """Show what an ended child still had to say."""
        while child.output is not None and (lines := child.read_lines()):
            for line in lines:
                self._output.write(child.name, line)
        self._close_output(child)

    def _on_end(self, child: Child) -> None:
        self._drain(child)
        delay = child.note_end()
        if delay is None:
            last = "\n".join(f"    {line}" for line in child.last_lines)
            raise GaveUp(f"{child.name} ended {child.describe_end()} and is given up. Its last lines:\n{last}")
        log.warning("%s ended %s; it is started again in %.1f s", child.name, child.describe_end(), delay)

    def _stop(self) -> None:
        """Web and worker first, and together; then the servers they use, the last started first."""
        self._socket.close()
        self._stop_together([*self._workers, *self._retired])
        for child in reversed(self._servers):
            self._stop_together([child])

    def _stop_together(self, children: Sequence[Child]) -> None:
        """Each signal in turn, with its time; SIGKILL at last. A further signal to us makes web and worker end now."""
        alive = [child for child in children if child.is_alive()]
        stops = max((child.program.stops for child in alive if child.program), key=len, default=())
        for number, seconds in [*stops, (signal.SIGKILL, 30.0)]:
            for child in alive:
                if child.process is not None and child.is_alive():
                    child.process.send_signal(number)
            if self._all_end(alive, seconds):
                break
        for child in children:
            self._drain(child)

    def _all_end(self, children: Sequence[Child], seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while any(child.is_alive() for child in children):
            impatient = self._signals > 1 and children[0] in self._workers
            if impatient or time.monotonic() > deadline:
                return False
            self._forward(0.05)
        return True
