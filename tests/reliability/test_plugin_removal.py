"""`tablewright plugin remove --data` of a plugin whose applications stand in workspaces, the trash and snapshots."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.runtime.embedded import temporary_folder
from core.runtime.processes import wait_until
from plugin_api.testing import Bench
from tests.docs.conftest import Product
from tests.installed import ROOT, install, run_program
from tests.over_http import OverHttp
from tests.reliability.conftest import assert_gone, environment

pytestmark = pytest.mark.slow

EXAMPLE = ROOT / "examples" / "tablewright-bookmarks"
_SLOWLY = """
import sys, time
from core.plugin_system import removing
import app

remove = removing._remove

def slowly(*given):
    remove(*given)
    time.sleep(0.5)

removing._remove = slowly
sys.argv = ["tablewright", "plugin", "remove", "bookmarks", "--data", "--yes"]
app.main()
"""


class World:
    """The product with the plugin `bookmarks`, whose applications are everywhere."""

    def __init__(self, data_dir: Path, folder: Path) -> None:
        self.data_dir, self.folder = data_dir, folder
        self.server = self._served(f"{ROOT}{os.pathsep}{folder}")
        self.user = OverHttp(self.server.url, "Ada")

    def fill(self) -> None:
        """Make all that there is."""
        self.bench = Bench(self.user)
        self.database = self.bench.table(["kept"])
        self.live = [self.made(f"Live {number}") for number in range(6)]
        self.trashed = self.made("Trashed")
        self.bench.done("DELETE", f"/api/applications/{self.trashed}/")
        self.gone_table = self.bench.table(["gone"])
        self.bench.done("DELETE", f"/api/database/tables/{self.gone_table}/")
        self.exported = self.archive()

    def archive(self) -> bytes:
        """What an export of the database and an application is."""
        body = {"application_ids": [self.bench.database_id, self.live[0]]}
        address = self.bench.job(f"/api/workspaces/{self.bench.workspace_id}/export/async/", body)["url"]
        found = self.user.http.get(f"/media{address.partition('/media')[2]}", headers={"Authorization": ""})
        return found.raise_for_status().content

    def read_archive(self, archive: bytes) -> dict[str, str]:
        """Import one into a workspace of its own; answers the types of what was made, by name."""
        bench = Bench(self.user)
        path, form = f"/api/workspaces/{bench.workspace_id}/import", {"file": ("export.zip", archive)}
        uploaded = self.user.http.post(f"{path}/upload-file/", files=form).raise_for_status().json()["id"]
        bench.job(f"{path}/async/", {"resource_id": uploaded})
        found = bench.done("GET", f"/api/applications/workspace/{bench.workspace_id}/")
        return {one["name"]: one["type"] for one in found if one["id"] != bench.database_id}

    def _served(self, path: str) -> Product:
        running = Product(self.data_dir, PYTHONPATH=path, PYTHONDONTWRITEBYTECODE="1")
        running.wait_ready()
        return running

    def restart(self, path: str) -> None:
        """Stop it, and start it where other packages are found."""
        self.stop()
        self.server = self._served(path)
        self.user = OverHttp(self.server.url, "Ada")

    def stop(self) -> None:
        """End it."""
        self.user.close()
        below = self.server.descendants()
        self.server.stop()
        assert_gone(below)

    def made(self, name: str, workspace: int | None = None) -> int:
        """An application with a bookmark in it, and another one in the trash."""
        path = f"/api/applications/workspace/{workspace or self.bench.workspace_id}/"
        made = int(self.bench.done("POST", path, {"name": name, "type": "bookmarks"})["id"])
        for title in ("First", "Second"):
            body = {"title": title, "url": "https://example.com/"}
            found = self.bench.done("POST", f"/api/bookmarks/application/{made}/", body)["id"]
        self.bench.done("DELETE", f"/api/bookmarks/{found}/")
        return made

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run `tablewright plugin ...` beside it."""
        return run_program(self.folder, "plugin", *arguments, TABLEWRIGHT_DATA_DIR=str(self.data_dir))

    def run_slowly(self) -> subprocess.Popen[bytes]:
        """Begin to remove the plugin, half a second for each thing."""
        env = environment(PYTHONPATH=f"{ROOT}{os.pathsep}{self.folder}", TABLEWRIGHT_DATA_DIR=str(self.data_dir))
        return subprocess.Popen([sys.executable, "-c", _SLOWLY], env=env, cwd=self.folder)

    def applications(self) -> dict[str, str]:
        """The applications of the workspace: types by name."""
        found = self.bench.done("GET", f"/api/applications/workspace/{self.bench.workspace_id}/")
        return {one["name"]: one["type"] for one in found}

    def plugin(self) -> dict[str, Any]:
        """What administrators see of the plugin."""
        shown = self.bench.done("GET", "/api/admin/plugins/")["plugins"]
        return next(one for one in shown if one["name"] == "bookmarks")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A world of its own. The package is reached by a link, as some ways to install leave it."""
    folder = tmp_path_factory.mktemp("installed")
    (folder / "tablewright_bookmarks").symlink_to(EXAMPLE / "tablewright_bookmarks")
    install(folder, "bookmarks", "tablewright_bookmarks")
    with temporary_folder() as data:
        made = World(data / "data", folder)
        try:
            made.fill()
            yield made
        finally:
            made.stop()


def test_what_is_left_is_told_and_nothing_changed(world: World) -> None:
    told = world.run("remove", "bookmarks")
    assert told.returncode == 0, told.stderr
    for text in ("7 of application types bookmarks", "14 rows of the table bookmarks.bookmark"):
        assert re.search(rf"^  {text}$", told.stdout, re.MULTILINE), told.stdout
    assert re.search(r"^  \d+ things in the trash of its types$", told.stdout, re.MULTILINE), told.stdout
    assert "Nothing was changed" in told.stdout
    assert world.plugin()["active"] and len(world.applications()) == 7


def test_it_is_refused_while_some_of_it_cannot_be_reached(world: World) -> None:
    """Copies that snapshots keep, and what is in a workspace that is in the trash; nothing is changed then."""
    bench = world.bench
    taken = bench.job(f"/api/snapshots/application/{world.live[0]}/", {"name": "Before"})
    refused = world.run("remove", "bookmarks", "--data", "--yes")
    assert refused.returncode == 1 and "1 are in snapshots, or in what is in the trash" in refused.stderr
    assert world.plugin()["active"] and len(world.applications()) == 7
    bench.done("DELETE", f"/api/snapshots/{taken['snapshot']['id']}/")
    other = bench.done("POST", "/api/workspaces/", {"name": "Other"})["id"]
    world.made("Hidden", other)
    bench.done("DELETE", f"/api/workspaces/{other}/")
    hidden = lambda: world.run("remove", "bookmarks", "--data", "--yes").stderr  # noqa: E731
    assert wait_until(lambda: "1 are in snapshots, or in what is in the trash, as Hidden" in hidden(), 60)
    assert world.plugin()["active"] and len(world.applications()) == 7
    bench.done("PATCH", "/api/trash/restore/", {"trash_item_type": "workspace", "trash_item_id": other})


def test_killed_half_way_it_is_run_again(world: World) -> None:
    everything = len(world.applications())
    killed = world.run_slowly()
    assert wait_until(lambda: len(world.applications()) < everything, 60)
    killed.kill()
    killed.wait(30)
    left = [name for name, kind in world.applications().items() if kind == "bookmarks"]
    assert 0 < len(left) < 6, "it was killed half way"
    assert not world.plugin()["active"], "nothing new of its types is made meanwhile"
    done = world.run("remove", "bookmarks", "--data", "--yes")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "The data of bookmarks is gone and it is off." in done.stdout


def test_it_is_gone_and_nothing_of_others_is(world: World) -> None:
    assert world.applications() == {"Bench": "database"}
    assert world.bench.column(world.database, "Name") == ["kept"]
    trash = world.bench.done("GET", f"/api/trash/workspace/{world.bench.workspace_id}/")["results"]
    assert {one["trash_item_type"] for one in trash} == {"table"}
    world.bench.done("PATCH", "/api/trash/restore/", {"trash_item_type": "table", "trash_item_id": world.gone_table})
    assert world.bench.column(world.gone_table, "Name") == ["gone"]
    uses = world.plugin()["uses"]
    assert not any(uses.get("application_types", {}).values()), uses


def test_the_product_goes_on_without_the_package(world: World) -> None:
    world.restart(str(ROOT))
    report = world.user.call("GET", "/api/admin/plugins/")[1]
    assert report["problems"] == [] and "bookmarks" not in [one["name"] for one in report["plugins"]]
    assert world.user.call("GET", "/api/_health/full/")[1]["checks"]["migrations"] == "ok"
    rows = world.user.call("GET", f"/api/database/rows/table/{world.database}/?user_field_names=true")[1]["results"]
    assert [row["Name"] for row in rows] == ["kept"]


def test_archives_from_before_can_be_read(world: World) -> None:
    """What is of no type that is known is left out; the rest is made."""
    assert list(world.read_archive(world.exported).values()) == ["database"]


def test_installed_again_it_begins_anew(world: World) -> None:
    world.restart(f"{ROOT}{os.pathsep}{world.folder}")
    status, answer = world.user.call("PATCH", "/api/admin/plugins/bookmarks/", {"enabled": True})
    assert status == 200, answer
    bench = Bench(world.user)
    path = f"/api/applications/workspace/{bench.workspace_id}/"
    made = bench.done("POST", path, {"name": "Anew", "type": "bookmarks"})["id"]
    assert bench.done("GET", f"/api/bookmarks/application/{made}/")["results"] == []
    time.sleep(1)  # the worker knows it as well
    assert world.read_archive(world.exported)["Live 0"] == "bookmarks"
