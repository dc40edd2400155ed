"""Junk in the queries and addresses of kanbans, calendars and timelines: refused or read as well as can be."""

from __future__ import annotations

import itertools
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from tests.plans import VIEWS, Planning

NUMBERS = ["-1", "0", "9" * 19, "9" * 40, "1.5", "x", "", "1e400", "٣", "\r", "1,1", "null", "null,9223372036854775807"]
TIMES = ["", "soon", "0000-00-00", "0001-01-01", "9999-12-31T23:59:59Z", "10000-01-01", "2020-02-30", "1", "\r", "NaN"]
TIMES += ["2020-01-01T24:00:00Z", "2020-01-01T00:00:00+99:99", "-2020-01-01", "x" * 10_000]
ZONES = ["", "Nowhere/City", "utc", "../../etc/passwd", "x" * 10_000, "Europe"]
WORDS = ["\r", '"', "x" * 10_000, "," * 1000, "field_1", "field_options,field_options", "\u202e", "{}", "[]", "null"]
YEAR = {"from_timestamp": "2020-01-01", "to_timestamp": "2020-12-31"}


class Junk(Planning):
    """A shared view of each type."""

    def __init__(self, api: Any, anonymous: Any) -> None:
        super().__init__(api)
        self.visitor = anonymous
        self.put(1, State="Todo", Starts="2020-03-02", Ends="2020-03-03")
        start, end = self.ids["Starts"], self.ids["Ends"]
        self.paths = []
        for kind, settings in (
            ("kanban", {"single_select_field": self.ids["State"]}),
            ("calendar", {"date_field": start, "ical_public": True}),
            ("timeline", {"start_date_field": start, "end_date_field": end}),
        ):
            view = self.view(kind, **settings)
            self.paths += [f"{VIEWS}/{kind}/{view}/", f"{VIEWS}/{kind}/{self.share(view)}/public/rows/"]

    def look(self, path: str, **query: str) -> int:
        """The status of an answer, which must be of the API's shape."""
        answer = self.api.client.get(f"{path}?{urlencode({**YEAR, **query})}", headers=self.api.headers)
        body, what = answer.get_json(silent=True), f"{path} {query}"[:300]
        assert answer.status_code < 500, f"{what}: {body}"
        if answer.status_code >= 400:
            assert {"error", "detail"} <= body.keys(), what
            assert "cannot be stored" not in str(body["detail"]), f"{what} was left to the database to refuse"
        return int(answer.status_code)


@pytest.fixture
def junk(api: Any, anonymous: Any) -> Junk:
    """Views to send junk to."""
    return Junk(api, anonymous)


def test_numbers(junk: Junk) -> None:
    for path, name, value in itertools.product(junk.paths, ("limit", "offset", "size", "page"), NUMBERS):
        assert junk.look(path, **{name: value}) == 200
    for path, value in itertools.product(junk.paths[:2], NUMBERS):
        assert junk.look(path, select_option=value) in (200, 400)


def test_times_and_zones(junk: Junk) -> None:
    assert junk.look(junk.paths[2]) == 200
    for path, name, value in itertools.product(junk.paths[2:4], YEAR, TIMES):
        assert junk.look(path, **{name: value}) == 400, value
    for path, value in itertools.product(junk.paths[2:4], ZONES):
        assert junk.look(path, user_timezone=value) == 400, value


def test_words(junk: Junk) -> None:
    names = ("include", "filters", "filter_type", "search", "search_mode", "order_by", "limit_linked_items")
    for path, name, value in itertools.product(junk.paths, names, WORDS):
        junk.look(path, **{name: value})


def test_addresses(junk: Junk) -> None:
    for slug in ("x", "-", "%00", quote("ü"), quote("\r"), "x" * 5000, "%25", "a.ics"):
        refused = (400, 404) if slug == "%00" else (404,)
        assert junk.look(f"{VIEWS}/calendar/{slug}.ics") in refused
        for kind in ("kanban", "calendar", "timeline"):
            assert junk.look(f"{VIEWS}/{kind}/{slug}/public/rows/") in refused


def test_settings(junk: Junk) -> None:
    before = [junk.ok(*junk.api.get(f"{VIEWS}/table/{junk.sheet}/"))]
    names = ("single_select_field", "card_cover_image_field", "date_field", "ical_public", "start_date_field")
    values: list[Any] = [-1, 2**63, 2**70, 1.5, True, "x", "", [], {}, [1], {"id": 1}, "\0", 10**400]
    for view in before[0]:
        for name, value in itertools.product((*names, "end_date_field", "timescale"), values):
            if name not in view or (name == "ical_public" and value in (True, "")):
                continue
            status, answer = junk.api.patch(f"{VIEWS}/{view['id']}/", {name: value})
            assert (status, answer["error"]) == (400, "ERROR_REQUEST_BODY_VALIDATION"), (name, value, answer)
    assert junk.ok(*junk.api.get(f"{VIEWS}/table/{junk.sheet}/")) == before[0]
