"""Roles at places: what plugins say of the places roles are given at, and of those who are given one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

import sqlalchemy as sa

from plugin_api.permissions import Scope
from plugin_api.platform import NotRunning, service

Scopes = tuple[Scope, ...]
WORKSPACE, APPLICATION, TABLE = "workspace", "application", "database_table"
"""The kinds of places roles can be given at."""
USER = "auth.User"
"""The type of those who are users."""


class RoleScope(ABC):
    """A kind of place: operations happen at it, and roles may be given at it."""

    type: ClassVar[str]
    """Its name in `Access.scopes` and in the API."""
    read_operation: ClassVar[str | None] = None
    """What whoever sees the roles at such a place must be allowed to do there; None where none can be given."""
    update_operation: ClassVar[str | None] = None
    """The same for giving roles."""

    @property
    @abstractmethod
    def prefixes(self) -> Collection[str]:
        """How the names of operations that happen at it begin, up to the last dot: `("database.table",)`."""

    @abstractmethod
    def inside(self, application_ids: Sequence[int]) -> Mapping[int, Scopes]:
        """The places in applications, each with its scopes from the closest to the application: one query."""

    def find(self, workspace_id: int, ids: Sequence[int]) -> Mapping[int, Scopes]:
        """The same for those of the ids that are there in a workspace. Asked where roles can be given only."""
        return {}


@dataclass(frozen=True)
class WorkspaceRole:
    """The role of somebody in the workspace itself. `id` is what the API names it by, if by anything."""

    subject_id: int
    role: str
    id: int | None = None


class RoleSubjectType(ABC):
    """A kind of those who are given roles: users, and groups of them. Methods run inside a unit of work.

    The roles in the workspace itself belong to it, those at places within are kept by the plugin `roles`.
    """

    type: ClassVar[str]
    """Its name in the API."""

    def ids_of_user(self, workspace_id: sa.ColumnElement[Any], user_id: sa.ColumnElement[Any]) -> sa.Select[Any] | None:
        """The ids of the groups a user is in, as SQL on these columns; None for users themselves.

        It is part of the statement every request begins with: it has no parameters, and must be quick.
        """
        return None

    @abstractmethod
    def shown(self, workspace_id: int, ids: Sequence[int]) -> Mapping[int, Mapping[str, Any]]:
        """Those of them who are there in a workspace, as the API shows them: one query."""

    @abstractmethod
    def users(self, ids: Sequence[int]) -> Collection[int]:
        """The ids of the users they are."""

    @abstractmethod
    def roles(self, workspace_id: int) -> Sequence[WorkspaceRole]:
        """All roles they have in the workspace itself: one query."""

    def lock(self, workspace_id: int, ids: Sequence[int]) -> None:
        """Have nobody else change their roles in the workspace until the commit."""

    @abstractmethod
    def give(self, workspace_id: int, roles: Mapping[int, str | None]) -> None:
        """Give them roles in the workspace itself, None taking them away, and announce it. ApiError refuses all."""


class RoleKinds(Protocol):
    """The service that knows all kinds of places and of those who are given roles, the platform's own and plugins'."""

    def scopes(self) -> Mapping[str, RoleScope]:
        """The kinds of places by type."""

    def subject_types(self) -> Mapping[str, RoleSubjectType]:
        """The kinds of those who are given roles, by type."""


class RoleAssignments(Protocol):
    """The service that keeps roles at places."""

    def forget(self, subject_type: str, ids: Sequence[int]) -> None:
        """Groups are gone for good: what they were given is too."""


def forget(subject_type: str, ids: Sequence[int]) -> None:
    """Groups are gone for good. Nothing happens where nobody keeps roles at places."""
    try:
        assignments = service(RoleAssignments)
    except NotRunning:
        return
    assignments.forget(subject_type, ids)
