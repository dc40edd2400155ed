"""Jobs of tables: importing rows into a new or an existing table, copying a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain, islice
from typing import Any

from plugin_api import actions, events, jobs
from plugin_api.db import connection
from plugin_api.errors import ApiError, body_invalid, problem
from plugin_api.fields import Field
from plugin_api.jobs import JobRun, JobType
from plugin_api.platform import service
from plugin_api.storage import Storage
from plugins.database.context import TableContext, table_context
from plugins.database.engine.write import stored
from plugins.database.guard import require_writable
from plugins.database.rows.following import Following
from plugins.database.rows.service import require_own_rows
from plugins.database.shape import TableShape, shape_of
from plugins.database.tables import schemas, store
from plugins.database.tables import service as tables
from plugins.database.tables.duplicate import Source, copy_tables
from plugins.database.tables.imports import Appending, append_all, importable
from plugins.database.tables.payload import DATA, UPSERT_VALUES, Rows, Upload, read_batches
from plugins.database.tables.sources import RowSource, uploaded
from plugins.database.tables.staged_links import is_link
from plugins.database.tables.upserts import STAGED, Upserting

_IMPORT = "database.table.import_rows"
_DUPLICATE = "database.table.duplicate"
_UPSERT_ROWS = 1000
_FOLLOWED_ROWS = 5000
_EMPTY_REPORT = {"failing_rows": {}, "failing_row_count": 0}


def start_creation(database_id: int, upload: Upload) -> dict[str, Any]:
    """Start a job that makes a table of what a client sent; answers its JSON. Without data the table is made now."""
    database, access = tables.database_access(database_id, "database.create_table")
    name, header = upload.body["name"], upload.body["first_row_header"]
    given = {**_params(upload), "database_id": database_id, "name": name, "first_row_header": header}
    if not upload.rows:
        where = tables.create_default(database, access, name)
        tables.announce_created(where, "create_table", {})
        given["made_table_id"] = where.id
    return jobs.start("file_import", **given)


def start_import(table_id: int, upload: Upload) -> dict[str, Any]:
    """Start a job that imports what a client sent into a table; answers its JSON."""
    where = table_context(table_id, _IMPORT)
    shape = shape_of(where)
    require_own_rows(shape, "CREATE")
    how = upload.body["configuration"] or {}
    keys = how.get("upsert_fields") or []
    _check_upsert(shape, keys, upload, how.get("upsert_values") is not None)
    skipped = how.get("skipped_fields") or []
    _targets(where, shape, skipped, upload.width, bool(keys))
    return jobs.start("file_import", **_params(upload), table_id=table_id, keys=keys, skipped=skipped)


def _targets(
    where: TableContext, shape: TableShape, skipped: Sequence[int], width: int, upserting: bool
) -> list[Field | None]:
    """What each value of a row is for; refused when one is for a field the acting user may not write.

    width: how many values the longest row has. No row changes links beyond it; other fields beyond it are written
    when `upserting`: as nothing, over what is there.
    """
    targets = [
        None if found.id in skipped or (place >= width and is_link(shape, found)) else found
        for place, found in enumerate(importable(shape))
    ]
    written = targets if upserting else targets[:width]
    require_writable(where, shape, [found for found in written if found is not None])
    return targets


def _params(upload: Upload) -> dict[str, Any]:
    return {"file": upload.file, "rows": upload.rows, "width": upload.width}


def _check_upsert(shape: TableShape, keys: Sequence[int], upload: Upload, values_given: bool) -> None:
    if not keys:
        return
    if not values_given:
        wrong = [problem("invalid", "Give upsert_values together with upsert_fields.")]
        raise body_invalid({"configuration": {"upsert_value": wrong}})
    if upload.upsert_rows != upload.rows:
        uneven = problem("invalid", "There must be one item for each row of the data.")
        raise body_invalid({"data": [uneven], "configuration": {"upsert_values": uneven}})
    usable = {found.id for found, _ in stored(shape, importable(shape))}
    for strange in (key for key in keys if key not in usable):
        message = f"Rows of this table cannot be found by a field {strange}."
        raise ApiError("ERROR_FIELD_NOT_IN_TABLE", 400, message)


class FileImportJob(JobType):
    """Makes a table of the rows a client sent, or adds them to a table."""

    type = "file_import"

    def run(self, job: JobRun) -> None:
        """Import in one transaction: a job that fails or is cancelled leaves nothing."""
        if job.params.get("table_id") is not None:
            self._import(job)
        elif "made_table_id" not in job.params:
            self._create(job)

    def source(self, params: Mapping[str, Any]) -> RowSource:
        """Where the rows come from."""
        return uploaded(Upload(params["file"], rows=params["rows"], width=params["width"]))

    def targets(self, where: TableContext, shape: TableShape, params: Mapping[str, Any]) -> Sequence[Field | None]:
        """What each value of a row is for; refused as when the job was started."""
        return _targets(where, shape, params["skipped"], params["width"], bool(params["keys"]))

    def _create(self, job: JobRun) -> None:
        given = job.params
        database, access = tables.database_access(given["database_id"], "database.create_table")
        header = given["first_row_header"]
        source = self.source(given)
        where, adding = tables.create_from(source, header, database, access, given["name"], job.progress)
        tables.announce_created(where, "create_table", {})
        job.result({"table_id": where.id, "report": adding.report.json()})

    def _import(self, job: JobRun) -> None:
        where = table_context(job.params["table_id"], _IMPORT)
        shape = shape_of(where)
        require_own_rows(shape, "CREATE")
        following, before = Following(shape, shape.fields), last_row_id(shape)
        targets = self.targets(where, shape, job.params)
        keys = [shape.by_id[key] for key in job.params.get("keys", ()) if key in shape.by_id]
        source = self.source(job.params)
        adding = upsert(shape, targets, keys, job) if keys else append(shape, targets, source, job)
        if following.active:
            _follow(following, shape, before, adding)
        store.count_rows(where.id, adding.written)
        updated = adding.updated if isinstance(adding, Upserting) else 0
        _announce_import(where, shape, before, adding.written, updated)
        job.result({"report": adding.report.json()})

    def serialize(self, params: Mapping[str, Any], result: Mapping[str, Any]) -> dict[str, Any]:
        """Where the rows go and, at the end, which ones were refused."""
        return {
            "database_id": params.get("database_id"),
            "name": params.get("name", ""),
            "table_id": result.get("table_id", params.get("made_table_id", params.get("table_id"))),
            "first_row_header": params.get("first_row_header", False),
            "report": result.get("report", _EMPTY_REPORT),
        }

    def clean_up(self, params: Mapping[str, Any]) -> None:
        """Delete the file with the rows."""
        service(Storage).delete(params["file"])


def append(shape: TableShape, targets: Sequence[Field | None], source: RowSource, job: JobRun) -> Appending:
    """Add the rows of a job at the end of a table."""
    header = bool(job.params.get("first_row_header"))
    return append_all(
        lambda: Appending(shape, targets, widest=source.width if source.strict else None),
        lambda: tables.without_first(source.batches()) if header else source.batches(),
        lambda read: job.progress(99 * source.done(read)),
    )


def upsert(shape: TableShape, targets: Sequence[Field | None], keys: Sequence[Field], job: JobRun) -> Upserting:
    """Update those rows of a job that are there, add the others."""
    adding = Upserting(shape, targets, keys)
    for rows, values in _side_by_side(job.params["file"]):
        adding.add(rows, values)
        job.progress(90 * adding.read / job.params["rows"])
    adding.finish()
    return adding


def _side_by_side(file: str) -> Iterator[tuple[Rows, Rows]]:
    rows = chain.from_iterable(read_batches(file, DATA))
    values = chain.from_iterable(read_batches(file, UPSERT_VALUES))
    while batch := list(islice(rows, _UPSERT_ROWS)):
        yield batch, list(islice(values, _UPSERT_ROWS))


def _follow(following: Following, shape: TableShape, before: int, adding: Appending | Upserting) -> None:
    """Write links and compute what follows from the rows that were imported: those after the last one before."""
    if adding.links.links:
        adding.write_links(following, before)
    following.finish_in_steps(_pages(f"SELECT id FROM {shape.full_name}", before), following.made)
    if isinstance(adding, Upserting) and adding.updated:
        fields = [target for target in adding.targets if target is not None]
        changed = _pages(f"SELECT row_id AS id FROM {STAGED}", 0)
        following.finish_in_steps(changed, lambda row_ids: following.wrote(fields, row_ids))
    adding.links.follow(following, _pages)


def _pages(select: str, after: int) -> Iterator[list[int]]:
    """The ids a statement answers that are higher than one, some at a time."""
    sql = f"SELECT id FROM ({select}) found WHERE id > %(after)s ORDER BY id LIMIT {_FOLLOWED_ROWS}"
    while ids := list(connection().exec_driver_sql(sql, {"after": after}).scalars().all()):
        yield ids
        after = ids[-1]


def last_row_id(shape: TableShape) -> int:
    """The highest id of a table's rows."""
    return int(connection().exec_driver_sql(f"SELECT coalesce(max(id), 0) FROM {shape.full_name}").scalar_one())


def _announce_import(where: TableContext, shape: TableShape, before: int, added: int, updated: int) -> None:
    """One action and one event for all rows: which ids, and the moment they all were created or changed."""
    first, last, moment = _ids(shape, before)
    ids = {"first_row_id": first, "last_row_id": last, "moment": moment.isoformat()}
    made = {"table_id": where.id, "table_name": where.name, "row_count": added, "updated_row_count": updated, **ids}
    actions.record("import_rows", scope=f"table{where.id}", workspace_id=where.workspace_id, params=made)
    events.emit("rows_imported", made, where.workspace_id)


def _ids(shape: TableShape, before: int) -> tuple[int | None, int | None, datetime]:
    """The range the ids of the new rows are in. Rows of others may be in it too: those have another `created_on`."""
    query = f"SELECT min(id), max(id), now() FROM {shape.full_name} WHERE id > %(before)s AND created_on = now()"
    first, last, moment = connection().exec_driver_sql(query, {"before": before}).one()
    return first, last, moment


class DuplicateTableJob(JobType):
    """Copies a table within its database."""

    type = "duplicate_table"
    body = schemas.DuplicateTableBody

    def requested(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The table as it is now; refused unless the user may copy it."""
        where = table_context(values["table_id"], _DUPLICATE)
        return {"table_id": where.id, "original_table": store.table_json(where)}

    def run(self, job: JobRun) -> None:
        """Copy it with all its rows."""
        source = table_context(job.params["table_id"], _DUPLICATE)
        job.progress(10)
        name = store.free_name(source.application_id, source.name)
        workspace_id, access = source.workspace_id, source.access
        copy = copy_tables([Source(source.id, name)], workspace_id, source.application_id, workspace_id, access)[0]
        params = {"original_table_id": source.id, "original_table_name": source.name}
        tables.announce_created(copy, "duplicate_table", params)
        job.result({"duplicated_table": store.table_json(copy)})

    def serialize(self, params: Mapping[str, Any], result: Mapping[str, Any]) -> dict[str, Any]:
        """The table and, at the end, its copy."""
        return {"original_table": params["original_table"], "duplicated_table": result.get("duplicated_table")}


def start_duplication(table_id: int) -> dict[str, Any]:
    """Start a job that copies a table; answers its JSON."""
    kind = DuplicateTableJob()
    return jobs.start(kind.type, **kind.requested({"table_id": table_id}))


job_types: list[JobType] = [FileImportJob(), DuplicateTableJob()]
