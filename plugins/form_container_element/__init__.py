"""The element type `form_container`: inputs that are sent together."""

from __future__ import annotations

from plugin_api import Plugin, hookimpl
from plugin_api.elements import ElementType
from plugin_api.schemas import Bool, Schema
from plugins.builder_elements.values import FormulaText

plugin = Plugin(name="form_container_element", version="1.0", title="Form", api=(1, 0), requires=("builder_elements",))


class FormContainerOptions(Schema):
    """Settings of a form."""

    submit_button_label = FormulaText()
    reset_initial_values_post_submission = Bool(load_default=False)


class FormContainer(ElementType):
    """A form."""

    type = "form_container"
    options_schema = FormContainerOptions
    styles = {"button": ("button",), "input": ("input",)}
    is_container = True

    def may_hold(self, other: ElementType) -> bool:
        """Not further forms."""
        return super().may_hold(other) and other.type != self.type


@hookimpl
def register_element_types() -> list[ElementType]:
    """Provide `form_container`."""
    return [FormContainer()]
