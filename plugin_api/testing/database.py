"""A PostgreSQL connection for tests of plugins; nothing that is done on it stays."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from plugin_api.reading import FUNCTIONS


@contextmanager
def connection_to(database_url: str) -> Iterator[sa.Connection]:
    """A connection in a transaction that is rolled back at the end."""
    url = sa.make_url(database_url).set(drivername="postgresql+psycopg")
    engine = sa.create_engine(url, poolclass=sa.NullPool, connect_args={"options": "-c timezone=UTC"})
    try:
        with engine.connect() as connection, connection.begin() as transaction:
            yield connection
            transaction.rollback()
    finally:
        engine.dispose()


@pytest.fixture
def field_connection() -> Iterator[sa.Connection]:
    """A connection to the database of DATABASE_URL,the transaction is rolled back."""
    url = os.environ.get("DATABASE_URL")
    if not url:
        pytest.fail("set DATABASE_URL to a PostgreSQL database the tests may use; they leave nothing behind")
    with connection_to(url) as connection:
        yield connection


_STAND_INS = """
CREATE SCHEMA IF NOT EXISTS core;
CREATE SCHEMA IF NOT EXISTS database;
CREATE FUNCTION core.fold_text(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT AS 'SELECT lower($1)';
CREATE FUNCTION core.lower_text(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT AS 'SELECT lower($1)';
CREATE FUNCTION core.sort_text(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT AS 'SELECT lower($1)';
CREATE FUNCTION core.sort_case(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT AS 'SELECT $1';
CREATE TABLE database.select_option (
    id bigint PRIMARY KEY, field_id bigint, value text NOT NULL, color text NOT NULL, "order" bigint NOT NULL DEFAULT 0
);
"""


def provide_stand_ins(connection: sa.Connection) -> None:
    """Make what field types use of the product's database, where it is an empty one."""
    if connection.exec_driver_sql("SELECT to_regproc('core.sort_text')").scalar_one() is None:
        connection.exec_driver_sql(_STAND_INS)
        for function in FUNCTIONS:
            connection.exec_driver_sql(function.replace("%", "%%"))
