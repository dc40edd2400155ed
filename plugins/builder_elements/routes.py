"""HTTP operations on elements."""

from __future__ import annotations

from typing import Any

from plugin_api.http import Blueprint
from plugin_api.openapi import SENTENCE
from plugins.builder_elements import service
from plugins.builder_elements.schemas import (
    ChangedElement,
    DuplicateAnswer,
    ElementAnswer,
    MovedElement,
    NewElement,
)

blueprint = Blueprint("builder_elements", __name__, url_prefix="/api/builder", description="What stands on pages")

_NO_PAGE, _NO_ELEMENT, _DENIED = "ERROR_PAGE_DOES_NOT_EXIST", "ERROR_ELEMENT_DOES_NOT_EXIST", "PERMISSION_DENIED"
_BODY, _STRANGE = ("ERROR_REQUEST_BODY_VALIDATION", SENTENCE), "ERROR_ELEMENT_NOT_IN_SAME_PAGE"


@blueprint.operation(
    "GET",
    "/page/<int:page_id>/elements/",
    id="list_builder_page_elements",
    summary="List the elements of a page",
    description="All elements of a page, those in others too, by their `order` among their neighbours.",
    response=ElementAnswer(many=True),
    errors=(_DENIED, _NO_PAGE),
    optional_auth=True,
)
def list_elements(page_id: int) -> Any:
    """The elements of a page."""
    return service.list_elements(page_id)


@blueprint.operation(
    "POST",
    "/page/<int:page_id>/elements/",
    id="create_builder_page_element",
    summary="Create an element",
    description="Puts an element on a page, into another one (`parent_element_id`, `place_in_container`) or not, "
    "before a neighbour or behind all. Besides the common keys it takes those of its type.",
    body=NewElement,
    response=ElementAnswer,
    errors=(*_BODY, _STRANGE, "ERROR_PLUGIN_DISABLED", _DENIED, _NO_PAGE, _NO_ELEMENT),
)
def create_element(page_id: int, body: dict[str, Any]) -> Any:
    """Create an element."""
    return service.create(page_id, body)


@blueprint.operation(
    "PATCH",
    "/element/<int:element_id>/",
    id="update_builder_page_element",
    summary="Change an element",
    description="Changes what is given; keys its type does not have are ignored, as are its type and its place.",
    body=ChangedElement,
    response=ElementAnswer,
    errors=(*_BODY, _DENIED, _NO_ELEMENT, _NO_PAGE),
)
def update_element(element_id: int, body: dict[str, Any]) -> Any:
    """Change an element."""
    return service.update(element_id, body["raw"])


@blueprint.operation(
    "PATCH",
    "/element/<int:element_id>/move/",
    id="move_builder_page_element",
    summary="Move an element",
    description="Puts an element into another one, or onto the page itself when no parent is named; before a "
    "neighbour, or behind all.",
    body=MovedElement,
    response=ElementAnswer,
    errors=(*_BODY, _STRANGE, _DENIED, _NO_ELEMENT),
)
def move_element(element_id: int, body: dict[str, Any]) -> Any:
    """Move an element."""
    return service.move(element_id, body)


@blueprint.operation(
    "POST",
    "/element/<int:element_id>/duplicate/",
    id="duplicate_builder_page_element",
    summary="Copy an element",
    description="Copies an element with all that is in it, right behind it.",
    response=DuplicateAnswer,
    errors=(_DENIED, _NO_ELEMENT),
)
def duplicate_element(element_id: int) -> Any:
    """Copy an element."""
    return service.duplicate(element_id)


@blueprint.operation(
    "DELETE",
    "/element/<int:element_id>/",
    id="delete_builder_page_element",
    summary="Delete an element",
    description="Removes an element with all that is in it.",
    status=204,
    errors=(_DENIED, _NO_ELEMENT),
)
def delete_element(element_id: int) -> None:
    """Delete an element."""
    service.delete(element_id)
