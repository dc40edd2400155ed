"""Making a backup while the product is in use: one moment of the database, and every file it knows."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any

import psycopg

from core.accounts.secret import kept_key
from core.backup import archive, instance, programs
from core.settings import Settings
from core.storage.chosen import KeptFiles, storage_of
from core.storage.holding import Hold
from core.storage.s3 import Unheld

_PIECE = 4 * 1024 * 1024
Tell = Callable[[str, int], None]
"""Told of progress: what is at work, and how many bytes more were written."""


@dataclass
class Made:
    """What a backup holds."""

    database_bytes: int = 0
    files: int = 0
    file_bytes: int = 0


def fingerprint(secret_key: str) -> str:
    """What tells two secret keys apart without telling them."""
    return hashlib.sha256(b"tablewright backup " + secret_key.encode()).hexdigest()[:16]


def make(path: Path, settings: Settings, branches: Sequence[str], with_key: bool, tell: Tell) -> Made:
    """Write a backup to `path`."""
    storage, made = storage_of(settings), Made()
    key = settings.secret_key or kept_key(settings.data_dir)
    # Held before the moment of the snapshot: what the snapshot knows cannot vanish until it is copied.
    with storage.hold() as hold, psycopg.connect(settings.database_url, autocommit=True) as connection:
        connection.execute("SET idle_in_transaction_session_timeout = 0")
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        snapshot = instance.scalar(connection, "SELECT pg_export_snapshot()")
        about = _about(connection, branches, fingerprint(key))
        with archive.writing(path, about) as writer:
            with programs.dumping(settings.database_url, settings.postgres_bin, snapshot) as dump:
                made.database_bytes = _write_dump(writer, dump, hold, tell)
            connection.execute("COMMIT")
            _write_files(writer, storage, hold, made, tell)
            if with_key and not settings.secret_key:
                writer.add(archive.SECRET_KEY, key.encode())
    return made


def _about(connection: psycopg.Connection[Any], branches: Sequence[str], key: str) -> dict[str, Any]:
    return {
        "product": version("tablewright"),
        "created_on": datetime.now(UTC).isoformat(timespec="seconds"),
        "revisions": instance.revisions(connection),
        "schemas": instance.schemas(connection, branches),
        "secret_key": key,
    }


def _write_dump(writer: archive.Writer, dump: IO[bytes], hold: Hold | Unheld, tell: Tell) -> int:
    """In pieces, because the size of a member stands before it."""
    total = 0
    while piece := dump.read(_PIECE):
        writer.add(f"{archive.DATABASE}{total // _PIECE:08}", piece)
        total += len(piece)
        hold.renew()
        tell("database", len(piece))
    return total


def _write_files(writer: archive.Writer, storage: KeptFiles, hold: Hold | Unheld, made: Made, tell: Tell) -> None:
    for name in storage.names(""):
        with suppress(FileNotFoundError), storage.open(name) as content:
            _write_file(writer, name, content, made, tell)
            hold.renew()
    # What was deleted meanwhile, whether it was copied before that or not: a restore keeps the last of a name.
    for name in hold.names():
        with hold.find(name).open("rb") as content:
            _write_file(writer, name, content, made, tell)


def _write_file(writer: archive.Writer, name: str, content: IO[bytes], made: Made, tell: Tell) -> None:
    size = content.seek(0, io.SEEK_END)
    content.seek(0)
    writer.add_file(archive.FILES + name, content, size)
    made.files, made.file_bytes = made.files + 1, made.file_bytes + size
    tell("files", size)


def place_for(target: Path) -> Path:
    """The file to write: `target`, or one named after the moment in the folder `target`."""
    if target.is_dir():
        return target / f"tablewright-{datetime.now(UTC):%Y%m%d-%H%M%S}.tar"
    return Path(os.path.abspath(target))
