"""The exporter `json`: a list with an object for each row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from plugin_api import Plugin, hookimpl
from plugin_api.charsets import IN_JSON, encoded
from plugin_api.exporters import ExporterType, ExportRows

plugin = Plugin(
    name="json_export", version="1.0", title="JSON export", api=(1, 0), requires=("exporter",), feature="json_export"
)

_ROWS = 500


class JsonExporter(ExporterType):
    """A list of objects by the names of the fields."""

    type = "json"
    extension = "json"

    def chunks(self, rows: ExportRows, options: Mapping[str, Any]) -> Iterator[bytes]:
        """PostgreSQL makes the values; what a character set does not have is escaped, so that nothing is lost."""
        charset = options["export_charset"]
        for chunk in _objects(rows):
            yield chunk if charset == "utf-8" else encoded(chunk.decode(), charset, IN_JSON)


def _objects(rows: ExportRows) -> Iterator[bytes]:
    keys = [orjson.dumps(column.name).replace(b"%", b"%%") + b":%b" for column in rows.columns]
    template = b"{" + b",".join(keys) + b"}"
    between = b"[\n"
    for values in _some(rows.json()):
        yield between + b",\n".join([template % tuple(row) for row in values])
        between = b",\n"
    yield b"[]\n" if between == b"[\n" else b"\n]\n"


def _some(rows: Iterator[list[bytes]]) -> Iterator[list[list[bytes]]]:
    collected: list[list[bytes]] = []
    for row in rows:
        collected.append(row)
        if len(collected) == _ROWS:
            yield collected
            collected = []
    if collected:
        yield collected


@hookimpl
def register_exporter_types() -> list[ExporterType]:
    """Provide `json`."""
    return [JsonExporter()]
