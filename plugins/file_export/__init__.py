"""The exporter `file`: an archive of the files in file fields."""

from __future__ import annotations

from plugin_api import Plugin, hookimpl
from plugin_api.exporters import ExporterType

plugin = Plugin(
    name="file_export",
    version="1.0",
    title="Export of files",
    api=(1, 0),
    requires=("exporter", "user_files"),
    feature="file_export",
)


@hookimpl
def register_exporter_types() -> list[ExporterType]:
    """Provide `file`."""
    from plugins.file_export.exporter import FileExporter

    return [FileExporter()]
