"""The field type `version_number` keeps what every field type promises, and orders as people count."""

from __future__ import annotations

import sqlalchemy as sa
from tablewright_version_number import VersionNumberField

from plugin_api.fields import Field
from plugin_api.testing import Sample, check_field_type


def test_field_type(field_connection: sa.Connection) -> None:
    check_field_type(
        VersionNumberField(),
        field_connection,
        samples=[Sample("1.10.2", "1.10.2"), Sample(" v2 ", "2", text="2"), Sample(3.5, "3.5"), Sample(None, None)],
        refused=[("latest", "invalid"), ("1..2", "invalid"), ([], "invalid"), ("9" * 10, "invalid")],
    )


def test_order_is_by_numbers(field_connection: sa.Connection) -> None:
    field = Field(1, 1, "Version", "version_number")
    row = sa.values(sa.column("field_1", sa.Text), name="t").data([("1.10",), ("1.9.3",), ("1.9",), ("0.12",)])
    query = sa.select(row.c.field_1).order_by(*VersionNumberField().sort(field, row))
    assert list(field_connection.scalars(query)) == ["0.12", "1.9", "1.9.3", "1.10"]
