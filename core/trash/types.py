"""The trash item types there are: workspaces, applications, and those of plugins."""

from __future__ import annotations

import sqlalchemy as sa

from core.applications import store as applications
from core.applications.operations import RESTORE as RESTORE_APPLICATION
from core.applications.service import announce_created
from core.db.models import Application, Membership, Workspace
from core.workspaces import store as workspaces
from core.workspaces.operations import RESTORE as RESTORE_WORKSPACE
from plugin_api import context, events
from plugin_api.applications import ApplicationInfo
from plugin_api.db import session
from plugin_api.permissions import Access, require
from plugin_api.platform import registry
from plugin_api.trash import TrashItem, TrashItemType


class TrashedWorkspace(TrashItemType):
    """A workspace with all that is in it."""

    type = "workspace"

    def restore(self, item: TrashItem, access: Access) -> None:
        """Show it to its members again."""
        require(RESTORE_WORKSPACE, access)
        _bring_back(Workspace, item.item_id)
        shown = workspaces.plain(workspaces.of_user(context.user_id(), Workspace.id == item.item_id))
        payload = {"workspace_id": item.item_id, "workspace": shown[0] if shown else None}
        events.emit("group_restored", payload, item.workspace_id)

    def remove(self, item: TrashItem) -> None:
        """Remove its applications and members, then itself."""
        for info in _applications_of(item.item_id):
            applications.remove(info)
        session().execute(sa.delete(Membership).where(Membership.workspace_id == item.item_id))
        session().execute(sa.delete(Workspace).where(Workspace.id == item.item_id))


class TrashedApplication(TrashItemType):
    """An application with all that is in it."""

    type = "application"

    def restore(self, item: TrashItem, access: Access) -> None:
        """Show it in its workspace again."""
        require(RESTORE_APPLICATION, access)
        _bring_back(Application, item.item_id)
        announce_created(applications.find(item.item_id))

    def remove(self, item: TrashItem) -> None:
        """Remove what its type keeps, then itself."""
        chosen = sa.select(Application).where(Application.id == item.item_id)
        for row in session().scalars(chosen):
            applications.remove(applications.info_of(row))


OWN: tuple[TrashItemType, ...] = (TrashedWorkspace(), TrashedApplication())


class TrashItemTypes:
    """Finds trash item types by name."""

    def __init__(self) -> None:
        self._own = {found.type: found for found in OWN}

    def get(self, name: str) -> TrashItemType | None:
        """The type; None when neither the core nor a loaded plugin provides it."""
        return self._own.get(name) or registry("trash_item_types").get(name)

    def names(self) -> list[str]:
        """All types clients may name."""
        return [*self._own, *registry("trash_item_types")]


def _bring_back(model: type[Workspace] | type[Application], row_id: int) -> None:
    change = sa.update(model).where(model.id == row_id)
    session().execute(change.values(trashed_on=None, updated_on=sa.func.now()))


def _applications_of(workspace_id: int) -> list[ApplicationInfo]:
    """All of them, those in the trash and those kept apart too."""
    chosen = sa.select(Application).where(Application.workspace_id == workspace_id).order_by(Application.id)
    return [applications.info_of(row) for row in session().scalars(chosen)]
