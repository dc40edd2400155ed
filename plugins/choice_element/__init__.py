"""The element type `choice`: options visitors choose from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugin_api import Plugin, hookimpl
from plugin_api.elements import ElementPage, ElementType
from plugin_api.schemas import Bool, Choice, Int, Items, Schema, Str
from plugins.builder_elements.values import FormulaText, numbered

plugin = Plugin(name="choice_element", version="1.0", title="Choice", api=(1, 0), requires=("builder_elements",))


class ChoiceOption(Schema):
    """An option. One that is sent with its `id` is changed, one without is new."""

    id = Int(allow_none=True)
    name = Str(allow_blank=True, load_default="")
    value = Str(allow_blank=True, allow_none=True, load_default="")


class ChoiceOptions(Schema):
    """Settings of a choice; by formulas, `formula_value` and `formula_name` give the options."""

    label = FormulaText()
    default_value = FormulaText()
    required = Bool(load_default=False)
    placeholder = FormulaText()
    options = Items(ChoiceOption, load_default=list)
    multiple = Bool(load_default=False)
    show_as_dropdown = Bool(load_default=True)
    option_type = Choice(("manual", "formulas"), load_default="manual")
    formula_value = FormulaText()
    formula_name = FormulaText()


class ChoiceElement(ElementType):
    """A choice of one or of several options."""

    type = "choice"
    options_schema = ChoiceOptions
    styles = {"input": ("input",)}

    def prepare(self, options: dict[str, Any], before: Mapping[str, Any], page: ElementPage) -> dict[str, Any]:
        """Options get ids."""
        known = [option["id"] for option in before.get("options", ())]
        return {**options, "options": numbered(options["options"], known)}


@hookimpl
def register_element_types() -> list[ElementType]:
    """Provide `choice`."""
    return [ChoiceElement()]
