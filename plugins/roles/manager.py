"""The permission manager `role`: the role at the place of the operation decides."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from plugin_api.context import Actor
from plugin_api.permissions import ROLES, Access, Permissions, Role, Standing, role_uid
from plugin_api.platform import service
from plugins.roles.defaults import allowed, lowest_roles
from plugins.roles.exceptions import Places, places_of

NO_ACCESS = ROLES[0]


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
        """What clients are told of members with the same role everywhere, by role."""
        return {
            role: {name: {"default": name in may, "exceptions": []} for name in self._lowest}
            for role, may in self._allowed.items()
        }

    def check(self, actor: Actor, operation: str, access: Access) -> bool | None:
        """Whether the member's role at the place may do it."""
        return operation in self._allowed[role_uid(access.role)] if access.role is not None else None

    def permissions_object(self, actor: Actor, access: Access) -> dict[str, Any] | None:
        """Each operation with what the role may, and where that is otherwise; outsiders may nothing.

        Members who have roles at places within the workspace cost a query for each kind of place.
        """
        if access.workspace_id is None:
            return None
        if isinstance(access.role, Role) and access.role.standing.at:
            return self._with_exceptions(access.role, access.role.standing)
        return self._objects[role_uid(access.role or NO_ACCESS)]

    def _with_exceptions(self, here: str, standing: Standing) -> dict[str, Any]:
        """In the workspace itself what one is there counts, elsewhere the role there, or the one of the workspace."""
        in_workspace, elsewhere = self._allowed[role_uid(here)], self._allowed[role_uid(standing.base)]
        places = places_of(standing)
        within = {prefix.partition(".")[0] for prefix in places}
        told: dict[str, Any] = {}
        for name in self._lowest:
            default = name in (elsewhere if name.partition(".")[0] in within else in_workspace)
            of_kind = places.get(name.rpartition(".")[0], {})
            told[name] = {"default": default, "exceptions": self._exceptions(name, default, of_kind)}
        return told

    def _exceptions(self, name: str, default: bool, of_kind: Places) -> list[int]:
        """The ids of the places where the operation is allowed, or is not, against the default."""
        other = [ids for role, ids in of_kind.items() if (name in self._allowed[role]) != default]
        return sorted(number for ids in other for number in ids)
