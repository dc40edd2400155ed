"""The threads that requests run in."""

from __future__ import annotations

import asyncio
import threading

import pytest

from core.runtime.request_threads import RequestThreads


def test_work_beyond_the_threads_waits_and_is_done() -> None:
    names: set[str] = set()

    def work(number: int) -> int:
        names.add(threading.current_thread().name)
        return number

    async def main() -> list[int]:
        threads = RequestThreads(3, "few")
        return await asyncio.gather(*(threads.run(lambda n=n: work(n)) for n in range(50)))

    assert asyncio.run(main()) == list(range(50))
    assert names <= {"few_0", "few_1", "few_2"}


def test_a_free_thread_is_taken_before_another_one_is_started() -> None:
    async def main() -> set[str]:
        threads = RequestThreads(8, "one")
        names = set()
        for _ in range(20):
            names.add(await threads.run(lambda: threading.current_thread().name))
            await asyncio.sleep(0.01)
        return names

    assert len(asyncio.run(main())) <= 2


def test_an_error_comes_back() -> None:
    async def main() -> None:
        await RequestThreads(1, "bad").run(lambda: 1 // 0)

    with pytest.raises(ZeroDivisionError):
        asyncio.run(main())


def test_what_was_cancelled_before_it_began_is_not_called() -> None:
    called: list[int] = []

    async def main() -> None:
        threads, busy = RequestThreads(1, "busy"), threading.Event()
        first = asyncio.create_task(threads.run(busy.wait))
        second = asyncio.create_task(threads.run(lambda: called.append(2)))
        third = asyncio.create_task(threads.run(lambda: called.append(3)))
        await asyncio.sleep(0.05)
        second.cancel()
        busy.set()
        await asyncio.gather(first, third)

    asyncio.run(main())
    assert called == [3]


def test_closed_threads_end_what_runs_and_begin_nothing_more() -> None:
    called: list[int] = []

    async def main() -> bool:
        threads, busy = RequestThreads(1, "closed"), threading.Event()
        first = asyncio.create_task(threads.run(busy.wait))
        second = asyncio.create_task(threads.run(lambda: called.append(2)))
        await asyncio.sleep(0.05)
        threads.close()
        busy.set()
        with pytest.raises(asyncio.CancelledError):
            await second
        return await first

    assert asyncio.run(main())
    assert called == []
