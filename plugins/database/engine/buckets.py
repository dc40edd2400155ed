"""Rows in buckets, such as days or options: the first rows of each and how many there are, by one statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from plugin_api.db import connection
from plugins.database.engine.read import RowQuery
from plugins.database.shape import DIALECT

NULL = "null"
"""The bucket of rows whose key is NULL."""


@dataclass(frozen=True)
class Bucket:
    """A bucket by the text of its key, and which of its rows to show. `counted`: whether to say how many there are."""

    key: str
    limit: int
    offset: int = 0
    counted: bool = True


@dataclass(frozen=True)
class Bucketed:
    """A JSON object, `{key: {"count", "results"}}` in the order of the buckets, and the ids of the rows in it."""

    json: bytes
    ids: list[int]


_SQL = """
WITH placed AS MATERIALIZED ({placed}),
wanted AS (
  SELECT * FROM unnest(
    CAST(%(bucket_keys)s AS text[]), CAST(%(bucket_limits)s AS bigint[]), CAST(%(bucket_offsets)s AS bigint[]),
    CAST(%(bucket_counted)s AS boolean[])
  ) WITH ORDINALITY AS w(bucket, size, skipped, counted, n)
),
totals AS (SELECT coalesce(key::text, 'null') AS bucket, count(*) AS total FROM placed GROUP BY key),
page AS (
  SELECT w.bucket, p.place, p.row_id FROM placed p JOIN wanted w ON w.bucket = coalesce(p.key::text, 'null')
  WHERE p.place > w.skipped AND p.place <= w.skipped + w.size
),
shown AS (
  SELECT page.bucket, array_agg(page.row_id) AS ids,
    json_agg((SELECT row_to_json(r) FROM (SELECT {columns}) r) ORDER BY page.place) AS results
  FROM page JOIN {table} t ON t.id = page.row_id GROUP BY page.bucket
)
SELECT coalesce(json_object_agg(w.bucket, json_build_object(
    'count', CASE WHEN w.counted THEN coalesce(totals.total, 0) ELSE 0 END,
    'results', coalesce(shown.results, '[]')) ORDER BY w.n), '{{}}')::text,
  (SELECT coalesce(array_agg(page.row_id), '{{}}') FROM page)
FROM wanted w LEFT JOIN totals USING (bucket) LEFT JOIN shown USING (bucket)
"""


def buckets(query: RowQuery, key: sa.ColumnElement[Any], wanted: Sequence[Bucket]) -> Bucketed:
    """The wanted buckets of the rows a query keeps; `key`, on `shape.row`, says which one a row is in.

    Rows are in the query's order in each bucket. Rows in no wanted bucket are left out.
    """
    place = sa.func.row_number().over(partition_by=key, order_by=query.ordering())
    placed = query.base(query.shape.row.c.id.label("row_id"), key.label("key"), place.label("place"))
    compiled = placed.compile(dialect=DIALECT, compile_kwargs={"render_postcompile": True})
    sql = _SQL.format(placed=compiled, columns=query.select_list.sql, table=query.shape.full_name)
    given = {
        "bucket_keys": [bucket.key for bucket in wanted],
        "bucket_limits": [bucket.limit for bucket in wanted],
        "bucket_offsets": [bucket.offset for bucket in wanted],
        "bucket_counted": [bucket.counted for bucket in wanted],
    }
    found, ids = connection().exec_driver_sql(sql, {**compiled.params, **given}).one()
    return Bucketed(found.encode(), list(ids))
