"""Filters keep the rows that a few lines of Python keep, for random values of every common kind."""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from plugins.filters import dates, old_dates
from tests.filters import Filters
from tests.sheets import Sheet

TODAY = date(2024, 2, 29)
ZONES = ("UTC", "Europe/Amsterdam", "America/New_York", "Pacific/Auckland")
OPTIONS = [{"value": name, "color": "red"} for name in ("Red", "Dark red", "Blue", "100%", "a_b", "ÜBER")]
FIELDS: list[tuple[str, str, dict[str, Any]]] = [
    ("Text", "text", {}),
    ("Num", "number", {"number_decimal_places": 2, "number_negative": True}),
    ("Stars", "rating", {}),
    ("Flag", "boolean", {}),
    ("Day", "date", {"date_format": "ISO"}),
    ("At", "date", {"date_format": "ISO", "date_include_time": True}),
    ("Kind", "single_select", {"select_options": OPTIONS}),
    ("Tags", "multiple_select", {"select_options": OPTIONS}),
    ("Took", "duration", {"duration_format": "h:mm:ss"}),
]
WORDS = ["red", "Red", "dark", "redder", "50%", "a_b", "Über", "über", "ПРИВЕТ", "привет", "O'Brien", "x\\y", "(", "12"]
TEXTS = [None, "", "Red", "x"]

Oracle = Callable[[Any, str], bool]


class Facts:
    """A table with random rows, and what its rows hold."""

    def __init__(self, sheet: Sheet, seed: int) -> None:
        self.random = random.Random(seed)
        for name, kind, options in FIELDS:
            sheet.add(name, kind, **options)
        sheet.insert(*(self._row(n) for n in range(40)), {"Name": "nothing"})
        self.filters = Filters(sheet.api, sheet.id)
        status, body = sheet.api.get(self.filters.path, query_string={"user_field_names": "true", "size": "200"})
        assert status == 200
        self.rows = body["results"]

    def _row(self, n: int) -> dict[str, Any]:
        pick = self.random
        day = TODAY + timedelta(days=pick.choice([0, 1, -1, 7, -7, 30, -30, 365, pick.randint(-800, 800)]))
        moment = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=pick.randrange(1440))
        names = [option["value"] for option in OPTIONS]
        row = {
            "Name": f"r{n}",
            "Text": pick.choice([*TEXTS, " ".join(pick.choices(WORDS, k=pick.randint(1, 3)))]),
            "Num": str(Decimal(pick.randint(-800, 800)) / pick.choice([1, 4, 100])),
            "Stars": pick.randint(0, 5),
            "Flag": pick.random() < 0.5,
            "Day": day.isoformat(),
            "At": moment.isoformat(),
            "Kind": pick.choice(names),
            "Tags": pick.sample(names, k=pick.randint(0, 3)),
            "Took": pick.choice([0, 1, 90, 3600, 5400, -60, 86400]),
        }
        return {key: value for key, value in row.items() if key == "Name" or pick.random() < 0.85}

    def check(self, field: str, filter_type: str, value: str, keeps: Oracle) -> None:
        """The filter keeps exactly the rows the function keeps."""
        expected = [row["Name"] for row in self.rows if keeps(row[field], value)]
        assert self.filters.kept(field, filter_type, value) == expected, (field, filter_type, value)

    def both(self, field: str, names: tuple[str, str], value: str, keeps: Oracle) -> None:
        """A filter and its opposite."""
        self.check(field, names[0], value, keeps)
        self.check(field, names[1], value, lambda found, value: not keeps(found, value))


@pytest.fixture(params=[1, 2])
def facts(request: pytest.FixtureRequest, sheet: Sheet, monkeypatch: pytest.MonkeyPatch) -> Facts:
    """Random rows; today is a leap day."""
    for module in (dates, old_dates):
        monkeypatch.setattr(module, "today_in", lambda zone: TODAY)
    return Facts(sheet, request.param)


def has_word(text: str | None, value: str) -> bool:
    pattern = rf"(?<!\w)(?=\w){re.escape(value)}(?<=\w)(?!\w)"
    return text is not None and re.search(pattern, text, re.IGNORECASE) is not None


def has_part(text: str | None, value: str) -> bool:
    return text is not None and value.lower() in text.lower()


def test_texts(facts: Facts) -> None:
    for value in ["red", "Red", "über", "ÜBER", "привет", "%", "_", "a_b", "\\", "'", "(", "50%", "12", "red dark"]:
        facts.both("Text", ("equal", "not_equal"), value, lambda text, value: text == value)
        facts.both("Text", ("contains", "contains_not"), value, has_part)
        facts.both("Text", ("contains_word", "doesnt_contain_word"), value, has_word)
    for value in ["0", "1", "4", "20"]:
        keeps: Oracle = lambda text, value: text is not None and len(text) < int(value)  # noqa: E731
        facts.check("Text", "length_is_lower_than", value, keeps)


def compared(test: Callable[[Decimal, Decimal], bool]) -> Oracle:
    return lambda found, value: found is not None and test(Decimal(found), Decimal(value))


def test_numbers(facts: Facts) -> None:
    for field in ("Num", "Stars"):
        _check_numbers(facts, field)


def _check_numbers(facts: Facts, field: str) -> None:
    for value in ["0", "2", "-1.5", "3.00", "1e1", " 4 ", "2.25", "10000000000000000000000"]:
        facts.both(field, ("equal", "not_equal"), value, compared(lambda a, b: a == b))
        facts.check(field, "higher_than", value, compared(lambda a, b: a > b))
        facts.check(field, "higher_than_or_equal", value, compared(lambda a, b: a >= b))
        facts.check(field, "lower_than", value, compared(lambda a, b: a < b))
        facts.check(field, "lower_than_or_equal", value, compared(lambda a, b: a <= b))
    facts.check(field, "is_even_and_whole", "", lambda found, value: found is not None and Decimal(found) % 2 == 0)
    for value in ["1", "00", "-2", ".5"]:
        facts.both(field, ("contains", "contains_not"), value, lambda found, value: has_part(str(found or 0), value))


def test_durations(facts: Facts) -> None:
    for value, seconds in [("90", 90), ("1:30", 90), ("1h 30m", 5400), ("1:30:00", 5400), ("-60", -60), ("0", 0)]:
        facts.both("Took", ("equal", "not_equal"), value, lambda found, value, s=seconds: found == s)  # type: ignore[misc]
        for name, test in [("higher_than", lambda a, b: a > b), ("lower_than_or_equal", lambda a, b: a <= b)]:
            keeps: Any = lambda found, value, s=seconds, t=test: found is not None and t(found, s)  # noqa: E731
            facts.check("Took", name, value, keeps)


def test_booleans(facts: Facts) -> None:
    for value, meaning in [("true", True), ("YES", True), ("1", True), ("0", False), ("false", False)]:
        facts.check("Flag", "boolean", value, lambda found, value, m=meaning: found is m)  # type: ignore[misc]
        facts.both("Flag", ("equal", "not_equal"), value, lambda found, value, m=meaning: found is m)  # type: ignore[misc]


def test_nothing(facts: Facts) -> None:
    for field in ("Text", "Num", "Flag", "Day", "At", "Kind", "Tags", "Took"):
        facts.both(
            field, ("empty", "not_empty"), "", lambda found, value: found is None or found is False or found in ("", [])
        )


def ids_of(found: Any) -> set[int]:
    return {option["id"] for option in (found if isinstance(found, list) else [found] if found else [])}


def names_of(found: Any) -> list[str]:
    return [option["value"] for option in (found if isinstance(found, list) else [found] if found else [])]


def test_options(facts: Facts) -> None:
    known = sorted({each for row in facts.rows for field in ("Kind", "Tags") for each in ids_of(row[field])})
    for field, plain, many in [
        (
            "Kind",
            ("single_select_equal", "single_select_not_equal"),
            ("single_select_is_any_of", "single_select_is_none_of"),
        ),
        (
            "Tags",
            ("multiple_select_has", "multiple_select_has_not"),
            ("multiple_select_has", "multiple_select_has_not"),
        ),
    ]:
        for one in known:
            facts.both(field, plain, str(one), lambda found, value: int(value) in ids_of(found))
        for some in (known[:2], known[3:7], [*known[:1], 999_999_999]):
            value = ",".join(map(str, some))
            facts.both(field, many, value, lambda found, value, s=set(some): bool(ids_of(found) & s))  # type: ignore[misc]
        for value in ("red", "RED", "über", "%", "_", "dark"):
            facts.both(
                field,
                ("contains", "contains_not"),
                value,
                lambda found, value: any(has_part(name, value) for name in names_of(found)),
            )
            facts.both(
                field,
                ("contains_word", "doesnt_contain_word"),
                value,
                lambda found, value: any(has_word(name, value) for name in names_of(found)),
            )


def weeks_from(day: date, today: date) -> int:
    return (day - timedelta(days=day.weekday()) - (today - timedelta(days=today.weekday()))).days // 7


def months_from(day: date, today: date) -> int:
    return (day.year - today.year) * 12 + day.month - today.month


PERIODS: dict[str, Callable[[date], bool]] = {
    "??today": lambda day: day == TODAY,
    "??yesterday": lambda day: day == date(2024, 2, 28),
    "??tomorrow": lambda day: day == date(2024, 3, 1),
    "??this_week": lambda day: weeks_from(day, TODAY) == 0,
    "??one_week_ago": lambda day: weeks_from(day, TODAY) == -1,
    "??next_week": lambda day: weeks_from(day, TODAY) == 1,
    "??this_month": lambda day: months_from(day, TODAY) == 0,
    "??one_month_ago": lambda day: months_from(day, TODAY) == -1,
    "??next_month": lambda day: months_from(day, TODAY) == 1,
    "??this_year": lambda day: day.year == 2024,
    "??one_year_ago": lambda day: day.year == 2023,
    "??next_year": lambda day: day.year == 2025,
    "?7?nr_days_ago": lambda day: (TODAY - day).days == 7,
    "?30?nr_days_from_now": lambda day: (day - TODAY).days == 30,
    "?4?nr_weeks_ago": lambda day: weeks_from(day, TODAY) == -4,
    "?4?nr_weeks_from_now": lambda day: weeks_from(day, TODAY) == 4,
    "?13?nr_months_ago": lambda day: months_from(day, TODAY) == -13,
    "?1?nr_months_from_now": lambda day: months_from(day, TODAY) == 1,
    "?1?nr_years_ago": lambda day: day.year == 2023,
    "?1?nr_years_from_now": lambda day: day.year == 2025,
    "?2024-03-01?exact_date": lambda day: day == date(2024, 3, 1),
    "?2024-02-29T23:59:59?exact_date": lambda day: day == TODAY,
}


def test_dates(facts: Facts) -> None:
    for field in ("Day", "At"):
        _check_dates(facts, field)


def _check_dates(facts: Facts, field: str) -> None:
    for zone in ZONES if field == "At" else ZONES[:1]:
        for value, inside in PERIODS.items():
            days = [found for n in range(-1000, 1000) if inside(found := TODAY + timedelta(days=n))]
            first, last = min(days), max(days)
            for name, keeps in [
                ("date_is", inside),
                ("date_is_before", lambda day, first=first: day < first),
                ("date_is_on_or_before", lambda day, last=last: day <= last),
                ("date_is_after", lambda day, last=last: day > last),
                ("date_is_on_or_after", lambda day, first=first: day >= first),
            ]:
                facts.check(field, name, f"{zone}{value}", _on_day(zone, keeps))
            facts.check(field, "date_is_not", f"{zone}{value}", lambda f, v, z=zone, i=inside: not _on_day(z, i)(f, v))


def _on_day(zone: str, keeps: Callable[[date], bool]) -> Oracle:
    """What is true of the day a value falls on in a time zone."""

    def kept(found: str | None, value: str) -> bool:
        if found is None:
            return False
        if "T" not in found:
            return keeps(date.fromisoformat(found))
        return keeps(datetime.fromisoformat(found).astimezone(ZoneInfo(zone)).date())

    return kept


WITHIN = [
    ("??tomorrow", TODAY, date(2024, 3, 1)),
    ("??yesterday", date(2024, 2, 28), TODAY),
    ("??next_week", TODAY, date(2024, 3, 10)),
    ("??this_year", TODAY, date(2024, 12, 31)),
    ("?0?nr_days_from_now", TODAY, TODAY),
    ("?3?nr_weeks_from_now", TODAY, date(2024, 3, 21)),
    ("?1?nr_months_from_now", TODAY, date(2024, 3, 29)),
    ("?1?nr_years_from_now", TODAY, date(2025, 2, 28)),
    ("?1?nr_years_ago", date(2023, 2, 28), TODAY),
    ("?2023-01-01?exact_date", date(2023, 1, 1), TODAY),
    ("?2024-12-01?exact_date", TODAY, date(2024, 12, 1)),
]


def test_dates_within(facts: Facts) -> None:
    for field, (value, first, last) in itertools.product(("Day", "At"), WITHIN):
        between = _on_day("UTC", lambda day, first=first, last=last: first <= day <= last)  # type: ignore[misc]
        facts.check(field, "date_is_within", f"UTC{value}", between)


def test_old_types_of_dates(facts: Facts) -> None:
    for name, value, keeps in [
        ("date_equal", "2024-02-29", lambda day: day == TODAY),
        ("date_before", "2024-02-29", lambda day: day < TODAY),
        ("date_before_or_equal", "2024-02-29", lambda day: day <= TODAY),
        ("date_after", "2024-02-29", lambda day: day > TODAY),
        ("date_after_or_equal", "2024-02-29", lambda day: day >= TODAY),
        ("date_equals_today", "", lambda day: day == TODAY),
        ("date_before_today", "", lambda day: day < TODAY),
        ("date_after_today", "", lambda day: day > TODAY),
        ("date_equals_week", "", lambda day: weeks_from(day, TODAY) == 0),
        ("date_equals_month", "", lambda day: months_from(day, TODAY) == 0),
        ("date_equals_year", "", lambda day: day.year == 2024),
        ("date_within_days", "30", lambda day: 0 <= (day - TODAY).days <= 30),
        ("date_within_weeks", "2", lambda day: 0 <= (day - TODAY).days <= 14),
        ("date_within_months", "1", lambda day: TODAY <= day <= date(2024, 3, 29)),
        ("date_equals_days_ago", "7", lambda day: (TODAY - day).days == 7),
        ("date_after_days_ago", "7", lambda day: (TODAY - day).days <= 7),
        ("date_equals_months_ago", "1", lambda day: months_from(day, TODAY) == -1),
        ("date_equals_years_ago", "1", lambda day: day.year == 2023),
        ("date_equals_day_of_month", "29", lambda day: day.day == 29),
    ]:
        for zone in ZONES[:3]:
            mark = "?" if value else ""
            facts.check("At", name, f"{zone}{mark}{value}", _on_day(zone, keeps))
        facts.check("Day", name, value, _on_day("UTC", keeps))
