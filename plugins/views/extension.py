"""Views follow their tables: the first one, copies, and what becomes of parts when fields change."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from plugin_api import context
from plugin_api.archives import ArchiveReader, ArchiveWriter
from plugin_api.db import session
from plugin_api.fields import Field, FieldType
from plugin_api.filters import FilterType
from plugin_api.links import LinkMixin
from plugin_api.platform import registry
from plugin_api.tables import RestoredTable, TableCopy, TableExtension
from plugins.database import models as database
from plugins.database.fields.store import shape
from plugins.database.shape import field_type
from plugins.views import models, store
from plugins.views.archives import restore_views, views_content
from plugins.views.copies import copy_views
from plugins.views.grouping import can_group
from plugins.views.part_service import UNFIT, can_order

_FIRST = ("grid", "Grid")


class ViewsOfTables(TableExtension):
    """What this plugin keeps with tables."""

    type = "views"

    def created(self, table_id: int) -> None:
        """Every new table has a grid, where that type is there."""
        kind = registry("view_types").get(_FIRST[0])
        if kind is not None:
            values = {"name": _FIRST[1], "owned_by_id": context.actor().user_id}
            store.insert(table_id, kind, values, store.defaults(kind))

    def copied(self, copies: Sequence[TableCopy]) -> None:
        """The views are copied too, and links that name them name the copies."""
        views = copy_views(copies)
        for copy in copies:
            copy.views.update(views)
        _tell_links(copies, views)

    def archived(self, table_ids: Sequence[int], archive: ArchiveWriter) -> Mapping[int, Mapping[str, Any]]:
        """The views, with all their parts."""
        return views_content(table_ids, archive)

    def restored(self, tables: Sequence[RestoredTable], archive: ArchiveReader) -> None:
        """The views of the archive; parts that do not fit their fields are out of sight."""
        views = restore_views(tables, archive)
        for table in tables:
            table.copy.views.update(views)
        _tell_links([table.copy for table in tables], views)
        self.fields_changed([field_id for table in tables for field_id in table.copy.fields.values()])

    def fields_changed(self, field_ids: Collection[int]) -> None:
        """Filters and orders that do not fit the new values are out of sight until they fit again."""
        rows = _parts_on(field_ids)
        if not rows:
            return
        chosen = sa.select(database.Field).where(database.Field.id.in_(field_ids))
        fields = {row.id: (shape(row), field_type(row.type)) for row in session().scalars(chosen)}
        for row in rows:
            if row.field_id in fields:
                row.gone = None if _fits(row, *fields[row.field_id]) else UNFIT
        session().flush()


def _tell_links(copies: Sequence[TableCopy], views: Mapping[int, int]) -> None:
    """Let links of copied tables name copied views."""
    tables = {copy.original_id: copy.copy_id for copy in copies}
    for kind in registry("field_types").values():
        if isinstance(kind, LinkMixin):
            kind.views_copied(tables, views)


def _parts_on(field_ids: Collection[int]) -> list[models.Filter | models.Sort | models.GroupBy]:
    """The parts on fields that no user deleted."""
    found: list[models.Filter | models.Sort | models.GroupBy] = []
    for model in (models.Filter, models.Sort, models.GroupBy):
        there = sa.or_(model.gone.is_(None), model.gone == UNFIT)
        found += session().scalars(sa.select(model).where(model.field_id.in_(field_ids), there))
    return found


def _fits(row: models.Filter | models.Sort | models.GroupBy, field: Field, kind: FieldType) -> bool:
    if isinstance(row, models.GroupBy) and not can_group(kind, field):
        return False
    if not isinstance(row, models.Filter):
        return can_order(kind, row.type)
    filter_type: FilterType | None = registry("filter_types").get(row.type)
    return filter_type is not None and filter_type.applies_to(kind, field)
