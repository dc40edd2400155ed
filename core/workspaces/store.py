"""Stored workspaces and memberships: finding them with the acting user's role, and showing them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import orjson
import sqlalchemy as sa

from core.db.models import Membership, User, Workspace
from core.workspaces import ai_settings
from core.workspaces.roles import role_of
from plugin_api import context
from plugin_api.calls import attempt
from plugin_api.db import session
from plugin_api.errors import does_not_exist
from plugin_api.http import dumps
from plugin_api.permissions import Access
from plugin_api.states import active
from plugin_api.workspaces import WorkspaceData


@dataclass(frozen=True)
class Found:
    """A workspace out of the trash, and what the acting user is there."""

    id: int
    name: str
    ai_settings: dict[str, Any]
    access: Access

    def json(self) -> dict[str, Any]:
        """The workspace as the API shows it where members do not matter."""
        enabled = ai_settings.enabled(self.ai_settings)
        return {"id": self.id, "name": self.name, "generative_ai_models_enabled": enabled}


def find(workspace_id: int, lock: bool = False) -> Found:
    """A workspace with the acting user's access: one query. 404 when it is not there."""
    mine = sa.and_(Membership.workspace_id == Workspace.id, Membership.user_id == context.actor().user_id)
    query = (
        sa.select(Workspace.id, Workspace.name, Workspace.generative_ai_models_settings, role_of().label("role"))
        .outerjoin(Membership, mine)
        .where(Workspace.id == workspace_id, Workspace.trashed_on.is_(None))
    )
    row = session().execute(query.with_for_update(of=Workspace) if lock else query).first()
    if row is None:
        raise does_not_exist("group")
    return Found(row.id, row.name, row.generative_ai_models_settings, Access(row.id, row.role))


def insert(user_id: int, name: str) -> int:
    """Store a workspace with the user as its admin, at the end of their list; answers its id."""
    workspace = Workspace(name=name)
    session().add(workspace)
    session().flush()
    join(workspace.id, user_id, "ADMIN")
    return workspace.id


def join(workspace_id: int, user_id: int, role: str) -> bool:
    """Make a user a member, the workspace being the last in their list; False when they are one already."""
    statement = sa.text(
        'INSERT INTO core.membership (workspace_id, user_id, permissions, "order")'
        ' SELECT :workspace_id, :user_id, :role, coalesce(max("order"), 0) + 1'
        " FROM core.membership WHERE user_id = :user_id"
        " ON CONFLICT (workspace_id, user_id) DO NOTHING RETURNING id"
    )
    values = {"workspace_id": workspace_id, "user_id": user_id, "role": role}
    return session().scalar(statement, values) is not None


def of_user(user_id: int, *conditions: sa.ColumnElement[bool]) -> list[dict[str, Any]]:
    """The user's workspaces in their order, with all members: two queries and those of plugins."""
    query = (
        sa.select(
            Workspace.id,
            Workspace.name,
            Workspace.generative_ai_models_settings.label("ai"),
            Membership.order,
            Membership.permissions,
        )
        .join(Membership, Membership.workspace_id == Workspace.id)
        .where(Membership.user_id == user_id, Workspace.trashed_on.is_(None), *conditions)
        .order_by(Membership.order, Workspace.id)
    )
    rows = session().execute(query).all()
    ids = [row.id for row in rows]
    users, more = _members_of(ids), _data(ids)
    return [
        {
            "id": row.id,
            "name": row.name,
            "users": users[row.id],
            "order": row.order,
            "permissions": row.permissions,
            "generative_ai_models_enabled": ai_settings.enabled(row.ai),
            **more[row.id],
        }
        for row in rows
    ]


def one_of_user(user_id: int, workspace_id: int) -> dict[str, Any]:
    """One of the user's workspaces as they see it."""
    return of_user(user_id, Workspace.id == workspace_id)[0]


MEMBER_COLUMNS = (
    Membership.id,
    User.name,
    User.email,
    Membership.workspace_id,
    Membership.permissions,
    Membership.created_on,
    Membership.user_id,
    User.to_be_deleted,
)


def member_json(row: Any) -> dict[str, Any]:
    """A member, from a row of MEMBER_COLUMNS."""
    return {
        "id": row.id,
        "name": row.name,
        "email": row.email,
        "workspace": row.workspace_id,
        "permissions": row.permissions,
        "created_on": row.created_on,
        "user_id": row.user_id,
        "to_be_deleted": row.to_be_deleted,
    }


def members_shown(workspace_id: int, user_ids: Sequence[int]) -> list[dict[str, Any]]:
    """Members of a workspace by the ids of the users."""
    query = sa.select(*MEMBER_COLUMNS).join(User, User.id == Membership.user_id).order_by(Membership.id)
    chosen = sa.and_(Membership.workspace_id == workspace_id, Membership.user_id.in_(user_ids))
    return [member_json(row) for row in session().execute(query.where(chosen))] if user_ids else []


def _members_of(workspace_ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {workspace_id: [] for workspace_id in workspace_ids}
    query = sa.select(*MEMBER_COLUMNS).join(User, User.id == Membership.user_id)
    chosen = query.where(Membership.workspace_id == sa.any_(sa.cast(list(workspace_ids), sa.ARRAY(sa.BigInteger))))
    for row in session().execute(chosen.order_by(Membership.id)) if workspace_ids else ():
        found[row.workspace_id].append(member_json(row))
    return found


_OWN: Mapping[str, Callable[[int], Any]] = {"unread_notifications_count": lambda workspace_id: 0}
"""The core's own keys, before plugins replace or add some: nothing notifies by itself."""


def _data(workspace_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """What plugins tell of workspaces, each asked once for all of them."""
    plugged: Iterable[WorkspaceData] = active("workspace_data")
    entries = {entry.type: entry for entry in plugged}
    found = {workspace_id: {key: own(workspace_id) for key, own in _OWN.items()} for workspace_id in workspace_ids}
    for key, entry in entries.items() if workspace_ids else ():
        ask: Callable[[], Mapping[int, Any]] = partial(entry.of, workspace_ids)
        values: Mapping[int, Any] = attempt("workspace_data", key, ask, {})
        for workspace_id in found.keys() & values.keys():
            found[workspace_id][key] = values[workspace_id]
    return found


def plain(shown: Any) -> Any:
    """What the API shows, as bare JSON values for events."""
    return orjson.loads(dumps(shown))
