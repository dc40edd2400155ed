"""The core's own way to sign in: a password."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from plugin_api.sign_in import AuthProviderType, Provider, ProviderSettings


class PasswordProvider(AuthProviderType):
    """Passwords. There is one such provider for good, which can be switched off while another one is on."""

    type = "password"
    order = 0
    settings_schema = ProviderSettings
    can_create = False
    can_delete = False

    def login_option(self, enabled: Sequence[Provider]) -> Any:
        """There is nothing to know about it."""
        return {"type": self.type}
