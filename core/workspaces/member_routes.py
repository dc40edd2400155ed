"""HTTP operations of members."""

from __future__ import annotations

from typing import Any

from core.workspaces import members
from core.workspaces.schemas import ListedMemberAnswer, MemberAnswer, MembersQuery, RoleBody
from plugin_api.http import Blueprint

blueprint = Blueprint(
    "workspace_users", __name__, url_prefix="/api/workspaces/users", description="Members of workspaces"
)

_OUTSIDER = "ERROR_USER_NOT_IN_GROUP"
_NOT_THERE = "ERROR_GROUP_USER_DOES_NOT_EXIST"
_LAST_ADMIN = "ERROR_LAST_ADMIN_OF_GROUP"


@blueprint.operation(
    "GET",
    "/workspace/<int:workspace_id>/",
    id="list_workspace_users",
    summary="List the members of a workspace",
    description="The members with their roles and teams, oldest membership first or as `sorts` says. Editors and "
    "higher roles may.",
    query=MembersQuery,
    response=ListedMemberAnswer(many=True),
    errors=[
        _OUTSIDER,
        "ERROR_QUERY_PARAMETER_VALIDATION",
        "ERROR_INVALID_SORT_DIRECTION",
        "ERROR_INVALID_SORT_ATTRIBUTE",
        "ERROR_GROUP_DOES_NOT_EXIST",
    ],
)
def list_of_workspace(workspace_id: int, query: dict[str, Any]) -> list[dict[str, Any]]:
    """The members."""
    return members.list_members(workspace_id, query.get("search"), query["sorts"])


@blueprint.operation(
    "PATCH",
    "/<int:workspace_user_id>/",
    id="update_workspace_user",
    summary="Change a member's role",
    description="Gives a member another role in the workspace. Only admins may, and one admin must stay.",
    body=RoleBody,
    response=MemberAnswer,
    errors=[_OUTSIDER, _LAST_ADMIN, "ERROR_REQUEST_BODY_VALIDATION", _NOT_THERE],
)
def update(workspace_user_id: int, body: dict[str, Any]) -> dict[str, Any]:
    """Change a role."""
    return members.update(workspace_user_id, body.get("permissions"))


@blueprint.operation(
    "DELETE",
    "/<int:workspace_user_id>/",
    id="delete_workspace_user",
    summary="Remove a member",
    description="Ends somebody else's membership; to end your own, leave the workspace. Only admins may.",
    status=204,
    errors=[_OUTSIDER, "ERROR_CANNOT_DELETE_YOURSELF_FROM_GROUP", _LAST_ADMIN, _NOT_THERE],
)
def delete(workspace_user_id: int) -> None:
    """Remove a member."""
    members.remove(workspace_user_id)
