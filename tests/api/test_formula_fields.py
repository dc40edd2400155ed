"""Formula, lookup, count and rollup fields over HTTP."""

from __future__ import annotations

from typing import Any

import pytest

from plugin_api.db import begin, connection
from plugins.formula_field import refresh
from tests.formulas import Workbook
from tests.tables import run_job


@pytest.fixture
def book(api: Any) -> Workbook:
    """Items, and orders linked to them."""
    return Workbook(api)


def item_fields(book: Workbook) -> dict[str, int]:
    """Ids of the items' fields by name."""
    return {field["name"]: field["id"] for field in book.api.get(book.items.path)[1]}


def patch_field(book: Workbook, field_id: int, **changes: Any) -> dict[str, Any]:
    """Change a field."""
    status, body = book.api.patch(book.items.field(field_id), changes)
    assert status == 200, body
    return dict(body)


def patch_item(book: Workbook, row_id: int, **values: Any) -> None:
    """Change an item."""
    path = f"/api/database/rows/table/{book.items.id}/{row_id}/?user_field_names=true"
    status, body = book.api.patch(path, values)
    assert status == 200, body


def rows(book: Workbook, query: str) -> list[str]:
    """The names of the orders a listing answers."""
    status, body = book.api.get(f"/api/database/rows/table/{book.orders}/?user_field_names=true&{query}")
    assert status == 200, body
    return [row["Name"] for row in body["results"]]


def test_values_follow_rows(book: Workbook) -> None:
    book.add("Total", "formula", formula="sum(lookup('Items', 'Num'))")
    book.add("Label", "formula", formula="concat(field('Name'), '=', field('Total'))")
    book.add("Double", "formula", book.items.id, formula="field('Num') * 2")
    book.add("Doubles", "formula", formula="sum(lookup('Items', 'Double'))")
    assert book.column("Label") == ["1=1.25", "2=0.00", "3=0.00"]
    patch_item(book, 1, Num="10")
    assert book.column("Label") == ["1=8.75", "2=0.00", "3=0.00"]
    assert book.column("Doubles") == ["17.50", "0.00", "0.00"]
    assert book.api.delete(f"/api/database/rows/table/{book.items.id}/2/")[0] == 204
    assert book.column("Doubles") == ["20.00", "0.00", "0.00"]


def test_values_are_read_only(book: Workbook) -> None:
    book.add("Twice", "formula", formula="2")
    path = f"/api/database/rows/table/{book.orders}/?user_field_names=true"
    status, body = book.api.post(path, {"Twice": 4})
    assert (status, body["error"]) == (400, "ERROR_REQUEST_BODY_VALIDATION")
    assert book.api.post(path, {"Name": "4"})[1]["Twice"] == "2"


def test_a_change_needs_the_formula(book: Workbook) -> None:
    field = book.add("F", "formula", formula="1")
    status, body = book.api.patch(book.items.field(field), {"name": "G"})
    assert (status, body["detail"]["formula"][0]["code"]) == (400, "required")
    assert patch_field(book, field, name="G", formula="'a'")["formula_type"] == "text"
    assert book.column("G") == ["a"] * 3


@pytest.mark.parametrize("formula", ["1 +", "field('Missing')", "upper(1)", "lookup('Items', 'Missing')", "nope()"])
def test_wrong_formulas_are_refused_and_nothing_is_kept(book: Workbook, formula: str) -> None:
    assert book.refused("F", "formula", formula=formula) == "ERROR_WITH_FORMULA"
    field = book.add("F", "formula", formula="1")
    status, body = book.api.patch(book.items.field(field), {"formula": formula})
    assert (status, body["error"]) == (400, "ERROR_WITH_FORMULA")
    assert book.field(field)["formula"] == "1" and book.column("F") == ["1"] * 3


def test_renames_are_followed_in_the_table(book: Workbook) -> None:
    field = book.add("F", "formula", formula="sum( lookup(\"Items\",'Num') ) + count(field('Items'))")
    changed = patch_field(book, book.link, name="It's \\")
    assert [related["id"] for related in changed["related_fields"]] == [field]
    assert book.field(field)["formula"] == "sum( lookup(\"It's \\\\\",'Num') ) + count(field('It\\'s \\\\'))"
    assert book.column("F") == ["3.25", "1.00", "0.00"]


def test_linked_names_are_not_followed_but_heal(book: Workbook) -> None:
    field, num = book.add("F", "formula", formula="sum(lookup('Items', 'Num'))"), item_fields(book)["Num"]
    book.add("G", "formula", formula="field('F') + 1")
    patch_field(book, num, name="Cost")
    assert book.field(field)["formula_type"] == "invalid" and "'Num'" in book.field(field)["error"]
    assert (book.column("F"), book.column("G")) == ([None] * 3, [None] * 3)
    patch_field(book, num, name="Num")
    assert book.field(field)["error"] is None and book.column("G") == ["2.25", "1.00", "1.00"]
    assert book.api.delete(book.items.field(num))[0] == 200
    assert book.field(field)["formula_type"] == "invalid"
    book.add("Num", "number", book.items.id, number_default=3)
    assert book.column("G") == ["7", "4", "1"]


def test_circles_are_refused(book: Workbook) -> None:
    first = book.add("A", "formula", formula="1")
    book.add("B", "formula", formula="field('A') + 1")
    book.add("Back", "formula", book.items.id, formula="sum(lookup('Orders', 'B'))")
    for formula, code in [
        ("field('B')", "ERROR_FIELD_CIRCULAR_REFERENCE"),
        ("field('A')", "ERROR_FIELD_SELF_REFERENCE"),
        ("sum(lookup('Items', 'Back'))", "ERROR_FIELD_CIRCULAR_REFERENCE"),
    ]:
        status, body = book.api.patch(book.items.field(first), {"formula": formula})
        assert (status, body["error"]) == (400, code)
    assert book.refused("Me", "formula", formula="field('Me')") == "ERROR_FIELD_SELF_REFERENCE"
    assert book.column("B") == ["2"] * 3


def test_settings_of_the_result(book: Workbook) -> None:
    options = {"number_decimal_places": 1, "number_prefix": "$"}
    field = book.add("F", "formula", formula="sum(lookup('Items', 'Num'))", **options)
    assert {key: book.field(field)[key] for key in options} == options
    assert book.column("F") == ["1.3", "0.0", "0.0"]
    date = book.add("D", "formula", formula="todate('2020', 'YYYY')", date_format="US", number_decimal_places=4)
    assert (book.field(date)["date_format"], book.field(date)["number_decimal_places"]) == ("US", None)
    assert book.refused("X", "formula", formula="1", number_decimal_places=11) == "ERROR_REQUEST_BODY_VALIDATION"


def test_lookup_fields(book: Workbook) -> None:
    fields = item_fields(book)
    by_id = book.add("Nums", "lookup", through_field_id=book.link, target_field_id=fields["Num"])
    book.add("Names", "lookup", through_field_name="Items", target_field_name="Name")
    shown = book.field(by_id)
    assert (shown["formula_type"], shown["array_formula_type"], shown["target_field_name"]) == (
        "array",
        "number",
        "Num",
    )
    assert shown["available_collaborators"] == [
        {"id": book.api.user["id"], "name": shown["available_collaborators"][0]["name"]}
    ]
    assert book.column("Nums")[0] == [{"id": 1, "value": "2.50"}, {"id": 2, "value": "-1.25"}]
    patch_field(book, fields["Num"], name="Cost")
    assert book.field(by_id)["target_field_name"] == "Cost" and book.field(by_id)["error"] is None
    changed = patch_field(book, by_id, target_field_id=fields["Kind"])
    assert [option["value"] for option in changed["select_options"]] == ["Big", "Small"]
    assert [one["value"]["value"] for one in book.column("Nums")[0]] == ["Big", "Small"]
    assert patch_field(book, by_id, target_field_name="Day")["array_formula_type"] == "date"


def test_options_that_get_another_name(book: Workbook) -> None:
    kind = item_fields(book)["Kind"]
    book.add("Kinds", "formula", formula="lookup('Items', 'Kind')")
    book.add("Shown", "formula", book.items.id, formula="concat(field('Kind'), '!')")
    book.add("Same", "formula", book.items.id, formula="field('Kind')")
    options = book.field(kind)["select_options"]
    patch_field(book, kind, select_options=[{**option, "value": option["value"] + "ger"} for option in options])
    assert [one["value"]["value"] for one in book.column("Kinds")[0]] == ["Bigger", "Smallger"]
    assert book.column("Shown", book.items.id) == ["Bigger!", "Smallger!", "!"]
    assert [one and one["value"] for one in book.column("Same", book.items.id)] == ["Bigger", "Smallger", None]


def test_lists_of_lists(book: Workbook) -> None:
    with_prices = book.items.api.post(f"/api/database/tables/database/{book.items.database_id}/", {"name": "Days"})
    days = with_prices[1]["id"]
    status, body = book.api.post(
        f"/api/database/fields/table/{days}/", {"name": "Orders", "type": "link_row", "link_row_table_id": book.orders}
    )
    assert status == 200, body
    path = f"/api/database/rows/table/{days}/?user_field_names=true"
    row = book.api.post(path, {"Orders": [1, 2]})[1]
    assert [one["id"] for one in row["Orders"]] == [1, 2]
    book.add("Nums", "lookup", through_field_name="Items", target_field_name="Num")
    book.add("All", "formula", days, formula="lookup('Orders', 'Nums')")
    book.add("Sum", "formula", days, formula="sum(lookup('Orders', 'Nums'))")
    book.add("Things", "formula", days, formula="join(lookup('Orders', 'Items'), ', ')")
    shown = next(found for found in book.api.get(path)[1]["results"] if found["id"] == row["id"])
    assert [one["value"] for one in shown["All"]] == ["2.50", "-1.25", None]
    assert (shown["Sum"], shown["Things"]) == ("1.25", "one, two, three")
    patch_item(book, 1, Num="100", Name="first")
    shown = next(found for found in book.api.get(path)[1]["results"] if found["id"] == row["id"])
    assert (shown["Sum"], shown["Things"]) == ("98.75", "first, two, three")


def test_count_and_rollup_fields(book: Workbook) -> None:
    fields = item_fields(book)
    book.add("How many", "count", through_field_id=book.link)
    assert book.column("How many") == ["2", "1", "0"]
    for function, wanted in [("sum", ["1.25", "0.00", "0.00"]), ("max", ["2.50", "0.00", "0.00"])]:
        through = {"through_field_id": book.link, "target_field_id": fields["Num"]}
        book.add(function, "rollup", rollup_function=function, **through)
        assert book.column(function) == wanted
    book.add("any", "rollup", rollup_function="any", through_field_id=book.link, target_field_id=fields["Flag"])
    assert book.column("any") == [True, False, None]


def test_what_fields_go_through_is_checked(book: Workbook) -> None:
    fields, link = item_fields(book), book.link
    name = next(
        field["id"] for field in book.api.get(f"/api/database/fields/table/{book.orders}/")[1] if field["primary"]
    )
    for kind, options, code in [
        ("lookup", {}, "ERROR_INVALID_LOOKUP_THROUGH_FIELD"),
        ("lookup", {"through_field_id": name, "target_field_id": fields["Num"]}, "ERROR_INVALID_LOOKUP_THROUGH_FIELD"),
        ("lookup", {"through_field_id": link}, "ERROR_INVALID_LOOKUP_TARGET_FIELD"),
        ("lookup", {"through_field_id": link, "target_field_id": name}, "ERROR_INVALID_LOOKUP_TARGET_FIELD"),
        ("lookup", {"through_field_name": "Items", "target_field_name": "?"}, "ERROR_INVALID_LOOKUP_TARGET_FIELD"),
        ("count", {}, "ERROR_INVALID_COUNT_THROUGH_FIELD"),
        ("count", {"through_field_id": name}, "ERROR_INVALID_COUNT_THROUGH_FIELD"),
        ("count", {"through_field_id": "Items"}, "ERROR_REQUEST_BODY_VALIDATION"),
        ("rollup", {}, "ERROR_INVALID_ROLLUP_THROUGH_FIELD"),
        ("rollup", {"through_field_id": link, "target_field_id": name}, "ERROR_INVALID_ROLLUP_TARGET_FIELD"),
        (
            "rollup",
            {"through_field_id": link, "target_field_id": fields["Num"], "rollup_function": "median"},
            "ERROR_INVALID_ROLLUP_FORMULA_FUNCTION",
        ),
        (
            "rollup",
            {"through_field_id": link, "target_field_id": fields["Num"], "rollup_function": "any"},
            "ERROR_WITH_FORMULA",
        ),
    ]:
        assert book.refused("X", kind, **options) == code, (kind, options)


def test_order_search_and_filters(book: Workbook) -> None:
    book.add("Total", "formula", formula="sum(lookup('Items', 'Int'))")
    book.add("Label", "formula", formula="concat('No ', field('Name'))")
    book.add("Many", "formula", formula="count(field('Items')) > 1")
    book.add("Last", "formula", formula="max(lookup('Items', 'Day'))")
    book.add("Go", "formula", formula="button('https://example.com', 'x')")
    assert rows(book, "order_by=-Total,Name") == ["1", "2", "3"]
    assert rows(book, "order_by=-Label") == ["3", "2", "1"]
    assert rows(book, "search=no 2&search_mode=compat") == ["2"]
    assert rows(book, "filter__Total__higher_than=3") == ["1"]
    assert rows(book, "filter__Many__boolean=true") == ["1"]
    assert rows(book, "filter__Label__contains=3") == ["3"]
    assert rows(book, "filter__Last__not_empty=") == ["1"]
    status, body = book.api.get(f"/api/database/rows/table/{book.orders}/?user_field_names=true&order_by=Go")
    assert (status, body["error"]) == (400, "ERROR_ORDER_BY_FIELD_NOT_POSSIBLE")


def test_other_types_become_formulas_and_back(book: Workbook) -> None:
    num = item_fields(book)["Num"]
    changed = patch_field(book, num, type="formula", formula="field('Int') + 1")
    assert (changed["type"], book.column("Num", book.items.id)) == ("formula", ["8", "1", "1"])
    patch_field(book, num, type="text")
    assert book.column("Num", book.items.id) == ["8", "1", "1"]


def test_copies_go_their_own_ways(book: Workbook) -> None:
    book.add("Nums", "lookup", through_field_name="Items", target_field_name="Num")
    book.add("Total", "formula", formula="sum(field('Nums'))")
    status, job = book.api.post(f"/api/database/tables/{book.orders}/duplicate/async/", {})
    assert status in (200, 202), job
    run_job(job["id"])
    copy = book.api.get(f"/api/jobs/{job['id']}/")[1]["duplicated_table"]["id"]
    assert book.column("Total", copy) == ["1.25", "0.00", "0.00"]
    fields = {field["name"]: field for field in book.api.get(f"/api/database/fields/table/{copy}/")[1]}
    assert fields["Nums"]["through_field_id"] == fields["Items"]["id"] != book.link
    path = f"/api/database/rows/table/{copy}/1/?user_field_names=true"
    assert book.api.patch(path, {"Items": [1]})[1]["Total"] == "2.50"
    assert book.column("Total") == ["1.25", "0.00", "0.00"]


def test_type_of_a_formula(book: Workbook) -> None:
    path = f"/api/database/formula/{book.items.id}/type/"
    status, body = book.api.post(path, {"formula": "field('Num') / 3", "name": "Draft"})
    assert (status, body["formula_type"], body["number_decimal_places"]) == (200, "number", 10)
    for formula, code in [("1 +", "ERROR_WITH_FORMULA"), ("field('Draft')", "ERROR_FIELD_SELF_REFERENCE")]:
        status, body = book.api.post(path, {"formula": formula, "name": "Draft"})
        assert (status, body["error"]) == (400, code)


def test_formulas_of_time_are_computed_anew(book: Workbook, monkeypatch: pytest.MonkeyPatch) -> None:
    field = book.add("Now", "formula", formula="now()")
    book.add("After", "formula", formula="field('Now') > todate_tz('2020', 'YYYY', 'UTC')")
    book.add("Late", "formula", formula="totext(field('Now'))")
    with begin():
        table = f'"ws_{book.items.workspace_id}"."table_{book.orders}"'
        connection().exec_driver_sql(f"UPDATE {table} SET field_{field} = '2000-01-01 00:00:00+00'")
    monkeypatch.setattr(refresh, "_ROWS", 2)
    refresh.refresh()
    assert all(moment > "2020" for moment in book.column("Now"))
    assert book.column("After") == [True] * 3 and not any("2000" in shown for shown in book.column("Late"))


@pytest.mark.parametrize(
    ("before", "core", "after"),
    [("index(concat(lookup('Items', 'Name'), ", "'a'", "), 0)"), ("concat(1, ", "'a'", ")"), ("", "1", " = 1")],
)
def test_deep_formulas_work_or_are_refused(book: Workbook, before: str, core: str, after: str) -> None:
    answers = []
    for depth in (5, 24, 49):
        body = {"name": f"Deep {depth}", "type": "formula", "formula": before * depth + core + after * depth}
        status, answer = book.api.post(f"/api/database/fields/table/{book.orders}/", body)
        answers.append((status, answer.get("error")))
    assert answers[0] == (200, None)
    assert set(answers) <= {(200, None), (400, "ERROR_WITH_FORMULA")}
    path = f"/api/database/rows/table/{book.orders}/?user_field_names=true"
    assert book.api.post(path, {"Name": "4", "Items": [1]})[0] == 200


def test_fields_are_duplicated_with_their_values(book: Workbook) -> None:
    total = book.add("Total", "formula", formula="sum(lookup('Items', 'Num'))")
    looked_up = book.add("Nums", "lookup", through_field_name="Items", target_field_name="Num")
    for field in (total, looked_up):
        status, job = book.api.post(f"/api/database/fields/{field}/duplicate/async/", {"duplicate_data": True})
        assert status == 202, job
        run_job(job["id"])
        assert book.api.get(f"/api/jobs/{job['id']}/")[1]["state"] == "finished"
    assert book.column("Total 2") == book.column("Total") == ["1.25", "0.00", "0.00"]
    assert book.column("Nums 2") == book.column("Nums")
    patch_item(book, 1, Num="5")
    assert book.column("Total 2") == ["3.75", "0.00", "0.00"]


def test_filters_on_options(book: Workbook) -> None:
    book.add("Same", "formula", book.items.id, formula="field('Kind')")
    book.add("All", "formula", book.items.id, formula="field('Tags')")
    path = f"/api/database/rows/table/{book.items.id}/?user_field_names=true"
    for query, names in [
        ("filter__Same__contains=big", ["one"]),
        ("filter__All__contains=big", ["one"]),
        ("filter__Same__not_empty=", ["one", "two"]),
        ("order_by=-Same", ["two", "one", "three"]),
    ]:
        status, body = book.api.get(f"{path}&{query}")
        assert (status, [row["Name"] for row in body.get("results", [])]) == (200, names), query
