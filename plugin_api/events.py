"""Events: facts told to the rest of the product after the commit, through an outbox that survives a crash."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from plugin_api.platform import service


@dataclass(frozen=True)
class Event:
    """Something that was committed. `payload` is JSON; `id` grows with the order of the commits' writing.

    moment: when the transaction began, which is what `now()` was in it.
    request_id: the request, or the one that started the job, it came of; for log lines.
    """

    type: str
    payload: Mapping[str, Any]
    workspace_id: int | None = None
    user_id: int | None = None
    websocket_id: str | None = None
    id: int = 0
    moment: datetime | None = None
    request_id: str = ""


class NotNow(Exception):
    """What a handler needs is away for everybody, such as Redis: no event is handed on until it is back.

    All are told again a second later, in the same order. For any other failure a handler raises something else.
    """


@dataclass(frozen=True)
class EventHandler:
    """Receives batches of committed events in a worker, at least once each, in order.

    types: the event types it wants; empty for all.
    urgent: told before the handlers that are not; for those whose people are waiting.
    """

    type: str
    handle: Callable[[Sequence[Event]], None]
    types: tuple[str, ...] = ()
    urgent: bool = False


class Events(Protocol):
    """The service that keeps the outbox."""

    def emit(self, type_name: str, payload: Mapping[str, Any], workspace_id: int | None) -> None:
        """Put an event into the outbox with the commit of the running transaction."""


def emit(type_name: str, payload: Mapping[str, Any], workspace_id: int | None = None) -> None:
    """Announce a change once, and only if, the running transaction commits."""
    service(Events).emit(type_name, payload, workspace_id)
