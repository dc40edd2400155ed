"""Exports for tests: started over HTTP, run in the test, downloaded, and read back by the usual libraries."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from typing import Any
from urllib.parse import urlsplit

from tests.tables import run_job

PATH = "/api/database/export"


def start(api: Any, table: int, kind: str = "csv", **options: Any) -> dict[str, Any]:
    """Start an export; answers it."""
    status, job = api.post(f"{PATH}/table/{table}/", {"exporter_type": kind, **options})
    assert status == 200, job
    return dict(job)


def finish(api: Any, job: dict[str, Any]) -> dict[str, Any]:
    """Do what a worker does; answers how the export ended."""
    run_job(job["id"])
    return read(api, job)


def read(api: Any, job: dict[str, Any]) -> dict[str, Any]:
    """An export as it is now."""
    status, found = api.get(f"{PATH}/{job['id']}/")
    assert status == 200, found
    return dict(found)


def download(api: Any, url: str) -> bytes:
    """The file at an address."""
    with api.client.get(urlsplit(url).path) as response:
        assert response.status_code == 200, response.data
        return bytes(response.data)


def export(api: Any, table: int, kind: str = "csv", **options: Any) -> bytes:
    """The file of an export."""
    job = finish(api, start(api, table, kind, **options))
    assert job["state"] == "finished", job
    return download(api, job["url"])


def csv_rows(content: bytes, charset: str = "utf-8-sig", separator: str = ",") -> list[list[str]]:
    """The rows of a CSV file."""
    return list(csv.reader(io.StringIO(content.decode(charset), newline=""), delimiter=separator))


def csv_of(api: Any, table: int, **options: Any) -> list[list[str]]:
    """The rows of an export as CSV."""
    return csv_rows(export(api, table, **options))


def json_of(api: Any, table: int, **options: Any) -> list[dict[str, Any]]:
    """The objects of an export as JSON."""
    return list(json.loads(export(api, table, "json", **options)))


def files_of(content: bytes) -> dict[str, bytes]:
    """The files in an archive."""
    archive = zipfile.ZipFile(io.BytesIO(content))
    assert archive.testzip() is None
    assert len(set(archive.namelist())) == len(archive.namelist())
    return {name: archive.read(name) for name in archive.namelist()}
