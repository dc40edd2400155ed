"""Plugins over HTTP: what an administrator sees, and that switching one is obeyed by every process within a second."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
import redis
import sqlalchemy as sa

from core.plugin_system.discovery import Problem
from core.plugin_system.loading import Loaded
from core.plugin_system.state import PluginStates
from plugin_api.db import UnitsOfWork, begin, connection
from plugin_api.health import HealthCheck
from plugin_api.platform import provide, service
from plugin_api.registry import Entry, Registry
from plugin_api.states import is_active

PLUGINS = "/api/admin/plugins/"


@pytest.fixture
def other_process(app: Any) -> PluginStates:
    """The states as another process knows them."""
    ours = service(PluginStates)
    made = PluginStates(service(Loaded).plugins, service(UnitsOfWork), service(redis.Redis))
    made._key = ours._key
    return made


@pytest.fixture
def switched_back(staff: Any) -> Iterator[None]:
    """All plugins are on again afterwards."""
    yield
    for name in ("rating_field", "database_tokens", "database"):
        staff.patch(f"{PLUGINS}{name}/", {"enabled": True})


def shown(staff: Any, name: str) -> dict[str, Any]:
    """A plugin as the administrator sees it."""
    return next(found for found in staff.get(PLUGINS)[1]["plugins"] if found["name"] == name)


def test_the_list_tells_what_each_plugin_provides(staff: Any, api: Any) -> None:
    database = shown(staff, "database")
    assert (database["enabled"], database["active"], database["requires"]) == (True, True, [])
    assert database["provides"]["application_types"] == ["database"]
    assert shown(staff, "rating_field")["provides"] == {"field_types": ["rating"]}
    assert staff.get(PLUGINS)[1]["problems"] == []
    assert api.get(PLUGINS)[0] == 403


def test_the_list_tells_where_a_plugin_comes_from_and_what_of_it_is_in_use(staff: Any, sheet: Any) -> None:
    before = shown(staff, "rating_field")["uses"].get("field_types", {}).get("rating", 0)
    sheet.add("Stars", "rating")
    rating = shown(staff, "rating_field")
    assert rating["uses"] == {"field_types": {"rating": before + 1}}
    assert rating["package"]["name"] == "tablewright"
    assert shown(staff, "lab")["package"] is None
    assert rating["health"] == {"passing": True, "checks": {}, "failures": [], "slow": []}


def test_the_list_tells_what_goes_with_a_plugin(staff: Any) -> None:
    assert shown(staff, "roles")["required_by"] == []
    assert {"data_sync", "ical_data_sync", "rating_field"} <= set(shown(staff, "database")["required_by"])
    assert "ical_data_sync" in shown(staff, "data_sync")["required_by"]


def test_a_failing_check_of_a_plugin_is_told_with_it(staff: Any) -> None:
    def broken() -> None:
        raise RuntimeError("The glass is broken.")

    entry = Entry(HealthCheck("glass", broken), "rating_field")
    registries = {**service(Loaded).registries, "health_checks": Registry("health_checks", {"glass": entry})}
    before = service(Loaded)
    provide(Loaded, Loaded(before.plugins, registries, before.problems))
    try:
        found = shown(staff, "rating_field")["health"]
    finally:
        provide(Loaded, before)
    assert (found["passing"], found["checks"]) == (False, {"glass": "RuntimeError: The glass is broken."})


def test_a_plugin_that_was_left_out_is_named_with_what_it_clashes_with(staff: Any) -> None:
    before = service(Loaded)
    reason = "field_types: 'rating' is already provided by rating_field"
    provide(Loaded, Loaded(before.plugins, before.registries, (Problem("twin", reason, "rating_field"),)))
    try:
        listed = staff.get(PLUGINS)[1]["problems"]
        report = staff.get("/api/_health/full/")[1]
    finally:
        provide(Loaded, before)
    assert listed == [{"name": "twin", "reason": reason, "clashes_with": "rating_field"}]
    assert (report["passing"], report["checks"]["plugins"]) == (False, f"twin was left out: {reason}")
    assert staff.get("/api/_health/full/")[1]["checks"]["plugins"] == "ok"


def test_the_list_takes_as_many_queries_whatever_there_is(staff: Any, sheet: Any, count_sql: Any) -> None:
    def queries() -> int:
        with count_sql() as statements:
            assert staff.get(PLUGINS)[0] == 200
        return len(statements)

    queries()  # the first one may ask what is then kept for a while
    few = queries()
    for number in range(5):
        sheet.add(f"Stars {number}", "rating")
    assert queries() == few <= 17


@pytest.mark.usefixtures("switched_back")
def test_a_plugin_that_is_off_answers_404_and_keeps_its_data(staff: Any, api: Any, sheet: Any) -> None:
    tokens = "/api/database/tokens/"
    made = api.post(tokens, {"name": "Mine", "workspace": sheet.workspace_id})[1]
    status, answer = staff.patch(f"{PLUGINS}database_tokens/", {"enabled": False})
    assert (status, answer["enabled"], answer["active"]) == (200, False, False)
    status, refused = api.get(tokens)
    assert (status, refused["error"]) == (404, "ERROR_PLUGIN_DISABLED")
    rows = f"/api/database/rows/table/{sheet.id}/"
    assert api.get(rows, headers={"Authorization": f"Token {made['key']}"})[0] == 401
    staff.patch(f"{PLUGINS}database_tokens/", {"enabled": True})
    assert [token["id"] for token in api.get(tokens)[1]] == [made["id"]]


@pytest.mark.usefixtures("switched_back")
def test_what_requires_a_plugin_that_is_off_is_off_too(staff: Any, api: Any, sheet: Any) -> None:
    staff.patch(f"{PLUGINS}database/", {"enabled": False})
    tokens = shown(staff, "database_tokens")
    assert (tokens["enabled"], tokens["active"]) == (True, False)
    assert [is_active(name) for name in ("database_tokens", "nobody", "roles")] == [False, False, True]
    assert api.get("/api/database/tokens/")[1]["error"] == "ERROR_PLUGIN_DISABLED"
    assert api.get(sheet.path)[1]["error"] == "ERROR_PLUGIN_DISABLED"


@pytest.mark.usefixtures("switched_back")
def test_a_field_type_that_is_off_makes_no_new_fields_and_keeps_the_old_ones(staff: Any, api: Any, sheet: Any) -> None:
    sheet.add("Stars", "rating")
    sheet.insert({"Name": "a", "Stars": 3})
    staff.patch(f"{PLUGINS}rating_field/", {"enabled": False})
    status, refused = api.post(sheet.path, {"name": "More stars", "type": "rating"})
    assert (status, refused["error"]) == (400, "ERROR_PLUGIN_DISABLED")
    assert sheet.column("Stars") == [3]


@pytest.mark.usefixtures("switched_back")
def test_another_process_obeys_within_a_second(staff: Any, other_process: PluginStates) -> None:
    assert other_process.is_enabled("rating_field")
    staff.patch(f"{PLUGINS}rating_field/", {"enabled": False})
    begun = time.monotonic()
    while other_process.is_enabled("rating_field"):
        assert time.monotonic() - begun < 20
        time.sleep(0.02)


@pytest.mark.usefixtures("switched_back")
def test_the_database_tells_when_redis_has_forgotten(staff: Any, other_process: PluginStates) -> None:
    staff.patch(f"{PLUGINS}rating_field/", {"enabled": False})
    service(redis.Redis).delete(other_process._key)
    assert not other_process.is_enabled("rating_field")


def test_wrong_switches_are_refused(staff: Any, api: Any) -> None:
    assert api.patch(f"{PLUGINS}rating_field/", {"enabled": False})[0] == 403
    assert staff.patch(f"{PLUGINS}nothing/", {"enabled": False})[0] == 404
    status, refused = staff.patch(f"{PLUGINS}rating_field/", {"enabled": "perhaps"})
    assert (status, refused["error"]) == (400, "ERROR_REQUEST_BODY_VALIDATION")
    with begin():
        left = connection().execute(sa.text("SELECT count(*) FROM core.plugin_state WHERE NOT enabled")).scalar()
    assert left == 0
