"""What the audit log costs: writing an entry, and reading and exporting a log of a million of them.

    DATABASE_URL=postgresql://... REDIS_URL=redis://... python -m tests.performance.audit_log [--entries 1000000]

Works in this process, on a database of its own that is dropped at the end. Prints medians.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa

import app as composition
from core.db.models import Action
from core.db.unit_of_work import ledger_statement
from core.settings import Settings
from plugin_api.db import begin
from plugins.audit_log import store
from plugins.audit_log.jobs import _Lines
from plugins.audit_log.models import Entry
from plugins.audit_log.store import Wanted
from tests.performance.rows_ratio import database

_ACTION = {"user_id": 1, "type": "update_rows", "scope": "table1", "workspace_id": 1, "params": {"row_ids": [1]}}
_ENTRY = {
    "action_type": "update_rows",
    "command": "DO",
    "user_id": 1,
    "user_email": "ada@example.com",
    "workspace_id": 1,
    "description": 'Rows 1 changed in table "People" (1)',
    "ip_address": "127.0.0.1",
}
_FILL = """
    INSERT INTO audit_log.entry
        (action_type, command, user_id, user_email, workspace_id, workspace_name, description, ip_address, created_on)
    SELECT (ARRAY['update_rows','create_row','delete_row','create_view','update_field','sign_in_user'])
            [1 + (random() * 5)::int], 'DO', u, 'user' || u || '@example.com', w, 'Workspace ' || w,
        'Rows 1 changed in table "Some table" (17)', '10.0.0.1', now() - n * interval '20 seconds'
    FROM (SELECT n, (random() * 2000)::int u, (random() * random() * 500)::int w FROM generate_series(1, %s) n) made
"""
_READ = (
    *("", "?page=100", "?workspace_id=3", "?user_id=7", "?action_type=create_view", "?workspace_id=3&user_id=7"),
    *("?workspace_id=3&action_type=create_view&user_id=8", "?sorts=%2Buser", "?search=user17"),
    *("users/", "users/?workspace_id=3", "workspaces/", "action-types/"),
)
_ACCOUNT = {"email": "ada@example.com", "password": "a long password"}


def median(times: int, work: Callable[[], Any]) -> float:
    """How many milliseconds it takes."""
    spent = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        spent.append((time.perf_counter() - begun) * 1000)
    return statistics.median(spent)


def measure_writing(driver: psycopg.Connection[Any]) -> None:
    """The statement that writes an action, without an entry and with one, in turns, each with its commit."""
    rows = ((Action.__table__, _ACTION), (Entry.__table__, _ENTRY))
    works, spent = (_statement(driver, rows[:1]), _statement(driver, rows)), ([0.0], [0.0])
    for _ in range(3000):
        for work, times in zip(works, spent, strict=True):
            times.append(median(1, work))
    alone, together = (statistics.median(times) for times in spent)
    print(f"writing an action: {alone:.3f} ms, with its entry: {together:.3f} ms")


def _statement(driver: psycopg.Connection[Any], rows: Sequence[tuple[Any, dict[str, Any]]]) -> Callable[[], Any]:
    tables: tuple[tuple[sa.Table, tuple[str, ...]], ...] = tuple((table, tuple(row)) for table, row in rows)
    statement = ledger_statement(tables).encode()
    parameters = {f"rows_{n}": json.dumps([row]) for n, (_, row) in enumerate(rows)}
    return lambda: driver.execute(statement, parameters)


def measure_reading(client: Any, headers: dict[str, str]) -> None:
    """Pages over HTTP, and the page for administrators."""
    for query in _READ:
        took = median(5, lambda: client.get(f"/api/admin/audit-log/{query}", headers=headers))  # noqa: B023
        print(f"GET /api/admin/audit-log/{query}: {took:.1f} ms")
    with begin():
        took = median(5, lambda: store.next_to(Wanted(), None, False, 51))
    print(f"a page for administrators, of the database: {took:.1f} ms")


def measure_export() -> None:
    """All of it, and the memory it takes beyond what the process had."""
    options = {"exclude_columns": None, "csv_column_separator": ",", "export_charset": "utf-8"}
    lines, before = _Lines({**options, "csv_first_row_header": True}), _peak()
    with begin():
        begun = time.perf_counter()
        size = sum(len(piece) for piece in lines.written(Wanted(), lambda percentage: None))
    spent = time.perf_counter() - begun
    print(f"export of {lines.count} entries, {size / 1e6:.0f} MB: {spent:.1f} s, {_peak() - before:.0f} MB more memory")


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", type=int, default=1_000_000)
    options = parser.parse_args()
    with database(os.environ["DATABASE_URL"]) as url, tempfile.TemporaryDirectory() as folder:
        given = {"database_url": url, "redis_url": os.environ["REDIS_URL"], "data_dir": Path(folder)}
        settings = Settings.load({}, **given, secret_key="a secret of at least 32 characters, for this alone")
        composition.migrate(settings)
        client = composition.create_app(settings).test_client()
        made = client.post("/api/user/", json={"name": "Ada", "authenticate": True, **_ACCOUNT}).get_json()
        with psycopg.connect(url, autocommit=True) as driver:
            measure_writing(driver)
            driver.execute(_FILL, [options.entries])
            driver.execute("VACUUM ANALYZE audit_log.entry")
        measure_reading(client, {"Authorization": f"JWT {made['access_token']}"})
        measure_export()


if __name__ == "__main__":
    main()
