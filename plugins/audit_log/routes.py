"""HTTP operations on the log: each once for workspaces and once for the instance, with the same answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from plugin_api.http import Blueprint
from plugins.audit_log import jobs, schemas, service

of_workspaces = Blueprint(
    "audit_log", __name__, url_prefix="/api/audit-log", description="What was done in a workspace, and by whom"
)
of_the_instance = Blueprint(
    "admin_audit_log", __name__, url_prefix="/api/admin/audit-log", description="What was done, and by whom"
)
BLUEPRINTS: list[Blueprint] = [of_workspaces, of_the_instance]

_DENIED = ("PERMISSION_DENIED", "ERROR_STAFF_ONLY")
_READER = (*_DENIED, "ERROR_GROUP_DOES_NOT_EXIST")
_LIST = (*_READER, "ERROR_PAGE_SIZE_LIMIT")
_WHO = "For admins of the workspace `workspace_id`, and for staff, who may leave it out."


def _both(method: str, path: str, name: str, another: str, **said: Any) -> Callable[[Any], Any]:
    """Serve an operation at both addresses, under the ids the API has for it."""

    def decorate(handler: Any) -> Any:
        of_the_instance.operation(method, path, id=name, **said)(handler)
        return of_workspaces.operation(method, path, id=another, **said)(handler)

    return decorate


@_both(
    "GET",
    "/",
    "audit_log_list",
    "audit_log_list_2",
    summary="List what was done",
    description=f"The entries of the log, the newest first. Sorted by `user`, `workspace`, `type`, `timestamp` or "
    f"`ip_address`. {_WHO}",
    query=schemas.AuditEntriesQuery,
    response=schemas.AuditEntryPage,
    errors=(*_LIST, "ERROR_INVALID_SORT_DIRECTION", "ERROR_INVALID_SORT_ATTRIBUTE"),
)
def list_entries(query: dict[str, Any]) -> Any:
    """A page of entries."""
    return service.entries(query)


@_both(
    "GET",
    "/users/",
    "audit_log_users",
    "audit_log_users_2",
    summary="List users to filter the log by",
    description=f"Members of the workspace and whoever did something in it, or all users, those who are gone as well. "
    f"{_WHO}",
    query=schemas.AuditUsersQuery,
    response=schemas.AuditKnownPage,
    errors=_LIST,
)
def list_users(query: dict[str, Any]) -> Any:
    """A page of users."""
    return service.users(query)


@_both(
    "GET",
    "/workspaces/",
    "audit_log_workspaces",
    "audit_log_workspaces_2",
    summary="List workspaces to filter the log by",
    description="All workspaces, those that are gone as well. For staff.",
    query=schemas.AuditWorkspacesQuery,
    response=schemas.AuditKnownPage,
    errors=("ERROR_STAFF_ONLY", "ERROR_PAGE_SIZE_LIMIT"),
)
def list_workspaces(query: dict[str, Any]) -> Any:
    """A page of workspaces."""
    return service.workspaces(query)


@_both(
    "GET",
    "/action-types/",
    "audit_log_action_types",
    "audit_log_action_types_2",
    summary="List types of actions to filter the log by",
    description=f"The types of actions clients of the API know, in the order of their words, all on one page. {_WHO}",
    query=schemas.AuditActionTypesQuery,
    response=schemas.AuditActionTypePage,
    errors=_READER,
)
def list_action_types(query: dict[str, Any]) -> Any:
    """The types."""
    return service.action_types(query)


@_both(
    "POST",
    "/export/",
    "async_audit_log_export",
    "async_audit_log_export_2",
    summary="Export what was done",
    description="Starts a job that writes the entries into a CSV file. Read the job until its state is `finished`; its "
    "`url` is where the file is, for an hour. For admins of the workspace `filter_workspace_id`, and for staff, who "
    "may leave it out.",
    body=schemas.AuditExportBody,
    response=schemas.AuditExportAnswer,
    status=202,
    errors=(*_READER, "ERROR_MAX_JOB_COUNT_EXCEEDED"),
)
def export_entries(body: dict[str, Any]) -> Any:
    """Start an export."""
    return jobs.start(body)
