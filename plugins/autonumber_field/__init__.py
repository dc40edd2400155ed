"""The field type `autonumber`: a number each row gets when it is made, never used twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from plugin_api import Plugin, hookimpl
from plugin_api.archives import ArchivedFieldMixin, ArchiveReader
from plugin_api.db import connection
from plugin_api.exporters import ExportsMixin
from plugin_api.fields import Batch, Column, CreatedMixin, EffectsMixin, Field, FieldType, Prepared, Row
from plugin_api.kinds import Kind
from plugin_api.schemas import MAX_INT, Int, Schema, as_int
from plugins.database.shape import latest_shape, rows_table
from plugins.database.views import saved_rows

plugin = Plugin(name="autonumber_field", version="1.0", title="Autonumber", api=(1, 0), requires=("database",))


class AutonumberOptions(Schema):
    """How the rows that are there already are numbered."""

    view_id = Int(load_only=True, allow_none=True, metadata={"description": "A view whose order the numbers follow."})


class AutonumberField(FieldType, CreatedMixin, EffectsMixin, ExportsMixin, ArchivedFieldMixin):
    """Numbers from a sequence of the field's own; rows that are there already are numbered in their order."""

    type = "autonumber"
    kind = Kind.NUMBER
    read_only = True
    options_schema = AutonumberOptions

    def column(self, field: Field) -> Column:
        """A whole number; its default comes with the sequence."""
        return Column(sa.BigInteger())

    def export_value(self, field: Field, row: Row) -> sa.ColumnElement[Any]:
        """A number."""
        return self.value(field, row)

    def archived(self, field: Field, row: Row) -> sa.ColumnElement[Any]:
        """The number."""
        return row.c[field.column]

    def unarchived(self, field: Field, values: Sequence[Any], batch: Batch, archive: ArchiveReader) -> Prepared:
        """The same number; rows without one get one in the end."""
        numbers = [as_int(value) for value in values]
        return Prepared([number if number and 0 < number < MAX_INT else None for number in numbers])

    def created(self, field: Field, row: sa.Table, connection: sa.Connection) -> None:
        """Number the rows, those in the trash last, and let new rows take the next number."""
        table, sequence, column = _names(field, row)
        for statement in (
            f"CREATE SEQUENCE {sequence} OWNED BY {table}.{column}",
            f"UPDATE {table} t SET {column} = numbered.n FROM (SELECT id, row_number() OVER"
            f' (ORDER BY trashed_on IS NOT NULL, "order", id) AS n FROM {table}) numbered WHERE numbered.id = t.id',
            f"ALTER TABLE {table} ALTER COLUMN {column} SET DEFAULT nextval('{sequence}')",
        ):
            connection.exec_driver_sql(statement)
        self.filled(field, row, connection)

    def filled(self, field: Field, row: sa.Table, connection: sa.Connection) -> None:
        """Go on after the highest number there is; number the rows that have none."""
        table, sequence, column = _names(field, row)
        connection.exec_driver_sql(f"SELECT setval('{sequence}', coalesce(max({column}), 0) + 1, false) FROM {table}")
        connection.exec_driver_sql(f"UPDATE {table} SET {column} = nextval('{sequence}') WHERE {column} IS NULL")

    def added(self, field: Field, given: Mapping[str, Any]) -> None:
        """With a view, the rows are numbered in its order; those it does not show come after the others."""
        if given.get("view_id") is not None:
            number_as_in_view(field, int(given["view_id"]))


def number_as_in_view(field: Field, view_id: int) -> None:
    """Number all rows anew."""
    shape = latest_shape(field.table_id)
    saved = saved_rows(view_id, shape)
    row = shape.row
    outside = sa.literal(0) if saved.where is None else sa.case((saved.where, 0), else_=1)
    order = [row.c.trashed_on.is_not(None), outside, *saved.order_by, row.c.order, row.c.id]
    numbered = sa.select(row.c.id, sa.func.row_number().over(order_by=order).label("n")).subquery("numbered")
    table = rows_table(shape.workspace_id, shape.id, shape.fields)
    change = sa.update(table).where(table.c.id == numbered.c.id).values({field.column: numbered.c.n})
    connection().execute(change)


def _names(field: Field, row: sa.Table) -> tuple[str, str, str]:
    return f'"{row.schema}"."{row.name}"', f'"{row.schema}"."{field.column}_seq"', f'"{field.column}"'


@hookimpl
def register_field_types() -> list[FieldType]:
    """Provide `autonumber`."""
    return [AutonumberField()]
