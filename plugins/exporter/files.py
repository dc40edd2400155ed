"""The files of exports: their names, which say when they were made, and how long they are there."""

from __future__ import annotations

import re
import secrets
from datetime import UTC, datetime, timedelta

from plugin_api import media
from plugin_api.platform import service
from plugin_api.settings import setting
from plugin_api.storage import Storage

PATH = "/media/export_files/"

_FOLDER = "export_files"
_MOMENT = "%Y%m%d%H%M%S"
_NAME = re.compile(r"(\d{14})_[0-9a-f]{32}\.[a-z0-9]{1,16}", re.ASCII)


def new_secret() -> str:
    """What nobody can guess of the name of a file."""
    return secrets.token_hex(16)


def new_name(secret: str, extension: str) -> str:
    """The name of a file that is made now."""
    return f"{datetime.now(UTC).strftime(_MOMENT)}_{secret}.{extension}"


def discard(secret: str) -> None:
    """Delete the files whose names have this secret, whenever they were made."""
    storage = service(Storage)
    for stored in [name for name in storage.names(f"{_FOLDER}/") if f"_{secret}." in name]:
        storage.delete(stored)


def stored_name(name: str) -> str:
    """The name in the file storage."""
    return f"{_FOLDER}/{name}"


def is_there(name: str) -> bool:
    """Whether it is the name of a file that is still to be had."""
    found = _NAME.fullmatch(name)
    return found is not None and found[1] >= _oldest()


def address(name: str) -> str:
    """Where the file is served."""
    return f"{media.url()}{PATH}{name}"


def forget_files() -> None:
    """Delete the files that were there long enough."""
    storage = service(Storage)
    for stored in list(storage.names(f"{_FOLDER}/")):
        if not is_there(stored.rpartition("/")[2]):
            storage.delete(stored)


def _oldest() -> str:
    return (datetime.now(UTC) - timedelta(minutes=setting("export_file_minutes"))).strftime(_MOMENT)
