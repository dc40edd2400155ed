"""Stored pages: reading, making and naming them, without permission checks or announcements."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import Any

import sqlalchemy as sa

from plugin_api.db import connection, session
from plugins.builder.models import Page
from plugins.builder.pages import paths

SHARED = "__shared__"
MAX_NAME = 255
KEPT = ("path_params", "query_params", "visibility", "role_type", "roles")
"""What a copy of a page has in common with it."""


def page_json(page: Any) -> dict[str, Any]:
    """A page as the API shows it."""
    return {
        "id": page.id,
        "name": page.name,
        "path": page.path,
        "path_params": page.path_params,
        "order": page.order,
        "builder_id": page.application_id,
        "shared": page.shared,
        "visibility": page.visibility,
        "role_type": page.role_type,
        "roles": page.roles,
        "query_params": page.query_params,
    }


def pages_of(builder_ids: Sequence[int]) -> list[dict[str, Any]]:
    """The pages of builders as the API shows them, the shared ones first: one query."""
    table = Page.__table__.c
    query = (
        sa.select(*Page.__table__.columns)
        .where(table.application_id.in_(builder_ids), table.trashed_on.is_(None))
        .order_by(table.shared.desc(), table.order, table.id)
    )
    return [page_json(row) for row in connection().execute(query)]


def insert(builder_id: int, name: str, path: str, **values: Any) -> Page:
    """Store a page, by default at the end of its builder."""
    order = values.pop("order", None) or last(builder_id) + 1
    row = Page(application_id=builder_id, name=name, path=path, route=paths.route(path), order=order, **values)
    session().add(row)
    session().flush()
    session().refresh(row)
    return row


def insert_shared(builder_id: int) -> Page:
    """Store the shared page of a new builder."""
    return insert(builder_id, SHARED, SHARED, shared=True, order=1)


def last(builder_id: int) -> int:
    """The place of a builder's last page; 0 when it has none."""
    latest = sa.select(sa.func.coalesce(sa.func.max(Page.order), 0)).where(
        Page.application_id == builder_id, ~Page.shared, Page.trashed_on.is_(None)
    )
    return int(session().scalar(latest) or 0)


def others(builder_id: int, page_id: int | None = None) -> tuple[set[str], set[str]]:
    """Names and routes of a builder's pages but the one given."""
    query = sa.select(Page.name, Page.route).where(Page.application_id == builder_id, Page.trashed_on.is_(None))
    rows = session().execute(query if page_id is None else query.where(Page.id != page_id)).all()
    return {row.name for row in rows}, {row.route for row in rows}


def unused_name(name: str, taken: set[str]) -> str:
    """The name with the first number from 2 on that is not taken."""
    numbered = (f"{name[: MAX_NAME - len(f' {n}')]} {n}" for n in count(2))
    return next(found for found in numbered if found not in taken)


def change(page_id: int, **values: Any) -> None:
    """Set columns of a page."""
    if "path" in values:
        values["route"] = paths.route(values["path"])
    session().execute(sa.update(Page).where(Page.id == page_id).values(updated_on=sa.func.now(), **values))


def set_orders(page_ids: Sequence[int]) -> None:
    """Number pages in the order given: one statement."""
    statement = sa.text(
        'UPDATE builder.page AS p SET "order" = o.place'
        " FROM unnest(CAST(:ids AS bigint[])) WITH ORDINALITY AS o(id, place) WHERE p.id = o.id"
    )
    connection().execute(statement, {"ids": list(page_ids)})
