"""Views a process has read before: every change of one is seen by the next request, whoever made it where."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import psycopg
import pytest

from core.settings import Settings
from plugin_api.platform import registry
from plugins.views import known
from plugins.views.sharing import HEADER
from tests.viewing import VIEWS, People

Change = Callable[[People], Any]


@pytest.fixture
def people(api: Any) -> People:
    """People and a grid with a filter, a sorting and a hidden field."""
    made = People(api)
    made.filter = made.add("filters", {"field": made.ids["City"], "type": "not_empty", "value": ""})["id"]
    made.sort = made.add("sortings", {"field": made.ids["Name"], "order": "DESC"})["id"]
    made.slug = made.share(made.grid, "Secret")
    return made


def _patched(path: str, **body: Any) -> Change:
    return lambda people: people.ok(*people.api.patch(f"{VIEWS}/{path.format(people=people)}/", body))


def _deleted(path: str) -> Change:
    return lambda people: people.ok(*people.api.delete(f"{path.format(people=people)}/"))


def _added(path: str, field: str, **body: Any) -> Change:
    return lambda people: people.add(path, {"field": people.ids[field], **body})


def _group(people: People) -> None:
    group = people.add("filter-groups", {"filter_type": "OR"})["id"]
    for name in ("Ann", "Bob"):
        people.add("filters", {"field": people.ids["Name"], "type": "equal", "value": name, "group": group})


CHANGES: dict[str, Change] = {
    "another filter": _added("filters", "Name", type="equal", value="Ann"),
    "another value": _patched("filter/{people.filter}", type="equal", value="Rome"),
    "a group of filters": _group,
    "a filter less": _deleted(f"{VIEWS}/filter/{{people.filter}}"),
    "no filters": _patched("{people.grid}", filters_disabled=True),
    "another sorting": _patched("sort/{people.sort}", order="ASC"),
    "a sorting less": _deleted(f"{VIEWS}/sort/{{people.sort}}"),
    "a grouping": _added("group_bys", "City"),
    "a hidden field": lambda people: people.settings(people.grid, City={"hidden": True}),
    "a shown field": lambda people: people.settings(people.grid, Secret={"hidden": False}),
    "a new field": lambda people: people.add_field(people.sheet, "Later", "text"),
    "a field less": lambda people: people.ok(*people.api.delete(f"/api/database/fields/{people.ids['City']}/")),
    "another type": lambda people: people.change(people.ids["City"], type="number"),
    "another row": lambda people: people.row(people.sheet, Name="Eve", City="Bern"),
    "another name": lambda people: people.write(people.sheet, 1, Name="Zoe"),
    "an undone sorting": lambda people: people.undo(),
}


def _answers(people: People, anonymous: Any) -> list[Any]:
    """What members and visitors are answered, in all the ways that are remembered apart."""
    public = f"{VIEWS}/grid/{people.slug}/public/rows/"
    name = f"field_{people.first}"
    asked = (
        "",
        "include=field_options",
        "include=row_metadata&limit=2",
        f"order_by={name}",
        f"filter__{name}__equal=Ann",
    )
    mine = [people.api.get(f"{VIEWS}/grid/{people.grid}/?{query}") for query in asked]
    return mine + [anonymous.get(f"{public}?{query}") for query in asked]


@pytest.mark.parametrize("name", CHANGES)
def test_changes_are_seen_at_once(name: str, people: People, anonymous: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    people.first = people.ids["Name"]
    for _ in range(2):
        before = _answers(people, anonymous)
    assert {status for status, _ in before} == {200}
    CHANGES[name](people)
    after = _answers(people, anonymous)
    monkeypatch.setattr(known, "_known", known.Recent(0))
    assert after == _answers(people, anonymous)
    assert after != before


def test_changes_beside_the_api_are_seen(people: People, anonymous: Any, settings: Settings) -> None:
    path = f"{VIEWS}/grid/{people.slug}/public/rows/"
    assert len([people.ok(*anonymous.get(path)) for _ in range(2)][1]["results"]) == 3
    with psycopg.connect(settings.database_url, autocommit=True) as other:
        other.execute("UPDATE views.filter SET type = 'equal', value = 'Rome' WHERE view_id = %s", [people.grid])
        assert [row["id"] for row in people.ok(*anonymous.get(path))["results"]] == [2]
        hide = """UPDATE views.field_options SET options = options || '{"hidden": true}' WHERE view_id = %s"""
        other.execute(hide, [people.grid])
        assert people.ok(*anonymous.get(path))["results"][0].keys() == {"id", "order"}
        other.execute("DELETE FROM views.field_options WHERE view_id = %s", [people.grid])
        assert people.ok(*anonymous.get(path))["results"][0].keys() == {"id", "order"}
        other.execute("UPDATE views.view SET public = false WHERE id = %s", [people.grid])
        assert anonymous.get(path)[0] == 404


def test_visitors_of_a_known_view_are_refused_at_once(people: People, anonymous: Any) -> None:
    view, path = f"{VIEWS}/{people.grid}/", f"{VIEWS}/grid/{people.slug}/public/rows/"

    def refused() -> tuple[int, str]:
        assert people.api.get(path)[0] == 200, "members see it all the same"
        status, answer = anonymous.get(path)
        assert "results" not in answer
        return status, answer["error"]

    assert anonymous.get(path)[0] == anonymous.get(path)[0] == 200
    people.ok(*people.api.patch(view, {"public_view_password": "Correct horse"}))
    assert refused() == refused() == (401, "ERROR_NO_AUTHORIZATION_TO_PUBLICLY_SHARED_VIEW")
    token = anonymous.post(f"{VIEWS}/{people.slug}/public/auth/", {"password": "Correct horse"})[1]["access_token"]
    assert anonymous.get(path, headers={HEADER: f"JWT {token}"})[0] == 200
    assert refused()[0] == 401
    people.ok(*people.api.patch(view, {"public_view_password": "", "public": False}))
    assert refused() == (404, "ERROR_GRID_DOES_NOT_EXIST")
    people.ok(*people.api.patch(view, {"public": True}))
    assert anonymous.get(path)[0] == 200
    assert anonymous.get(path.replace("/grid/", "/gallery/"))[1]["error"] == "ERROR_GALLERY_DOES_NOT_EXIST"
    people.ok(*people.api.post(f"{view}rotate-slug/"))
    assert anonymous.get(path)[0] == 404


def test_who_may_read_a_known_view_is_asked_each_time(people: People, anonymous: Any, make_user: Any) -> None:
    path, friend, stranger = f"{VIEWS}/grid/{people.grid}/", make_user(), make_user()
    members = f"/api/workspaces/users/workspace/{people.workspace_id}/"
    body = {"email": friend.user["username"], "permissions": "MEMBER", "base_url": "http://127.0.0.1:3000/join"}
    made = people.ok(*people.api.post(f"/api/workspaces/invitations/workspace/{people.workspace_id}/", body))
    people.listed()
    people.listed()
    assert friend.get(path)[1]["error"] == stranger.get(path)[1]["error"] == "ERROR_USER_NOT_IN_GROUP"
    assert anonymous.get(path)[0] == 401
    people.ok(*friend.post(f"/api/workspaces/invitations/{made['id']}/accept/"))
    assert friend.get(path) == people.api.get(path)
    people.ok(*people.api.patch(f"{VIEWS}/{people.grid}/", {"ownership_type": "personal"}))
    assert friend.get(path)[0] == 401
    assert people.api.get(path)[0] == 200
    people.ok(*people.api.patch(f"{VIEWS}/{people.grid}/", {"ownership_type": "collaborative"}))
    assert friend.get(path)[0] == 200
    gone = next(one["id"] for one in people.ok(*people.api.get(members)) if one["user_id"] == friend.user["id"])
    people.ok(*people.api.delete(f"/api/workspaces/users/{gone}/"))
    assert friend.get(path)[1]["error"] == "ERROR_USER_NOT_IN_GROUP"
    people.ok(*people.api.delete(f"{VIEWS}/{people.grid}/"))
    assert people.api.get(path)[1]["error"] == "ERROR_GRID_DOES_NOT_EXIST"


@pytest.mark.parametrize("value", ["date_is UTC??today", "date_equals_today UTC"])
def test_days_are_those_of_the_request(value: str, people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    day = people.add_field(people.sheet, "Day", "date")
    for row_id in (1, 2):
        people.write(people.sheet, row_id, Day=f"2030-05-0{row_id}")
    kind, _, text = value.partition(" ")
    people.add("filters", {"field": day, "type": kind, "value": text})
    for number in (1, 2):
        for module in ("dates", "old_dates"):
            monkeypatch.setattr(f"plugins.filters.{module}.today_in", lambda zone, n=number: date(2030, 5, n))
        assert [row["id"] for row in people.listed()["results"]] == [number]
        assert [row["id"] for row in people.listed()["results"]] == [number]


def test_no_filter_about_days_is_compiled_for_later(app: Any) -> None:
    types = registry("filter_types")
    assert {name for name in types if "date" in name and types[name].constant} == set()
    assert types["contains"].constant
    assert types["contains_not"].constant
    assert types["has_value_higher"].constant
    assert not types["has_date_equal"].constant


def test_a_known_view_costs_one_query(people: People, anonymous: Any, count_sql: Any) -> None:
    mine, public = f"{VIEWS}/grid/{people.grid}/", f"{VIEWS}/grid/{people.slug}/public/rows/"
    gallery = f"{VIEWS}/gallery/{people.view('gallery')}/"
    asked = [
        (people.api, mine),
        (people.api, f"{mine}?exclude_count=true&limit=2&offset=1"),
        (people.api, f"{mine}?include=field_options"),
        (people.api, f"{mine}?search=Ann"),
        (people.api, gallery),
        (anonymous, public),
        (anonymous, f"{public}?filter__field_{people.ids['Name']}__equal=Ann"),
    ]
    for client, path in asked:
        people.ok(*client.get(path))
        with count_sql() as statements:
            people.ok(*client.get(path))
        assert len(statements) == 1, (path, statements)
    assert people.api.get(f"{mine}?include=row_metadata")[1]["row_metadata"] == {}
