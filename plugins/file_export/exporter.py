"""The files of rows as an archive, written while it is read."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import structlog

from plugin_api.db import begin
from plugin_api.exporters import ExporterType, ExportOptions, ExportRows
from plugin_api.kinds import Kind
from plugin_api.schemas import Bool
from plugins.user_files.files import find, open_content
from plugins.user_files.models import UserFile

log = structlog.get_logger(__name__)

_BLOCK = 256 * 1024
_FILES = 500
"""So many are looked up together."""

_PACKED = ("image/", "video/", "audio/", "application/zip", "application/gzip")
"""What does not get smaller."""


class FileOptions(ExportOptions):
    """What clients choose of an archive."""

    organize_files = Bool(
        load_default=True, metadata={"description": "Of files: whether each row has a folder of its own."}
    )


class FileExporter(ExporterType):
    """An archive (ZIP) of all the files in file fields, under the names they are kept under."""

    type = "file"
    extension = "zip"
    options_schema = FileOptions

    def chunks(self, rows: ExportRows, options: Mapping[str, Any]) -> Iterator[bytes]:
        """A file that is there more than once is in each folder once."""
        written = _Written()
        with zipfile.ZipFile(written, "w") as archive:  # type: ignore[call-overload]
            for batch in _batches(_files(rows, bool(options["organize_files"]))):
                yield from _add(archive, written, batch)
        yield written.taken()


def _files(rows: ExportRows, organized: bool) -> Iterator[tuple[str, str]]:
    """Folder and name of each file of each row."""
    places = [n for n, column in enumerate(rows.columns) if column.kind is Kind.FILES]
    for row in rows.values():
        folder = f"row_{row[0]}/" if organized else ""
        for place in places:
            for file in row[place]:
                yield folder, file["name"]


def _batches(files: Iterator[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
    while batch := list(islice(files, _FILES)):
        yield batch


def _add(archive: zipfile.ZipFile, written: _Written, batch: list[tuple[str, str]]) -> Iterator[bytes]:
    with begin():  # a connection that is not busy with the rows
        known = find({name for _, name in batch})
    for folder, name in batch:
        if name not in known or folder + name in archive.NameToInfo:
            continue
        try:
            content = open_content(known[name].sha256)
        except FileNotFoundError:
            log.warning("a file is not in the file storage; the archive is made without it", file=name)
            continue
        with content, archive.open(_entry(folder, known[name]), "w", force_zip64=True) as entry:
            while block := content.read(_BLOCK):
                entry.write(block)
                yield written.taken()
        yield written.taken()


def _entry(folder: str, file: UserFile) -> zipfile.ZipInfo:
    moment = file.uploaded_at.timetuple()[:6]
    entry = zipfile.ZipInfo(folder + file.name, max(moment, (1980, 1, 1, 0, 0, 0)))
    packed = file.mime_type.startswith(_PACKED)
    entry.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry


class _Written:
    """What the archive wrote since it was last taken."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._at = 0

    def write(self, piece: bytes) -> int:
        """Keep a piece."""
        self._pieces.append(bytes(piece))
        self._at += len(piece)
        return len(piece)

    def flush(self) -> None:
        """Nothing to do."""

    def taken(self) -> bytes:
        """The pieces, which are forgotten."""
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)
