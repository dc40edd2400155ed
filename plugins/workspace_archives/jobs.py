"""The jobs that export applications to an archive and make applications of one."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, BinaryIO, cast

from plugin_api import actions, jobs
from plugin_api.applications import ApplicationInfo, Applications
from plugin_api.archives import ArchivesMixin, BadArchive
from plugin_api.errors import ApiError, does_not_exist
from plugin_api.jobs import JobFailed, JobRun, JobType
from plugin_api.permissions import Permissions, allows, require
from plugin_api.platform import registry, service
from plugin_api.storage import Storage, blocks
from plugins.workspace_archives import files, operations, resources
from plugins.workspace_archives.reading import Reading
from plugins.workspace_archives.service import ArchiveFiles, install, wanted_items
from plugins.workspace_archives.writing import can_archive

EXPORT, IMPORT = "export_applications", "import_applications"


class ExportJob(JobType):
    """Writes an archive. The permissions are looked at again, since time has passed."""

    type = EXPORT

    def run(self, job: JobRun) -> None:
        """Whole or not at all."""
        given = job.params
        ids = exportable(given["workspace_id"], given["application_ids"])
        name = files.new_name(given["secret"], "export_")
        with tempfile.TemporaryFile() as target:
            file = cast(BinaryIO, target)
            ArchiveFiles().write(ids, file, given["only_structure"], lambda part: job.progress(95 * part))
            service(Storage).write(f"{files.EXPORTS}/{name}", blocks(file))
        job.result({"file": name})
        _record(operations.EXPORTED, given["workspace_id"], {"application_ids": ids, "application_count": len(ids)})

    def discard(self, params: Mapping[str, Any]) -> None:
        """Delete an archive that was written but belongs to no export."""
        files.discard_export(params["secret"])

    def serialize(self, params: Mapping[str, Any], result: Mapping[str, Any]) -> dict[str, Any]:
        """The file, as long as it is there."""
        name = result.get("file", "")
        there = files.is_there(name)
        return {
            "exported_file_name": name,
            "url": files.address(name) if there else "",
            "created_on": params["created_on"],
            "workspace_id": params["workspace_id"],
        }


class ImportJob(JobType):
    """Makes the applications of an uploaded archive, in one transaction."""

    type = IMPORT

    def run(self, job: JobRun) -> None:
        """All of the applications or none."""
        given = job.params
        workspace_id = given["workspace_id"]
        require(operations.IMPORT, service(Permissions).workspace_access(workspace_id))
        resource = resources.find(workspace_id, given["resource"]["id"])
        try:
            with service(Storage).open(f"{files.UPLOADS}/{resource.file}") as file:
                only = given["application_ids"]
                made = install(Reading(file), workspace_id, lambda part: job.progress(99 * part), only)
        except FileNotFoundError:
            raise JobFailed("The uploaded archive is not there any more. Upload it again.") from None
        except BadArchive as error:
            raise JobFailed(str(error)) from error
        ids = [one.application_id for one in made]
        job.result({"installed_applications": service(Applications).shown(ids)})
        told = {"application_ids": ids, "application_count": len(ids), "archive_name": resource.name}
        _record(operations.IMPORTED, workspace_id, told)

    def serialize(self, params: Mapping[str, Any], result: Mapping[str, Any]) -> dict[str, Any]:
        """The archive and, in the end, the applications."""
        return {
            "installed_applications": result.get("installed_applications"),
            "workspace_id": params["workspace_id"],
            "resource": params["resource"],
        }


def _record(action: str, workspace_id: int, params: Mapping[str, Any]) -> None:
    actions.record(action, scope=f"workspace{workspace_id}", workspace_id=workspace_id, params=params)


def start_export(workspace_id: int, application_ids: list[int] | None, only_structure: bool) -> dict[str, Any]:
    """Start an export; answers the job."""
    exportable(workspace_id, application_ids)
    moment = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    given = {"application_ids": application_ids, "only_structure": only_structure, "created_on": moment}
    return jobs.start(EXPORT, workspace_id=workspace_id, secret=files.new_secret(), **given)


def exportable(workspace_id: int, application_ids: list[int] | None) -> list[int]:
    """The applications to export: those wanted, or all that can be and that the user may export.

    400 and 404 for others, refused when the user may export none.
    """
    _require_member(workspace_id)
    found = {info.id: (info, access) for info, access in service(Applications).of_workspace(workspace_id)}
    if not application_ids:
        able = [(info, access) for info, access in found.values() if can_archive(info.type)]
        mine = [info.id for info, access in able if allows(operations.EXPORT, access) and _readable(info)]
        for info, access in () if mine else able:
            require(operations.EXPORT, access)
            raise _closed(info)
        return mine
    for application_id in application_ids:
        if application_id not in found:
            raise _stranger(application_id)
        info, access = found[application_id]
        require(operations.EXPORT, access)
        if not can_archive(info.type):
            message = f"Applications of the type {info.type} cannot be exported."
            raise ApiError("ERROR_APPLICATION_OPERATION_NOT_SUPPORTED", 400, message)
        if not _readable(info):
            raise _closed(info)
    return [info_id for info_id in found if info_id in application_ids]


def _closed(info: ApplicationInfo) -> ApiError:
    return ApiError("PERMISSION_DENIED", 401, f'A part of "{info.name}" is closed to you. Without it nothing is whole.')


def _readable(info: ApplicationInfo) -> bool:
    """Whether nothing in an application is closed to who exports it."""
    kind = registry("application_types").get(info.type)
    return isinstance(kind, ArchivesMixin) and kind.readable(info)


def _require_member(workspace_id: int) -> None:
    """404 without the workspace, 400 for outsiders; members may have roles in single applications only."""
    access = service(Permissions).workspace_access(workspace_id)
    if access.role is None:
        require("workspace.read", access)


def _stranger(application_id: int) -> ApiError:
    """404 for an application that is not there, 400 for one of another workspace."""
    service(Applications).access(application_id)
    detail = f"The application {application_id} does not belong to the workspace."
    return ApiError("ERROR_APPLICATION_NOT_IN_GROUP", 400, detail)


def list_exports(workspace_id: int) -> list[dict[str, Any]]:
    """The user's exports of a workspace that are still to be had, latest first."""
    _require_member(workspace_id)
    return [job for job in jobs.own(EXPORT, workspace_id=workspace_id) if job["url"]]


def start_import(workspace_id: int, resource_id: int, application_ids: list[int] | None) -> dict[str, Any]:
    """Start an import; answers the job."""
    require(operations.IMPORT, service(Permissions).workspace_access(workspace_id))
    resource = resources.find(workspace_id, resource_id)
    if application_ids is not None:
        _require_there(resource.file, application_ids)
    return jobs.start(
        IMPORT, workspace_id=workspace_id, resource=resources.resource_json(resource), application_ids=application_ids
    )


def _require_there(file: str, application_ids: list[int]) -> None:
    try:
        with service(Storage).open(f"{files.UPLOADS}/{file}") as content:
            wanted_items(Reading(content), application_ids)
    except FileNotFoundError:
        raise does_not_exist("resource") from None
    except LookupError as error:
        raise ApiError("ERROR_APPLICATION_IDS_NOT_FOUND", 400, str(error)) from None


job_types: list[JobType] = [ExportJob(), ImportJob()]
