"""The field type `password`: kept as a hash, never shown; clients learn whether there is one, and whether it fits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from plugin_api import Plugin, hookimpl
from plugin_api.archives import ArchivedFieldMixin, ArchiveReader
from plugin_api.fields import KEEP, Batch, Column, ConvertsMixin, Field, FieldType, InvalidValue, Prepared, Row
from plugin_api.http import Blueprint
from plugin_api.kinds import Kind
from plugin_api.schemas import Bool, Schema
from plugin_api.secrets import hash_password

plugin = Plugin(name="password_field", version="1.0", title="Password", api=(1, 0), requires=("database",))

_MOST = 256
_HASH = re.compile(r"\$argon2id\$v=19\$m=\d{1,5},t=\d,p=\d\$[A-Za-z0-9+/]{11,86}\$[A-Za-z0-9+/]{22,86}")
"""Hashes that do not take long to check: somebody else may have made them."""


class PasswordOptions(Schema):
    """Options of a password field."""

    allow_endpoint_authentication = Bool(
        load_default=False, metadata={"description": "Whether passwords can be checked over the API."}
    )


class PasswordField(FieldType, ConvertsMixin, ArchivedFieldMixin):
    """An Argon2 hash; an empty text where an empty password was set."""

    type = "password"
    kind = Kind.SECRET
    options_schema = PasswordOptions
    can_be_primary = False
    can_sort = False

    def column(self, field: Field) -> Column:
        """The hash."""
        return Column(sa.Text())

    def value(self, field: Field, row: Row) -> sa.ColumnElement[Any]:
        """Whether there is a password: true, false for an empty one, null for none. Never the hash."""
        return row.c[field.column] != ""

    def text(self, field: Field, row: Row) -> sa.ColumnElement[str]:
        """Nothing: not even a name or an export tells of it."""
        return sa.cast(sa.null(), sa.Text)

    def search(self, field: Field, row: Row) -> None:
        """Nothing to find."""

    def clean(self, field: Field, value: Any, batch: Batch) -> Any:
        """The hash of a text; true leaves what is there, null removes it."""
        if value is None or value == "":
            return value
        if value is True:
            return KEEP
        if not isinstance(value, str) or "\0" in value:
            raise InvalidValue("invalid", "Not a valid password.")
        if len(value) > _MOST:
            raise InvalidValue("max_length", f"Ensure this has no more than {_MOST} characters.")
        return hash_password(value)

    def prepare_import(self, field: Field, values: Sequence[Any], batch: Batch) -> Prepared:
        """Texts are passwords; hashing a whole file would take hours, so files bring none."""
        return Prepared([None] * len(values))

    def archived(self, field: Field, row: Row) -> sa.ColumnElement[Any]:
        """The hash."""
        return row.c[field.column]

    def unarchived(self, field: Field, values: Sequence[Any], batch: Batch, archive: ArchiveReader) -> Prepared:
        """Hashes of the kind that can be checked here."""
        kept = [value == "" or (isinstance(value, str) and _HASH.fullmatch(value) is not None) for value in values]
        problems = {n: "a hash of another kind" for n, value in enumerate(values) if value and not kept[n]}
        return Prepared([value if known else None for value, known in zip(values, kept, strict=True)], problems)

    def options_json(self, field: Field) -> dict[str, Any]:
        """Whether passwords can be checked."""
        return {"allow_endpoint_authentication": False, **field.options}


@hookimpl
def register_field_types() -> list[FieldType]:
    """Provide `password`."""
    return [PasswordField()]


@hookimpl
def register_blueprints() -> list[Blueprint]:
    """The operation that checks a password."""
    from plugins.password_field.routes import blueprints

    return blueprints
