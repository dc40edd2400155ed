"""CSV files that are sent in parts and imported by a job."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from plugin_api.db import begin, session
from plugin_api.platform import service
from plugin_api.storage import Storage
from plugins.csv_import import uploads
from plugins.csv_import.models import Upload
from plugins.database.engine import places
from tests.sessions import Session
from tests.tables import run_job

IMPORTS = "/api/database/imports/"
ROWS = 'Name,Age,Notes\nAnn,31,"two\nlines, and a comma"\nBob,,\n\nCid,many,"said ""no"""\nDee,7,x,too,much\nEve,9\n'


class Sending(Session):
    """A database whose admin sends files."""

    def begin(self, data: bytes) -> str:
        """Begin to send a file; answers its path."""
        body = {"name": "people.csv", "size": len(data)}
        return f"{IMPORTS}{self.ok(*self.api.post(IMPORTS, body))['id']}/"

    def part(self, path: str, offset: int | str, data: bytes) -> tuple[int, Any]:
        """Send a part."""
        headers = {**self.api.headers, "Upload-Offset": str(offset)}
        answer = self.api.client.patch(path, data=data, headers=headers, content_type="application/octet-stream")
        return answer.status_code, answer.get_json()

    def sent(self, text: str | bytes) -> str:
        """A file that has arrived in two parts; answers its path."""
        data = text.encode() if isinstance(text, str) else text
        path, half = self.begin(data), len(data) // 2
        self.ok(*self.part(path, 0, data[:half]))
        assert self.ok(*self.part(path, half, data[half:]))["offset"] == len(data)
        return path

    def imported(self, text: str | bytes, **how: Any) -> dict[str, Any]:
        """Import a file; answers the ended job."""
        job = self.ok(*self.api.post(f"{self.sent(text)}import/", how))
        run_job(job["id"])
        return dict(self.ok(*self.api.get(f"/api/jobs/{job['id']}/")))


@pytest.fixture
def base(api: Any) -> Sending:
    """A database."""
    return Sending(api)


@pytest.fixture
def table(base: Sending) -> int:
    """A table with Name, Age (number) and Notes, and no rows."""
    table = base.table("People", [["Name"]])
    base.add_field(table, "Age", "number")
    base.add_field(table, "Notes", "long_text")
    return table


def _kept() -> tuple[int, list[str]]:
    """What is left of uploads."""
    with begin():
        return session().query(Upload).count(), list(service(Storage).names("imports/csv/"))


def test_rows_go_into_the_fields_their_columns_are_named_by(base: Sending, table: int) -> None:
    job = base.imported(ROWS, table_id=table)
    assert (job["state"], job["report"]["failing_row_count"]) == ("finished", 2)
    problems = job["report"]["failing_rows"]
    assert set(problems) == {"2", "3"}  # without the header and empty lines
    assert problems["3"]["non_field_errors"][0]["code"] == "too_many_values"
    shown = [(row["Name"], row["Age"], row["Notes"]) for row in base.rows(table)]
    assert shown == [("Ann", "31", "two\nlines, and a comma"), ("Bob", None, ""), ("Eve", "9", None)]
    assert _kept() == (0, [])


def test_a_file_becomes_a_table(base: Sending) -> None:
    job = base.imported("Name;Town\nAnn;Paris\nBob;Rome\n", database_id=base.id, name="People")
    assert job["state"] == "finished", job
    assert [field["name"] for field in base.fields(job["table_id"])] == ["Name", "Town"]
    assert [row["Town"] for row in base.rows(job["table_id"])] == ["Paris", "Rome"]
    with begin():
        places.count_anew()


@pytest.mark.parametrize(
    ("data", "how"),
    [
        ("\ufeffName,Age\nÉva,1\n".encode(), {}),
        ("Name\tAge\nÉva\t1\n".encode("windows-1252"), {"charset": "windows-1252"}),
        ("Name|Age\r\nÉva|1\r\n".encode(), {"separator": "pipe"}),
        ("Age,Other,Name\n1,x,Éva".encode(), {}),
        ("Éva,1\n".encode(), {"first_row_header": False}),
    ],
    ids=["byte-order mark", "charset", "separator", "columns in another order", "without names"],
)
def test_files_are_read_as_they_were_written(base: Sending, table: int, data: bytes, how: dict[str, Any]) -> None:
    assert base.imported(data, table_id=table, **how)["state"] == "finished"
    assert [(row["Name"], row["Age"]) for row in base.rows(table)] == [("Éva", "1")]


def test_columns_can_be_chosen(base: Sending, table: int) -> None:
    ids = {field["name"]: field["id"] for field in base.fields(table)}
    base.imported("a,b,c\n1,x,Ann\n", table_id=table, columns=[ids["Age"], None, ids["Name"]])
    assert [(row["Name"], row["Age"]) for row in base.rows(table)] == [("Ann", "1")]


def test_an_interrupted_upload_goes_on_where_it_was(base: Sending, table: int) -> None:
    data = ROWS.encode()
    path = base.begin(data)
    assert base.ok(*base.part(path, 0, data[:20]))["offset"] == 20
    status, refused = base.part(path, 10, data[10:])
    assert (status, refused["error"], refused["detail"]["offset"]) == (409, "ERROR_UPLOAD_OFFSET", 20)
    assert base.ok(*base.api.get(path)) == {
        "id": path.split("/")[-2],
        "name": "people.csv",
        "size": len(data),
        "offset": 20,
    }
    assert base.api.post(f"{path}import/", {"table_id": table})[1]["error"] == "ERROR_UPLOAD_INCOMPLETE"
    assert base.part(path, 20, data[20:] + b"more")[1]["error"] == "ERROR_FILE_SIZE_TOO_LARGE"
    base.ok(*base.part(path, 20, data[20:]))
    run_job(base.ok(*base.api.post(f"{path}import/", {"table_id": table}))["id"])
    assert len(base.rows(table)) == 3


def test_what_cannot_be_imported_is_refused_before_or_fails_with_the_reason(base: Sending, table: int) -> None:
    def refusal(text: str | bytes, **how: Any) -> tuple[int, str]:
        status, body = base.api.post(f"{base.sent(text)}import/", how)
        return status, body["error"]

    bad = "ERROR_REQUEST_BODY_VALIDATION"
    assert refusal("Name\nx", table_id=table, columns=[None]) == (400, bad)
    assert refusal("No,such\nx,y", table_id=table) == (400, bad)
    assert refusal("Name\nx") == (400, bad)
    assert refusal("Name\n", table_id=table) == (400, "ERROR_INVALID_FILE")
    assert refusal(b"Name\n\xff\xfe", table_id=table) == (400, "ERROR_INVALID_FILE")
    assert refusal("Name\nx", table_id=table, columns=[999_999_999]) == (400, "ERROR_FIELD_NOT_IN_TABLE")
    late = b"Name\n" + b"x\n" * 100_000 + b"\xff\n"
    job = base.imported(late, table_id=table)
    assert job["state"] == "failed" and "After line 100001 are bytes" in job["human_readable_error"]
    assert base.rows(table) == []


def test_nobody_else_reaches_an_upload(base: Sending, make_user: Any) -> None:
    path, stranger = base.begin(b"Name\nx"), make_user()
    for answer in (stranger.get(path), stranger.delete(path), stranger.post(f"{path}import/", {"table_id": 1})):
        assert (answer[0], answer[1]["error"]) == (404, "ERROR_UPLOAD_DOES_NOT_EXIST")
    other = Sending(stranger)
    assert other.part(path, 0, b"Name")[0] == 404
    assert base.part(path, "x", b"Name")[1]["error"] == "ERROR_REQUEST_BODY_VALIDATION"
    assert base.api.delete(path)[0] == 204
    assert base.api.get(path)[0] == 404


def test_limits_hold(base: Sending, instance: Any) -> None:
    instance(max_import_bytes=100)
    assert base.api.post(IMPORTS, {"size": 101})[0] == 413
    for _ in range(20):
        base.begin(b"x")
    assert base.api.post(IMPORTS, {"size": 1})[1]["error"] == "ERROR_TOO_MANY_UPLOADS"


def test_files_nobody_imports_are_forgotten(base: Sending) -> None:
    base.sent("Name\nx\n")
    recent = base.begin(b"Name\nx")
    with begin():
        for upload in session().query(Upload).filter(Upload.received > 0):
            upload.created_on = datetime.now(UTC) - timedelta(days=4)
    uploads.forget_old()
    assert base.api.get(recent)[0] == 200
    assert _kept()[1] == []


def test_strangers_import_nothing(base: Sending, table: int, make_user: Any) -> None:
    stranger = Sending(make_user())
    path = stranger.sent("Name\nx")
    answer = stranger.api.post(f"{path}import/", {"table_id": table})
    assert answer[1]["error"] == "ERROR_USER_NOT_IN_GROUP"
