"""The field type `ai`: a text or one of the field's options, written by a model or by people."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from plugin_api import context
from plugin_api.archives import ArchivedFieldMixin, ArchiveReader
from plugin_api.errors import ApiError, does_not_exist
from plugin_api.exporters import ExportsMixin, export_text
from plugin_api.fields import (
    Batch,
    Column,
    ConvertsMixin,
    EffectsMixin,
    Field,
    FieldType,
    Prepared,
    PublicOptionsMixin,
    Row,
    SelectOptionsMixin,
    SortVariantsMixin,
    VariableKindMixin,
)
from plugin_api.kinds import Kind
from plugins.ai_field.options import AiOptions
from plugins.database.context import find_table
from plugins.generative_ai.access import model_of
from plugins.long_text_field import LongTextField
from plugins.single_select_field import SingleSelectField

_TEXT, _CHOICE = LongTextField(), SingleSelectField()
_MODEL = ("ai_generative_ai_type", "ai_generative_ai_model", "ai_file_field_id")
NO_FILES = "ERROR_GENERATIVE_AI_DOES_NOT_SUPPORT_FILE_FIELD"


def is_choice(field: Field) -> bool:
    """Whether the values are options of the field rather than texts."""
    return field.options.get("ai_output_type") == "choice"


def _base(field: Field) -> LongTextField | SingleSelectField:
    """The type whose values the field has."""
    return _CHOICE if is_choice(field) else _TEXT


class AiField(
    FieldType,
    SelectOptionsMixin,
    SortVariantsMixin,
    VariableKindMixin,
    ConvertsMixin,
    EffectsMixin,
    ExportsMixin,
    PublicOptionsMixin,
    ArchivedFieldMixin,
):
    """Values are stored like those of a long text or of a single select, whichever the output is."""

    type = "ai"
    options_schema = AiOptions
    sort_variants = ("order",)
    can_be_in_form = False

    def kind_of(self, field: Field) -> Kind:
        """That of the output."""
        return _base(field).kind

    def column(self, field: Field) -> Column | None:
        """A text, or the id of an option."""
        return _base(field).column(field)

    def read(self, field: Field, row: Row) -> sa.ColumnElement[Any]:
        """The text, or the option as an object."""
        return _base(field).read(field, row)

    def text(self, field: Field, row: Row) -> sa.ColumnElement[str]:
        """The text, or the option's name."""
        return _base(field).text(field, row)

    def export_text(self, field: Field, row: Row) -> sa.ColumnElement[str]:
        """The text, or the option's name."""
        return export_text(_base(field), field, row)

    def sort(self, field: Field, row: Row) -> Sequence[sa.ColumnElement[Any]]:
        """By text or name."""
        return _base(field).sort(field, row)

    def sort_variant(self, variant: str, field: Field, row: Row) -> Sequence[sa.ColumnElement[Any]]:
        """By the order of the options; texts have only one order."""
        return _CHOICE.sort_variant(variant, field, row) if is_choice(field) else self.sort(field, row)

    def prepare(self, field: Field, values: Sequence[Any], batch: Batch) -> Prepared:
        """People may write values too."""
        return _base(field).prepare(field, values, batch)

    def prepare_import(self, field: Field, values: Sequence[Any], batch: Batch) -> Prepared:
        """Like the type of the output."""
        return _base(field).prepare_import(field, values, batch)

    def options_json(self, field: Field) -> dict[str, Any]:
        """The stored options over those of a field without a model."""
        empty = {"ai_generative_ai_type": None, "ai_generative_ai_model": None, "ai_output_type": "text"}
        return {**empty, "ai_temperature": None, "ai_prompt": "", "ai_file_field_id": None, **field.options}

    def public_json(self, field: Field) -> dict[str, Any]:
        """Only what the values are: prompts name other fields."""
        return {"ai_output_type": field.options.get("ai_output_type", "text")}

    def link_options(self, options: dict[str, Any], ids: Mapping[int, int], given: Collection[str]) -> dict[str, Any]:
        """The field's own options name none of the select options."""
        return options

    def remapped(self, value: sa.ColumnElement[Any], ids: Mapping[int, int]) -> sa.ColumnElement[Any]:
        """Options of the copy; a column of texts holds no options."""
        return _CHOICE.remapped(value, ids) if isinstance(value.type, sa.BigInteger) else value

    def archived(self, field: Field, row: Row) -> sa.ColumnElement[Any]:
        """The text, or the option's id."""
        return row.c[field.column]

    def unarchived(self, field: Field, values: Sequence[Any], batch: Batch, archive: ArchiveReader) -> Prepared:
        """The text, or the copy of the option."""
        return (
            _CHOICE.unarchived(field, values, batch, archive)
            if is_choice(field)
            else self.prepare(field, values, batch)
        )

    def from_text(self, field: Field, text: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
        """The text, or the option it names."""
        return _CHOICE.from_text(field, text) if is_choice(field) else sa.func.nullif(text, "", type_=sa.Text())

    def converted(self, field: Field, previous: Field, source: FieldType, row: Row) -> sa.ColumnElement[Any] | None:
        """Like the type of the output."""
        came_from = _base(previous) if source.type == self.type else source
        return _base(field).converted(field, previous, came_from, row)

    def added(self, field: Field, given: Mapping[str, Any]) -> None:
        """The model must be one the workspace may use."""
        _require_model(field)

    def changed(self, previous: Field, field: Field, given: Mapping[str, Any]) -> None:
        """A model that is set now must be one the workspace may use."""
        if field.type == self.type and any(name in given for name in _MODEL):
            _require_model(field)


def _require_model(field: Field) -> None:
    """400 unless the field can have its values from its model; undo brings back whatever was there."""
    if context.current().command != "DO":
        return
    table = find_table(field.table_id)
    if table is None:
        raise does_not_exist("table")
    options = field.options
    model = model_of(table.workspace_id, options.get("ai_generative_ai_type"), options.get("ai_generative_ai_model"))
    if options.get("ai_file_field_id") is not None and not model.kind.supports_files:
        raise ApiError(NO_FILES, 400, f"Models of {model.kind.type} are not given files.")
