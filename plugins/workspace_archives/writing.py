"""Writing an archive: each application to a file of its own while the database is read, then all into one."""

from __future__ import annotations

import hashlib
import tempfile
import uuid
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from typing import Any, BinaryIO, cast

import orjson

from plugin_api.applications import ApplicationInfo, Applications
from plugin_api.archives import ArchivesMixin, json_pieces
from plugin_api.db import unit_of_work
from plugin_api.errors import does_not_exist
from plugin_api.platform import registry, service
from plugins.workspace_archives.manifest import MANIFEST, SIGNATURE, Item, Written, manifest_json
from plugins.workspace_archives.signing import signature_of

_BLOCK = 1024 * 1024
_TOLD = 500
_READ = 0.8
"""The part of the work that reading the database is."""

Progress = Callable[[float], None]


def can_archive(type_name: str) -> bool:
    """Whether applications of a type can be in archives."""
    return isinstance(registry("application_types").get(type_name), ArchivesMixin)


class Writing:
    """The archive that is being written; implements `plugin_api.archives.ArchiveWriter`."""

    def __init__(self, only_structure: bool, progress: Progress) -> None:
        self.only_structure = only_structure
        self._progress = progress
        self._files: dict[str, Callable[[], BinaryIO]] = {}
        self._described: list[tuple[Written, BinaryIO, str]] = []
        self._open = ExitStack()

    def __enter__(self) -> Writing:
        return self

    def __exit__(self, *error: Any) -> None:
        self._open.close()

    def add_file(self, name: str, open_file: Callable[[], BinaryIO]) -> None:
        """Remember a file; its content is read when the database is not needed any more."""
        self._files.setdefault(name, open_file)

    def read(self, application_ids: Sequence[int]) -> None:
        """Read applications as they are at one moment. Commits before and after."""
        service(Applications).begin_moment(application_ids)
        for n, application_id in enumerate(application_ids):
            info, _ = service(Applications).access(application_id)
            self._describe(info, lambda part, n=n: self._progress(_READ * (n + part) / len(application_ids)))  # type: ignore[misc]
        unit_of_work().commit()

    def _describe(self, info: ApplicationInfo, progress: Progress) -> None:
        kind = registry("application_types").get(info.type)
        if not isinstance(kind, ArchivesMixin):
            raise does_not_exist("application")
        base = {"id": info.id, "name": info.name, "order": info.order, "type": info.type}
        made = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the archive
        file = cast(BinaryIO, self._open.enter_context(made))
        digest = hashlib.sha256()
        for n, piece in enumerate(json_pieces({**base, **kind.archived(info, self)})):
            file.write(piece)
            digest.update(piece)
            if n % _TOLD == 0:
                progress(1 - 1 / (1 + n / 1e5))  # nobody knows how much there is: the bar moves slower and slower
        unique = uuid.uuid4().hex
        name = f"{info.type}_{unique}_{digest.hexdigest()}.json"
        self._described.append((Written(Item(info.id, info.type, info.name, name), unique), file, digest.hexdigest()))

    def write(self, target: BinaryIO) -> None:
        """Put all that was read into one file."""
        sums = {}
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for written, file, digest in self._described:
                file.seek(0)
                _pack(archive, written.item.file, file, zipfile.ZIP_DEFLATED)
                sums[written.item.file] = digest
            sums.update(self._packed_files(archive))
            manifest = orjson.dumps(
                manifest_json([written for written, _, _ in self._described], sums, self.only_structure)
            )
            archive.writestr(MANIFEST, manifest)
            archive.writestr(SIGNATURE, orjson.dumps(signature_of(manifest)))

    def _packed_files(self, archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
        """Users' files, as they are: most are compressed already."""
        for n, (name, open_file) in enumerate(self._files.items()):
            self._progress(_READ + (1 - _READ) * n / len(self._files))
            try:
                content = open_file()
            except FileNotFoundError:
                continue
            with content:
                yield name, _pack(archive, name, content, zipfile.ZIP_STORED)


def _pack(archive: zipfile.ZipFile, name: str, content: BinaryIO, method: int) -> str:
    """Put a file into an archive; answers its checksum."""
    digest = hashlib.sha256()
    info = zipfile.ZipInfo(name)
    info.compress_type = method
    with archive.open(info, "w", force_zip64=True) as packed:
        while block := content.read(_BLOCK):
            digest.update(block)
            packed.write(block)
    return digest.hexdigest()
