"""Figures about the rows of a query: all of them by one statement."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by

from plugin_api.aggregations import AggregationType, DistributionType
from plugin_api.db import connection
from plugin_api.fields import Field
from plugin_api.filters import Filtered
from plugins.database.engine.read import RowQuery

_TOTAL = "total"


@dataclass(frozen=True)
class Figure:
    """A figure to compute: what it is called in the answer, about which field, and of which type."""

    key: str
    field: Field
    type: AggregationType


def aggregate(query: RowQuery, figures: Iterable[Figure]) -> dict[str, Any]:
    """The figures about the rows of `query` by their keys, and how many rows there are as `total`."""
    shape = query.shape
    columns = [sa.func.count().label(_TOTAL)]
    for figure in figures:
        subject = Filtered(figure.field, shape.type_of(figure.field), shape.row)
        columns.append(_expression(query, figure.type, subject).label(figure.key))
    figures_of = query.base(*columns).subquery("figures")
    statement = sa.select(sa.cast(sa.func.row_to_json(figures_of.table_valued()), sa.Text))
    return dict(orjson.loads(connection().execute(statement).scalar_one()))


def _expression(query: RowQuery, kind: AggregationType, subject: Filtered) -> sa.ColumnElement[Any]:
    return _counted(query, kind, subject) if isinstance(kind, DistributionType) else kind.expression(subject)


def _counted(query: RowQuery, kind: DistributionType, subject: Filtered) -> sa.ColumnElement[Any]:
    """The commonest values; the same rows are looked at once more, grouped."""
    value = kind.value(subject)
    often = sa.func.count()
    found = query.base(value.label("value"), often.label("often")).group_by(value)
    found = found.order_by(often.desc(), value.asc().nulls_last()).limit(kind.most)
    top = found.correlate(None).subquery("top")
    pair = sa.func.json_build_array(top.c.value, top.c.often)
    ordered = aggregate_order_by(pair, top.c.often.desc(), top.c.value.asc().nulls_last())
    gathered = sa.func.coalesce(sa.func.json_agg(ordered), sa.literal_column("'[]'::json"))
    return sa.select(gathered).select_from(top).scalar_subquery()
