"""Websockets: addresses of plugins that clients keep a connection to, served beside the HTTP operations."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from plugin_api.platform import service

T = TypeVar("T")

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]

DISABLED = 4404
"""The code with which sockets are closed whose plugin is switched off, or whose address nobody serves."""


@dataclass(frozen=True)
class WebsocketRoute:
    """An address for websockets.

    path: such as "/ws/core/".
    handle: serves one connection, as ASGI describes it, in the event loop of a web process. It must not block: what
        needs the database goes through `in_unit_of_work`. Not called while the plugin is switched off.
    """

    path: str
    handle: Callable[[Scope, Receive, Send], Awaitable[None]]


class Websockets(Protocol):
    """The service that serves the routes."""

    async def in_unit_of_work(self, work: Callable[[], T]) -> T:
        """The answer of `work`, run in a thread."""


async def in_unit_of_work(work: Callable[[], T]) -> T:
    """Run work that only reads the database in a unit of work of its own, in one of a few threads kept for it."""
    return await service(Websockets).in_unit_of_work(work)
