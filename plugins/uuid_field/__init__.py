"""The field type `uuid`: a random identifier each row gets when it is made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa

from plugin_api import Plugin, hookimpl
from plugin_api.archives import ArchivedFieldMixin, ArchiveReader
from plugin_api.fields import Batch, Column, Field, FieldType, Prepared, Row
from plugin_api.kinds import Kind

plugin = Plugin(name="uuid_field", version="1.0", title="UUID", api=(1, 0), requires=("database",))


class UuidField(FieldType, ArchivedFieldMixin):
    """A random UUID (version 4); the database makes it and nobody changes it."""

    type = "uuid"
    kind = Kind.UUID
    read_only = True

    def column(self, field: Field) -> Column:
        """A UUID with a random default."""
        return Column(sa.Uuid(), default="gen_random_uuid()", nullable=False)

    def archived(self, field: Field, row: Row) -> sa.ColumnElement[Any]:
        """The UUID."""
        return row.c[field.column]

    def unarchived(self, field: Field, values: Sequence[Any], batch: Batch, archive: ArchiveReader) -> Prepared:
        """The same; another one where there is none."""
        return Prepared([_uuid(value) for value in values])


def _uuid(value: Any) -> str:
    try:
        return str(UUID(value))
    except (ValueError, TypeError, AttributeError):
        return str(uuid4())


@hookimpl
def register_field_types() -> list[FieldType]:
    """Provide `uuid`."""
    return [UuidField()]
