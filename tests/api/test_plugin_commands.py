"""`tablewright plugin ...`: a plugin of one's own from its first file to its second migration, and its commands."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from core.settings import Settings
from tests.installed import install, run_program

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("app")]

Run = Callable[..., subprocess.CompletedProcess[str]]

_PLUGIN = '''
import click
import sqlalchemy as sa
from plugin_api import Plugin, hookimpl
from plugin_api.db import connection
from plugin_api.errors import ApiError

plugin = Plugin(name="stars", version="1.0", title="Stars", api=(1, 0), migrations="stars.migrations")

@click.command("count-stars")
@click.option("--refuse", is_flag=True)
def count_stars(refuse):
    """Count the stars."""
    if refuse:
        raise ApiError("ERROR_NIGHT", 400, "It is day.")
    click.echo(f"{connection().execute(sa.text('SELECT count(*) FROM stars.star')).scalar_one()} stars")

@hookimpl
def register_commands():
    return [count_stars]
'''
_MODELS = """
from sqlalchemy import Identity
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from plugin_api.db import TYPES, schema_metadata

class Base(DeclarativeBase):
    metadata = schema_metadata("stars")
    type_annotation_map = TYPES

class Star(Base):
    __tablename__ = "star"
    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    name: Mapped[str]
"""


@pytest.fixture
def run(settings: Settings, tmp_path: Path) -> Run:
    """A function that runs the program on the tests' database, with what is in `tmp_path` installed."""
    urls = {"DATABASE_URL": settings.database_url, "REDIS_URL": settings.redis_url}
    return lambda *arguments, **extra: run_program(tmp_path, *arguments, **{**urls, **extra})


def test_migrations_are_written_from_the_models(run: Run, tmp_path: Path, settings: Settings) -> None:
    package = tmp_path / "stars"
    migrations = package / "migrations"
    migrations.mkdir(parents=True)
    (package / "__init__.py").write_text(_PLUGIN)
    (package / "models.py").write_text(_MODELS)
    (migrations / "__init__.py").write_text("from stars.models import Base\n\nmetadata = Base.metadata\n")
    install(tmp_path, "stars", "stars")
    try:
        first = run("plugin", "revision", "stars", "the stars")
        assert first.returncode == 0 and "stars_0001" in first.stdout, first.stderr
        assert "CREATE SCHEMA IF NOT EXISTS stars" in next(migrations.glob("stars_0001*.py")).read_text()
        same = run("plugin", "revision", "stars", "nothing")
        assert "are as its models declare them" in same.stdout, same.stderr
        (package / "models.py").write_text(_MODELS + "    size: Mapped[int | None]\n")
        second = run("plugin", "revision", "stars", "their size")
        assert "stars_0002" in second.stdout, second.stderr
        counted = run("count-stars")
        assert counted.stdout == "0 stars\n", counted.stderr
        refused = run("count-stars", "--refuse")
        assert refused.returncode == 1 and "It is day." in refused.stderr
        with psycopg.connect(settings.database_url) as connection:
            connection.execute("SELECT size FROM stars.star")
    finally:
        with psycopg.connect(settings.database_url) as connection:
            connection.execute("DROP SCHEMA IF EXISTS stars CASCADE")
            connection.execute("DELETE FROM core.migration WHERE version_num LIKE 'stars%'")


def test_a_plugin_without_migrations_is_named(run: Run) -> None:
    for name in ("nobody", "text_field"):
        refused = run("plugin", "revision", name, "anything")
        assert refused.returncode == 1 and f"no loaded plugin called {name} has migrations" in refused.stderr


def test_help_is_there_with_wrong_settings(run: Run) -> None:
    shown = run("--help", TABLEWRIGHT_PORT="many")
    assert shown.returncode == 0 and "serve" in shown.stdout


def test_a_new_plugin_is_found_and_passes_its_own_tests(run: Run, tmp_path: Path) -> None:
    assert run("plugin", "new", "star_sign").returncode == 0
    folder = tmp_path / "tablewright-star-sign"
    assert len((folder / "tablewright_star_sign.py").read_text().splitlines()) < 60
    install(folder, "star_sign", "tablewright_star_sign")
    listed = run("plugin", "list", PYTHONPATH=str(folder))
    assert "star_sign" in listed.stdout and "not loaded" not in listed.stdout
    # On servers of its own.
    tested = run("plugin", "test", "-q", str(folder), PYTHONPATH=str(folder), DATABASE_URL="", REDIS_URL="")
    assert tested.returncode == 0 and "1 passed" in tested.stdout, tested.stdout + tested.stderr
