"""File fields: their values, what is refused, reading in one statement, search, copies, other types."""

from __future__ import annotations

import io
from typing import Any

import pytest

from plugin_api.db import begin, connection
from plugin_api.platform import registry
from plugin_api.testing.fields import Sample, check_field_type
from plugins.user_files import files
from plugins.user_files.models import UserFile
from tests.api.test_fields import duplicate
from tests.api.test_user_files import BASE, fetch, picture

NOBODYS = "a" * 32 + "_" + "b" * 64 + ".txt"


def kept(name: str = "notes.txt", body: bytes = b"some notes") -> UserFile:
    """An uploaded file."""
    with begin():
        return files.store(io.BytesIO(body), name, None)


@pytest.fixture
def docs(sheet: Any) -> Any:
    """A table with a file field."""
    sheet.docs = sheet.add("Docs", "file")
    sheet.rows = f"/api/database/rows/table/{sheet.id}/"
    return sheet


def write(docs: Any, value: Any) -> tuple[int, Any]:
    """Make a row with this value."""
    status, row = docs.api.post(f"{docs.rows}?user_field_names=true", {"Docs": value})
    return status, row["Docs"] if status == 200 else row


def names(value: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Names and visible names."""
    return [(file["name"], file["visible_name"]) for file in value]


def test_the_field_has_no_options(docs: Any) -> None:
    assert docs.api.get(docs.field(docs.docs))[1]["type"] == "file"
    assert write(docs, [])[1] == []
    assert docs.api.post(docs.rows)[1][f"field_{docs.docs}"] == []


def test_values_are_shown_whole(docs: Any, client: Any) -> None:
    text, image = kept(), kept("wide.png", picture(120, 60))
    shown = write(docs, [{"name": text.name, "visible_name": "Notes"}, {"name": image.name}])[1]
    assert shown[0] == {
        "name": text.name,
        "visible_name": "Notes",
        "size": 10,
        "mime_type": "text/plain",
        "is_image": False,
        "image_width": None,
        "image_height": None,
        "uploaded_at": files.facts(text)["uploaded_at"],
        "url": f"{BASE}/media/user_files/{text.name}",
        "thumbnails": None,
    }
    expected = {key: value for key, value in files.shown(image).items() if key != "original_name"}
    assert shown[1] == {**expected, "visible_name": "wide.png"}
    assert fetch(client, shown[1]["thumbnails"]["tiny"]["url"]).status_code == 200
    assert docs.column("Docs") == [shown]


def test_addresses_follow_the_port_of_the_request(docs: Any) -> None:
    image = kept("wide.png", picture(120, 60))
    write(docs, [image.name])
    for _ in range(2):
        rows = docs.api.get(docs.rows, headers={"Host": "127.0.0.1:8123"})[1]["results"]
        shown = rows[0][f"field_{docs.docs}"][0]
        assert shown["url"] == f"http://127.0.0.1:8123/media/user_files/{image.name}"
        assert shown["thumbnails"]["tiny"]["url"].startswith("http://127.0.0.1:8123/media/thumbnails/tiny/")
        rows = docs.api.get(docs.rows, headers={"Host": "evil.example.org:80"})[1]["results"]
        assert rows[0][f"field_{docs.docs}"][0]["url"] == f"{BASE}/media/user_files/{image.name}"


def test_files_are_named_in_three_ways(docs: Any) -> None:
    a, b = kept("a.txt", b"a"), kept("b.txt", b"b")
    both = [(a.name, "a.txt"), (b.name, "b.txt")]
    for value in ([{"name": a.name}, {"name": b.name}], [a.name, b.name], f"{a.name}, {b.name}"):
        assert names(write(docs, value)[1]) == both
    assert [write(docs, value) for value in ("", None, [])] == [(200, [])] * 3
    assert names(write(docs, [{"name": a.name, "visible_name": "v" * 300}])[1]) == [(a.name, "v" * 300)]
    assert names(write(docs, [b.name, a.name, b.name])[1]) == [both[1], both[0], both[1]]


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ([{"name": "notes.txt"}], "invalid"),
        ([{"name": f"../{NOBODYS}"}], "invalid"),
        ([{"name": 5}], "invalid"),
        ([{"name": None}], "invalid"),
        (["notes.txt"], "invalid"),
        ("notes.txt", "invalid"),
        ([1], "invalid"),
        ([None], "invalid"),
        ([[NOBODYS]], "invalid"),
        ([{"visible_name": "x"}], "required"),
        ([{}], "required"),
        (5, "not_a_list"),
        (True, "not_a_list"),
        ({"name": NOBODYS}, "not_a_list"),
        ([NOBODYS, {"name": NOBODYS}], "not_same_type"),
        ([{"name": NOBODYS, "visible_name": None}], "null"),
        ([{"name": NOBODYS, "visible_name": " "}], "blank"),
        ([{"name": NOBODYS, "visible_name": ["x"]}], "invalid"),
    ],
)
def test_refused_values(docs: Any, value: Any, code: str) -> None:
    status, body = write(docs, value)
    assert (status, body["error"]) == (400, "ERROR_REQUEST_BODY_VALIDATION")
    assert body["detail"]["Docs"][0]["code"] == code
    assert docs.column("Docs") == []


def test_unknown_files_are_refused(docs: Any) -> None:
    known = kept()
    status, body = write(docs, [known.name, NOBODYS])
    assert (status, body["error"]) == (400, "ERROR_REQUEST_BODY_VALIDATION")
    assert NOBODYS in body["detail"]
    items = [{"Docs": [known.name]}, {"Docs": [NOBODYS]}]
    assert docs.api.post(f"{docs.rows}batch/?user_field_names=true", {"items": items})[0] == 400
    assert docs.column("Docs") == []


def test_imports_report_their_rows(docs: Any) -> None:
    known = kept()
    prepared = docs.imported("Docs", [known.name, "", None, NOBODYS, "no name", [{"name": known.name}]])
    assert sorted(prepared.errors) == [3, 4]
    assert [len(value) for value in prepared.values] == [1, 0, 0, 0, 0, 1]


def test_a_batch_is_checked_by_one_query(docs: Any, count_sql: Any) -> None:
    made = [kept(f"{n}.txt", str(n).encode()) for n in range(20)]

    def cost(count: int) -> int:
        items = [{"Docs": [{"name": file.name}, {"name": made[0].name}]} for file in made[:count]]
        with count_sql() as statements:
            status, _ = docs.api.post(f"{docs.rows}batch/?user_field_names=true", {"items": items})
        assert status == 200
        return len(statements)

    cost(1)
    assert cost(20) == cost(1)


def test_a_page_is_read_by_the_same_statements_with_and_without_files(docs: Any, sheet: Any, count_sql: Any) -> None:
    def cost() -> list[str]:
        with count_sql() as statements:
            assert docs.api.get(f"{docs.rows}?size=100")[0] == 200
        return list(statements)

    cost()
    empty = cost()
    made = [kept(f"{n}.png", picture(n + 1, 1)) for n in range(10)]
    docs.insert(*({"Docs": [file.name for file in made]} for _ in range(30)))
    assert cost() == empty
    docs.add("More", "file")
    docs.add("Text", "text")
    cost()
    assert len(cost()) == len(empty)


def test_changing_and_clearing(docs: Any) -> None:
    a, b = kept("a.txt", b"a"), kept("b.txt", b"b")
    row = docs.insert({"Docs": [a.name]}, {})[0]
    path = f"{docs.rows}{row['id']}/?user_field_names=true"
    changed = docs.api.patch(path, {"Docs": [{"name": b.name, "visible_name": "Only"}]})[1]["Docs"]
    assert names(changed) == [(b.name, "Only")]
    assert names(docs.api.patch(path, {"Docs": changed})[1]["Docs"]) == [(b.name, "Only")]
    assert docs.api.patch(path, {"Docs": None})[1]["Docs"] == []


def test_visible_names_are_searched_and_files_not_sorted(docs: Any) -> None:
    a = kept("a.txt", b"a")
    docs.insert({"Name": "x", "Docs": [{"name": a.name, "visible_name": "Plän.txt"}]}, {"Name": "y"})
    for text, count in (("plan", 1), ("A.TXT", 0), (a.name[:40], 0), ("text/plain", 0)):
        assert docs.api.get(f"{docs.rows}?search={text}&search_mode=compat")[1]["count"] == count
    body = docs.api.get(f"{docs.rows}?user_field_names=true&order_by=Docs")
    assert (body[0], body[1]["error"]) == (400, "ERROR_ORDER_BY_FIELD_NOT_POSSIBLE")
    assert docs.texts("Docs") == ["Plän.txt", None]


def test_other_types(docs: Any) -> None:
    a, b = kept("a.txt", b"a"), kept("b, c.txt", b"b")
    docs.insert({"Docs": [a.name, b.name]}, {})
    status, _ = docs.api.patch(docs.field(docs.docs), {"type": "text"})
    assert status == 200
    assert docs.column("Docs") == ['a.txt, "b, c.txt"', None]
    docs.insert({"Docs": f"{b.name}, {NOBODYS},{a.name}"}, {"Docs": ""})
    assert docs.api.patch(docs.field(docs.docs), {"type": "file"})[0] == 200
    kept_files = docs.column("Docs")
    assert write(docs, [b.name, a.name]) == (200, kept_files[2])
    assert (kept_files[:2], kept_files[3]) == ([[], []], [])
    assert docs.api.patch(docs.field(docs.docs), {"type": "file", "name": "Files"})[0] == 200
    assert docs.column("Files")[2] == kept_files[2]


def test_numbers_are_no_files(docs: Any) -> None:
    number = docs.add("Size", "number")
    docs.insert({"Size": 5}, {})
    assert docs.api.patch(docs.field(number), {"type": "file"})[0] == 200
    assert docs.column("Size") == [[], []]


def test_copies_of_the_field_have_the_files(docs: Any) -> None:
    made = kept()
    docs.insert({"Docs": [{"name": made.name, "visible_name": "Mine"}]}, {})
    copied = duplicate(docs, docs.docs, True)["name"]
    assert docs.column(copied) == docs.column("Docs")
    assert names(docs.column(copied)[0]) == [(made.name, "Mine")]


def test_a_file_field_can_be_primary_and_names_rows(docs: Any) -> None:
    made = kept()
    path = f"/api/database/fields/table/{docs.id}/change-primary-field/"
    assert docs.api.post(path, {"new_primary_field_id": docs.docs})[0] == 200
    row = docs.insert({"Docs": [made.name]})[0]
    status, found = docs.api.get(f"/api/database/rows/names/?table__{docs.id}={row['id']}")
    assert (status, found) == (200, {str(docs.id): {str(row["id"]): "notes.txt"}})


def test_the_promises_of_field_types(app: Any) -> None:
    a, b = kept("a.txt", b"a"), kept("b.png", picture(3, 3))

    def read(file: UserFile, visible_name: str) -> dict[str, Any]:
        shown = {key: value for key, value in files.shown(file).items() if key != "original_name"}
        return {**shown, "visible_name": visible_name}

    samples = [
        Sample([], [], None),
        Sample([a.name, b.name], [read(a, "a.txt"), read(b, "b.png")], "a.txt, b.png"),
        Sample([{"name": a.name, "visible_name": 'x,"y'}], [read(a, 'x,"y')], '"x,""y"'),
    ]
    refused = [(5, "not_a_list"), ([1], "invalid"), ([{}], "required")]
    with begin():
        check_field_type(registry("field_types")["file"], connection(), samples, refused)


def test_formulas_know_files(docs: Any) -> None:
    a, image = kept("a.txt", b"a"), kept("wide.png", picture(120, 60))
    docs.insert({"Docs": [a.name, image.name]}, {})
    formulas = {
        "Count": "get_file_count(field('Docs'))",
        "Width": "get_image_width(index(field('Docs'), 1))",
        "First": "get_file_visible_name(index(field('Docs'), 0))",
    }
    for name, formula in formulas.items():
        docs.add(name, "formula", formula=formula)
    assert (docs.column("Count"), docs.column("Width")) == (["2", "0"], ["120", None])
    assert docs.column("First") == ["a.txt", None]
    status, row = docs.api.patch(f"{docs.rows}2/?user_field_names=true", {"Docs": [image.name]})
    assert (status, row["Count"], row["First"]) == (200, "1", "wide.png")
