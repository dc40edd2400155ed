"""The rows of timelines, for members and for visitors."""

from __future__ import annotations

from typing import Any

import pytest

from tests.plans import VIEWS, Planning


class Plan(Planning):
    """A timeline of two projects."""

    def __init__(self, api: Any) -> None:
        super().__init__(api)
        self.put(1, Starts="2020-03-02", Ends="2020-03-05")
        self.plan = self.view("timeline", start_date_field=self.ids["Starts"], end_date_field=self.ids["Ends"])
        self.path = f"{VIEWS}/timeline/{self.plan}/"

    def shown(self, query: str = "", path: str = "") -> list[int]:
        """The ids of the rows."""
        return [row["id"] for row in self.ok(*self.api.get((path or self.path) + query))["results"]]


@pytest.fixture
def plan(api: Any) -> Plan:
    """A timeline."""
    return Plan(api)


def test_rows_are_listed_with_and_without_dates(plan: Plan) -> None:
    name = plan.ids["Name"]
    assert plan.shown() == [1, 2]
    assert plan.shown(f"?order_by=-field_{name}") == [2, 1]
    assert plan.shown(f"?filter__field_{name}__equal=One") == [1]
    assert plan.shown("?search=two") == [2]
    assert plan.ok(*plan.api.get(f"{plan.path}?count")) == {"count": 2}
    chosen = plan.ok(*plan.api.get(f"{plan.path}?limit=1&include_fields=field_{name}&include=field_options"))
    assert chosen["results"] == [{"id": 1, "order": "1.00000000000000000000", f"field_{name}": "One"}]
    assert (chosen["count"], len(chosen["field_options"])) == (2, len(plan.ids))


def test_dates_must_fit_each_other(plan: Plan) -> None:
    refusal = (400, "ERROR_TIMELINE_VIEW_HAS_INVALID_DATE_SETTINGS")
    public = f"{VIEWS}/timeline/{plan.share(plan.plan)}/public/rows/"
    assert plan.shown(path=public) == [1, 2]
    plan.change(plan.ids["Ends"], date_include_time=True)
    for path in (plan.path, public):
        assert _error(plan.api.get(path)) == refusal
    plan.change(plan.ids["Starts"], date_include_time=True)
    assert plan.shown(path=public) == [1, 2]
    plan.ok(*plan.api.delete(f"/api/database/fields/{plan.ids['Starts']}/"))
    for path in (plan.path, public):
        assert _error(plan.api.get(path)) == refusal


def test_there_must_be_a_timeline(plan: Plan, make_user: Any) -> None:
    missing = (404, "ERROR_TIMELINE_DOES_NOT_EXIST")
    assert _error(plan.api.get(f"{VIEWS}/timeline/99999999/")) == missing
    assert _error(plan.api.get(f"{VIEWS}/timeline/nobody/public/rows/")) == missing
    assert _error(make_user("Bob").get(plan.path)) == (400, "ERROR_USER_NOT_IN_GROUP")


def _error(answer: tuple[int, Any]) -> tuple[int, str]:
    return answer[0], answer[1]["error"]
