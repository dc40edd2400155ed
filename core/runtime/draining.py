"""uvicorn's server, leaving without a failed request: it stops accepting, and tells clients to connect anew."""

from __future__ import annotations

import asyncio
import signal
import socket
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from core.health.life import life

_SETTLE_SECONDS = 0.3
_IDLE_SECONDS = 5.0
_BUSY_SECONDS = 60.0
_CLOSING = (b"connection", b"close")


class DrainingServer(uvicorn.Server):
    """A server that, told to retire, lets go of its clients one by one.

    Whoever has a connection open may be sending the next request while it is closed. So each answer says that the
    connection ends with it; connections that stay idle are closed after a while, busy ones when they are done.
    """

    def __init__(self, config: uvicorn.Config, started: Callable[[], None], stop_delay: float | None = None) -> None:
        super().__init__(config)
        self._tell_started = started
        # None: SIGTERM means to end soon; else it means to retire, after so many seconds.
        self._stop_delay = stop_delay
        self._leave_at: float | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to accept."""
        await super().startup(sockets)
        if self.started:
            self._tell_started()

    def retire(self, number: int, frame: FrameType | None) -> None:
        """Another process accepts by now."""
        self._leave_at = time.monotonic()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """SIGTERM, the first time, may mean to retire; all else means to end soon."""
        if sig == signal.SIGTERM and self._stop_delay is not None and self._leave_at is None:
            life.stopping = True
            self._leave_at = time.monotonic() + self._stop_delay
        else:
            self._leave_at = None
            super().handle_exit(sig, frame)

    async def on_tick(self, counter: int) -> bool:
        """Ten times a second: whether to stop."""
        leaving = self._leave_at is not None and time.monotonic() >= self._leave_at
        return await super().on_tick(counter) or leaving

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Leave."""
        if self._leave_at is not None:
            await self._let_go()
        await super().shutdown(sockets)

    async def _let_go(self) -> None:
        """Accept no more, and wait for the connections that are there."""
        for server in self.servers:
            server.close()
        self.server_state.default_headers = [*self.server_state.default_headers, _CLOSING]
        begun = time.monotonic()
        while not self.should_exit and self._waits_for_clients(time.monotonic() - begun):
            for cycle in self._cycles():
                if not cycle.response_started:
                    cycle.keep_alive = False
            await asyncio.sleep(0.05)

    def _waits_for_clients(self, seconds: float) -> bool:
        if seconds < _SETTLE_SECONDS:
            return True  # what was just accepted has no connection yet
        connected = any(isinstance(one, HttpToolsProtocol) for one in self.server_state.connections)
        busy = any(not cycle.response_complete for cycle in self._cycles())
        return connected and seconds < (_BUSY_SECONDS if busy else _IDLE_SECONDS)

    def _cycles(self) -> list[Any]:
        """The requests of all connections that had one."""
        connections = [one for one in self.server_state.connections if isinstance(one, HttpToolsProtocol)]
        return [one.cycle for one in connections if one.cycle is not None]
