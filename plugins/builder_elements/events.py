"""What is told of changes of elements."""

from __future__ import annotations

from typing import Any

from plugin_api import events
from plugins.builder_elements.context import Place

CHANGED_TOGETHER = "element_orders_recalculated"
"""Several elements of a page are not what or where they were: clients read all of them again."""


def announce(event: str, place: Place, **payload: Any) -> None:
    """Tell of a change on a page."""
    page = {"page_id": place.page.id, "builder_id": place.page.builder_id}
    events.emit(event, {**page, **payload}, place.page.workspace_id)
