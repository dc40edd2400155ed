"""Shared views: what visitors see of them, passwords and their tokens, and what never leaves them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask

from plugin_api.platform import registry
from plugins.views.sharing import HEADER
from tests.viewing import VIEWS, People

HIDDEN, LEFT_OUT, TOWN = "zq-hidden-value", "zq-row-left-out", "zq-town-of-nobody"
SECRETS = (HIDDEN, LEFT_OUT, TOWN, "zq-mayor", "zq-comment")


@pytest.fixture
def people(api: Any) -> People:
    """People and a grid."""
    return People(api)


def test_visitors_see_visible_fields_of_rows_the_filters_keep(people: People, anonymous: Any) -> None:
    ids = people.ids
    people.add("filters", {"field": ids["Secret"], "type": "not_equal", "value": "gamma"})
    people.add("sortings", {"field": ids["Secret"], "order": "DESC"})
    slug = people.share(people.grid, "Secret")
    shown = people.ok(*anonymous.get(f"{VIEWS}/grid/{slug}/public/rows/"))
    keys = {"id", "order", f"field_{ids['Name']}", f"field_{ids['City']}"}
    assert [(row["id"], row.keys()) for row in shown["results"]] == [(1, keys), (2, keys), (4, keys)]
    info = people.ok(*anonymous.get(f"{VIEWS}/{slug}/public/info/"))
    assert [field["name"] for field in info["fields"]] == ["Name", "City"]
    assert (info["view"]["id"], info["view"]["sortings"]) == (slug, [])
    assert "filters" not in info["view"]
    assert people.ok(*anonymous.get(f"{VIEWS}/{slug}/row/1/")).keys() == keys
    assert anonymous.get(f"{VIEWS}/{slug}/row/3/")[1]["error"] == "ERROR_ROW_DOES_NOT_EXIST"


def test_filters_of_visitors_apply_besides_the_saved_ones(people: People, anonymous: Any) -> None:
    city, name = people.ids["City"], people.ids["Name"]
    people.add("filters", {"field": city, "type": "equal", "value": "Paris"})
    path = f"{VIEWS}/grid/{people.share(people.grid, 'Secret')}/public/rows/"

    def rows(query: str) -> list[int]:
        return [row["id"] for row in people.ok(*anonymous.get(f"{path}?{query}"))["results"]]

    assert rows(f"filter__field_{name}__equal=Bob") == []
    assert rows(f"filter__field_{name}__equal=Bob&filter__field_{name}__equal=Ann&filter_type=OR") == [1]
    assert rows(f"order_by=-field_{name}") == [3, 1]
    assert rows(f"group_by=field_{city}") == [1, 3]
    assert rows("search=Ann") == [1]


def test_fields_made_after_sharing_stay_hidden(people: People, anonymous: Any) -> None:
    slug = people.share(people.grid)
    later = people.add_field(people.sheet, "Later", "text")
    shown = people.ok(*anonymous.get(f"{VIEWS}/grid/{slug}/public/rows/"))["results"][0]
    assert f"field_{later}" not in shown
    options = people.ok(*people.api.get(f"{VIEWS}/{people.grid}/field-options/"))["field_options"]
    assert options[str(later)]["hidden"] is True
    status, answer = anonymous.get(f"{VIEWS}/grid/{slug}/public/rows/?order_by=field_{later}")
    assert (status, answer["error"]) == (400, "ERROR_ORDER_BY_FIELD_NOT_FOUND")


def test_sharing_ends_with_the_view_its_address_or_its_sharing(people: People, anonymous: Any) -> None:
    slug = people.share(people.grid)
    path = f"{VIEWS}/grid/{slug}/public/rows/"
    assert anonymous.get(path)[0] == 200
    people.ok(*people.api.patch(f"{VIEWS}/{people.grid}/", {"public": False}))
    assert anonymous.get(path)[0] == 404
    assert people.api.get(path)[0] == 200, "members may look at what is not shared yet"
    people.ok(*people.api.patch(f"{VIEWS}/{people.grid}/", {"public": True}))
    assert anonymous.get(path)[0] == 200
    other = people.ok(*people.api.post(f"{VIEWS}/{people.grid}/rotate-slug/"))["slug"]
    assert anonymous.get(path)[0] == 404
    assert anonymous.get(f"{VIEWS}/grid/{other}/public/rows/")[0] == 200
    people.ok(*people.api.delete(f"{VIEWS}/{people.grid}/"))
    assert anonymous.get(f"{VIEWS}/grid/{other}/public/rows/")[0] == 404
    for slug in ("nobody", "%00", "a b", "x" * 300, "%F0%9F%98%80"):
        assert anonymous.get(f"{VIEWS}/{slug}/public/info/")[0] in (400, 404)


def _token(anonymous: Any, slug: str, password: str) -> tuple[int, Any]:
    return tuple(anonymous.post(f"{VIEWS}/{slug}/public/auth/", {"password": password}))  # type: ignore[return-value]


def test_passwords(people: People, anonymous: Any, make_user: Any) -> None:
    slug, path = people.share(people.grid), f"{VIEWS}/{people.grid}/"
    rows = f"{VIEWS}/grid/{slug}/public/rows/"
    shown = people.ok(*people.api.patch(path, {"public_view_password": "Correct horse"}))
    assert shown["public_view_has_password"] is True
    assert "Correct horse" not in str(shown)
    for client in (anonymous, make_user()):
        assert client.get(rows)[1]["error"] == "ERROR_NO_AUTHORIZATION_TO_PUBLICLY_SHARED_VIEW"
    assert people.api.get(rows)[0] == 200
    assert _token(anonymous, slug, "wrong")[0] == 401

    def with_token(token: str) -> int:
        return int(anonymous.get(rows, headers={HEADER: f"JWT {token}"})[0])

    token = _token(anonymous, slug, "Correct horse")[1]["access_token"]
    assert with_token(token) == 200
    assert with_token(token[:-2]) == with_token("") == 401
    other = People(people.api)
    locked = other.share(other.grid)
    other.ok(*other.api.patch(f"{VIEWS}/{other.grid}/", {"public_view_password": "Correct horse"}))
    assert anonymous.get(f"{VIEWS}/grid/{locked}/public/rows/", headers={HEADER: f"JWT {token}"})[0] == 401
    people.ok(*people.api.patch(path, {"public_view_password": "Another horse"}))
    assert with_token(token) == 401
    people.ok(*people.api.patch(path, {"public_view_password": ""}))
    assert anonymous.get(rows)[0] == 200


def test_a_token_is_void_with_the_address_it_was_for(people: People, anonymous: Any) -> None:
    slug = people.share(people.grid)
    people.ok(*people.api.patch(f"{VIEWS}/{people.grid}/", {"public_view_password": "Correct horse"}))
    key = {HEADER: f"JWT {_token(anonymous, slug, 'Correct horse')[1]['access_token']}"}
    other = people.ok(*people.api.post(f"{VIEWS}/{people.grid}/rotate-slug/"))["slug"]
    assert anonymous.get(f"{VIEWS}/{other}/public/info/", headers=key)[0] == 401


def test_who_guesses_passwords_is_stopped(people: People, anonymous: Any) -> None:
    slug = people.share(people.grid)
    people.ok(*people.api.patch(f"{VIEWS}/{people.grid}/", {"public_view_password": "Correct horse"}))
    statuses = [_token(anonymous, slug, f"wrong {n}")[0] for n in range(30)]
    assert statuses[0] == 401
    assert statuses[-1] == 429
    assert _token(anonymous, slug, "Correct horse")[0] == 429


def test_a_password_can_be_undone_and_stays_a_hash(people: People) -> None:
    path = f"{VIEWS}/{people.grid}/"
    people.ok(*people.api.patch(path, {"public_view_password": "Correct horse"}))
    people.undo()
    assert people.ok(*people.api.get(path))["public_view_has_password"] is False
    people.redo()
    assert people.ok(*people.api.get(path))["public_view_has_password"] is True
    for password in ("short", "x" * 257):
        status, answer = people.api.patch(path, {"public_view_password": password})
        assert (status, list(answer["detail"])) == (400, ["public_view_password"])


def test_strangers_are_told_nothing_of_other_fields_and_people(people: People, anonymous: Any) -> None:
    people.add_field(people.sheet, "Loud", "formula", formula="upper(field('Secret'))")
    people.add_field(people.sheet, "Who", "multiple_collaborators")
    slug = people.share(people.grid, "Secret")
    fields = {one["name"]: one for one in people.ok(*anonymous.get(f"{VIEWS}/{slug}/public/info/"))["fields"]}
    assert "formula" not in fields["Loud"]
    assert fields["Loud"]["formula_type"] == "text"
    assert "Secret" not in str(fields["Loud"])
    assert "available_collaborators" not in fields["Who"]


def test_figures_of_shared_grids_are_about_visible_fields(people: People, anonymous: Any) -> None:
    slug = people.share(people.grid, "Secret")
    figure = {"aggregation_raw_type": "distribution", "aggregation_type": "distribution"}
    people.settings(people.grid, City=figure, Secret=figure)
    found = people.ok(*anonymous.get(f"{VIEWS}/grid/{slug}/public/aggregations/?include=total"))
    assert found == {f"field_{people.ids['City']}": [["Paris", 2], ["", 1], ["Rome", 1]], "total": 4}


class Guarded(People):
    """The same table with secrets everywhere visitors must not find them."""

    def __init__(self, api: Any) -> None:
        super().__init__(api)
        self.towns = self.table("Towns", [["Town", "Mayor"], ["Bern", "zq-mayor"], [TOWN, "zq-mayor"], ["Bonn", "x"]])
        self.add_field(self.sheet, "Town", "link_row", link_row_table_id=self.towns)
        self.add_field(self.sheet, "Mayor", "lookup", through_field_name="Town", target_field_name="Mayor")
        self.add_field(self.sheet, "Hidden formula", "formula", formula="upper(field('Secret'))")
        options = [{"value": "Todo", "color": "red"}, {"value": HIDDEN, "color": "blue"}]
        self.add_field(self.sheet, "State", "single_select", select_options=options[:1])
        self.add_field(self.sheet, "Hidden state", "single_select", select_options=options)
        self.add_field(self.sheet, "Day", "date", date_format="ISO")
        self.add_field(self.sheet, "Hidden file", "file")
        self.write(self.sheet, 1, Secret=HIDDEN, Town=[1], Day="2020-03-02", State="Todo", **{"Hidden state": HIDDEN})
        self.write(self.sheet, 2, Secret="left out", Town=[2], Day="2020-03-03", Name=LEFT_OUT, City=LEFT_OUT)
        self.write(self.sheet, 3, Secret="beta", Day="2020-03-03")
        self.known = self.ids
        self.hidden = ("Secret", "Mayor", "Hidden formula", "Hidden state", "Hidden file")

    def shared(self) -> Iterator[tuple[str, str]]:
        """A shared view of each type, without the row to leave out: the type and the address."""
        ids = self.known
        settings: dict[str, dict[str, Any]] = {
            "kanban": {"single_select_field": ids["State"]},
            "calendar": {"date_field": ids["Day"]},
            "timeline": {"start_date_field": ids["Day"], "end_date_field": ids["Day"]},
        }
        for kind in ("grid", "gallery", "kanban", "calendar", "timeline"):
            view = self.view(kind, **settings.get(kind, {}))
            self.add("filters", {"field": ids["Secret"], "type": "not_equal", "value": "left out"}, view)
            yield kind, self.share(view, *self.hidden)


def _paths(app: Flask, people: Guarded, kind: str, slug: str) -> list[str]:
    """The addresses of all operations with which visitors read a view of a type."""
    found: list[str] = []
    for rule in app.url_map.iter_rules():
        if "slug" not in rule.arguments or "GET" not in (rule.methods or ()) or not rule.rule.startswith(VIEWS):
            continue
        first = rule.rule.removeprefix(f"{VIEWS}/").split("/")[0]
        if first != kind and first in registry("view_types"):
            continue
        path = rule.rule.replace("<slug>", slug)
        for field, row in itertools.product((people.known["Town"], people.known["Mayor"]), (1, 2)):
            found.append(path.replace("<int:field_id>", str(field)).replace("<int:row_id>", str(row)))
    return list(dict.fromkeys(found))


_WINDOW = "from_timestamp=2020-03-01T00:00:00Z&to_timestamp=2020-04-01T00:00:00Z&limit=100"


def _questions(people: Guarded) -> Iterator[tuple[str, str]]:
    """Query strings that ask for hidden things, each with one that asks for nothing at all in the same way."""
    for text in SECRETS:
        yield f"search={text}", "search=zq-nothing-like-it"
        yield f"search={text}&search_mode=compat", "search=zq-nothing-like-it&search_mode=compat"
    for name in people.hidden:
        key = f"field_{people.known[name]}"
        yield f"include_fields={key}", "include_fields=field_999999999"
        yield f"order_by={key}", "order_by=field_999999999"
        yield f"group_by={key}", "group_by=field_999999999"
        for kind in ("contains", "not_empty", "not_equal"):
            yield f"filter__{key}__{kind}={HIDDEN}", f"filter__field_999999999__{kind}={HIDDEN}"
        tree = '{"filter_type":"AND","filters":[{"field":%d,"type":"contains","value":"zq"}]}'
        yield f"filters={quote(tree % people.known[name])}", f"filters={quote(tree % 999999999)}"
    for moment in ("created_on", "updated_on"):
        yield f"filter__field_{moment}__not_empty=", "filter__field_999999999__not_empty="


def test_hidden_values_and_left_out_rows_never_leave_a_shared_view(app: Flask, api: Any, anonymous: Any) -> None:
    people = Guarded(api)
    asked = 0
    for kind, slug in people.shared():
        for path in _paths(app, people, kind, slug):
            asked += 1
            answers: dict[str, Any] = {}
            for question, nothing in _questions(people):
                for query in (question, nothing, "include=field_options,row_metadata"):
                    if query not in answers:
                        response = anonymous.client.get(f"{path}?{_WINDOW}&{query}")
                        assert response.status_code < 500, (path, query)
                        answers[query] = (response.status_code, _told(response))
                        leaks = [text for text in SECRETS if text.lower() in str(answers[query]).lower()]
                        assert leaks == [], f"{kind} {path}?{query}: {answers[query]}"
                assert answers[question] == answers[nothing], f"{kind} {path}?{question} tells more than it should"
    assert asked > 10


def _told(response: Any) -> Any:
    """What an answer tells, without what it repeats of the question."""
    body = response.get_json(silent=True)
    if not isinstance(body, dict):
        return body
    return {key: value for key, value in body.items() if key not in ("next", "previous", "detail")}
