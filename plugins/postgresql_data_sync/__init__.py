"""The data sync type `postgresql`: the rows of a table or view of a PostgreSQL database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import BinaryIO

from psycopg import sql

from plugin_api import Plugin, hookimpl
from plugin_api.schemas import Choice, Int, Schema, Str
from plugins.data_sync.kinds import CopiesMixin, DataSyncType, Progress, Property, Settings, SyncError
from plugins.postgresql_data_sync.columns import as_property, read_columns
from plugins.postgresql_data_sync.server import connected, failures

plugin = Plugin(
    name="postgresql_data_sync",
    version="1.0",
    title="Sync of PostgreSQL tables",
    description="Tables that follow a table of another PostgreSQL database.",
    api=(1, 0),
    requires=("data_sync",),
)

SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
_PROGRESS_BYTES = 4 * 1024 * 1024


class PostgreSQLSettings(Schema):
    """Where the database is, as whom it is read, and which table."""

    postgresql_host = Str(required=True, max_length=255, metadata={"description": "The server's name or address."})
    postgresql_username = Str(required=True, max_length=255, metadata={"description": "Who may read the table."})
    postgresql_password = Str(
        required=True, load_only=True, max_length=255, trim=False, metadata={"description": "The user's password."}
    )
    postgresql_port = Int(load_default=5432, min_value=0, max_value=32767, metadata={"description": "The port."})
    postgresql_database = Str(required=True, max_length=255, metadata={"description": "The database."})
    postgresql_schema = Str(load_default="public", max_length=255, metadata={"description": "The table's schema."})
    postgresql_table = Str(required=True, max_length=255, metadata={"description": "The table or view."})
    postgresql_sslmode = Choice(SSL_MODES, load_default="prefer", metadata={"description": "How to encrypt."})


class PostgreSQLTable(DataSyncType, CopiesMixin):
    """The rows of a table that has a primary key. Read in a read-only session of limited time."""

    type = "postgresql"
    settings_schema = PostgreSQLSettings
    secrets = {"postgresql_password": ("postgresql_host", "postgresql_port", "postgresql_sslmode")}

    def properties(self, settings: Settings) -> list[Property]:
        """The columns."""
        with connected(settings) as connection:
            return [as_property(column) for column in read_columns(connection, settings)]

    def copy(self, settings: Settings, keys: Sequence[str], target: BinaryIO, progress: Progress) -> None:
        """The rows as PostgreSQL copies them, with values that all fit into the fields' columns."""
        with connected(settings) as connection:
            columns = {column.name: column for column in read_columns(connection, settings)}
            if missing := [key for key in keys if key not in columns]:
                raise SyncError(f'The column "{missing[0]}" went while the table was read. Sync again.')
            values = sql.SQL(", ").join(columns[key].value for key in keys)
            table = sql.Identifier(settings["postgresql_schema"], settings["postgresql_table"])
            statement = sql.SQL("COPY (SELECT {} FROM {} AS t) TO STDOUT").format(values, table)
            told, written = 0, 0
            with failures(), connection.cursor() as cursor, cursor.copy(statement) as copy:
                for data in copy:
                    target.write(data)
                    written += len(data)
                    if written - told > _PROGRESS_BYTES:
                        told = written
                        progress(0.5)


@hookimpl
def register_data_sync_types() -> list[DataSyncType]:
    """Provide `postgresql`."""
    return [PostgreSQLTable()]
