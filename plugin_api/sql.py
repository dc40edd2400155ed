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


def lowered(text: Any) -> sa.ColumnElement[str]:
    """The text in lower case, in all scripts; accents stay."""
    return sa.func.core.lower_text(text, type_=sa.Text())


def contains(text: Any, part: str) -> sa.ColumnElement[bool]:
    """Whether the text contains the part, without regard to case. NULL contains nothing."""
    escaped = part.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return lowered(text).like(sa.literal("%").concat(lowered(sa.literal(escaped, sa.Text()))).concat("%"))


def contains_word(text: Any, word: str) -> sa.ColumnElement[bool]:
    """Whether the text contains the word (or words) and not as a part of longer ones, without regard to case.

    A word of some 100 000 characters is more than PostgreSQL can look for.
    """
    return sa.func.core.has_word(text, sa.literal(word, sa.Text()), type_=sa.Boolean())


def iso_moment(moment: sa.ColumnElement[Any]) -> sa.ColumnElement[str]:
    """A timestamptz as the API writes it: ISO 8601 in UTC, microseconds only when there are any."""
    text = sa.func.to_char(sa.func.timezone("UTC", moment), 'YYYY-MM-DD"T"HH24:MI:SS.US')
    return sa.func.replace(text, ".000000", "") + "Z"


def quoted_csv(text: sa.ColumnElement[Any]) -> sa.ColumnElement[str]:
    """The text as one item of a comma separated list: quoted when it has a comma or quotes."""
    quoted = sa.func.concat('"', sa.func.replace(text, '"', '""'), '"')
    return sa.case((text.op("~")('[",]'), quoted), else_=text)
