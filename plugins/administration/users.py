"""Users of the instance as staff see and change them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from plugin_api import context
from plugin_api.administration import AccountAdministration
from plugin_api.db import session
from plugin_api.errors import ApiError, body_invalid, problem
from plugin_api.orders import SortKeys, sorts_of
from plugin_api.paging import counted
from plugin_api.platform import service
from plugin_api.schemas import as_int
from plugin_api.sql import contains, text_sort
from plugins.administration.data import with_data
from plugins.administration.tables import MEMBERSHIP, USER, WORKSPACE

_SORT_KEYS: SortKeys = {
    "id": [USER.c.id],
    "name": text_sort(USER.c.name),
    "username": text_sort(USER.c.email),
    "date_joined": [USER.c.date_joined],
    "last_login": [USER.c.last_login],
    "is_active": [USER.c.is_active],
}


def page(search: str, sorts: str | None, limit: int, offset: int) -> tuple[int, list[dict[str, Any]]]:
    """How many users have the text in their name or address, and a window of them: three queries."""
    order = sorts_of([] if sorts is None else sorts.split(","), _SORT_KEYS, once=True)
    total, rows = counted(sa.select(USER).where(_found(search)), [*order, USER.c.id], limit, offset)
    return total, with_data("listed_user_data", _shown(rows))


def _found(search: str) -> sa.ColumnElement[bool]:
    if not search:
        return sa.true()
    same_id = as_int(search)
    by_text = sa.or_(contains(USER.c.name, search), contains(USER.c.email, search))
    return by_text if same_id is None else sa.or_(by_text, USER.c.id == same_id)


def one(user_id: int) -> dict[str, Any]:
    """A user: two queries. 400 USER_ADMIN_UNKNOWN_USER."""
    row = session().execute(sa.select(USER).where(USER.c.id == user_id)).first()
    if row is None:
        raise ApiError("USER_ADMIN_UNKNOWN_USER", 400, f"There is no user {user_id}.")
    return _shown([row])[0]


def _shown(rows: Sequence[Any]) -> list[dict[str, Any]]:
    workspaces = _workspaces([row.id for row in rows])
    return [
        {
            "id": row.id,
            "username": row.email,
            "name": row.name,
            "workspaces": workspaces.get(row.id, []),
            "last_login": row.last_login,
            "date_joined": row.date_joined,
            "is_active": row.is_active,
            "is_staff": row.is_staff,
        }
        for row in rows
    ]


def _workspaces(user_ids: Sequence[int]) -> Mapping[int, list[dict[str, Any]]]:
    """The workspaces out of the trash of each of the users: one query."""
    query = (
        sa.select(MEMBERSHIP.c.user_id, WORKSPACE.c.id, WORKSPACE.c.name, MEMBERSHIP.c.permissions)
        .join(WORKSPACE, WORKSPACE.c.id == MEMBERSHIP.c.workspace_id)
        .where(MEMBERSHIP.c.user_id == sa.any_(sa.cast(list(user_ids), sa.ARRAY(sa.BigInteger))))
        .where(WORKSPACE.c.trashed_on.is_(None))
        .order_by(MEMBERSHIP.c.id)
    )
    found: dict[int, list[dict[str, Any]]] = {}
    for row in session().execute(query) if user_ids else ():
        found.setdefault(row.user_id, []).append({"id": row.id, "name": row.name, "permissions": row.permissions})
    return found


def create(values: Mapping[str, Any]) -> dict[str, Any]:
    """Make a user."""
    return one(service(AccountAdministration).create(values))


def change(user_id: int, values: Mapping[str, Any]) -> dict[str, Any]:
    """Change a user; nobody locks themselves out."""
    taken = [name for name in ("is_active", "is_staff") if not values.get(name, True)]
    if taken and user_id == context.user_id():
        detail = "You cannot deactivate yourself, or stop being an administrator. Ask another one to do it."
        raise ApiError("USER_ADMIN_CANNOT_DEACTIVATE_SELF", 400, detail)
    service(AccountAdministration).change(user_id, values)
    return one(user_id)


def delete(user_id: int) -> None:
    """Remove a user at once; nobody removes themselves."""
    if user_id == context.user_id():
        detail = "You cannot delete yourself. Ask another administrator to do it."
        raise ApiError("USER_ADMIN_CANNOT_DELETE_SELF", 400, detail)
    service(AccountAdministration).delete(user_id)


def impersonate(user_id: int) -> dict[str, Any]:
    """A session in the name of a user; staff cannot be impersonated."""
    is_staff = session().scalar(sa.select(USER.c.is_staff).where(USER.c.id == user_id))
    if is_staff is None:
        text = f"There is no user {user_id}."
    elif is_staff:
        text = "Staff cannot be impersonated."
    else:
        return service(AccountAdministration).session_of(user_id)
    refusal = body_invalid({"user": [problem("does_not_exist", text)]})
    raise ApiError(refusal.code, refusal.status, refusal.detail, extra={"user": [text]})
