"""Permissions: operations, the chain of permission managers, and the one check every change goes through."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

import sqlalchemy as sa

from plugin_api import context
from plugin_api.context import Actor
from plugin_api.errors import ApiError
from plugin_api.platform import service

ROLES = ("NO_ACCESS", "VIEWER", "COMMENTER", "EDITOR", "BUILDER", "ADMIN")
"""The built-in roles, from the lowest to the highest: each may do all that those before it may."""
NO_ROLE = "NO_ROLE_LOW_PRIORITY"
"""The role of a member who has none of their own here; it allows nothing."""
NOBODY = "NOBODY"
"""The `role` of operations that no role allows by itself: another manager of the chain decides about them."""


def role_uid(membership: str) -> str:
    """The role a membership stands for: MEMBER is BUILDER's older name, a name nobody knows gives no access."""
    if membership == "MEMBER":
        return "BUILDER"
    return membership if membership in ROLES or membership == NO_ROLE else "NO_ACCESS"


@dataclass(frozen=True)
class Operation:
    """Something that may be allowed or denied, such as `database.table.create_row`.

    role: the lowest built-in role that may do it: VIEWER, COMMENTER, EDITOR, BUILDER or ADMIN; or NOBODY.
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


class RoleSource(ABC):
    """Where members have roles from beside their membership, such as from a team. It must be there as long as it runs.

    Whoever has a role of their own has that one; for those with NO_ROLE the first source that has one decides.
    """

    type: ClassVar[str]

    @abstractmethod
    def role(self, workspace_id: sa.ColumnElement[Any], user_id: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
        """The role of a user in a workspace as SQL on these columns, NULL for none.

        It is part of the statement every request begins with: it has no parameters, and must be quick.
        """


class PermissionManager(Protocol):
    """One link of the chain. Managers are asked by `order`; the first that decides, decides.

    The platform's own: core 20, setting_operation 30, staff 40, member 60, basic 90. Outsiders get no further
    than `member`, so a manager with a higher order is asked about members only. Checks run for every request,
    for lists many times: they must not query for what `access` and `actor` can tell.
    """

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

    def operations(self) -> Mapping[str, Operation]:
        """Every registered operation by name, the platform's own and those of plugins."""

    def objects(self, actor: Actor, access: Access) -> list[dict[str, Any]]:
        """What all managers tell clients, in order."""


def require(operation: str, access: Access) -> None:
    """Raise ApiError unless the acting user may do `operation`: 400 for outsiders, 401 for members.

    An operation nobody registered is a LookupError: deny by default, and a mistake in the program.
    """
    service(Permissions).require(context.actor(), operation, access)


def require_denied(operation: str, access: Access) -> None:
    """Like `require`, with 401 PERMISSION_DENIED for outsiders too, as operations in builders and dashboards answer."""
    try:
        require(operation, access)
    except ApiError as error:
        if error.code != "ERROR_USER_NOT_IN_GROUP":
            raise
        raise ApiError("PERMISSION_DENIED", 401, error.detail) from None


def allows(operation: str, access: Access) -> bool:
    """Whether the acting user may do `operation`."""
    return service(Permissions).allows(context.actor(), operation, access)


def only_allowed(operation: str, things: Sequence[tuple[Access, Any]]) -> list[Any]:
    """The things (paired with their access) the acting user may do `operation` on, in their order."""
    return [thing for access, thing in things if allows(operation, access)]
