"""Who may read the log: admins of a workspace what was done there, staff everything."""

from __future__ import annotations

import sqlalchemy as sa

from plugin_api import context
from plugin_api.db import session
from plugin_api.errors import ApiError, does_not_exist
from plugin_api.permissions import Operation, Permissions, require_denied
from plugin_api.platform import service
from plugins.audit_log.models import Entry

LIST = "workspace.list_audit_log_entries"
OPERATIONS = [Operation(LIST, "ADMIN")]

_WORKSPACE = sa.table("workspace", sa.column("id", sa.BigInteger), schema="core")


def require_reader(workspace_id: int | None) -> None:
    """Refuse unless the acting user may read the log of a workspace, or without one that of the whole instance.

    404 for a workspace that is not there; staff read what is left of those that were.
    """
    if workspace_id is not None and not context.actor().is_staff:
        require_denied(LIST, service(Permissions).workspace_access(workspace_id))
    elif workspace_id is None:
        require_staff()
    elif not _was_there(workspace_id):
        raise does_not_exist("group")


def require_staff() -> None:
    """403 for everybody else."""
    if not context.actor().is_staff:
        raise ApiError("ERROR_STAFF_ONLY", 403, "Only staff of this instance may do this.")


def _was_there(workspace_id: int) -> bool:
    there = sa.exists().where(_WORKSPACE.c.id == workspace_id)
    logged = sa.exists().where(Entry.workspace_id == workspace_id)
    return bool(session().scalar(sa.select(sa.or_(there, logged))))
