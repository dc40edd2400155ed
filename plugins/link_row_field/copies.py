"""Copies of links: each relation is copied once, with both fields where both were copied."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import sqlalchemy as sa

from plugin_api.db import connection, session
from plugin_api.fields import Field
from plugin_api.links import CopiedLink
from plugins.database import models
from plugins.database.fields.store import bump_version
from plugins.link_row_field.effects import LINK, add_related, make_relation

LIMIT = "link_row_limit_selection_view_id"


def copy_links(pairs: Sequence[CopiedLink], tables: Mapping[int, int], schemas: tuple[str, str] | None) -> None:
    """Relations for copied fields, with the pairs of the originals where those are kept here."""
    copies: dict[int | None, Field] = {pair.original.id: pair.copy for pair in pairs}
    done: set[int] = set()
    for pair in pairs:
        related_id = pair.original.options.get("link_row_related_field_id")
        if related_id not in done:
            _copy(pair, copies.get(related_id), tables, schemas)
            done.add(pair.original.id)
    session().flush()


def _copy(
    pair: CopiedLink, other_side: Field | None, tables: Mapping[int, int], schemas: tuple[str, str] | None
) -> None:
    """Copy one relation; the field is on its left side, whatever side the original is on."""
    to = pair.original.options["link_row_table_id"]
    linked = tables.get(to, to)
    workspace_id = session().get_one(models.Table, pair.copy.table_id).workspace_id
    make_relation(workspace_id, pair.copy.id, pair.copy.table_id, linked)
    if schemas is not None:
        _copy_pairs(pair, linked, schemas)
    row = session().get_one(models.Field, pair.copy.id)
    related = None if other_side is None else other_side.id
    placed = {"link_row_table_id": linked, "relation_id": pair.copy.id}
    row.options = {**pair.original.options, **placed, "side": "left", "link_row_related_field_id": related}
    if other_side is not None:
        other = session().get_one(models.Field, other_side.id)
        back = {**placed, "link_row_table_id": pair.copy.table_id, "link_row_related_field_id": pair.copy.id}
        other.options = {**other_side.options, **back, "side": "right"}
    elif pair.original.options.get("link_row_related_field_id") is not None:
        own, far = session().get_one(models.Table, pair.copy.table_id), session().get_one(models.Table, linked)
        add_related(row, own, far)


def limit_to_copies(tables: Collection[int], views: Mapping[int, int]) -> None:
    """Let links of copied tables be limited by the copies of views; by no view when that was not copied."""
    row = models.Field
    limited = row.options[LIMIT].as_integer().is_not(None)
    chosen = sa.select(row).where(row.table_id.in_(tables), row.type == LINK, limited)
    found = session().scalars(chosen).all()
    for link in found:
        view, linked = link.options[LIMIT], link.options["link_row_table_id"]
        link.options = {**link.options, LIMIT: views.get(view, None if linked in tables else view)}
    session().flush()
    for table_id in sorted({link.table_id for link in found}):
        bump_version(table_id)


def _copy_pairs(pair: CopiedLink, linked: int, schemas: tuple[str, str]) -> None:
    """The pairs whose rows were copied too: those in the trash were not."""
    options = pair.original.options
    own, other = ("left_id", "right_id") if options.get("side") != "right" else ("right_id", "left_id")
    source, target = f'"{schemas[0]}"."link_{options["relation_id"]}"', f'"{schemas[1]}"."link_{pair.copy.id}"'
    rows, far = f'"{schemas[1]}"."table_{pair.copy.table_id}"', f'"{schemas[1]}"."table_{linked}"'
    connection().exec_driver_sql(
        f"INSERT INTO {target} (left_id, right_id) SELECT p.{own}, p.{other} FROM {source} p"
        f" JOIN {rows} r ON r.id = p.{own} JOIN {far} f ON f.id = p.{other}"
    )
    connection().exec_driver_sql(f"ANALYZE {target}")
