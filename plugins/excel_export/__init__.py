"""The exporter `excel`: a workbook with one sheet."""

from __future__ import annotations

from plugin_api import Plugin, hookimpl
from plugin_api.exporters import ExporterType

plugin = Plugin(
    name="excel_export", version="1.0", title="Excel export", api=(1, 0), requires=("exporter",), feature="excel_export"
)


@hookimpl
def register_exporter_types() -> list[ExporterType]:
    """Provide `excel`."""
    from plugins.excel_export.exporter import ExcelExporter

    return [ExcelExporter()]
