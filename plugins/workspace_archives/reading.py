"""Reading an archive that came from anywhere: checked before anything is done with it, then read file by file."""

from __future__ import annotations

import hashlib
import re
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import BinaryIO, cast

from plugin_api import media
from plugin_api.archives import BadArchive
from plugin_api.settings import setting
from plugins.workspace_archives.document import parsed
from plugins.workspace_archives.manifest import MANIFEST, SIGNATURE, Item, Manifest, read_manifest
from plugins.workspace_archives.signing import is_genuine, is_trusted

MANIFEST_BYTES = 64 * 1024 * 1024
_BLOCK = 1024 * 1024
_MEMORY = 4 * 1024 * 1024
_MOST_FILES = 200_000
_UNPACKED = 10
"""An archive may become so many times as large as the largest one that may be uploaded."""
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_NAME = re.compile(r"(?!\.)[A-Za-z0-9_.-]{1,255}(/(?!\.)[A-Za-z0-9_.-]{1,255}){0,3}", re.ASCII)
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    UnicodeError,
    ValueError,
    IndexError,
)
"""What Python raises for files that are no archives, or broken or encrypted ones."""


class NoArchive(BadArchive):
    """A file that is no archive at all."""


class UntrustedArchive(BadArchive):
    """An archive nobody here trusts, because it is not signed, or by somebody unknown."""


class Reading:
    """An archive that is open. BadArchive from here on means that it is not what its makers say."""

    def __init__(self, file: BinaryIO) -> None:
        try:
            file.seek(0)
            self._zip = zipfile.ZipFile(file)
        except _BROKEN:
            raise NoArchive("The file is no zip archive.") from None
        self._check_names()
        self.manifest_text = self._small(MANIFEST)
        self.manifest: Manifest = read_manifest(self.manifest_text)
        self._check_files()
        self._by_name = {PurePosixPath(name).name: name for name in self.manifest.checksums}

    def _check_names(self) -> None:
        """Refuse what nobody would pack: strange or repeated names, sizes that fill a disk."""
        found = self._zip.infolist()
        names = {info.filename for info in found}
        if len(found) > _MOST_FILES or len(names) != len(found):
            raise BadArchive("The archive has too many files, or two of the same name.")
        strange = next((name for name in names if not _NAME.fullmatch(name)), None)
        if strange is not None:
            raise BadArchive(f"The archive has a file of the name {strange[:100]!r}, which is not allowed.")
        most = _UNPACKED * setting("max_archive_bytes")
        if sum(info.file_size for info in found) > most:
            raise BadArchive(f"The archive would be larger than {most} bytes once it is unpacked.")
        if any(info.compress_type not in _METHODS or info.flag_bits & 1 for info in found):
            raise BadArchive("The archive is encrypted, or packed in a way that is not known here.")

    def _check_files(self) -> None:
        """The files must be those of the manifest."""
        names = set(self._zip.namelist())
        expected = {*self.manifest.checksums, MANIFEST, SIGNATURE}
        if self.manifest.total_files != len(names) or names != expected:
            raise BadArchive("The files in the archive are not those its manifest names.")
        missing = [item.name for item in self.manifest.items if item.file not in self.manifest.checksums]
        if missing:
            raise BadArchive(f"The application {missing[0][:100]!r} is not in the archive.")

    def _small(self, name: str) -> bytes:
        try:
            info = self._zip.getinfo(name)
        except KeyError:
            raise BadArchive(f"The archive has no {name}.") from None
        if info.file_size > MANIFEST_BYTES:
            raise BadArchive(f"The file {name} in the archive is too large.")
        with self._opened(name) as content:
            return content.read()

    @contextmanager
    def _opened(self, name: str) -> Iterator[BinaryIO]:
        try:
            with self._zip.open(name) as content:
                yield cast(BinaryIO, content)
        except _BROKEN as error:
            raise BadArchive(f"The file {name[:100]!r} in the archive is broken.") from error

    def require_trusted(self) -> None:
        """UntrustedArchive unless somebody known signed it; BadArchive when it was changed since."""
        signature = parsed(self._small(SIGNATURE))
        if not isinstance(signature, dict) or not is_trusted(signature):
            raise UntrustedArchive("The archive is not signed by this instance or one it trusts.")
        if not is_genuine(self.manifest_text, signature):
            raise BadArchive("The archive was changed after it was signed.")

    def check_sums(self) -> None:
        """BadArchive when a file is not what it was when the archive was made."""
        for name in self.manifest.checksums:
            self._copy(name, lambda block: None)

    def _copy(self, name: str, take: Callable[[bytes], object]) -> None:
        digest = hashlib.sha256()
        with self._opened(name) as content:
            while block := content.read(_BLOCK):
                digest.update(block)
                take(block)
        if digest.hexdigest() != self.manifest.checksums[name]:
            raise BadArchive(f"The file {name[:100]!r} in the archive was changed: its checksum is another one.")

    @contextmanager
    def described(self, item: Item) -> Iterator[BinaryIO]:
        """The file that describes an application, unpacked."""
        with tempfile.TemporaryFile() as file:
            self._copy(item.file, file.write)
            yield cast(BinaryIO, file)

    def size_of(self, item: Item) -> int:
        """The size of that file."""
        return self._zip.getinfo(item.file).file_size

    def open_file(self, name: str) -> BinaryIO | None:
        """A file users put into rows, wherever in the archive it is; None for those that are too large to be kept."""
        found = self._by_name.get(name)
        if found is None or self._zip.getinfo(found).file_size > media.max_upload_bytes():
            return None
        made = tempfile.SpooledTemporaryFile(_MEMORY)  # noqa: SIM115 - the caller's to close
        file = cast(BinaryIO, made)
        try:
            self._copy(found, file.write)
        except BaseException:
            file.close()
            raise
        file.seek(0)
        return file
