"""Actions: every change, recorded in the transaction that makes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.actions.types import ActionTypes
from core.db.models import Action
from plugin_api import context
from plugin_api.actions import ActionListener, ActionType, RecordedAction
from plugin_api.db import unit_of_work
from plugin_api.states import active


class ActionLog:
    """Writes actions through the unit of work's ledger."""

    def __init__(self, types: ActionTypes) -> None:
        self._types = types

    def record(self, type_name: str, *, scope: str, workspace_id: int | None, params: Mapping[str, Any]) -> None:
        """Record an action of the acting user. KeyError for a type nobody registered."""
        kind = self._types.get(type_name)
        if kind is None:
            raise KeyError(f"no action type {type_name!r} is registered")
        running = context.current()
        if running.silent or running.command != "DO":
            return  # the action that is undone or redone stands for what it does
        unit_of_work().ledger(
            Action.__table__,  # type: ignore[arg-type]
            {
                "user_id": running.actor.user_id,
                "session_id": running.client_session_id,
                "group_id": running.undo_group_id,
                "type": type_name,
                "scope": scope,
                "workspace_id": workspace_id,
                "params": dict(params),
                "ip_address": running.ip_address,
            },
        )
        tell(RecordedAction(kind, scope, workspace_id, params))

    def types(self) -> Mapping[str, ActionType]:
        """Every kind by its name."""
        return self._types.all()


def tell(action: RecordedAction) -> None:
    """Let the listeners of all plugins that are on take note of an action, in its transaction."""
    listeners: list[ActionListener] = active("action_listeners")
    for listener in listeners:
        listener.recorded(action)
