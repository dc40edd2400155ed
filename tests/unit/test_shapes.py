"""What a process keeps of tables is bounded by their fields, not by their number alone."""

from __future__ import annotations

import pytest

from plugin_api.fields import Field
from plugins.database.shape import Shapes, TableShape


def shape(table_id: int, fields: int, version: int = 1) -> TableShape:
    """A table with so many fields."""
    made = tuple(Field(number, table_id, f"F{number}", "text", number == 0, number) for number in range(fields))
    return TableShape(table_id, 1, version, made)


def kept(shapes: Shapes, *ids: int) -> list[int]:
    """Those of the tables that are kept, in an order that makes none of them fresher than before."""
    return [table_id for table_id in ids if shapes.get(table_id) is not None]


def test_those_that_were_not_used_for_longest_go() -> None:
    shapes = Shapes(100)
    for table_id in (1, 2, 3):
        shapes.keep(shape(table_id, 26))
    assert shapes.get(1) is not None
    shapes.keep(shape(4, 26))
    assert kept(shapes, 1, 2, 3, 4) == [1, 3, 4]


def test_a_wide_table_takes_the_place_of_many() -> None:
    shapes = Shapes(100)
    for table_id in range(10):
        shapes.keep(shape(table_id, 6))
    assert kept(shapes, *range(10)) == list(range(10))
    shapes.keep(shape(10, 76))
    assert kept(shapes, *range(11)) == [8, 9, 10]
    shapes.keep(shape(11, 5000))
    assert kept(shapes, *range(12)) == [11], "one is always kept, or nothing would be"


def test_another_version_takes_the_place_of_its_own() -> None:
    shapes = Shapes(60)
    for version in range(1, 20):
        shapes.keep(shape(1, 26, version))
    shapes.keep(shape(2, 26))
    found = shapes.get(1)
    assert found is not None and found.version == 19


@pytest.mark.parametrize(("fields", "most"), [(3, 100), (79, 50), (500, 16)])
def test_the_more_fields_a_table_has_the_fewer_things_are_kept_compiled(fields: int, most: int) -> None:
    made: list[int] = []
    table = shape(1, fields)

    def compiled(key: int) -> int:
        return table.compiled(key, lambda: made.append(key) or key)

    assert [compiled(key) for key in (*range(most), *range(most))] == [*range(most), *range(most)]
    assert len(made) == most
    compiled(most)
    assert compiled(0) == 0 and len(made) == most + 2, "all are made anew when there are too many"
