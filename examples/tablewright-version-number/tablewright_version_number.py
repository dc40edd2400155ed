"""The field type `version_number`: versions such as 1.10.2, ordered number by number, with filters of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from operator import ge, lt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from plugin_api import Plugin, hookimpl
from plugin_api.fields import Batch, Column, ConvertsMixin, Field, FieldType, InvalidValue, Row, plain_text
from plugin_api.filters import Condition, Filtered, FilterType, UnusableValue
from plugin_api.kinds import Kind

plugin = Plugin(name="version_number", version="0.2.0", title="Version number", api=(1, 0), requires=("database",))

_VERSION = re.compile(r"v?(\d{1,9}(?:\.\d{1,9}){0,5})", re.IGNORECASE | re.ASCII)
_IN_SQL = r"^[vV]?([0-9]{1,9}(?:\.[0-9]{1,9}){0,5})$"


def _numbers(text: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """A version as PostgreSQL compares it number by number."""
    return sa.cast(sa.func.string_to_array(text, "."), ARRAY(sa.BigInteger))


class VersionNumberField(FieldType, ConvertsMixin):
    """Numbers joined by dots. Search, formulas and most filters see the text, the order sees the numbers."""

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
        return [_numbers(self.value(field, row))]

    def from_text(self, field: Field, text: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
        """When a field of another type becomes one of versions: what is a version is kept."""
        return sa.func.substring(sa.func.btrim(text), _IN_SQL)


class VersionFilter(FilterType):
    """Compares versions with a given one, number by number."""

    constant = True

    def __init__(self, type: str, compare: Callable[[Any, Any], Condition]) -> None:
        self.type, self.compare = type, compare

    def applies_to(self, kind: FieldType, field: Field) -> bool:
        """Only to fields of this plugin's type: other texts are not made of numbers."""
        return isinstance(kind, VersionNumberField)

    def condition(self, subject: Filtered, value: str) -> Condition:
        """The condition as SQL; rows without a version do not meet it."""
        found = _VERSION.fullmatch(value.strip())
        if found is None:
            raise UnusableValue
        return self.compare(_numbers(subject.value), _numbers(sa.literal(found[1])))


@hookimpl
def register_field_types() -> list[FieldType]:
    """Provide `version_number`."""
    return [VersionNumberField()]


@hookimpl
def register_filter_types() -> list[FilterType]:
    """Provide filters that know how versions are ordered."""
    return [VersionFilter("version_at_least", ge), VersionFilter("version_below", lt)]
