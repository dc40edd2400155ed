"""Checking the values of links: ids or names of rows, a whole batch with one query for all its names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from plugin_api.errors import ApiError, problem
from plugin_api.fields import Batch, Field, InvalidValue, Prepared
from plugin_api.names import split_names
from plugin_api.schemas import MAX_INT

_SHOWN = 100


def prepare(field: Field, values: Sequence[Any], batch: Batch) -> Prepared:
    """Lists of row ids from lists of ids or names, or from a single one."""
    prepared = Prepared([[] for _ in values])
    parsed: dict[int, list[Any]] = {}
    for index, value in enumerate(values):
        try:
            parsed[index] = _items(field, value)
        except InvalidValue as error:
            prepared.values[index], prepared.errors[index] = None, error.detail
    ids = _ids_of_names(field, batch, _names(parsed.values()))
    for index, items in parsed.items():
        try:
            prepared.values[index] = _resolved(field, items, ids)
        except InvalidValue as error:
            prepared.values[index], prepared.errors[index] = None, error.detail
    return prepared


def _items(field: Field, value: Any) -> list[Any]:
    """The value as a list of ids or a list of names."""
    if value is None:
        raise InvalidValue("null", "This field may not be null.")
    items = _split(value) if isinstance(value, str) else value if isinstance(value, list) else [value]
    if isinstance(value, bool):
        raise InvalidValue("invalid", "", {0: [_invalid()]})
    for item in items:
        if isinstance(item, bool) or not isinstance(item, int | str) or "\0" in str(item):
            raise InvalidValue("invalid", "", [_invalid()])
    if len({type(item) for item in items}) > 1:
        raise InvalidValue("not_same_type", "Give the rows' ids or their names, not a mixture.")
    return items


def _invalid() -> dict[str, str]:
    return problem("invalid", "Give the ids of rows, as numbers, or their names.")


def _split(text: str) -> list[str]:
    """Names separated by commas; a name with commas stands in double quotes."""
    return [name.strip() for name in split_names(text) if name.strip()]


def _names(parsed: Iterable[list[Any]]) -> set[str]:
    return {item for items in parsed for item in items if isinstance(item, str)}


def _ids_of_names(field: Field, batch: Batch, names: set[str]) -> Mapping[str, int]:
    """The first row of each name: one query, or none without names."""
    assert field.linked is not None
    if not names:
        return {}
    row = field.linked.rows.alias("l")
    name = field.linked.name(row)
    wanted = sa.func.unnest(sa.bindparam("names", sorted(names), sa.ARRAY(sa.Text())))
    query = (
        sa.select(name, row.c.id)
        .where(row.c.trashed_on.is_(None), name.in_(sa.select(wanted)))
        .order_by(row.c.order.desc(), row.c.id.desc())
    )
    return {found[0]: found[1] for found in batch.connection.execute(query)}


def _resolved(field: Field, items: list[Any], ids: Mapping[str, int]) -> list[int]:
    unknown = [item for item in items if isinstance(item, str) and item not in ids]
    if unknown:
        message = f'There is no row called "{unknown[0][:_SHOWN]}" in the table "{field.name}" links to.'
        raise ApiError("ERROR_REQUEST_BODY_VALIDATION", 400, message)
    found = [ids[item] if isinstance(item, str) else item for item in items]
    unique = list(dict.fromkeys(found))
    if len(unique) > 1 and not field.options.get("link_row_multiple_relationships", True):
        raise InvalidValue("max_length", "This field takes one row only.")
    return [row_id for row_id in unique if 0 < row_id <= MAX_INT]
