"""The view type `gallery`: rows as cards."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from plugin_api import Plugin, hookimpl
from plugin_api.fields import Field
from plugin_api.http import Blueprint
from plugin_api.schemas import Int, Schema
from plugin_api.views import CardFieldOptions, ViewType, first_visible, incompatible_field

plugin = Plugin(name="gallery_view", version="1.0", title="Gallery", api=(1, 0), requires=("views",))

_VISIBLE_AT_FIRST = 3


class GalleryOptions(Schema):
    """Settings of a gallery."""

    card_cover_image_field = Int(
        load_default=None, allow_none=True, metadata={"description": "A file field whose first image is the cover."}
    )


class GalleryView(ViewType):
    """A card for each row."""

    type = "gallery"
    options_schema = GalleryOptions
    field_options_schema = CardFieldOptions
    field_settings = ("card_cover_image_field",)
    can_decorate = True

    def check_field_setting(self, name: str, field: Field) -> None:
        """Covers are images."""
        if field.type != "file":
            raise incompatible_field(name, ["file"])

    def new_field_options(
        self, fields: Sequence[Field], others: Collection[Mapping[str, Any]], public: bool
    ) -> dict[int, dict[str, Any]]:
        """The first fields are shown."""
        return first_visible(fields, _VISIBLE_AT_FIRST, bool(others))


@hookimpl
def register_view_types() -> list[ViewType]:
    """Provide `gallery`."""
    return [GalleryView()]


@hookimpl
def register_blueprints() -> list[Blueprint]:
    """The operations on galleries."""
    from plugins.gallery_view.routes import galleries

    return [galleries]
