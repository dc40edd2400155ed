"""Stored bookmarks: reading and writing them, without permissions, actions or events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from plugin_api.db import connection, session
from tablewright_bookmarks.models import Bookmark

KEPT = ("title", "url", "note")
"""What users say about a bookmark; copies and archives have it."""


def shown(row: Any) -> dict[str, Any]:
    """A bookmark as the API shows it."""
    return {"id": row.id, "application_id": row.application_id, **{key: getattr(row, key) for key in KEPT}}


def page(application_id: int, search: str, limit: int, offset: int) -> tuple[int, list[dict[str, Any]]]:
    """How many bookmarks there are, and a window of them: two queries."""
    query = _there([application_id])
    if search:
        query = query.where(Bookmark.title.icontains(search, autoescape=True))
    total = session().scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
    rows = session().scalars(query.order_by(Bookmark.id).limit(limit).offset(offset))
    return total, [shown(row) for row in rows]


def counts(application_ids: Sequence[int]) -> dict[int, int]:
    """How many bookmarks applications have: one query for all."""
    there = _there(application_ids).subquery()
    query = sa.select(there.c.application_id, sa.func.count()).group_by(there.c.application_id)
    return {row[0]: row[1] for row in session().execute(query)}


def contents(application_id: int) -> list[dict[str, Any]]:
    """All that users said about bookmarks, in order."""
    rows = session().scalars(_there([application_id]).order_by(Bookmark.id))
    return [{key: getattr(row, key) for key in KEPT} for row in rows]


def _there(application_ids: Sequence[int]) -> sa.Select[Any]:
    return sa.select(Bookmark).where(Bookmark.application_id.in_(application_ids), Bookmark.trashed_on.is_(None))


def insert(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Store bookmarks by one statement; those with an `id` get it back unless it is taken."""
    if not rows:
        return []
    statement = sa.insert(Bookmark).returning(Bookmark, sort_by_parameter_order=True)
    made = session().scalars(statement, [dict(row) for row in rows])
    return [shown(row) for row in made]


def change(bookmark_id: int, values: Mapping[str, Any]) -> None:
    """Change a bookmark."""
    connection().execute(sa.update(Bookmark).where(Bookmark.id == bookmark_id).values(**values))


def remove(*conditions: sa.ColumnElement[bool]) -> None:
    """Remove bookmarks for good."""
    connection().execute(sa.delete(Bookmark).where(*conditions))


def find(bookmark_id: int, trashed: bool = False) -> Bookmark | None:
    """A bookmark that is there, or one that is in the trash."""
    found = session().get(Bookmark, bookmark_id, populate_existing=True)
    return found if found is not None and (found.trashed_on is not None) == trashed else None
