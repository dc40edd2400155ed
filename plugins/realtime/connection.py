"""A client's connection: it signs in with its address, then subscribes to pages until it leaves."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

import orjson
import structlog

from plugin_api.errors import ApiError
from plugin_api.http import Authentication
from plugin_api.platform import service
from plugin_api.settings import setting
from plugin_api.websockets import Receive, Scope, Send, in_unit_of_work
from plugins.realtime import messages
from plugins.realtime.admission import admit, page_type, parameters
from plugins.realtime.entries import channel
from plugins.realtime.hub import Hub, hub_here
from plugins.realtime.sockets import SIGN_IN, TOO_MANY, TRY_AGAIN, Socket, Subscription

log = structlog.get_logger(__name__)

_ANONYMOUS = "anonymous"
_MESSAGES, _SECONDS = 200, 10.0


async def serve(scope: Scope, receive: Receive, send: Send) -> None:
    """Serve one connection."""
    await receive()
    await send({"type": "websocket.accept"})
    try:
        hub = await hub_here()
    except OSError as error:
        log.warning("a websocket is refused: what is changed cannot be followed", problem=str(error))
        await send({"type": "websocket.close", "code": TRY_AGAIN, "reason": "Try again in a while."})
        return
    socket = await _signed_in(hub, scope, send)
    if socket is None:
        await send({"type": "websocket.send", "text": messages.authentication(None)})
        await send({"type": "websocket.close", "code": SIGN_IN, "reason": "The access token is expired or invalid."})
        return
    try:
        socket.tell(messages.authentication(socket.id))
        await _listen(hub, socket, receive)
    finally:
        hub.remove(socket)


async def _signed_in(hub: Hub, scope: Scope, send: Send) -> Socket | None:
    """The client's socket, known to the hub; None when its token is no good."""
    token = parse_qs(scope["query_string"].decode("latin-1")).get("jwt_token", [""])[0]
    while True:
        changes = hub.changes
        try:
            user_id, session = await in_unit_of_work(lambda: _identified(token))
        except ApiError:
            return None
        if changes == hub.changes:
            socket = Socket(send, user_id, session, setting("websocket_queue_bytes"))
            hub.add(socket, lambda: _identified(token))
            return socket


def _identified(token: str) -> tuple[int | None, str | None]:
    if token == _ANONYMOUS:
        return None, None
    found = service(Authentication).identify("JWT", token)
    return found.actor.user_id, found.user_session


async def _listen(hub: Hub, socket: Socket, receive: Receive) -> None:
    """Do what the client asks for until it leaves; too many messages end it."""
    counted, since = 0, time.monotonic()
    while (message := await receive())["type"] == "websocket.receive":
        if time.monotonic() - since > _SECONDS:
            counted, since = 0, time.monotonic()
        counted += 1
        if counted > _MESSAGES:
            socket.close(TOO_MANY, "You send too many messages.")
        if not socket.closing:
            await _obey(hub, socket, message.get("text") or message.get("bytes") or "")


async def _obey(hub: Hub, socket: Socket, data: str | bytes) -> None:
    try:
        wanted = orjson.loads(data)
    except orjson.JSONDecodeError:
        socket.tell(messages.message_refused("ERROR_INVALID_JSON", "Messages are JSON."))
        return
    if not isinstance(wanted, dict):
        socket.tell(messages.message_refused("ERROR_INVALID_MESSAGE", "Messages are JSON objects."))
    elif "page" in wanted:
        await _guarded(hub, socket, "page", wanted)
    elif "remove_page" in wanted:
        await _guarded(hub, socket, "remove_page", wanted)


async def _guarded(hub: Hub, socket: Socket, key: str, wanted: Mapping[str, Any]) -> None:
    """Subscribe or unsubscribe; the client is told why not."""
    try:
        kind = page_type(wanted[key])
        values = parameters(kind, wanted)
        await (_add(hub, socket, kind, values) if key == "page" else _remove(hub, socket, kind, values))
    except ApiError as refusal:
        given = {name: value for name, value in wanted.items() if name != key}
        socket.tell(messages.page_refused(wanted[key], given, refusal))
    except OSError as error:
        log.warning("a page cannot be opened: Redis does not answer", problem=str(error))
        socket.close(TRY_AGAIN, "Try again in a while.")


async def _add(hub: Hub, socket: Socket, kind: Any, values: dict[str, Any]) -> None:
    name = channel(kind, values)
    if name not in socket.pages and len(socket.pages) >= setting("websocket_pages"):
        raise ApiError("ERROR_TOO_MANY_PAGES", 400, "Leave another page first.")
    await hub.expect(kind.type)
    while True:
        changes = hub.changes
        scopes = await in_unit_of_work(lambda: admit(socket.user_id, kind, values))
        if changes == hub.changes:
            break
    page = Subscription(socket, kind, values, name, scopes)
    hub.subscribe(page)
    socket.tell(messages.page_add(page))


async def _remove(hub: Hub, socket: Socket, kind: Any, values: dict[str, Any]) -> None:
    page = Subscription(socket, kind, values, channel(kind, values))
    hub.unsubscribe(socket.pages.get(page.channel))
    socket.tell(messages.page_discard(page))
