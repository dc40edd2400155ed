"""What a member is in a workspace, in SQL: the role of the membership, or one they have from elsewhere."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from core.db.models import Membership
from plugin_api.permissions import NO_ROLE, RoleSource
from plugin_api.platform import registry


def role_of(member: Any = Membership) -> sa.ColumnElement[Any]:
    """The role, as a column of `Membership` or an alias of it; NULL for outsiders of an outer join."""
    sources: list[RoleSource] = registry("role_sources").values()
    if not sources:
        return sa.type_coerce(member.permissions, sa.Text())
    others = [source.role(member.workspace_id, member.user_id) for source in sources]
    no_role: sa.ColumnElement[Any] = sa.literal_column(f"'{NO_ROLE}'")  # the statement is kept as text: no parameters
    return sa.case((member.permissions == no_role, sa.func.coalesce(*others, no_role)), else_=member.permissions)
