"""What the command line program needs from the composition root."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from core.settings import Settings

if TYPE_CHECKING:
    import celery
    import click
    from flask import Flask

    from core.db.branches import Branch
    from plugin_api import websockets


class Composition(Protocol):
    """The product put together. Its methods import what they need, so that commands without need stay light."""

    def web_app(self, settings: Settings) -> Flask:
        """The WSGI application."""

    async def websocket_handler(
        self, scope: websockets.Scope, receive: websockets.Receive, send: websockets.Send
    ) -> None:
        """Serves websockets beside the WSGI application."""

    def worker(self, settings: Settings) -> celery.Celery:
        """The Celery application."""

    def migrate(self, settings: Settings, stays: bool = False) -> Mapping[str, str]:
        """Bring the database up to date; other processes that do the same wait.

        Answers why migrations of plugins failed, by name: they are left out of this process, all else goes on.
        stays: this process goes on for long, so that what migrating takes is taken by another one.
        """

    def branches(self, settings: Settings) -> Sequence[Branch]:
        """The migrations of the plugins that the settings choose."""

    def provide_services(self, settings: Settings) -> None:
        """Provide all services in this process, for a command."""

    def commands(self) -> Sequence[click.Command]:
        """The platform's own commands beyond those that run the product."""

    def plugged_commands(self) -> Sequence[click.Command]:
        """Those of plugins, all of which are read for that."""
