"""What is in exported files: every kind of file with every type of field, read back by the usual libraries."""

from __future__ import annotations

import io
import json
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest

from plugin_api.charsets import CHARSETS
from plugin_api.platform import registry
from tests.exports import csv_of, csv_rows, export, files_of, json_of
from tests.tables import SMALL_MODEL, Database

OPTIONS = [{"value": "Two, three", "color": "red"}, {"value": "One", "color": "blue"}]
LONG = 'A, "quoted"; line\nand another | with\ttabs'


class Everything:
    """A table with a field of every type, a full row and an empty one."""

    def __init__(self, api: Any) -> None:
        self.api, self.base = api, Database(api)
        self.base.allow_ai()
        self.other = self.base.table("Other", [["Name"], ["p"], ["q, r"], [""]])
        self.table = self.base.table("All", [["text"], ["Émile"], [""]])
        self.ids = {"Name": self.base.fields(self.other)[0]["id"]}
        for kind in self._options():
            self.ids[kind] = self.base.add_field(self.table, kind, kind, **self._options()[kind])
        upload = {"file": (io.BytesIO(b"hello"), "a, b.txt")}
        self.file = api.call("POST", "/api/user-files/upload-file/", data=upload)[1]["name"]
        path = f"/api/database/rows/table/{self.table}/1/?user_field_names=true"
        status, answer = api.patch(path, self._values())
        assert status == 200, answer

    def _options(self) -> dict[str, dict[str, Any]]:
        through = {"through_field_id": self.ids.get("link_row"), "target_field_id": self.ids["Name"]}
        return {
            "long_text": {},
            "number": {"number_decimal_places": 2, "number_negative": True},
            "rating": {},
            "boolean": {},
            "date": {"date_format": "EU", "date_include_time": True},
            "url": {},
            "email": {},
            "phone_number": {},
            "single_select": {"select_options": OPTIONS},
            "multiple_select": {"select_options": OPTIONS},
            "duration": {"duration_format": "h:mm:ss"},
            "file": {},
            "multiple_collaborators": {},
            "password": {},
            "uuid": {},
            "autonumber": {},
            "created_on": {"date_format": "ISO"},
            "last_modified": {"date_format": "ISO"},
            "created_by": {},
            "last_modified_by": {},
            "ai": {**SMALL_MODEL, "ai_prompt": "concat('x')", "ai_output_type": "text"},
            "link_row": {"link_row_table_id": self.other},
            "formula": {"formula": "field('number') * 2"},
            "lookup": through,
            "count": {"through_field_id": self.ids.get("link_row")},
            "rollup": {**through, "rollup_function": "count"},
        }

    def _values(self) -> dict[str, Any]:
        return {
            "long_text": LONG,
            "number": "-1.5",
            "rating": 3,
            "boolean": True,
            "date": "2024-02-29T13:05:00Z",
            "url": "https://example.com/?a=1&b=2",
            "email": "a@example.com",
            "phone_number": "+31 10 123",
            "single_select": "Two, three",
            "multiple_select": ["One", "Two, three"],
            "duration": 3661,
            "file": [{"name": self.file, "visible_name": "a, b.txt"}],
            "multiple_collaborators": [{"id": self.api.user["id"]}],
            "password": "secret",
            "ai": "written",
            "link_row": [1, 2, 3],
        }

    @property
    def address(self) -> str:
        """Where the file is."""
        return f"http://127.0.0.1:3000/media/user_files/{self.file}"


@pytest.fixture
def everything(api: Any) -> Everything:
    """The table."""
    return Everything(api)


def _full(everything: Everything) -> dict[str, tuple[Any, str]]:
    """The full row: of each field the value in JSON and in CSV."""
    name = everything.api.user["first_name"]
    file = {"visible_name": "a, b.txt", "name": everything.file, "url": everything.address}
    return {
        "text": ("Émile", "Émile"),
        "long_text": (LONG, LONG),
        "number": ("-1.50", "-1.50"),
        "rating": (3, "3"),
        "boolean": (True, "True"),
        "date": ("29/02/2024 13:05", "29/02/2024 13:05"),
        "url": ("https://example.com/?a=1&b=2",) * 2,
        "email": ("a@example.com",) * 2,
        "phone_number": ("+31 10 123",) * 2,
        "single_select": ("Two, three",) * 2,
        "multiple_select": (["One", "Two, three"], 'One,"Two, three"'),
        "duration": ("1:01:01", "1:01:01"),
        "file": ([file], f'"a, b.txt ({everything.address})"'),
        "multiple_collaborators": ([name], name),
        "password": ("", ""),
        "autonumber": (1, "1"),
        "created_by": (name, name),
        "last_modified_by": (name, name),
        "ai": ("written", "written"),
        "link_row": (["p", "q, r", "unnamed row 3"], 'p,"q, r",unnamed row 3'),
        "formula": ("-3.00", "-3.00"),
        "lookup": (["p", "q, r", ""], 'p,"q, r",'),
        "count": ("3", "3"),
        "rollup": ("3", "3"),
    }


def _empty(everything: Everything) -> dict[str, tuple[Any, str]]:
    lists = dict.fromkeys(("multiple_select", "file", "multiple_collaborators", "link_row", "lookup"), ([], ""))
    name = everything.api.user["first_name"]
    own = {
        "rating": (0, "0"),
        "boolean": (False, "False"),
        "autonumber": (2, "2"),
        "created_by": (name, name),
        "last_modified_by": (name, name),
        "formula": ("0.00", "0.00"),
        "count": ("0", "0"),
        "rollup": ("0", "0"),
    }
    return {**dict.fromkeys(_full(everything), ("", "")), **lists, **own}


VARY = ("uuid", "created_on", "last_modified")


def test_the_table_has_a_field_of_every_type(everything: Everything) -> None:
    there = {field["type"] for field in everything.base.fields(everything.table)}
    known = registry("field_types")
    assert there == {name for name in known if known.provider(name) != "lab"}


def test_csv_has_what_people_read(everything: Everything) -> None:
    header, *rows = csv_of(everything.api, everything.table)
    assert header == ["id", *(field["name"] for field in everything.base.fields(everything.table))]
    for number, row, expected in zip("12", rows, (_full(everything), _empty(everything)), strict=True):
        found = dict(zip(header, row, strict=True))
        assert found.pop("id") == number
        assert all(len(found.pop(name)) >= 10 for name in VARY)
        assert found == {name: text for name, (_, text) in expected.items()}


def test_json_has_typed_values(everything: Everything) -> None:
    rows = json_of(everything.api, everything.table)
    for number, found, expected in zip((1, 2), rows, (_full(everything), _empty(everything)), strict=True):
        assert list(found)[0] == "id" and found.pop("id") == number
        assert all(len(found.pop(name)) >= 10 for name in VARY)
        assert found == {name: value for name, (value, _) in expected.items()}


def _tree(value: Any) -> Any:
    """A JSON value as the tree of an element's children and texts."""
    if isinstance(value, list):
        return [("item", _tree(item)) for item in value]
    if isinstance(value, dict):
        return [(key, _tree(item)) for key, item in value.items()]
    return str(value).lower() if isinstance(value, bool) else str(value)


def _read(element: ElementTree.Element) -> Any:
    return [(child.tag, _read(child)) for child in element] or element.text or ""


def test_xml_has_typed_values(everything: Everything) -> None:
    content = export(everything.api, everything.table, "xml")
    assert content.startswith(b'<?xml version="1.0" encoding="utf-8" ?>')
    root = ElementTree.fromstring(content)
    assert root.tag == "rows" and {row.tag for row in root} == {"row"}
    for number, row, expected in zip("12", root, (_full(everything), _empty(everything)), strict=True):
        found = {child.tag: _read(child) for child in row}
        assert found.pop("id") == number
        assert all(len(found.pop(name)) >= 10 for name in VARY)
        assert found == {name: _tree(value) or "" for name, (value, _) in expected.items()}


def _cells(content: bytes) -> list[list[Any]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]


def test_excel_has_what_people_read(everything: Everything) -> None:
    header, *rows = _cells(export(everything.api, everything.table, "excel"))
    assert header == ["id", *(field["name"] for field in everything.base.fields(everything.table))]
    for number, row, expected in zip((1, 2), rows, (_full(everything), _empty(everything)), strict=True):
        found = dict(zip(header, row, strict=True))
        assert found.pop("id") == number
        assert all(len(found.pop(name)) >= 10 for name in VARY)
        assert {name: value or "" for name, value in found.items()} == {n: text for n, (_, text) in expected.items()}
    assert len(_cells(export(everything.api, everything.table, "excel", excel_include_header=False))) == 2


def test_archives_have_the_files(everything: Everything) -> None:
    files = [{"name": everything.file}, {"name": everything.file, "visible_name": "again.txt"}]
    path = f"/api/database/rows/table/{everything.table}/2/?user_field_names=true"
    assert everything.api.patch(path, {"file": files})[0] == 200
    found = files_of(export(everything.api, everything.table, "file"))
    assert found == {f"row_{n}/{everything.file}": b"hello" for n in (1, 2)}
    assert files_of(export(everything.api, everything.table, "file", organize_files=False)) == {
        everything.file: b"hello"
    }
    assert files_of(export(everything.api, everything.other, "file")) == {}


TEXT = "é ж 日本 €; ♥ 🙂"


def test_every_character_set_can_be_written(api: Any) -> None:
    table = Database(api).table("T", [["Náme"], [TEXT], ["plain"]])
    for charset, codec in CHARSETS.items():
        content = export(api, table, export_charset=charset)
        kept, name = (text.encode(codec, "replace").decode(codec) for text in (TEXT, "Náme"))
        rows = csv_rows(content, "utf-8-sig" if charset == "utf-8" else codec)
        assert rows == [["id", name], ["1", kept], ["2", "plain"]], charset
        lossless = json.loads(export(api, table, "json", export_charset=charset).decode(codec))
        assert lossless == [{"id": 1, "Náme": TEXT}, {"id": 2, "Náme": "plain"}], charset


def test_xml_loses_nothing_in_other_character_sets(api: Any) -> None:
    table = Database(api).table("T", [["Name"], [TEXT]])
    content = export(api, table, "xml", export_charset="iso-8859-1")
    assert b"\xe9 " in content
    assert [cell.text for cell in ElementTree.fromstring(content)[0]] == ["1", TEXT]


NAMES = ["First name", "1st", "a&b <c>", "a b <c>", "%s %(x)s", "日本", '"', "x" * 200]
ODD = ["=1+1", "#N/A", "\x01\x02\x1f", "\\N", "\\.", "null", "<a>&amp;]]>", '"', "\r\n", "'", "%s", " padded", "a\rb"]


def test_odd_names_and_values_come_through(api: Any) -> None:
    base = Database(api)
    table = base.table("T", [["Name"]])
    for name in NAMES:
        base.add_field(table, name, "text")
    rows = [{"Name": value, **dict.fromkeys(NAMES, value)} for value in ODD]
    answer = api.post(f"/api/database/rows/table/{table}/batch/?user_field_names=true", {"items": rows})
    assert answer[0] == 200, answer
    stored = [row["Name"] for row in base.rows(table)]
    header = ["id", "Name", *NAMES]
    found = csv_of(api, table)
    assert found[0] == header
    assert [row[1:] for row in found[1:]] == [[value or ""] * 9 for value in stored]
    assert json_of(api, table) == [
        {"id": n, **dict.fromkeys(header[1:], value or "")} for n, value in enumerate(stored, 1)
    ]
    printable = [(value or "").translate({1: None, 2: None}) for value in stored]
    elements = ElementTree.fromstring(export(api, table, "xml"))
    assert [[cell.get("name", cell.tag) for cell in row] for row in elements] == [header] * len(ODD)
    assert [[cell.text or "" for cell in row][1:] for row in elements] == [[value] * 9 for value in printable]
    assert len({cell.tag for cell in elements[0]}) == len(header)
    cells = _cells(export(api, table, "excel"))
    assert [[value or "" for value in row[1:]] for row in cells[1:]] == [[_as_excel(v)] * 9 for v in printable]


def _as_excel(value: str) -> str:
    """XML, which a workbook is, has one kind of line end."""
    return value.replace("\r\n", "\n").replace("\r", "\n")


def test_no_cell_of_a_workbook_is_a_formula(api: Any) -> None:
    table = Database(api).table("T", [["=SUM(A1)"], ["=1+1"], ["=cmd|'/c calc'!A0"]])
    book = openpyxl.load_workbook(io.BytesIO(export(api, table, "excel")))
    assert {cell.data_type for row in book.worksheets[0].iter_rows() for cell in row} <= {"n", "s", "inlineStr"}


@pytest.mark.parametrize("kind", ["csv", "json", "xml", "excel", "file"])
def test_a_table_without_rows_is_a_good_file(api: Any, kind: str) -> None:
    table = Database(api).table("T", [["Name"]])
    content = export(api, table, kind)
    read: dict[str, Any] = {
        "csv": lambda: csv_rows(content)[1:],
        "json": lambda: json.loads(content),
        "xml": lambda: list(ElementTree.fromstring(content)),
        "excel": lambda: _cells(content)[1:],
        "file": lambda: list(files_of(content)),
    }
    assert read[kind]() == []


def test_many_rows_come_through_in_order(api: Any) -> None:
    """More rows than are read, parsed or written together; some plain, some not, some empty."""
    values = [["plain", "a&b <c>", "", "x\ny", "é ж", "50% {0} %s"][n % 6] for n in range(1300)]
    table = Database(api).table("T", [["Name"], *([f"{value}{n}" if value else ""] for n, value in enumerate(values))])
    stored = [row["Name"] for row in json_of(api, table)]
    assert len(set(stored)) > 1000
    elements = ElementTree.fromstring(export(api, table, "xml"))
    assert [(row[0].text, row[1].text or "") for row in elements] == [(str(n), v) for n, v in enumerate(stored, 1)]
    cells = _cells(export(api, table, "excel"))
    assert cells == [["id", "Name"], *([n, value or None] for n, value in enumerate(stored, 1))]


def test_a_workbook_says_where_its_cells_are_and_has_nothing_in_empty_ones(api: Any) -> None:
    table = Database(api).table("T", [["A", "B"], ["", "y" * 40_000]])
    content = export(api, table, "excel")
    sheet = ElementTree.fromstring(files_of(content)["xl/worksheets/sheet1.xml"])
    cells = [cell for cell in sheet.iter() if cell.tag.endswith("}c")]
    assert [cell.get("r") for cell in cells] == ["A1", "B1", "C1", "A2", "B2", "C2"]
    assert [cell.get("r") for cell in cells if not len(cell)] == ["B2"]
    assert _cells(content)[1] == [1, None, "y" * 32_767]
    assert openpyxl.load_workbook(io.BytesIO(content)).sheetnames == ["Export"]
