"""Links between rows: field types whose values are rows of another table, kept as pairs of ids."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

if TYPE_CHECKING:
    from plugin_api.fields import Field, FieldType


@dataclass(frozen=True)
class LinkedTable:
    """The table a link field's rows are in, as far as showing links needs it.

    rows: the table itself; take an alias of it for each use.
    primary: its primary field with its type; their text is the name of a row. None while it has none.
    """

    id: int
    rows: sa.Table
    primary: tuple[Field, FieldType] | None

    def name(self, row: sa.FromClause) -> sa.ColumnElement[str]:
        """The name of a row of this table; `row` is the table or an alias of it."""
        if self.primary is None:
            return sa.literal_column("''", sa.Text())
        field, kind = self.primary
        return sa.func.coalesce(kind.text(field, row), "", type_=sa.Text())


@dataclass(frozen=True)
class Relation:
    """The pairs of linked rows: a PostgreSQL table with a column of row ids for either side."""

    table: sa.Table
    own: str
    other: str

    def of(self, row: sa.FromClause, pairs: sa.FromClause) -> sa.ColumnElement[bool]:
        """True of the pairs (the table or an alias of it) of a row that has the field."""
        return pairs.c[self.own] == row.c.id

    def to(self, row: sa.FromClause, pairs: sa.FromClause) -> sa.ColumnElement[bool]:
        """True of the pairs with a row of the other table."""
        return pairs.c[self.other] == row.c.id


@dataclass(frozen=True)
class CopiedLink:
    """A link field and the field that is to be its copy, stored already but without a relation."""

    original: Field
    copy: Field


class LinkMixin:
    """For types whose values are rows of another table. They have no column; `prepare` answers lists of row ids."""

    def linked_table_id(self, field: Field) -> int:
        """The table the linked rows are in."""
        raise NotImplementedError

    def relation(self, field: Field, schema: str) -> Relation:
        """Where the pairs are; `schema` is the PostgreSQL schema of the workspace."""
        raise NotImplementedError

    def shown(
        self,
        field: Field,
        row: sa.FromClause,
        more: Mapping[str, Callable[[sa.FromClause], sa.ColumnElement[Any]]],
        limit: int | None = None,
    ) -> sa.ColumnElement[Any]:
        """What `read` answers, with further keys for each linked row; `more` are their expressions on such a row.

        limit: answer so many linked rows at most, the first ones.
        """
        raise NotImplementedError

    def copied(self, pairs: Sequence[CopiedLink], tables: Mapping[int, int], schemas: tuple[str, str] | None) -> None:
        """Give copies of link fields relations with copies of the pairs.

        Their rows were copied with their ids. `tables` maps original tables to their copies: links to one of these
        go to its copy, others to the table they went to. `schemas` are those of the originals and of the copies;
        None when the originals are known by their description alone: there are no pairs to copy then.
        """
        raise NotImplementedError

    def views_copied(self, copies: Mapping[int, int], views: Mapping[int, int]) -> None:
        """The views of copied tables were copied too: let copied fields name copies of views.

        `copies` maps original tables to their copies, `views` original views to theirs.
        """


@dataclass(frozen=True)
class LinkedRows:
    """The rows a row links to, to select from: not those in the trash, in the linked table's order."""

    source: sa.FromClause
    row: sa.FromClause
    condition: sa.ColumnElement[bool]

    @property
    def order(self) -> list[sa.ColumnElement[object]]:
        """As people see them."""
        return [self.row.c.order, self.row.c.id]


def linked_rows(field: Field, row: sa.FromClause, relation: Relation, rows: sa.Table) -> LinkedRows:
    """The rows of the table `rows` that `row` links to by a field."""
    pairs, other = relation.table.alias(f"p{field.id}"), rows.alias(f"l{field.id}")
    joined = pairs.join(other, relation.to(other, pairs))
    return LinkedRows(joined, other, sa.and_(relation.of(row, pairs), other.c.trashed_on.is_(None)))
