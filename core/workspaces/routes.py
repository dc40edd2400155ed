"""HTTP operations of workspaces."""

from __future__ import annotations

from typing import Any

from core.workspaces import initial, invitation_routes, member_routes, service
from core.workspaces.ai_settings import AiSettings
from core.workspaces.schemas import ChangedWorkspaceAnswer, ManagerAnswer, OrderBody, WorkspaceAnswer, WorkspaceBody
from plugin_api.http import Blueprint

blueprint = Blueprint(
    "workspaces", __name__, url_prefix="/api/workspaces", description="Where people work together on applications"
)
blueprints: list[Blueprint] = [blueprint, member_routes.blueprint, invitation_routes.blueprint]

_BODY = "ERROR_REQUEST_BODY_VALIDATION"
_OUTSIDER = "ERROR_USER_NOT_IN_GROUP"
_NOT_THERE = "ERROR_GROUP_DOES_NOT_EXIST"


@blueprint.operation(
    "GET",
    "/",
    id="list_workspaces",
    summary="List your workspaces",
    description="Every workspace you are a member of, in your own order, with its members and your role in it.",
    response=WorkspaceAnswer(many=True),
)
def list_all() -> list[dict[str, Any]]:
    """One's own workspaces."""
    return service.list_workspaces()


@blueprint.operation(
    "POST",
    "/",
    id="create_workspace",
    summary="Create a workspace",
    description="Makes an empty workspace at the end of your list; you are its admin. An instance may keep this "
    "for staff.",
    body=WorkspaceBody,
    response=WorkspaceAnswer,
    errors=[_BODY],
)
def create(body: dict[str, Any]) -> dict[str, Any]:
    """Make a workspace."""
    return service.create(body["name"])


@blueprint.operation(
    "POST",
    "/create-initial-workspace/",
    id="create_initial_workspace",
    summary="Create a first workspace with examples",
    description="Makes a workspace called after you that already holds something to look at and to change, "
    "such as a database with filled tables.",
    response=WorkspaceAnswer,
)
def create_initial() -> dict[str, Any]:
    """Make a first workspace."""
    return initial.create()


@blueprint.operation(
    "POST",
    "/order/",
    id="order_workspaces",
    summary="Order your workspaces",
    description="Gives each workspace the place it has in the list, for you alone. Workspaces that are not given "
    "keep the place they had; those you are no member of are passed over.",
    body=OrderBody,
    status=204,
    errors=[_BODY],
)
def order(body: dict[str, Any]) -> None:
    """Order one's workspaces."""
    service.order(body["workspaces"])


@blueprint.operation(
    "PATCH",
    "/<int:workspace_id>/",
    id="update_workspace",
    summary="Rename a workspace",
    description="Gives the workspace another name, for all members. Only admins may.",
    body=WorkspaceBody,
    response=ChangedWorkspaceAnswer,
    errors=[_OUTSIDER, _BODY, _NOT_THERE],
)
def update(workspace_id: int, body: dict[str, Any]) -> dict[str, Any]:
    """Rename a workspace."""
    return service.update(workspace_id, body["name"])


@blueprint.operation(
    "DELETE",
    "/<int:workspace_id>/",
    id="delete_workspace",
    summary="Delete a workspace",
    description="Puts the workspace with everything in it into the trash. Only admins may.",
    status=204,
    errors=[_OUTSIDER, _NOT_THERE],
)
def delete(workspace_id: int) -> None:
    """Put a workspace into the trash."""
    service.delete(workspace_id)


@blueprint.operation(
    "POST",
    "/<int:workspace_id>/leave/",
    id="leave_workspace",
    summary="Leave a workspace",
    description="Ends your membership. The last admin cannot leave: make somebody else an admin, or delete it.",
    status=204,
    errors=[_OUTSIDER, "ERROR_GROUP_USER_IS_LAST_ADMIN", _NOT_THERE],
)
def leave(workspace_id: int) -> None:
    """Leave a workspace."""
    service.leave(workspace_id)


@blueprint.operation(
    "GET",
    "/<int:workspace_id>/permissions/",
    id="workspace_permissions",
    summary="Read your permissions in a workspace",
    description="What each permission manager says you may do, in the order they decide. Clients use it to show "
    "only what will work; the server checks every request all the same. Outsiders are told what they may not.",
    response=ManagerAnswer(many=True),
    errors=[_NOT_THERE],
)
def permissions(workspace_id: int) -> list[dict[str, Any]]:
    """One's permissions."""
    return service.permissions_of(workspace_id)


@blueprint.operation(
    "GET",
    "/<int:workspace_id>/settings/generative-ai/",
    id="get_workspace_generative_ai_models_settings",
    summary="Read a workspace's AI providers",
    description="The workspace's own access to AI providers, with its keys. Only admins may.",
    response=AiSettings,
    errors=[_OUTSIDER, _NOT_THERE],
)
def get_ai_settings(workspace_id: int) -> dict[str, Any]:
    """The AI providers."""
    return service.read_ai_settings(workspace_id)


@blueprint.operation(
    "PATCH",
    "/<int:workspace_id>/settings/generative-ai/",
    id="update_workspace_generative_ai_models_settings",
    summary="Replace a workspace's AI providers",
    description="Sets the workspace's own access to AI providers; those left out are forgotten. A provider's models "
    "can be used once it has a key or an address. Keys are stored encrypted. Only admins may.",
    body=AiSettings,
    response=ChangedWorkspaceAnswer,
    errors=[_OUTSIDER, _BODY, _NOT_THERE],
)
def update_ai_settings(workspace_id: int, body: dict[str, Any]) -> dict[str, Any]:
    """Replace the AI providers."""
    return service.change_ai_settings(workspace_id, body)
