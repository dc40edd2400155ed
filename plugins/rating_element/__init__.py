"""The element type `rating`: a number shown as stars."""

from __future__ import annotations

from plugin_api import Plugin, hookimpl
from plugin_api.elements import ElementType
from plugins.builder_elements.ratings import RatingOptions

plugin = Plugin(name="rating_element", version="1.0", title="Rating", api=(1, 0), requires=("builder_elements",))


class Rating(ElementType):
    """A rating."""

    type = "rating"
    options_schema = RatingOptions


@hookimpl
def register_element_types() -> list[ElementType]:
    """Provide `rating`."""
    return [Rating()]
