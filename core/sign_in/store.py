"""Stored providers: finding and showing them, their types, and their secrets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
import structlog

from core.db import locks
from core.db.models import AuthProvider
from core.sign_in.password import PasswordProvider
from plugin_api import secrets
from plugin_api.db import session
from plugin_api.errors import does_not_exist
from plugin_api.secrets import SecretLost
from plugin_api.sign_in import AuthProviderType, Provider, ProviderSettings
from plugin_api.states import active

log = structlog.get_logger(__name__)

_PURPOSE = "auth_provider.secret"
_PASSWORD = PasswordProvider()
_COMMON = tuple(ProviderSettings().fields)


def types() -> dict[str, AuthProviderType]:
    """The kinds of providers that can be used now, by name, in the order they are shown."""
    kinds: list[AuthProviderType] = [_PASSWORD, *active("auth_provider_types")]
    return {kind.type: kind for kind in sorted(kinds, key=lambda kind: (kind.order, kind.type))}


def lock() -> None:
    """From now on nobody else changes providers until this transaction is over."""
    session().execute(sa.select(sa.func.pg_advisory_xact_lock(locks.AUTH_PROVIDERS)))


def every(only_enabled: bool = False) -> dict[str, list[Provider]]:
    """The providers of all types that can be used, in the order they were made, by type: one query."""
    found: dict[str, list[Provider]] = {name: [] for name in types()}
    query = sa.select(AuthProvider).where(AuthProvider.type.in_(found)).order_by(AuthProvider.id)
    chosen = query.where(AuthProvider.enabled) if only_enabled else query
    for row in session().scalars(chosen.execution_options(populate_existing=True)):
        found[row.type].append(provider(row))
    return found


def find(provider_id: int) -> tuple[AuthProvider, AuthProviderType]:
    """A provider's row, and its type; 404 when it is not there or its plugin is switched off."""
    row = session().get(AuthProvider, provider_id, populate_existing=True)
    kind = types().get(row.type) if row else None
    if row is None or kind is None:
        raise does_not_exist("auth_provider")
    return row, kind


def provider(row: AuthProvider) -> Provider:
    """A row as types see it. A secret that cannot be read any more is empty."""
    opened = {name: _opened(row, name) for name in row.secrets}
    return Provider(row.id, row.type, row.domain, row.enabled, {**row.settings, **opened}, row.kept)


def _opened(row: AuthProvider, name: str) -> str:
    try:
        return secrets.decrypt(row.secrets[name], _PURPOSE)
    except SecretLost:
        log.warning("a provider's secret cannot be read with this instance's key", provider=row.id, secret=name)
        return ""


def fill(row: AuthProvider, kind: AuthProviderType, found: Provider) -> None:
    """Store a provider; its secrets encrypted."""
    row.domain, row.enabled, row.kept = found.domain, found.enabled, dict(found.kept)
    row.settings = {name: value for name, value in found.settings.items() if name not in kind.secrets}
    given = {name: found.settings[name] for name in kind.secrets if found.settings.get(name)}
    row.secrets = {name: secrets.encrypt(value, _PURPOSE) for name, value in given.items()}


def parted(values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What was entered: the common part, and the settings of the type."""
    common = {name: values[name] for name in _COMMON if name in values}
    return common, {name: value for name, value in values.items() if name not in common}


def shown(kind: AuthProviderType, found: Provider) -> dict[str, Any]:
    """A provider as the API shows it to staff."""
    own = {name: found.settings.get(name) for name in kind.settings_schema().fields if name not in _COMMON}
    common = {"id": found.id, "type": found.type, "domain": found.domain, "enabled": found.enabled}
    return {**common, **own, **kind.shown(found)}
