"""Users and workspaces that entries may be of: those there are, and those that were."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from plugin_api.db import session
from plugin_api.schemas import as_int
from plugin_api.sql import contains, text_sort

_LOGGED = """
    WITH RECURSIVE logged AS (
        SELECT min(e.{key}) AS id FROM audit_log.entry e WHERE {within}
        UNION ALL
        SELECT (SELECT min(e.{key}) FROM audit_log.entry e WHERE {within} AND e.{key} > l.id)
        FROM logged l WHERE l.id IS NOT NULL
    ), gone AS (
        SELECT l.id, (
            SELECT e.{name} FROM audit_log.entry e WHERE e.{key} = l.id ORDER BY e.created_on DESC LIMIT 1
        ) AS value
        FROM logged l WHERE l.id IS NOT NULL AND NOT EXISTS (SELECT FROM core.{table} t WHERE t.id = l.id)
    )
"""
"""Whoever is in the log, by one step through an index each, and those of them who are not there any more."""

_USERS = (
    _LOGGED.format(key="user_id", name="user_email", table='"user"', within="true")
    + """SELECT u.id, u.email AS value FROM core."user" u UNION ALL SELECT * FROM gone"""
)
_USERS_OF_WORKSPACE = (
    _LOGGED.format(key="user_id", name="user_email", table='"user"', within="e.workspace_id = :workspace_id")
    + """SELECT u.id, u.email AS value FROM core."user" u WHERE u.id IN (
           SELECT m.user_id FROM core.membership m WHERE m.workspace_id = :workspace_id UNION SELECT l.id FROM logged l)
         UNION ALL SELECT * FROM gone"""
)
_WORKSPACES = (
    _LOGGED.format(key="workspace_id", name="workspace_name", table="workspace", within="true")
    + "SELECT w.id, w.name AS value FROM core.workspace w UNION ALL SELECT * FROM gone"
)


def _found(sql: str, **values: int) -> sa.Subquery:
    columns = (sa.column("id", sa.BigInteger), sa.column("value", sa.Text))
    given = [sa.bindparam(name, value, sa.BigInteger) for name, value in values.items()]
    return sa.text(sql).bindparams(*given).columns(*columns).subquery("found")


def _users() -> sa.Subquery:
    return _found(_USERS)


def users(workspace_id: int | None, search: str, limit: int, offset: int) -> tuple[int, list[dict[str, Any]]]:
    """Users whose address has a text in it: the members of a workspace and who did something there, or all."""
    found = _users() if workspace_id is None else _found(_USERS_OF_WORKSPACE, workspace_id=workspace_id)
    return _page(found, search, limit, offset)


def workspaces(search: str, limit: int, offset: int) -> tuple[int, list[dict[str, Any]]]:
    """Workspaces whose name has a text in it."""
    return _page(_found(_WORKSPACES), search, limit, offset)


def user_ids(text: str) -> list[int]:
    """The users with an address or an id: one who is gone may have had the address of one who came later."""
    return _ids(_users(), text)


def workspace_ids(text: str) -> list[int]:
    """The workspaces with a name or an id."""
    return _ids(_found(_WORKSPACES), text)


def _page(found: sa.Subquery, search: str, limit: int, offset: int) -> tuple[int, list[dict[str, Any]]]:
    chosen = sa.select(found).where(contains(found.c.value, search)) if search else sa.select(found)
    query = chosen.order_by(*text_sort(found.c.value), found.c.id).limit(limit).offset(offset)
    rows = session().execute(query).all()
    shown = [{"id": row.id, "value": row.value or ""} for row in rows]
    if offset == 0 and len(rows) < limit:
        return len(rows), shown
    return session().scalar(sa.select(sa.func.count()).select_from(chosen.subquery())) or 0, shown


def _ids(found: sa.Subquery, text: str) -> list[int]:
    number = as_int(text)
    same = sa.func.lower(found.c.value) == text.lower()
    query = sa.select(found.c.id).where(same if number is None else sa.or_(same, found.c.id == number))
    return list(session().scalars(query.order_by(found.c.id)))
