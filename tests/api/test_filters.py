"""Filters over HTTP: lists, people, files, values that make no sense, and types of third parties."""

from __future__ import annotations

import itertools
from typing import Any
from urllib.parse import quote

import pytest

from plugin_api.fields import Field, FieldType, ItemsMixin, kind_of
from plugin_api.filters import FilterType
from plugin_api.platform import registry
from tests.filters import Filters
from tests.formulas import Workbook
from tests.tables import Database
from tests.world import World

UNSUPPORTED = "ERROR_VIEW_FILTER_TYPE_UNSUPPORTED_FIELD"
JUNK = [
    *("-1", "0", "9" * 40, "-" + "9" * 400, "1e400", "NaN", "Infinity", "0.1.2", "٣", "1_0"),
    *(
        "",
        "\x7f\u202e",
        "😀",
        "x" * 20_000,
        "é" * 3000,
        "'; DROP",
        "\\",
        "%_%",
        "\\m",
        "***:",
        "(?i)[",
        '"',
        ",",
    ),
    *("0,-1,999999999999999999999", "true", "image", "UTC", "?", "??", "???", "UTC?", "UTC?x", "Nope/Zone??today"),
    *("UTC??today", "UTC?99999999999999?nr_days_ago", "UTC?-99999999?nr_months_from_now"),
    *("UTC?9999-12-31?exact_date", "UTC?0001-01-01?exact_date", "Pacific/Auckland?0001-01-01?exact_date"),
    *("Pacific/Pago_Pago?9999-12-31?exact_date", "UTC?10000-01-01?exact_date", "UTC?2020-02-30?exact_date"),
    *("UTC?8000?nr_years_from_now", "UTC?3000000?nr_days_from_now", "Pacific/Auckland?0001-01-01", "UTC?9999-12-31"),
    *("UTC?0001-01-01T00:00:00+14:00", "UTC?9999-12-31T23:59:59-14:00", "../etc/passwd??today", "9:99:99", "1h 1h"),
]

SOME = ["9" * 40, "x" * 3000, "😀", "UTC??today", "UTC?0001-01-01?exact_date", "1"]


def names(subjects: dict[str, tuple[Field, FieldType]]) -> list[tuple[str, str]]:
    """Every field with every filter type it can have."""
    types: list[FilterType] = registry("filter_types").values()
    return [
        (name, kind.type)
        for (name, (field, of)), kind in itertools.product(subjects.items(), types)
        if kind.applies_to(of, field)
    ]


class Everything:
    """A table with a field of every type, and one that looks all of them up."""

    def __init__(self, api: Any) -> None:
        self.world = World(api)
        self.base = self.world.base
        assert api.post(f"/api/database/rows/table/{self.world.table_id}/", self.world.row())[0] == 200
        self.lookups = self.base.table("Lookups", [["Name"], ["one"], ["none"]])
        link = self.base.add_field(self.lookups, "Link", "link_row", link_row_table_id=self.world.table_id)
        linked = {f"field_{link}": [1, 2, 5]}
        assert api.patch(f"/api/database/rows/table/{self.lookups}/1/", linked)[0] == 200
        for name, field in self.world.fields.items():
            options = {"through_field_id": link, "target_field_id": field}
            self.base.add_field(self.lookups, f"look {name}", "lookup", **options)

    def subjects(self, table_id: int) -> dict[str, tuple[Field, FieldType]]:
        """The fields of a table with their types."""
        from plugin_api.db import begin

        with begin():
            shape = self.base.shape(table_id)
            return {field.name: (field, shape.type_of(field)) for field in shape.fields}


def test_no_filter_of_any_type_on_any_field_fails(api: Any) -> None:
    """All of the junk for every kind of values, some of it for every field."""
    everything, tried, kinds = Everything(api), set(), set()
    for table_id in (everything.world.table_id, everything.lookups):
        filters, subjects = Filters(api, table_id), everything.subjects(table_id)
        for name, filter_type in names(subjects):
            tried.add(filter_type)
            kind = (filter_type, _kinds(*subjects[name]))
            ways = [{"field": name, "type": filter_type, "value": junk} for junk in (SOME if kind in kinds else JUNK)]
            kinds.add(kind)
            status, body = filters.tree({"filter_type": "OR", "filters": ways}, include=f"Name,{name}")
            assert status == 200 or _culprit(filters, ways) is None, (name, filter_type, body)
    assert tried == {name for name in registry("filter_types") if not name.startswith("lab")} - {"in"} | {
        "lab_ends_with",
        "lab_ends_not_with",
        "lab_has_ending",
    }


def test_no_filter_takes_null_characters(sheet: Any) -> None:
    assert Filters(sheet.api, sheet.id).listed("Name", "equal", "a\0b")[0] == 400


def _kinds(field: Field, kind: FieldType) -> tuple[str, ...]:
    items = kind.item_kind(field) if isinstance(kind, ItemsMixin) else ""
    return (kind_of(kind, field), items)


def _culprit(filters: Filters, ways: list[dict[str, str]]) -> str | None:
    """The value that alone makes it fail."""
    for way in ways:
        status, body = filters.tree({"filter_type": "AND", "filters": [way]})
        assert status == 200, (way, body)
    return None


def test_filters_that_do_not_fit_are_refused(api: Any) -> None:
    everything = Everything(api)
    filters, fitting = Filters(api, everything.world.table_id), names(everything.subjects(everything.world.table_id))
    for name, filter_type in itertools.product(("text", "file", "uuid", "created_by"), registry("filter_types")):
        field = "Name" if name == "text" else name
        if (field, filter_type) not in fitting:
            status, body = filters.listed(field, filter_type, "1")
            assert (status, body["error"]) == (400, UNSUPPORTED), (field, filter_type)


def test_negated_types_keep_what_the_others_do_not(api: Any) -> None:
    """Whatever the value is, unless it means no filter: then both keep everything."""
    everything = Everything(api)
    filters = Filters(api, everything.world.table_id)
    fitting, rows = names(everything.subjects(everything.world.table_id)), 4
    pairs = [
        (opposite.type, found.type) for found in registry("filter_types").values() if (opposite := _opposite(found))
    ]
    for (name, filter_type), (positive, negative) in itertools.product(fitting, pairs):
        if filter_type != positive:
            continue
        for value in ("1", "x", "UTC??today"):
            kept, left = filters.kept(name, positive, value), filters.kept(name, negative, value)
            assert len(kept) + len(left) == rows or len(kept) == len(left) == rows, (name, positive, value)


def _opposite(found: FilterType) -> FilterType | None:
    return getattr(found, "opposite", None)


@pytest.fixture
def book(api: Any) -> Workbook:
    """Orders with lookups of every field of their items."""
    made = Workbook(api)
    for name in ("Text", "Num", "Flag", "Day", "At", "Kind", "Tags", "Site"):
        made.add(f"L{name}", "lookup", through_field_name="Items", target_field_name=name)
    return made


def test_lists(book: Workbook) -> None:
    kept = Filters(book.api, book.orders).kept
    for field, filter_type, value, expected in [
        ("LText", "has_value_equal", "a,b,c", ["1"]),
        ("LText", "has_value_contains", "WORLD", ["1"]),
        ("LText", "has_value_contains_word", "hell", []),
        ("LText", "has_value_length_is_lower_than", "6", ["1"]),
        ("LText", "has_empty_value", "", ["2"]),
        ("LText", "empty", "", ["2", "3"]),
        ("LNum", "has_value_equal", "2.5", ["1"]),
        ("LNum", "has_not_value_equal", "2.5", ["2", "3"]),
        ("LNum", "has_value_lower", "0", ["1"]),
        ("LNum", "has_not_value_lower", "x", ["1", "2", "3"]),
        ("LFlag", "has_value_equal", "true", ["1"]),
        ("LFlag", "has_all_values_equal", "false", ["2"]),
        ("LFlag", "has_all_values_equal", "true", []),
        ("LDay", "has_date_equal", "UTC?2020-02-29?exact_date", ["1"]),
        ("LDay", "has_date_before", "UTC?2019-12-31?exact_date", []),
        ("LDay", "has_not_date_after", "UTC?2020-01-01?exact_date", ["2", "3"]),
        ("LDay", "has_value_contains", "2019", ["1"]),
        ("LAt", "has_date_equal", "Europe/Amsterdam?2020-01-01?exact_date", ["1"]),
        ("LKind", "has_value_contains", "big", ["1"]),
        ("LKind", "has_empty_value", "", ["2"]),
        ("LTags", "has_value_contains_word", "small", ["1"]),
        ("LTags", "has_empty_value", "", ["2"]),
        ("LSite", "has_value_contains", "EXAMPLE", ["1"]),
        ("LSite", "not_empty", "", ["1"]),
    ]:
        assert kept(field, filter_type, value) == expected, (field, filter_type, value)


def test_lists_of_options(book: Workbook) -> None:
    fields = {field["name"]: field for field in book.api.get(f"/api/database/fields/table/{book.items.id}/")[1]}
    (big, small), (tag_big, tag_small) = (
        [o["id"] for o in fields[name]["select_options"]] for name in ("Kind", "Tags")
    )
    kept = Filters(book.api, book.orders).kept
    for field, filter_type, value, expected in [
        ("LKind", "has_value_equal", f"{big}", ["1"]),
        ("LKind", "has_value_equal", "Big", []),
        ("LKind", "has_not_value_equal", f"{small}", ["2", "3"]),
        ("LKind", "has_any_select_option_equal", f"999999,{small}", ["1"]),
        ("LKind", "has_none_select_option_equal", f"{big}", ["2", "3"]),
        ("LTags", "has_value_equal", f"{tag_small},{tag_big}", ["1"]),
        ("LTags", "has_value_equal", f"{tag_big}", []),
        ("LTags", "has_any_select_option_equal", f"{tag_big}", ["1"]),
        ("LTags", "has_none_select_option_equal", "word", ["1", "2", "3"]),
    ]:
        assert kept(field, filter_type, value) == expected, (field, filter_type, value)


def test_linked_rows_in_the_trash_are_not_linked(book: Workbook) -> None:
    kept = Filters(book.api, book.orders).kept
    assert kept("Items", "link_row_has", "2") == kept("Items", "link_row_contains", "TWO") == ["1"]
    assert kept("Items", "link_row_has", "2,3") == ["1", "2"]
    for row in (2, 3):
        assert book.api.delete(f"/api/database/rows/table/{book.items.id}/{row}/")[0] == 204
    assert kept("Items", "link_row_has", "2") == kept("Items", "link_row_contains", "two") == []
    assert kept("Items", "link_row_has_not", "2") == kept("Items", "link_row_not_contains", "two") == ["1", "2", "3"]
    assert kept("Items", "empty") == ["2", "3"] and kept("Items", "not_empty") == ["1"]


def test_people_of_formulas(book: Workbook) -> None:
    book.items.add("Who", "multiple_collaborators")
    me = book.api.user["id"]
    path = f"/api/database/rows/table/{book.items.id}/1/?user_field_names=true"
    assert book.api.patch(path, {"Who": [{"id": me}]})[0] == 200
    book.add("Same", "formula", book.items.id, formula="field('Who')")
    kept = Filters(book.api, book.items.id).kept
    for field in ("Who", "Same"):
        assert kept(field, "multiple_collaborators_has", str(me)) == ["one"]
        assert kept(field, "multiple_collaborators_has_not", str(me)) == ["two", "three"]
        assert kept(field, "empty") == ["two", "three"]


def test_a_field_can_be_named_both_ways(sheet: Any) -> None:
    sheet.insert({"Name": "a"}, {"Name": "b"})
    status, fields = sheet.api.get(sheet.path)
    rows, key = f"/api/database/rows/table/{sheet.id}/", f"field_{fields[0]['id']}"
    for query, count in [
        (f"user_field_names=true&filter__{key}__equal=a", 1),
        (f"filter__{key}__equal=a", 1),
        ("user_field_names=true&filter__Name__equal=a", 1),
        ("filter__Name__equal=a", 2),
        ("filter__Nobody__equal=a", 2),
        ("filter__field_id__in=2,x,7", 1),
        ("filter__field_id__in=x", 0),
        ("filter__field_id__in=", 2),
        ("filter__field_created_on__date_is=" + quote("UTC??today"), 2),
        ("filter__field_updated_on__date_is_before=" + quote("UTC??today"), 0),
    ]:
        status, body = sheet.api.get(f"{rows}?{query}")
        assert (status, body["count"]) == (200, count), query
    status, body = sheet.api.get(f"{rows}?filter__field_id__equal=1")
    assert (status, body["error"]) == (400, UNSUPPORTED)


def test_views_have_filters_on_fields_alone(api: Any) -> None:
    base = Database(api)
    table = base.table("Table", [["Name"], ["a"]])
    view = api.get(f"/api/database/views/table/{table}/")[1][0]["id"]
    path, field = f"/api/database/views/{view}/filters/", base.fields(table)[0]["id"]
    status, body = api.post(path, {"field": field, "type": "in", "value": "1"})
    assert (status, body["detail"]["type"][0]["code"]) == (400, "invalid_choice")
    status, body = api.post(path, {"field": 99_999_999, "type": "equal", "value": "1"})
    assert (status, body["detail"]["field"][0]["code"]) == (400, "does_not_exist")


def test_types_of_a_third_party(sheet: Any) -> None:
    sheet.add("Far", "lab_distance")
    sheet.add("Words", "lab_words")
    sheet.add("Kind", "single_select", select_options=[{"value": "old town", "color": "red"}])
    sheet.insert(
        {"Name": "a town", "Far": 10, "Words": ["Red", "blue"], "Kind": "old town"},
        {"Name": "b", "Far": 7, "Words": []},
        {"Name": "c"},
    )
    kept = Filters(sheet.api, sheet.id).kept
    for field, filter_type, value, expected in [
        ("Name", "lab_ends_with", "town", ["a town"]),
        ("Name", "lab_ends_not_with", "town", ["b", "c"]),
        ("Kind", "lab_ends_with", "town", ["a town"]),
        ("Words", "lab_has_ending", "ue", ["a town"]),
        ("Far", "higher_than", "7.5", ["a town"]),
        ("Far", "equal", "7", ["b"]),
        ("Far", "contains", "1", ["a town"]),
        ("Far", "is_even_and_whole", "", ["a town"]),
        ("Far", "empty", "", ["c"]),
        ("Words", "has_value_equal", "blue", ["a town"]),
        ("Words", "has_not_value_contains", "RED", ["b", "c"]),
        ("Words", "has_value_length_is_lower_than", "4", ["a town"]),
        ("Words", "empty", "", ["b", "c"]),
    ]:
        assert kept(field, filter_type, value) == expected, (field, filter_type, value)
    assert Filters(sheet.api, sheet.id).listed("Words", "has_value_higher", "1")[0] == 400


def test_filters_of_views_know_the_names_of_rows(book: Workbook) -> None:
    view = book.api.post(f"/api/database/views/table/{book.orders}/", {"name": "V", "type": "grid"})[1]["id"]
    path, field = f"/api/database/views/{view}/filters/", {"field": book.link}
    for filter_type, value, expected in [
        ("link_row_has", "2", {"display_name": "two"}),
        ("link_row_has_not", "1,2", {"display_name": "one"}),
        ("link_row_has", "99", {}),
        ("link_row_has", "x", {}),
        ("link_row_contains", "2", {}),
        ("link_row_has", "", {}),
    ]:
        status, made = book.api.post(path, {**field, "type": filter_type, "value": value})
        assert (status, made["preload_values"]) == (200, expected), (filter_type, value)
        assert book.api.get(f"/api/database/views/filter/{made['id']}/")[1] == made
    listed = book.api.get(path)[1]
    assert [one["preload_values"].get("display_name") for one in listed] == ["two", "one", None, None, None, None]
    assert book.api.get(f"/api/database/views/{view}/?include=filters")[1]["filters"] == listed
