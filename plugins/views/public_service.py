"""What visitors of shared views get: settings and visible fields, single rows, names of linked rows."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from plugin_api.errors import does_not_exist
from plugin_api.fields import Field
from plugin_api.http import RawJson
from plugin_api.links import LinkMixin
from plugins.database.engine.filtering import where
from plugins.database.engine.links import relation_of
from plugins.database.engine.read import RowQuery, page_with_ids, rows_json
from plugins.database.fields.store import public_field_json, table_fields
from plugins.database.rows.params import searched
from plugins.database.shape import SelectList, TableShape, compile_columns, latest_shape, shape_of
from plugins.views.context import FIELD_OPTIONS, ViewContext, view_context
from plugins.views.listing import joined, window
from plugins.views.parts import FOR_ROWS
from plugins.views.reading import for_visitor, visible_fields
from plugins.views.rows import condition
from plugins.views.settings import living_settings
from plugins.views.sharing import shared_view


def info(slug: str) -> dict[str, Any]:
    """A shared view as visitors see it: without its filters, and with nothing of hidden fields."""
    found = shared_view(slug, parts=("sortings", "group_bys", FIELD_OPTIONS))
    if not found.kind.has_public_info:
        raise does_not_exist("view")
    return info_of(found)


def info_of(found: ViewContext) -> dict[str, Any]:
    """The same of a view that was found; it must have the parts for visitors."""
    shape = shape_of(found.table)
    visible = {field.id for field in visible_fields(found, shape)}
    rows = [one for one in table_fields(found.table.id) if one[0].id in visible]
    return {"fields": [public_field_json(*one, found.table) for one in rows], "view": _shown(found, shape, visible)}


def _shown(found: ViewContext, shape: TableShape, visible: Collection[int]) -> dict[str, Any]:
    view, where = found.view, found.table

    def of(key: str) -> list[dict[str, Any]]:
        return [{**part, "view": view.slug} for part in found.parts[key] if part["field"] in visible]

    return {
        "id": view.slug,
        "table": {"id": where.id, "database_id": where.application_id},
        "name": view.name,
        "order": view.order,
        "type": view.type,
        "sortings": of("sortings"),
        "group_bys": of("group_bys"),
        "public": view.public,
        "slug": view.slug,
        "show_logo": view.show_logo,
        "allow_public_export": view.allow_public_export,
        **found.kind.public_json(living_settings(found.kind, view.options, shape.by_id)),
    }


def row(slug: str, row_id: int) -> RawJson:
    """A row the view shows, with the visible fields; 404 when its filters do not keep it."""
    reading = for_visitor(slug)
    saved = condition(reading.found.view, reading.shape, reading.found.parts)
    query = RowQuery(reading.shape, reading.fields, False, saved)
    chosen = query.base(sa.literal_column("1")).where(reading.shape.row.c.id == row_id)
    found = rows_json(query.select_list, chosen)
    if found == b"[]":
        raise does_not_exist("row")
    return RawJson(found[1:-1])


def linked_names(slug: str, field_id: int) -> RawJson:
    """A page of the names of the rows a visible link field can show."""
    found = shared_view(slug, parts=(*FOR_ROWS, FIELD_OPTIONS))
    shape = shape_of(found.table)
    link = next((field for field in visible_fields(found, shape) if field.id == field_id), None)
    if link is None or link.linked is None or not isinstance(shape.type_of(link), LinkMixin):
        raise does_not_exist("field")
    other = latest_shape(link.linked.id)
    fields = (other.primary,) if other.primary else ()
    reachable = _offered(link, other) if found.kind.offers_rows else _linked(found, shape, link, other)
    query = NamesQuery(other, fields, False, where(reachable, searched(other, fields)))
    part = window()
    page = page_with_ids(query, part.limit, part.offset)
    return joined(part.head(page.total or 0), "results", page.rows, {})


@dataclass(frozen=True)
class NamesQuery(RowQuery):
    """Rows of which only the name is read."""

    @property
    def select_list(self) -> SelectList:
        """Id, name and order."""
        return self.shape.compiled("names", self._compiled)

    def _compiled(self) -> SelectList:
        row, primary = self.shape.row, self.shape.primary
        name: Any = self.shape.type_of(primary).text(primary, row) if primary else sa.literal("")
        order = sa.cast(row.c.order, sa.Text).label("order")
        columns = [row.c.id.label("id"), sa.func.coalesce(name, "").label("value"), order]
        return SelectList(compile_columns(columns, row), {})


def _linked(found: ViewContext, shape: TableShape, link: Field, other: TableShape) -> sa.ColumnElement[bool]:
    """Those that rows the view shows link to."""
    relation = relation_of(shape, link)
    pairs = relation.table.alias("linked")
    kept = RowQuery(shape, (), False, condition(found.view, shape, found.parts)).base(shape.row.c.id)
    # The rows of the view stand under the same alias as those of the other table.
    inside = kept.correlate(None)
    chosen = sa.select(pairs.c[relation.other]).where(pairs.c[relation.own].in_(inside))
    return other.row.c.id.in_(chosen.correlate(None))


def _offered(link: Field, other: TableShape) -> sa.ColumnElement[bool] | None:
    """All of them, or those of the view the field lets people choose from."""
    view_id = link.options.get("link_row_limit_selection_view_id")
    if view_id is None:
        return None
    found = view_context(view_id, parts=FOR_ROWS)
    return condition(found.view, other, found.parts)
