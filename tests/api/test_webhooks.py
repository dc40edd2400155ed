"""Webhooks over HTTP: making and changing them, and what receivers are told of a table."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterator
from typing import Any

import pytest

from core.outbound.addresses import AddressPolicy
from core.outbound.client import GuardedClient
from plugin_api.outbound import Outbound
from plugin_api.platform import provide, service
from tests.receiver import Receiver, deliver, drain, send_due, time_goes_by
from tests.tables import Database, recorded, scalar

HOOKS = "/api/database/webhooks"


@pytest.fixture
def receiver(app: Any) -> Iterator[Receiver]:
    """A receiver this instance may reach."""
    before, made = service(Outbound), Receiver()
    provide(Outbound, GuardedClient(AddressPolicy(["127.0.0.0/8"])))
    yield made
    provide(Outbound, before)
    made.close()


class Table:
    """A table with the fields Name and City and two rows, whose webhooks are tried."""

    def __init__(self, api: Any) -> None:
        self.api, self.database = api, Database(api)
        self.id = self.database.table("People", [["Name", "City"], ["Ann", "Paris"], ["Bob", "Rome"]])
        self.fields = {found["name"]: found["id"] for found in self.database.fields(self.id)}
        self.rows = f"/api/database/rows/table/{self.id}/"
        deliver()  # whatever tests before left behind

    def hook(self, url: str, *events: str, **more: Any) -> dict[str, Any]:
        """Make a webhook for some events, or for all."""
        body = {"name": "Hook", "url": url, "include_all_events": not events, "events": list(events), **more}
        status, answer = self.api.post(f"{HOOKS}/table/{self.id}/", body)
        assert status == 200, answer
        return dict(answer)

    def read(self, hook: dict[str, Any]) -> dict[str, Any]:
        """A webhook as it is now."""
        status, answer = self.api.get(f"{HOOKS}/{hook['id']}/")
        assert status == 200
        return dict(answer)

    def add(self, *names: str, query: str = "") -> list[int]:
        """Create rows; answers their ids."""
        items = [{"Name": name} for name in names]
        status, answer = self.api.post(f"{self.rows}batch/?user_field_names=true{query}", {"items": items})
        assert status == 200, answer
        return [row["id"] for row in answer["items"]]

    def change(self, row_id: int, query: str = "", **values: Any) -> None:
        """Change a row."""
        assert self.api.patch(f"{self.rows}{row_id}/?user_field_names=true{query}", values)[0] == 200


@pytest.fixture
def table(api: Any) -> Table:
    """A table of the user."""
    return Table(api)


def test_rows_are_told_with_what_they_were(table: Table, receiver: Receiver) -> None:
    hook = table.hook(receiver.url, "rows.created", "rows.updated", "rows.deleted")
    [made] = table.add("Cid")
    table.change(1, City="Oslo")
    assert table.api.delete(f"{table.rows}2/")[0] == 204
    deliver()
    (created, first), (updated, second), (deleted, third) = receiver.told()
    assert (created, updated, deleted) == ("rows.created", "rows.updated", "rows.deleted")
    assert [(row["id"], row["Name"], row["City"]) for row in first["items"]] == [(made, "Cid", None)]
    assert (second["items"][0]["City"], second["old_items"][0]["City"]) == ("Oslo", "Paris")
    assert third["row_ids"] == [2]
    for body in (first, second, third):
        assert (body["table_id"], body["database_id"]) == (table.id, table.database.id)
        assert (body["workspace_id"], body["webhook_id"]) == (table.database.workspace_id, hook["id"])


def test_fields_are_named_by_id_when_wanted(table: Table, receiver: Receiver) -> None:
    table.hook(receiver.url, "rows.created", use_user_field_names=False)
    table.add("Cid")
    deliver()
    [(_, body)] = receiver.told()
    assert set(body["items"][0]) == {"id", "order", *(f"field_{found}" for found in table.fields.values())}


def test_names_are_those_of_the_time_of_the_event(table: Table, receiver: Receiver) -> None:
    table.hook(receiver.url, "rows.created")
    table.add("Cid")
    drain()
    assert table.api.patch(f"/api/database/fields/{table.fields['City']}/", {"name": "Town"})[0] == 200
    send_due()
    assert "City" in receiver.told()[0][1]["items"][0]


def test_updates_can_be_limited_to_fields(table: Table, receiver: Receiver) -> None:
    formula = table.database.add_field(table.id, "Shout", "formula", formula="upper(field('City'))")
    limits = [{"event_type": "rows.updated", "fields": [formula]}]
    table.hook(receiver.url, "rows.updated", event_config=limits)
    table.change(1, Name="Anna")
    table.change(1, City="Oslo")
    deliver()
    assert [body["items"][0]["Shout"] for _, body in receiver.told()] == ["OSLO"]


def _linked(table: Table) -> tuple[int, int, int]:
    """A table whose only row links to Ann, and looks up her city; answers its id, the link and the lookup."""
    other = table.database.table("Trips", [["Trip"], ["T1"], ["T2"]])
    link = table.database.add_field(other, "Who", "link_row", link_row_table_id=table.id)
    through = {"through_field_id": link, "target_field_id": table.fields["City"]}
    lookup = table.database.add_field(other, "From", "lookup", **through)
    assert table.api.patch(f"/api/database/rows/table/{other}/1/?user_field_names=true", {"Who": [1]})[0] == 200
    deliver()
    return other, link, lookup


def test_a_webhook_that_names_a_lookup_is_told_when_it_changes(table: Table, receiver: Receiver) -> None:
    other, link, lookup = _linked(table)
    body = {"name": "H", "include_all_events": False, "events": ["rows.updated"]}
    for name, fields in (("all", []), ("lookup", [lookup]), ("link", [link])):
        limits = [{"event_type": "rows.updated", "fields": fields}]
        hook = {**body, "url": f"{receiver.url}/{name}", "event_config": limits}
        assert table.api.post(f"{HOOKS}/table/{other}/", hook)[0] == 200
    table.change(1, City="Oslo")
    table.change(2, City="Bonn")
    deliver()
    [came] = receiver.received
    assert came.path == "/lookup"
    [row] = came.body["items"]
    assert (row["id"], [one["value"] for one in row["From"]], came.body["old_items"]) == (1, ["Oslo"], [])


def test_a_webhook_that_names_a_link_is_told_of_changes_from_the_other_side(table: Table, receiver: Receiver) -> None:
    other, _, _ = _linked(table)
    [back] = [found["id"] for found in table.database.fields(table.id) if found["type"] == "link_row"]
    table.hook(receiver.url, "rows.updated", event_config=[{"event_type": "rows.updated", "fields": [back]}])
    assert table.api.patch(f"/api/database/rows/table/{other}/2/?user_field_names=true", {"Who": [2]})[0] == 200
    deliver()
    [(_, body)] = receiver.told()
    assert [(row["Name"], len(row["Trips"])) for row in body["items"]] == [("Bob", 1)]


def test_rows_enter_a_view_by_what_happens_elsewhere(table: Table, receiver: Receiver) -> None:
    other, link, _ = _linked(table)
    formula = table.database.add_field(other, "Town", "formula", formula="join(field('From'), ',')")
    status, view = table.api.post(f"/api/database/views/table/{other}/", {"name": "V", "type": "grid"})
    filtered = {"field": formula, "type": "equal", "value": "Oslo"}
    assert table.api.post(f"/api/database/views/{view['id']}/filters/", filtered)[0] == 200
    deliver()
    limits = [{"event_type": "view.rows_entered", "views": [view["id"]]}]
    hook = {"name": "H", "url": receiver.url, "include_all_events": False, "events": ["view.rows_entered"]}
    assert table.api.post(f"{HOOKS}/table/{other}/", {**hook, "event_config": limits})[0] == 200
    table.change(1, City="Oslo")
    deliver()
    assert [[row["Trip"] for row in body["rows"]] for _, body in receiver.told()] == [["T1"]]


def test_all_events_tell_of_fields_and_views_too(table: Table, receiver: Receiver) -> None:
    table.hook(receiver.url)
    field_id = table.database.add_field(table.id, "Age", "number")
    table.api.patch(f"/api/database/fields/{field_id}/", {"name": "Years"})
    table.api.delete(f"/api/database/fields/{field_id}/")
    status, view = table.api.post(f"/api/database/views/table/{table.id}/", {"name": "More", "type": "grid"})
    assert status == 200
    table.api.patch(f"/api/database/views/{view['id']}/", {"name": "Less"})
    table.api.delete(f"/api/database/views/{view['id']}/")
    deliver()
    told = receiver.told()
    kinds = [f"{what}.{done}" for what in ("field", "view") for done in ("created", "updated", "deleted")]
    assert [kind for kind, _ in told] == kinds
    assert (told[0][1]["field"]["name"], told[1][1]["field"]["name"]) == ("Age", "Years")
    assert told[2][1]["field_id"] == field_id
    assert (told[3][1]["view"]["name"], told[4][1]["view"]["name"]) == ("More", "Less")
    assert told[5][1]["view_id"] == view["id"]


def test_who_changes_rows_can_keep_webhooks_quiet(table: Table, receiver: Receiver) -> None:
    table.hook(receiver.url)
    quiet = "&send_webhook_events=false"
    [made] = table.add("Cid", query=quiet)
    table.change(1, query=quiet, City="Oslo")
    assert table.api.patch(f"{table.rows}batch/?send_webhook_events=false", {"items": [{"id": 1}]})[0] == 200
    assert table.api.patch(f"{table.rows}{made}/move/?before_id=1{quiet}")[0] == 200
    assert table.api.delete(f"{table.rows}{made}/?send_webhook_events=false")[0] == 204
    assert table.api.post(f"{table.rows}batch-delete/?send_webhook_events=false", {"items": [2]})[0] == 204
    deliver()
    assert receiver.told() == []
    table.change(1, query="&send_webhook_events=true", City="Rome")
    deliver()
    assert len(receiver.told()) == 1


def test_rows_of_an_import_come_in_pages(table: Table, receiver: Receiver) -> None:
    table.hook(receiver.url, "rows.created")
    table.database.import_rows(table.id, [[f"N{n}", "X"] for n in range(450)])
    deliver()
    told = receiver.told()
    assert [len(body["items"]) for _, body in told] == [200, 200, 50]
    assert [row["Name"] for _, body in told for row in body["items"]] == [f"N{n}" for n in range(450)]
    assert len({body["event_id"] for _, body in told}) == 1
    assert [body["batch_id"] for _, body in told] == [1, 2, 3]


def test_rows_an_import_changes_are_told(table: Table, receiver: Receiver) -> None:
    table.hook(receiver.url, "rows.created", "rows.updated")
    keys = {"upsert_fields": [table.fields["Name"]], "upsert_values": [["Ann"], ["New"]]}
    table.database.import_rows(table.id, [["Ann", "Oslo"], ["New", "Bonn"]], **keys)
    deliver()
    told = {kind: body["items"] for kind, body in receiver.told()}
    assert [row["City"] for row in told["rows.updated"]] == ["Oslo"]
    assert [row["City"] for row in told["rows.created"]] == ["Bonn"]


def test_rows_that_come_back_are_created_again(table: Table, receiver: Receiver) -> None:
    table.hook(receiver.url, "rows.created")
    assert table.api.delete(f"{table.rows}1/")[0] == 204
    item = {"trash_item_type": "row", "trash_item_id": 1, "parent_trash_item_id": table.id}
    assert table.api.patch("/api/trash/restore/", item)[0] in (200, 204)
    deliver()
    [(_, body)] = receiver.told()
    assert [row["Name"] for row in body["items"]] == ["Ann"]


# Deliveries


def test_deliveries_are_signed(table: Table, receiver: Receiver) -> None:
    secret = table.hook(receiver.url, "rows.created")["signing_secret"]
    table.add("Cid")
    deliver()
    [came] = receiver.received
    head = {name: came.headers[f"webhook-{name}"] for name in ("id", "timestamp", "signature")}
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = hmac.new(key, f"{head['id']}.{head['timestamp']}.".encode() + came.raw, hashlib.sha256)
    assert head["signature"] == f"v1,{base64.b64encode(signed.digest()).decode()}"
    assert came.headers["x-baserow-delivery"] == head["id"]


def test_a_secret_of_ones_own_signs_and_replaces_the_one_before(table: Table, receiver: Receiver) -> None:
    mine = "whsec_" + base64.b64encode(b"m" * 24).decode()
    hook = table.hook(receiver.url, signing_secret=mine)
    assert hook["signing_secret"] == mine
    other = "whsec_" + base64.b64encode(b"o" * 64).decode()
    assert table.api.patch(f"{HOOKS}/{hook['id']}/", {"signing_secret": other})[1]["signing_secret"] == other
    for bad in ("whsec_", "secret", "whsec_!!", "whsec_" + base64.b64encode(b"s" * 23).decode(), 5, None):
        status, answer = table.api.patch(f"{HOOKS}/{hook['id']}/", {"signing_secret": bad})
        assert (status, list(answer["detail"])) == (400, ["signing_secret"]), bad


def test_method_and_headers_are_the_webhooks(table: Table, receiver: Receiver) -> None:
    headers = {"X-Key": "secret", "bad name": "x", "content-type": "application/vnd.api+json"}
    hook = table.hook(f"{receiver.url}/p?a=b", request_method="PUT", headers=headers)
    table.add("Cid")
    deliver()
    [came] = receiver.received
    assert (came.method, came.path, came.headers["x-key"]) == ("PUT", "/p?a=b", "secret")
    assert came.headers["content-type"] == "application/vnd.api+json"
    stored = scalar("SELECT headers || secret FROM webhooks.webhook WHERE id = %(id)s", id=hook["id"])
    assert "secret" not in stored and hook["signing_secret"] not in stored
    [call] = table.read(hook)["calls"]
    assert "X-Key: ***" in call["request"] and "secret" not in call["request"]


def test_a_failed_delivery_is_tried_again_as_the_same_and_keeps_its_place(table: Table, receiver: Receiver) -> None:
    hook = table.hook(receiver.url, "rows.created")
    receiver.answers(500, b"sorry")
    table.add("Cid")
    table.add("Dan")
    deliver()
    [first] = receiver.received
    assert send_due() == 0  # it waits
    [call] = table.read(hook)["calls"]
    assert (call["response_status"], call["error"]) == (500, "The receiver answered 500.")
    assert call["response"].endswith("sorry") and "Cid" in call["request"]
    receiver.answers(204)
    time_goes_by()
    send_due()
    again, following = receiver.received[1:]
    assert again.raw == first.raw
    assert again.headers["x-baserow-delivery"] == first.headers["x-baserow-delivery"]
    assert following.body["items"][0]["Name"] == "Dan"
    calls = table.read(hook)["calls"]
    assert [(found["response_status"], found["error"]) for found in calls] == [(204, ""), (204, "")]
    assert following.headers["x-baserow-delivery"] != again.headers["x-baserow-delivery"]


def test_a_webhook_that_always_fails_is_switched_off(table: Table, receiver: Receiver, instance: Any) -> None:
    instance(webhook_attempts=2, webhook_failures=2)
    hook = table.hook(receiver.url, "rows.created")
    receiver.answers(500)
    for name in ("A", "B", "C"):
        table.add(name)
    drain()
    states = []
    for _ in range(3):
        send_due()
        time_goes_by()
        found = table.read(hook)
        states.append((found["active"], found["failed_triggers"]))
    assert states == [(True, 0), (True, 1), (False, 2)]
    names = [one.body["items"][0]["Name"] for one in receiver.received]
    assert names == ["A", "A", "B", "B"]
    receiver.answers(200)
    receiver.told()
    found = table.api.patch(f"{HOOKS}/{hook['id']}/", {"active": True})[1]
    assert (found["active"], found["failed_triggers"]) == (True, 0)
    table.add("D")
    deliver()
    assert [body["items"][0]["Name"] for _, body in receiver.told()] == ["D"]


def test_a_success_forgets_the_failures_before(table: Table, receiver: Receiver, instance: Any) -> None:
    instance(webhook_attempts=1, webhook_failures=2)
    hook = table.hook(receiver.url, "rows.created")
    for status in (500, 200, 500, 200):
        receiver.answers(status)
        table.add("A")
        deliver()
    found = table.read(hook)
    assert (found["active"], found["failed_triggers"]) == (True, 0)


def test_only_the_latest_calls_are_remembered(table: Table, receiver: Receiver, instance: Any) -> None:
    instance(webhook_log_entries=3)
    hook = table.hook(receiver.url, "rows.created")
    for n in range(5):
        table.add(f"N{n}")
    deliver()
    calls = table.read(hook)["calls"]
    assert len(calls) == 3
    assert ["N4" in calls[0]["request"], "N3" in calls[1]["request"], "N2" in calls[2]["request"]] == [True] * 3


def test_redirects_are_not_followed(table: Table, receiver: Receiver) -> None:
    hook = table.hook(receiver.url, "rows.created")
    receiver.answers(302, b"", Location=f"{receiver.url}/other")
    table.add("Cid")
    deliver()
    assert [one.path for one in receiver.received] == ["/"]
    [call] = table.read(hook)["calls"]
    assert (call["response_status"], bool(call["error"])) == (302, True)


def test_a_long_answer_is_cut(table: Table, receiver: Receiver) -> None:
    hook = table.hook(receiver.url, "rows.created")
    receiver.answers(200, b"x" * 3_000_000)
    table.add("Cid")
    deliver()
    [call] = table.read(hook)["calls"]
    assert (call["response_status"], call["error"]) == (200, "")
    assert len(call["response"]) < 20_000


def test_private_addresses_are_refused(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service(Outbound), "own_machine", ())  # the instance serves others too
    target = Receiver()
    hook = table.hook(target.url, "rows.created")
    table.add("Cid")
    deliver()
    [call] = table.read(hook)["calls"]
    assert (call["response_status"], "private network" in call["error"]) == (None, True)
    body = {"url": target.url, "event_type": "rows.created"}
    answer = table.api.post(f"{HOOKS}/table/{table.id}/test-call/", body)[1]
    assert (answer["is_unreachable"], answer["status_code"]) == (True, None)
    assert target.received == []
    target.close()


def test_who_serves_the_own_machine_alone_reaches_it(table: Table) -> None:
    target = Receiver()
    hook = table.hook(target.url, "rows.created")
    table.add("Cid")
    deliver()
    assert [call["response_status"] for call in table.read(hook)["calls"]] == [200]
    target.close()


@pytest.mark.parametrize("how", ["deleted", "inactive", "trashed", "database trashed"])
def test_nothing_is_sent_any_more(table: Table, receiver: Receiver, how: str) -> None:
    hook = table.hook(receiver.url, "rows.created")
    table.add("Cid")
    drain()
    paths = {"trashed": f"/api/database/tables/{table.id}/", "deleted": f"{HOOKS}/{hook['id']}/"}
    paths["database trashed"] = f"/api/applications/{table.database.id}/"
    if how == "inactive":
        assert table.api.patch(f"{HOOKS}/{hook['id']}/", {"active": False})[0] == 200
        table.add("Dan")
    else:
        assert table.api.delete(paths[how])[0] == 204
    deliver()
    time_goes_by()
    send_due()
    assert receiver.told() == []


def test_what_waited_is_sent_when_the_table_is_back(table: Table, receiver: Receiver) -> None:
    table.hook(receiver.url, "rows.created")
    table.add("Cid")
    drain()
    assert table.api.delete(f"/api/database/tables/{table.id}/")[0] == 204
    deliver()
    assert receiver.told() == []
    assert table.api.patch("/api/trash/restore/", {"trash_item_type": "table", "trash_item_id": table.id})[0] < 300
    time_goes_by()
    send_due()
    assert [body["items"][0]["Name"] for _, body in receiver.told()] == ["Cid"]


def test_a_plugin_that_is_off_tells_nothing(table: Table, receiver: Receiver, staff: Any) -> None:
    table.hook(receiver.url, "rows.created")
    assert staff.patch("/api/admin/plugins/webhooks/", {"enabled": False})[0] == 200
    try:
        table.add("Cid")
        deliver()
        status, answer = table.api.get(f"{HOOKS}/table/{table.id}/")
        assert (status, answer["error"]) == (404, "ERROR_PLUGIN_DISABLED")
    finally:
        assert staff.patch("/api/admin/plugins/webhooks/", {"enabled": True})[0] == 200
    deliver()
    assert receiver.told() == []


def test_a_table_without_webhooks_costs_its_writers_nothing(table: Table, receiver: Receiver, count_sql: Any) -> None:
    table.add("warm")
    with count_sql() as without:
        table.add("A", "B")
    table.hook(receiver.url)
    with count_sql() as having:
        table.add("C", "D")
    assert len(without) == len(having)
    assert not [one for one in without + having if "webhooks." in one]


def test_queueing_costs_the_same_for_many_events(table: Table, receiver: Receiver, count_sql: Any) -> None:
    for _ in range(3):
        table.hook(receiver.url)

    def cost(events: int) -> int:
        for n in range(events):
            table.add(f"N{n}")
        with count_sql() as statements:
            drain()
        return len(statements)

    cost(1)
    assert cost(2) == cost(20)


def test_copies_of_a_table_have_no_webhooks(table: Table, receiver: Receiver) -> None:
    table.hook(receiver.url)
    copy = table.database.run(table.api.post(f"/api/database/tables/{table.id}/duplicate/async/"))["duplicated_table"]
    assert table.api.get(f"{HOOKS}/table/{copy['id']}/") == (200, [])


def test_changes_are_recorded_for_the_audit_log(table: Table, receiver: Receiver) -> None:
    hook = table.hook(receiver.url)
    table.api.patch(f"{HOOKS}/{hook['id']}/", {"name": "Other"})
    table.api.delete(f"{HOOKS}/{hook['id']}/")
    kinds = [found["type"] for found in recorded("action", table.api, "params") if "webhook" in found["type"]]
    assert kinds == ["create_webhook", "update_webhook", "delete_webhook"]


# Refusals


def test_names_and_values_of_headers_are_checked(table: Table) -> None:
    good = {"name": "Hook", "url": "http://127.0.0.1:9/"}
    names = [
        "",
        " x",
        "a:b",
        "a\nb",
        "x" * 256,
        "Host",
        "content-LENGTH",
        "Webhook-Signature",
        "X-Baserow-Event",
    ]
    values = ["a\nb", "a\rb", " a", "ä", "x" * 8001, ["a"], {"a": 1}, None, True]
    for headers, code in [
        *(({name: "x"}, "invalid_http_header_name") for name in names),
        *(({"X": value}, "invalid_http_header_value") for value in values),
        ({f"X-{n}": "x" for n in range(51)}, "max_length"),
        ("x", "not_a_dict"),
    ]:
        status, answer = table.api.post(f"{HOOKS}/table/{table.id}/", {**good, "headers": headers})
        assert (status, answer["detail"]["headers"][0]["code"]) == (400, code), headers
    assert table.api.get(f"{HOOKS}/table/{table.id}/") == (200, [])


def test_limits_name_fields_and_views_of_the_table(table: Table) -> None:
    other = table.database.table("Other", [["Alone"], ["1"]])
    view_id = table.api.get(f"/api/database/views/table/{other}/")[1][0]["id"]
    field_id = table.database.fields(other)[0]["id"]
    hook = table.hook("http://127.0.0.1:9/")
    for kind, key, value, word in [
        ("rows.updated", "fields", field_id, "FIELD"),
        ("view.rows_entered", "views", view_id, "VIEW"),
    ]:
        config = {"include_all_events": False, "events": [kind], "event_config": [{"event_type": kind, key: [value]}]}
        code = f"ERROR_TABLE_WEBHOOK_EVENT_CONFIG_{word}_NOT_IN_TABLE"
        made = table.api.post(f"{HOOKS}/table/{table.id}/", {"name": "H", "url": "http://127.0.0.1:9/", **config})
        changed = table.api.patch(f"{HOOKS}/{hook['id']}/", config)
        assert [(status, answer["error"]) for status, answer in (made, changed)] == [(400, code)] * 2


def test_limits_stay_with_their_events(table: Table) -> None:
    city = table.fields["City"]
    limits = [{"event_type": "rows.updated", "fields": [city, city]}]
    hook = table.hook("http://127.0.0.1:9/", "rows.updated", "rows.created", event_config=limits)
    limited = {"event_type": "rows.updated", "fields": [city]}
    assert hook["event_config"] == [limited, {"event_type": "rows.created"}]
    path = f"{HOOKS}/{hook['id']}/"
    assert table.api.patch(path, {"events": ["rows.updated"]})[1]["event_config"] == [limited]
    assert table.api.patch(path, {"name": "Other"})[1]["event_config"] == [limited]
    assert table.api.patch(path, {"event_config": []})[1]["event_config"] == [{**limited, "fields": []}]
    everything = table.api.patch(path, {"include_all_events": True, "events": ["rows.created"]})[1]
    assert (everything["events"], everything["event_config"]) == ([], [])


def test_only_builders_have_to_do_with_webhooks(table: Table, make_user: Any) -> None:
    hook, stranger = table.hook("http://127.0.0.1:9/"), make_user("Eve")
    body = {"name": "H", "url": "http://127.0.0.1:9/", "event_type": "rows.created"}
    calls = [
        ("GET", f"{HOOKS}/table/{table.id}/", None),
        ("POST", f"{HOOKS}/table/{table.id}/", body),
        ("POST", f"{HOOKS}/table/{table.id}/test-call/", body),
        ("GET", f"{HOOKS}/{hook['id']}/", None),
        ("PATCH", f"{HOOKS}/{hook['id']}/", {"name": "X"}),
        ("DELETE", f"{HOOKS}/{hook['id']}/", None),
    ]
    for method, path, sent in calls:
        status, answer = stranger.call(method, path, sent)
        assert (status, answer["error"]) == (400, "ERROR_USER_NOT_IN_GROUP"), (method, path)
    member = (
        "INSERT INTO core.membership (workspace_id, user_id, permissions) VALUES (%(w)s, %(u)s, 'EDITOR') RETURNING 1"
    )
    scalar(member, w=table.database.workspace_id, u=stranger.user["id"])
    for method, path, sent in calls:
        status, answer = stranger.call(method, path, sent)
        assert (status, answer["error"]) == (401, "PERMISSION_DENIED"), (method, path)


def test_a_test_call_shows_what_is_sent(table: Table, receiver: Receiver) -> None:
    table.database.add_field(table.id, "Done", "boolean")
    table.database.add_field(table.id, "Friends", "link_row", link_row_table_id=table.id, has_related_field=False)
    receiver.answers(418, b"teapot")
    kinds = table.api.get("/api/schema.json")[1]["components"]["schemas"]["TestCall"]["properties"]
    for kind in kinds["event_type"].get("enum") or ["rows.created", "view.rows_entered", "field.created"]:
        body = {"url": receiver.url, "event_type": kind, "headers": {"X-Key": "k"}, "request_method": "PATCH"}
        status, answer = table.api.post(f"{HOOKS}/table/{table.id}/test-call/", body)
        assert (status, answer["status_code"], answer["is_unreachable"]) == (200, 418, False)
        assert "X-Key: k" in answer["request"] and answer["response"].endswith("teapot")
        came = receiver.received[-1]
        assert (came.method, came.headers["x-key"], came.body["event_type"]) == ("PATCH", "k", kind)
        assert came.body["webhook_id"] is None


# Rows that enter views


def _romans(table: Table) -> int:
    view = {"name": "Romans", "type": "grid"}
    view_id = int(table.api.post(f"/api/database/views/table/{table.id}/", view)[1]["id"])
    filtered = {"field": table.fields["City"], "type": "equal", "value": "Rome"}
    assert table.api.post(f"/api/database/views/{view_id}/filters/", filtered)[0] == 200
    deliver()
    return view_id


def _watch(table: Table, url: str, view_id: int) -> dict[str, Any]:
    limits = [{"event_type": "view.rows_entered", "views": [view_id]}]
    return table.hook(url, "view.rows_entered", event_config=limits)


def test_rows_that_enter_a_view_are_told_once(table: Table, receiver: Receiver) -> None:
    view_id = _romans(table)
    _watch(table, receiver.url, view_id)
    for city in ("Oslo", "Rome", "Rome", "Oslo", "Rome"):
        table.change(1, City=city)
        deliver()
    table.change(2, Name="Bobby")
    deliver()
    told = receiver.told()
    assert [kind for kind, _ in told] == ["view.rows_entered"] * 2
    for _, body in told:
        assert body["view"]["id"] == view_id
        assert (body["total_count"], body["fields"]) == (1, ["id", "order", "Name", "City"])
        assert [row["Name"] for row in body["rows"]] == ["Ann"]


def test_new_imported_and_restored_rows_and_other_filters_bring_rows_in(table: Table, receiver: Receiver) -> None:
    view_id = _romans(table)
    _watch(table, receiver.url, view_id)

    def came() -> list[str]:
        deliver()
        return [row["Name"] for _, body in receiver.told() for row in body["rows"]]

    assert table.api.post(f"{table.rows}?user_field_names=true", {"Name": "Cid", "City": "Rome"})[0] == 200
    assert came() == ["Cid"]
    table.database.import_rows(table.id, [["Dan", "Rome"], ["Eve", "Bonn"]])
    assert came() == ["Dan"]
    assert table.api.delete(f"{table.rows}2/")[0] == 204
    assert came() == []
    item = {"trash_item_type": "row", "trash_item_id": 2, "parent_trash_item_id": table.id}
    assert table.api.patch("/api/trash/restore/", item)[0] < 300
    assert came() == ["Bob"]
    [found] = table.api.get(f"/api/database/views/{view_id}/filters/")[1]
    assert table.api.patch(f"/api/database/views/filter/{found['id']}/", {"value": "Paris"})[0] == 200
    assert came() == ["Ann"]
    assert table.api.delete(f"/api/database/views/filter/{found['id']}/")[0] == 204
    assert came() == ["Bob", "Cid", "Dan", "Eve"]


def test_quiet_changes_bring_rows_in_without_a_word(table: Table, receiver: Receiver) -> None:
    _watch(table, receiver.url, _romans(table))
    table.change(1, query="&send_webhook_events=false", City="Rome")
    deliver()
    table.change(1, Name="Anna")
    deliver()
    assert receiver.told() == []


def test_many_rows_that_enter_a_view_come_in_pages(table: Table, receiver: Receiver) -> None:
    _watch(table, receiver.url, _romans(table))
    table.database.import_rows(table.id, [[f"N{n}", "Rome"] for n in range(401)])
    deliver()
    told = receiver.told()
    assert [(len(body["rows"]), body["total_count"], body["batch_id"]) for _, body in told] == [
        (200, 401, 1),
        (200, 401, 2),
        (1, 401, 3),
    ]


def test_views_nobody_watches_leave_nothing(table: Table, receiver: Receiver) -> None:
    view_id = _romans(table)
    count = "SELECT count(*) FROM webhooks.view_row WHERE view_id = %(id)s"
    first, second = _watch(table, receiver.url, view_id), _watch(table, receiver.url, view_id)
    assert scalar(count, id=view_id) == 1
    table.api.delete(f"{HOOKS}/{first['id']}/")
    assert scalar(count, id=view_id) == 1
    table.api.patch(f"{HOOKS}/{second['id']}/", {"active": False})
    assert scalar(count, id=view_id) == 0
    table.api.patch(f"{HOOKS}/{second['id']}/", {"active": True})
    assert scalar(count, id=view_id) == 1
    table.api.patch(f"{HOOKS}/{second['id']}/", {"event_config": []})
    assert scalar(count, id=view_id) == 0


def test_rows_enter_because_time_goes_by(table: Table, receiver: Receiver) -> None:
    from plugins.webhooks.watching import look_again

    view_id = _romans(table)
    _watch(table, receiver.url, view_id)
    scalar("DELETE FROM webhooks.view_row WHERE view_id = %(id)s RETURNING row_id", id=view_id)
    look_again()
    deliver()
    assert [row["Name"] for _, body in receiver.told() for row in body["rows"]] == ["Bob"]
