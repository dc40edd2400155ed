"""The field type `multiple_collaborators`: members of the workspace."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from plugin_api import Plugin, hookimpl, reading
from plugin_api.archives import ArchivedFieldMixin, ArchiveReader
from plugin_api.events import EventHandler
from plugin_api.exporters import ExportsMixin
from plugin_api.fields import (
    Batch,
    CollaboratorsMixin,
    Column,
    ConvertsMixin,
    Field,
    FieldType,
    Prepared,
    ReferringMixin,
    Row,
)
from plugin_api.kinds import Kind
from plugin_api.people import EMAIL, PERSON, people_by_name, person_object
from plugin_api.schemas import Bool, Schema
from plugin_api.sql import quoted_csv, text_sort
from plugins.multiple_collaborators_field.values import by_name, prepare, prepare_import
from plugins.notifications.types import NotificationType

plugin = Plugin(
    name="multiple_collaborators_field",
    version="1.0",
    title="Collaborators",
    api=(1, 0),
    requires=("database", "notifications"),
)


class CollaboratorsOptions(Schema):
    """Options of a collaborators field."""

    notify_user_when_added = Bool(
        load_default=True, metadata={"description": "Whether people are told that they were added to a row."}
    )


class MultipleCollaboratorsField(
    FieldType, CollaboratorsMixin, ConvertsMixin, ReferringMixin, ExportsMixin, ArchivedFieldMixin
):
    """The ids of people, in the order they were given, shown with their names."""

    type = "multiple_collaborators"
    kind = Kind.COLLABORATORS
    options_schema = CollaboratorsOptions
    can_be_in_form = False

    def column(self, field: Field) -> Column:
        """An array of user ids, empty rather than NULL."""
        return Column(pg.ARRAY(sa.BigInteger()), default="'{}'", nullable=False)

    def read(self, field: Field, row: Row) -> sa.ColumnElement[Any]:
        """Objects with id and name."""
        shown = self._people(field, row, lambda person, n: sa.func.json_agg(_by(person_object(person), n)))
        return sa.func.coalesce(shown, sa.literal_column("'[]'::json"))

    def text(self, field: Field, row: Row) -> sa.ColumnElement[str]:
        """The names, separated by commas; NULL for nobody."""
        return self._people(field, row, _names(", "))

    def export_text(self, field: Field, row: Row) -> sa.ColumnElement[str]:
        """The names, with nothing but commas between them."""
        return self._people(field, row, _names(","))

    def export_value(self, field: Field, row: Row) -> sa.ColumnElement[Any]:
        """A list of names."""
        names = self._people(field, row, lambda person, n: sa.func.json_agg(_by(person.c.name, n)))
        return sa.func.coalesce(names, sa.literal_column("'[]'::json"))

    def search(self, field: Field, row: Row) -> None:
        """Searching for a part of a text does not look for people; searching by words does."""

    def referred(self, field: Field) -> sa.Select[Any]:
        """People."""
        return people_by_name()

    def refers(self, field: Field, row: Row, keys: sa.Select[Any]) -> sa.ColumnElement[bool]:
        """Whether one of them is among the people."""
        person = sa.func.unnest(row.c[field.column]).table_valued("id").render_derived()
        return sa.exists(sa.select(sa.literal_column("1")).select_from(person).where(person.c.id.in_(keys)))

    def sort(self, field: Field, row: Row) -> Sequence[sa.ColumnElement[Any]]:
        """By the names."""
        return text_sort(self.text(field, row))

    def prepare(self, field: Field, values: Sequence[Any], batch: Batch) -> Prepared:
        """Lists of objects with ids of members: one query for the whole batch."""
        return prepare(field, values, batch)

    def prepare_import(self, field: Field, values: Sequence[Any], batch: Batch) -> Prepared:
        """Names or e-mail addresses of members, separated by commas."""
        return prepare_import(field, values, batch)

    def default(self, field: Field) -> Any:
        """Nobody."""
        return []

    def options_json(self, field: Field) -> dict[str, Any]:
        """Whether people are told."""
        return {"notify_user_when_added": True, **field.options}

    def archived(self, field: Field, row: Row) -> sa.ColumnElement[Any]:
        """Their e-mail addresses, by which they may be known elsewhere."""
        ids = sa.func.unnest(row.c[field.column]).table_valued("id", with_ordinality="n", name=f"i{field.id}")
        chosen, person = ids.render_derived(), EMAIL.alias(f"u{field.id}")
        listed = sa.func.coalesce(sa.func.json_agg(_by(person.c.email, chosen.c.n)), sa.literal_column("'[]'::json"))
        query = sa.select(listed).select_from(chosen.join(person, person.c.id == chosen.c.id))
        return query.correlate(row).scalar_subquery()

    def unarchived(self, field: Field, values: Sequence[Any], batch: Batch, archive: ArchiveReader) -> Prepared:
        """Those who are members of the workspace."""
        found = [map(archive.person, value) if isinstance(value, list) else () for value in values]
        return Prepared([list(dict.fromkeys(one for one in people if one is not None)) for people in found])

    def from_text(self, field: Field, text: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
        """Members by name or e-mail address, in a list separated by commas."""
        return reading.names(text, by_name(field))

    def _people(self, field: Field, row: Row, aggregate: Callable[[Any, Any], Any]) -> sa.ColumnElement[Any]:
        ids = sa.func.unnest(row.c[field.column]).table_valued("id", with_ordinality="n", name=f"i{field.id}")
        chosen, person = ids.render_derived(), PERSON.alias(f"u{field.id}")
        query = sa.select(aggregate(person, chosen.c.n)).select_from(chosen.join(person, person.c.id == chosen.c.id))
        return query.correlate(row).scalar_subquery()


def _by(value: Any, n: Any) -> Any:
    return pg.aggregate_order_by(value, n)


def _names(separator: str) -> Callable[[Any, Any], Any]:
    return lambda person, n: sa.func.string_agg(quoted_csv(person.c.name), _by(sa.literal(separator), n))


@hookimpl
def register_field_types() -> list[FieldType]:
    """Provide `multiple_collaborators`."""
    return [MultipleCollaboratorsField()]


@hookimpl
def register_notification_types() -> list[NotificationType]:
    """People who are added to a row are told."""
    from plugins.multiple_collaborators_field.notices import CollaboratorAdded

    return [CollaboratorAdded()]


@hookimpl
def register_event_handlers() -> list[EventHandler]:
    """Rows that were made or changed."""
    from plugins.multiple_collaborators_field.notices import HANDLER

    return [HANDLER]
