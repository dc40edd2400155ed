"""`tablewright template ...`: what is listed, and templates made of applications."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.settings import Settings
from tests.installed import run_program
from tests.tables import Database

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("app")]

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder for templates."""
    made = tmp_path / "templates"
    made.mkdir()
    return made


@pytest.fixture
def run(settings: Settings, tmp_path: Path, folder: Path) -> Run:
    """A function that runs the program on the tests' database, with the folder of templates."""
    urls = {"DATABASE_URL": settings.database_url, "REDIS_URL": settings.redis_url}
    return lambda *arguments, **extra: run_program(
        tmp_path, "template", *arguments, **{**urls, "TABLEWRIGHT_TEMPLATES_DIR": str(folder), **extra}
    )


def test_a_template_is_made_of_an_application(run: Run, folder: Path, api: Any, instance: Any) -> None:
    database = Database(api)
    database.table("Loans", [["Thing"], ["Ladder"], ["Drill"]])
    given = ("--name", "Things we lend", "--category", "Ours", "--category", "Tools", "--keyword", "drill")
    made = run("create", "lending", str(database.id), *given, "--as-of", "2026-01-05")
    assert made.returncode == 0, made.stderr
    told = json.loads((folder / "lending.json").read_text())
    assert told["categories"] == ["Ours", "Tools"] and told["as_of"] == "2026-01-05"
    assert {path.name for path in folder.iterdir()} == {"lending.json", "lending.zip"}

    instance(templates_dir=str(folder))
    listed = api.get("/api/templates/")[1]
    template = next(one for category in listed for one in category["templates"] if one["slug"] == "lending")
    (installed,) = api.post(f"/api/templates/install/{database.workspace_id}/{template['id']}/")[1]
    rows = database.rows(installed["tables"][0]["id"])
    assert [row["Thing"] for row in rows] == ["Ladder", "Drill"]


def test_what_cannot_be_made_leaves_nothing(run: Run, folder: Path, api: Any) -> None:
    database = str(Database(api).id)
    for slug, given, word in (
        ("a/b", (database,), "characters"),
        ("lending", (database, "--as-of", "soon"), "as_of"),
        ("lending", ("99999999",), "exist"),
    ):
        refused = run("create", slug, *given)
        assert refused.returncode != 0 and word in refused.stderr and "Traceback" not in refused.stderr, refused.stderr
        assert list(folder.iterdir()) == []
    assert "TABLEWRIGHT_TEMPLATES_DIR" in run("create", "lending", database, TABLEWRIGHT_TEMPLATES_DIR="").stderr
    (folder / "lending.zip").write_bytes(b"the one that is there")
    assert "--replace" in run("create", "lending", database).stderr
    assert (folder / "lending.zip").read_bytes() == b"the one that is there"
    assert run("create", "lending", database, "--replace").returncode == 0


def test_the_list_tells_what_is_wrong(run: Run, folder: Path) -> None:
    (folder / "odd.zip").write_bytes(b"")
    (folder / "odd.json").write_text('{"colour": "red"}')
    found = run("list")
    assert "project-tracker" in found.stdout and "Project tracker" in found.stdout and "odd" not in found.stdout
    assert "odd.json has keys nobody knows: colour" in found.stderr
    assert "project-tracker" in run("list", TABLEWRIGHT_TEMPLATES_DIR="").stdout
