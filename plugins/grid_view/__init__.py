"""The view type `grid`: rows as lines, fields as columns."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from plugin_api import Plugin, hookimpl
from plugin_api.fields import Field
from plugin_api.http import Blueprint
from plugin_api.platform import registry
from plugin_api.schemas import Bool, Choice, Int, Schema, Str
from plugin_api.views import FieldOptions, ViewType

plugin = Plugin(name="grid_view", version="1.0", title="Grid", api=(1, 0), requires=("database", "views"))


class GridOptions(Schema):
    """Settings of a grid."""

    row_identifier_type = Choice(("id", "count"), load_default="id")
    row_height_size = Choice(("small", "medium", "large"), load_default="small")


class GridFieldOptions(FieldOptions):
    """A column: its width, and what is told at its foot."""

    width = Int(min_value=0, max_value=2**31 - 1, load_default=200)
    hidden = Bool(load_default=False)
    aggregation_type = Str(max_length=48, allow_blank=True, load_default="")
    aggregation_raw_type = Choice(lambda: ["", *registry("aggregation_types")], load_default="")


class GridView(ViewType):
    """A table as people know it from spreadsheets."""

    type = "grid"
    options_schema = GridOptions
    field_options_schema = GridFieldOptions
    can_group = True
    can_decorate = True
    can_export = True

    def new_field_options(
        self, fields: Sequence[Field], others: Collection[Mapping[str, Any]], public: bool
    ) -> dict[int, dict[str, Any]]:
        """Fields that come later are hidden where some were hidden on purpose or strangers would see them."""
        hidden = public or any(found.get("hidden") for found in others)
        return {found.id: {"hidden": True} for found in fields} if hidden else {}

    def refit_field_options(self, field_options: Mapping[str, Any], field: Field) -> dict[str, Any]:
        """A figure that does not fit the field's values is none."""
        from plugins.grid_view.aggregations import aggregation_of

        fits = not field_options.get("aggregation_raw_type") or aggregation_of(field_options, field) is not None
        return {**field_options, **({} if fits else {"aggregation_type": "", "aggregation_raw_type": ""})}


@hookimpl
def register_view_types() -> list[ViewType]:
    """Provide `grid`."""
    return [GridView()]


@hookimpl
def register_blueprints() -> list[Blueprint]:
    """The operations on grids."""
    from plugins.grid_view.routes import grids

    return [grids]
