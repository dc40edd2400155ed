"""Who may subscribe to which page: decided with the usual permissions, and anew when they may have changed."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import structlog

from plugin_api import accounts
from plugin_api.context import ANONYMOUS, acting_as
from plugin_api.errors import ApiError
from plugin_api.platform import registry
from plugin_api.realtime import PageType
from plugin_api.states import is_enabled
from plugin_api.websockets import in_unit_of_work
from plugins.realtime.messages import page_discard
from plugins.realtime.sockets import Socket, Subscription

if TYPE_CHECKING:
    from plugins.realtime.entries import Scope
    from plugins.realtime.hub import Hub

log = structlog.get_logger(__name__)

_AT_ONCE = 50
_PAUSE_SECONDS = 0.5


def page_type(name: Any) -> PageType:
    """The page type of a name; ApiError when there is none, or its plugin is switched off."""
    kinds = registry("page_types")
    if not isinstance(name, str) or name not in kinds:
        raise ApiError("ERROR_PAGE_DOES_NOT_EXIST", 404, "There is no such page.")
    found: PageType = kinds[name]
    return found


def parameters(kind: PageType, message: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of a page in a client's message; ApiError when one is missing or of another type."""
    return {name: _value(name, wanted, message.get(name)) for name, wanted in kind.parameters.items()}


def _value(name: str, wanted: type[int] | type[str], value: Any) -> int | str | None:
    if wanted is str and (value is None or isinstance(value, str)):
        return value or ""
    if wanted is int and isinstance(value, int | str) and not isinstance(value, bool):
        digits = str(value)
        if digits.isascii() and digits.isdigit() and len(digits) <= 18:
            return int(digits)
    raise ApiError("ERROR_PAGE_PARAMETERS_INVALID", 400, f"{name} must be given.")


def admit(user_id: int | None, kind: PageType, values: Mapping[str, Any]) -> frozenset[Scope]:
    """What a page is a part of; ApiError when the user may not have it open."""
    if not is_enabled(registry("page_types").provider(kind.type)):
        raise ApiError("ERROR_PLUGIN_DISABLED", 404, "The plugin of this page is switched off.")
    who = ANONYMOUS if user_id is None else accounts.actor(user_id)
    if who is None:
        raise ApiError("ERROR_NOT_AUTHENTICATED", 401, "Sign in first.")
    with acting_as(who):
        return frozenset(kind.admit(values))


def readmission(hub: Hub, pages: Sequence[Subscription]) -> Coroutine[Any, Any, None]:
    """Decide again about pages; from now until that is done nothing is told to their sockets."""
    sockets = {page.socket for page in pages}
    for socket in sockets:
        socket.hold()
    return _readmit_all(hub, pages, sockets)


async def _readmit_all(hub: Hub, pages: Sequence[Subscription], sockets: Iterable[Socket]) -> None:
    try:
        for start in range(0, len(pages), _AT_ONCE):
            await _readmit(hub, pages[start : start + _AT_ONCE])
    finally:
        for socket in sockets:
            socket.release()


async def _readmit(hub: Hub, pages: Sequence[Subscription]) -> None:
    while True:
        try:
            decided = await in_unit_of_work(lambda: [_decide(page) for page in pages])
            break
        except Exception as error:  # noqa: BLE001 - whatever is in the way, nobody is told more before it is decided
            log.warning("who may see what cannot be decided; trying again", problem=str(error))
            await asyncio.sleep(_PAUSE_SECONDS)
    for page, scopes in zip(pages, decided, strict=True):
        if page.socket.pages.get(page.channel) is not page:
            continue
        if scopes is None:
            hub.unsubscribe(page)
            page.socket.tell(page_discard(page), first=True)
        else:
            hub.rescope(page, scopes)


def _decide(page: Subscription) -> frozenset[Scope] | None:
    try:
        return admit(page.socket.user_id, page.kind, page.parameters)
    except ApiError:
        return None
