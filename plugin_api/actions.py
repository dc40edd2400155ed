"""Actions: every change a user makes, recorded in the transaction that makes it, for undo, audit and history."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from plugin_api.platform import service

Replay = Callable[[Mapping[str, Any]], Mapping[str, Any] | None]

_SHOWN_ITEMS = 10
_SHOWN_LETTERS = 500


@dataclass(frozen=True)
class ActionType:
    """A kind of change.

    type: its name in the API, such as `create_row`.
    description: one line for the audit log; %-formatted with the action's parameters.
    undo, redo: called with the recorded parameters inside a transaction, with the acting user's permissions; None
        when it cannot be undone. They answer the parameters to remember instead, or None to keep those recorded.
        Whatever they raise undoes their transaction. Actions recorded meanwhile are not written.
    title: what people call it in lists, such as "Create row"; made of the type when it is not given.
    """

    type: str
    description: str
    undo: Replay | None = None
    redo: Replay | None = None
    title: str = ""

    @property
    def words(self) -> str:
        """The title, or the type in words."""
        return self.title or self.type.replace("_", " ").capitalize()

    def describe(self, params: Mapping[str, Any]) -> str:
        """The description of an action with these parameters; KeyError when it asks for one that is not there.

        Of long lists the first items are named, of long texts the beginning is.
        """
        return _shortened(self.description % _Shown(params), 4 * _SHOWN_LETTERS)


class _Shown(dict[str, Any]):
    """Parameters as descriptions show them: only those that are asked for are looked at."""

    def __getitem__(self, name: str) -> Any:
        return _shown(super().__getitem__(name))


def _shown(value: Any) -> Any:
    if isinstance(value, str):
        return _shortened(value, _SHOWN_LETTERS)
    if not isinstance(value, Sequence):
        return "nothing" if value is None else value
    first = ", ".join(_shortened(str(item), _SHOWN_LETTERS) for item in value[:_SHOWN_ITEMS])
    return f"{first} and {len(value) - _SHOWN_ITEMS} more" if len(value) > _SHOWN_ITEMS else first


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


class Actions(Protocol):
    """The service that records actions."""

    def record(self, type_name: str, *, scope: str, workspace_id: int | None, params: Mapping[str, Any]) -> None:
        """Write the action with the commit of the running transaction."""

    def types(self) -> Mapping[str, ActionType]:
        """Every kind of action by its name, the platform's own and those of all loaded plugins."""


@dataclass(frozen=True)
class RecordedAction:
    """Something that was just done, undone or redone. Who does it, and from where, is in the context.

    command: "DO", "UNDO" or "REDO". params: those of the action; with UNDO and REDO the ones kept for the next time.
    """

    kind: ActionType
    scope: str
    workspace_id: int | None
    params: Mapping[str, Any]
    command: str = "DO"


class ActionListener(ABC):
    """Learns of every action inside the transaction of the change, as an audit log must.

    It is called for each change of each user, so it must be quick: let what it writes go to the unit of work's
    ledger. Whatever it raises undoes the change. What only follows from a change is an event handler's business.
    """

    type: ClassVar[str]

    @abstractmethod
    def recorded(self, action: RecordedAction) -> None:
        """Take note of an action."""


def record(type_name: str, *, scope: str, workspace_id: int | None, params: Mapping[str, Any]) -> None:
    """Record that the acting user did `type_name`. `scope` is "root", "workspace3", "application5", "table7", ...

    `params` (JSON) must hold all that undo, redo and the audit log need. Raises KeyError for an unknown type.
    """
    service(Actions).record(type_name, scope=scope, workspace_id=workspace_id, params=params)


def types() -> Mapping[str, ActionType]:
    """Every kind of action by its name."""
    return service(Actions).types()
