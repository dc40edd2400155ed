"""The jobs that write exported files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugin_api import actions
from plugin_api.actions import ActionType
from plugin_api.jobs import JobFailed, JobRun, JobType
from plugin_api.platform import registry, service
from plugin_api.states import is_enabled
from plugin_api.storage import Storage
from plugins.database.shape import latest_shape, schema_name
from plugins.exporter.files import files
from plugins.exporter.rows import CopiedRows, prepare_reading
from plugins.exporter.schemas import exporter_of
from plugins.exporter.sources import Source, member_source, query_of, require_exportable

EXPORTED = "export_table"


class ExportJob(JobType):
    """Exports a table or view for a member. A user's new export takes the place of an unfinished one."""

    type = "export_table"
    latest_only = True
    listed = False

    def run(self, job: JobRun) -> None:
        """Write the file: whole or not at all."""
        job.progress(0, "exporting")
        name, given = job.params["exporter_type"], job.params
        if name not in registry("exporter_types") or not is_enabled(registry("exporter_types").provider(name)):
            raise JobFailed(f"Files of the kind {name} cannot be made any more: their plugin is switched off.")
        exporter, source = exporter_of(name), self.source(given)
        require_exportable(source, exporter)
        prepare_reading(f'"{schema_name(source.table.workspace_id)}"."table_{source.table.id}"')
        query = query_of(source, latest_shape(source.table.id), given["wanted"])
        file = files.new_name(given["secret"], exporter.extension)
        rows = CopiedRows(query, job.progress)
        service(Storage).write(files.stored_name(file), exporter.chunks(rows, given["options"]))
        job.result({"file": file})
        _record(source, name)

    def discard(self, params: Mapping[str, Any]) -> None:
        """Delete a file that was written but belongs to no export."""
        files.discard(params["secret"])

    def source(self, params: Mapping[str, Any]) -> Source:
        """What to export, if that is still allowed."""
        return member_source(params["table_id"], params["view_id"])


def _record(source: Source, exporter_type: str) -> None:
    """What leaves the product is in the audit log, whoever takes it."""
    table, view = source.table, source.view.view if source.view else None
    params = {
        "table_id": table.id,
        "table_name": table.name,
        "view_id": view.id if view else None,
        "view_name": view.name if view else None,
        "export_type": exporter_type,
    }
    actions.record(EXPORTED, scope=f"table{table.id}", workspace_id=table.workspace_id, params=params)


ACTION_TYPES = [ActionType(EXPORTED, 'Table "%(table_name)s" exported as %(export_type)s')]
job_types: list[JobType] = [ExportJob()]
