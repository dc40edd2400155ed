"""Checking the values of rows: a whole batch at once, field by field, into what the engine writes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from plugin_api import context
from plugin_api.db import connection
from plugin_api.errors import ApiError, problem
from plugin_api.fields import KEEP, Batch, Field, InvalidValue, Prepared
from plugins.database.shape import TableShape


@dataclass
class PreparedRows:
    """Checked rows as {column: JSON to store}, the fields they set, and errors by row index and given key."""

    rows: list[dict[str, Any]]
    fields: list[Field] = field(default_factory=list)
    errors: dict[int, dict[str, list[dict[str, str]]]] = field(default_factory=dict)


def batch(importing: bool = False) -> Batch:
    """What this moment's batch is checked with."""
    return Batch(connection(), datetime.now(UTC), context.actor().user_id, importing)


def prepare(
    shape: TableShape, rows: Sequence[Mapping[str, Any]], user_names: bool, with_defaults: bool
) -> PreparedRows:
    """Check the values of rows given by `field_<id>` or, with `user_names`, by name.

    Unknown keys are left out, read-only fields refused. `with_defaults` (new rows) gives every field its default.
    """
    prepared, moment = PreparedRows([{} for _ in rows]), batch()
    for wanted in shape.fields:
        kind = shape.type_of(wanted)
        key = wanted.name if user_names else wanted.column
        given = [n for n, row in enumerate(rows) if key in row]
        if kind.read_only or wanted.read_only:
            refuse = _refuse_any if kind.read_only else _refuse_values
            refuse(prepared, rows, given, key)
            continue
        default = kind.default(wanted) if with_defaults else None
        if not given and default is None:
            continue
        prepared.fields.append(wanted)
        if with_defaults:
            for row in prepared.rows:
                row[wanted.column] = default
        if given:
            _merge(prepared, wanted, key, given, kind.prepare(wanted, [rows[n][key] for n in given], moment))
    return prepared


def sparing(prepare: Callable[[Sequence[Any]], Prepared], values: Sequence[Any]) -> Prepared:
    """What `prepare` makes of the values; of types that refuse a whole batch for one value, which ones they are."""
    try:
        return prepare(values)
    except (ApiError, InvalidValue):
        prepared = Prepared([None] * len(values))
    for n, value in enumerate(values):
        try:
            single = prepare([value])
        except ApiError as error:
            prepared.errors[n] = [problem("invalid", str(error.detail))]
        except InvalidValue as error:
            prepared.errors[n] = error.detail
        else:
            prepared.values[n] = single.values[0]
            if single.errors:
                prepared.errors[n] = single.errors[0]
    return prepared


def _refuse_any(prepared: PreparedRows, rows: Sequence[Mapping[str, Any]], given: Sequence[int], key: str) -> None:
    for index in given:
        if rows[index][key] is None:
            prepared.errors.setdefault(index, {})[key] = [problem("null", "This field may not be null.")]
            continue
        detail = f'The field "{key}" is read-only: leave it out. Its values are made by the server.'
        raise ApiError("ERROR_REQUEST_BODY_VALIDATION", 400, detail)


def _refuse_values(prepared: PreparedRows, rows: Sequence[Mapping[str, Any]], given: Sequence[int], key: str) -> None:
    for index in given:
        message = "The values of this field come from elsewhere and cannot be changed here."
        prepared.errors.setdefault(index, {})[key] = [problem("read_only", message)]


def _merge(prepared: PreparedRows, wanted: Field, key: str, given: Sequence[int], checked: Prepared) -> None:
    for n, value in zip(given, checked.values, strict=True):
        if value is not KEEP:
            prepared.rows[n][wanted.column] = value
    for index, problems in checked.errors.items():
        prepared.errors.setdefault(given[index], {})[key] = problems
