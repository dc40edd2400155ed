"""The highest role somebody has anywhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from plugin_api import workspaces
from plugin_api.db import session
from plugin_api.permissions import NO_ROLE, ROLES, role_uid

_RANKS = {role: rank for rank, role in enumerate((NO_ROLE, *ROLES))}


def highest_roles(user_ids: Sequence[int]) -> Mapping[int, str]:
    """The highest role of each of the users who are members of a workspace: one query."""
    members = workspaces.members().subquery()
    chosen = members.c.user_id == sa.any_(sa.cast(list(user_ids), sa.ARRAY(sa.BigInteger)))
    found: dict[int, str] = {}
    for user_id, role in session().execute(sa.select(members.c.user_id, members.c.role).where(chosen)):
        known = found.get(user_id, NO_ROLE)
        found[user_id] = max(known, role_uid(role), key=lambda one: _RANKS[one])
    return found
