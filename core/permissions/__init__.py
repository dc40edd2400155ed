"""Permissions: the one place where operations are allowed or denied, by a chain of managers."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import sqlalchemy as sa

from core.db.models import Membership, Workspace
from plugin_api import context
from plugin_api.context import Actor
from plugin_api.db import session
from plugin_api.errors import ApiError, does_not_exist
from plugin_api.permissions import Access, PermissionManager
from plugin_api.platform import registry


class PermissionChain:
    """Asks the managers by their order; deny is the default."""

    @cached_property
    def _managers(self) -> list[PermissionManager]:
        return sorted(registry("permission_managers").values(), key=lambda manager: manager.order)

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
        if operation not in registry("operations"):
            raise LookupError(f"the operation {operation!r} is not registered")
        for manager in self._managers:
            decision = manager.check(actor, operation, access)
            if decision is not None:
                return decision
        return False

    def workspace_access(self, workspace_id: int) -> Access:
        """The acting user's access to a workspace that exists."""
        membership = sa.and_(Membership.workspace_id == Workspace.id, Membership.user_id == context.actor().user_id)
        query = (
            sa.select(Membership.permissions)
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
        found = [(manager.type, manager.permissions_object(actor, access)) for manager in self._managers]
        return [{"name": name, "permissions": value} for name, value in found if value is not None]
