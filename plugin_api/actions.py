"""Actions: every change a user makes, recorded in the transaction that makes it, for undo, audit and history."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from plugin_api.platform import service

Replay = Callable[[Mapping[str, Any]], Mapping[str, Any] | None]


@dataclass(frozen=True)
class ActionType:
    """A kind of change.

    type: its name in the API, such as `create_row`.
    description: one line for the audit log; %-formatted with the action's parameters.
    undo, redo: called with the recorded parameters inside a transaction, with the acting user's permissions; None
        when it cannot be undone. They answer the parameters to remember instead, or None to keep those recorded.
        Whatever they raise undoes their transaction. Actions recorded meanwhile are not written.
    """

    type: str
    description: str
    undo: Replay | None = None
    redo: Replay | None = None


class Actions(Protocol):
    """The service that records actions."""

    def record(self, type_name: str, *, scope: str, workspace_id: int | None, params: Mapping[str, Any]) -> None:
        """Write the action with the commit of the running transaction."""


def record(type_name: str, *, scope: str, workspace_id: int | None, params: Mapping[str, Any]) -> None:
    """Record that the acting user did `type_name`. `scope` is "root", "workspace3", "application5", "table7", ...

    `params` (JSON) must hold all that undo, redo and the audit log need. Raises KeyError for an unknown type.
    """
    service(Actions).record(type_name, scope=scope, workspace_id=workspace_id, params=params)
