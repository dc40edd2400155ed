"""Settings of kanbans, calendars and timelines: what they take, and what becomes of those that name fields."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.plans import VIEWS, Planning
from tests.sessions import DONE


@pytest.fixture
def plans(api: Any) -> Planning:
    """Projects."""
    return Planning(api)


def _settings() -> Iterator[Any]:
    yield "kanban", "single_select_field", "State", "Name", ("ERROR_REQUEST_BODY_VALIDATION", "does_not_exist")
    yield "kanban", "card_cover_image_field", "Pictures", "Name", ("ERROR_INCOMPATIBLE_FIELD", None)
    yield "calendar", "date_field", "Starts", "Name", ("ERROR_INCOMPATIBLE_FIELD", None)
    yield "timeline", "start_date_field", "Starts", "Note", ("ERROR_INCOMPATIBLE_FIELD", None)
    yield "timeline", "end_date_field", "Ends", "Note", ("ERROR_INCOMPATIBLE_FIELD", None)
    yield "gallery", "card_cover_image_field", "Pictures", "Name", ("ERROR_INCOMPATIBLE_FIELD", None)


@pytest.mark.parametrize(("kind", "setting", "good", "bad", "refusal"), list(_settings()))
def test_settings_name_fields_that_fit(
    plans: Planning, kind: str, setting: str, good: str, bad: str, refusal: tuple[str, str | None]
) -> None:
    view = plans.view(kind, **{setting: plans.ids[good]})
    assert plans.read(view)[setting] == plans.ids[good]
    code, detail = plans.refused(view, **{setting: plans.ids[bad]})
    assert (code, detail if refusal[1] else None) == refusal
    foreign = "ERROR_FIELD_NOT_IN_TABLE"
    if setting == "single_select_field":
        foreign = "ERROR_KANBAN_VIEW_FIELD_DOES_NOT_BELONG_TO_SAME_TABLE"
    assert plans.refused(view, **{setting: plans.foreign[good]})[0] == foreign
    absent = ("ERROR_REQUEST_BODY_VALIDATION", "does_not_exist")
    assert plans.refused(view, **{setting: 99999999}) == absent
    assert plans.refused(view, **{setting: "soon"}) == ("ERROR_REQUEST_BODY_VALIDATION", "invalid")
    assert plans.set(view, **{setting: None})[setting] is None
    assert plans.undo() == DONE
    assert plans.read(view)[setting] == plans.ids[good]


@pytest.mark.parametrize(("kind", "setting", "good", "bad", "refusal"), list(_settings()))
def test_settings_follow_their_fields(
    plans: Planning, kind: str, setting: str, good: str, bad: str, refusal: tuple[str, str | None]
) -> None:
    view, field = plans.view(kind, **{setting: plans.ids[good]}), plans.ids[good]
    path = f"/api/database/fields/{field}/"
    plans.ok(*plans.api.delete(path))
    assert plans.read(view)[setting] is None
    plans.set(view, name="Still usable")
    assert plans.refused(view, **{setting: field}) == ("ERROR_REQUEST_BODY_VALIDATION", "does_not_exist")
    plans.undo()
    assert plans.undo() == DONE
    assert plans.read(view)[setting] == field
    plans.ok(*plans.api.patch(path, {"type": "text"}))
    assert plans.read(view)[setting] is None
    assert plans.undo() == DONE
    assert plans.read(view)[setting] == field


def test_moments_of_rows_are_dates_too(plans: Planning) -> None:
    view = plans.view("calendar", date_field=plans.ids["Made"])
    assert plans.read(view)["date_field"] == plans.ids["Made"]
    formula = plans.add_field(plans.sheet, "Next", "formula", formula="field('Starts') + date_interval('1 day')")
    assert plans.set(view, date_field=formula)["date_field"] == formula
    text = plans.add_field(plans.sheet, "Text", "formula", formula="'x'")
    assert plans.refused(view, date_field=text)[0] == "ERROR_INCOMPATIBLE_FIELD"


def test_a_timeline_runs_from_days_to_days_or_from_moments_to_moments(plans: Planning) -> None:
    mixed = "ERROR_TIMELINE_VIEW_HAS_INVALID_DATE_SETTINGS"
    view = plans.view("timeline", start_date_field=plans.ids["Starts"], end_date_field=plans.ids["Ends"])
    assert plans.refused(view, end_date_field=plans.ids["Moment"])[0] == mixed
    assert plans.refused(view, timescale="century") == ("ERROR_REQUEST_BODY_VALIDATION", "invalid_choice")
    both = {"start_date_field": plans.ids["Made"], "end_date_field": plans.ids["Moment"]}
    assert plans.set(view, **both, timescale="day")["timescale"] == "day"
    body = {"name": "T", "type": "timeline", **both, "end_date_field": plans.ids["Ends"]}
    status, answer = plans.api.post(f"{VIEWS}/table/{plans.sheet}/", body)
    assert (status, answer["error"]) == (400, mixed)


@pytest.mark.parametrize(("kind", "shown"), [("kanban", 3), ("calendar", 1), ("timeline", 1)])
def test_the_first_fields_are_on_the_cards(plans: Planning, kind: str, shown: int) -> None:
    view = plans.view(kind)
    options = plans.ok(*plans.api.get(f"{VIEWS}/{view}/field-options/"))["field_options"]
    assert [not found["hidden"] for found in options.values()] == [n < shown for n in range(len(plans.ids))]


def test_copies_name_the_copies_of_fields(plans: Planning) -> None:
    names = {"single_select_field": "State", "card_cover_image_field": "Pictures"}
    plans.view("kanban", **{setting: plans.ids[name] for setting, name in names.items()})
    plans.view("calendar", date_field=plans.ids["Starts"], ical_public=True)
    plans.view("timeline", start_date_field=plans.ids["Starts"], end_date_field=plans.ids["Ends"], timescale="year")
    job = plans.run(plans.api.post(f"/api/database/tables/{plans.sheet}/duplicate/async/"))
    copy = job["duplicated_table"]["id"]
    ids = {field["name"]: field["id"] for field in plans.fields(copy)}
    kanban, calendar, timeline = plans.ok(*plans.api.get(f"{VIEWS}/table/{copy}/"))[1:]
    assert {setting: kanban[setting] for setting in names} == {setting: ids[name] for setting, name in names.items()}
    assert (calendar["date_field"], calendar["ical_public"], calendar["ical_feed_url"]) == (ids["Starts"], False, None)
    assert (timeline["start_date_field"], timeline["end_date_field"]) == (ids["Starts"], ids["Ends"])
    assert timeline["timescale"] == "year"
