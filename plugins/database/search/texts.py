"""What of a table is in its search index: the texts of its fields, and a mark that tells when these changed."""

from __future__ import annotations

import hashlib
import json

import sqlalchemy as sa

from plugin_api.sql import folded
from plugins.database.shape import TableShape, compile_columns, schema_name

BETWEEN = "\x1f"
"""What stands between the texts of two fields: nobody searches for it."""


def text_of(shape: TableShape) -> sa.ColumnElement[str]:
    """All that a search for a part of a text can find in a row, in one folded text."""
    texts = (shape.type_of(field).search(field, shape.row) for field in shape.fields)
    return folded(sa.func.concat_ws(BETWEEN, *(found for found in texts if found is not None)))


def text_sql(shape: TableShape) -> str:
    """The same as SQL, named `text`, over rows under the alias `t`."""
    return compile_columns([text_of(shape).label("text")], shape.row)


def mark(shape: TableShape) -> str:
    """Another one when the fields, their options or their select options are others: the texts may be too."""
    state = [
        (field.id, field.type, dict(field.options), [(option.id, option.value) for option in field.select_options])
        for field in sorted(shape.fields, key=lambda field: field.id)
    ]
    return hashlib.sha256(json.dumps(state, sort_keys=True, default=str).encode()).hexdigest()


def index_name(shape: TableShape) -> str:
    """The index of a table, quoted."""
    return f'"{schema_name(shape.workspace_id)}"."search_{shape.id}"'
