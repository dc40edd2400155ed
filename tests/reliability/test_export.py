"""An export whose worker is killed while it writes: it is run again, and no half of a file is ever to be had."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from core.runtime.embedded import temporary_folder
from core.runtime.processes import wait_until
from tests.docs.conftest import Product

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks at processes in /proc"),
]
ROWS, WIDTH = 100_000, 10


@pytest.fixture
def product() -> Iterator[Product]:
    """The whole product on a fresh folder."""
    with temporary_folder() as folder:
        served = Product(folder / "data").wait_ready()
        try:
            yield served
        finally:
            served.stop()


def _call(client: httpx.Client, method: str, path: str, body: Any = None) -> Any:
    answer = client.request(method, path, json=body)
    assert answer.is_success, answer.text
    return answer.json()


def _table(client: httpx.Client) -> int:
    """A table with many rows."""
    account = {"name": "Ann", "email": "ann@example.com", "password": "a long password"}
    client.headers["Authorization"] = (
        f"JWT {_call(client, 'POST', '/api/user/', {**account, 'authenticate': True})['token']}"
    )
    workspace = _call(client, "POST", "/api/workspaces/", {"name": "W"})["id"]
    body = {"name": "D", "type": "database"}
    database = _call(client, "POST", f"/api/applications/workspace/{workspace}/", body)["id"]
    data = [[f"field {n}" for n in range(WIDTH)], *([f"{row} of many"] * WIDTH for row in range(ROWS))]
    body = {"name": "T", "data": data, "first_row_header": True}
    job = _call(client, "POST", f"/api/database/tables/database/{database}/async/", body)
    assert wait_until(lambda: _call(client, "GET", f"/api/jobs/{job['id']}/")["state"] == "finished", 120)
    return int(_call(client, "GET", f"/api/jobs/{job['id']}/")["table_id"])


def test_a_killed_worker_leaves_no_half_of_a_file(product: Product) -> None:
    client = httpx.Client(base_url=product.url, timeout=60)
    files = product.data_dir / "files"
    table = _table(client)
    unfinished = files / ".unfinished"
    job = _call(client, "POST", f"/api/database/export/table/{table}/", {"exporter_type": "xml"})
    path = f"/api/database/export/{job['id']}/"
    assert wait_until(lambda: any(found.stat().st_size for found in unfinished.glob("*")), 60)
    os.kill(product.pid_of("worker"), signal.SIGKILL)
    assert not list((files / "export_files").glob("*"))
    seen: list[dict[str, Any]] = []

    def ended() -> bool:
        seen.append(_call(client, "GET", path))
        return seen[-1]["state"] in ("finished", "failed")

    assert wait_until(ended, 120)
    assert all(found["url"] is None for found in seen[:-1])
    assert seen[-1]["state"] == "finished", json.dumps(seen[-1])
    stored = list((files / "export_files").glob("*"))
    assert [found.name for found in stored] == [seen[-1]["exported_file_name"]]
    content = httpx.get(f"{product.url}/media/export_files/{stored[0].name}", timeout=60).text
    assert content.count("<row>") == ROWS and content.endswith("</row>\n</rows>\n")
    client.close()
