"""Files that are deleted while a backup copies them are set aside until it has them."""

from __future__ import annotations

import os
import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

FOLDER = ".held"
# A backup that was killed leaves its hold behind; one that works renews it.
_LASTS_SECONDS = 600.0


class Hold:
    """A backup's hold on the files of a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def renew(self) -> None:
        """Tell that the backup goes on."""
        os.utime(self.folder)

    def find(self, name: str) -> Path:
        """Where a file of that name was set aside."""
        return self.folder.joinpath(*name.split("/"))

    def names(self) -> Iterator[str]:
        """The names of the files that were set aside so far."""
        for path in sorted(self.folder.rglob("*")):
            if path.is_file():
                yield path.relative_to(self.folder).as_posix()


@contextmanager
def hold(storage: Path) -> Iterator[Hold]:
    """Have what is deleted from the storage in this block set aside, then remove it."""
    made = storage / FOLDER / uuid.uuid4().hex
    made.mkdir(parents=True)
    try:
        yield Hold(made)
    finally:
        shutil.rmtree(made, ignore_errors=True)
        with suppress(OSError):  # another backup has its hold there
            made.parent.rmdir()


def set_aside(storage: Path, path: Path) -> None:
    """Keep another link to a file that is to be deleted for each backup at work."""
    for made in _in_force(storage / FOLDER):
        kept = made / path.relative_to(storage)
        kept.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError, FileExistsError):
            os.link(path, kept)


def _in_force(folder: Path) -> list[Path]:
    try:
        found = list(folder.iterdir())
    except FileNotFoundError:
        return []
    now = time.time()
    for made in found:
        with suppress(FileNotFoundError):
            if now - made.stat().st_mtime > _LASTS_SECONDS:
                shutil.rmtree(made, ignore_errors=True)
    return [made for made in found if made.exists()]
