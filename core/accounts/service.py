"""Accounts: signing up, signing in, changing the account and its password."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from core.accounts import invitations, limits, starting
from core.accounts.events import sessions_ended, tell_workspaces
from core.accounts.passwords import hash_password, needs_rehash, verify_password
from core.accounts.providers import require_password
from core.accounts.sessions import actor_of
from core.accounts.state import UserStates
from core.db import locks
from core.db.models import User
from core.instance import values as instance
from plugin_api import actions, context
from plugin_api.db import session
from plugin_api.errors import ApiError
from plugin_api.platform import service


def by_email(email: str) -> User | None:
    """The user of an address."""
    return session().scalar(sa.select(User).where(User.email == email.lower()))


def by_id(user_id: int) -> User | None:
    """A user."""
    return session().get(User, user_id)


def acting_user() -> User:
    """The account of the acting user, locked for a change."""
    user = session().get(User, context.user_id(), with_for_update=True)
    if user is None:
        raise ApiError("ERROR_INVALID_ACCESS_TOKEN", 401, "The account of this token is gone.")
    return user


def create_user(name: str, email: str, password: str, **columns: Any) -> User:
    """Insert an account; 400 when the address is taken, 401 when its account was deactivated.

    Nobody can sign in to an account without a password by one.
    """
    row = {"name": name, "email": email.lower(), "password": hash_password(password) if password else "", **columns}
    statement = insert(User).values(**row).on_conflict_do_nothing().returning(User.id)
    user_id = session().scalar(statement)
    if user_id is None:
        raise _taken(email)
    user = session().get_one(User, user_id)
    service(UserStates).changed(user.id)
    return user


def _taken(email: str) -> ApiError:
    known = by_email(email)
    if known is not None and not known.is_active:
        return deactivated()
    return ApiError("ERROR_EMAIL_ALREADY_EXISTS", 400, "A user with this e-mail address exists already.")


def sign_up(body: Mapping[str, Any]) -> User:
    """A new account of a person's own making. The first one on an instance is staff."""
    first = _is_first()
    token = body["workspace_invitation_token"]
    _refuse_closed_sign_up(bool(token))
    require_password(is_staff=first)
    user = create_user(body["name"], body["email"], body["password"], language=body["language"], is_staff=first)
    if token:
        invitations.accept(user, token)
    if first:
        instance.change({"show_admin_signup_page": False})
    with context.acting_as(actor_of(user)):
        actions.record("create_user", scope="root", workspace_id=None, params={"email": user.email})
        if body["template_id"] is not None and not token:
            starting.with_template(body["template_id"])
    return user


def _is_first() -> bool:
    """Whether there is no user yet; of several first sign-ups at a time only one is the first."""
    anybody = sa.select(sa.exists().select_from(User))
    if session().scalar(anybody):
        return False
    session().execute(sa.select(sa.func.pg_advisory_xact_lock(locks.FIRST_SIGN_UP)))
    return not session().scalar(anybody)


def sign_ups_are_open(invited: bool) -> bool:
    """Whether people may make accounts themselves, with an invitation or without."""
    values = instance.values()
    by_invitation = invited and values["allow_signups_via_workspace_invitations"]
    return bool(values["allow_new_signups"] or by_invitation)


def _refuse_closed_sign_up(invited: bool) -> None:
    if not sign_ups_are_open(invited):
        raise ApiError("ERROR_DISABLED_SIGNUP", 400, "Signing up is switched off on this instance.")


def sign_in(email: str, password: str) -> User:
    """The user of good credentials; 401 otherwise, 429 after too many failures."""
    limits.refuse_guessing(email)
    user = by_email(email)
    if not verify_password(user.password if user else "", password) or user is None:
        limits.count_failure(email)
        raise ApiError("ERROR_INVALID_CREDENTIALS", 401, "The e-mail address or the password is not right.")
    if not user.is_active:
        raise deactivated()
    require_password(user.is_staff)
    require_verified(user)
    if needs_rehash(user.password):
        user.password = hash_password(password)
    user.last_login = datetime.now(UTC)
    return user


def deactivated() -> ApiError:
    """401 for an account an administrator switched off."""
    return ApiError("ERROR_DEACTIVATED_USER", 401, "This account was deactivated.")


def require_verified(user: User) -> None:
    """401 when the instance wants verified addresses and the user's is not."""
    if must_verify(user):
        raise ApiError("ERROR_EMAIL_VERIFICATION_REQUIRED", 401, "Verify your e-mail address first.")


def must_verify(user: User) -> bool:
    """Whether the user must verify their address before they can sign in."""
    return not user.email_verified and instance.values()["email_verification"] == instance.ENFORCED


def change_account(changes: Mapping[str, Any]) -> User:
    """Change the acting user's account. Finished tours only ever grow."""
    user = acting_user()
    if "first_name" in changes:
        user.name = changes["first_name"]
    for key in ("language", "email_notification_frequency", "completed_onboarding"):
        setattr(user, key, changes.get(key, getattr(user, key)))
    finished = {*user.completed_guided_tours, *changes.get("completed_guided_tours", ())}
    user.completed_guided_tours = sorted(finished)
    service(UserStates).changed(user.id)
    if "first_name" in changes:
        tell_workspaces("user_updated", user)
    actions.record("update_user", scope="root", workspace_id=None, params={"email": user.email})
    return user


def set_password(user: User, password: str) -> None:
    """Give a user a new password; all tokens from before end."""
    user.password = hash_password(password)
    user.auth_version += 1
    service(UserStates).changed(user.id)
    sessions_ended(user.id)


def change_password(old: str, new: str) -> None:
    """Change the acting user's password; 400 when the old one is wrong."""
    user = acting_user()
    limits.refuse_guessing(user.email)
    if not verify_password(user.password, old):
        limits.count_failure(user.email)
        raise ApiError("ERROR_INVALID_OLD_PASSWORD", 400, "The old password is not right.")
    set_password(user, new)
    actions.record("change_user_password", scope="root", workspace_id=None, params={"email": user.email})
