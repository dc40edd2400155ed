"""Uploaded archives: checked before they are kept, and found again for imports."""

from __future__ import annotations

from typing import Any, BinaryIO, cast

from flask import request

from plugin_api import context
from plugin_api.archives import BadArchive
from plugin_api.db import after_commit, session
from plugin_api.errors import ApiError, does_not_exist
from plugin_api.permissions import Permissions, require
from plugin_api.platform import service
from plugin_api.settings import live_setting, setting
from plugin_api.storage import Storage, blocks
from plugins.workspace_archives import files, operations
from plugins.workspace_archives.models import Resource
from plugins.workspace_archives.reading import NoArchive, Reading, UntrustedArchive

_LONGEST_NAME = 255
_INVALID_FILE, _INVALID, _UNTRUSTED = "ERROR_INVALID_FILE", "ERROR_RESOURCE_IS_INVALID", "ERROR_UNTRUSTED_PUBLIC_KEY"


def upload(workspace_id: int) -> dict[str, Any]:
    """Keep the archive in the running request's form; 400 when it is none, or not one to be trusted."""
    require(operations.IMPORT, service(Permissions).workspace_access(workspace_id))
    content, name = _sent()
    size = content.seek(0, 2)
    if size > setting("max_archive_bytes"):
        detail = f"The archive is larger than {setting('max_archive_bytes')} bytes, the limit here."
        raise ApiError("ERROR_FILE_SIZE_TOO_LARGE", 400, detail)
    check(content)
    return _kept(workspace_id, content, name, size)


def _sent() -> tuple[BinaryIO, str]:
    if request.mimetype != "multipart/form-data":
        detail = f'Send a form with Content-Type: multipart/form-data, not "{request.mimetype}".'
        raise ApiError("ERROR_UNSUPPORTED_MEDIA_TYPE", 415, detail)
    sent = request.files.get("file")
    if sent is None:
        raise ApiError(_INVALID_FILE, 400, "The form has no file called `file`.")
    printable = "".join(letter for letter in sent.filename or "" if letter.isprintable())
    return cast(BinaryIO, sent.stream), printable[-_LONGEST_NAME:] or "archive.zip"


def check(content: BinaryIO) -> None:
    """400 for a file that is no archive, was changed, or is not signed by somebody trusted where that is wanted."""
    try:
        archive = Reading(content)
        if live_setting("verify_import_signature"):
            archive.require_trusted()
        archive.check_sums()
    except NoArchive as error:
        raise ApiError(_INVALID_FILE, 400, str(error)) from None
    except UntrustedArchive as error:
        raise ApiError(_UNTRUSTED, 400, str(error)) from None
    except BadArchive as error:
        raise ApiError(_INVALID, 400, str(error)) from None


def _kept(workspace_id: int, content: BinaryIO, name: str, size: int) -> dict[str, Any]:
    file = files.new_name(files.new_secret())
    service(Storage).write(f"{files.UPLOADS}/{file}", blocks(content))
    row = Resource(workspace_id=workspace_id, name=name, size=size, file=file, created_by_id=context.user_id())
    session().add(row)
    session().flush()
    return resource_json(row)


def resource_json(resource: Resource) -> dict[str, Any]:
    """An uploaded archive as the API shows it."""
    return {"id": resource.id, "name": resource.name, "size": resource.size}


def find(workspace_id: int, resource_id: int) -> Resource:
    """An uploaded archive of a workspace; 404 when it is not there."""
    found = session().get(Resource, resource_id)
    if found is None or found.workspace_id != workspace_id:
        raise does_not_exist("resource")
    return found


def delete(workspace_id: int, resource_id: int) -> None:
    """Remove an uploaded archive; an import that is reading it ends as it would have."""
    require(operations.IMPORT, service(Permissions).workspace_access(workspace_id))
    resource = find(workspace_id, resource_id)
    file = f"{files.UPLOADS}/{resource.file}"
    session().delete(resource)
    session().flush()
    after_commit(lambda: service(Storage).delete(file))
