"""Jobs whose worker is killed when all their work is done but not committed: failed, with nothing left behind."""

from __future__ import annotations

import io
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from core.runtime.embedded import temporary_servers
from core.runtime.processes import wait_until
from tests.archives import archive_of
from tests.docs.conftest import Product, running_product

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks at processes in /proc"),
]
_ACTIONS = "core.action"
_WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = %(table)s::regclass"
_TABLES = "SELECT count(*) FROM pg_tables WHERE schemaname LIKE 'ws\\_%'"
_APPLICATIONS = "SELECT count(*) FROM core.application"
_FIELDS = "SELECT count(*) FROM database.field"
_DATA = [["Name", "Note"], *([f"row {n}", "of many"] for n in range(500))]
_KILLS = 3
"""So often the worker of one product is killed: of one that dies again and again, the product gives up."""
_FILE = f"{'a' * 32}_{'0' * 64}.txt"
"""The name of a file in an archive made by hand."""


class World:
    """A running product with somebody's database, and all that jobs could leave behind."""

    def __init__(self, product: Product, client: httpx.Client, database_url: str) -> None:
        self.product, self.client, self.database_url = product, client, database_url
        account = {"name": "Ann", "email": "ann@example.com", "password": "a long password", "authenticate": True}
        client.headers["Authorization"] = f"JWT {self.call('POST', '/api/user/', account)['token']}"
        self.call("PATCH", "/api/settings/update/", {"verify_import_signature": False})
        self.workspace = self.call("POST", "/api/workspaces/", {"name": "W"})["id"]
        made = {"name": "D", "type": "database"}
        self.database = self.call("POST", f"/api/applications/workspace/{self.workspace}/", made)["id"]
        body = {"name": "T", "data": _DATA, "first_row_header": True}
        self.table = self.call("POST", f"/api/database/tables/database/{self.database}/", body)["id"]
        self.field = self.call("GET", f"/api/database/fields/table/{self.table}/")[1]["id"]
        self.resource = self._upload()
        taken = self.call("POST", f"/api/snapshots/application/{self.database}/", {"name": "Monday"})
        assert self.ended(taken["id"])["state"] == "finished"
        self.snapshot = self.call("GET", f"/api/snapshots/application/{self.database}/")[0]["id"]
        self.template = self.call("GET", "/api/templates/")[0]["templates"][0]["id"]

    def call(self, method: str, path: str, body: Any = None, **given: Any) -> Any:
        """Send a request that must succeed."""
        answer = self.client.request(method, path, json=body, **given)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def _upload(self) -> int:
        """An archive with a table whose one row has a file."""
        fields = [{"id": 1, "name": "Name", "type": "text", "primary": True}, {"id": 2, "name": "File", "type": "file"}]
        row = {"id": 1, "field_1": "Ann", "field_2": [{"name": _FILE, "visible_name": "a.txt", "original_name": "a"}]}
        table = {"id": 1, "name": "T", "fields": fields, "views": [], "rows": [row]}
        archive = archive_of(
            {"id": 1, "type": "database", "name": "Base", "tables": [table]},
            files={_FILE: b"what only the archive has"},
        )
        form = {"file": ("export.zip", io.BytesIO(archive))}
        return int(self.call("POST", f"/api/workspaces/{self.workspace}/import/upload-file/", files=form)["id"])

    def ended(self, job: int) -> dict[str, Any]:
        """The job when it has ended."""
        found: dict[str, Any] = {}

        def over() -> bool:
            found.update(self.call("GET", f"/api/jobs/{job}/"))
            return found["state"] in ("finished", "failed", "cancelled")

        assert wait_until(over, 120), found
        return found

    def scalar(self, sql: str, **parameters: Any) -> Any:
        """The single value a statement answers."""
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            row = connection.execute(sql, parameters or None).fetchone()  # type: ignore[arg-type]
            return row[0] if row else None

    def kill_at_the_end_of(self, start: Start) -> int:
        """Start a job, and kill the worker when all it has to do is to commit; answers the job."""
        with psycopg.connect(self.database_url) as connection:
            connection.execute(f"LOCK TABLE {_ACTIONS} IN EXCLUSIVE MODE")
            job = int(start(self)["id"])
            assert wait_until(lambda: self.scalar(_WAITING, table=_ACTIONS) > 0, 60)
            os.kill(self.product.pid_of("worker"), signal.SIGKILL)
            connection.rollback()
        return job

    def there(self) -> dict[str, Any]:
        """What there is: in PostgreSQL, in the file storage, and for members."""
        counts = {sql: self.scalar(sql) for sql in (_TABLES, _APPLICATIONS, _FIELDS)}
        rows = self.call("GET", f"/api/database/rows/table/{self.table}/?size=1")["count"]
        shown = [(one["id"], len(one["tables"])) for one in self.call("GET", "/api/applications/")]
        return {**counts, "rows": rows, "shown": shown, "files": self.files()}

    def files(self) -> list[str]:
        """The files in the storage, the imports' and exports' own marks of progress left out."""
        top = self.product.data_dir / "files"
        found = (path.relative_to(top) for path in top.rglob("*") if path.is_file())
        return sorted(str(path) for path in found if path.parts[0] != ".unfinished")


Start = Callable[[World], dict[str, Any]]


def _make_table(world: World) -> Any:
    body = {"name": "Made", "data": _DATA, "first_row_header": True}
    return world.call("POST", f"/api/database/tables/database/{world.database}/async/", body)


def _import_rows(world: World) -> Any:
    return world.call("POST", f"/api/database/tables/{world.table}/import/async/", {"data": _DATA[1:]})


def _duplicate_table(world: World) -> Any:
    return world.call("POST", f"/api/database/tables/{world.table}/duplicate/async/")


def _duplicate_field(world: World) -> Any:
    return world.call("POST", f"/api/database/fields/{world.field}/duplicate/async/", {"duplicate_data": True})


def _duplicate_application(world: World) -> Any:
    return world.call("POST", f"/api/applications/{world.database}/duplicate/async/")


def _restore_snapshot(world: World) -> Any:
    return world.call("POST", f"/api/snapshots/{world.snapshot}/restore/")


def _install_template(world: World) -> Any:
    return world.call("POST", f"/api/templates/install/{world.workspace}/{world.template}/async/")


def _export(world: World) -> Any:
    return world.call("POST", f"/api/workspaces/{world.workspace}/export/async/", {})


def _import_archive(world: World) -> Any:
    body = {"resource_id": world.resource}
    return world.call("POST", f"/api/workspaces/{world.workspace}/import/async/", body)


_STARTS: list[Start] = [
    _make_table,
    _import_rows,
    _duplicate_table,
    _duplicate_field,
    _duplicate_application,
    _restore_snapshot,
    _install_template,
    _export,
    _import_archive,
]


@pytest.fixture(scope="module")
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    """The product whose jobs are tried once, on servers whose database the test looks into."""
    with temporary_servers() as servers:
        env = {"DATABASE_URL": servers.database_url, "REDIS_URL": servers.redis_url}
        env |= {"TABLEWRIGHT_JOB_ATTEMPTS": "1", "TABLEWRIGHT_JOB_SWEEP_SECONDS": "1"}
        with running_product(**env) as product, httpx.Client(base_url=product.url, timeout=60) as client:
            yield World(product, client, servers.database_url)


@pytest.mark.parametrize(
    ("world", "start"), [(n // _KILLS, start) for n, start in enumerate(_STARTS)], indirect=["world"]
)
def test_a_killed_job_fails_and_leaves_nothing(world: World, start: Start) -> None:
    before = world.there()
    job = world.ended(world.kill_at_the_end_of(start))
    assert job["state"] == "failed" and job["human_readable_error"], job
    assert wait_until(lambda: world.there() == before, 60), (before, world.there())
    assert world.ended(start(world)["id"])["state"] == "finished"
    assert world.there() != before
