"""The formula language against a real PostgreSQL: values, types, messages, and formulas nobody would write."""

from __future__ import annotations

import json
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.dialects.postgresql import JSONB

from plugins.formulas.errors import FormulaError
from plugins.formulas.functions import FUNCTIONS
from plugins.formulas.functions.base import Param
from plugins.formulas.parser import parse
from plugins.formulas.representation import helper, text_literal
from plugins.formulas.scope import Reference
from plugins.formulas.tables import TableScope
from plugins.formulas.types import Type, array, from_stored
from tests import formulas
from tests.formulas import Workbook


@pytest.fixture
def book(api: Any) -> Workbook:
    """Items, and orders linked to them."""
    return Workbook(api)


VALUES: dict[str, list[Any]] = {
    # texts
    "upper(field('Text'))": ["HELLO WORLD", "A,B,C", ""],
    "left(field('Text'), 3)": ["Hel", "a,b", ""],
    "right(field('Text'), -8)": ["rld", "", ""],
    "left('abc', 1 / 0)": ["", "", ""],
    "left('abc', 99999999999999)": ["abc"] * 3,
    "reverse(field('Text')) + '!'": ["dlroW olleH!", "c,b,a!", "!"],
    "concat(field('Name'), '-', field('Int'), '-', field('Flag'), '-', field('Num'))": [
        "one-7-true-2.50",
        "two-0-false--1.25",
        "three--false-",
    ],
    "search(field('Text'), 'o')": ["5", "0", "0"],
    "replace(field('Text'), 'l', 'L')": ["HeLLo WorLd", "a,b,c", ""],
    "regex_replace(field('Text'), '[aeiou]', '*')": ["H*ll* W*rld", "*,b,c", ""],
    "regex_replace(field('Text'), '(', '*')": ["Hello World", "a,b,c", ""],
    r"regex_replace('a.1', '\d', '\\')": ["a.\\"] * 3,
    "split_part(field('Text'), ',', 2)": ["", "b", ""],
    "split_part('a,b', ',', 0)": [""] * 3,
    "split_part('a,b', ',', -1)": ["b"] * 3,
    "encode_uri_component('a b/c%ä')": ["a%20b%2fc%25%c3%a4"] * 3,
    "encode_uri('a b/c%')": ["a%20b/c%25"] * 3,
    "tourl(field('Site'))": ["https://example.com", "", ""],
    "length('äö')": ["2"] * 3,
    r"'it\'s' + " + r'"%s :x \ "': ["it's%s :x \\ "] * 3,
    # numbers
    "field('Num') / field('Int')": ["0.3571428571", "NaN", "NaN"],
    "field('Num') * field('Int')": ["17.50", "0.00", "0.00"],
    "-field('Num') + 1 - 2 * 3": ["-7.50", "-3.75", "-5.00"],
    "round(field('Num'), 1)": ["2.5", "-1.3", "0.0"],
    "round(1234.5, -2)": ["1200"] * 3,
    "round(1.5, field('Num') / 0)": ["1.5"] * 3,
    "trunc(-1.9)": ["-1"] * 3,
    "mod(field('Int'), 0)": ["NaN"] * 3,
    "power(2, 10)": ["1024"] * 3,
    "power(0, -1)": ["NaN"] * 3,
    "power(-8, 0.5)": ["NaN"] * 3,
    "power(10, 99999)": ["NaN"] * 3,
    "sqrt(-1)": ["NaN"] * 3,
    "ln(0)": ["NaN"] * 3,
    "log(8, 2)": ["3.0000000000"] * 3,
    "exp(999999)": ["NaN"] * 3,
    "when_nan(field('Num') / 0, 4)": ["4.0000000000"] * 3,
    "is_nan(1 / 0)": [True] * 3,
    "even(field('Int'))": [False, True, True],
    "odd(-3)": [True] * 3,
    "greatest(1, field('Num'), 0)": ["2.50", "1.00", "1.00"],
    "least(1, field('Num'))": ["1.00", "-1.25", "0.00"],
    "tonumber(' -12.5 ')": ["-12.5000000000"] * 3,
    "tonumber(field('Text'))": ["NaN"] * 3,
    "row_id()": ["1", "2", "3"],
    # decisions
    "if(field('Flag'), 'yes', 'no')": ["yes", "no", "no"],
    "if(field('Int') > 3, 1, 2.5)": ["1.0", "2.5", "2.5"],
    "if(field('Flag'), 1, 'none')": ["1", "none", "none"],
    "or(field('Flag'), field('Int') = 0)": [True, True, False],
    "and(true, not(field('Flag')), true)": [False, True, True],
    "field('Text') != 'a,b,c'": [True, False, None],
    "field('Int') >= 7": [True, False, False],
    "field('Kind') = 'Big'": [True, False, False],
    "field('Int') = '7'": [True, False, False],
    "isblank(field('Tags'))": [False, False, True],
    "isblank('  ')": [True] * 3,
    "when_empty(field('Num'), 9)": ["2.50", "-1.25", "9.00"],
    "is_null(field('Day'))": [False, False, True],
    # dates
    "field('Day') + date_interval('1 day')": ["2020-03-01", "2020-01-01", None],
    "field('Day') + date_interval('1 year 1 month')": ["2021-03-29", "2021-01-31", None],
    "field('Day') - date_interval('999999999 years')": [None] * 3,
    "field('At') - date_interval('7 seconds')": ["2021-03-04T05:06:00Z", "2019-12-31T23:59:52Z", None],
    "field('Day') + date_interval('nonsense')": [None] * 3,
    "field('At') - field('Day')": [369 * 86400 + 5 * 3600 + 6 * 60 + 7.0, 86399.0, None],
    "date_diff('day', field('Day'), field('At'))": ["369", "0", None],
    "date_diff('month', field('Day'), todate('2022-02-01', 'YYYY-MM-DD'))": ["24", "26", None],
    "date_diff('hour', field('Day'), field('At'))": ["8861", "23", None],
    "todate('nonsense', 'YYYY-MM-DD')": [None] * 3,
    "todate('', 'YYYY')": [None] * 3,
    "todate_tz('2020-01-31 10:00', 'YYYY-MM-DD HH24:MI', 'America/New_York')": ["2020-01-31T15:00:00Z"] * 3,
    "todate_tz('2020-01-31', 'YYYY-MM-DD', field('Text'))": [None] * 3,
    "datetime_format(field('At'), 'YYYY \"%s\" HH24:MI')": ["2021 %s 05:06", "2019 %s 23:59", ""],
    "datetime_format_tz(field('At'), 'HH24:MI', 'Asia/Tokyo')": ["14:06", "08:59", ""],
    "year(field('Day'))": ["2020", "2019", None],
    "second(field('At'))": ["7", "59", None],
    "now() > field('At')": [True, True, None],
    "year(today()) > 2020": [True] * 3,
    "field('Day') = field('At')": [False] * 3,
    # durations
    "toduration(3661)": [3661.0] * 3,
    "totext(toduration(3661))": ["01:01:01"] * 3,
    "toduration(power(10, 40))": [None] * 3,
    "toseconds(date_interval('2 hours'))": ["7200"] * 3,
    "toduration(60) * field('Int')": [420.0, 0.0, 0.0],
    "toduration(60) / 0": [None] * 3,
    "toduration(60) / toduration(30)": ["2.0000000000"] * 3,
    # options, links, buttons
    "totext(field('Tags'))": ["Big, Small", "Small", ""],
    "has_option(field('Tags'), 'Big')": [True, False, False],
    "count(field('Tags'))": ["2", "1", "0"],
    "join(field('Tags'), '/')": ["Big/Small", "Small", None],
    "link('not a url')": [{"url": "not a url", "label": None}] * 3,
    "get_link_url(button('https://x.org/' + field('Name'), 'Go'))": [
        f"https://x.org/{n}" for n in ("one", "two", "three")
    ],
    "get_link_label(link('x'))": [""] * 3,
}

LISTS: dict[str, list[Any]] = {
    "lookup('Items', 'Num') + 1": [
        [{"id": 1, "value": "3.50"}, {"id": 2, "value": "-0.25"}],
        [{"id": 3, "value": "1.00"}],
        [],
    ],
    "field('Items')": [[{"id": 1, "value": "one"}, {"id": 2, "value": "two"}], [{"id": 3, "value": "three"}], []],
    "lookup('Items', 'Day')": [
        [{"id": 1, "value": "2020-02-29"}, {"id": 2, "value": "2019-12-31"}],
        [{"id": 3, "value": None}],
        [],
    ],
    "sum(lookup('Items', 'Num'))": ["1.25", "0.00", "0.00"],
    "sum(lookup('Items', 'Num') * lookup('Items', 'Int'))": ["17.50", "0.00", "0.00"],
    "sum(lookup('Items', 'Num') + sum(lookup('Items', 'Int')))": ["15.25", "0.00", "0.00"],
    "sum(filter(lookup('Items', 'Num'), lookup('Items', 'Int') > 3))": ["2.50", "0.00", "0.00"],
    "count(filter(lookup('Items', 'Name'), not(lookup('Items', 'Flag'))))": ["1", "1", "0"],
    "count(lookup('Items', 'Num'))": ["2", "1", "0"],
    "count(lookup('Items', 'Tags'))": ["2", "1", "0"],
    "avg(lookup('Items', 'Num'))": ["0.63", "0.00", "0.00"],
    "max(lookup('Items', 'Day'))": ["2020-02-29", None, None],
    "min(lookup('Items', 'Kind'))": ["Big", None, None],
    "stddev_sample(lookup('Items', 'Int'))": ["5", "0", "0"],
    "join(upper(lookup('Items', 'Name')), field('Name'))": ["ONE1TWO", "THREE", None],
    "any(lookup('Items', 'Flag'))": [True, False, None],
    "every(lookup('Items', 'Int') >= 0)": [True, True, None],
    "has_option(lookup('Items', 'Kind'), 'Small')": [True, False, False],
    "join(totext(lookup('Items', 'Num')), ', ')": ["2.50, -1.25", "", None],
    "isblank(field('Items'))": [False, False, True],
    "first(lookup('Items', 'Name'))": ["one", "three", None],
    "last(lookup('Items', 'Num'))": ["-1.25", None, None],
    "index(lookup('Items', 'Day'), 1)": ["2019-12-31", None, None],
    "index(lookup('Items', 'Kind'), 0) = 'Big'": [True, False, False],
    "count(array_unique(lookup('Items', 'Flag')))": ["2", "1", "0"],
    "join(array_slice(lookup('Items', 'Name'), 1), ',')": ["two", None, None],
    "sum(if(true, lookup('Items', 'Int'), lookup('Items', 'Num')))": ["7.00", "0.00", "0.00"],
    "concat(field('Name'), ': ', field('Items'))": [
        [{"id": 1, "value": "1: one"}, {"id": 2, "value": "1: two"}],
        [{"id": 3, "value": "2: three"}],
        [],
    ],
    "if(field('Name') = '2', 'two', field('Items'))": ["one, two", "two", None],
    "sum(if(lookup('Items', 'Flag'), lookup('Items', 'Int'), 1))": ["8", "1", "0"],
    "sum(toduration(lookup('Items', 'Int')))": [7.0, None, None],
}


def test_values(book: Workbook) -> None:
    wrong = {formula: got for formula, wanted in VALUES.items() if (got := book.values(formula)) != wanted}
    assert not wrong, wrong


def test_lists(book: Workbook) -> None:
    wrong = {formula: got for formula, wanted in LISTS.items() if (got := book.in_orders(formula)) != wanted}
    assert not wrong, wrong


TYPES = [
    ("1.50", "number", {"number_decimal_places": 2, "nullable": False}),
    ("field('Num') * field('Int')", "number", {"number_decimal_places": 2, "nullable": False}),
    ("field('Num') / 3", "number", {"number_decimal_places": 10}),
    ("field('Text')", "text", {"nullable": True}),
    ("upper(field('Text'))", "text", {"nullable": False}),
    ("field('Site')", "url", {"nullable": True}),
    ("field('At')", "date", {"date_include_time": True, "date_format": "EU"}),
    ("field('Day') + date_interval('1 day')", "date", {"date_include_time": False, "nullable": True}),
    ("today()", "date", {"date_force_timezone": "UTC", "date_format": "ISO", "date_time_format": "24"}),
    ("date_interval('1 day')", "duration", {"duration_format": "h:mm"}),
    ("field('Tags')", "multiple_select", {"nullable": True}),
    ("if(field('Flag'), field('Num'), 1)", "number", {"number_decimal_places": 2, "nullable": True}),
]


def test_types(book: Workbook) -> None:
    for formula, name, keys in TYPES:
        found = book.compiled(formula)
        shown = found.type.json()
        assert (shown["formula_type"], {key: shown[key] for key in keys}) == (name, keys), formula
        assert from_stored(found.type.stored()) == found.type
    listed = book.compiled("lookup('Items', 'Kind')", book.orders).type
    assert (listed.json()["formula_type"], listed.json()["array_formula_type"]) == ("array", "single_select")
    assert from_stored(listed.stored()) == listed and listed.of and len(listed.of.select_options) == 2


WRONG = {
    "": "not complete",
    "1 +": "not complete",
    "(1": "not complete",
    "1 2": "not expected",
    "@": "not part of the formula language",
    "'unfinished": "no closing quote",
    "field_1": "field('name')",
    "uper('a')": "Did you mean upper()",
    "field('Missing')": "no field called 'Missing'",
    "upper(1, 2)": "takes 1 arguments but got 2",
    "upper()": "takes 1 arguments but got 0",
    "concat()": "at least 1",
    "1 + 'a'": "concat()",
    "field('Flag') + 1": "a boolean and a number",
    "upper(field('Day'))": "totext()",
    "abs('x')": "tonumber()",
    "sum(field('Num'))": "list",
    "if(1, 2, 3)": "a boolean, not a number",
    "todate(1, 2)": "must be a text, not a number",
    "date_diff('fortnight', today(), today())": "not a unit",
    "todate_tz('2020', 'YYYY', 'Mars/Base')": "not a time zone",
    "lookup('Nope', 'Name')": "does not exist",
    "lookup('Text', 'Name')": "is not a link",
    "button(link('x'), 'Go')": "must be a text, not a link",
    "field('Kind') > 1": "cannot be used",
    "field(1)": "field('name')",
    "lookup('Items')": "lookup('link field'",
    "'a\0b'": "null characters",
    "9" * 60: "too many digits",
}


def test_messages(book: Workbook) -> None:
    for formula, part in WRONG.items():
        with pytest.raises(FormulaError) as found:
            book.compiled(formula)
        assert part in found.value.message, (formula, found.value.message)


def test_long_formulas(book: Workbook) -> None:
    assert book.values("+".join(["field('Num')"] * 300))[0] == "750.00"
    assert book.values("+".join(["field('Name')"] * 300))[0] == "one" * 300
    deepest = "upper(" * 48 + "'a'" + ")" * 48
    assert book.values(deepest) == ["A"] * 3
    nested = "if(true, " * 45 + "field('Num') + 1" + ", 0)" * 45
    assert book.values(nested)[0] == "3.50"
    doubled = "when_empty(" * 45 + "field('Text')" + ", 'x')" * 45
    assert book.values(doubled) == ["Hello World", "a,b,c", "x"]
    for deep in ("(" * 10_000 + "1" + ")" * 10_000, "-" * 10_000 + "row_id()", "abs(" * 10_000 + "1" + ")" * 10_000):
        with pytest.raises(FormulaError):
            book.compiled(deep)
    with pytest.raises(FormulaError):
        book.compiled("upper(" * 200 + "'a'" + ")" * 200)


def test_dependencies(book: Workbook) -> None:
    name, num = (found["id"] for found in book.api.get(book.items.path)[1] if found["name"] in ("Name", "Num"))
    assert book.compiled("field('Num') + 1").dependencies == {(num, None)}
    found = book.compiled("concat(sum(lookup('Items', 'Num')), field('Items'))", book.orders)
    assert found.dependencies == {(book.link, None), (num, book.link), (name, book.link)}
    assert not found.volatile and book.compiled("if(true, now(), today())").volatile


@settings(max_examples=300, deadline=None)
@given(
    st.text(st.sampled_from("()'\",+-*/=<>!. \\field('x')lookup0123456789ab\n%:{}"), max_size=60) | st.text(max_size=40)
)
def test_any_text_is_parsed_or_refused(text: str) -> None:
    try:
        parse(text)
    except FormulaError as error:
        assert error.message


_LEAVES = {
    "number": ["0", "1.5", "-3", "99999999999999999999999999999999999999999999999999", "0.0000000001", "field('Num')"]
    + ["field('Int')", "row_id()", "sqrt(-1)"],
    "text": ["''", "'a'", "field('Text')", "field('Kind')", "field('Site')", r"'%(x)s :y \\ \''", "'[('", "'-7.5'"]
    + ["'YYYY-MM-DD'", "'UTC'", "'1 day'", "'infinity'", "'2020-02-30'"],
    "boolean": ["true", "false", "field('Flag')"],
    "date": ["field('Day')", "field('At')", "now()", "todate('99999', 'J')", "todate('0001-01-01', 'YYYY-MM-DD')"],
    "duration": ["date_interval('100 years')", "toduration(1e9)".replace("1e9", "999999999999"), "toduration(-0.5)"],
}


_LISTS = ["lookup('Items', 'Num')", "lookup('Items', 'Text')", "lookup('Items', 'Flag')", "lookup('Items', 'At')"]
_LISTS += ["field('Items')", "lookup('Items', 'Tags')", "lookup('Items', 'Kind')", "field('List')"]


class Pool:
    """Well-typed formulas, to be combined into further ones."""

    def __init__(self, book: Workbook, table: int, leaves: list[str]) -> None:
        self.book, self.table = book, table
        self.formulas = {leaf: book.compiled(leaf, table).type for leaf in leaves}

    def fitting(self, param: Param) -> list[str]:
        """The formulas that can be an argument."""
        shown = {formula: found.of or found for formula, found in self.formulas.items()}
        fit = [formula for formula, found in shown.items() if param.types is None or found.name in param.types]
        listed = [formula for formula in fit if self.formulas[formula].of or shown[formula].name == "multiple_select"]
        return listed if param.listed else fit

    def add(self, formula: str) -> bool:
        """Take a formula in, if it is right."""
        try:
            self.formulas[formula] = self.book.compiled(formula, self.table).type
        except FormulaError:
            return False
        return True


def _every_leaf() -> list[str]:
    return [leaf for leaves in _LEAVES.values() for leaf in leaves]


def _random_formulas(book: Workbook, table: int, leaves: list[str], examples: int) -> set[str]:
    """Evaluate random formulas made of the leaves; answers the functions that were used."""
    used: set[str] = set()

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(st.data())
    def check(data: st.DataObject) -> None:
        pool, made = Pool(book, table, leaves), []
        for _ in range(10):
            function = FUNCTIONS[data.draw(st.sampled_from(sorted(FUNCTIONS)))]
            params = [*function.params, *([function.rest] if function.rest else [])]
            choices = [pool.fitting(param) for param in params]
            if all(choices):
                args = ", ".join(data.draw(st.sampled_from(fitting)) for fitting in choices)
                if pool.add(f"{function.name}({args})"):
                    made.append(f"{function.name}({args})")
                    used.add(function.name)
        assert not made or len(book.rows_of(made, table)) == 3

    check()
    return used


def test_random_formulas_never_fail(book: Workbook) -> None:
    used = _random_formulas(book, book.items.id, [*_every_leaf(), "field('Tags')", "link('x')"], 150)
    assert len(used) > 60, sorted(set(FUNCTIONS) - used)


def test_random_formulas_on_lists_never_fail(book: Workbook) -> None:
    book.add("List", "lookup", through_field_name="Items", target_field_name="Num")
    leaves = [*_LISTS, "field('Name')", "0", "-1.5", "true", "', '"]
    used = _random_formulas(book, book.orders, leaves, 150)
    assert len(used) > 60, sorted(set(FUNCTIONS) - used)


FILES = [
    {"name": "a.png", "visible_name": "cat.png", "size": 12, "mime_type": "image/png", "is_image": True}
    | {"image_width": 3, "image_height": 4},
    {"name": "b.txt", "visible_name": "it's.txt", "size": 5, "mime_type": "text/plain", "is_image": False},
]


class FilesScope(TableScope):
    """A table in which Files has two files and People two people, like field types of other plugins may."""

    def field(self, name: str) -> Reference | None:
        """Files, People, or what the table has."""
        if name == "Files":
            return Reference(-1, name, array(Type("single_file")), lambda row: helper.files(_json(FILES)))
        if name == "People":
            people = [{"id": 7, "name": "Ann"}, {"id": 8, "name": "Bob"}]
            return Reference(-2, name, Type("multiple_collaborators"), lambda row: _json(people))
        return super().field(name)


def _json(value: Any) -> sa.ColumnElement[Any]:
    return sa.cast(text_literal(json.dumps(value)), JSONB)


def test_files_and_people(book: Workbook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formulas, "TableScope", FilesScope)
    for formula, wanted in {
        "get_file_count(field('Files'))": "2",
        "join(get_file_visible_name(field('Files')), ', ')": "cat.png, it's.txt",
        "get_file_mime_type(index(field('Files'), 1))": "text/plain",
        "sum(get_file_size(field('Files')))": "17",
        "get_image_width(index(field('Files'), 0)) + get_image_height(first(field('Files')))": "7",
        "count(filter(field('Files'), is_image(field('Files'))))": "1",
        "get_image_width(last(field('Files')))": None,
        "join(field('Files'), ' + ')": "cat.png + it's.txt",
        "isblank(field('People'))": False,
        "totext(field('People'))": "Ann, Bob",
        "join(field('People'), '/')": "Ann/Bob",
        "count(field('People'))": "2",
    }.items():
        assert book.values(formula)[0] == wanted, formula
