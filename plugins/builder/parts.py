"""What pages hold: each part is read from pages and made on others, so that builders can be copied and moved."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

import sqlalchemy as sa

from plugin_api.archives import ArchiveReader, ArchiveWriter
from plugin_api.db import connection
from plugin_api.platform import registry

Item = dict[str, Any]
"""One thing of a part as JSON, with the `id` it has where it comes from."""


class Ids:
    """The new ids of what is copied, by kind: "builder_page", "builder_element", "database_table", ...

    keep_unknown: whether the ids of what is not copied stay as they are, as within a workspace, or lead nowhere.
    """

    def __init__(self, keep_unknown: bool, known: Callable[[str], dict[int, int]] | None = None) -> None:
        """`known` has what was copied before, by kind, and takes what is copied now."""
        self._keep_unknown = keep_unknown
        self._own: dict[str, dict[int, int]] = {}
        self._known = known or (lambda kind: self._own.setdefault(kind, {}))

    def add(self, kind: str, old: int, new: int) -> None:
        """Note what something is called now."""
        self._known(kind)[old] = new

    def update(self, kind: str, pairs: Mapping[int, int]) -> None:
        """Note what several things are called now."""
        self._known(kind).update(pairs)

    def new(self, kind: str, old: int | None) -> int | None:
        """The id something has now; None when it leads nowhere."""
        if old is None:
            return None
        return self._known(kind).get(old, old if self._keep_unknown else None)

    def reserve(self, kind: str, table: str, olds: Sequence[int]) -> None:
        """Give things the next ids of the table they will be in: one query."""
        numbers = sa.text(
            "SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, CAST(:count AS bigint))"
        )
        made = connection().execute(numbers, {"name": table, "count": len(olds)}).scalars() if olds else ()
        self.update(kind, dict(zip(olds, made, strict=True)))


class PagePart(ABC):
    """A kind of things on pages. Order matters to nobody: all ids are reserved before anything is made."""

    type: ClassVar[str]

    @abstractmethod
    def exported(self, page_ids: Sequence[int]) -> dict[int, list[Item]]:
        """What is on the pages, by page: a constant number of queries."""

    def archived(self, item: Item, archive: ArchiveWriter) -> Item:
        """A thing as it is written to an archive; files it names go along."""
        return item

    @abstractmethod
    def readable(self, item: Any, archive: ArchiveReader) -> Item | None:
        """A thing from an archive, which may come from anywhere, as `exported` would give it; None if it is none."""

    @abstractmethod
    def reserved(self, items: Sequence[Item], ids: Ids) -> None:
        """Reserve ids for all that will be made."""

    @abstractmethod
    def made(self, items: Mapping[int, Sequence[Item]], ids: Ids) -> None:
        """Make the things on the new pages, which are named by their new ids; what they refer to has new ids too."""


def parts() -> list[PagePart]:
    """All parts of pages."""
    return list(registry("builder_page_parts").values())
