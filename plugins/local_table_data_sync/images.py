"""What fields of a table look like in one that follows it: the same where values stand alone, else what people read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from plugin_api.fields import Field, FieldType, SelectOptionsMixin, kind_of
from plugin_api.kinds import Kind
from plugins.data_sync.kinds import Property
from plugins.data_sync.properties import MOMENT
from plugins.database.shape import AbsentType, TableShape

_SAME = frozenset(
    {
        "text",
        "long_text",
        "url",
        "email",
        "phone_number",
        "number",
        "rating",
        "boolean",
        "date",
        "duration",
        "file",
        "single_select",
        "multiple_select",
    }
)
_LEFT_OUT = frozenset({"password"})
_DATE_OPTIONS = ("date_format", "date_include_time", "date_time_format", "date_show_tzinfo", "date_force_timezone")
_DECIMALS = 10

Value = Callable[[Field], sa.ColumnElement[Any]]


@dataclass(frozen=True)
class Image:
    """The type and options a field has in a table that follows; `value` is what to store in a field of that kind."""

    type: str
    value: Value
    options: Mapping[str, Any] = field(default_factory=dict)
    select_options: Sequence[Mapping[str, str]] = ()

    def property(self, found: Field) -> Property:
        """As a property."""
        return Property(found.column, found.name, self.type, self.options, self.select_options)


def image_of(shape: TableShape, found: Field) -> Image | None:
    """What a field looks like elsewhere; None for those that cannot be seen there."""
    kind, row = shape.type_of(found), shape.row
    if found.type in _LEFT_OUT or isinstance(kind, AbsentType):
        return None
    if found.type in _SAME:
        return _same(found, kind, row)
    value = kind.value(found, row)
    match kind_of(kind, found):
        case Kind.NUMBER:
            options = {"number_decimal_places": _DECIMALS, "number_negative": True}
            return Image("number", lambda _: sa.func.round(sa.cast(value, sa.Numeric), _DECIMALS), options)
        case Kind.BOOLEAN:
            return Image("boolean", lambda _: value)
        case Kind.DATE | Kind.DATETIME as dated:
            return _dated(found, value, dated is Kind.DATETIME)
    text = kind.text(found, row)
    return Image("long_text", lambda _: text)


def _dated(found: Field, value: sa.ColumnElement[Any], timed: bool) -> Image:
    own = {name: found.options[name] for name in _DATE_OPTIONS if name in found.options}
    options = {**MOMENT, **own, "date_include_time": timed}
    return Image("date", lambda _: sa.cast(value, sa.DateTime(timezone=True) if timed else sa.Date()), options)


def _same(found: Field, kind: FieldType, row: sa.FromClause) -> Image:
    stored: sa.ColumnElement[Any] = row.c[found.column]
    names = kind.options_schema().fields
    options = {name: value for name, value in found.options.items() if name in names and not name.endswith("_default")}
    if not isinstance(kind, SelectOptionsMixin):
        return Image(found.type, lambda _: stored, options)
    choices = [{"value": option.value, "color": option.color} for option in found.select_options]

    def chosen(target: Field) -> sa.ColumnElement[Any]:
        pairs = zip(found.select_options, target.select_options, strict=True)
        return kind.remapped(stored, {old.id: new.id for old, new in pairs})

    return Image(found.type, chosen, options, choices)
