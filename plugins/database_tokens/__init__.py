"""Database tokens: keys for programs that read and write rows, limited to operations, databases and tables."""

from __future__ import annotations

from plugin_api import Plugin, hookimpl
from plugin_api.actions import ActionType
from plugin_api.administration import UsageCount, counted
from plugin_api.authenticators import Authenticator
from plugin_api.http import Blueprint
from plugin_api.permissions import Operation, PermissionManager

plugin = Plugin(
    name="database_tokens",
    version="1.0",
    title="Database tokens",
    description="Keys for programs that read and write rows.",
    api=(1, 0),
    requires=("database",),
    migrations="plugins.database_tokens.migrations",
)


@hookimpl
def register_blueprints() -> list[Blueprint]:
    """The operations on tokens."""
    from plugins.database_tokens.routes import blueprints

    return blueprints


@hookimpl
def register_authenticators() -> list[Authenticator]:
    """The scheme `Token`."""
    from plugins.database_tokens.authentication import TokenAuthenticator

    return [TokenAuthenticator()]


@hookimpl
def register_permission_managers() -> list[PermissionManager]:
    """What tokens may do."""
    from plugins.database_tokens.permissions import TokenPermissions

    return [TokenPermissions()]


@hookimpl
def register_operations() -> list[Operation]:
    """What needs permission."""
    from plugins.database_tokens.operations import OPERATIONS

    return OPERATIONS


@hookimpl
def register_action_types() -> list[ActionType]:
    """Every change of a token."""
    from plugins.database_tokens.operations import ACTION_TYPES

    return ACTION_TYPES


@hookimpl
def register_usage_counts() -> list[UsageCount]:
    """How much of it is in use."""
    from plugins.database_tokens.models import Token

    return [UsageCount("database_tokens", counted("tokens", Token))]
