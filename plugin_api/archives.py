"""Archives: applications written to files of JSON and read again, here or elsewhere, with other ids.

What an application type says here is all that is known of its part of an archive; the plugin `workspace_archives` does
the rest: the file around it, signatures, jobs. A type writes a JSON object of any size piece by piece, and reads it the
same way; ids in it are those of the application that was archived.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, ClassVar, Protocol, runtime_checkable

import marshmallow as ma
import orjson

from plugin_api.platform import service

if TYPE_CHECKING:
    import sqlalchemy as sa

    from plugin_api.applications import ApplicationInfo
    from plugin_api.fields import Batch, Field, Prepared, Row

Path = tuple[str, ...]
"""Names of keys; where a key holds a list, the next name is a key of each of its items."""


class BadArchive(Exception):
    """An archive that cannot be read; the text tells people why."""


class Streamed:
    """A list to write, made while it is written. Items that are `bytes` are JSON already."""

    def __init__(self, items: Iterable[Any]) -> None:
        self.items = items


@runtime_checkable
class Elements(Protocol):
    """A list that was streamed, to be read any number of times."""

    def batches(self) -> Iterator[list[Any]]:
        """Its items, some at a time. BadArchive for what is no JSON."""


class ArchiveWriter(Protocol):
    """The archive that is being written."""

    only_structure: bool
    """Whether to leave out what users entered, such as rows."""

    def add_file(self, name: str, open_file: Callable[[], BinaryIO]) -> None:
        """Put a file into the archive, once, however often it is added. FileNotFoundError leaves it out."""


class ArchiveReader(Protocol):
    """The archive that is being read, and the workspace it is read into."""

    workspace_id: int
    memory: dict[Any, Any]
    """What types remember while applications of this archive are read."""

    def ids(self, kind: str) -> dict[int, int]:
        """New ids by those in the archive, of everything read so far. Types add theirs: `ids("database_table")`."""

    def person(self, email: Any) -> int | None:
        """The member of the workspace with this e-mail address."""

    def open_file(self, name: str) -> BinaryIO | None:
        """A file of the archive; it can be sought in."""

    def progress(self, part: float) -> None:
        """Report how much of the application was read, 0 to 1. Raises JobCancelled when nobody wants it any more."""


class ArchivesMixin:
    """For application types that can be written to archives and read from them. All in the transaction of the caller.

    refers_to: the application types whose things it may name; they are read before it.
    streamed: where in its JSON the lists are that are too long to be in memory.
    """

    refers_to: ClassVar[Collection[str]] = ()
    streamed: ClassVar[Collection[Path]] = ()

    def readable(self, application: ApplicationInfo) -> bool:
        """Whether the acting user may read all that would be written; asked of those who may export it."""
        return True

    def archived(self, application: ApplicationInfo, archive: ArchiveWriter) -> dict[str, Any]:
        """What to write: JSON values, and `Streamed` where there may be much. Nothing that is in the trash."""
        raise NotImplementedError

    def restore(self, application: ApplicationInfo, content: Mapping[str, Any], archive: ArchiveReader) -> None:
        """Fill a new application from what was written; `content` has `Elements` for the lists that are streamed.

        `content` comes from anywhere: nothing in it may be trusted. BadArchive when it makes no sense.
        """
        raise NotImplementedError


class ArchivedFieldMixin:
    """For field types that are something else in an archive than what the API shows and takes."""

    def archived(self, field: Field, row: Row) -> sa.ColumnElement[Any] | None:
        """The value to write, anything PostgreSQL's `to_json` turns into the right JSON; None for none at all."""
        raise NotImplementedError

    def unarchived(self, field: Field, values: Sequence[Any], batch: Batch, archive: ArchiveReader) -> Prepared:
        """Values of an archive as `FieldType.prepare` answers them; those that cannot be kept are errors.

        `field` is the new one. `archive.ids("database_select_option")` and such know the ids of what it names.
        """
        raise NotImplementedError

    def archived_options(self, field: Field) -> dict[str, Any] | None:
        """The settings to write; None for those the API shows."""
        return None

    def unarchived_options(self, given: Mapping[str, Any]) -> dict[str, Any] | None:
        """Settings of an archive as they are stored, with the ids of the archive; None for those of the schema."""
        return None

    def add_files(self, field: Field, rows: sa.Table, archive: ArchiveWriter) -> None:
        """Put the files that values of the table name into the archive."""


class ArchivedViewMixin:
    """For view types whose settings name what is outside of the table, such as files."""

    def archived_settings(self, options: Mapping[str, Any], archive: ArchiveWriter) -> dict[str, Any]:
        """The settings to write."""
        raise NotImplementedError

    def restored_settings(self, given: Mapping[str, Any], archive: ArchiveReader) -> dict[str, Any]:
        """Settings of an archive as a client would give them."""
        raise NotImplementedError


@dataclass(frozen=True)
class Installed:
    """What became of an application of an archive."""

    archive_id: int
    application_id: int


class Archives(Protocol):
    """The service that writes archives and reads them, for plugins and scripts. Provided by `workspace_archives`."""

    def write(
        self,
        application_ids: Sequence[int],
        target: BinaryIO,
        only_structure: bool = False,
        progress: Callable[[float], None] = lambda part: None,
    ) -> None:
        """Write applications into a file, as they are at one moment; whoever acts. Commits the running transaction.

        progress: told parts from 0 to 1; what it raises ends the work.
        """

    def install(
        self,
        source: BinaryIO,
        workspace_id: int,
        progress: Callable[[float], None] = lambda part: None,
        only: Collection[int] | None = None,
    ) -> list[Installed]:
        """Make the applications of an archive in a workspace, at its end, in the running transaction.

        They are announced as a whole; recording an action is up to the caller. progress: told parts from 0 to 1; what
        it raises ends the work. only: the ids in the archive of the applications that are wanted. Signatures are not
        looked at. BadArchive when the archive cannot be read.
        """


def archives() -> Archives:
    """The service that writes archives and reads them."""
    return service(Archives)


def json_pieces(value: Any) -> Iterator[bytes]:
    """The JSON of a value with lists that are streamed, in pieces."""
    if isinstance(value, Streamed):
        yield from _joined(b"[", map(json_pieces, value.items), b"]")
    elif isinstance(value, dict) and _is_streaming(value):
        yield from _joined(b"{", (_member(key, one) for key, one in value.items()), b"}")
    elif isinstance(value, list) and _is_streaming(value):
        yield from _joined(b"[", map(json_pieces, value), b"]")
    else:
        yield value if isinstance(value, bytes) else orjson.dumps(value)


def _member(key: str, value: Any) -> Iterator[bytes]:
    yield orjson.dumps(key) + b":"
    yield from json_pieces(value)


def _joined(first: bytes, parts: Iterable[Iterator[bytes]], last: bytes) -> Iterator[bytes]:
    before = first
    for part in parts:
        yield before
        yield from part
        before = b","
    yield first + last if before == first else last


def _is_streaming(value: Any) -> bool:
    if isinstance(value, dict):
        value = list(value.values())
    return isinstance(value, Streamed) or (isinstance(value, list) and any(map(_is_streaming, value)))


def known_values(schema: ma.Schema, given: Mapping[str, Any]) -> dict[str, Any]:
    """The values of an archive that a schema takes, with its defaults for those it does not know or take."""
    known = {name: value for name, value in given.items() if name in schema.fields}
    while True:
        try:
            loaded: dict[str, Any] = schema.load(known)
        except ma.ValidationError as error:
            bad = set(error.messages_dict) & set(known)
            if not bad:
                raise BadArchive(f"Settings are missing: {', '.join(sorted(error.messages_dict))[:200]}.") from None
            known = {name: value for name, value in known.items() if name not in bad}
        else:
            return loaded
