"""Licensed features: the one place where it is asked whether somebody may use what a plugin brings.

A plugin that is sold says in its manifest to which feature it belongs; that is all it does. The platform asks here
before each operation of such a plugin, and before anything new is made of a type it brings. What is there already
stays as it is and can be read, and its rules hold, whether there is a licence or not.
"""

from __future__ import annotations

from typing import Protocol

from flask import request

from plugin_api import context
from plugin_api.errors import ApiError
from plugin_api.platform import registry, service

UNAVAILABLE = "ERROR_FEATURE_NOT_AVAILABLE"


class Features(Protocol):
    """The service that knows which features may be used."""

    def missing(self, plugin: str, user_id: int | None) -> str | None:
        """The feature of a plugin which the user may not use for want of a licence; None when nothing is in the way.

        Without a user, as for visitors and the platform's own work: whether anybody may.
        """


class Licences(Protocol):
    """The service behind it in the mode `enforced`, provided by the plugin that keeps licences."""

    def cover(self, feature: str, user_id: int | None) -> bool:
        """Whether a licence that is valid now lets the user have the feature; without a user, whether any does."""


def available(registry_name: str, key: str) -> bool:
    """Whether the acting user may make something of an entry of a registry, as far as licences are concerned."""
    return _missing(registry_name, key) is None


def require(registry_name: str, key: str, status: int = 402) -> None:
    """402 ERROR_FEATURE_NOT_AVAILABLE unless the acting user may make something of an entry of a registry."""
    feature = _missing(registry_name, key)
    if feature is not None:
        raise ApiError(UNAVAILABLE, status, f"You have no licence for the feature {feature}.")


def require_here(status: int = 402) -> None:
    """The same for the operation of this request, which may be one of the platform's own, and have its own status."""
    name = request.blueprint
    if name and name in registry("blueprints"):
        require("blueprints", name, status)


def _missing(registry_name: str, key: str) -> str | None:
    plugin = registry(registry_name).provider(key)
    return service(Features).missing(plugin, context.actor().user_id)
