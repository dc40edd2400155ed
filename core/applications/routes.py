"""HTTP operations of applications."""

from __future__ import annotations

from typing import Any

from core.applications import duplicate, service
from core.applications.schemas import ApplicationAnswer, ChangedApplication, NewApplication, Order
from core.jobs.schemas import JobAnswer
from plugin_api.http import Blueprint, json_body

blueprint = Blueprint("applications", __name__, url_prefix="/api/applications", description="Containers in workspaces")
blueprints: list[Blueprint] = [blueprint]

_OUTSIDER = "ERROR_USER_NOT_IN_GROUP"
_NO_WORKSPACE = "ERROR_GROUP_DOES_NOT_EXIST"
_NOT_THERE = "ERROR_APPLICATION_DOES_NOT_EXIST"
_BODY = "ERROR_REQUEST_BODY_VALIDATION"


@blueprint.operation(
    "GET",
    "/",
    id="list_all_applications",
    summary="List the applications of all your workspaces",
    description="Every application you may see, by workspace and in order, with what its type shows of it.",
    response=ApplicationAnswer(many=True),
)
def list_all() -> list[dict[str, Any]]:
    """All applications."""
    return service.list_all()


@blueprint.operation(
    "GET",
    "/workspace/<int:workspace_id>/",
    id="workspace_list_applications",
    summary="List the applications of a workspace",
    description="The applications of one workspace in their order; a database is shown with its tables.",
    response=ApplicationAnswer(many=True),
    errors=[_OUTSIDER, _NO_WORKSPACE],
)
def list_of_workspace(workspace_id: int) -> list[dict[str, Any]]:
    """The applications of a workspace."""
    return service.list_of_workspace(workspace_id)


@blueprint.operation(
    "POST",
    "/workspace/<int:workspace_id>/",
    id="workspace_create_application",
    summary="Create an application",
    description="Makes an application of the given type at the end of the workspace. "
    "With `init_with_data` it starts with a small example, such as a table with rows. What its type lets you set may "
    "be given too.",
    body=NewApplication,
    response=ApplicationAnswer,
    errors=[_OUTSIDER, _BODY, "ERROR_APPLICATION_TYPE_DOES_NOT_EXIST", "ERROR_PLUGIN_DISABLED", _NO_WORKSPACE],
)
def create(workspace_id: int, body: dict[str, Any]) -> dict[str, Any]:
    """Make an application."""
    kind = service.usable_type(body["type"])
    return service.create(workspace_id, kind, body["name"], body["init_with_data"], json_body())


@blueprint.operation(
    "POST",
    "/workspace/<int:workspace_id>/order/",
    id="workspace_order_applications",
    summary="Order the applications of a workspace",
    description="Puts the given applications into the given order. Applications that are not given keep their places.",
    body=Order,
    status=204,
    errors=[_OUTSIDER, "ERROR_APPLICATION_NOT_IN_GROUP", _BODY, _NO_WORKSPACE],
)
def order(workspace_id: int, body: dict[str, Any]) -> None:
    """Order applications."""
    service.reorder(workspace_id, body["application_ids"])


@blueprint.operation(
    "GET",
    "/<int:application_id>/",
    id="workspace_get_application",
    summary="Read an application",
    description="One application with its workspace and what its type shows of it.",
    response=ApplicationAnswer,
    errors=[_OUTSIDER, _NOT_THERE],
)
def read(application_id: int) -> dict[str, Any]:
    """One application."""
    return service.get(application_id)


@blueprint.operation(
    "PATCH",
    "/<int:application_id>/",
    id="workspace_update_application",
    summary="Change an application",
    description="Renames an application, and changes what its type lets you set, such as the `description` of a "
    "dashboard. Its type cannot be changed.",
    body=ChangedApplication,
    response=ApplicationAnswer,
    errors=[_OUTSIDER, _BODY, "ERROR_PLUGIN_DISABLED", _NOT_THERE],
)
def update(application_id: int, body: dict[str, Any]) -> dict[str, Any]:
    """Change an application."""
    return service.update(application_id, body.get("name"), json_body())


@blueprint.operation(
    "DELETE",
    "/<int:application_id>/",
    id="workspace_delete_application",
    summary="Delete an application",
    description="Puts the application with everything in it into the trash.",
    status=204,
    errors=[_OUTSIDER, _NOT_THERE],
)
def delete(application_id: int) -> None:
    """Put an application into the trash."""
    service.delete(application_id)


@blueprint.operation(
    "POST",
    "/<int:application_id>/duplicate/async/",
    id="duplicate_application_async",
    summary="Copy an application",
    description="Starts a job that copies the application with everything in it, under a numbered name at the end "
    "of its workspace. Poll the job; when it is finished it shows the copy.",
    response=JobAnswer,
    status=202,
    errors=[_OUTSIDER, "ERROR_MAX_JOB_COUNT_EXCEEDED", "ERROR_PLUGIN_DISABLED", _NOT_THERE],
)
def duplicate_async(application_id: int) -> dict[str, Any]:
    """Start copying an application."""
    return duplicate.start(application_id)
