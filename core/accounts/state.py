"""What every request asks about its user (still active? which name?), kept in Redis so that it costs no SQL."""

from __future__ import annotations

import hashlib
import time
from dataclasses import astuple, dataclass

import orjson
import redis
import sqlalchemy as sa
import structlog

from core.accounts.events import sessions_ended
from core.db.models import User
from plugin_api.context import Actor
from plugin_api.db import after_commit, session

log = structlog.get_logger(__name__)

_SECONDS = 60
_NEAR_SECONDS, _NEAR_USERS = 0.5, 10_000


@dataclass(frozen=True)
class UserState:
    """The part of an account that decides about its tokens and names who acts."""

    id: int
    email: str
    name: str
    is_staff: bool
    is_active: bool
    language: str
    auth_version: int

    def actor(self) -> Actor:
        """The user as who acts."""
        return Actor("user", self.id, self.email, self.name, self.is_staff, self.language)


_COLUMNS = (User.id, User.email, User.name, User.is_staff, User.is_active, User.language, User.auth_version)


class UserStates:
    """Reads states from Redis, else from the database. Writers overwrite what readers may just have filled in.

    What was just read is believed for half a second, so that a burst of requests asks once; a change made by this
    process is obeyed at once, one made by another process within that time.
    """

    def __init__(self, cache: redis.Redis, database_url: str) -> None:
        self._cache = cache
        # Instances may share a Redis: their users' ids must not meet.
        self._prefix = f"tablewright:user:{hashlib.sha256(database_url.encode()).hexdigest()[:12]}:"
        self._near: dict[int, tuple[float, UserState | None]] = {}

    def get(self, user_id: int) -> UserState | None:
        """The user's state, None when there is no such user: at most one Redis command when it is known there."""
        known = self._near.get(user_id)
        if known is not None and known[0] > time.monotonic():
            return known[1]
        state = self._asked(user_id)
        if len(self._near) >= _NEAR_USERS:
            self._near.clear()
        self._near[user_id] = (time.monotonic() + _NEAR_SECONDS, state)
        return state

    def _asked(self, user_id: int) -> UserState | None:
        try:
            known = self._cache.get(self._key(user_id))
        except redis.RedisError:
            log.warning("Redis does not answer; asking the database about the user")
            return self._from_database(user_id)
        if known is not None:
            return _decoded(known)
        state = self._from_database(user_id)
        self._fill(user_id, state)
        return state

    def actor(self, user_id: int) -> Actor | None:
        """The user as who acts; None unless the account is there and active."""
        state = self.get(user_id)
        return state.actor() if state is not None and state.is_active else None

    def changed(self, user_id: int) -> None:
        """Tell all processes of a change once it is committed. Every writer of these columns calls this."""
        session().flush()
        state = self._from_database(user_id)
        if state is None or not state.is_active:
            sessions_ended(user_id)
        after_commit(lambda: self._write(user_id, state))

    def _from_database(self, user_id: int) -> UserState | None:
        row = session().execute(sa.select(*_COLUMNS).where(User.id == user_id)).first()
        return UserState(*row) if row else None

    def _fill(self, user_id: int, state: UserState | None) -> None:
        try:
            self._cache.set(self._key(user_id), _encoded(state), ex=_SECONDS, nx=True)
        except redis.RedisError:
            log.warning("Redis does not answer; the user's state is not kept")

    def _write(self, user_id: int, state: UserState | None) -> None:
        try:
            self._cache.set(self._key(user_id), _encoded(state), ex=_SECONDS)
        except redis.RedisError:
            log.error("Redis does not answer; a change of a user may be obeyed up to a minute late", user=user_id)
        self._near.pop(user_id, None)

    def _key(self, user_id: int) -> str:
        return f"{self._prefix}{user_id}"


def _encoded(state: UserState | None) -> bytes:
    return orjson.dumps(astuple(state) if state else None)


def _decoded(data: bytes | str) -> UserState | None:
    values = orjson.loads(data)
    return UserState(*values) if values else None
