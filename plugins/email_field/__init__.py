"""The field type `email`: e-mail addresses."""

from __future__ import annotations

import re

from plugin_api import Plugin, hookimpl
from plugin_api.fields import FieldType
from plugin_api.plain import FormattedTextField

plugin = Plugin(name="email_field", version="1.0", title="E-mail", api=(1, 0), requires=("database",))


_LETTER = r"[^\s@\"(),:;<>\[\]\\\x00.]"
_LETTER_OR_DOT = r"[^\s@\"(),:;<>\[\]\\\x00]"


class EmailField(FormattedTextField):
    """One e-mail address, kept as it was written."""

    type = "email"
    word = "e-mail address"
    max_length = 254
    pattern = re.compile(rf"{_LETTER_OR_DOT}{{1,64}}@(?:{_LETTER}+\.)+{_LETTER}{{2,}}")


@hookimpl
def register_field_types() -> list[FieldType]:
    """Provide `email`."""
    return [EmailField()]
