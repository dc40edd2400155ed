"""The application type `builder`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from plugin_api.applications import ApplicationInfo, ApplicationType
from plugin_api.archives import ArchiveReader, ArchivesMixin, ArchiveWriter
from plugin_api.db import session
from plugin_api.permissions import Access, allows
from plugins.builder import archives, settings
from plugins.builder.context import page_scopes
from plugins.builder.copying import exported, make_builder
from plugins.builder.models import Builder
from plugins.builder.operations import READ_PAGE
from plugins.builder.pages import store
from plugins.builder.parts import Ids
from plugins.builder.theme import service as theme
from plugins.user_files import files

_FIRST_PAGES = (("Homepage", "/"), ("Examples", "/examples"))


class BuilderApplication(ApplicationType, ArchivesMixin):
    """A site of pages."""

    type = "builder"
    refers_to = ("database",)
    settings = settings.BuilderSettings
    undoable = False

    def serialize(self, applications: Sequence[ApplicationInfo]) -> dict[int, dict[str, Any]]:
        """Each builder's settings and the pages the user may read: two queries for all."""
        ids = [application.id for application in applications]
        rows = {row.application_id: row for row in session().scalars(_settings_of(ids))}
        pages: dict[int, list[dict[str, Any]]] = {found: [] for found in ids}
        for page in store.pages_of(ids):
            pages[page["builder_id"]].append(page)
        return {found.id: _shown(rows.get(found.id), pages[found.id], found.access) for found in applications}

    def created(self, application: ApplicationInfo, init_with_data: bool) -> None:
        """Its settings and the shared page; with `init_with_data`, pages to start from."""
        session().add(Builder(application_id=application.id))
        store.insert_shared(application.id)
        for name, path in _FIRST_PAGES if init_with_data else ():
            store.insert(application.id, name, path)

    def change(self, application: ApplicationInfo, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """Store settings."""
        return settings.change(application.id, values)

    def duplicate(self, source: ApplicationInfo, target: ApplicationInfo) -> None:
        """Copy settings, theme and pages with all that is on them."""
        make_builder(target.id, exported(source.id), Ids(keep_unknown=True))

    def archived(self, application: ApplicationInfo, archive: ArchiveWriter) -> dict[str, Any]:
        """All of it, with the images it names."""
        return archives.content(exported(application.id), archive)

    def restore(self, application: ApplicationInfo, content: Mapping[str, Any], archive: ArchiveReader) -> None:
        """Make what an archive describes; what leads out of the archive leads nowhere."""
        make_builder(application.id, archives.document(content, archive), Ids(False, archive.ids))


def _settings_of(ids: Sequence[int]) -> sa.Select[Any]:
    return sa.select(Builder).where(Builder.application_id.in_(ids)).execution_options(populate_existing=True)


def _shown(row: Builder | None, pages: list[dict[str, Any]], access: Access | None) -> dict[str, Any]:
    """What the API shows of a builder; a login page that is in the trash is none."""
    kept = row or Builder(theme={}, custom_code={}, scripts=[])
    there = {page["id"] for page in pages}
    return {
        "favicon_file": files.shown_again(kept.favicon_file) if kept.favicon_file else None,
        "login_page_id": kept.login_page_id if kept.login_page_id in there else None,
        "pages": [page for page in pages if access is None or allows(READ_PAGE, _inside(access, page))],
        "theme": theme.shown(kept.theme),
        "scripts": kept.scripts,
        "custom_code": {**settings.NO_CODE, **kept.custom_code},
    }


def _inside(access: Access, page: Mapping[str, Any]) -> Access:
    return Access(access.workspace_id, access.role, page_scopes(page["id"], page["builder_id"]))
