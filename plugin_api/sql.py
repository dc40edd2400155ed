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
