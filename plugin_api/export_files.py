"""Files that jobs export: names nobody can guess, which say when they were made, and how long they are there."""

from __future__ import annotations

import re
import secrets
from datetime import UTC, datetime, timedelta

from flask import Response

from plugin_api import media
from plugin_api.downloads import download
from plugin_api.errors import does_not_exist
from plugin_api.platform import service
from plugin_api.settings import setting
from plugin_api.storage import Storage

_MOMENT = "%Y%m%d%H%M%S"


class ExportFiles:
    """The files of one folder of the storage, served below /media/ for `EXPORT_FILE_MINUTES`.

    prefix: what their names begin with.
    extensions: a pattern of what their names end with.
    """

    def __init__(self, folder: str, prefix: str = "", extensions: str = "[a-z0-9]{1,16}") -> None:
        self.folder, self._prefix = folder, prefix
        self._name = re.compile(re.escape(prefix) + rf"(\d{{14}})_[0-9a-f]{{32}}\.{extensions}", re.ASCII)

    def new_secret(self) -> str:
        """What nobody can guess of the name of a file."""
        return secrets.token_hex(16)

    def new_name(self, secret: str, extension: str) -> str:
        """The name of a file that is made now."""
        return f"{self._prefix}{datetime.now(UTC).strftime(_MOMENT)}_{secret}.{extension}"

    def stored_name(self, name: str) -> str:
        """The name in the file storage."""
        return f"{self.folder}/{name}"

    def discard(self, secret: str) -> None:
        """Delete the files whose names have this secret, whenever they were made."""
        storage = service(Storage)
        for stored in [name for name in storage.names(f"{self.folder}/") if f"_{secret}." in name]:
            storage.delete(stored)

    def is_there(self, name: str) -> bool:
        """Whether it is the name of a file that is still to be had."""
        found = self._name.fullmatch(name)
        return found is not None and found[1] >= _oldest()

    def address(self, name: str) -> str:
        """Where the file is served."""
        return f"{media.url()}/media/{self.folder}/{name}"

    def answer(self, name: str, shown_name: str) -> Response:
        """The content of a file, to be saved as `shown_name`; 404 ERROR_EXPORT_FILE_DOES_NOT_EXIST."""
        if not self.is_there(name):
            raise does_not_exist("export_file")
        try:
            content = service(Storage).open(self.stored_name(name))
        except FileNotFoundError:
            raise does_not_exist("export_file") from None
        return download(content, name, shown_name)

    def forget(self) -> None:
        """Delete the files that were there long enough."""
        storage = service(Storage)
        for stored in list(storage.names(f"{self.folder}/")):
            if not self.is_there(stored.rpartition("/")[2]):
                storage.delete(stored)


def _oldest() -> str:
    return (datetime.now(UTC) - timedelta(minutes=setting("export_file_minutes"))).strftime(_MOMENT)
