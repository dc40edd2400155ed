"""Serving exported files to whoever knows their address, as long as they are there."""

from __future__ import annotations

from flask import Response

from plugin_api.http import IGNORED, Blueprint
from plugin_api.schemas import Schema, Str
from plugins.exporter.files import files

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
    return files.answer(name, query.get("dl", name))
