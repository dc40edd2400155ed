"""The field type `uuid`: a random identifier each row gets when it is made."""

from __future__ import annotations

import sqlalchemy as sa

from plugin_api import Plugin, hookimpl
from plugin_api.fields import Column, Field, FieldType
from plugin_api.kinds import Kind

plugin = Plugin(name="uuid_field", version="1.0", title="UUID", api=(1, 0), requires=("database",))


class UuidField(FieldType):
    """A random UUID (version 4); the database makes it and nobody changes it."""

    type = "uuid"
    kind = Kind.UUID
    read_only = True

    def column(self, field: Field) -> Column:
        """A UUID with a random default."""
        return Column(sa.Uuid(), default="gen_random_uuid()", nullable=False)


@hookimpl
def register_field_types() -> list[FieldType]:
    """Provide `uuid`."""
    return [UuidField()]
