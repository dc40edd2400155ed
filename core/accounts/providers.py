"""The ways to sign in: the password of the core's own, and what plugins add."""

from __future__ import annotations

from typing import Any

from plugin_api.accounts import LoginOption
from plugin_api.errors import ApiError
from plugin_api.platform import registry


def login_options() -> dict[str, Any]:
    """The ways that are switched on, by type. A plugin's entry "password" decides about the core's own."""
    added: list[LoginOption] = registry("login_options").values()
    offered = {"password": {"type": "password"}, **{option.type: option.value() for option in added}}
    return {name: value for name, value in offered.items() if value is not None}


def require_password(is_staff: bool = False) -> None:
    """401 when passwords are switched off. Staff always get in with one, so that nobody is locked out for good."""
    if not is_staff and "password" not in login_options():
        raise ApiError("ERROR_AUTH_PROVIDER_DISABLED", 401, "Signing in with a password is switched off here.")
