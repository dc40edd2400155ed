"""What a formula can see: the fields of its table and, through links, those of other tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import sqlalchemy as sa

from plugin_api.fields import Row
from plugins.formulas.types import Type


@dataclass(frozen=True)
class Reference:
    """A field: its type in formulas, and its value on a row in the representation of that type."""

    field_id: int
    name: str
    type: Type
    sql: Callable[[Row], sa.ColumnElement[Any]]


@dataclass(frozen=True)
class Joined:
    """The linked rows of one row: what to select from, under which condition, in which order."""

    source: sa.FromClause
    row: Row
    condition: sa.ColumnElement[bool]
    order: Sequence[sa.ColumnElement[Any]]


@dataclass(frozen=True)
class Link:
    """A link field: the linked table's fields, and the linked rows of a row (under new aliases at each call)."""

    field_id: int
    scope: Scope
    rows: Callable[[Row], Joined]


class Scope(Protocol):
    """The fields of a table by name."""

    def field(self, name: str) -> Reference | None:
        """The field called so that is not a link. Its type is invalid when it cannot be used."""

    def link(self, name: str) -> Link | None:
        """The link field called so."""

    def primary(self) -> Reference | Link | None:
        """The field that names rows of the table."""
