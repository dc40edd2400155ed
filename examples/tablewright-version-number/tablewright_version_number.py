"""The field type `version_number`: versions such as 1.10.2, ordered number by number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from plugin_api import Plugin, hookimpl
from plugin_api.fields import Batch, Column, Field, FieldType, InvalidValue, Row, plain_text
from plugin_api.kinds import Kind

plugin = Plugin(name="version_number", version="0.1.0", title="Version number", api=(1, 0), requires=("database",))

_VERSION = re.compile(r"v?(\d{1,9}(?:\.\d{1,9}){0,5})", re.IGNORECASE | re.ASCII)


class VersionNumberField(FieldType):
    """Numbers joined by dots. Filters and search see the text, the order sees the numbers."""

    type = "version_number"
    kind = Kind.TEXT

    def column(self, field: Field) -> Column:
        """The version as it is written."""
        return Column(sa.Text())

    def clean(self, field: Field, value: Any, batch: Batch) -> Any:
        """A version with or without a leading v, which is left out; nothing is no version."""
        text = plain_text(value)
        if not text:
            return None
        found = _VERSION.fullmatch(text)
        if found is None:
            raise InvalidValue("invalid", "Enter numbers joined by dots, such as 1.10.2.")
        return found[1]

    def sort(self, field: Field, row: Row) -> Sequence[sa.ColumnElement[Any]]:
        """Number by number: arrays of numbers are compared that way."""
        return [sa.cast(sa.func.string_to_array(self.value(field, row), "."), ARRAY(sa.BigInteger))]


@hookimpl
def register_field_types() -> list[FieldType]:
    """Provide `version_number`."""
    return [VersionNumberField()]
