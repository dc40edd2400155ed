"""Files in a local folder: written whole or not at all, under names that cannot leave the folder."""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import BinaryIO

from core.storage import holding
from core.storage.names import BadName, parts_of

_UNFINISHED = ".unfinished"
_OWN = (_UNFINISHED, holding.FOLDER)


class LocalStorage:
    """Keeps files in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(self, name: str, chunks: Iterable[bytes]) -> int:
        """Store the chunks under `name`; a crash leaves the old file or the new one, never a part."""
        path = self._path(name)
        unfinished = self._folder / _UNFINISHED
        unfinished.mkdir(parents=True, exist_ok=True)
        temporary = unfinished / uuid.uuid4().hex
        try:
            size = _write_all(temporary, chunks)
            _place(temporary, path)
        except BaseException:
            with suppress(FileNotFoundError):
                temporary.unlink()
            raise
        _sync_folder(path.parent)
        return size

    def open(self, name: str) -> BinaryIO:
        """Open a stored file for reading."""
        try:
            return self._path(name).open("rb")
        except (IsADirectoryError, NotADirectoryError):
            raise FileNotFoundError(name) from None

    def delete(self, name: str) -> None:
        """Remove a file, and the folders it leaves empty."""
        path = self._path(name)
        holding.set_aside(self._folder, path)
        with suppress(FileNotFoundError, NotADirectoryError):
            path.unlink()
        for parent in path.parents:
            if parent == self._folder or not _removed(parent):
                return

    def names(self, prefix: str) -> Iterator[str]:
        """The names that start with `prefix`, in order."""
        above = prefix.rpartition("/")[0]
        top = self._path(above) if above else self._folder
        if prefix.startswith("/"):
            raise BadName(f"{prefix[:100]!r} is not the beginning of a file's name")
        for folder, folders, files in os.walk(top):
            folders[:] = sorted(one for one in folders if Path(folder) != self._folder or one not in _OWN)
            for file in sorted(files):
                name = Path(folder, file).relative_to(self._folder).as_posix()
                if name.startswith(prefix):
                    yield name

    def hold(self) -> AbstractContextManager[holding.Hold]:
        """For a backup: what is deleted in the block can still be found by the hold it gets."""
        return holding.hold(self._folder)

    def forget_unfinished(self, hours: float) -> None:
        """Remove what a killed process left behind of files it wrote, once nobody can be writing them any more."""
        oldest = time.time() - hours * 3600
        for path in (self._folder / _UNFINISHED).glob("*"):
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < oldest:
                    path.unlink()

    def _path(self, name: str) -> Path:
        parts = parts_of(name)
        if parts[0] in _OWN:
            raise BadName(f"{name[:100]!r} is not a name for a file")
        return self._folder.joinpath(*parts)


def _place(temporary: Path, path: Path) -> None:
    """Move a finished file to its place. Another process may remove the folder as empty in between: make it again."""
    while True:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.replace(temporary, path)
        except FileNotFoundError:
            continue
        return


def _write_all(path: Path, chunks: Iterable[bytes]) -> int:
    size = 0
    with path.open("xb") as file:
        for chunk in chunks:
            file.write(chunk)
            size += len(chunk)
        file.flush()
        os.fsync(file.fileno())
    return size


def _sync_folder(folder: Path) -> None:
    """Make the new name last; where folders cannot be synced there is nothing to do."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except PermissionError:
        return
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _removed(folder: Path) -> bool:
    try:
        folder.rmdir()
    except OSError:  # not empty, or gone already
        return False
    return True
