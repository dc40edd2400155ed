"""The settings of websockets, a part of `core.settings.Settings`."""

from __future__ import annotations

from dataclasses import dataclass

from core.settings_checks import positive as _positive
from core.settings_declared import PREFIX, setting


@dataclass(frozen=True, kw_only=True)
class WebsocketSettings:
    """What one connection may send, and what is kept for it."""

    websocket_message_bytes: int = setting(
        PREFIX + "WEBSOCKET_MESSAGE_BYTES",
        "Largest message in bytes a client may send over a websocket.",
        65_536,
        _positive,
    )
    websocket_ping_seconds: int = setting(
        PREFIX + "WEBSOCKET_PING_SECONDS",
        "Seconds between pings of each websocket, and those its client has to answer one.",
        25,
        _positive,
    )
    websocket_queue_bytes: int = setting(
        PREFIX + "WEBSOCKET_QUEUE_BYTES",
        "Bytes of messages that may wait for one websocket whose client reads slowly, before it is closed. Of rows"
        " whose message would be longer than a quarter, clients are told to read the table again.",
        4 * 1024 * 1024,
        _positive,
    )
    websocket_pages: int = setting(
        PREFIX + "WEBSOCKET_PAGES", "Pages one websocket may be subscribed to at a time.", 100, _positive
    )
    websocket_message_rows: int = setting(
        PREFIX + "WEBSOCKET_MESSAGE_ROWS",
        "Rows told in one websocket message; of more, clients are told to read the table again.",
        200,
        _positive,
    )
