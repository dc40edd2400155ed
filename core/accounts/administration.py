"""Accounts in the hands of administrators (`plugin_api.administration.AccountAdministration`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from core.accounts import mail_tokens, recovery, sessions
from core.accounts.deletion import refuse_last_staff, remove_now
from core.accounts.events import sessions_ended, tell_workspaces
from core.accounts.passwords import hash_password
from core.accounts.service import create_user
from core.accounts.state import UserStates
from core.db.models import User
from core.mail.links import own_link
from plugin_api import actions
from plugin_api.db import session
from plugin_api.errors import ApiError
from plugin_api.platform import service


class AdministeredAccounts:
    """Changes accounts, records who did it, and sees to it that one administrator stays."""

    def create(self, values: Mapping[str, Any]) -> int:
        """Make an account."""
        columns = {key: values[key] for key in ("is_active", "is_staff") if key in values}
        try:
            made = create_user(values["name"], values["username"], values["password"], **columns)
        except ApiError as refusal:
            raise _taken() from refusal
        _record("create_user", made)
        return made.id

    def change(self, user_id: int, values: Mapping[str, Any]) -> None:
        """Change what is given."""
        user = _locked(user_id)
        if "username" in values and values["username"] != user.email:
            _move(user, values["username"])
        if user.is_staff and not (values.get("is_staff", True) and values.get("is_active", True)):
            refuse_last_staff(user.id)
        user.name = values.get("name", user.name)
        user.is_staff = values.get("is_staff", user.is_staff)
        _set_password(user, values)
        _set_active(user, values.get("is_active", user.is_active))
        service(UserStates).changed(user.id)
        if values:
            _record("update_user", user)
            tell_workspaces("user_updated", user)

    def delete(self, user_id: int) -> None:
        """Remove an account at once."""
        user = _locked(user_id)
        if user.is_staff:
            refuse_last_staff(user.id)
        _record("delete_user", user)
        remove_now(user)

    def session_of(self, user_id: int) -> dict[str, Any]:
        """A session in the user's name; recorded as what it is, and no sign-in of theirs."""
        user = _locked(user_id)
        _record("impersonate_user", user)
        return sessions.begin_session(user)

    def reset_link(self, user_id: int, page: str, mail: bool) -> str:
        """A link for a new password."""
        user = _locked(user_id)
        if not user.is_active:
            raise ApiError("ERROR_DEACTIVATED_USER", 400, "This account is deactivated. Activate it first.")
        made = own_link(page, mail_tokens.reset_token(user))
        _record("make_reset_link", user)
        if mail:
            recovery.mail_link(user, made)
        return made

    def choose_password(self, token: str, password: str) -> None:
        """Use such a link."""
        recovery.choose_password(token, password)


def _locked(user_id: int) -> User:
    user = session().get(User, user_id, with_for_update=True)
    if user is None:
        raise ApiError("USER_ADMIN_UNKNOWN_USER", 400, f"There is no user {user_id}.")
    return user


def _move(user: User, email: str) -> None:
    """Give the account another address; whoever asks for the same one at the same time is refused by the database."""
    if session().scalar(sa.select(User.id).where(User.email == email)) is not None:
        raise _taken()
    user.email, user.email_verified = email, False


def _set_password(user: User, values: Mapping[str, Any]) -> None:
    """Access tokens, which last minutes, stay good; nothing gets a new one without the new password."""
    if "password" in values:
        user.password = hash_password(values["password"])
        user.refresh_version += 1
        sessions_ended(user.id)


def _set_active(user: User, active: bool) -> None:
    if user.is_active and not active:
        user.refresh_version += 1
    user.is_active = active


def _taken() -> ApiError:
    return ApiError("USER_ADMIN_ALREADY_EXISTS", 400, "Another user has this e-mail address.")


def _record(type_name: str, user: User) -> None:
    actions.record(type_name, scope="root", workspace_id=None, params={"email": user.email, "user_id": user.id})
