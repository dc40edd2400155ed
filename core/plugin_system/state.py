"""Which plugins are switched on: kept in the database, told to all processes through Redis within a second."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence

import orjson
import redis
import sqlalchemy as sa
import structlog

from core.db.models import PluginState
from plugin_api import Plugin
from plugin_api.db import UnitsOfWork

log = structlog.get_logger(__name__)

_KEY = "tablewright:plugins:off"
_FRESH_SECONDS = 0.5


class PluginStates:
    """Answers whether a plugin is on; asks Redis at most twice a second, the database when Redis has no answer."""

    def __init__(self, plugins: Sequence[Plugin], units: UnitsOfWork, cache: redis.Redis) -> None:
        self._plugins = plugins
        self._units = units
        self._cache = cache
        self._lock = threading.Lock()
        self._off: frozenset[str] = frozenset()
        self._checked = -1.0

    def is_enabled(self, name: str) -> bool:
        """Whether the plugin, and all it requires, are switched on."""
        if time.monotonic() - self._checked > _FRESH_SECONDS:
            self._refresh()
        return name not in self._off

    def set_enabled(self, name: str, enabled: bool) -> None:
        """Switch a loaded plugin; KeyError for an unknown one, ValueError for one that cannot be switched off."""
        plugin = {found.name: found for found in self._plugins}[name]
        if not enabled and not plugin.can_disable:
            raise ValueError(f"{name} is part of the product and cannot be switched off")
        with self._units.begin() as unit:
            unit.session.merge(PluginState(name=name, enabled=enabled))
        self._publish(self._switched_off_in_database())
        self._checked = -1.0

    def _refresh(self) -> None:
        with self._lock:
            if time.monotonic() - self._checked <= _FRESH_SECONDS:
                return
            self._off = self._with_dependents(self._switched_off())
            self._checked = time.monotonic()

    def _switched_off(self) -> set[str]:
        try:
            known = self._cache.get(_KEY)
        except redis.RedisError:
            log.warning("Redis does not answer; asking the database which plugins are on")
            return self._switched_off_in_database()
        if known is not None:
            return set(orjson.loads(known))
        off = self._switched_off_in_database()
        self._publish(off)
        return off

    def _publish(self, off: set[str]) -> None:
        """Tell all processes; the key expires, so that a lost message heals from the database."""
        self._cache.set(_KEY, orjson.dumps(sorted(off)), ex=60)

    def _switched_off_in_database(self) -> set[str]:
        with self._units.begin() as unit:
            return set(unit.session.scalars(sa.select(PluginState.name).where(~PluginState.enabled)))

    def _with_dependents(self, off: set[str]) -> frozenset[str]:
        closed = set(off)
        for plugin in self._plugins:  # load order: what a plugin requires comes before it
            if any(required in closed for required in plugin.requires):
                closed.add(plugin.name)
        return frozenset(closed)
