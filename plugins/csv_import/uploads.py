"""Files that are being sent: each part is stored as it comes, at the place where the one before ended."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, BinaryIO

import sqlalchemy as sa

from plugin_api import context
from plugin_api.db import begin, session, unit_of_work
from plugin_api.errors import ApiError, does_not_exist
from plugin_api.periodic import PeriodicTask
from plugin_api.platform import service
from plugin_api.settings import setting
from plugin_api.storage import Storage
from plugins.csv_import.models import Upload

_FOLDER = "imports/csv"
_KEPT = timedelta(days=3)
_MOST_AT_A_TIME = 20
_BLOCK = 1 << 18


def create(name: str, size: int) -> dict[str, Any]:
    """Begin to send a file of so many bytes."""
    most, user_id = int(setting("max_import_bytes")), context.user_id()
    if size > most:
        raise ApiError("ERROR_FILE_SIZE_TOO_LARGE", 413, f"A file to import may have at most {most} bytes.")
    begun = sa.select(sa.func.count()).select_from(Upload).where(Upload.user_id == user_id)
    if (session().scalar(begun) or 0) >= _MOST_AT_A_TIME:
        message = f"{_MOST_AT_A_TIME} files are being sent already. Import or delete some."
        raise ApiError("ERROR_TOO_MANY_UPLOADS", 400, message)
    made = Upload(id=uuid.uuid4().hex, user_id=user_id, name=name, size=size, received=0, parts=[])
    session().add(made)
    session().flush()
    return shown(made)


def shown(upload: Upload) -> dict[str, Any]:
    """An upload as the API shows it."""
    return {"id": upload.id, "name": upload.name, "size": upload.size, "offset": upload.received}


def own(upload_id: str, lock: bool = False) -> Upload:
    """An upload of the acting user; 404 otherwise."""
    query = sa.select(Upload).where(Upload.id == upload_id, Upload.user_id == context.user_id())
    query = query.execution_options(populate_existing=True)
    found = session().scalar(query.with_for_update() if lock else query)
    if found is None:
        raise does_not_exist("upload")
    return found


def complete(upload_id: str) -> Upload:
    """The same; refused unless all of the file has arrived."""
    found = own(upload_id)
    if found.received < found.size:
        message = f"{found.received} of {found.size} bytes have arrived. Send the rest first."
        raise ApiError("ERROR_UPLOAD_INCOMPLETE", 400, message)
    return found


def append(upload_id: str, offset: int, body: BinaryIO) -> dict[str, Any]:
    """Store a part that begins at `offset`, which must be where the last one ended.

    No transaction is open while it comes. Of two that send the same part one is told where to go on.
    """
    found = own(upload_id)
    _require_offset(found, offset)
    room = found.size - offset
    unit_of_work().commit()
    name = f"{_FOLDER}/{upload_id}/{offset:020}-{uuid.uuid4().hex}"
    size = service(Storage).write(name, _limited(body, room))
    try:
        found = own(upload_id, lock=True)
        _require_offset(found, offset)
    except ApiError:
        service(Storage).delete(name)
        raise
    found.parts = [*found.parts, name]
    found.received += size
    session().flush()
    return shown(found)


def _require_offset(upload: Upload, offset: int) -> None:
    if upload.received != offset:
        detail = {"offset": upload.received, "message": f"Go on from byte {upload.received}."}
        raise ApiError("ERROR_UPLOAD_OFFSET", 409, detail)


def _limited(body: BinaryIO, room: int) -> Iterator[bytes]:
    while block := body.read(_BLOCK):
        room -= len(block)
        if room < 0:
            raise ApiError("ERROR_FILE_SIZE_TOO_LARGE", 413, "More bytes came than the file was said to have.")
        yield block


def delete(upload_id: str) -> None:
    """Give a file up."""
    forget([own(upload_id, lock=True)])


def forget(uploads: Iterable[Upload]) -> None:
    """Remove uploads, then what was stored of them."""
    for upload in uploads:
        session().delete(upload)
        remove_files(upload.id)


def remove_files(upload_id: str) -> None:
    """Remove the parts of a file, also those that were stored but not noted."""
    storage = service(Storage)
    for name in list(storage.names(f"{_FOLDER}/{upload_id}/")):
        storage.delete(name)


def forget_old() -> None:
    """Remove what was begun days ago and never imported."""
    with begin():
        old = sa.select(Upload).where(Upload.created_on < datetime.now(UTC) - _KEPT)
        forget(session().scalars(old.with_for_update(skip_locked=True)).all())


FORGET_UPLOADS = PeriodicTask("forget-csv-uploads", 3600.0, forget_old)
