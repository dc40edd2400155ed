"""What follows a change of rows, in its transaction: the action and the event; and what changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from plugin_api import actions, events
from plugin_api.fields import Field
from plugins.database.context import TableContext
from plugins.database.shape import TableShape

Row = dict[str, Any]
_quiet: ContextVar[bool] = ContextVar("rows_quiet", default=False)


def by_column(shape: TableShape, rows: Sequence[Row], names: bool) -> Sequence[Row]:
    """Rows keyed by `field_<id>`, whatever they were read with."""
    if not names:
        return rows
    columns = {found.name: found.column for found in shape.fields}
    return [{columns.get(key, key): value for key, value in row.items()} for row in rows]


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
