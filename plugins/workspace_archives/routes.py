"""HTTP operations of workspace archives, and the archives themselves as browsers get them."""

from __future__ import annotations

from typing import Any

from flask import Response
from marshmallow import fields as mf

from plugin_api.downloads import download
from plugin_api.errors import does_not_exist
from plugin_api.http import IGNORED, Blueprint
from plugin_api.platform import service
from plugin_api.schemas import Bool, Int, List, Schema, Str
from plugin_api.storage import Storage
from plugins.workspace_archives import files, jobs, resources

archives = Blueprint(
    "workspace_archives", __name__, url_prefix="/api/workspaces", description="Applications in files, to be moved"
)
exported = Blueprint("exported_archives", __name__, url_prefix="/media", description="Archives as browsers get them")
blueprints = [archives, exported]

_OUTSIDER, _BUSY = "ERROR_USER_NOT_IN_GROUP", "ERROR_MAX_JOB_COUNT_EXCEEDED"
_NO_WORKSPACE, _NO_RESOURCE = "ERROR_GROUP_DOES_NOT_EXIST", "ERROR_RESOURCE_DOES_NOT_EXIST"


class ArchiveExportBody(Schema):
    """What to export."""

    application_ids = List(
        Int(), load_default=None, allow_none=True, metadata={"description": "All applications when none is named."}
    )
    only_structure = Bool(load_default=False, metadata={"description": "Leave out the rows."})


class ArchiveImportBody(Schema):
    """What to import."""

    resource_id = Int(required=True, min_value=1, metadata={"description": "The uploaded archive."})
    application_ids = List(
        Int(),
        load_default=None,
        allow_none=True,
        metadata={"description": "Ids the applications have in the archive; all of them when none is named."},
    )


class ArchiveForm(Schema):
    """A form with an archive."""

    file = Str(required=True, metadata={"format": "binary"})


class UploadedArchive(Schema):
    """An uploaded archive."""

    id = mf.Integer()
    name = mf.String()
    size = mf.Integer(metadata={"description": "In bytes."})


class _Job(Schema):
    id = mf.Integer()
    type = mf.String()
    progress_percentage = mf.Integer(metadata={"description": "0 to 100."})
    state = mf.String()
    human_readable_error = mf.String()
    workspace_id = mf.Integer()


class ArchiveExport(_Job):
    """An export."""

    exported_file_name = mf.String(metadata={"description": "Empty before the end."})
    url = mf.String(metadata={"description": "Where the archive is, until it is deleted; empty before and after."})
    created_on = mf.DateTime()


class ArchiveExports(Schema):
    """Exports."""

    results = mf.List(mf.Nested(ArchiveExport))


class ArchiveImport(_Job):
    """An import."""

    installed_applications = mf.Raw(metadata={"description": "The new applications; null before the end."})
    resource = mf.Nested(UploadedArchive)


@archives.operation(
    "GET",
    "/<int:workspace_id>/export/",
    id="list_workspace_exports",
    summary="List the exports of a workspace",
    description="Your finished exports of a workspace whose archives are still there, latest first.",
    response=ArchiveExports,
    errors=(_OUTSIDER, _NO_WORKSPACE),
)
def list_workspace_exports(workspace_id: int) -> dict[str, Any]:
    """The user's exports."""
    return {"results": jobs.list_exports(workspace_id)}


@archives.operation(
    "POST",
    "/<int:workspace_id>/export/async/",
    id="export_workspace_applications_async",
    summary="Export applications",
    description="Starts a job that writes applications of a workspace into a signed archive, as they are at one "
    "moment. What is in the trash is left out, and so are comments, history, webhooks, tokens and other people's "
    "personal views. Poll the job; when it is finished it has the archive's address.",
    body=ArchiveExportBody,
    response=ArchiveExport,
    status=202,
    errors=(
        _OUTSIDER,
        "ERROR_APPLICATION_NOT_IN_GROUP",
        "ERROR_APPLICATION_OPERATION_NOT_SUPPORTED",
        _BUSY,
        _NO_WORKSPACE,
        "ERROR_APPLICATION_DOES_NOT_EXIST",
    ),
)
def export_workspace_applications(workspace_id: int, body: dict[str, Any]) -> dict[str, Any]:
    """Start an export."""
    return jobs.start_export(workspace_id, body["application_ids"], body["only_structure"])


@archives.operation(
    "POST",
    "/<int:workspace_id>/import/upload-file/",
    id="import_resource_upload_file",
    summary="Upload an archive",
    description="Takes a form (`multipart/form-data`) with the archive in `file`, and keeps it if it is whole and "
    "signed by this instance or one it trusts. Administrators can allow archives of others "
    "(`verify_import_signature` in the instance settings).",
    form=ArchiveForm,
    response=UploadedArchive,
    errors=(
        _OUTSIDER,
        "ERROR_INVALID_FILE",
        "ERROR_FILE_SIZE_TOO_LARGE",
        "ERROR_RESOURCE_IS_INVALID",
        "ERROR_UNTRUSTED_PUBLIC_KEY",
        _NO_WORKSPACE,
    ),
)
def import_resource_upload_file(workspace_id: int) -> dict[str, Any]:
    """Keep the archive of the form."""
    return resources.upload(workspace_id)


@archives.operation(
    "POST",
    "/<int:workspace_id>/import/async/",
    id="import_workspace_applications_async",
    summary="Import applications",
    description="Starts a job that makes applications in a workspace of an uploaded archive: all of them, or none.",
    body=ArchiveImportBody,
    response=ArchiveImport,
    status=202,
    errors=(
        _OUTSIDER,
        _BUSY,
        "ERROR_RESOURCE_IS_INVALID",
        "ERROR_APPLICATION_IDS_NOT_FOUND",
        _NO_WORKSPACE,
        _NO_RESOURCE,
    ),
)
def import_workspace_applications(workspace_id: int, body: dict[str, Any]) -> dict[str, Any]:
    """Start an import."""
    return jobs.start_import(workspace_id, body["resource_id"], body["application_ids"])


@archives.operation(
    "DELETE",
    "/<int:workspace_id>/import/<int:resource_id>/",
    id="import_export_resource",
    summary="Delete an uploaded archive",
    description="Deletes an archive that was uploaded to be imported. What was imported from it stays.",
    status=204,
    errors=(_OUTSIDER, _NO_WORKSPACE, _NO_RESOURCE),
)
def import_export_resource(workspace_id: int, resource_id: int) -> None:
    """Delete an uploaded archive."""
    resources.delete(workspace_id, resource_id)


@exported.operation(
    "GET",
    "/workspace_archives/<string:name>",
    id="get_exported_archive",
    summary="Get an exported archive",
    description="The archive, to be downloaded, until it is deleted. Ranges of bytes can be asked for.",
    response_type="application/zip",
    errors=("ERROR_EXPORT_FILE_DOES_NOT_EXIST",),
    auth=IGNORED,
)
def get_exported_archive(name: str) -> Response:
    """The content of an archive."""
    if not files.is_there(name):
        raise does_not_exist("export_file")
    try:
        content = service(Storage).open(f"{files.EXPORTS}/{name}")
    except FileNotFoundError:
        raise does_not_exist("export_file") from None
    return download(content, name, name)
