"""What a sync tells: the history of rows, events for listeners, and one action."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from plugin_api import actions, events
from plugin_api.db import connection
from plugins.data_sync.actions import SYNCED
from plugins.data_sync.merge import ONE_BY_ONE, Merged
from plugins.data_sync.models import DataSync
from plugins.database.context import TableContext
from plugins.database.rows.history import write_history
from plugins.database.rows.ledger import changed_values

_EVENT_ROWS = 200
_EVENT_IDS = 10_000


def tell(sync: DataSync, where: TableContext, merged: Merged) -> None:
    """Tell of the rows that came, changed and went."""
    if merged.added > ONE_BY_ONE or merged.changed > ONE_BY_ONE:
        _tell_of_many(where, merged)
    else:
        _tell_of_new(where, merged)
        _tell_of_changed(where, merged)
    _tell_of_gone(where, merged)
    numbers = {"added": merged.added, "changed": merged.changed, "removed": merged.gone}
    base = {"table_id": where.id, "table_name": where.name, "database_id": where.application_id}
    params = {**base, "data_sync_id": sync.id, **numbers}
    actions.record(SYNCED, scope=f"table{where.id}", workspace_id=where.workspace_id, params=params)


def _emit(where: TableContext, event: str, **payload: Any) -> None:
    events.emit(event, {"table_id": where.id, **payload}, where.workspace_id)


def _parts(found: Sequence[Any], size: int = _EVENT_ROWS) -> Iterator[Sequence[Any]]:
    return (found[start : start + size] for start in range(0, len(found), size))


def _tell_of_new(where: TableContext, merged: Merged) -> None:
    for ids in _parts(merged.new_ids):
        _emit(where, "rows_created", before_row_id=None, rows=merged.now(ids))


def _tell_of_changed(where: TableContext, merged: Merged) -> None:
    """The rows before and after, and their history."""
    fields = [found for found in merged.shape.fields if found.read_only]
    before = {row["id"]: row for row in merged.before}
    for ids in _parts(merged.changed_ids):
        after = merged.now(ids)
        changes = [(row["id"], *changed_values(merged.shape, before[row["id"]], row, fields)) for row in after]
        write_history(merged.shape, "update_rows", [change for change in changes if change[2]])
        rows_before = [before[row["id"]] for row in after]
        touched = [found.id for found in fields]
        _emit(where, "rows_updated", rows_before_update=rows_before, rows=after, updated_field_ids=touched)


def _tell_of_many(where: TableContext, merged: Merged) -> None:
    """As of an import: which ids the new rows have, and the moment at which all were made or changed."""
    new = f"SELECT min(id), max(id), now() FROM {merged.shape.full_name} WHERE id > %(last)s AND created_on = now()"
    first, last, moment = connection().exec_driver_sql(new, {"last": merged.last_id}).one()
    ids = {"first_row_id": first, "last_row_id": last, "moment": moment.isoformat()}
    counts = {"row_count": merged.added, "updated_row_count": merged.changed}
    _emit(where, "rows_imported", table_name=where.name, **counts, **ids)


def _tell_of_gone(where: TableContext, merged: Merged) -> None:
    if merged.gone_rows:
        for rows in _parts(merged.gone_rows):
            _emit(where, "rows_deleted", row_ids=[row["id"] for row in rows], rows=list(rows))
        return
    for ids in _parts(merged.gone_ids, _EVENT_IDS):
        _emit(where, "rows_deleted", row_ids=list(ids), rows=[])
