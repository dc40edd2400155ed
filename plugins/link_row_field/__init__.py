"""The field type `link_row`: rows of a table of the same database, seen from one side or from both."""

from __future__ import annotations

from plugin_api import Plugin, hookimpl
from plugin_api.fields import FieldType
from plugin_api.permissions import Operation

plugin = Plugin(
    name="link_row_field",
    version="1.0",
    title="Link to table",
    api=(1, 0),
    requires=("database",),
    description="Fields that link rows to rows of another table.",
)


@hookimpl
def register_field_types() -> list[FieldType]:
    """Provide `link_row`."""
    from plugins.link_row_field.field import LinkRowField

    return [LinkRowField()]


@hookimpl
def register_operations() -> list[Operation]:
    """The field on the other side goes with the link."""
    from plugins.link_row_field.effects import DELETE_RELATED

    return [Operation(DELETE_RELATED, "BUILDER")]
