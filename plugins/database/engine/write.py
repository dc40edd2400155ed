"""Writing rows: whole batches, one statement each, answering the rows as the API shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from plugin_api import context
from plugin_api.db import connection
from plugin_api.errors import TryAgain
from plugin_api.fields import Column, Field
from plugins.database.engine import places
from plugins.database.engine.ddl import type_sql
from plugins.database.engine.read import renamed
from plugins.database.shape import SelectList, TableShape, compile_columns, schema_name

_IN_ORDER = 't."order", t.id'
_NAME_SHOWN = 255


@dataclass(frozen=True)
class Updated:
    """What an update changed: the rows before (by id; no links) and after (in row order), as JSON arrays.

    stored: the written columns before and after as they are stored, when they are needed to undo the update.
    """

    before: bytes
    after: bytes
    stored: tuple[Sequence[Mapping[str, Any]], Sequence[Mapping[str, Any]]] | None = None


def stored(shape: TableShape, fields: Sequence[Field]) -> list[tuple[Field, Column]]:
    """The fields that have a column, with it."""
    pairs = ((field, shape.type_of(field).column(field)) for field in fields)
    return [(field, column) for field, column in pairs if column is not None]


def insert(
    shape: TableShape,
    fields: Sequence[Field],
    rows: Sequence[Mapping[str, Any]],
    select_list: SelectList,
    before_id: int | None = None,
) -> bytes:
    """Insert checked rows ({column: JSON}) in their order at the end, or before a row; answers them as JSON.

    `fields` are those with values in `rows`; others get their column's default.
    """
    written = stored(shape, fields)
    names = "".join(f', "{field.column}"' for field, _ in written)
    values = "".join(f', x."{field.column}"' for field, _ in written)
    sql = (
        f"WITH place AS ({_place(shape, before_id)}),"
        f" x AS (SELECT * FROM json_to_recordset(%(rows)s::json) AS x(n bigint{_record(written)})),"
        f' new AS (INSERT INTO {shape.full_name} ("order", created_by, last_modified_by{names})'
        f" SELECT place.low + (x.n + 1) * place.step, %(user_id)s, %(user_id)s{values} FROM x, place ORDER BY x.n"
        f" RETURNING *), counted AS ({places.noting(shape, 'new')})"
        f" SELECT ({_json_of('new', select_list, _IN_ORDER)}), ({version_sql(shape)})"
    )
    numbered = [{"n": n, **row} for n, row in enumerate(rows)]
    parameters = {
        "rows": orjson.dumps(numbered).decode(),
        "user_id": context.actor().user_id,
        "before_id": before_id,
        "size": len(rows),
    }
    made, version = connection().exec_driver_sql(sql, parameters).one()
    require_version(shape, version)
    return _rows(made, select_list)


def version_sql(shape: TableShape) -> str:
    """SQL for the version the table has now, to be read by the statement that writes."""
    return f'SELECT version FROM database."table" WHERE id = {shape.id}'


def require_version(shape: TableShape, version: int | None) -> None:
    """TryAgain when the table has another shape by now than the one the statement was made for."""
    if version != shape.version:
        raise TryAgain("The table's fields were changed while the rows were written. Try again.")


def _place(shape: TableShape, before_id: int | None) -> str:
    """The order value below the new rows and the step between them."""
    table = f"{shape.full_name} WHERE trashed_on IS NULL"
    if before_id is None:
        return f'SELECT coalesce(floor(max("order")), 0) AS low, 1::numeric AS step FROM {table}'
    return (
        'SELECT low, (high - low) / (%(size)s + 1) AS step FROM (SELECT b."order" AS high,'
        f' coalesce((SELECT max(a."order") FROM {shape.full_name} a WHERE a."order" < b."order"'
        ' AND a.trashed_on IS NULL), b."order" - 1) AS low'
        f" FROM {shape.full_name} b WHERE b.id = %(before_id)s) neighbours"
    )


def update(
    shape: TableShape,
    fields: Sequence[Field],
    rows: Sequence[Mapping[str, Any]],
    select_list: SelectList,
    before_list: SelectList,
) -> Updated:
    """Update checked rows ({"id": ..., column: JSON}); a row keeps the columns it does not give.

    before_list: what to tell of the rows before. Links need not be in it: this statement does not change them.
    Rows that are not there are left out of the answer: compare the ids.
    """
    written = stored(shape, fields)
    columns = [field.column for field, _ in written]
    uneven = any(column not in row for row in rows for column in columns)
    sets = "".join(f', "{field.column}" = {_new_value(field, uneven)}' for field, _ in written)
    keys = ", given text[]" if uneven else ""
    sql = (
        f"WITH x AS (SELECT * FROM json_to_recordset(%(rows)s::json) AS x(id bigint{keys}{_record(written)})),"
        f" old AS (SELECT t.* FROM {shape.full_name} t WHERE t.id IN (SELECT id FROM x)"
        " AND t.trashed_on IS NULL ORDER BY t.id FOR NO KEY UPDATE),"
        f" new AS (UPDATE {shape.full_name} t SET updated_on = now(), last_modified_by = %(user_id)s{sets}"
        " FROM x JOIN old ON old.id = x.id WHERE t.id = x.id RETURNING t.*)"
        f" SELECT ({_json_of('old', before_list, 't.id')}), ({_json_of('new', select_list, _IN_ORDER)}),"
        f" ({version_sql(shape)}){_stored_sql(written) if undoable() else ', NULL, NULL'}"
    )
    given = [{**row, "given": [key for key in row if key != "id"]} for row in rows] if uneven else rows
    parameters = {"rows": orjson.dumps(given).decode(), "user_id": context.actor().user_id}
    before, after, version, was, now = connection().exec_driver_sql(sql, parameters).one()
    require_version(shape, version)
    kept = None if was is None else (was, now)
    return Updated(_rows(before, before_list), _rows(after, select_list), kept)


def undoable() -> bool:
    """Whether the user may undo what is done now: only clients that name their session can."""
    running = context.current()
    return running.client_session_id is not None and running.command == "DO"


def _stored_sql(written: Sequence[tuple[Field, Column]]) -> str:
    columns = "".join(f', t."{field.column}"' for field, _ in written)
    found = (f"SELECT t.id{columns} FROM {relation} t ORDER BY t.id" for relation in ("old", "new"))
    return "".join(f", (SELECT json_agg(row_to_json(r)) FROM ({rows}) r)" for rows in found)


def _new_value(field: Field, uneven: bool) -> str:
    value = f'x."{field.column}"'
    if not uneven:
        return value
    return f"CASE WHEN '{field.column}' = ANY(x.given) THEN {value} ELSE t.\"{field.column}\" END"


def trash(shape: TableShape, row_ids: Sequence[int], select_list: SelectList) -> tuple[bytes, list[str]]:
    """Put rows into the trash; answers those that were there as JSON, and their names."""
    sql = (
        f"WITH old AS (SELECT id FROM {shape.full_name} WHERE id = ANY(%(ids)s) AND trashed_on IS NULL"
        " ORDER BY id FOR NO KEY UPDATE),"
        f" gone AS (UPDATE {shape.full_name} t SET trashed_on = now() FROM old WHERE t.id = old.id RETURNING t.*),"
        f" counted AS ({places.noting(shape, 'gone', '-')})"
        f" SELECT ({_json_of('gone', select_list, _IN_ORDER)}),"
        f" (SELECT json_agg(left({_name(shape)}, {_NAME_SHOWN}) ORDER BY {_IN_ORDER}) FROM gone AS t),"
        f" ({version_sql(shape)})"
    )
    gone, names, version = connection().exec_driver_sql(sql, {"ids": list(row_ids)}).one()
    require_version(shape, version)
    return _rows(gone, select_list), names or []


def _name(shape: TableShape) -> str:
    """SQL for the name of the row `t`."""
    primary = shape.primary
    if primary is None:
        return "''"
    name = shape.compiled("name", lambda: compile_columns([shape.type_of(primary).text(primary, shape.row)], shape.row))
    return f"coalesce(({name.rpartition(' AS ')[0] or name})::text, '')"


def restore(shape: TableShape, row_ids: Sequence[int]) -> int:
    """Take rows out of the trash; answers how many there were."""
    sql = (
        f"WITH old AS (SELECT id FROM {shape.full_name} WHERE id = ANY(%(ids)s) AND trashed_on IS NOT NULL"
        " ORDER BY id FOR NO KEY UPDATE),"
        f" back AS (UPDATE {shape.full_name} t SET trashed_on = NULL FROM old WHERE t.id = old.id RETURNING t.*),"
        f" counted AS ({places.noting(shape, 'back')})"
        f" SELECT (SELECT count(*) FROM back), ({version_sql(shape)})"
    )
    restored, version = connection().exec_driver_sql(sql, {"ids": list(row_ids)}).one()
    require_version(shape, version)
    return int(restored)


def remove(workspace_id: int, table_id: int, row_ids: Sequence[int]) -> None:
    """Remove rows in the trash for good, with their links and history."""
    rows = f'"{schema_name(workspace_id)}"."table_{table_id}"'
    sql = (
        f"WITH gone AS (DELETE FROM {rows} WHERE id = ANY(%(ids)s) AND trashed_on IS NOT NULL RETURNING id)"
        " DELETE FROM database.row_history h USING gone WHERE h.table_id = %(table_id)s AND h.row_id = gone.id"
    )
    connection().exec_driver_sql(sql, {"ids": list(row_ids), "table_id": table_id})


def next_row(shape: TableShape, row_id: int) -> int | None:
    """The row that follows another one; None for the last."""
    sql = (
        f"SELECT n.id FROM {shape.full_name} t, LATERAL (SELECT id FROM {shape.full_name} o"
        ' WHERE (o."order", o.id) > (t."order", t.id) AND o.trashed_on IS NULL ORDER BY o."order", o.id LIMIT 1) n'
        " WHERE t.id = %(id)s"
    )
    found: int | None = connection().exec_driver_sql(sql, {"id": row_id}).scalar()
    return found


def move(shape: TableShape, row_id: int, before_id: int | None, select_list: SelectList) -> bytes:
    """Move a row before another one, or to the end; answers it as JSON."""
    sql = (
        f"WITH place AS ({_place(shape, before_id)}),"
        f' old AS (SELECT t.id, t."order" FROM {shape.full_name} t WHERE t.id = %(row_id)s AND t.trashed_on IS NULL'
        " FOR NO KEY UPDATE),"
        f' moved AS (UPDATE {shape.full_name} t SET "order" = place.low + place.step FROM place, old'
        " WHERE t.id = old.id RETURNING t.*),"
        f" left_behind AS ({places.noting(shape, 'old WHERE EXISTS (SELECT FROM moved)', '-')}),"
        f" counted AS ({places.noting(shape, 'moved')})"
        f" {_json_of('moved', select_list, 't.id')}"
    )
    parameters = {"row_id": row_id, "before_id": before_id, "size": 1}
    return _rows(connection().exec_driver_sql(sql, parameters).scalar_one(), select_list)


def _record(written: Sequence[tuple[Field, Column]]) -> str:
    return "".join(f', "{field.column}" {type_sql(column)}' for field, column in written)


def _json_of(relation: str, select_list: SelectList, order: str) -> str:
    inner = f"SELECT {select_list.sql} FROM {relation} AS t ORDER BY {order}"
    return f"SELECT json_agg(row_to_json(r))::text FROM ({inner}) r"


def _rows(found: str | None, select_list: SelectList) -> bytes:
    return renamed(found.encode() if found else b"[]", select_list)


_SMALLEST_GAP = "0.0000000000000001"


def gap_is_used_up(shape: TableShape) -> str:
    """SQL: whether there is hardly any room left before the row `before_id`."""
    return (
        f'SELECT b."order" - coalesce((SELECT max(a."order") FROM {shape.full_name} a WHERE a."order" < b."order"'
        f' AND a.trashed_on IS NULL), b."order" - 1) < {_SMALLEST_GAP}'
        f" FROM {shape.full_name} b WHERE b.id = %(before_id)s"
    )


def renumber(shape: TableShape) -> str:
    """SQL: number all rows 1, 2, 3, ... in the order they have."""
    return (
        f'UPDATE {shape.full_name} t SET "order" = n.place FROM (SELECT id, row_number() OVER (ORDER BY "order", id)'
        f" AS place FROM {shape.full_name}) n WHERE n.id = t.id"
    )
