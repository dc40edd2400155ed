"""The application type `database`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from plugin_api.applications import ApplicationInfo, ApplicationType
from plugin_api.archives import ArchiveReader, ArchivesMixin, ArchiveWriter
from plugin_api.db import connection
from plugin_api.permissions import standing_of
from plugins.database.archive.reading import restore_database
from plugins.database.archive.writing import database_content
from plugins.database.engine import ddl
from plugins.database.shape import schema_name
from plugins.database.tables import service, store
from plugins.database.tables.duplicate import Source, copy_tables
from plugins.database.tables.trash import remove_tables


class DatabaseApplication(ApplicationType, ArchivesMixin):
    """A container of tables."""

    type = "database"
    streamed = (("tables", "rows"),)

    def serialize(self, applications: Sequence[ApplicationInfo]) -> dict[int, dict[str, Any]]:
        """The tables of each database which a member may read: one query for all."""
        tables: dict[int, list[dict[str, Any]]] = {application.id: [] for application in applications}
        for table in store.tables_of(list(tables)):
            tables[table["database_id"]].append(table)
        return {info.id: {"tables": service.readable(info.access, tables[info.id])} for info in applications}

    def created(self, application: ApplicationInfo, init_with_data: bool) -> None:
        """With `init_with_data`, a table to start from."""
        if init_with_data:
            where = service.create_default(application, None, "Table")
            service.announce_with_application(where, copied=False)

    def tables(self, application: ApplicationInfo) -> list[str]:
        """Where the rows of its tables are."""
        schema = schema_name(application.workspace_id)
        return [f'"{schema}"."table_{table_id}"' for table_id in store.table_ids(application.id)]

    def duplicate(self, source: ApplicationInfo, target: ApplicationInfo) -> None:
        """Copy all tables with their rows. In a copy that is kept apart, nothing is computed of them."""
        tables = store.tables_of([source.id])
        sources = [Source(table["id"], table["name"]) for table in tables]
        computed = target.kept_by is None
        copies = copy_tables(sources, source.workspace_id, target.id, target.workspace_id, None, computed)
        for where in copies:
            service.announce_with_application(where, copied=True)

    def readable(self, application: ApplicationInfo) -> bool:
        """Unless a table is closed to them. Without roles at places, who may export reads all: no query."""
        access = application.access
        if access is None or access.role is None or not standing_of(access.role).at:
            return True
        tables = store.tables_of([application.id])
        return len(service.readable(access, tables)) == len(tables)

    def archived(self, application: ApplicationInfo, archive: ArchiveWriter) -> dict[str, Any]:
        """All tables with their rows."""
        return database_content(application, archive)

    def restore(self, application: ApplicationInfo, content: Mapping[str, Any], archive: ArchiveReader) -> None:
        """Tables, rows, then what plugins keep with them."""
        restore_database(application, content, archive)

    def deleted(self, application: ApplicationInfo) -> None:
        """Remove the tables with all they hold, those in the trash too."""
        remove_tables(application.workspace_id, store.all_table_ids(application.id))
        ddl.drop_empty_schema(connection(), application.workspace_id)
