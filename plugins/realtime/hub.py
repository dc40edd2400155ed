"""All websockets of a web process: follows the broadcast and hands each message to the sockets it is for."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

import structlog

from plugin_api import metrics
from plugin_api.broadcast import Broadcast, Missed
from plugin_api.errors import ApiError
from plugin_api.platform import service
from plugin_api.states import is_enabled
from plugin_api.websockets import in_unit_of_work
from plugins.realtime import entries
from plugins.realtime.admission import readmission
from plugins.realtime.entries import Ending, Readmission, Scope, Text
from plugins.realtime.interest import ANYBODY, Interest
from plugins.realtime.messages import FORCE_DISCONNECT
from plugins.realtime.sockets import DISABLED, RESTARTED, SIGN_IN, Socket, Subscription

log = structlog.get_logger(__name__)

_CONNECTIONS = metrics.gauge("websocket_connections", "Websockets that are open.")
_REMEMBERED = 50_000
_YOUNG_SECONDS, _LOOK_SECONDS, _AT_ONCE = 1.0, 0.4, 200


@dataclass(frozen=True, slots=True)
class _Young:
    """A socket that is identified once more after `until`."""

    until: float
    socket: Socket
    identify: Callable[[], object]


class Hub:
    """The sockets, found by their user, their pages, and what their pages are a part of."""

    def __init__(self) -> None:
        self.changes = 0
        """How often admissions were called into question: one that was decided meanwhile is decided again."""
        self._sockets: set[Socket] = set()
        self._users: dict[int, set[Socket]] = {}
        self._channels: dict[str, set[Subscription]] = {}
        self._scopes: dict[Scope, set[Subscription]] = {}
        self._told: OrderedDict[int, None] = OrderedDict()
        self._young: deque[_Young] = deque()
        self._interest = Interest()
        self._follower = service(Broadcast).follow(entries.TOPIC)
        self._tasks: set[asyncio.Task[None]] = set()
        self._starting: asyncio.Task[None] | None = None

    async def started(self) -> None:
        """Wait until what is committed from now on reaches the sockets. OSError while Redis does not answer."""
        if self._starting is None or (self._starting.done() and self._starting.exception() is not None):
            self._starting = asyncio.create_task(self._start())
        await asyncio.shield(self._starting)
        await self._interest.say([ANYBODY])

    async def _start(self) -> None:
        await self._follower.start()
        self._spawn(self._follow())
        self._spawn(self._look_after())

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def add(self, socket: Socket, identify: Callable[[], object]) -> None:
        """A client connected. It is identified once more a second later: what decides about tokens is remembered for
        a moment, so that the end of a session may just have been overlooked."""
        self._sockets.add(socket)
        _CONNECTIONS.inc()
        if socket.user_id is not None:
            self._users.setdefault(socket.user_id, set()).add(socket)
            self._young.append(_Young(time.monotonic() + _YOUNG_SECONDS, socket, identify))

    def remove(self, socket: Socket) -> None:
        """A client left."""
        for subscription in list(socket.pages.values()):
            self.unsubscribe(subscription)
        if socket in self._sockets:
            self._sockets.remove(socket)
            _CONNECTIONS.dec()
        if socket.user_id is not None:
            _discard(self._users, socket.user_id, socket)
        socket.end()

    async def expect(self, page_type: str) -> None:
        """A page of this type is to be opened: from now on its messages are made. OSError without Redis."""
        await self._interest.say([page_type])

    def subscribe(self, subscription: Subscription) -> None:
        """A client opened a page."""
        self.unsubscribe(subscription.socket.pages.get(subscription.channel))
        subscription.socket.pages[subscription.channel] = subscription
        self._channels.setdefault(subscription.channel, set()).add(subscription)
        self._note_scopes(subscription)

    def _note_scopes(self, subscription: Subscription) -> None:
        for scope in subscription.scopes:
            self._scopes.setdefault(scope, set()).add(subscription)

    def unsubscribe(self, subscription: Subscription | None) -> None:
        """A client closed a page, or may not have it open any more."""
        if subscription is None:
            return
        del subscription.socket.pages[subscription.channel]
        _discard(self._channels, subscription.channel, subscription)
        for scope in subscription.scopes:
            _discard(self._scopes, scope, subscription)

    def rescope(self, subscription: Subscription, scopes: frozenset[Scope]) -> None:
        """A page is a part of something else now."""
        for scope in subscription.scopes:
            _discard(self._scopes, scope, subscription)
        subscription.scopes = scopes
        self._note_scopes(subscription)

    async def _follow(self) -> None:
        try:
            while True:
                try:
                    for entry in await self._follower.next():
                        self._tell(entries.decoded(entry))
                        await asyncio.sleep(0)
                except Missed:
                    self._interest.forget()
                    self._close_all(RESTARTED, "Messages were lost: connect again, and read anew what you show.")
        finally:
            await self._follower.close()

    async def _look_after(self) -> None:
        """Close sockets that should not be there. What the database cannot tell now it tells the next time."""
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            if self._sockets:
                old = self._no_longer_young()
                try:
                    on, known = await in_unit_of_work(partial(_looked_up, old))
                    types = {one.kind.type for found in self._channels.values() for one in found}
                    await self._interest.say({ANYBODY, *types})
                except Exception as error:  # noqa: BLE001 - whatever is in the way, the messages go on
                    log.warning("sockets cannot be looked after; trying again", problem=str(error))
                    self._young.extendleft(reversed(old))
                    continue
                if not on:
                    self._close_all(DISABLED, "Realtime is switched off.")
                for one, is_known in zip(old, known, strict=True):
                    if not is_known:
                        one.socket.close(RESTARTED, "Connect again.")

    def _no_longer_young(self) -> list[_Young]:
        found: list[_Young] = []
        while self._young and self._young[0].until <= time.monotonic() and len(found) < _AT_ONCE:
            found.append(self._young.popleft())
        return found

    def _close_all(self, code: int, reason: str) -> None:
        for socket in self._sockets:
            socket.close(code, reason)

    def _tell(self, told: entries.Told) -> None:
        """Do what an event asks for, once: the worker that tells it may have been killed before it had noted so."""
        if told.event_id in self._told:
            return
        self._told[told.event_id] = None
        if len(self._told) > _REMEMBERED:
            self._told.popitem(last=False)
        for item in told.items:
            if isinstance(item, Text):
                self._send(item)
            elif isinstance(item, Readmission):
                self._readmit(item)
            else:
                self._end(item)

    def _send(self, item: Text) -> None:
        if item.channel is not None:
            for subscription in self._channels.get(item.channel, ()):
                if subscription.socket.id != item.but:
                    subscription.socket.tell(item.text, subscription)
            return
        for socket in self._of_users(item.users):
            if socket.id != item.but:
                socket.tell(item.text)

    def _of_users(self, users: frozenset[int] | None) -> Iterator[Socket]:
        if users is None:
            yield from (socket for socket in self._sockets if socket.user_id is not None)
        elif len(users) > len(self._users):
            yield from (socket for user in self._users.keys() & users for socket in self._users[user])
        else:
            yield from (socket for user in users for socket in self._users.get(user, ()))

    def _readmit(self, item: Readmission) -> None:
        self.changes += 1
        found = {one for socket in self._of_users(item.users) for one in socket.pages.values()}
        found.update(one for scope in item.scopes for one in self._scopes.get(scope, ()))
        if found:
            self._spawn(readmission(self, list(found)))

    def _end(self, item: Ending) -> None:
        self.changes += 1
        for socket in self._of_users(item.users):
            ours = item.session is None or socket.session == item.session
            if ours and (item.but_session is None or socket.session != item.but_session):
                socket.close(SIGN_IN, "Sign in again.", FORCE_DISCONNECT)


def _discard(found: dict, key: object, value: object) -> None:  # type: ignore[type-arg]
    """Take a value out of the set of a key, and the key with the last one."""
    values = found.get(key)
    if values is not None:
        values.discard(value)
        if not values:
            del found[key]


def _looked_up(young: Sequence[_Young]) -> tuple[bool, list[bool]]:
    """Whether the plugin is switched on, and of which sockets the tokens are still good."""
    return is_enabled("realtime"), [_is_known(one.identify) for one in young]


def _is_known(identify: Callable[[], object]) -> bool:
    try:
        identify()
    except ApiError:
        return False
    return True


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


async def hub_here() -> Hub:
    """The hub of this process, started. OSError while Redis does not answer."""
    loop = asyncio.get_running_loop()
    hub = _hubs.get(loop)
    if hub is None:
        hub = _hubs[loop] = Hub()
    await hub.started()
    return hub
