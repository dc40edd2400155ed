"""Permissions: the one place where operations are allowed or denied, by a chain of managers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import sqlalchemy as sa
import structlog

from core.db.models import Membership, Workspace
from core.workspaces.roles import role_of
from plugin_api import context
from plugin_api.context import Actor
from plugin_api.db import session
from plugin_api.errors import ApiError, does_not_exist
from plugin_api.permissions import Access, Operation, PermissionManager
from plugin_api.platform import registry
from plugin_api.states import is_enabled

log = structlog.get_logger(__name__)


class PermissionChain:
    """Asks the managers by their order; deny is the default. `own` are the platform's, beside those of plugins."""

    def __init__(self, own: Sequence[PermissionManager], operations: Sequence[Operation]) -> None:
        self._own = own
        self._own_operations = {operation.name: operation for operation in operations}

    @cached_property
    def _links(self) -> list[tuple[PermissionManager, str | None]]:
        """The managers by their order, each with the plugin that provides it."""
        plugged = registry("permission_managers")
        links: list[tuple[PermissionManager, str | None]] = [(manager, None) for manager in self._own]
        links += [(plugged[name], plugged.provider(name)) for name in plugged]
        return sorted(links, key=lambda link: link[0].order)

    @cached_property
    def _operations(self) -> dict[str, Operation]:
        plugged = registry("operations")
        for name in self._own_operations.keys() & set(plugged):
            log.error("an operation of a plugin has the name of one of the platform's, which counts", operation=name)
        return {**{name: plugged[name] for name in plugged}, **self._own_operations}

    def operations(self) -> Mapping[str, Operation]:
        """All registered operations."""
        return self._operations

    def require(self, actor: Actor, operation: str, access: Access) -> None:
        """Raise ApiError unless allowed: 400 for outsiders, 401 PERMISSION_DENIED for members."""
        if not self._decide(actor, operation, access):
            raise ApiError("PERMISSION_DENIED", 401, "You don't have the required permission to do this.")

    def allows(self, actor: Actor, operation: str, access: Access) -> bool:
        """Whether the operation is allowed."""
        try:
            return self._decide(actor, operation, access)
        except ApiError:
            return False

    def _decide(self, actor: Actor, operation: str, access: Access) -> bool:
        if operation not in self._operations:
            raise LookupError(f"the operation {operation!r} is not registered")
        for manager in self._managers():
            decision = manager.check(actor, operation, access)
            if decision is not None:
                return decision
        return False

    def _managers(self) -> Iterator[PermissionManager]:
        return (manager for manager, plugin in self._links if plugin is None or is_enabled(plugin))

    def workspace_access(self, workspace_id: int) -> Access:
        """The acting user's access to a workspace that exists."""
        membership = sa.and_(Membership.workspace_id == Workspace.id, Membership.user_id == context.actor().user_id)
        query = (
            sa.select(role_of())
            .select_from(Workspace)
            .outerjoin(Membership, membership)
            .where(Workspace.id == workspace_id, Workspace.trashed_on.is_(None))
        )
        row = session().execute(query).first()
        if row is None:
            raise does_not_exist("group")
        return Access(workspace_id, row[0])

    def objects(self, actor: Actor, access: Access) -> list[dict[str, Any]]:
        """What every manager tells clients, by order."""
        found = [(manager.type, manager.permissions_object(actor, access)) for manager in self._managers()]
        return [{"name": name, "permissions": value} for name, value in found if value is not None]
