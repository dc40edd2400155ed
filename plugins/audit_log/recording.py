"""Writing entries, in the transaction of what they tell."""

from __future__ import annotations

from typing import cast

import sqlalchemy as sa
import structlog

from plugin_api import context
from plugin_api.actions import ActionListener, RecordedAction
from plugin_api.db import unit_of_work
from plugins.audit_log.models import Entry

log = structlog.get_logger(__name__)

_ENTRY = cast(sa.Table, Entry.__table__)


class Recorder(ActionListener):
    """Adds an entry to the statement that writes the action itself."""

    type = "audit_log"

    def recorded(self, action: RecordedAction) -> None:
        """What was done, undone or redone is in the log if it is committed."""
        running = context.current()
        unit_of_work().ledger(
            _ENTRY,
            {
                "action_type": action.kind.type,
                "command": action.command,
                "user_id": running.actor.user_id,
                "user_email": running.actor.email,
                "workspace_id": action.workspace_id,
                "description": _described(action),
                "ip_address": running.ip_address,
                "request_id": running.request_id or None,
            },
        )


def _described(action: RecordedAction) -> str:
    """The description; a plugin whose words do not fit does not keep people from their work."""
    try:
        return action.kind.describe({"workspace_id": action.workspace_id, **action.params})
    except (KeyError, TypeError, ValueError) as problem:
        return misfit(action, problem)


def misfit(action: RecordedAction, problem: Exception) -> str:
    """What is told of an action whose description asks for what was not recorded."""
    log.error("the description of an action does not fit it", action=action.kind.type, problem=repr(problem))
    return action.kind.words
