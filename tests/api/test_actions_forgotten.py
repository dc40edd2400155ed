"""Old actions are forgotten, some at a time; those that can still be undone are kept."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from core.actions import upkeep
from core.settings import Settings
from plugin_api.db import begin, connection
from plugin_api.platform import service
from tests.sessions import DONE, Session

_OLD = "INSERT INTO core.action (id, type, scope, params, created_on)" + (
    " OVERRIDING SYSTEM VALUE SELECT -n, 'create_rows', 'old', '{}', now() - interval '91 days'"
    " FROM generate_series(1, %(rows)s) n"
)


def _old() -> int:
    with begin():
        return int(connection().exec_driver_sql("SELECT count(*) FROM core.action WHERE scope = 'old'").scalar_one())


def _make_old(rows: int) -> None:
    with begin():
        connection().exec_driver_sql("DELETE FROM core.action WHERE scope = 'old'")
        connection().exec_driver_sql(_OLD, {"rows": rows})


def test_old_actions_are_forgotten_and_new_ones_undone(api: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    base = Session(api)
    table = base.table("Sheet", [["Name"], ["a"]])
    row = base.row(table, Name="b")
    monkeypatch.setattr(upkeep, "AT_ONCE", 10)
    _make_old(35)
    upkeep.forget_old()
    assert _old() == 0
    assert base.undo() == DONE
    assert row not in [one["id"] for one in base.rows(table)]


def test_a_setting_keeps_them_for_ever(api: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    _make_old(3)
    kept = replace(service(Settings), action_keep_days=0)
    monkeypatch.setattr(upkeep, "service", lambda _: kept)
    upkeep.forget_old()
    assert _old() == 3
    _make_old(0)
