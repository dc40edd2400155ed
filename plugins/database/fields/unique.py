"""The distinct values of a field, the most frequent first."""

from __future__ import annotations

import sqlalchemy as sa

from plugin_api.db import connection
from plugin_api.errors import ApiError
from plugin_api.fields import Field, FieldType
from plugin_api.kinds import Kind
from plugins.database.context import table_of_field
from plugins.database.shape import shape_of

_DEFAULT_LIMIT = 10
_MAX_LIMIT = 100
_LISTS = {
    *(Kind.LINKS, Kind.FILE, Kind.FILES, Kind.COLLABORATORS, Kind.ARRAY, Kind.MULTIPLE_SELECT),
    *(Kind.PERSON, Kind.SECRET, Kind.OTHER),
}


def unique_row_values(field_id: int, limit: int | None, split: bool) -> list[str]:
    """At most `limit` values as texts; with `split`, the parts of comma separated values."""
    where = table_of_field(field_id, "database.table.list_rows")
    shape = shape_of(where)
    field = shape.by_id[field_id]
    kind = shape.type_of(field)
    _require_countable(field, kind)
    text: sa.ColumnElement[str] = kind.text(field, shape.row)
    if split:
        text = sa.func.trim(sa.func.unnest(sa.func.string_to_array(text, ",")))
    rows = sa.select(text.label("value")).select_from(shape.row).where(shape.row.c.trashed_on.is_(None)).subquery()
    wanted = _DEFAULT_LIMIT if limit is None or limit < 1 else min(limit, _MAX_LIMIT)
    query = sa.select(rows.c.value).where(rows.c.value != "").group_by(rows.c.value)
    query = query.order_by(sa.func.count().desc(), rows.c.value).limit(wanted)
    return list(connection().execute(query).scalars())


def _require_countable(field: Field, kind: FieldType) -> None:
    if kind.kind in _LISTS or not kind.can_sort:
        message = f"Values of the type {field.type} cannot be listed."
        raise ApiError("ERROR_INCOMPATIBLE_FIELD_TYPE_FOR_UNIQUE_VALUES", 400, message)
