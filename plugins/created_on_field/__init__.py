"""The field type `created_on`: when a row was made."""

from __future__ import annotations

from plugin_api import Plugin, hookimpl
from plugin_api.dates import MomentOfRowField
from plugin_api.fields import FieldType

plugin = Plugin(name="created_on_field", version="1.0", title="Created on", api=(1, 0), requires=("database",))


class CreatedOnField(MomentOfRowField):
    """The moment the row was made; read only."""

    type = "created_on"
    moment_column = "created_on"


@hookimpl
def register_field_types() -> list[FieldType]:
    """Provide `created_on`."""
    return [CreatedOnField()]
