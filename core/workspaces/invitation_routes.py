"""HTTP operations of invitations."""

from __future__ import annotations

from typing import Any

from core.workspaces import invitations
from core.workspaces.schemas import InvitationAnswer, InvitationBody, OwnInvitationAnswer, RoleBody, WorkspaceAnswer
from plugin_api.http import OPEN, Blueprint

blueprint = Blueprint(
    "workspace_invitations",
    __name__,
    url_prefix="/api/workspaces/invitations",
    description="Inviting people to workspaces",
)

_BODY = "ERROR_REQUEST_BODY_VALIDATION"
_OUTSIDER = "ERROR_USER_NOT_IN_GROUP"
_NOT_THERE = "ERROR_GROUP_INVITATION_DOES_NOT_EXIST"
_NOT_YOURS = "ERROR_GROUP_INVITATION_EMAIL_MISMATCH"
_NO_WORKSPACE = "ERROR_GROUP_DOES_NOT_EXIST"


@blueprint.operation(
    "GET",
    "/workspace/<int:workspace_id>/",
    id="list_workspace_invitations",
    summary="List the invitations to a workspace",
    description="The invitations nobody has answered yet, oldest first. Only admins may.",
    response=InvitationAnswer(many=True),
    errors=[_OUTSIDER, _NO_WORKSPACE],
)
def list_of_workspace(workspace_id: int) -> list[dict[str, Any]]:
    """The invitations."""
    return invitations.list_of_workspace(workspace_id)


@blueprint.operation(
    "POST",
    "/workspace/<int:workspace_id>/",
    id="create_workspace_invitation",
    summary="Invite somebody",
    description="Mails a link to an e-mail address, with or without an account, that lets its owner join with a role. "
    "Inviting an address again changes its invitation. `base_url` is the page of this instance that takes the token.",
    body=InvitationBody,
    response=InvitationAnswer,
    errors=[
        _OUTSIDER,
        _BODY,
        "ERROR_HOSTNAME_IS_NOT_ALLOWED",
        "ERROR_GROUP_USER_ALREADY_EXISTS",
        "ERROR_MAX_NUMBER_OF_PENDING_WORKSPACE_INVITES_REACHED",
        _NO_WORKSPACE,
    ],
)
def create(workspace_id: int, body: dict[str, Any]) -> dict[str, Any]:
    """Invite somebody."""
    return invitations.create(workspace_id, body)


@blueprint.operation(
    "GET",
    "/<int:workspace_invitation_id>/",
    id="get_workspace_invitation",
    summary="Read an invitation",
    description="One invitation of a workspace you are an admin of.",
    response=InvitationAnswer,
    errors=[_OUTSIDER, _NOT_THERE],
)
def get(workspace_invitation_id: int) -> dict[str, Any]:
    """One invitation."""
    return invitations.get(workspace_invitation_id)


@blueprint.operation(
    "PATCH",
    "/<int:workspace_invitation_id>/",
    id="update_workspace_invitation",
    summary="Change an invitation",
    description="Changes the role somebody is invited with; nothing else can be changed. Only admins may.",
    body=RoleBody,
    response=InvitationAnswer,
    errors=[_OUTSIDER, _BODY, _NOT_THERE],
)
def update(workspace_invitation_id: int, body: dict[str, Any]) -> dict[str, Any]:
    """Change the role."""
    return invitations.update(workspace_invitation_id, body.get("permissions"))


@blueprint.operation(
    "DELETE",
    "/<int:workspace_invitation_id>/",
    id="delete_workspace_invitation",
    summary="Withdraw an invitation",
    description="Deletes the invitation; the link that was mailed leads nowhere from then on. Only admins may.",
    status=204,
    errors=[_OUTSIDER, _NOT_THERE],
)
def delete(workspace_invitation_id: int) -> None:
    """Withdraw it."""
    invitations.withdraw(workspace_invitation_id)


@blueprint.operation(
    "POST",
    "/<int:workspace_invitation_id>/accept/",
    id="accept_workspace_invitation",
    summary="Accept an invitation",
    description="Makes you a member with the role you were invited with, and answers the workspace.",
    response=WorkspaceAnswer,
    errors=[_NOT_YOURS, _NOT_THERE],
)
def accept(workspace_invitation_id: int) -> dict[str, Any]:
    """Accept it."""
    return invitations.accept(workspace_invitation_id)


@blueprint.operation(
    "POST",
    "/<int:workspace_invitation_id>/reject/",
    id="reject_workspace_invitation",
    summary="Reject an invitation",
    description="Turns an invitation to your address down.",
    status=204,
    errors=[_NOT_YOURS, _NOT_THERE],
)
def reject(workspace_invitation_id: int) -> None:
    """Reject it."""
    invitations.reject(workspace_invitation_id)


@blueprint.operation(
    "GET",
    "/token/<token>/",
    id="get_workspace_invitation_by_token",
    summary="Read the invitation of a mailed link",
    description="What the page behind the link shows: who invites to what, and whether the address has an account "
    "to sign in with already. Needs no account.",
    response=OwnInvitationAnswer,
    auth=OPEN,
    errors=["BAD_TOKEN_SIGNATURE", _NOT_THERE],
)
def by_token(token: str) -> dict[str, Any]:
    """The invitation of a link."""
    return invitations.by_token(token)
