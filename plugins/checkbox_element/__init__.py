"""The element type `checkbox`: a box that visitors tick."""

from __future__ import annotations

from plugin_api import Plugin, hookimpl
from plugin_api.elements import ElementType
from plugin_api.schemas import Bool, Schema
from plugins.builder_elements.values import FormulaText

plugin = Plugin(name="checkbox_element", version="1.0", title="Checkbox", api=(1, 0), requires=("builder_elements",))


class CheckboxOptions(Schema):
    """Settings of a box."""

    label = FormulaText()
    default_value = FormulaText()
    required = Bool(load_default=False)


class Checkbox(ElementType):
    """A box to tick."""

    type = "checkbox"
    options_schema = CheckboxOptions
    styles = {"input": ("input",)}


@hookimpl
def register_element_types() -> list[ElementType]:
    """Provide `checkbox`."""
    return [Checkbox()]
