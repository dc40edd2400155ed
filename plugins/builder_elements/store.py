"""Stored elements: reading, showing and writing them, without permission checks or announcements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as upsert

from plugin_api.db import connection
from plugin_api.elements import ElementPage, NewId
from plugins.builder.context import PageContext
from plugins.builder.models import Page
from plugins.builder_elements import styles
from plugins.builder_elements.kinds import element_type
from plugins.builder_elements.models import Element
from plugins.builder_elements.values import PAGE
from plugins.user_files import files

TABLE = cast(sa.Table, Element.__table__)
COLUMNS = tuple(column.name for column in TABLE.columns)
COMMON = ("css_classes", "visibility", "role_type", "roles")
"""What every element has beside its place and how it looks."""
_PLACE = ("id", "page_id", "type", "parent_element_id", "place_in_container")

Document = dict[str, Any]
"""A row of an element as JSON."""


def of_pages(page_ids: Sequence[int]) -> list[sa.Row[Any]]:
    """The elements of pages in their order: one query."""
    query = sa.select(TABLE).where(TABLE.c.page_id.in_(page_ids)).order_by(TABLE.c.order, TABLE.c.id)
    return list(connection().execute(query))


def one(element_id: int) -> sa.Row[Any] | None:
    """An element; None when there is none."""
    return connection().execute(sa.select(TABLE).where(TABLE.c.id == element_id)).first()


def element_page(found: PageContext) -> ElementPage:
    """A page as types of elements see it, with the pages elements can lead to: one query."""
    query = sa.select(Page.id, Page.path_params).where(
        Page.application_id == found.builder_id, Page.trashed_on.is_(None), ~Page.shared
    )
    parameters = {row.id: frozenset(one["name"] for one in row.path_params) for row in connection().execute(query)}
    return ElementPage(found.id, found.builder_id, found.workspace_id, bool(found.page.shared), parameters)


def there(page: ElementPage) -> NewId:
    """Ids as they are shown: those of pages that are in the trash lead nowhere."""
    return lambda kind, old: old if kind != PAGE or old in page.parameters else None


def shown(element: Any, new_id: NewId) -> dict[str, Any]:
    """An element as the API shows it."""
    kind = element_type(element.type)
    options = kind.renamed(dict(element.options), new_id)
    images = {name: options[name] for name in kind.images if options.get(name)}
    style = {**styles.DEFAULTS, **element.style}
    return {
        **{name: getattr(element, name) for name in (*_PLACE, *COMMON)},
        "order": f"{element.order:.20f}",
        "styles": element.styles,
        **style,
        styles.FILE: style[styles.FILE] and files.shown_again(style[styles.FILE]),
        **options,
        **{name: files.shown_again(image) for name, image in images.items()},
    }


def document(element: Any) -> Document:
    """A row as JSON, from which `write` makes it again."""
    return {**{column: getattr(element, column) for column in COLUMNS}, "order": str(element.order)}


def write(documents: Iterable[Document]) -> None:
    """Make rows, parents first, or make those that are there what is given: one statement."""
    rows = [{**one, "order": Decimal(one["order"])} for one in documents]
    if not rows:
        return
    statement = upsert(TABLE)
    changed = {column: statement.excluded[column] for column in COLUMNS if column not in ("id", "page_id")}
    connection().execute(statement.on_conflict_do_update(index_elements=["id"], set_=changed), rows)


def insert(values: Mapping[str, Any]) -> sa.Row[Any]:
    """Store a new element."""
    return connection().execute(sa.insert(TABLE).values(**values).returning(TABLE)).one()


def change(element_id: int, values: Mapping[str, Any]) -> sa.Row[Any]:
    """Set columns of an element."""
    query = sa.update(TABLE).where(TABLE.c.id == element_id).values(**values).returning(TABLE)
    return connection().execute(query).one()


def place(spots: Mapping[int, tuple[str | None, Decimal]]) -> None:
    """Give elements other places in their parents: one statement."""
    if not spots:
        return
    statement = (
        sa.update(TABLE)
        .where(TABLE.c.id == sa.bindparam("element"))
        .values(place_in_container=sa.bindparam("place"), order=sa.bindparam("number"))
    )
    connection().execute(statement, [{"element": id_, "place": at, "number": n} for id_, (at, n) in spots.items()])


def remove(element_ids: Sequence[int]) -> None:
    """Remove elements with all that is in them."""
    connection().execute(sa.delete(TABLE).where(TABLE.c.id.in_(element_ids)))
