"""Serving uploaded files and thumbnails: to whoever knows their names, and so that no file can act as a page."""

from __future__ import annotations

from typing import BinaryIO

from flask import Response

from plugin_api.downloads import file_answer
from plugin_api.errors import does_not_exist
from plugin_api.http import IGNORED, Blueprint
from plugin_api.schemas import Schema, Str
from plugins.user_files.content import INLINE_TYPES
from plugins.user_files.files import THUMBNAILS, find, open_content
from plugins.user_files.models import UserFile
from plugins.user_files.names import clean_name
from plugins.user_files.thumbnails import open_thumbnail, thumbnail_type

media = Blueprint("media", __name__, url_prefix="/media", description="Uploaded files as browsers show them.")

_YEAR = 365 * 24 * 3600
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
# Browsers show no PDF in a sandbox; what a PDF runs is in one of the browser's own.
_PDF_POLICY = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'"


class DownloadQuery(Schema):
    """How a file is wanted."""

    dl = Str(metadata={"description": "Download it, under this name."})


@media.operation(
    "GET",
    "/user_files/<string:name>",
    id="get_user_file_content",
    summary="Get an uploaded file",
    description="The content. Images, PDF documents and plain texts are shown by browsers, everything else is "
    "downloaded. Ranges of bytes can be asked for.",
    query=DownloadQuery,
    response_type="*/*",
    errors=("ERROR_USER_FILE_DOES_NOT_EXIST",),
    auth=IGNORED,
)
def get_user_file_content(name: str, query: dict[str, str]) -> Response:
    """The content of a file."""
    file = _file(name)
    wanted = query.get("dl")
    try:
        content = open_content(file.sha256)
    except FileNotFoundError:
        raise does_not_exist("user_file") from None
    return _send(content, file.served_type, clean_name(wanted or file.original_name), file.sha256, bool(wanted))


@media.operation(
    "GET",
    "/thumbnails/<string:size>/<string:name>",
    id="get_user_file_thumbnail",
    summary="Get a thumbnail",
    description="A small form of an uploaded image: `tiny`, `small` or `card_cover`.",
    response_type="image/*",
    errors=("ERROR_USER_FILE_DOES_NOT_EXIST", ("ERROR_THUMBNAIL_DOES_NOT_EXIST", 404)),
    auth=IGNORED,
)
def get_user_file_thumbnail(size: str, name: str) -> Response:
    """A thumbnail of an image."""
    file = _file(name)
    if size not in THUMBNAILS or not file.is_image:
        raise does_not_exist("thumbnail")
    try:
        content = open_thumbnail(file.sha256, file.served_type, size)
    except FileNotFoundError:
        raise does_not_exist("user_file") from None
    if content is None:
        raise does_not_exist("thumbnail")
    kind = thumbnail_type(file.served_type)
    return _send(content, kind, f"thumbnail-{file.original_name}", f"{file.sha256}-{size}", False)


def _file(name: str) -> UserFile:
    found = find([name]).get(name)
    if found is None:
        raise does_not_exist("user_file")
    return found


def _send(content: BinaryIO, mime_type: str, name: str, tag: str, download: bool) -> Response:
    """The file as an answer; it is closed with it."""
    headers = {
        "Cache-Control": f"private, max-age={_YEAR}, immutable",
        "Content-Security-Policy": _PDF_POLICY if mime_type == "application/pdf" else _POLICY,
    }
    attached = download or mime_type not in INLINE_TYPES
    return file_answer(content, mime_type, tag, headers, attached=attached, shown=name)
