"""The job that duplicates a field, with its values when they are wanted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from plugin_api import jobs
from plugin_api.computed import ComputedMixin
from plugin_api.db import connection
from plugin_api.fields import CreatedMixin, Field, SelectOptionsMixin
from plugin_api.jobs import JobRun, JobType
from plugin_api.links import LinkMixin
from plugins.database import models
from plugins.database.context import TableContext, table_of_field
from plugins.database.fields import service, store
from plugins.database.fields.locks import change_shape
from plugins.database.fields.settle import settle
from plugins.database.shape import field_type, rows_table, schema_name

_NAME_LENGTH = 255
_OPERATION = "database.table.field.duplicate"


def duplicate_field(field_id: int, with_data: bool) -> dict[str, Any]:
    """Start the job; answers its JSON."""
    where = table_of_field(field_id, _OPERATION)
    original = store.field_json(*service.existing(field_id), where)
    return jobs.start("duplicate_field", field_id=field_id, duplicate_data=with_data, original_field=original)


class DuplicateFieldJob(JobType):
    """Adds a copy of a field to its table."""

    type = "duplicate_field"

    def run(self, job: JobRun) -> None:
        """Make the field, then copy the values."""
        copied = copy_field(job.params["field_id"], bool(job.params["duplicate_data"]))
        job.progress(100)
        job.result({"duplicated_field": copied})

    def serialize(self, params: Mapping[str, Any], result: Mapping[str, Any]) -> dict[str, Any]:
        """The field and, at the end, its copy."""
        return {"original_field": params["original_field"], "duplicated_field": result.get("duplicated_field")}


def copy_field(field_id: int, with_data: bool) -> dict[str, Any]:
    """A copy of a field under a free name; with `with_data`, with the values of all rows."""
    where = table_of_field(field_id, _OPERATION)
    service.lock_shape(where)
    row, options = service.existing(field_id)
    service.require_usable(row.type)
    original = store.shape(row, options)
    copy_row, copy = service.add_field(where, _as_body(row, original, service.taken_names(where.id)))
    if isinstance(field_type(row.type), ComputedMixin):
        settle(where, [copy.id], {copy.id: None})
        copy_row, _ = service.existing(copy.id)
    elif with_data:
        change_shape(lambda: _copy_values(where, original, copy))
    params = {"original_field_id": row.id, "original_field_name": row.name, "duplicate_data": with_data}
    return service.announce(where, "duplicate_field", "field_created", copy_row, copy.select_options, params)


def _as_body(row: models.Field, original: Field, taken: Mapping[str, int]) -> dict[str, Any]:
    return {
        **original.options,
        "name": free_name(row.name, set(taken)),
        "type": row.type,
        "description": row.description,
        "db_index": row.db_index,
        "field_constraints": row.field_constraints,
        "select_options": [{"id": old.id, "value": old.value, "color": old.color} for old in original.select_options],
    }


def free_name(name: str, taken: set[str]) -> str:
    """The name with the first number that makes it free: "Age 2", "Age 3", ..."""
    base = re.sub(r" \d+$", "", name) or name
    for number in range(2, len(taken) + 3):
        ending = f" {number}"
        found = base[: _NAME_LENGTH - len(ending)] + ending
        if found not in taken:
            return found
    raise AssertionError("among more numbers than fields one is free")


def _copy_values(where: TableContext, original: Field, copy: Field) -> None:
    kind = field_type(original.type)
    if isinstance(kind, LinkMixin):
        _copy_pairs(kind, where, original, copy)
    if kind.column(original) is None:
        return
    row = rows_table(where.workspace_id, where.id, [original, copy])
    value: sa.ColumnElement[Any] = row.c[original.column]
    if isinstance(kind, SelectOptionsMixin):
        pairs = zip(original.select_options, copy.select_options, strict=True)
        value = kind.remapped(value, {old.id: new.id for old, new in pairs})
    connection().execute(sa.update(row).values({copy.column: value}))
    if isinstance(kind, CreatedMixin):
        kind.filled(copy, row, connection())


def _copy_pairs(kind: LinkMixin, where: TableContext, original: Field, copy: Field) -> None:
    """Let the copy of a link link the same rows."""
    schema = schema_name(where.workspace_id)
    old, new = kind.relation(original, schema), kind.relation(copy, schema)
    chosen = sa.select(old.table.c[old.own], old.table.c[old.other])
    connection().execute(sa.insert(new.table).from_select([new.own, new.other], chosen))


job_types: list[JobType] = [DuplicateFieldJob()]
