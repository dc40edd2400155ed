"""Decorations of views: adding, changing, undoing, what they name, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sessions import DONE
from tests.viewing import VIEWS, People

COLOR = {"id": "a", "color": "red", "operator": "AND"}


@pytest.fixture
def people(api: Any) -> People:
    """People and a grid."""
    return People(api)


def _shown(people: People, view: int | None = None) -> list[dict[str, Any]]:
    return list(people.ok(*people.api.get(f"{VIEWS}/{view or people.grid}/decorations/")))


def _conditional(field: int) -> dict[str, Any]:
    condition = {"id": "b", "field": field, "type": "contains", "value": "a"}
    return {
        "type": "background_color",
        "value_provider_type": "conditional_color",
        "value_provider_conf": {"colors": [{**COLOR, "filters": [condition]}]},
    }


def test_decorations_are_undone_and_redone(people: People) -> None:
    states = [_shown(people)]
    made = people.add("decorations", {"type": "left_border_color", "order": 7})
    states.append(_shown(people))
    people.ok(*people.api.patch(f"{VIEWS}/decoration/{made['id']}/", _conditional(people.ids["Name"])))
    states.append(_shown(people))
    people.ok(*people.api.patch(f"{VIEWS}/decoration/{made['id']}/", {"order": 4}))
    states.append(_shown(people))
    people.ok(*people.api.delete(f"{VIEWS}/decoration/{made['id']}/"))
    states.append(_shown(people))
    assert [[one["order"] for one in state] for state in states] == [[], [1], [1], [4], []]
    for state in reversed(states[:-1]):
        assert people.undo() == DONE
        assert _shown(people) == state
    for state in states[1:]:
        assert people.redo() == DONE
        assert _shown(people) == state


def test_new_decorations_come_last(people: People) -> None:
    orders = [people.add("decorations", {"type": "left_border_color"})["order"] for _ in range(3)]
    assert orders == [1, 2, 3]


def test_settings_without_a_provider_and_bad_ones_are_refused(people: People) -> None:
    path = f"{VIEWS}/{people.grid}/decorations/"
    kind = {"type": "left_border_color"}
    bad = [
        ({**kind, "value_provider_conf": {"a": 1}}, "value_provider_conf"),
        ({**kind, "value_provider_type": "single_select_color", "value_provider_conf": {}}, "value_provider_conf"),
        (
            {**kind, "value_provider_type": "conditional_color", "value_provider_conf": {"colors": [{}]}},
            "value_provider_conf",
        ),
        ({**kind, "value_provider_type": "nope"}, "value_provider_type"),
        ({"type": "sparkles"}, "type"),
    ]
    for body, key in bad:
        status, answer = people.api.post(path, body)
        assert (status, answer["error"], list(answer["detail"])) == (400, "ERROR_REQUEST_BODY_VALIDATION", [key]), body
    made = people.add("decorations", _conditional(people.ids["Name"]))
    status, answer = people.api.patch(f"{VIEWS}/decoration/{made['id']}/", {"value_provider_type": ""})
    assert (status, list(answer["detail"])) == (400, ["value_provider_conf"])
    assert _shown(people) == [made]


def test_fields_in_the_trash_are_null(people: People) -> None:
    select = people.add_field(people.sheet, "Color", "single_select")
    conf = {"value_provider_type": "single_select_color", "value_provider_conf": {"field_id": select}}
    people.add("decorations", {"type": "left_border_color", **conf})
    people.add("decorations", _conditional(people.ids["City"]))
    people.ok(*people.api.delete(f"/api/database/fields/{select}/"))
    people.ok(*people.api.delete(f"/api/database/fields/{people.ids['City']}/"))
    first, second = (one["value_provider_conf"] for one in _shown(people))
    assert first == {"field_id": None}
    assert second["colors"][0]["filters"][0]["field"] is None
    people.undo()
    people.undo()
    assert _shown(people)[0]["value_provider_conf"] == {"field_id": select}


def test_copies_of_tables_decorate_by_their_own_fields(people: People) -> None:
    people.add("decorations", _conditional(people.ids["City"]))
    people.run(people.api.post(f"/api/database/tables/{people.sheet}/duplicate/async/"))
    copy = next(table["id"] for table in people.tables() if table["id"] != people.sheet)
    view = people.ok(*people.api.get(f"{VIEWS}/table/{copy}/"))[0]["id"]
    fields = {field["name"]: field["id"] for field in people.fields(copy)}
    condition = _shown(people, view)[0]["value_provider_conf"]["colors"][0]["filters"][0]
    assert condition["field"] == fields["City"] != people.ids["City"]


def test_strangers(people: People, make_user: Any) -> None:
    made, stranger = people.add("decorations", {"type": "left_border_color"}), make_user()
    for status, answer in (
        stranger.get(f"{VIEWS}/{people.grid}/decorations/"),
        stranger.get(f"{VIEWS}/decoration/{made['id']}/"),
        stranger.patch(f"{VIEWS}/decoration/{made['id']}/", {"order": 2}),
        stranger.delete(f"{VIEWS}/decoration/{made['id']}/"),
    ):
        assert (status, answer["error"]) == (400, "ERROR_USER_NOT_IN_GROUP")
