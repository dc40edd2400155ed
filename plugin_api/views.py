"""View types: ways to look at the rows of a table; what a type keeps for a view and for each field in it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from plugin_api.errors import ApiError
from plugin_api.fields import Field
from plugin_api.schemas import Bool, Int, Schema


@dataclass(frozen=True)
class View:
    """A view as its type sees it. `options` are the type's own settings (JSON)."""

    id: int
    table_id: int
    type: str
    name: str
    public: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)


class FieldOptions(Schema):
    """What most types keep for each field: its place among the others."""

    order = Int(min_value=-32768, max_value=32767, load_default=32767)


class CardFieldOptions(FieldOptions):
    """What types that show rows as cards keep for each field: whether the card shows it."""

    hidden = Bool(load_default=True)


SchemaClass = type[Schema]


class ViewType:
    """A type of view. Third parties subclass this, set `type`, and override what differs.

    options_schema: the settings of a view, each with a default. They are keys of the view's JSON.
    field_options_schema: the settings of a field in a view, each with a default.
    field_settings: names of those settings of a view whose value is the id of a field. They are checked to be fields
        of the table, and read as null while their field is in the trash or has become one that cannot be named there.
        Visitors of a shared view see these fields, whatever the settings of fields say.
    sharing_settings: names of those settings of a view that let strangers read it. Changing one needs the right to
        share views, and settles which fields they see.
    can_export: whether the rows can be exported as views of this type show them.
    can_filter, can_sort, can_group, can_decorate: what views of this type may have.
    can_share: whether they can be made public. has_public_info: whether visitors get their settings and fields.
    lists_rows: whether visitors may read the rows of a shared one.
    offers_rows: whether visitors may look up all rows they could link to, not only those linked by rows they see.
    """

    type: ClassVar[str]
    options_schema: ClassVar[SchemaClass] = Schema
    field_options_schema: ClassVar[SchemaClass] = FieldOptions
    field_settings: ClassVar[tuple[str, ...]] = ()
    sharing_settings: ClassVar[tuple[str, ...]] = ()
    can_filter: ClassVar[bool] = True
    can_sort: ClassVar[bool] = True
    can_group: ClassVar[bool] = False
    can_decorate: ClassVar[bool] = False
    can_share: ClassVar[bool] = True
    has_public_info: ClassVar[bool] = True
    lists_rows: ClassVar[bool] = True
    offers_rows: ClassVar[bool] = False
    can_export: ClassVar[bool] = False

    def check_field_setting(self, name: str, field: Field) -> None:
        """Raise ApiError when a field of the table cannot be the one this setting names."""

    def foreign_field(self, name: str, field: Field) -> ApiError:
        """The error for a fitting field that is one of another table."""
        return ApiError("ERROR_FIELD_NOT_IN_TABLE", 400, f"{name}: the field {field.id} is one of another table.")

    def check_options(self, options: dict[str, Any], fields: Mapping[int, Field]) -> dict[str, Any]:
        """Check the settings together; answer those to store.

        fields: those the settings name, without those that are in the trash or do not fit any more.
        """
        return options

    def unshared(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """The settings a copy of a view begins with; nothing in it is shared with strangers yet."""
        return dict(options)

    def options_json(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """The keys this type adds to a view's JSON."""
        return dict(options)

    def public_json(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """The keys this type adds to what visitors of a shared view are told."""
        return self.options_json(options)

    def new_field_options(
        self, fields: Sequence[Field], others: Collection[Mapping[str, Any]], public: bool
    ) -> dict[int, dict[str, Any]]:
        """Settings that differ from the defaults, for fields that have none yet, in the table's order.

        others: the settings the view has of other fields already.
        """
        return {}

    def check_field_options(self, options: Mapping[int, Mapping[str, Any]], fields: Mapping[int, Field]) -> None:
        """Check settings of fields a client sent, beyond what the schema says. Raise ApiError."""

    def settle_field_options(
        self,
        changes: Mapping[int, Mapping[str, Any]],
        before: Mapping[int, Mapping[str, Any]],
        fields: Mapping[int, Field],
    ) -> dict[int, dict[str, Any]]:
        """Checked settings of fields a client sent, as they are to be stored; `before` is what is stored now."""
        return {field_id: dict(change) for field_id, change in changes.items()}

    def field_options_json(
        self, options: Mapping[str, Any], field: Field, fields: Mapping[int, Field]
    ) -> dict[str, Any]:
        """The settings of a field as members see them; `fields` are those of the table that are not in the trash."""
        return dict(options)

    def is_visible(self, field_options: Mapping[str, Any]) -> bool:
        """Whether a field with these settings is shown to visitors."""
        return not field_options.get("hidden", False)

    def refit_field_options(self, field_options: Mapping[str, Any], field: Field) -> dict[str, Any]:
        """The settings of a field as they hold for what it is now; those stored may be from when it was another."""
        return dict(field_options)

    def copied(self, options: Mapping[str, Any], field_ids: Mapping[int, int]) -> dict[str, Any]:
        """The settings of a copy in another table; `field_ids` maps the fields to their copies."""
        return {name: field_ids.get(value) if name in self.field_settings else value for name, value in options.items()}

    def copied_field_options(
        self, field_options: Mapping[str, Any], field_ids: Mapping[int, int], option_ids: Mapping[int, int]
    ) -> dict[str, Any]:
        """The settings of a field in such a copy; `option_ids` maps select options to their copies."""
        return dict(field_options)


def first_visible(fields: Sequence[Field], count: int, others: bool) -> dict[int, dict[str, Any]]:
    """Settings with which the first fields are shown and the rest hidden; all hidden when others have settings."""
    return {found.id: {"hidden": others or n >= count} for n, found in enumerate(fields)}


def incompatible_field(name: str, allowed: Collection[str]) -> ApiError:
    """400 for a field of a type that a setting cannot take."""
    return ApiError("ERROR_INCOMPATIBLE_FIELD", 400, f"{name} must be a field of one of the types {sorted(allowed)}.")
