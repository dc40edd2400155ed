"""The element type `image`: an image, uploaded or from an address."""

from __future__ import annotations

from plugin_api import Plugin, hookimpl
from plugin_api.elements import ElementType
from plugin_api.schemas import Choice, Schema
from plugins.builder_elements.values import FormulaText
from plugins.user_files.images import ImageFile

plugin = Plugin(
    name="image_element", version="1.0", title="Image", api=(1, 0), requires=("builder_elements", "user_files")
)


class ImageOptions(Schema):
    """Settings of an image."""

    image_source_type = Choice(("upload", "url"), load_default="upload")
    image_file = ImageFile(allow_none=True, load_default=None, metadata={"type": "object"})
    image_url = FormulaText()
    alt_text = FormulaText(metadata={"description": "What those hear who cannot see it."})


class Image(ElementType):
    """An image."""

    type = "image"
    options_schema = ImageOptions
    styles = {"image": ("image",)}
    images = ("image_file",)


@hookimpl
def register_element_types() -> list[ElementType]:
    """Provide `image`."""
    return [Image()]
