"""The archive of a backup: a tar file whose last member lists the size and SHA-256 of all others."""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

FORMAT = 1
DATABASE, FILES, SECRET_KEY = "database/", "files/", "secret_key"
_ABOUT, _LIST = "tablewright.json", "checksums"
_BLOCK = 1024 * 1024


class Damaged(Exception):
    """The archive is not what was written."""


class Writer:
    """Writes the members of an archive, one after the other."""

    def __init__(self, tar: tarfile.TarFile, checksums: IO[bytes]) -> None:
        self._tar, self._checksums = tar, checksums

    def add(self, name: str, content: bytes) -> None:
        """A member that fits into memory."""
        self.add_file(name, io.BytesIO(content), len(content))

    def add_file(self, name: str, content: IO[bytes], size: int) -> None:
        """A member of a known size."""
        member = tarfile.TarInfo(name)
        member.size, member.mode = size, 0o600
        hashed = _Hashed(content)
        self._tar.addfile(member, hashed)
        self._checksums.write(_line(name, size, hashed.digest))


class _Hashed:
    """A file that hashes what is read of it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._hash = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        data = self._file.read(size)
        self._hash.update(data)
        return data

    @property
    def digest(self) -> str:
        """The hash of what was read so far."""
        return self._hash.hexdigest()


def _line(name: str, size: int, digest: str) -> bytes:
    return f"{digest} {size} {json.dumps(name)}\n".encode()


@contextmanager
def writing(path: Path, about: dict[str, Any]) -> Iterator[Writer]:
    """Write an archive; it has its name once it is complete and on the disk. Only its owner can read it."""
    aside = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            with tempfile.TemporaryFile() as checksums, tarfile.open(fileobj=file, mode="w|") as tar:
                writer = Writer(tar, checksums)
                writer.add(_ABOUT, json.dumps({"format": FORMAT, **about}, indent=2).encode())
                yield writer
                size = checksums.tell()
                checksums.seek(0)
                member = tarfile.TarInfo(_LIST)
                member.size, member.mode = size, 0o600
                tar.addfile(member, checksums)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


@contextmanager
def _members(path: Path) -> Iterator[Iterator[tuple[str, int, IO[bytes]]]]:
    """All members with their names and sizes, in order."""
    with tarfile.open(path, mode="r|") as tar:
        yield _each(tar)


def _each(tar: tarfile.TarFile) -> Iterator[tuple[str, int, IO[bytes]]]:
    for member in tar:
        content = tar.extractfile(member)
        if content is None:
            raise Damaged(f"{member.name} is no file")
        yield member.name, member.size, content


def check(path: Path, tell: Callable[[str, int], None]) -> dict[str, Any]:
    """Read the whole archive and compare it with its checksums; answers what it says about itself."""
    try:
        with tempfile.TemporaryFile() as found, _members(path) as members:
            about: dict[str, Any] | None = None
            for name, size, content in members:
                if name == _LIST:
                    _compare(found, content)
                    break
                hashed = _Hashed(content)
                if name == _ABOUT:
                    about = json.loads(hashed.read())
                while block := hashed.read(_BLOCK):
                    tell(name, len(block))
                found.write(_line(name, size, hashed.digest))
            else:
                raise Damaged("its end is missing")
    except (tarfile.TarError, ValueError, EOFError) as error:
        raise Damaged(str(error)) from None
    if about is None or about.get("format") != FORMAT:
        raise Damaged("it is no backup of Tablewright, or of a version that writes them in another way")
    return about


def _compare(found: IO[bytes], told: IO[bytes]) -> None:
    found.seek(0)
    for line in found:
        if told.readline() != line:
            raise Damaged(f"{json.loads(line.split(b' ', 2)[2])} is not what was written")
    if told.read(1):
        raise Damaged("a part of it is missing")


def blocks(content: IO[bytes]) -> Iterator[bytes]:
    """The content of a member piece by piece."""
    while block := content.read(_BLOCK):
        yield block


@contextmanager
def reading(path: Path) -> Iterator[Iterable[tuple[str, IO[bytes]]]]:
    """The members of a checked archive, for going through them once."""
    with _members(path) as members:
        yield ((name, content) for name, _, content in members if name not in (_ABOUT, _LIST))
