"""The field type `url`: addresses of web pages."""

from __future__ import annotations

import re

from plugin_api import Plugin, hookimpl
from plugin_api.fields import FieldType
from plugin_api.plain import FormattedTextField

plugin = Plugin(name="url_field", version="1.0", title="URL", api=(1, 0), requires=("database",))


class UrlField(FormattedTextField):
    """An address with or without its scheme. Schemes that would run code in a browser are refused."""

    type = "url"
    word = "URL"
    pattern = re.compile(
        r"(?=[^\s\x00]+\Z)(?!(?:javascript|vbscript|data):)(?:[a-z][a-z0-9+.-]*://.+|.+?\..+)", re.IGNORECASE
    )


@hookimpl
def register_field_types() -> list[FieldType]:
    """Provide `url`."""
    return [UrlField()]
