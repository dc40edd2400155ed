"""The element type `simple_container`: other elements below each other."""

from __future__ import annotations

from plugin_api import Plugin, hookimpl
from plugin_api.elements import ElementType

plugin = Plugin(
    name="simple_container_element", version="1.0", title="Container", api=(1, 0), requires=("builder_elements",)
)


class SimpleContainer(ElementType):
    """A box around other elements."""

    type = "simple_container"
    is_container = True


@hookimpl
def register_element_types() -> list[ElementType]:
    """Provide `simple_container`."""
    return [SimpleContainer()]
