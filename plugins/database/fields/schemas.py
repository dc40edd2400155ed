"""What clients send for fields: the common keys, select options, and those of each type."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from plugin_api.fields import FieldType, SelectOptionsMixin
from plugin_api.platform import registry
from plugin_api.schemas import Bool, Choice, Int, List, Nested, NestedList, Schema, Str


class SelectOptionBody(Schema):
    """One option of a select field; `id` names an existing one, a negative id a new one."""

    id = Int(load_default=None, allow_none=True)
    upsert_id = Int(load_default=None, allow_none=True)
    value = Str(required=True, max_length=255)
    color = Str(required=True, max_length=255)


class _SelectPart(Schema):
    select_options = NestedList(SelectOptionBody)


class ConstraintBody(Schema):
    """A rule for the values of a field."""

    type_name = Str(required=True, max_length=255)


def _types() -> list[str]:
    return list(registry("field_types"))


class FieldBody(Schema):
    """The keys every field has."""

    name = Str(required=True, max_length=255)
    type = Choice(_types, required=True)
    description = Str(allow_none=True, allow_blank=True)
    db_index = Bool()
    field_constraints = List(Nested(ConstraintBody))


class CreateField(FieldBody):
    """A field to create; besides these keys, those of its type."""

    def load(self, data: Any, **kwargs: Any) -> Any:
        """The type first, since it decides which other keys there are."""
        kind = _TypeOnly().load(data)["type"]
        return load_parts(data, FieldBody(), *parts_of(registry("field_types")[kind]))


class _TypeOnly(Schema):
    type = Choice(_types, required=True)


class UpdateField(FieldBody):
    """Changes of a field; besides these keys, those of its type."""

    def load(self, data: Any, **kwargs: Any) -> Any:
        """The common keys; `raw` is the whole body, for the type."""
        loaded = FieldBody(partial=True).load(data)
        return {**loaded, "raw": data}


class ChangePrimary(Schema):
    """The field to make primary."""

    new_primary_field_id = Int(required=True)


class DuplicateField(Schema):
    """How to duplicate a field."""

    duplicate_data = Bool(load_default=False)


class UniqueValuesQuery(Schema):
    """Which values to list."""

    limit = Int(metadata={"description": "Values to answer at most."})
    split_comma_separated = Bool(
        load_default=False, metadata={"description": "Take each part of a list separated by commas as a value."}
    )


def parts_of(kind: FieldType) -> list[ma.Schema]:
    """The schemas of the keys a type adds."""
    parts: list[ma.Schema] = [kind.options_schema()]
    if isinstance(kind, SelectOptionsMixin):
        parts.append(_SelectPart())
    return parts


def load_parts(data: Any, *schemas: ma.Schema, partial: bool = False) -> dict[str, Any]:
    """One body through several schemas; the errors of all of them together."""
    loaded: dict[str, Any] = {}
    errors: dict[str, Any] = {}
    for schema in schemas:
        try:
            loaded.update(schema.load(data, partial=partial))
        except ma.ValidationError as error:
            errors.update(error.messages_dict)
    if errors:
        raise ma.ValidationError(errors)
    return loaded


class FieldAnswer(Schema):
    """A field as the API shows it; each type adds its own keys."""

    id = Int()
    table_id = Int()
    name = Str()
    order = Int()
    type = Str()
    primary = Bool()
    read_only = Bool()
    immutable_type = Bool()
    immutable_properties = Bool()
    description = Str(allow_none=True)
    database_id = Int()
    workspace_id = Int()
    db_index = Bool()
    field_constraints = List(Nested(ConstraintBody))


class ChangedField(FieldAnswer):
    """A changed field, and the fields of the same table that changed with it."""

    related_fields = List(Nested(FieldAnswer))


class RelatedFields(Schema):
    """The fields of the same table that changed."""

    related_fields = List(Nested(FieldAnswer))


class UniqueValues(Schema):
    """Values of a field, the most frequent first."""

    values = List(Str())


class DuplicateJob(Schema):
    """The job that duplicates a field."""

    id = Int()
    type = Str()
    progress_percentage = Int()
    state = Str()
    human_readable_error = Str()
    original_field = Nested(FieldAnswer)
    duplicated_field = Nested(ChangedField, allow_none=True)
