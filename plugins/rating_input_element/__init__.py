"""The element type `rating_input`: a number of stars that visitors choose."""

from __future__ import annotations

from plugin_api import Plugin, hookimpl
from plugin_api.elements import ElementType
from plugin_api.schemas import Bool
from plugins.builder_elements.ratings import RatingOptions
from plugins.builder_elements.values import FormulaText

plugin = Plugin(
    name="rating_input_element", version="1.0", title="Rating input", api=(1, 0), requires=("builder_elements",)
)


class RatingInputOptions(RatingOptions):
    """Settings of a rating to give."""

    label = FormulaText()
    required = Bool(load_default=False)


class RatingInput(ElementType):
    """A rating to give."""

    type = "rating_input"
    options_schema = RatingInputOptions
    styles = {"input": ("input",)}


@hookimpl
def register_element_types() -> list[ElementType]:
    """Provide `rating_input`."""
    return [RatingInput()]
