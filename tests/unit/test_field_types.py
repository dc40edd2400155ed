"""Field types without a database: the size of their interface, and values nobody expects."""

from __future__ import annotations

import importlib
import inspect
from datetime import UTC, datetime
from typing import Any, cast

import orjson
import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from plugin_api.dates import is_plain_date, is_plain_moment, parse_date, parse_moment, zone_of
from plugin_api.errors import ApiError
from plugin_api.fields import Batch, Field, FieldType, SelectOption
from plugins.database.fields.jobs import free_name
from plugins.multiple_select_field.values import split_names
from plugins.number_field.numbers import plain_pattern, without_format

NAMES = [
    "text",
    "long_text",
    "number",
    "rating",
    "boolean",
    "date",
    "url",
    "email",
    "phone_number",
    "single_select",
    "multiple_select",
    "ai",
    "uuid",
    "autonumber",
    "created_on",
    "last_modified",
]
WRITABLE = [name for name in NAMES if name not in ("uuid", "autonumber", "created_on", "last_modified")]
BATCH = Batch(cast(sa.Connection, None), datetime(2020, 1, 1, tzinfo=UTC), 1)
ODD: list[Any] = [
    None,
    True,
    "",
    "\0",
    "NaN",
    "-Infinity",
    float("nan"),
    float("inf"),
    10**400,
    -(10**30),
    "1e999999999",
    "9" * 5000,
    [],
    {},
    [[[[]]]],
    {"a": {"b": [None]}},
    ["x", None, 1.5, True, {}],
    "0000-00-00",
    "10000-01-01",
    "0044-03-15 BC",
    "9999-12-31T23:59:59-23:59",
    "\u202e\ufeff🎉",
    '"',
    "a\nb",
]


def field_type(name: str) -> FieldType:
    """The type of a plugin."""
    found = importlib.import_module(f"plugins.{name}_field").register_field_types()
    return cast(FieldType, found[0])


def field_of(name: str, **options: Any) -> Field:
    """A field with the usual options and one select option."""
    usual = field_type(name).options_schema().load({})
    return Field(1, 1, "F", name, options={**usual, **options}, select_options=(SelectOption(7, "Red", "red"),))


def test_the_interface_has_at_most_12_methods() -> None:
    methods = [name for name, _ in inspect.getmembers(FieldType, inspect.isfunction) if not name.startswith("_")]
    assert len(methods) <= 12


@pytest.mark.parametrize("name", NAMES)
def test_a_module_provides_its_type(name: str) -> None:
    assert field_type(name).type == name


def _codes_everywhere(detail: Any) -> bool:
    problems = detail if isinstance(detail, list) else [found for part in detail.values() for found in part]
    return bool(problems) and all(found["code"] and found["error"] for found in problems)


def _check(name: str, value: Any) -> None:
    """A value is stored as JSON or refused with a code; nothing else may happen."""
    kind, field = field_type(name), field_of(name)
    for check in (kind.prepare, kind.prepare_import):
        try:
            prepared = check(field, [value], BATCH)
        except ApiError as error:
            assert (error.status, check) == (400, kind.prepare)
            continue
        if prepared.errors:
            assert _codes_everywhere(prepared.errors[0])
        else:
            orjson.dumps(prepared.values[0])
            assert "\\u0000" not in orjson.dumps(prepared.values[0]).decode()


@pytest.mark.parametrize("name", WRITABLE)
@pytest.mark.parametrize("value", ODD, ids=lambda value: repr(value)[:30])
def test_odd_values(name: str, value: Any) -> None:
    _check(name, value)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@pytest.mark.parametrize("name", WRITABLE)
@settings(max_examples=60, deadline=None)
@given(value=JSON)
def test_any_json(name: str, value: Any) -> None:
    _check(name, value)


@given(moment=st.datetimes())
def test_moments_are_read_as_they_are_written(moment: datetime) -> None:
    assert parse_moment(moment.isoformat()) == moment.replace(tzinfo=UTC)
    assert parse_moment(moment.isoformat(" ") + "Z") == moment.replace(tzinfo=UTC)
    assert parse_date(moment.date().isoformat()) == moment.date()


def test_zones_that_do_not_exist_are_utc() -> None:
    assert zone_of({"date_force_timezone": "Europe/Paris"}) == "Europe/Paris"
    assert {zone_of({"date_force_timezone": zone}) for zone in (None, "", "Mars/Base", "' OR 1", "/etc")} == {"UTC"}


@pytest.mark.parametrize(
    ("separator", "text", "plain"),
    [
        ("", "1234.50", "1234.5"),
        ("COMMA_PERIOD", "-1,234.50", "-1234.5"),
        ("PERIOD_COMMA", "1.234.567,0", "1234567"),
        ("SPACE_COMMA", "1 234,5", "1234.5"),
        ("COMMA_PERIOD", "12,34.5", "12,34.5"),
        ("", "1,5", "1,5"),
    ],
)
def test_numbers_without_their_format(separator: str, text: str, plain: str) -> None:
    assert without_format(text, {"number_separator": separator}) == plain


def test_plain_numbers_are_those_postgresql_reads() -> None:
    pattern = plain_pattern(2, True)
    assert all(pattern.fullmatch(text) for text in ("1", "-1.5", "00.25", "9" * 50))
    assert not any(pattern.fullmatch(text) for text in ("", "-", "1.", ".5", "1.234", "9" * 51, "1e3", "١", " 1"))


def test_names_in_one_text() -> None:
    assert split_names('Red, "a,b",, Blue') == ["Red", "a,b", "Blue"]
    assert split_names("") == []
    assert split_names('"unfinished') is None


def test_free_names() -> None:
    assert free_name("Age", {"Age"}) == "Age 2"
    assert free_name("Age 2", {"Age", "Age 2"}) == "Age 3"
    assert free_name("n" * 255, {"n" * 255}) == "n" * 253 + " 2"


IMPORTED: dict[str, list[Any]] = {
    "number": ["", "7", " 7 ", "-7", "7.50", "7.x", "1" * 51, None, "7\n7"],
    "boolean": ["", "yes", "NO ", "maybe", None, "yes"],
    "date": [
        "",
        "2024-02-29",
        "2023-02-29",
        "2024-01-31",
        "2024-06-31",
        "2024-1-2",
        "0000-01-01",
        None,
        "2024-01-31\n",
    ],
    "url": ["", "a.b", " a.b", "javascript:a.b", "x://y", "no", "a. b", "a.b\nc.d", None, "X.Y"],
    "email": ["", "a.b@c.de", "a@b", f"{'a' * 65}@c.de", f"a@{'b' * 300}.de", "a@b@c.de", "a@b..cd", None, " a@c.de"],
    "phone_number": ["", "+1 2", " 3 ", "9" * 101, "one", None, "1\n2"],
    "single_select": ["", "Red", " Red ", "Blue", 7, None, True, "Blue"],
    "rating": ["", "3", " 3 ", "6", None, 3, "x"],
    "text": ["", " a ", None, 5, "\0", "b"],
}


@pytest.mark.parametrize("name", IMPORTED)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_values_are_imported_together_as_they_are_one_by_one(name: str, data: st.DataObject) -> None:
    kind, field = field_type(name), field_of(name, date_include_time=data.draw(st.booleans()))
    given_values = data.draw(st.lists(st.sampled_from(IMPORTED[name]) | st.text(max_size=4), max_size=8))
    together = kind.prepare_import(field, given_values, BATCH)
    for n, value in enumerate(given_values):
        alone = kind.prepare_import(field, [value], BATCH)
        assert (together.values[n], together.errors.get(n)) == (alone.values[0], alone.errors.get(0))
        if n not in together.errors and not (name == "date" and value):  # a plain moment is kept in its own form
            plain = kind.prepare_import(field, [value, None if name != "text" else 5], BATCH)
            assert plain.values[0] == together.values[n]


@settings(max_examples=300)
@given(moment=st.datetimes())
def test_plain_dates_are_those_there_are(moment: datetime) -> None:
    text = moment.date().isoformat()
    assert is_plain_date(text) == (text[5:] != "02-29")
    assert is_plain_moment(f"{text}T{moment:%H:%M:%S}Z") == (text[5:] != "02-29" and 1 < moment.year < 9999)


@given(text=st.from_regex(r"\d{4}-[01]\d-[0-3]\d", fullmatch=True))
def test_no_other_dates_are_plain(text: str) -> None:
    assert parse_date(text) is not None or not is_plain_date(text)
