"""The files of exports, and serving them."""

from __future__ import annotations

from flask import Response

from plugin_api.export_files import ExportFiles
from plugin_api.http import IGNORED, Blueprint

files = ExportFiles("audit_log_exports", "audit_log_", "csv")
exported = Blueprint("audit_log_exports", __name__, url_prefix="/media", description="Exports of the audit log")


@exported.operation(
    "GET",
    f"/{files.folder}/<string:name>",
    id="get_exported_audit_log",
    summary="Get an exported audit log",
    description="The content, to be downloaded, until the file expires, for whoever knows its address.",
    response_type="text/csv",
    errors=("ERROR_EXPORT_FILE_DOES_NOT_EXIST",),
    auth=IGNORED,
)
def get_exported_audit_log(name: str) -> Response:
    """The content of a file."""
    return files.answer(name, name)
