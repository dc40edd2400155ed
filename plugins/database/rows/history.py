"""The history of rows: who changed what and when, seen from both sides of a link; forgotten after some time."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import sqlalchemy as sa

from plugin_api import context, events
from plugin_api.db import begin, connection, unit_of_work
from plugin_api.fields import CollaboratorsMixin, Field, SelectOptionsMixin
from plugin_api.links import LinkMixin
from plugin_api.periodic import PeriodicTask, forget
from plugin_api.settings import setting
from plugins.database.engine.computed import graph_for
from plugins.database.models import RowHistory
from plugins.database.shape import TableShape

Values = Mapping[str, Any]
Change = tuple[int, Values, Values]
"""A row's id, and its values before and after as the API shows them, keyed by `field_<id>`."""

_HISTORY = cast(sa.Table, RowHistory.__table__)
_LINKED = "linked_rows"
LINKED_HISTORY = "linked_rows_history"
"""The event that tells that rows have a new entry in their history because rows that link to them changed."""
_FORGET_AT_ONCE = 10_000
_OF_REMOVED_AT_ONCE, _PAUSE = 2000, 0.02  # nobody waits for it, so it leaves the disk to others in between
_VANISHING = ("url", "thumbnails")
"""What is said of files that holds only for a while, and for one address of the product."""


def write_history(shape: TableShape, action_type: str, changes: Sequence[Change]) -> None:
    """Keep what changed in rows, and in the rows whose links show it from the other side.

    No query, but for two for each link that changed and is shown by the other table too.
    """
    columns = {key for _, _, after in changes for key in after}
    known = {key: _known(shape, shape.by_column[key]) for key in columns}
    for row_id, before, after in changes:
        entry = _Entry(
            {key: _plain(before.get(key)) for key in after},
            {key: _plain(value) for key, value in after.items()},
            {key: known[key].told(before.get(key), value) for key, value in after.items()},
        )
        _keep(shape.id, row_id, action_type, entry)
    for other in _other_sides(shape, changes):
        entries = list(other.entries())
        for row_id, entry in entries:
            _keep(other.shown_by.table_id, row_id, action_type, entry)
        if entries:
            payload = {"table_id": other.shown_by.table_id, "row_ids": [row_id for row_id, _ in entries]}
            events.emit(LINKED_HISTORY, payload, shape.workspace_id)


def write_presence(shape: TableShape, action_type: str, row_ids: Iterable[int]) -> None:
    """Keep that rows went into the trash or came out of it; their values are what they were."""
    for row_id in row_ids:
        _keep(shape.id, row_id, action_type, _Entry({}, {}, {}))


@dataclass(frozen=True)
class _Entry:
    """Values of a row before and after, as they are kept, with what is needed to show them later; by column."""

    before: Values
    after: Values
    metadata: Values


def _keep(table_id: int, row_id: int, action_type: str, entry: _Entry) -> None:
    who = context.actor()
    unit_of_work().ledger(
        _HISTORY,
        {
            "table_id": table_id,
            "row_id": row_id,
            "user_id": who.user_id,
            "user_name": who.name,
            "action_type": action_type,
            "action_command_type": context.current().command,
            "before_values": entry.before,
            "after_values": entry.after,
            "fields_metadata": entry.metadata,
        },
    )


@dataclass(frozen=True)
class _Known:
    """What is kept of a field with each change of it; `names` is the key for what its values refer to, if they do."""

    about: dict[str, Any]
    names: str | None = None

    def told(self, before: Any, after: Any) -> dict[str, Any]:
        """Options, people and linked rows are kept as ids; this is what they were called then."""
        if self.names is None:
            return self.about
        items = [item for side in (before, after) for item in _items(side)]
        if self.names == _LINKED:
            return {**self.about, _LINKED: {str(item["id"]): {"value": item["value"]} for item in items}}
        return {**self.about, self.names: {str(item["id"]): item for item in items}}


def _known(shape: TableShape, found: Field) -> _Known:
    kind, about = shape.type_of(found), {"id": found.id, "type": found.type}
    if isinstance(kind, LinkMixin):
        return _Known(about, _LINKED)
    options = {key: value for key, value in found.options.items() if not key.endswith("_default")}
    if isinstance(kind, SelectOptionsMixin):
        return _Known({**about, **options}, "select_options")
    return _Known({**about, **options}, "collaborators" if isinstance(kind, CollaboratorsMixin) else None)


def _items(value: Any) -> list[Mapping[str, Any]]:
    """The objects with an id in a shown value: options, people or linked rows."""
    values = value if isinstance(value, list) else [value]
    return [item for item in values if isinstance(item, dict) and "id" in item]


def _plain(value: Any) -> Any:
    """A shown value as it is kept."""
    if not isinstance(value, list | dict):
        return value
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value["id"] if "id" in value else {key: one for key, one in value.items() if key not in _VANISHING}


@dataclass
class _OtherSide:
    """The field that shows changed links from the other table: which rows came to and went from each row there.

    now: the ids of all rows it shows, by row. names: what the rows are called that it shows, or showed.
    """

    shown_by: Field
    came: dict[int, set[int]] = field(default_factory=dict)
    went: dict[int, set[int]] = field(default_factory=dict)
    now: dict[int, list[int]] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)

    def entries(self) -> Iterator[tuple[int, _Entry]]:
        """The rows of the other table, each with its links before and after."""
        column = self.shown_by.column
        for row_id in sorted(self.came.keys() | self.went.keys()):
            after = self.now.get(row_id, [])
            before = [one for one in after if one not in self.came.get(row_id, ())]
            before += sorted(self.went.get(row_id, ()))
            shown = {str(one): {"value": self.names.get(one, "")} for one in {*before, *after}}
            about = {"id": self.shown_by.id, "type": self.shown_by.type, _LINKED: shown}
            yield row_id, _Entry({column: before}, {column: after}, {column: about})


def _other_sides(shape: TableShape, changes: Sequence[Change]) -> Iterator[_OtherSide]:
    for link in shape.fields:
        kind = shape.type_of(link)
        if isinstance(kind, LinkMixin) and any(link.column in after for _, _, after in changes):
            other = _other_field(shape, link)
            if other is not None and other.id != link.id:
                side = _OtherSide(other)
                _note_pairs(side, link.column, changes)
                _read_pairs(side, shape, link)
                yield side


def _other_field(shape: TableShape, link: Field) -> Field | None:
    """The field that shows the same pairs from the other table."""
    component = graph_for(shape).component
    name = component.relation(link).table.name
    fields = (found for found, _ in component.links.values() if found.id != link.id)
    return next((found for found in fields if component.relation(found).table.name == name), None)


def _note_pairs(side: _OtherSide, column: str, changes: Sequence[Change]) -> None:
    for row_id, before, after in changes:
        was, now = ({item["id"] for item in _items(values.get(column))} for values in (before, after))
        for other in now - was:
            side.came.setdefault(other, set()).add(row_id)
        for other in was - now:
            side.went.setdefault(other, set()).add(row_id)


def _read_pairs(side: _OtherSide, shape: TableShape, link: Field) -> None:
    """The links of the other rows as they are now, in the order they are shown; and the names of those that went."""
    touched = [*side.came.keys(), *side.went.keys()]
    if not touched:
        return
    relation = graph_for(shape).component.relation(link)
    row, pairs = shape.row, relation.table.alias("pairs")
    name = shape.type_of(shape.primary).text(shape.primary, row) if shape.primary else sa.null()
    shown = sa.select(pairs.c[relation.other], row.c.id, sa.cast(name, sa.Text))
    shown = shown.select_from(row.join(pairs, relation.of(row, pairs))).where(row.c.trashed_on.is_(None))
    chosen = shown.where(pairs.c[relation.other] == sa.any_(_ids(touched))).order_by(row.c.order, row.c.id)
    for other, row_id, text in connection().execute(chosen):
        side.now.setdefault(other, []).append(row_id)
        side.names[row_id] = text or ""
    gone = {row_id for rows in side.went.values() for row_id in rows} - side.names.keys()
    if gone:
        names = sa.select(row.c.id, sa.cast(name, sa.Text)).where(row.c.id == sa.any_(_ids(gone)))
        side.names.update({row_id: text or "" for row_id, text in connection().execute(names)})


def _ids(ids: Iterable[int]) -> Any:
    return sa.cast(sorted(set(ids)), sa.ARRAY(sa.BigInteger))


_FORGET = """
    DELETE FROM database.row_history WHERE id IN (
        SELECT id FROM (SELECT id, action_timestamp FROM database.row_history ORDER BY id LIMIT %(most)s) oldest
        WHERE action_timestamp < now() - make_interval(days => %(days)s))
"""


def forget_old() -> None:
    """Remove what is older than the setting says, the oldest first, some at a time; ids grow with time."""
    forget(_FORGET, setting("row_history_keep_days"), _FORGET_AT_ONCE)


_GONE = """
    WITH RECURSIVE tables AS (
        (SELECT table_id FROM database.row_history ORDER BY table_id LIMIT 1)
        UNION ALL
        SELECT (SELECT h.table_id FROM database.row_history h WHERE h.table_id > t.table_id ORDER BY h.table_id LIMIT 1)
        FROM tables t WHERE t.table_id IS NOT NULL
    )
    SELECT table_id FROM tables t
    WHERE table_id IS NOT NULL AND NOT EXISTS (SELECT FROM database."table" f WHERE f.id = t.table_id)
"""
"""The tables that have a history but are gone: one step through the index for each table with a history."""

_FORGET_OF = """
    DELETE FROM database.row_history WHERE id IN (
        SELECT id FROM database.row_history WHERE table_id = %(table_id)s ORDER BY row_id LIMIT %(most)s)
"""


def forget_removed() -> None:
    """Remove the history of tables that were removed for good, some at a time."""
    with begin():
        gone = list(connection().exec_driver_sql(_GONE).scalars())
    for table_id in gone:
        while _forget_some_of(table_id) == _OF_REMOVED_AT_ONCE:
            time.sleep(_PAUSE)


def _forget_some_of(table_id: int) -> int:
    with begin():
        return connection().exec_driver_sql(_FORGET_OF, {"table_id": table_id, "most": _OF_REMOVED_AT_ONCE}).rowcount


FORGET_HISTORY = [
    PeriodicTask("forget-row-history", 3600.0, forget_old),
    PeriodicTask("forget-history-of-removed-tables", 300.0, forget_removed),
]
