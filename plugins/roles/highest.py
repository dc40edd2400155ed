"""The highest role somebody has anywhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from plugin_api import workspaces
from plugin_api.db import session
from plugin_api.permissions import NO_ROLE, highest_of, standing_of


def highest_roles(user_ids: Sequence[int]) -> Mapping[int, str]:
    """The highest role of each of the users who are members of a workspace: one query."""
    members = workspaces.members().subquery()
    chosen = members.c.user_id == sa.any_(sa.cast(list(user_ids), sa.ARRAY(sa.BigInteger)))
    found: dict[int, str] = {}
    for user_id, role in session().execute(sa.select(members.c.user_id, members.c.role).where(chosen)):
        found[user_id] = highest_of([found.get(user_id, NO_ROLE), standing_of(role).highest()])
    return found
