"""What can be exported: a table or a view, for its members."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from plugin_api.errors import ApiError
from plugin_api.exporters import ExporterType
from plugin_api.fields import Field
from plugins.database.context import TableContext, table_context
from plugins.database.engine.filtering import Condition, Group, compile_group, where
from plugins.database.engine.ordering import order_by
from plugins.database.engine.read import RowQuery
from plugins.database.shape import TableShape
from plugins.views.context import ViewContext, require_on, view_context
from plugins.views.field_options import stored
from plugins.views.parts import FOR_ROWS
from plugins.views.reading import visible_fields
from plugins.views.rows import condition, order

EXPORT = "database.table.run_export"


@dataclass(frozen=True)
class Source:
    """A table somebody may export, and the view through which. `hides`: they are a visitor of a shared view."""

    table: TableContext
    view: ViewContext | None = None
    hides: bool = False


def member_source(table_id: int, view_id: int | None) -> Source:
    """A table, or a view of it, for who acts. 404 and 400 when it is not there, refused without permission."""
    table = table_context(table_id, EXPORT)
    if view_id is None:
        return Source(table)
    view = view_context(view_id, parts=FOR_ROWS)
    if view.table.id != table.id:
        raise ApiError("ERROR_VIEW_NOT_IN_TABLE", 400, f"The view {view_id} is not one of the table {table_id}.")
    require_on(EXPORT, view)
    return Source(table, view)


def require_exportable(source: Source, exporter: ExporterType) -> None:
    """400 when there are no such files of the table or the view."""
    if source.view is None and not exporter.exports_tables:
        raise ApiError("ERROR_TABLE_ONLY_EXPORT_UNSUPPORTED", 400, f"Choose a view to export as {exporter.type}.")
    if source.view is not None and not source.view.kind.can_export:
        detail = f"Views of the type {source.view.view.type} cannot be exported."
        raise ApiError("ERROR_VIEW_UNSUPPORTED_FOR_EXPORT_TYPE", 400, detail)


def query_of(source: Source, shape: TableShape, wanted: Mapping[str, Any]) -> RowQuery:
    """The rows and fields `wanted` asks for: `fields`, `filters` and `order_by`. 400 for what cannot be asked."""
    shown = _shown(source, shape)
    keyed = {found.column: found for found in (shown if source.hides else shape.fields)}
    conditions = [_filters(wanted.get("filters"), shape, keyed)]
    ordering: Sequence[Any] = order_by(shape, keyed, wanted["order_by"], False) if wanted.get("order_by") else ()
    if source.view is not None:
        conditions.append(condition(source.view.view, shape, source.view.parts))
        ordering = ordering or order(shape, _ordering_parts(source, shown))
    fields = _chosen(shape, shown, wanted.get("fields") if source.view else None, source.hides)
    return RowQuery(shape, fields, where=where(*conditions), order_by=ordering)


def _shown(source: Source, shape: TableShape) -> tuple[Field, ...]:
    """The fields a view shows, as it orders them; all fields of a table."""
    if source.view is None:
        return shape.fields
    kind, kept = source.view.kind, stored(source.view.view.id)
    missing = [found for found in shape.fields if found.id not in kept]
    first = kind.new_field_options(missing, list(kept.values()), source.hides)
    usual = kind.field_options_schema().load({})
    options = {found.id: {**usual, **kept.get(found.id, first.get(found.id, {}))} for found in shape.fields}
    shown: Sequence[Field] = [found for found in shape.fields if kind.is_visible(options[found.id])]
    if source.hides:
        shown = visible_fields(source.view, shape)
    return tuple(sorted(shown, key=lambda found: (not found.primary, options[found.id].get("order", 0), found.id)))


def _ordering_parts(source: Source, shown: Collection[Field]) -> dict[str, list[dict[str, Any]]]:
    """The groupings and sortings of a view; visitors are not told of the order of what they do not see."""
    assert source.view is not None
    known = {found.id for found in shown}
    wanted = ("group_bys", "sortings")
    parts = {key: source.view.parts[key] for key in wanted}
    return {key: [one for one in parts[key] if not source.hides or one["field"] in known] for key in wanted}


def _chosen(
    shape: TableShape, shown: tuple[Field, ...], wanted: Iterable[int] | None, hides: bool
) -> tuple[Field, ...]:
    if not wanted:
        return shown
    there = {found.id: found for found in (shown if hides else shape.fields)}
    return tuple(there[field_id] for field_id in dict.fromkeys(wanted) if field_id in there)


def _filters(
    tree: Mapping[str, Any] | None, shape: TableShape, keyed: Mapping[str, Field]
) -> sa.ColumnElement[bool] | None:
    return None if tree is None else compile_group(shape, keyed, _group(tree))


def _group(tree: Mapping[str, Any]) -> Group:
    conditions = [Condition(f"field_{found['field']}", found["type"], found["value"]) for found in tree["filters"]]
    return Group(tree["filter_type"] == "OR", tuple(conditions), tuple(_group(inner) for inner in tree["groups"]))
