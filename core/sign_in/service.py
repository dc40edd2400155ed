"""What administrators do with providers: setting them up, changing and removing them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from core.db.models import AuthProvider
from core.sign_in import store
from plugin_api import actions
from plugin_api.db import session, unit_of_work
from plugin_api.errors import ApiError
from plugin_api.http import load_value
from plugin_api.sign_in import AuthProviderType, Provider


def list_types() -> list[dict[str, Any]]:
    """All kinds of providers, each with its providers: one query."""
    providers = store.every()
    return [
        {
            "type": name,
            "can_create_new": kind.can_create,
            "can_delete_existing": kind.can_delete,
            "auth_providers": [store.shown(kind, found) for found in providers[name]],
            **kind.about(),
        }
        for name, kind in store.types().items()
    ]


def read(provider_id: int) -> dict[str, Any]:
    """A provider."""
    row, kind = store.find(provider_id)
    return store.shown(kind, store.provider(row))


def create(type_name: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Set a provider up."""
    kind = store.types()[type_name]
    if not kind.can_create:
        raise ApiError("ERROR_AUTH_PROVIDER_CANNOT_BE_CREATED", 400, f"There is only one {type_name} provider.")
    common, settings = store.parted(values)
    wanted = _prepared(kind, Provider(0, type_name, settings=settings, **common), None)
    store.lock()
    kind.check(wanted, store.every()[type_name])
    row = AuthProvider(type=type_name)
    store.fill(row, kind, wanted)
    session().add(row)
    session().flush()
    _record("create_auth_provider", row)
    return store.shown(kind, replace(wanted, id=row.id))


def update(provider_id: int, body: Callable[[], Any]) -> dict[str, Any]:
    """Change a provider; its type stays."""
    row, kind = store.find(provider_id)
    values = load_value(kind.settings_schema(partial=True), body())
    before = store.provider(row)
    kept = _prepared(kind, _changed(before, values), before).kept
    store.lock()
    row, kind = store.find(provider_id)
    wanted = replace(_changed(store.provider(row), values), kept=kept)
    kind.check(wanted, [other for other in store.every()[row.type] if other.id != row.id])
    if row.enabled and not wanted.enabled:
        _refuse_last(row.id)
    store.fill(row, kind, wanted)
    _record("update_auth_provider", row, changed=sorted(values))
    return store.shown(kind, wanted)


def delete(provider_id: int) -> None:
    """Remove a provider. The accounts of those who signed in with it stay."""
    store.lock()
    row, kind = store.find(provider_id)
    if not kind.can_delete:
        raise ApiError("ERROR_AUTH_PROVIDER_CANNOT_BE_DELETED", 400, f"The {kind.type} provider stays.")
    if row.enabled:
        _refuse_last(row.id)
    _record("delete_auth_provider", row)
    session().delete(row)


def _changed(before: Provider, values: Mapping[str, Any]) -> Provider:
    common, settings = store.parted(values)
    return replace(before, settings={**before.settings, **settings}, **common)


def _prepared(kind: AuthProviderType, wanted: Provider, before: Provider | None) -> Provider:
    """The provider with what its type keeps. The type may ask other servers: no transaction is open meanwhile."""
    unit_of_work().commit()
    try:
        return replace(wanted, kept=kind.prepare(wanted, before))
    finally:
        unit_of_work().commit()


def _refuse_last(provider_id: int) -> None:
    """400 when nobody could sign in any more without this provider."""
    enabled = [found.id for providers in store.every(only_enabled=True).values() for found in providers]
    if enabled == [provider_id]:
        detail = "This is the only way to sign in that is switched on. Switch on another one first."
        raise ApiError("ERROR_CANNOT_DISABLE_ALL_AUTH_PROVIDERS", 400, detail)


def _record(action: str, row: AuthProvider, **more: Any) -> None:
    name = row.settings.get("name") or row.domain or row.type
    params = {"auth_provider_id": row.id, "auth_provider_type": row.type, "name": name, **more}
    actions.record(action, scope="root", workspace_id=None, params=params)
