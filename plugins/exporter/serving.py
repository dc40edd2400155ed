"""Serving exported files to whoever knows their address, as long as they are there."""

from __future__ import annotations

from flask import Response

from plugin_api.downloads import download
from plugin_api.errors import does_not_exist
from plugin_api.http import IGNORED, Blueprint
from plugin_api.platform import service
from plugin_api.schemas import Schema, Str
from plugin_api.storage import Storage
from plugins.exporter.files import is_there, stored_name

exported = Blueprint("exported_files", __name__, url_prefix="/media", description="Exported files as browsers get them")


class DownloadQuery(Schema):
    """How a file is wanted."""

    dl = Str(metadata={"description": "The name to download it under."})


@exported.operation(
    "GET",
    "/export_files/<string:name>",
    id="get_exported_file",
    summary="Get an exported file",
    description="The content, to be downloaded, until the file expires. Ranges of bytes can be asked for.",
    query=DownloadQuery,
    response_type="*/*",
    errors=("ERROR_EXPORT_FILE_DOES_NOT_EXIST",),
    auth=IGNORED,
)
def get_exported_file(name: str, query: dict[str, str]) -> Response:
    """The content of a file."""
    if not is_there(name):
        raise does_not_exist("export_file")
    try:
        content = service(Storage).open(stored_name(name))
    except FileNotFoundError:
        raise does_not_exist("export_file") from None
    return download(content, name, query.get("dl", name))
