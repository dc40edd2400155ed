"""Views, and their parts, as places where the roles at their tables count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from plugin_api.db import connection
from plugin_api.roles import RoleScope, Scopes
from plugins.database.models import Table
from plugins.database.role_scopes import shown_tables, within_table
from plugins.views.models import View
from plugins.views.parts import PARTS, Part


class ViewScope(RoleScope):
    """Views that are not in the trash."""

    type = "database_view"
    prefixes = ("database.table.view",)

    def inside(self, application_ids: Sequence[int]) -> Mapping[int, Scopes]:
        """The views of databases."""
        rows = connection().execute(_views(View.id, application_ids))
        return {row.id: within_table(self.type, *row) for row in rows}


class PartScope(RoleScope):
    """Parts of views, such as filters."""

    prefixes: tuple[str, ...] = ()

    def __init__(self, part: Part) -> None:
        self.part = part
        self.type = f"database_view_{part.name}"  # type: ignore[misc]
        self.prefixes = (f"database.table.view.{part.name}",)

    def inside(self, application_ids: Sequence[int]) -> Mapping[int, Scopes]:
        """The parts of the views of databases."""
        model = self.part.model
        query = _views(model.id, application_ids).join(model, model.view_id == View.id).where(self.part.alive)
        return {row.id: within_table(self.type, *row) for row in connection().execute(query)}


def _views(number: Any, application_ids: Sequence[int]) -> sa.Select[Any]:
    query: Any = sa.select(number, View.table_id, Table.application_id).select_from(View)
    there = sa.and_(Table.application_id.in_(application_ids), shown_tables(), View.trashed_on.is_(None))
    return query.join(Table, Table.id == View.table_id).where(there)  # type: ignore[no-any-return]


ROLE_SCOPES: list[RoleScope] = [ViewScope(), *(PartScope(part) for part in PARTS.values())]
