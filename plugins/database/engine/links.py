"""Writing links: the pairs of a whole batch of rows, or of all rows of an import, by one statement a field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import orjson

from plugin_api.db import connection
from plugin_api.fields import Field
from plugin_api.links import LinkMixin, Relation
from plugins.database.shape import TableShape, schema_name


@dataclass(frozen=True)
class ChangedPairs:
    """The rows whose links changed: those that have the field, and those of the other table."""

    field: Field
    own: list[int]
    other: list[int]


def relation_of(shape: TableShape, field: Field) -> Relation:
    """The pairs of one of a table's link fields."""
    kind = shape.type_of(field)
    assert isinstance(kind, LinkMixin)
    return kind.relation(field, schema_name(shape.workspace_id))


def quoted(relation: Relation) -> str:
    """The relation's quoted name for SQL text."""
    return f'"{relation.table.schema}"."{relation.table.name}"'


def set_links(shape: TableShape, field: Field, wanted: Mapping[int, Sequence[int]]) -> ChangedPairs:
    """Make the links of rows exactly those given, by row id. Ids of rows that are not there are left out.

    Pairs with rows in the trash stay: they are seen again when such a row is restored.
    """
    assert field.linked is not None
    relation = relation_of(shape, field)
    own, other, pairs = relation.own, relation.other, quoted(relation)
    rows = f'"{field.linked.rows.schema}"."{field.linked.rows.name}"'
    sql = (
        "WITH given AS (SELECT x.row_id, unnest(x.ids) AS id"
        " FROM json_to_recordset(%(wanted)s::json) AS x(row_id bigint, ids bigint[])),"
        f" there AS (SELECT g.row_id, r.id FROM given g JOIN {rows} r ON r.id = g.id AND r.trashed_on IS NULL),"
        f" gone AS (DELETE FROM {pairs} p USING {rows} r WHERE p.{own} = ANY(%(ids)s) AND r.id = p.{other}"
        " AND r.trashed_on IS NULL"
        f" AND NOT EXISTS (SELECT FROM there t WHERE t.row_id = p.{own} AND t.id = p.{other})"
        f" RETURNING p.{own} AS own, p.{other} AS other),"
        f" new AS (INSERT INTO {pairs} ({own}, {other}) SELECT row_id, id FROM there ORDER BY id, row_id"
        f" ON CONFLICT DO NOTHING RETURNING {own} AS own, {other} AS other)"
        " SELECT own, other FROM gone UNION ALL SELECT own, other FROM new"
    )
    given = [{"row_id": row_id, "ids": list(ids)} for row_id, ids in wanted.items()]
    parameters = {"wanted": orjson.dumps(given).decode(), "ids": list(wanted)}
    changed = connection().exec_driver_sql(sql, parameters).all()
    return ChangedPairs(field, sorted({row.own for row in changed}), sorted({row.other for row in changed}))


@dataclass(frozen=True)
class Staged:
    """Links in temporary tables, as SQL.

    given: the `place` of a row and the `id` of one it links to. placed: the `place` and the `row_id` of each row.
    replacing: whether the rows lose the links they have that are not given.
    """

    given: str
    placed: str
    replacing: bool


def relink_sql(
    shape: TableShape, field: Field, staged: Staged, noted: str, before: int, shown_by: Sequence[int]
) -> str:
    """SQL that writes staged links, as `set_links` would, and notes in the table `noted` which rows show others now.

    Noted are (field id, row id): of this field for rows up to the id `before`, and of the fields `shown_by` for those
    of the other table.
    """
    assert field.linked is not None
    relation = relation_of(shape, field)
    own, other, pairs = relation.own, relation.other, quoted(relation)
    rows = f'"{field.linked.rows.schema}"."{field.linked.rows.name}"'
    changed = "SELECT own, other FROM new" + (" UNION ALL SELECT own, other FROM gone" if staged.replacing else "")
    notes = [f"SELECT {field.id}, own FROM changed WHERE own <= {before}"]
    notes += [f"SELECT {other_id}, other FROM changed" for other_id in shown_by]
    return (
        f"WITH placed AS ({staged.placed}), there AS (SELECT p.row_id, r.id"
        f" FROM ({staged.given}) g JOIN placed p ON p.place = g.place"
        f" JOIN {rows} r ON r.id = g.id AND r.trashed_on IS NULL),"
        f"{_gone_sql(relation, rows, staged.given) if staged.replacing else ''}"
        f" new AS (INSERT INTO {pairs} ({own}, {other}) SELECT row_id, id FROM there ORDER BY id, row_id"
        f" ON CONFLICT DO NOTHING RETURNING {own} AS own, {other} AS other),"
        f" changed AS ({changed}) INSERT INTO {noted} (field_id, row_id) {' UNION '.join(notes)}"
    )


def _gone_sql(relation: Relation, rows: str, given: str) -> str:
    own, other, pairs = relation.own, relation.other, quoted(relation)
    return (
        f" gone AS (DELETE FROM {pairs} p USING placed x, {rows} r WHERE p.{own} = x.row_id AND r.id = p.{other}"
        " AND r.trashed_on IS NULL"
        f" AND NOT EXISTS (SELECT FROM ({given}) g WHERE g.place = x.place AND g.id = p.{other})"
        f" RETURNING p.{own} AS own, p.{other} AS other),"
    )
