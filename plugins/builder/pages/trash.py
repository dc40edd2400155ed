"""Pages in the trash."""

from __future__ import annotations

import sqlalchemy as sa

from plugin_api.db import session
from plugin_api.errors import does_not_exist
from plugin_api.permissions import Access, require
from plugin_api.trash import TrashItem, TrashItemType
from plugins.builder.context import lock, page_context
from plugins.builder.models import Page
from plugins.builder.operations import DELETE_PAGE
from plugins.builder.pages import paths, service, store


class TrashedPage(TrashItemType):
    """A page with all that is on it. Elements that led to it lead there again once it is back."""

    type = service.TRASH_TYPE

    def restore(self, item: TrashItem, access: Access) -> None:
        """Show it in its builder again; a name or path another page has by now gets a number."""
        require(DELETE_PAGE, access)
        row = session().get(Page, item.item_id, populate_existing=True)
        if row is None or row.trashed_on is None:
            raise does_not_exist("trash_item")
        lock(row.application_id)
        names, routes = store.others(row.application_id)
        if row.name in names:
            row.name = store.unused_name(row.name, names)
        if row.route in routes:
            row.path = paths.unused(row.path, routes)
            row.route = paths.route(row.path)
        row.trashed_on = None
        session().flush()
        found = page_context(row.id, DELETE_PAGE)
        shown = store.page_json(found.page)
        service.emit("page_created", found.builder_id, found.workspace_id, page=shown)

    def remove(self, item: TrashItem) -> None:
        """Remove it with all that is on it."""
        session().execute(sa.delete(Page).where(Page.id == item.item_id, Page.trashed_on.is_not(None)))
