"""The operations that upload files."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any, BinaryIO, cast
from urllib.parse import unquote, urlsplit

from flask import request

from plugin_api import context, media, outbound
from plugin_api.db import unit_of_work
from plugin_api.errors import ApiError
from plugin_api.http import USER_OR_TOKEN, Blueprint
from plugin_api.schemas import Bool, Dict, Int, Schema, Str, invalid
from plugins.user_files import files
from plugins.user_files.models import UserFile

blueprint = Blueprint("user_files", __name__, url_prefix="/api/user-files", description="Files for file fields.")

_MEMORY = 1024 * 1024
_SECONDS = 60.0


_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://[^\s/?#]+\S*", re.IGNORECASE)


class Address(Str):
    """An absolute address of any kind."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not _ADDRESS.fullmatch(text):
            raise invalid("invalid", "Enter an address that starts with http:// or https://.")
        return text


class UploadForm(Schema):
    """A form with a file."""

    file = Str(required=True, metadata={"format": "binary"})


class UrlBody(Schema):
    """Where a file is."""

    url = Address(required=True)


class UserFileJson(Schema):
    """An uploaded file."""

    name = Str(metadata={"description": "What to put into file fields."})
    original_name = Str()
    url = Str()
    size = Int()
    mime_type = Str()
    is_image = Bool()
    image_width = Int(allow_none=True)
    image_height = Int(allow_none=True)
    thumbnails = Dict(allow_none=True)
    uploaded_at = Str()


@blueprint.operation(
    "POST",
    "/upload-file/",
    id="upload_file",
    summary="Upload a file",
    description="Takes a form (`multipart/form-data`) with the file in `file`. The `name` in the answer is what "
    "file fields are given; the same file uploaded twice keeps its name.",
    form=UploadForm,
    response=UserFileJson,
    errors=("ERROR_INVALID_FILE", "ERROR_FILE_SIZE_TOO_LARGE"),
    auth=USER_OR_TOKEN,
)
def upload_file() -> dict[str, Any]:
    """Keep the file of the form."""
    return files.shown(uploaded(context.user_id()))


def uploaded(user_id: int | None, most_bytes: int | None = None) -> UserFile:
    """Keep the file of the running request's form; 415 when the body is no form, 400 when it has no file.

    400 ERROR_FILE_SIZE_TOO_LARGE when it is larger than all files may be, or than `most_bytes`.
    """
    if request.mimetype != "multipart/form-data":
        detail = f'Send a form with Content-Type: multipart/form-data, not "{request.mimetype}".'
        raise ApiError("ERROR_UNSUPPORTED_MEDIA_TYPE", 415, detail)
    sent = request.files.get("file")
    if sent is None:
        raise ApiError("ERROR_INVALID_FILE", 400, "The form has no file called `file`.")
    return files.store(cast(BinaryIO, sent.stream), sent.filename or "", user_id, most_bytes)


@blueprint.operation(
    "POST",
    "/upload-via-url/",
    id="upload_via_url",
    summary="Upload a file from an address",
    description="Fetches the file at an http or https address and keeps it. Addresses in private networks are not "
    "reached unless the instance's settings allow it.",
    body=UrlBody,
    response=UserFileJson,
    errors=("ERROR_INVALID_FILE_URL", "ERROR_FILE_URL_COULD_NOT_BE_REACHED", "ERROR_FILE_SIZE_TOO_LARGE"),
    auth=USER_OR_TOKEN,
)
def upload_via_url(body: dict[str, str]) -> dict[str, Any]:
    """Keep the file at an address."""
    user_id = context.user_id()
    # Nothing is open in the database while another server takes its time.
    unit_of_work().commit()
    with tempfile.SpooledTemporaryFile(_MEMORY) as target:
        _fetch(body["url"], cast(BinaryIO, target))
        return files.shown(files.store(cast(BinaryIO, target), _name_in(body["url"]), user_id))


def _fetch(url: str, into: BinaryIO) -> None:
    limits = outbound.Limits(max_bytes=media.max_upload_bytes(), seconds=_SECONDS)
    try:
        answer = outbound.send("GET", url, limits=limits, into=into)
    except outbound.BadAddress as error:
        raise ApiError("ERROR_INVALID_FILE_URL", 400, str(error)) from None
    except outbound.AnswerTooLarge:
        raise files.too_large() from None
    except outbound.OutboundError as error:
        raise _unreachable(str(error)) from None
    if answer.status != 200:
        raise _unreachable(f"The server answered with status {answer.status}.")


def _unreachable(detail: str) -> ApiError:
    return ApiError("ERROR_FILE_URL_COULD_NOT_BE_REACHED", 400, detail)


def _name_in(url: str) -> str:
    return PurePosixPath(unquote(urlsplit(url).path)).name
