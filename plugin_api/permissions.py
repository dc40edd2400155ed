"""Permissions: operations, the chain of permission managers, and the one check every change goes through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from plugin_api import context
from plugin_api.context import Actor
from plugin_api.platform import service


@dataclass(frozen=True)
class Operation:
    """Something that may be allowed or denied, such as `database.table.create_row`.

    role: the lowest built-in role that may do it: VIEWER, COMMENTER, EDITOR, BUILDER or ADMIN.
    """

    name: str
    role: str = "ADMIN"


@dataclass(frozen=True)
class Access:
    """Where an operation happens, and the actor's membership there.

    workspace_id: None for operations on the instance itself.
    role: the actor's role in the workspace ("ADMIN", "MEMBER", ...), None for outsiders.
    scopes: (kind, id) from the closest to the workspace, such as (("database_table", 5), ("application", 2)).
    """

    workspace_id: int | None = None
    role: str | None = None
    scopes: tuple[tuple[str, int], ...] = field(default=())


class PermissionManager(Protocol):
    """One link of the chain. Managers are asked by `order`; the first that decides, decides."""

    type: str
    order: int

    def check(self, actor: Actor, operation: str, access: Access) -> bool | None:
        """True allows, False denies, None leaves it to the next; may raise ApiError to deny with its own code."""

    def permissions_object(self, actor: Actor, access: Access) -> Any:
        """What clients are told of this manager's decisions in a workspace; None leaves the manager out."""


class Permissions(Protocol):
    """The service behind `require` and `allows`."""

    def require(self, actor: Actor, operation: str, access: Access) -> None:
        """Raise ApiError unless the operation is allowed."""

    def allows(self, actor: Actor, operation: str, access: Access) -> bool:
        """Whether the operation is allowed."""

    def workspace_access(self, workspace_id: int) -> Access:
        """The acting user's access to a workspace: one query. 404 ERROR_GROUP_DOES_NOT_EXIST when it is not there."""

    def objects(self, actor: Actor, access: Access) -> list[dict[str, Any]]:
        """What all managers tell clients, in order."""


def require(operation: str, access: Access) -> None:
    """Raise ApiError unless the acting user may do `operation`. An unregistered operation is denied."""
    service(Permissions).require(context.actor(), operation, access)


def allows(operation: str, access: Access) -> bool:
    """Whether the acting user may do `operation`."""
    return service(Permissions).allows(context.actor(), operation, access)


def only_allowed(operation: str, things: Sequence[tuple[Access, Any]]) -> list[Any]:
    """The things (paired with their access) the acting user may do `operation` on, in their order."""
    return [thing for access, thing in things if allows(operation, access)]
