"""What follows a change of rows, in its transaction: history, the action and the event."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, cast

import sqlalchemy as sa

from plugin_api import actions, context, events
from plugin_api.db import unit_of_work
from plugin_api.fields import Field
from plugins.database.context import TableContext
from plugins.database.models import RowHistory
from plugins.database.shape import TableShape

Row = dict[str, Any]
_quiet: ContextVar[bool] = ContextVar("rows_quiet", default=False)
_HISTORY = cast(sa.Table, RowHistory.__table__)


def by_column(shape: TableShape, rows: Sequence[Row], names: bool) -> Sequence[Row]:
    """Rows keyed by `field_<id>`, whatever they were read with."""
    if not names:
        return rows
    columns = {found.name: found.column for found in shape.fields}
    return [{columns.get(key, key): value for key, value in row.items()} for row in rows]


def write_history(
    shape: TableShape, action_type: str, changes: Sequence[tuple[int, Mapping[str, Any], Mapping[str, Any]]]
) -> None:
    """Keep what changed: (row id, values before, values after), keyed by `field_<id>`."""
    unit, who = unit_of_work(), context.actor()
    for row_id, before, after in changes:
        metadata = {key: _metadata(shape.by_column[key]) for key in after}
        unit.ledger(
            _HISTORY,
            {
                "table_id": shape.id,
                "row_id": row_id,
                "user_id": who.user_id,
                "user_name": who.name,
                "action_type": action_type,
                "action_command_type": context.current().command,
                "before_values": dict(before),
                "after_values": dict(after),
                "fields_metadata": metadata,
            },
        )


def _metadata(field: Field) -> dict[str, Any]:
    """What is needed to show an old value: the type and its options, without defaults."""
    options = {key: value for key, value in field.options.items() if not key.endswith("_default")}
    found: dict[str, Any] = {"id": field.id, "type": field.type, **options}
    if field.select_options:
        found["select_options"] = {
            str(option.id): {"id": option.id, "value": option.value, "color": option.color}
            for option in field.select_options
        }
    return found


def announce(
    where: TableContext, event: str, payload: Mapping[str, Any], action_type: str, params: Mapping[str, Any]
) -> None:
    """Record the action and put the event into the outbox."""
    base = {"table_id": where.id, "table_name": where.name, "database_id": where.application_id}
    actions.record(action_type, scope=f"table{where.id}", workspace_id=where.workspace_id, params={**base, **params})
    emit_rows(event, {"table_id": where.id, **payload}, where.workspace_id)


def emit_rows(event: str, payload: Mapping[str, Any], workspace_id: int) -> None:
    """Put an event about rows into the outbox; it says so when webhooks are not to be called for it."""
    events.emit(event, {**payload, "send_webhook_events": False} if _quiet.get() else payload, workspace_id)


@contextmanager
def quietly(quiet: bool) -> Iterator[None]:
    """Change rows in the block without webhooks being called, where `quiet`."""
    token = _quiet.set(quiet)
    try:
        yield
    finally:
        _quiet.reset(token)


def changed_values(shape: TableShape, before: Row, after: Row, touched: Sequence[Field]) -> tuple[Row, Row]:
    """The values of the touched fields that differ, before and after."""
    keys = [found.column for found in touched if before.get(found.column) != after.get(found.column)]
    return {key: before.get(key) for key in keys}, {key: after.get(key) for key in keys}
