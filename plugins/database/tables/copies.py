"""Tables made after originals, which are other tables or were described in an archive: fields with ids of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from plugin_api.computed import ComputedMixin
from plugin_api.db import connection, session
from plugin_api.fields import CreatedMixin, Field, SelectOptionsMixin
from plugin_api.links import CopiedLink, LinkMixin
from plugin_api.permissions import Access
from plugin_api.tables import TableCopy
from plugins.database import models
from plugins.database.context import TableContext
from plugins.database.fields import store as field_store
from plugins.database.fields.constraints import set_constraints, set_index
from plugins.database.fields.store import NewField
from plugins.database.shape import field_type, rows_table
from plugins.database.tables import store

KEPT_PROPERTIES = (
    "order",
    "read_only",
    "immutable_type",
    "immutable_properties",
    "db_index",
    "field_constraints",
)


@dataclass(frozen=True)
class Original:
    """A field to copy; `properties` are KEPT_PROPERTIES and the description."""

    shape: Field
    properties: Mapping[str, Any]


@dataclass(frozen=True)
class Copied:
    """A field, its copy, and the stored row of the copy."""

    original: Field
    copy: Field
    row: models.Field

    @property
    def is_computed(self) -> bool:
        """Whether its values follow from others."""
        return isinstance(field_type(self.copy.type), ComputedMixin)

    @property
    def option_ids(self) -> dict[int, int]:
        """The select options of the copy by those of the original."""
        pairs = zip(self.original.select_options, self.copy.select_options, strict=True)
        return {old.id: new.id for old, new in pairs}


def make_table(
    application_id: int, workspace_id: int, name: str, originals: Sequence[Original], access: Access | None
) -> tuple[TableContext, list[Copied]]:
    """A table without rows, with copies of the fields. Links have no relation yet, computed fields no values."""
    new = [_new(original) for original in originals]
    where, made = store.insert_table(application_id, workspace_id, name, new, access)
    pairs = [_copied(original, copy) for original, copy in zip(originals, made, strict=True)]
    session().flush()
    return where, pairs


def _new(original: Original) -> NewField:
    shape = original.shape
    options = [{"value": option.value, "color": option.color} for option in shape.select_options]
    description = original.properties.get("description")
    return NewField(shape.name, shape.type, shape.options, options, shape.primary, description)


def _copied(original: Original, copy: Field) -> Copied:
    row = session().get_one(models.Field, copy.id)
    for name in KEPT_PROPERTIES:
        setattr(row, name, original.properties[name])
    found, kind = Copied(original.shape, copy, row), field_type(copy.type)
    if isinstance(kind, SelectOptionsMixin):
        row.options = kind.link_options(dict(original.shape.options), found.option_ids, ())
    return Copied(original.shape, field_store.shape(row, copy.select_options), row)


def relate(pairs: Sequence[Copied], tables: Mapping[int, int], schemas: tuple[str, str] | None) -> None:
    """Give copied links relations; `schemas` are those of the originals' and of the copies' pairs, if there are any."""
    links: dict[LinkMixin, list[CopiedLink]] = {}
    for pair in pairs:
        kind = field_type(pair.original.type)
        if isinstance(kind, LinkMixin):
            links.setdefault(kind, []).append(CopiedLink(pair.original, pair.copy))
    for linking, found in links.items():
        linking.copied(found, tables, schemas)


def refer(pairs: Sequence[Copied]) -> None:
    """Let copied computed fields name copied fields."""
    ids = {pair.original.id: pair.copy.id for pair in pairs}
    for pair in pairs:
        kind = field_type(pair.original.type)
        if isinstance(kind, ComputedMixin):
            pair.row.options = kind.copied(pair.copy, ids)
    session().flush()


def finish_rows(where: TableContext, pairs: Sequence[Copied], rows: int) -> None:
    """After the rows were written with their ids: new ones come after them; rules and indexes hold."""
    store.count_rows(where.id, rows)
    table = rows_table(where.workspace_id, where.id, [])
    name = f'"{table.schema}"."{table.name}"'
    connection().exec_driver_sql(
        f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), coalesce(max(id), 0) + 1, false) FROM {name}"
    )
    for pair in pairs:
        _finish(where, pair)
    # PostgreSQL must know what is in a table before it joins it to others: without, large ones took minutes.
    connection().exec_driver_sql(f"ANALYZE {name}")


def _finish(where: TableContext, pair: Copied) -> None:
    kind = field_type(pair.copy.type)
    if isinstance(kind, CreatedMixin):
        kind.filled(pair.copy, rows_table(where.workspace_id, where.id, [pair.copy]), connection())
    if pair.row.field_constraints:
        set_constraints(where.workspace_id, pair.copy, pair.row.field_constraints)
    if pair.row.db_index:
        set_index(where.workspace_id, pair.copy, True)


def table_copy(original_id: int, copy_id: int, pairs: Sequence[Copied], application_id: int | None = None) -> TableCopy:
    """The table and its copy, for what plugins keep with tables; with its application, if it has the workspace too."""
    options = {old: new for pair in pairs for old, new in pair.option_ids.items()}
    fields = {pair.original.id: pair.copy.id for pair in pairs}
    return TableCopy(original_id, copy_id, fields, options, application_id=application_id)
