"""What a process knows of views it has read: while nothing of a view changed, its rows take one statement.

What is known is of use only together with the view's state: the statement that reads rows reads the state too, and
answers no rows when it is another one. So nothing of a view as it was before is ever shown, whoever changed it where.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

from flask import request

from plugins.database.engine.read import Context, RowQuery
from plugins.database.engine.searching import searched, sort
from plugins.views.context import given, state_sql
from plugins.views.reading import Condition, Reading

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")

Own = Callable[[Reading], Condition | None]
"""A view type's own condition on its rows; refuses views that cannot be listed."""

_VIEWS, _REQUESTS = 300, 8
_OF_WINDOWS = frozenset({"limit", "offset", "page", "size", "count", "exclude_count", "include", "search"})
_LONGEST = 2_000
"""Characters a query string may have to be kept."""


def no_more(reading: Reading) -> None:
    """Of types that list all rows the filters keep."""


class Recent(Generic[Key, Value]):
    """So many values as were used last, shared between threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Key, Value] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Key) -> Value | None:
        """What was kept."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def keep(self, key: Key, value: Value) -> Value:
        """Keep a value, and answer it."""
        with self._lock:
            self._kept[key] = value
            self._kept.move_to_end(key)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return value


@dataclass(frozen=True)
class Asked:
    """A view as a request names it: by `id` or by `slug`, and with which parts."""

    by: str
    wanted: int | str
    parts: frozenset[str]


@dataclass(frozen=True)
class Prepared:
    """The rows one kind of request reads."""

    reading: Reading
    query: RowQuery


@dataclass(frozen=True)
class Known:
    """A view as it was in a state, and the rows that requests read through it then."""

    asked: Asked
    reading: Reading
    prepared: Recent[Hashable, Prepared] = field(default_factory=lambda: Recent(_REQUESTS))

    def rows(self, choosing: bool, also: Own) -> Prepared:
        """The rows the running request asks for; refused as they are when a view is read anew."""
        asked = ((name, value) for name, value in request.args.items(multi=True) if name not in _OF_WINDOWS)
        key = (choosing, sort(self.reading.shape, request.args.get("search", "")), *asked)
        kept = self.prepared.get(key)
        if kept is not None:
            return kept
        reading = replace(self.reading)
        made = Prepared(reading, reading.rows(also(reading), choosing))
        if reading.is_constant and len(request.query_string) <= _LONGEST:
            return self.prepared.keep(key, made)
        return made

    def context(self) -> Context:
        """What a statement has to answer beside the rows: who asks, and that the view is in this state."""
        words = searched(request.args.get("search", ""))
        parameters = {**words, **given(self.asked.wanted), "known_state": self.reading.found.state}
        return Context(state_sql(self.asked.parts, self.asked.by), parameters, "c.state = %(known_state)s")


_known: Recent[Asked, Known] = Recent(_VIEWS)


def known(asked: Asked) -> Known | None:
    """What is known of a view; it may be out of date."""
    return _known.get(asked)


def remember(asked: Asked, reading: Reading) -> None:
    """Know a view as somebody reads it who named it so."""
    _known.keep(asked, Known(asked, replace(reading)))
