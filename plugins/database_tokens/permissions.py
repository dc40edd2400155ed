"""The permission manager of tokens: within the token's rights its owner decides, beyond them nothing is allowed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from plugin_api.context import Actor
from plugin_api.errors import ApiError
from plugin_api.permissions import Access, Permissions
from plugin_api.platform import service
from plugins.database_tokens import operations
from plugins.database_tokens.grant import KIND, Grant
from plugins.database_tokens.rights import allow

NEEDED: dict[str, tuple[str, ...]] = {
    "database.table.list_rows": ("read",),
    "database.table.list_row_names": ("read",),
    "database.table.read_row": ("read",),
    "database.table.create_row": ("create",),
    "database.table.update_row": ("update",),
    "database.table.move_row": ("update",),
    "database.table.delete_row": ("delete",),
    # Whoever reads or writes rows needs to know the fields.
    "database.table.list_fields": ("read", "create", "update"),
}
"""The operations open to tokens: one of these rights suffices."""


class TokenPermissions:
    """Asked before the managers that know roles, so that a token never gets what only its owner may do."""

    type = "token"
    order = 10

    def check(self, actor: Actor, operation: str, access: Access) -> bool | None:
        """False or ERROR_NO_PERMISSION_TO_TABLE beyond the token's rights; within them the owner's role decides."""
        if actor.kind != KIND:
            return None
        grant = actor.extra
        assert isinstance(grant, Grant)
        if operation not in NEEDED:
            return False
        if access.role is None:
            return None  # not a member (any more): refused as any outsider is
        if not self._may(actor, grant, NEEDED[operation], access):
            raise ApiError("ERROR_NO_PERMISSION_TO_TABLE", 401, "The token has no permission to do this in the table.")
        return None

    def _may(self, actor: Actor, grant: Grant, needed: tuple[str, ...], access: Access) -> bool:
        if access.workspace_id != grant.workspace_id or not allow(grant.rights, needed, access):
            return False
        owner, workspace = replace(actor, kind="user"), Access(access.workspace_id, access.role)
        return service(Permissions).allows(owner, operations.USE, workspace)

    def permissions_object(self, actor: Actor, access: Access) -> Any:
        """Nothing: users learn of tokens elsewhere."""
        return None
