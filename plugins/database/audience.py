"""Who may know of what happens in a table: for those who tell people, outside of their requests."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from plugin_api import accounts, context
from plugin_api.db import session
from plugin_api.errors import ApiError
from plugin_api.permissions import standing_of
from plugin_api.workspaces import members
from plugins.database.context import table_context


def who_may(operation: str, table_id: int, user_ids: Iterable[int]) -> list[int]:
    """Those of the users who may do `operation` in a table, by id: one query each, asked like a request of theirs."""
    return [user_id for user_id in sorted(set(user_ids)) if _may(operation, table_id, user_id)]


def admins_who_may(operation: str, table_id: int, workspace_id: int) -> list[int]:
    """The admins of a table's workspace who may do `operation` in the table, by id."""
    found = members().subquery()
    query = sa.select(found.c.user_id, found.c.role).where(found.c.workspace_id == workspace_id)
    admins = [row.user_id for row in session().execute(query) if standing_of(row.role).base == "ADMIN"]
    return who_may(operation, table_id, admins)


def _may(operation: str, table_id: int, user_id: int) -> bool:
    who = accounts.actor(user_id)
    if who is None:
        return False
    with context.acting_as(who):
        try:
            table_context(table_id, operation)
        except ApiError:  # refused, or the table is gone
            return False
    return True
