"""The trash: what was deleted can be restored, until it is removed for good after some days or when asked to."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

from plugin_api.errors import ApiError
from plugin_api.permissions import Access, Scope
from plugin_api.platform import service


@dataclass(frozen=True)
class TrashItem:
    """Something that is being put into the trash, or is there.

    item_id: unique in its type, or in its parent for types that need one.
    parent_id: the id of what it is in, for types that need it to be found.
    application_id: the application it is in, or is; None outside of applications.
    name, names, parent_name: what people see in the trash.
    details: JSON the type needs to restore or remove it.
    place: where in the application it is, or which place it is, if roles can be given there: ("database_table", 5).
    """

    type: str
    item_id: int
    workspace_id: int
    name: str
    parent_id: int | None = None
    application_id: int | None = None
    names: Sequence[str] | None = None
    parent_name: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    place: Scope | None = None


class TrashItemType(ABC):
    """A kind of thing that can be in the trash. Methods run inside a unit of work."""

    type: ClassVar[str]
    needs_parent: ClassVar[bool] = False
    """Whether clients must say what the item is in for it to be found."""
    removed_together: ClassVar[int] = 1
    """How many items with the same parent may be removed in one transaction, by `remove_all`."""

    @abstractmethod
    def restore(self, item: TrashItem, access: Access) -> None:
        """Check the permission, then bring the item back with all that belongs to it.

        `access` is the acting user's, with the application among its scopes. The workspace and the application
        are there; raise `parent_in_trash()` when something else the item is in is not.
        """

    @abstractmethod
    def remove(self, item: TrashItem) -> None:
        """Remove the item for good, without asking for permission. What it was in may be gone already."""

    def remove_all(self, items: Sequence[TrashItem]) -> None:
        """Remove up to `removed_together` items of one parent for good."""
        for item in items:
            self.remove(item)


class Trash(Protocol):
    """The service that keeps what is in the trash."""

    def put(self, item: TrashItem) -> None:
        """Write that an item is in the trash, with the commit of the running transaction."""

    def restore(self, type_name: str, item_id: int, parent_id: int | None = None) -> None:
        """Bring an item back. 404 ERROR_TRASH_ITEM_DOES_NOT_EXIST when it is not in the trash."""


def put(item: TrashItem) -> None:
    """Write that an item is in the trash; what was deleted must be hidden by its own type."""
    service(Trash).put(item)


def restore(type_name: str, item_id: int, parent_id: int | None = None) -> None:
    """Bring an item back, as `PATCH /api/trash/restore/` does."""
    service(Trash).restore(type_name, item_id, parent_id)


def parent_in_trash() -> ApiError:
    """What an item is in is in the trash itself."""
    message = "What this was in is in the trash too. Restore that first."
    return ApiError("ERROR_CANNOT_RESTORE_PARENT_BEFORE_CHILD", 400, message)
