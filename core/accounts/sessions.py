"""Sessions: what signing in, refreshing and verifying a token answer."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from functools import partial
from typing import Any

from core.accounts import tokens
from core.db.models import User
from core.instance.licenses import unlocked
from plugin_api.accounts import UserData
from plugin_api.calls import attempt
from plugin_api.context import Actor
from plugin_api.permissions import Access, Permissions
from plugin_api.platform import service
from plugin_api.states import active


def actor_of(user: User) -> Actor:
    """The user as who acts."""
    return Actor("user", user.id, user.email, user.name, user.is_staff, user.language)


def user_json(user: User) -> dict[str, Any]:
    """The user as the API shows it to themselves."""
    return {
        "first_name": user.name,
        "username": user.email,
        "is_staff": user.is_staff,
        "id": user.id,
        "language": user.language,
        "email_notification_frequency": user.email_notification_frequency,
        "email_verified": user.email_verified,
        "completed_onboarding": user.completed_onboarding,
        "completed_guided_tours": sorted(user.completed_guided_tours),
    }


def user_answer(user: User) -> dict[str, Any]:
    """The user with all a client wants to know at once: permissions and what plugins add."""
    who = actor_of(user)
    entries: Sequence[UserData] = active("user_data")
    added = {entry.type: attempt("user_data", entry.type, partial(entry.of, who), _NONE) for entry in entries}
    own = {entry.type: entry.of(who) for entry in _OWN}
    return {"user": user_json(user), **own, **{key: value for key, value in added.items() if value is not _NONE}}


_NONE: Any = object()


def refreshed(user: User, user_session: str) -> dict[str, Any]:
    """A new access token in the same session."""
    access = tokens.issue(tokens.ACCESS, user, user_session)
    return {"token": access, "access_token": access, **user_answer(user)}


def begin_session(user: User) -> dict[str, Any]:
    """Both tokens of a new session."""
    user_session = str(uuid.uuid4())
    answer = refreshed(user, user_session)
    refresh = tokens.issue(tokens.REFRESH, user, user_session)
    return {**answer, "refresh_token": refresh, "user_session": user_session}


_OWN = (
    UserData("permissions", lambda who: service(Permissions).objects(who, Access())),
    UserData("user_notifications", lambda who: {"unread_count": 0}),
    UserData("active_licenses", lambda who: {"instance_wide": unlocked(), "per_workspace": {}}),
)
"""The core's own keys; a plugin's entry of the same key replaces one."""
