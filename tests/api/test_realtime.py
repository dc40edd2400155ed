"""The websocket: who gets in, which pages are open to whom, and what is told of rows."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from redis import Redis
from websockets.exceptions import ConnectionClosed

from core.cache.broadcast import StreamFollower
from plugin_api.broadcast import Broadcast, Missed
from plugin_api.db import begin
from plugin_api.platform import service
from plugins.realtime.entries import TOPIC, Text, Told, encoded
from tests.conftest import PASSWORD
from tests.live import Live, live
from tests.outbox import deliver
from tests.sheets import Sheet


@pytest.fixture
def server(app: Flask) -> Iterator[Live]:
    """A web server with websockets."""
    with live(app) as made:
        yield made


@pytest.fixture
def table(api: Any) -> Table:
    """A table whose admin is `api`."""
    return Table(api)


class Table:
    """A table with the text field Name, changed over HTTP."""

    def __init__(self, api: Any) -> None:
        self.sheet = Sheet(api)
        self.id = self.sheet.id
        with self.sheet.shape() as shape:
            self.name = shape.fields[0].column
        self.rows = f"/api/database/rows/table/{self.id}/"

    def add(self, name: str, by: Any = None, **more: Any) -> dict[str, Any]:
        """A new row as the API shows it."""
        status, row = (by or self.sheet.api).post(self.rows, {self.name: name}, **more)
        assert status == 200, row
        return dict(row)


def test_a_user_is_let_in_and_told_the_name_of_the_socket(server: Live, api: Any) -> None:
    first, second = server.open(api), server.open(api)
    assert first.id and second.id and first.id != second.id


def test_a_visitor_is_let_in(server: Live) -> None:
    assert server.open(None).id


@pytest.mark.parametrize("query", ["", "?jwt_token=", "?jwt_token=abc.def.ghi", "?jwt_token=%FF%00", "?other=1"])
def test_without_a_good_token_the_socket_is_closed(server: Live, query: str) -> None:
    code, told = server.connect(query).closed()
    assert told == [{"type": "authentication", "success": False, "web_socket_id": None}]
    assert code == 4401


def test_a_page_is_opened_and_left(server: Live, api: Any, table: Table) -> None:
    browser, parameters = server.open(api), {"table_id": table.id}
    assert browser.ask(page="table", **parameters) == {"type": "page_add", "page": "table", "parameters": parameters}
    left = browser.ask(remove_page="table", **parameters)
    assert left == {"type": "page_discard", "page": "table", "parameters": parameters}
    table.add("one")
    assert browser.told() == []


def test_rows_are_told_as_they_were_and_as_they_are(server: Live, api: Any, table: Table) -> None:
    browser = server.open(api).page("table", table_id=table.id)
    row = table.add("one")
    told = {"type": "rows_created", "table_id": table.id, "rows": [row], "before_row_id": None, "metadata": {}}
    assert browser.told() == [told]
    status, after = api.patch(f"{table.rows}{row['id']}/", {table.name: "two"})
    assert status == 200
    (told,) = browser.told()
    assert told == {
        "type": "rows_updated",
        "table_id": table.id,
        "rows_before_update": [row],
        "rows": [after],
        "updated_field_ids": [int(table.name.removeprefix("field_"))],
        "metadata": {},
    }
    assert api.delete(f"{table.rows}{row['id']}/")[0] == 204
    assert browser.told() == [
        {"type": "rows_deleted", "table_id": table.id, "row_ids": [row["id"]], "rows": [after]},
    ]


def test_the_socket_that_a_change_came_from_is_not_told(server: Live, api: Any, table: Table) -> None:
    mine, other = (server.open(api).page("table", table_id=table.id) for _ in range(2))
    table.add("one", headers={"WebSocketId": mine.id})
    assert mine.told() == []
    assert [message["type"] for message in other.told()] == ["rows_created"]


def test_strangers_are_refused_pages(server: Live, table: Table, make_user: Any) -> None:
    for browser in (server.open(make_user()), server.open(None)):
        answer = browser.ask(page="table", table_id=table.id)
        assert answer["type"] == "page_refused"
        assert answer["page"] == "table"
        assert answer["parameters"] == {"table_id": table.id}
        assert answer["error"]


@pytest.fixture
def member(table: Table, make_user: Any) -> Any:
    """A viewer of the table's workspace."""
    return table.sheet.member(make_user, "VIEWER")


def test_members_are_told_what_they_may_see(server: Live, table: Table, make_user: Any, member: Any) -> None:
    browser = server.open(member).page("table", table_id=table.id)
    nobody = server.open(table.sheet.member(make_user, "NO_ACCESS"))
    assert nobody.ask(page="table", table_id=table.id)["error"] == "PERMISSION_DENIED"
    table.add("one")
    assert [message["type"] for message in browser.told()] == ["rows_created"]
    assert nobody.told() == []


def _member_id(api: Any, workspace_id: int, user: Any) -> int:
    members = api.get(f"/api/workspaces/users/workspace/{workspace_id}/")[1]
    return next(int(found["id"]) for found in members if found["user_id"] == user.user["id"])


def _discard(table: Table) -> dict[str, Any]:
    return {"type": "page_discard", "page": "table", "parameters": {"table_id": table.id}}


def test_who_is_no_member_any_more_is_told_nothing_more(server: Live, api: Any, table: Table, member: Any) -> None:
    browser, other = (server.open(who).page("table", table_id=table.id) for who in (member, api))
    path = f"/api/workspaces/users/{_member_id(api, table.sheet.workspace_id, member)}/"
    table.add("one")
    assert api.delete(path)[0] == 204
    table.add("two")
    told = [message for message in browser.told() if message["type"] in ("rows_created", "page_discard")]
    assert [message["type"] for message in told] == ["rows_created", "page_discard"]
    assert told[1] == _discard(table)
    assert [message["type"] for message in other.told()].count("rows_created") == 2


def test_a_role_without_access_ends_pages_and_one_with_keeps_them(
    server: Live, api: Any, table: Table, member: Any
) -> None:
    browser = server.open(member).page("table", table_id=table.id)
    path = f"/api/workspaces/users/{_member_id(api, table.sheet.workspace_id, member)}/"
    assert api.patch(path, {"permissions": "EDITOR"})[0] == 200
    table.add("one")
    types = [message["type"] for message in browser.told()]
    assert "rows_created" in types and "page_discard" not in types
    assert api.patch(path, {"permissions": "NO_ACCESS"})[0] == 200
    table.add("two")
    types = [message["type"] for message in browser.told()]
    assert "page_discard" in types and "rows_created" not in types


@pytest.mark.parametrize("what", ["table", "application", "workspace"])
def test_pages_end_with_what_they_are_in(server: Live, api: Any, table: Table, what: str) -> None:
    browser = server.open(api).page("table", table_id=table.id)
    path = {
        "table": f"/api/database/tables/{table.id}/",
        "application": f"/api/applications/{table.sheet.database_id}/",
        "workspace": f"/api/workspaces/{table.sheet.workspace_id}/",
    }[what]
    assert api.delete(path)[0] == 204
    assert _discard(table) in browser.told()
    assert browser.ask(page="table", table_id=table.id)["type"] == "page_refused"


def test_a_new_password_ends_the_sockets_of_the_user_alone(server: Live, api: Any, make_user: Any) -> None:
    mine, other = server.open(api), server.open(make_user())
    body = {"old_password": PASSWORD, "new_password": "An0ther!password"}
    assert api.post("/api/user/change-password/", body)[0] == 204
    deliver()
    assert mine.closed() == (4401, [{"type": "force_disconnect"}])
    assert other.told() == []
    assert server.connect(f"?jwt_token={api.headers['Authorization'][4:]}").closed()[0] == 4401


def test_signing_off_ends_the_sockets_of_that_sign_in(server: Live, client: Any, make_user: Any) -> None:
    api = make_user()
    body = {"email": api.user["username"], "password": PASSWORD}
    first, second = (client.post("/api/user/token-auth/", json=body).get_json() for _ in range(2))
    sockets = [server.connect(f"?jwt_token={answer['access_token']}") for answer in (first, second)]
    for socket in sockets:
        socket.sign_in()
    assert client.post("/api/user/token-blacklist/", json={"refresh_token": first["refresh_token"]}).status_code == 204
    deliver()
    assert sockets[0].closed()[0] == 4401
    assert sockets[1].told() == []


def test_rows_of_more_than_a_message_holds_are_to_be_read_anew(
    server: Live, api: Any, table: Table, instance: Any
) -> None:
    browser = server.open(api).page("table", table_id=table.id)
    instance(websocket_message_rows=2)
    items = [{table.name: str(number)} for number in range(3)]
    assert api.post(f"{table.rows}batch/", {"items": items})[0] == 200
    (told,) = browser.told()
    assert told["type"] == "table_updated"
    assert told["table_id"] == told["table"]["id"] == table.id
    assert told["force_refresh"] is True


def test_very_long_rows_are_to_be_read_anew(server: Live, api: Any, table: Table, instance: Any) -> None:
    browser = server.open(api).page("table", table_id=table.id)
    instance(websocket_queue_bytes=40_000)
    table.add("x" * 9_000)
    table.add("x" * 11_000)
    first, second = browser.told()
    assert (first["type"], second["type"]) == ("rows_created", "table_updated")
    assert second["force_refresh"] is True


@pytest.mark.parametrize(
    "sent", ["{", "", "\u00e9", "[1]", "3", '{"a": 1}', '{"page": 5}', '{"page": "nothing"}', '{"page": "table"}']
)
def test_what_means_nothing_does_no_harm(server: Live, api: Any, table: Table, sent: str) -> None:
    browser = server.open(api)
    browser.send(sent)
    browser.send({"page": "table", "table_id": table.id})
    while (answer := browser.next())["type"] != "page_add":
        assert answer["type"] in ("message_refused", "page_refused")


@pytest.mark.parametrize(
    "table_id", [None, "x", "", 1.5, True, -1, [1], {}, 2**63 - 1, "9" * 40, "\u0663", 999_999_999]
)
def test_parameters_that_are_no_ids_are_refused(server: Live, api: Any, table_id: Any) -> None:
    answer = server.open(api).ask(page="table", table_id=table_id)
    assert answer["type"] == "page_refused"


def test_a_message_that_is_too_large_closes_its_socket_alone(server: Live, api: Any) -> None:
    first, second = server.open(api), server.open(api)
    first.send("x" * 100_000)
    assert first.closed()[0] == 1009
    assert second.told() == []


def test_pages_of_a_socket_are_limited(server: Live, api: Any, table: Table, instance: Any) -> None:
    browser = server.open(api).page("table", table_id=table.id)
    instance(websocket_pages=1)
    row = table.add("one")
    refused = browser.ask(page="row", table_id=table.id, row_id=row["id"])
    assert refused["error"] == "ERROR_TOO_MANY_PAGES"
    browser.page("table", table_id=table.id)


def test_too_many_messages_close_the_socket(server: Live, api: Any) -> None:
    browser = server.open(api)
    with suppress(ConnectionClosed):  # it may be closed before all are sent
        for _ in range(300):
            browser.send("{}")
    assert browser.closed()[0] == 1008


def test_who_reads_too_slowly_is_closed_and_the_others_are_told(
    server: Live, api: Any, table: Table, instance: Any
) -> None:
    instance(websocket_queue_bytes=1_000_000)
    slow = server.connect_raw(api, {"page": "table", "table_id": table.id})
    quick = server.open(api).page("table", table_id=table.id)
    for number in range(60):
        table.add("x" * 100_000 + str(number))
        deliver()
    assert len(quick.told()) == 60
    assert slow.rest() == 1013


def test_a_client_hears_that_realtime_is_switched_off(server: Live, api: Any, staff: Any) -> None:
    browser = server.open(api)
    try:
        assert staff.patch("/api/admin/plugins/realtime/", {"enabled": False})[0] == 200
        assert browser.closed()[0] == 4404
        assert server.connect("?jwt_token=anonymous").closed() == (4404, [])
    finally:
        assert staff.patch("/api/admin/plugins/realtime/", {"enabled": True})[0] == 200
    assert server.open(api).id


def test_an_address_nobody_serves_is_closed(server: Live) -> None:
    assert server.connect(path="nothing/").closed() == (4404, [])


def test_a_broadcast_that_comes_twice_is_told_once(server: Live, api: Any, table: Table) -> None:
    """A worker may be killed after it told and before it noted so: the next one tells again."""
    browser = server.open(api).page("table", table_id=table.id)
    text = Text('{"type": "again"}', channel=f'["table",{table.id}]')
    for _ in range(2):
        service(Broadcast).publish(TOPIC, [encoded(Told(2**40 + table.id, [text]))])
    assert browser.told() == [{"type": "again"}]


@pytest.mark.parametrize("change", [{"is_active": False}, {"password": "An0ther!password"}])
def test_an_administrator_ends_the_sockets_of_a_user(
    server: Live, staff: Any, make_user: Any, change: dict[str, Any]
) -> None:
    user = make_user()
    browser = server.open(user)
    assert staff.patch(f"/api/admin/users/{user.user['id']}/", change)[0] == 200
    deliver()
    assert browser.closed() == (4401, [{"type": "force_disconnect"}])


def test_who_has_a_row_open_is_told_its_history(server: Live, api: Any, table: Table) -> None:
    row, other = table.add("one"), table.add("other")
    deliver()
    browser = server.open(api).page("row", table_id=table.id, row_id=row["id"])
    for name in ("two", "three"):
        assert api.patch(f"{table.rows}{row['id']}/", {table.name: name})[0] == 200
    assert api.patch(f"{table.rows}{other['id']}/", {table.name: "x"})[0] == 200
    entries = api.get(f"{table.rows}{row['id']}/history/")[1]["results"]
    assert browser.told() == [
        {"type": "row_history_updated", "table_id": table.id, "row_id": row["id"], "row_history_entry": entry}
        for entry in reversed(entries[:2])
    ]


def test_a_row_that_is_not_there_cannot_be_opened(server: Live, api: Any, table: Table) -> None:
    answer = server.open(api).ask(page="row", table_id=table.id, row_id=77)
    assert (answer["type"], answer["error"]) == ("page_refused", "ERROR_ROW_DOES_NOT_EXIST")


def test_links_from_the_other_side_are_told(server: Live, api: Any, table: Table) -> None:
    """A change of a row's name is told in the table that links to it, and its history in the linked row."""
    with begin():
        second = table.sheet.add_table("Second").id
    path = f"/api/database/fields/table/{second}/"
    status, link = api.post(path, {"name": "Link", "type": "link_row", "link_row_table_id": table.id})
    assert status == 200
    row = table.add("one")
    status, linking = api.post(f"/api/database/rows/table/{second}/", {f"field_{link['id']}": [row["id"]]})
    assert status == 200
    deliver()
    linked = server.open(api).page("table", table_id=second)
    browser = server.open(api).page("row", table_id=table.id, row_id=row["id"])
    assert api.patch(f"{table.rows}{row['id']}/", {table.name: "two"})[0] == 200
    (told,) = linked.told()
    assert told["type"] == "rows_updated"
    assert [one["value"] for one in told["rows"][0][f"field_{link['id']}"]] == ["two"]
    deliver()
    browser.told()
    assert api.patch(f"/api/database/rows/table/{second}/{linking['id']}/", {f"field_{link['id']}": []})[0] == 200
    (told,) = browser.told()
    assert (told["type"], told["row_id"]) == ("row_history_updated", row["id"])


def test_messages_for_pages_are_only_made_while_one_is_open(
    server: Live, api: Any, table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = server.open(api).page("table", table_id=table.id)
    asked = []
    monkeypatch.setattr(service(Broadcast), "marked", lambda names: asked.append(list(names)) or frozenset())
    table.add("one")
    assert browser.told() == []
    assert asked and all(name.startswith("page:") for names in asked for name in names)


def test_rows_that_are_numbered_anew_are_told(server: Live, api: Any, table: Table) -> None:
    _, second, third = (table.add(str(number))["id"] for number in range(3))
    deliver()
    browser = server.open(api).page("table", table_id=table.id)
    types: list[str] = []
    for _ in range(80):
        second, third = third, second
        assert api.patch(f"{table.rows}{third}/move/?before_id={second}")[0] == 200
        if "row_orders_recalculated" in (types := [message["type"] for message in browser.told()]):
            break
    assert types == ["row_orders_recalculated", "rows_updated"]


class _Entries:
    """A stream of a topic of its own, read in the test."""

    def __init__(self) -> None:
        self.topic = uuid4().hex
        self.broadcast = service(Broadcast)

    def publish(self, *numbers: int) -> None:
        self.broadcast.publish(self.topic, [(str(number).encode(), b"x") for number in numbers])

    def remove(self, most: int) -> None:
        """Keep so many entries at most."""
        service(Redis).xtrim(self.broadcast._key(self.topic), maxlen=most, approximate=False)

    async def read(self, follower: Any, number: int) -> list[int]:
        found: list[int] = []
        while len(found) < number:
            found += [int(entry[0]) for entry in await follower.next()]
        return found


def test_a_follower_reads_on_where_it_stopped(app: Flask) -> None:
    async def follow() -> None:
        entries = _Entries()
        entries.publish(0)
        follower = entries.broadcast.follow(entries.topic)
        await follower.start()
        entries.publish(1, 2)
        assert await entries.read(follower, 2) == [1, 2]
        await follower._client.connection_pool.disconnect()
        entries.publish(*range(3, 300))
        assert await entries.read(follower, 297) == list(range(3, 300))
        await follower.close()

    asyncio.run(follow())


@pytest.mark.parametrize("removed", [False, True])
def test_a_follower_says_that_it_missed_entries(app: Flask, removed: bool) -> None:
    async def follow() -> None:
        entries = _Entries()
        follower = entries.broadcast.follow(entries.topic)
        await follower.start()
        entries.publish(*range(10))
        assert await entries.read(follower, 10) == list(range(10))
        entries.publish(*range(10, 20))
        if removed:
            entries.remove(5)
        follower._read_at = 0.0  # as after a break
        if removed:
            with pytest.raises(Missed):
                await follower.next()
            entries.publish(20)
            assert await entries.read(follower, 1) == [20]
        else:
            entries.remove(10)
            assert await entries.read(follower, 10) == list(range(10, 20))
        await follower.close()

    asyncio.run(follow())


def test_sockets_that_missed_messages_are_asked_to_come_again(
    server: Live, api: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = server.open(api)

    async def missed(self: Any) -> Any:
        monkeypatch.undo()
        raise Missed

    monkeypatch.setattr(StreamFollower, "next", missed)
    assert browser.closed()[0] == 1012
    assert server.open(api).told() == []
