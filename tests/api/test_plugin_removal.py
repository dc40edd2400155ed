"""`tablewright plugin check` and `plugin remove`, as real processes beside the instance of the tests."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from core.settings import Settings
from tests.installed import install, run_program

pytestmark = pytest.mark.slow

_PEBBLE = """
import sqlalchemy as sa
from plugin_api import Plugin, hookimpl
from plugin_api.fields import Column, FieldType, plain_text
from plugin_api.kinds import Kind
from plugin_api.permissions import Operation, require
from plugin_api.jobs import JobType
from plugin_api.views import ViewType

plugin = Plugin(name="pebble", version="1.0", title="Pebble", api=(1, 0), requires=("database", "views"),
    wants=("notifications",), migrations="pebble.migrations")

class PebbleField(FieldType):
    type = "pebble"
    kind = Kind.TEXT
    def column(self, field):
        return Column(sa.Text())
    def clean(self, field, value, batch):
        return plain_text(value)

class PebbleView(ViewType):
    type = "pebble"

class PebbleJob(JobType):
    type = "throw_pebbles"
    def run(self, job):
        require("pebble.throw", None)

@hookimpl
def register_field_types():
    return [PebbleField()]

@hookimpl
def register_view_types():
    return [PebbleView()]

@hookimpl
def register_operations():
    return [Operation("pebble.throw", "EDITOR")]

@hookimpl
def register_job_types():
    return [PebbleJob()]
"""
_REVISION = """
from alembic import op

revision = "pebble_0001"
down_revision = None
branch_labels = ("pebble",)
depends_on = "core_0001"

def upgrade():
    op.execute("CREATE SCHEMA pebble")
    op.execute("CREATE TABLE pebble.heap (id bigint)")
    op.execute("INSERT INTO pebble.heap VALUES (1), (2)")
"""
_MODELS = "import sqlalchemy as sa\n\nmetadata = sa.MetaData()\nsa.Table('heap', metadata, schema='pebble')\n"
_BAD = """
from plugin_api import Plugin, hookimpl
from plugin_api.permissions import Operation, require

plugin = Plugin(name="mud", version="1.0", title="Mud", api=(1, 0), requires=("pebble",))

@hookimpl
def register_field_type():
    return []

def register_job_types():
    return []

def sling():
    require("mud.sling", None)
"""

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def folder(tmp_path: Path, settings: Settings, app: Any) -> Iterator[Path]:
    """A folder in which `pebble` is installed; afterwards the database knows nothing of it."""
    files = {
        "pebble/__init__.py": _PEBBLE,
        "pebble/migrations/__init__.py": _MODELS,
        "pebble/migrations/pebble_0001.py": _REVISION,
    }
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    install(tmp_path, "pebble", "pebble")
    yield tmp_path
    with psycopg.connect(settings.database_url) as connection:
        connection.execute("DROP SCHEMA IF EXISTS pebble CASCADE")
        connection.execute("DELETE FROM core.migration WHERE version_num LIKE 'pebble%'")
        connection.execute("DELETE FROM core.plugin_state WHERE name = 'pebble'")


@pytest.fixture
def run(folder: Path, settings: Settings) -> Run:
    """A function that runs `tablewright plugin ...` where the plugin is found."""
    urls = {"DATABASE_URL": settings.database_url, "REDIS_URL": settings.redis_url}
    return lambda *arguments, **extra: run_program(folder, "plugin", *arguments, **{**urls, **extra})


def as_pebbles(settings: Settings, sheet: Any, *names: str) -> None:
    """Make text fields fields of the plugin's type, whose column is the same, as if they had been made so."""
    with psycopg.connect(settings.database_url) as connection:
        query = "UPDATE database.field SET type = 'pebble' WHERE table_id = %s AND name = ANY(%s)"
        connection.execute(query, (sheet.id, list(names)))


def numbers(settings: Settings) -> tuple[int, ...]:
    """How many fields and views of its types there are, and jobs and tables."""
    queries = (
        "SELECT count(*) FROM database.field WHERE type = 'pebble'",
        "SELECT count(*) FROM views.view WHERE type = 'pebble'",
        "SELECT count(*) FROM pg_tables WHERE schemaname = 'pebble'",
        "SELECT count(*) FROM core.migration WHERE version_num LIKE 'pebble%'",
        "SELECT count(*) FROM core.trash WHERE type IN ('field', 'view') AND name LIKE 'Pebble%'",
    )
    with psycopg.connect(settings.database_url) as connection:
        return tuple(connection.execute(query.encode()).fetchone()[0] for query in queries)  # type: ignore[index]


def test_a_good_plugin_is_checked(run: Run) -> None:
    checked = run("check", "pebble")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    for line in (
        "ok     loading      it is loaded",
        "ok     api          it was written for plugin API 1.0; this is",
        "ok     requires     database is on",
        "ok     wants        notifications is there",
        "ok     migrations   the database is at pebble_0001",
        "ok     permissions  pebble.throw is for the role EDITOR and above",
    ):
        assert line in checked.stdout
    assert run("check", "nobody").stderr == "tablewright: no installed package has a plugin called nobody\n"


def test_what_is_wrong_is_found(run: Run, folder: Path) -> None:
    (folder / "mud.py").write_text(_BAD)
    install(folder, "mud", "mud")
    checked = run("check", "mud")
    assert checked.returncode == 1
    assert "wrong  loading      there is no hook called register_field_type" in checked.stdout
    assert "register_field_type here; register_field_types is meant?" in checked.stdout
    assert "wrong  hooks        register_job_types is not called: it lacks @hookimpl" in checked.stdout
    assert "asks for mud.sling, which nobody registers" in checked.stdout
    (folder / "mud.py").write_text(_BAD.replace("api=(1, 0)", "api=(2, 0)"))
    assert "wrong  loading      it was written for plugin API 2.0; this is" in run("check", "mud").stdout
    (folder / "pebble" / "migrations" / "__init__.py").write_text(_MODELS.replace("'pebble'", "'core'"))
    assert "outside of its schema pebble" in run("check", "pebble").stdout


def test_what_a_plugin_leaves_is_told_and_taken_away(run: Run, settings: Settings, sheet: Any, api: Any) -> None:
    assert run("list").returncode == 0
    sheet.add("Pebbles", "text")
    sheet.add("Pebbles gone", "text")
    sheet.insert({"Name": "a", "Pebbles": "round"})
    view = api.post(f"/api/database/views/table/{sheet.id}/", {"name": "Pebble view", "type": "grid"})[1]
    gone = next(field for field in api.get(sheet.path)[1] if field["name"] == "Pebbles gone")
    api.post(f"/api/database/views/{view['id']}/sortings/", {"field": gone["id"], "order": "ASC"})
    api.delete(f"/api/database/fields/{gone['id']}/")
    as_pebbles(settings, sheet, "Pebbles", "Pebbles gone", "Name")
    with psycopg.connect(settings.database_url) as connection:
        connection.execute("UPDATE views.view SET type = 'pebble' WHERE id = %s", (view["id"],))
        connection.execute('UPDATE database."table" SET version = version + 1 WHERE id = %s', (sheet.id,))
    told = run("remove", "pebble")
    assert told.returncode == 0, told.stderr
    for text in ("3 of field types pebble", "1 of view types pebble", "2 rows of the table pebble.heap"):
        assert f"  {text}\n" in told.stdout
    assert "Nothing was changed" in told.stdout and numbers(settings) == (3, 1, 1, 1, 1)
    kept = run("remove", "pebble", "--data")
    assert kept.returncode == 1 and numbers(settings) == (3, 1, 1, 1, 1)
    done = run("remove", "pebble", "--data", "--yes")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Now pip uninstall" in done.stdout and numbers(settings) == (0, 0, 0, 0, 0)
    fields = {field["name"]: field["type"] for field in api.get(sheet.path)[1]}
    assert fields["Name"] == "long_text" and "Pebbles" not in fields
    assert sheet.column("Name") == ["a"]
    assert "Pebble view" not in [one["name"] for one in api.get(f"/api/database/views/table/{sheet.id}/")[1]]


def test_what_others_require_is_not_removed(run: Run, folder: Path) -> None:
    (folder / "mud.py").write_text(_BAD.partition("@hookimpl")[0])
    install(folder, "mud", "mud")
    for _ in range(2):
        refused = run("remove", "pebble", "--data", "--yes")
        assert refused.returncode == 1 and "pebble is required by mud; remove those first" in refused.stderr
    assert "no plugin called nobody is loaded" in run("remove", "nobody").stderr
