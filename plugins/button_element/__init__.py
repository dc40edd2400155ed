"""The element type `button`: a button that starts workflow actions."""

from __future__ import annotations

from plugin_api import Plugin, hookimpl
from plugin_api.elements import ElementType
from plugin_api.schemas import Schema
from plugins.builder_elements.values import FormulaText

plugin = Plugin(name="button_element", version="1.0", title="Button", api=(1, 0), requires=("builder_elements",))


class ButtonOptions(Schema):
    """Settings of a button."""

    value = FormulaText()


class Button(ElementType):
    """A button."""

    type = "button"
    options_schema = ButtonOptions
    styles = {"button": ("button",)}


@hookimpl
def register_element_types() -> list[ElementType]:
    """Provide `button`."""
    return [Button()]
