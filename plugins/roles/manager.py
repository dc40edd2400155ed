"""The permission manager `role`: the role of the membership decides."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from plugin_api.context import Actor
from plugin_api.permissions import Access, Permissions, role_uid
from plugin_api.platform import service
from plugins.roles.defaults import allowed, lowest_roles


class RolePermissions:
    """Decides about members by sets made once; whatever a role is not allowed is denied."""

    type = "role"
    order = 80

    @cached_property
    def _lowest(self) -> dict[str, str]:
        return lowest_roles(service(Permissions).operations())

    @cached_property
    def _allowed(self) -> dict[str, frozenset[str]]:
        return allowed(self._lowest)

    @cached_property
    def _objects(self) -> dict[str, dict[str, Any]]:
        """What clients are told, by role."""
        return {
            role: {name: {"default": name in may, "exceptions": []} for name in self._lowest}
            for role, may in self._allowed.items()
        }

    def check(self, actor: Actor, operation: str, access: Access) -> bool | None:
        """Whether the member's role may do it."""
        return operation in self._allowed[role_uid(access.role)] if access.role is not None else None

    def permissions_object(self, actor: Actor, access: Access) -> dict[str, Any] | None:
        """Each operation with what the role may; outsiders may nothing."""
        if access.workspace_id is None:
            return None
        return self._objects[role_uid(access.role or "NO_ACCESS")]
