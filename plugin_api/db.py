"""The database for plugins: the unit of work of the running request or job, and a declarative base."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import Any, Protocol, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from plugin_api.platform import service

T = TypeVar("T")

FILLED_BY = "filled_by"
"""The key in a column's `info` under which is the SQL that fills it in ledger rows that do not give it a value.

The SQL sees the row as `r`, and what the transaction has done: `mapped_column(info={FILLED_BY: "(SELECT ...)"})`.
"""


class UnitOfWork(Protocol):
    """One transaction. It commits when the request or job step ends well and rolls back when it fails."""

    @property
    def session(self) -> Session:
        """The SQLAlchemy session, opened on first use."""

    @property
    def connection(self) -> sa.Connection:
        """The connection of the session, for SQL that is not about mapped classes."""

    def ledger(self, table: sa.Table, row: Mapping[str, Any]) -> None:
        """Insert `row` (JSON values) with the commit; all ledger rows of a transaction are one statement."""

    def after_commit(self, callback: Callable[[], None]) -> None:
        """Run `callback` once the transaction is committed; never when it is rolled back."""

    def commit(self) -> None:
        """Commit now and go on in a new transaction; for jobs that work in steps."""

    def savepoint(self) -> AbstractContextManager[None]:
        """Undo only the block when it raises: its SQL, its ledger rows, its callbacks."""


class UnitsOfWork(Protocol):
    """Opens and finds units of work."""

    def current(self) -> UnitOfWork:
        """The running unit of work; LookupError outside of one."""

    def begin(self) -> AbstractContextManager[UnitOfWork]:
        """A new unit of work for the block: committed at its end, rolled back when it raises."""

    def run(self, work: Callable[[], T], reading: bool = False, replica: bool = False) -> T:
        """Run `work` in a unit of work of its own, again when the database broke a deadlock.

        `reading`: it changes nothing, so each statement may be a transaction of its own, which spares BEGIN and
        COMMIT. Statements see what is committed when they begin, as in any transaction here (READ COMMITTED).
        `replica`: what reads may be answered by a read replica that has everything that was committed before; it is
        run again on the primary when the replica fails.
        """


def unit_of_work() -> UnitOfWork:
    """The running unit of work."""
    return service(UnitsOfWork).current()


def begin() -> AbstractContextManager[UnitOfWork]:
    """Open a unit of work of its own for a block."""
    return service(UnitsOfWork).begin()


def session() -> Session:
    """The session of the running unit of work."""
    return unit_of_work().session


def connection() -> sa.Connection:
    """The connection of the running unit of work, for SQL that is not about mapped classes."""
    return unit_of_work().connection


def after_commit(callback: Callable[[], None]) -> None:
    """Run `callback` once the running transaction is committed."""
    unit_of_work().after_commit(callback)


@contextmanager
def savepoint() -> Iterator[None]:
    """Undo only the block when it raises, and raise on."""
    with unit_of_work().savepoint():
        yield


NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


TYPES: dict[Any, Any] = {
    int: sa.BigInteger(),
    str: sa.Text(),
    datetime: sa.DateTime(timezone=True),
}
"""What Python annotations of mapped columns are in PostgreSQL."""


def schema_metadata(schema: str) -> sa.MetaData:
    """Metadata whose tables live in the PostgreSQL schema `schema`, the plugin's name.

    A plugin declares its base with it:

        class Base(DeclarativeBase):
            metadata = schema_metadata("stars")
            type_annotation_map = TYPES
    """
    return sa.MetaData(schema=schema, naming_convention=NAMING)
