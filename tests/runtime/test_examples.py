"""The packages in examples as a stranger uses them: built, installed with pip beside the product, served, switched."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from core.runtime.embedded import temporary_folder
from core.runtime.processes import wait_until
from plugin_api.testing import Bench
from tests.environments import Environment, clean
from tests.installed import ROOT
from tests.over_http import OverHttp
from tests.reliability.conftest import Served, assert_gone

pytestmark = pytest.mark.slow

NAMES = {"bookmarks", "checklist", "version_number"}
BOOKMARKS = '<DL><DT><A HREF="https://example.com/a">Alpha</A><DT><A HREF="https://example.com/b">Beta</A></DL>'


@pytest.fixture(scope="module")
def environment(wheels: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """The product and the examples, installed from wheels."""
    made = Environment(tmp_path_factory.mktemp("examples") / "environment")
    made.install_product(wheels[0])
    made.install(*wheels[1:])
    return made


class Stranger:
    """Somebody who runs the product; it is started again by `restart`."""

    def __init__(self, environment: Environment, data: Path) -> None:
        class Product(Served):
            program = (environment.program,)
            folder = environment.folder

        self._make = lambda: Product(data, PYTHONPATH="")
        self.server = self._make().wait_ready()
        self.user, self.visitor = self._clients()

    def _clients(self) -> tuple[OverHttp, OverHttp]:
        return OverHttp(self.server.url, "Ada"), OverHttp(self.server.url)

    def stop(self) -> None:
        """Stop it, with all its processes."""
        self.user.close()
        self.visitor.close()
        below = self.server.descendants()
        self.server.stop()
        assert_gone(below)

    def restart(self) -> None:
        """Stop it and start it again."""
        self.stop()
        self.server = self._make().wait_ready()
        self.user, self.visitor = self._clients()

    def get(self, path: str) -> tuple[int, Any]:
        """What is at a path."""
        return self.user.call("GET", path)

    def plugins(self) -> dict[str, dict[str, Any]]:
        """The plugins by name."""
        status, answer = self.get("/api/admin/plugins/")
        assert status == 200 and answer["problems"] == [], answer
        return {plugin["name"]: plugin for plugin in answer["plugins"]}

    def switch(self, enabled: bool) -> None:
        """Switch the examples on or off."""
        for name in NAMES:
            status, answer = self.user.call("PATCH", f"/api/admin/plugins/{name}/", {"enabled": enabled})
            assert status == 200, answer


@pytest.fixture(scope="module")
def stranger(environment: Environment) -> Iterator[Stranger]:
    """The product is served with the examples."""
    with temporary_folder() as folder:
        made = Stranger(environment, folder / "data")
        try:
            yield made
        finally:
            made.stop()


@pytest.fixture(scope="module")
def bench(stranger: Stranger) -> Bench:
    """A workspace of the first user."""
    return Bench(stranger.user)


@pytest.fixture(scope="module")
def releases(bench: Bench) -> int:
    """A table with versions and boxes."""
    table = bench.table(["Second", "First", "Third"])
    bench.field(table, "Release", "version_number")
    bench.field(table, "Done", "boolean")
    rows = [("1.9", True), ("v0.12", False), ("1.10", False)]
    items = [{"id": n, "Release": release, "Done": done} for n, (release, done) in enumerate(rows, 1)]
    assert bench.write(table, items)[0] == 200
    return table


@pytest.fixture(scope="module")
def checklist(bench: Bench, releases: int) -> dict[str, Any]:
    """A shared checklist of the releases that are to be done."""
    done = next(
        one["id"] for one in bench.done("GET", f"/api/database/fields/table/{releases}/") if one["name"] == "Done"
    )
    body = {"name": "To do", "type": "checklist", "done_field": done, "hide_done": True, "public": True}
    return dict(bench.done("POST", f"/api/database/views/table/{releases}/", body))


@pytest.fixture(scope="module")
def links(bench: Bench) -> int:
    """An application of bookmarks with one in it."""
    body = {"name": "Links", "type": "bookmarks"}
    made = int(bench.done("POST", f"/api/applications/workspace/{bench.workspace_id}/", body)["id"])
    bench.done("POST", f"/api/bookmarks/application/{made}/", {"title": "First", "url": "https://example.com/"})
    return made


def _titles(stranger: Stranger, application_id: int) -> list[str]:
    status, answer = stranger.get(f"/api/bookmarks/application/{application_id}/")
    assert status == 200, answer
    return [str(found["title"]) for found in answer["results"]]


def test_nothing_is_imported_from_the_checkout(environment: Environment) -> None:
    """And the wheel of the product has what is no Python: templates, pages, texts, but not what it is built from."""
    where = "import core, tablewright_bookmarks as b; print(core.__file__); print(b.__file__)"
    command = [str(environment.python), "-c", where]
    shown = subprocess.run(command, cwd=environment.folder, env=clean(), capture_output=True, text=True)
    assert [line.startswith(str(environment.folder)) for line in shown.stdout.splitlines()] == [True, True], shown
    (site,) = environment.folder.glob("lib/*/site-packages")
    ours = [file.relative_to(ROOT) for name in ("core", "plugin_api", "plugins") for file in (ROOT / name).rglob("*.*")]
    data = [file for file in ours if file.suffix not in (".py", ".pyc") and file.parent.name != "sources"]
    assert [file for file in data if (ROOT / file).is_file() and not (site / file).exists()] == []


def test_they_are_found(stranger: Stranger) -> None:
    plugins = stranger.plugins()
    assert set(plugins) >= NAMES
    for name in NAMES:
        assert plugins[name]["package"]["name"] == f"tablewright-{name.replace('_', '-')}"
        assert plugins[name]["active"] and plugins[name]["health"]["passing"]


def test_the_field_type(bench: Bench, releases: int) -> None:
    assert bench.ids(releases, "&order_by=Release") == [2, 1, 3]
    assert bench.ids(releases, "&filter__Release__version_at_least=1.9") == [1, 3]
    bench.field(releases, "Told", "formula", formula="concat('v', field('Release'))")
    assert bench.column(releases, "Told") == ["v1.9", "v0.12", "v1.10"]
    status, answer = bench.write(releases, [{"id": 1, "Release": "soon"}])
    assert status == 400, answer


def test_the_view_type(stranger: Stranger, bench: Bench, checklist: dict[str, Any]) -> None:
    listed = bench.done("GET", f"/api/database/views/checklist/{checklist['id']}/")
    assert [row["id"] for row in listed["results"]] == [2, 3]
    path = f"/api/database/views/checklist/{checklist['slug']}/public/"
    assert stranger.visitor.call("GET", f"{path}progress/") == (200, {"total": 3, "done": 1})
    assert stranger.visitor.call("GET", f"{path}rows/")[1]["count"] == 2
    copy = bench.done("POST", f"/api/database/views/{checklist['id']}/duplicate/")
    assert copy["done_field"] == checklist["done_field"] and not copy["public"]


def test_the_application_type(stranger: Stranger, bench: Bench, links: int) -> None:
    ended = bench.job("/api/jobs/", {"type": "import_bookmarks", "application_id": links, "html": BOOKMARKS})
    assert ended["imported"] == 2
    assert _titles(stranger, links) == ["First", "Alpha", "Beta"]
    bench.undo()
    assert _titles(stranger, links) == ["First"]
    bench.redo()
    copied = bench.job(f"/api/applications/{links}/duplicate/async/", {})["duplicated_application"]["id"]
    assert _titles(stranger, copied) == ["First", "Alpha", "Beta"]
    gone = bench.done("GET", f"/api/bookmarks/application/{copied}/")["results"][0]["id"]
    bench.done("DELETE", f"/api/bookmarks/{gone}/")
    assert _titles(stranger, copied) == ["Alpha", "Beta"]
    bench.done("PATCH", "/api/trash/restore/", {"trash_item_type": "bookmark", "trash_item_id": gone})
    assert _titles(stranger, copied) == ["First", "Alpha", "Beta"]


def test_others_are_told_and_kept_out(stranger: Stranger, bench: Bench, links: int) -> None:
    body = {"title": "Told", "url": "https://example.com/told"}
    path = f"/api/bookmarks/application/{links}/"
    message = stranger.user.told(lambda: bench.done("POST", path, body), "bookmark_created")
    assert message["bookmark"]["title"] == "Told"
    with closing(OverHttp(stranger.server.url, "Mallory")) as outsider:
        assert outsider.call("GET", path)[1]["error"] == "ERROR_USER_NOT_IN_GROUP"
        assert outsider.call("DELETE", f"/api/bookmarks/{message['bookmark']['id']}/")[0] == 400
    bench.undo()


def test_an_archive_brings_them_elsewhere(stranger: Stranger, bench: Bench, links: int) -> None:
    path, other = f"/api/workspaces/{bench.workspace_id}", Bench(stranger.user).workspace_id
    address = bench.job(f"{path}/export/async/", {"application_ids": [links, bench.database_id]})["url"]
    archive = stranger.visitor.http.get(address.partition("/media")[2].join(("/media", ""))).raise_for_status().content
    form = {"file": ("export.zip", archive)}
    uploaded = stranger.user.http.post(f"/api/workspaces/{other}/import/upload-file/", files=form).raise_for_status()
    bench.job(f"/api/workspaces/{other}/import/async/", {"resource_id": uploaded.json()["id"]})
    made = {one["type"]: one for one in bench.done("GET", f"/api/applications/workspace/{other}/")}
    assert _titles(stranger, made["bookmarks"]["id"]) == _titles(stranger, links)


def test_all_is_there_after_a_restart(stranger: Stranger, releases: int, checklist: dict[str, Any], links: int) -> None:
    before = _titles(stranger, links)
    stranger.restart()
    assert _titles(stranger, links) == before
    rows = stranger.get(f"/api/database/rows/table/{releases}/?user_field_names=true&order_by=Release")[1]["results"]
    assert [row["Release"] for row in rows] == ["0.12", "1.9", "1.10"]
    assert stranger.get(f"/api/database/views/checklist/{checklist['id']}/progress/")[1] == {"total": 3, "done": 1}


def test_they_are_switched_off_and_on(stranger: Stranger, releases: int, checklist: dict[str, Any], links: int) -> None:
    paths = [f"/api/bookmarks/application/{links}/", f"/api/database/views/checklist/{checklist['id']}/"]
    stranger.switch(False)
    off = lambda: [stranger.get(path)[0] for path in paths]  # noqa: E731
    assert wait_until(lambda: off() == [404, 404], 5)
    assert stranger.get(paths[0])[1]["error"] == "ERROR_PLUGIN_DISABLED"
    rows = f"/api/database/rows/table/{releases}/?user_field_names=true"
    for path in (rows, f"{rows}&order_by=Release", f"/api/database/views/{checklist['id']}/", "/api/applications/"):
        status, answer = stranger.get(path)
        assert status < 500, answer
    assert len(stranger.get(rows)[1]["results"]) == 3
    stranger.switch(True)
    assert wait_until(lambda: off() == [200, 200], 5)
    assert [row["Release"] for row in stranger.get(rows)[1]["results"]] == ["1.9", "0.12", "1.10"]
