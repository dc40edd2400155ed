"""Archives in the file storage: their names, which say when they came, and how long they are there."""

from __future__ import annotations

import re
import secrets
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from plugin_api import media
from plugin_api.db import begin, session
from plugin_api.platform import service
from plugin_api.settings import setting
from plugin_api.storage import Storage
from plugins.workspace_archives.models import Resource

PATH = "/media/workspace_archives/"
EXPORTS, UPLOADS = "workspace_archives/exported", "workspace_archives/uploaded"

_MOMENT = "%Y%m%d%H%M%S"
_NAME = re.compile(r"(?:export_)?(\d{14})_[0-9a-f]{32}\.zip", re.ASCII)


def new_secret() -> str:
    """What nobody can guess of the name of an archive."""
    return secrets.token_hex(16)


def new_name(secret: str, prefix: str = "") -> str:
    """The name of an archive that comes now."""
    return f"{prefix}{datetime.now(UTC).strftime(_MOMENT)}_{secret}.zip"


def discard_export(secret: str) -> None:
    """Delete the exported archives whose names have this secret, whenever they were made."""
    storage = service(Storage)
    for stored in [name for name in storage.names(f"{EXPORTS}/") if f"_{secret}." in name]:
        storage.delete(stored)


def is_there(name: str) -> bool:
    """Whether it is the name of an archive that is still to be had."""
    found = _NAME.fullmatch(name)
    return found is not None and found[1] >= _oldest().strftime(_MOMENT)


def address(name: str) -> str:
    """Where an exported archive is served."""
    return f"{media.url()}{PATH}{name}"


def forget_archives() -> None:
    """Delete the archives that were there long enough."""
    with begin():
        session().execute(sa.delete(Resource).where(Resource.created_on < _oldest()))
    storage = service(Storage)
    for folder in (EXPORTS, UPLOADS):
        for stored in list(storage.names(f"{folder}/")):
            if not is_there(stored.rpartition("/")[2]):
                storage.delete(stored)


def _oldest() -> datetime:
    return datetime.now(UTC) - timedelta(days=setting("archive_keep_days"))
