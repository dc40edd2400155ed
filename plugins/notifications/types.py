"""What other plugins need to notify people: a type of notifications, and notices to hand out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar


@dataclass(frozen=True)
class Notice:
    """Something to tell people.

    type: a registered type of notifications.
    key: what it is about, unique in its type: an event that is handled twice must notify once.
    data: JSON for clients and for the mail; each type documents its own.
    user_ids: whom to tell. People without an account are left out.
    workspace_id: the workspace among whose notifications it stands; None stands among those of every workspace.
    """

    type: str
    key: str
    data: Mapping[str, Any]
    user_ids: Collection[int]
    sender_id: int | None = None
    workspace_id: int | None = None


@dataclass(frozen=True)
class Told:
    """A notification as a mail tells it. `sender` is the name of who caused it, "" when nobody is known."""

    sender: str
    data: Mapping[str, Any] = field(default_factory=dict)


class NotificationType(ABC):
    """A kind of notifications."""

    type: ClassVar[str]
    mailed: ClassVar[bool] = True
    """Whether it is mailed to those who did not read it before; False where another mail was sent already."""

    @abstractmethod
    def title(self, told: Told) -> str:
        """One line that says what happened."""

    def text(self, told: Told) -> str:
        """More to read, as plain text; empty when the title says it all."""
        return ""
