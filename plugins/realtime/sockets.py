"""One websocket of a client: what waits to be sent to it, and the pages it is subscribed to."""

from __future__ import annotations

import asyncio
import uuid
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import structlog

from plugin_api.realtime import PageType
from plugin_api.websockets import Send

log = structlog.get_logger(__name__)

TRY_AGAIN, RESTARTED, TOO_MANY, SIGN_IN, DISABLED = 1013, 1012, 1008, 4401, 4404
"""Codes sockets are closed with; the first two ask the client to connect again and to read anew what it shows."""


@dataclass(eq=False, slots=True)
class Subscription:
    """A page that a socket has open."""

    socket: Socket
    kind: PageType
    parameters: Mapping[str, Any]
    channel: str
    scopes: frozenset[tuple[str, int]] = field(default_factory=frozenset)


class Socket:
    """Sends texts in the order given, in a task of its own while there are some. What is too much closes it.

    While it is held, texts wait until it is released; those of a subscription that ended meanwhile are dropped.
    """

    __slots__ = (
        "id",
        "user_id",
        "session",
        "pages",
        "closing",
        "_send",
        "_most",
        "_queue",
        "_bytes",
        "_task",
        "_held",
        "_holds",
    )

    def __init__(self, send: Send, user_id: int | None, session: str | None, most: int) -> None:
        self.id = str(uuid.uuid4())
        self.user_id, self.session = user_id, session
        self.pages: dict[str, Subscription] = {}
        self.closing: tuple[int, str] | None = None
        self._send, self._most = send, most
        self._queue: deque[str] = deque()
        self._bytes = 0
        self._task: asyncio.Task[None] | None = None
        self._held: deque[tuple[str, Subscription | None]] | None = None
        self._holds = 0

    def tell(self, text: str, of: Subscription | None = None, first: bool = False) -> None:
        """Send a text, as soon as the client has read those before it. `first`: before those that are held."""
        if self.closing:
            return
        self._bytes += len(text)
        if self._held is not None and not first:
            self._held.append((text, of))
        else:
            self._queue.append(text)
        if self._bytes > self._most:
            self.close(TRY_AGAIN, "You read too slowly: connect again, and read anew what you show.")
        elif self._queue:
            self._go_on()

    def hold(self) -> None:
        """Keep texts back until as many calls of `release`."""
        self._holds += 1
        if self._held is None:
            self._held = deque()

    def release(self) -> None:
        """Send what was kept back."""
        self._holds -= 1
        if self._holds or self._held is None:
            return
        held, self._held = self._held, None
        for text, of in held:
            if of is None or self.pages.get(of.channel) is of:
                self._queue.append(text)
            else:
                self._bytes -= len(text)
        if self._queue and not self.closing:
            self._go_on()

    def close(self, code: int, reason: str, last: str | None = None) -> None:
        """Close, with a last text before it; what waits is dropped."""
        if self.closing:
            return
        self.closing = code, reason
        self._queue.clear()
        if last is not None:
            self._queue.append(last)
        self._go_on()

    def _go_on(self) -> None:
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._send_all())

    async def _send_all(self) -> None:
        try:
            while self._queue:
                text = self._queue.popleft()
                await self._send({"type": "websocket.send", "text": text})
                self._bytes -= len(text)
            if self.closing:
                code, reason = self.closing
                await self._send({"type": "websocket.close", "code": code, "reason": reason})
        except (OSError, RuntimeError) as error:
            log.debug("a client left before all was sent", problem=str(error))
            self._queue.clear()
            self.closing = self.closing or (TRY_AGAIN, "")
        finally:
            self._task = None

    def end(self) -> None:
        """The connection is gone."""
        self.closing = self.closing or (1000, "")
        self._queue.clear()
        if self._task is not None:
            self._task.cancel()
