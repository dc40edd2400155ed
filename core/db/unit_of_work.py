"""Units of work: one transaction for a request or job step, its ledger rows, and what follows the commit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any, TypeVar

import orjson
import sqlalchemy as sa
import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from core.db.engine import connect_for_statements
from core.db.replicas import READS, Replica, Replicas
from plugin_api.db import FILLED_BY
from plugin_api.errors import TryAgain

T = TypeVar("T")

log = structlog.get_logger(__name__)

_current: ContextVar[SqlUnitOfWork | None] = ContextVar("tablewright_unit_of_work", default=None)


class SqlUnitOfWork:
    """A transaction that is opened by the first use of `session` or `connection`."""

    def __init__(
        self,
        engine: sa.Engine,
        replicas: Replicas | None = None,
        committed: Callable[[sa.Connection], None] | None = None,
        reading: bool = False,
    ) -> None:
        """replicas: those that may answer; it reads only. committed: told of the connection after each commit."""
        self.reading = reading or replicas is not None
        """Whether each statement is a transaction of its own, so that there can be no savepoints."""
        self._engine = engine
        self._replicas = replicas
        self._committed = committed
        self.replica: Replica | None = None
        """The replica that answers, once it was chosen."""
        self._connection: sa.Connection | None = None
        self._session: Session | None = None
        self._ledger: dict[sa.Table, list[dict[str, Any]]] = {}
        self._after_commit: list[Callable[[], None]] = []

    @property
    def session(self) -> Session:
        """The session on the connection, opened on first use: work that needs no session does not pay for one."""
        if self._session is None:
            self._session = Session(self.connection, expire_on_commit=False, join_transaction_mode="rollback_only")
        return self._session

    @property
    def connection(self) -> sa.Connection:
        """The connection, taken from the pool on first use."""
        if self._connection is None:
            self._connection = self._connect()
        return self._connection

    def _connect(self) -> sa.Connection:
        if self._replicas is None:
            return self._connect_to_primary()
        found = self._replicas.connection()
        READS.labels("replica" if found else "primary").inc()
        if found is None:
            return self._connect_to_primary()
        self.replica, connection = found
        return connection

    def _connect_to_primary(self) -> sa.Connection:
        return connect_for_statements(self._engine) if self.reading else self._engine.connect()

    def ledger(self, table: sa.Table, row: Mapping[str, Any]) -> None:
        """Queue a row that is inserted with the commit."""
        self._ledger.setdefault(table, []).append(dict(row))

    def after_commit(self, callback: Callable[[], None]) -> None:
        """Queue a callback for after the commit."""
        self._after_commit.append(callback)

    def commit(self) -> None:
        """Write the ledger, commit, then run the callbacks. A failing callback is logged: the data is safe."""
        if self._ledger:
            if self._session is not None:
                self._session.flush()
            self._write_ledger()
        if self._session is not None:
            self._session.commit()
        if self._connection is not None:
            self._connection.commit()
            if self._committed is not None:
                self._committed(self._connection)
        callbacks, self._after_commit = self._after_commit, []
        for callback in callbacks:
            try:
                callback()
            except Exception:  # noqa: BLE001 - one callback must not stop the others, and the commit stands
                log.exception("a callback after the commit failed")

    def _write_ledger(self) -> None:
        tables, self._ledger = self._ledger, {}
        columns = {table: _columns(rows) for table, rows in tables.items()}
        statement = ledger_statement(tuple((table, columns[table]) for table in tables))
        parameters = {f"rows_{n}": _json(rows) for n, rows in enumerate(tables.values())}
        self.connection.exec_driver_sql(statement, parameters)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undo only the block when it raises."""
        ledger = {table: len(rows) for table, rows in self._ledger.items()}
        callbacks = len(self._after_commit)
        self.session.flush()
        known = set(self.session.identity_map.keys())
        try:
            with self.connection.begin_nested():
                yield
                self.session.flush()
        except BaseException:
            self._forget_since(known)
            self._ledger = {table: self._ledger[table][:count] for table, count in ledger.items()}
            del self._after_commit[callbacks:]
            raise

    def _forget_since(self, known: set[Any]) -> None:
        """Forget the objects a savepoint brought; what they were is undone. Others are read again when used."""
        for found in list(self.session):
            if sa.inspect(found).key not in known:
                self.session.expunge(found)
        self.session.expire_all()

    def rollback(self) -> None:
        """Undo everything since the last commit."""
        self._ledger.clear()
        self._after_commit.clear()
        if self._session is not None:
            self._session.close()  # it joined the connection's transaction, which is not its own to roll back
            self._session = None
        if self._connection is not None:
            self._connection.rollback()

    def close(self) -> None:
        """Give the connection back."""
        if self._session is not None:
            self._session.close()
            self._session = None
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _json(rows: list[dict[str, Any]]) -> str:
    return orjson.dumps(rows, option=orjson.OPT_NON_STR_KEYS).decode()


def _columns(rows: list[dict[str, Any]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for row in rows for name in row))


@lru_cache(maxsize=256)
def ledger_statement(tables: tuple[tuple[sa.Table, tuple[str, ...]], ...]) -> str:
    """One statement that inserts JSON rows (parameters rows_0, rows_1, ...) into all the tables."""
    parts = []
    for n, (table, columns) in enumerate(tables):
        given = {column: f'r."{column}"' for column in columns}
        known = {column.name: column.info[FILLED_BY] for column in table.columns if FILLED_BY in column.info}
        values = {**known, **given}
        names, full = ", ".join(f'"{column}"' for column in values), f'"{table.schema}"."{table.name}"'
        parts.append(
            f"l{n} AS (INSERT INTO {full} ({names})"
            f" SELECT {', '.join(values.values())} FROM json_populate_recordset(null::{full}, %(rows_{n})s::json) AS r)"
        )
    return f"WITH {', '.join(parts)} SELECT 1"


_RETRIES = 3
RETRYABLE = {"40P01", "40001"}  # deadlock detected, serialization failure
_READ_ONLY = "25006"
_CHANGED = {"42P01", "42703", "42804", "42846", "42883"}
"""Undefined table or column, wrong types, no such cast or operator: a statement made for a table as it was before."""


class SqlUnitsOfWork:
    """Opens and finds units of work of one engine, and of its replicas."""

    def __init__(self, engine: sa.Engine, replicas: Replicas | None = None) -> None:
        self.engine = engine
        self.replicas = replicas
        self._committed = replicas.written.note_commit if replicas is not None else None

    def current(self) -> SqlUnitOfWork:
        """The running unit of work."""
        found = _current.get()
        if found is None:
            raise LookupError("no unit of work is running; open one with plugin_api.db.begin()")
        return found

    def note(self) -> None:
        """Let replicas answer only with all that the running unit of work sees, from now on; before it tells of it."""
        if self.replicas is not None:
            self.replicas.written.note(self.current().connection)

    @contextmanager
    def begin(self, reading: bool = False) -> Iterator[SqlUnitOfWork]:
        """A new unit of work for the block. One that reads needs no BEGIN and COMMIT: each statement is its own."""
        committed = None if reading else self._committed
        with _running(SqlUnitOfWork(self.engine, committed=committed, reading=reading)) as unit:
            yield unit

    def run(self, work: Callable[[], T], reading: bool = False, replica: bool = False) -> T:
        """Run `work` in a unit of work, again when the database broke a deadlock or a table was changed meanwhile."""
        if reading and replica and self.replicas is not None:
            try:
                return self._run_on_replica(work, self.replicas)
            except _Writes:
                reading = False
            except _Elsewhere:
                pass  # what the replica could not do was logged
        for _ in range(_RETRIES):
            try:
                with self.begin(reading):
                    return work()
            except DBAPIError as error:
                state = getattr(error.orig, "sqlstate", None)
                if state not in RETRYABLE | _CHANGED:
                    raise
                log.warning("another request was in the way; running this one again", sqlstate=state)
            except TryAgain as conflict:
                log.info("running the request again", reason=conflict.detail)
        with self.begin(reading):
            return work()

    def _run_on_replica(self, work: Callable[[], T], replicas: Replicas) -> T:
        """Run `work`, which only reads, where a replica may answer; _Elsewhere when the primary must."""
        unit = SqlUnitOfWork(self.engine, replicas)
        try:
            with _running(unit):
                return work()
        except TryAgain as conflict:
            log.info("running the request again", reason=conflict.detail)
        except DBAPIError as error:
            if unit.replica is not None and error.connection_invalidated:
                unit.replica.leave_out(str(error).partition("\n")[0])
            state = getattr(error.orig, "sqlstate", None)
            if unit.replica is None and state not in RETRYABLE | _CHANGED:
                raise
            if state == _READ_ONLY:
                raise _Writes from None
            log.warning("the request is run again on the primary", sqlstate=state)
        raise _Elsewhere


class _Elsewhere(Exception):
    """What a replica could not do."""


class _Writes(Exception):
    """What was to read only makes something that is missing, such as the options of new fields in a view."""


@contextmanager
def _running(unit: SqlUnitOfWork) -> Iterator[SqlUnitOfWork]:
    """Have a unit of work be the current one for the block, which commits it or rolls it back."""
    token = _current.set(unit)
    try:
        yield unit
        unit.commit()
    except BaseException:
        unit.rollback()
        raise
    finally:
        unit.close()
        _current.reset(token)
