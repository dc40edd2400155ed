"""The files of exports: their names, which say when they were made, and how long they are there."""

from __future__ import annotations

import re
import secrets
from datetime import UTC, datetime, timedelta

from flask import Response

from plugin_api import media
from plugin_api.downloads import download
from plugin_api.errors import does_not_exist
from plugin_api.http import IGNORED, Blueprint
from plugin_api.platform import service
from plugin_api.settings import setting
from plugin_api.storage import Storage

_FOLDER = "audit_log_exports"
_PATH = f"/media/{_FOLDER}/"
_MOMENT = "%Y%m%d%H%M%S"
_NAME = re.compile(r"audit_log_(\d{14})_[0-9a-f]{32}\.csv", re.ASCII)

exported = Blueprint("audit_log_exports", __name__, url_prefix="/media", description="Exports of the audit log")


def new_secret() -> str:
    """What nobody can guess of the name of a file."""
    return secrets.token_hex(16)


def new_name(secret: str) -> str:
    """The name of a file that is made now."""
    return f"audit_log_{datetime.now(UTC).strftime(_MOMENT)}_{secret}.csv"


def stored_name(name: str) -> str:
    """The name in the file storage."""
    return f"{_FOLDER}/{name}"


def discard(secret: str) -> None:
    """Delete the files whose names have this secret, whenever they were made."""
    storage = service(Storage)
    for stored in [name for name in storage.names(f"{_FOLDER}/") if f"_{secret}." in name]:
        storage.delete(stored)


def is_there(name: str) -> bool:
    """Whether it is the name of a file that is still to be had."""
    found = _NAME.fullmatch(name)
    return found is not None and found[1] >= _oldest()


def address(name: str) -> str:
    """Where the file is served."""
    return f"{media.url()}{_PATH}{name}"


def forget_files() -> None:
    """Delete the files that were there long enough."""
    storage = service(Storage)
    for stored in list(storage.names(f"{_FOLDER}/")):
        if not is_there(stored.rpartition("/")[2]):
            storage.delete(stored)


def _oldest() -> str:
    return (datetime.now(UTC) - timedelta(minutes=setting("export_file_minutes"))).strftime(_MOMENT)


@exported.operation(
    "GET",
    f"/{_FOLDER}/<string:name>",
    id="get_exported_audit_log",
    summary="Get an exported audit log",
    description="The content, to be downloaded, until the file expires, for whoever knows its address.",
    response_type="text/csv",
    errors=("ERROR_EXPORT_FILE_DOES_NOT_EXIST",),
    auth=IGNORED,
)
def get_exported_audit_log(name: str) -> Response:
    """The content of a file."""
    if not is_there(name):
        raise does_not_exist("export_file")
    try:
        content = service(Storage).open(stored_name(name))
    except FileNotFoundError:
        raise does_not_exist("export_file") from None
    return download(content, name, name)
