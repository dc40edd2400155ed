"""What is exported of formulas' values where it is not what people read: lists and links."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by

from plugin_api.selects import OPTION
from plugin_api.sql import quoted_csv
from plugins.formulas.representation import helper
from plugins.formulas.types import Type
from plugins.formulas.values import Column

_LISTS = ("multiple_collaborators", "array")
_LINKS = ("link", "button")


def exported_text(found: Type, value: Column) -> Column | None:
    """Lists as texts; None for other types."""
    if found.name == "multiple_select":
        return _chosen(value, lambda n: _joined(OPTION.c.value, n))
    return _items(value, _joined) if found.name in _LISTS else None


def exported_value(found: Type, value: Column) -> Column | None:
    """Lists and links as JSON; None for other types."""
    if found.name == "multiple_select":
        return _or_empty(_chosen(value, lambda n: sa.func.jsonb_agg(aggregate_order_by(OPTION.c.value, n))))
    if found.name in _LISTS:
        return _or_empty(_items(value, lambda text, n: sa.func.jsonb_agg(aggregate_order_by(text, n))))
    return value if found.name in _LINKS else None


def _joined(text: Column, n: Column) -> Column:
    return sa.func.string_agg(quoted_csv(text), aggregate_order_by(sa.literal(","), n))


def _or_empty(listed: Column) -> Column:
    return sa.func.coalesce(listed, sa.literal_column("'[]'::jsonb"))


def _items(value: Column, aggregate: Any) -> Column:
    """An aggregate of what people read of each item of a list."""
    item = sa.column("item", JSONB())
    listed = sa.func.jsonb_array_elements(helper.items(value)).table_valued(item, with_ordinality="n")
    items = listed.render_derived(name="exported")
    text = sa.func.coalesce(helper.list_text(sa.func.jsonb_build_array(items.c.item)), "", type_=sa.Text())
    return sa.select(aggregate(text, items.c.n)).select_from(items).correlate_except(items).scalar_subquery()


def _chosen(value: Column, aggregate: Any) -> Column:
    """An aggregate of the names of options."""
    ids = sa.func.unnest(value).table_valued(sa.column("id", sa.BigInteger), with_ordinality="n").render_derived()
    joined = ids.join(OPTION, OPTION.c.id == ids.c.id)
    return sa.select(aggregate(ids.c.n)).select_from(joined).correlate_except(joined).scalar_subquery()
