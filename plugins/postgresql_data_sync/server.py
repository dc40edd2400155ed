"""Connections to other PostgreSQL servers: only to allowed addresses, read-only, limited in time."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from plugin_api import outbound
from plugin_api.db import connection as own_connection
from plugin_api.db import unit_of_work
from plugin_api.outbound import OutboundError
from plugins.data_sync.kinds import Settings, SyncError

_CONNECT_SECONDS = 10
_STATEMENT_SECONDS = 300

_SEES_LOCK = """
    SELECT EXISTS (
        SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database AND d.datname = current_database()
        WHERE l.locktype = 'advisory' AND l.classid = %s AND l.objid = %s
    )
"""

Connection = psycopg.Connection[Any]


@contextmanager
def connected(settings: Settings) -> Iterator[Connection]:
    """A session with the server. SyncError when there is none, or when one of its statements fails."""
    host, port = settings["postgresql_host"], settings["postgresql_port"]
    if not settings.get("postgresql_password"):
        raise SyncError("There is no password for this PostgreSQL server: enter it again.")
    try:
        addresses = outbound.addresses(host, port, outbound.own_machine())
    except OutboundError as error:
        raise SyncError(f"The PostgreSQL server cannot be reached: {error}") from None
    with failures(), psycopg.connect(**_parameters(settings, addresses), autocommit=False) as connection:
        _refuse_own(connection)
        yield connection
        connection.rollback()


@contextmanager
def failures() -> Iterator[None]:
    """What goes wrong with the server, in words."""
    try:
        yield
    except psycopg.errors.QueryCanceled:
        raise SyncError(f"The server needed more than {_STATEMENT_SECONDS} seconds. Sync a smaller table.") from None
    except psycopg.OperationalError as error:
        raise SyncError(f"The PostgreSQL server cannot be used: {_told(error)}. Check host and credentials.") from None
    except psycopg.Error as error:
        raise SyncError(f"The PostgreSQL server refuses to read the table: {_told(error)}.") from None


def _told(error: psycopg.Error) -> str:
    """The server's message alone; what the library adds may name addresses."""
    text = error.diag.message_primary or str(error).splitlines()[-1]
    return text.strip().removesuffix(".")[:300]


def _parameters(settings: Settings, addresses: list[str]) -> dict[str, Any]:
    """The checked addresses are connected to; the name is only for the certificate. No file of this machine counts."""
    mode = settings["postgresql_sslmode"]
    certificates = {"sslrootcert": "system"} if mode == "verify-full" else {}
    return {
        "host": ",".join([settings["postgresql_host"]] * len(addresses)),
        "hostaddr": ",".join(addresses),
        "port": settings["postgresql_port"],
        "dbname": settings["postgresql_database"],
        "user": settings["postgresql_username"],
        "password": settings["postgresql_password"],
        "sslmode": mode,
        "sslcertmode": "disable",
        "gssencmode": "disable",
        "passfile": "/dev/null",
        "connect_timeout": _CONNECT_SECONDS,
        "application_name": "tablewright data sync",
        "client_encoding": "utf8",
        "options": f"-c statement_timeout={_STATEMENT_SECONDS}s -c default_transaction_read_only=on"
        " -c TimeZone=UTC -c DateStyle=ISO -c IntervalStyle=postgres -c extra_float_digits=1",
        **certificates,
    }


def _refuse_own(other: Connection) -> None:
    """The database of this instance has the data of everybody: nobody syncs from it, whatever is allowed else.

    Whether it is that one shows a lock: it is seen in the same database alone, however that was reached.
    """
    group, member = secrets.randbits(31), secrets.randbits(31)
    own_connection().exec_driver_sql("SELECT pg_advisory_xact_lock(%s, %s)", (group, member))
    seen = other.execute(_SEES_LOCK, (group, member)).fetchone()
    unit_of_work().commit()
    if seen is None or seen[0]:
        raise SyncError("This is the database of this instance itself. Choose another one.")
