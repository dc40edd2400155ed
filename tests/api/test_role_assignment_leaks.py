"""Nothing of a table leaks to a member whose role there gives no access, whatever operation they try."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask

from plugin_api.db import begin, connection
from tests.archives import exported, files_of
from tests.live import live
from tests.outbox import deliver
from tests.roles import USER
from tests.world import World

OF_TABLE = {"table_id", "view_id", "field_id", "webhook_id", "comment_id", "data_sync_id"}
NAME, TEXT = "Zebrafish", "Quokka"
OPEN_TO_ALL = {"password_field_authentication", "get_public_form_view"}
"""What needs no account at all."""


class Closed:
    """A world with a table that is closed to bob, who builds all else."""

    def __init__(self, app: Flask, api: Any, make_user: Any) -> None:
        self.app, self.api, self.bob = app, api, make_user("Bob")
        self.world = World(api)
        self.workspace_id = self.world.base.workspace_id
        with begin():
            sql = "INSERT INTO core.membership (workspace_id, user_id, permissions) VALUES (%s, %s, 'BUILDER')"
            connection().exec_driver_sql(sql, (self.workspace_id, self.bob.user["id"]))
        synced = next(table["id"] for table in self.world.base.tables() if table["name"] == "Synced")
        row = {f"field_{self.world.primary_id}": TEXT, f"field_{self.world.fields['link_row']}": [1]}
        assert api.patch(f"/api/database/rows/table/{self.world.table_id}/1/", row)[0] == 200
        assert api.patch(f"/api/database/tables/{self.world.table_id}/", {"name": NAME})[0] == 200
        for table_id in (self.world.table_id, synced):
            self.close(table_id)

    def close(self, table_id: int, role: str | None = "NO_ACCESS") -> None:
        """Close a table to bob."""
        subject = {"subject_type": USER, "subject_id": self.bob.user["id"]}
        body = {**subject, "role": role, "scope_type": "database_table", "scope_id": table_id}
        assert self.api.post(f"/api/role/{self.workspace_id}/", body)[0] in (200, 204)

    def operations(self) -> list[tuple[str, str, str, set[str]]]:
        """All operations: id, method, path, names of the parameters in it."""
        document = self.app.test_client().get("/api/schema.json").get_json()
        return [
            (one["operationId"], method.upper(), path, {part[1:-1] for part in path.split("/") if part[:1] == "{"})
            for path, methods in document["paths"].items()
            for method, one in methods.items()
            if isinstance(one, dict) and "operationId" in one
        ]


@pytest.fixture
def closed(app: Flask, api: Any, make_user: Any) -> Closed:
    """The world."""
    return Closed(app, api, make_user)


def test_every_operation_on_a_closed_table_is_refused(closed: Closed) -> None:
    world, bodies = closed.world, closed.world.bodies()
    of_parts = OF_TABLE | world.parts.keys()
    tried = 0
    for name, method, template, parameters in closed.operations():
        if not parameters & of_parts or name in OPEN_TO_ALL:
            continue
        for body in bodies.get(name, [{}]) if method != "GET" else [None]:
            status, answer = closed.bob.call(method, world.path(name, template), body)
            assert 400 <= status < 500, (name, status, answer)
            assert NAME not in json.dumps(answer) and TEXT not in json.dumps(answer), name
            tried += 1
    assert tried > 80
    rows = closed.api.get(f"/api/database/rows/table/{world.table_id}/")[1]
    assert [row["id"] for row in rows["results"]] == [1, 2, 3]


def test_nothing_that_bob_may_read_names_a_closed_table(closed: Closed) -> None:
    world, seen = closed.world, 0
    for name, method, template, parameters in closed.operations():
        away = OF_TABLE | world.parts.keys() | {"slug", "ical_slug", "name"}
        if method != "GET" or parameters & away or parameters - world.ids.keys():
            continue
        status, answer = closed.bob.get(world.path(name, template))
        seen += status == 200
        assert status < 500 and NAME not in json.dumps(answer) and TEXT not in json.dumps(answer), name
    assert seen > 15


def test_other_tables_show_the_names_of_linked_rows(closed: Closed) -> None:
    """They are values of those tables, but no link to a closed table can be made."""
    world = closed.world
    status, rows = closed.bob.get(f"/api/database/rows/table/{world.other_id}/?user_field_names=true")
    assert status == 200
    assert TEXT in [
        link["value"] for link in rows["results"][0]["Zebrafish" if NAME in rows["results"][0] else "Table"]
    ]
    body = {"name": "L", "type": "link_row", "link_row_table_id": world.table_id}
    assert closed.bob.post(f"/api/database/fields/table/{world.other_id}/", body)[0] == 401


def test_jobs_take_nothing_out_of_a_closed_table(closed: Closed) -> None:
    world = closed.world
    synced = {"type": "local_baserow_table", "source_table_id": world.table_id, "source_table_view_id": None}
    made = closed.bob.post(
        f"/api/database/data-sync/database/{world.base.id}/",
        {**synced, "table_name": "Copy", "synced_properties": ["id", f"field_{world.primary_id}"]},
    )
    assert made[0] == 400
    for body in (
        {"type": "duplicate_table", "table_id": world.table_id},
        {"type": "export_table", "table_id": world.table_id, "exporter_type": "csv"},
    ):
        assert closed.bob.post("/api/jobs/", body)[0] in (400, 401), body


def test_an_application_with_a_closed_table_cannot_be_exported(closed: Closed) -> None:
    world, path = closed.world, f"/api/workspaces/{closed.workspace_id}/export/async/"
    body = {"application_ids": [world.base.id], "only_structure": False}
    status, answer = closed.bob.post(path, body)
    assert (status, answer["error"]) == (401, "PERMISSION_DENIED")
    assert closed.bob.post(path, {})[0] == 401
    open_one = {"name": "Open", "type": "database"}
    assert closed.api.post(f"/api/applications/workspace/{closed.workspace_id}/", open_one)[0] == 200
    assert NAME not in b"".join(files_of(exported(closed.bob, closed.workspace_id)).values()).decode(errors="replace")
    for table in world.base.tables():
        closed.close(table["id"], None)
    assert TEXT in b"".join(files_of(exported(closed.bob, closed.workspace_id, **body)).values()).decode(
        errors="replace"
    )


def test_nobody_is_told_of_what_happens_in_a_closed_table(app: Flask, closed: Closed) -> None:
    world = closed.world
    person = {"id": closed.bob.user["id"]}
    with live(app) as server:
        browser = server.open(closed.bob)
        browser.told()
        people = f"field_{world.fields['multiple_collaborators']}"
        assert closed.api.patch(f"/api/database/rows/table/{world.table_id}/2/", {people: [person]})[0] == 200
        mention = {"type": "mention", "attrs": {"id": person["id"], "label": "Bob"}}
        message = {"type": "doc", "content": [{"type": "paragraph", "content": [mention]}]}
        assert closed.api.post(f"/api/row_comments/{world.table_id}/1/", {"message": message})[0] == 200
        assert closed.api.patch(f"/api/database/tables/{world.table_id}/", {"name": "Renamed"})[0] == 200
        deliver()
        assert browser.told() == []
        assert browser.ask(page="table", table_id=world.table_id)["type"] != "page_add"
    told = closed.bob.get(f"/api/notifications/{closed.workspace_id}/")[1]["results"]
    assert [one for one in told if one["type"] != "workspace_invitation_accepted"] == []
    closed.close(world.table_id, None)
    assert closed.api.patch(f"/api/database/rows/table/{world.table_id}/3/", {people: [person]})[0] == 200
    deliver()
    told = closed.bob.get(f"/api/notifications/{closed.workspace_id}/")[1]["results"]
    assert [one["type"] for one in told] == ["collaborator_added_to_row"]
