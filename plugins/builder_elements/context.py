"""Where a request about an element happens."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from plugin_api.elements import ElementPage
from plugin_api.errors import ApiError, does_not_exist
from plugins.builder.context import PageContext, lock, page_context
from plugins.builder_elements import store


@dataclass
class Place:
    """A page with its elements as they are, by id and in their order, while its builder is locked."""

    found: PageContext
    page: ElementPage
    elements: dict[int, Any] = field(default_factory=dict)

    def read(self) -> None:
        """Read the elements again."""
        self.elements = {one.id: one for one in store.of_pages([self.page.id])}

    def require(self, element_id: int | None) -> Any | None:
        """An element of the page; None for None; 404 when there is none, 400 when it is on another page."""
        if element_id is None or element_id in self.elements:
            return self.elements.get(element_id or 0)
        if store.one(element_id) is None:
            raise does_not_exist("element")
        raise ApiError("ERROR_ELEMENT_NOT_IN_SAME_PAGE", 400, f"The element {element_id} is on another page.")

    def shown(self, element: Any) -> dict[str, Any]:
        """An element as the API shows it."""
        return store.shown(element, store.there(self.page))


def place_to_change(page_id: int, operation: str) -> Place:
    """A page whose elements the acting user may change; its builder is locked until the request ends."""
    found = page_context(page_id, operation)
    lock(found.builder_id)
    place = Place(found, store.element_page(found))
    place.read()
    return place


def place_of(element_id: int, operation: str) -> tuple[Place, Any]:
    """The same for the page of an element, and the element; 404 when it is not there."""
    element = store.one(element_id)
    if element is None:
        raise does_not_exist("element")
    try:
        place = place_to_change(element.page_id, operation)
    except ApiError as error:
        raise does_not_exist("element") if error.status == 404 else error from None
    if element_id not in place.elements:
        raise does_not_exist("element")
    return place, place.elements[element_id]
