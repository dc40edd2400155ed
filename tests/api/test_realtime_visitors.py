"""What visitors of shared views are told over the websocket, and what never."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from tests.live import Live, live
from tests.outbox import deliver
from tests.viewing import VIEWS, People

HIDDEN, LEFT_OUT = "zq-hidden-value", "zq-row-left-out"


@pytest.fixture
def server(app: Flask) -> Iterator[Live]:
    """A web server with websockets."""
    with live(app) as made:
        yield made


@pytest.fixture
def people(api: Any) -> People:
    """People and a grid."""
    return People(api)


def _types(told: list[Any]) -> list[str]:
    return [message["type"] for message in told]


def test_visitors_are_told_of_rows_the_filters_keep_with_visible_fields_only(server: Live, people: People) -> None:
    people.add("filters", {"field": people.ids["City"], "type": "equal", "value": "Paris"})
    slug = people.share(people.grid, "Secret")
    visitor = server.open(None).page("view", slug=slug, token="")
    visitor.told()
    made = people.row(people.sheet, Name="Eve", City="Paris", Secret=HIDDEN)
    people.row(people.sheet, Name=LEFT_OUT, City="Rome", Secret=HIDDEN)
    (created,) = visitor.told()
    name, city = (f"field_{people.ids[key]}" for key in ("Name", "City"))
    assert (created["type"], created["before_row_id"], created["metadata"]) == ("rows_created", None, {})
    assert [(row["id"], row.keys()) for row in created["rows"]] == [(made, {"id", "order", name, city})]
    people.write(people.sheet, made, Name="Eva")
    (updated,) = visitor.told()
    assert (updated["type"], updated["rows"][0][name], updated["updated_field_ids"]) == (
        "rows_updated", "Eva", [people.ids["Name"]],
    )  # fmt: skip
    assert updated["rows_before_update"] == updated["rows"]  # the view may not have shown what was before
    people.write(people.sheet, made, Secret="more secrets")
    assert visitor.told() == []
    people.write(people.sheet, made, City="Rome")
    (gone,) = visitor.told()
    assert (gone["type"], gone["row_ids"], gone["rows"]) == ("rows_deleted", [made], [{"id": made}])
    people.write(people.sheet, 2, City="Paris")
    assert _types(visitor.told()) == ["rows_updated"]


def test_visitors_are_told_of_deleted_rows_they_saw_and_of_no_others(server: Live, people: People) -> None:
    people.add("filters", {"field": people.ids["City"], "type": "equal", "value": "Paris"})
    visitor = server.open(None).page("view", slug=people.share(people.grid), token="")
    visitor.told()
    body = {"items": [1, 2]}
    people.ok(*people.api.post(f"/api/database/rows/table/{people.sheet}/batch-delete/", body))
    assert [(one["type"], one["row_ids"]) for one in visitor.told()] == [("rows_deleted", [1])]


def test_nothing_hidden_is_ever_told_to_visitors(server: Live, people: People) -> None:
    """Whatever is done to the table, the views and the fields."""
    slug = people.share(people.grid, "Secret")
    people.add("filters", {"field": people.ids["Name"], "type": "not_equal", "value": LEFT_OUT})
    visitor = server.open(None).page("view", slug=slug, token="")
    member = server.open(people.api).page("table", table_id=people.sheet)
    secret = people.ids["Secret"]
    row = people.row(people.sheet, Name="Eve", Secret=HIDDEN)
    left_out = people.row(people.sheet, Name=LEFT_OUT, Secret=HIDDEN)
    people.write(people.sheet, row, Secret=f"{HIDDEN} again")
    people.write(people.sheet, left_out, City=f"{LEFT_OUT} city")
    formula = people.add_field(people.sheet, "Formula", "formula", formula="upper(field('Secret'))")
    people.write(people.sheet, row, Name="Eva", Secret=HIDDEN)
    people.change(secret, name=f"{HIDDEN} name")
    people.change(formula, formula="lower(field('Name'))")
    people.add("filters", {"field": secret, "type": "not_equal", "value": HIDDEN})
    people.add("sortings", {"field": secret})
    other = people.view("grid", name=HIDDEN)
    people.add("filters", {"field": secret, "type": "equal", "value": HIDDEN}, view=other)
    people.settings(people.grid, City={"width": 300})
    people.ok(*people.api.delete(f"/api/database/rows/table/{people.sheet}/{left_out}/"))
    people.ok(*people.api.delete(f"/api/database/fields/{secret}/"))
    told, seen = visitor.told(), json.dumps(member.told()).lower()
    assert HIDDEN in seen and LEFT_OUT in seen
    text = json.dumps(told).lower()
    assert {"rows_created", "rows_updated", "force_view_refresh"} <= set(_types(told))
    assert HIDDEN not in text and LEFT_OUT not in text
    assert f'"field_{secret}"' not in text and f'"field_{formula}"' not in text


def test_a_change_of_the_view_is_told_with_what_there_is_to_see(server: Live, people: People, anonymous: Any) -> None:
    slug = people.share(people.grid, "Secret")
    visitor = server.open(None).page("view", slug=slug, token="")
    visitor.told()
    people.settings(people.grid, City={"hidden": True})
    (told,) = visitor.told()
    info = people.ok(*anonymous.get(f"{VIEWS}/{slug}/public/info/"))
    assert told == {"type": "force_view_refresh", "view_id": slug, **info}
    assert [field["name"] for field in told["fields"]] == ["Name"]


def test_many_rows_are_to_be_read_anew(server: Live, people: People, instance: Any) -> None:
    slug = people.share(people.grid)
    visitor = server.open(None).page("view", slug=slug, token="")
    visitor.told()
    instance(websocket_message_rows=2)
    body = {"items": [{}, {}, {}]}
    people.ok(*people.api.post(f"/api/database/rows/table/{people.sheet}/batch/", body))
    assert visitor.told() == [{"type": "force_view_rows_refresh", "view_id": slug}]


def test_the_page_of_a_view_opens_as_its_rows_do(server: Live, people: People, anonymous: Any) -> None:
    slug = people.share(people.grid)
    people.ok(*people.api.patch(f"{VIEWS}/{people.grid}/", {"public_view_password": "a long password"}))
    token = people.ok(*anonymous.post(f"{VIEWS}/{slug}/public/auth/", {"password": "a long password"}))["access_token"]
    form = people.view("form")
    closed = str(people.ok(*people.api.get(f"{VIEWS}/{form}/"))["slug"])
    for asked in ({"slug": slug, "token": ""}, {"slug": slug, "token": "x"}, {"slug": "no", "token": ""},
                  {"slug": closed, "token": ""}):  # fmt: skip
        assert server.open(None).ask(page="view", **asked)["type"] == "page_refused"
    assert server.open(people.api).ask(page="view", slug=slug, token="")["type"] == "page_add"
    assert server.open(None).ask(page="view", slug=slug, token=token)["type"] == "page_add"


@pytest.mark.parametrize("change", ["unshared", "password", "slug", "deleted", "table"])
def test_the_page_ends_with_the_access(server: Live, people: People, change: str) -> None:
    other = People(people.api)
    slug, elsewhere = people.share(people.grid), other.share(other.grid)
    visitor = server.open(None).page("view", slug=slug, token="")
    visitor.told()
    path, api = f"{VIEWS}/{people.grid}/", people.api
    match change:
        case "unshared":
            people.ok(*api.patch(path, {"public": False}))
        case "password":
            people.ok(*api.patch(path, {"public_view_password": "a long password"}))
        case "slug":
            people.ok(*api.post(f"{path}rotate-slug/", {}))
        case "deleted":
            assert api.delete(path)[0] == 204
        case "table":
            assert api.delete(f"/api/database/tables/{people.sheet}/")[0] == 204
    deliver()
    told = [visitor.next()]
    while told[-1]["type"] != "page_discard":
        told.append(visitor.next())
    assert not {"rows_created", "rows_updated"} & set(_types(told))
    if change != "table":
        people.row(people.sheet, Name="Eve")
        deliver()
    assert visitor.ask(page="view", slug=elsewhere, token="")["type"] == "page_add"  # nothing was told in between
