"""The tables that links join to one another, with all their fields: what computed fields are compiled with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import sqlalchemy as sa

from plugin_api.computed import ComputedMixin, Dependency
from plugin_api.db import connection
from plugin_api.fields import Field, FieldType
from plugin_api.links import LinkMixin, Relation
from plugins.database.shape import field_type, linked_tables, load_fields, rows_table, schema_name

_REACHED = """
    WITH RECURSIVE reached(id) AS (
        SELECT unnest(CAST(:table_ids AS bigint[]))
        UNION
        SELECT CASE WHEN f.table_id = r.id THEN f.linked_table_id ELSE f.table_id END
        FROM reached r JOIN database.field f
        ON f.linked_table_id IS NOT NULL AND (f.table_id = r.id OR f.linked_table_id = r.id)
    )
"""
_IDS = sa.text(_REACHED + "SELECT id FROM reached ORDER BY id")


def reached_table_ids(table_ids: Iterable[int]) -> list[int]:
    """The tables and all that are joined to them by links, directly or over others."""
    return list(connection().execute(_IDS, {"table_ids": list(table_ids)}).scalars())


@dataclass(frozen=True)
class Component:
    """Tables joined by links, with the fields they have at the moment."""

    workspace_id: int
    by_table: dict[int, tuple[Field, ...]]

    @cached_property
    def by_id(self) -> dict[int, Field]:
        """All fields by id."""
        return {found.id: found for fields in self.by_table.values() for found in fields}

    @cached_property
    def computed(self) -> dict[int, tuple[Field, ComputedMixin]]:
        """The computed fields with their types, by id."""
        kinds = ((found, field_type(found.type)) for found in self.by_id.values())
        return {found.id: (found, kind) for found, kind in kinds if isinstance(kind, ComputedMixin)}

    @cached_property
    def links(self) -> dict[int, tuple[Field, LinkMixin]]:
        """The link fields with their types, by id."""
        kinds = ((found, field_type(found.type)) for found in self.by_id.values())
        return {found.id: (found, kind) for found, kind in kinds if isinstance(kind, LinkMixin)}

    def fields(self, table_id: int) -> Sequence[Field]:
        """The fields of a table, the primary one first."""
        return self.by_table.get(table_id, ())

    def rows(self, table_id: int) -> sa.Table:
        """The table of rows with the columns of all its fields."""
        return rows_table(self.workspace_id, table_id, self.fields(table_id))

    def relation(self, link: Field) -> Relation:
        """The pairs of a link field."""
        return self.links[link.id][1].relation(link, schema_name(self.workspace_id))

    def type_of(self, field: Field) -> FieldType:
        """The type of a field."""
        return field_type(field.type)

    def name_of_linked(self, dependency: Dependency) -> int | None:
        """The primary field that names the rows of a link that is looked up over another link; None for others."""
        if dependency.via is None or dependency.field_id not in self.links:
            return None
        field, kind = self.links[dependency.field_id]
        return next((found.id for found in self.fields(kind.linked_table_id(field)) if found.primary), None)

    def links_to(self, table_id: int) -> list[Field]:
        """The link fields, of any of the tables, whose rows are in a table."""
        return [found for found, kind in self.links.values() if kind.linked_table_id(found) == table_id]


def load_component(table_id: int, workspace_id: int) -> Component:
    """The tables joined to a table: two queries."""
    table_ids = reached_table_ids([table_id])
    fields = load_fields(table_ids)
    tables = linked_tables(fields, {f.table_id: f for f in fields if f.primary}, workspace_id)
    by_table: dict[int, list[Field]] = {found: [] for found in table_ids}
    for found in tables:
        by_table[found.table_id].append(found)
    return Component(workspace_id, {found: tuple(fields) for found, fields in by_table.items()})
