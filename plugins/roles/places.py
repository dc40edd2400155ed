"""The places of a workspace where roles are given, found and checked together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from plugin_api.errors import ApiError, does_not_exist
from plugin_api.permissions import Access, Scope
from plugin_api.platform import service
from plugin_api.roles import WORKSPACE, RoleKinds, RoleScope


@dataclass(frozen=True)
class Place:
    """A place that is there, with the acting user's access to it."""

    kind: RoleScope
    id: int
    access: Access

    @property
    def application_id(self) -> int | None:
        """The application it is in, or is; None for the workspace."""
        return self.access.scopes[-1][1] if self.access.scopes else None

    @property
    def is_workspace(self) -> bool:
        """Whether it is the workspace itself, where memberships and teams keep the roles."""
        return self.kind.type == WORKSPACE


def kind_of(name: str) -> RoleScope:
    """A kind of places where roles can be given; 404 when there is none."""
    found = service(RoleKinds).scopes().get(name)
    if found is None or found.update_operation is None:
        raise does_not_exist("object_scope_type")
    return found


def find(access: Access, scopes: Iterable[Scope]) -> Mapping[Scope, Place]:
    """Places of a workspace by kind and id: a query for each kind. 404 when one is not there."""
    wanted: dict[str, list[int]] = {}
    for name, number in dict.fromkeys(scopes):
        wanted.setdefault(name, []).append(number)
    found: dict[Scope, Place] = {}
    for name, ids in wanted.items():
        kind, workspace_id = kind_of(name), access.workspace_id or 0
        there = kind.find(workspace_id, ids)
        for number in ids:
            if number not in there:
                raise does_not_exist("scope")
            found[(name, number)] = Place(kind, number, Access(workspace_id, access.role, there[number]))
    return found


def member_access(access: Access, code: str, status: int) -> Access:
    """The same access; refused with this code for outsiders, before they learn what is there."""
    if access.role is None:
        raise ApiError(code, status, "You are not a member of this workspace.")
    return access
