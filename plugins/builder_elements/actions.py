"""The types of actions on elements. Each keeps the elements it changed as they were and as they became."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from plugin_api import actions
from plugin_api.actions import ActionType
from plugin_api.errors import ApiError
from plugins.builder_elements import operations, store
from plugins.builder_elements.context import Place, place_to_change
from plugins.builder_elements.events import CHANGED_TOGETHER, announce

CREATED, CHANGED, DELETED = "create_element", "update_element", "delete_element"
MOVED, DUPLICATED = "move_element", "duplicate_element"

Params = Mapping[str, Any]


def record(action: str, place: Place, before: Mapping[int, Any], after: Iterable[Any], element: Any) -> None:
    """Record what became of elements: rows as they were, those that are there now."""
    params = {
        "element_id": element.id,
        "element_type": element.type,
        "page_id": place.page.id,
        "page_name": place.found.page.name,
        "before": [store.document(one) for one in before.values()],
        "after": [store.document(one) for one in after],
    }
    scope = f"application{place.page.builder_id}"
    actions.record(action, scope=scope, workspace_id=place.page.workspace_id, params=params)


def _back(params: Params) -> None:
    _turn(params, params["after"], params["before"])


def _again(params: Params) -> None:
    _turn(params, params["before"], params["after"])


def _turn(params: Params, are: list[store.Document], become: list[store.Document]) -> None:
    """Make elements what they were. Refused when others depend on what would go, or what they were in is gone."""
    place = place_to_change(params["page_id"], operations.UPDATE)
    wanted = {one["id"] for one in become}
    gone = {one["id"] for one in are} - wanted
    there = set(place.elements) - gone | wanted
    held = [one.id for one in place.elements.values() if one.parent_element_id in gone and one.id not in gone]
    missing = {one["id"] for one in are} - set(place.elements)
    homeless = [one for one in become if one["parent_element_id"] not in {None, *there}]
    if held or missing or homeless:
        raise ApiError("ERROR_ELEMENT_CHANGED", 400, "Other elements depend on what would be undone.")
    store.remove(list(gone))
    store.write(become)
    announce(CHANGED_TOGETHER, place)


ACTION_TYPES = [
    ActionType(CREATED, 'Element (%(element_type)s) created on "%(page_name)s"', _back, _again),
    ActionType(CHANGED, 'Element (%(element_type)s) changed on "%(page_name)s"', _back, _again),
    ActionType(DELETED, 'Element (%(element_type)s) deleted on "%(page_name)s"', _back, _again),
    ActionType(MOVED, 'Element (%(element_type)s) moved on "%(page_name)s"', _back, _again),
    ActionType(DUPLICATED, 'Element (%(element_type)s) copied on "%(page_name)s"', _back, _again),
]
