"""Shared kanbans, calendars and timelines: a hidden field with a known secret never leaves."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest

from tests.plans import VIEWS, Planning

SECRET = "known secret"
YEAR = "from_timestamp=2020-01-01&to_timestamp=2020-12-31"
KINDS = ("kanban", "calendar", "timeline")


class Shared(Planning):
    """A shared view of each type; the notes are hidden, one of them is the secret."""

    def __init__(self, api: Any, anonymous: Any) -> None:
        super().__init__(api)
        self.visitor = anonymous
        self.put(1, Note=SECRET, State="Todo", Starts="2020-03-02", Ends="2020-03-03")
        self.put(2, State="Done", Starts="2020-03-05", Ends="2020-03-06")
        fields = {name: self.ids[name] for name in ("State", "Starts", "Ends")}
        self.views = {
            "kanban": self.view("kanban", single_select_field=fields["State"]),
            "calendar": self.view("calendar", date_field=fields["Starts"], ical_public=True),
            "timeline": self.view("timeline", start_date_field=fields["Starts"], end_date_field=fields["Ends"]),
        }
        for view in self.views.values():
            self.show(view, "Name")
        self.slugs = {kind: self.share(view) for kind, view in self.views.items()}

    def rows(self, kind: str, query: str = "") -> tuple[int, Any]:  # type: ignore[override]
        """What a visitor gets."""
        return self.visitor.get(f"{VIEWS}/{kind}/{self.slugs[kind]}/public/rows/?{YEAR}&{query}")  # type: ignore[no-any-return]


@pytest.fixture
def shared(api: Any, anonymous: Any) -> Shared:
    """Shared views."""
    return Shared(api, anonymous)


def _results(answer: Any) -> list[dict[str, Any]]:
    if "results" in answer:
        return list(answer["results"])
    return [row for found in answer["rows"].values() for row in found["results"]]


@pytest.mark.parametrize("kind", KINDS)
def test_visitors_get_the_visible_fields_and_those_the_view_needs(shared: Shared, kind: str) -> None:
    needed = {"kanban": ["State"], "calendar": ["Starts"], "timeline": ["Starts", "Ends"]}[kind]
    keys = {"id", "order", *(f"field_{shared.ids[name]}" for name in ["Name", *needed])}
    found = shared.ok(*shared.rows(kind, "include=field_options,row_metadata"))
    assert {row["id"]: set(row) for row in _results(found)} == {1: keys, 2: keys}
    assert set(found["field_options"]) == {str(shared.ids[name]) for name in ["Name", *needed]}
    assert "row_metadata" not in found
    info = shared.ok(*shared.visitor.get(f"{VIEWS}/{shared.slugs[kind]}/public/info/"))
    assert [field["name"] for field in info["fields"]] == ["Name", *needed]


@pytest.mark.parametrize("kind", KINDS)
def test_a_hidden_field_cannot_be_guessed(shared: Shared, kind: str) -> None:
    note = shared.ids["Note"]
    tree = {"filter_type": "AND", "filters": [{"field": note, "type": "equal", "value": SECRET}]}
    for query in (
        f"filter__field_{note}__equal={quote(SECRET)}",
        f"filter__field_{note}__contains=k&filter__field_{shared.ids['Name']}__equal=One&filter_type=OR",
        f"filters={quote(json.dumps(tree))}",
        "filter__field_created_on__date_is=UTC%3F2020-01-01%3Fexact_date",
    ):
        status, answer = shared.rows(kind, query)
        assert (status, answer["error"]) == (400, "ERROR_FILTER_FIELD_NOT_FOUND"), query
    for mode in ("compat", "full-text-with-compat"):
        assert _results(shared.ok(*shared.rows(kind, f"search={quote(SECRET)}&search_mode={mode}"))) == []
    for query in ("", f"include_fields=field_{note}", f"include=field_options&include_fields={note}"):
        text = json.dumps(shared.ok(*shared.rows(kind, query)))
        assert SECRET not in text and f"field_{note}" not in text


@pytest.mark.parametrize("kind", KINDS)
def test_saved_filters_on_hidden_fields_hold_for_visitors(shared: Shared, kind: str) -> None:
    filtered = {"field": shared.ids["Note"], "type": "equal", "value": SECRET}
    shared.ok(*shared.api.post(f"{VIEWS}/{shared.views[kind]}/filters/", filtered))
    assert [row["id"] for row in _results(shared.ok(*shared.rows(kind)))] == [1]
    ours = f"filter__field_{shared.ids['Name']}__equal=Two"
    assert _results(shared.ok(*shared.rows(kind, ours))) == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_field_that_does_not_fit_its_setting_any_more_is_hidden_again(shared: Shared, kind: str) -> None:
    for name in ("State", "Starts", "Ends"):
        shared.change(shared.ids[name], type="text")
    info = shared.ok(*shared.visitor.get(f"{VIEWS}/{shared.slugs[kind]}/public/info/"))
    assert [field["name"] for field in info["fields"]] == ["Name"]
    assert shared.rows(kind)[0] == 400


@pytest.mark.parametrize("kind", KINDS)
def test_passwords_and_ends_of_sharing_hold_for_rows(shared: Shared, kind: str) -> None:
    shared.set(shared.views[kind], public_view_password="long enough")
    status, answer = shared.rows(kind)
    assert (status, answer["error"]) == (401, "ERROR_NO_AUTHORIZATION_TO_PUBLICLY_SHARED_VIEW")
    auth = f"{VIEWS}/{shared.slugs[kind]}/public/auth/"
    token = shared.ok(*shared.visitor.post(auth, {"password": "long enough"}))["access_token"]
    shared.visitor.headers = {**shared.visitor.headers, "Baserow-View-Authorization": f"JWT {token}"}
    assert len(_results(shared.ok(*shared.rows(kind)))) == 2
    shared.set(shared.views[kind], public=False)
    assert shared.rows(kind)[0] == 404


def test_the_feed_keeps_the_secret(shared: Shared) -> None:
    url = shared.read(shared.views["calendar"])["ical_feed_url"]
    found = shared.visitor.client.get(url[url.index("/api/") :]).data
    assert b"SUMMARY:One" in found and SECRET.encode() not in found
