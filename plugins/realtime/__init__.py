"""Realtime: browsers are told over a websocket what was changed, as soon as it is committed."""

from __future__ import annotations

from plugin_api import Plugin, hookimpl
from plugin_api.events import EventHandler
from plugin_api.realtime import RealtimeMessages
from plugin_api.websockets import WebsocketRoute

plugin = Plugin(
    name="realtime",
    version="1.0",
    title="Realtime",
    description="Browsers are told what others change, while they look at it.",
    api=(1, 0),
)


@hookimpl
def register_websocket_routes() -> list[WebsocketRoute]:
    """Where browsers connect to."""
    from plugins.realtime.connection import serve

    return [WebsocketRoute("/ws/core/", serve)]


@hookimpl
def register_event_handlers() -> list[EventHandler]:
    """From committed events to what web processes tell."""
    from plugins.realtime.announce import announce

    return [EventHandler("realtime", announce, urgent=True)]


@hookimpl
def register_realtime_messages() -> list[RealtimeMessages]:
    """What is told of accounts, workspaces and applications."""
    from plugins.realtime.access import ACCESS
    from plugins.realtime.applications import APPLICATION_MESSAGES
    from plugins.realtime.workspaces import WORKSPACE_MESSAGES

    return [WORKSPACE_MESSAGES, APPLICATION_MESSAGES, ACCESS]
