"""The query plugins join to find applications together with the acting user's role."""

from __future__ import annotations

from functools import cache
from typing import Any, cast

import sqlalchemy as sa

from core.db.models import Application, Membership, Workspace


@cache
def reachable() -> sa.Select[Any]:
    """Applications out of the trash, with the role of the user given as `acting_user_id`."""
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
            Membership.permissions.label("role"),
        )
        .join(Workspace, sa.and_(Workspace.id == Application.workspace_id, Workspace.trashed_on.is_(None)))
        .outerjoin(Membership, membership)
        .where(Application.trashed_on.is_(None))
    )
    return cast("sa.Select[Any]", query)
