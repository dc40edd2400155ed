"""The element type `link`: a link to a page or to another address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugin_api import Plugin, hookimpl
from plugin_api.elements import ElementPage, ElementType, NewId
from plugin_api.schemas import Choice
from plugins.builder_elements.values import FormulaText, Navigation, check_navigation, renamed_navigation

plugin = Plugin(name="link_element", version="1.0", title="Link", api=(1, 0), requires=("builder_elements",))


class LinkOptions(Navigation):
    """Settings of a link."""

    value = FormulaText()
    variant = Choice(("link", "button"), load_default="link")


class Link(ElementType):
    """A link, which may look like a button."""

    type = "link"
    options_schema = LinkOptions
    styles = {"link": ("link",), "button": ("button",)}

    def prepare(self, options: dict[str, Any], before: Mapping[str, Any], page: ElementPage) -> dict[str, Any]:
        """The page it leads to is in the builder."""
        check_navigation(options, page, [before.get("navigate_to_page_id")])
        return options

    def renamed(self, options: dict[str, Any], new_id: NewId) -> dict[str, Any]:
        """It leads to the page by its new id."""
        return renamed_navigation(options, new_id)


@hookimpl
def register_element_types() -> list[ElementType]:
    """Provide `link`."""
    return [Link()]
