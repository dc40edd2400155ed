"""Whose a view is: a personal view is its owner's alone, who may do with it what they like."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from plugin_api.context import Actor
from plugin_api.permissions import Access, Permissions
from plugin_api.platform import service
from plugins.views.operations import CREATE_PUBLIC, PERSONAL, PUBLISH, ROTATE

COLLABORATIVE, PERSONAL_VIEW = "collaborative", "personal"
_OF_THE_TABLE = (CREATE_PUBLIC, PUBLISH, ROTATE, PERSONAL)


@dataclass(frozen=True)
class ViewAccess(Access):
    """Access to a view: besides where it is, whose it is."""

    ownership_type: str = COLLABORATIVE
    owned_by_id: int | None = None


class ViewOwnership:
    """Denies personal views to everybody but their owners."""

    type = "view_ownership"
    order = 10

    def check(self, actor: Actor, operation: str, access: Access) -> bool | None:
        """About personal views and members only; sharing one needs the same right as sharing any view."""
        if not isinstance(access, ViewAccess) or access.ownership_type != PERSONAL_VIEW or access.role is None:
            return None
        if actor.user_id is None or actor.user_id != access.owned_by_id:
            return False
        if operation in _OF_THE_TABLE or actor.kind != "user":
            return None
        table = Access(access.workspace_id, access.role, access.scopes)
        return service(Permissions).allows(actor, PERSONAL, table)

    def permissions_object(self, actor: Actor, access: Access) -> Any:
        """Clients know the rule."""
        return {}
