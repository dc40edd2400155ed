"""Plugins that fail at their import, in a migration, a hook, a route or the background, in the whole product:
each is named, and the rest goes on."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from core.runtime.processes import wait_until
from tests.docs.conftest import Product, running_product
from tests.installed import ROOT, install, run_program

pytestmark = pytest.mark.slow

_QUAKE = """
from plugin_api import Plugin, hookimpl
from plugin_api.settings import setting

plugin = Plugin(name="quake", version="1.0", title="Quake", api=(1, 0), migrations="quake.migrations")
"""
_REVISION = """
from alembic import op

revision = "quake_0001"
down_revision = None
branch_labels = ("quake",)
depends_on = "core_0001"

def upgrade():
    op.execute("CREATE SCHEMA quake")
    op.execute("CREATE TABLE quake.crack (id bigint)")
    op.execute("SELECT * FROM quake.nowhere")
"""
_STRANGE = """
import sqlalchemy as sa
from plugin_api import Plugin

plugin = Plugin(name="strange", version="1.0", title="Strange", api=(1, 0), migrations="strange.migrations")
"""
_STRANGE_MIGRATIONS = """
import sqlalchemy as sa

metadata = sa.MetaData()
sa.Table("crack", metadata, schema="quake")
"""
_GLASS = """
import time

import sqlalchemy as sa

from plugin_api import Plugin, hookimpl, events
from plugin_api.accounts import SettingsData, UserData
from plugin_api.administration import UsageCount
from plugin_api.background import BackgroundWork
from plugin_api.db import connection
from plugin_api.events import EventHandler
from plugin_api.http import IGNORED, USER, Blueprint
from plugin_api.periodic import PeriodicTask
from plugin_api.workspaces import WorkspaceData

plugin = Plugin(name="glass", version="1.0", title="Glass", api=(1, 0))
blueprint = Blueprint("glass", __name__, url_prefix="/api/glass", description="Glass.")

def breaks(*values):
    raise RuntimeError("The glass is broken.")

def breaks_in_postgresql(*values):
    connection().execute(sa.text("SELECT * FROM glass.nowhere"))

def dawdles():
    time.sleep(0.3)
    return "slow"

def breaks_after_a_while(stop):
    stop.wait(0.2)
    breaks()

@blueprint.operation("GET", "/", id="look_at_glass", summary="Look", description="Look.", auth=IGNORED)
def look():
    breaks()

@hookimpl
def register_blueprints():
    return [blueprint]

@hookimpl
def register_settings_data():
    return [SettingsData("glass", breaks), SettingsData("slow_glass", dawdles), SettingsData("whole", lambda: 1)]

@hookimpl
def register_user_data():
    return [UserData("glass", breaks_in_postgresql), UserData("whole", lambda actor: 1)]

@hookimpl
def register_workspace_data():
    return [WorkspaceData("glass", breaks_in_postgresql)]

@hookimpl
def register_usage_counts():
    return [UsageCount("glasses", breaks)]

@hookimpl
def register_event_handlers():
    return [EventHandler("glass", breaks, types=("group_created",))]

@hookimpl
def register_background_work():
    return [BackgroundWork("watch-glass", breaks_after_a_while)]

@hookimpl
def register_periodic_tasks():
    return [PeriodicTask("polish-glass", 1.0, breaks)]
"""
_WILD = """
import sys
import time
from pathlib import Path

from plugin_api import Plugin, hookimpl, jobs
from plugin_api.background import BackgroundWork
from plugin_api.events import EventHandler
from plugin_api.health import HealthCheck
from plugin_api.http import IGNORED, Blueprint
from plugin_api.jobs import JobType
from plugin_api.periodic import PeriodicTask
from plugin_api.schemas import Schema

plugin = Plugin(name="wild", version="1.0", title="Wild", api=(1, 0))
blueprint = Blueprint("wild", __name__, url_prefix="/api/wild", description="Wild.")

class Rage(BaseException):
    pass

def ends(*values):
    sys.exit(3)

def rages(*values):
    raise Rage("Enough.")

def ends_after_a_while(stop):
    stop.wait(0.2)
    ends()

@blueprint.operation("GET", "/", id="go_wild", summary="Go", description="Go.", auth=IGNORED)
def go():
    ends()

@blueprint.operation("GET", "/rage/", id="rage", summary="Rage", description="Rage.", auth=IGNORED)
def rage():
    rages()

class Body(Schema):
    pass

class Ends(JobType):
    type = "wild_ends"
    body = Body
    def run(self, job):
        ends()

class NeverEnds(JobType):
    type = "wild_never_ends"
    body = Body
    def run(self, job):
        while not (Path(__file__).parent / "enough").exists():
            time.sleep(0.1)

class Works(JobType):
    type = "wild_works"
    body = Body
    def run(self, job):
        job.progress(50)

@hookimpl
def register_blueprints():
    return [blueprint]

@hookimpl
def register_job_types():
    return [Ends(), NeverEnds(), Works()]

@hookimpl
def register_event_handlers():
    return [
        EventHandler("wild", ends, types=("group_created",)),
        EventHandler("sleepy", lambda batch: time.sleep(1), types=("group_created",)),
    ]

@hookimpl
def register_background_work():
    return [BackgroundWork("go-wild", ends_after_a_while)]

@hookimpl
def register_periodic_tasks():
    return [PeriodicTask("rage", 1.0, rages)]

@hookimpl
def register_health_checks():
    return [HealthCheck("wild", rages)]
"""
_BARE = """
from plugin_api import Plugin, hookimpl
from plugin_api.http import IGNORED, Blueprint
import plugin_api.fields as fields

plugin = Plugin(name="{name}", version="1.0", title="{name}", api=(1, 0), requires=("database",))
blueprint = Blueprint("{name}", __name__, url_prefix="/api/twins", description="Twins.")

@blueprint.operation("GET", "/", id="{name}", summary="Look", description="Look.", auth=IGNORED)
def look():
    return {{"served_by": "{name}"}}
"""
_TWIN = (
    _BARE
    + """
@hookimpl
def register_blueprints():
    return [blueprint]
"""
)
_COPYCAT = (
    _BARE
    + """
class Text(fields.FieldType):
    type = "text"

@hookimpl
def register_field_types():
    return [Text()]
"""
)
_ODD = (
    _BARE
    + """
@hookimpl
def register_field_types():
    return fields.FieldType
"""
)
_HASTY = (
    _BARE
    + """
from celery import shared_task

@shared_task(name="hasty.hurry")
def hurry():
    pass

hurry.delay()
"""
)
_LEAVING = "raise SystemExit(0)"
OTHERS = {"twin_a": _TWIN, "twin_b": _TWIN, "copycat": _COPYCAT, "odd": _ODD, "hasty": _HASTY, "leaving": _LEAVING}
"""Plugins of one file, all but one of which cannot be loaded."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which bad plugins are installed."""
    made = tmp_path_factory.mktemp("faults")
    files = {
        "quake/__init__.py": _QUAKE,
        "quake/migrations/__init__.py": "import sqlalchemy as sa\n\nmetadata = sa.MetaData()\n",
        "quake/migrations/quake_0001_crack.py": _REVISION,
        "strange/__init__.py": _STRANGE,
        "strange/migrations/__init__.py": _STRANGE_MIGRATIONS,
        "strange/migrations/strange_0001.py": _REVISION.replace('"quake', '"strange'),
        "unreadable/__init__.py": _QUAKE.replace("quake", "unreadable"),
        "unreadable/migrations/__init__.py": "metadata = None\n",
        "unreadable/migrations/unreadable_0001.py": "this is no Python\n",
        "aftershock.py": 'from plugin_api import Plugin\nplugin = Plugin(name="aftershock", version="1", '
        'title="Aftershock", api=(1, 0), requires=("quake",))\n',
        "sunk.py": "import lost_at_sea\n",
        "glass.py": _GLASS,
        "wild.py": _WILD,
        **{f"{name}.py": text.format(name=name) for name, text in OTHERS.items()},
    }
    for path, text in files.items():
        (made / path).parent.mkdir(parents=True, exist_ok=True)
        (made / path).write_text(text)
    for name in ("quake", "strange", "unreadable", "aftershock", "sunk", "glass", "wild", *OTHERS):
        install(made, name, name)
    return made


@pytest.fixture(scope="module")
def running(folder: Path) -> Iterator[Product]:
    """The product with these plugins."""
    settings = {
        "TABLEWRIGHT_SLOW_HOOK_MS": "250",
        "TABLEWRIGHT_METRICS_TOKEN": "figures",
        "TABLEWRIGHT_JOB_SILENT_SECONDS": "1",
    }
    path = f"{ROOT}{os.pathsep}{folder}"
    with running_product(PYTHONPATH=path, PYTHONDONTWRITEBYTECODE="1", **settings) as product:
        yield product
        (folder / "enough").touch()


@pytest.fixture(scope="module")
def staff(running: Product) -> Iterator[httpx.Client]:
    """The first user, signed in: an entry of a plugin that fails is left out of the answer."""
    with httpx.Client(base_url=f"{running.url}/api/", timeout=60) as client:
        body = {"name": "Ada", "email": "ada@example.com", "password": "a-long-password"}
        made = client.post("user/", json=body)
        assert made.status_code == 200, made.text
        session = client.post("user/token-auth/", json=body).json()
        assert session["whole"] == 1 and "glass" not in session
        client.headers["Authorization"] = f"JWT {session['access_token']}"
        yield client


def health(staff: httpx.Client, name: str = "glass") -> dict[str, Any]:
    """How a plugin is, as administrators see it."""
    shown = staff.get("admin/plugins/").json()["plugins"]
    found: dict[str, Any] = next(plugin for plugin in shown if plugin["name"] == name)["health"]
    return found


def failures(staff: httpx.Client, name: str = "glass") -> dict[str, str]:
    """What it failed at, with the last error."""
    return {found["what"]: found["last"] for found in health(staff, name)["failures"]}


def slow(staff: httpx.Client, name: str) -> dict[str, str]:
    """What it was slow at, with how long it took at last."""
    return {found["what"]: found["last"] for found in health(staff, name)["slow"]}


BROKEN = "RuntimeError: The glass is broken."


def test_plugins_that_cannot_be_loaded_are_named_everywhere(
    staff: httpx.Client, running: Product, folder: Path
) -> None:
    problems = {one["name"]: one["reason"] for one in staff.get("admin/plugins/").json()["problems"]}
    assert set(problems) == {"quake", "aftershock", "sunk", "strange", "unreadable", *OTHERS} - {"twin_a"}
    assert re.match(
        'its migration quake_0001 failed, its tables are as before: UndefinedTable: relation "quake.nowhere"',
        problems["quake"],
    )
    assert problems["aftershock"].startswith("it requires quake")
    assert "lost_at_sea" in problems["sunk"]
    assert "its models declare quake.crack, outside of its schema strange" in problems["strange"]
    assert problems["unreadable"].startswith("its migrations cannot be read: SyntaxError")
    assert problems["twin_b"] == "the route GET /api/twins/ is already served by twin_a"
    assert problems["copycat"] == "field_types: 'text' is already provided by text_field"
    assert problems["odd"].startswith("register_field_types failed: TypeError")
    assert problems["hasty"].startswith("importing it failed: OperationalError")
    assert problems["leaving"] == "importing it failed: SystemExit: 0"
    assert staff.get("twins/").json() == {"served_by": "twin_a"}
    report = staff.get("_health/full/").json()["checks"]
    assert all(f"{name} was left out" in report["plugins"] for name in problems) and report["migrations"] == "ok"
    assert "the migration of a plugin failed" in running.output and "quake_0001" in running.output
    listed = run_program(folder, "plugin", "list", TABLEWRIGHT_DATA_DIR=str(running.data_dir)).stdout
    for name, reason in problems.items():
        assert re.search(rf"^{name} +- +not loaded +{re.escape(reason[:40])}", listed, re.MULTILINE), listed


def test_answers_do_without_an_entry_that_fails(staff: httpx.Client) -> None:
    shown = staff.get("settings/").json()
    assert shown["whole"] == 1 and shown["slow_glass"] == "slow" and "glass" not in shown
    made = staff.post("workspaces/", json={"name": "Whole"})
    assert made.status_code == 200 and "glass" not in made.json()
    assert "Whole" in [one["name"] for one in staff.get("workspaces/").json()]
    assert failures(staff)["settings_data glass"] == BROKEN
    assert "glass.nowhere" in failures(staff)["user_data glass"]
    assert "glass.nowhere" in failures(staff)["workspace_data glass"]
    assert failures(staff)["usage_counts glasses"] == BROKEN
    slow = {found["what"]: found for found in health(staff)["slow"]}["settings_data slow_glass"]
    assert slow["count"] >= 1 and re.fullmatch(r"\d+ ms", slow["last"])


def test_an_error_of_a_route_is_named_and_counted(staff: httpx.Client, running: Product) -> None:
    for _ in range(2):
        refused = staff.get("glass/")
        assert (refused.status_code, refused.json()["error"]) == (500, "ERROR_INTERNAL")
    lines = [line for line in running.output.splitlines() if refused.json()["request_id"] in line]
    assert [line for line in lines if "unexpected error" in line and "glass" in line and "look_at_glass" in line]
    found = {one["what"]: one for one in health(staff)["failures"]}["operation look_at_glass"]
    assert found["count"] == 2 and found["last"] == BROKEN
    shown = httpx.get(f"{running.url}/metrics", headers={"Authorization": "Bearer figures"}, timeout=30).text
    line = 'tablewright_plugin_failures_total{plugin="glass",what="operation look_at_glass"} 2.0'
    assert line in shown
    assert staff.get("settings/").status_code == 200


def test_what_fails_in_the_worker_is_named_and_the_worker_goes_on(staff: httpx.Client) -> None:
    staff.post("workspaces/", json={"name": "Told"})
    wanted = {"event_handlers glass", "background_work watch-glass", "periodic_tasks polish-glass"}
    assert wait_until(lambda: wanted <= set(failures(staff)), 60), failures(staff)
    assert {failures(staff)[what] for what in wanted} == {BROKEN}
    report = staff.get("_health/full/").json()["checks"]
    assert report["worker"] == "ok"


def test_whoever_tries_to_end_a_process_ends_what_is_theirs(staff: httpx.Client, running: Product) -> None:
    for path, raised in (("wild/", "SystemExit: 3"), ("wild/rage/", "Rage: Enough.")):
        refused = staff.get(path)
        assert (refused.status_code, refused.json()["error"]) == (500, "ERROR_INTERNAL")
        assert f"GaveUp: {raised}" in failures(staff, "wild").values()
    staff.post("workspaces/", json={"name": "Told"})
    ended = staff.post("jobs/", json={"type": "wild_ends"}).json()["id"]
    wanted = {"event_handlers wild", "background_work go-wild", "periodic_tasks rage", "job_types wild_ends"}
    assert wait_until(lambda: wanted <= set(failures(staff, "wild")), 60), failures(staff, "wild")
    assert staff.get(f"jobs/{ended}/").json()["state"] == "failed"
    report = staff.get("_health/full/").json()["checks"]
    assert report["wild"] == "GaveUp: Rage: Enough." and report["worker"] == "ok"
    assert "it is started again" not in running.output, "no process ended"


def test_what_takes_long_is_named_and_the_rest_goes_on(staff: httpx.Client, running: Product) -> None:
    staff.post("workspaces/", json={"name": "Slow"})
    endless = staff.post("jobs/", json={"type": "wild_never_ends"}).json()["id"]
    wanted = {"event_handlers sleepy", "job_types wild_never_ends"}
    assert wait_until(lambda: wanted <= set(slow(staff, "wild")), 60), slow(staff, "wild")
    works = staff.post("jobs/", json={"type": "wild_works"}).json()["id"]
    assert wait_until(lambda: staff.get(f"jobs/{works}/").json()["state"] == "finished", 30)
    assert staff.get(f"jobs/{endless}/").json()["state"] == "started"
    assert "a job does not say how far it is" in running.output
    shown = httpx.get(f"{running.url}/metrics", headers={"Authorization": "Bearer figures"}, timeout=30).text
    assert 'tablewright_plugin_failures_total{plugin="wild",what="operation go_wild"}' in shown


def test_the_admin_page_names_them(staff: httpx.Client, running: Product) -> None:
    with httpx.Client(base_url=running.url, timeout=60, follow_redirects=True) as browser:
        token = re.search(r'name="form_token" value="([^"]+)"', browser.get("/admin/sign-in").text)
        assert token
        form = {"form_token": token[1], "email": "ada@example.com", "password": "a-long-password", "next": ""}
        browser.post("/admin/sign-in", data=form)
        plugins, one = browser.get("/admin/plugins").text, browser.get("/admin/plugins/glass").text
        overview = browser.get("/admin/").text
    assert "lost_at_sea" in plugins and "quake_0001" in plugins
    assert "The glass is broken." in one and "settings_data slow_glass" in one
    faulty = overview.partition('id="faulty"')[2]
    assert "/admin/plugins/glass" in faulty and "job types wild never ends" in faulty


def test_a_migration_that_was_mended_runs_at_the_next_try(staff: httpx.Client, running: Product, folder: Path) -> None:
    revision = folder / "quake" / "migrations" / "quake_0001_crack.py"
    revision.write_text(_REVISION.replace("quake.nowhere", "quake.crack"))
    listed = run_program(folder, "plugin", "list", TABLEWRIGHT_DATA_DIR=str(running.data_dir)).stdout
    assert re.search(r"^quake +1\.0 +on", listed, re.MULTILINE), listed
    assert re.search(r"^aftershock +1 +on", listed, re.MULTILINE), listed
