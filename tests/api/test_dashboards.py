"""Dashboards over HTTP: their settings, undo, copies, snapshots and the trash."""

from __future__ import annotations

from typing import Any

import pytest

from core.trash.removal import remove_due
from tests.archives import exported, installed
from tests.sites import APPLICATIONS, HEADERS, Application, ok
from tests.tables import scalar


@pytest.fixture
def board(api: Any) -> Application:
    """A dashboard with a description."""
    return Application(api, "dashboard", name="Board", description="What we sell")


def test_a_description_is_set_changed_and_undone(board: Application) -> None:
    assert board.shown()["description"] == "What we sell"
    changed = ok(board.api.patch(board.path, {"name": "Sales", "description": ""}, headers=HEADERS))
    assert (changed["name"], changed["description"]) == ("Sales", "")
    assert board.do("undo", workspace=board.workspace_id) == "SUCCESS"
    assert (board.shown()["name"], board.shown()["description"]) == ("Board", "What we sell")
    assert board.do("redo", workspace=board.workspace_id) == "SUCCESS"
    assert (board.shown()["name"], board.shown()["description"]) == ("Sales", "")
    status, refused = board.api.patch(board.path, {"name": "Lost", "description": ["a"]})
    assert (status, refused["detail"]["description"][0]["code"]) == (400, "invalid")
    assert board.shown()["name"] == "Sales"


def test_copies_and_snapshots_keep_it(board: Application) -> None:
    assert board.duplicate()["description"] == "What we sell"
    snapshots = f"/api/snapshots/application/{board.id}/"
    assert board.run(board.api.post(snapshots, {"name": "Monday"}))["state"] == "finished"
    board.set(description="Later")
    snapshot = ok(board.api.get(snapshots))[0]["id"]
    assert board.run(board.api.post(f"/api/snapshots/{snapshot}/restore/"))["state"] == "finished"
    assert [found["description"] for found in board.all() if found["name"] == "Monday"] == ["What we sell"]


def test_archives_keep_it(board: Application) -> None:
    other = Application(board.api, "dashboard", name="Other")
    made = installed(board.api, other.workspace_id, exported(board.api, board.workspace_id))
    assert [(one["name"], one["description"]) for one in made] == [("Board", "What we sell")]


def test_a_new_one_is_undone_and_a_deleted_one_comes_back(api: Any, board: Application) -> None:
    path = f"{APPLICATIONS}workspace/{board.workspace_id}/"
    ok(api.post(path, {"name": "Second", "type": "dashboard"}, headers=HEADERS))
    assert board.do("undo", workspace=board.workspace_id) == "SUCCESS"
    ok(api.delete(board.path, headers=HEADERS))
    assert board.all() == []
    assert board.do("undo", workspace=board.workspace_id) == "SUCCESS"
    assert [found["description"] for found in board.all()] == ["What we sell"]


def test_it_leaves_nothing_behind(board: Application) -> None:
    ok(board.api.delete(board.path))
    ok(board.api.delete(f"/api/trash/workspace/{board.workspace_id}/"))
    remove_due()
    assert scalar("SELECT count(*) FROM dashboard.dashboard WHERE application_id = %(id)s", id=board.id) == 0


def test_lists_take_as_many_statements_whatever_their_length(board: Application, count_sql: Any) -> None:
    path = f"{APPLICATIONS}workspace/{board.workspace_id}/"
    with count_sql() as few:
        ok(board.api.get(path))
    for number in range(3):
        Application(board.api, "dashboard", board.workspace_id, f"Board {number}")
    with count_sql() as many:
        assert len(ok(board.api.get(path))) == 4
    assert len(many) == len(few)
