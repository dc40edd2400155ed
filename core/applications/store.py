"""Stored applications: finding them with the acting user's access, making, naming and showing them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count, groupby
from typing import Any

import sqlalchemy as sa

from core.applications.reach import reachable, shown
from core.db.models import Application, Membership, Workspace
from core.workspaces import ai_settings
from plugin_api import context
from plugin_api.applications import ApplicationExtension, ApplicationInfo, ApplicationType
from plugin_api.db import connection, session
from plugin_api.errors import does_not_exist
from plugin_api.permissions import Access
from plugin_api.platform import registry

MAX_NAME = 160


@dataclass(frozen=True)
class Found:
    """An application, and what the acting user is there."""

    info: ApplicationInfo
    workspace_name: str
    workspace_ai: dict[str, Any]
    created_on: datetime
    access: Access


def _found(row: Any) -> Found:
    access = Access(row.workspace_id, row.role, (("application", row.id),))
    info = ApplicationInfo(row.id, row.type, row.name, row.order, row.workspace_id, access=access)
    return Found(info, row.workspace_name, row.generative_ai_models_settings, row.created_on, access)


def _select(*conditions: sa.ColumnElement[bool]) -> list[Found]:
    details = (Application.created_on, Workspace.generative_ai_models_settings)
    query = (
        reachable()
        .add_columns(*details)
        .where(*conditions)
        .order_by(Application.workspace_id, Application.order, Application.id)
    )
    rows = connection().execute(query, {"acting_user_id": context.actor().user_id})
    return [_found(row) for row in rows]


def find(application_id: int) -> Found:
    """An application that is not in the trash: one query. 404 when it is not there."""
    found = _select(Application.id == application_id)
    if not found:
        raise does_not_exist("application")
    return found[0]


def of_workspace(workspace_id: int) -> list[Found]:
    """The applications of a workspace, in order."""
    return _select(Application.workspace_id == workspace_id)


def of_member() -> list[Found]:
    """The applications of all the acting user's workspaces."""
    return _select(Membership.user_id == context.user_id())


def insert(workspace_id: int, type_name: str, name: str) -> ApplicationInfo:
    """Store an application at the end of its workspace."""
    last = sa.select(sa.func.coalesce(sa.func.max(Application.order), 0)).where(
        Application.workspace_id == workspace_id, shown()
    )
    return add(Application(workspace_id=workspace_id, type=type_name, name=name, order=last.scalar_subquery() + 1))


def add(row: Application) -> ApplicationInfo:
    """Store an application as it is given."""
    session().add(row)
    session().flush()
    return info_of(row)


def info_of(row: Application) -> ApplicationInfo:
    """A stored application as its type sees it."""
    return ApplicationInfo(row.id, row.type, row.name, row.order, row.workspace_id, row.kept_by)


def names_in(workspace_id: int) -> set[str]:
    """What the applications of a workspace are called."""
    return set(session().scalars(sa.select(Application.name).where(Application.workspace_id == workspace_id, shown())))


def unused_name(workspace_id: int, name: str) -> str:
    """The name with the first number from 2 on that no application of the workspace bears."""
    taken = names_in(workspace_id)
    numbered = (f"{name[: MAX_NAME - len(f' {n}')]} {n}" for n in count(2))
    return next(found for found in numbered if found not in taken)


def set_orders(application_ids: Sequence[int]) -> None:
    """Number the applications in the order given: one statement."""
    statement = sa.text(
        'UPDATE core.application AS a SET "order" = o.place'
        " FROM unnest(CAST(:ids AS bigint[])) WITH ORDINALITY AS o(id, place) WHERE a.id = o.id"
    )
    connection().execute(statement, {"ids": list(application_ids)})


def remove(info: ApplicationInfo) -> None:
    """Remove an application for good; one whose plugin is not loaded stays until it is."""
    kind = kind_of(info.type)
    if kind is None:
        raise LookupError(f"the application type {info.type!r} is not loaded; its data cannot be removed")
    kind.deleted(info)
    session().execute(sa.delete(Application).where(Application.id == info.id))


def copy(kind: ApplicationType, source: ApplicationInfo, target: ApplicationInfo) -> None:
    """Copy all that is in an application, and what plugins keep with it, into an empty one."""
    kind.duplicate(source, target)
    extensions: Iterable[ApplicationExtension] = registry("application_extensions").values()
    for extension in extensions:
        extension.copied(source, target)


def kind_of(type_name: str) -> ApplicationType | None:
    """The type of applications; None when no loaded plugin provides it."""
    return registry("application_types").get(type_name)


def serialize(found: Sequence[Found]) -> list[dict[str, Any]]:
    """The applications as the API shows them; each type is asked once, whatever the number of its applications."""
    by_type = sorted((one.info for one in found), key=lambda info: info.type)
    more: dict[int, dict[str, Any]] = {}
    for type_name, infos in groupby(by_type, key=lambda info: info.type):
        kind = kind_of(type_name)
        if kind is not None:
            more.update(kind.serialize(list(infos)))
    return [{**_base(one), **more.get(one.info.id, {})} for one in found]


def _base(found: Found) -> dict[str, Any]:
    return {
        "id": found.info.id,
        "name": found.info.name,
        "order": found.info.order,
        "type": found.info.type,
        "created_on": found.created_on,
        "workspace": {
            "id": found.info.workspace_id,
            "name": found.workspace_name,
            "generative_ai_models_enabled": ai_settings.enabled(found.workspace_ai),
        },
    }
