"""The element type `footer`: what stands at the bottom of several pages."""

from __future__ import annotations

from plugin_api import Plugin, hookimpl
from plugin_api.elements import ElementType
from plugins.builder_elements.shared import SharedElement

plugin = Plugin(name="footer_element", version="1.0", title="Footer", api=(1, 0), requires=("builder_elements",))


class Footer(SharedElement):
    """What is at the bottom of pages."""

    type = "footer"


@hookimpl
def register_element_types() -> list[ElementType]:
    """Provide `footer`."""
    return [Footer()]
