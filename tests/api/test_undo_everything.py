"""Every action that can be undone, on a database with everything: there, back again and there once more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from core.actions.types import ActionTypes
from plugin_api.platform import service
from tests.alike import Likeness, differences
from tests.everything import everything
from tests.sessions import DONE
from tests.tables import TABLES
from tests.world import World

VIEWS = "/api/database/views"
ROWS = "/api/database/rows/table"
FIELDS = "/api/database/fields"
Step = Callable[[World], tuple[int, Any]]


def _named(world: World, name: str) -> int:
    return int(next(field["id"] for field in world.base.fields(world.table_id) if field["name"] == name))


def _patch(path: str, **body: Any) -> Step:
    return lambda world: world.api.patch(path.format(**world.ids, w=world), body)


def _post(path: str, **body: Any) -> Step:
    return lambda world: world.api.post(path.format(**world.ids, w=world), body)


def _delete(path: str, **_: Any) -> Step:
    return lambda world: world.api.delete(path.format(**world.ids, w=world))


def _changed(name: str, /, **settings: Any) -> Step:
    """Change one of the fields."""
    return lambda world: world.api.patch(f"{FIELDS}/{_named(world, name)}/", settings)


def _gone(name: str) -> Step:
    return lambda world: world.api.delete(f"{FIELDS}/{_named(world, name)}/")


def _made(operation: str, path: str, n: int = 0) -> Step:
    """Something the world has a body for."""
    return lambda world: world.api.post(path.format(**world.ids, w=world), world.bodies()[operation][n])


def _updated(operation: str, path: str) -> Step:
    return lambda world: world.api.patch(path.format(**world.ids, w=world), world.bodies()[operation][0])


def _row(world: World) -> tuple[int, Any]:
    return world.api.post(f"{ROWS}/{world.table_id}/", world.row())


def _rows(world: World) -> tuple[int, Any]:
    items = [{"code": f"c{n}", "Name": "new", "link_row": ["p"], "itself": [1, 2]} for n in range(3)]
    return world.api.post(f"{ROWS}/{world.table_id}/batch/?user_field_names=true", {"items": items})


def _changed_rows(world: World) -> tuple[int, Any]:
    items = [{"id": row, "number": "9", "link_row": [], "multiple_select": ["y"], "file": []} for row in (1, 2, 3)]
    return world.api.patch(f"{ROWS}/{world.table_id}/batch/?user_field_names=true", {"items": items})


def _changed_row(world: World) -> tuple[int, Any]:
    values = {"Name": "z", "link_row": ["q"], "itself": [3], "date": "2020-01-01", "boolean": False, "long_text": ""}
    return world.api.patch(f"{ROWS}/{world.table_id}/1/?user_field_names=true", values)


def _deleted_rows(world: World) -> tuple[int, Any]:
    return world.api.post(f"{ROWS}/{world.table_id}/batch-delete/", {"items": [1, 3]})


def _view_of(world: World, kind: str) -> int:
    views = world.api.get(f"{VIEWS}/table/{world.table_id}/")[1]
    return int(next(view["id"] for view in views if view["type"] == kind and view["name"] != "C"))


def _of_view(kind: str, method: str, rest: str = "", **body: Any) -> Step:
    return lambda world: world.api.call(method, f"{VIEWS}/{_view_of(world, kind)}/{rest}", body or None)


def _option(world: World) -> dict[str, Any]:
    fields = {field["name"]: field for field in world.base.fields(world.table_id)}
    kept = fields["single_select"]["select_options"][1]
    return {"select_options": [{**kept, "value": "renamed"}, {"value": "new", "color": "red"}]}


def _form_options(world: World) -> tuple[int, Any]:
    options = {str(world.fields["number"]): {"enabled": False, "name": "?", "conditions": []}}
    return world.api.patch(f"{VIEWS}/{_view_of(world, 'form')}/field-options/", {"field_options": options})


def _job(path: str) -> Step:
    return lambda world: (200, world.base.run(world.api.post(path.format(**world.ids, w=world))))


def _conversion(name: str, /, **settings: Any) -> tuple[str, Step]:
    return "update_field", _changed(name, **settings)


_OF_VIEW = VIEWS + "/{view_id}/"
STEPS: list[tuple[str, Step] | None] = [
    ("create_row", _row),
    ("create_rows", _rows),
    ("update_rows", _changed_row),
    ("update_rows", _changed_rows),
    ("move_row", _patch(ROWS + "/{table_id}/2/move/?before_id=1")),
    ("delete_row", _delete(ROWS + "/{table_id}/2/")),
    ("delete_rows", _deleted_rows),
    ("delete_row", _delete(ROWS + "/{w.other_id}/1/")),
    None,
    (
        "create_field",
        lambda world: world.api.post(
            f"{FIELDS}/table/{world.table_id}/",
            {"name": "New", "type": "link_row", "link_row_table_id": world.other_id},
        ),
    ),
    ("create_field", _post(FIELDS + "/table/{table_id}/", name="Twice", type="formula", formula="field('number')*2")),
    ("update_field", _changed("told", name="Renamed", description="Other")),
    ("update_field", lambda world: _changed("single_select", **_option(world))(world)),
    None,
    _conversion("number", type="text"),
    _conversion("multiple_select", type="text"),
    _conversion("single_select", type="long_text"),
    _conversion("date", type="text"),
    _conversion("boolean", type="number"),
    None,
    _conversion("link_row", type="text"),
    _conversion("file", type="text"),
    _conversion("duration", type="number"),
    _conversion("formula", type="text"),
    None,
    _conversion("link_row", name="linked"),
    _conversion("Name", name="Called"),
    _conversion("multiple_collaborators", type="text"),
    _conversion("rating", type="boolean"),
    _conversion("linked", link_row_limit_selection_view_id=-1),
    _conversion("state", single_select_default=None),
    _conversion("code", field_constraints=[], db_index=False),
    None,
    ("delete_field", _gone("number")),
    ("delete_field", _gone("link_row")),
    ("delete_field", _gone("single_select")),
    ("delete_field", _gone("date")),
    None,
    ("delete_field", _gone("itself")),
    ("duplicate_field", _job(FIELDS + "/{field_id}/duplicate/async/")),
    ("change_primary_field", _made("change_primary_field", FIELDS + "/table/{table_id}/change-primary-field/")),
    ("update_field_permissions", _patch("/api/field-permissions/{field_id}/", role="ADMIN", allow_in_forms=True)),
    *(("create_view", _made("create_database_table_view", VIEWS + "/table/{table_id}/", n)) for n in range(5)),
    ("create_view", _post(VIEWS + "/table/{table_id}/", name="Ask", type="form")),
    None,
    ("update_view", _patch(_OF_VIEW, name="Other", filter_type="AND", filters_disabled=True, public=False)),
    ("update_view", _of_view("kanban", "PATCH", single_select_field=None)),
    ("update_view", _of_view("form", "PATCH", title="New", mode="survey", submit_action="REDIRECT")),
    ("duplicate_view", _post(_OF_VIEW + "duplicate/")),
    ("duplicate_view", _of_view("form", "POST", "duplicate/")),
    None,
    ("delete_view", _delete(_OF_VIEW)),
    ("delete_view", _of_view("calendar", "DELETE")),
    None,
    (
        "order_views",
        lambda world: world.api.post(
            f"{VIEWS}/table/{world.table_id}/order/", {"view_ids": [_view_of(world, "form"), world.view_id]}
        ),
    ),
    ("rotate_view_slug", _post(_OF_VIEW + "rotate-slug/")),
    ("update_view_field_options", _updated("update_database_table_view_field_options", _OF_VIEW + "field-options/")),
    ("update_view_field_options", _form_options),
    *(
        (f"create_{action}", _made(f"create_database_table_view_{operation}", _OF_VIEW + path))
        for action, operation, path in (
            ("view_filter", "filter", "filters/"),
            ("view_filter_group", "filter_group", "filter-groups/"),
            ("decoration", "decoration", "decorations/"),
        )
    ),
    (
        "create_view_sort",
        lambda world: world.api.post(
            f"{VIEWS}/{world.view_id}/sortings/", {"field": _named(world, "told"), "order": "DESC"}
        ),
    ),
    (
        "create_view_group",
        lambda world: world.api.post(
            f"{VIEWS}/{world.view_id}/group_bys/", {"field": _named(world, "told"), "order": "DESC"}
        ),
    ),
    None,
    ("update_view_filter", _patch(VIEWS + "/filter/{view_filter_id}/", type="contains", value="b")),
    ("update_view_sort", _patch(VIEWS + "/sort/{view_sort_id}/", order="DESC")),
    ("update_view_group", _patch(VIEWS + "/group_by/{view_group_by_id}/", order="DESC", width=33)),
    (
        "update_decoration",
        _updated("update_database_table_view_decoration", VIEWS + "/decoration/{view_decoration_id}/"),
    ),
    ("update_view_filter_group", _patch(VIEWS + "/filter-group/{view_filter_group_id}/", filter_type="OR")),
    None,
    ("delete_view_filter", _delete(VIEWS + "/filter/{view_filter_id}/")),
    ("delete_view_sort", _delete(VIEWS + "/sort/{view_sort_id}/")),
    ("delete_view_group", _delete(VIEWS + "/group_by/{view_group_by_id}/")),
    ("delete_decoration", _delete(VIEWS + "/decoration/{view_decoration_id}/")),
    ("delete_view_filter_group", _delete(VIEWS + "/filter-group/{view_filter_group_id}/")),
    None,
    (
        "create_table",
        _post(TABLES + "database/{database_id}/", name="More", data=[["A"], ["1"]], first_row_header=True),
    ),
    ("update_table", _patch(TABLES + "{w.other_id}/", name="Others")),
    ("delete_table", _delete(TABLES + "{w.other_id}/")),
    None,
    ("delete_table", _delete(TABLES + "{table_id}/")),
    None,
    (
        "order_tables",
        lambda world: world.api.post(
            f"{TABLES}database/{world.base.id}/order/",
            {"table_ids": [found["id"] for found in reversed(world.base.tables())]},
        ),
    ),
    ("duplicate_table", _job(TABLES + "{table_id}/duplicate/async/")),
]


def _groups() -> list[list[tuple[str, Step]]]:
    """The steps that are done, and undone, together."""
    found: list[list[tuple[str, Step]]] = [[]]
    for step in STEPS:
        if step is None:
            found.append([])
        else:
            found[-1].append(step)
    return found


def _do(world: World, steps: list[tuple[str, Step]]) -> list[str]:
    """Take steps in one action group of a new session; the types of the actions."""
    group = {"ClientSessionId": str(uuid4()), "ClientUndoRedoActionGroupId": str(uuid4())}
    world.api.headers = {**world.api.headers, **group}
    for action, step in steps:
        status, answer = step(world)
        assert status in (200, 202, 204), (action, answer)
    return sorted(action for action, _ in steps)


def _replayed(world: World, way: str) -> tuple[str, list[str]]:
    status, answer = world.api.patch(f"/api/user/{way}/", {"scopes": {}})
    assert status == 200, answer
    return answer["result_code"], sorted(one["action_type"] for one in answer["actions"])


def _told(world: World) -> dict[str, Any]:
    """What the database is; of the places of views only which are before which."""
    told = Likeness(world.api, world.base.id, shared=True).told()
    for table in told.values():
        places = sorted(view["order"] for view in table["views"])
        for view in table["views"]:
            view["order"] = places.index(view["order"])
    return told


@pytest.mark.parametrize("part", range(3))
def test_every_action_on_a_database_is_undone_and_redone_whole(api: Any, part: int) -> None:
    world = everything(api)
    before = _told(world)
    for steps in _groups()[part::3]:
        done = _do(world, steps)
        after = _told(world)
        assert differences(after, before)
        for way, wanted in (("undo", before), ("redo", after), ("undo", before)):
            assert _replayed(world, way) == (DONE, done)
            assert "\n".join(differences(_told(world), wanted)) == "", (way, done)


_ELSEWHERE = {
    **dict.fromkeys(
        ("create_element", "update_element", "delete_element", "move_element", "duplicate_element"),
        "tests/api/test_elements.py and every type's promises",
    ),
    "update_builder_theme": "tests/api/test_builders.py",
    "update_builder_page": "tests/api/test_builders.py",
    "order_builder_pages": "tests/api/test_builders.py",
    "delete_builder_page": "tests/api/test_builders.py",
    "duplicate_builder_page": "tests/api/test_builders.py",
    "create_builder_page": "tests/api/test_builders.py",
    "rotate_calendar_ical_view_slug": "tests of calendars",
    "create_data_sync_table": "tests of data syncs",
    "update_row": "single rows are changed by the action of batches",
    "create_team": "tests of teams",
    "update_team": "tests of teams",
    "delete_team": "tests of teams",
    "create_team_subject": "tests of teams",
    "delete_team_subject": "tests of teams",
}


def test_no_action_that_can_be_undone_is_left_out(app: Any) -> None:
    """Whoever adds one adds it to the steps here, or says where else it is tried."""
    tried = {*(step[0] for step in STEPS if step is not None), *(action for action, _ in ON_WORKSPACES)}
    assert set(service(ActionTypes).undoable()) - tried - _ELSEWHERE.keys() == set()
    assert not tried & _ELSEWHERE.keys()


APPLICATIONS = "/api/applications/"
ON_WORKSPACES: list[tuple[str, Step]] = [
    ("create_application", _post(APPLICATIONS + "workspace/{workspace_id}/", name="New", type="database")),
    ("update_application", _patch(APPLICATIONS + "{database_id}/", name="Called")),
    ("duplicate_application", _job(APPLICATIONS + "{database_id}/duplicate/async/")),
    (
        "order_applications",
        lambda world: world.api.post(
            f"{APPLICATIONS}workspace/{world.base.workspace_id}/order/",
            {"application_ids": [one["id"] for one in reversed(_applications(world)) if _is_in_base(world, one)]},
        ),
    ),
    ("delete_application", _delete(APPLICATIONS + "{database_id}/")),
    ("create_group", _post("/api/workspaces/", name="New")),
    ("update_group", _patch("/api/workspaces/{workspace_id}/", name="Called")),
    (
        "order_groups",
        lambda world: world.api.post(
            "/api/workspaces/order/", {"workspaces": [one["id"] for one in reversed(_workspaces(world))]}
        ),
    ),
    ("delete_group", _delete("/api/workspaces/{workspace_id}/")),
]


def _is_in_base(world: World, application: dict[str, Any]) -> bool:
    """Whether it is in the workspace of the world's database: its builder has one of its own."""
    return bool(application["workspace"]["id"] == world.base.workspace_id)


def _applications(world: World) -> list[dict[str, Any]]:
    """All applications of the user."""
    status, answer = world.api.get(APPLICATIONS)
    assert status == 200, answer
    return list(answer)


def _workspaces(world: World) -> list[dict[str, Any]]:
    """The workspaces of the user."""
    status, answer = world.api.get("/api/workspaces/")
    assert status == 200, answer
    return list(answer)


def _seen(world: World) -> list[Any]:
    """What the user has, without the times of changes."""
    kept = [{**one, "order": None} for one in [*_workspaces(world), *_applications(world)]]
    tables = [world.api.get(f"{TABLES}database/{one['id']}/") for one in _applications(world)]
    return [*kept, *tables]


def test_every_action_on_workspaces_and_applications_is_undone_and_redone(api: Any) -> None:
    world = World(api)
    _ok(api.post(f"{APPLICATIONS}workspace/{world.base.workspace_id}/", {"name": "Other", "type": "database"}))
    _ok(api.post("/api/workspaces/", {"name": "Second"}))
    for action, step in ON_WORKSPACES:
        before = _seen(world)
        _do(world, [(action, step)])
        after = _seen(world)
        assert after != before
        for way, wanted in (("undo", before), ("redo", after), ("undo", before)):
            found = _replayed(world, way)
            assert found == (DONE, [action]), (way, found)
            assert _seen(world) == wanted, (way, action)


def _ok(answer: tuple[int, Any]) -> Any:
    assert answer[0] == 200, answer
    return answer[1]
