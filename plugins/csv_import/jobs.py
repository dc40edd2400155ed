"""The job that imports a CSV file, and starting it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from plugin_api import jobs
from plugin_api.db import begin, session
from plugin_api.errors import ApiError, body_invalid, problem
from plugin_api.fields import Field
from plugin_api.jobs import JobType
from plugins.csv_import import reading, uploads
from plugins.csv_import.models import Upload
from plugins.database.context import TableContext, table_context
from plugins.database.guard import require_writable
from plugins.database.rows.service import require_own_rows
from plugins.database.shape import TableShape, shape_of
from plugins.database.tables import service as tables
from plugins.database.tables.imports import importable
from plugins.database.tables.jobs import FileImportJob
from plugins.database.tables.sources import RowSource

_IMPORT = "database.table.import_rows"
_LOOKED_AT = 1000


def start(upload_id: str, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Start importing a file that has arrived: into `table_id`, or into a new table of `database_id`."""
    upload = uploads.complete(upload_id)
    charset = wanted["charset"]
    chosen = reading.SEPARATORS.get(wanted["separator"])
    separator = chosen or reading.guess_separator(upload.parts, charset)
    first = reading.first_rows(upload.parts, separator, charset, _LOOKED_AT)
    header = wanted["first_row_header"]
    if len(first) <= header:
        raise ApiError("ERROR_INVALID_FILE", 400, "There are no rows in the file.")
    how = {
        "upload_id": upload.id,
        "parts": list(upload.parts),
        "size": upload.size,
        "charset": charset,
        "separator": separator,
        "first_row_header": header,
        "width": len(first[0]) if header else reading.columns_of(first),
    }
    place = _into_table if wanted["table_id"] is not None else _into_database
    return jobs.start(CsvImportJob.type, **how, **place(wanted, first[0] if header else []))


def _into_table(wanted: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    where = table_context(wanted["table_id"], _IMPORT)
    shape = shape_of(where)
    require_own_rows(shape, "CREATE")
    columns = _columns(shape, wanted["columns"], names)
    require_writable(where, shape, [found for found in _fields(shape, columns) if found is not None])
    return {"table_id": where.id, "columns": columns}


def _columns(shape: TableShape, chosen: Sequence[int | None] | None, names: Sequence[str]) -> list[int | None]:
    """The field each column is for: as chosen, else the one of its name, else, without names, in the table's order."""
    usable = importable(shape)
    found: list[int | None]
    if chosen is not None:
        found = list(chosen)
    elif names:
        by_name = {one.name: one.id for one in usable}
        found = [by_name.get(name.strip()) for name in names]
    else:
        found = [one.id for one in usable]
    named = [field_id for field_id in found if field_id is not None]
    strange = set(named) - {one.id for one in usable}
    if strange:
        message = f"Rows cannot be imported into a field {min(strange)} of this table."
        raise ApiError("ERROR_FIELD_NOT_IN_TABLE", 400, message)
    if not named or len(set(named)) < len(named):
        message = "Name each field once, and at least one. Without columns the first row must have names of fields."
        raise body_invalid({"columns": [problem("invalid", message)]})
    return found


def _fields(shape: TableShape, columns: Sequence[int | None]) -> list[Field | None]:
    return [None if field_id is None else shape.by_id.get(field_id) for field_id in columns]


def _into_database(wanted: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    if wanted["database_id"] is None or not wanted["name"]:
        raise body_invalid({"table_id": [problem("required", "Give a table_id, or a database_id and a name.")]})
    tables.database_access(wanted["database_id"], "database.create_table")
    return {"database_id": wanted["database_id"], "name": wanted["name"]}


class CsvImportJob(FileImportJob):
    """Makes a table of a CSV file, or adds its rows to a table."""

    type = "csv_import"

    def source(self, params: Mapping[str, Any]) -> RowSource:
        """The parts of the file."""
        how = (params["separator"], params["charset"], params["width"])
        return reading.source_of(params["parts"], params["size"], *how)

    def targets(self, where: TableContext, shape: TableShape, params: Mapping[str, Any]) -> Sequence[Field | None]:
        """As chosen; columns whose field is gone by now are not taken."""
        found = _fields(shape, params["columns"])
        require_writable(where, shape, [field for field in found if field is not None])
        return found

    def clean_up(self, params: Mapping[str, Any]) -> None:
        """The file is not needed any more, whatever came of it."""
        with begin():
            upload = session().get(Upload, params["upload_id"])
            if upload is not None:
                session().delete(upload)
        uploads.remove_files(params["upload_id"])


job_types: list[JobType] = [CsvImportJob()]
