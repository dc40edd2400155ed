"""The field type `last_modified`: when a row was last changed."""

from __future__ import annotations

from plugin_api import Plugin, hookimpl
from plugin_api.dates import MomentOfRowField
from plugin_api.fields import FieldType

plugin = Plugin(name="last_modified_field", version="1.0", title="Last modified", api=(1, 0), requires=("database",))


class LastModifiedField(MomentOfRowField):
    """The moment of the row's last change; read only."""

    type = "last_modified"
    moment_column = "updated_on"


@hookimpl
def register_field_types() -> list[FieldType]:
    """Provide `last_modified`."""
    return [LastModifiedField()]
