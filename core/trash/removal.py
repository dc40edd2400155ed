"""Removing for good what was emptied from the trash, or has been there long enough."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy.exc import OperationalError

from core.db.models import TrashEntry
from core.settings import Settings
from core.trash.service import item_of
from core.trash.types import TrashItemTypes
from plugin_api.db import begin, session
from plugin_api.platform import service
from plugin_api.trash import TrashItemType

log = structlog.get_logger(__name__)

_BATCH = 1000


def remove_due() -> int:
    """Remove what is due, the oldest first, in a transaction for each batch; answers how many things."""
    removed, failed = 0, [0]
    while True:
        due = _due(failed)
        for entry_ids in _batches(due):
            gone = _remove_batch(entry_ids)
            removed += len(gone)
            failed += [entry_id for entry_id in entry_ids if entry_id not in gone]
        if len(due) < _BATCH:
            return removed


def _due(failed: list[int]) -> Sequence[Any]:
    """Things in the trash go before what they were in, which came there later."""
    oldest = datetime.now(UTC) - timedelta(hours=service(Settings).trash_keep_hours)
    is_due = sa.or_(TrashEntry.emptied, TrashEntry.trashed_on < oldest)
    query = sa.select(TrashEntry.id, TrashEntry.type, TrashEntry.parent_id)
    query = query.where(is_due, TrashEntry.id.not_in(failed))
    with begin() as unit:
        return unit.session.execute(query.order_by(TrashEntry.trashed_on, TrashEntry.id).limit(_BATCH)).all()


def _batches(due: Iterable[Any]) -> Iterator[list[int]]:
    """The ids of entries that are removed together: neighbours of one type with one parent, as many as it takes."""
    for (type_name, _), group in groupby(due, key=lambda row: (row.type, row.parent_id)):
        kind = service(TrashItemTypes).get(type_name)
        ids = [row.id for row in group]
        size = 1 if kind is None else kind.removed_together
        yield from (ids[start : start + size] for start in range(0, len(ids), size))


def _remove_batch(entry_ids: list[int]) -> set[int]:
    """Remove things together, or each by itself when that fails; answers those that are gone.

    What fails stays for the next time, and the others are removed all the same.
    """
    gone = _try(entry_ids)
    if gone is None and len(entry_ids) > 1:
        return {entry_id for entry_id in entry_ids if _try([entry_id])}
    return gone or set()


def _try(entry_ids: list[int]) -> set[int] | None:
    """Remove those of the things that nobody else is removing; None when that failed, and nothing was removed."""
    try:
        with begin() as unit:
            unit.connection.execute(sa.text("SET LOCAL lock_timeout = '2s'"))
            chosen = sa.select(TrashEntry).where(TrashEntry.id.in_(entry_ids)).order_by(TrashEntry.id)
            entries = unit.session.scalars(chosen.with_for_update(skip_locked=True)).all()
            found = {entry.id for entry in entries}
            if entries:
                _kind(entries[0].type).remove_all([item_of(entry) for entry in entries])
            unit.session.execute(sa.delete(TrashEntry).where(TrashEntry.id.in_(found)))
        return found
    except (OperationalError, LookupError) as error:
        log.warning("something in the trash could not be removed; trying later", entries=entry_ids, reason=str(error))
        return None


def _kind(type_name: str) -> TrashItemType:
    kind = service(TrashItemTypes).get(type_name)
    if kind is None:
        raise LookupError(f"the trash item type {type_name!r} is not loaded")
    return kind


def remove_entry(entry: TrashEntry) -> None:
    """Remove what an entry is about for good, and the entry, with the running unit of work."""
    _kind(entry.type).remove(item_of(entry))
    session().delete(entry)
