"""The ASGI bridge: serves the Flask (WSGI) application in a pool of threads, and websockets beside it."""

from __future__ import annotations

import asyncio
import contextvars
import json
import logging
import time
import uuid
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import structlog

from core.http import cors
from core.runtime.request_body import Body, BodyReader, BodyTimeout, BodyTooLarge, ClientGone, Receive, discard
from core.runtime.request_threads import RequestThreads
from core.runtime.wsgi_environ import BLOCK, FileBody
from core.runtime.wsgi_exchange import ROUTE, USER, Answer, Exchange, header

Scope = MutableMapping[str, Any]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
WebsocketHandler = Callable[[Scope, Receive, Send], Awaitable[None]]
WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

log = structlog.get_logger(__name__)

_DISK_THREADS = 2
_SLOW_SECONDS = 5.0
_FAILED = 500


class AsgiApp:
    """An ASGI application around a WSGI one. `websocket_handler` takes the websocket connections, if given."""

    def __init__(
        self,
        wsgi: WsgiApp,
        threads: int,
        max_body_bytes: int,
        websocket_handler: WebsocketHandler | None = None,
        cors_origins: Sequence[str] = (),
        access_log: bool = False,
    ) -> None:
        self._wsgi = wsgi
        self._websocket_handler = websocket_handler
        self._max_body_bytes = max_body_bytes
        self._cors_origins = cors_origins
        self._access_log = access_log
        # Requests beyond `threads` wait in the pool's queue.
        self._pool = RequestThreads(threads, "request")
        self._disk = ThreadPoolExecutor(_DISK_THREADS, thread_name_prefix="disk")
        self._bodies = BodyReader(max_body_bytes, self._disk)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection of any kind."""
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._lifespan(receive, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self._pool.close()
        self._disk.shutdown(wait=False)
        await send({"type": "lifespan.shutdown.complete"})

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._websocket_handler is not None:
            await self._websocket_handler(scope, receive, send)
            return
        await receive()
        await send({"type": "websocket.close"})

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = time.monotonic()
        try:
            body = await self._bodies.read(scope, receive)
        except BodyTooLarge:
            detail = f"The body is larger than the limit of {self._max_body_bytes} bytes."
            await self._refuse(scope, receive, send, 413, "ERROR_REQUEST_BODY_TOO_LARGE", detail)
        except BodyTimeout:
            detail = "The body did not arrive: nothing came for a minute."
            await self._refuse(scope, receive, send, 408, "ERROR_REQUEST_TIMEOUT", detail)
        except ClientGone:
            log.debug("client left while sending")
        else:
            await self._answer(scope, receive, send, body, started)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send, status: int, error: str, detail: str) -> None:
        """Answer without the application, in the shape of its errors, and close the connection."""
        request_id = header(scope["headers"], b"x-request-id")[:200] or uuid.uuid4().hex
        content = json.dumps({"error": error, "detail": detail, "request_id": request_id}).encode()
        headers = {
            "content-type": "application/json",
            "content-length": str(len(content)),
            "connection": "close",
            "x-request-id": request_id,
            **cors.headers_for(header(scope["headers"], b"origin"), self._cors_origins),
        }
        raw = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]
        log.info("body refused", method=scope["method"], status=status, request_id=request_id)
        await send({"type": "http.response.start", "status": status, "headers": raw})
        await send({"type": "http.response.body", "body": content, "more_body": True})
        await discard(receive)
        await send({"type": "http.response.body", "body": b""})

    async def _answer(self, scope: Scope, receive: Receive, send: Send, body: Body, started: float) -> None:
        exchange = Exchange(self._wsgi, scope, receive, send, body)
        try:
            # A context of its own for each request: nothing set in one is seen in the next on the same thread.
            run = contextvars.Context().run
            answer = await self._pool.run(partial(run, exchange.run))
            if answer is not None:
                await self._send(answer, scope, send)
        finally:
            exchange.end()
            body.close()
            _log_request(scope, exchange, started, self._access_log)

    async def _send(self, answer: Answer, scope: Scope, send: Send) -> None:
        """Send an answer that needs no request thread any more."""
        await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
        if isinstance(answer.body, FileBody):
            await self._send_file(answer.body, send)
        else:
            await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else answer.body})

    async def _send_file(self, body: FileBody, send: Send) -> None:
        loop = asyncio.get_running_loop()
        try:
            while block := await loop.run_in_executor(self._disk, body.file.read, BLOCK):
                await send({"type": "http.response.body", "body": block, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        finally:
            body.close()


def _log_request(scope: Scope, exchange: Exchange, started: float, wanted: bool) -> None:
    """Its route instead of its path: paths and queries may hold tokens."""
    seconds = time.monotonic() - started
    level = logging.INFO if wanted or seconds > _SLOW_SECONDS or exchange.status >= _FAILED else logging.DEBUG
    if not log.is_enabled_for(level):
        return
    log.log(
        level,
        "request",
        method=scope["method"],
        route=exchange.noted(ROUTE),
        status=exchange.status,
        ms=round(seconds * 1000, 1),
        request_id=header(exchange.headers, b"x-request-id"),
        user=exchange.noted(USER),
    )
