"""What a change of rows brings along: links, and the computed fields of these and of linked rows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import sqlalchemy as sa

from plugin_api.fields import Field
from plugin_api.links import LinkMixin
from plugins.database.engine import computed
from plugins.database.engine.component import Component
from plugins.database.engine.links import ChangedPairs, set_links
from plugins.database.engine.read import rows_json
from plugins.database.rows.ledger import Row, emit_rows
from plugins.database.shape import SelectList, TableShape

Prepared = Sequence[Mapping[str, Any]]

LINKED_ROWS_CHANGED = "linked_rows_changed"
"""The event that tells, for a table, which rows other than those of the request changed: {field_ids, row_ids}.

`row_ids` is null when they are too many to name.
"""
MOST_NAMED = 20_000


def is_followed(shape: TableShape) -> bool:
    """Whether changes of the table's rows can bring anything along: whether links join it to others, or it computes."""
    return shape.compiled("followed", lambda: _Answer(_is_followed(shape))).value


@dataclass(frozen=True)
class _Shown:
    """The fields whose values the rows of a table show: its own computed ones, and those that name linked rows.

    itself: the rows show names of each other.
    """

    field_ids: frozenset[int]
    itself: bool


def _shown_in(shape: TableShape, component: Component) -> _Shown:
    linked = {kind.linked_table_id(link) for link, kind in component.links.values() if link.table_id == shape.id}
    names = {found.id for table_id in linked for found in component.fields(table_id) if found.primary}
    own = {found.id for found in shape.fields if found.id in component.computed}
    return _Shown(frozenset(names | own), shape.id in linked)


class _Answer:
    """A kept yes or no."""

    def __init__(self, value: bool) -> None:
        self.value = value


def _is_followed(shape: TableShape) -> bool:
    component = computed.graph_for(shape).component
    return bool(component.links or component.computed)


class Following:
    """One change of a table's rows. Make it before the first row is locked, tell it what was written, finish it."""

    def __init__(self, shape: TableShape, fields: Collection[Field], presence: bool = False) -> None:
        self.shape = shape
        self.active = is_followed(shape)
        self._seeds: computed.Seeds = {}
        self._reread = False
        self._own: set[int] = set()
        if self.active:
            self._graph = computed.graph_for(shape)
            computed.lock_followers(self._graph, self._touched(fields, presence))

    def _touched(self, fields: Collection[Field], presence: bool) -> set[int]:
        """The fields that may change or show something else: those given, the other sides of links, metadata."""
        touched = {found.id for found in (*fields, *self._of_the_row())}
        for link in (found for found in fields if self._is_link(found)):
            touched.update(other.id for other in self.other_sides(link))
        if presence:
            touched.update(link.id for link in self._graph.component.links_to(self.shape.id))
        return touched

    def _is_link(self, found: Field) -> bool:
        return isinstance(self.shape.type_of(found), LinkMixin)

    def _of_the_row(self) -> list[Field]:
        """Fields that show when and by whom the row was changed: they change with every change."""
        return [f for f in self.shape.fields if self.shape.type_of(f).column(f) is None and not self._is_link(f)]

    def other_sides(self, link: Field) -> list[Field]:
        """The link fields that show the same pairs from the other table."""
        relation = self._graph.component.relation(link)
        others = (found for found, _ in self._graph.component.links.values() if found.id != link.id)
        return [other for other in others if self._graph.component.relation(other).table.name == relation.table.name]

    def write_links(self, fields: Sequence[Field], row_ids: Sequence[int], rows: Prepared) -> None:
        """Write the links given for rows."""
        for link in filter(self._is_link, fields):
            pairs = zip(row_ids, rows, strict=True)
            wanted = {row_id: row[link.column] for row_id, row in pairs if row.get(link.column) is not None}
            if wanted:
                self._note(set_links(self.shape, link, wanted))

    def _note(self, changed: ChangedPairs) -> None:
        self._reread = True
        self._seeds.setdefault(changed.field.id, set()).update(changed.own)
        for other in self.other_sides(changed.field):
            self._seeds.setdefault(other.id, set()).update(changed.other)

    def relinked(self, link_id: int, row_ids: Collection[int]) -> None:
        """Rows of any of the tables show other links by a field of theirs."""
        self._seeds.setdefault(link_id, set()).update(row_ids)

    def wrote(self, fields: Collection[Field], row_ids: Collection[int]) -> None:
        """Values of fields were written in rows."""
        self._own.update(row_ids)
        for found in (*fields, *self._of_the_row()):
            if not self._is_link(found):
                self._seeds.setdefault(found.id, set()).update(row_ids)

    def shown_elsewhere(self, row_ids: Sequence[int]) -> None:
        """Rows went, came back or moved: what links to them shows it."""
        self._own.update(row_ids)
        for link_id, rows in computed.linked_seeds(self._graph, self.shape.id, row_ids).items():
            self._seeds.setdefault(link_id, set()).update(rows)

    def made(self, row_ids: Collection[int]) -> None:
        """Rows are new: all their fields are."""
        self._own.update(row_ids)
        for found in self.shape.fields:
            self._seeds.setdefault(found.id, set()).update(row_ids)

    def finish(self) -> computed.Seeds:
        """Compute what follows; answers the computed fields that changed, with their rows."""
        changed = computed.follow(self._graph, self._seeds)
        self._announce(changed)
        return changed

    def _announce(self, changed: computed.Seeds) -> None:
        """An event for each table in which other rows changed: computed fields, and links seen from the other side."""
        told: dict[int, tuple[set[int], set[int]]] = {}
        links = {found: rows for found, rows in self._seeds.items() if found in self._graph.component.links}
        for field_id, rows in (*links.items(), *changed.items()):
            table_id = self._graph.component.by_id[field_id].table_id
            others = rows - self._own if table_id == self.shape.id else rows
            if others:
                fields, ids = told.setdefault(table_id, (set(), set()))
                fields.add(field_id)
                ids.update(others)
        for table_id, (fields, ids) in sorted(told.items()):
            named = sorted(ids) if len(ids) <= MOST_NAMED else None
            payload = {"table_id": table_id, "field_ids": sorted(fields), "row_ids": named}
            emit_rows(LINKED_ROWS_CHANGED, payload, self.shape.workspace_id)

    def finish_in_steps(self, row_ids: Iterable[Sequence[int]], note: Callable[[Sequence[int]], None]) -> None:
        """Compute what follows from many rows, some at a time; `note` is told each time which ones."""
        for found in row_ids:
            note(found)
            self.finish()
            self._seeds = {}

    def finish_here(self) -> bool:
        """Compute what follows; whether the rows that were written may show something else now."""
        shown = self.shape.compiled("shown", lambda: _shown_in(self.shape, self._graph.component))
        changed = {*self.finish(), *(self._seeds.keys() if shown.itself else ())}
        return self._reread or not shown.field_ids.isdisjoint(changed)


def unlinked(shape: TableShape) -> list[Field]:
    """The fields of a table that are no links."""
    return [found for found in shape.fields if not isinstance(shape.type_of(found), LinkMixin)]


def rows_before(written: Sequence[Row], before: Sequence[Row]) -> list[Row]:
    """Whole rows as they were: what an update changed of them, and the links it had not touched yet."""
    old = {row["id"]: row for row in before}
    return [{**row, **old[row["id"]]} for row in written]


def read_rows(
    shape: TableShape, row_ids: Sequence[int], select_list: SelectList, *conditions: sa.ColumnElement[bool]
) -> list[Row]:
    """Those of the rows that fulfil the conditions, as they are now, in their order."""
    row = shape.row
    chosen: sa.Select[Any] = sa.select(sa.literal_column("1")).select_from(row)
    wanted = row.c.id == sa.func.any(sa.bindparam("row_ids", list(row_ids), sa.ARRAY(sa.BigInteger())))
    query = chosen.where(*conditions, wanted).order_by(row.c.order, row.c.id)
    found: list[Row] = orjson.loads(rows_json(select_list, query))
    return found
