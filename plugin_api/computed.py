"""Computed fields: field types whose stored value follows from other fields, of the row or of linked rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import sqlalchemy as sa

if TYPE_CHECKING:
    from plugin_api.fields import Field, FieldType, Row
    from plugin_api.links import Relation


@dataclass(frozen=True)
class Dependency:
    """What a computed field is made of: a field of the same row or, with `via`, of the rows that link field links to.

    A field that uses a link itself (its rows, their names) depends on the link field, with `via` None, and on the
    primary field of the linked table by way of it.
    """

    field_id: int
    via: int | None = None


class Tables(Protocol):
    """The tables of a database as computed fields see them while they are compiled."""

    def fields(self, table_id: int) -> Sequence[Field]:
        """The fields of a table that are not in the trash, the primary one first."""

    def rows(self, table_id: int) -> sa.Table:
        """The table of rows, with the columns of all its fields; take an alias of it for each use."""

    def relation(self, link: Field) -> Relation:
        """The pairs of a link field."""

    def type_of(self, field: Field) -> FieldType:
        """The type of a field."""


class ComputedMixin:
    """For types whose column the platform fills. They are read-only; `column` says what the value is stored as.

    The platform keeps the values true: after each change of rows, in the same transaction, it computes the fields
    that follow, level by level, one statement a table and level.
    """

    def dependencies(self, field: Field) -> Collection[Dependency]:
        """The fields the value follows from. Empty for a broken field, whose value is NULL."""
        raise NotImplementedError

    def expression(self, field: Field, row: Row, tables: Tables) -> sa.ColumnElement[Any]:
        """The value for a row, of the type of the field's column. Must not fail, whatever the data."""
        raise NotImplementedError

    def resolved(self, field: Field, tables: Tables) -> dict[str, Any]:
        """The field's options as they must be for the tables as they are now.

        Called after every change of a field in the database, in dependency order when there is one: this is where
        names are looked up, types inferred and errors kept. Answering other options than the field has changes the
        field; what is answered must be JSON and the same for the same tables.
        """
        return dict(field.options)

    def refuse(self, field: Field) -> None:
        """Raise ApiError when a field that a user just made or changed is broken; others show their error."""

    def copied(self, field: Field, ids: Mapping[int, int]) -> dict[str, Any]:
        """The options of a field that is a copy; `ids` maps fields that were copied with it to their copies."""
        return dict(field.options)

    def renamed(self, field: Field, old: str, new: str) -> dict[str, Any]:
        """The field's options after a field of the same table got another name."""
        return dict(field.options)
