"""The element type `menu`: links to pages, in one or two levels."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from plugin_api import Plugin, hookimpl
from plugin_api.elements import ElementPage, ElementType, NewId
from plugin_api.schemas import Choice, Items, Schema, Str
from plugins.builder_elements.values import Navigation, check_navigation, numbered, renamed_navigation

plugin = Plugin(name="menu_element", version="1.0", title="Menu", api=(1, 0), requires=("builder_elements",))


class MenuItem(Navigation):
    """An entry of a menu."""

    uid = Str(required=True, max_length=255)
    type = Choice(("link", "button", "separator", "spacer"), load_default="link")
    variant = Choice(("link", "button"), load_default="link")
    name = Str(max_length=225, allow_blank=True, load_default="")


class TopItem(MenuItem):
    """An entry that may have others below it."""

    children = Items(MenuItem, load_default=list)


class MenuOptions(Schema):
    """Settings of a menu."""

    orientation = Choice(("horizontal", "vertical"), load_default="horizontal")
    alignment = Choice(("left", "center", "right", "justify"), load_default="left")
    menu_items = Items(TopItem, load_default=list)


class Menu(ElementType):
    """A menu."""

    type = "menu"
    options_schema = MenuOptions
    styles = {"menu": ("button", "link")}

    def prepare(self, options: dict[str, Any], before: Mapping[str, Any], page: ElementPage) -> dict[str, Any]:
        """Entries get ids, and lead to pages of the builder."""
        return {**options, "menu_items": _prepared(options["menu_items"], page, _targets(before.get("menu_items", ())))}

    def renamed(self, options: dict[str, Any], new_id: NewId) -> dict[str, Any]:
        """Entries lead to pages by their new ids."""
        return {**options, "menu_items": [_renamed(item, new_id) for item in options["menu_items"]]}


def _prepared(
    items: Iterable[Mapping[str, Any]], page: ElementPage, known: Collection[int], parent: int | None = None
) -> list[dict[str, Any]]:
    found = numbered(items)
    for order, item in enumerate(found):
        check_navigation(item, page, known)
        children = _prepared(item.get("children", ()), page, known, item["id"])
        item.update(menu_item_order=order, parent_menu_item=parent, children=children)
    return found


def _targets(items: Iterable[Mapping[str, Any]]) -> set[int]:
    """The pages entries lead to."""
    found = {item["navigate_to_page_id"] for item in items} - {None}
    return found.union(*(_targets(item.get("children", ())) for item in items))


def _renamed(item: Mapping[str, Any], new_id: NewId) -> dict[str, Any]:
    children = [_renamed(child, new_id) for child in item["children"]]
    return {**renamed_navigation(item, new_id), "children": children}


@hookimpl
def register_element_types() -> list[ElementType]:
    """Provide `menu`."""
    return [Menu()]
