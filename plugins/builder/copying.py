"""Builders and pages as documents: written out, and made again with new ids.

Copies, snapshots and archives are all made this way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from plugin_api.db import connection, session
from plugins.builder.models import Builder, Page
from plugins.builder.pages import paths, store
from plugins.builder.parts import Ids, parts

PAGE = "builder_page"
_SETTINGS = ("login_page_id", "favicon_file", "theme", "custom_code", "scripts")
_OF_PAGE = ("id", "name", "path", "order", "shared", *store.KEPT)


def exported(builder_id: int) -> dict[str, Any]:
    """A builder with all that is in it."""
    row = session().get_one(Builder, builder_id, populate_existing=True)
    pages = [page["id"] for page in store.pages_of([builder_id])]
    return {**{name: getattr(row, name) for name in _SETTINGS}, "pages": exported_pages(pages)}


def exported_pages(page_ids: Sequence[int]) -> list[dict[str, Any]]:
    """Pages with all that is on them, in the order given: a constant number of queries."""
    query = sa.select(*Page.__table__.columns).where(Page.id.in_(page_ids))
    found = {row.id: row for row in connection().execute(query)}
    held = {part.type: part.exported(page_ids) for part in parts()}
    return [
        {
            **{name: getattr(found[page_id], name) for name in _OF_PAGE},
            "parts": {name: items.get(page_id, []) for name, items in held.items()},
        }
        for page_id in page_ids
    ]


def make_builder(builder_id: int, document: Mapping[str, Any], ids: Ids) -> None:
    """Store the builder of a new application, with all that is in the document."""
    make_pages(builder_id, document["pages"], ids)
    values = {name: document[name] for name in _SETTINGS}
    values["login_page_id"] = ids.new(PAGE, values["login_page_id"])
    session().add(Builder(application_id=builder_id, **values))
    session().flush()


def make_pages(builder_id: int, pages: Sequence[Mapping[str, Any]], ids: Ids) -> None:
    """Store pages with all that is on them."""
    ids.reserve(PAGE, "builder.page", [page["id"] for page in pages])
    made = {ids.new(PAGE, page["id"]) or 0: page for page in pages}
    rows = [_row(builder_id, page_id, page) for page_id, page in made.items()]
    if rows:
        session().execute(sa.insert(Page), rows)
    for part in parts():
        part.reserved([item for page in pages for item in page["parts"].get(part.type, ())], ids)
    for part in parts():
        part.made({page_id: page["parts"].get(part.type, ()) for page_id, page in made.items()}, ids)


def _row(builder_id: int, page_id: int, page: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: page[name] for name in _OF_PAGE}
    return {**kept, "id": page_id, "application_id": builder_id, "route": paths.route(page["path"])}
