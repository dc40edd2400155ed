"""Groups of rows: at each level of the groupings, those of the rows that are shown, and how many rows each has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by

from plugin_api.db import connection
from plugin_api.fields import Field, FieldType, kind_of
from plugin_api.kinds import Kind
from plugins.database.engine.ordering import Term
from plugins.database.engine.read import RowQuery
from plugins.database.shape import TableShape

_REFERRING = frozenset({Kind.MULTIPLE_SELECT, Kind.LINKS, Kind.COLLABORATORS})
_NONE: sa.ColumnElement[Any] = sa.literal_column("'[]'::json")
_UNGROUPED = frozenset({Kind.FILE, Kind.FILES, Kind.ARRAY, Kind.PERSON, Kind.SECRET, Kind.OTHER})


def can_group(kind: FieldType, field: Field) -> bool:
    """Whether rows can be grouped by a field: by values that can be ordered and compared as a whole."""
    return kind.can_sort and kind_of(kind, field) not in _UNGROUPED


def group_metadata(query: RowQuery, groups: Sequence[Term], limit: int, offset: int) -> dict[str, Any]:
    """The groups of the rows on a page, by the field of each level: one query.

    Each group has the value of its level's field and of those above, as they are in rows but for references, which are
    ids (joined by commas where there may be several), and the number of all rows that have them, on other pages too.
    """
    fields = [term.field for term in groups]
    values = [_value(query.shape, field).label(field.column) for field in fields]
    kept = query.base(*values).cte("kept")
    cut = query.base(*values).order_by(*query.ordering()).limit(limit).offset(offset).correlate(None).subquery("cut")
    page = sa.select(*cut.c, sa.func.row_number().over().label("place")).cte("page")
    levels = [_level(kept, page, fields[: n + 1]).label(field.column) for n, field in enumerate(fields)]
    found = connection().execute(sa.select(*levels)).mappings().one()
    return dict(found)


def _value(shape: TableShape, field: Field) -> sa.ColumnElement[Any]:
    """What groups are told apart by, as clients are shown it."""
    kind = shape.type_of(field)
    own, value = kind_of(kind, field), kind.value(field, shape.row)
    if own in _REFERRING:
        return sa.func.coalesce(sa.func.array_to_string(value, ","), "") if isinstance(value.type, sa.ARRAY) else value
    return value if own == Kind.SINGLE_SELECT else kind.read(field, shape.row)


def _level(kept: sa.CTE, page: sa.CTE, fields: Sequence[Field]) -> sa.ScalarSelect[Any]:
    """The groups of a level: those whose own value is on the page, the ones that begin there in its order."""
    names = [field.column for field in fields]
    keys = [kept.c[name] for name in names]
    groups = sa.select(*keys, sa.func.count().label("count")).group_by(*keys).subquery("groups")
    own = names[-1]
    shown = sa.select(page.c[own])
    empty = sa.and_(groups.c[own].is_(None), sa.exists().where(page.c[own].is_(None)))
    same = sa.and_(*(page.c[name].is_not_distinct_from(groups.c[name]) for name in names))
    first = sa.select(sa.func.min(page.c.place)).where(same).correlate(groups).scalar_subquery()
    found = sa.select(*groups.c, first.label("place")).where(sa.or_(groups.c[own].in_(shown), empty))
    chosen = found.subquery("chosen")
    group = sa.func.to_jsonb(chosen.table_valued()).op("-")(sa.literal_column("'place'"))
    gathered = sa.func.coalesce(sa.func.json_agg(aggregate_order_by(group, chosen.c.place)), _NONE)
    return sa.select(gathered).select_from(chosen).scalar_subquery()
