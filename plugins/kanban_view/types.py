"""The view type: its settings, and which fields they may name."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from plugin_api.errors import ApiError, body_invalid, problem
from plugin_api.fields import Field
from plugin_api.schemas import Int, Schema
from plugin_api.views import CardFieldOptions, ViewType, first_visible, incompatible_field

COLUMNS, COVER = "single_select_field", "card_cover_image_field"
_VISIBLE_AT_FIRST = 3


class KanbanOptions(Schema):
    """Settings of a kanban."""

    single_select_field = Int(
        load_default=None,
        allow_none=True,
        metadata={"description": "The single select field whose options are the columns."},
    )
    card_cover_image_field = Int(
        load_default=None, allow_none=True, metadata={"description": "A file field whose first image is the cover."}
    )


class KanbanView(ViewType):
    """A card for each row, in the column of its option."""

    type = "kanban"
    options_schema = KanbanOptions
    field_options_schema = CardFieldOptions
    field_settings = (COLUMNS, COVER)
    can_decorate = True

    def check_field_setting(self, name: str, field: Field) -> None:
        """Columns are options of a single select field, covers are images."""
        if name == COLUMNS and field.type != "single_select":
            raise body_invalid({name: [problem("does_not_exist", "There is no such single select field.")]})
        if name == COVER and field.type != "file":
            raise incompatible_field(name, ["file"])

    def foreign_field(self, name: str, field: Field) -> ApiError:
        """The field of the columns has a code of its own."""
        if name != COLUMNS:
            return super().foreign_field(name, field)
        code = "ERROR_KANBAN_VIEW_FIELD_DOES_NOT_BELONG_TO_SAME_TABLE"
        return ApiError(code, 400, f"The field {field.id} is one of another table.")

    def new_field_options(
        self, fields: Sequence[Field], others: Collection[Mapping[str, Any]], public: bool
    ) -> dict[int, dict[str, Any]]:
        """The first fields are shown."""
        return first_visible(fields, _VISIBLE_AT_FIRST, bool(others))
