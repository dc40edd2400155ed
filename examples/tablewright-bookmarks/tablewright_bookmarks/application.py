"""The application type `bookmarks`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from plugin_api.applications import ApplicationInfo, ApplicationType
from plugin_api.archives import ArchiveReader, ArchivesMixin, ArchiveWriter, BadArchive, known_values
from tablewright_bookmarks import store
from tablewright_bookmarks.models import Bookmark
from tablewright_bookmarks.schemas import NewBookmark
from tablewright_bookmarks.service import TYPE

_FIRST = {"title": "An example", "url": "https://example.com/", "note": "Delete it when you have your own."}


class BookmarksApplication(ApplicationType, ArchivesMixin):
    """Links that a team keeps."""

    type = TYPE

    def serialize(self, applications: Sequence[ApplicationInfo]) -> dict[int, dict[str, Any]]:
        """The number of bookmarks: one query for all applications."""
        ids = [application.id for application in applications]
        counts = store.counts(ids)
        return {one: {"bookmark_count": counts.get(one, 0)} for one in ids}

    def created(self, application: ApplicationInfo, init_with_data: bool) -> None:
        """A new one is empty, or has an example."""
        _fill(application, [_FIRST] if init_with_data else [])

    def duplicate(self, source: ApplicationInfo, target: ApplicationInfo) -> None:
        """Copy all that is not in the trash; snapshots are made this way too."""
        _fill(target, store.contents(source.id))

    def deleted(self, application: ApplicationInfo) -> None:
        """Remove all of it, the trash included, when the application is removed for good."""
        store.remove(Bookmark.application_id == application.id)

    def archived(self, application: ApplicationInfo, archive: ArchiveWriter) -> dict[str, Any]:
        """What an archive has of it."""
        return {"bookmarks": [] if archive.only_structure else store.contents(application.id)}

    def restore(self, application: ApplicationInfo, content: Mapping[str, Any], archive: ArchiveReader) -> None:
        """Fill a new one from an archive, which may come from anywhere: everything in it is checked."""
        given = content.get("bookmarks")
        if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
            raise BadArchive("The bookmarks of the archive are no list of objects.")
        _fill(application, [known_values(NewBookmark(), one) for one in given])


def _fill(application: ApplicationInfo, rows: Iterable[Mapping[str, Any]]) -> None:
    store.insert([{**row, "application_id": application.id} for row in rows])
