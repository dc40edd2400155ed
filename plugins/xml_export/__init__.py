"""The exporter `xml`: an element for each row, with an element for each field."""

from __future__ import annotations

from plugin_api import Plugin, hookimpl
from plugin_api.exporters import ExporterType

plugin = Plugin(
    name="xml_export", version="1.0", title="XML export", api=(1, 0), requires=("exporter",), feature="xml_export"
)


@hookimpl
def register_exporter_types() -> list[ExporterType]:
    """Provide `xml`."""
    from plugins.xml_export.exporter import XmlExporter

    return [XmlExporter()]
