"""Who the users are that a message is for: members of workspaces, and what each may do there."""

from __future__ import annotations

import sqlalchemy as sa

from plugin_api import accounts, workspaces
from plugin_api.db import session
from plugin_api.permissions import Access, Permissions
from plugin_api.platform import service
from plugin_api.realtime import Members, Users


class Recipients:
    """Looks members up: one query for each workspace of a batch of events."""

    def __init__(self) -> None:
        self._roles: dict[int, list[tuple[int, str]]] = {}

    def ids(self, of: Users | Members) -> frozenset[int]:
        """The ids of the users."""
        if isinstance(of, Users):
            return frozenset(of.ids)
        members = self._members(of.workspace_id)
        return frozenset(user_id for user_id, role in members if user_id not in of.but and _may(user_id, role, of))

    def _members(self, workspace_id: int) -> list[tuple[int, str]]:
        if workspace_id not in self._roles:
            members = workspaces.members().subquery()
            query = sa.select(members.c.user_id, members.c.role).where(members.c.workspace_id == workspace_id)
            self._roles[workspace_id] = [(row.user_id, row.role) for row in session().execute(query)]
        return self._roles[workspace_id]


def _may(user_id: int, role: str, of: Members) -> bool:
    if of.operation is None:
        return True
    who = accounts.actor(user_id)
    access = Access(of.workspace_id, role, of.scopes)
    return who is not None and service(Permissions).allows(who, of.operation, access)
