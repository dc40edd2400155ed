"""The page of a shared view, which visitors open by its address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugin_api.errors import does_not_exist
from plugin_api.realtime import OnPage, PageScopes, PageType
from plugins.database.realtime.pages import table_scopes
from plugins.views.context import view_of_slug
from plugins.views.sharing import require_admission


def shared_page(slug: str) -> OnPage:
    """Everybody who has a shared view open."""
    return OnPage("view", {"slug": slug})


def view_scope(view_id: int) -> tuple[str, int]:
    """What the page of a view is a part of."""
    return ("database_view", view_id)


def _admit(parameters: Mapping[str, Any]) -> PageScopes:
    """As when its rows are read: a view with a password asks for the token that was given for it."""
    found = view_of_slug(parameters["slug"])
    if found is None or not found.kind.can_share or not found.kind.lists_rows:
        raise does_not_exist("view")
    require_admission(found, "view", token=parameters["token"])
    return (view_scope(found.view.id), *table_scopes(found.table))


PAGE_TYPES = [PageType("view", {"slug": str, "token": str}, _admit, named_by=("slug",))]
