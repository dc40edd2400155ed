"""Writing archives and making applications of them, for jobs, commands and other plugins."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from typing import Any, BinaryIO

import sqlalchemy as sa
import structlog

from plugin_api.applications import Applications
from plugin_api.archives import ArchivesMixin, BadArchive, Installed
from plugin_api.db import session
from plugin_api.people import EMAIL
from plugin_api.platform import registry, service
from plugin_api.workspaces import members
from plugins.workspace_archives.document import read_document
from plugins.workspace_archives.manifest import Item
from plugins.workspace_archives.reading import Reading
from plugins.workspace_archives.writing import Progress, Writing, can_archive

log = structlog.get_logger(__name__)


class ArchiveFiles:
    """The service `plugin_api.archives.Archives`."""

    def write(
        self,
        application_ids: Sequence[int],
        target: BinaryIO,
        only_structure: bool = False,
        progress: Progress = lambda part: None,
    ) -> None:
        """Write applications as they are at one moment."""
        with Writing(only_structure, progress) as archive:
            archive.read(application_ids)
            archive.write(target)

    def install(
        self,
        source: BinaryIO,
        workspace_id: int,
        progress: Progress = lambda part: None,
        only: Collection[int] | None = None,
    ) -> list[Installed]:
        """Make applications in a workspace."""
        return install(Reading(source), workspace_id, progress, only)


def install(archive: Reading, workspace_id: int, progress: Progress, only: Collection[int] | None) -> list[Installed]:
    """Make the applications of an archive that is open."""
    items = wanted_items(archive, only)
    into = _Into(archive, workspace_id, progress, items)
    made = {item: into.install(item) for item in _in_order(items)}
    return [Installed(item.id, made[item]) for item in items]


def wanted_items(archive: Reading, only: Collection[int] | None) -> list[Item]:
    """The applications to make; those of types that are not installed are left out. LookupError for unknown ids."""
    there = [item for item in archive.manifest.items if can_archive(item.type)]
    for item in archive.manifest.items:
        if item not in there:
            log.warning("an application of an archive is left out", application_type=item.type)
    strange = set(only or ()) - {item.id for item in there}
    if strange:
        raise LookupError(f"The archive has no application {min(strange)} that can be imported.")
    return [item for item in there if only is None or item.id in only]


def _in_order(items: Sequence[Item]) -> list[Item]:
    """Those that others may refer to come first."""
    types = registry("application_types")
    graph = {name: types[name].refers_to for name in {item.type for item in items}}
    try:
        order = list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        raise LookupError(f"application types refer to each other: {error.args[1]}") from None
    return sorted(items, key=lambda item: order.index(item.type))


@dataclass
class _Into:
    """The workspace an archive is read into; implements `plugin_api.archives.ArchiveReader`."""

    archive: Reading
    workspace_id: int
    report: Progress
    items: Sequence[Item]
    memory: dict[Any, Any] = field(default_factory=dict)
    _ids: dict[str, dict[int, int]] = field(default_factory=dict)
    _people: dict[str, int] | None = None
    _before: int = 0
    _half: int = 0

    @cached_property
    def _size(self) -> int:
        return max(2 * sum(map(self.archive.size_of, self.items)), 1)

    def ids(self, kind: str) -> dict[int, int]:
        """New ids by those in the archive."""
        return self._ids.setdefault(kind, {})

    def person(self, email: Any) -> int | None:
        """The member with an address: one query for all of them."""
        if self._people is None:
            found = members().subquery()
            query = sa.select(EMAIL.c.email, EMAIL.c.id).join(found, found.c.user_id == EMAIL.c.id)
            query = query.where(found.c.workspace_id == self.workspace_id)
            self._people = {row.email.lower(): row.id for row in session().execute(query)}
        return self._people.get(email.strip().lower()) if isinstance(email, str) else None

    def open_file(self, name: str) -> BinaryIO | None:
        """A file of the archive."""
        return self.archive.open_file(name)

    def progress(self, part: float) -> None:
        """Report how much of the running application was read, where its type knows better."""
        self.report(min((self._before + part * self._half) / self._size, 1.0))

    def install(self, item: Item) -> int:
        """Make an application; its id. Its file is read twice: all but the long lists, then those."""
        kind = registry("application_types")[item.type]
        assert isinstance(kind, ArchivesMixin)
        self._half = self.archive.size_of(item)
        with self.archive.described(item) as file:
            content = read_document(file, kind.streamed, self._passed)
            self._before += self._half
            if content.get("type", item.type) != item.type:
                raise BadArchive(f"The application {item.name[:100]!r} is another one than the manifest says.")
            info = service(Applications).make(
                self.workspace_id, item.type, item.name, lambda info: kind.restore(info, content, self)
            )
        self._before += self._half
        self.ids("application")[item.id] = info.id
        return info.id

    def _passed(self, place: int) -> None:
        self.report(min((self._before + place) / self._size, 1.0))
