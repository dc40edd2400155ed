"""Request bodies: received whole before a thread is taken, in memory while small, else in a temporary file.

A slow client thus holds no thread, and the memory of all waiting bodies together is bounded.
"""

from __future__ import annotations

import asyncio
import io
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Executor
from typing import IO, Any

Receive = Callable[[], Awaitable[Mapping[str, Any]]]

# A body larger than this goes to a file, as does any body while the bodies in memory reach the total.
_MEMORY_EACH = 1024 * 1024
_MEMORY_TOTAL = 32 * 1024 * 1024
_IDLE_SECONDS = 60.0
# After a refusal, so that the client reads the answer instead of a broken connection.
_LINGER_SECONDS, _LINGER_IDLE_SECONDS = 30.0, 3.0


class BodyTooLarge(Exception):
    """The body is, or would become, larger than the limit."""


class BodyTimeout(Exception):
    """The client stopped sending before the body was complete."""


class ClientGone(Exception):
    """The client closed the connection."""


class Body:
    """A received body; close it to give back its memory or file."""

    def __init__(self, reader: BodyReader) -> None:
        self._reader = reader
        self._in_memory = 0
        self.file: IO[bytes] = io.BytesIO()
        self.length = 0

    async def add(self, chunk: bytes) -> None:
        """Append a received piece."""
        self.length += len(chunk)
        if self.length > self._reader.limit:
            raise BodyTooLarge
        if isinstance(self.file, io.BytesIO) and not self._fits(len(chunk)):
            await self._move_to_file()
        if isinstance(self.file, io.BytesIO):
            self._in_memory += len(chunk)
            self._reader.held += len(chunk)
            self.file.write(chunk)
        else:
            await self._reader.off_loop(self.file.write, chunk)

    def _fits(self, more: int) -> bool:
        return self._in_memory + more <= _MEMORY_EACH and self._reader.held + more <= _MEMORY_TOTAL

    async def _move_to_file(self) -> None:
        held, self.file = self.file, tempfile.TemporaryFile()  # noqa: SIM115 (closed by close())
        await self._reader.off_loop(self.file.write, held.getvalue())  # type: ignore[attr-defined]
        self._give_back()

    def _give_back(self) -> None:
        self._reader.held -= self._in_memory
        self._in_memory = 0

    def close(self) -> None:
        """Give back memory and file."""
        self._give_back()
        self.file.close()


class BodyReader:
    """Receives bodies of at most `limit` bytes; files are written in `executor`, off the event loop."""

    def __init__(self, limit: int, executor: Executor) -> None:
        self.limit = limit
        self.held = 0
        self._executor = executor

    async def read(self, scope: Mapping[str, Any], receive: Receive) -> Body:
        """The whole body. Raises BodyTooLarge as soon as that is known, BodyTimeout or ClientGone."""
        declared = _declared_length(scope["headers"])
        if declared is not None and declared > self.limit:
            raise BodyTooLarge
        body = Body(self)
        if declared != 0:
            await self._fill(body, receive)
        return body

    async def _fill(self, body: Body, receive: Receive) -> None:
        try:
            async with asyncio.timeout(_IDLE_SECONDS) as limit:
                while await _receive_one(body, receive):
                    limit.reschedule(asyncio.get_running_loop().time() + _IDLE_SECONDS)
            body.file.seek(0)
        except TimeoutError:
            body.close()
            raise BodyTimeout from None
        except BaseException:
            body.close()
            raise

    async def off_loop(self, call: Callable[[bytes], Any], data: bytes) -> None:
        """Run a call that may wait for the disk."""
        await asyncio.get_running_loop().run_in_executor(self._executor, call, data)


async def _receive_one(body: Body, receive: Receive) -> bool:
    message = await receive()
    if message["type"] == "http.disconnect":
        raise ClientGone
    if chunk := message.get("body"):
        await body.add(chunk)
    return bool(message.get("more_body"))


def _declared_length(headers: list[tuple[bytes, bytes]]) -> int | None:
    """What Content-Length says; 0 when there is no body; None when it is sent in chunks of unknown number."""
    for name, value in headers:
        if name == b"transfer-encoding":
            return None
        if name == b"content-length":
            return int(value)  # the HTTP parser has refused what is no number
    return 0


async def discard(receive: Receive) -> None:
    """Receive and drop the rest of a refused body, for a limited time."""
    try:
        async with asyncio.timeout(_LINGER_SECONDS):
            more = True
            while more:
                async with asyncio.timeout(_LINGER_IDLE_SECONDS):
                    message = await receive()
                more = message["type"] == "http.request" and bool(message.get("more_body"))
    except TimeoutError:
        return
