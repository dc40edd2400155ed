"""Broadcasts as Redis streams: every process reads all entries, and reads on after a break where it stopped."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Collection, Mapping, Sequence
from typing import Any, cast

import redis
import redis.asyncio
import structlog

from plugin_api.broadcast import Entry, Missed

log = structlog.get_logger(__name__)

_KEPT_MS = 60_000
_KEPT_BYTES = 64 * 1024 * 1024
_UNUSED_SECONDS = 24 * 3600
_WAIT_MS, _MOST, _TIMEOUT_SECONDS = 1000, 100, 5.0
_LONG_SECONDS = 10.0
_PAUSE_SECONDS = 0.2

Id = tuple[int, int]


class RedisBroadcast:
    """Publishes to streams that keep what is young and not too much, and follows them."""

    def __init__(self, cache: redis.Redis, redis_url: str, namespace: str) -> None:
        self._cache, self._url, self._namespace = cache, redis_url, namespace
        self._kept: dict[str, _Kept] = {}

    def publish(self, topic: str, entries: Sequence[Entry]) -> None:
        """Append all entries; OSError when Redis does not answer."""
        key, kept = self._key(topic), self._kept.setdefault(topic, _Kept())
        pipeline = self._cache.pipeline(transaction=True)
        for entry in entries:
            fields: dict[Any, Any] = dict(enumerate(entry))
            pipeline.xadd(key, fields)
        if oldest := kept.oldest():
            pipeline.xtrim(key, minid=oldest, approximate=True)
        pipeline.expire(key, _UNUSED_SECONDS)
        try:
            answers = pipeline.execute()
        except redis.RedisError as error:
            raise OSError(f"Redis does not answer: {error}") from error
        for entry, name in zip(entries, answers, strict=False):
            kept.note(_id(name), sum(map(len, entry)))

    def follow(self, topic: str) -> StreamFollower:
        """A follower of the topic's stream."""
        return StreamFollower(self._url, self._key(topic))

    def mark(self, names: Collection[str], seconds: int) -> None:
        """Keep a key for each name for a time."""
        pipeline = self._cache.pipeline(transaction=False)
        for name in names:
            pipeline.set(self._key(f"mark:{name}"), b"1", ex=seconds)
        try:
            pipeline.execute()
        except redis.RedisError as error:
            raise OSError(f"Redis does not answer: {error}") from error

    def marked(self, names: Sequence[str]) -> frozenset[str]:
        """The names that have a key; whoever cannot ask takes all of them to have one."""
        if not names:
            return frozenset()
        try:
            found = cast("list[bytes | None]", self._cache.mget([self._key(f"mark:{name}") for name in names]))
        except redis.RedisError:
            return frozenset(names)
        return frozenset(name for name, value in zip(names, found, strict=True) if value is not None)

    def _key(self, topic: str) -> str:
        return f"tablewright:{self._namespace}:broadcast:{topic}"


class _Kept:
    """What this process has put into a stream and may still be there: decides what can go."""

    def __init__(self) -> None:
        self._entries: deque[tuple[Id, int]] = deque()
        self._bytes = 0

    def note(self, name: Id, size: int) -> None:
        """An entry was added."""
        self._entries.append((name, size))
        self._bytes += size

    def oldest(self) -> str | None:
        """The id of the oldest entry that must stay, None when nothing is known."""
        if not self._entries:
            return None
        latest = self._entries[-1][0][0]
        while self._bytes > _KEPT_BYTES or self._entries[0][0][0] < latest - _KEPT_MS:
            self._bytes -= self._entries.popleft()[1]
            if not self._entries:
                return None
        first = self._entries[0][0]
        return f"{max(first[0], latest - _KEPT_MS)}-{first[1] if first[0] > latest - _KEPT_MS else 0}"


class StreamFollower:
    """Reads a stream entry by entry, from the moment it was started."""

    def __init__(self, url: str, key: str) -> None:
        self._client = redis.asyncio.Redis.from_url(
            url, socket_timeout=_TIMEOUT_SECONDS, socket_connect_timeout=2, max_connections=2, protocol=2
        )
        self._key = key
        self._last: Id = (0, 0)
        self._seen = 0
        self._read_at = 0.0

    async def start(self) -> None:
        """Go to the end of the stream."""
        try:
            state = await self._state()
        except redis.RedisError as error:
            raise OSError(f"Redis does not answer: {error}") from error
        self._go_to_end(state)

    async def next(self) -> Sequence[Entry]:
        """The next entries."""
        while True:
            try:
                found = await self._read()
            except (redis.RedisError, OSError) as error:
                log.warning("Redis does not answer; the broadcast is read on when it is back", problem=str(error))
                self._read_at = 0.0
                await asyncio.sleep(_PAUSE_SECONDS)
            else:
                return found

    async def close(self) -> None:
        """Close the connection."""
        await self._client.aclose()

    async def _read(self) -> list[Entry]:
        if time.monotonic() - self._read_at > _LONG_SECONDS:
            await self._refuse_gaps()
        answer: Any = await self._client.xread({self._key: _text(self._last)}, count=_MOST, block=_WAIT_MS)
        entries = answer[0][1] if answer else []
        if len(entries) == _MOST:
            await self._refuse_gaps()
        self._read_at = time.monotonic()
        if entries:
            self._last = _id(entries[-1][0])
            self._seen += len(entries)
        return [tuple(fields.values()) for _, fields in entries]

    async def _refuse_gaps(self) -> None:
        """Missed when entries after the last one that was read are not there any more."""
        state = await self._state()
        gone = state is None and self._last > (0, 0)
        if gone or (state is not None and (_end(state) < self._last or _removed(state) > self._seen)):
            self._go_to_end(state)
            raise Missed("entries were removed before they were read")

    async def _state(self) -> Mapping[str, Any] | None:
        try:
            found: Mapping[str, Any] = await self._client.xinfo_stream(self._key)
        except redis.ResponseError as error:
            if "no such key" in str(error).lower():
                return None
            raise
        return found

    def _go_to_end(self, state: Mapping[str, Any] | None) -> None:
        self._last = _end(state) if state else (0, 0)
        self._seen = _added(state) if state else 0
        self._read_at = time.monotonic()


def _id(name: bytes | str) -> Id:
    milliseconds, _, number = (name.decode() if isinstance(name, bytes) else name).partition("-")
    return int(milliseconds), int(number)


def _text(name: Id) -> str:
    return f"{name[0]}-{name[1]}"


def _end(state: Mapping[str, Any]) -> Id:
    return _id(state["last-generated-id"])


def _added(state: Mapping[str, Any]) -> int:
    """How many entries were ever added, also by servers that do not count them."""
    return int(state.get("entries-added", state["length"]))


def _removed(state: Mapping[str, Any]) -> int:
    """How many entries are not there any more."""
    return _added(state) - int(state["length"])
