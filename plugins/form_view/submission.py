"""Filling in a form: the values become a row, or the answer says what is wrong with each of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from plugin_api import events, limits
from plugin_api.db import connection
from plugin_api.errors import body_invalid, problem
from plugin_api.fields import is_empty
from plugin_api.permissions import require
from plugin_api.settings import setting
from plugins.database.rows.prepare import PreparedRows, prepare
from plugins.database.rows.service import insert_rows
from plugins.form_view.conditions import is_conditional, matching
from plugins.form_view.public import Asked, Form, form_of
from plugins.form_view.settings import NOTIFIED

_CREATE_ROW = "database.table.create_row"
SUBMIT_FORM = "submit_form"
SUBMITTED = "form_submitted"

_SECONDS = 3600

Values = dict[str, Any]
Problems = list[dict[str, str]]


def submit(slug: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """Make a row of the values; everything about it commits together, or nothing does."""
    form = form_of(slug)
    if not form.found.view.public:
        require(_CREATE_ROW, form.found.access)
    _refuse_flood(form.found.view.id)
    values = {one.field.column: body[one.field.column] for one in form.asked if one.field.column in body}
    prepared = prepare(form.shape, [values], False, with_defaults=True)
    _refuse({**prepared.errors.get(0, {}), **_missing(form, values, prepared)})
    view, where = form.found.view, form.found.table
    named = {"form_id": view.id, "form_name": view.name}
    row = insert_rows(where, form.shape, [values], prepared, False, None, SUBMIT_FORM, named)[0]
    _refuse(_emptied(form, values, prepared, row["id"]))
    _announce(form, values, row["id"])
    settings = ("submit_action", "submit_action_message", "submit_action_redirect_url")
    return {**{name: form.settings[name] for name in settings}, "row_id": row["id"]}


def _refuse_flood(view_id: int) -> None:
    """Before anything is looked at: whoever is refused still has what they filled in, and may send it later."""
    code, detail = "ERROR_TOO_MANY_FORM_SUBMISSIONS", "This form was filled in too often. Nothing was stored."
    most_of_one, most = setting("form_submissions_of_address"), setting("form_submissions")
    limits.refuse_flood(most_of_one, most, f"form_submissions:{view_id}", _SECONDS, code, detail)


def _refuse(problems: Mapping[str, Any]) -> None:
    if problems:
        raise body_invalid(dict(problems))


def _missing(form: Form, values: Values, prepared: PreparedRows) -> dict[str, Problems]:
    """The fields that must be filled in whatever the others are, and are not."""
    found: dict[str, Problems] = {}
    for one in _required(form, False):
        column = one.field.column
        if column in prepared.errors.get(0, {}):
            continue
        if column not in values:
            found[column] = [problem("required", "This field is required.")]
        elif _is_empty(form, one, prepared):
            found[column] = _why_empty(values[column])
    return found


def _required(form: Form, conditional: bool) -> list[Asked]:
    """The required fields that are shown always, or only sometimes."""
    required = [one for one in form.asked if one.options["required"]]
    return [one for one in required if is_conditional(one.options, form.shape.by_id) == conditional]


def _is_empty(form: Form, asked: Asked, prepared: PreparedRows) -> bool:
    return is_empty(form.shape.type_of(asked.field), prepared.rows[0].get(asked.field.column))


def _why_empty(given: Any) -> Problems:
    if given is None:
        return [problem("null", "This field may not be null.")]
    if isinstance(given, str):
        return [problem("blank", "This field may not be blank.")]
    return [problem("required", "This field is required.")]


def _emptied(form: Form, values: Values, prepared: PreparedRows, row_id: int) -> dict[str, Problems]:
    """The fields that were given empty although their conditions fit the row: one query when there are such fields.

    The conditions are asked about the row itself, which was just made, so they are filters like all others.
    """
    given = [one for one in _required(form, True) if one.field.column in values and _is_empty(form, one, prepared)]
    if not given:
        return {}
    fits = matching(form.shape, row_id, [one.options for one in given])
    shown = [one.field.column for one, is_shown in zip(given, fits, strict=True) if is_shown]
    return {column: _why_empty(values[column]) for column in shown}


def _announce(form: Form, values: Values, row_id: int) -> None:
    """Tell the listeners; those who want to be told of submissions are told what was filled in."""
    view, where = form.found.view, form.found.table
    users = list(view.options.get(NOTIFIED, ()))
    payload = {
        "form_id": view.id,
        "form_name": view.name,
        "table_id": where.id,
        "table_name": where.name,
        "database_id": where.application_id,
        "row_id": row_id,
        "values": _as_texts(form, values, row_id) if users else [],
        "user_ids": users,
    }
    events.emit(SUBMITTED, payload, where.workspace_id)


def _as_texts(form: Form, values: Values, row_id: int) -> list[list[str]]:
    """What was filled in, as pairs of a field's name and the text people read: one query."""
    filled = [one.field for one in form.asked if one.field.column in values]
    if not filled:
        return []
    row = form.shape.row
    texts: Sequence[Any] = [form.shape.type_of(field).text(field, row).label(field.column) for field in filled]
    found = connection().execute(sa.select(*texts).where(row.c.id == row_id)).one()
    return [[field.name, text or ""] for field, text in zip(filled, found, strict=True)]
