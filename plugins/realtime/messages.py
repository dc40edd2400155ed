"""What the connection itself tells clients."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from plugin_api.errors import ApiError
from plugins.realtime.sockets import Subscription


def text(kind: str, **values: Any) -> str:
    """A message."""
    return orjson.dumps({"type": kind, **values}).decode()


def authentication(socket_id: str | None) -> str:
    """Whether the client is known, and the id its requests name the socket by."""
    return text("authentication", success=socket_id is not None, web_socket_id=socket_id)


def page_add(page: Subscription) -> str:
    """The client is subscribed to a page."""
    return text("page_add", page=page.kind.type, parameters=page.parameters)


def page_discard(page: Subscription) -> str:
    """The client is not subscribed to a page any more."""
    return text("page_discard", page=page.kind.type, parameters=page.parameters)


def page_refused(page: Any, parameters: Mapping[str, Any], refusal: ApiError) -> str:
    """The client was not subscribed to a page, and why."""
    return text("page_refused", page=page, parameters=parameters, error=refusal.code, detail=refusal.detail)


def message_refused(code: str, detail: str) -> str:
    """What the client sent means nothing."""
    return text("message_refused", error=code, detail=detail)


FORCE_DISCONNECT = text("force_disconnect")
