"""People in rows: users as SQL expressions see them, for field types whose values are people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import sqlalchemy as sa

from plugin_api.fields import CollaboratorsMixin, Field, FieldType, ReferringMixin, Row
from plugin_api.kinds import Kind
from plugin_api.sql import text_sort

PERSON = sa.table("user", sa.column("id", sa.BigInteger), sa.column("name", sa.Text), schema="core")
"""Where people and their names are, also those whose accounts are switched off."""

EMAIL = sa.table("user", sa.column("id", sa.BigInteger), sa.column("email", sa.Text), schema="core")
"""Where their e-mail addresses are. Archives name people by them; clients are not told."""


def person_object(person: Any) -> sa.ColumnElement[Any]:
    """A person (PERSON or an alias of it) as the API shows them."""
    return sa.func.json_build_object(sa.literal("id"), person.c.id, sa.literal("name"), person.c.name)


def people_by_name() -> sa.Select[Any]:
    """Everybody, as `ReferringMixin.referred` wants it."""
    return sa.select(PERSON.c.id.label("key"), PERSON.c.name.label("text"))


class PersonOfTheRow(FieldType, CollaboratorsMixin, ReferringMixin):
    """A base for types that show one of the people the platform keeps for each row; `of` is the row's column."""

    kind = Kind.PERSON
    read_only = True
    of: ClassVar[str]

    def column(self, field: Field) -> None:
        """The row has it already."""

    def value(self, field: Field, row: Row) -> sa.ColumnElement[Any]:
        """The person's id."""
        return row.c[self.of]

    def read(self, field: Field, row: Row) -> sa.ColumnElement[Any]:
        """An object with id and name; null when nobody is known."""
        return self._of(field, row, lambda person: person_object(person))

    def text(self, field: Field, row: Row) -> sa.ColumnElement[str]:
        """The name."""
        return self._of(field, row, lambda person: person.c.name)

    def referred(self, field: Field) -> sa.Select[Any]:
        """People."""
        return people_by_name()

    def refers(self, field: Field, row: Row, keys: sa.Select[Any]) -> sa.ColumnElement[bool]:
        """Whether it was one of them."""
        return row.c[self.of].in_(keys)

    def sort(self, field: Field, row: Row) -> Sequence[sa.ColumnElement[Any]]:
        """By the name."""
        return text_sort(self.text(field, row))

    def _of(self, field: Field, row: Row, shown: Any) -> sa.ColumnElement[Any]:
        person = PERSON.alias(f"u{field.id}")
        return sa.select(shown(person)).where(person.c.id == row.c[self.of]).correlate(row).scalar_subquery()
