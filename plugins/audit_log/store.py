"""Stored entries: which are wanted, a page of them, all of them one after the other."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from plugin_api.db import connection, session
from plugin_api.orders import SortKeys
from plugin_api.sql import contains
from plugins.audit_log.models import Entry

_NEWEST = (Entry.created_on.desc(), Entry.id.desc())
_BATCH = 2000

Comparison = Callable[[Any, Any], Any]

SORT_KEYS: SortKeys = {
    "user": [sa.type_coerce(Entry.user_email, sa.Text()), sa.type_coerce(Entry.user_id, sa.BigInteger())],
    "workspace": [sa.func.lower(Entry.workspace_name), sa.type_coerce(Entry.workspace_id, sa.BigInteger())],
    "type": [sa.type_coerce(Entry.action_type, sa.Text())],
    "timestamp": [sa.type_coerce(Entry.created_on, sa.DateTime(timezone=True))],
    "ip_address": [sa.type_coerce(Entry.ip_address, sa.Text())],
}


@dataclass(frozen=True)
class Wanted:
    """Which entries are wanted; None does not limit them. `search` is looked for in addresses and workspaces' names."""

    workspace_id: int | None = None
    user_id: int | None = None
    action_type: str | None = None
    from_timestamp: datetime | None = None
    to_timestamp: datetime | None = None
    search: str = ""

    @property
    def conditions(self) -> list[sa.ColumnElement[bool]]:
        """In SQL; each has an index that begins with it."""
        moment = sa.type_coerce(Entry.created_on, sa.DateTime(timezone=True))
        given: list[tuple[Any, sa.ColumnElement[Any], Comparison]] = [
            (self.workspace_id, sa.type_coerce(Entry.workspace_id, sa.BigInteger()), operator.eq),
            (self.user_id, sa.type_coerce(Entry.user_id, sa.BigInteger()), operator.eq),
            (self.action_type, sa.type_coerce(Entry.action_type, sa.Text()), operator.eq),
            (self.from_timestamp, moment, operator.ge),
            (self.to_timestamp, moment, operator.le),
        ]
        found = [compare(column, value) for value, column, compare in given if value is not None]
        if self.search:
            found.append(sa.or_(contains(Entry.user_email, self.search), contains(Entry.workspace_name, self.search)))
        return found


def page(
    wanted: Wanted, order: Sequence[sa.ColumnElement[Any]], limit: int, offset: int
) -> tuple[int, Sequence[Entry]]:
    """How many entries are wanted, and a window of them, the newest first but for `order`: one query or two."""
    query = sa.select(Entry).where(*wanted.conditions).order_by(*order, *_NEWEST)
    found = session().scalars(query.limit(limit).offset(offset)).all()
    if offset == 0 and len(found) < limit:
        return len(found), found
    return count(wanted), found


def count(wanted: Wanted) -> int:
    """How many entries are wanted, counted in an index."""
    return session().scalar(sa.select(sa.func.count()).select_from(Entry).where(*wanted.conditions)) or 0


def next_to(wanted: Wanted, place: tuple[datetime, int] | None, newer: bool, limit: int) -> Sequence[Entry]:
    """The entries before or after a moment and id, the newest first: what it takes does not grow with the log."""
    query = sa.select(Entry).where(*wanted.conditions)
    if place is not None:
        key, other = sa.tuple_(Entry.created_on, Entry.id), sa.tuple_(*map(sa.literal, place))
        query = query.where(key > other if newer else key < other)
    if not newer:
        return session().scalars(query.order_by(*_NEWEST).limit(limit)).all()
    found = session().scalars(query.order_by(Entry.created_on, Entry.id).limit(limit)).all()
    return found[::-1]


def every(wanted: Wanted) -> Iterator[sa.RowMapping]:
    """All of them, the newest first, of a single moment, read by a cursor: a batch at a time is in memory."""
    query = sa.select(Entry.__table__).where(*wanted.conditions).order_by(*_NEWEST)
    with connection().execute(query, execution_options={"yield_per": _BATCH}) as found:
        yield from found.mappings()
