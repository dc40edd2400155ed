"""The parts of views: listing, adding, changing and deleting filters, groups, sortings and groupings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from plugin_api import actions, events, features
from plugin_api.db import session
from plugin_api.errors import ApiError, body_invalid, does_not_exist, problem
from plugin_api.fields import Field, FieldType, SortVariantsMixin
from plugin_api.filters import FilterType
from plugin_api.platform import registry
from plugins.database.fields import store as fields
from plugins.database.shape import field_type
from plugins.views import models, store
from plugins.views.context import ViewContext, view_context, view_of_part
from plugins.views.decorators import checked_conf
from plugins.views.grouping import can_group
from plugins.views.operations import UPDATE
from plugins.views.parts import DECORATIONS, FILTER_GROUPS, FILTERS, GROUP_BYS, SORTINGS, Part
from plugins.views.preloads import with_preloads
from plugins.views.service import not_in_table

DELETED, UNFIT = "deleted", "unfit"
_PATH = "database.table.view"
_LISTED = {FILTERS.name: "list_filter", SORTINGS.name: "list_sort", GROUP_BYS.name: "list_group_bys"}


def list_parts(part: Part, view_id: int) -> list[dict[str, Any]]:
    """The parts of a kind a view has: one query."""
    found = view_context(view_id, f"{_PATH}.{_LISTED.get(part.name, 'list_decoration')}", (part.key,))
    return _all(part, found)


def read_part(part: Part, part_id: int) -> dict[str, Any]:
    """One part."""
    return _shown(part, view_of_part(part, part_id, f"{_PATH}.{part.name}.read"), part_id)


def _shown(part: Part, found: ViewContext, part_id: int) -> dict[str, Any]:
    return next(one for one in _all(part, found) if one["id"] == part_id)


def _all(part: Part, found: ViewContext) -> list[dict[str, Any]]:
    """The parts of a kind; those that decorate do without fields that are in the trash: one more query then."""
    parts: list[dict[str, Any]] = found.parts[part.key]
    if part is DECORATIONS and parts:
        parts = store.parts_json({part.key: parts}, found.view)[part.key]
    return with_preloads(parts, found.table) if part is FILTERS else parts


def create_part(part: Part, view_id: int, values: Mapping[str, Any]) -> dict[str, Any]:
    """Add a part to a view; `values` are those of its columns."""
    found = view_context(view_id, f"{_PATH}.create_{part.name}", (part.key,), lock=True)
    made = {**values, **_check(part, found, dict(values), None)}
    if part is DECORATIONS:
        features.require("decorator_types", made["type"])
        made["order"] = 1 + max((one["order"] for one in found.parts[part.key]), default=0)
    row = part.model(view_id=view_id, **made)
    session().add(row)
    session().flush()
    session().refresh(row)
    return _announce(part, "create", "created", found, row, {})


def update_part(part: Part, part_id: int, values: Mapping[str, Any]) -> dict[str, Any]:
    """Change a part."""
    found = view_of_part(part, part_id, f"{_PATH}.{part.name}.update", lock=True)
    row = session().get_one(part.model, part_id)
    after = {**values, **_check(part, found, {**_values(part, row), **values}, row)}
    before = {column: getattr(row, column) for column in after}
    for column, value in after.items():
        setattr(row, column, value)
    session().flush()
    return _announce(part, "update", "updated", found, row, {"before": before, "after": after})


def _values(part: Part, row: Any) -> dict[str, Any]:
    return {column: getattr(row, column) for column in part.columns.values() if column not in ("id", "view_id")}


def delete_part(part: Part, part_id: int) -> None:
    """Take a part away; a group goes with all that is in it."""
    found = view_of_part(part, part_id, f"{_PATH}.{part.name}.delete", lock=True)
    row = session().get_one(part.model, part_id)
    inside = hide(part, part_id)
    _announce(part, "delete", "deleted", found, row, {"inside": inside})


def hide(part: Part, part_id: int) -> dict[str, list[int]]:
    """Mark a part as deleted, and what is in a group with it; answers which these are."""
    groups, filters = _inside(part_id) if part is FILTER_GROUPS else ([], [])
    _mark(part.model, [part_id], DELETED)
    _mark(models.FilterGroup, groups, DELETED)
    _mark(models.Filter, filters, DELETED)
    return {"groups": groups, "filters": filters}


def show(part: Part, part_id: int, inside: Mapping[str, list[int]]) -> None:
    """Bring a deleted part back, with what went with it."""
    _mark(part.model, [part_id], None)
    _mark(models.FilterGroup, inside.get("groups", []), None)
    _mark(models.Filter, inside.get("filters", []), None)


def _mark(model: Any, ids: list[int], gone: str | None) -> None:
    if ids:
        session().execute(sa.update(model).where(model.id.in_(ids)).values(gone=gone))


def _inside(group_id: int) -> tuple[list[int], list[int]]:
    """The groups and filters in a group, at any depth, that are there."""
    group = models.FilterGroup
    reached = sa.select(sa.cast(group_id, sa.BigInteger).label("id")).cte("reached", recursive=True)
    reached = reached.union(sa.select(group.id).join(reached, group.parent_id == reached.c.id))
    groups = session().scalars(
        sa.select(group.id).where(group.id.in_(sa.select(reached.c.id)), group.id != group_id, group.gone.is_(None))
    )
    inside = models.Filter.group_id.in_(sa.select(reached.c.id))
    filters = session().scalars(sa.select(models.Filter.id).where(inside, models.Filter.gone.is_(None)))
    return list(groups), list(filters)


def _announce(
    part: Part, verb: str, done: str, found: ViewContext, row: Any, params: Mapping[str, Any]
) -> dict[str, Any]:
    shown = part.json(row)
    if part is DECORATIONS:
        shown = store.parts_json({part.key: [shown]}, found.view)[part.key][0]
    elif part is FILTERS:
        shown = with_preloads([shown], found.table)[0]
    where = found.table
    named = {"view_id": found.view.id, "view_name": found.view.name, "part_id": row.id, "table_id": where.id}
    actions.record(
        f"{verb}_{part.action}",
        scope=f"view{found.view.id}",
        workspace_id=where.workspace_id,
        params={**named, "table_name": where.name, **params},
    )
    payload = {"table_id": where.id, "view_id": found.view.id, part.name: shown}
    events.emit(f"view_{part.name}_{done}", payload, where.workspace_id)
    return shown


def again(part: Part, params: Mapping[str, Any], inside: Mapping[str, list[int]]) -> None:
    """Undo the deletion of a part, or redo its creation."""
    found = view_context(params["view_id"], UPDATE, lock=True)
    show(part, params["part_id"], inside)
    _announce(part, "create", "created", found, session().get_one(part.model, params["part_id"]), {})


def _check(part: Part, found: ViewContext, values: dict[str, Any], row: Any) -> dict[str, Any]:
    """Refuse what the view's type or the field cannot have; answers what has to be stored in another form."""
    word, ability = _WORDS[part.name]
    _require(getattr(found.kind, ability), word)
    if part is FILTER_GROUPS:
        if not _has_group(found, values.get("parent_id")):
            raise _unknown("parent_group", "There is no such group in this view.")
    elif part is DECORATIONS:
        kind, conf = values["value_provider_type"], values["value_provider_conf"]
        return {"value_provider_conf": checked_conf(kind, conf)}
    else:
        _check_on_field(part, found, values, row)
    return {}


def _check_on_field(part: Part, found: ViewContext, values: dict[str, Any], row: Any) -> None:
    field, kind = _field(found, values["field_id"])
    if part is FILTERS:
        check_filter(values["type"], field, kind)
        if not _has_group(found, values.get("group_id")):
            raise does_not_exist("view_filter_group")
    else:
        _check_order(part, found, values, row, field, kind)


_WORDS = {
    "filter": ("FILTER", "can_filter"),
    "filter_group": ("FILTER", "can_filter"),
    "sort": ("SORT", "can_sort"),
    "group_by": ("GROUP_BY", "can_group"),
    "decoration": ("DECORATION", "can_decorate"),
}


def _require(possible: bool, word: str) -> None:
    if not possible:
        raise ApiError(f"ERROR_VIEW_{word}_NOT_SUPPORTED", 400, "Views of this type cannot have that.")


def _field(found: ViewContext, field_id: int) -> tuple[Field, FieldType]:
    stored = fields.find_field(field_id)
    if stored is None:
        raise _unknown("field", f"There is no field {field_id}.")
    if stored[0].table_id != found.table.id:
        raise not_in_table(field_id, found.table)
    return fields.shape(*stored), field_type(stored[0].type)


def _unknown(key: str, message: str) -> ApiError:
    """400 for a key of the body that names something that is not there."""
    return body_invalid({key: [problem("does_not_exist", message)]})


def _has_group(found: ViewContext, group_id: int | None) -> bool:
    """Whether the group is one of the view's; none at all is the top of the view."""
    if group_id is None:
        return True
    group = models.FilterGroup
    chosen = sa.select(group.id).where(group.id == group_id, group.view_id == found.view.id, group.gone.is_(None))
    return session().scalar(chosen) is not None


def check_filter(type_name: str, field: Field, kind: FieldType) -> None:
    """400 for a filter the field's values cannot have."""
    filter_type: FilterType | None = registry("filter_types").get(type_name)
    if filter_type is None or not filter_type.applies_to(kind, field):
        message = f"The filter {type_name[:100]!r} cannot be used on the field {field.name[:100]!r}."
        raise ApiError("ERROR_VIEW_FILTER_TYPE_UNSUPPORTED_FIELD", 400, message)


def _check_order(
    part: Part, found: ViewContext, values: Mapping[str, Any], row: Any, field: Field, kind: FieldType
) -> None:
    word = _WORDS[part.name][0]
    if not can_order(kind, values["type"]) or (part is GROUP_BYS and not can_group(kind, field)):
        message = f"Rows cannot be ordered by {field.name[:100]!r} that way."
        raise ApiError(f"ERROR_VIEW_{word}_FIELD_NOT_SUPPORTED", 400, message)
    same = [one for one in found.parts[part.key] if one["field"] == field.id and (row is None or one["id"] != row.id)]
    if same:
        message = f"The view is ordered by {field.name[:100]!r} already."
        raise ApiError(f"ERROR_VIEW_{word}_FIELD_ALREADY_EXISTS", 400, message)


def can_order(kind: FieldType, variant: str) -> bool:
    """Whether rows can be ordered by a field of a type in a way."""
    if variant == "default":
        return kind.can_sort
    return kind.can_sort and isinstance(kind, SortVariantsMixin) and variant in kind.sort_variants
