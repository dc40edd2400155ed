"""The element type `iframe`: another page, or HTML of its own, in a frame."""

from __future__ import annotations

from plugin_api import Plugin, hookimpl
from plugin_api.elements import ElementType
from plugin_api.schemas import Choice, Int, Schema
from plugins.builder_elements.values import FormulaText

plugin = Plugin(
    name="iframe_element", version="1.0", title="Page within the page", api=(1, 0), requires=("builder_elements",)
)


class IframeOptions(Schema):
    """Settings of a frame; its height is in pixels."""

    source_type = Choice(("url", "embed"), load_default="url")
    url = FormulaText()
    embed = FormulaText()
    height = Int(min_value=1, max_value=2000, load_default=300)


class Iframe(ElementType):
    """A frame."""

    type = "iframe"
    options_schema = IframeOptions


@hookimpl
def register_element_types() -> list[ElementType]:
    """Provide `iframe`."""
    return [Iframe()]
