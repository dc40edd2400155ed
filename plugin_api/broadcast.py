"""Broadcasts: entries that every process follows, in the order in which they were published, through Redis."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

Entry = tuple[bytes, ...]
"""The parts of an entry, as they were published."""


class Missed(Exception):
    """Entries were gone before they could be read: whoever needs all of them must begin anew."""


class Follower(Protocol):
    """Reads a topic in an event loop."""

    async def start(self) -> None:
        """From now on every entry is answered. OSError while Redis does not answer."""

    async def next(self) -> Sequence[Entry]:
        """The next entries, none when there were none for a second; waits while Redis is away.

        Missed when some were lost, after which it goes on with what is published from now on.
        """

    async def close(self) -> None:
        """Read no more."""


class Broadcast(Protocol):
    """The service behind it."""

    def publish(self, topic: str, entries: Sequence[Entry]) -> None:
        """Publish entries in their order: all of them, or OSError, after which some may have been published."""

    def follow(self, topic: str) -> Follower:
        """A follower of a topic, to be started."""

    def mark(self, names: Collection[str], seconds: int) -> None:
        """Let all processes know for a time that there is something of these names. OSError when Redis is away."""

    def marked(self, names: Sequence[str]) -> frozenset[str]:
        """Those of the names that are marked; all of them when Redis does not answer."""
