"""The job that writes entries into a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import sqlalchemy as sa

from plugin_api import actions, jobs
from plugin_api.actions import ActionType
from plugin_api.charsets import encoded
from plugin_api.jobs import JobRun, JobType
from plugin_api.platform import service
from plugin_api.storage import Storage
from plugins.audit_log import kinds, store
from plugins.audit_log.files import files
from plugins.audit_log.operations import require_reader
from plugins.audit_log.schemas import SEPARATORS, AuditExportBody
from plugins.audit_log.store import Wanted

EXPORT = "audit_log_export"
EXPORTED = "export_audit_log"
ACTION_TYPES = [ActionType(EXPORTED, "%(entry_count)s entries of the audit log exported")]

_FILTERS = ("workspace_id", "user_id", "action_type", "from_timestamp", "to_timestamp")
_SHOWN = ("csv_column_separator", "csv_first_row_header", "export_charset", "exclude_columns", "created_on")
_BOM = b"\xef\xbb\xbf"
_BATCH = 1000


COLUMNS: Mapping[str, Callable[[sa.RowMapping], Any]] = {
    "user_email": lambda row: _harmless(row["user_email"]),
    "user_id": lambda row: row["user_id"],
    "workspace_name": lambda row: _harmless(row["workspace_name"]),
    "workspace_id": lambda row: row["workspace_id"],
    "action_type": lambda row: row["action_type"],
    "type": lambda row: kinds.words(row["action_type"], row["command"]),
    "description": lambda row: _harmless(row["description"]),
    "timestamp": lambda row: _iso(row["created_on"]),
    "ip_address": lambda row: row["ip_address"],
}
"""What a line of the file has, in order."""


class ExportJob(JobType):
    """Writes a CSV file. The permission is looked at again, since time has passed."""

    type = EXPORT
    body = AuditExportBody

    def requested(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """What to keep of the body, once it is allowed."""
        return _requested(values)

    def run(self, job: JobRun) -> None:
        """Whole or not at all."""
        given = job.params
        wanted = _wanted(given)
        require_reader(wanted.workspace_id)
        name, lines = files.new_name(given["secret"], "csv"), _Lines(given)
        service(Storage).write(files.stored_name(name), lines.written(wanted, job.progress))
        job.result({"file": name})
        params = {"entry_count": lines.count, **{f"filter_{key}": given[f"filter_{key}"] for key in _FILTERS}}
        scope = "root" if wanted.workspace_id is None else f"workspace{wanted.workspace_id}"
        actions.record(EXPORTED, scope=scope, workspace_id=wanted.workspace_id, params=params)

    def discard(self, params: Mapping[str, Any]) -> None:
        """Delete a file that was written but belongs to no export."""
        files.discard(params["secret"])

    def serialize(self, params: Mapping[str, Any], result: Mapping[str, Any]) -> dict[str, Any]:
        """What was asked for, and the file as long as it is there."""
        name = result.get("file")
        return {
            **{key: params[key] for key in _SHOWN},
            **{f"filter_{key}": params[f"filter_{key}"] for key in _FILTERS},
            "exported_file_name": name,
            "url": files.address(name) if name and files.is_there(name) else None,
        }


class _Lines:
    """The file of an export, written while the entries are read."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        left_out = {name.strip() for name in (given["exclude_columns"] or "").split(",")}
        self._columns = [name for name in COLUMNS if name not in left_out]
        self._separator, self._charset = SEPARATORS[given["csv_column_separator"]], given["export_charset"]
        self._header = bool(given["csv_first_row_header"])
        self.count = 0

    def written(self, wanted: Wanted, progress: Callable[[float], None]) -> Iterator[bytes]:
        """The content in pieces; programs know UTF-8 by a byte order mark."""
        if self._charset == "utf-8":
            yield _BOM
        if self._header:
            yield self._encoded([self._columns])
        total, found = max(store.count(wanted), 1), store.every(wanted)
        while batch := list(islice(found, _BATCH)):
            yield self._encoded([[COLUMNS[name](row) for name in self._columns] for row in batch])
            self.count += len(batch)
            progress(min(100 * self.count / total, 99))

    def _encoded(self, rows: Sequence[Sequence[Any]]) -> bytes:
        text = io.StringIO(newline="")
        csv.writer(text, delimiter=self._separator).writerows(rows)
        return encoded(text.getvalue(), self._charset)


def _harmless(text: str | None) -> str:
    """What people have named, so that a spreadsheet does not take it for a formula."""
    return f"'{text}" if text and text[0] in "=+-@\t\r" else text or ""


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _wanted(given: Mapping[str, Any]) -> Wanted:
    values = {name: given[f"filter_{name}"] for name in _FILTERS}
    moments = {name: values[name] for name in ("from_timestamp", "to_timestamp") if values[name] is not None}
    return Wanted(**{**values, **{name: datetime.fromisoformat(text) for name, text in moments.items()}})


def _requested(body: Mapping[str, Any]) -> dict[str, Any]:
    require_reader(body["filter_workspace_id"])
    kept = {key: _iso(value) if isinstance(value, datetime) else value for key, value in body.items()}
    return {**kept, "secret": files.new_secret(), "created_on": _iso(datetime.now(UTC))}


def start(body: Mapping[str, Any]) -> dict[str, Any]:
    """Start an export; answers the job."""
    return jobs.start(EXPORT, **_requested(body))


def own_exports() -> list[dict[str, Any]]:
    """The acting user's exports that are still to be had, latest first."""
    return [job for job in jobs.own(EXPORT) if job["url"]]


job_types: list[JobType] = [ExportJob()]
