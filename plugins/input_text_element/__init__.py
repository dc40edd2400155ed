"""The element type `input_text`: text that visitors type."""

from __future__ import annotations

from plugin_api import Plugin, hookimpl
from plugin_api.elements import ElementType
from plugin_api.schemas import Bool, Choice, Int, Schema
from plugins.builder_elements.values import FormulaText

plugin = Plugin(
    name="input_text_element", version="1.0", title="Text input", api=(1, 0), requires=("builder_elements",)
)


class InputTextOptions(Schema):
    """Settings of a field for text."""

    label = FormulaText()
    default_value = FormulaText()
    required = Bool(load_default=False)
    validation_type = Choice(("any", "email", "integer"), load_default="any")
    placeholder = FormulaText()
    is_multiline = Bool(load_default=False)
    rows = Int(min_value=1, max_value=100, load_default=3)
    input_type = Choice(("text", "password"), load_default="text")


class InputText(ElementType):
    """A field for text."""

    type = "input_text"
    options_schema = InputTextOptions
    styles = {"input": ("input",)}


@hookimpl
def register_element_types() -> list[ElementType]:
    """Provide `input_text`."""
    return [InputText()]
