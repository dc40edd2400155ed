"""The rows of calendars by day, for members and for visitors."""

from __future__ import annotations

from typing import Any

import pytest

from tests.plans import VIEWS, Planning

MARCH = "from_timestamp=2020-03-01T00:00:00Z&to_timestamp=2020-04-01T00:00:00Z"
MOMENTS = {1: "2020-03-01T23:30:00Z", 2: "2020-03-02T00:30:00Z", 3: "2020-03-02T11:00:00Z", 4: None}


class Month(Planning):
    """A calendar of four projects."""

    def __init__(self, api: Any) -> None:
        super().__init__(api)
        for name, starts in (("Three", "2020-03-31"), ("Four", None)):
            self.row(self.sheet, Name=name, Starts=starts)
        self.put(1, Starts="2020-03-01")
        self.put(2, Starts="2020-03-31")
        for row_id, moment in MOMENTS.items():
            self.put(row_id, Moment=moment)
        self.month = self.view("calendar", date_field=self.ids["Starts"])
        self.path = f"{VIEWS}/calendar/{self.month}/"

    def days(self, query: str = MARCH, path: str = "") -> dict[str, tuple[int, list[int]]]:
        """The days that have rows, with their number and the ids of those shown."""
        return {day: found for day, found in self.all_days(query, path).items() if found != (0, [])}

    def all_days(self, query: str = MARCH, path: str = "") -> dict[str, tuple[int, list[int]]]:
        """All days."""
        rows = self.ok(*self.api.get(f"{path or self.path}?{query}"))["rows"]
        return {day: (found["count"], [row["id"] for row in found["results"]]) for day, found in rows.items()}

    def between(self, start: str, end: str, more: str = "") -> dict[str, tuple[int, list[int]]]:
        """The days with rows of some time."""
        return self.days(f"from_timestamp={start}&to_timestamp={end}{more}")


@pytest.fixture
def month(api: Any) -> Month:
    """A calendar."""
    return Month(api)


def test_every_day_of_the_time_has_its_rows(month: Month) -> None:
    found = month.all_days()
    assert list(found) == [*(f"2020-03-{day:02}" for day in range(1, 32)), "2020-04-01"]
    assert month.days() == {"2020-03-01": (1, [1]), "2020-03-31": (2, [2, 3])}
    assert month.days(f"{MARCH}&limit=1") == {"2020-03-01": (1, [1]), "2020-03-31": (2, [2])}
    assert month.days(f"{MARCH}&limit=1&offset=1") == {"2020-03-01": (1, []), "2020-03-31": (2, [3])}
    row = month.ok(*month.api.get(f"{month.path}?{MARCH}"))["rows"]["2020-03-01"]["results"][0]
    assert set(row) == {"id", "order", *(f"field_{field}" for field in month.ids.values())}


def test_the_time_ends_before_its_last_moment(month: Month) -> None:
    assert month.between("2020-03-31T00:00:00Z", "2020-03-31T23:59:59Z") == {"2020-03-31": (2, [2, 3])}
    assert month.between("2020-03-01T00:00:00Z", "2020-03-31T00:00:00Z") == {"2020-03-01": (1, [1])}
    assert month.between("2020-03-31T00:00:00Z", "2020-03-31T00:00:00Z") == {}
    amsterdam = "&user_timezone=Europe/Amsterdam"
    march = ("2020-02-29T23:00:00Z", "2020-03-31T22:00:00Z")
    assert month.between(*march, amsterdam) == {"2020-03-01": (1, [1]), "2020-03-31": (2, [2, 3])}


def test_moments_fall_on_the_days_of_a_time_zone(month: Month) -> None:
    month.set(month.month, date_field=month.ids["Moment"])
    start, end = "2020-03-01T00:00:00Z", "2020-03-03T00:00:00Z"
    assert month.between(start, end) == {"2020-03-01": (1, [1]), "2020-03-02": (2, [2, 3])}
    assert month.between(start, end, "&user_timezone=Europe/Amsterdam") == {"2020-03-02": (3, [1, 2, 3])}
    assert month.between(start, "2020-03-02T11:00:00Z") == {"2020-03-01": (1, [1]), "2020-03-02": (1, [2])}
    month.change(month.ids["Moment"], date_include_time=True, date_force_timezone="America/New_York")
    newyork = {"2020-03-01": (2, [1, 2]), "2020-03-02": (1, [3])}
    assert month.between(start, end, "&user_timezone=Europe/Amsterdam") == newyork


def test_filters_and_searches_decide_about_days(month: Month) -> None:
    name = month.ids["Name"]
    assert month.days(f"{MARCH}&search=three") == {"2020-03-31": (1, [3])}
    assert month.days(f"{MARCH}&filter__field_{name}__equal=Two") == {"2020-03-31": (1, [2])}
    filtered = {"field": name, "type": "not_equal", "value": "Two"}
    month.ok(*month.api.post(f"{VIEWS}/{month.month}/filters/", filtered))
    assert month.days() == {"2020-03-01": (1, [1]), "2020-03-31": (1, [3])}


def test_a_calendar_needs_a_time_and_a_date_field(month: Month, make_user: Any) -> None:
    path = f"{month.path}?{MARCH}"
    month.set(month.month, date_field=None)
    assert _error(month.api.get(path)) == (400, "ERROR_CALENDAR_VIEW_HAS_NO_DATE_FIELD")
    assert _error(month.api.get(f"{VIEWS}/calendar/99999999/?{MARCH}")) == (404, "ERROR_VIEW_DOES_NOT_EXIST")
    public = f"{VIEWS}/calendar/nobody/public/rows/?{MARCH}"
    assert _error(month.api.get(public)) == (404, "ERROR_VIEW_DOES_NOT_EXIST")
    assert _error(make_user("Bob").get(path)) == (400, "ERROR_USER_NOT_IN_GROUP")


@pytest.mark.parametrize(
    ("query", "problems"),
    [
        ("", {"from_timestamp": "required", "to_timestamp": "required"}),
        ("from_timestamp=soon&to_timestamp=later", {"from_timestamp": "invalid", "to_timestamp": "invalid"}),
        ("from_timestamp=2020-04-01T00:00:00Z&to_timestamp=2020-03-01T00:00:00Z", {"non_field_errors": "invalid"}),
        ("from_timestamp=2000-01-01&to_timestamp=2020-01-01", {"non_field_errors": "invalid"}),
        ("from_timestamp=0001-01-01&to_timestamp=0001-01-02", {"non_field_errors": "invalid"}),
        ("from_timestamp=9999-12-31&to_timestamp=9999-12-31", {"non_field_errors": "invalid"}),
        (f"{MARCH}&user_timezone=Nowhere/City", {"user_timezone": "invalid_choice"}),
    ],
)
def test_times_that_cannot_be_shown_are_refused(month: Month, query: str, problems: dict[str, str]) -> None:
    status, answer = month.api.get(f"{month.path}?{query}")
    assert (status, answer["error"]) == (400, "ERROR_QUERY_PARAMETER_VALIDATION")
    assert {key: found[0]["code"] for key, found in answer["detail"].items()} == problems


def test_a_decade_is_one_statement(month: Month, count_sql: Any) -> None:
    month.days()
    with count_sql() as few:
        month.days()
    with count_sql() as many:
        assert len(month.all_days("from_timestamp=2015-01-01&to_timestamp=2024-12-31")) == 3653
    assert len(many) == len(few)


def _error(answer: tuple[int, Any]) -> tuple[int, str]:
    return answer[0], answer[1]["error"]
