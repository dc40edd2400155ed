"""The element type `text`: paragraphs, plain or as Markdown."""

from __future__ import annotations

from plugin_api import Plugin, hookimpl
from plugin_api.elements import ElementType
from plugin_api.schemas import Choice, Schema
from plugins.builder_elements.values import FormulaText

plugin = Plugin(name="text_element", version="1.0", title="Text", api=(1, 0), requires=("builder_elements",))


class TextOptions(Schema):
    """Settings of a text."""

    value = FormulaText()
    format = Choice(("plain", "markdown"), load_default="plain")


class Text(ElementType):
    """Paragraphs."""

    type = "text"
    options_schema = TextOptions
    styles = {"typography": ("typography",)}


@hookimpl
def register_element_types() -> list[ElementType]:
    """Provide `text`."""
    return [Text()]
