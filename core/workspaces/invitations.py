"""Invitations to workspaces: sending, changing and withdrawing them; accepting and rejecting one's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from core.accounts import limits
from core.accounts.sessions import actor_of
from core.db.models import Invitation, Membership, User, Workspace
from core.mail.links import link, require_public_host
from core.settings import Settings
from core.workspaces import invitation_tokens, members, operations, store
from core.workspaces.roles import role_of
from core.workspaces.store import Found
from plugin_api import actions, context, events
from plugin_api.db import session
from plugin_api.errors import ApiError, does_not_exist
from plugin_api.mail import Mail
from plugin_api.permissions import Access, require
from plugin_api.platform import service


def _json(invitation: Invitation) -> dict[str, Any]:
    return {
        "id": invitation.id,
        "workspace": invitation.workspace_id,
        "email": invitation.email,
        "permissions": invitation.permissions,
        "message": invitation.message,
        "created_on": invitation.created_on,
    }


@dataclass(frozen=True)
class Waiting:
    """An invitation to a workspace out of the trash, and what the acting user is there."""

    invitation: Invitation
    workspace_name: str
    access: Access


def _find(invitation_id: int, lock: bool = False) -> Waiting:
    """An invitation: one query. With `lock`, nobody else takes or changes it until the commit."""
    mine = (Membership.workspace_id == Workspace.id) & (Membership.user_id == context.actor().user_id)
    query = (
        sa.select(Invitation, Workspace.name, role_of().label("role"))
        .join(Workspace, Workspace.id == Invitation.workspace_id)
        .outerjoin(Membership, mine)
        .where(Invitation.id == invitation_id, Workspace.trashed_on.is_(None))
    )
    row = session().execute(query.with_for_update(of=Invitation) if lock else query).first()
    if row is None:
        raise does_not_exist("group_invitation")
    invitation, name, role = row
    return Waiting(invitation, name, Access(invitation.workspace_id, role))


def create(workspace_id: int, body: Mapping[str, Any]) -> dict[str, Any]:
    """Invite an address, or change the invitation it has, and mail the link."""
    found = store.find(workspace_id)
    require(operations.INVITE, found.access)
    require_public_host(body["base_url"])
    _refuse_members(workspace_id, body["email"])
    _refuse_too_many(workspace_id, body["email"])
    values = {"permissions": body["permissions"], "message": body["message"], "invited_by_id": context.user_id()}
    row = insert(Invitation).values(workspace_id=workspace_id, email=body["email"], **values)
    again = row.on_conflict_do_update(
        index_elements=["workspace_id", "email"], set_={**values, "updated_on": sa.func.now()}
    )
    invitation = session().scalars(again.returning(Invitation)).one()
    _send(invitation, found, body["base_url"])
    waiting = Waiting(invitation, found.name, found.access)
    _record("create_group_invitation", waiting)
    _announce("group_invitation_updated_or_created", waiting)
    return _json(invitation)


def _refuse_members(workspace_id: int, email: str) -> None:
    member = sa.select(Membership.id).join(User, User.id == Membership.user_id)
    if session().scalar(member.where(Membership.workspace_id == workspace_id, User.email == email)) is not None:
        raise ApiError("ERROR_GROUP_USER_ALREADY_EXISTS", 400, "This person is a member of the workspace already.")


def _refuse_too_many(workspace_id: int, email: str) -> None:
    limit = service(Settings).max_pending_invitations
    if limit == 0:
        return
    others = sa.select(sa.func.count()).select_from(Invitation)
    chosen = others.where(Invitation.workspace_id == workspace_id, Invitation.email != email)
    if int(session().scalar(chosen) or 0) >= limit:
        detail = f"A workspace may have at most {limit} invitations that wait for an answer."
        raise ApiError("ERROR_MAX_NUMBER_OF_PENDING_WORKSPACE_INVITES_REACHED", 400, detail)


def _send(invitation: Invitation, found: Found, base_url: str) -> None:
    if not limits.may_mail("invitation", invitation.email):
        return
    inviter = context.actor().name
    values = {
        "inviter": inviter,
        "workspace": found.name,
        "message": invitation.message,
        "link": link(base_url, invitation_tokens.issue(invitation.id)),
    }
    subject = f'{inviter} invites you to the workspace "{found.name}"'
    service(Mail).send(invitation.email, subject, "workspace_invitation", values)


def list_of_workspace(workspace_id: int) -> list[dict[str, Any]]:
    """The invitations to a workspace that wait for an answer, oldest first: two queries."""
    require(operations.LIST_INVITATIONS, store.find(workspace_id).access)
    query = sa.select(Invitation).where(Invitation.workspace_id == workspace_id).order_by(Invitation.id)
    return [_json(invitation) for invitation in session().scalars(query)]


def get(invitation_id: int) -> dict[str, Any]:
    """One invitation."""
    waiting = _find(invitation_id)
    require(operations.READ_INVITATION, waiting.access)
    return _json(waiting.invitation)


def update(invitation_id: int, role: str | None) -> dict[str, Any]:
    """Change the role somebody is invited with; None leaves it."""
    waiting = _find(invitation_id, lock=True)
    require(operations.UPDATE_INVITATION, waiting.access)
    original = waiting.invitation.permissions
    if role is not None and role != original:
        waiting.invitation.permissions = role
        waiting.invitation.updated_on = datetime.now(UTC)
        _record("update_group_invitation_permissions", waiting, original_permissions=original)
        _announce("group_invitation_updated_or_created", waiting)
    return _json(waiting.invitation)


def withdraw(invitation_id: int) -> None:
    """Delete an invitation."""
    waiting = _find(invitation_id, lock=True)
    require(operations.DELETE_INVITATION, waiting.access)
    _record("delete_group_invitation", waiting)
    _announce("group_invitation_deleted", waiting)
    session().delete(waiting.invitation)


def _own(invitation_id: int, email: str) -> Waiting:
    """The invitation, locked; 400 when it is for another address."""
    waiting = _find(invitation_id, lock=True)
    if waiting.invitation.email != email:
        raise ApiError("ERROR_GROUP_INVITATION_EMAIL_MISMATCH", 400, "The invitation is for another e-mail address.")
    return waiting


def accept(invitation_id: int) -> dict[str, Any]:
    """Become a member; answers the workspace. Somebody who is one by now keeps the role they have."""
    waiting = _own(invitation_id, context.actor().email)
    workspace_id = waiting.invitation.workspace_id
    session().delete(waiting.invitation)
    session().flush()
    joined = store.join(workspace_id, context.user_id(), waiting.invitation.permissions)
    shown = store.one_of_user(context.user_id(), workspace_id)
    _record("accept_group_invitation", waiting)
    _announce("group_invitation_accepted", waiting)
    if joined:
        mine = next(member for member in shown["users"] if member["user_id"] == context.user_id())
        members.announce("group_user_added", mine)
    return shown


def reject(invitation_id: int) -> None:
    """Turn an invitation down."""
    waiting = _own(invitation_id, context.actor().email)
    _record("reject_group_invitation", waiting)
    _announce("group_invitation_rejected", waiting)
    session().delete(waiting.invitation)


def by_token(token: str) -> dict[str, Any]:
    """What the page behind the link of a mail shows, before anybody signs in."""
    query = (
        sa.select(Invitation, User.name, Workspace.name, _known())
        .join(User, User.id == Invitation.invited_by_id)
        .join(Workspace, Workspace.id == Invitation.workspace_id)
        .where(Invitation.id == invitation_tokens.read(token), Workspace.trashed_on.is_(None))
    )
    row = session().execute(query).first()
    if row is None:
        raise does_not_exist("group_invitation")
    invitation, inviter, workspace, known = row
    return {
        "id": invitation.id,
        "invited_by": inviter,
        "workspace": workspace,
        "email": invitation.email,
        "message": invitation.message,
        "created_on": invitation.created_on,
        "email_exists": known,
    }


def _known() -> sa.ColumnElement[bool]:
    """Whether the invited address has an account."""
    account = aliased(User)
    return sa.exists().where(account.email == Invitation.email)


def accept_at_sign_up(user: User, token: str) -> None:
    """Make a new account a member; who has the token has read the mail, so the address is verified."""
    invitation_id = invitation_tokens.read(token)
    with context.acting_as(actor_of(user)):
        accept(invitation_id)
    user.email_verified = True


def _record(type_name: str, waiting: Waiting, **more: Any) -> None:
    invitation = waiting.invitation
    params = {
        "invitation_id": invitation.id,
        "workspace_id": invitation.workspace_id,
        "workspace_name": waiting.workspace_name,
        "email": invitation.email,
        "permissions": invitation.permissions,
        "message": invitation.message,
        **more,
    }
    scope = f"workspace{invitation.workspace_id}"
    actions.record(type_name, scope=scope, workspace_id=invitation.workspace_id, params=params)


def _announce(event: str, waiting: Waiting) -> None:
    shown = {**_json(waiting.invitation), "workspace_name": waiting.workspace_name}
    payload = {"invitation": store.plain(shown), "invited_by_id": waiting.invitation.invited_by_id}
    events.emit(event, payload, waiting.invitation.workspace_id)
