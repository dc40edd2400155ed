"""The columns of a table on another server: what fields they become, and how their values are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from psycopg import sql

from plugins.data_sync.kinds import Property, Settings, SyncError
from plugins.data_sync.properties import MOMENT
from plugins.postgresql_data_sync.server import Connection, failures

_DECIMALS = 10
_COLUMNS = """
    SELECT a.attname, format_type(a.atttypid, NULL), a.atttypmod, coalesce(a.attnum = ANY(i.indkey), false)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
    WHERE n.nspname = %s AND c.relname = %s AND c.relkind IN ('r', 'v', 'm', 'f', 'p')
    ORDER BY a.attnum
"""
_WHOLE = frozenset({"smallint", "integer", "bigint"})
_FLOAT = frozenset({"real", "double precision"})
_LINES = frozenset({"character", "character varying", "uuid", '"char"', "name", "inet", "cidr", "macaddr"})
_MOMENTS = frozenset({"timestamp with time zone", "timestamp without time zone"})


@dataclass(frozen=True)
class Column:
    """A column: its type's name and modifier, and whether it is in the primary key."""

    name: str
    type: str
    modifier: int
    key: bool

    @property
    def decimals(self) -> int:
        """How many decimal places a field for it has."""
        if self.type in _WHOLE:
            return 0
        if self.type == "numeric" and self.modifier >= 4:
            scale = (self.modifier - 4) & 0x7FF
            return min(scale, _DECIMALS) if scale < 1024 else 0
        return _DECIMALS

    @property
    def value(self) -> sql.Composed:
        """SQL for the value, of the row `t`, as the field stores it; nothing where it cannot."""
        return sql.SQL(_VALUES[self.form]).format(
            value=sql.Identifier("t", self.name), places=sql.Literal(self.decimals)
        )

    @property
    def form(self) -> str:
        """How the value is read."""
        if self.type in _WHOLE or self.type == "boolean":
            return "plain"
        if self.type == "numeric" and self.decimals < _DECIMALS:
            return "exact"
        if self.type == "numeric" or self.type in _FLOAT:
            return "number"
        if self.type == "date":
            return "day"
        if self.type in _MOMENTS:
            return "zoned" if self.type == "timestamp with time zone" else "moment"
        return "text"


# NaN is larger than any number, and so left out like infinities and numbers no field can hold.
_VALUES = {
    "plain": "{value}",
    "text": "{value}::text",
    "exact": "CASE WHEN {value} > -1e49 AND {value} < 1e49 THEN {value} END",
    "number": "CASE WHEN {value} > -1e49 AND {value} < 1e49 THEN round({value}::numeric, {places}) END",
    "day": "CASE WHEN {value} BETWEEN '0001-01-01' AND '9999-12-31' THEN {value} END",
    "zoned": "CASE WHEN {value} BETWEEN '0001-01-02Z' AND '9999-12-30Z' THEN {value} END",
    "moment": "CASE WHEN {value} BETWEEN '0001-01-02' AND '9999-12-30' THEN {value} AT TIME ZONE 'UTC' END",
}


def read_columns(connection: Connection, settings: Settings) -> list[Column]:
    """The columns of the table. SyncError when there is none, or nothing that tells its rows apart."""
    place = settings["postgresql_schema"], settings["postgresql_table"]
    with failures():
        found = [Column(*row) for row in connection.execute(_COLUMNS, place)]
    if not found:
        raise SyncError(f'There is no table "{place[1]}" in the schema "{place[0]}", or its user may not see it.')
    if not any(column.key for column in found):
        raise SyncError(f'The table "{place[1]}" has no primary key, so its rows cannot be told apart.')
    return found


def as_property(column: Column) -> Property:
    """What a column becomes."""
    kind, options = _field(column)
    return Property(column.name, column.name, kind, options, unique=column.key)


def _field(column: Column) -> tuple[str, Mapping[str, Any]]:
    match column.form:
        case "number" | "exact":
            return "number", {"number_decimal_places": column.decimals, "number_negative": True}
        case "day":
            return "date", {"date_format": "ISO"}
        case "moment" | "zoned":
            return "date", MOMENT
        case "plain" if column.type == "boolean":
            return "boolean", {}
        case "plain":
            return "number", {"number_negative": True}
    return ("text" if column.type in _LINES else "long_text"), {}
