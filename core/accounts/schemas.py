"""Bodies and answers of the operations on accounts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from marshmallow import fields as mf

from plugin_api.errors import problem
from plugin_api.languages import Language
from plugin_api.schemas import Bool, Choice, Email, FlatErrors, List, Nested, NewPassword, Schema, Str, Url, invalid
from plugin_api.templates import templates

FREQUENCIES = ("instant", "daily", "weekly", "never")
_MAX_TOURS = 100
_LONGEST_ID = 20


class Template(mf.Field[Any]):
    """The id of a template to start with."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> int:
        text = str(value).strip()
        if isinstance(value, bool) or not (text.isascii() and text.isdigit()):
            raise invalid("incorrect_type", "Expected the id of a template.")
        known, wanted = templates(), int(text) if len(text) < _LONGEST_ID else 0
        if known is None or not known.exists(wanted):
            raise invalid("does_not_exist", "There is no template of this id.")
        return wanted


class Tours(List):
    """The guided tours a user finished, by name."""

    def __init__(self) -> None:
        super().__init__(Str(max_length=100), max_length=_MAX_TOURS)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> list[Any]:
        if not isinstance(value, list):
            raise ma.ValidationError({"non_field_errors": [problem("not_a_list", "Expected a list of items.")]})
        return super()._deserialize(value, attr, data, **kwargs)


class SignUpBody(Schema):
    """A new account."""

    name = Str(required=True, min_length=2, max_length=150)
    email = Email(required=True, max_length=254)
    password = NewPassword(required=True)
    language = Language(load_default="en")
    authenticate = Bool(load_default=False)
    workspace_invitation_token = Str(load_default="")
    template_id = Template(load_default=None, allow_none=True)


class SignInBody(FlatErrors):
    """Credentials. `username` is the older key of `email`."""

    email = Email()
    username = Email()
    password = Str(required=True)

    @ma.validates_schema(skip_on_field_errors=True)
    def _address(self, data: dict[str, Any], **kwargs: Any) -> None:
        if not data.get("email") and not data.get("username"):
            raise ma.ValidationError([problem("required", "This field is required.")], "email")


class RefreshBody(Schema):
    """A refresh token. `token` is the older key of `refresh_token`."""

    refresh_token = mf.Raw(load_default=None, allow_none=True)
    token = mf.Raw(load_default=None, allow_none=True)


class VerifyBody(FlatErrors):
    """A refresh token to look at."""

    refresh_token = Str(required=True)


class SignOffBody(Schema):
    """A refresh token to end."""

    refresh_token = Str(required=True)


class AccountBody(Schema):
    """Changes of one's own account."""

    first_name = Str(min_length=2, max_length=150)
    language = Language()
    email_notification_frequency = Choice(FREQUENCIES)
    completed_onboarding = Bool()
    completed_guided_tours = Tours()

    @ma.post_load
    def _some(self, data: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
        if not data:
            raise ma.ValidationError([problem("invalid", "Give at least one thing to change.")], "non_field_errors")
        return data


class ChangePasswordBody(Schema):
    """The old password and a new one."""

    old_password = Str(required=True)
    new_password = NewPassword(required=True)


class ResetMailBody(Schema):
    """Where to send a link for a new password, and the page it leads to."""

    email = Email(required=True)
    base_url = Url(required=True, max_length=2000)


class ResetPasswordBody(Schema):
    """The token of a mail and the new password."""

    token = Str(required=True)
    password = NewPassword(required=True)


class VerificationMailBody(Schema):
    """Where to send a link that verifies the address."""

    email = Email(required=True)


class VerifyEmailBody(Schema):
    """The token of a mail."""

    token = Str(required=True)


class UserSchema(Schema):
    """A user as the user sees it."""

    id = mf.Integer()
    first_name = mf.String()
    username = mf.Email()
    language = mf.String()
    is_staff = mf.Boolean()
    email_notification_frequency = mf.String()
    email_verified = mf.Boolean()
    completed_onboarding = mf.Boolean()
    completed_guided_tours = mf.List(mf.String())


class UserAnswer(Schema):
    """A user with what a client needs to know of them."""

    user = Nested(UserSchema)
    permissions = mf.List(mf.Dict())
    user_notifications = mf.Dict()
    active_licenses = mf.Dict()


class RefreshAnswer(UserAnswer):
    """An access token; `token` is the older name of it."""

    token = mf.String()
    access_token = mf.String()


class SessionAnswer(RefreshAnswer):
    """A new session with both its tokens."""

    refresh_token = mf.String()
    user_session = mf.String()


class AccountAnswer(Schema):
    """The changeable part of an account."""

    first_name = mf.String()
    language = mf.String()
    email_notification_frequency = mf.String()
    completed_onboarding = mf.Boolean()
    completed_guided_tours = mf.List(mf.String())


class InvitationSchema(Schema):
    """An invitation the user may accept or reject."""

    id = mf.Integer()
    invited_by = mf.String()
    workspace = mf.String()
    email = mf.Email()
    message = mf.String()
    created_on = mf.DateTime()
    email_exists = mf.Boolean(allow_none=True)


class DashboardAnswer(Schema):
    """What waits for the user."""

    workspace_invitations = mf.List(Nested(InvitationSchema))
