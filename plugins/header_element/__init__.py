"""The element type `header`: what stands at the top of several pages."""

from __future__ import annotations

from plugin_api import Plugin, hookimpl
from plugin_api.elements import ElementType
from plugins.builder_elements.shared import SharedElement

plugin = Plugin(name="header_element", version="1.0", title="Header", api=(1, 0), requires=("builder_elements",))


class Header(SharedElement):
    """What is at the top of pages."""

    type = "header"


@hookimpl
def register_element_types() -> list[ElementType]:
    """Provide `header`."""
    return [Header()]
