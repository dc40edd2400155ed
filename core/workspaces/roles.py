"""What a member is in a workspace, in SQL: the role of the membership, or one they have from elsewhere."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from core.db.models import Membership
from plugin_api.permissions import NO_ROLE, ROLES, RoleSource, role_with
from plugin_api.platform import registry


def role_of(member: Any = Membership, application_id: sa.ColumnElement[Any] | None = None) -> sa.ColumnElement[Any]:
    """The role, as a column of `Membership` or an alias of it; NULL for outsiders of an outer join.

    After it come the roles at places within the workspace, or within the application of the column `application_id`
    (`plugin_api.permissions.standing_of`). Whoever is an admin by membership has none: they would not count.
    """
    sources: list[RoleSource] = registry("role_sources").values()
    own = sa.type_coerce(member.permissions, sa.Text())
    if not sources:
        return own
    others = [source.role(member.workspace_id, member.user_id) for source in sources]
    no_role, admin = _text(NO_ROLE), _text(ROLES[-1])
    base = sa.case((own == no_role, sa.func.coalesce(*others, no_role)), else_=own)
    found = (source.grants(member.workspace_id, member.user_id, application_id) for source in sources)
    grants = [one for one in found if one is not None]
    return sa.case((own == admin, own), else_=role_with(base, grants)) if grants else base


def _text(value: str) -> sa.ColumnElement[Any]:
    """A literal: the statement is kept as text, without parameters."""
    return sa.literal_column(f"'{value}'", sa.Text())
