"""The threads that requests run in: a pool that does less for each of them than the standard library's."""

from __future__ import annotations

import asyncio
import atexit
import threading
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

T = TypeVar("T")
Work = tuple[Callable[[], Any], asyncio.AbstractEventLoop, "asyncio.Future[Any]"]


class RequestThreads:
    """At most `most` threads, started when none is free. Work beyond that waits in a queue."""

    def __init__(self, most: int, name: str) -> None:
        self._most, self._name = most, name
        self._queue: SimpleQueue[Work | None] = SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._free = threading.Semaphore(0)
        atexit.register(self._finish)

    async def run(self, call: Callable[[], T]) -> T:
        """What `call` answers in a thread. Cancelled before it began, it is not called."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._queue.put((call, loop, future))
        if not self._free.acquire(blocking=False) and len(self._threads) < self._most:
            self._start()
        return await future

    def _start(self) -> None:
        thread = threading.Thread(target=self._work, name=f"{self._name}_{len(self._threads)}", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _work(self) -> None:
        while (work := self._queue.get()) is not None:
            _do(*work)
            del work  # an answer is not kept while there is nothing to do
            self._free.release()

    def close(self) -> None:
        """Begin nothing more; what runs goes on."""
        with suppress(Empty):
            while (work := self._queue.get_nowait()) is not None:
                _, loop, future = work
                if not loop.is_closed():
                    loop.call_soon_threadsafe(future.cancel)
        for _ in self._threads:
            self._queue.put(None)

    def _finish(self) -> None:
        """The process ends when all that was begun is done."""
        self.close()
        for thread in self._threads:
            thread.join()


def _do(call: Callable[[], Any], loop: asyncio.AbstractEventLoop, future: asyncio.Future[Any]) -> None:
    if future.cancelled():
        return
    try:
        answer = call()
    except BaseException as error:  # noqa: BLE001 - whoever waits for it is told
        _tell(loop, future, future.set_exception, error)
    else:
        _tell(loop, future, future.set_result, answer)


def _tell(
    loop: asyncio.AbstractEventLoop, future: asyncio.Future[Any], settle: Callable[[Any], None], value: Any
) -> None:
    def tell() -> None:
        if not future.done():
            settle(value)

    if not loop.is_closed():
        loop.call_soon_threadsafe(tell)
