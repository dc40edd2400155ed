"""Workspaces of the instance as staff see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from plugin_api.administration import Instance
from plugin_api.db import session
from plugin_api.errors import does_not_exist
from plugin_api.orders import SortKeys, sorts_of
from plugin_api.paging import counted
from plugin_api.platform import service
from plugin_api.schemas import as_int
from plugin_api.sql import contains, text_sort
from plugins.administration.data import with_data
from plugins.administration.tables import APPLICATION, MEMBERSHIP, USER, WORKSPACE

_APPLICATIONS = (
    sa.select(sa.func.count())
    .select_from(APPLICATION)
    .where(APPLICATION.c.workspace_id == WORKSPACE.c.id)
    .where(APPLICATION.c.trashed_on.is_(None), APPLICATION.c.kept_by.is_(None))
    .scalar_subquery()
)
_WORKSPACES = sa.select(WORKSPACE, _APPLICATIONS.label("applications")).where(WORKSPACE.c.trashed_on.is_(None))
_SORT_KEYS: SortKeys = {
    "id": [WORKSPACE.c.id],
    "name": text_sort(WORKSPACE.c.name),
    "application_count": [_APPLICATIONS],
    "created_on": [WORKSPACE.c.created_on],
}


def page(search: str, sorts: str | None, limit: int, offset: int) -> tuple[int, list[dict[str, Any]]]:
    """How many workspaces have the text in their name, or the id, and a window of them: three queries."""
    order = sorts_of([] if sorts is None else sorts.split(","), _SORT_KEYS, once=True)
    total, rows = counted(_WORKSPACES.where(_found(search)), [*order, WORKSPACE.c.id], limit, offset)
    users = _users([row.id for row in rows])
    return total, with_data("listed_workspace_data", [_shown(row, users.get(row.id, [])) for row in rows])


def one(workspace_id: int) -> dict[str, Any]:
    """A workspace as the list shows it; 404 ERROR_GROUP_DOES_NOT_EXIST."""
    row = session().execute(_WORKSPACES.where(WORKSPACE.c.id == workspace_id)).first()
    if row is None:
        raise does_not_exist("group")
    return with_data("listed_workspace_data", [_shown(row, _users([row.id]).get(row.id, []))])[0]


def _found(search: str) -> sa.ColumnElement[bool]:
    if not search:
        return sa.true()
    by_text, same_id = contains(WORKSPACE.c.name, search), as_int(search)
    return by_text if same_id is None else sa.or_(by_text, WORKSPACE.c.id == same_id)


def _shown(row: Any, users: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "users": users,
        "application_count": row.applications,
        "row_count": 0,
        "storage_usage": None,
        "seats_taken": None,
        "free_users": None,
        "created_on": row.created_on,
    }


def _users(workspace_ids: Sequence[int]) -> Mapping[int, list[dict[str, Any]]]:
    """The members of each of the workspaces: one query."""
    query = (
        sa.select(MEMBERSHIP.c.workspace_id, USER.c.id, USER.c.email, MEMBERSHIP.c.permissions)
        .join(USER, USER.c.id == MEMBERSHIP.c.user_id)
        .where(MEMBERSHIP.c.workspace_id == sa.any_(sa.cast(list(workspace_ids), sa.ARRAY(sa.BigInteger))))
        .order_by(MEMBERSHIP.c.id)
    )
    found: dict[int, list[dict[str, Any]]] = {}
    for row in session().execute(query) if workspace_ids else ():
        shown = {"id": row.id, "email": row.email, "permissions": row.permissions}
        found.setdefault(row.workspace_id, []).append(shown)
    return found


def delete(workspace_id: int) -> None:
    """Remove a workspace for good, past the trash."""
    service(Instance).delete_workspace(workspace_id)
