"""What plugins keep with tables: they are told when tables and fields come, are copied or change."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from plugin_api.platform import registry

if TYPE_CHECKING:
    from plugin_api.archives import ArchiveReader, ArchiveWriter


@dataclass(frozen=True)
class TableCopy:
    """A table and its copy, with the ids of fields and select options of the original and those of their copies.

    views: the same of views, filled by the plugin that copies them.
    application_id: the application the copy is in, if it is one of the original's workspace.
    """

    original_id: int
    copy_id: int
    fields: Mapping[int, int]
    select_options: Mapping[int, int]
    views: dict[int, int] = field(default_factory=dict)
    application_id: int | None = None


@dataclass(frozen=True)
class RestoredTable:
    """A table that was made from an archive: what the archive says of it, and the ids there and here."""

    content: Mapping[str, Any]
    copy: TableCopy


class TableExtension:
    """Something a plugin keeps with tables. Methods run in the transaction of the change, before its events."""

    type: ClassVar[str]

    def created(self, table_id: int) -> None:
        """A table was made, with its fields; not called for copies."""

    def copied(self, copies: Sequence[TableCopy]) -> None:
        """Tables were copied, with their fields and rows. A constant number of queries for all of them."""

    def linked(self, copies: Sequence[TableCopy]) -> None:
        """All extensions have copied what they keep: what names tables, fields or views can name the copies now."""

    def archived(self, table_ids: Sequence[int], archive: ArchiveWriter) -> Mapping[int, Mapping[str, Any]]:
        """Keys to add to what is written of tables into an archive, by table. A constant number of queries."""
        return {}

    def restored(self, tables: Sequence[RestoredTable], archive: ArchiveReader) -> None:
        """Tables were made from an archive, with their fields and rows. Nothing in `content` may be trusted."""

    def fields_changed(self, field_ids: Collection[int]) -> None:
        """Fields may have another type, or values of another kind, than before."""

    def field_deleting(self, table_id: int, field_id: int) -> None:
        """A user is about to put a field into the trash; raise ApiError to refuse it."""

    def removed(self, table_ids: Sequence[int]) -> None:
        """Tables were removed for good."""

    def shown(self, table_ids: Sequence[int]) -> Mapping[int, Mapping[str, Any]]:
        """Keys to add to the JSON of tables, by table: one query for all of them, none when nothing is kept."""
        return {}

    def rows_removed(self, table_id: int, row_ids: Sequence[int]) -> None:
        """Rows were removed for good. What is kept with a table itself goes with it by a foreign key."""


def extensions() -> list[TableExtension]:
    """What is kept with tables, in the order the plugins were loaded."""
    return registry("table_extensions").values()
