"""Which kinds of pages anybody has open: web processes say so, so that workers make no messages nobody reads."""

from __future__ import annotations

import time
from collections.abc import Collection

from plugin_api.broadcast import Broadcast
from plugin_api.platform import service
from plugin_api.websockets import in_unit_of_work

_SECONDS, _AGAIN_SECONDS = 120, 30.0
ANYBODY = "*"
"""Said like a page type: that there is a socket at all."""


def opened(types: Collection[str]) -> frozenset[str]:
    """Those page types of which a page may be open somewhere."""
    marks = {_mark(name): name for name in types}
    return frozenset(marks[mark] for mark in service(Broadcast).marked(list(marks)))


def _mark(name: str) -> str:
    return f"page:{name}"


class Interest:
    """What a web process says: for each type before its first page is open, and again and again while one is."""

    def __init__(self) -> None:
        self._said: dict[str, float] = {}

    async def say(self, types: Collection[str]) -> None:
        """Have it known that there are pages of these types. OSError while Redis does not answer."""
        now = time.monotonic()
        due = [name for name in types if now - self._said.get(name, float("-inf")) > _AGAIN_SECONDS]
        if due:
            marks = [_mark(name) for name in due]
            await in_unit_of_work(lambda: service(Broadcast).mark(marks, _SECONDS))
            self._said.update(dict.fromkeys(due, now))

    def forget(self) -> None:
        """Say all again: Redis may have lost it."""
        self._said.clear()
