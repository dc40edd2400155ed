"""What views keep for each field: reading it, with first settings for new fields, and changing it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import marshmallow as ma
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from plugin_api import actions, events
from plugin_api.db import session
from plugin_api.errors import ApiError, body_invalid, problem
from plugin_api.fields import Field
from plugin_api.schemas import as_int
from plugin_api.views import ViewType
from plugins.database.fields.store import shape, table_fields
from plugins.views import models
from plugins.views.context import ViewContext, view_context
from plugins.views.operations import READ_FIELD_OPTIONS, UPDATE_FIELD_OPTIONS

Options = dict[int, dict[str, Any]]


def read_options(view_id: int) -> dict[str, Any]:
    """The settings of all fields in a view, by field id."""
    found = view_context(view_id, READ_FIELD_OPTIONS)
    return {"field_options": all_options(found)}


def all_options(found: ViewContext) -> dict[str, Any]:
    """The settings of all fields of a view that was found, by field id."""
    fields = fields_of(found)
    return _members_options(found, current(found, fields), fields)


def _members_options(found: ViewContext, options: Options, fields: Mapping[int, Field]) -> dict[str, Any]:
    """Settings as members see them."""
    return shown_options({key: found.kind.field_options_json(own, fields[key], fields) for key, own in options.items()})


def shown_options(options: Options) -> dict[str, Any]:
    """Settings in the order of the fields in the view, by field id as text."""
    ordered = sorted(options.items(), key=lambda item: (item[1].get("order", 0), item[0]))
    return {str(field_id): found for field_id, found in ordered}


def fields_of(found: ViewContext) -> dict[int, Field]:
    """The fields of a view's table that are not in the trash, by id: one query."""
    return {row.id: shape(row, chosen) for row, chosen in table_fields(found.table.id)}


def current(found: ViewContext, fields: Mapping[int, Field]) -> Options:
    """The settings of the table's fields; fields that have none yet get their first ones. One query, or two."""
    kept = stored(found.view.id)
    missing = [field for field in fields.values() if field.id not in kept]
    if missing:
        first = found.kind.new_field_options(missing, list(kept.values()), found.view.public)
        kept.update({field.id: first.get(field.id, {}) for field in missing})
        _store(found.view.id, {field.id: kept[field.id] for field in missing}, replace=False)
    usual = found.kind.field_options_schema().load({})
    return {
        field_id: found.kind.refit_field_options({**usual, **kept[field_id]}, field)
        for field_id, field in fields.items()
    }


def settle_sharing(view: models.View, kind: ViewType) -> None:
    """Store the settings of fields that have none yet before a view is shared: which of them strangers will see.

    Fields that come later have none, and are hidden from them.
    """
    fields = [shape(row, chosen) for row, chosen in table_fields(view.table_id)]
    kept = stored(view.id)
    missing = [field for field in fields if field.id not in kept]
    if missing:
        first = kind.new_field_options(missing, list(kept.values()), True)
        _store(view.id, {field.id: first.get(field.id, {}) for field in missing}, replace=False)


def stored(view_id: int) -> Options:
    """What is stored, by field id."""
    row = models.FieldOptions
    query = sa.select(row.field_id, row.options).where(row.view_id == view_id)
    return {field_id: dict(options) for field_id, options in session().execute(query)}


def _store(view_id: int, options: Mapping[int, Mapping[str, Any]], replace: bool) -> None:
    row = models.FieldOptions
    values = [{"view_id": view_id, "field_id": field_id, "options": dict(found)} for field_id, found in options.items()]
    statement = pg.insert(row).values(values)
    keys = ["view_id", "field_id"]
    if replace:
        session().execute(
            statement.on_conflict_do_update(index_elements=keys, set_={"options": statement.excluded.options})
        )
    else:
        session().execute(statement.on_conflict_do_nothing(index_elements=keys))


def update_options(view_id: int, body: Mapping[str, Any]) -> dict[str, Any]:
    """Change settings of fields; those that are not named stay."""
    found = view_context(view_id, UPDATE_FIELD_OPTIONS, lock=True)
    fields = fields_of(found)
    before = current(found, fields)
    changes = _checked(found, body["field_options"], before)
    found.kind.check_field_options(changes, fields)
    return write(found, before, found.kind.settle_field_options(changes, before, fields), fields)


def write(
    found: ViewContext, before: Options, changes: Mapping[int, Mapping[str, Any]], fields: Mapping[int, Field]
) -> dict[str, Any]:
    """Store, record and announce settings; those of fields that are gone are left out."""
    after = {field_id: {**before[field_id], **change} for field_id, change in changes.items() if field_id in before}
    if after:
        _store(found.view.id, after, replace=True)
    shown = _members_options(found, {**before, **after}, fields)
    where = found.table
    params = {
        "view_id": found.view.id,
        "view_name": found.view.name,
        "table_id": where.id,
        "table_name": where.name,
        "before": {str(found_id): {key: before[found_id].get(key) for key in changes[found_id]} for found_id in after},
        "after": {str(field_id): dict(changes[field_id]) for field_id in after},
    }
    actions.record(
        "update_view_field_options", scope=f"view{found.view.id}", workspace_id=where.workspace_id, params=params
    )
    payload = {"table_id": where.id, "view_id": found.view.id, "field_options": shown}
    events.emit("view_field_options_updated", payload, where.workspace_id)
    return {"field_options": shown}


def put_back(view_id: int, options: Mapping[str, Mapping[str, Any]]) -> None:
    """Write settings as an action remembers them."""
    found = view_context(view_id, UPDATE_FIELD_OPTIONS, lock=True)
    fields = fields_of(found)
    write(found, current(found, fields), {int(field_id): change for field_id, change in options.items()}, fields)


def _checked(found: ViewContext, given: Mapping[str, Any], before: Options) -> Options:
    changes: Options = {}
    for key, options in given.items():
        field_id = as_int(key)
        if field_id is None:
            raise body_invalid({"field_options": [problem("invalid_key", "Settings are named by ids of fields.")]})
        try:
            changes[field_id] = dict(found.kind.field_options_schema().load(options, partial=True))
        except ma.ValidationError:
            message = f"The settings of the field {field_id} are not valid."
            raise body_invalid({"field_options": [problem("invalid_value", message)]}) from None
    strangers = set(changes) - set(before)
    if strangers:
        raise ApiError("ERROR_UNRELATED_FIELD", 400, f"The field {min(strangers)} is not in the table of the view.")
    return changes
