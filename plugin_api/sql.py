"""SQL expressions field types and filters share, the same on every PostgreSQL."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa


def text_sort(text: sa.ColumnElement[Any]) -> list[sa.ColumnElement[Any]]:
    """Order texts as people do: symbols, digits, letters; accents and case only break ties, lower case first."""
    return [sa.func.core.sort_text(text), sa.func.core.sort_case(text)]


def folded(text: Any) -> sa.ColumnElement[str]:
    """The text without case and accents, for comparing and searching."""
    return sa.func.core.fold_text(text)


def iso_moment(moment: sa.ColumnElement[Any]) -> sa.ColumnElement[str]:
    """A timestamptz as the API writes it: ISO 8601 in UTC, microseconds only when there are any."""
    text = sa.func.to_char(sa.func.timezone("UTC", moment), 'YYYY-MM-DD"T"HH24:MI:SS.US')
    return sa.func.replace(text, ".000000", "") + "Z"


def quoted_csv(text: sa.ColumnElement[Any]) -> sa.ColumnElement[str]:
    """The text as one item of a comma separated list: quoted when it has a comma or quotes."""
    quoted = sa.func.concat('"', sa.func.replace(text, '"', '""'), '"')
    return sa.case((text.op("~")('[",]'), quoted), else_=text)
