"""Teams in the trash."""

from __future__ import annotations

import sqlalchemy as sa

from plugin_api.db import session
from plugin_api.errors import does_not_exist
from plugin_api.permissions import Access, require
from plugin_api.roles import forget
from plugin_api.trash import TrashItem, TrashItemType
from plugins.teams import operations, service
from plugins.teams.models import Team
from plugins.teams.role_subject import TEAM


class TrashedTeam(TrashItemType):
    """A team with those who are in it."""

    type = service.TRASH_TYPE

    def restore(self, item: TrashItem, access: Access) -> None:
        """Those in it have its role again."""
        require(operations.RESTORE, access)
        team = session().get(Team, item.item_id, populate_existing=True)
        if team is None or team.trashed_on is None:
            raise does_not_exist("trash_item")
        team.trashed_on = None
        service.restored(team)

    def remove(self, item: TrashItem) -> None:
        """Remove it; nobody is in it any more, and the roles it was given are gone."""
        forget(TEAM, [item.item_id])
        session().execute(sa.delete(Team).where(Team.id == item.item_id, Team.trashed_on.is_not(None)))
