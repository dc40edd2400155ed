"""The field type `version_number` keeps what every field type promises, and orders and filters as people count."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from tablewright_version_number import VersionNumberField

from plugin_api.fields import Field
from plugin_api.testing import Bench, FieldCase, Instance, Sample, check_field_behaviour, check_field_type

SAMPLES = [
    Sample("1.10.2", "1.10.2", "1.10.2"),
    Sample(" v2 ", "2", "2"),
    Sample(3.5, "3.5", "3.5"),
    Sample(None, None),
]
REFUSED = [("latest", "invalid"), ("1..2", "invalid"), ([], "invalid"), ("9" * 10, "invalid")]


def test_field_type(field_connection: sa.Connection) -> None:
    check_field_type(VersionNumberField(), field_connection, samples=SAMPLES, refused=REFUSED)


def test_it_behaves_as_every_field_type_does(instance: Instance) -> None:
    """Batches, searches, filters, exports, formulas, lookups, copies, changes of type, undo and the trash."""
    check_field_behaviour(instance, FieldCase("version_number", SAMPLES[:3], refused=REFUSED))


def test_order_is_by_numbers(field_connection: sa.Connection) -> None:
    field = Field(1, 1, "Version", "version_number")
    row = sa.values(sa.column("field_1", sa.Text), name="t").data([("1.10",), ("1.9.3",), ("1.9",), ("0.12",)])
    query = sa.select(row.c.field_1).order_by(*VersionNumberField().sort(field, row))
    assert list(field_connection.scalars(query)) == ["0.12", "1.9", "1.9.3", "1.10"]


@pytest.fixture
def releases(instance: Instance) -> tuple[Bench, int]:
    """A table of releases."""
    bench = Bench(instance)
    table = bench.table(["1.10", "1.9", "0.12", "none"])
    bench.field(table, "Release", "version_number")
    bench.write(table, [{"id": n, "Release": text} for n, text in enumerate(["1.10", "v1.9", "0.12"], 1)])
    return bench, table


def test_filters_compare_by_numbers(releases: tuple[Bench, int]) -> None:
    bench, table = releases
    assert bench.ids(table, "&filter__Release__version_at_least=1.9") == [1, 2]
    assert bench.ids(table, "&filter__Release__version_below=v1.10") == [2, 3]
    assert bench.ids(table, "&filter__Release__version_below=soon") == []
    assert bench.ids(table, "&filter__Release__contains=1.1") == [1]
    status, answer = bench.ask(
        "GET", f"/api/database/rows/table/{table}/?user_field_names=true&filter__Name__version_below=1"
    )
    assert status == 400, answer


def test_formulas_see_the_text(releases: tuple[Bench, int]) -> None:
    bench, table = releases
    bench.field(table, "Told", "formula", formula="concat('Release ', field('Release'))")
    assert bench.column(table, "Told")[:3] == ["Release 1.10", "Release 1.9", "Release 0.12"]
    bench.write(table, [{"id": 1, "Release": "2.0"}])
    assert bench.column(table, "Told")[0] == "Release 2.0"


def test_texts_become_versions(releases: tuple[Bench, int]) -> None:
    bench, table = releases
    bench.field(table, "Copy", "formula", formula="field('Name')")
    field = next(one for one in bench.done("GET", f"/api/database/fields/table/{table}/") if one["name"] == "Copy")
    bench.done("PATCH", f"/api/database/fields/{field['id']}/", {"type": "version_number"})
    assert bench.column(table, "Copy") == ["1.10", "1.9", "0.12", None]
