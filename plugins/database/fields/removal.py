"""Fields of a type whose plugin is removed: where they are, and how each goes."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from plugin_api.administration import Held, Removal
from plugin_api.applications import Applications
from plugin_api.db import session
from plugin_api.platform import service
from plugins.database.fields import changes
from plugins.database.fields.service import delete_field
from plugins.database.models import Field, Table

_REPLACEMENT = {"type": "long_text"}


def fields_of(type_name: str) -> Sequence[Held]:
    """All fields of the type, also those in the trash and in what is kept apart."""
    shown = Table.application_id.in_(service(Applications).shown_ids()) & Table.trashed_on.is_(None)
    columns = (Field.id, Table.workspace_id, Field.name, Table.name, Field.trashed_on.is_not(None), shown)
    query = sa.select(*columns).join(Table, Table.id == Field.table_id).where(Field.type == type_name)
    return [
        Held(number, workspace_id, f"{name} of the table {table}", trashed, reachable)
        for number, workspace_id, name, table, trashed, reachable in session().execute(query.order_by(Field.id))
    ]


def take_away(field_id: int) -> None:
    """Put a field into the trash. A table needs its primary field: that becomes a text with the same texts."""
    row = session().get_one(Field, field_id, populate_existing=True)
    if row.primary:
        changes.update_field(field_id, {**_REPLACEMENT, "raw": dict(_REPLACEMENT)})
    else:
        delete_field(field_id)


REMOVAL = Removal(fields_of, take_away, "field")
