"""Which plugins are switched on: kept in the database, told to all processes through Redis within a second."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence

import orjson
import redis
import sqlalchemy as sa
import structlog
from sqlalchemy.dialects.postgresql import insert

from core.db import locks
from core.db.models import PluginState
from plugin_api import Plugin
from plugin_api.db import UnitsOfWork, after_commit, session

log = structlog.get_logger(__name__)

_FRESH_SECONDS = 0.5
_KEPT_SECONDS = 60


class CannotDisable(ValueError):
    """The plugin is part of the product and cannot be switched off."""


class PluginStates:
    """Answers whether a plugin is on; asks Redis at most twice a second, the database when Redis has no answer."""

    def __init__(self, plugins: Sequence[Plugin], units: UnitsOfWork, cache: redis.Redis, namespace: str = "") -> None:
        self._plugins = plugins
        self._units = units
        self._cache = cache
        # Instances may share a Redis.
        self._key = f"tablewright:{namespace}:plugins:off"
        self._lock = threading.Lock()
        self._own: frozenset[str] = frozenset()
        self._off: frozenset[str] = frozenset()
        self._checked = float("-inf")

    def is_enabled(self, name: str) -> bool:
        """Whether the plugin, and all it requires, are switched on."""
        self._refresh()
        return name not in self._off

    def is_active(self, name: str) -> bool:
        """Whether the plugin is loaded, and with all it requires switched on."""
        return any(plugin.name == name for plugin in self._plugins) and self.is_enabled(name)

    def is_switched_on(self, name: str) -> bool:
        """Whether the plugin itself is switched on; one it requires may be off all the same."""
        self._refresh()
        return name not in self._own

    def set_enabled(self, name: str, enabled: bool) -> None:
        """Switch a loaded plugin with the running unit of work; all processes are told after its commit.

        KeyError for a plugin that is not loaded, CannotDisable for one that cannot be switched off.
        """
        plugin = {found.name: found for found in self._plugins}[name]
        if not enabled and not plugin.can_disable:
            raise CannotDisable(f"{name} is part of the product and cannot be switched off")
        values = {"enabled": enabled, "changed_on": sa.func.now()}
        statement = insert(PluginState).values(name=name, **values)
        session().execute(statement.on_conflict_do_update(index_elements=["name"], set_=values))
        after_commit(self._announce)

    def _announce(self) -> None:
        off = self._publish()
        with self._lock:
            self._take(off)

    def _refresh(self) -> None:
        if time.monotonic() - self._checked <= _FRESH_SECONDS:
            return
        with self._lock:
            if time.monotonic() - self._checked > _FRESH_SECONDS:
                self._take(self._switched_off())

    def _take(self, off: set[str]) -> None:
        self._own = frozenset(off)
        self._off = self._with_dependents(off)
        self._checked = time.monotonic()

    def _switched_off(self) -> set[str]:
        try:
            known = self._cache.get(self._key)
        except redis.RedisError:
            log.warning("Redis does not answer; asking the database which plugins are on")
            return self._switched_off_in_database()
        if known is not None:
            return set(orjson.loads(known))
        # A request that has a connection must not wait for a second one: the next one outside of a transaction tells.
        return self._switched_off_in_database() if self._in_transaction() else self._publish()

    def _publish(self) -> set[str]:
        """Tell all processes what the database says. The key expires, so that a lost message heals by itself.

        Reading and telling happen under a lock: of two that publish at once, the later one read the later state.
        """
        with self._units.begin() as unit:
            unit.session.execute(sa.select(sa.func.pg_advisory_xact_lock(locks.PLUGIN_STATES)))
            off = set(unit.session.scalars(_OFF))
            try:
                self._cache.set(self._key, orjson.dumps(sorted(off)), ex=_KEPT_SECONDS)
            except redis.RedisError:
                log.warning("Redis does not answer; other processes ask the database which plugins are on")
        return off

    def _switched_off_in_database(self) -> set[str]:
        if self._in_transaction():
            return set(session().scalars(_OFF))
        with self._units.begin() as unit:
            return set(unit.session.scalars(_OFF))

    def _in_transaction(self) -> bool:
        try:
            self._units.current()
        except LookupError:
            return False
        return True

    def _with_dependents(self, off: set[str]) -> frozenset[str]:
        closed = set(off)
        for plugin in self._plugins:  # load order: what a plugin requires comes before it
            if any(required in closed for required in plugin.requires):
                closed.add(plugin.name)
        return frozenset(closed)


_OFF = sa.select(PluginState.name).where(~PluginState.enabled)
