"""Accounts for plugins: what a plugin adds to the sign-in answer, the sign-in page and the public settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from plugin_api.context import Actor
from plugin_api.platform import service


@dataclass(frozen=True)
class UserData:
    """A key of the answers to sign-in, token refresh and token verification.

    type: the key. A plugin's entry replaces the core's value of the same key.
    of: its JSON value for a user, asked inside a unit of work. A small, constant number of queries.
    """

    type: str
    of: Callable[[Actor], Any]


@dataclass(frozen=True)
class LoginOption:
    """A way to sign in, for the sign-in page; `value` answers its JSON, None when it is switched off.

    An entry of the type "password" replaces the core's own, so that it can be switched off.
    """

    type: str
    value: Callable[[], Any]


@dataclass(frozen=True)
class SettingsData:
    """A key of the public instance settings; `value` answers its JSON value inside a unit of work."""

    type: str
    value: Callable[[], Any]


class Accounts(Protocol):
    """The service plugins use to reach accounts."""

    def actor(self, user_id: int) -> Actor | None:
        """A user as who acts; None when the account is gone or switched off. Usually costs no SQL."""


def actor(user_id: int) -> Actor | None:
    """A user as who acts; None when the account is gone or switched off."""
    return service(Accounts).actor(user_id)
