"""Where roles count and who is given them, as far as the core knows: workspaces, applications, and members."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from core.applications import operations as on_applications
from core.db.models import Application, Membership, User
from core.workspaces import members, operations, store
from plugin_api.db import session
from plugin_api.permissions import NO_ROLE, ROLES, role_uid
from plugin_api.platform import registry
from plugin_api.roles import APPLICATION, USER, WORKSPACE, RoleScope, RoleSubjectType, Scopes, WorkspaceRole


class WorkspaceScope(RoleScope):
    """Workspaces: the outermost places."""

    type = WORKSPACE
    read_operation = operations.READ_ROLE
    update_operation = operations.ASSIGN_ROLE
    prefixes = ("workspace",)

    def find(self, workspace_id: int, ids: Sequence[int]) -> Mapping[int, Scopes]:
        """The workspace itself, and no other."""
        return {workspace_id: ()} if workspace_id in ids else {}

    def inside(self, application_ids: Sequence[int]) -> Mapping[int, Scopes]:
        """None is inside an application."""
        return {}


class ApplicationScope(RoleScope):
    """Applications of all types."""

    type = APPLICATION
    read_operation = on_applications.READ_ROLE
    update_operation = on_applications.UPDATE_ROLE

    @property
    def prefixes(self) -> Collection[str]:
        """Their own, and those of each type: `database.create_table` happens at a database."""
        return (APPLICATION, *registry("application_types"))

    def find(self, workspace_id: int, ids: Sequence[int]) -> Mapping[int, Scopes]:
        """Applications that are neither in the trash nor kept apart."""
        chosen = sa.select(Application.id).where(Application.workspace_id == workspace_id, Application.id.in_(ids))
        there = chosen.where(Application.trashed_on.is_(None), Application.kept_by.is_(None))
        return self.inside(session().scalars(there).all())

    def inside(self, application_ids: Sequence[int]) -> Mapping[int, Scopes]:
        """The applications."""
        return {found: ((APPLICATION, found),) for found in application_ids}


class MemberSubject(RoleSubjectType):
    """Members of a workspace, whose role there is their membership's."""

    type = USER

    def shown(self, workspace_id: int, ids: Sequence[int]) -> Mapping[int, Mapping[str, Any]]:
        """The users among them who are members."""
        query = sa.select(User.id, User.name, User.email).join(Membership, Membership.user_id == User.id)
        rows = session().execute(query.where(Membership.workspace_id == workspace_id, User.id.in_(ids)))
        keys = ("id", "username", "first_name", "email")
        return {row.id: dict(zip(keys, (row.id, row.email, row.name, row.email), strict=True)) for row in rows}

    def users(self, ids: Sequence[int]) -> Collection[int]:
        """They are users."""
        return ids

    def roles(self, workspace_id: int) -> Sequence[WorkspaceRole]:
        """All members have one, in the order they joined."""
        query = sa.select(Membership.user_id, Membership.permissions).where(Membership.workspace_id == workspace_id)
        rows = session().execute(query.order_by(Membership.id))
        return [WorkspaceRole(row.user_id, role_uid(row.permissions)) for row in rows]

    def lock(self, workspace_id: int, ids: Sequence[int]) -> None:
        """Their memberships, and those of all admins."""
        members.lock(workspace_id, *ids)

    def give(self, workspace_id: int, roles: Mapping[int, str | None]) -> None:
        """Change memberships; 400 when no admin would stay. Without a role of their own somebody has no access."""
        locked = members.lock(workspace_id, *roles)
        wanted = {user_id: _stored(role) for user_id, role in roles.items() if user_id in locked}
        members.require_an_admin(locked, wanted)
        changed = [user_id for user_id, role in wanted.items() if role_uid(role) != role_uid(locked[user_id].role)]
        for user_id in changed:
            chosen = sa.and_(Membership.workspace_id == workspace_id, Membership.user_id == user_id)
            session().execute(sa.update(Membership).where(chosen).values(permissions=wanted[user_id]))
        for shown in store.members_shown(workspace_id, changed):
            members.announce("group_user_updated", shown)


def _stored(role: str | None) -> str:
    """What a membership keeps: a builder's older name is what clients know there."""
    return {None: ROLES[0], "BUILDER": "MEMBER"}.get(role, role or NO_ROLE)


class Kinds:
    """The core's own kinds and those of plugins (`plugin_api.roles.RoleKinds`)."""

    @cached_property
    def _scopes(self) -> dict[str, RoleScope]:
        return _by_type((WorkspaceScope(), ApplicationScope()), "role_scopes")

    @cached_property
    def _subject_types(self) -> dict[str, RoleSubjectType]:
        return _by_type((MemberSubject(),), "role_subject_types")

    def scopes(self) -> Mapping[str, RoleScope]:
        """The kinds of places."""
        return self._scopes

    def subject_types(self) -> Mapping[str, RoleSubjectType]:
        """The kinds of those who are given roles."""
        return self._subject_types


OWN_SCOPES, OWN_SUBJECT_TYPES = (WORKSPACE, APPLICATION), (USER,)


def _by_type(own: Iterable[Any], name: str) -> dict[str, Any]:
    return {one.type: one for one in (*own, *registry(name).values())}
