"""The field type `created_by`: who created the row."""

from __future__ import annotations

from plugin_api import Plugin, hookimpl
from plugin_api.fields import FieldType
from plugin_api.people import PersonOfTheRow

plugin = Plugin(name="created_by_field", version="1.0", title="Created by", api=(1, 0), requires=("database",))


class CreatedByField(PersonOfTheRow):
    """The person, as the platform keeps them for each row."""

    type = "created_by"
    of = "created_by"


@hookimpl
def register_field_types() -> list[FieldType]:
    """Provide `created_by`."""
    return [CreatedByField()]
