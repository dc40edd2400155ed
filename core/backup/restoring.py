"""Making an instance of a backup: checked as a whole first, into an empty database unless told otherwise."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

import psycopg

from core.accounts.secret import FILE as KEY_FILE
from core.backup import archive, instance, programs
from core.backup.making import Tell, fingerprint
from core.db.branches import newer_than
from core.runtime.errors import StartError
from core.settings import Settings
from core.storage.chosen import place_of, storage_of


def checked(path: Path, known: Sequence[str], tell: Tell) -> dict[str, Any]:
    """What a whole and fitting backup says about itself; StartError for any other. `known`: revisions there are."""
    try:
        about = archive.check(path, tell)
    except (OSError, archive.Damaged) as error:
        raise StartError(f"{path} cannot be restored: {error}") from None
    newer = newer_than(known, about["revisions"])
    if newer:
        product = about["product"]
        raise StartError(f"{path} was made by a newer version, {product}: {', '.join(newer)} is not known here.")
    return about


def left_out(about: dict[str, Any], known: Sequence[str]) -> list[str]:
    """Revisions of plugins that are not installed here: their data is kept and not used."""
    return [name for name in about["revisions"] if name not in known]


def refuse_used(settings: Settings, replace: bool) -> None:
    """StartError while the product runs on the database, and for one in use that nobody said may be replaced."""
    with psycopg.connect(settings.database_url, autocommit=True) as connection:
        instance.refuse_running(connection)
        if instance.is_used(connection) and not replace:
            raise StartError("The database is in use: it has accounts. --replace removes what it holds first.")
        files = storage_of(settings).names("")
        if next(files, None) is not None and not (replace or instance.is_unfinished(connection)):
            raise StartError(f"There are files in {place_of(settings)}. --replace removes them first.")


def restore(path: Path, settings: Settings, about: dict[str, Any], branches: Sequence[str], tell: Tell) -> None:
    """Replace database and files by those of a checked backup."""
    with psycopg.connect(settings.database_url, autocommit=True) as connection:
        instance.begin_restore(connection, [*branches, *about["schemas"]])
        _put_back(path, settings, tell)
        connection.execute("ANALYZE")
        instance.end_restore(connection)


def _put_back(path: Path, settings: Settings, tell: Tell) -> None:
    storage = storage_of(settings)
    for name in list(storage.names("")):
        storage.delete(name)
    with programs.restoring(settings.database_url, settings.postgres_bin) as dump, archive.reading(path) as members:
        for name, content in members:
            if name.startswith(archive.DATABASE):
                _feed(dump, content, tell)
            elif name.startswith(archive.FILES):
                tell("files", storage.write(name.removeprefix(archive.FILES), archive.blocks(content)))
            elif name == archive.SECRET_KEY and not settings.secret_key:
                _keep_key(settings.data_dir / KEY_FILE, content.read())


def _feed(dump: IO[bytes], content: IO[bytes], tell: Tell) -> None:
    for block in archive.blocks(content):
        dump.write(block)
        tell("database", len(block))


def _keep_key(path: Path, key: bytes) -> None:
    aside = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(key)
    aside.replace(path)


def key_problem(about: dict[str, Any], secret_key: str) -> str:
    """What follows from another secret key than the backup's; nothing when it is the same."""
    if fingerprint(secret_key) == about["secret_key"]:
        return ""
    return (
        "The secret key is not the one of the instance that was backed up: everybody signs in anew, and stored secrets "
        "cannot be read. Set TABLEWRIGHT_SECRET_KEY to that one, or put it into the file secret_key of the data folder."
    )
