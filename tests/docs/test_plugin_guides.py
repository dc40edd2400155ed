"""The plugins that docs/plugins builds piece by piece, and the one in examples, run in the whole product."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from core.settings import Settings
from plugin_api import hooks
from tests.docs.conftest import Product, running_product
from tests.docs.pages import ROOT, blocks
from tests.installed import install, run_program
from tests.reliability.conftest import wait_until

pytestmark = pytest.mark.slow

EXAMPLE = ROOT / "examples" / "tablewright-version-number"
PAGES = [str(page.relative_to(ROOT)) for page in sorted((ROOT / "docs" / "plugins").glob("*.md"))]
PLUGINS = (
    "between",
    "constellations",
    "temperature",
    "showcase",
    "stars",
    "tides",
    "shelf",
    "orbit",
    "countdown",
    "pinboard",
    "lanterns",
)
HOOKS = [name for name in vars(hooks) if name.startswith("register_")]


def _write_blocks(folder: Path) -> None:
    """Each Python block says in its first line which file it is a part of."""
    for page in PAGES:
        for block in blocks(page):
            if block.language == "python":
                found = re.match(r"# ([\w/]+\.py)\n", block.text)
                assert found, f"{page}: a block does not name its file:\n{block.text}"
                file = folder / found[1]
                file.parent.mkdir(parents=True, exist_ok=True)
                with file.open("a") as written:
                    written.write(block.text.removeprefix(found[0]) + "\n")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the plugins of the pages and the example are installed."""
    made = tmp_path_factory.mktemp("installed")
    _write_blocks(made)
    for name in PLUGINS:
        install(made, name, name)
    (made / "tablewright_version_number.py").symlink_to(EXAMPLE / "tablewright_version_number.py")
    install(made, "version_number", "tablewright_version_number")
    return made


@pytest.fixture(scope="module")
def revised(folder: Path, app: Any, settings: Settings) -> Path:
    """The same, with the migration that the page has written."""
    urls = {"DATABASE_URL": settings.database_url, "REDIS_URL": settings.redis_url}
    done = run_program(folder, "plugin", "revision", "stars", "the stars", **urls)
    assert done.returncode == 0, done.stderr
    assert (folder / "stars" / "migrations" / "stars_0001_the_stars.py").exists()
    return folder


@pytest.fixture(scope="module")
def extended(revised: Path) -> Iterator[Product]:
    """The product with these plugins."""
    with running_product(PYTHONPATH=f"{ROOT}{os.pathsep}{revised}", PYTHONDONTWRITEBYTECODE="1") as running:
        yield running


class Client:
    """Talks to the product as its first user, who is staff."""

    def __init__(self, url: str) -> None:
        self.http = httpx.Client(base_url=f"{url}/api/", timeout=30)
        body = {"name": "Ada", "email": "ada@example.com", "password": "a-long-password"}
        self.http.post("user/", json=body)
        self.session = self.post("user/token-auth/", body)
        self.http.headers["Authorization"] = f"JWT {self.session['access_token']}"

    def post(self, path: str, body: Any = None) -> Any:
        """The answer to a POST."""
        return self._good(self.http.post(path, json={} if body is None else body))

    def get(self, path: str) -> Any:
        """What is there."""
        return self._good(self.http.get(path))

    def _good(self, response: httpx.Response) -> Any:
        assert response.is_success, response.text
        return response.json()


@pytest.fixture(scope="module")
def client(extended: Product) -> Iterator[Client]:
    """Signed in."""
    made = Client(extended.url)
    yield made
    made.http.close()


@pytest.fixture(scope="module")
def workspace(client: Client) -> int:
    """A workspace of the user."""
    made: int = client.post("workspaces/", {"name": "Sky"})["id"]
    return made


@pytest.fixture(scope="module")
def table(client: Client, workspace: int) -> int:
    """A table with a row a name."""
    database = client.post(f"applications/workspace/{workspace}/", {"name": "Base", "type": "database"})["id"]
    body = {"name": "Sheet", "data": [["Name"], ["Alpha"], ["Beta"]], "first_row_header": True}
    made: int = client.post(f"database/tables/database/{database}/", body)["id"]
    return made


def test_all_plugins_load(client: Client) -> None:
    report = client.get("admin/plugins/")
    assert report["problems"] == []
    names = {plugin["name"]: plugin for plugin in report["plugins"]}
    assert {*PLUGINS, "version_number"} <= set(names)
    filters = ["version_at_least", "version_below"]
    assert names["version_number"]["provides"] == {"field_types": ["version_number"], "filter_types": filters}


def test_hooks_of_other_plugins_have_an_example(client: Client) -> None:
    shown = next(plugin for plugin in client.get("admin/plugins/")["plugins"] if plugin["name"] == "orbit")
    assert set(shown["provides"]) == {"webhook_event_types", "generative_ai_model_types", "builder_page_parts"}


def test_every_hook_has_its_example(client: Client) -> None:
    page = (ROOT / "docs" / "plugins" / "hooks.md").read_text()
    assert sorted(re.findall(r"^### (\w+)$", page, re.MULTILINE)) == sorted(HOOKS)
    assert [name for name in HOOKS if f"def {name}(" not in page] == []
    shown = next(plugin for plugin in client.get("admin/plugins/")["plugins"] if plugin["name"] == "showcase")
    assert set(shown["provides"]) == {spec.name for spec in hooks.REGISTRIES}


def _pytest(folder: Path, settings: Settings, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    urls = {"DATABASE_URL": settings.database_url, "REDIS_URL": settings.redis_url}
    env = {**os.environ, "PYTHONPATH": f"{folder}{os.pathsep}{ROOT}", **urls}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments]
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, timeout=120)


def test_the_example_s_own_tests_pass(folder: Path, settings: Settings) -> None:
    done = _pytest(folder, settings, cwd=EXAMPLE)
    assert done.returncode == 0, done.stdout


def test_the_tests_of_the_pages_pass(folder: Path, settings: Settings) -> None:
    files = ("test_temperature.py", "test_constellations.py", "test_lanterns.py")
    done = _pytest(folder, settings, "-p", "plugin_api.testing", *files, cwd=folder)
    assert done.returncode == 0 and "16 passed" in done.stdout, done.stdout


def test_fields_of_the_new_types_work(client: Client, table: int) -> None:
    fields = f"database/fields/table/{table}/"
    warm = client.post(fields, {"name": "Warm", "type": "number", "number_decimal_places": 1})
    client.post(fields, {"name": "Release", "type": "version_number"})
    rows = f"database/rows/table/{table}/?user_field_names=true"
    for release, warmth in (("1.10", 20.5), ("v1.9", 99_999_999), ("0.12", None)):
        client.post(rows, {"Name": "Gamma", "Release": release, "Warm": warmth})
    changed = client.http.patch(f"database/fields/{warm['id']}/", json={"type": "temperature", "unit": "F"})
    assert changed.json()["unit"] == "F"
    found = client.get(f"{rows}&order_by=Release&filter__Name__starts_with=GAM")["results"]
    assert [(row["Release"], row["Warm"]) for row in found] == [("0.12", None), ("1.9", None), ("1.10", 20.5)]
    assert client.get(f"{rows}&search=20.5 °F")["count"] == 1
    assert client.get(f"{rows}&filter__Warm__between=21,20")["count"] == 1
    assert client.get(f"{rows}&filter__Warm__not_between=21,20")["count"] == 4
    assert client.get(f"{rows}&filter__Warm__between=x")["count"] == 0


def test_views_of_the_new_type_list_rows(client: Client, table: int) -> None:
    options = [{"value": "Red", "color": "red"}]
    body = {"name": "Color", "type": "single_select", "select_options": options}
    color = client.post(f"database/fields/table/{table}/", body)
    client.post(f"database/rows/table/{table}/?user_field_names=true", {"Name": "Red one", "Color": "Red"})
    views = f"database/views/table/{table}/"
    view = client.post(views, {"name": "Shelf", "type": "shelf", "color_field": color["id"], "public": True})
    shown = client.get(f"database/views/shelf/{view['id']}/?include=field_options")
    assert (shown["count"], len(shown["field_options"])) == (1, len(shown["results"][0]) - 2)
    visible = client.get(f"database/views/shelf/{view['slug']}/public/rows/")["results"][0]
    assert visible.keys() == {"id", "order", f"field_{color['id']}"}
    conf = {"type": "ribbon", "value_provider_type": "newest", "value_provider_conf": {"days": 3}}
    assert client.post(f"database/views/{view['id']}/decorations/", conf)["value_provider_conf"] == {"days": 3}


def test_the_operations_of_the_pages_work(client: Client, workspace: int) -> None:
    assert client.get(f"stars/workspace/{workspace}/") == {"stars": 0}
    assert client.post(f"stars/workspace/{workspace}/")["workspace"] == workspace
    assert client.get(f"stars/workspace/{workspace}/") == {"stars": 1}
    assert client.http.get("stars/workspace/999999/").json()["error"] == "ERROR_GROUP_DOES_NOT_EXIST"
    assert client.post(f"showcase/workspace/{workspace}/wave/", {"greeting": "Hi"}) == {"said": "Hi!"}


def test_the_scheme_of_the_page_is_taken(client: Client, extended: Product, folder: Path, workspace: int) -> None:
    user = client.session["user"]["id"]
    data = str(extended.data_dir)
    badge = run_program(folder, "show-badge", str(user), TABLEWRIGHT_DATA_DIR=data)
    assert badge.returncode == 0, badge.stderr
    path, body = f"showcase/workspace/{workspace}/wave/", {"greeting": "Ho"}
    waved = client.http.post(path, json=body, headers={"Authorization": f"Badge {badge.stdout.strip()}"})
    assert waved.json() == {"said": "Ho!"}
    refused = client.http.post(path, json=body, headers={"Authorization": f"Badge {user}.guessed"})
    assert refused.status_code == 401 and refused.json()["error"] == "ERROR_INVALID_BADGE"


def test_answers_have_the_keys_of_the_page(client: Client, workspace: int) -> None:
    assert client.session["waves_left"] == 3
    assert client.get("settings/")["waving_allowed"] is True
    assert client.get("auth-provider/login-options/")["badge"] == {"type": "badge"}
    assert {found["waves"] for found in client.get("workspaces/")} == {0}
    assert [member["waves"] for member in client.get(f"workspaces/users/workspace/{workspace}/")] == [0]
    assert client.get("_health/full/")["checks"]["showcase"] == "ok"
    body = {"name": "Shelf", "type": "showcase"}
    assert client.post(f"applications/workspace/{workspace}/", body)["shelves"] == []


def test_the_application_type_of_the_page_works(client: Client, workspace: int) -> None:
    path = f"applications/workspace/{workspace}/"
    board = client.post(path, {"name": "Board", "type": "pinboard", "init_with_data": True})
    assert board["note"] == "Pin something here."
    changed = client.http.patch(f"applications/{board['id']}/", json={"note": "Milk"})
    assert changed.json()["note"] == "Milk"
    refused = client.http.patch(f"applications/{board['id']}/", json={"note": "x" * 501})
    assert refused.status_code == 400
    job = client.post(f"applications/{board['id']}/duplicate/async/")
    assert wait_until(lambda: client.get(f"jobs/{job['id']}/")["state"] == "finished", 20)
    copy = client.get(f"jobs/{job['id']}/")["duplicated_application"]
    assert client.get(f"applications/{copy['id']}/")["note"] == "Milk"


def test_the_job_of_the_page_runs(client: Client) -> None:
    job = client.post("jobs/", {"type": "count_up", "to": 3})
    assert wait_until(lambda: client.get(f"jobs/{job['id']}/")["state"] == "finished", 20)
    assert client.get(f"jobs/{job['id']}/")["counted"] == 3
