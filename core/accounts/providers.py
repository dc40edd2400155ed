"""The ways to sign in that are switched on: those administrators set up, and what else plugins add."""

from __future__ import annotations

from typing import Any

from core.sign_in import store
from plugin_api import features
from plugin_api.accounts import LoginOption
from plugin_api.calls import attempt
from plugin_api.errors import ApiError
from plugin_api.platform import registry
from plugin_api.states import active


def login_options() -> dict[str, Any]:
    """The ways that are switched on, by type: one query, beside those of plugins. A plugin's entry comes first."""
    kinds, enabled = store.types(), store.every(only_enabled=True)
    used = {name: providers for name, providers in enabled.items() if providers and _licensed(name)}
    offered = {name: kinds[name].login_option(providers) for name, providers in used.items()}
    added: list[LoginOption] = active("login_options")
    offered.update({option.type: attempt("login_options", option.type, option.value, None) for option in added})
    return {name: value for name, value in offered.items() if value is not None}


def _licensed(name: str) -> bool:
    """Nobody is offered a way in that would then be refused for want of a licence."""
    return name not in registry("auth_provider_types") or features.available("auth_provider_types", name)


def require_password(is_staff: bool = False) -> None:
    """401 when passwords are switched off. Staff always get in with one, so that nobody is locked out for good."""
    if not is_staff and "password" not in login_options():
        raise ApiError("ERROR_AUTH_PROVIDER_DISABLED", 401, "Signing in with a password is switched off here.")
