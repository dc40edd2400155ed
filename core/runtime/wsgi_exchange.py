"""One request in a thread: runs the WSGI application and hands its answer to the event loop, whole or in a stream."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any

import structlog

from core.runtime.request_body import Body, ClientGone, Receive
from core.runtime.wsgi_environ import FileBody, make_environ

log = structlog.get_logger(__name__)

# A body announced up to this size is collected, so that the thread is free while the client reads.
_WHOLE = 4 * 1024 * 1024
# A client that takes nothing for so long loses its stream: the thread is needed.
_STALLED_SECONDS = 60.0

ROUTE, USER = "tablewright.route", "tablewright.user"
"""Where the application notes in the environment what the line in the log tells of a request."""

_WITHOUT_BODY = (204, 304)

RawHeaders = list[tuple[bytes, bytes]]


def header(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> str:
    """The value of a header; empty when it is not there."""
    return next((value.decode("latin-1") for found, value in headers if found == name), "")


@dataclass(frozen=True)
class Answer:
    """An answer the event loop sends by itself."""

    status: int
    headers: RawHeaders
    body: bytes | FileBody


class Exchange:
    """One request and its answer. Make it in the event loop, `run` it in a thread, `end` it in the event loop."""

    def __init__(
        self,
        wsgi: Callable[..., Iterable[bytes]],
        scope: MutableMapping[str, Any],
        receive: Receive,
        send: Callable[[Mapping[str, Any]], Awaitable[None]],
        body: Body,
    ) -> None:
        self._wsgi, self._scope, self._receive, self._send, self._body = wsgi, scope, receive, send, body
        self._loop = asyncio.get_running_loop()
        self._gone = False
        self._watcher: asyncio.Task[None] | None = None
        self._written: list[bytes] = []
        self._sending = False
        self._environ: dict[str, Any] = {}
        self.status = 0
        self.headers: RawHeaders = []

    def run(self) -> Answer | None:
        """Call the application. None when the answer was sent in a stream, or nobody waits for it any more."""
        try:
            return self._call()
        except ClientGone:
            log.debug("client left while the answer was sent")
            return None
        except Exception:
            if self._sending:
                raise  # too late for another answer: the server logs it and breaks the connection off
            log.exception("unexpected error")
            return self._internal_error()

    def _call(self) -> Answer | None:
        self._environ = make_environ(self._scope, self._body.file, self._body.length)
        result = self._wsgi(self._environ, self._start_response)
        if isinstance(result, FileBody) and self.status:
            return Answer(self.status, self.headers, result)
        try:
            if self._is_small(result):
                content = b"".join([*self._written, *result])
                self._require_status()
                self._tell_length(content)
                return Answer(self.status, self.headers, content)
            self._stream(result)
            return None
        finally:
            if hasattr(result, "close"):
                result.close()

    def _start_response(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        if exc_info and self._sending:
            raise exc_info[1].with_traceback(exc_info[2])
        self.status = int(status.split(" ", 1)[0])
        self.headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        return self._written.append

    def _tell_length(self, content: bytes) -> None:
        """Without a length the server sends chunks, which old clients do not understand."""
        if self.status not in _WITHOUT_BODY and not header(self.headers, b"content-length"):
            self.headers.append((b"content-length", str(len(content)).encode()))

    def _require_status(self) -> None:
        if not self.status:
            raise RuntimeError("the application made a body without start_response")

    def _is_small(self, result: Iterable[bytes]) -> bool:
        length = header(self.headers, b"content-length")
        return isinstance(result, list | tuple) or (length.isdigit() and int(length) <= _WHOLE)

    def _stream(self, result: Iterable[bytes]) -> None:
        """Send piece by piece; each waits until the client has taken enough of those before."""
        for chunk in self._chunks(result):
            if not self._sending:
                self._require_status()
                self._sending = True
                self._wait_for(self._begin())
            if chunk:
                self._wait_for(self._send({"type": "http.response.body", "body": chunk, "more_body": True}))
        self._wait_for(self._send({"type": "http.response.body", "body": b""}))

    def _chunks(self, result: Iterable[bytes]) -> Iterator[bytes]:
        """The pieces of the body, an empty one at least, for the status to be sent; only that for HEAD."""
        for chunk in result:
            if self._scope["method"] == "HEAD":
                break
            yield from self._written
            self._written.clear()
            yield chunk
        yield b""

    async def _begin(self) -> None:
        self._watcher = asyncio.create_task(self._watch())
        await self._send({"type": "http.response.start", "status": self.status, "headers": self.headers})

    async def _watch(self) -> None:
        """Note that the client closed the connection."""
        while (await self._receive())["type"] != "http.disconnect":
            continue
        self._gone = True

    def _wait_for(self, sending: Any) -> None:
        if self._gone:
            sending.close()
            raise ClientGone
        future = asyncio.run_coroutine_threadsafe(sending, self._loop)
        try:
            future.result(_STALLED_SECONDS)
        except TimeoutError:
            future.cancel()
            raise ClientGone from None

    def _internal_error(self) -> Answer:
        detail = "Something went wrong on our side. The server's log has more."
        content = json.dumps({"error": "ERROR_INTERNAL", "detail": detail}).encode()
        self.status = 500
        self.headers = [(b"content-type", b"application/json"), (b"content-length", str(len(content)).encode())]
        return Answer(self.status, self.headers, content)

    def noted(self, name: str) -> Any:
        """What the application noted about the request."""
        return self._environ.get(name)

    def end(self) -> None:
        """Stop watching the connection."""
        if self._watcher is not None:
            self._watcher.cancel()
