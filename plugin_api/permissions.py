"""Permissions: operations, the chain of permission managers, and the one check every change goes through."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, ClassVar, Protocol, Self

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


Scope = tuple[str, int]
"""A place by its kind and id, such as ("database_table", 5)."""
_GRANTS = "|"


@dataclass(frozen=True)
class Standing:
    """What somebody is in a workspace, and at places within it that give them another role.

    base: the role in the workspace.
    at: the roles at places, by place.
    inside: the applications these places are in, or are.
    """

    base: str
    at: Mapping[Scope, str] = field(default_factory=dict)
    inside: Mapping[Scope, int] = field(default_factory=dict)

    @staticmethod
    @lru_cache(maxsize=4096)
    def parse(text: str) -> Standing:
        """What the column `role` of the statements that find out who asks says: a role, and grants after it."""
        base, *grants = text.split(_GRANTS)
        own: dict[Scope, str] = {}
        others: dict[Scope, str] = {}
        inside: dict[Scope, int] = {}
        for kind, number, application, role, is_own in (grant.split(":") for grant in grants):
            scope = (kind, int(number))
            inside[scope] = int(application)
            if role != NO_ROLE:
                into = own if is_own == "1" else others
                into[scope] = highest_of([role, into[scope]] if scope in into else [role])
        return Standing(base, {**others, **own}, inside)

    def role(self, scopes: Sequence[Scope]) -> str:
        """The role at a place: the one of the closest scope that gives one.

        The admins of a workspace are that everywhere in it. Without access to a place, but to something inside it,
        one sees the place.
        """
        if self.base == ROLES[-1]:
            return self.base
        found = next((self.at[scope] for scope in scopes if scope in self.at), self.base)
        return ROLES[1] if not gives_access(found) and self._sees(scopes) else found

    def _sees(self, scopes: Sequence[Scope]) -> bool:
        if not scopes:
            return any(gives_access(role) for role in self.at.values())
        here = scopes[0]
        within = (scope for scope in self.at if scope != here and here == ("application", self.inside[scope]))
        return any(gives_access(self.at[scope]) for scope in within)

    def scopes(self, place: Scope) -> tuple[Scope, ...]:
        """The scopes of a place that gives a role."""
        application = ("application", self.inside[place])
        return (place,) if place == application else (place, application)

    def applications(self) -> list[int]:
        """The applications with places that give another role."""
        return sorted({self.inside[scope] for scope in self.at})

    def highest(self) -> str:
        """The highest role anywhere in the workspace, by its name now."""
        return highest_of([self.base] if self.base == ROLES[-1] else [self.base, *self.at.values()])


def gives_access(role: str) -> bool:
    """Whether a role allows anything."""
    return role_uid(role) not in (ROLES[0], NO_ROLE)


def highest_of(roles: Sequence[str]) -> str:
    """The highest of some roles, NO_ROLE being lower than all."""
    ranks = {role: rank for rank, role in enumerate((NO_ROLE, *ROLES))}
    return max((role_uid(role) for role in roles), key=lambda role: ranks[role])


class Role(str):
    """The role at a place, which knows what its owner is elsewhere in the workspace: what `Access.role` may be.

    It is the text of the role. `Access` made with it has the role of its own place.
    """

    standing: Standing

    @classmethod
    def at(cls, standing: Standing, scopes: Sequence[Scope]) -> Self:
        """The role somebody has at a place."""
        made = cls(standing.role(scopes))
        made.standing = standing
        return made


def standing_of(role: str) -> Standing:
    """What somebody with this role, of an `Access` or as statements answer it, is in the workspace."""
    if isinstance(role, Role):
        return role.standing
    return Standing.parse(role) if _GRANTS in role else Standing(role)


@dataclass(frozen=True)
class Access:
    """Where an operation happens, and what the actor is there.

    workspace_id: None for operations on the instance itself.
    role: the actor's role at the closest of the scopes ("ADMIN", "MEMBER", ...), None for outsiders. It may be given
        as statements answer it, or as another Access of the same workspace has it: it becomes the one of this place.
    scopes: (kind, id) from the closest to the workspace, such as (("database_table", 5), ("application", 2)).
    """

    workspace_id: int | None = None
    role: str | None = None
    scopes: tuple[tuple[str, int], ...] = field(default=())

    def __post_init__(self) -> None:
        if self.role is not None and (isinstance(self.role, Role) or _GRANTS in self.role):
            object.__setattr__(self, "role", Role.at(standing_of(self.role), self.scopes))


class RoleSource(ABC):
    """Where members have roles from beside their membership, such as from a team. It must be there as long as it runs.

    Whoever has a role of their own has that one; for those with NO_ROLE the first source that has one decides. Both
    methods answer SQL that is a part of the statement every request begins with: it has no parameters, and must be
    quick.
    """

    type: ClassVar[str]

    @abstractmethod
    def role(self, workspace_id: sa.ColumnElement[Any], user_id: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
        """The role of a user in a workspace as SQL on these columns, NULL for none."""

    def grants(
        self,
        workspace_id: sa.ColumnElement[Any],
        user_id: sa.ColumnElement[Any],
        application_id: sa.ColumnElement[Any] | None,
    ) -> sa.ColumnElement[Any] | None:
        """The roles of a user at places within a workspace, or within an application of it, as one text.

        It is made of `grant` by `grants_of`, and NULL for none. None where this source knows no places.
        """
        return None


def _sql(text: str) -> sa.ColumnElement[str]:
    """A literal without a parameter."""
    return sa.literal_column(f"'{text}'", sa.Text())


def grant(kind: Any, number: Any, application_id: Any, role: Any, own: bool) -> sa.ColumnElement[Any]:
    """A role at a place of this kind and id in an application, in SQL; `own`: the user's rather than a group's."""
    return sa.func.concat_ws(_sql(":"), kind, number, application_id, role, _sql("1" if own else "0"))


def grants_of(grants: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """All of a query's grants as one text, in SQL; NULL when there are none."""
    return sa.func.string_agg(grants, _sql(_GRANTS))


def joined_grants(parts: Sequence[sa.ColumnElement[Any]]) -> sa.ColumnElement[Any]:
    """Several such texts as one, in SQL; NULL when all are."""
    return sa.func.nullif(sa.func.concat_ws(_sql(_GRANTS), *parts), _sql(""), type_=sa.Text())


def role_with(base: sa.ColumnElement[Any], grants: Sequence[sa.ColumnElement[Any]]) -> sa.ColumnElement[Any]:
    """A role with grants after it, in SQL, as `standing_of` understands it."""
    found: sa.ColumnElement[Any] = sa.func.replace(base, _sql(_GRANTS), _sql(""))  # names of roles are any text
    for one in grants:
        found = found.concat(sa.func.coalesce(_sql(_GRANTS).concat(one), _sql("")))
    return found


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
