"""Checking the values of links: ids or names of rows, a whole batch with one query for all its names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from plugin_api.errors import ApiError, problem
from plugin_api.fields import Batch, Field, InvalidValue, Prepared
from plugin_api.names import split_names
from plugin_api.schemas import MAX_INT

_SHOWN = 100


def prepare(field: Field, values: Sequence[Any], batch: Batch) -> Prepared:
    """Lists of row ids from lists of ids or names, or from a single one. A name no row has refuses the whole batch."""
    prepared, parsed = _parsed(field, values)
    ids = _ids_of_names(field, batch, _names(parsed.values()))
    for items in parsed.values():
        unknown = _unknown(field, items, ids)
        if unknown is not None:
            raise ApiError("ERROR_REQUEST_BODY_VALIDATION", 400, unknown)
    return _resolve(field, prepared, parsed, ids)


def prepare_import(field: Field, values: Sequence[Any], batch: Batch) -> Prepared:
    """The same for imported values: nothing is no links, and a name no row has is a problem of its row alone."""
    prepared, parsed = _parsed(field, ["" if value is None else value for value in values])
    lists = {index: found if isinstance(found, list) else [_invalid()] for index, found in prepared.errors.items()}
    prepared = Prepared(prepared.values, lists)
    ids = _ids_of_names(field, batch, _names(parsed.values()))
    for index, items in list(parsed.items()):
        unknown = _unknown(field, items, ids)
        if unknown is not None:
            prepared.values[index], prepared.errors[index] = None, [problem("invalid", unknown)]
            del parsed[index]
    return _resolve(field, prepared, parsed, ids)


def _parsed(field: Field, values: Sequence[Any]) -> tuple[Prepared, dict[int, list[Any]]]:
    """What is to be resolved yet, by index; what cannot be is told as an error."""
    prepared = Prepared([[] for _ in values])
    parsed: dict[int, list[Any]] = {}
    for index, value in enumerate(values):
        try:
            parsed[index] = _items(field, value)
        except InvalidValue as error:
            prepared.values[index], prepared.errors[index] = None, error.detail
    return prepared, parsed


def _resolve(field: Field, prepared: Prepared, parsed: Mapping[int, list[Any]], ids: Mapping[str, int]) -> Prepared:
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
    """The first row of each name: one query, or none without names.

    In an import into the table itself, only rows that were there before it have names: which of its own rows are
    there already would depend on how they are batched.
    """
    assert field.linked is not None
    if not names:
        return {}
    row = field.linked.rows.alias("l")
    name = field.linked.name(row)
    wanted = sa.func.unnest(sa.bindparam("names", sorted(names), sa.ARRAY(sa.Text())))
    named = sa.select(name.label("name"), row.c.order, row.c.id).where(row.c.trashed_on.is_(None))
    if batch.importing and field.linked.id == field.table_id:
        named = named.where(row.c.created_on < sa.func.now())
    found = named.where(name.in_(sa.select(wanted))).subquery()
    ids = sa.func.array_agg(
        pg.aggregate_order_by(found.c.id, found.c.order, found.c.id), type_=sa.ARRAY(sa.BigInteger())
    )
    query = sa.select(found.c.name, ids[1].label("id")).group_by(found.c.name)
    return {row.name: row.id for row in batch.connection.execute(query)}


def _unknown(field: Field, items: list[Any], ids: Mapping[str, int]) -> str | None:
    """What is wrong when there is a name no row has."""
    unknown = next((item for item in items if isinstance(item, str) and item not in ids), None)
    if unknown is None:
        return None
    return f'There is no row called "{unknown[:_SHOWN]}" in the table "{field.name}" links to.'


def _resolved(field: Field, items: list[Any], ids: Mapping[str, int]) -> list[int]:
    found = [ids[item] if isinstance(item, str) else item for item in items]
    unique = list(dict.fromkeys(found))
    if len(unique) > 1 and not field.options.get("link_row_multiple_relationships", True):
        raise InvalidValue("max_length", "This field takes one row only.")
    return [row_id for row_id in unique if 0 < row_id <= MAX_INT]
