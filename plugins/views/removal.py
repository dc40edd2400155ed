"""Views of a type whose plugin is removed: where they are, and how each goes."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from plugin_api.administration import Held, Removal
from plugin_api.applications import Applications
from plugin_api.db import session
from plugin_api.platform import service
from plugins.database.models import Table
from plugins.views.models import View
from plugins.views.service import delete_view


def views_of(type_name: str) -> Sequence[Held]:
    """All views of the type, also those in the trash and in what is kept apart."""
    shown = Table.application_id.in_(service(Applications).shown_ids()) & Table.trashed_on.is_(None)
    columns = (View.id, Table.workspace_id, View.name, Table.name, View.trashed_on.is_not(None), shown)
    query = sa.select(*columns).join(Table, Table.id == View.table_id).where(View.type == type_name)
    return [
        Held(number, workspace_id, f"{name} of the table {table}", trashed, reachable)
        for number, workspace_id, name, table, trashed, reachable in session().execute(query.order_by(View.id))
    ]


REMOVAL = Removal(views_of, delete_view, "view")
