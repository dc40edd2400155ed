"""The query plugins join to find applications together with the acting user's role."""

from __future__ import annotations

from functools import cache
from typing import Any, cast

import sqlalchemy as sa

from core.db.models import Application, Membership, Workspace
from core.workspaces.roles import role_of
from plugin_api.platform import registry


def reachable() -> sa.Select[Any]:
    """Applications that are shown, with the role of the user given as `acting_user_id`."""
    return _reachable(tuple(registry("role_sources")))


@cache
def _reachable(sources: tuple[str, ...]) -> sa.Select[Any]:
    """Made once for the plugins that say what members are."""
    acting = sa.bindparam("acting_user_id", type_=sa.BigInteger)
    membership = sa.and_(Membership.workspace_id == Workspace.id, Membership.user_id == acting)
    query: Any = (
        sa.select(
            Application.id,
            Application.type,
            Application.name,
            Application.order,
            Application.workspace_id,
            Workspace.name.label("workspace_name"),
            role_of(application_id=sa.type_coerce(Application.id, sa.BigInteger())).label("role"),
        )
        .join(Workspace, sa.and_(Workspace.id == Application.workspace_id, Workspace.trashed_on.is_(None)))
        .outerjoin(Membership, membership)
        .where(shown())
    )
    return cast("sa.Select[Any]", query)


def shown() -> sa.ColumnElement[bool]:
    """Whether an application is among those of its workspace: neither in the trash nor kept apart."""
    return sa.and_(Application.trashed_on.is_(None), Application.kept_by.is_(None))


def shown_ids() -> sa.Select[Any]:
    """The ids of all applications that are shown, whoever asks."""
    there = sa.and_(Workspace.id == Application.workspace_id, Workspace.trashed_on.is_(None))
    return sa.select(Application.id).join(Workspace, there).where(shown())
