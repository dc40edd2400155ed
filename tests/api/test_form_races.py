"""Many people fill in a form at once, also while its fields change: every row that was promised is there, once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.forms import VIEWS, Form

_PEOPLE = 6
_EACH = 8


@pytest.fixture
def form(api: Any) -> Form:
    """A form that asks for a name and a city."""
    return Form(api)


def _visitors(form: Form, meanwhile: Callable[[], Any]) -> list[tuple[str, int, Any]]:
    """Names that people filled in, all at the same time and while something else happens, with the answers."""
    body_of = {"Name": f"field_{form.ids['Name']}", "City": f"field_{form.ids['City']}"}

    def fill_in(person: int) -> list[tuple[str, int, Any]]:
        client = form.visitor.client.application.test_client()
        answers = []
        for n in range(_EACH):
            name = f"{person}-{n}"
            response = client.post(f"{form.address}submit/", json={body_of["Name"]: name, body_of["City"]: "12"})
            answers.append((name, response.status_code, response.get_json()))
        return answers

    with ThreadPoolExecutor(_PEOPLE + 1) as threads:
        people = [threads.submit(fill_in, person) for person in range(_PEOPLE)]
        other = threads.submit(meanwhile)
        other.result()
        return [answer for found in people for answer in found.result()]


def _check(form: Form, answers: list[tuple[str, int, Any]]) -> None:
    """Exactly the accepted submissions are rows, each once, under the id that was answered, with their events."""
    assert Counter(status for _, status, _ in answers).keys() <= {200, 409}, answers
    accepted = {name: answer["row_id"] for name, status, answer in answers if status == 200}
    rows = form.rows(form.sheet)
    assert {row["Name"]: row["id"] for row in rows} == accepted
    assert len(rows) == len(accepted)
    told = Counter(event["row_id"] for event in form.events("form_submitted"))
    assert told == Counter(accepted.values())


def test_all_arrive_once(form: Form) -> None:
    answers = _visitors(form, lambda: None)
    assert [status for _, status, _ in answers] == [200] * (_PEOPLE * _EACH)
    _check(form, answers)


def test_while_the_type_of_a_field_changes(form: Form) -> None:
    def change() -> None:
        for kind in ("number", "text", "number", "long_text"):
            form.change(form.ids["City"], type=kind)

    answers = _visitors(form, change)
    _check(form, answers)
    assert {row["City"] for row in form.rows(form.sheet)} <= {"12"}


def test_while_a_field_is_deleted_and_restored(form: Form) -> None:
    field = form.ids["City"]

    def change() -> None:
        for _ in range(2):
            form.ok(*form.api.delete(f"/api/database/fields/{field}/"))
            form.ok(*form.api.patch("/api/trash/restore/", {"trash_item_type": "field", "trash_item_id": field}))

    answers = _visitors(form, change)
    _check(form, answers)
    assert {row["City"] for row in form.rows(form.sheet)} <= {"12", None}, "ignored while it was not there"


def test_while_the_form_changes(form: Form) -> None:
    """Those who come when the field is required and conditional, or when the form is not shared, are told so."""

    def change() -> None:
        for shared in (False, True, False, True):
            form.ok(*form.api.patch(f"{VIEWS}/{form.view_id}/", {"public": shared}))
            condition = form.condition("Name", "contains", "-1")
            form.set(City={"required": shared, "show_when_matching_conditions": shared, "conditions": [condition]})

    answers = _visitors(form, change)
    refused = [answer for answer in answers if answer[1] == 404]
    assert all(answer["error"] == "ERROR_FORM_DOES_NOT_EXIST" for _, _, answer in refused)
    _check(form, [answer for answer in answers if answer[1] != 404])
