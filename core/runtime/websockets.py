"""The websocket routes of plugins: each connection goes to the one for its path, while its plugin is switched on."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from core.plugin_system import faults
from core.plugin_system.survival import survived
from plugin_api.db import UnitsOfWork
from plugin_api.platform import registry, service
from plugin_api.states import is_enabled
from plugin_api.websockets import DISABLED, Receive, Scope, Send, WebsocketRoute

T = TypeVar("T")

THREADS = 2
"""Threads for what websockets ask of the database; each needs a connection."""


class WebsocketRoutes:
    """Serves websockets; implements `plugin_api.websockets.Websockets`."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="websocket")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a connection."""
        route = await self._in_thread(lambda: _route(scope["path"]))
        if route is not None:
            try:
                with survived(asyncio.CancelledError):
                    await route.handle(scope, receive, send)
            except Exception as error:
                found = error
                await self._in_thread(lambda: faults.failed("websocket_routes", route.path, found))
                raise
            return
        await receive()
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.close", "code": DISABLED, "reason": "There is no websocket at this address."})

    async def in_unit_of_work(self, work: Callable[[], T]) -> T:
        """Run `work` in a thread, in a unit of work that reads."""
        return await self._in_thread(lambda: service(UnitsOfWork).run(work, reading=True))

    async def _in_thread(self, work: Callable[[], T]) -> T:
        # A context of its own each time: who acts in one piece of work is nobody in the next.
        run = contextvars.Context().run

        def survive() -> T:
            with survived():
                return work()

        return await asyncio.get_running_loop().run_in_executor(self._pool, run, survive)


def _route(path: str) -> WebsocketRoute | None:
    routes = registry("websocket_routes")
    found: WebsocketRoute | None = routes.get(path)
    return found if found is not None and is_enabled(routes.provider(path)) else None
