"""The iCal feeds of calendars: what is in them, who may read them, and their addresses."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from icalendar import Calendar

from tests.plans import VIEWS, Planning
from tests.sessions import DONE


class Feeding(Planning):
    """A calendar whose feed is shared."""

    def __init__(self, api: Any, client: Any) -> None:
        super().__init__(api)
        self.client = client
        self.put(1, Starts="2020-03-02", Moment="2020-03-02T10:15:00Z")
        self.put(2, Starts="2020-01-05")
        self.month = self.view("calendar", date_field=self.ids["Starts"])
        self.url = self.set(self.month, ical_public=True)["ical_feed_url"]

    def get(self, url: str = "") -> Any:
        """The answer at an address, to anybody."""
        found = url or self.url
        return self.client.get(found[found.index("/api/") :])

    def events(self) -> list[tuple[str, Any, str]]:
        """Title, begin and description of the events."""
        calendar = Calendar.from_ical(self.get().data)
        return [(str(e["summary"]), e["dtstart"].dt, str(e.get("description", ""))) for e in calendar.walk("VEVENT")]


@pytest.fixture
def feeding(api: Any, client: Any) -> Feeding:
    """A feed."""
    return Feeding(api, client)


def test_rows_with_a_date_are_events(feeding: Feeding) -> None:
    answer = feeding.get()
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/calendar")
    assert feeding.events() == [("Two", date(2020, 1, 5), "Two"), ("One", date(2020, 3, 2), "One")]
    calendar = Calendar.from_ical(answer.data)
    assert (str(calendar["x-wr-calname"]), str(calendar["version"])) == ("Calendar", "2.0")
    identities = {str(event["uid"]) for event in calendar.walk("VEVENT")}
    assert len(identities) == 2 and all("dtstamp" in event for event in calendar.walk("VEVENT"))


def test_moments_are_in_utc(feeding: Feeding) -> None:
    feeding.set(feeding.month, date_field=feeding.ids["Moment"])
    assert feeding.events() == [("One", datetime(2020, 3, 2, 10, 15, tzinfo=UTC), "One")]


def test_texts_are_whole_in_whatever_language(feeding: Feeding) -> None:
    long = "Ünï, cödé; \\ and 🙂 " * 30
    feeding.put(1, Name=long, Note="one\nSUMMARY:two")
    feeding.put(2, Name="")
    feeding.show(feeding.month, "Name", "Note")
    assert feeding.events() == [
        ("", date(2020, 1, 5), "second"),
        (long.strip(), date(2020, 3, 2), f"{long.strip()} - one\nSUMMARY:two"),
    ]
    assert max(len(line) for line in feeding.get().data.split(b"\r\n")) <= 75


def test_a_feed_tells_only_what_is_shown(feeding: Feeding) -> None:
    feeding.show(feeding.month, "Note")
    assert feeding.events()[1] == ("first", date(2020, 3, 2), "first")
    feeding.show(feeding.month)
    assert feeding.events()[1] == ("", date(2020, 3, 2), "")
    feeding.show(feeding.month, "Name", "Note", "Starts")
    options = {str(feeding.ids["Note"]): {"order": 1}}
    feeding.ok(*feeding.api.patch(f"{VIEWS}/{feeding.month}/field-options/", {"field_options": options}))
    assert feeding.events()[1] == ("first", date(2020, 3, 2), "first - One - 2020-03-02")
    filtered = {"field": feeding.ids["Name"], "type": "equal", "value": "Two"}
    feeding.ok(*feeding.api.post(f"{VIEWS}/{feeding.month}/filters/", filtered))
    assert [title for title, *_ in feeding.events()] == ["second"]


def test_a_field_that_came_later_is_not_told(feeding: Feeding) -> None:
    feeding.add_field(feeding.sheet, "Secret", "text")
    feeding.put(1, Secret="known secret")
    assert b"known secret" not in feeding.get().data
    secret = next(field["id"] for field in feeding.fields(feeding.sheet) if field["name"] == "Secret")
    asked = feeding.get(f"{feeding.url}?filter__field_{secret}__equal=nothing&search=nothing")
    assert asked.data.count(b"BEGIN:VEVENT") == 2


def test_a_feed_has_room_for_the_latest_dates(feeding: Feeding, instance: Any) -> None:
    instance(ical_max_events=1)
    assert feeding.events() == [("One", date(2020, 3, 2), "One")]


def test_only_a_shared_feed_can_be_read(feeding: Feeding) -> None:
    assert feeding.set(feeding.month, ical_public=False)["ical_feed_url"] == feeding.url
    assert feeding.get().status_code == 404
    feeding.set(feeding.month, ical_public=True)
    assert feeding.get().status_code == 200
    feeding.set(feeding.month, date_field=None)
    answer = feeding.get()
    assert (answer.status_code, answer.json["error"]) == (400, "ERROR_CALENDAR_VIEW_HAS_NO_DATE_FIELD")
    feeding.ok(*feeding.api.delete(f"{VIEWS}/{feeding.month}/"))
    answer = feeding.get()
    assert (answer.status_code, answer.json["error"]) == (404, "ERROR_VIEW_DOES_NOT_EXIST")
    assert feeding.client.get(f"{VIEWS}/calendar/no-such-feed.ics").status_code == 404


def test_an_address_can_be_changed(feeding: Feeding, make_user: Any) -> None:
    before, path = feeding.url, f"{VIEWS}/calendar/{feeding.month}/ical_slug_rotate/"
    feeding.url = feeding.ok(*feeding.api.post(path))["ical_feed_url"]
    assert feeding.url != before
    assert (feeding.get(before).status_code, feeding.get().status_code) == (404, 200)
    assert feeding.undo() == DONE
    assert (feeding.get(before).status_code, feeding.get().status_code) == (200, 404)
    assert feeding.redo() == DONE
    assert (feeding.get(before).status_code, feeding.get().status_code) == (404, 200)
    status, answer = make_user("Bob").post(path)
    assert (status, answer["error"]) == (400, "ERROR_USER_NOT_IN_GROUP")
    for view in (99999999, feeding.view("kanban")):
        status, answer = feeding.api.post(f"{VIEWS}/calendar/{view}/ical_slug_rotate/")
        assert (status, answer["error"]) == (404, "ERROR_VIEW_DOES_NOT_EXIST")


def test_undoing_something_else_brings_no_void_address_back(feeding: Feeding) -> None:
    before = feeding.url
    feeding.set(feeding.month, date_field=feeding.ids["Ends"])
    with feeding.another_session():
        rotated = feeding.ok(*feeding.api.post(f"{VIEWS}/calendar/{feeding.month}/ical_slug_rotate/"))
    assert feeding.undo() == DONE
    shown = feeding.read(feeding.month)
    assert (shown["date_field"], shown["ical_feed_url"]) == (feeding.ids["Starts"], rotated["ical_feed_url"])
    assert feeding.get(before).status_code == 404


def test_a_copy_has_no_feed(feeding: Feeding) -> None:
    copy = feeding.ok(*feeding.api.post(f"{VIEWS}/{feeding.month}/duplicate/"))
    assert (copy["date_field"], copy["ical_public"], copy["ical_feed_url"]) == (feeding.ids["Starts"], False, None)
    assert feeding.set(copy["id"], ical_public=True)["ical_feed_url"] != feeding.url


def test_visitors_are_told_the_address_of_a_shared_feed_only(feeding: Feeding) -> None:
    slug = feeding.share(feeding.month)
    info = f"{VIEWS}/{slug}/public/info/"
    assert feeding.client.get(info).json["view"]["ical_feed_url"] == feeding.url
    feeding.set(feeding.month, ical_public=False)
    shown = feeding.client.get(info).json["view"]
    assert (shown["ical_public"], shown["ical_feed_url"]) == (False, None)


def test_a_feed_takes_the_same_number_of_statements_for_any_number_of_rows(feeding: Feeding, count_sql: Any) -> None:
    feeding.get()
    with count_sql() as few:
        feeding.get()
    feeding.import_rows(feeding.sheet, [[f"N{n}", "", None, f"2020-02-{n % 28 + 1:02}"] for n in range(300)])
    with count_sql() as many:
        feeding.get()
    assert len(many) == len(few) <= 4
