"""The field type `last_modified_by`: who changed the row last."""

from __future__ import annotations

from plugin_api import Plugin, hookimpl
from plugin_api.fields import FieldType
from plugin_api.people import PersonOfTheRow

plugin = Plugin(
    name="last_modified_by_field", version="1.0", title="Last modified by", api=(1, 0), requires=("database",)
)


class LastModifiedByField(PersonOfTheRow):
    """The person, as the platform keeps them for each row."""

    type = "last_modified_by"
    of = "last_modified_by"


@hookimpl
def register_field_types() -> list[FieldType]:
    """Provide `last_modified_by`."""
    return [LastModifiedByField()]
