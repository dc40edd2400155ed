"""A database with every type of field and view there is, each used in all ways that a copy has to follow."""

from __future__ import annotations

import io
from typing import Any

from plugin_api.platform import registry
from tests.world import TYPES, World

VIEWS = "/api/database/views"
ROWS = "/api/database/rows/table"
Json = dict[str, Any]


def everything(api: Any) -> World:
    """The database. It fails for a type of field or view that is registered and not in it: add it to `tests.world`."""
    world = World(api)
    _fields(world)
    _rows(world)
    _limit(world)
    for body in world.bodies()["create_database_table_view"]:
        _view(world, {**body, "name": f"A {body['type']}"})
    _grid(world)
    _form(world)
    _rules(world)
    _complete(world)
    return world


def _fields(world: World) -> None:
    """Fields that need others."""
    base, table, link = world.base, world.table_id, world.fields["link_row"]
    through = {"through_field_id": link, "target_field_id": world.target_id}
    world.fields["lookup"] = base.add_field(table, "lookup", "lookup", **through)
    world.fields["count"] = base.add_field(table, "count", "count", through_field_id=link)
    world.fields["rollup"] = base.add_field(table, "rollup", "rollup", rollup_function="count", **through)
    base.add_field(table, "names", "formula", formula="join(lookup('link_row', 'Name'), '+')")
    base.add_field(table, "deep", "formula", formula="concat(field('names'), totext(field('formula')))")
    base.add_field(table, "itself", "link_row", link_row_table_id=table, has_related_field=False)
    base.add_field(table, "one way", "link_row", link_row_table_id=world.other_id, has_related_field=False)
    base.add_field(world.other_id, "back", "lookup", through_field_name="Table", target_field_name="Name")
    options = [{"id": -1, "value": "m", "color": "red"}, {"id": -2, "value": "n", "color": "blue"}]
    base.add_field(table, "state", "single_select", select_options=options, single_select_default=-2)
    base.add_field(table, "marks", "multiple_select", select_options=options, multiple_select_default=[-1, -2])
    unique = [{"type_name": "unique_with_empty"}]
    base.add_field(table, "code", "text", field_constraints=unique, db_index=True, text_default="")
    _change(world, base.add_field(table, "told", "text", description="What it is for"), text_default="as told")


def _change(world: World, field_id: int, **settings: Any) -> None:
    _ok(world.api.patch(f"/api/database/fields/{field_id}/", settings))


def _rows(world: World) -> None:
    """Values in all fields, and an order that is not that of the ids."""
    api, table, me = world.api, world.table_id, world.api.user["id"]
    people = {f"field_{world.fields['multiple_collaborators']}": [{"id": me}]}
    text = {"file": (io.BytesIO(b"text"), "a.txt")}
    upload = _ok(api.call("POST", "/api/user-files/upload-file/", data=text))
    files = {f"field_{world.fields['file']}": [{"name": upload["name"], "visible_name": "seen.txt"}]}
    for row in (1, 2):
        _ok(api.patch(f"{ROWS}/{table}/{row}/", {**world.row(), **people, **files}))
    more = {"itself": [1], "one way": ["q"], "state": "m", "marks": ["n"], "code": "c"}
    _ok(api.patch(f"{ROWS}/{table}/3/?user_field_names=true", more))
    _ok(api.patch(f"{ROWS}/{table}/3/move/?before_id=1"))


def _limit(world: World) -> None:
    """A link whose choice is limited to the rows of a view."""
    limit = world.api.get(f"{VIEWS}/table/{world.other_id}/")[1][0]["id"]
    _change(world, world.fields["link_row"], link_row_limit_selection_view_id=limit)


def _view(world: World, body: Json) -> None:
    view = _ok(world.api.post(f"{VIEWS}/table/{world.table_id}/", body))["id"]
    _part(world, view, "filters", _by_option(world))
    _part(world, view, "sortings", {"field": world.primary_id, "order": "DESC"})
    for decoration in world.bodies()["create_database_table_view_decoration"]:
        _part(world, view, "decorations", decoration)


def _by_option(world: World) -> Json:
    fields = {field["name"]: field for field in world.base.fields(world.table_id)}
    option = fields["single_select"]["select_options"][0]["id"]
    return {"field": world.fields["single_select"], "type": "single_select_equal", "value": str(option)}


def _part(world: World, view_id: int, parts: str, body: Json) -> Json:
    """Add a part to a view, if views of its type have such."""
    status, answer = world.api.post(f"{VIEWS}/{view_id}/{parts}/", body)
    assert status == 200 or "NOT_SUPPORTED" in answer["error"], answer
    return dict(answer)


def _grid(world: World) -> None:
    """The grid has everything a view can have: groups in groups, group-bys, decorations, figures, a password."""
    view, made = world.view_id, world.bodies()
    for parts, part in (("filters", "filter"), ("sortings", "sort"), ("group_bys", "group")):
        for body in made[f"create_database_table_view_{part}"]:
            _ok(world.api.post(f"{VIEWS}/{view}/{parts}/", body))
    for decoration in made["create_database_table_view_decoration"]:
        _ok(world.api.post(f"{VIEWS}/{view}/decorations/", decoration))
    outer = world.parts["view_filter_group_id"]
    inner = _ok(world.api.post(f"{VIEWS}/{view}/filter-groups/", {"filter_type": "OR", "parent_group": outer}))["id"]
    for body in (_by_option(world), {"field": world.primary_id, "type": "not_empty", "value": ""}):
        _ok(world.api.post(f"{VIEWS}/{view}/filters/", {**body, "group": inner}))
    figures = {"aggregation_type": "sum", "aggregation_raw_type": "sum"}
    options = {str(world.fields["number"]): {"width": 77, "hidden": True, "order": 4, **figures}}
    _ok(world.api.patch(f"{VIEWS}/{view}/field-options/", {"field_options": options}))
    settings = {"filter_type": "OR", "row_height_size": "large", "row_identifier_type": "count"}
    _ok(world.api.patch(f"{VIEWS}/{view}/", {**settings, "public": True, "public_view_password": "a password"}))


def _form(world: World) -> None:
    """A form with questions under conditions, in groups, and some of a field's options."""
    api, table, fields = world.api, world.table_id, world.fields
    body = {"name": "Asks", "type": "form", "public": True, "title": "T", "submit_action_message": "Thanks"}
    view = _ok(api.post(f"{VIEWS}/table/{table}/", body))["id"]
    option = next(found for found in world.base.fields(table) if found["name"] == "single_select")["select_options"][1]
    by_option = {"id": 1, "field": fields["single_select"], "type": "single_select_equal", "value": str(option["id"])}
    by_name = {"id": 2, "field": world.primary_id, "type": "contains", "value": "a", "group": 1}
    asked = {"enabled": True, "required": False, "name": "How?", "description": "Say", "order": 3}
    only_if = {
        "show_when_matching_conditions": True,
        "condition_type": "OR",
        "conditions": [by_option, by_name],
        "condition_groups": [{"id": 1, "filter_type": "AND"}],
    }
    some = {"enabled": True, "include_all_select_options": False, "allowed_select_options": [option["id"]]}
    options = {fields["number"]: {**asked, **only_if}, fields["single_select"]: some, world.primary_id: asked}
    wanted = {"field_options": {str(field): value for field, value in options.items()}}
    _ok(api.patch(f"{VIEWS}/{view}/field-options/", wanted))


def _rules(world: World) -> None:
    """Who may write a field."""
    path = f"/api/field-permissions/{world.fields['rating']}/"
    _ok(world.api.patch(path, {"role": "BUILDER", "allow_in_forms": True}))


def _complete(world: World) -> None:
    used = {field["type"] for table in world.base.tables() for field in world.base.fields(table["id"])}
    assert _known("field_types") <= used, f"not in this database: {_known('field_types') - used}"
    views = {view["type"] for view in world.api.get(f"{VIEWS}/table/{world.table_id}/")[1]}
    assert _known("view_types") <= views, f"not in this database: {_known('view_types') - views}"
    assert set(TYPES) <= used


def _known(name: str) -> set[str]:
    """The registered types but for those of the tests' own plugin."""
    found = registry(name)
    return {kind for kind in found if found.provider(kind) != "lab"}


def _ok(answer: tuple[int, Any]) -> Any:
    assert answer[0] in (200, 202), answer
    return answer[1]
