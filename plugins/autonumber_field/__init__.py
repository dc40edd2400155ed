"""The field type `autonumber`: a number each row gets when it is made, never used twice."""

from __future__ import annotations

import sqlalchemy as sa

from plugin_api import Plugin, hookimpl
from plugin_api.fields import Column, CreatedMixin, Field, FieldType
from plugin_api.kinds import Kind

plugin = Plugin(name="autonumber_field", version="1.0", title="Autonumber", api=(1, 0), requires=("database",))


class AutonumberField(FieldType, CreatedMixin):
    """Numbers from a sequence of the field's own; rows that are there already are numbered in their order."""

    type = "autonumber"
    kind = Kind.NUMBER
    read_only = True

    def column(self, field: Field) -> Column:
        """A whole number; its default comes with the sequence."""
        return Column(sa.BigInteger())

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


def _names(field: Field, row: sa.Table) -> tuple[str, str, str]:
    return f'"{row.schema}"."{row.name}"', f'"{row.schema}"."{field.column}_seq"', f'"{field.column}"'


@hookimpl
def register_field_types() -> list[FieldType]:
    """Provide `autonumber`."""
    return [AutonumberField()]
