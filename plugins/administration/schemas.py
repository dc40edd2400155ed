"""Bodies and answers of the operations of administrators."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from marshmallow import fields as mf

from plugin_api.paging import PageAnswer, PageQuery
from plugin_api.schemas import Bool, Email, FlatErrors, Int, Nested, NewPassword, Schema, Str, refuse_unknown


class _User(Schema):
    """What staff say about a user."""

    username = Email(max_length=254)
    name = Str(max_length=150)
    password = NewPassword()
    is_active = Bool()
    is_staff = Bool()

    @ma.validates_schema(pass_original=True, skip_on_field_errors=True)
    def _known(self, data: dict[str, Any], original: Any, **kwargs: Any) -> None:
        refuse_unknown(self, original)


class NewUserBody(_User):
    """A new user."""

    username = Email(required=True, max_length=254)
    name = Str(required=True, max_length=150)
    password = NewPassword(required=True)


class ChangedUserBody(_User):
    """What to change of a user."""


class ImpersonateBody(FlatErrors):
    """Whom to act as."""

    user = Int(required=True)


class AdminWorkspaceOfUser(Schema):
    """A workspace a user is a member of."""

    id = mf.Integer()
    name = mf.String()
    permissions = mf.String(metadata={"description": "The user's role there."})


class AdminUserAnswer(Schema):
    """A user as staff see them."""

    id = mf.Integer()
    username = mf.Email()
    name = mf.String()
    workspaces = mf.List(Nested(AdminWorkspaceOfUser))
    last_login = mf.DateTime(allow_none=True)
    date_joined = mf.DateTime()
    is_active = mf.Boolean()
    is_staff = mf.Boolean()


class AdminListedUserAnswer(AdminUserAnswer):
    """A user in the list, with what plugins add."""

    highest_role_uid = mf.String(allow_none=True)


class AdminMemberAnswer(Schema):
    """A member of a workspace."""

    id = mf.Integer()
    email = mf.Email()
    permissions = mf.String()


class AdminWorkspaceAnswer(Schema):
    """A workspace as staff see it."""

    id = mf.Integer()
    name = mf.String()
    users = mf.List(Nested(AdminMemberAnswer))
    application_count = mf.Integer()
    row_count = mf.Integer()
    storage_usage = mf.Integer(allow_none=True, metadata={"description": "In MB, when a plugin counts it."})
    seats_taken = mf.Integer(allow_none=True)
    free_users = mf.Integer(allow_none=True)
    created_on = mf.DateTime()


class AdminUserPage(PageAnswer):
    """A window of the users."""

    results = mf.List(Nested(AdminListedUserAnswer))


class AdminWorkspacePage(PageAnswer):
    """A window of the workspaces."""

    results = mf.List(Nested(AdminWorkspaceAnswer))


class AdminListQuery(PageQuery):
    """Which part of a list, in which order."""

    search = mf.String(load_default="", metadata={"description": "A part of a name or an address, or an id."})
    sorts = mf.String(load_default=None, metadata={"description": "Attributes after + or -, such as `+name,-id`."})


class AdminSessionAnswer(Schema):
    """A session in the name of a user."""

    token = mf.String()
    access_token = mf.String()
    refresh_token = mf.String()
    user_session = mf.String()
    user = mf.Dict()
    permissions = mf.List(mf.Dict())
    user_notifications = mf.Dict()
    active_licenses = mf.Dict()


class AdminDayAnswer(Schema):
    """How many people on a day."""

    date = mf.Date()
    count = mf.Integer()


_WINDOWS = ("last_24_hours", "last_7_days", "last_30_days")
_FIGURES = [
    f"{before}{who}_{window}"
    for before in ("", "previous_")
    for who in ("new_users", "active_users")
    for window in _WINDOWS
]

AdminDashboardAnswer = Schema.from_dict(
    {
        **{name: mf.Integer() for name in ("total_users", "total_workspaces", "total_applications", *_FIGURES)},
        "new_users_per_day": mf.List(Nested(AdminDayAnswer)),
        "active_users_per_day": mf.List(Nested(AdminDayAnswer)),
    },
    name="AdminDashboardAnswer",
)
