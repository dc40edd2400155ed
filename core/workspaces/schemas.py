"""What clients send and get about workspaces, members and invitations."""

from __future__ import annotations

from marshmallow import fields as mf

from plugin_api.schemas import Email, Int, List, Nested, Schema, Str, Url

MAX_ROLE = 32


class WorkspaceBody(Schema):
    """A workspace's name."""

    name = Str(required=True, max_length=165)


class OrderBody(Schema):
    """Workspaces in the order they are to have."""

    workspaces = List(Int(), required=True)


class RoleBody(Schema):
    """A role: ADMIN, BUILDER (or MEMBER), EDITOR, COMMENTER, VIEWER, NO_ACCESS. Other names give no access."""

    permissions = Str(max_length=MAX_ROLE)


class InvitationBody(Schema):
    """Whom to invite as what, and the page of this instance the mailed link leads to."""

    email = Email(required=True, max_length=254)
    permissions = Str(max_length=MAX_ROLE, load_default="MEMBER")
    message = Str(max_length=250, allow_blank=True, load_default="")
    base_url = Url(required=True, max_length=2000)


class MembersQuery(Schema):
    """Which members to list, in which order."""

    search = Str(max_length=254, metadata={"description": "A part of a name or an address."})
    sorts = Str(
        max_length=100,
        allow_blank=True,
        load_default="",
        metadata={"description": "`name`, `email`, `role_uid`, each after + or -, comma separated: `+role_uid,-name`."},
    )


class MemberAnswer(Schema):
    """A member of a workspace; `id` is the membership's."""

    id = mf.Integer()
    name = mf.String()
    email = mf.String()
    workspace = mf.Integer()
    permissions = mf.String()
    created_on = mf.DateTime()
    user_id = mf.Integer()
    to_be_deleted = mf.Boolean()


class TeamOfMember(Schema):
    """A team a member belongs to."""

    id = mf.Integer()
    name = mf.String()


class ListedMemberAnswer(MemberAnswer):
    """A member with their role and teams."""

    role_uid = mf.String(allow_none=True)
    highest_role_uid = mf.String(allow_none=True)
    teams = mf.List(Nested(TeamOfMember))


class ChangedWorkspaceAnswer(Schema):
    """A workspace without its members."""

    id = mf.Integer()
    name = mf.String()
    generative_ai_models_enabled = mf.Dict(keys=mf.String(), values=mf.List(mf.String()))


class WorkspaceAnswer(ChangedWorkspaceAnswer):
    """A workspace as one of its members sees it."""

    users = mf.List(Nested(MemberAnswer))
    order = mf.Integer()
    permissions = mf.String()
    unread_notifications_count = mf.Integer()


class ManagerAnswer(Schema):
    """What one permission manager tells of the acting user's permissions."""

    name = mf.String()
    permissions = mf.Raw()


class InvitationAnswer(Schema):
    """An invitation as those see it who manage the workspace."""

    id = mf.Integer()
    workspace = mf.Integer()
    email = mf.Email()
    permissions = mf.String()
    message = mf.String()
    created_on = mf.DateTime()


class OwnInvitationAnswer(Schema):
    """An invitation as the invited person sees it."""

    id = mf.Integer()
    invited_by = mf.String()
    workspace = mf.String()
    email = mf.Email()
    message = mf.String()
    created_on = mf.DateTime()
    email_exists = mf.Boolean()
