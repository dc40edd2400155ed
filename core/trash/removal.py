"""Removing for good what was emptied from the trash, or has been there long enough."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
import structlog
from sqlalchemy.exc import OperationalError

from core.db.models import TrashEntry
from core.settings import Settings
from core.trash.service import item_of
from core.trash.types import TrashItemTypes
from plugin_api.db import begin
from plugin_api.platform import service

log = structlog.get_logger(__name__)

_BATCH = 200


def remove_due() -> int:
    """Remove what is due, the oldest first and each in a transaction of its own; answers how many things."""
    removed, failed = 0, [0]
    while True:
        ids = _due(failed)
        for entry_id in ids:
            if _try(entry_id):
                removed += 1
            else:
                failed.append(entry_id)
        if len(ids) < _BATCH:
            return removed


def _due(failed: list[int]) -> list[int]:
    """Things in the trash go before what they were in, which came there later."""
    oldest = datetime.now(UTC) - timedelta(hours=service(Settings).trash_keep_hours)
    is_due = sa.or_(TrashEntry.emptied, TrashEntry.trashed_on < oldest)
    query = sa.select(TrashEntry.id).where(is_due, TrashEntry.id.not_in(failed))
    with begin() as unit:
        return list(unit.session.scalars(query.order_by(TrashEntry.trashed_on, TrashEntry.id).limit(_BATCH)))


def _try(entry_id: int) -> bool:
    """Remove one thing; what fails stays for the next time, and the others are removed all the same."""
    try:
        with begin() as unit:
            unit.connection.execute(sa.text("SET LOCAL lock_timeout = '2s'"))
            chosen = sa.select(TrashEntry).where(TrashEntry.id == entry_id).with_for_update(skip_locked=True)
            entry = unit.session.scalar(chosen)
            if entry is not None:
                _remove(entry)
                unit.session.delete(entry)
            return entry is not None
    except (OperationalError, LookupError) as error:
        log.warning("something in the trash could not be removed; trying later", entry=entry_id, reason=str(error))
        return False


def _remove(entry: TrashEntry) -> None:
    kind = service(TrashItemTypes).get(entry.type)
    if kind is None:
        raise LookupError(f"the trash item type {entry.type!r} is not loaded")
    kind.remove(item_of(entry))
