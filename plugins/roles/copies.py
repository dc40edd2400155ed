"""Roles at applications and tables go with their copies, and end with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from plugin_api.applications import ApplicationExtension, ApplicationInfo
from plugin_api.db import session
from plugin_api.roles import APPLICATION, TABLE
from plugin_api.tables import TableCopy, TableExtension
from plugins.roles.models import Assignment

_COPIED = ("workspace_id", "subject_type", "subject_id", "user_id", "role")


class RolesOfApplications(ApplicationExtension):
    """Copies within a workspace are as open, and as closed, as the originals."""

    type = "roles"

    def copied(self, source: ApplicationInfo, target: ApplicationInfo) -> None:
        """The copy's own roles."""
        if source.workspace_id == target.workspace_id:
            _copy(APPLICATION, {source.id: (target.id, target.id)})


class RolesOfTables(TableExtension):
    """The same for tables."""

    type = "roles"

    def copied(self, copies: Sequence[TableCopy]) -> None:
        """The roles of tables whose copies are in the same workspace: two queries at most."""
        _copy(
            TABLE,
            {one.original_id: (one.copy_id, one.application_id) for one in copies if one.application_id is not None},
        )

    def removed(self, table_ids: Sequence[int]) -> None:
        """Nobody has a role at what is gone."""
        chosen = sa.and_(Assignment.scope_type == TABLE, Assignment.scope_id.in_(table_ids))
        session().execute(sa.delete(Assignment).where(chosen))


def _copy(kind: str, copies: Mapping[int, tuple[int, int]]) -> None:
    """Give copies the roles of the originals; `copies` has the id of each copy, and of the application it is in."""
    chosen = sa.and_(Assignment.scope_type == kind, Assignment.scope_id.in_(copies))
    rows = session().scalars(sa.select(Assignment).where(chosen).order_by(Assignment.id)).all() if copies else ()
    new = [
        {
            "scope_type": kind,
            "scope_id": copies[row.scope_id][0],
            "application_id": copies[row.scope_id][1],
            **{name: getattr(row, name) for name in _COPIED},
        }
        for row in rows
    ]
    if new:
        session().execute(sa.insert(Assignment), new)
