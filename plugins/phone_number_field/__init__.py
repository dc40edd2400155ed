"""The field type `phone_number`: telephone numbers as people write them."""

from __future__ import annotations

import re

from plugin_api import Plugin, hookimpl
from plugin_api.fields import FieldType
from plugin_api.kinds import Kind
from plugin_api.plain import FormattedTextField

plugin = Plugin(name="phone_number_field", version="1.0", title="Phone number", api=(1, 0), requires=("database",))


class PhoneNumberField(FormattedTextField):
    """Digits and the signs used between them, up to 100 characters; x stands before an extension."""

    type = "phone_number"
    kind = Kind.CODE
    word = "phone number"
    max_length = 100
    pattern = re.compile(r"[0-9NnXx,+._*()#=;/ -]{1,100}")


@hookimpl
def register_field_types() -> list[FieldType]:
    """Provide `phone_number`."""
    return [PhoneNumberField()]
