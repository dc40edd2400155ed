"""The settings of read replicas, a part of `core.settings.Settings`."""

from __future__ import annotations

from dataclasses import dataclass

from core.settings_checks import not_negative as _not_negative
from core.settings_checks import urls_with as _urls_with
from core.settings_declared import PREFIX, setting


@dataclass(frozen=True, kw_only=True)
class ReplicaSettings:
    """Which replicas answer requests that read, and how long those wait for one."""

    read_database_urls: tuple[str, ...] = setting(
        PREFIX + "READ_DATABASE_URLS",
        "Streaming replicas of the database that requests that only read may use, comma separated. Each is one server,"
        " postgresql://user:password@host:port/name.",
        (),
        _urls_with("postgresql", "postgres"),
    )
    read_wait_milliseconds: int = setting(
        PREFIX + "READ_WAIT_MILLISECONDS",
        "Milliseconds a request waits for a replica to have all that was written before, until the primary answers it.",
        50,
        _not_negative,
    )
