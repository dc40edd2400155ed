"""Checking people: ids of members of the workspace, a whole batch with one query."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from plugin_api.db import connection
from plugin_api.errors import ApiError, problem
from plugin_api.fields import Batch, Field, InvalidValue, Prepared
from plugin_api.schemas import as_int
from plugin_api.workspaces import members
from plugins.database import models

_PERSON = sa.table("user", sa.column("id"), sa.column("name"), sa.column("email"), schema="core")


def prepare(field: Field, values: Sequence[Any], batch: Batch) -> Prepared:
    """Lists of ids from lists of objects with ids."""
    prepared = Prepared([[] for _ in values])
    for index, value in enumerate(values):
        try:
            prepared.values[index] = _ids(value)
        except InvalidValue as error:
            prepared.values[index], prepared.errors[index] = None, error.detail
    _require_members(field, batch, prepared)
    return prepared


def _ids(value: Any) -> list[int]:
    if value is None:
        raise InvalidValue("null", "This field may not be null.")
    if not isinstance(value, list):
        detail = {"non_field_errors": [problem("not_a_list", "Expected a list of people.")]}
        raise InvalidValue("not_a_list", "", detail)
    found = [_id(item) for item in value]
    errors = [error for error, _ in found]
    if any(errors):
        raise InvalidValue("invalid", "", errors)
    ids = [number for _, number in found]
    if len(set(ids)) != len(ids):
        raise ApiError("ERROR_REQUEST_BODY_VALIDATION", 400, "The same person stands more than once in the list.")
    return ids


def _id(item: Any) -> tuple[dict[str, Any], int]:
    """What is wrong with one item, and its id."""
    if not isinstance(item, dict):
        return {"non_field_errors": [problem("invalid", "Expected an object with the id of a user.")]}, 0
    if "id" not in item:
        return {"id": [problem("required", "This field is required.")]}, 0
    number = as_int(item["id"])
    if number is None:
        return {"id": [problem("invalid", "A valid whole number is required.")]}, 0
    return {}, number


def _require_members(field: Field, batch: Batch, prepared: Prepared) -> None:
    wanted = {found for ids in prepared.values if ids for found in ids}
    known = {row.id for row in _members(field, batch.connection, wanted)} if wanted else set()
    if wanted - known:
        detail = f"The user {min(wanted - known)} is not a member of the workspace."
        raise ApiError("ERROR_REQUEST_BODY_VALIDATION", 400, detail)


def by_name(field: Field) -> dict[str, int]:
    """The members of the field's workspace by name and by e-mail address."""
    return {called: row.id for row in _members(field, connection()) for called in (row.name, row.email)}


def _members(field: Field, connection: sa.Connection, ids: Iterable[int] | None = None) -> Sequence[Any]:
    """The members of the field's workspace: id, name and e-mail address."""
    table, found = models.Table, members().subquery()
    query = (
        sa.select(_PERSON.c.id, _PERSON.c.name, _PERSON.c.email)
        .join(found, found.c.user_id == _PERSON.c.id)
        .join(table, sa.and_(table.workspace_id == found.c.workspace_id, table.id == field.table_id))
        .order_by(_PERSON.c.id.desc())
    )
    if ids is not None:
        chosen = [number for number in ids if 0 < number < 2**63]
        query = query.where(_PERSON.c.id == sa.func.any(sa.bindparam("ids", chosen, sa.ARRAY(sa.BigInteger()))))
    return connection.execute(query).all()


def prepare_import(field: Field, values: Sequence[Any], batch: Batch) -> Prepared:
    """Ids of members given by name or e-mail address, several separated by commas."""
    texts = ["" if value is None else str(value) for value in values]
    known = by_name(field) if any(text.strip() for text in texts) else {}
    prepared = Prepared([[] for _ in values])
    for index, text in enumerate(texts):
        given = [name for part in text.split(",") if (name := part.strip())]
        unknown = [name for name in given if name not in known]
        if unknown:
            prepared.values[index] = None
            prepared.errors[index] = [problem("invalid", f'Nobody here is called "{unknown[0][:100]}".')]
        else:
            prepared.values[index] = list(dict.fromkeys(known[name] for name in given))
    return prepared
