"""What is in the trash: putting things there, listing, restoring and emptying."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

import sqlalchemy as sa

from core.applications.operations import EMPTY_TRASH as EMPTY_APPLICATION
from core.applications.operations import READ
from core.applications.operations import READ_TRASH as READ_APPLICATION
from core.db.models import Application, Membership, TrashEntry, User, Workspace
from core.trash.actions import EMPTIED, RESTORED
from core.trash.types import TrashItemTypes
from core.workspaces.operations import EMPTY_TRASH as EMPTY_WORKSPACE
from core.workspaces.operations import READ_TRASH as READ_WORKSPACE
from core.workspaces.roles import role_of
from plugin_api import actions, context
from plugin_api.db import connection, session, unit_of_work
from plugin_api.errors import ApiError, does_not_exist
from plugin_api.permissions import NO_ROLE, Access, Scope, allows, require, standing_of
from plugin_api.platform import service
from plugin_api.roles import APPLICATION
from plugin_api.trash import TrashItem, TrashItemType, parent_in_trash

PAGE_SIZE = 100


class TrashCan:
    """The service behind `plugin_api.trash`."""

    def put(self, item: TrashItem, emptied: bool = False) -> None:
        """Queue the entry for the commit; `emptied`: nobody sees it, and a worker removes it for good."""
        row = {
            "type": item.type,
            "item_id": item.item_id,
            "parent_id": item.parent_id,
            "workspace_id": item.workspace_id,
            "application_id": item.application_id,
            "user_id": context.actor().user_id,
            "name": item.name,
            "names": None if item.names is None else list(item.names),
            "parent_name": item.parent_name,
            "details": dict(item.details),
            "emptied": emptied,
            "place_type": item.place and item.place[0],
            "place_id": item.place and item.place[1],
        }
        unit_of_work().ledger(cast(sa.Table, TrashEntry.__table__), row)

    def restore(self, type_name: str, item_id: int, parent_id: int | None = None) -> None:
        """Check everything around the item, let its type bring it back, and forget the entry."""
        kind = service(TrashItemTypes).get(type_name)
        if kind is None:
            raise does_not_exist("trash_item")
        _check_parent(kind, parent_id)
        entry = _entry(type_name, item_id, parent_id)
        kind.restore(item_of(entry), _access_to(entry))
        session().delete(entry)
        session().flush()
        _record_restored(entry)


def _record_restored(entry: TrashEntry) -> None:
    params = {"item_type": entry.type, "item_id": entry.item_id, "item_name": entry.name, "parent_id": entry.parent_id}
    scope = f"workspace{entry.workspace_id}" if entry.application_id is None else f"application{entry.application_id}"
    actions.record(RESTORED, scope=scope, workspace_id=entry.workspace_id, params=params)


def _check_parent(kind: TrashItemType, parent_id: int | None) -> None:
    if kind.needs_parent and parent_id is None:
        raise ApiError("ERROR_PARENT_ID_MUST_BE_PROVIDED", 400, f"Give the parent_trash_item_id of a {kind.type}.")
    if not kind.needs_parent and parent_id is not None:
        message = f"A {kind.type} is found by its id alone: leave parent_trash_item_id out."
        raise ApiError("ERROR_PARENT_ID_MUST_NOT_BE_PROVIDED", 400, message)


def _entry(type_name: str, item_id: int, parent_id: int | None) -> TrashEntry:
    same_parent = sa.func.coalesce(TrashEntry.parent_id, 0) == (parent_id or 0)
    chosen = sa.select(TrashEntry).where(TrashEntry.type == type_name, same_parent, TrashEntry.item_id == item_id)
    found = session().scalar(chosen.where(~TrashEntry.emptied).with_for_update())
    if found is None:
        raise does_not_exist("trash_item")
    return found


def item_of(entry: TrashEntry) -> TrashItem:
    """The entry as its type sees it."""
    return TrashItem(
        type=entry.type,
        item_id=entry.item_id,
        workspace_id=entry.workspace_id,
        name=entry.name,
        parent_id=entry.parent_id,
        application_id=entry.application_id,
        names=entry.names,
        parent_name=entry.parent_name,
        details=entry.details,
        place=(entry.place_type, entry.place_id) if entry.place_type and entry.place_id else None,
    )


def _access_to(entry: TrashEntry) -> Access:
    """The acting user's access; refused for outsiders, and while what the item is in is in the trash itself."""
    access = _workspace(entry.workspace_id)
    if access.role is None and not context.actor().is_staff:
        raise ApiError("ERROR_USER_NOT_IN_GROUP", 400, "You are not a member of the workspace.")
    if _in_trash(entry):
        raise parent_in_trash()
    scopes = () if entry.application_id is None else (("application", entry.application_id),)
    return Access(entry.workspace_id, access.role, scopes)


def _in_trash(entry: TrashEntry) -> bool:
    trashed = sa.select(Workspace.trashed_on).where(Workspace.id == entry.workspace_id)
    if entry.type != "workspace" and session().scalar(trashed) is not None:
        return True
    of_application = sa.select(Application.trashed_on).where(Application.id == entry.application_id)
    return entry.type not in ("workspace", "application") and session().scalar(of_application) is not None


def _workspace(workspace_id: int) -> Access:
    """The acting user's access to a workspace, in the trash or not; 404 when there is none."""
    mine = sa.and_(Membership.workspace_id == Workspace.id, Membership.user_id == context.user_id())
    query = sa.select(role_of().label("role")).select_from(Workspace).outerjoin(Membership, mine)
    found = session().execute(query.where(Workspace.id == workspace_id)).first()
    if found is None:
        raise does_not_exist("group")
    return Access(workspace_id, found.role)


def _checked(workspace_id: int, application_id: int | None, of_workspace: str, of_application: str) -> Access:
    """The access to the workspace; refused unless the user may do the operation there, or on the application of it."""
    access = _workspace(workspace_id)
    require(of_workspace, access)
    if application_id is None:
        return access
    chosen = sa.and_(Application.id == application_id, Application.kept_by.is_(None))
    owner = session().scalar(sa.select(Application.workspace_id).where(chosen))
    if owner is None:
        raise does_not_exist("application")
    if owner != workspace_id:
        message = f"The application {application_id} does not belong to the workspace."
        raise ApiError("ERROR_APPLICATION_NOT_IN_GROUP", 400, message)
    require(of_application, Access(workspace_id, access.role, ((APPLICATION, application_id),)))
    return access


def _within(access: Access, application_id: int | None, of_application: str) -> sa.ColumnElement[bool]:
    """What is in the trash of a workspace or an application, but for places where the user may not see it."""
    chosen = sa.and_(TrashEntry.workspace_id == access.workspace_id, ~TrashEntry.emptied)
    if application_id is not None:
        chosen = sa.and_(chosen, TrashEntry.application_id == application_id)
    standing = standing_of(access.role or NO_ROLE)
    closed = [
        place for place in standing.at if not allows(of_application, replace(access, scopes=standing.scopes(place)))
    ]
    return sa.and_(chosen, ~sa.or_(*(_at(place) for place in closed))) if closed else chosen


def _at(place: Scope) -> sa.ColumnElement[bool]:
    """Whether an entry is about something at a place; an application is one as well."""
    if place[0] == APPLICATION:
        return sa.func.coalesce(TrashEntry.application_id == place[1], sa.false())
    here = sa.and_(TrashEntry.place_type == place[0], TrashEntry.place_id == place[1])
    return sa.func.coalesce(here, sa.false())


def contents(workspace_id: int, application_id: int | None, page: int | None) -> tuple[int, list[dict[str, Any]]]:
    """How many things are in the trash, and a page of them, latest first; no page is an empty one."""
    access = _checked(workspace_id, application_id, READ_WORKSPACE, READ_APPLICATION)
    within = _within(access, application_id, READ_APPLICATION)
    total = session().scalar(sa.select(sa.func.count()).select_from(TrashEntry).where(within)) or 0
    if page is None:
        return total, []
    query = sa.select(TrashEntry, User.name.label("user_name")).outerjoin(User, User.id == TrashEntry.user_id)
    ordered = query.where(within).order_by(TrashEntry.trashed_on.desc(), TrashEntry.id.desc())
    rows = session().execute(ordered.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE))
    return total, [_json(row.TrashEntry, row.user_name) for row in rows]


def _json(entry: TrashEntry, user_name: str | None) -> dict[str, Any]:
    return {
        "id": entry.id,
        "user_who_trashed": user_name or "",
        "trash_item_type": entry.type,
        "trash_item_id": entry.item_id,
        "parent_trash_item_id": entry.parent_id,
        "trashed_at": entry.trashed_on,
        "application": entry.application_id,
        "workspace": entry.workspace_id,
        "name": entry.name,
        "names": entry.names,
        "parent_name": entry.parent_name,
    }


def empty(workspace_id: int, application_id: int | None) -> None:
    """Take everything out of sight; a worker removes it for good."""
    access = _checked(workspace_id, application_id, EMPTY_WORKSPACE, EMPTY_APPLICATION)
    within = _within(access, application_id, EMPTY_APPLICATION)
    emptying = sa.update(TrashEntry).where(within).values(emptied=True)
    emptied = connection().execute(emptying).rowcount
    of = ("workspace", workspace_id) if application_id is None else ("application", application_id)
    params = {"scope": of[0], "scope_id": of[1], "item_count": emptied}
    actions.record(EMPTIED, scope=f"{of[0]}{of[1]}", workspace_id=workspace_id, params=params)


def structure() -> list[dict[str, Any]]:
    """The user's workspaces with their applications, those in the trash marked: two queries."""
    emptied = _emptied("workspace", Workspace.id)
    query = (
        sa.select(Workspace.id, Workspace.name, Workspace.trashed_on, role_of().label("role"))
        .join(Membership, Membership.workspace_id == Workspace.id)
        .where(Membership.user_id == context.user_id(), ~emptied)
        .order_by(Membership.order, Workspace.id)
    )
    rows = [row for row in session().execute(query) if allows(READ_WORKSPACE, Access(row.id, row.role))]
    inside = _applications([Access(row.id, row.role) for row in rows])
    return [{**_marked(row), "applications": inside.get(row.id, [])} for row in rows]


def _emptied(type_name: str, item_id: Any) -> sa.ColumnElement[bool]:
    entry = TrashEntry
    return sa.exists().where(entry.type == type_name, entry.item_id == item_id, entry.emptied)


def _marked(row: Any) -> dict[str, Any]:
    return {"id": row.id, "name": row.name, "trashed": row.trashed_on is not None}


def _applications(workspaces: Sequence[Access]) -> Mapping[int, list[dict[str, Any]]]:
    """The applications of workspaces the user may read, by workspace."""
    found: dict[int, list[dict[str, Any]]] = {}
    access = {one.workspace_id: one for one in workspaces}
    query = (
        sa.select(Application.id, Application.name, Application.type, Application.workspace_id, Application.trashed_on)
        .where(Application.workspace_id.in_(access), ~_emptied("application", Application.id))
        .where(Application.kept_by.is_(None))
        .order_by(Application.order, Application.id)
    )
    for row in session().execute(query) if access else ():
        if allows(READ, replace(access[row.workspace_id], scopes=((APPLICATION, row.id),))):
            found.setdefault(row.workspace_id, []).append({**_marked(row), "type": row.type})
    return found
