"""The element type `heading`: a heading of one of six levels."""

from __future__ import annotations

from plugin_api import Plugin, hookimpl
from plugin_api.elements import ElementType
from plugin_api.schemas import Int, Schema
from plugins.builder_elements.values import FormulaText

plugin = Plugin(name="heading_element", version="1.0", title="Heading", api=(1, 0), requires=("builder_elements",))


class HeadingOptions(Schema):
    """Settings of a heading."""

    value = FormulaText()
    level = Int(min_value=1, max_value=6, load_default=1)


class Heading(ElementType):
    """A heading."""

    type = "heading"
    options_schema = HeadingOptions
    styles = {"typography": ("typography",)}


@hookimpl
def register_element_types() -> list[ElementType]:
    """Provide `heading`."""
    return [Heading()]
