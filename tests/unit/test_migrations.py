"""Models and migrations say the same."""

from __future__ import annotations

import dataclasses

import pytest
import sqlalchemy as sa
from flask import Flask

import app as composition
from core.db.branches import CORE
from core.db.unit_of_work import SqlUnitsOfWork
from core.settings import Settings
from plugin_api.db import UnitsOfWork, begin, connection
from plugin_api.platform import service
from tests.older.loading import differences


def test_a_fresh_database_is_what_the_models_declare(app: Flask, settings: Settings) -> None:
    branches = [CORE, *composition.branches(composition.load_plugins(settings))]
    engine = service(UnitsOfWork).engine  # type: ignore[attr-defined]
    assert isinstance(service(UnitsOfWork), SqlUnitsOfWork)
    for branch in branches:
        assert differences(engine, branch) == [], branch.name


@pytest.mark.usefixtures("app")
def test_a_second_migration_has_nothing_to_do(settings: Settings) -> None:
    composition.migrate(settings)


@pytest.mark.usefixtures("app")
def test_what_a_plugin_that_is_gone_has_migrated_is_no_obstacle(settings: Settings) -> None:
    with begin():
        connection().execute(sa.text("INSERT INTO core.migration VALUES ('gone_0007')"))
        connection().execute(sa.text("DELETE FROM core.migration WHERE version_num = 'database_tokens_0001'"))
        connection().execute(sa.text("DROP SCHEMA database_tokens CASCADE"))
    composition.migrate(settings)
    with begin():
        kept = set(connection().execute(sa.text("SELECT version_num FROM core.migration")).scalars())
        assert {"gone_0007", "database_tokens_0001"} <= kept
        connection().execute(sa.text("DELETE FROM core.migration WHERE version_num = 'gone_0007'"))


@pytest.mark.usefixtures("app")
def test_what_another_plugin_depends_on_is_known_without_that_plugin(settings: Settings) -> None:
    listed = sa.text("SELECT version_num FROM core.migration")
    with begin():
        before = set(connection().execute(listed).scalars())
        assert {"builder_0001", "builder_elements_0001"} <= before
        connection().execute(sa.text("DELETE FROM core.migration WHERE version_num = 'builder_0001'"))
    composition.migrate(settings)
    with begin():
        assert set(connection().execute(listed).scalars()) == before
    composition.migrate(dataclasses.replace(settings, disabled_plugins=("builder_elements",)))
    with begin():
        assert set(connection().execute(listed).scalars()) == before
