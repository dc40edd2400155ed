"""Bookmarks in the trash."""

from __future__ import annotations

from plugin_api.errors import does_not_exist
from plugin_api.permissions import Access, require
from plugin_api.trash import TrashItem, TrashItemType
from tablewright_bookmarks import service, store
from tablewright_bookmarks.models import Bookmark


class TrashedBookmark(TrashItemType):
    """A bookmark."""

    type = service.TRASH_TYPE

    def restore(self, item: TrashItem, access: Access) -> None:
        """Show it again."""
        require(service.WRITE, access)
        found = store.find(item.item_id, trashed=True)
        if found is None:
            raise does_not_exist("trash_item")
        store.change(found.id, {"trashed_on": None})
        info = service.application(found.application_id, service.WRITE)
        service.announce("bookmark_created", info, bookmark=store.shown(found))

    def remove(self, item: TrashItem) -> None:
        """Remove it for good."""
        store.remove(Bookmark.id == item.item_id, Bookmark.trashed_on.is_not(None))
