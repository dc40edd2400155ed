"""HTTP operations of roles at places."""

from __future__ import annotations

from typing import Any

from plugin_api.http import Blueprint
from plugins.roles import listing, service
from plugins.roles.schemas import AssignmentAnswer, AssignmentBody, BatchBody, PlaceQuery

blueprint = Blueprint("roles", __name__, url_prefix="/api/role", description="Who has which role where")

_PLACES = ("ERROR_GROUP_DOES_NOT_EXIST", "ERROR_OBJECT_SCOPE_TYPE_DOES_NOT_EXIST", "ERROR_SCOPE_DOES_NOT_EXIST")
_CHANGES = (
    *_PLACES,
    "ERROR_REQUEST_BODY_VALIDATION",
    "ERROR_SUBJECT_TYPE_DOES_NOT_EXIST",
    "ERROR_SUBJECT_DOES_NOT_EXIST",
    "ERROR_ROLE_DOES_NOT_EXIST",
    "ERROR_CANT_ASSIGN_ROLE_EXCEPTION_TO_ADMIN",
    "ERROR_LAST_ADMIN_OF_GROUP",
    "PERMISSION_DENIED",
)


@blueprint.operation(
    "GET",
    "/<int:workspace_id>/",
    id="list_role_assignments",
    summary="List the roles at a place",
    description="Who was given which role at the workspace, at an application or at a table. At the workspace that is "
    "every member, with the role of the membership, and every team with a default role. Only admins of the place may.",
    query=PlaceQuery,
    response=AssignmentAnswer(many=True),
    errors=("ERROR_USER_NOT_IN_GROUP", "ERROR_QUERY_PARAMETER_VALIDATION", *_PLACES),
)
def list_role_assignments(workspace_id: int, query: dict[str, Any]) -> Any:
    """The roles at a place."""
    return listing.list_roles(workspace_id, query.get("scope_type"), query.get("scope_id"))


@blueprint.operation(
    "POST",
    "/<int:workspace_id>/",
    id="assign_role",
    summary="Give a role at a place",
    description="Gives a member or a team a role at the workspace, at an application or at a table; with the role null "
    "takes it away, which answers 204. The closest place where somebody has a role counts. Only admins of the place "
    "may.",
    body=AssignmentBody,
    response=AssignmentAnswer,
    errors=_CHANGES,
)
def assign_role(workspace_id: int, body: dict[str, Any]) -> Any:
    """Give a role."""
    [given] = service.assign(workspace_id, [body])
    return ("", 204) if given is None else given


@blueprint.operation(
    "POST",
    "/<int:workspace_id>/batch/",
    id="batch_assign_role",
    summary="Give several roles",
    description="Gives and takes roles like the single operation, all or none of them. Answers an entry for each, null "
    "where a role was taken away.",
    body=BatchBody,
    response=AssignmentAnswer(many=True),
    errors=(*_CHANGES, "ERROR_DUPLICATE_ROLE_ASSIGNMENTS"),
)
def batch_assign_role(workspace_id: int, body: dict[str, Any]) -> Any:
    """Give several roles."""
    return service.assign(workspace_id, body["items"])
