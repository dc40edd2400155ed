"""Stored snapshots: finding them with the acting user's access, and showing them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import orjson
import sqlalchemy as sa

from plugin_api import context
from plugin_api.applications import Applications
from plugin_api.db import connection, session
from plugin_api.errors import does_not_exist
from plugin_api.http import dumps
from plugin_api.people import EMAIL
from plugin_api.permissions import Access, require
from plugin_api.platform import service
from plugins.snapshots.models import Snapshot

_SHOWN = sa.select(Snapshot.id, Snapshot.name, Snapshot.application_id, Snapshot.created_on, EMAIL.c.email).outerjoin(
    EMAIL, EMAIL.c.id == Snapshot.created_by_id
)


@dataclass(frozen=True)
class Found:
    """A snapshot whose application people can reach."""

    id: int
    name: str
    workspace_id: int
    application_id: int
    application_name: str
    application_type: str
    copy_id: int | None
    ready: bool
    deleted_on: datetime | None


@cache
def _query() -> sa.Select[Any]:
    reachable = service(Applications).reachable().subquery()
    names = ("id", "name", "workspace_id", "application_id", "copy_id", "ready", "deleted_on")
    application = (reachable.c.name.label("application_name"), reachable.c.type.label("application_type"))
    query = sa.select(*(getattr(Snapshot, name) for name in names), *application, reachable.c.role)
    return query.join(reachable, reachable.c.id == Snapshot.application_id)


def find(snapshot_id: int, operation: str) -> Found:
    """A snapshot the acting user may do `operation` with, locked until the transaction ends: one query.

    404 when it is not there, or its application is in the trash.
    """
    chosen = _query().where(Snapshot.id == snapshot_id).with_for_update(of=Snapshot)
    row = connection().execute(chosen, {"acting_user_id": context.actor().user_id}).mappings().first()
    if row is None:
        raise does_not_exist("snapshot")
    values = dict(row)
    access = Access(row["workspace_id"], values.pop("role"), (("application", row["application_id"]),))
    require(operation, access)
    return Found(**values)


def listed(application_id: int) -> list[dict[str, Any]]:
    """The snapshots of an application as the API shows them, latest first."""
    chosen = sa.and_(Snapshot.application_id == application_id, Snapshot.ready, Snapshot.deleted_on.is_(None))
    rows = session().execute(_SHOWN.where(chosen).order_by(Snapshot.created_on.desc(), Snapshot.id.desc()))
    return [_json(row) for row in rows]


def brief(snapshot_id: int) -> dict[str, Any]:
    """A snapshot as the API shows it, as bare JSON values."""
    row = session().execute(_SHOWN.where(Snapshot.id == snapshot_id)).one()
    found: dict[str, Any] = orjson.loads(dumps(_json(row)))
    return found


def _json(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "snapshot_from_application": row.application_id,
        "created_at": row.created_on,
        "created_by": None if row.email is None else {"username": row.email},
    }


def change(snapshot_id: int, **values: Any) -> None:
    """Set columns of a snapshot."""
    session().execute(sa.update(Snapshot).where(Snapshot.id == snapshot_id).values(**values))
