"""Queues of webhooks: one worker at a time has one, slow receivers get some of the threads, nobody waits for a lock."""

from __future__ import annotations

from typing import Any

import pytest

from plugin_api.db import begin, connection
from plugins.webhooks import queue
from tests.api.test_webhooks import Table, receiver, table
from tests.receiver import Receiver, drain, send_due
from tests.tables import scalar

__all__ = ["receiver", "table"]


@pytest.fixture
def due(table: Table, receiver: Receiver) -> int:
    """A webhook with something in its queue; its id."""
    hook = int(table.hook(receiver.url)["id"])
    table.add("Cid")
    drain()
    return hook


def claimed(free: int = 10, slow: int = 10) -> list[Any]:
    """What a worker gets."""
    with begin():
        return queue.claim(free, slow)


def change(hook: int, what: str) -> None:
    """Change the state of a queue."""
    scalar(f"UPDATE webhooks.queue SET {what} WHERE webhook_id = %(id)s RETURNING 1", id=hook)


def test_one_worker_has_a_queue_until_its_time_is_over(due: int, receiver: Receiver) -> None:
    [mine] = claimed()
    assert mine.webhook_id == due and claimed() == []
    assert mine.may_send() and mine.is_held()
    change(due, "claimed_until = now() - interval '1 second'")
    [theirs] = claimed()
    assert theirs.claim != mine.claim
    with begin():
        assert queue.release(mine, 0.0, False)  # it is not mine any more: nothing changes
    assert claimed() == []
    with begin():
        assert queue.release(theirs, 0.0, False)
    assert send_due() == 1
    assert len(receiver.received) == 1


def test_slow_receivers_get_only_some_threads(due: int) -> None:
    change(due, "slow = true")
    assert claimed(free=10, slow=0) == []
    assert claimed(free=0, slow=10) == []
    [found] = claimed(free=10, slow=1)
    assert found.slow


def test_a_queue_that_is_being_filled_is_not_waited_for(due: int) -> None:
    [mine] = claimed()
    lock = "SELECT 1 FROM webhooks.queue WHERE webhook_id = %(id)s FOR NO KEY UPDATE"
    with begin():
        connection().exec_driver_sql(lock, {"id": due})
        with begin():
            assert not queue.release(mine, 0.0, False)
    with begin():
        assert queue.release(mine, 0.0, False)
    assert scalar("SELECT due_on IS NOT NULL FROM webhooks.queue WHERE webhook_id = %(id)s", id=due)
    send_due()
    assert scalar("SELECT due_on IS NULL FROM webhooks.queue WHERE webhook_id = %(id)s", id=due)


def test_pauses_grow_and_have_an_end() -> None:
    assert [queue.pause_after(n) for n in (1, 2, 3, 8, 9, 60)] == [2.0, 4.0, 8.0, 256.0, 300.0, 300.0]
